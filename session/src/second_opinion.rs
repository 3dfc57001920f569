//! The `ebur128` crate's opinion of a signal, at less than its price.
//!
//! Its true peak is the largest part of what it costs, and most of a signal cannot change it: no
//! value between samples is greater than the filter's L1 norm times the largest sample it looks at.
//! Stretches for which that is not above the maximum so far are kept from the crate's true-peak
//! meter. What it is given comes with enough of its true surroundings that every value that could
//! count is computed as it would have been, and what lies across a cut is made of such harmless
//! samples alone. The reading is the same, to the bit.

use crate::error::{Error, Result};
use ebur128::{EbuR128, Mode};
use std::f64::consts::PI;

/// Samples judged together.
const WINDOW: usize = 64;
/// Samples before and after what counts: more than the 24 the crate's filter looks at.
const AROUND: usize = 32;

/// The crate's meters on one signal.
pub struct SecondOpinion {
    channels: usize,
    loudness: EbuR128,
    peak: TruePeak,
}

/// What they say. Peaks are amplitudes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readings {
    /// Integrated loudness in LUFS, −∞ in silence.
    pub integrated_lufs: f64,
    /// Loudness range in LU.
    pub range_lu: f64,
    /// Highest true peak of both sides.
    pub true_peak: f64,
    /// Highest sample of both sides.
    pub sample_peak: f64,
}

impl SecondOpinion {
    /// Meters at zero, for both sides of a signal or its left one alone.
    ///
    /// # Errors
    /// [`Error::Meter`] if they do not know the sample rate.
    pub fn new(sample_rate_hz: u32, channels: usize) -> Result<Self> {
        let mode = Mode::I | Mode::LRA | Mode::SAMPLE_PEAK;
        let loudness = EbuR128::new(channels as u32, sample_rate_hz, mode).map_err(refused)?;
        Ok(Self { channels, loudness, peak: TruePeak::new(sample_rate_hz)? })
    }

    /// Takes the next samples, both sides of one length.
    ///
    /// # Errors
    /// [`Error::Meter`] if the meters refuse them.
    pub fn process(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        let Self { channels, loudness, peak } = self;
        let (a, b) = rayon::join(
            || loudness.add_frames_planar_f64(&[left, right][..*channels]).map_err(refused),
            || peak.process([left, right]),
        );
        a.and(b)
    }

    /// What the meters say.
    ///
    /// # Errors
    /// [`Error::Meter`] if they will not.
    pub fn readings(&self) -> Result<Readings> {
        let sample_peak = (0..self.channels as u32).try_fold(0.0f64, |highest, side| {
            Ok(highest.max(self.loudness.sample_peak(side).map_err(refused)?))
        })?;
        Ok(Readings {
            integrated_lufs: self.loudness.loudness_global().map_err(refused)?,
            range_lu: self.loudness.loudness_range().map_err(refused)?,
            true_peak: self.peak.maximum,
            sample_peak,
        })
    }
}

/// The crate's true peak, asked where it can matter.
struct TruePeak {
    meter: EbuR128,
    bound: f64,
    maximum: f64,
    /// The last [`AROUND`] samples, then the block.
    line: [Vec<f64>; 2],
    /// Samples still to be given after the last that counted.
    after: usize,
}

impl TruePeak {
    fn new(sample_rate_hz: u32) -> Result<Self> {
        Ok(Self {
            meter: EbuR128::new(2, sample_rate_hz, Mode::TRUE_PEAK).map_err(refused)?,
            bound: bound(sample_rate_hz),
            maximum: 0.0,
            line: [vec![0.0; AROUND], vec![0.0; AROUND]],
            after: 0,
        })
    }

    fn process(&mut self, block: [&[f64]; 2]) -> Result<()> {
        for (line, block) in self.line.iter_mut().zip(block) {
            line.extend_from_slice(block);
        }
        let length = self.line[0].len();
        let mut at = AROUND;
        while at < length {
            let end = (at + WINDOW).min(length);
            let largest = self.line.iter().map(|line| largest(&line[at..end])).fold(0.0, f64::max);
            let counts = largest * self.bound > self.maximum;
            if counts || self.after > 0 {
                // After a gap, what leads up to it. None of it counted, or there were no gap.
                let from = if self.after == 0 { at - AROUND } else { at };
                let [left, right] = &self.line;
                let sides = [&left[from..end], &right[from..end]];
                self.meter.add_frames_planar_f64(&sides).map_err(refused)?;
                for side in 0..2 {
                    let peak = self.meter.true_peak(side).map_err(refused)?;
                    self.maximum = self.maximum.max(peak);
                }
                self.after = if counts { AROUND } else { self.after.saturating_sub(end - at) };
            }
            at = end;
        }
        for line in &mut self.line {
            line.drain(..length - AROUND);
        }
        Ok(())
    }
}

/// How much higher than its samples the crate can see a signal: the largest L1 norm of its filter's
/// phases, a sinc of 49 taps under a Hann window, and a little for rounding.
fn bound(sample_rate_hz: u32) -> f64 {
    let factor = if sample_rate_hz < 96_000 { 4 } else { 2 };
    let tap = |j: usize| {
        let x = PI * (j as f64 - 24.0) / factor as f64;
        let sinc = if j == 24 { 1.0 } else { x.sin() / x };
        (sinc * 0.5 * (1.0 - (2.0 * PI * j as f64 / 48.0).cos())).abs()
    };
    let norm = |phase: usize| (phase..49).step_by(factor).map(tap).sum::<f64>();
    1.001 * (0..factor).map(norm).fold(1.0, f64::max)
}

/// Several at a time, so that it is done several at a time.
fn largest(samples: &[f64]) -> f64 {
    let mut best = [0.0f64; 8];
    let mut chunks = samples.chunks_exact(8);
    for chunk in &mut chunks {
        for (best, sample) in best.iter_mut().zip(chunk) {
            let size = sample.abs();
            *best = if size > *best { size } else { *best };
        }
    }
    best.iter().copied().chain(chunks.remainder().iter().map(|s| s.abs())).fold(0.0, f64::max)
}

fn refused(error: ebur128::Error) -> Error {
    Error::Meter(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::random::Random;

    const RATES: [u32; 5] = [8000, 44_100, 48_000, 96_000, 192_000];

    /// What the crate says of everything.
    fn plain(rate: u32, left: &[f64], right: &[f64]) -> Readings {
        let mode = Mode::I | Mode::LRA | Mode::TRUE_PEAK | Mode::SAMPLE_PEAK;
        let mut meter = EbuR128::new(2, rate, mode).unwrap();
        meter.add_frames_planar_f64(&[left, right]).unwrap();
        let peak = |of: fn(&EbuR128, u32) -> std::result::Result<f64, ebur128::Error>| {
            of(&meter, 0).unwrap().max(of(&meter, 1).unwrap())
        };
        Readings {
            integrated_lufs: meter.loudness_global().unwrap(),
            range_lu: meter.loudness_range().unwrap(),
            true_peak: peak(EbuR128::true_peak),
            sample_peak: peak(EbuR128::sample_peak),
        }
    }

    #[test]
    fn the_readings_are_those_of_the_crate_to_the_bit() {
        for rate in RATES {
            for seed in 0..24 {
                let mut random = Random::new(seed);
                let frames = 6000;
                // Noise and tones under envelopes that rise, fall, burst and rest.
                let mut side = || -> Vec<f64> {
                    let turn = 0.1 + 1.4 * random.bipolar().abs();
                    (0..frames)
                        .map(|n| {
                            let t = f64::from(n) / f64::from(frames);
                            let envelope = match seed % 6 {
                                0 => 1.0,
                                1 => t * t,
                                2 => 1.0 - t,
                                3 => f64::from(n % 700 < 40),
                                4 => (0.003 * f64::from(n)).sin().powi(8),
                                _ => f64::from(n / 500 % 2) * t,
                            };
                            let tone = (turn * f64::from(n)).sin();
                            let x = envelope * (0.6 * tone + 0.4 * random.bipolar());
                            // Whole samples of full scale, alternating: the worst in between.
                            if seed % 6 == 5 { x.signum() * x.abs().ceil() * t } else { x }
                        })
                        .collect()
                };
                let (left, right) = (side(), side());
                let wanted = plain(rate, &left, &right);
                for block in [1, 7, 64, 1000, 6000] {
                    let mut meter = SecondOpinion::new(rate, 2).unwrap();
                    for (l, r) in left.chunks(block).zip(right.chunks(block)) {
                        meter.process(l, r).unwrap();
                    }
                    assert_eq!(meter.readings().unwrap(), wanted, "{rate} Hz, {seed}, {block}");
                }
            }
        }
    }

    #[test]
    fn the_bound_is_that_of_the_crates_filter() {
        for rate in RATES.into_iter().filter(|rate| *rate < 192_000) {
            // The signs of each phase's taps, backwards, are the worst it can be given.
            let factor = if rate < 96_000 { 4 } else { 2 };
            let mut worst = 0.0f64;
            for phase in 0..factor {
                let signs: Vec<f64> = (phase..49)
                    .step_by(factor)
                    .map(|j| {
                        let x = PI * (j as f64 - 24.0) / factor as f64;
                        if j == 24 || x.sin() / x >= 0.0 { 1.0 } else { -1.0 }
                    })
                    .rev()
                    .chain([0.0; 48])
                    .collect();
                worst = worst.max(plain(rate, &signs, &signs).true_peak);
            }
            let bound = bound(rate);
            assert!(worst <= bound && worst > 0.99 * bound, "{rate} Hz: {worst} under {bound}");
        }
    }

    #[test]
    fn most_of_a_song_is_skipped() {
        // A beat that decays by 40 dB: what is more than the bound below the peak costs nothing.
        let mut meter = TruePeak::new(48_000).unwrap();
        let mut given = 0;
        let mut random = Random::new(1);
        for n in 0..480 {
            let level = 10f64.powf(-f64::from(n % 48) / 24.0);
            let block: Vec<f64> = (0..100).map(|_| level * random.bipolar()).collect();
            meter.process([&block, &block]).unwrap();
            given += usize::from(meter.after > 0);
        }
        assert!(given < 200, "{given} of 480 blocks");
    }
}
