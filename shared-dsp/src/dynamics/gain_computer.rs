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
use crate::four::{Four, Plain, Quad};

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

    /// The change a lane asks for at a level in dB: for drawings.
    pub fn change_db(&self, lane: usize, level_db: f64) -> f64 {
        let lanes = self.load(Plain::default());
        let octaves = Plain::default().splat(level_db / DB_PER_OCTAVE_OF_POWER);
        lanes.changes_db(octaves).store().0[lane]
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
    /// The changes asked for at levels in octaves of power, in dB ≥ 0, and how steeply they grow there:
    /// dB for a dB, 0 to 1 − 1/R, and 0 where the range holds them.
    #[inline(always)]
    pub fn changes_and_slopes(&self, octaves: F) -> (F, F) {
        let zero = octaves.splat(0.0);
        let into = (self.factor * octaves + self.offset).larger(zero);
        let within = into.smaller(self.knee_db);
        let bent = self.bend * within;
        let change = bent * within + self.slope * (into - within);
        let slope = into.pick_above(self.knee_db, self.slope, bent + bent);
        (change.smaller(self.range_db), change.pick_above(self.range_db, zero, slope))
    }

    /// What each number has to move by at every sample to be where `target` is after so many.
    #[must_use]
    #[inline(always)]
    pub fn steps_to(&self, target: &Self, samples: F) -> Self {
        let step = |from: F, to: F| (to - from) / samples;
        Self {
            factor: step(self.factor, target.factor),
            offset: step(self.offset, target.offset),
            knee_db: step(self.knee_db, target.knee_db),
            bend: step(self.bend, target.bend),
            slope: step(self.slope, target.slope),
            range_db: step(self.range_db, target.range_db),
        }
    }

    /// A sample further on the way of [`steps_to`](Self::steps_to).
    #[inline(always)]
    pub fn advance(&mut self, steps: &Self) {
        self.factor = self.factor + steps.factor;
        self.offset = self.offset + steps.offset;
        self.knee_db = self.knee_db + steps.knee_db;
        self.bend = self.bend + steps.bend;
        self.slope = self.slope + steps.slope;
        self.range_db = self.range_db + steps.range_db;
    }

    /// In memory.
    #[inline(always)]
    pub fn store(&self) -> GainComputers {
        GainComputers {
            factor: self.factor.store(),
            offset: self.offset.store(),
            knee_db: self.knee_db.store(),
            bend: self.bend.store(),
            slope: self.slope.store(),
            range_db: self.range_db.store(),
        }
    }

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
    fn slopes_are_those_of_the_changes() {
        for (ratio, knee_db) in [(4.0, 10.0), (20.0, 0.0), (1.0, 6.0)] {
            let computer = one(Action::Above, ratio, knee_db, 12.0);
            for tenth in -400..=0 {
                // Off the corners, where there is no slope.
                let level = f64::from(tenth) / 10.0 + 0.05;
                let octaves = Plain::default().splat(level / DB_PER_OCTAVE_OF_POWER);
                let (change, slope) = computer.0.changes_and_slopes(octaves);
                assert!((change.store().0[2] - computer.change_db(level)).abs() < 1e-12);
                let rise = computer.change_db(level + 1e-4) - computer.change_db(level - 1e-4);
                assert!((slope.store().0[2] - rise / 2e-4).abs() < 1e-6, "{level}");
            }
        }
    }

    #[test]
    fn a_curve_glides_to_another_in_a_straight_line() {
        let (from, to) = (one(Action::Above, 2.0, 0.0, 40.0), one(Action::Above, 8.0, 12.0, 20.0));
        let steps = from.0.steps_to(&to.0, Plain::default().splat(16.0));
        let mut moving = One(from.0);
        let mut last = from.change_db(-5.0);
        for _ in 0..16 {
            moving.0.advance(&steps);
            let change = moving.change_db(-5.0);
            assert!(change > last && change < to.change_db(-5.0) + 1e-9);
            last = change;
        }
        assert!((last - to.change_db(-5.0)).abs() < 1e-9);
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
