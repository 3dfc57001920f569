//! How loud a signal is in each band.
//!
//! ```text
//! x′[n] = x[n] − x[n−1]
//! z₁ ← a·z₁ + x′    z₂ ← a·z₂ + z₁    z₃ ← a·z₃ + z₂        a = exp((−2π·β + i·2π·f)/fs)
//! P = |z₃|²
//! ```
//!
//! Gammatone filters of third order as complex poles (Hohmann, "Frequency analysis and synthesis
//! using a gammatone filterbank", Acta Acustica 88, 2002) with a zero at 0 Hz in front of all (Lyon,
//! Katsiamis and Drakakis, "History and future of auditory filter models", ISCAS 2010), so that bass
//! stays out of the low bands. |z₃|² is the power of the envelope itself: it does not ripple with the
//! signal as a squared band-pass would, so little smoothing will do.
//!
//! β = 0.75 of a band's width: a tone one band away reads 9 to 18 dB lower, two bands 23 dB, three 33 dB.
//! Powers are summed sample by sample between two looks, so nothing depends on the host's block.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use super::scale::{BANDS, centres_hz, count, width_hz};
use crate::delay::SEGMENT;
use crate::finite::snap;
use std::f64::consts::TAU;

/// How far from its centre a filter has lost 9 dB, in widths of a band.
const BETA: f64 = 0.75;
/// Bands worked on at once: a vector of AVX2.
const VECTOR: usize = 4;

type Lanes = [f64; BANDS];

/// The filters of all bands.
#[derive(Debug, Clone)]
pub(super) struct Gammatones {
    real: Lanes,
    imaginary: Lanes,
    /// From |z₃|² to the mean square of a sine at the centre; 0 for a band that is left out.
    scale: Lanes,
}

impl Gammatones {
    /// The filters at a sample rate in Hz.
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let mut all = Self { real: [0.0; BANDS], imaginary: [0.0; BANDS], scale: [0.0; BANDS] };
        for band in 0..count(sample_rate_hz) {
            let per_sample = TAU / sample_rate_hz;
            let turn = per_sample * centres_hz()[band];
            let radius = (-per_sample * BETA * width_hz(band)).exp();
            all.real[band] = radius * turn.cos();
            all.imaginary[band] = radius * turn.sin();
            // A sine is half a turn forwards, which the poles let through, and half one backwards.
            let forwards = (1.0 - radius).powi(2);
            let backwards = 1.0 - 2.0 * radius * (2.0 * turn).cos() + radius * radius;
            let zero = 2.0 - 2.0 * turn.cos();
            all.scale[band] = 2.0 / (zero * (forwards.powi(-3) + backwards.powi(-3)));
        }
        all
    }
}

/// What is heard of a signal of one or two channels.
#[derive(Debug, Clone)]
pub(super) struct Ear {
    /// Real and imaginary part after each pole, for each channel.
    states: [[Lanes; 6]; 2],
    last: [f64; 2],
    sums: Lanes,
}

impl Ear {
    /// Has heard nothing.
    pub(super) const fn new() -> Self {
        Self { states: [[[0.0; BANDS]; 6]; 2], last: [0.0; 2], sums: [0.0; BANDS] }
    }

    /// Hears a piece of at most [`SEGMENT`] samples of the first `CHANNELS` channels.
    #[inline(always)]
    pub(super) fn hear<const CHANNELS: usize>(&mut self, by: &Gammatones, piece: [&[f64]; 2]) {
        let length = piece[0].len().min(SEGMENT);
        let mut steps = [[0.0; CHANNELS]; SEGMENT];
        for c in 0..CHANNELS {
            let mut last = self.last[c];
            for (step, x) in steps.iter_mut().zip(piece[c]) {
                step[c] = x - last;
                last = *x;
            }
            self.last[c] = last;
        }
        for first in (0..BANDS).step_by(VECTOR) {
            let vector = |lanes: &Lanes| -> [f64; VECTOR] {
                [lanes[first], lanes[first + 1], lanes[first + 2], lanes[first + 3]]
            };
            let (real, imaginary) = (vector(&by.real), vector(&by.imaginary));
            let mut sums = vector(&self.sums);
            let mut states = [[[0.0; VECTOR]; 6]; CHANNELS];
            for c in 0..CHANNELS {
                for s in 0..6 {
                    states[c][s] = vector(&self.states[c][s]);
                }
            }
            for step in &steps[..length] {
                for c in 0..CHANNELS {
                    let [r1, i1, r2, i2, r3, i3] = &mut states[c];
                    for i in 0..VECTOR {
                        let (a, b) = (real[i], imaginary[i]);
                        let (r, j) = (r1[i], i1[i]);
                        r1[i] = (a * r - b * j) + step[c];
                        i1[i] = a * j + b * r;
                        let (r, j) = (r2[i], i2[i]);
                        r2[i] = (a * r - b * j) + r1[i];
                        i2[i] = (a * j + b * r) + i1[i];
                        let (r, j) = (r3[i], i3[i]);
                        r3[i] = (a * r - b * j) + r2[i];
                        i3[i] = (a * j + b * r) + i2[i];
                        sums[i] += r3[i] * r3[i] + i3[i] * i3[i];
                    }
                }
            }
            for i in 0..VECTOR {
                self.sums[first + i] = sums[i];
                for c in 0..CHANNELS {
                    for s in 0..6 {
                        self.states[c][s][first + i] = states[c][s][i];
                    }
                }
            }
        }
    }

    /// The mean square of each band since the last look, `samples` long, over `channels`.
    #[inline(always)]
    pub(super) fn look(&mut self, by: &Gammatones, samples: usize, channels: usize) -> Lanes {
        for state in self.states.iter_mut().flatten().flatten() {
            *state = snap(*state);
        }
        let part = 1.0 / (samples * channels) as f64;
        let mut squares = std::mem::replace(&mut self.sums, [0.0; BANDS]);
        for (square, scale) in squares.iter_mut().zip(&by.scale) {
            *square *= scale * part;
        }
        squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db;

    /// What each band reads of a sine of unit amplitude, in dB of its mean square.
    fn levels_db(rate: f64, frequency_hz: f64) -> Lanes {
        let (by, mut ear) = (Gammatones::new(rate), Ear::new());
        let settle = (0.2 * rate) as usize;
        let sine = |n: usize| (TAU * frequency_hz * n as f64 / rate).sin();
        let mut levels = [0.0; BANDS];
        for half in 0..2 {
            let from = half * settle;
            for at in (from..from + settle).step_by(SEGMENT) {
                let piece: Vec<f64> = (at..(at + SEGMENT).min(from + settle)).map(sine).collect();
                ear.hear::<1>(&by, [&piece, &[]]);
            }
            levels = ear.look(&by, settle, 1).map(|square| db::from_power(2.0 * square.max(1e-30)));
        }
        levels
    }

    #[test]
    fn a_tone_reads_right_in_its_band_and_little_in_others() {
        for rate in [44_100.0, 48_000.0, 192_000.0] {
            for (band, centre) in centres_hz().iter().enumerate() {
                let levels = levels_db(rate, *centre);
                assert!(levels[band].abs() < 0.2, "{levels:?}");
                for (other, level) in levels.iter().enumerate() {
                    let most = [0.3, -8.5, -22.0, -30.0][other.abs_diff(band).min(3)];
                    assert!(*level < most, "{level} in {other} at {centre} Hz, {rate}");
                }
            }
        }
    }

    #[test]
    fn bass_stays_out() {
        let levels = levels_db(48_000.0, 50.0);
        println!("50 Hz reads {levels:.0?}");
        assert!(levels[1] < -20.0 && levels[2..].iter().all(|level| *level < -30.0));
    }
}
