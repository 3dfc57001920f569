//! What an editor is shown: readings some sixty times a second, and the history its "set for me" listens to.
//!
//! Counted in stretches of 64 samples from reset, so that no block is cut for them.

use super::aim::{Hop, LEAST_HOP_MS, LevelHistory};
use super::control::Control;
use crate::db;
use crate::delay::SEGMENT;
use crate::dynamics::level::LOWEST_DB;

/// How long readings are, in seconds; rounded up to whole hops.
const READING_S: f64 = 1.0 / 60.0;

/// What an editor shows, by channel: left and right, or mid and side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readings {
    /// The largest reduction since the last readings, in dB ≥ 0.
    pub reduction_db: [f64; 2],
    /// The highest level the curve read since, in dBFS; −200 in silence.
    pub level_db: [f64; 2],
    /// How much of a reduction recovers slowly now, 0 to 1; 0 while the release is not automatic.
    pub slow_share: [f64; 2],
}

impl Readings {
    const NOTHING: Self =
        Self { reduction_db: [0.0; 2], level_db: [LOWEST_DB; 2], slow_share: [0.0; 2] };
}

/// Makes readings and history.
#[derive(Debug)]
pub(super) struct Watch {
    /// Stretches in a hop, and how many are left of this one; hops in a reading, likewise.
    stretches_per_hop: usize,
    until_hop: usize,
    hops_per_reading: usize,
    until_reading: usize,
    /// The largest powers and reductions since the last readings.
    extremes: [[f64; 2]; 2],
    pub(super) readings: Readings,
    pub(super) history: LevelHistory,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            stretches_per_hop: 1,
            until_hop: 1,
            hops_per_reading: 1,
            until_reading: 1,
            extremes: [[0.0; 2]; 2],
            readings: Readings::NOTHING,
            history: LevelHistory::new(1e-3 * LEAST_HOP_MS),
        }
    }

    /// Sets the sample rate.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        let stretch_s = SEGMENT as f64 / sample_rate_hz;
        self.stretches_per_hop = (1e-3 * LEAST_HOP_MS / stretch_s).ceil() as usize;
        let hop_s = stretch_s * self.stretches_per_hop as f64;
        self.hops_per_reading = (READING_S / hop_s).ceil() as usize;
        self.history.prepare(hop_s);
        self.reset();
    }

    /// Nothing seen.
    pub(super) fn reset(&mut self) {
        self.until_hop = self.stretches_per_hop;
        self.until_reading = self.hops_per_reading;
        self.extremes = [[0.0; 2]; 2];
        self.readings = Readings::NOTHING;
        self.history.clear();
    }

    /// A stretch further.
    pub(super) fn advance(&mut self, control: &mut Control) {
        self.until_hop -= 1;
        if self.until_hop > 0 {
            return;
        }
        self.until_hop = self.stretches_per_hop;
        let hop = control.take_extremes();
        for (all, hop) in self.extremes.as_flattened_mut().iter_mut().zip(hop.as_flattened()) {
            *all = all.max(*hop);
        }
        let decibels = |power: f64| db::from_power(power).max(LOWEST_DB);
        let slow_share = control.slow_shares();
        let [[left, right], _] = hop;
        self.history.push(Hop {
            level_db: decibels(left.max(right)) as f32,
            slow_share: slow_share[usize::from(right > left)] as f32,
        });
        self.until_reading -= 1;
        if self.until_reading == 0 {
            self.until_reading = self.hops_per_reading;
            let [powers, reduction_db] = std::mem::take(&mut self.extremes);
            self.readings = Readings { reduction_db, level_db: powers.map(decibels), slow_share };
        }
    }
}
