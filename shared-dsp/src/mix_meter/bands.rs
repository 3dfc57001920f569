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
//! inner:  l and r above 200 Hz, and what of that lies below 4 kHz, three samples later
//! ```
//!
//! (later, because then no sample waits for the whole row of the one before), and the gains are made good
//! in the energies. Sums go into slots of 10 ms.
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

/// How many samples the middle's low-pass comes after its high-pass.
const LAG: usize = 3;
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
    /// What the inner row gave last, the newest first.
    inner: [Quad; LAG],
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
        self.inner = Default::default();
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
        self.inner = self.inner.map(|Quad(lanes)| Quad(lanes.map(snap)));
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
        // One row after the other: the states of both are more than there are registers.
        let mut sums = Sums::load(zero, bands, 0);
        for (l, r) in left.iter().zip(right) {
            let ends = sums.row.next(frame(zero, *l, *r));
            sums.add(ends);
        }
        sums.store(bands, 0);
        let mut sums = Sums::load(zero, bands, 1);
        let [first, second, third] = bands.inner;
        let mut past = [zero.load(first), zero.load(second), zero.load(third)];
        for (l, r) in left.iter().zip(right) {
            let middle = sums.row.next(frame(zero, *l, *r).lower_halves(past[LAG - 1]));
            past = [middle, past[0], past[1]];
            sums.add(middle);
        }
        sums.store(bands, 1);
        let [first, second, third] = past;
        bands.inner = [first.store(), second.store(), third.store()];
        bands.samples += left.len();
    }
}

/// A row at work, and what it adds up.
struct Sums<F> {
    row: Row<F>,
    square: F,
    product: F,
}

impl<F: Four> Sums<F> {
    #[inline(always)]
    fn load(zero: F, bands: &Bands, row: usize) -> Self {
        let [square, product] = [bands.squares[row], bands.products[row]];
        Self {
            row: bands.rows[row].load(zero),
            square: zero.load(square),
            product: zero.load(product),
        }
    }

    #[inline(always)]
    fn add(&mut self, x: F) {
        self.square = self.square + x * x;
        self.product = self.product + x * x.swapped();
    }

    #[inline(always)]
    fn store(self, bands: &mut Bands, row: usize) {
        let [inputs, first, second] = self.row.states;
        bands.rows[row].states = [store_pair(inputs), store_pair(first), store_pair(second)];
        bands.squares[row] = self.square.store();
        bands.products[row] = self.product.store();
    }
}

/// Left and right, twice.
#[inline(always)]
fn frame<F: Four>(zero: F, l: f32, r: f32) -> F {
    let (l, r) = (f64::from(l), f64::from(r));
    zero.load(Quad([l, r, l, r]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::run;
    use std::f64::consts::{PI, TAU};

    /// The mean squares of the bands, low to high, of a sine on the left and its half, turned by
    /// `degrees`, on the right; a second of it, after one to settle.
    fn images(hz: f64, degrees: f64, rate: f64) -> Images {
        let mut bands = Bands::default();
        bands.prepare(rate);
        let second = rate as usize;
        let sine = |gain: f64, phase: f64| -> Vec<f32> {
            let at = |n: usize| gain * (TAU * hz * n as f64 / rate + phase).sin();
            (0..2 * second).map(|n| at(n) as f32).collect()
        };
        let channels = [sine(0.5, 0.0), sine(0.25, degrees.to_radians())];
        for part in [0..second, second..2 * second] {
            let channels = [&channels[0][part.clone()], &channels[1][part]];
            bands.empty();
            run(pulp::Arch::new(), Piece { bands: &mut bands, channels });
        }
        bands.finish_slot()
    }

    /// |H|² of four poles at a crossover: low-pass and high-pass. The bilinear transform has the analogue
    /// response of Ω at tan(π·f/fs).
    fn powers(hz: f64, crossover_hz: f64, rate: f64) -> [f64; 2] {
        let ratio = (PI * hz / rate).tan() / (PI * crossover_hz / rate).tan();
        [1.0, ratio.powi(8)].map(|numerator| numerator / (1.0 + ratio.powi(4)).powi(2))
    }

    #[test]
    fn every_band_has_its_filter_at_every_rate() {
        for rate in [8_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let crossovers = CROSSOVERS_HZ.map(|hz| hz.min(HIGHEST * rate));
            for hz in [20.0, 60.0, 200.0, 900.0, 3_000.0, 3_200.0] {
                let [low, above] = powers(hz, crossovers[0], rate);
                let [below, high] = powers(hz, crossovers[1], rate);
                let images = images(hz, 60.0, rate);
                for (image, power) in images.iter().zip([low, above * below, high]) {
                    let mean = [0, 1].map(|c| image.square[c] / image.samples as f64);
                    for (mean, expected) in mean.into_iter().zip([0.125, 0.031_25]) {
                        let expected = expected * power;
                        // A filter at rest has settled to what its second left behind.
                        let error = (mean - expected).abs();
                        assert!(
                            error < 1e-4 * expected + 1e-11,
                            "{hz} Hz at {rate}: {mean:e}, not {expected:e}"
                        );
                    }
                    let (correlation, silent) = (image.correlation(), power < 1e-9);
                    assert!(
                        silent || (correlation.expect("heard") - 0.5).abs() < 1e-4,
                        "{hz} Hz at {rate}: {correlation:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn filters_come_to_rest() {
        let mut bands = Bands::default();
        bands.prepare(48_000.0);
        run(pulp::Arch::new(), Piece { bands: &mut bands, channels: [&[1.0], &[-1.0]] });
        for _ in 0..100 {
            run(pulp::Arch::new(), Piece { bands: &mut bands, channels: [&[0.0; 480]; 2] });
            bands.finish_slot();
        }
        let states = bands.rows.iter().flat_map(|row| row.states.as_flattened());
        assert!(states.chain(&bands.inner).all(|state| *state == Quad::default()));
    }
}
