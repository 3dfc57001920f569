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
#![allow(clippy::needless_range_loop, reason = "one index for the channels of many arrays")]

use super::scale::{BANDS, GROUPS, centres_hz, count, grouped, width_hz};
use crate::delay::SEGMENT;
use crate::finite::snap;
use crate::four::{Four, Quad, WIDTH};
use std::f64::consts::TAU;

/// How far from its centre a filter has lost 9 dB, in widths of a band.
const BETA: f64 = 0.75;

type Lanes = [f64; BANDS];

/// The filters of all bands.
#[derive(Debug, Clone)]
pub(super) struct Gammatones {
    real: [Quad; GROUPS],
    imaginary: [Quad; GROUPS],
    /// From |z₃|² to the mean square of a sine at the centre; 0 for a band that is left out.
    scale: Lanes,
}

impl Gammatones {
    /// The filters at a sample rate in Hz.
    pub(super) fn new(sample_rate_hz: f64) -> Self {
        let (mut real, mut imaginary, mut scale) = ([0.0; BANDS], [0.0; BANDS], [0.0; BANDS]);
        for band in 0..count(sample_rate_hz) {
            let per_sample = TAU / sample_rate_hz;
            let turn = per_sample * centres_hz()[band];
            let radius = (-per_sample * BETA * width_hz(band)).exp();
            real[band] = radius * turn.cos();
            imaginary[band] = radius * turn.sin();
            // A sine is half a turn forwards, which the poles let through, and half one backwards.
            let forwards = (1.0 - radius).powi(2);
            let backwards = 1.0 - 2.0 * radius * (2.0 * turn).cos() + radius * radius;
            let zero = 2.0 - 2.0 * turn.cos();
            scale[band] = 2.0 / (zero * (forwards.powi(-3) + backwards.powi(-3)));
        }
        Self { real: grouped(&real), imaginary: grouped(&imaginary), scale }
    }
}

/// What is heard of a signal of one or two channels.
#[derive(Debug, Clone)]
pub(super) struct Ear {
    /// Real and imaginary part after each pole, for each group and channel.
    states: [[[Quad; 6]; 2]; GROUPS],
    last: [f64; 2],
    sums: [Quad; GROUPS],
}

impl Ear {
    /// Has heard nothing.
    pub(super) const fn new() -> Self {
        let zero = Quad::splat(0.0);
        Self { states: [[[zero; 6]; 2]; GROUPS], last: [0.0; 2], sums: [zero; GROUPS] }
    }

    /// Hears a piece of at most [`SEGMENT`] frames, of which the first `CHANNELS` count.
    #[inline(always)]
    pub(super) fn hear<F: Four, const CHANNELS: usize>(
        &mut self,
        zero: F,
        by: &Gammatones,
        piece: &[[f64; 2]],
    ) {
        let mut steps = [[0.0; CHANNELS]; SEGMENT];
        for (step, frame) in steps.iter_mut().zip(piece) {
            for c in 0..CHANNELS {
                step[c] = frame[c] - self.last[c];
                self.last[c] = frame[c];
            }
        }
        for g in 0..GROUPS {
            let (a, b) = (zero.load(by.real[g]), zero.load(by.imaginary[g]));
            let mut sum = zero.load(self.sums[g]);
            let mut states = [[zero; 6]; CHANNELS];
            for c in 0..CHANNELS {
                for s in 0..6 {
                    states[c][s] = zero.load(self.states[g][c][s]);
                }
            }
            for step in steps.iter().take(piece.len()) {
                for c in 0..CHANNELS {
                    let [r1, i1, r2, i2, r3, i3] = states[c];
                    let x = zero.splat(step[c]);
                    let (p1, q1) = ((a * r1 - b * i1) + x, a * i1 + b * r1);
                    let (p2, q2) = ((a * r2 - b * i2) + p1, (a * i2 + b * r2) + q1);
                    let (p3, q3) = ((a * r3 - b * i3) + p2, (a * i3 + b * r3) + q2);
                    sum = sum + (p3 * p3 + q3 * q3);
                    states[c] = [p1, q1, p2, q2, p3, q3];
                }
            }
            self.sums[g] = sum.store();
            for c in 0..CHANNELS {
                for s in 0..6 {
                    self.states[g][c][s] = states[c][s].store();
                }
            }
        }
    }

    /// The mean square of each band since the last look, `samples` long, over `channels`.
    #[inline(always)]
    pub(super) fn look(&mut self, by: &Gammatones, samples: usize, channels: usize) -> Lanes {
        for state in self.states.as_flattened_mut().as_flattened_mut() {
            for lane in &mut state.0 {
                *lane = snap(*lane);
            }
        }
        let part = 1.0 / (samples * channels) as f64;
        let mut squares = by.scale;
        for (squares, sums) in squares.chunks_exact_mut(WIDTH).zip(&mut self.sums) {
            for (square, sum) in squares.iter_mut().zip(&mut sums.0) {
                *square *= *sum * part;
                *sum = 0.0;
            }
        }
        squares
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db;
    use crate::four::Plain;

    /// What each band reads of a sine of unit amplitude, in dB of its mean square.
    fn levels_db(rate: f64, frequency_hz: f64) -> Lanes {
        let (by, mut ear) = (Gammatones::new(rate), Ear::new());
        let settle = (0.2 * rate) as usize;
        let sine = |n: usize| (TAU * frequency_hz * n as f64 / rate).sin();
        let mut levels = [0.0; BANDS];
        for half in 0..2 {
            let from = half * settle;
            for at in (from..from + settle).step_by(SEGMENT) {
                let piece: Vec<[f64; 2]> =
                    (at..(at + SEGMENT).min(from + settle)).map(|n| [sine(n), 0.0]).collect();
                ear.hear::<Plain, 1>(Plain::default(), &by, &piece);
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
