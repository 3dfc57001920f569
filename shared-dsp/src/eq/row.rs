//! Up to four sections of the chain, side by side.
//!
//! Filters in a row wait for each other, and a recursion waits for itself: one after the other,
//! sections would mostly wait. So the section in slot j works on sample n − j while the first works on
//! sample n; at the ends of a segment some slots stand still. The result is that of a row, to the bit.
//! Four is as many as keep their states in the registers of AVX.
//!
//! Left and right of two sections share a vector of four lanes: slot k and, behind it, slot k + V,
//! where V is the number of vectors. What leaves vector k enters vector k + 1 as it is, without a lane
//! changing its place; the first takes the new sample and what the last let out of its first half.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the vectors of many arrays")]

use super::chain::{SECTIONS, Sections, band_of, moves};
use super::control::Weights;
use super::frame::Frame;
use super::params::BANDS;
use super::svf::{Filters, step_four, step_states};
use crate::delay::SEGMENT;
use crate::four::{Four, Quad, WIDTH, Work, run};
use pulp::Arch;

/// Sections in a row.
pub(super) const SLOTS: usize = 4;
const VECTORS: usize = SLOTS / 2;

/// What a row works on.
pub(super) struct Segment<'a> {
    pub(super) frames: &'a mut [Frame],
    pub(super) moves: Option<&'a Weights>,
    pub(super) is_gliding: bool,
}

/// What is not weighted by a move.
static ONES: [Quad; SEGMENT] = [Quad::splat(1.0); SEGMENT];

/// A row in memory.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The section in each slot, and how many slots are filled.
    sections: [usize; SLOTS],
    count: usize,
    is_stereo: bool,
    is_weighted: bool,
    filters: [Filters<Quad>; VECTORS],
    step: [Filters<Quad>; VECTORS],
    /// What stays in its channel and what crosses over, on the way in and on the way out.
    take: [[Quad; 2]; VECTORS],
    put: [[Quad; 2]; VECTORS],
}

/// The slot of a half of a vector, of `vectors`.
#[inline(always)]
const fn slot_of(vectors: usize, vector: usize, half: usize) -> usize {
    vector + half * vectors
}

impl Row {
    /// A row without a section.
    pub(super) const fn new() -> Self {
        let zero = Quad::splat(0.0);
        Self {
            sections: [0; SLOTS],
            count: 0,
            is_stereo: true,
            is_weighted: false,
            filters: [[zero; 6]; VECTORS],
            step: [[zero; 6]; VECTORS],
            take: [[zero; 2]; VECTORS],
            put: [[zero; 2]; VECTORS],
        }
    }

    fn vectors(&self) -> usize {
        self.count.div_ceil(2)
    }

    /// What `of` gives for section and channel of each lane; 0 for an empty slot.
    fn lanes(&self, of: impl Fn(usize, usize) -> f64) -> [Quad; VECTORS] {
        let mut all = [Quad::splat(0.0); VECTORS];
        let vectors = self.vectors();
        for vector in 0..vectors {
            for lane in 0..WIDTH {
                let slot = slot_of(vectors, vector, lane / 2);
                if slot < self.count {
                    all[vector].0[lane] = of(self.sections[slot], lane % 2);
                }
            }
        }
        all
    }

    /// Takes the sections of its slots.
    pub(super) fn fill(&mut self, from: &Sections, sections: impl Iterator<Item = usize>) {
        self.count = 0;
        (self.is_stereo, self.is_weighted) = (true, false);
        for section in sections {
            self.sections[self.count] = section;
            self.count += 1;
            self.is_stereo &= from.is_stereo[band_of(section)];
            self.is_weighted |= moves(section);
        }
        for i in 0..6 {
            let now = self.lanes(|section, _| from.filters.now[i][section]);
            let step = self.lanes(|section, _| from.filters.step[i][section]);
            for v in 0..VECTORS {
                (self.filters[v][i], self.step[v][i]) = (now[v], step[v]);
            }
        }
        for i in 0..2 {
            let matrix = |of: &[[f64; 4]; BANDS]| {
                self.lanes(|section, channel| of[band_of(section)][[3 * channel, 1 + channel][i]])
            };
            let (take, put) = (matrix(&from.take), matrix(&from.put));
            for v in 0..VECTORS {
                (self.take[v][i], self.put[v][i]) = (take[v], put[v]);
            }
        }
    }

    /// Works on a segment.
    pub(super) fn process(&mut self, arch: Arch, sections: &mut Sections, on: Segment<'_>) {
        match self.vectors() {
            1 => self.process_in::<1>(arch, sections, on),
            _ => self.process_in::<2>(arch, sections, on),
        }
    }

    fn process_in<const V: usize>(&mut self, arch: Arch, all: &mut Sections, on: Segment<'_>) {
        // What is left out would change nothing.
        match (on.is_gliding, self.is_weighted, self.is_stereo) {
            (true, ..) => run(arch, Pass::<V, true, true, false>(self, all, on)),
            (_, true, true) => run(arch, Pass::<V, false, true, true>(self, all, on)),
            (_, true, false) => run(arch, Pass::<V, false, true, false>(self, all, on)),
            (_, false, true) => run(arch, Pass::<V, false, false, true>(self, all, on)),
            (_, false, false) => run(arch, Pass::<V, false, false, false>(self, all, on)),
        }
    }
}

/// A segment in `V` vectors: whether coefficients glide, whether there are moves, and whether there is
/// nothing but stereo bands.
struct Pass<'a, const V: usize, const GLIDES: bool, const MOVES: bool, const STEREO: bool>(
    &'a Row,
    &'a mut Sections,
    Segment<'a>,
);

impl<const V: usize, const GLIDES: bool, const MOVES: bool, const STEREO: bool> Work
    for Pass<'_, V, GLIDES, MOVES, STEREO>
{
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self(row, all, Segment { frames, moves, .. }) = self;
        let length = frames.len().min(SEGMENT);
        let frames = &mut frames[..length];
        let moves = Moves::<V>::of(row, moves, length);
        let mut lanes = Lanes::<F, V, GLIDES, MOVES, STEREO>::load(zero, row, all);
        let last = 2 * V - 1;
        for now in 0..last {
            lanes.end(zero, frames, &moves, now);
        }
        let count = length.saturating_sub(last);
        let full = moves.from(last, count);
        // Cut to one length, so that no index need be checked.
        let full = full.of.map(|[low, high]| [&low[..count], &high[..count]]);
        for n in 0..count {
            let mut weights = [zero; V];
            if MOVES {
                for v in 0..V {
                    let [low, high] =
                        [0, 1].map(|half| full[v][half][n].0[moves.lane[v][half] % WIDTH]);
                    weights[v] = zero.load(Quad([low, low, high, high]));
                }
            }
            let out = lanes.advance(zero, frames[last + n], weights);
            lanes.glide();
            frames[n] = out;
        }
        for now in last.max(length)..length + last {
            lanes.end(zero, frames, &moves, now);
        }
        lanes.leave(row, all);
    }
}

/// The w of each slot.
struct Moves<'a, const V: usize> {
    of: [[&'a [Quad]; 2]; V],
    lane: [[usize; 2]; V],
}

impl<'a, const V: usize> Moves<'a, V> {
    #[inline(always)]
    fn of(row: &Row, weights: Option<&'a Weights>, length: usize) -> Self {
        let mut all = Self { of: [[&ONES[..length]; 2]; V], lane: [[0; 2]; V] };
        let Some(weights) = weights else { return all };
        for v in 0..V {
            for half in 0..2 {
                // An empty slot lets nothing through, whatever its w is.
                let section = row.sections[slot_of(V, v, half)];
                if moves(section) {
                    let band = band_of(section);
                    all.of[v][half] = &weights[band / WIDTH][..length];
                    all.lane[v][half] = band % WIDTH;
                }
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
    fn at(&self, v: usize, half: usize, n: usize) -> f64 {
        self.of[v][half][n].0[self.lane[v][half] % WIDTH]
    }
}

/// A row to compute with.
struct Lanes<F, const V: usize, const GLIDES: bool, const MOVES: bool, const STEREO: bool> {
    filters: [Filters<F>; V],
    step: [Filters<F>; V],
    take: [[F; 2]; V],
    put: [[F; 2]; V],
    states: [[F; 2]; V],
    /// What left each slot last.
    out: [F; V],
}

/// A matrix of what stays in its channel and what crosses over, on two channels and two more.
#[inline(always)]
fn mixed<F: Four>([straight, crossed]: &[F; 2], x: F) -> F {
    *straight * x + *crossed * x.swapped()
}

impl<F: Four, const V: usize, const GLIDES: bool, const MOVES: bool, const STEREO: bool>
    Lanes<F, V, GLIDES, MOVES, STEREO>
{
    #[inline(always)]
    fn load(zero: F, row: &Row, all: &Sections) -> Self {
        let mut lanes = Self {
            filters: [[zero; 6]; V],
            step: [[zero; 6]; V],
            take: [[zero; 2]; V],
            put: [[zero; 2]; V],
            states: [[zero; 2]; V],
            out: [zero; V],
        };
        for v in 0..V {
            for i in 0..6 {
                lanes.filters[v][i] = zero.load(row.filters[v][i]);
                lanes.step[v][i] = zero.load(row.step[v][i]);
            }
            let mut states = [Quad::splat(0.0); 2];
            for half in 0..2 {
                let slot = slot_of(V, v, half);
                if slot < row.count {
                    let of = &all.states[row.sections[slot] % SECTIONS];
                    for i in 0..2 {
                        states[i].0[2 * half..2 * half + 2].copy_from_slice(&of[i]);
                    }
                }
            }
            for i in 0..2 {
                lanes.take[v][i] = zero.load(row.take[v][i]);
                lanes.put[v][i] = zero.load(row.put[v][i]);
                lanes.states[v][i] = zero.load(states[i]);
            }
        }
        lanes
    }

    /// Gives back what has changed.
    #[inline(always)]
    fn leave(&self, row: &Row, all: &mut Sections) {
        for v in 0..V {
            for half in 0..2 {
                let slot = slot_of(V, v, half);
                if slot >= row.count {
                    continue;
                }
                let section = row.sections[slot] % SECTIONS;
                for i in 0..2 {
                    let state = self.states[v][i].store().0;
                    all.states[section][i].copy_from_slice(&state[2 * half..2 * half + 2]);
                }
                if GLIDES {
                    for i in 0..6 {
                        all.filters.now[i][section] = self.filters[v][i].store().0[2 * half];
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
                    self.filters[v][i] = self.filters[v][i] + self.step[v][i];
                }
            }
        }
    }

    /// A frame enters, another leaves.
    #[inline(always)]
    fn advance(&mut self, zero: F, entering: Frame, weights: [F; V]) -> Frame {
        // From the last vector on, so that each finds what the one before it let out.
        let first_half = self.out[V - 1];
        let one = zero.splat(1.0);
        for v in (0..V).rev() {
            let x = if v > 0 {
                self.out[v - 1]
            } else {
                zero.load(Quad([entering[0], entering[1], 0.0, 0.0])).lower_halves(first_half)
            };
            let [s1, s2] = &mut self.states[v];
            let filters = &self.filters[v];
            self.out[v] = if STEREO {
                // x + w·(d·x + past), so that the next vector waits for one product and one sum.
                let past = step_states(filters, s1, s2, x);
                if MOVES {
                    (one + weights[v] * filters[3]) * x + weights[v] * past
                } else {
                    (one + filters[3]) * x + past
                }
            } else {
                let change = step_four(filters, s1, s2, mixed(&self.take[v], x));
                let change = if MOVES { weights[v] * change } else { change };
                x + mixed(&self.put[v], change)
            };
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
                    let w = if MOVES { moves.at(v, half, n) } else { 0.0 };
                    for lane in 2 * half..2 * half + 2 {
                        (busy[v].0[lane], weight.0[lane]) = (1.0, w);
                    }
                }
            }
            weights[v] = zero.load(weight);
        }
        let states = self.states;
        let entering = frames.get(now).copied().unwrap_or_default();
        let out = self.advance(zero, entering, weights);
        for v in 0..V {
            let busy = zero.load(busy[v]);
            for i in 0..2 {
                self.states[v][i] = busy.pick_above(zero, self.states[v][i], states[v][i]);
            }
            if GLIDES {
                for i in 0..6 {
                    self.filters[v][i] = self.filters[v][i] + busy * self.step[v][i];
                }
            }
        }
        if let Some(frame) = now.checked_sub(2 * V - 1).and_then(|n| frames.get_mut(n)) {
            *frame = out;
        }
    }
}
