//! A singer: a glottal saw through a cascade of formants, hiss for the s-sounds.
//!
//! The formants of the vowels are the averages of Peterson & Barney (JASA 24(2), 1952); the
//! cascade, which sets the formants' levels by itself, is Klatt's (JASA 67(3), 1980). A sung note
//! above a vowel's first formant pulls that formant up with it, as singers do.

use shared_dsp::random::Random;

use super::song::{FRAMES_PER_BEAT, frame_at, frames, note_hz};
use super::tone::{Filter, Phase, smooth_step, swell};

/// What the mouth does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vowel {
    /// As in "father".
    A,
    /// As in "bed".
    E,
    /// As in "see".
    I,
    /// As in "law".
    O,
    /// As in "moon".
    U,
}

impl Vowel {
    const fn formants_hz(self) -> [f64; 3] {
        match self {
            Self::A => [850.0, 1_220.0, 2_810.0],
            Self::E => [610.0, 2_330.0, 2_990.0],
            Self::I => [310.0, 2_790.0, 3_310.0],
            Self::O => [590.0, 920.0, 2_710.0],
            Self::U => [370.0, 950.0, 2_670.0],
        }
    }
}

/// One sung syllable.
#[derive(Debug, Clone, Copy)]
pub(super) struct Syllable {
    pub(super) bar: usize,
    pub(super) beat: f64,
    pub(super) beats: f64,
    /// MIDI note number.
    pub(super) note: f64,
    pub(super) vowel: Vowel,
    /// Whether an s leads into the vowel.
    pub(super) hissed: bool,
}

/// How this singer differs from the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Singer {
    pub(super) vibrato_hz: f64,
    /// Half the vibrato's width, in semitones.
    pub(super) vibrato_semitones: f64,
    /// Factor on all formants: below 1 a longer throat.
    pub(super) throat: f64,
    /// Level of the s-sounds against the vowels.
    pub(super) hiss: f64,
    /// How much of the breath is heard.
    pub(super) breath: f64,
    /// Semitones off the written notes.
    pub(super) detune: f64,
}

/// A vowel under way: where pitch and mouth come from and go to, and for how long.
struct Line {
    from_note: f64,
    to_note: f64,
    from_vowel: Vowel,
    to_vowel: Vowel,
    frames: usize,
}

/// How long an s lasts; it begins this long before its vowel.
const HISS_S: f64 = 0.13;
/// Bandwidths of the formants; the first is wider than spoken, so that no note booms on it.
const BANDWIDTHS_HZ: [f64; 5] = [140.0, 130.0, 160.0, 250.0, 320.0];
/// The formants above the third hardly move between vowels.
const UPPER_FORMANTS_HZ: [f64; 2] = [4_050.0, 5_000.0];
/// Samples between two steps of the formants.
const CONTROL_FRAMES: usize = 32;

impl Singer {
    /// Sings `syllables` and gives each as its first frame and its sound.
    pub(super) fn sing(
        &self,
        syllables: &[Syllable],
        random: &mut Random,
    ) -> Vec<(usize, Vec<f64>)> {
        let mut sounds = Vec::new();
        let mut previous: Option<Syllable> = None;
        for (index, syllable) in syllables.iter().enumerate() {
            let start = frame_at(syllable.bar, syllable.beat);
            if syllable.hissed {
                sounds.push((start.saturating_sub(frames(HISS_S)), self.hiss(random)));
            }
            // Within a phrase the pitch slides over from the note before.
            let from = previous.filter(|last| {
                let end = frame_at(last.bar, last.beat + last.beats);
                end + FRAMES_PER_BEAT / 8 >= start
            });
            let from_note = from.map_or(syllable.note - 0.6, |last| last.note);
            let from_vowel = from.map_or(syllable.vowel, |last| last.vowel);
            // The mouth cannot sing and hiss at once: a vowel stops where the next s begins.
            let mut end = frame_at(syllable.bar, syllable.beat + syllable.beats);
            if let Some(next) = syllables.get(index + 1).filter(|next| next.hissed) {
                end = end.min(frame_at(next.bar, next.beat) - frames(HISS_S));
            }
            let line = Line {
                from_note,
                to_note: syllable.note,
                from_vowel,
                to_vowel: syllable.vowel,
                frames: end - start,
            };
            sounds.push((start, self.vowel(&line, random)));
            previous = Some(*syllable);
        }
        sounds
    }

    fn hiss(&self, random: &mut Random) -> Vec<f64> {
        let len = frames(HISS_S + 0.02);
        let mut teeth = Filter::new(7_400.0, 1.3);
        let mut thin = Filter::new(4_800.0, 0.9);
        (0..len)
            .map(|frame| {
                let noise = teeth.run(random.bipolar());
                let air = thin.run(1.6 * noise.band + 0.25 * noise.high).high;
                self.hiss * air * swell(frame, len, frames(0.04), frames(0.035))
            })
            .collect()
    }

    fn vowel(&self, line: &Line, random: &mut Random) -> Vec<f64> {
        let len = line.frames + frames(0.03);
        let mut glottis = Phase::starting_at(0.0);
        let mut vibrato = Phase::starting_at(random.unit());
        let mut throat = [Filter::new(500.0, 5.0); 5];
        let mut wander = 0.0;
        let mut air = Filter::new(3_500.0, 0.6);
        (0..len)
            .map(|frame| {
                let seconds = frames_to_s(frame);
                let slide = smooth_step(seconds / 0.09);
                vibrato.advance(self.vibrato_hz);
                wander += 0.000_4 * (random.bipolar() - wander);
                let depth = self.vibrato_semitones * smooth_step((seconds - 0.15) / 0.4);
                let note = line.from_note + (line.to_note - line.from_note) * slide;
                let pitch_hz = note_hz(note + self.detune + depth * vibrato.sine() + 4.0 * wander);
                glottis.advance(pitch_hz);
                if frame % CONTROL_FRAMES == 0 {
                    let shape = smooth_step(seconds / 0.07);
                    self.shape(&mut throat, line, shape, pitch_hz);
                }
                // Breath rushes while the glottis is open: in one half of the cycle.
                let open = if glottis.turns() < 0.5 { 1.0 } else { 0.2 };
                let breath = self.breath * open * air.run(random.bipolar()).band;
                let mut sound = glottis.saw() + breath;
                for formant in &mut throat {
                    sound = formant.run(sound).low;
                }
                // What is left of the breath above the formants is the air around a voice.
                sound += 0.15 * breath;
                sound * 0.3 * swell(frame, len, frames(0.035), frames(0.07))
            })
            .collect()
    }

    /// Sets the formants on the way from one vowel to the next.
    fn shape(&self, throat: &mut [Filter; 5], line: &Line, way: f64, pitch_hz: f64) {
        let from_hz = line.from_vowel.formants_hz();
        let to_hz = line.to_vowel.formants_hz();
        for (index, formant) in throat.iter_mut().enumerate() {
            let vowel_hz = match index {
                0..=2 => from_hz[index] + (to_hz[index] - from_hz[index]) * way,
                _ => UPPER_FORMANTS_HZ[index - 3],
            };
            let mut frequency_hz = vowel_hz * self.throat;
            if index == 0 {
                frequency_hz = frequency_hz.max(1.05 * pitch_hz);
            }
            formant.tune(frequency_hz, frequency_hz / BANDWIDTHS_HZ[index]);
        }
    }
}

fn frames_to_s(frame: usize) -> f64 {
    frame as f64 / f64::from(super::song::SAMPLE_RATE_HZ)
}
