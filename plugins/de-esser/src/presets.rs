//! The factory presets, in the order of the browser.

/// Their texts.
pub(crate) const PRESETS: &[&str] = &[
    include_str!("../presets/neutral.json"),
    include_str!("../presets/female-lead.json"),
    include_str!("../presets/male-lead.json"),
    include_str!("../presets/bright-pop.json"),
    include_str!("../presets/backing-vocals.json"),
    include_str!("../presets/whisper.json"),
    include_str!("../presets/dialogue.json"),
    include_str!("../presets/mastering-vocals.json"),
    include_str!("../presets/hi-hats-and-overheads.json"),
];
