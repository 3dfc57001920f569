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
//! magnitude in dB ≥ 0, held within `range`; its sign is the caller's.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use crate::lanes::pick;

/// On which side of its threshold a processor acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Action {
    /// Where the level is above the threshold.
    #[default]
    Above,
    /// Where the level is below the threshold.
    Below,
}

/// The static curves of `N` lanes.
#[derive(Debug, Clone, Copy)]
pub struct GainComputers<const N: usize> {
    /// +1 above, −1 below.
    side: [f64; N],
    threshold_db: [f64; N],
    slope: [f64; N],
    half_knee_db: [f64; N],
    /// 1/2W; 0 without a knee.
    per_twice_knee: [f64; N],
    range_db: [f64; N],
}

impl<const N: usize> Default for GainComputers<N> {
    fn default() -> Self {
        Self {
            side: [1.0; N],
            threshold_db: [0.0; N],
            slope: [0.0; N],
            half_knee_db: [0.0; N],
            per_twice_knee: [0.0; N],
            range_db: [0.0; N],
        }
    }
}

impl<const N: usize> GainComputers<N> {
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
        self.side[lane] = if action == Action::Above { 1.0 } else { -1.0 };
        self.threshold_db[lane] = threshold_db;
        self.slope[lane] = 1.0 - 1.0 / ratio.max(1.0);
        let knee_db = knee_db.max(0.0);
        self.half_knee_db[lane] = 0.5 * knee_db;
        self.per_twice_knee[lane] = if knee_db > 1e-6 { 0.5 / knee_db } else { 0.0 };
        self.range_db[lane] = range_db.abs();
    }

    /// The changes asked for at `levels_db`, in dB ≥ 0.
    #[inline(always)]
    pub fn changes_db(&self, levels_db: &[f64; N]) -> [f64; N] {
        let mut changes = [0.0; N];
        for i in 0..N {
            let over = self.side[i] * (levels_db[i] - self.threshold_db[i]);
            let half = self.half_knee_db[i];
            let into = over + half;
            let into = if into > 0.0 { into } else { 0.0 };
            let bent = into * into * self.per_twice_knee[i];
            let soft = pick(over >= half, over, bent);
            let change = self.slope[i] * soft;
            let range = self.range_db[i];
            changes[i] = if change < range { change } else { range };
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(action: Action, ratio: f64, knee_db: f64, range_db: f64) -> GainComputers<1> {
        let mut computer = GainComputers::default();
        computer.set(0, action, -20.0, ratio, knee_db, range_db);
        computer
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
            assert!((soft.changes_db(&[level])[0] - truth).abs() < 1e-12, "{level}");
            // Below is the mirror image about the threshold.
            let below = one(Action::Below, 4.0, 10.0, 100.0);
            assert!((below.changes_db(&[-40.0 - level])[0] - truth).abs() < 1e-12);
        }
    }

    #[test]
    fn hard_knee_limit_ratio_and_range() {
        let hard = one(Action::Above, f64::INFINITY, 0.0, 6.0);
        assert_eq!(hard.changes_db(&[-20.0])[0], 0.0);
        assert_eq!(hard.changes_db(&[-17.0])[0], 3.0);
        assert_eq!(hard.changes_db(&[0.0])[0], 6.0);
        assert_eq!(one(Action::Above, 1.0, 6.0, 6.0).changes_db(&[0.0])[0], 0.0);
        assert_eq!(one(Action::Above, 4.0, 6.0, 0.0).changes_db(&[0.0])[0], 0.0);
    }
}
