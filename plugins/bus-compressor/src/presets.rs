//! The factory presets, in the order of the browser.

/// Their texts.
pub(crate) const PRESETS: &[&str] = &[
    include_str!("../presets/neutral.json"),
    include_str!("../presets/drum-bus-punch.json"),
    include_str!("../presets/drum-bus-smack.json"),
    include_str!("../presets/parallel-drums.json"),
    include_str!("../presets/mastering-drums.json"),
    include_str!("../presets/mastering-vocals.json"),
    include_str!("../presets/mastering-bass-and-keys.json"),
    include_str!("../presets/mix-bus-glue.json"),
    include_str!("../presets/mastering-bus.json"),
    include_str!("../presets/stem-sum-glue.json"),
    include_str!("../presets/vocal-peaks.json"),
    include_str!("../presets/vocal-level.json"),
    include_str!("../presets/podcast-dialogue.json"),
];
