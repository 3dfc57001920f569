//! What an editor is shown, some sixty times a second.
//!
//! Counted in stretches of 64 samples from reset, so that no block is cut for it.

use super::control::{Control, Extremes, HYSTERESIS_DB};
use crate::delay::SEGMENT;

/// How long readings are, in seconds; rounded up to whole stretches.
const READING_S: f64 = 1.0 / 60.0;
/// The least and the most a band is said to be against the voice, in dB.
pub const SIBILANCE_DB: [f64; 2] = [-60.0, 60.0];
/// How far above its closing something is beyond doubt, in dB.
const CERTAIN_DB: f64 = 8.0;

/// What an editor shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readings {
    /// The largest reduction since the last readings by channel, left and right or mid and side, in dB ≥ 0.
    pub reduction_db: [f64; 2],
    /// How sibilant it was at most since: the band against the voice's body in dB, −60 to 60; −60 where it
    /// was too quiet to tell.
    pub sibilance_db: f64,
    /// How sure that it was sibilant: 0 is not at all, 0.25 where it is just enough, 1 beyond doubt.
    pub sureness: f64,
}

impl Readings {
    const NOTHING: Self =
        Self { reduction_db: [0.0; 2], sibilance_db: SIBILANCE_DB[0], sureness: 0.0 };

    fn of(extremes: &Extremes) -> Self {
        let [least, most] = SIBILANCE_DB;
        Self {
            reduction_db: extremes.reduction_db,
            sibilance_db: extremes.sibilance_db.clamp(least, most),
            sureness: ((extremes.margin_db + HYSTERESIS_DB) / CERTAIN_DB).clamp(0.0, 1.0),
        }
    }
}

/// Makes readings.
#[derive(Debug)]
pub(super) struct Watch {
    stretches: usize,
    left: usize,
    pub(super) readings: Readings,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self { stretches: 1, left: 1, readings: Readings::NOTHING }
    }

    /// Sets the sample rate.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.stretches = (READING_S * sample_rate_hz / SEGMENT as f64).ceil() as usize;
        self.reset();
    }

    /// Nothing seen.
    pub(super) fn reset(&mut self) {
        self.left = self.stretches;
        self.readings = Readings::NOTHING;
    }

    /// A stretch further.
    pub(super) fn advance(&mut self, control: &mut Control) {
        self.left -= 1;
        if self.left == 0 {
            self.left = self.stretches;
            self.readings = Readings::of(&control.take_extremes());
        }
    }
}
