//! What came of it, in numbers: the voice against the music where words are understood, before and
//! after, how deep the duck was, and for how much of the time.
//!
//! ```text
//! voice to music = 10·log10(Σ key² / Σ stem²)     between 2 and 4 kHz, while the voice is active
//! ```
//!
//! Both edges are Butterworth filters of second order; all channels count. The stem is measured as
//! Unmask gets it and as it leaves it, sides included: what only the mid gave up counts for what it is
//! of the whole.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the vectors of many arrays")]

use super::ask::LOOKS_PER_SECOND;
use crate::db;
use crate::eq::section::Section;
use crate::eq::svf::{Filters, output, step_four};
use crate::finite::snap;
use crate::four::{Four, Quad};
use std::f64::consts::FRAC_1_SQRT_2;

/// Where a voice is understood, in Hz.
const BAND_HZ: [f64; 2] = [2000.0, 4000.0];
/// A duck of less is none, in dB.
const DUCKED_DB: f64 = 0.1;
/// A stem below this mean square is silent: −80 dBFS.
const SOUNDING: f64 = 1e-8;

/// Key and stem before, left and right each; stem after, and nothing.
const VECTORS: usize = 2;

const NOTHING: Quad = Quad::splat(0.0);

/// Energies and times since the last reset.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    filters: [Filters<Quad>; 2],
    states: [[[Quad; 2]; 2]; VECTORS],
    sums: [Quad; VECTORS],
    /// Of key, stem before and stem after, while the voice was active.
    energies: [f64; 3],
    /// How many looks: with the voice active, with the stem sounding, and of those, ducked.
    active: u64,
    sounding: u64,
    ducked: u64,
    /// Σ of the deepest duck while the voice was active.
    duck_db: f64,
}

/// What came of it since the last reset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutcomeReadings {
    /// The voice against the music between 2 and 4 kHz while the voice was active, as the stem came,
    /// in dB. None before a voice was heard over music.
    pub voice_to_music_before_db: Option<f64>,
    /// The same as the stem left.
    pub voice_to_music_after_db: Option<f64>,
    /// The mean of the deepest bell's duck while the voice was active, in dB ≥ 0.
    pub mean_duck_db: f64,
    /// The part of the time the stem sounded in which any bell ducked by more than 0.1 dB, 0 to 1.
    pub ducked: f64,
    /// How long the voice was active, in seconds.
    pub active_seconds: f64,
}

impl Outcome {
    /// Has heard nothing.
    pub(super) fn new() -> Self {
        Self {
            filters: [[NOTHING; 6]; 2],
            states: [[[NOTHING; 2]; 2]; VECTORS],
            sums: [NOTHING; VECTORS],
            energies: [0.0; 3],
            active: 0,
            sounding: 0,
            ducked: 0,
            duck_db: 0.0,
        }
    }

    /// Sets the sample rate in Hz.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
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
    pub(super) fn reset(&mut self) {
        self.states = [[[NOTHING; 2]; 2]; VECTORS];
        self.sums = [NOTHING; VECTORS];
        self.start_over();
    }

    /// Forgets the readings.
    pub(super) fn start_over(&mut self) {
        self.energies = [0.0; 3];
        (self.active, self.sounding, self.ducked, self.duck_db) = (0, 0, 0, 0.0);
    }

    /// Hears a piece: the key, the stem before, the stem after.
    #[inline(always)]
    pub(super) fn hear<F: Four>(
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
        for v in 0..VECTORS {
            self.sums[v] = sums[v].store();
            for s in 0..4 {
                self.states[v][s / 2][s % 2] = states[v][s / 2][s % 2].store();
            }
        }
    }

    /// A look further, `samples` long: the deepest duck in dB, how active the voice is, and the mean
    /// square of the stem over all bands.
    #[inline(always)]
    pub(super) fn look(&mut self, deepest_db: f64, activity: f64, stem: f64) {
        for state in self.states.as_flattened_mut().as_flattened_mut() {
            *state = Quad(state.0.map(snap));
        }
        let [Quad([a, b, c, d]), Quad([e, f, ..])] =
            std::mem::replace(&mut self.sums, [NOTHING; VECTORS]);
        if stem > SOUNDING {
            self.sounding += 1;
            self.ducked += u64::from(deepest_db > DUCKED_DB);
        }
        if activity > 0.5 {
            self.active += 1;
            self.duck_db += deepest_db;
            for (energy, more) in self.energies.iter_mut().zip([a + b, c + d, e + f]) {
                *energy += more;
            }
        }
    }

    /// What came of it.
    pub(super) fn readings(&self) -> OutcomeReadings {
        let [key, before, after] = self.energies;
        let over = |stem: f64| (key > 0.0 && stem > 0.0).then(|| db::from_power(key / stem));
        let part = |of: f64, all: u64| if all == 0 { 0.0 } else { of / all as f64 };
        OutcomeReadings {
            voice_to_music_before_db: over(before),
            voice_to_music_after_db: over(after),
            mean_duck_db: part(self.duck_db, self.active),
            ducked: part(self.ducked as f64, self.sounding),
            active_seconds: self.active as f64 / LOOKS_PER_SECOND,
        }
    }
}
