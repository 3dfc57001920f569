//! The score: tempo, form, chords, and how hard each bar is played.

/// Sample rate of everything in the demo.
pub(super) const SAMPLE_RATE_HZ: u32 = 48_000;
/// One beat at 100 beats a minute: a whole number of samples, so every hit lands on one.
pub(super) const FRAMES_PER_BEAT: usize = 28_800;
pub(super) const BEATS_PER_BAR: usize = 4;
/// The whole song: ten bars, 24 s.
pub(super) const FRAMES: usize = FRAMES_PER_BEAT * BEATS_PER_BAR * FORM.len();

/// A bar of the song.
pub(super) struct Bar {
    pub(super) section: Section,
    /// The bass note, as a MIDI note number.
    pub(super) root: f64,
    /// The chord from its lowest note up, as MIDI note numbers.
    pub(super) chord: [f64; 5],
    /// How hard the band plays, 0 to 1.
    pub(super) intensity: f64,
}

/// What the band does in a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Music bed alone.
    Opening,
    /// Hats come in and lead over.
    PickUp,
    Verse,
    /// The verse's last bar, with the drum fill.
    Fill,
    Chorus,
    /// One last hit that rings.
    Ending,
}

/// The form: two bars in, four of verse, three of chorus, one to ring.
pub(super) const FORM: [Bar; 10] = [
    bar(Section::Opening, 33.0, A_MINOR_9, 0.45),
    bar(Section::PickUp, 29.0, F_MAJOR_7, 0.50),
    bar(Section::Verse, 33.0, A_MINOR_9, 0.68),
    bar(Section::Verse, 29.0, F_MAJOR_7, 0.70),
    bar(Section::Verse, 36.0, C_MAJOR, 0.72),
    bar(Section::Fill, 31.0, G_ADD_9, 0.80),
    bar(Section::Chorus, 29.0, F_MAJOR_7, 1.00),
    bar(Section::Chorus, 31.0, G_ADD_9, 0.96),
    bar(Section::Chorus, 33.0, A_MINOR_9, 1.00),
    bar(Section::Ending, 36.0, C_MAJOR, 0.90),
];

const A_MINOR_9: [f64; 5] = [57.0, 60.0, 64.0, 67.0, 71.0];
const F_MAJOR_7: [f64; 5] = [53.0, 57.0, 60.0, 64.0, 67.0];
const C_MAJOR: [f64; 5] = [55.0, 60.0, 64.0, 67.0, 72.0];
const G_ADD_9: [f64; 5] = [55.0, 59.0, 62.0, 67.0, 69.0];

const fn bar(section: Section, root: f64, chord: [f64; 5], intensity: f64) -> Bar {
    Bar { section, root, chord, intensity }
}

/// The frame at `beat` beats into bar `bar_index`, both counted from 0.
pub(super) fn frame_at(bar_index: usize, beat: f64) -> usize {
    bar_index * BEATS_PER_BAR * FRAMES_PER_BEAT + (beat * FRAMES_PER_BEAT as f64).round() as usize
}

/// How many frames `seconds` last, rounded.
pub(super) fn frames(seconds: f64) -> usize {
    (seconds * f64::from(SAMPLE_RATE_HZ)).round() as usize
}

/// The frequency of a MIDI note number; fractions are allowed.
pub(super) fn note_hz(note: f64) -> f64 {
    440.0 * ((note - 69.0) / 12.0).exp2()
}
