//! How loud: the rectified peak of a signal, or its short-term power.
//!
//! ```text
//! P ← P + κ·(x² − P)          peak: κ = 1          power: κ = 1 − exp(−1/(fs·τ)), x² counted twice
//! level = 10·log10 P          both read a sine at its peak, the power once it has settled
//! ```
//!
//! Channels are rectified before they combine, and the louder one speaks: what is hard-panned or out
//! of phase is heard like everything else. The recursion runs on a fixed time, never on the host's
//! block. Levels are handed on in octaves of power, log2 P, of which one is 3.01 dB.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::fast_math::Log2;
use crate::finite::snap;
use crate::four::{Four, Quad, WIDTH};

/// 10·log10 x = this · log2 x.
pub const DB_PER_OCTAVE_OF_POWER: f64 = 3.010_299_956_639_812;
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

/// The levels of four lanes: in memory, or ready to compute with.
#[derive(Debug, Clone, Copy)]
pub struct Levels<F = Quad> {
    coefficient: F,
    weight: F,
    power: F,
}

impl Levels {
    /// Lanes that read peaks.
    pub const fn new() -> Self {
        Self { coefficient: Quad::splat(1.0), weight: Quad::splat(1.0), power: Quad::splat(0.0) }
    }

    /// Sets what a lane reads.
    pub fn set(&mut self, lane: usize, sample_rate_hz: f64, reading: Reading) {
        (self.coefficient.0[lane], self.weight.0[lane]) = match reading {
            Reading::Peak => (1.0, 1.0),
            Reading::Power(ms) => (-(-1.0 / (ms * 1e-3 * sample_rate_hz)).exp_m1(), 2.0),
        };
    }

    /// Whether all lanes read peaks: then the squares are the powers.
    pub fn are_peaks(&self) -> bool {
        self.coefficient == Quad::splat(1.0)
    }

    /// Forgets what a lane heard.
    pub fn reset_lane(&mut self, lane: usize) {
        self.power.0[lane] = 0.0;
    }

    /// Powers too small to matter become 0.
    pub fn snap(&mut self) {
        self.power = Quad(self.power.0.map(snap));
    }

    /// Takes the squares of samples, in the order of time, and leaves the powers of the sines at their
    /// peaks in their place.
    #[inline(always)]
    pub fn read<F: Four>(&mut self, zero: F, squares: &mut [Quad]) {
        let mut levels = self.load(zero);
        for square in squares {
            *square = levels.next(zero.load(*square)).store();
        }
        self.keep(&levels);
    }

    /// Ready to compute with.
    #[inline(always)]
    pub fn load<F: Four>(&self, zero: F) -> Levels<F> {
        Levels {
            coefficient: zero.load(self.coefficient),
            weight: zero.load(self.weight),
            power: zero.load(self.power),
        }
    }

    /// Takes back where `computed` has come to.
    #[inline(always)]
    pub fn keep<F: Four>(&mut self, computed: &Levels<F>) {
        self.power = computed.power.store();
    }
}

impl<F: Four> Levels<F> {
    /// Takes the squares of samples, and gives the powers of the sines at their peaks.
    #[inline(always)]
    pub fn next(&mut self, square: F) -> F {
        self.power = self.power + self.coefficient * (self.weight * square - self.power);
        self.power
    }
}

impl Default for Levels {
    fn default() -> Self {
        Self::new()
    }
}

/// From powers to levels: in lanes.
#[derive(Debug, Clone, Copy)]
pub struct Octaves<F> {
    log2: Log2<F>,
    lowest: F,
}

impl<F: Four> Octaves<F> {
    /// In lanes like `zero`.
    #[inline(always)]
    pub fn new(zero: F) -> Self {
        Self { log2: Log2::new(zero), lowest: zero.splat(LOWEST_POWER) }
    }

    /// The level of powers in octaves, not below [`LOWEST_DB`].
    #[inline(always)]
    pub fn of(&self, power: F) -> F {
        self.log2.of(power.larger(self.lowest))
    }
}

/// The highest of levels in octaves, in dB, lane by lane.
pub fn octaves_to_db(octaves: Quad) -> [f64; WIDTH] {
    octaves.0.map(|octaves| DB_PER_OCTAVE_OF_POWER * octaves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::Plain;
    use std::f64::consts::TAU;

    fn level_db(power: Quad) -> [f64; WIDTH] {
        let zero = Plain::default();
        octaves_to_db(Octaves::new(zero).of(zero.load(power)).store())
    }

    #[test]
    fn both_readings_find_a_sine_at_its_peak() {
        let mut levels = Levels::new();
        assert!(levels.are_peaks());
        levels.set(1, 48_000.0, Reading::Power(10.0));
        assert!(!levels.are_peaks());
        let zero = Plain::default();
        let mut peak = f64::NEG_INFINITY;
        let mut power = 0.0;
        for n in 0..48_000 {
            let x = 0.25 * (TAU * 1000.0 * f64::from(n) / 48_000.0).sin();
            let mut read = [Quad::splat(x * x)];
            levels.read(zero, &mut read);
            let db = level_db(read[0]);
            peak = peak.max(db[0]);
            power = db[1];
        }
        assert!((peak + 12.0412).abs() < 1e-3, "{peak}");
        assert!((power + 12.0412).abs() < 0.05, "{power}");
        let mut silence = vec![Quad::splat(0.0); 48_000];
        levels.read(zero, &mut silence);
        levels.snap();
        let mut read = [Quad::splat(0.0)];
        levels.read(zero, &mut read);
        assert_eq!(read[0], Quad::splat(0.0));
        assert!((level_db(read[0])[1] - LOWEST_DB).abs() < 1e-4);
    }
}
