//! How one looks at it: kept with the session, and no parameter.

use super::MeterStage;
use support::editor::PageChoice;

/// Indices of [`CHOICES`].
pub(super) mod choice {
    pub(in crate::editor) const LAYOUT: usize = 0;
    pub(in crate::editor) const SCALE: usize = 1;
    pub(in crate::editor) const LEVELS: usize = 2;
    pub(in crate::editor) const SPECTRUM: usize = 3;
    pub(in crate::editor) const SLOPE: usize = 4;
    pub(in crate::editor) const AVERAGING: usize = 5;
    pub(in crate::editor) const HOLD: usize = 6;
    pub(in crate::editor) const DIFFERENCE: usize = 7;
}

pub(super) const CHOICES: &[PageChoice] = &[
    PageChoice { id: "layout", options: &["auto", "full", "compact"] },
    PageChoice { id: "loudness-scale", options: &["lufs", "ebu-9", "ebu-18"] },
    PageChoice { id: "levels", options: &["peak", "vu", "ppm", "k-12", "k-14", "k-20"] },
    PageChoice { id: "spectrum", options: &["third-octave", "fft"] },
    PageChoice { id: "slope", options: &["0", "3", "4.5"] },
    PageChoice { id: "averaging", options: &["medium", "fast", "slow"] },
    PageChoice { id: "peak-hold", options: &["on", "off"] },
    PageChoice { id: "difference", options: &["off", "on"] },
];

/// Where nothing is asked for, scales turn around this, in LUFS.
pub(super) const ASSUMED_LUFS: f32 = -14.0;

/// A window narrower than this, in parts of 100 %, shows less and larger, if it may choose.
const SMALL_WINDOW: f32 = 0.9;

/// Whether the page shows the numbers, the history and the verdict alone.
pub(super) fn is_compact(stage: &MeterStage<'_, '_>) -> bool {
    match stage.choices.get(choice::LAYOUT) {
        0 => stage.look.scale < SMALL_WINDOW,
        chosen => chosen == 2,
    }
}

/// All of the history is in sight.
pub(super) fn show_all(stage: &MeterStage<'_, '_>) {
    super::session::show_all(stage);
}
