//! The parts that are sung: a lead in phrases with pauses between, and backing vocals that
//! answer in the verse and stand behind the lead in the chorus.

use shared_dsp::random::Random;

use super::song::{BEATS_PER_BAR, FORM, FRAMES_PER_BEAT, Section};
use super::space::Room;
use super::stereo::Stereo;
use super::voice::{Singer, Syllable, Vowel};

use Vowel::{A, E, I, O, U};

/// The lead's line.
const LEAD: [Syllable; 27] = [
    sung(2, 0.0, 1.0, 64.0, A, true),
    sung(2, 1.0, 0.5, 64.0, O, false),
    sung(2, 1.5, 0.5, 67.0, I, true),
    sung(2, 2.0, 1.3, 69.0, A, false),
    sung(3, 0.0, 0.5, 69.0, O, true),
    sung(3, 0.5, 0.5, 67.0, E, false),
    sung(3, 1.0, 1.25, 64.0, U, false),
    sung(4, 0.5, 0.5, 67.0, E, true),
    sung(4, 1.0, 0.5, 64.0, A, false),
    sung(4, 1.5, 0.5, 62.0, O, true),
    sung(4, 2.0, 1.3, 60.0, I, false),
    sung(5, 0.0, 1.0, 62.0, U, true),
    sung(5, 1.0, 0.5, 62.0, A, false),
    sung(5, 1.5, 0.5, 64.0, O, false),
    sung(5, 2.0, 0.75, 62.0, I, true),
    sung(6, 0.0, 1.5, 69.0, A, true),
    sung(6, 1.5, 0.5, 72.0, O, false),
    sung(6, 2.0, 1.0, 72.0, A, false),
    sung(7, 0.0, 1.5, 71.0, I, true),
    sung(7, 1.5, 0.5, 74.0, E, true),
    sung(7, 2.0, 1.0, 74.0, O, false),
    sung(8, 0.0, 1.0, 76.0, A, true),
    sung(8, 1.0, 0.5, 74.0, I, false),
    sung(8, 1.5, 0.5, 72.0, O, false),
    sung(8, 2.0, 0.5, 71.0, E, true),
    sung(8, 2.5, 1.0, 69.0, U, false),
    sung(9, 0.0, 2.5, 67.0, O, true),
];

/// The lead stem.
pub(super) fn lead(mut random: Random) -> Stereo {
    let singer = Singer {
        vibrato_hz: 5.6,
        vibrato_semitones: 0.28,
        throat: 1.0,
        hiss: 0.14,
        breath: 0.12,
        detune: 0.0,
    };
    let mut stem = Stereo::silent();
    for (start, sound) in singer.sing(&LEAD, &mut random) {
        stem.place(start, &sound, effort_at(start), 0.0);
    }
    let booth = Room { decay_s: 0.5, size: 0.5, brightness: 0.7 };
    let tail = booth.answer(&stem);
    stem.mix(&tail, 0.1);
    stem
}

/// The backing vocals' stem: four singers across the picture, on the chords.
pub(super) fn backing(mut random: Random) -> Stereo {
    let mut stem = Stereo::silent();
    for (index, pan) in [-0.8, 0.8, -0.4, 0.4].into_iter().enumerate() {
        let singer = Singer {
            vibrato_hz: 4.9 + 0.35 * index as f64,
            vibrato_semitones: 0.15,
            throat: 0.94 + 0.04 * index as f64,
            hiss: 0.06,
            breath: 0.25,
            detune: 0.06 * (index as f64 - 1.5),
        };
        let part = backing_part(index);
        for (start, sound) in singer.sing(&part, &mut random) {
            stem.place(start, &sound, 0.5, pan);
        }
    }
    let hall = Room { decay_s: 1.2, size: 0.8, brightness: 0.5 };
    let tail = hall.answer(&stem);
    stem.mix(&tail, 0.25);
    stem
}

/// How loud the bar around `frame` is sung.
fn effort_at(frame: usize) -> f64 {
    let bar = (frame + FRAMES_PER_BEAT / 2) / (BEATS_PER_BAR * FRAMES_PER_BEAT);
    0.4 + 0.6 * FORM[bar.min(FORM.len() - 1)].intensity
}

/// The line of one of the four: its own note of every chord.
fn backing_part(singer: usize) -> Vec<Syllable> {
    let mut part = Vec::new();
    for (index, bar) in FORM.iter().enumerate() {
        let note = bar.chord[singer + 1];
        match bar.section {
            Section::Verse if index == 3 => part.push(sung(index, 2.5, 1.4, note, U, false)),
            Section::Fill => part.push(sung(index, 3.0, 0.9, note, U, false)),
            Section::Chorus => {
                part.push(sung(index, 0.0, 2.5, note, A, true));
                part.push(sung(index, 2.5, 1.4, note, O, false));
            }
            Section::Ending => part.push(sung(index, 0.0, 3.0, note, U, false)),
            _ => {}
        }
    }
    part
}

const fn sung(
    bar: usize,
    beat: f64,
    beats: f64,
    note: f64,
    vowel: Vowel,
    hissed: bool,
) -> Syllable {
    Syllable { bar, beat, beats, note, vowel, hissed }
}
