//! Four bands in a row, computed side by side.
//!
//! Filters in a row wait for each other, and a recursion waits for itself: one after the other, eight
//! bands would mostly wait. So band b works on sample n − b while band 0 works on sample n, and all
//! four are lanes of one vector; at the ends of a segment some lanes stand still. The result is that
//! of a row, to the bit.
//!
//! ```text
//! u = P·(L, R)      d = F(u) + w·M(u + F(u))      (L, R) ← (L, R) + Q·d
//! ```
//!
//! P takes what the band works on out of the stereo signal, Q puts the change back, F is the change
//! of the static filter and M the fixed-pole unit of the move. A band that does nothing adds exactly
//! 0 in every placement.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use super::params::{BANDS, Placement};
use super::svf::{Gliding, step};
use crate::finite::snap;
use crate::vectorize::vectorize;
use pulp::Arch;

/// Bands of a chain.
pub(super) const LENGTH: usize = 4;
type Lanes = [f64; LENGTH];

/// The matrices P and Q of a placement: left from left, left from right, right from left, right from
/// right.
pub(super) fn placement(placement: Placement) -> ([f64; 4], [f64; 4]) {
    match placement {
        Placement::Stereo => ([1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]),
        Placement::Left => ([1.0, 0.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]),
        Placement::Right => ([0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 1.0]),
        Placement::Mid => ([0.5, 0.5, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]),
        Placement::Side => ([0.5, -0.5, 0.0, 0.0], [1.0, 0.0, -1.0, 0.0]),
    }
}

/// Both integrators of both channels.
#[derive(Debug, Clone, Copy, Default)]
struct States {
    left: [Lanes; 2],
    right: [Lanes; 2],
}

impl States {
    fn each(&mut self) -> impl Iterator<Item = &mut Lanes> {
        self.left.iter_mut().chain(&mut self.right)
    }
}

/// Four bands.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// The static filters.
    pub(super) still: Gliding<LENGTH>,
    /// The unit of each move.
    pub(super) moving: Gliding<LENGTH>,
    take: [Lanes; 4],
    put: [Lanes; 4],
    still_states: States,
    moving_states: States,
}

impl Chain {
    /// Four bands that do nothing.
    pub(super) fn new() -> Self {
        Self {
            still: Gliding::new(),
            moving: Gliding::new(),
            take: [[0.0; LENGTH]; 4],
            put: [[0.0; LENGTH]; 4],
            still_states: States::default(),
            moving_states: States::default(),
        }
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        (self.still_states, self.moving_states) = Default::default();
    }

    /// Forgets the signal in a band's static filter.
    pub(super) fn forget_still(&mut self, lane: usize) {
        self.still_states.each().for_each(|s| s[lane] = 0.0);
    }

    /// Forgets the signal in a band's move.
    pub(super) fn forget_moving(&mut self, lane: usize) {
        self.moving_states.each().for_each(|s| s[lane] = 0.0);
    }

    /// Places a band, which must not be heard just now.
    pub(super) fn place(&mut self, lane: usize, at: Placement) {
        let (take, put) = placement(at);
        for i in 0..4 {
            self.take[i][lane] = take[i];
            self.put[i][lane] = put[i];
        }
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        for states in self.still_states.each().chain(self.moving_states.each()) {
            for state in states {
                *state = snap(*state);
            }
        }
    }

    /// Works on a stereo segment. `moves` holds, for each sample, the amplitude less 1 each of all
    /// bands moves by, of which this chain's begin at `first`; none where no band can move.
    pub(super) fn process(
        &mut self,
        arch: Arch,
        left: &mut [f64],
        right: &mut [f64],
        moves: Option<&[[f64; BANDS]]>,
        first: usize,
        is_gliding: bool,
    ) {
        let moves = moves.unwrap_or(&[]);
        match (moves.is_empty(), is_gliding) {
            (true, false) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<false, false>(left, right, moves, first),
            ),
            (true, true) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<false, true>(left, right, moves, first),
            ),
            (false, false) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<true, false>(left, right, moves, first),
            ),
            (false, true) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<true, true>(left, right, moves, first),
            ),
        }
    }

    #[inline(always)]
    fn run<const MOVES: bool, const GLIDES: bool>(
        &mut self,
        left: &mut [f64],
        right: &mut [f64],
        moves: &[[f64; BANDS]],
        first: usize,
    ) {
        let length = left.len().min(right.len());
        let (mut l, mut r) = ([0.0; LENGTH], [0.0; LENGTH]);
        let last = LENGTH - 1;
        for now in 0..last {
            let entering = if now < length { [left[now], right[now]] } else { [0.0; 2] };
            self.run_an_end::<MOVES, GLIDES>(&mut l, &mut r, entering, moves, first, now, length);
        }
        for now in last..length {
            l = [left[now], l[0], l[1], l[2]];
            r = [right[now], r[0], r[1], r[2]];
            let mut weights = [0.0; LENGTH];
            if MOVES {
                for (b, weight) in weights.iter_mut().enumerate() {
                    *weight = moves[now - b][first + b];
                }
            }
            self.step::<MOVES>(&mut l, &mut r, &weights);
            if GLIDES {
                self.still.advance();
                if MOVES {
                    self.moving.advance();
                }
            }
            (left[now - last], right[now - last]) = (l[last], r[last]);
        }
        for now in last.max(length)..length + last {
            self.run_an_end::<MOVES, GLIDES>(&mut l, &mut r, [0.0; 2], moves, first, now, length);
            (left[now - last], right[now - last]) = (l[last], r[last]);
        }
    }

    #[inline(always)]
    fn step<const MOVES: bool>(&mut self, l: &mut Lanes, r: &mut Lanes, weights: &Lanes) {
        let (p, q) = (&self.take, &self.put);
        let (mut a, mut b) = ([0.0; LENGTH], [0.0; LENGTH]);
        for i in 0..LENGTH {
            a[i] = p[0][i] * l[i] + p[1][i] * r[i];
            b[i] = p[2][i] * l[i] + p[3][i] * r[i];
        }
        let [s1, s2] = &mut self.still_states.left;
        let mut da = step(&self.still.now, s1, s2, &a);
        let [s1, s2] = &mut self.still_states.right;
        let mut db = step(&self.still.now, s1, s2, &b);
        if MOVES {
            for i in 0..LENGTH {
                a[i] += da[i];
                b[i] += db[i];
            }
            let [s1, s2] = &mut self.moving_states.left;
            let ma = step(&self.moving.now, s1, s2, &a);
            let [s1, s2] = &mut self.moving_states.right;
            let mb = step(&self.moving.now, s1, s2, &b);
            for i in 0..LENGTH {
                da[i] += weights[i] * ma[i];
                db[i] += weights[i] * mb[i];
            }
        }
        for i in 0..LENGTH {
            l[i] += q[0][i] * da[i] + q[1][i] * db[i];
            r[i] += q[2][i] * da[i] + q[3][i] * db[i];
        }
    }

    /// A step where only some bands have a sample: the others stand still.
    #[inline(never)]
    #[allow(clippy::too_many_arguments, reason = "a part of the loop, kept out of its way")]
    fn run_an_end<const MOVES: bool, const GLIDES: bool>(
        &mut self,
        l: &mut Lanes,
        r: &mut Lanes,
        entering: [f64; 2],
        moves: &[[f64; BANDS]],
        first: usize,
        now: usize,
        length: usize,
    ) {
        *l = [entering[0], l[0], l[1], l[2]];
        *r = [entering[1], r[0], r[1], r[2]];
        let mut weights = [0.0; LENGTH];
        let mut active = [false; LENGTH];
        for b in 0..LENGTH {
            active[b] = now >= b && now - b < length;
            if MOVES && active[b] {
                weights[b] = moves[now - b][first + b];
            }
        }
        let (mut still, mut moving) = (self.still_states, self.moving_states);
        self.step::<MOVES>(l, r, &weights);
        if GLIDES {
            self.still.advance_where(&active);
            if MOVES {
                self.moving.advance_where(&active);
            }
        }
        let states = self.still_states.each().chain(self.moving_states.each());
        for (state, before) in states.zip(still.each().chain(moving.each())) {
            for b in 0..LENGTH {
                if !active[b] {
                    state[b] = before[b];
                }
            }
        }
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}
