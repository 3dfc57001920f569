//! The static curve: how many decibels a level asks for.
//!
//! ```text
//! o = level − threshold   (above)   or   threshold − level   (below)
//!
//!          0                          o ≤ −W/2
//! change = (1 − 1/R)·(o + W/2)²/2W    |o| < W/2
//!          (1 − 1/R)·o                o ≥ W/2
//! ```
//!
//! Giannoulis, Massberg and Reiss, "Digital Dynamic Range Compressor Design", JAES 60 (6), 2012,
//! equation 4: the knee is a parabola that meets both lines with their slope. The change is a
//! magnitude in dB ≥ 0, held within `range`; its sign is the caller's. With i = max(o + W/2, 0), the
//! way into the knee, and q the part of it that lies within, all three lines are one:
//! change = (1 − 1/R)·(q²/2W + (i − q)).

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::level::DB_PER_OCTAVE_OF_POWER;
use crate::four::{Four, Quad};

/// On which side of its threshold a processor acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Action {
    /// Where the level is above the threshold.
    #[default]
    Above,
    /// Where the level is below the threshold.
    Below,
}

/// The static curves of four lanes: in memory, or ready to compute with.
#[derive(Debug, Clone, Copy)]
pub struct GainComputers<F = Quad> {
    /// From octaves of power to the way into the knee in dB: a factor, and what is added.
    factor: F,
    offset: F,
    knee_db: F,
    /// (1 − 1/R)/2W; 0 without a knee.
    bend: F,
    /// 1 − 1/R.
    slope: F,
    range_db: F,
}

impl Default for GainComputers {
    fn default() -> Self {
        Self::new()
    }
}

impl GainComputers {
    /// Curves that ask for nothing.
    pub const fn new() -> Self {
        let zero = Quad::splat(0.0);
        Self { factor: zero, offset: zero, knee_db: zero, bend: zero, slope: zero, range_db: zero }
    }

    /// Sets a lane: threshold in dB, ratio ≥ 1 (infinite is a limiter), width of the knee in dB ≥ 0,
    /// and the most the change may be in dB ≥ 0.
    pub fn set(
        &mut self,
        lane: usize,
        action: Action,
        threshold_db: f64,
        ratio: f64,
        knee_db: f64,
        range_db: f64,
    ) {
        let side = if action == Action::Above { 1.0 } else { -1.0 };
        // A narrower knee would only cost digits.
        let knee_db = if knee_db > 1e-6 { knee_db } else { 0.0 };
        let slope = 1.0 - 1.0 / ratio.max(1.0);
        self.factor.0[lane] = side * DB_PER_OCTAVE_OF_POWER;
        self.offset.0[lane] = 0.5 * knee_db - side * threshold_db;
        self.knee_db.0[lane] = knee_db;
        self.bend.0[lane] = if knee_db > 0.0 { 0.5 * slope / knee_db } else { 0.0 };
        self.slope.0[lane] = slope;
        self.range_db.0[lane] = range_db.abs();
    }

    /// Ready to compute with.
    #[inline(always)]
    pub fn load<F: Four>(&self, zero: F) -> GainComputers<F> {
        GainComputers {
            factor: zero.load(self.factor),
            offset: zero.load(self.offset),
            knee_db: zero.load(self.knee_db),
            bend: zero.load(self.bend),
            slope: zero.load(self.slope),
            range_db: zero.load(self.range_db),
        }
    }
}

impl<F: Four> GainComputers<F> {
    /// The changes asked for at levels in octaves of power, in dB ≥ 0.
    #[inline(always)]
    pub fn changes_db(&self, octaves: F) -> F {
        let into = (self.factor * octaves + self.offset).larger(octaves.splat(0.0));
        let within = into.smaller(self.knee_db);
        let change = self.bend * (within * within) + self.slope * (into - within);
        change.smaller(self.range_db)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::Plain;

    struct One(GainComputers<Plain>);

    fn one(action: Action, ratio: f64, knee_db: f64, range_db: f64) -> One {
        let mut computer = GainComputers::default();
        computer.set(2, action, -20.0, ratio, knee_db, range_db);
        One(computer.load(Plain::default()))
    }

    impl One {
        fn change_db(&self, level_db: f64) -> f64 {
            let octaves = Plain::default().splat(level_db / DB_PER_OCTAVE_OF_POWER);
            self.0.changes_db(octaves).store().0[2]
        }
    }

    #[test]
    fn lines_and_knee_are_those_of_the_paper() {
        let soft = one(Action::Above, 4.0, 10.0, 100.0);
        for tenth in -600..=0 {
            let level = f64::from(tenth) / 10.0;
            let over = level + 20.0;
            let truth = if over <= -5.0 {
                0.0
            } else if over < 5.0 {
                0.75 * (over + 5.0).powi(2) / 20.0
            } else {
                0.75 * over
            };
            assert!((soft.change_db(level) - truth).abs() < 1e-12, "{level}");
            // Below is the mirror image about the threshold.
            let below = one(Action::Below, 4.0, 10.0, 100.0);
            assert!((below.change_db(-40.0 - level) - truth).abs() < 1e-12);
        }
    }

    #[test]
    fn hard_knee_limit_ratio_and_range() {
        let hard = one(Action::Above, f64::INFINITY, 0.0, 6.0);
        assert!(hard.change_db(-20.0).abs() < 1e-12);
        assert!((hard.change_db(-17.0) - 3.0).abs() < 1e-12);
        assert_eq!(hard.change_db(0.0), 6.0);
        assert_eq!(one(Action::Above, 1.0, 6.0, 6.0).change_db(0.0), 0.0);
        assert_eq!(one(Action::Above, 4.0, 6.0, 0.0).change_db(0.0), 0.0);
    }
}
