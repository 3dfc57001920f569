//! Up to four bands of the chain in vectors: see `chain` for how they lie there.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the vectors of many arrays")]

use super::chain::{Bands, States};
use super::control::Weights;
use super::frame::Frame;
use super::params::BANDS;
use super::svf::{Filters, Gliding, step_four};
use crate::delay::SEGMENT;
use crate::four::{Four, Quad, WIDTH, Work, run};
use pulp::Arch;

/// Bands in a row.
pub(super) const SLOTS: usize = 4;
const VECTORS: usize = SLOTS / 2;

/// What a row works on.
pub(super) struct Segment<'a> {
    pub(super) frames: &'a mut [Frame],
    pub(super) moves: Option<&'a Weights>,
    pub(super) is_gliding: bool,
}

/// Coefficients of all vectors.
type Coefficients<T> = [[T; VECTORS]; 6];
/// What stays in its channel and what crosses over.
type Matrix<T> = [[T; VECTORS]; 2];

/// A row in memory.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The band in each slot, and how many slots are filled.
    bands: [usize; SLOTS],
    count: usize,
    is_stereo: bool,
    is_heard: bool,
    still: Coefficients<Quad>,
    moving: Coefficients<Quad>,
    still_step: Coefficients<Quad>,
    moving_step: Coefficients<Quad>,
    take: Matrix<Quad>,
    put: Matrix<Quad>,
}

/// The slot of a half of a vector, of `vectors`.
#[inline(always)]
const fn slot_of(vectors: usize, vector: usize, half: usize) -> usize {
    vector + half * vectors
}

impl Row {
    /// A row without a band.
    pub(super) const fn new() -> Self {
        let zero = Quad::splat(0.0);
        let (coefficients, matrix) = ([[zero; VECTORS]; 6], [[zero; VECTORS]; 2]);
        Self {
            bands: [0; SLOTS],
            count: 0,
            is_stereo: true,
            is_heard: false,
            still: coefficients,
            moving: coefficients,
            still_step: coefficients,
            moving_step: coefficients,
            take: matrix,
            put: matrix,
        }
    }

    fn vectors(&self) -> usize {
        if self.count > 2 { 2 } else { 1 }
    }

    /// What `of` gives for band and channel of each lane; 0 for an empty slot.
    fn lanes(&self, of: impl Fn(usize, usize) -> f64) -> [Quad; VECTORS] {
        let mut all = [Quad::splat(0.0); VECTORS];
        let vectors = self.vectors();
        for vector in 0..vectors {
            for lane in 0..WIDTH {
                let slot = slot_of(vectors, vector, lane / 2);
                if slot < self.count {
                    all[vector].0[lane] = of(self.bands[slot], lane % 2);
                }
            }
        }
        all
    }

    /// Takes the bands of its slots, which are filled from the first on.
    pub(super) fn fill(&mut self, from: &Bands, slots: &[Option<usize>]) {
        self.count = 0;
        (self.is_stereo, self.is_heard) = (true, false);
        for band in slots.iter().flatten() {
            self.bands[self.count] = *band;
            self.count += 1;
            self.is_stereo &= from.is_stereo[*band];
            self.is_heard |= from.is_heard[*band];
        }
        let coefficients = |of: &[[f64; BANDS]; 6]| of.map(|of| self.lanes(|band, _| of[band]));
        let matrix = |of: &[[f64; 4]; BANDS]| {
            [
                self.lanes(|band, channel| of[band][3 * channel]),
                self.lanes(|band, channel| of[band][1 + channel]),
            ]
        };
        let Gliding { now, step, .. } = &from.still;
        let still = [coefficients(now), coefficients(step)];
        let Gliding { now, step, .. } = &from.moving;
        let moving = [coefficients(now), coefficients(step)];
        let placed = [matrix(&from.take), matrix(&from.put)];
        [self.still, self.still_step] = still;
        [self.moving, self.moving_step] = moving;
        [self.take, self.put] = placed;
    }

    /// Works on a segment.
    pub(super) fn process(&mut self, arch: Arch, bands: &mut Bands, on: Segment<'_>) {
        match self.vectors() {
            1 => self.process_in::<1>(arch, bands, on),
            _ => self.process_in::<2>(arch, bands, on),
        }
    }

    fn process_in<const V: usize>(&mut self, arch: Arch, bands: &mut Bands, on: Segment<'_>) {
        // What is left out would add 0: every way gives the same bits.
        match (on.is_gliding, on.moves.is_some(), self.is_stereo, self.is_heard) {
            (true, ..) => run(arch, Pass::<V, true, true, true, false>(self, bands, on)),
            (_, true, true, false) => {
                run(arch, Pass::<V, false, false, true, true>(self, bands, on))
            }
            (_, true, true, true) => run(arch, Pass::<V, false, true, true, true>(self, bands, on)),
            (_, true, false, _) => run(arch, Pass::<V, false, true, true, false>(self, bands, on)),
            (_, false, true, _) => run(arch, Pass::<V, false, true, false, true>(self, bands, on)),
            (_, false, false, _) => {
                run(arch, Pass::<V, false, true, false, false>(self, bands, on))
            }
        }
    }
}

/// A segment in `V` vectors: whether coefficients glide, and whether there are static filters, moves,
/// and nothing but stereo bands.
struct Pass<
    'a,
    const V: usize,
    const GLIDES: bool,
    const STILL: bool,
    const MOVES: bool,
    const STEREO: bool,
>(&'a Row, &'a mut Bands, Segment<'a>);

impl<const V: usize, const GLIDES: bool, const STILL: bool, const MOVES: bool, const STEREO: bool>
    Work for Pass<'_, V, GLIDES, STILL, MOVES, STEREO>
{
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self(row, bands, Segment { frames, moves, .. }) = self;
        let length = frames.len().min(SEGMENT);
        let frames = &mut frames[..length];
        let moves = Moves::<V>::of(row, moves, length);
        let mut lanes = Lanes::<F, V, GLIDES, STILL, MOVES, STEREO>::load(zero, row, bands);
        let last = 2 * V - 1;
        for now in 0..last {
            lanes.end(zero, frames, &moves, now);
        }
        let count = length.saturating_sub(last);
        let full = moves.from(last, count);
        for n in 0..count {
            let mut weights = [zero; V];
            if MOVES {
                for v in 0..V {
                    weights[v] = zero.load(full.weights(v, n));
                }
            }
            let out = lanes.advance(zero, frames[last + n], weights);
            lanes.glide();
            frames[n] = out;
        }
        for now in last.max(length)..length + last {
            lanes.end(zero, frames, &moves, now);
        }
        lanes.leave(row, bands);
    }
}

/// The w of each slot's band.
struct Moves<'a, const V: usize> {
    of: [[&'a [Quad]; 2]; V],
    lane: [[usize; 2]; V],
}

impl<'a, const V: usize> Moves<'a, V> {
    #[inline(always)]
    fn of(row: &Row, moves: Option<&'a Weights>, length: usize) -> Self {
        let mut all = Self { of: [[&[]; 2]; V], lane: [[0; 2]; V] };
        let Some(moves) = moves else { return all };
        for v in 0..V {
            for half in 0..2 {
                // An empty slot lets nothing through, whatever its w is.
                let band = row.bands[slot_of(V, v, half)];
                all.of[v][half] = &moves[band / WIDTH][..length];
                all.lane[v][half] = band % WIDTH;
            }
        }
        all
    }

    /// From where each slot is when sample `now` enters, so many samples on.
    #[inline(always)]
    fn from(&self, now: usize, count: usize) -> Self {
        let mut all = Self { of: [[&[]; 2]; V], lane: self.lane };
        for v in 0..V {
            for half in 0..2 {
                let from = now - slot_of(V, v, half);
                all.of[v][half] = self.of[v][half].get(from..from + count).unwrap_or(&[]);
            }
        }
        all
    }

    #[inline(always)]
    fn weights(&self, v: usize, n: usize) -> Quad {
        let [low, high] = self.of[v];
        let (low, high) = (low[n].0[self.lane[v][0] % WIDTH], high[n].0[self.lane[v][1] % WIDTH]);
        Quad([low, low, high, high])
    }
}

/// A row to compute with.
struct Lanes<
    F,
    const V: usize,
    const GLIDES: bool,
    const STILL: bool,
    const MOVES: bool,
    const STEREO: bool,
> {
    still: [Filters<F>; V],
    moving: [Filters<F>; V],
    still_step: [Filters<F>; V],
    moving_step: [Filters<F>; V],
    take: [[F; 2]; V],
    put: [[F; 2]; V],
    still_states: [[F; 2]; V],
    moving_states: [[F; 2]; V],
    /// What left each slot last.
    out: [F; V],
}

/// A matrix of what stays in its channel and what crosses over, on two channels and two more.
#[inline(always)]
fn mixed<F: Four>([straight, crossed]: &[F; 2], x: F) -> F {
    *straight * x + *crossed * x.swapped()
}

impl<
    F: Four,
    const V: usize,
    const GLIDES: bool,
    const STILL: bool,
    const MOVES: bool,
    const STEREO: bool,
> Lanes<F, V, GLIDES, STILL, MOVES, STEREO>
{
    #[inline(always)]
    fn load(zero: F, row: &Row, bands: &Bands) -> Self {
        let filters = |of: &Coefficients<Quad>| -> [Filters<F>; V] {
            std::array::from_fn(|v| std::array::from_fn(|i| zero.load(of[i][v])))
        };
        let matrix = |of: &Matrix<Quad>| -> [[F; 2]; V] {
            std::array::from_fn(|v| std::array::from_fn(|i| zero.load(of[i][v])))
        };
        let states = |of: &[States; BANDS]| -> [[F; 2]; V] {
            std::array::from_fn(|v| {
                let half = |half: usize| {
                    let slot = slot_of(V, v, half);
                    if slot < row.count { of[row.bands[slot]] } else { [[0.0; 2]; 2] }
                };
                let (low, high) = (half(0), half(1));
                std::array::from_fn(|i| {
                    zero.load(Quad([low[i][0], low[i][1], high[i][0], high[i][1]]))
                })
            })
        };
        Self {
            still: filters(&row.still),
            moving: filters(&row.moving),
            still_step: filters(&row.still_step),
            moving_step: filters(&row.moving_step),
            take: matrix(&row.take),
            put: matrix(&row.put),
            still_states: states(&bands.still_states),
            moving_states: states(&bands.moving_states),
            out: [zero; V],
        }
    }

    /// Gives back what has changed.
    #[inline(always)]
    fn leave(&self, row: &Row, bands: &mut Bands) {
        for v in 0..V {
            for half in 0..2 {
                let slot = slot_of(V, v, half);
                if slot >= row.count {
                    continue;
                }
                let band = row.bands[slot];
                let at = 2 * half;
                for i in 0..2 {
                    if STILL {
                        let state = self.still_states[v][i].store().0;
                        bands.still_states[band][i] = [state[at], state[at + 1]];
                    }
                    if MOVES {
                        let state = self.moving_states[v][i].store().0;
                        bands.moving_states[band][i] = [state[at], state[at + 1]];
                    }
                }
                if GLIDES {
                    for i in 0..6 {
                        bands.still.now[i][band] = self.still[v][i].store().0[at];
                        bands.moving.now[i][band] = self.moving[v][i].store().0[at];
                    }
                }
            }
        }
    }

    /// Coefficients go on to the next sample.
    #[inline(always)]
    fn glide(&mut self) {
        if GLIDES {
            for v in 0..V {
                for i in 0..6 {
                    self.still[v][i] = self.still[v][i] + self.still_step[v][i];
                    self.moving[v][i] = self.moving[v][i] + self.moving_step[v][i];
                }
            }
        }
    }

    /// A frame enters, another leaves.
    #[inline(always)]
    fn advance(&mut self, zero: F, entering: Frame, weights: [F; V]) -> Frame {
        // From the last vector on, so that each finds what the one before it let out.
        let first_half = self.out[V - 1];
        for v in (0..V).rev() {
            let x = if v > 0 {
                self.out[v - 1]
            } else {
                zero.load(Quad([entering[0], entering[1], 0.0, 0.0])).lower_halves(first_half)
            };
            let u = if STEREO { x } else { mixed(&self.take[v], x) };
            let mut heard = u;
            let mut change = None;
            if STILL {
                let [s1, s2] = &mut self.still_states[v];
                let d = step_four(&self.still[v], s1, s2, u);
                heard = u + d;
                change = Some(d);
            }
            if MOVES {
                let [s1, s2] = &mut self.moving_states[v];
                let m = weights[v] * step_four(&self.moving[v], s1, s2, heard);
                change = Some(change.map_or(m, |d| d + m));
            }
            let d = change.unwrap_or(zero);
            self.out[v] = x + if STEREO { d } else { mixed(&self.put[v], d) };
        }
        let [_, _, left, right] = self.out[V - 1].store().0;
        [left, right]
    }

    /// Sample `now` at the beginning or past the end, where only some slots have one: the others
    /// stand still.
    #[inline(always)]
    fn end(&mut self, zero: F, frames: &mut [Frame], moves: &Moves<'_, V>, now: usize) {
        let mut busy = [Quad::splat(0.0); V];
        let mut weights = [zero; V];
        for v in 0..V {
            let mut weight = Quad::splat(0.0);
            for half in 0..2 {
                let n = now.wrapping_sub(slot_of(V, v, half));
                if n < frames.len() {
                    let w = if MOVES {
                        moves.of[v][half][n].0[moves.lane[v][half] % WIDTH]
                    } else {
                        0.0
                    };
                    for lane in 2 * half..2 * half + 2 {
                        (busy[v].0[lane], weight.0[lane]) = (1.0, w);
                    }
                }
            }
            weights[v] = zero.load(weight);
        }
        let (still, moving) = (self.still_states, self.moving_states);
        let entering = frames.get(now).copied().unwrap_or_default();
        let out = self.advance(zero, entering, weights);
        for v in 0..V {
            let busy = zero.load(busy[v]);
            for i in 0..2 {
                let (a, b) = (&mut self.still_states[v][i], &mut self.moving_states[v][i]);
                *a = busy.pick_above(zero, *a, still[v][i]);
                *b = busy.pick_above(zero, *b, moving[v][i]);
            }
            if GLIDES {
                for i in 0..6 {
                    self.still[v][i] = self.still[v][i] + busy * self.still_step[v][i];
                    self.moving[v][i] = self.moving[v][i] + busy * self.moving_step[v][i];
                }
            }
        }
        if let Some(frame) = now.checked_sub(2 * V - 1).and_then(|n| frames.get_mut(n)) {
            *frame = out;
        }
    }
}
