//! The bands in a row, computed side by side.
//!
//! Filters in a row wait for each other, and a recursion waits for itself: one after the other, bands
//! would mostly wait. So the band in slot j works on sample n − j while the first works on sample n; at
//! the ends of a segment some slots stand still. The result is that of a row, to the bit. Four bands
//! make a row, whose states stay in registers; the second four follow when the first are done. Only
//! bands that do something get a slot.
//!
//! Left and right of two bands share a vector of four lanes: slot k and, behind it, slot k + V, where
//! V is the number of vectors. What leaves vector k enters vector k + 1 as it is, without a lane
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

use super::control::Weights;
use super::frame::Frame;
use super::params::{BANDS, Placement};
use super::row::{Row, SLOTS, Segment};
use super::svf::{Coefficients, Gliding};
use crate::finite::snap;
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
pub(super) type States = [Frame; 2];

/// What the rows are made from: all bands, each at its own index.
#[derive(Debug, Clone)]
pub(super) struct Bands {
    /// The static filters.
    pub(super) still: Gliding<BANDS>,
    /// The unit of each move.
    pub(super) moving: Gliding<BANDS>,
    pub(super) take: [[f64; 4]; BANDS],
    pub(super) put: [[f64; 4]; BANDS],
    pub(super) is_stereo: [bool; BANDS],
    /// Whether there is a static filter at all.
    pub(super) is_heard: [bool; BANDS],
    pub(super) still_states: [States; BANDS],
    pub(super) moving_states: [States; BANDS],
}

/// All bands.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    bands: Bands,
    is_active: [bool; BANDS],
    rows: [Row; BANDS / SLOTS],
    /// How many rows have a band; none once something has changed for which they are made anew.
    ready: Option<usize>,
}

impl Chain {
    /// Bands that do nothing.
    pub(super) fn new() -> Self {
        Self {
            bands: Bands {
                still: Gliding::new(),
                moving: Gliding::new(),
                take: [[0.0; 4]; BANDS],
                put: [[0.0; 4]; BANDS],
                is_stereo: [false; BANDS],
                is_heard: [false; BANDS],
                still_states: [[[0.0; 2]; 2]; BANDS],
                moving_states: [[[0.0; 2]; 2]; BANDS],
            },
            is_active: [false; BANDS],
            rows: [const { Row::new() }; BANDS / SLOTS],
            ready: None,
        }
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        (self.bands.still_states, self.bands.moving_states) = Default::default();
    }

    /// Forgets the signal in a band's static filter.
    pub(super) fn forget_still(&mut self, band: usize) {
        self.bands.still_states[band] = Default::default();
    }

    /// Forgets the signal in a band's move.
    pub(super) fn forget_moving(&mut self, band: usize) {
        self.bands.moving_states[band] = Default::default();
    }

    /// Places a band, which must not be heard just now.
    pub(super) fn place(&mut self, band: usize, at: Placement) {
        (self.bands.take[band], self.bands.put[band]) = placement(at);
        self.bands.is_stereo[band] = at == Placement::Stereo;
        self.ready = None;
    }

    /// Whether a band has a static filter here, and whether it moves.
    pub(super) fn set_active(&mut self, band: usize, is_heard: bool, moves: bool) {
        self.bands.is_heard[band] = is_heard;
        self.is_active[band] = is_heard || moves;
        self.ready = None;
    }

    /// Where a band's static filter goes until the next tick.
    pub(super) fn set_still(&mut self, band: usize, change: &Coefficients) {
        self.bands.still.set_target(band, change);
    }

    /// Where the unit of a band's move goes until the next tick.
    pub(super) fn set_moving(&mut self, band: usize, change: &Coefficients) {
        self.bands.moving.set_target(band, change);
    }

    /// A band's static filter is at its target.
    pub(super) fn arrive_still(&mut self, band: usize) {
        self.bands.still.arrive_lane(band);
        self.ready = None;
    }

    /// The unit of a band's move is at its target.
    pub(super) fn arrive_moving(&mut self, band: usize) {
        self.bands.moving.arrive_lane(band);
        self.ready = None;
    }

    /// All are at their targets.
    pub(super) fn arrive(&mut self) {
        self.bands.still.arrive();
        self.bands.moving.arrive();
        self.ready = None;
    }

    /// All go there within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        self.bands.still.depart(samples);
        self.bands.moving.depart(samples);
        self.ready = None;
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        let Bands { still_states, moving_states, .. } = &mut self.bands;
        let states = still_states.iter_mut().chain(moving_states);
        states.flatten().flatten().for_each(|state| *state = snap(*state));
    }

    /// Works on a stereo segment with the bands that are active, in their order. `moves` holds the w
    /// of each band at each sample; none where no band can move.
    pub(super) fn process(
        &mut self,
        arch: Arch,
        frames: &mut [Frame],
        moves: Option<&Weights>,
        is_gliding: bool,
    ) {
        let rows = match self.ready {
            Some(rows) => rows,
            None => self.prepare(),
        };
        for row in &mut self.rows[..rows] {
            row.process(arch, &mut self.bands, Segment { frames: &mut *frames, moves, is_gliding });
        }
        // What has glided has changed.
        self.ready = (!is_gliding).then_some(rows);
    }

    /// Gives active bands their slots.
    fn prepare(&mut self) -> usize {
        let (mut slots, mut count) = ([None; BANDS], 0);
        for band in (0..BANDS).filter(|band| self.is_active[*band]) {
            slots[count] = Some(band);
            count += 1;
        }
        for (row, slots) in self.rows.iter_mut().zip(slots.chunks_exact(SLOTS)) {
            row.fill(&self.bands, slots);
        }
        count.div_ceil(SLOTS)
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}
