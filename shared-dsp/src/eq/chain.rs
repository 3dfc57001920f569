//! The bands in a row, computed side by side.
//!
//! ```text
//! x ← x + Q·F(P·x)         the static filter of a band
//! x ← x + Q·w·M(P·x)       its move
//! ```
//!
//! x is the stereo signal; P takes what the band works on out of it, and Q puts the change back. F is
//! the change a static filter makes, M the fixed-pole unit of a move and w how much of it there is.
//! Both are sections of one kind, of which only those that do something are computed; a section that
//! does nothing adds exactly 0 in every placement. Shelves that ring have two sections of either, in
//! a row as well: the full move is their product, what lies before it the product of their parts. How they lie side by side is in `row`.

use super::control::Weights;
use super::frame::Frame;
use super::params::{BANDS, Placement};
use super::row::{Row, SLOTS, Segment};
use super::svf::{Coefficients, Gliding, NEUTRAL};
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

/// What a band is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// The static filter.
    Still,
    /// The unit of the move.
    Moving,
    /// The second section of the static filter.
    StillSecond,
    /// The second section of the move.
    MovingSecond,
}

impl Part {
    const COUNT: usize = 4;
    pub(super) const ALL: [Self; Self::COUNT] =
        [Self::Still, Self::Moving, Self::StillSecond, Self::MovingSecond];
}

/// All parts of all bands.
pub(super) const SECTIONS: usize = Part::COUNT * BANDS;
const ROWS: usize = SECTIONS.div_ceil(SLOTS);

const fn section(band: usize, part: Part) -> usize {
    Part::COUNT * band + part as usize
}

/// The band of a section.
pub(super) const fn band_of(section: usize) -> usize {
    section / Part::COUNT % BANDS
}

/// Whether a section is one of a move.
pub(super) const fn moves(section: usize) -> bool {
    section % 2 == 1
}

/// All sections, each at its own index.
#[derive(Debug, Clone)]
pub(super) struct Sections {
    pub(super) filters: Gliding<SECTIONS>,
    /// Both integrators, left and right.
    pub(super) states: [[Frame; 2]; SECTIONS],
    /// The matrices of the bands.
    pub(super) take: [[f64; 4]; BANDS],
    pub(super) put: [[f64; 4]; BANDS],
    pub(super) is_stereo: [bool; BANDS],
}

/// All bands.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    sections: Sections,
    is_active: [bool; SECTIONS],
    /// What has gone to nothing by the next tick.
    leaves: [bool; SECTIONS],
    rows: [Row; ROWS],
    /// How many rows there are; none once something has changed for which they are made anew.
    ready: Option<usize>,
}

impl Chain {
    /// Bands that do nothing.
    pub(super) fn new() -> Self {
        Self {
            sections: Sections {
                filters: Gliding::new(),
                states: [[[0.0; 2]; 2]; SECTIONS],
                take: [[0.0; 4]; BANDS],
                put: [[0.0; 4]; BANDS],
                is_stereo: [false; BANDS],
            },
            is_active: [false; SECTIONS],
            leaves: [false; SECTIONS],
            rows: [const { Row::new() }; ROWS],
            ready: None,
        }
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        self.sections.states = Default::default();
    }

    /// Forgets the signal in a part of a band.
    pub(super) fn forget(&mut self, band: usize, part: Part) {
        self.sections.states[section(band, part)] = Default::default();
    }

    /// Places a band, which must not be heard just now.
    pub(super) fn place(&mut self, band: usize, at: Placement) {
        (self.sections.take[band], self.sections.put[band]) = placement(at);
        self.sections.is_stereo[band] = at == Placement::Stereo;
        self.ready = None;
    }

    /// Where a part of a band goes until the next tick; to nothing if there is none. A part that was
    /// not there has no past.
    pub(super) fn set(&mut self, band: usize, part: Part, change: Option<Coefficients>) {
        let index = section(band, part);
        self.leaves[index] = change.is_none() && self.is_active[index];
        if let Some(change) = change {
            if !self.is_active[index] {
                self.is_active[index] = true;
                self.sections.states[index] = Default::default();
            }
            self.sections.filters.set_target(index, &change);
        } else if self.leaves[index] {
            // Its poles stay where they are.
            let now = self.sections.filters.now.map(|c| c[index]);
            self.sections.filters.set_target(index, &[now[0], now[1], now[2], 0.0, 0.0, 0.0]);
        }
        self.ready = None;
    }

    /// A part of a band is at its target.
    pub(super) fn arrive_at(&mut self, band: usize, part: Part) {
        self.sections.filters.arrive_lane(section(band, part));
        self.ready = None;
    }

    /// All are at their targets.
    pub(super) fn arrive(&mut self) {
        self.sections.filters.arrive();
        for index in (0..SECTIONS).filter(|index| self.leaves[*index]) {
            self.is_active[index] = false;
            self.sections.filters.set_target(index, &NEUTRAL);
            self.sections.filters.arrive_lane(index);
        }
        self.leaves = [false; SECTIONS];
        self.ready = None;
    }

    /// All go there within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        self.sections.filters.depart(samples);
        self.ready = None;
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        let states = self.sections.states.as_flattened_mut().as_flattened_mut();
        for state in states {
            *state = snap(*state);
        }
    }

    /// Works on a stereo segment. `moves` holds the w of each band at each sample; none where no band
    /// can move.
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
            let segment = Segment { frames: &mut *frames, moves, is_gliding };
            row.process(arch, &mut self.sections, segment);
        }
        // What has glided has changed.
        self.ready = (!is_gliding).then_some(rows);
    }

    /// Gives active sections their slots, and says how many rows they fill.
    fn prepare(&mut self) -> usize {
        let mut rows = 0;
        let mut active = (0..SECTIONS).filter(|section| self.is_active[*section]).peekable();
        while active.peek().is_some() {
            self.rows[rows].fill(&self.sections, active.by_ref().take(SLOTS));
            rows += 1;
        }
        rows
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}
