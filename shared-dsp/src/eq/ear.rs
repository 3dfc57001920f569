//! What a group of four bands hears: their key filters on a stereo signal, side by side, and the
//! level of the louder channel behind each.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::frame::Frame;
use super::svf::{Filters, step_four};
use crate::dynamics::level::{Levels, Reading};
use crate::finite::snap;
use crate::four::{Four, Quad, WIDTH};

/// The integrators of the key filters, and the levels behind them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ear {
    left: [Quad; 2],
    right: [Quad; 2],
    levels: Levels,
    /// What of the stem and the key each lane hears: left from the stem's left and right, right from
    /// them, and either from its side of the key.
    taken: [Quad; 5],
}

/// Where an ear finds its signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// All lanes hear the stem as it is.
    Stem,
    /// All lanes hear the key.
    Key,
    /// Lanes hear different things.
    Mixed,
}

impl Ear {
    /// An ear that hears nothing.
    pub(super) const fn new() -> Self {
        let zero = Quad::splat(0.0);
        Self { left: [zero; 2], right: [zero; 2], levels: Levels::new(), taken: [zero; 5] }
    }

    fn states(&mut self) -> impl Iterator<Item = &mut Quad> {
        self.left.iter_mut().chain(&mut self.right)
    }

    /// Forgets what a lane heard.
    pub(super) fn forget(&mut self, lane: usize) {
        self.states().for_each(|state| state.0[lane] = 0.0);
        self.levels.reset_lane(lane);
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        self.states().for_each(|state| *state = Quad(state.0.map(snap)));
        self.levels.snap();
    }

    /// Sets what a lane reads.
    pub(super) fn set(&mut self, lane: usize, sample_rate_hz: f64, reading: Reading) {
        self.levels.set(lane, sample_rate_hz, reading);
    }

    /// Sets what a lane hears: the key, or what `take` takes of the stem. Whether that is new.
    pub(super) fn place(&mut self, lane: usize, is_key: bool, take: [f64; 4]) -> bool {
        let [a, b, c, d] = if is_key { [0.0; 4] } else { take };
        let taken = [a, b, c, d, if is_key { 1.0 } else { 0.0 }];
        let before = self.taken.map(|quad| quad.0[lane]);
        for (all, one) in self.taken.iter_mut().zip(taken) {
            all.0[lane] = one;
        }
        before != taken
    }

    /// Where the signal of the lanes that count is.
    pub(super) fn source(&self, counts: [bool; WIDTH]) -> Source {
        let lanes = || (0..WIDTH).filter(|lane| counts[*lane]);
        let is_all =
            |wanted: [f64; 5]| lanes().all(|lane| self.taken.map(|quad| quad.0[lane]) == wanted);
        if is_all([1.0, 0.0, 0.0, 1.0, 0.0]) {
            Source::Stem
        } else if is_all([0.0, 0.0, 0.0, 0.0, 1.0]) {
            Source::Key
        } else {
            Source::Mixed
        }
    }

    /// Hears a segment, one power a sample of `heard`; of the signals, which are as long, what no lane
    /// listens to may be anything. `filters` are the key filters and what they move by at every sample.
    #[inline(always)]
    pub(super) fn hear<F: Four, const GLIDES: bool>(
        &mut self,
        zero: F,
        filters: &mut [Filters<F>; 2],
        source: Source,
        [stem, key]: [&[Frame]; 2],
        heard: &mut [Quad],
    ) {
        let (stem, key) = (&stem[..heard.len()], &key[..heard.len()]);
        let straight = |[l, r]: Frame| [zero.splat(l), zero.splat(r)];
        match source {
            Source::Stem => self.filter::<F, GLIDES>(
                zero,
                filters,
                heard,
                #[inline(always)]
                |n| straight(stem[n]),
            ),
            Source::Key => self.filter::<F, GLIDES>(
                zero,
                filters,
                heard,
                #[inline(always)]
                |n| straight(key[n]),
            ),
            Source::Mixed => {
                let [a, b, c, d, e] = self.taken;
                let [a, b, c, d] = [zero.load(a), zero.load(b), zero.load(c), zero.load(d)];
                let e = zero.load(e);
                self.filter::<F, GLIDES>(
                    zero,
                    filters,
                    heard,
                    #[inline(always)]
                    |n| {
                        let ([l, r], [kl, kr]) = (straight(stem[n]), straight(key[n]));
                        [a * l + b * r + e * kl, c * l + d * r + e * kr]
                    },
                );
            }
        }
        if !self.levels.are_peaks() {
            self.levels.read(zero, heard);
        }
    }

    #[inline(always)]
    fn filter<F: Four, const GLIDES: bool>(
        &mut self,
        zero: F,
        [now, by]: &mut [Filters<F>; 2],
        heard: &mut [Quad],
        channels: impl Fn(usize) -> [F; 2],
    ) {
        let mut filters = *now;
        let [mut l1, mut l2] = [zero.load(self.left[0]), zero.load(self.left[1])];
        let [mut r1, mut r2] = [zero.load(self.right[0]), zero.load(self.right[1])];
        for (n, heard) in heard.iter_mut().enumerate() {
            let [left, right] = channels(n);
            let left = step_four(&filters, &mut l1, &mut l2, left);
            let right = step_four(&filters, &mut r1, &mut r2, right);
            *heard = (left * left).larger(right * right).store();
            if GLIDES {
                for i in 0..6 {
                    filters[i] = filters[i] + by[i];
                }
            }
        }
        *now = filters;
        self.left = [l1.store(), l2.store()];
        self.right = [r1.store(), r2.store()];
    }
}
