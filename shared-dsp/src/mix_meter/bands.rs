//! Three bands of a stereo signal, and what the channels are to each other in each.
//!
//! Low up to 200 Hz (what a club's single subwoofer and a record's groove want in mono), Mid, and High from
//! 4 kHz on. Linkwitz–Riley filters of fourth order: two Butterworth sections of second order each way,
//! 24 dB an octave, 6 dB down at the crossover, so a bass 15 dB over the rest does not hide what the
//! middle loses. The middle passes both high- and low-pass.
//!
//! Direct form I without gains, as in [`k_weighting`](crate::k_weighting): y waits for one product and one
//! difference. Two rows of four lanes carry all of it,
//!
//! ```text
//! outer:  low l, low r, high l, high r
//! inner:  l and r above 200 Hz, and what of that lies below 4 kHz, a sample later
//! ```
//!
//! and the gains are made good in the energies. Sums go into slots of 10 ms.
//!
//! Range: fs from 8 kHz; a crossover is held below 0.4 of the rate.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::finite::snap;
use crate::four::{Four, Quad, Work};
use crate::hop_window::{Slots, Summed};
use crate::k_weighting::denominator;
use crate::stereo_image::StereoImage;
use std::f64::consts::FRAC_1_SQRT_2;

/// How many bands there are.
pub const BANDS: usize = 3;
/// Where one band ends and the next begins, in Hz.
pub const CROSSOVERS_HZ: [f64; BANDS - 1] = [200.0, 4000.0];

/// The highest crossover, in parts of the sample rate.
const HIGHEST: f64 = 0.4;

/// All bands of a stretch.
pub(super) type Images = [StereoImage; BANDS];

impl Summed for Images {
    #[inline(always)]
    fn take_in(&mut self, other: &Self) {
        for (image, other) in self.iter_mut().zip(other) {
            image.add(other);
        }
    }
}

/// Four lanes of two equal sections after each other: in memory, or ready to compute with.
#[derive(Debug, Clone, Copy, Default)]
struct Row<F = Quad> {
    /// The numerator's middle: 2 for a low-pass, −2 for a high-pass.
    middle: F,
    a1: F,
    a2: F,
    /// Inputs, outputs of the first section and of the second: the last one and the one before.
    states: [[F; 2]; 3],
}

impl Row {
    #[inline(always)]
    fn load<F: Four>(&self, zero: F) -> Row<F> {
        Row {
            middle: zero.load(self.middle),
            a1: zero.load(self.a1),
            a2: zero.load(self.a2),
            states: self.states.map(
                #[inline(always)]
                |of| load_pair(zero, of),
            ),
        }
    }

    fn snap(&mut self) {
        for Quad(lanes) in self.states.as_flattened_mut() {
            *lanes = lanes.map(snap);
        }
    }
}

impl<F: Four> Row<F> {
    #[inline(always)]
    fn next(&mut self, x: F) -> F {
        let [[x1, x2], [y1, y2], [u1, u2]] = self.states;
        // The newest output enters last: it is the only term that has to be waited for.
        let y = ((x + x2) + self.middle * x1 - self.a2 * y2) - self.a1 * y1;
        let u = ((y + y2) + self.middle * y1 - self.a2 * u2) - self.a1 * u1;
        self.states = [[x, x1], [y, y1], [u, u1]];
        u
    }
}

/// The filters, and the sums of the slot under way.
#[derive(Debug, Clone, Default)]
pub(super) struct Bands {
    /// Low and high; middle.
    rows: [Row; 2],
    /// What the inner row gave last.
    inner: Quad,
    squares: [Quad; 2],
    products: [Quad; 2],
    samples: usize,
    /// What the filters' energies are too large by, by band.
    scales: [f64; BANDS],
    slots: Slots<Images>,
}

impl Bands {
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        let [low, high] = CROSSOVERS_HZ.map(|hz| {
            let (k, a0, a) =
                denominator(hz.min(HIGHEST * sample_rate_hz), FRAC_1_SQRT_2, sample_rate_hz);
            // The power of the low-pass and of the high-pass, of two sections each.
            (a, (k * k / a0).powi(4), a0.powi(-4))
        });
        // Lanes 0 and 1, and lanes 2 and 3: a1 and a2, and the sign of the numerator's middle.
        let row = |[one, other]: [[f64; 2]; 2], [sign, other_sign]: [f64; 2]| Row {
            middle: halves(2.0 * sign, 2.0 * other_sign),
            a1: halves(one[0], other[0]),
            a2: halves(one[1], other[1]),
            ..Row::default()
        };
        self.rows = [row([low.0, high.0], [1.0, -1.0]), row([low.0, high.0], [-1.0, 1.0])];
        self.scales = [low.1, low.2 * high.1, high.2];
        self.reset();
    }

    pub(super) fn reset(&mut self) {
        for row in &mut self.rows {
            row.states = Default::default();
        }
        self.inner = Quad::default();
        self.empty();
    }

    /// Forgets what was heard; the filters run on.
    pub(super) fn empty(&mut self) {
        self.clear();
        self.slots = Slots::default();
    }

    fn clear(&mut self) {
        self.squares = Default::default();
        self.products = Default::default();
        self.samples = 0;
    }

    /// Ends a slot of 10 ms, and gives its sums.
    pub(super) fn finish_slot(&mut self) -> Images {
        self.rows.iter_mut().for_each(Row::snap);
        self.inner = Quad(self.inner.0.map(snap));
        // (row, first lane)
        let places = [(0, 0), (1, 2), (0, 2)];
        let images = std::array::from_fn(|band| {
            let ((row, lane), scale) = (places[band], self.scales[band]);
            let square = [lane, lane + 1].map(|lane| scale * self.squares[row].0[lane]);
            let product = scale * self.products[row].0[lane];
            StereoImage { square, product, samples: self.samples }
        });
        self.clear();
        self.slots.push(images);
        images
    }

    /// The bands over the last slots.
    pub(super) fn newest(&self, slots: usize) -> Images {
        self.slots.newest(slots)
    }
}

#[inline(always)]
fn load_pair<F: Four>(zero: F, [first, second]: [Quad; 2]) -> [F; 2] {
    [zero.load(first), zero.load(second)]
}

#[inline(always)]
fn store_pair<F: Four>([first, second]: [F; 2]) -> [Quad; 2] {
    [first.store(), second.store()]
}

fn halves(lower: f64, upper: f64) -> Quad {
    Quad([lower, lower, upper, upper])
}

/// A piece of a clean signal.
pub(super) struct Piece<'a> {
    pub(super) bands: &'a mut Bands,
    pub(super) channels: [&'a [f32]; 2],
}

impl Work for Piece<'_> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { bands, channels: [left, right] } = self;
        let [mut outer, mut inner] = bands.rows.map(
            #[inline(always)]
            |row| row.load(zero),
        );
        let mut above = zero.load(bands.inner);
        let mut squares = load_pair(zero, bands.squares);
        let mut products = load_pair(zero, bands.products);
        for (l, r) in left.iter().zip(right) {
            let (l, r) = (f64::from(*l), f64::from(*r));
            let x = zero.load(Quad([l, r, l, r]));
            let ends = outer.next(x);
            let middle = inner.next(x.lower_halves(above));
            above = middle;
            squares[0] = squares[0] + ends * ends;
            squares[1] = squares[1] + middle * middle;
            products[0] = products[0] + ends * ends.swapped();
            products[1] = products[1] + middle * middle.swapped();
        }
        for (kept, row) in bands.rows.iter_mut().zip([outer, inner]) {
            kept.states = row.states.map(
                #[inline(always)]
                |of| store_pair(of),
            );
        }
        bands.inner = above.store();
        bands.squares = store_pair(squares);
        bands.products = store_pair(products);
        bands.samples += left.len();
    }
}
