//! How the page is looked at: what is chosen on it that is no parameter.

use shared_dsp::eq::BANDS;
use support::editor::{Choices, PageChoice};

/// Places among [`CHOICES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// The band whose controls are shown.
    Band,
    /// One band, a list of all, or Unmask in their place.
    Bands,
    /// The scale of the display.
    Scale,
    /// Which spectra of the stem are drawn.
    Stem,
    /// Whether the key's is drawn.
    Key,
    /// The slope at which spectra are flat.
    Slope,
    /// How fast they follow.
    Speed,
}

const BAND_IDS: [&str; BANDS] = ["1", "2", "3", "4", "5", "6", "7", "8"];

/// What can be chosen. The ids are promises to saved sessions; the first of each is the default.
pub(super) const CHOICES: &[PageChoice] = &[
    PageChoice { id: "band", options: &BAND_IDS },
    PageChoice { id: "bands", options: &["band", "list", "unmask"] },
    PageChoice { id: "display-range", options: &["12", "6", "24", "30"] },
    PageChoice { id: "spectrum", options: &["output", "input", "both", "off"] },
    PageChoice { id: "key-spectrum", options: &["on", "off"] },
    PageChoice { id: "spectrum-slope", options: &["4.5", "3", "0"] },
    PageChoice { id: "spectrum-speed", options: &["medium", "fast", "slow"] },
];

fn get<T: Copy>(choices: &Choices, view: View, options: &[T]) -> T {
    options[choices.get(view as usize).min(options.len() - 1)]
}

/// The band whose controls are shown, from 0.
pub(super) fn band(choices: &Choices) -> usize {
    choices.get(View::Band as usize).min(BANDS - 1)
}

/// Shows another band's controls.
pub(super) fn show_band(choices: &Choices, band: usize) {
    choices.set(View::Band as usize, band);
}

/// What stands below the display.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// All controls of one band.
    Band,
    /// All bands as a table.
    List,
    /// Unmask, the bands folded away.
    Unmask,
}

/// What stands below the display, in the order of its options.
pub(super) const BELOW: [Below; 3] = [Below::Band, Below::List, Below::Unmask];

/// What stands below the display now.
pub(super) fn below(choices: &Choices) -> Below {
    get(choices, View::Bands, &BELOW)
}

/// How far the display goes up and down, and from line to line, in dB.
pub(super) fn scale_db(choices: &Choices) -> [f32; 2] {
    get(choices, View::Scale, &[[12.0, 3.0], [6.0, 1.0], [24.0, 6.0], [30.0, 6.0]])
}

/// Whether the spectra of input, output and key are drawn.
pub(super) fn spectra(choices: &Choices) -> [bool; 3] {
    let [input, output] =
        get(choices, View::Stem, &[[false, true], [true, false], [true, true], [false, false]]);
    [input, output, get(choices, View::Key, &[true, false])]
}

/// The slope at which a spectrum is drawn flat, in dB per octave.
pub(super) fn slope_db(choices: &Choices) -> f32 {
    get(choices, View::Slope, &[4.5, 3.0, 0.0])
}

/// The time constant of the spectra in seconds.
pub(super) fn time_s(choices: &Choices) -> f32 {
    get(choices, View::Speed, &[0.25, 0.08, 1.0])
}
