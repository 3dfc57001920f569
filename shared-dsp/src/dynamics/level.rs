//! How loud: the rectified peak of a signal, or its short-term power.
//!
//! ```text
//! P ← P + κ·(x² − P)          peak: κ = 1          power: κ = 1 − exp(−1/(fs·τ)), x² counted twice
//! level = 10·log10 P          both read a sine at its peak, the power once it has settled
//! ```
//!
//! Channels are rectified before they combine, and the louder one speaks: what is hard-panned or out
//! of phase is heard like everything else. The recursion runs on a fixed time, never on the host's
//! block.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use crate::fast_math::log2;
use crate::finite::STATE_FLOOR;

/// 10·log10 x = this · log2 x.
const DB_PER_OCTAVE_OF_POWER: f64 = 3.010_299_956_639_812;
/// The lowest level that is told from silence: −200 dB.
pub const LOWEST_DB: f64 = -200.0;
const LOWEST_POWER: f64 = 1e-20;

/// What a lane reads.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Reading {
    /// Every sample for itself.
    Peak,
    /// The power over a time constant in ms, as the peak of the sine that has it.
    Power(f64),
}

/// The levels of `N` lanes.
#[derive(Debug, Clone, Copy)]
pub struct Levels<const N: usize> {
    coefficient: [f64; N],
    weight: [f64; N],
    power: [f64; N],
}

impl<const N: usize> Default for Levels<N> {
    fn default() -> Self {
        Self { coefficient: [1.0; N], weight: [1.0; N], power: [0.0; N] }
    }
}

impl<const N: usize> Levels<N> {
    /// Sets what a lane reads.
    pub fn set(&mut self, lane: usize, sample_rate_hz: f64, reading: Reading) {
        (self.coefficient[lane], self.weight[lane]) = match reading {
            Reading::Peak => (1.0, 1.0),
            Reading::Power(ms) => (-(-1.0 / (ms * 1e-3 * sample_rate_hz)).exp_m1(), 2.0),
        };
    }

    /// Forgets what was heard.
    pub fn reset(&mut self) {
        self.power = [0.0; N];
    }

    /// Forgets what a lane heard.
    pub fn reset_lane(&mut self, lane: usize) {
        self.power[lane] = 0.0;
    }

    /// Takes the squares of samples and gives the powers of the sines at their peaks.
    #[inline(always)]
    pub fn next(&mut self, squares: &[f64; N]) -> [f64; N] {
        for i in 0..N {
            let before = self.power[i];
            let power = before + self.coefficient[i] * (self.weight[i] * squares[i] - before);
            self.power[i] = if power < STATE_FLOOR { 0.0 } else { power };
        }
        self.power
    }
}

/// The level of a power in dB, not below [`LOWEST_DB`].
#[inline(always)]
pub fn level_db(power: f64) -> f64 {
    let power = if power > LOWEST_POWER { power } else { LOWEST_POWER };
    DB_PER_OCTAVE_OF_POWER * log2(power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    #[test]
    fn both_readings_find_a_sine_at_its_peak() {
        let mut levels = Levels::<2>::default();
        levels.set(1, 48_000.0, Reading::Power(10.0));
        let (mut peak, mut power) = (f64::NEG_INFINITY, 0.0);
        for n in 0..48_000 {
            let x = 0.25 * (TAU * 1000.0 * f64::from(n) / 48_000.0).sin();
            let powers = levels.next(&[x * x; 2]);
            peak = peak.max(level_db(powers[0]));
            power = level_db(powers[1]);
        }
        assert!((peak + 12.0412).abs() < 1e-3, "{peak}");
        assert!((power + 12.0412).abs() < 0.05, "{power}");
        for _ in 0..48_000 {
            levels.next(&[0.0; 2]);
        }
        assert_eq!(level_db(levels.next(&[0.0; 2])[1]), level_db(0.0));
        assert!((level_db(0.0) - LOWEST_DB).abs() < 1e-6);
    }
}
