//! How the page is looked at and worked with: what is chosen on it that is no parameter.

use support::editor::{Choices, PageChoice};

/// Places among [`CHOICES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// The reduction as a needle or as bars.
    Reduction,
    /// Whether a gesture on Ratio holds the average reduction.
    Hold,
    /// What Set for me aims at.
    Wanted,
}

const WANTED_IDS: [&str; 6] = ["2", "1", "3", "4", "5", "6"];
/// What Set for me can aim at, and by default does, in dB.
pub(super) const WANTED_DB: [i32; 2] = [1, 6];
pub(super) const DEFAULT_DB: i32 = 2;

/// What can be chosen. The ids are promises to saved sessions; the first of each is the default.
pub(super) const CHOICES: &[PageChoice] = &[
    PageChoice { id: "reduction-view", options: &["needle", "bars"] },
    PageChoice { id: "hold-reduction", options: &["on", "off"] },
    PageChoice { id: "set-for-me-to", options: &WANTED_IDS },
];

/// Whether the reduction is drawn as bars, not as a needle.
pub(super) fn bars(choices: &Choices) -> bool {
    choices.get(View::Reduction as usize) == 1
}

/// Sets whether the reduction is drawn as bars.
pub(super) fn set_bars(choices: &Choices, bars: bool) {
    choices.set(View::Reduction as usize, usize::from(bars));
}

/// Whether a gesture on Ratio holds the average reduction.
pub(super) fn holds(choices: &Choices) -> bool {
    choices.get(View::Hold as usize) == 0
}

/// Sets whether it does.
pub(super) fn set_holds(choices: &Choices, holds: bool) {
    choices.set(View::Hold as usize, usize::from(!holds));
}

/// The average reduction that Set for me aims at, in dB.
pub(super) fn wanted_db(choices: &Choices) -> i32 {
    WANTED_IDS[choices.get(View::Wanted as usize)].parse().unwrap_or(DEFAULT_DB)
}

/// Sets what Set for me aims at.
pub(super) fn set_wanted_db(choices: &Choices, wanted_db: i32) {
    let [low, high] = WANTED_DB;
    let id = wanted_db.clamp(low, high).to_string();
    if let Some(option) = WANTED_IDS.iter().position(|other| *other == id) {
        choices.set(View::Wanted as usize, option);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_aim_can_be_chosen_and_two_is_the_first() {
        let choices = Choices::new(CHOICES);
        assert_eq!(wanted_db(&choices), DEFAULT_DB);
        assert!(holds(&choices) && !bars(&choices));
        for wanted in 1..=6 {
            set_wanted_db(&choices, wanted);
            assert_eq!(wanted_db(&choices), wanted);
        }
        set_wanted_db(&choices, 40);
        assert_eq!(wanted_db(&choices), 6);
    }
}
