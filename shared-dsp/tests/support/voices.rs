//! Voices and music, synthesised.

use shared_dsp::db;
use shared_dsp::random::Random;
use std::f64::consts::TAU;

/// Where they are synthesised.
pub const RATE: f64 = 48_000.0;

/// A stretch of a voice: start and end in seconds, pitch in Hz, level in dB.
pub type Syllable = (f64, f64, f64, f64);

/// Vowels with formants at 600, 1200 and 2600 Hz and edges of 8 ms. 0 dB is −24 LUFS or so, both channels alike.
pub fn voice(syllables: &[Syllable], seconds: f64, gain_db: f64) -> Vec<f32> {
    let mut out = vec![0.0f32; (seconds * RATE) as usize];
    for &(from, to, pitch, level_db) in syllables {
        let gain = 0.055 * db::to_gain(level_db + gain_db);
        let (first, last) = ((from * RATE) as usize, (to * RATE) as usize);
        for (n, out) in out.iter_mut().enumerate().take(last).skip(first) {
            let t = n as f64 / RATE;
            let edge = ((t - from) / 0.008).min((to - t) / 0.008).clamp(0.0, 1.0);
            let mut x = 0.0;
            for h in 1..40 {
                let f = pitch * f64::from(h);
                let near = |formant: f64, width: f64| 1.0 / (1.0 + ((f - formant) / width).powi(2));
                let weight =
                    near(600.0, 120.0) + 0.5 * near(1200.0, 150.0) + 0.25 * near(2600.0, 250.0);
                x += weight * (TAU * f * t).sin();
            }
            *out += (gain * edge * x) as f32;
        }
    }
    out
}

/// Four phrases of five syllables, two seconds apart from 0.5 s on.
pub fn phrases() -> Vec<Syllable> {
    let mut all = Vec::new();
    for phrase in 0..4 {
        let start = 0.5 + 2.0 * f64::from(phrase);
        for syllable in 0..5 {
            let at = start + 0.22 * f64::from(syllable);
            let pitch = 110.0 + 15.0 * f64::from(syllable);
            all.push((at, at + 0.17, pitch, [0.0, -4.0, 2.0, -7.0, -2.0][syllable as usize]));
        }
    }
    all
}

/// Equal energy in every octave from 60 Hz to 15 kHz, as sines of random phase; both channels of a mono
/// signal at about −20 dBFS.
pub fn pink(seconds: f64, seed: u64) -> Vec<f32> {
    let mut random = Random::new(seed);
    let length = (seconds * RATE) as usize;
    let mut out = vec![0.0; length];
    let count = 320;
    for n in 0..count {
        let octave = (f64::from(n) + random.unit()) / f64::from(count);
        let (s, c) = (TAU * 60.0 * 250f64.powf(octave) / RATE).sin_cos();
        let (mut y, mut x) = (TAU * random.unit()).sin_cos();
        for out in &mut out {
            (x, y) = (c * x - s * y, s * x + c * y);
            *out += y;
        }
    }
    out.iter().map(|x| (0.008 * x) as f32).collect()
}
