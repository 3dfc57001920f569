//! What the slow meters are made of: sums over hops of one millisecond.
//!
//! VU, crest factor and correlation need, of every sample, only |x|, x² and l·r. One pass gathers
//! them for all three, over hops that end on samples ⌊k·fs/1000⌋ counted from reset; the meters
//! themselves then work at 1 kHz. The sums run in lanes chosen by the position in the hop, so they
//! vectorise and come out the same, to the bit, for every block length and on every machine.
//! Squares and products of `f32` are exact in `f64`.
//!
//! Range: fs from 8 kHz (8 samples a hop), one or two channels.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::clean_chunks::for_each_clean_chunk;
use crate::lanes::{LANES, highest, larger, total};
use crate::processor::{MAX_CHANNELS, Meter};
use crate::sample_grid::SampleGrid;
use crate::stereo_image::StereoImage;
use crate::vectorize::vectorize;

/// Hops a second.
pub const HOPS_PER_SECOND: f64 = 1000.0;

type Lanes = [f64; LANES];

/// The sums over one hop.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HopSums {
    /// Number of samples.
    pub samples: usize,
    /// Largest |x|, per channel.
    pub peak: [f32; MAX_CHANNELS],
    /// Σ|x|, per channel.
    pub magnitude: [f64; MAX_CHANNELS],
    /// Σx², per channel.
    pub square: [f64; MAX_CHANNELS],
    /// Σl·r.
    pub product: f64,
}

impl HopSums {
    /// Takes a further hop in.
    #[inline(always)]
    pub fn add(&mut self, other: &Self) {
        self.samples += other.samples;
        for c in 0..MAX_CHANNELS {
            self.peak[c] = self.peak[c].max(other.peak[c]);
            self.magnitude[c] += other.magnitude[c];
            self.square[c] += other.square[c];
        }
        self.product += other.product;
    }

    /// What the channels are to each other.
    #[inline(always)]
    pub fn image(&self) -> StereoImage {
        StereoImage { square: self.square, product: self.product, samples: self.samples }
    }
}

/// A meter that lives on hops. [`Hopped`] makes a [`Meter`] of it.
pub trait HopMeter {
    /// Sets the number of channels, and resets. The only call that may allocate.
    fn prepare(&mut self, channels: usize);

    /// Forgets everything heard.
    fn reset(&mut self);

    /// Takes the next hop.
    fn hop(&mut self, sums: &HopSums);

    /// Takes the largest |x| of a part of the hop under way, for meters that cannot wait.
    #[inline(always)]
    fn glimpse(&mut self, _peak: [f32; MAX_CHANNELS]) {}
}

/// Gathers the sums of the hop under way.
#[derive(Debug, Clone, Default)]
pub struct HopGatherer {
    grid: SampleGrid,
    position: usize,
    peak: [f32; MAX_CHANNELS],
    magnitude: [Lanes; MAX_CHANNELS],
    square: [Lanes; MAX_CHANNELS],
    product: Lanes,
}

impl HopGatherer {
    /// Sets the sample rate, and resets.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.grid.prepare(sample_rate_hz, HOPS_PER_SECOND);
        self.reset();
    }

    /// Back to sample 0.
    pub fn reset(&mut self) {
        self.grid.reset();
        self.clear();
    }

    fn clear(&mut self) {
        self.position = 0;
        self.peak = Default::default();
        self.magnitude = Default::default();
        self.square = Default::default();
        self.product = Default::default();
    }

    /// Forgets what the hop under way holds: it goes on from here, and ends where it would have.
    pub(crate) fn forget(&mut self) {
        self.clear();
    }

    /// Reads a clean chunk and hands what it completes to `meter`.
    #[inline(always)]
    pub(crate) fn process_clean(&mut self, [left, right]: [&[f32]; 2], meter: &mut impl HopMeter) {
        let mut from = 0;
        while from < left.len() {
            let step = self.grid.left().min(left.len() - from);
            let part = from..from + step;
            let peak = self.gather(&left[part.clone()], &right[part]);
            meter.glimpse(peak);
            from += step;
            if self.grid.advance(step) {
                meter.hop(&self.sums());
                self.clear();
            }
        }
    }

    /// Adds a part of a hop, and gives its peak.
    #[inline(always)]
    fn gather(&mut self, left: &[f32], right: &[f32]) -> [f32; MAX_CHANNELS] {
        let mut peaks = [[0f32; LANES]; MAX_CHANNELS];
        let mut at = 0;
        // Up to where the lanes begin anew.
        let head = ((LANES - self.position % LANES) % LANES).min(left.len());
        while at < head {
            self.add_one(left[at], right[at], &mut peaks);
            at += 1;
        }
        let (mut magnitude, mut square, mut product) = (self.magnitude, self.square, self.product);
        let (lefts, left_rest) = left[at..].as_chunks::<LANES>();
        let (rights, right_rest) = right[at..].as_chunks::<LANES>();
        for (l, r) in lefts.iter().zip(rights) {
            for i in 0..LANES {
                let (x, y) = (f64::from(l[i]), f64::from(r[i]));
                peaks[0][i] = larger(peaks[0][i], l[i].abs());
                peaks[1][i] = larger(peaks[1][i], r[i].abs());
                magnitude[0][i] += x.abs();
                magnitude[1][i] += y.abs();
                square[0][i] += x * x;
                square[1][i] += y * y;
                product[i] += x * y;
            }
        }
        (self.magnitude, self.square, self.product) = (magnitude, square, product);
        self.position += lefts.len() * LANES;
        for (&l, &r) in left_rest.iter().zip(right_rest) {
            self.add_one(l, r, &mut peaks);
        }
        let peak = [highest(peaks[0]), highest(peaks[1])];
        self.peak = [larger(self.peak[0], peak[0]), larger(self.peak[1], peak[1])];
        peak
    }

    #[inline(always)]
    fn add_one(&mut self, l: f32, r: f32, peaks: &mut [[f32; LANES]; MAX_CHANNELS]) {
        let lane = self.position % LANES;
        self.position += 1;
        let (x, y) = (f64::from(l), f64::from(r));
        peaks[0][lane] = larger(peaks[0][lane], l.abs());
        peaks[1][lane] = larger(peaks[1][lane], r.abs());
        self.magnitude[0][lane] += x.abs();
        self.magnitude[1][lane] += y.abs();
        self.square[0][lane] += x * x;
        self.square[1][lane] += y * y;
        self.product[lane] += x * y;
    }

    #[inline(always)]
    fn sums(&self) -> HopSums {
        HopSums {
            samples: self.position,
            peak: self.peak,
            magnitude: self.magnitude.map(total),
            square: self.square.map(total),
            product: total(self.product),
        }
    }
}

/// A [`HopMeter`] on its own.
#[derive(Debug, Clone)]
pub struct Hopped<M> {
    /// The readings.
    pub meter: M,
    channels: usize,
    arch: pulp::Arch,
    gatherer: HopGatherer,
}

impl<M: HopMeter> Hopped<M> {
    /// Gives `meter` its own ears; call [`prepare`](Meter::prepare) before using it.
    pub fn new(meter: M) -> Self {
        Self { meter, channels: 0, arch: pulp::Arch::new(), gatherer: HopGatherer::default() }
    }
}

impl<M: HopMeter> Meter for Hopped<M> {
    fn prepare(&mut self, sample_rate_hz: f64, channels: usize) {
        self.channels = channels.min(MAX_CHANNELS);
        self.gatherer.prepare(sample_rate_hz);
        self.meter.prepare(self.channels);
    }

    fn reset(&mut self) {
        self.gatherer.reset();
        self.meter.reset();
    }

    fn process(&mut self, audio: &[&[f32]]) {
        let arch = self.arch;
        vectorize(
            arch,
            #[inline(always)]
            || {
                for_each_clean_chunk(
                    audio,
                    self.channels,
                    #[inline(always)]
                    |chunk| {
                        self.gatherer.process_clean(chunk, &mut self.meter);
                    },
                );
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[derive(Default)]
    struct Recorder {
        hops: Vec<HopSums>,
        glimpses: Vec<[f32; 2]>,
    }

    impl HopMeter for Recorder {
        fn prepare(&mut self, _: usize) {
            self.reset();
        }
        fn reset(&mut self) {
            *self = Self::default();
        }
        fn hop(&mut self, sums: &HopSums) {
            self.hops.push(*sums);
        }
        fn glimpse(&mut self, peak: [f32; 2]) {
            self.glimpses.push(peak);
        }
    }

    fn noise(seed: u64, length: usize) -> Vec<f32> {
        let mut random = Random::new(seed);
        (0..length).map(|_| random.bipolar() as f32).collect()
    }

    #[test]
    fn every_hop_holds_the_sums_of_its_samples() {
        for rate in [8_000.0, 44_100.0, 192_000.0] {
            let (l, r) = (noise(1, 5000), noise(2, 5000));
            let mut meter = Hopped::new(Recorder::default());
            meter.prepare(rate, 2);
            meter.process(&[&l, &r]);
            assert_eq!(meter.meter.hops.len(), (5000.0 / rate * 1000.0) as usize);
            let mut from = 0;
            for hop in &meter.meter.hops {
                let part = from..from + hop.samples;
                let (l, r) = (&l[part.clone()], &r[part]);
                let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
                    l.iter().zip(r).map(|(l, r)| f((*l).into(), (*r).into())).sum()
                };
                let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12 * (1.0 + b.abs()));
                near(hop.magnitude[0], sum(&|l, _| l.abs()));
                near(hop.magnitude[1], sum(&|_, r| r.abs()));
                near(hop.square[0], sum(&|l, _| l * l));
                near(hop.square[1], sum(&|_, r| r * r));
                near(hop.product, sum(&|l, r| l * r));
                assert_eq!(hop.peak[0], l.iter().fold(0.0, |m, x| x.abs().max(m)));
                assert_eq!(hop.peak[1], r.iter().fold(0.0, |m, x| x.abs().max(m)));
                from += hop.samples;
            }
        }
    }

    #[test]
    fn every_cut_gives_the_same_hops() {
        let (l, r) = (noise(3, 4000), noise(4, 4000));
        let run = |cut: usize| {
            let mut meter = Hopped::new(Recorder::default());
            meter.prepare(44_100.0, 2);
            for from in (0..4000).step_by(cut) {
                let part = from..(from + cut).min(4000);
                meter.process(&[&l[part.clone()], &r[part]]);
            }
            meter.meter.hops
        };
        let whole = run(4000);
        for cut in [1, 3, 7, 8, 9, 44, 64, 500] {
            assert_eq!(run(cut), whole, "blocks of {cut}");
        }
    }

    #[test]
    fn a_peak_is_glimpsed_before_its_hop_ends() {
        let mut meter = Hopped::new(Recorder::default());
        meter.prepare(48_000.0, 1);
        meter.process(&[&[0.0, -0.5, 0.25]]);
        assert!(meter.meter.hops.is_empty());
        assert_eq!(meter.meter.glimpses, [[0.5, 0.0]]);
    }
}
