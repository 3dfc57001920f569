//! The factory presets, in the order of the browser.

/// Their texts.
pub(crate) const PRESETS: &[&str] = &[
    include_str!("../presets/neutral.json"),
    include_str!("../presets/vu-0.json"),
    include_str!("../presets/mono-dialogue.json"),
    include_str!("../presets/vocal-high-pass-80-hz.json"),
    include_str!("../presets/phase-check.json"),
    include_str!("../presets/live-playback-stem.json"),
];
