//! Four bands side by side: what they hear, what they ask for, and what becomes of their moves.
//!
//! A group none of whose bands moves costs nothing, and one that only hears peaks of one signal as it
//! is takes the shortest way there.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::ear::{Ear, Source};
use super::params::KeySource;
use crate::dynamics::ballistics::Ballistics;
use crate::dynamics::gain_computer::GainComputers;
use crate::dynamics::level::Octaves;
use crate::fast_math::exp2;
use crate::four::{Four, Quad, WIDTH};

/// −80 dBFS as a power: what is quieter moves nothing.
const FLOOR: f64 = 1e-8;
/// What a level is before anything has been heard.
pub(super) const NOTHING_HEARD: Quad = Quad::splat(f64::NEG_INFINITY);

/// Four bands.
#[derive(Debug, Clone)]
pub(super) struct Group {
    /// Hears the signal a band acts on.
    pub(super) ear: Ear,
    /// Hears the key a band compares it with.
    pub(super) other: Ear,
    pub(super) computers: GainComputers,
    pub(super) ballistics: Ballistics,
    /// Where the first ear finds what it hears.
    pub(super) heard_at: Source,
    /// What of the stem each band works on.
    pub(super) take: [[f64; 4]; WIDTH],
    pub(super) source: [KeySource; WIDTH],
    /// 1 where a band acts on a difference.
    pub(super) of_both: Quad,
    /// What a band asks for while the voice is fully active, in dB; 0 where it does not ask the voice.
    pub(super) of_voice: Quad,
    pub(super) moves: [bool; WIDTH],
    /// The range now and its movement.
    pub(super) range_db: Quad,
    pub(super) range_target: Quad,
    pub(super) range_step: Quad,
    pub(super) octaves_per_db: Quad,
    /// The moves at the last sample, and what they mean before smoothing.
    pub(super) gains_db: Quad,
    pub(super) last_w: Quad,
    /// The largest level since last asked.
    pub(super) highest: Quad,
}

impl Group {
    pub(super) const fn new() -> Self {
        let zero = Quad::splat(0.0);
        Self {
            ear: Ear::new(),
            other: Ear::new(),
            computers: GainComputers::new(),
            ballistics: Ballistics::new(),
            heard_at: Source::Mixed,
            take: [[0.0; 4]; WIDTH],
            source: [KeySource::Internal; WIDTH],
            of_both: zero,
            of_voice: zero,
            moves: [false; WIDTH],
            range_db: zero,
            range_target: zero,
            range_step: zero,
            octaves_per_db: zero,
            gains_db: zero,
            last_w: zero,
            highest: NOTHING_HEARD,
        }
    }

    pub(super) fn is_active(&self) -> bool {
        self.moves.contains(&true)
    }

    pub(super) fn compares(&self) -> bool {
        self.any(KeySource::Difference)
    }

    pub(super) fn any(&self, wanted: KeySource) -> bool {
        self.source.iter().zip(&self.moves).any(|(source, moves)| *moves && *source == wanted)
    }

    pub(super) fn forget(&mut self, lane: usize) {
        self.ear.forget(lane);
        self.other.forget(lane);
        self.ballistics.reset_lane(lane);
        (self.gains_db.0[lane], self.last_w.0[lane]) = (0.0, 0.0);
        self.highest.0[lane] = f64::NEG_INFINITY;
    }

    pub(super) fn listen(&mut self, lane: usize) {
        let is_key = matches!(self.source[lane], KeySource::External | KeySource::Voice);
        if self.ear.place(lane, is_key, self.take[lane]) {
            self.ear.forget(lane);
        }
        self.heard_at = self.ear.source(self.moves);
    }

    /// From the powers heard to the changes asked for.
    #[inline(always)]
    pub(super) fn ask<F: Four>(&mut self, zero: F, heard: &[Quad], asked: &mut [Quad]) {
        let computers = self.computers.load(zero);
        let floor = zero.splat(FLOOR);
        let octaves = Octaves::new(zero);
        let mut highest = zero.load(self.highest);
        for (asked, heard) in asked.iter_mut().zip(heard) {
            let power = zero.load(*heard);
            let level = octaves.of(power);
            highest = highest.larger(level);
            let change = computers.changes_db(level);
            *asked = power.pick_above(floor, change, zero).store();
        }
        self.highest = highest.store();
    }

    /// The same, where some bands ask how much louder one is than the other.
    #[inline(always)]
    pub(super) fn ask_both<F: Four>(
        &mut self,
        zero: F,
        heard: &[Quad],
        against: &[Quad],
        asked: &mut [Quad],
    ) {
        let computers = self.computers.load(zero);
        let (floor, one) = (zero.splat(FLOOR), zero.splat(1.0));
        let of_both = zero.load(self.of_both);
        let octaves = Octaves::new(zero);
        let mut highest = zero.load(self.highest);
        for ((asked, heard), against) in asked.iter_mut().zip(heard).zip(against) {
            let (power, other) = (zero.load(*heard), zero.load(*against));
            let least = of_both.pick_above(zero, power.smaller(other), power);
            let other = other.pick_above(floor, other, one);
            let level = octaves.of(power) - of_both * octaves.of(other);
            highest = highest.larger(level);
            let change = computers.changes_db(level);
            *asked = least.pick_above(floor, change, zero).store();
        }
        self.highest = highest.store();
    }

    /// What the voice asks for, added to what the levels do.
    #[inline(always)]
    pub(super) fn ask_voice<F: Four>(&self, zero: F, activity: &[f64], asked: &mut [Quad]) {
        let of_voice = zero.load(self.of_voice);
        for (asked, activity) in asked.iter_mut().zip(activity) {
            *asked = (zero.load(*asked) + of_voice * zero.splat(*activity)).store();
        }
    }

    /// From moves in dB to their w, in their place.
    #[inline(always)]
    pub(super) fn weigh<F: Four>(&mut self, zero: F, moves: &mut [Quad]) {
        let octaves_per_db = zero.load(self.octaves_per_db);
        let (one, half) = (zero.splat(1.0), zero.splat(0.5));
        let mut last = zero.load(self.last_w);
        if let Some(last) = moves.last() {
            self.gains_db = *last;
        }
        for moved in moves {
            let w = exp2(octaves_per_db * zero.load(*moved)) - one;
            *moved = (half * (w + last)).store();
            last = w;
        }
        self.last_w = last.store();
    }
}
