//! How the VU meter is shown: what 0 VU means, and as what it is drawn. It changes no sample, so both
//! are choices of the page, no parameters.

use std::ops::RangeInclusive;
use support::editor::{Choices, PageChoice};

/// The level of a sine that reads 0 VU, by default, in dBFS.
pub(super) const DEFAULT_REFERENCE_DBFS: i32 = -18;
/// What 0 VU can mean, in dBFS.
pub(super) const REFERENCE_RANGE_DBFS: RangeInclusive<i32> = -24..=-12;

/// The page's choices. The first option is what a state without them means.
pub(super) const CHOICES: &[PageChoice] = &[
    PageChoice { id: "vu-reference", options: REFERENCES },
    PageChoice { id: "vu-view", options: &["needle", "bars"] },
];
const REFERENCE: usize = 0;
const VIEW: usize = 1;
const REFERENCES: &[&str] =
    &["-18", "-24", "-23", "-22", "-21", "-20", "-19", "-17", "-16", "-15", "-14", "-13", "-12"];

/// The level of a sine that reads 0 VU, in dBFS.
pub(super) fn reference_dbfs(choices: &Choices) -> i32 {
    REFERENCES[choices.get(REFERENCE)].parse().unwrap_or(DEFAULT_REFERENCE_DBFS)
}

/// Sets what 0 VU means, held to [`REFERENCE_RANGE_DBFS`].
pub(super) fn set_reference_dbfs(choices: &Choices, dbfs: i32) {
    let (low, high) = (*REFERENCE_RANGE_DBFS.start(), *REFERENCE_RANGE_DBFS.end());
    let wanted = dbfs.clamp(low, high).to_string();
    if let Some(option) = REFERENCES.iter().position(|id| *id == wanted) {
        choices.set(REFERENCE, option);
    }
}

/// Whether it is drawn as bars, not as needles.
pub(super) fn bars(choices: &Choices) -> bool {
    choices.get(VIEW) == 1
}

/// Sets whether it is drawn as bars.
pub(super) fn set_bars(choices: &Choices, bars: bool) {
    choices.set(VIEW, usize::from(bars));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_can_be_chosen_and_the_default_is_the_first() {
        let choices = Choices::new(CHOICES);
        assert_eq!((reference_dbfs(&choices), bars(&choices)), (DEFAULT_REFERENCE_DBFS, false));
        for dbfs in REFERENCE_RANGE_DBFS {
            set_reference_dbfs(&choices, dbfs);
            assert_eq!(reference_dbfs(&choices), dbfs);
        }
        set_reference_dbfs(&choices, -90);
        assert_eq!(reference_dbfs(&choices), -24);
        set_reference_dbfs(&choices, 7);
        assert_eq!(reference_dbfs(&choices), -12);
        assert_eq!(REFERENCES.len(), REFERENCE_RANGE_DBFS.count());
    }
}
