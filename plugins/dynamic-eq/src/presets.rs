//! The factory presets, in the order of the browser.

/// Their texts.
pub(crate) const PRESETS: &[&str] = &[
    include_str!("../presets/neutral.json"),
    include_str!("../presets/vocal-space-gentle.json"),
    include_str!("../presets/vocal-space-firm.json"),
    include_str!("../presets/dialogue-over-music-broadcast.json"),
    include_str!("../presets/narration-over-score.json"),
    include_str!("../presets/rap-over-beat.json"),
    include_str!("../presets/podcast-bed.json"),
    include_str!("../presets/cloudy-music.json"),
    include_str!("../presets/air.json"),
    include_str!("../presets/low-mids-under-vocals.json"),
    include_str!("../presets/vocal-space.json"),
    include_str!("../presets/centre-for-the-vocal.json"),
    include_str!("../presets/only-what-is-louder.json"),
    include_str!("../presets/bass-for-the-kick.json"),
    include_str!("../presets/loud-vocal-in-one-stem.json"),
    include_str!("../presets/dialogue-over-music-bed.json"),
    include_str!("../presets/harsh-cymbals.json"),
    include_str!("../presets/boom-control.json"),
    include_str!("../presets/proximity.json"),
    include_str!("../presets/softer-s.json"),
    include_str!("../presets/quiet-air.json"),
    include_str!("../presets/rumble-and-hiss.json"),
    include_str!("../presets/mains-hum-50.json"),
    include_str!("../presets/wider-lows-mono.json"),
];
