//! The bands in a row, computed side by side.
//!
//! Filters in a row wait for each other, and a recursion waits for itself: one after the other, eight
//! bands would mostly wait. So the band in slot j works on sample n − j while the first works on
//! sample n; at the ends of a segment some slots stand still. The result is that of a row, to the
//! bit. Only bands that do something get a slot.
//!
//! Left and right of two bands share a vector of four lanes: slot k and, behind it, slot k + H, where
//! H is the number of vectors. What leaves vector k enters vector k + 1 as it is, without a lane
//! changing its place; the first takes the new sample and what the last let out of its first half.
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

/// Both integrators, left and right.
type States = [[f64; 2]; 2];

/// All bands.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    /// The static filters.
    pub(super) still: Gliding<BANDS>,
    /// The unit of each move.
    pub(super) moving: Gliding<BANDS>,
    take: [[f64; 4]; BANDS],
    put: [[f64; 4]; BANDS],
    is_stereo: [bool; BANDS],
    still_states: [States; BANDS],
    moving_states: [States; BANDS],
}

impl Chain {
    /// Bands that do nothing.
    pub(super) fn new() -> Self {
        Self {
            still: Gliding::new(),
            moving: Gliding::new(),
            take: [[0.0; 4]; BANDS],
            put: [[0.0; 4]; BANDS],
            is_stereo: [false; BANDS],
            still_states: [[[0.0; 2]; 2]; BANDS],
            moving_states: [[[0.0; 2]; 2]; BANDS],
        }
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        (self.still_states, self.moving_states) = Default::default();
    }

    /// Forgets the signal in a band's static filter.
    pub(super) fn forget_still(&mut self, band: usize) {
        self.still_states[band] = Default::default();
    }

    /// Forgets the signal in a band's move.
    pub(super) fn forget_moving(&mut self, band: usize) {
        self.moving_states[band] = Default::default();
    }

    /// Places a band, which must not be heard just now.
    pub(super) fn place(&mut self, band: usize, at: Placement) {
        (self.take[band], self.put[band]) = placement(at);
        self.is_stereo[band] = at == Placement::Stereo;
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        let states = self.still_states.iter_mut().chain(&mut self.moving_states);
        states.flatten().flatten().for_each(|state| *state = snap(*state));
    }

    /// Works on a stereo segment with the bands marked, in their order. `moves` holds, for each
    /// sample, the amplitude less 1 each band moves by; none where no band can move.
    pub(super) fn process(
        &mut self,
        arch: Arch,
        left: &mut [f64],
        right: &mut [f64],
        moves: Option<&[[f64; BANDS]]>,
        is_active: [bool; BANDS],
        is_gliding: bool,
    ) {
        let (mut slots, mut count, mut is_stereo) = ([BANDS; BANDS], 0, true);
        for band in (0..BANDS).filter(|band| is_active[*band]) {
            slots[count] = band;
            count += 1;
            is_stereo &= self.is_stereo[band];
        }
        let segment = Segment { left, right, moves, is_gliding, slots };
        match count {
            0 => {}
            1 | 2 => self.process_in::<4>(arch, segment, is_stereo),
            3 | 4 => self.process_in::<8>(arch, segment, is_stereo),
            _ => self.process_in::<{ 2 * BANDS }>(arch, segment, is_stereo),
        }
    }

    fn process_in<const N: usize>(&mut self, arch: Arch, mut on: Segment<'_>, is_stereo: bool) {
        match (on.moves.is_some(), is_stereo) {
            (false, true) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<N, false, true>(&mut on),
            ),
            (false, false) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<N, false, false>(&mut on),
            ),
            (true, true) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<N, true, true>(&mut on),
            ),
            (true, false) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<N, true, false>(&mut on),
            ),
        }
    }

    #[inline(always)]
    fn run<const N: usize, const MOVES: bool, const STEREO: bool>(&mut self, on: &mut Segment<'_>) {
        let length = on.left.len().min(on.right.len());
        let last = N / 2 - 1;
        let mut row = Row::<N>::of(self, &on.slots);
        let steps = on.is_gliding.then(|| {
            let of_moving = coefficients::<N>(&self.moving.step, &on.slots);
            (coefficients::<N>(&self.still.step, &on.slots), of_moving)
        });
        let moves = on.moves.unwrap_or(&[]);
        for now in 0..last {
            let entering = if now < length { [on.left[now], on.right[now]] } else { [0.0; 2] };
            row.end::<MOVES, STEREO>(entering, moves, &on.slots, now, length, steps.as_ref());
        }
        for now in last..length {
            let mut weights = [0.0; N];
            if MOVES {
                let rows = &moves[now - last..=now];
                for slot in 0..=last {
                    let weight = rows[last - slot][on.slots[slot] % BANDS];
                    let at = lane_of::<N>(slot);
                    (weights[at], weights[at + 1]) = (weight, weight);
                }
            }
            let out = row.step::<MOVES, STEREO>([on.left[now], on.right[now]], &weights);
            if let Some(steps) = &steps {
                row.advance::<MOVES>(steps);
            }
            [on.left[now - last], on.right[now - last]] = out;
        }
        for now in last.max(length)..length + last {
            let out =
                row.end::<MOVES, STEREO>([0.0; 2], moves, &on.slots, now, length, steps.as_ref());
            [on.left[now - last], on.right[now - last]] = out;
        }
        row.leave(self, &on.slots, on.is_gliding);
    }
}

/// What a pass works on.
struct Segment<'a> {
    left: &'a mut [f64],
    right: &'a mut [f64],
    moves: Option<&'a [[f64; BANDS]]>,
    is_gliding: bool,
    /// The band in each slot; [`BANDS`] in those that are empty.
    slots: [usize; BANDS],
}

/// The slot of a lane.
#[inline(always)]
const fn slot_of<const N: usize>(lane: usize) -> usize {
    lane / 4 + lane % 4 / 2 * (N / 4)
}

/// The left lane of a slot; the right one is next to it.
#[inline(always)]
const fn lane_of<const N: usize>(slot: usize) -> usize {
    slot % (N / 4) * 4 + slot / (N / 4) * 2
}

/// Six coefficients of all lanes.
type Filters<const N: usize> = [[f64; N]; 6];

/// Slots side by side. Aligned, so that no vector lies across two lines of the cache.
#[repr(align(64))]
struct Row<const N: usize> {
    still: Filters<N>,
    moving: Filters<N>,
    take: [[f64; N]; 2],
    put: [[f64; N]; 2],
    still_states: [[f64; N]; 2],
    moving_states: [[f64; N]; 2],
    /// What left each slot last.
    out: [f64; N],
}

/// What `of` gives for band and channel of each lane; 0 for an empty slot.
#[inline(always)]
fn lanes<const N: usize>(slots: &[usize; BANDS], of: impl Fn(usize, usize) -> f64) -> [f64; N] {
    let mut all = [0.0; N];
    for lane in 0..N {
        let band = slots[slot_of::<N>(lane)];
        if band < BANDS {
            all[lane] = of(band, lane % 2);
        }
    }
    all
}

#[inline(always)]
fn coefficients<const N: usize>(of: &[[f64; BANDS]; 6], slots: &[usize; BANDS]) -> Filters<N> {
    let [a, b, c, d, e, f] = of;
    [a, b, c, d, e, f].map(|of| lanes(slots, |band, _| of[band]))
}

/// Four lanes.
#[inline(always)]
fn four(of: &[f64], at: usize) -> [f64; 4] {
    [of[at], of[at + 1], of[at + 2], of[at + 3]]
}

/// [`step`] of four lanes.
#[inline(always)]
fn step_four<const N: usize>(
    [c0, c1, c2, c3, c4, c5]: &Filters<N>,
    s1: &mut [f64; N],
    s2: &mut [f64; N],
    at: usize,
    u: &[f64; 4],
) -> [f64; 4] {
    let c = [four(c0, at), four(c1, at), four(c2, at), four(c3, at), four(c4, at), four(c5, at)];
    let (mut first, mut second) = (four(s1, at), four(s2, at));
    let d = step(&c, &mut first, &mut second, u);
    s1[at..at + 4].copy_from_slice(&first);
    s2[at..at + 4].copy_from_slice(&second);
    d
}

/// A matrix of what stays in its channel and what crosses over, on four lanes.
#[inline(always)]
fn mixed<const N: usize>([straight, crossed]: &[[f64; N]; 2], at: usize, x: &[f64; 4]) -> [f64; 4] {
    let (p, q) = (four(straight, at), four(crossed, at));
    [
        p[0] * x[0] + q[0] * x[1],
        p[1] * x[1] + q[1] * x[0],
        p[2] * x[2] + q[2] * x[3],
        p[3] * x[3] + q[3] * x[2],
    ]
}

impl<const N: usize> Row<N> {
    #[inline(always)]
    fn of(chain: &Chain, slots: &[usize; BANDS]) -> Self {
        let matrices = |of: &[[f64; 4]; BANDS]| -> [[f64; N]; 2] {
            [
                lanes(slots, |band, channel| of[band][3 * channel]),
                lanes(slots, |band, channel| of[band][1 + channel]),
            ]
        };
        let states = |of: &[States; BANDS]| -> [[f64; N]; 2] {
            [
                lanes(slots, |band, channel| of[band][0][channel]),
                lanes(slots, |band, channel| of[band][1][channel]),
            ]
        };
        Self {
            still: coefficients(&chain.still.now, slots),
            moving: coefficients(&chain.moving.now, slots),
            take: matrices(&chain.take),
            put: matrices(&chain.put),
            still_states: states(&chain.still_states),
            moving_states: states(&chain.moving_states),
            out: [0.0; N],
        }
    }

    /// Gives back what has changed.
    #[inline(always)]
    fn leave(&self, chain: &mut Chain, slots: &[usize; BANDS], is_gliding: bool) {
        for lane in 0..N {
            let (band, channel) = (slots[slot_of::<N>(lane)], lane % 2);
            if band >= BANDS {
                continue;
            }
            for i in 0..2 {
                chain.still_states[band][i][channel] = self.still_states[i][lane];
                chain.moving_states[band][i][channel] = self.moving_states[i][lane];
            }
            if is_gliding {
                for i in 0..6 {
                    chain.still.now[i][band] = self.still[i][lane];
                    chain.moving.now[i][band] = self.moving[i][lane];
                }
            }
        }
    }

    /// A sample enters, another leaves.
    #[inline(always)]
    fn step<const MOVES: bool, const STEREO: bool>(
        &mut self,
        entering: [f64; 2],
        weights: &[f64; N],
    ) -> [f64; 2] {
        // Vector by vector from the last, so that each finds what the one before it let out.
        let first_half = [self.out[N - 4], self.out[N - 3]];
        if N > 8 {
            self.step_four::<MOVES, STEREO>(12, four(&self.out, 8), weights);
            self.step_four::<MOVES, STEREO>(8, four(&self.out, 4), weights);
        }
        if N > 4 {
            self.step_four::<MOVES, STEREO>(4, four(&self.out, 0), weights);
        }
        let x = [entering[0], entering[1], first_half[0], first_half[1]];
        self.step_four::<MOVES, STEREO>(0, x, weights);
        [self.out[N - 2], self.out[N - 1]]
    }

    /// The four lanes at `at`, which take `x`.
    #[inline(always)]
    fn step_four<const MOVES: bool, const STEREO: bool>(
        &mut self,
        at: usize,
        x: [f64; 4],
        weights: &[f64; N],
    ) {
        let u = if STEREO { x } else { mixed(&self.take, at, &x) };
        let [s1, s2] = &mut self.still_states;
        let mut d = step_four(&self.still, s1, s2, at, &u);
        if MOVES {
            let heard = [u[0] + d[0], u[1] + d[1], u[2] + d[2], u[3] + d[3]];
            let [s1, s2] = &mut self.moving_states;
            let m = step_four(&self.moving, s1, s2, at, &heard);
            for i in 0..4 {
                d[i] += weights[at + i] * m[i];
            }
        }
        let d = if STEREO { d } else { mixed(&self.put, at, &d) };
        for i in 0..4 {
            self.out[at + i] = x[i] + d[i];
        }
    }

    #[inline(always)]
    fn advance<const MOVES: bool>(&mut self, (still, moving): &(Filters<N>, Filters<N>)) {
        for i in 0..6 {
            for lane in 0..N {
                self.still[i][lane] += still[i][lane];
                if MOVES {
                    self.moving[i][lane] += moving[i][lane];
                }
            }
        }
    }

    /// A step where only some slots have a sample: the others stand still.
    #[inline(always)]
    fn end<const MOVES: bool, const STEREO: bool>(
        &mut self,
        entering: [f64; 2],
        moves: &[[f64; BANDS]],
        slots: &[usize; BANDS],
        now: usize,
        length: usize,
        steps: Option<&(Filters<N>, Filters<N>)>,
    ) -> [f64; 2] {
        let mut age = [0i64; N];
        for lane in 0..N {
            age[lane] = now as i64 - slot_of::<N>(lane) as i64;
        }
        let length = length as i64;
        let mut weights = [0.0; N];
        if MOVES {
            for slot in 0..N / 2 {
                let at = lane_of::<N>(slot);
                if age[at] >= 0 && age[at] < length {
                    let weight = moves[age[at] as usize][slots[slot] % BANDS];
                    (weights[at], weights[at + 1]) = (weight, weight);
                }
            }
        }
        let (still, moving) = (self.still_states, self.moving_states);
        let out = self.step::<MOVES, STEREO>(entering, &weights);
        keep_where_idle(&mut self.still_states, &still, &age, length);
        if MOVES {
            keep_where_idle(&mut self.moving_states, &moving, &age, length);
        }
        if let Some((still, moving)) = steps {
            for lane in (0..N).filter(|lane| age[*lane] >= 0 && age[*lane] < length) {
                for i in 0..6 {
                    self.still[i][lane] += still[i][lane];
                    if MOVES {
                        self.moving[i][lane] += moving[i][lane];
                    }
                }
            }
        }
        out
    }
}

/// Takes states back in lanes without a sample; a selection, because branches would not vectorise.
#[inline(always)]
fn keep_where_idle<const N: usize>(
    states: &mut [[f64; N]; 2],
    before: &[[f64; N]; 2],
    age: &[i64; N],
    length: i64,
) {
    for (states, before) in states.iter_mut().zip(before) {
        for lane in 0..N {
            // One comparison, so that it stays an instruction: what is negative is large.
            let is_busy = (age[lane] as u64) < length as u64;
            states[lane] = if is_busy { states[lane] } else { before[lane] };
        }
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}
