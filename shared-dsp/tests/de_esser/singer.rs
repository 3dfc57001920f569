//! Voices with labels: what was synthesised where, known before anything listens to it.

use shared_dsp::db;
use shared_dsp::random::Random;
use std::f64::consts::TAU;

use crate::RATE;

/// What is sung in a stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Sound {
    /// One of [`VOWELS`].
    Vowel(usize),
    /// An s about so many Hz.
    S(f64),
    Silence,
}

/// A sound from one sample to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Label {
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) sound: Sound,
}

/// Formants of a, i, u and e of a man, in Hz (after Peterson and Barney, JASA 24, 1952), and what lies above.
pub(crate) const VOWELS: [[f64; 5]; 4] = [
    [730.0, 1090.0, 2440.0, 3400.0, 4500.0],
    [270.0, 2290.0, 3010.0, 3600.0, 4600.0],
    [300.0, 870.0, 2240.0, 3300.0, 4400.0],
    [530.0, 1840.0, 2480.0, 3500.0, 4500.0],
];
const WIDTHS_HZ: [f64; 5] = [70.0, 90.0, 130.0, 180.0, 250.0];

/// Who sings: a pitch in Hz, and how much higher the formants are than a man's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Singer {
    pub(crate) pitch_hz: f64,
    pub(crate) formants: f64,
    /// Breath in a vowel, white, in dB against it.
    pub(crate) breath_db: f64,
}

/// Two men, two women, two of them breathy.
pub(crate) const SINGERS: [Singer; 4] = [
    Singer { pitch_hz: 85.0, formants: 1.0, breath_db: -40.0 },
    Singer { pitch_hz: 130.0, formants: 1.0, breath_db: -30.0 },
    Singer { pitch_hz: 210.0, formants: 1.16, breath_db: -30.0 },
    Singer { pitch_hz: 290.0, formants: 1.2, breath_db: -40.0 },
];

/// Where an s has its energy, in Hz.
pub(crate) const S_HZ: [f64; 3] = [5000.0, 6500.0, 8500.0];

impl Singer {
    /// Real and imaginary part of a harmonic: a source that falls by 6 dB an octave with the mouth's
    /// radiation, through all formants in a row.
    fn harmonic(&self, vowel: usize, h: u32) -> [f64; 2] {
        let hz = self.pitch_hz * f64::from(h);
        let mut x = [1.0 / f64::from(h), 0.0];
        for (formant, width) in VOWELS[vowel].iter().zip(WIDTHS_HZ) {
            let f = self.formants * formant;
            // f²/(f² − hz² + j·hz·width)
            let (re, im) = (f * f - hz * hz, hz * width);
            let size = (re * re + im * im) / (f * f);
            x = [(x[0] * re + x[1] * im) / size, (x[1] * re - x[0] * im) / size];
        }
        x
    }

    /// A vowel at −20 dBFS RMS, with a little vibrato and breath.
    fn vowel(&self, vowel: usize, length: usize, random: &mut Random) -> Vec<f64> {
        let count = (11_000.0 / self.pitch_hz) as u32;
        let harmonics: Vec<[f64; 2]> = (1..count).map(|h| self.harmonic(vowel, h)).collect();
        let energy: f64 = harmonics.iter().map(|[a, b]| 0.5 * (a * a + b * b)).sum();
        let scale = 0.1 / energy.sqrt();
        let breath = 0.1 * 3f64.sqrt() * db::to_gain(self.breath_db);
        let mut phase = 0.0;
        (0..length)
            .map(|n| {
                let vibrato = 1.0 + 0.006 * (TAU * 5.0 * n as f64 / RATE).sin();
                phase += TAU * self.pitch_hz * vibrato / RATE;
                let (s, c) = f64::sin_cos(phase);
                let (mut sin, mut cos, mut x) = (s, c, 0.0);
                for [re, im] in &harmonics {
                    x += re * sin + im * cos;
                    (sin, cos) = (sin * c + cos * s, cos * c - sin * s);
                }
                scale * x + breath * random.bipolar()
            })
            .collect()
    }
}

/// An s at −28 dBFS RMS: noise through two resonances of Q 2.5 at `hz`.
fn hiss(hz: f64, length: usize, random: &mut Random) -> Vec<f64> {
    let (sin, cos) = (TAU * hz / RATE).sin_cos();
    let alpha = sin / 5.0;
    let mut x: Vec<f64> = (0..length + 500).map(|_| random.bipolar()).collect();
    for _ in 0..2 {
        let mut past = [0.0; 4];
        for x in &mut x {
            let [x1, x2, y1, y2] = past;
            let y = (alpha * (*x - x2) + 2.0 * cos * y1 - (1.0 - alpha) * y2) / (1.0 + alpha);
            past = [*x, x1, y, y1];
            *x = y;
        }
    }
    let x = x.split_off(500);
    let energy: f64 = x.iter().map(|x| x * x).sum::<f64>() / length as f64;
    x.iter().map(|x| 0.04 / energy.sqrt() * x).collect()
}

/// Sounds of so many milliseconds, one right behind the other, with edges of `edge_ms`.
pub(crate) fn sing(
    singer: Singer,
    sounds: &[(Sound, f64)],
    edge_ms: f64,
    seed: u64,
) -> (Vec<f32>, Vec<Label>) {
    let mut random = Random::new(seed);
    let (mut audio, mut labels) = (Vec::new(), Vec::new());
    let edge = edge_ms * 1e-3 * RATE;
    for (sound, ms) in sounds {
        let length = (ms * 1e-3 * RATE) as usize;
        let samples = match sound {
            Sound::Vowel(vowel) => singer.vowel(*vowel, length, &mut random),
            Sound::S(hz) => hiss(*hz, length, &mut random),
            Sound::Silence => vec![0.0; length],
        };
        let from = audio.len();
        labels.push(Label { from, to: from + length, sound: *sound });
        audio.extend(samples.iter().enumerate().map(|(n, x)| {
            let inside = (n + 1).min(length - n) as f64;
            (x * (inside / edge).min(1.0)) as f32
        }));
    }
    (audio, labels)
}

/// A phrase: held vowels and s-sounds by turns, each vowel with each s.
pub(crate) fn phrase(singer: Singer, s_hz: f64, seed: u64) -> (Vec<f32>, Vec<Label>) {
    let sounds: Vec<(Sound, f64)> = (0..VOWELS.len())
        .flat_map(|vowel| [(Sound::Vowel(vowel), 450.0), (Sound::S(s_hz), 120.0)])
        .collect();
    sing(singer, &sounds, 5.0, seed)
}

/// The same, so much louder.
pub(crate) fn louder(audio: &[f32], gain_db: f64) -> Vec<f32> {
    audio.iter().map(|x| (f64::from(*x) * db::to_gain(gain_db)) as f32).collect()
}
