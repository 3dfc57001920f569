//! Requantisation to 24, 20 or 16 bits, dithered and optionally noise-shaped.
//!
//! ```text
//! v[n] = x[n] − Σ c[k]·e[n−k]      y[n] = round(v[n] + d[n])      e[n] = y[n] − v[n]
//! Y(z) = X(z) + (1 − Σ c[k]·z⁻ᵏ)·E(z)                             in units of 1 LSB
//! ```
//!
//! d is triangular noise of ±1 LSB (TPDF): with it the mean and the variance of the error do not
//! depend on the signal, and e is white with a variance of LSB²/4 (Lipshitz, Wannamaker &
//! Vanderkooy, "Quantization and dither: a theoretical survey", JAES 40(5), 1992). Full scale is ±1,
//! so 1 LSB is 2^(1 − bits).
//!
//! The error feedback moves the noise where it is heard least, at the price of more of it:
//!
//! | rate | `c[1], c[2], c[3]` | noise power | source |
//! | --- | --- | --- | --- |
//! | under 40 kHz | none | 0 dB | all of the band is in the ear's best range: nowhere to put it |
//! | 40 to 64 kHz | 1.623, −0.982, 0.109 | +6.6 dB | Wannamaker, "Psychoacoustically optimal noise shaping", JAES 40(7/8), 1992, table 3: 3 taps, F-weighted for 44.1 kHz |
//! | above | 2, −1, 0 | +7.8 dB | (1 − z⁻¹)², a second-order high-pass: there is room above hearing |
//!
//! The noise is independent for each channel, seeded, and starts again with [`Dither::restart`], so
//! that every bounce from the same place is the same. The output lies exactly on the grid of the
//! depth; it is not clipped, which is the business of what comes before: [`peak_bound`] says how
//! much room it needs. Beyond ±2 at 24 bits an `f32` is coarser than the grid, and rounds to fewer
//! of its points.

use crate::finite::{or_silence, silence_non_finite, to_f32};
use crate::processor::{MAX_CHANNELS, Processor};
use crate::random::Random;

/// Word length of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BitDepth {
    /// No requantisation: the signal passes bit for bit.
    #[default]
    Off,
    /// 24 bits, 1 LSB = −138.5 dBFS.
    Bits24,
    /// 20 bits, 1 LSB = −114.4 dBFS.
    Bits20,
    /// 16 bits, 1 LSB = −90.3 dBFS.
    Bits16,
}

impl BitDepth {
    /// The amplitude of one step of the grid, full scale being ±1; 0 when off.
    pub const fn lsb(self) -> f64 {
        const fn step(bits: u32) -> f64 {
            1.0 / (1u32 << (bits - 1)) as f64
        }
        match self {
            Self::Off => 0.0,
            Self::Bits24 => step(24),
            Self::Bits20 => step(20),
            Self::Bits16 => step(16),
        }
    }
}

/// What a user sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DitherParams {
    /// Word length of the output.
    pub depth: BitDepth,
    /// Whether the noise is moved to where it is heard least.
    pub noise_shaping: bool,
}

/// Largest deviation of the output from the input, as an absolute amplitude, for inputs within ±2:
/// half a step of rounding and one of dither, through the taps of the shaper at their worst.
pub fn peak_bound(depth: BitDepth, noise_shaping: bool, sample_rate_hz: f64) -> f64 {
    let taps = shaper(noise_shaping, sample_rate_hz);
    let worst_gain = 1.0 + taps.iter().map(|c| c.abs()).sum::<f64>();
    1.5 * worst_gain * depth.lsb()
}

/// `c[1], c[2], c[3]` of the module documentation.
fn shaper(noise_shaping: bool, sample_rate_hz: f64) -> [f64; TAPS] {
    if !noise_shaping || sample_rate_hz < 40_000.0 {
        [0.0; TAPS]
    } else if sample_rate_hz < 64_000.0 {
        [1.623, -0.982, 0.109]
    } else {
        [2.0, -1.0, 0.0]
    }
}

const TAPS: usize = 3;

/// Seeds of the channels' noise: nothing up the sleeve but the digits of π.
const SEEDS: [u64; MAX_CHANNELS] = [0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344];

/// Values at least this large, in LSB, are on the grid already: such an `f32` has a step of 4 LSB
/// or more, and adding noise would only be rounded away.
const ON_GRID_LSB: f64 = (1u64 << 26) as f64;

/// Dither for one or two channels.
#[derive(Debug, Clone)]
pub struct Dither {
    sample_rate_hz: f64,
    params: DitherParams,
    taps: [f64; TAPS],
    channels: [Channel; MAX_CHANNELS],
}

#[derive(Debug, Clone)]
struct Channel {
    noise: Random,
    /// `e[n−1], e[n−2], e[n−3]` in LSB.
    errors: [f64; TAPS],
}

impl Dither {
    /// Dither that is off; call `prepare` before using it.
    pub fn new() -> Self {
        Self {
            sample_rate_hz: 48_000.0,
            params: DitherParams::default(),
            taps: [0.0; TAPS],
            channels: SEEDS.map(|seed| Channel { noise: Random::new(seed), errors: [0.0; TAPS] }),
        }
    }

    /// Starts the noise from its seed: to be called when the transport starts.
    pub fn restart(&mut self) {
        for (channel, seed) in self.channels.iter_mut().zip(SEEDS) {
            *channel = Channel { noise: Random::new(seed), errors: [0.0; TAPS] };
        }
    }
}

impl Default for Dither {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for Dither {
    type Params = DitherParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.taps = shaper(self.params.noise_shaping, sample_rate_hz);
        self.restart();
    }

    fn set_params(&mut self, params: &DitherParams) {
        if *params != self.params {
            self.params = *params;
            self.taps = shaper(params.noise_shaping, self.sample_rate_hz);
            // Errors are in LSB, and the LSB may have changed.
            self.channels.iter_mut().for_each(|channel| channel.errors = [0.0; TAPS]);
        }
    }

    fn reset(&mut self) {
        self.restart();
    }

    fn process(&mut self, audio: &mut [&mut [f32]], _key: &[&[f32]]) {
        let lsb = self.params.depth.lsb();
        for (samples, channel) in audio.iter_mut().zip(&mut self.channels) {
            if self.params.depth == BitDepth::Off {
                silence_non_finite(samples);
            } else {
                channel.requantise(samples, lsb, self.taps);
            }
        }
    }
}

impl Channel {
    fn requantise(&mut self, samples: &mut [f32], lsb: f64, taps: [f64; TAPS]) {
        let steps_per_unit = 1.0 / lsb;
        let [mut e1, mut e2, mut e3] = self.errors;
        for sample in samples {
            let x = f64::from(or_silence(*sample)) * steps_per_unit;
            let noise = self.noise.triangular();
            let mut y = x;
            let mut error = 0.0;
            if x.abs() < ON_GRID_LSB {
                let v = x - (taps[0] * e1 + taps[1] * e2 + taps[2] * e3);
                y = nearest_whole(v + noise);
                error = y - v;
            }
            [e1, e2, e3] = [error, e1, e2];
            *sample = to_f32(y * lsb);
        }
        self.errors = [e1, e2, e3];
    }
}

/// The nearest whole number, for magnitudes below 2⁵¹: adding 1.5·2⁵² leaves no room for a fraction.
/// `f64::round` is a call into a library on processors of the baseline.
#[inline]
fn nearest_whole(x: f64) -> f64 {
    const NO_FRACTION: f64 = 6_755_399_441_055_744.0;
    (x + NO_FRACTION) - NO_FRACTION
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{RATES_HZ, programme};
    use crate::db;
    use realfft::RealFftPlanner;
    use std::f64::consts::TAU;

    const DEPTHS: [BitDepth; 3] = [BitDepth::Bits24, BitDepth::Bits20, BitDepth::Bits16];

    fn prepared(depth: BitDepth, noise_shaping: bool, rate: f64) -> Dither {
        let mut dither = Dither::new();
        dither.prepare(rate, 512);
        dither.set_params(&DitherParams { depth, noise_shaping });
        dither
    }

    fn run(dither: &mut Dither, input: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let mut output = input.to_vec();
        let mut views: Vec<&mut [f32]> = output.iter_mut().map(Vec::as_mut_slice).collect();
        dither.process(&mut views, &[]);
        output
    }

    /// What was added, in LSB.
    fn errors(input: &[f32], output: &[f32], depth: BitDepth) -> Vec<f64> {
        input
            .iter()
            .zip(output)
            .map(|(x, y)| (f64::from(*y) - f64::from(*x)) / depth.lsb())
            .collect()
    }

    fn mean(values: impl Iterator<Item = f64>) -> f64 {
        let (sum, count) = values.fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
        sum / count
    }

    /// A slow sine that never leaves the middle of the grid: the signal undithered rounding is worst
    /// at.
    fn faint_sine(length: usize, depth: BitDepth) -> Vec<f32> {
        (0..length).map(|n| (0.7 * depth.lsb() * (TAU * n as f64 / 997.0).sin()) as f32).collect()
    }

    #[test]
    fn output_is_exactly_on_the_grid() {
        for depth in DEPTHS {
            for shaping in [false, true] {
                let input = programme(1, 2, 48_000.0);
                let output = run(&mut prepared(depth, shaping, 48_000.0), &input);
                for y in output.iter().flatten() {
                    assert_eq!((f64::from(*y) / depth.lsb()).fract(), 0.0);
                }
            }
        }
    }

    #[test]
    fn the_error_knows_nothing_of_the_signal() {
        const N: usize = 1 << 20;
        // Five standard deviations of a mean of N.
        let five_sigma = 5.0 / (N as f64).sqrt();
        for depth in DEPTHS {
            let input = faint_sine(N, depth);
            let output = run(&mut prepared(depth, false, 48_000.0), std::slice::from_ref(&input));
            let e = errors(&input, &output[0], depth);
            let signal: Vec<f64> = input.iter().map(|x| f64::from(*x) / depth.lsb()).collect();
            let variance = mean(e.iter().map(|e| e * e));
            assert!(mean(e.iter().copied()).abs() < 0.5 * five_sigma);
            assert!((variance - 0.25).abs() < five_sigma * 0.3, "{variance}");
            // Neither its value nor its power follows the signal; and it is white.
            let with_signal = mean(e.iter().zip(&signal).map(|(e, s)| e * s));
            let power_with_signal = mean(e.iter().zip(&signal).map(|(e, s)| (e * e - 0.25) * s));
            let power_with_power =
                mean(e.iter().zip(&signal).map(|(e, s)| (e * e - 0.25) * (s * s - 0.245)));
            let with_itself = mean(e.windows(2).map(|w| w[0] * w[1]));
            for moment in [with_signal, power_with_signal, power_with_power, with_itself] {
                assert!(moment.abs() < 0.3 * five_sigma, "{moment:e}");
            }
        }
    }

    #[test]
    fn channels_have_noise_of_their_own() {
        let input = vec![vec![0.0; 1 << 18]; 2];
        let output = run(&mut prepared(BitDepth::Bits16, false, 48_000.0), &input);
        let e = [0, 1].map(|c| errors(&input[c], &output[c], BitDepth::Bits16));
        for lag in 0..20 {
            let product = mean(e[0].iter().zip(&e[1][lag..]).map(|(a, b)| a * b));
            assert!(product.abs() < 0.25 * 5.0 / 500.0, "{product} at lag {lag}");
        }
    }

    #[test]
    fn shaped_noise_follows_the_transfer_function() {
        const SIZE: usize = 1024;
        const SEGMENTS: usize = 3000;
        let fft = RealFftPlanner::<f64>::new().plan_fft_forward(SIZE);
        let window: Vec<f64> =
            (0..SIZE).map(|n| 1.0 - (TAU * n as f64 / SIZE as f64).cos()).collect();
        let window_power: f64 = window.iter().map(|w| w * w).sum();
        for rate in [8_000.0, 44_100.0, 48_000.0, 96_000.0] {
            let depth = BitDepth::Bits16;
            let input = faint_sine(SIZE * SEGMENTS, depth);
            let output = run(&mut prepared(depth, true, rate), std::slice::from_ref(&input));
            let mut bins = fft.make_output_vec();
            let mut power = vec![0.0; bins.len()];
            for segment in errors(&input, &output[0], depth).chunks_exact(SIZE) {
                let mut time: Vec<f64> = segment.iter().zip(&window).map(|(e, w)| e * w).collect();
                fft.process(&mut time, &mut bins).unwrap();
                for (power, bin) in power.iter_mut().zip(&bins) {
                    *power += bin.norm_sqr() / window_power / SEGMENTS as f64;
                }
            }
            let taps = shaper(true, rate);
            // Below bin 16 the window blurs the steep end of the high-pass.
            for (n, power) in power.iter().enumerate().take(SIZE / 2).skip(16) {
                let (mut re, mut im) = (1.0, 0.0);
                for (k, c) in taps.iter().enumerate() {
                    let phase = TAU * (n * (k + 1)) as f64 / SIZE as f64;
                    re -= c * phase.cos();
                    im += c * phase.sin();
                }
                let error_db = db::from_power(power / (0.25 * (re * re + im * im)));
                assert!(error_db.abs() < 0.5, "{error_db} dB in bin {n} at {rate} Hz");
            }
        }
    }

    #[test]
    fn noise_power_is_as_documented() {
        for (rate, documented_db) in [(8_000.0, 0.0), (48_000.0, 6.6), (96_000.0, 7.8)] {
            let power: f64 = 1.0 + shaper(true, rate).iter().map(|c| c * c).sum::<f64>();
            assert!((db::from_power(power) - documented_db).abs() < 0.06);
        }
    }

    #[test]
    fn the_bound_is_never_exceeded_and_not_far_away() {
        for rate in RATES_HZ {
            for shaping in [false, true] {
                for depth in DEPTHS {
                    let bound = peak_bound(depth, shaping, rate);
                    // Within ±2, where the grid is finer than the input.
                    let mut input = programme(2, 1, rate).remove(0);
                    for x in &mut input {
                        *x *= 0.75;
                    }
                    input.extend(faint_sine(200_000, depth));
                    let output =
                        run(&mut prepared(depth, shaping, rate), std::slice::from_ref(&input));
                    let worst = input
                        .iter()
                        .zip(&output[0])
                        .map(|(x, y)| (f64::from(*y) - f64::from(*x)).abs())
                        .fold(0.0, f64::max);
                    assert!(worst <= bound, "{worst:e} of {bound:e}");
                    assert!(worst > 0.5 * bound, "{worst:e} of {bound:e}");
                }
            }
        }
        assert_eq!(peak_bound(BitDepth::Off, true, 48_000.0), 0.0);
    }

    #[test]
    fn silence_becomes_noise_within_the_bound() {
        for depth in DEPTHS {
            let output = run(&mut prepared(depth, true, 44_100.0), &[vec![0.0; 10_000]]);
            let peak = output[0].iter().fold(0f64, |a, y| a.max(f64::from(*y).abs()));
            assert!(peak > 0.0 && peak <= peak_bound(depth, true, 44_100.0));
        }
    }

    #[test]
    fn a_restart_repeats_the_noise() {
        let input = programme(3, 2, 48_000.0);
        let mut dither = prepared(BitDepth::Bits16, true, 48_000.0);
        let first = run(&mut dither, &input);
        assert!(run(&mut dither, &input) != first);
        dither.restart();
        assert!(run(&mut dither, &input) == first);
    }

    crate::contract! {
        mod contract_of_the_dither;
        new: Dither::new,
        settings: [
            DitherParams { depth: BitDepth::Off, noise_shaping: false },
            DitherParams { depth: BitDepth::Bits16, noise_shaping: true },
            DitherParams { depth: BitDepth::Bits24, noise_shaping: true },
            DitherParams { depth: BitDepth::Bits20, noise_shaping: false },
        ],
    }
}
