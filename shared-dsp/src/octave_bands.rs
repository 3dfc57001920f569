//! The power of several signals in octave bands, in step.
//!
//! The bands lie between 31.25·2ⁿ Hz, from 31–63 Hz to 8–16 kHz. Each is a Butterworth high-pass of
//! fourth order at its lower edge and a low-pass of fourth order at its upper one:
//!
//! ```text
//! |H|² = 1/(1 + (tₗ/t)⁸) · 1/(1 + (t/tₕ)⁸)        t = tan(π·f/r)
//! ```
//!
//! (Zölzer, "Digital Audio Signal Processing", ch. 5, for the sections), 24 dB an octave beyond the
//! edges and −3.01 dB on them, where two bands meet. Their zeros, four at 0 and four at half the
//! rate, are dealt out evenly, so that all four sections are (1 − z⁻²)/(1 + a₁·z⁻¹ + a₂·z⁻²).
//!
//! Every band runs at a rate r at which its upper edge lies between 0.19·r and 0.38·r (the top one
//! higher, where the sample rate leaves no room): the lower half of what there is goes down an
//! octave at a time, through a half-band filter of two allpass chains,
//!
//! ```text
//! H(z) = ½·(A₀(z²) + z⁻¹·A₁(z²)),      A(z) = ∏ (a + z⁻¹)/(1 + a·z⁻¹)
//! ```
//!
//! (Valenzuela & Constantinides, "Digital signal processing schemes for efficient interpolation and
//! decimation", IEE Proc. 130 G, 1983). What it folds into a band lies 58 dB lower. All bands
//! together so cost about twice what the highest one does.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::finite::snap;
use crate::vectorize::vectorize;
use std::f64::consts::PI;

/// The lower edge of the lowest band, Hz.
pub const LOWEST_EDGE_HZ: f64 = 31.25;
/// How many bands there are at most.
pub const MOST_BANDS: usize = 9;
/// More halvings than any sample rate needs to come down to the lowest band.
const MOST_STAGES: usize = 32;
/// A band ends below this part of the sample rate, or is left out.
pub const HIGHEST_EDGE: f64 = 0.45;
/// The highest part of a rate that the half-band filter leaves alone while it removes what would
/// fold onto it.
const KEPT: f64 = 0.375;
/// The allpass coefficients of a half-band filter of ninth order with a stop band from 0.3125 on.
const HALF_BAND: [f64; 4] = [
    0.106_583_056_609_062,
    0.355_238_694_250_104_4,
    0.626_663_065_434_474,
    0.874_304_749_455_668_8,
];
/// The damping 1/Q of the two sections of a Butterworth filter of fourth order.
const DAMPING: [f64; 2] = [1.847_759_065_022_573_5, 0.765_366_864_730_179_6];
/// Frames that are worked on at once.
const CHUNK: usize = 512;

/// Measures `N` signals. Nothing but [`prepare`](Self::prepare) allocates.
#[derive(Debug, Clone)]
pub struct OctaveBands<const N: usize> {
    /// From the sample rate downwards.
    stages: Vec<Stage<N>>,
    chunk: Vec<[f64; N]>,
    arch: pulp::Arch,
}

impl<const N: usize> Default for OctaveBands<N> {
    fn default() -> Self {
        Self { stages: Vec::new(), chunk: Vec::new(), arch: pulp::Arch::new() }
    }
}

impl<const N: usize> OctaveBands<N> {
    /// Sets the sample rate and starts from silence.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.chunk = vec![[0.0; N]; CHUNK];
        self.stages.clear();
        for [low_hz, high_hz] in edges_hz(sample_rate_hz).rev() {
            let rate_of = |stage: usize| sample_rate_hz / (1u64 << stage) as f64;
            let stage = (1..MOST_STAGES).take_while(|&s| high_hz <= KEPT * rate_of(s)).count();
            while self.stages.len() <= stage {
                self.stages.push(Stage::default());
            }
            let weight = (1u64 << stage) as f64;
            self.stages[stage].bands.push(Band::new(low_hz, high_hz, rate_of(stage), weight));
        }
    }

    /// Forgets what was heard.
    pub fn reset(&mut self) {
        for stage in &mut self.stages {
            stage.half_band = HalfBand::default();
            for band in &mut stage.bands {
                band.states = [[[0.0; N]; 2]; 4];
                band.energy = [0.0; N];
            }
        }
    }

    /// Hears the next samples, the signals all of one length. After a sample that is no number
    /// nothing can be told of its signal until the next [`take`](Self::take), from where all start
    /// over.
    pub fn process(&mut self, signals: [&[f64]; N]) {
        let length = signals.iter().map(|signal| signal.len()).min().unwrap_or(0);
        let Self { stages, chunk, arch } = self;
        let mut at = 0;
        while at < length {
            let end = length.min(at + CHUNK);
            let part = signals.map(|signal| &signal[at..end]);
            vectorize(
                *arch,
                #[inline(always)]
                || hear(stages, chunk, part),
            );
            at = end;
        }
    }

    /// Hands `take` every band's share of what was heard since the last time, the lowest band
    /// first: its number and the sum of the squares of each signal, as if it had been filtered at
    /// the full rate. What rings on below 10⁻³⁰ is silenced here, and nowhere else: to be called
    /// every now and then, at the same samples for the same readings.
    pub fn take(&mut self, mut take: impl FnMut(usize, [f64; N])) {
        let bands = self.stages.iter_mut().rev().flat_map(|stage| {
            stage.half_band.states.as_flattened_mut().iter_mut().for_each(settle);
            settle(&mut stage.half_band.first);
            stage.bands.iter_mut().rev()
        });
        for (number, band) in bands.enumerate() {
            band.states.as_flattened_mut().iter_mut().for_each(settle);
            let energy = std::mem::replace(&mut band.energy, [0.0; N]);
            take(number, energy.map(|energy| band.scale * energy));
        }
    }
}

/// The edges of the bands there are at a sample rate, Hz, the lowest first.
pub fn edges_hz(sample_rate_hz: f64) -> impl DoubleEndedIterator<Item = [f64; 2]> {
    let edge = |n: usize| LOWEST_EDGE_HZ * (1u64 << n) as f64;
    let count =
        (0..MOST_BANDS).take_while(move |&n| edge(n + 1) <= HIGHEST_EDGE * sample_rate_hz).count();
    (0..count).map(move |n| [edge(n), edge(n + 1)])
}

#[inline(always)]
fn hear<const N: usize>(stages: &mut [Stage<N>], chunk: &mut [[f64; N]], signals: [&[f64]; N]) {
    let mut length = signals[0].len();
    for (lane, signal) in signals.iter().enumerate() {
        for (frame, sample) in chunk.iter_mut().zip(*signal) {
            frame[lane] = *sample;
        }
    }
    let last = stages.len().saturating_sub(1);
    for (number, stage) in stages.iter_mut().enumerate() {
        for band in &mut stage.bands {
            band.hear(&chunk[..length]);
        }
        if number < last {
            length = stage.half_band.process(&mut chunk[..length]);
        }
    }
}

/// What runs at one rate.
#[derive(Debug, Clone, Default)]
struct Stage<const N: usize> {
    /// The highest first.
    bands: Vec<Band<N>>,
    /// On to half the rate.
    half_band: HalfBand<N>,
}

/// A band of `N` signals.
#[derive(Debug, Clone)]
struct Band<const N: usize> {
    /// a₁ and a₂ of the sections.
    sections: [[f64; 2]; 4],
    states: [[[f64; N]; 2]; 4],
    /// Sum of the squares of what comes out of the last section.
    energy: [f64; N],
    /// From there to the power of the band, and to the full rate.
    scale: f64,
}

impl<const N: usize> Band<N> {
    fn new(low_hz: f64, high_hz: f64, rate_hz: f64, weight: f64) -> Self {
        let [low, high] = [low_hz, high_hz].map(|hz| (PI * hz / rate_hz).tan());
        let mut gain = 1.0;
        let mut section = |t: f64, damping: f64, numerator: f64| {
            let a0 = 1.0 + damping * t + t * t;
            gain *= numerator / a0;
            [2.0 * (t * t - 1.0) / a0, (1.0 - damping * t + t * t) / a0]
        };
        let sections = [
            section(low, DAMPING[0], 1.0),
            section(high, DAMPING[0], high * high),
            section(low, DAMPING[1], 1.0),
            section(high, DAMPING[1], high * high),
        ];
        Self { sections, states: [[[0.0; N]; 2]; 4], energy: [0.0; N], scale: weight * gain * gain }
    }

    #[inline(always)]
    fn hear(&mut self, frames: &[[f64; N]]) {
        let (mut states, mut energy) = (self.states, self.energy);
        let sections = self.sections.map(|section| section.map(|a| [a; N]));
        for frame in frames {
            let mut x = *frame;
            for ([a1, a2], [s1, s2]) in sections.iter().zip(&mut states) {
                for i in 0..N {
                    let y = x[i] + s1[i];
                    s1[i] = s2[i] - a1[i] * y;
                    s2[i] = -x[i] - a2[i] * y;
                    x[i] = y;
                }
            }
            for i in 0..N {
                energy[i] += x[i] * x[i];
            }
        }
        (self.states, self.energy) = (states, energy);
    }
}

/// Halves the rate of `N` signals.
#[derive(Debug, Clone)]
struct HalfBand<const N: usize> {
    /// The last input and output of each allpass.
    states: [[[f64; N]; 2]; 4],
    /// A frame that waits for its second.
    first: [f64; N],
    waits: bool,
}

impl<const N: usize> Default for HalfBand<N> {
    fn default() -> Self {
        Self { states: [[[0.0; N]; 2]; 4], first: [0.0; N], waits: false }
    }
}

impl<const N: usize> HalfBand<N> {
    /// Leaves the frames of half the rate at the beginning of `frames`; how many there are.
    #[inline(always)]
    fn process(&mut self, frames: &mut [[f64; N]]) -> usize {
        let mut states = self.states;
        let (mut from, mut to) = (0, 0);
        if self.waits && !frames.is_empty() {
            frames[0] = step(&mut states, self.first, frames[0]);
            self.waits = false;
            (from, to) = (1, 1);
        }
        while from + 1 < frames.len() {
            frames[to] = step(&mut states, frames[from], frames[from + 1]);
            from += 2;
            to += 1;
        }
        if from < frames.len() {
            self.first = frames[from];
            self.waits = true;
        }
        self.states = states;
        to
    }
}

/// Silences what is too small to matter, and what is no number together with the signals beside it:
/// they start over in step.
fn settle<const N: usize>(state: &mut [f64; N]) {
    if !state.iter().all(|s| s.is_finite()) {
        *state = [0.0; N];
    }
    *state = state.map(snap);
}

/// Two frames become one.
#[inline(always)]
fn step<const N: usize>(
    states: &mut [[[f64; N]; 2]; 4],
    first: [f64; N],
    second: [f64; N],
) -> [f64; N] {
    let mut paths = [second, first];
    for (number, (a, [last_x, last_y])) in HALF_BAND.iter().zip(states).enumerate() {
        let x = &mut paths[number % 2];
        for i in 0..N {
            let y = a * (x[i] - last_y[i]) + last_x[i];
            (last_x[i], last_y[i]) = (x[i], y);
            x[i] = y;
        }
    }
    let mut out = [0.0; N];
    for i in 0..N {
        out[i] = 0.5 * (paths[0][i] + paths[1][i]);
    }
    out
}

#[cfg(test)]
mod tests;
