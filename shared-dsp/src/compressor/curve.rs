//! The static curve with its link, mix and makeup, and how all of them glide.
//!
//! ```text
//! c₁, c₂    what the levels of the two channels ask for (`gain_computer`)
//! c         λ·max(c₁, c₂) + (1 − λ)·c₁, and the other way round: a link of λ
//! gain      1 + m·(M·10^(−r/20) − 1): r what is followed of c, mix m, makeup M
//! ```
//!
//! Channels are rectified before they combine and what is combined is dB of reduction: at full link both
//! get that of the louder, bit for bit, wherever a sound is panned.
//!
//! Numbers take a step of a [`Ramp`] on a grid of 3000 ticks a second counted from reset; in between all
//! that is computed from them moves in straight lines.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::params::BusCompressorParams;
use crate::db;
use crate::dynamics::gain_computer::{Action, GainComputers};
use crate::four::{Four, Plain, Quad, WIDTH};
use crate::ramp::Ramp;

/// The numbers of a curve as they are set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Curve {
    threshold_db: f64,
    slope: f64,
    knee_db: f64,
    range_db: f64,
    link: f64,
    mix: f64,
    makeup: f64,
}

impl Curve {
    /// What `params`, which have to be sane, ask for.
    pub(super) fn of(params: &BusCompressorParams) -> Self {
        Self {
            threshold_db: params.threshold_db,
            slope: params.slope(),
            knee_db: params.knee_db,
            range_db: params.range_db,
            link: params.link,
            mix: params.mix,
            makeup: 1.0,
        }
    }

    /// The curves of both channels, alike in all lanes.
    pub(super) fn computers(&self) -> GainComputers {
        let mut computers = GainComputers::new();
        let ratio = 1.0 / (1.0 - self.slope);
        for lane in 0..WIDTH {
            let (threshold_db, knee_db) = (self.threshold_db, self.knee_db);
            computers.set(lane, Action::Above, threshold_db, ratio, knee_db, self.range_db);
        }
        computers
    }
}

/// What is computed with: in memory, or in lanes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers<F = Quad> {
    computers: GainComputers<F>,
    link: F,
    unlinked: F,
    mix: F,
    makeup: F,
}

impl Numbers {
    fn of(curve: &Curve) -> Self {
        Self {
            computers: curve.computers(),
            link: Quad::splat(curve.link),
            unlinked: Quad::splat(1.0 - curve.link),
            mix: Quad::splat(curve.mix),
            makeup: Quad::splat(curve.makeup),
        }
    }

    /// Ready to compute with.
    #[inline(always)]
    pub(super) fn load<F: Four>(&self, zero: F) -> Numbers<F> {
        Numbers {
            computers: self.computers.load(zero),
            link: zero.load(self.link),
            unlinked: zero.load(self.unlinked),
            mix: zero.load(self.mix),
            makeup: zero.load(self.makeup),
        }
    }

    fn steps_to(&self, target: &Self, samples: usize) -> Self {
        let zero = Plain::default();
        let (from, to, samples) = (self.load(zero), target.load(zero), zero.splat(samples as f64));
        let step = |from: Plain, to: Plain| ((to - from) / samples).store();
        Self {
            computers: from.computers.steps_to(&to.computers, samples).store(),
            link: step(from.link, to.link),
            unlinked: step(from.unlinked, to.unlinked),
            mix: step(from.mix, to.mix),
            makeup: step(from.makeup, to.makeup),
        }
    }
}

impl<F: Four> Numbers<F> {
    /// What levels in octaves of power ask for after the link, and how steeply; the channels lie side by
    /// side in each half.
    #[inline(always)]
    pub(super) fn ask(&self, octaves: F) -> (F, F) {
        let (change, slope) = self.computers.changes_and_slopes(octaves);
        (self.linked(change), self.linked(slope))
    }

    /// A part of the larger of both channels, and the rest of each.
    #[inline(always)]
    pub(super) fn linked(&self, own: F) -> F {
        self.link * own.larger(own.swapped()) + self.unlinked * own
    }

    /// The factors of what is reduced to `gain`.
    #[inline(always)]
    pub(super) fn factors(&self, gain: F) -> F {
        let one = gain.splat(1.0);
        one + self.mix * (self.makeup * gain - one)
    }

    /// A sample further.
    #[inline(always)]
    pub(super) fn advance(&mut self, steps: &Self) {
        self.computers.advance(&steps.computers);
        self.link = self.link + steps.link;
        self.unlinked = self.unlinked + steps.unlinked;
        self.mix = self.mix + steps.mix;
        self.makeup = self.makeup + steps.makeup;
    }

    #[inline(always)]
    pub(super) fn store(&self) -> Numbers {
        Numbers {
            computers: self.computers.store(),
            link: self.link.store(),
            unlinked: self.unlinked.store(),
            mix: self.mix.store(),
            makeup: self.makeup.store(),
        }
    }
}

/// A curve on its way.
#[derive(Debug, Clone)]
pub(super) struct GlidingCurve {
    ramps: [Ramp; 7],
    /// What holds now, and what is added at every sample while it glides.
    pub(super) now: Numbers,
    pub(super) steps: Numbers,
    target: Numbers,
}

impl GlidingCurve {
    /// A curve that asks for nothing.
    pub(super) fn new() -> Self {
        let curve = Curve::of(&BusCompressorParams::DEFAULT);
        let numbers = Numbers::of(&curve);
        let mut curve = Self {
            ramps: std::array::from_fn(|_| Ramp::new(0.0)),
            now: numbers,
            steps: numbers,
            target: numbers,
        };
        curve.set(&BusCompressorParams::DEFAULT);
        curve.finish();
        curve
    }

    /// Sets how often it ticks, and the time constant of each pole of a glide.
    pub(super) fn prepare(&mut self, ticks_per_second: f64, glide_ms: f64) {
        self.ramps.iter_mut().for_each(|ramp| ramp.prepare(ticks_per_second, glide_ms));
    }

    /// Where it goes, from the next tick on; `params` have to be sane.
    pub(super) fn set(&mut self, params: &BusCompressorParams) {
        let Curve { threshold_db, slope, knee_db, range_db, link, mix, .. } = Curve::of(params);
        let auto_db = if params.auto_makeup { params.auto_makeup_db() } else { 0.0 };
        let makeup = db::to_gain(params.makeup_db + auto_db);
        let targets = [threshold_db, slope, knee_db, range_db, link, mix, makeup];
        for (ramp, target) in self.ramps.iter_mut().zip(targets) {
            ramp.set_target(target);
        }
    }

    /// Whether nothing glides beyond the next tick.
    pub(super) fn is_settled(&self) -> bool {
        self.ramps.iter().all(Ramp::is_settled)
    }

    /// Whether it asks for nothing and adds nothing, once [settled](Self::is_settled).
    pub(super) fn is_idle(&self) -> bool {
        let [_, slope, _, _, _, mix, makeup] = &self.ramps;
        slope.value() == 0.0 && (makeup.value() == 1.0 || mix.value() == 0.0)
    }

    /// The factor of a signal that is not reduced, once settled.
    pub(super) fn factor_at_rest(&self) -> f64 {
        let [.., mix, makeup] = &self.ramps;
        1.0 + mix.value() * (makeup.value() - 1.0)
    }

    /// Is where it was going by this tick.
    pub(super) fn arrive(&mut self) {
        self.now = self.target;
    }

    /// Takes a step, to be done within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        self.ramps.iter_mut().for_each(|ramp| {
            ramp.next();
        });
        self.target = Numbers::of(&self.curve());
        self.steps = self.now.steps_to(&self.target, samples);
    }

    /// Is where it was going in the end.
    pub(super) fn finish(&mut self) {
        self.ramps.iter_mut().for_each(Ramp::finish);
        self.target = Numbers::of(&self.curve());
        self.now = self.target;
    }

    fn curve(&self) -> Curve {
        let [threshold_db, slope, knee_db, range_db, link, mix, makeup] =
            self.ramps.each_ref().map(Ramp::value);
        Curve { threshold_db, slope, knee_db, range_db, link, mix, makeup }
    }
}
