//! Bass: a filtered saw over a sine, in the middle, on the chords' roots.

use shared_dsp::random::Random;

use super::song::{FORM, FRAMES_PER_BEAT, Section, frame_at, frames, note_hz};
use super::stereo::Stereo;
use super::tone::{Decay, Filter, Phase, swell};

/// A note: beat in the bar, length in beats, semitones above the root, velocity.
type Note = (f64, f64, f64, f64);

const VERSE: [Note; 5] = [
    (0.0, 1.4, 0.0, 1.0),
    (1.75, 0.5, 0.0, 0.8),
    (2.5, 0.45, 0.0, 0.9),
    (3.0, 0.45, 7.0, 0.75),
    (3.5, 0.45, 12.0, 0.7),
];
const CHORUS: [Note; 8] = [
    (0.0, 0.45, 0.0, 1.0),
    (0.5, 0.22, 0.0, 0.7),
    (0.75, 0.6, 0.0, 0.85),
    (1.5, 0.45, 12.0, 0.75),
    (2.0, 0.45, 0.0, 1.0),
    (2.5, 0.45, 0.0, 0.85),
    (3.0, 0.45, 7.0, 0.8),
    (3.5, 0.45, 12.0, 0.8),
];
const ENDING: [Note; 1] = [(0.0, 4.0, 0.0, 1.0)];

/// The bass stem.
pub(super) fn play(mut random: Random) -> Stereo {
    let mut stem = Stereo::silent();
    for (index, bar) in FORM.iter().enumerate() {
        let notes: &[Note] = match bar.section {
            Section::Opening | Section::PickUp => &[],
            Section::Verse | Section::Fill => &VERSE,
            Section::Chorus => &CHORUS,
            Section::Ending => &ENDING,
        };
        for &(beat, length_beats, above, velocity) in notes {
            let velocity = velocity * (0.4 + 0.6 * bar.intensity) * (0.95 + 0.1 * random.unit());
            let sound = pluck(note_hz(bar.root + above), length_beats, velocity);
            stem.place(frame_at(index, beat), &sound, velocity, 0.0);
        }
    }
    stem
}

/// One note; a harder one is brighter too.
fn pluck(frequency_hz: f64, length_beats: f64, velocity: f64) -> Vec<f64> {
    let len = (length_beats * FRAMES_PER_BEAT as f64) as usize;
    let mut phase = Phase::starting_at(0.0);
    let mut tone = Filter::new(400.0, 0.9);
    let mut bite = Decay::new(0.09);
    let mut sustain = Decay::new(1.1);
    (0..len)
        .map(|frame| {
            phase.advance(frequency_hz);
            let opening = bite.next();
            if frame % 16 == 0 {
                tone.tune(180.0 + 260.0 * velocity + 1_500.0 * velocity * opening, 0.9);
            }
            let string = tone.run(phase.saw()).low;
            let mixed = 0.55 * string + 0.6 * phase.sine();
            (1.3 * mixed).tanh() * sustain.next() * swell(frame, len, frames(0.004), frames(0.05))
        })
        .collect()
}
