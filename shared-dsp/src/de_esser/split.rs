//! The band of Split: a linear-phase band-pass beside the delay it takes.
//!
//! ```text
//! F(x)[n] = h₀·x[n−N] + Σ hₖ·(x[n−N−k] + x[n−N+k]),  k = 1 … N        N = 2 ms
//! hₖ = Kaiser(k/N) · (sin 2πb·k − sin 2πa·k)/(π·k),  h₀ = 2·(b − a)
//! ```
//!
//! Kaiser, "Nonrecursive digital filter design using the I₀-sinh window function", 1974, at β = 5.65: the
//! stop band lies 60 dB down, and an edge is 0.9 kHz wide at every sample rate, half-way at a = 0.85 of the
//! lower and b = 1.15 of the upper end of the band. So a full reduction is reached within the band, and at
//! 0.4 of its lower end nothing moves by more than 0.01 dB.
//!
//! F has no phase of its own, and x + w·F no more. While the band glides, F is that of the tick before
//! faded into the next tick's, in a straight line.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::shape::possible;
use crate::delay::SEGMENT;
use crate::eq::frame::{Frame, Frames};
use crate::four::{Four, Quad, Work, run};
use pulp::Arch;
use std::f64::consts::{PI, TAU};

/// Half the length of the filter, and the latency of Split, in milliseconds.
pub const SPLIT_MS: f64 = 2.0;
const BETA: f64 = 5.65;
/// Where the edges are half-way, in the ends of the band.
const EDGES: [f64; 2] = [0.85, 1.15];
/// From here on there is no upper edge, in parts of the sample rate.
const NO_EDGE: f64 = 0.45;
/// Quads computed side by side, each of two frames.
const ROW: usize = 4;
const ROW_FRAMES: usize = 2 * ROW;
/// Segments that fit behind what has to be remembered before it is moved to the front.
const SEGMENTS: usize = 16;

fn half(sample_rate_hz: f64) -> usize {
    (SPLIT_MS * 1e-3 * sample_rate_hz).round() as usize
}

/// I₀.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..60 {
        term *= (0.5 * x / f64::from(k)).powi(2);
        sum += term;
    }
    sum
}

fn window(half: usize) -> Vec<f64> {
    let at = |k: usize| {
        let part = k as f64 / half as f64;
        bessel(BETA * (1.0 - part * part).max(0.0).sqrt()) / bessel(BETA)
    };
    (0..=half).map(at).collect()
}

/// The taps from the middle outwards.
fn design(window: &[f64], band_hz: [f64; 2], sample_rate_hz: f64, taps: &mut [f64]) {
    let [low, high] = possible(band_hz, sample_rate_hz);
    let edge = EDGES[1] * high / sample_rate_hz;
    let edges = [EDGES[0] * low / sample_rate_hz, if edge < NO_EDGE { edge } else { 0.5 }];
    // sin k·φ by turning.
    let turns = edges.map(|edge| (TAU * edge).sin_cos());
    let mut angles = [(0.0, 1.0); 2];
    for (k, (tap, window)) in taps.iter_mut().zip(window).enumerate() {
        *tap = if k == 0 {
            2.0 * (edges[1] - edges[0])
        } else {
            window * (angles[1].0 - angles[0].0) / (PI * k as f64)
        };
        for ((sin, cos), (s, c)) in angles.iter_mut().zip(turns) {
            (*sin, *cos) = (*sin * c + *cos * s, *cos * c - *sin * s);
        }
    }
}

/// What a reduction of `reduction_db` does at `frequency_hz`, in dB: for drawings. Allocates.
pub fn split_response_db(
    band_hz: [f64; 2],
    reduction_db: f64,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> f64 {
    let window = window(half(sample_rate_hz));
    let mut taps = vec![0.0; window.len()];
    design(&window, band_hz, sample_rate_hz, &mut taps);
    let angle = TAU * frequency_hz / sample_rate_hz;
    let sum: f64 =
        taps.iter().enumerate().skip(1).map(|(k, tap)| 2.0 * tap * (angle * k as f64).cos()).sum();
    let weight = crate::db::to_gain(-reduction_db) - 1.0;
    crate::db::from_gain((1.0 + weight * (taps[0] + sum)).abs().max(1e-15))
}

/// The filter of both channels.
#[derive(Debug, Clone)]
pub(super) struct Split {
    sample_rate_hz: f64,
    half: usize,
    /// How much earlier the middle of the filter lies.
    ahead: usize,
    longest_ahead: usize,
    window: Vec<f64>,
    /// The taps at this tick and at the next.
    now: Vec<f64>,
    target: Vec<f64>,
    /// How far it has come from one to the other.
    part: f64,
    step: f64,
    /// What came in, and where it ends.
    past: Vec<Frame>,
    end: usize,
}

impl Split {
    /// Without room.
    pub(super) fn new() -> Self {
        Self {
            sample_rate_hz: 48_000.0,
            half: 0,
            ahead: 0,
            longest_ahead: 0,
            window: Vec::new(),
            now: Vec::new(),
            target: Vec::new(),
            part: 0.0,
            step: 0.0,
            past: Vec::new(),
            end: 0,
        }
    }

    /// Allocates; `longest_ahead` is the most that may be set ahead.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, longest_ahead: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.half = half(sample_rate_hz);
        self.longest_ahead = longest_ahead;
        self.window = window(self.half);
        self.now = vec![0.0; self.half + 1];
        self.target = self.now.clone();
        // Behind the end there is room for the rest of a row.
        self.past = vec![[0.0; 2]; self.kept() + SEGMENTS * SEGMENT + ROW_FRAMES];
        self.reset();
    }

    /// What has to be remembered of the past.
    fn kept(&self) -> usize {
        2 * self.half + self.longest_ahead
    }

    /// The delay of its middle.
    pub(super) fn latency_samples(&self) -> usize {
        self.half
    }

    /// How many samples later than that it comes out.
    pub(super) fn set_ahead(&mut self, samples: usize) {
        self.ahead = samples.min(self.longest_ahead);
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        self.past.fill([0.0; 2]);
        self.end = self.kept();
    }

    /// Where the taps go until the next tick.
    pub(super) fn design(&mut self, band_hz: [f64; 2]) {
        design(&self.window, band_hz, self.sample_rate_hz, &mut self.target);
    }

    /// Is where it was going by this tick.
    pub(super) fn arrive(&mut self) {
        std::mem::swap(&mut self.now, &mut self.target);
        (self.part, self.step) = (0.0, 0.0);
    }

    /// Goes there within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        (self.part, self.step) = (0.0, 1.0 / samples as f64);
    }

    /// Takes a segment.
    pub(super) fn push(&mut self, frames: &[Frame]) {
        if self.end + frames.len() + ROW_FRAMES > self.past.len() {
            let kept = self.kept();
            self.past.copy_within(self.end - kept..self.end, 0);
            self.end = kept;
        }
        self.past[self.end..self.end + frames.len()].copy_from_slice(frames);
        self.end += frames.len();
    }

    /// Filters the segment of `length` taken last.
    pub(super) fn filter(&self, arch: Arch, to: &mut Frames, length: usize, is_gliding: bool) {
        let first = self.end - length - self.ahead - 2 * self.half;
        let heard = &self.past[first..first + 2 * self.half + length + ROW_FRAMES];
        let to = &mut to[..length.next_multiple_of(ROW_FRAMES)];
        run(arch, Fir { taps: &self.now, heard, to });
        if is_gliding {
            let mut room = [[0.0; 2]; SEGMENT];
            let next = &mut room[..to.len()];
            run(arch, Fir { taps: &self.target, heard, to: next });
            let mut part = self.part;
            for (to, next) in to.iter_mut().zip(next).take(length) {
                *to = [0, 1].map(|c| to[c] + part * (next[c] - to[c]));
                part += self.step;
            }
        }
    }

    /// A segment further, heard or not.
    pub(super) fn advance(&mut self, length: usize) {
        for _ in 0..length {
            self.part += self.step;
        }
    }
}

/// A symmetrical filter on a row of frames: whole rows, each frame by itself.
struct Fir<'a> {
    taps: &'a [f64],
    /// From the first sample of the first frame's window on.
    heard: &'a [Frame],
    to: &'a mut [Frame],
}

/// Two frames.
#[inline(always)]
fn two<F: Four>(zero: F, frames: &[Frame], at: usize) -> F {
    let [[a, b], [c, d]] = [frames[at], frames[at + 1]];
    zero.load(Quad([a, b, c, d]))
}

impl Work for Fir<'_> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { taps, heard, to } = self;
        let Some((middle, sides)) = taps.split_first() else { return };
        let half = sides.len();
        for (row, to) in to.as_chunks_mut::<ROW_FRAMES>().0.iter_mut().enumerate() {
            let heard = &heard[row * ROW_FRAMES..row * ROW_FRAMES + 2 * half + ROW_FRAMES];
            let middle = zero.splat(*middle);
            let mut sums = [zero; ROW];
            for (j, sum) in sums.iter_mut().enumerate() {
                *sum = middle * two(zero, heard, half + 2 * j);
            }
            for (k, tap) in sides.iter().enumerate() {
                let tap = zero.splat(*tap);
                let before = &heard[half - 1 - k..half - 1 - k + ROW_FRAMES];
                let after = &heard[half + 1 + k..half + 1 + k + ROW_FRAMES];
                for (sum, j) in sums.iter_mut().zip((0..).step_by(2)) {
                    *sum = *sum + tap * (two(zero, before, j) + two(zero, after, j));
                }
            }
            for (pair, sum) in to.as_chunks_mut::<2>().0.iter_mut().zip(sums) {
                let [a, b, c, d] = sum.store().0;
                *pair = [[a, b], [c, d]];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [f64; 5] = [44_100.0, 48_000.0, 96_000.0, 192_000.0, 384_000.0];

    #[test]
    fn what_is_filtered_is_what_the_taps_say_wherever_it_is_cut() {
        let rate = 8000.0;
        let mut random = crate::random::Random::new(3);
        let input: Vec<Frame> = (0..4000).map(|_| [random.bipolar(), random.bipolar()]).collect();
        for ahead in [0, 7] {
            for cut in [1, 5, 8, 33, 64] {
                let mut split = Split::new();
                split.prepare(rate, 10);
                split.set_ahead(ahead);
                split.design([2000.0, 3000.0]);
                split.arrive();
                let delay = split.latency_samples() + ahead;
                for (at, piece) in input.chunks(cut).enumerate() {
                    split.push(piece);
                    let mut to = [[0.0; 2]; SEGMENT];
                    split.filter(Arch::new(), &mut to, piece.len(), false);
                    for (n, to) in to.iter().enumerate().take(piece.len()) {
                        let now = at * cut + n;
                        let of = |back: usize, c: usize| {
                            now.checked_sub(back).map_or(0.0, |then| input[then][c])
                        };
                        for (c, got) in to.iter().enumerate() {
                            let mut wanted = split.now[0] * of(delay, c);
                            for k in 1..=split.half {
                                let pair = of(delay + k, c) + of(delay - k, c);
                                wanted += split.now[k] * pair;
                            }
                            assert_eq!(*got, wanted, "{now}, {cut}, {ahead}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn below_the_band_next_to_nothing_moves_and_within_it_all_of_it() {
        let mut worst = 0f64;
        for rate in RATES {
            for band in [[2000.0, 16_000.0], [2000.0, 2500.0], [5000.0, 9000.0], [9000.0, 12_000.0]]
            {
                let felt: f64 = 0.4 * band[0];
                for reduction_db in [3.0, 6.0, 12.0] {
                    for step in 0..100 {
                        let hz = 20.0 * (felt / 20.0).powf(f64::from(step) / 99.0);
                        let moved = split_response_db(band, reduction_db, hz, rate).abs();
                        assert!(moved <= 0.1, "{moved}: {band:?} at {hz}, {rate}");
                        worst = worst.max(moved);
                    }
                    if band[0] >= 5000.0 {
                        for hz in [band[0], f64::midpoint(band[0], band[1]), band[1]] {
                            let moved = split_response_db(band, reduction_db, hz, rate);
                            assert!(
                                (moved + reduction_db).abs() < 0.05 * reduction_db,
                                "{moved} of {reduction_db}: {band:?} at {hz}, {rate}"
                            );
                        }
                    }
                }
            }
        }
        println!("at most {worst:.4} dB");
    }
}
