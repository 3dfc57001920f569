//! How much of a reduction recovers slowly: by the crest factor of the key.
//!
//! ```text
//! P ← max(x², P + κ·(x² − P))     M ← M + κ·(x² − M)     κ: 200 ms
//! C = 10·log10(P/M)               share = (12 dB − C)/(12 dB − 4 dB), within 0 and 1
//! ```
//!
//! Giannoulis, Massberg and Reiss, "Parameter Automation in a Dynamic Range Compressor", JAES 61 (10),
//! 2013: crest factors of 200 ms tell what is sustained from what strikes. A sine has 3 dB and a dense mix
//! 6 to 10; drums alone pass 12. The share is taken anew every 64 samples counted from reset.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::dynamics::level::{Octaves, octaves_to_db};
use crate::finite::snap;
use crate::four::{Four, Plain, Quad};

/// Time constant of peak and power in ms.
const TIME_MS: f64 = 200.0;
/// Up to this crest factor in dB all is sustained.
const SUSTAINED_DB: f64 = 4.0;
/// From this on nothing is.
const STRIKING_DB: f64 = 12.0;

/// The crest factors of four lanes: in memory, or ready to compute with.
#[derive(Debug, Clone, Copy)]
pub(super) struct CrestFactors<F = Quad> {
    coefficient: F,
    peak: F,
    power: F,
    /// How much of a reduction recovers slowly.
    share: F,
}

impl CrestFactors {
    /// Nothing heard.
    pub(super) const fn new() -> Self {
        let zero = Quad::splat(0.0);
        Self { coefficient: zero, peak: zero, power: zero, share: zero }
    }

    /// Sets the sample rate.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.coefficient = Quad::splat(-(-1e3 / (TIME_MS * sample_rate_hz)).exp_m1());
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        *self = Self { coefficient: self.coefficient, ..Self::new() };
    }

    /// The share of each lane.
    pub(super) fn shares(&self) -> Quad {
        self.share
    }

    /// Takes the shares anew; what is too small to matter becomes 0.
    pub(super) fn update(&mut self) {
        (self.peak, self.power) = (Quad(self.peak.0.map(snap)), Quad(self.power.0.map(snap)));
        let zero = Plain::default();
        let octaves = Octaves::new(zero);
        let crest = octaves.of(zero.load(self.peak)) - octaves.of(zero.load(self.power));
        self.share = Quad(octaves_to_db(crest.store()).map(|crest_db| {
            ((STRIKING_DB - crest_db) / (STRIKING_DB - SUSTAINED_DB)).clamp(0.0, 1.0)
        }));
    }

    /// Ready to compute with.
    #[inline(always)]
    pub(super) fn load<F: Four>(&self, zero: F) -> CrestFactors<F> {
        CrestFactors {
            coefficient: zero.load(self.coefficient),
            peak: zero.load(self.peak),
            power: zero.load(self.power),
            share: zero.load(self.share),
        }
    }

    /// Takes back where `computed` has come to.
    #[inline(always)]
    pub(super) fn keep<F: Four>(&mut self, computed: &CrestFactors<F>) {
        (self.peak, self.power) = (computed.peak.store(), computed.power.store());
    }
}

impl<F: Four> CrestFactors<F> {
    /// Hears the squares of samples.
    #[inline(always)]
    pub(super) fn hear(&mut self, square: F) {
        let towards = |from: F| from + self.coefficient * (square - from);
        self.peak = square.larger(towards(self.peak));
        self.power = towards(self.power);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::TAU;

    fn share_of(signal: impl Fn(usize) -> f64) -> f64 {
        let mut crest = CrestFactors::new();
        crest.prepare(48_000.0);
        let mut lanes = crest.load(Plain::default());
        for n in 0..96_000 {
            let x = signal(n);
            lanes.hear(Plain::default().splat(x * x));
        }
        crest.keep(&lanes);
        crest.update();
        crest.shares().0[3]
    }

    #[test]
    fn what_sounds_on_recovers_slowly_and_what_strikes_does_not() {
        let sine = |n: usize| 0.3 * (TAU * 100.0 * n as f64 / 48_000.0).sin();
        assert_eq!(share_of(sine), 1.0);
        assert_eq!(share_of(|n| if n % 100 == 0 { 0.3 } else { 0.0 }), 0.0);
        // Half way, at 8 dB: pulses of one in 6.31.
        let half = share_of(|n| if n * 100 % 631 < 100 { 0.3 } else { 0.0 });
        assert!((half - 0.5).abs() < 0.03, "{half}");
        // Level does not matter, and silence is not sustained by anything: its reduction is nothing.
        assert_eq!(share_of(|n| 1e-6 * sine(n)), 1.0);
        assert!(share_of(|_| 0.0).is_finite());
    }
}
