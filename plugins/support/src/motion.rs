//! When an open page has something new to show.
//!
//! A history scrolls for as long as what it holds is not all alike: ten seconds after it last moved.
//! Anything else is drawn once when it changes. A count of seconds, which never rests, costs a picture a
//! second then, and not one at every refresh of the display for what has long scrolled out. A window that
//! has just opened is drawn as if all of it had moved: it may not have been on the screen at first.

use crate::trace::COLUMNS;

/// What has moved of late.
#[derive(Debug, Default)]
pub(crate) struct Motion {
    /// Columns since something in the history moved; none has been moved yet where there is no number.
    still: Option<usize>,
    was_watched: bool,
}

impl Motion {
    /// Takes in one column: whether what is traced has moved, whether anything else has, and whether
    /// anybody looks. Gives whether the page is to be drawn.
    pub(crate) fn column(&mut self, traced_moved: bool, other_moved: bool, watched: bool) -> bool {
        let was_watched = std::mem::replace(&mut self.was_watched, watched);
        let has_opened = watched && !was_watched;
        self.still = match self.still {
            _ if traced_moved || has_opened => Some(0),
            Some(still) if still < COLUMNS => Some(still + 1),
            _ => None,
        };
        watched && (other_moved || self.still.is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a window has left that opened some time ago.
    fn open() -> Motion {
        let mut motion = Motion::default();
        let drawn = (0..2 * COLUMNS).filter(|_| motion.column(false, false, true)).count();
        assert_eq!(drawn, COLUMNS + 1, "what has just opened is drawn for a while");
        motion
    }

    #[test]
    fn what_was_traced_scrolls_out_and_then_nothing_is_drawn() {
        let mut motion = open();
        assert!(!motion.column(false, false, true), "nothing has moved for long");
        assert!(motion.column(true, false, true));
        let drawn = (0..2 * COLUMNS).filter(|_| motion.column(false, false, true)).count();
        assert_eq!(drawn, COLUMNS);
    }

    #[test]
    fn anything_else_is_drawn_once() {
        let mut motion = open();
        let second = 60;
        let drawn =
            (0..10 * second).filter(|n| motion.column(false, n % second == 0, true)).count();
        assert_eq!(drawn, 10);
    }

    #[test]
    fn nobody_who_looks_has_nothing_drawn() {
        let mut motion = Motion::default();
        assert!(!(0..100).any(|n| motion.column(n % 2 == 0, true, false)));
        let mut motion = open();
        motion.column(false, false, false);
        assert!(motion.column(false, false, true), "a window that opens again is drawn");
    }
}
