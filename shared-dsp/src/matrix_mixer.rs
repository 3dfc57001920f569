//! Applies a [`StereoMatrix`] whose four coefficients glide.
//!
//! Each coefficient follows a [`Ramp`] of its own, sample by sample from reset, so two channels can
//! swap, change polarity or fall silent without a click. Products and sums are `f64`, rounded once.
//! Settled on the identity the output is the input bit for bit; settled on silence it is exactly 0.
//! A mono layout hears `left_from_left` alone (see [`crate::stereo_matrix`]).
//!
//! The glide is linear in the factors, not in decibels: a matrix has coefficients of either sign,
//! and a mute ends at 0, where decibels do not reach.

use crate::finite::{or_silence, silence_non_finite};
use crate::processor::Processor;
use crate::ramp::{DEFAULT_TIME_CONSTANT_MS, Ramp};
use crate::stereo_matrix::StereoMatrix;

/// The matrix of the trim, on audio.
#[derive(Debug, Clone)]
pub struct MatrixMixer {
    coefficients: [Ramp; 4],
    /// Whether a sample has been heard since reset: from then on changes glide.
    started: bool,
}

impl MatrixMixer {
    /// A mixer at the identity.
    pub fn new() -> Self {
        Self { coefficients: StereoMatrix::IDENTITY.coefficients().map(Ramp::new), started: false }
    }

    /// The matrix of the last sample.
    pub fn current(&self) -> StereoMatrix {
        StereoMatrix::from_coefficients([0, 1, 2, 3].map(|c| self.coefficients[c].value()))
    }

    /// Whether the output is, and stays, the input bit for bit. A mono layout has one coefficient.
    pub fn is_neutral(&self, channels: usize) -> bool {
        let current = self.current();
        let neutral = if channels < 2 {
            current.left_from_left == 1.0
        } else {
            current == StereoMatrix::IDENTITY
        };
        neutral && self.is_settled()
    }

    fn is_settled(&self) -> bool {
        self.coefficients.iter().all(Ramp::is_settled)
    }

    fn advance(&mut self) -> StereoMatrix {
        let [ll, lr, rl, rr] = &mut self.coefficients;
        StereoMatrix::from_coefficients([ll.next(), lr.next(), rl.next(), rr.next()])
    }

    fn process_stereo(&mut self, left: &mut [f32], right: &mut [f32]) {
        let length = left.len().min(right.len());
        let mut at = 0;
        while at < length && !self.is_settled() {
            let matrix = self.advance();
            mix(&matrix, &mut left[at], &mut right[at]);
            at += 1;
        }
        settled_stereo(&self.current(), &mut left[at..length], &mut right[at..length]);
    }

    fn process_mono(&mut self, mono: &mut [f32]) {
        let mut at = 0;
        while at < mono.len() && !self.is_settled() {
            let factor = self.advance().left_from_left;
            mono[at] = scaled(factor, mono[at]);
            at += 1;
        }
        settled_mono(self.current().left_from_left, &mut mono[at..]);
    }
}

impl Default for MatrixMixer {
    fn default() -> Self {
        Self::new()
    }
}

/// Two finite samples in a finite matrix cannot leave the range of `f64`, so all that is left to
/// guard is the range of `f32`.
#[inline]
fn within_f32(sample: f64) -> f32 {
    (sample as f32).clamp(f32::MIN, f32::MAX)
}

#[inline]
fn scaled(factor: f64, sample: f32) -> f32 {
    within_f32(factor * f64::from(or_silence(sample)))
}

#[inline]
fn mix(matrix: &StereoMatrix, left: &mut f32, right: &mut f32) {
    let (l, r) = matrix.apply(f64::from(or_silence(*left)), f64::from(or_silence(*right)));
    *left = within_f32(l);
    *right = within_f32(r);
}

fn settled_mono(factor: f64, mono: &mut [f32]) {
    if factor == 1.0 {
        silence_non_finite(mono);
    } else if factor == 0.0 {
        mono.fill(0.0);
    } else {
        for sample in mono {
            *sample = scaled(factor, *sample);
        }
    }
}

fn settled_stereo(matrix: &StereoMatrix, left: &mut [f32], right: &mut [f32]) {
    if matrix.left_from_right == 0.0 && matrix.right_from_left == 0.0 {
        settled_mono(matrix.left_from_left, left);
        settled_mono(matrix.right_from_right, right);
    } else {
        for (left, right) in left.iter_mut().zip(right) {
            mix(matrix, left, right);
        }
    }
}

impl Processor for MatrixMixer {
    type Params = StereoMatrix;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        for ramp in &mut self.coefficients {
            ramp.prepare(sample_rate_hz, DEFAULT_TIME_CONSTANT_MS);
        }
        self.reset();
    }

    /// A matrix with a coefficient that is not finite is not a matrix, and is ignored.
    fn set_params(&mut self, matrix: &StereoMatrix) {
        let targets = matrix.coefficients();
        if !targets.iter().all(|c| c.is_finite()) {
            return;
        }
        for (ramp, target) in self.coefficients.iter_mut().zip(targets) {
            if self.started {
                ramp.set_target(target);
            } else {
                ramp.jump_to(target);
            }
        }
    }

    fn reset(&mut self) {
        self.coefficients.iter_mut().for_each(Ramp::finish);
        self.started = false;
    }

    fn process(&mut self, audio: &mut [&mut [f32]], _key: &[&[f32]]) {
        match audio {
            [mono] => {
                self.started |= !mono.is_empty();
                self.process_mono(mono);
            }
            [left, right, ..] => {
                self.started |= !left.is_empty();
                self.process_stereo(left, right);
            }
            [] => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::programme;
    use crate::db;
    use crate::stereo_matrix::ChannelMode;
    use realfft::RealFftPlanner;
    use std::f64::consts::TAU;

    fn prepared(rate: f64, matrix: StereoMatrix) -> MatrixMixer {
        let mut mixer = MatrixMixer::new();
        mixer.prepare(rate, 512);
        mixer.set_params(&matrix);
        mixer
    }

    fn process(mixer: &mut MatrixMixer, audio: &mut [Vec<f32>]) {
        let mut views: Vec<&mut [f32]> = audio.iter_mut().map(Vec::as_mut_slice).collect();
        mixer.process(&mut views, &[]);
    }

    #[test]
    fn settled_it_is_the_matrix_rounded_once() {
        let matrix = StereoMatrix::width(1.7).then(StereoMatrix::gain_db(-3.0));
        let input = programme(1, 2, 48_000.0);
        let mut output = input.clone();
        process(&mut prepared(48_000.0, matrix), &mut output);
        for n in 0..input[0].len() {
            let (l, r) = matrix.apply(input[0][n].into(), input[1][n].into());
            assert_eq!((output[0][n], output[1][n]), (l as f32, r as f32));
        }
    }

    #[test]
    fn a_mute_lands_on_exact_zero_and_comes_back_bit_exact() {
        for channels in [1, 2] {
            let mut mixer = prepared(48_000.0, StereoMatrix::IDENTITY);
            let input = programme(2, channels, 48_000.0);
            let mut first = input.clone();
            process(&mut mixer, &mut first);
            assert_eq!(first, input);
            for (target, factor) in [(StereoMatrix::SILENCE, 0.0), (StereoMatrix::IDENTITY, 1.0)] {
                mixer.set_params(&target);
                let mut output = input.clone();
                process(&mut mixer, &mut output);
                // The ramp lands within 17 time constants.
                let settled = (17.0 * 0.003 * 48_000.0) as usize;
                for (x, y) in input.iter().zip(&output) {
                    for n in settled..x.len() {
                        assert_eq!(y[n], x[n] * factor);
                    }
                }
            }
        }
    }

    #[test]
    fn a_mono_layout_hears_gain_and_left_polarity() {
        let matrix = StereoMatrix::polarity(true, false).then(StereoMatrix::gain_db(6.0));
        let input = programme(3, 1, 48_000.0);
        let mut output = input.clone();
        process(&mut prepared(48_000.0, matrix), &mut output);
        for (x, y) in input[0].iter().zip(&output[0]) {
            assert_eq!(*y, (-db::to_gain(6.0) * f64::from(*x)) as f32);
        }
    }

    #[test]
    fn ignores_a_matrix_that_is_none() {
        let mut mixer = prepared(48_000.0, StereoMatrix::IDENTITY);
        mixer.set_params(&StereoMatrix::mono(f64::NAN));
        assert_eq!(mixer.current(), StereoMatrix::IDENTITY);
    }

    /// Level of everything above 1 kHz in decibels re a full-scale sine, as the peak of the signal
    /// with all bins below 1 kHz removed.
    fn peak_above_1k_db(signal: &[f32], rate: f64) -> f64 {
        let length = signal.len();
        let mut planner = RealFftPlanner::<f64>::new();
        let (forward, inverse) =
            (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let mut time: Vec<f64> = signal.iter().map(|&x| x.into()).collect();
        let mut bins = forward.make_output_vec();
        forward.process(&mut time, &mut bins).unwrap();
        let edge = (1000.0 * length as f64 / rate).ceil() as usize;
        bins[..edge].fill(0.0.into());
        inverse.process(&mut bins, &mut time).unwrap();
        let peak = time.iter().fold(0f64, |a, x| a.max(x.abs())) / length as f64;
        db::from_gain(peak)
    }

    #[test]
    fn a_sweep_under_sparse_automation_leaves_no_zipper() {
        // 12 dB down in 50 ms, told in steps every 512 samples, as some hosts do.
        for rate in [44_100.0, 48_000.0, 96_000.0] {
            // A whole number of periods, and the sweep in the middle, back up at the end: the
            // transform sees a periodic signal.
            let length = (rate * 0.4) as usize;
            let gain_db = |n: usize| {
                let t = n as f64 / rate;
                let down = ((t - 0.1) / 0.05).clamp(0.0, 1.0);
                let up = ((t - 0.25) / 0.05).clamp(0.0, 1.0);
                -12.0 * (down - up)
            };
            let mut mixer = prepared(rate, StereoMatrix::IDENTITY);
            let mut output: Vec<f32> =
                (0..length).map(|n| (TAU * 100.0 * n as f64 / rate).sin() as f32).collect();
            for (block, samples) in output.chunks_mut(512).enumerate() {
                mixer.set_params(&StereoMatrix::gain_db(gain_db(block * 512)));
                mixer.process(&mut [samples], &[]);
            }
            let residue_db = peak_above_1k_db(&output, rate);
            println!("{rate} Hz: {residue_db:.1} dBFS");
            assert!(residue_db <= -70.0, "{residue_db:.1} dBFS at {rate} Hz");
        }
    }

    crate::contract! {
        mod contract_of_the_mixer;
        new: MatrixMixer::new,
        settings: [
            StereoMatrix::IDENTITY,
            StereoMatrix::gain_db(24.0),
            StereoMatrix::channel_mode(ChannelMode::Side),
            StereoMatrix::IDENTITY,
            StereoMatrix::SILENCE,
            StereoMatrix::width(2.0).then(StereoMatrix::polarity(true, false)),
            StereoMatrix::balance(-0.3).then(StereoMatrix::channel_mode(ChannelMode::Swap)),
        ],
        observe: |mixer, out| out.extend(mixer.current().coefficients()),
    }
}
