//! Everything a limiter shows of levels and loudness, before and after it.
//!
//! True peak before (ITU 4x) and after (ITU 4x and strict 16x), sample peaks of both for a history, and
//! the loudness of what leaves: the same meters as on their own, with the same readings to the bit.
//! What they share is the door (the check for NaN) and a chunk still warm in the cache.
//!
//! Maxima and loudness are measured always. The falling bars are for whoever looks:
//! [`follow_levels`](LimiterReadings::follow_levels). While nobody does, true peaks are interpolated only
//! where they could be a new maximum, and no other reading changes by a bit. The strict meter has no bar.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::clean_chunks::for_each_clean_chunk;
use crate::lanes::largest_magnitude;
use crate::loudness::Loudness;
use crate::processor::{MAX_CHANNELS, Meter};
use crate::true_peak::TruePeak;
use crate::vectorize::vectorize;

/// The meters of a limiter. Read them through their fields.
#[derive(Debug, Clone)]
pub struct LimiterReadings {
    /// True peak of what comes in, by BS.1770.
    pub input: TruePeak,
    /// True peak of what goes out, by BS.1770.
    pub output: TruePeak,
    /// True peak of what goes out, strictly: its maximum alone.
    pub strict: TruePeak,
    /// Loudness of what goes out.
    pub loudness: Loudness,
    arch: pulp::Arch,
    sample_rate_hz: f64,
    input_peak: f32,
    output_peak: f32,
    paused: bool,
    measured_samples: u64,
}

impl Default for LimiterReadings {
    fn default() -> Self {
        Self::new()
    }
}

impl LimiterReadings {
    /// The meters; prepare them before use.
    pub fn new() -> Self {
        let mut strict = TruePeak::strict_16x();
        strict.follow_level(false);
        Self {
            input: TruePeak::itu_4x(),
            output: TruePeak::itu_4x(),
            strict,
            loudness: Loudness::new(),
            arch: pulp::Arch::new(),
            sample_rate_hz: 48_000.0,
            input_peak: 0.0,
            output_peak: 0.0,
            paused: false,
            measured_samples: 0,
        }
    }

    /// Sets the sample rate. The only call that may allocate. A mono signal has one channel more of
    /// silence, which counts for nothing.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        for meter in [&mut self.input, &mut self.output, &mut self.strict] {
            meter.prepare(sample_rate_hz, MAX_CHANNELS);
        }
        self.loudness.prepare(sample_rate_hz, MAX_CHANNELS);
        self.reset();
    }

    /// Forgets everything heard. A pause goes on.
    pub fn reset(&mut self) {
        for meter in [&mut self.input, &mut self.output, &mut self.strict] {
            meter.reset();
        }
        self.reset_loudness();
        (self.input_peak, self.output_peak) = (0.0, 0.0);
    }

    /// Starts loudness over. A pause goes on.
    pub fn reset_loudness(&mut self) {
        self.loudness.reset();
        self.measured_samples = 0;
        self.pause_loudness(self.paused);
    }

    /// Holds integrated loudness and range as they are, or goes on. Kept over resets.
    pub fn pause_loudness(&mut self, paused: bool) {
        self.paused = paused;
        if paused { self.loudness.pause() } else { self.loudness.resume() }
    }

    /// Whether the falling bars of input and output follow the signal. Kept over resets.
    pub fn follow_levels(&mut self, follow: bool) {
        self.input.follow_level(follow);
        self.output.follow_level(follow);
    }

    /// Reads what comes in: one channel or two.
    pub fn hear_input(&mut self, audio: &[&[f32]]) {
        let arch = self.arch;
        vectorize(
            arch,
            #[inline(always)]
            || {
                for_each_clean_chunk(
                    audio,
                    MAX_CHANNELS,
                    #[inline(always)]
                    |chunk| {
                        self.input_peak = self.input_peak.max(peak(chunk));
                        self.input.process_clean(chunk);
                    },
                );
            },
        );
    }

    /// Reads what goes out: as many channels.
    pub fn hear_output(&mut self, audio: &[&[f32]]) {
        if !self.paused {
            self.measured_samples += audio.first().map_or(0, |channel| channel.len() as u64);
        }
        let arch = self.arch;
        vectorize(
            arch,
            #[inline(always)]
            || {
                for_each_clean_chunk(
                    audio,
                    MAX_CHANNELS,
                    #[inline(always)]
                    |chunk| {
                        self.output_peak = self.output_peak.max(peak(chunk));
                        self.output.process_clean(chunk);
                        self.strict.process_clean(chunk);
                        self.loudness.process_clean_pair(chunk);
                    },
                );
            },
        );
    }

    /// The largest samples in and out since the last call, as amplitudes.
    pub fn take_peaks(&mut self) -> [f32; 2] {
        [&mut self.input_peak, &mut self.output_peak].map(std::mem::take)
    }

    /// How long the loudness was measured since it started over, in seconds, pauses left out.
    pub fn measured_s(&self) -> f64 {
        self.measured_samples as f64 / self.sample_rate_hz
    }
}

#[inline(always)]
fn peak([left, right]: [&[f32]; 2]) -> f32 {
    largest_magnitude(left).max(largest_magnitude(right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::programme;

    /// Everything that does not depend on whether the levels are followed.
    fn lasting(readings: &mut LimiterReadings) -> Vec<u64> {
        let mut all = Vec::new();
        for meter in [&readings.input, &readings.output, &readings.strict] {
            for channel in 0..2 {
                all.push(meter.max_dbtp(channel).to_bits());
                all.push(meter.max_position_samples(channel));
            }
        }
        let loudness = &readings.loudness;
        all.extend([loudness.momentary_lufs(), loudness.shortterm_lufs()].map(f64::to_bits));
        all.extend([loudness.integrated_lufs(), loudness.range_lu()].map(f64::to_bits));
        all.extend(readings.take_peaks().map(|peak| u64::from(peak.to_bits())));
        all.push(readings.measured_s().to_bits());
        all
    }

    fn ready() -> LimiterReadings {
        let mut readings = LimiterReadings::new();
        readings.prepare(48_000.0);
        readings
    }

    fn hear(readings: &mut LimiterReadings, [left, right]: [&[f32]; 2]) {
        readings.hear_input(&[left, right]);
        let quieter = [left, right].map(|c| c.iter().map(|x| 0.8 * x).collect::<Vec<_>>());
        readings.hear_output(&[&quieter[0], &quieter[1]]);
    }

    #[test]
    fn nobody_looking_changes_no_bit_of_what_lasts() {
        for seed in 0..4 {
            let signal = programme(seed, 2, 48_000.0);
            let (mut watched, mut alone) = (ready(), ready());
            alone.follow_levels(false);
            for (n, (left, right)) in signal[0].chunks(301).zip(signal[1].chunks(301)).enumerate() {
                for readings in [&mut watched, &mut alone] {
                    if n == 40 {
                        readings.input.reset_maximum();
                        readings.strict.reset_maximum();
                    }
                    hear(readings, [left, right]);
                }
                assert_eq!(lasting(&mut watched), lasting(&mut alone), "block {n} of {seed}");
            }
            assert!(watched.input.level_dbtp(0).is_finite());
            assert_eq!(alone.input.level_dbtp(0), f64::NEG_INFINITY);
        }
    }

    #[test]
    fn meters_read_as_they_do_alone() {
        let signal = programme(9, 2, 48_000.0);
        let (mut readings, mut strict, mut loudness) =
            (ready(), TruePeak::strict_16x(), Loudness::new());
        strict.prepare(48_000.0, 2);
        loudness.prepare(48_000.0, 2);
        for (left, right) in signal[0].chunks(97).zip(signal[1].chunks(97)) {
            readings.hear_output(&[left, right]);
            strict.process(&[left, right]);
            loudness.process(&[left, right]);
        }
        assert_eq!(readings.strict.max_dbtp(1), strict.max_dbtp(1));
        assert_eq!(readings.loudness.integrated_lufs(), loudness.integrated_lufs());
    }

    #[test]
    fn a_maximum_is_found_again_after_its_reset_alone() {
        let mut readings = ready();
        // Whole periods, so that one goes on where the last one ended.
        let step = std::f64::consts::TAU * 458.0 / 9600.0;
        let tone = |gain: f64, frames: usize| -> Vec<f32> {
            (0..frames).map(|n| (gain * (step * n as f64).sin()) as f32).collect()
        };
        hear(&mut readings, [&tone(0.9, 9600), &tone(0.9, 9600)]);
        let loudest = readings.output.max_dbtp(0);
        readings.input.reset_maximum();
        // Far below the bar, which is still up.
        hear(&mut readings, [&tone(0.1, 9600), &tone(0.1, 9600)]);
        // The end of the louder tone was still to be read.
        readings.input.reset_maximum();
        hear(&mut readings, [&tone(0.1, 9600), &tone(0.1, 9600)]);
        assert!((readings.input.max_dbtp(0) + 20.0).abs() < 0.1, "{}", readings.input.max_dbtp(0));
        assert_eq!(readings.output.max_dbtp(0), loudest);
    }

    #[test]
    fn a_pause_measures_nothing_and_outlives_a_reset() {
        let mut readings = ready();
        let tone: Vec<f32> = (0..48_000).map(|n| (0.13 * n as f32).sin()).collect();
        hear(&mut readings, [&tone, &tone]);
        let integrated = readings.loudness.integrated_lufs();
        readings.pause_loudness(true);
        let soft: Vec<f32> = tone.iter().map(|x| 0.5 * x).collect();
        hear(&mut readings, [&soft, &soft]);
        assert_eq!(readings.loudness.integrated_lufs(), integrated);
        assert_eq!(readings.measured_s(), 1.0);
        readings.reset_loudness();
        hear(&mut readings, [&tone, &tone]);
        assert_eq!(readings.loudness.integrated_lufs(), f64::NEG_INFINITY);
        assert_eq!(readings.measured_s(), 0.0);
        readings.pause_loudness(false);
        hear(&mut readings, [&tone, &tone]);
        assert!(readings.loudness.integrated_lufs().is_finite());
        assert_eq!(readings.measured_s(), 1.0);
    }
}
