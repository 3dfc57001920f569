//! The factory presets, in the order of the browser.

/// Their texts.
pub(crate) const PRESETS: &[&str] = &[
    include_str!("../presets/streaming-14.json"),
    include_str!("../presets/apple.json"),
    include_str!("../presets/tidal.json"),
    include_str!("../presets/aes-track.json"),
    include_str!("../presets/aes-speech.json"),
    include_str!("../presets/podcast-16-stereo.json"),
    include_str!("../presets/podcast-19-mono.json"),
    include_str!("../presets/ebu-r128.json"),
    include_str!("../presets/ebu-r128-s1.json"),
    include_str!("../presets/broadcast-2-dbtp.json"),
    include_str!("../presets/atsc-a-85.json"),
    include_str!("../presets/netflix-27.json"),
    include_str!("../presets/cd.json"),
    include_str!("../presets/vinyl-sourced-0-5.json"),
];
