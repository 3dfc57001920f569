//! When an open page has something new to show.
//!
//! A history scrolls for as long as what it holds is not all alike: ten seconds after it last moved.
//! Anything else is drawn once when it changes. A count of seconds, which never rests, costs a picture a
//! second then, and not one at every refresh of the display for what has long scrolled out.

use crate::trace::COLUMNS;

/// What has moved of late.
#[derive(Debug, Default)]
pub(crate) struct Motion {
    /// Columns since something in the history moved; none has been moved yet where there is no number.
    still: Option<usize>,
}

impl Motion {
    /// Takes in one column: whether what is traced has moved, and whether anything else has. Gives
    /// whether the page is to be drawn.
    pub(crate) fn column(&mut self, traced_moved: bool, other_moved: bool) -> bool {
        self.still = match self.still {
            _ if traced_moved => Some(0),
            Some(still) if still < COLUMNS => Some(still + 1),
            _ => None,
        };
        other_moved || self.still.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_traced_scrolls_out_and_then_nothing_is_drawn() {
        let mut motion = Motion::default();
        assert!(!motion.column(false, false), "nothing has ever moved");
        assert!(motion.column(true, false));
        let drawn = (0..2 * COLUMNS).filter(|_| motion.column(false, false)).count();
        assert_eq!(drawn, COLUMNS);
    }

    #[test]
    fn anything_else_is_drawn_once() {
        let mut motion = Motion::default();
        let second = 60;
        let drawn = (0..10 * second).filter(|n| motion.column(false, n % second == 0)).count();
        assert_eq!(drawn, 10);
    }
}
