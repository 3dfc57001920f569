//! A delay of 0 to 100 ms in steps of 1/256 of a sample.
//!
//! ```text
//! y[n] = Σ c[k]·x[n − (w − h + 1) − k],  k = 0 … 2h−1        delay D = w + f samples, 0 < f < 1
//! c[k] = Π (d − j)/(k − j),  j ≠ k,                          d = h − 1 + f
//! ```
//!
//! Lagrange interpolation: the maximally flat FIR approximation of a fractional delay (Laakso,
//! Välimäki, Karjalainen & Laine, "Splitting the unit delay", IEEE Signal Processing Magazine 13(1),
//! 1996), evaluated in its barycentric form. Half the taps lie on either side of the wanted instant,
//! h = min(w + 1, 16), so it looks at nothing later than the present sample and needs no latency. A
//! whole number of samples (f = 0) is a copy, bit for bit, and no delay is no delay: the delay is
//! the effect here, never `latency_samples`.
//!
//! **Deviation: short fractional delays are narrower.** Worst case f = 1/2, as a part of the sample
//! rate and at 48 kHz; below the first edge the error of the magnitude is under 0.1 dB, below the
//! second the difference to the ideal delay is under −60 dB. (The response is computed in the tests.)
//!
//! | D (samples) | h | 0.1 dB | at 48 kHz | −60 dB | at 48 kHz |
//! | --- | --- | --- | --- | --- | --- |
//! | under 1 | 1 | 0.0482 | 2.3 kHz | 0.0142 | 0.7 kHz |
//! | 1 to 2 | 2 | 0.1350 | 6.5 kHz | 0.0726 | 3.5 kHz |
//! | 3 to 4 | 4 | 0.2272 | 10.9 kHz | 0.1627 | 7.8 kHz |
//! | 15 and more | 16 | 0.3590 | 17.2 kHz | 0.3187 | 15.3 kHz |
//!
//! A change of delay crossfades between two fixed taps (20 ms, equal gain), so it has no pitch; a
//! change during a crossfade waits for its end, and only the last one counts.

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::finite::{silence_non_finite, to_f32};
use crate::processor::{MAX_CHANNELS, Processor};

/// Longest delay in milliseconds.
pub const MAX_DELAY_MS: f64 = 100.0;

/// Steps a sample is divided into: 81 ns at 48 kHz, 28 µm of sound in air. A grid, so that a delay
/// typed in samples is whole again after its trip through the milliseconds and the `f32` of a host.
pub const STEPS_PER_SAMPLE: f64 = 256.0;

/// Most taps on one side of the wanted instant.
const MAX_HALF: usize = 16;
/// Samples handled at once: two taps' worth of them stay in the first cache and on the stack.
const RUN: usize = 64;
/// What the ring holds beyond the longest delay: the older half of the taps and the present run.
const RING_MARGIN: usize = MAX_HALF + 1 + RUN;

/// The delay in samples that `delay_ms` stands for at a sample rate: on the grid of
/// [`STEPS_PER_SAMPLE`], within 0 and [`MAX_DELAY_MS`]. What is not a number is no delay.
pub fn delay_samples(delay_ms: f64, sample_rate_hz: f64) -> f64 {
    let delay_ms = if delay_ms.is_nan() { 0.0 } else { delay_ms.clamp(0.0, MAX_DELAY_MS) };
    let samples = delay_ms * sample_rate_hz / 1000.0;
    (samples * STEPS_PER_SAMPLE).round() / STEPS_PER_SAMPLE
}

/// What a user sets.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct DelayParams {
    /// Delay in milliseconds, 0 to [`MAX_DELAY_MS`].
    pub delay_ms: f64,
}

/// A delay with sub-sample steps for one or two channels.
#[derive(Debug, Clone)]
pub struct FractionalDelay {
    sample_rate_hz: f64,
    delay_ms: f64,
    rings: [Vec<f32>; MAX_CHANNELS],
    write: usize,
    current: Tap,
    /// Where a running crossfade goes.
    next: Tap,
    fade: Crossfade,
    /// Delay asked for last, in samples.
    wanted_samples: f64,
    /// Whether a sample has been heard since reset: from then on changes fade.
    started: bool,
}

impl FractionalDelay {
    /// A delay of nothing; call `prepare` before using it.
    pub fn new() -> Self {
        Self {
            sample_rate_hz: 48_000.0,
            delay_ms: 0.0,
            rings: [const { Vec::new() }; MAX_CHANNELS],
            write: 0,
            current: Tap::new(0.0),
            next: Tap::new(0.0),
            fade: Crossfade::new(),
            wanted_samples: 0.0,
            started: false,
        }
    }

    /// Whether the output is, and stays, the input bit for bit.
    pub fn is_neutral(&self) -> bool {
        self.wanted_samples == 0.0 && self.current.delay_samples == 0.0 && self.fade.is_first()
    }

    /// Starts the crossfade to the wanted delay unless one is running or there is nothing to do.
    fn start_fade(&mut self) {
        if self.fade.is_first() && self.wanted_samples != self.current.delay_samples {
            self.next = Tap::new(self.wanted_samples);
            self.fade.fade_to(true);
        }
    }

    /// Up to [`RUN`] samples of every channel, within one crossfade or none.
    fn process_run(&mut self, audio: &mut [&mut [f32]], from: usize, to: usize) {
        let fading = !self.fade.is_first();
        let length = to - from;
        let mut weights = [0.0; RUN];
        if fading {
            weights[..length].fill_with(|| self.fade.next());
        }
        let origin = self.write;
        for (channel, ring) in audio.iter_mut().zip(&mut self.rings) {
            let samples = &mut channel[from..to];
            silence_non_finite(samples);
            write_ring(ring, origin, samples);
            if fading {
                let (mut old, mut new) = ([0.0; RUN], [0.0; RUN]);
                self.current.read(ring, origin, &mut old[..length]);
                self.next.read(ring, origin, &mut new[..length]);
                for (n, sample) in samples.iter_mut().enumerate() {
                    *sample = to_f32(old[n] + weights[n] * (new[n] - old[n]));
                }
            } else if self.current.is_whole() {
                if self.current.whole > 0 {
                    read_ring(ring, before(ring, origin, self.current.whole), samples);
                }
            } else {
                let mut delayed = [0.0; RUN];
                self.current.read(ring, origin, &mut delayed[..length]);
                for (sample, delayed) in samples.iter_mut().zip(delayed) {
                    *sample = to_f32(delayed);
                }
            }
        }
        let capacity = self.rings[0].len();
        self.write = (origin + length) % capacity;
        if self.fade.is_second() {
            self.current = self.next.clone();
            self.fade.jump_to(false);
        }
    }
}

impl Default for FractionalDelay {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for FractionalDelay {
    type Params = DelayParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        let longest = delay_samples(MAX_DELAY_MS, sample_rate_hz).ceil() as usize;
        for ring in &mut self.rings {
            *ring = vec![0.0; longest + RING_MARGIN];
        }
        self.fade.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        self.wanted_samples = delay_samples(self.delay_ms, sample_rate_hz);
        self.reset();
    }

    fn set_params(&mut self, params: &DelayParams) {
        self.delay_ms = params.delay_ms;
        self.wanted_samples = delay_samples(params.delay_ms, self.sample_rate_hz);
        if !self.started && self.current.delay_samples != self.wanted_samples {
            self.current = Tap::new(self.wanted_samples);
        }
    }

    fn reset(&mut self) {
        for ring in &mut self.rings {
            ring.fill(0.0);
        }
        self.write = 0;
        self.current = Tap::new(self.wanted_samples);
        self.fade.jump_to(false);
        self.started = false;
    }

    fn process(&mut self, audio: &mut [&mut [f32]], _key: &[&[f32]]) {
        let length = audio.iter().map(|channel| channel.len()).min().unwrap_or(0);
        self.started |= length > 0;
        let mut at = 0;
        while at < length {
            self.start_fade();
            let mut end = length.min(at + RUN);
            if !self.fade.is_first() {
                end = end.min(at + self.fade.remaining_samples());
            }
            self.process_run(audio, at, end);
            at = end;
        }
    }
}

/// One delay: where to read, and with what weights.
#[derive(Debug, Clone)]
struct Tap {
    delay_samples: f64,
    whole: usize,
    /// Half the number of taps; 0 for a whole delay.
    half: usize,
    /// c[k], the newest sample first.
    coefficients: [f64; 2 * MAX_HALF],
}

impl Tap {
    fn new(delay_samples: f64) -> Self {
        let whole = delay_samples.floor();
        let fraction = delay_samples - whole;
        let whole = whole as usize;
        let half = if fraction == 0.0 { 0 } else { (whole + 1).min(MAX_HALF) };
        let mut coefficients = [0.0; 2 * MAX_HALF];
        lagrange(&mut coefficients[..2 * half], half as f64 - 1.0 + fraction);
        Self { delay_samples, whole, half, coefficients }
    }

    fn is_whole(&self) -> bool {
        self.half == 0
    }

    /// The delayed signal of a run of at most [`RUN`] samples that begins at `origin` in the ring.
    fn read(&self, ring: &[f32], origin: usize, delayed: &mut [f64]) {
        let length = delayed.len();
        let mut heard = [0.0f32; RUN + 2 * MAX_HALF];
        if self.is_whole() {
            let heard = &mut heard[..length];
            read_ring(ring, before(ring, origin, self.whole), heard);
            for (delayed, heard) in delayed.iter_mut().zip(heard) {
                *delayed = f64::from(*heard);
            }
            return;
        }
        let taps = 2 * self.half;
        let heard = &mut heard[..length + taps - 1];
        read_ring(ring, before(ring, origin, self.whole + self.half), heard);
        let mut wide = [0.0f64; RUN + 2 * MAX_HALF];
        for (wide, heard) in wide.iter_mut().zip(heard) {
            *wide = f64::from(*heard);
        }
        let coefficients = &self.coefficients[..taps];
        let (groups, rest) = delayed.as_chunks_mut::<16>();
        for (n, group) in groups.iter_mut().enumerate() {
            *group = convolved(coefficients, &wide[16 * n..]);
        }
        let done = length - rest.len();
        for (n, one) in rest.iter_mut().enumerate() {
            [*one] = convolved(coefficients, &wide[done + n..]);
        }
    }
}

/// The first `N` outputs of the taps running along `samples`, oldest first. Sixteen at once stay in
/// registers as vectors; each is summed in the same order for every `N`.
#[inline]
fn convolved<const N: usize>(coefficients: &[f64], samples: &[f64]) -> [f64; N] {
    let mut sums = [0.0; N];
    for (c, window) in coefficients.iter().rev().zip(samples.windows(N)) {
        for (sum, sample) in sums.iter_mut().zip(window) {
            *sum += c * sample;
        }
    }
    sums
}

/// Lagrange's weights for reading between equidistant samples at `position`, which must not be one
/// of them. Barycentric: c[k] ∝ (−1)ᵏ·binomial(N, k)/(position − k), made to sum to one, so that
/// the gain at 0 Hz is 1 to the last bits.
fn lagrange(coefficients: &mut [f64], position: f64) {
    let order = coefficients.len() as f64 - 1.0;
    let mut binomial = 1.0;
    let mut sum = 0.0;
    for (k, c) in coefficients.iter_mut().enumerate() {
        let k = k as f64;
        *c = binomial / (position - k);
        sum += *c;
        binomial *= -(order - k) / (k + 1.0);
    }
    for c in coefficients {
        *c /= sum;
    }
}

/// The place in the ring `distance` samples before `origin`, at most once around.
fn before(ring: &[f32], origin: usize, distance: usize) -> usize {
    if origin >= distance { origin - distance } else { origin + ring.len() - distance }
}

fn write_ring(ring: &mut [f32], at: usize, samples: &[f32]) {
    let (before_seam, after_seam) = samples.split_at(samples.len().min(ring.len() - at));
    ring[at..at + before_seam.len()].copy_from_slice(before_seam);
    ring[..after_seam.len()].copy_from_slice(after_seam);
}

fn read_ring(ring: &[f32], at: usize, samples: &mut [f32]) {
    let (before_seam, after_seam) = samples.split_at_mut(samples.len().min(ring.len() - at));
    before_seam.copy_from_slice(&ring[at..at + before_seam.len()]);
    after_seam.copy_from_slice(&ring[..after_seam.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::programme;
    use crate::db;
    use std::f64::consts::TAU;

    const RATE: f64 = 48_000.0;

    fn prepared(delay_in_samples: f64) -> FractionalDelay {
        let mut delay = FractionalDelay::new();
        delay.prepare(RATE, 512);
        delay.set_params(&in_samples(delay_in_samples));
        delay
    }

    fn in_samples(samples: f64) -> DelayParams {
        DelayParams { delay_ms: samples * 1000.0 / RATE }
    }

    fn run(delay: &mut FractionalDelay, input: &[f32]) -> Vec<f32> {
        let mut output = input.to_vec();
        for block in output.chunks_mut(333) {
            delay.process(&mut [block], &[]);
        }
        output
    }

    /// Frequency response at `cycles` per sample, as real and imaginary part.
    fn response(coefficients: &[f64], cycles: f64) -> (f64, f64) {
        coefficients.iter().enumerate().fold((0.0, 0.0), |(re, im), (k, c)| {
            let phase = TAU * cycles * k as f64;
            (re + c * phase.cos(), im - c * phase.sin())
        })
    }

    /// Up to which part of the sample rate the magnitude is within 0.1 dB, and the response within
    /// −60 dB of the ideal delay.
    fn edges(half: usize, fraction: f64) -> (f64, f64) {
        let tap = Tap::new(half as f64 - 1.0 + fraction);
        let c = &tap.coefficients[..2 * half];
        assert_eq!(tap.half, half);
        let edge = |bad: &dyn Fn(f64) -> bool| {
            (1..5000).map(|n| f64::from(n) / 10_000.0).find(|&f| bad(f)).unwrap_or(0.5)
        };
        let flat = edge(&|f| {
            let (re, im) = response(c, f);
            db::from_gain(re.hypot(im)).abs() > 0.1
        });
        let close = edge(&|f| {
            let (re, im) = response(c, f);
            let ideal = -TAU * f * (half as f64 - 1.0 + fraction);
            (re - ideal.cos()).hypot(im - ideal.sin()) > 1e-3
        });
        (flat, close)
    }

    #[test]
    fn has_the_bandwidth_of_the_table() {
        for (half, flat, close) in
            [(1, 0.0482, 0.0142), (2, 0.1350, 0.0726), (4, 0.2272, 0.1627), (16, 0.3590, 0.3187)]
        {
            let (f, c) = edges(half, 0.5);
            println!("h {half}: 0.1 dB to {f:.4}, -60 dB to {c:.4}");
            assert!((f - flat).abs() < 1.1e-4 && (c - close).abs() < 1.1e-4);
            // Other fractions are no worse.
            for step in 1..16 {
                let (other_flat, other_close) = edges(half, f64::from(step) / 16.0);
                assert!(other_flat >= f - 1e-4 && other_close >= c - 1e-4, "h {half}, {step}/16");
            }
        }
    }

    #[test]
    fn lagrange_reproduces_polynomials() {
        // Of degree up to the number of taps less one: that is what it means.
        let mut c = [0.0; 6];
        lagrange(&mut c, 2.3);
        for degree in 0..6 {
            let read: f64 = c.iter().enumerate().map(|(k, c)| c * (k as f64).powi(degree)).sum();
            assert!((read - 2.3f64.powi(degree)).abs() < 1e-12);
        }
    }

    #[test]
    fn whole_delays_are_copies() {
        let input = &programme(1, 1, RATE)[0];
        for delay in [0usize, 1, 2, 17, 64, 65, 480, 4799, 4800] {
            let output = run(&mut prepared(delay as f64), input);
            assert!(output[..delay].iter().all(|&y| y == 0.0));
            assert_eq!(output[delay..], input[..input.len() - delay], "{delay}");
        }
    }

    #[test]
    fn fractional_delays_delay_a_sine_by_that_much() {
        for delay in [0.5, 1.25, 3.75, 15.5, 100.125, 4799.5] {
            let half = (delay as usize + 1).min(MAX_HALF);
            let frequency = edges(half, 0.5).1 * 0.98;
            let sine = |n: f64| 0.5 * (TAU * frequency * n).sin();
            let input: Vec<f32> = (0..9000).map(|n| sine(f64::from(n)) as f32).collect();
            let output = run(&mut prepared(delay), &input);
            for (n, y) in output.iter().enumerate().skip(4900) {
                let error = f64::from(*y) - sine(n as f64 - delay);
                assert!(error.abs() < 0.5e-3, "{error:e} at {n}, delay {delay}");
            }
        }
    }

    #[test]
    fn the_grid_survives_milliseconds_and_f32() {
        for rate in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            for samples in [0, 1, 5, 7, 441, 4409, 4410] {
                let delay_ms = (f64::from(samples) * 1000.0 / rate) as f32;
                assert_eq!(delay_samples(delay_ms.into(), rate), f64::from(samples));
            }
        }
        assert_eq!(delay_samples(1e9, 48_000.0), 4800.0);
        assert_eq!(delay_samples(-1.0, 48_000.0), 0.0);
        assert_eq!(delay_samples(f64::NAN, 48_000.0), 0.0);
    }

    #[test]
    fn a_change_fades_between_two_fixed_delays() {
        let input = &programme(2, 1, RATE)[0];
        let (from, to) = (30.0, 700.0);
        let old = run(&mut prepared(from), input);
        let new = run(&mut prepared(to), input);
        let mut delay = prepared(from);
        let mut output = run(&mut delay, &input[..5000]);
        delay.set_params(&in_samples(to));
        // This one has to wait, and be forgotten for the next.
        let mut rest = input[5000..].to_vec();
        delay.process(&mut [&mut rest[..100]], &[]);
        delay.set_params(&in_samples(3.5));
        delay.process(&mut [&mut rest[100..400]], &[]);
        delay.set_params(&in_samples(from));
        delay.process(&mut [&mut rest[400..]], &[]);
        output.extend(rest);

        let fade = 960;
        assert_eq!(output[..5000], old[..5000]);
        for n in 0..fade {
            let t = (n + 1) as f64 / fade as f64;
            let weight = t * t * (3.0 - 2.0 * t);
            let (a, b) = (f64::from(old[5000 + n]), f64::from(new[5000 + n]));
            let expected = a + weight * (b - a);
            assert!((f64::from(output[5000 + n]) - expected).abs() < 1e-6);
        }
        // And back again straight after, arriving exactly.
        assert_eq!(output[5000 + 2 * fade..], old[5000 + 2 * fade..]);
    }

    crate::contract! {
        mod contract_of_the_delay;
        new: FractionalDelay::new,
        settings: [
            DelayParams { delay_ms: 0.0 },
            DelayParams { delay_ms: 0.013 },
            DelayParams { delay_ms: 12.0 },
            DelayParams { delay_ms: 12.345 },
            DelayParams { delay_ms: 100.0 },
            DelayParams { delay_ms: 0.0 },
            DelayParams { delay_ms: 99.987 },
        ],
    }
}
