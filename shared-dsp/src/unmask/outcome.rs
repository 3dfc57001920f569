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
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use super::ask::LOOKS_PER_SECOND;
use crate::db;
use crate::eq::section::Section;
use crate::eq::svf::{output, step};
use crate::finite::snap;
use std::f64::consts::FRAC_1_SQRT_2;

/// Where a voice is understood, in Hz.
const BAND_HZ: [f64; 2] = [2000.0, 4000.0];
/// A duck of less is none, in dB.
const DUCKED_DB: f64 = 0.1;
/// A stem below this mean square is silent: −80 dBFS.
const SOUNDING: f64 = 1e-8;

/// Key, stem before, stem after, left and right each; two more to fill two vectors.
const LANES: usize = 8;
type Lanes = [f64; LANES];

/// Energies and times since the last reset.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    filters: [[Lanes; 6]; 2],
    states: [[Lanes; 2]; 2],
    sums: Lanes,
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
            filters: [[[0.0; LANES]; 6]; 2],
            states: [[[0.0; LANES]; 2]; 2],
            sums: [0.0; LANES],
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
            self.filters[i] = output(&section).map(|c| [c; LANES]);
        }
        self.reset();
    }

    /// Forgets signals and readings.
    pub(super) fn reset(&mut self) {
        self.states = [[[0.0; LANES]; 2]; 2];
        self.sums = [0.0; LANES];
        self.start_over();
    }

    /// Forgets the readings.
    pub(super) fn start_over(&mut self) {
        self.energies = [0.0; 3];
        (self.active, self.sounding, self.ducked, self.duck_db) = (0, 0, 0, 0.0);
    }

    /// Hears a piece: the key, the stem before, the stem after.
    #[inline(always)]
    pub(super) fn hear(&mut self, key: [&[f64]; 2], before: [&[f64]; 2], after: [&[f64]; 2]) {
        for n in 0..key[0].len() {
            let x = [
                key[0][n],
                key[1][n],
                before[0][n],
                before[1][n],
                after[0][n],
                after[1][n],
                0.0,
                0.0,
            ];
            let [high, low] = &mut self.states;
            let [s1, s2] = high;
            let x = step(&self.filters[0], s1, s2, &x);
            let [s1, s2] = low;
            let x = step(&self.filters[1], s1, s2, &x);
            for i in 0..LANES {
                self.sums[i] += x[i] * x[i];
            }
        }
    }

    /// A look further, `samples` long: the deepest duck in dB, how active the voice is, and the mean
    /// square of the stem over all bands.
    #[inline(always)]
    pub(super) fn look(&mut self, deepest_db: f64, activity: f64, stem: f64) {
        for state in self.states.iter_mut().flatten().flatten() {
            *state = snap(*state);
        }
        let sums = std::mem::replace(&mut self.sums, [0.0; LANES]);
        if stem > SOUNDING {
            self.sounding += 1;
            self.ducked += u64::from(deepest_db > DUCKED_DB);
        }
        if activity > 0.5 {
            self.active += 1;
            self.duck_db += deepest_db;
            for (i, energy) in self.energies.iter_mut().enumerate() {
                *energy += sums[2 * i] + sums[2 * i + 1];
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
