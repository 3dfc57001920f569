//! The filter that carries every section: a state-variable filter that gives what it changes.
//!
//! ```text
//! v1 = a1·s1 + a2·(u − s2)        a1 = 1/(1 + g·(g + k)),  a2 = g·a1,  a3 = g·a2
//! v2 = s2 + a2·s1 + a3·(u − s2)
//! s1 ← 2·v1 − s1                  s2 ← 2·v2 − s2
//! F  = n0·u + n1·v1 + n2·v2       H = 1 + F
//! ```
//!
//! With v1 and v2 put into the other lines, the states and the output wait for nothing but the
//! states and the input:
//!
//! ```text
//! F  = d·u + (c1·s1 + c2·s2)      d = n0 + n1·a2 + n2·a3,  c1 = n1·a1 + n2·a2,
//!                                 c2 = n2·(1 − a3) − n1·a2
//! s1 ← (2·a1 − 1)·s1 + 2·a2·(u − s2)
//! s2 ← s2 + (2·a2·s1 + 2·a3·(u − s2))
//! ```
//!
//! Zavalishin, "The Art of VA Filter Design", rev. 2.1.2, 2020, with trapezoidal integrators. What
//! is computed is F, the change: a section that does nothing adds exactly 0, and a placement is a
//! matter of where F is added.
//!
//! Stable while anything moves: s1² + s2² never grows without input, whatever g and k are (Wishnick,
//! "Time-varying filters for musical applications", DAFx-14). That holds between two sets of
//! coefficients on a straight line as well, because a mixture of contractions in one norm is a
//! contraction in it.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use super::section::Section;
use crate::four::{Four, Quad, WIDTH};

/// 2·a1 − 1, 2·a2, 2·a3, d, c1, c2.
pub(crate) type Coefficients = [f64; 6];

/// Nothing is changed; the poles are harmless.
pub(super) const NEUTRAL: Coefficients = [0.0, 0.2, 0.04, 0.0, 0.0, 0.0];

/// The change of a section, times `weight`.
pub(crate) fn change(section: &Section, weight: f64) -> Coefficients {
    let Section { k, hp, bp, lp, .. } = *section;
    coefficients(section, [weight * (hp - 1.0), weight * (bp - k * hp), weight * (lp - hp)])
}

/// The output of a section itself.
pub(crate) fn output(section: &Section) -> Coefficients {
    let Section { k, hp, bp, lp, .. } = *section;
    coefficients(section, [hp, bp - k * hp, lp - hp])
}

fn coefficients(section: &Section, [n0, n1, n2]: [f64; 3]) -> Coefficients {
    let Section { g, k, .. } = *section;
    let a1 = 1.0 / (1.0 + g * (g + k));
    let (a2, a3) = (g * a1, g * g * a1);
    [
        2.0 * a1 - 1.0,
        2.0 * a2,
        2.0 * a3,
        n0 + n1 * a2 + n2 * a3,
        n1 * a1 + n2 * a2,
        n2 * (1.0 - a3) - n1 * a2,
    ]
}

/// One sample of `N` lanes: takes their inputs, gives d·u + (c1·s1 + c2·s2).
#[inline(always)]
pub(crate) fn step<const N: usize>(
    c: &[[f64; N]; 6],
    s1: &mut [f64; N],
    s2: &mut [f64; N],
    u: &[f64; N],
) -> [f64; N] {
    let mut out = [0.0; N];
    for i in 0..N {
        let (first, second) = (s1[i], s2[i]);
        let error = u[i] - second;
        out[i] = c[3][i] * u[i] + (c[4][i] * first + c[5][i] * second);
        s1[i] = c[0][i] * first + c[1][i] * error;
        s2[i] = second + (c[1][i] * first + c[2][i] * error);
    }
    out
}

/// Coefficients of four lanes, to compute with.
pub(crate) type Filters<F> = [F; 6];

/// [`step`] of four lanes; the states wait as little for each other as they can.
#[inline(always)]
pub(crate) fn step_four<F: Four>(c: &Filters<F>, s1: &mut F, s2: &mut F, u: F) -> F {
    let past = step_states(c, s1, s2, u);
    c[3] * u + past
}

/// The part of [`step_four`] that comes from the past: c1·s1 + c2·s2.
#[inline(always)]
pub(super) fn step_states<F: Four>(c: &Filters<F>, s1: &mut F, s2: &mut F, u: F) -> F {
    let (first, second) = (*s1, *s2);
    let error = u - second;
    *s1 = c[0] * first + c[1] * error;
    *s2 = (second + c[1] * first) + c[2] * error;
    c[4] * first + c[5] * second
}

/// Coefficients of `N` lanes on their way to new ones, in straight lines from tick to tick.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gliding<const N: usize> {
    /// The coefficients now.
    pub(crate) now: [[f64; N]; 6],
    target: [[f64; N]; 6],
    /// What is added at every sample while they glide.
    pub(crate) step: [[f64; N]; 6],
}

impl<const N: usize> Gliding<N> {
    /// Lanes that do nothing.
    pub(crate) fn new() -> Self {
        let now = NEUTRAL.map(|c| [c; N]);
        Self { now, target: now, step: [[0.0; N]; 6] }
    }

    /// Where a lane goes until the next tick.
    pub(crate) fn set_target(&mut self, lane: usize, coefficients: &Coefficients) {
        for (target, c) in self.target.iter_mut().zip(coefficients) {
            target[lane] = *c;
        }
    }

    /// Is at the targets.
    pub(crate) fn arrive(&mut self) {
        self.now = self.target;
        self.step = [[0.0; N]; 6];
    }

    /// Is at its target, in one lane.
    pub(crate) fn arrive_lane(&mut self, lane: usize) {
        for i in 0..6 {
            self.now[i][lane] = self.target[i][lane];
            self.step[i][lane] = 0.0;
        }
    }

    /// Goes to the targets within `samples`.
    pub(crate) fn depart(&mut self, samples: usize) {
        let part = 1.0 / samples as f64;
        for i in 0..6 {
            for lane in 0..N {
                self.step[i][lane] = part * (self.target[i][lane] - self.now[i][lane]);
            }
        }
    }

    /// The coefficients and what they move by at every sample, in lanes `4·group` and on.
    #[inline(always)]
    pub(crate) fn group<F: Four>(&self, zero: F, group: usize) -> [Filters<F>; 2] {
        [&self.now, &self.step].map(
            #[inline(always)]
            |of| {
                std::array::from_fn(
                    #[inline(always)]
                    |i| zero.load(Quad(std::array::from_fn(|lane| of[i][WIDTH * group + lane]))),
                )
            },
        )
    }

    /// Takes back where the coefficients of a group have come to.
    #[inline(always)]
    pub(crate) fn keep<F: Four>(&mut self, group: usize, now: &Filters<F>) {
        for (all, now) in self.now.iter_mut().zip(now) {
            all[WIDTH * group..WIDTH * (group + 1)].copy_from_slice(&now.store().0);
        }
    }

    /// A sample further.
    #[inline(always)]
    pub(crate) fn advance(&mut self) {
        for (now, step) in self.now.iter_mut().zip(&self.step) {
            for (now, step) in now.iter_mut().zip(step) {
                *now += step;
            }
        }
    }
}

impl<const N: usize> Default for Gliding<N> {
    fn default() -> Self {
        Self::new()
    }
}
