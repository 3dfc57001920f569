//! The voice against the music where words are understood, while the voice is there: before something
//! that makes room for it, and after.
//!
//! ```text
//! voice to music = 10·log10(Σ key² / Σ stem²)     between 2 and 4 kHz, while the voice is active
//! ```
//!
//! Both edges are Butterworth filters of second order; all channels count. The voice is active where
//! its activity ([`VoiceActivity`](crate::voice::VoiceActivity)) is above a half. The stem is measured
//! as it comes and as it leaves, sides included: what only the mid gave up counts for what it is of the
//! whole.
//!
//! Unmask shows this of itself; [`KeyedMeter`] measures it of anything from outside.
//!
//! Range: any rate from 8 kHz; the edges are held below 0.4 of the rate.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the vectors of many arrays")]

mod keyed;

use crate::db;
use crate::eq::section::Section;
use crate::eq::svf::{Filters, output, step_four};
use crate::finite::snap;
use crate::four::{Four, Quad};
pub use keyed::KeyedMeter;
use std::f64::consts::FRAC_1_SQRT_2;

/// Where a voice is understood, in Hz.
pub const BAND_HZ: [f64; 2] = [2000.0, 4000.0];
/// How active a voice is that counts as there.
const ACTIVE: f64 = 0.5;

/// Key and stem before, left and right each; stem after, and nothing.
const VECTORS: usize = 2;

const NOTHING: Quad = Quad::splat(0.0);

/// Energies while the voice was active.
#[derive(Debug, Clone)]
pub(crate) struct VoiceToMusic {
    filters: [Filters<Quad>; 2],
    states: [[[Quad; 2]; 2]; VECTORS],
    sums: [Quad; VECTORS],
    samples: usize,
    /// Of key, stem before and stem after, while the voice was active.
    energies: [f64; 3],
}

/// What was heard from one look to the next. Energies are sums of squares between 2 and 4 kHz, over
/// all channels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// Whether the voice was active.
    pub active: bool,
    /// Samples of each channel.
    pub samples: usize,
    /// The key.
    pub key: f64,
    /// The stem as it came.
    pub before: f64,
    /// The stem as it left.
    pub after: f64,
}

impl VoiceToMusic {
    /// Has heard nothing.
    pub(crate) fn new() -> Self {
        Self {
            filters: [[NOTHING; 6]; 2],
            states: [[[NOTHING; 2]; 2]; VECTORS],
            sums: [NOTHING; VECTORS],
            samples: 0,
            energies: [0.0; 3],
        }
    }

    /// Sets the sample rate in Hz.
    pub(crate) fn prepare(&mut self, sample_rate_hz: f64) {
        let numerators = [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]];
        for (i, numerator) in numerators.into_iter().enumerate() {
            let frequency_hz = BAND_HZ[i].min(0.4 * sample_rate_hz);
            let section =
                Section::second_order(numerator, FRAC_1_SQRT_2, frequency_hz, sample_rate_hz);
            self.filters[i] = output(&section).map(Quad::splat);
        }
        self.reset();
    }

    /// Forgets signals and readings.
    pub(crate) fn reset(&mut self) {
        self.states = [[[NOTHING; 2]; 2]; VECTORS];
        self.sums = [NOTHING; VECTORS];
        self.samples = 0;
        self.start_over();
    }

    /// Forgets the readings.
    pub(crate) fn start_over(&mut self) {
        self.energies = [0.0; 3];
    }

    /// Hears a piece: the key, the stem before, the stem after; finite, and of one length.
    #[inline(always)]
    pub(crate) fn hear<F: Four>(
        &mut self,
        zero: F,
        key: &[[f64; 2]],
        before: &[[f64; 2]],
        after: &[[f64; 2]],
    ) {
        let [high, low] = self.filters;
        let (mut high_pass, mut low_pass) = ([zero; 6], [zero; 6]);
        for i in 0..6 {
            (high_pass[i], low_pass[i]) = (zero.load(high[i]), zero.load(low[i]));
        }
        let mut states = [[[zero; 2]; 2]; VECTORS];
        let mut sums = [zero; VECTORS];
        for v in 0..VECTORS {
            sums[v] = zero.load(self.sums[v]);
            for s in 0..4 {
                states[v][s / 2][s % 2] = zero.load(self.states[v][s / 2][s % 2]);
            }
        }
        for ((key, before), after) in key.iter().zip(before).zip(after) {
            let first = Quad([key[0], key[1], before[0], before[1]]);
            let second = Quad([after[0], after[1], 0.0, 0.0]);
            for (v, x) in [first, second].into_iter().enumerate() {
                let [[h1, h2], [l1, l2]] = &mut states[v];
                let x = step_four(&high_pass, h1, h2, zero.load(x));
                let x = step_four(&low_pass, l1, l2, x);
                sums[v] = sums[v] + x * x;
            }
        }
        self.samples += key.len();
        for v in 0..VECTORS {
            self.sums[v] = sums[v].store();
            for s in 0..4 {
                self.states[v][s / 2][s % 2] = states[v][s / 2][s % 2].store();
            }
        }
    }

    /// A look further: how active the voice is now. What was heard since the last one counts where it
    /// is.
    #[inline(always)]
    pub(crate) fn look(&mut self, activity: f64) -> Heard {
        for state in self.states.as_flattened_mut().as_flattened_mut() {
            *state = Quad(state.0.map(snap));
        }
        let [Quad([a, b, c, d]), Quad([e, f, ..])] =
            std::mem::replace(&mut self.sums, [NOTHING; VECTORS]);
        let heard = Heard {
            active: activity > ACTIVE,
            samples: std::mem::take(&mut self.samples),
            key: a + b,
            before: c + d,
            after: e + f,
        };
        if heard.active {
            let more = [heard.key, heard.before, heard.after];
            self.energies.iter_mut().zip(more).for_each(|(energy, more)| *energy += more);
        }
        heard
    }

    /// The voice against the music as it came, in dB. None before a voice was heard over music.
    pub(crate) fn before_db(&self) -> Option<f64> {
        self.over(self.energies[1])
    }

    /// The same as it left.
    pub(crate) fn after_db(&self) -> Option<f64> {
        self.over(self.energies[2])
    }

    fn over(&self, stem: f64) -> Option<f64> {
        let key = self.energies[0];
        (key > 0.0 && stem > 0.0).then(|| db::from_power(key / stem))
    }
}

#[cfg(test)]
mod tests;
