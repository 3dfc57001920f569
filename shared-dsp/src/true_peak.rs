//! True peak: how high the signal goes between its samples, in dBTP.
//!
//! Two readings, to be shown side by side:
//!
//! - **ITU 4x** ([`itu_4x`]): the filter printed in BS.1770-5, annex 2. What other
//!   meters show. It reads a sine at fs/4 up to 0.20 dB low or 0.22 dB high.
//! - **strict 16x** ([`interpolator`](crate::interpolator)): 48 taps a phase, within 0.035 dB up to
//!   0.45 fs. The honest value.
//!
//! Bar, held line and maximum are those of [`peak_ballistics`](crate::peak_ballistics). The samples
//! count too, so a true peak is never below the sample peak (annex 2 leaves them out).
//!
//! Most of the signal lies below the bar, and cannot change anything: where a bound on the
//! interpolated value ([`peak_bound`](crate::peak_bound)) proves that, the filter is not run. The proof
//! is exact; the readings are the same, to the bit, as without it. While nobody looks at the bar
//! ([`follow_level`](TruePeak::follow_level)) it need not move, and only what could pass the maximum is
//! interpolated: next to nothing.
//!
//! Range: any rate. Known deviation: other meters fall back to 2x or 1x from 96 kHz on, which reads
//! up to 0.68 and 3.01 dB low; these read at 4x and 16x at every rate. A peak is seen 6 (ITU) or 24
//! (strict) samples after it passed: send as many zeros to read the end of a file.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::clean_chunks::{CHUNK, for_each_clean_chunk};
use crate::db;
use crate::hop_sums::HOPS_PER_SECOND;
use crate::interpolator::Interpolator;
use crate::itu_4x;
use crate::lanes::{largest_bend, largest_magnitude};
use crate::peak_ballistics::PeakBallistics;
use crate::peak_bound::PeakBound;
use crate::processor::{MAX_CHANNELS, Meter};
use crate::sample_grid::SampleGrid;
use crate::vectorize::vectorize;

const STRICT_TAPS: usize = 48;
/// Intervals that are read, or skipped, together.
const SPAN: usize = 16;
/// The samples that decide it: those that the intervals look at, and a few before, so that their bends
/// fill vectors.
const ITU_WINDOW: usize = 34;
const STRICT_WINDOW: usize = 66;
/// Samples around the points of a span: its ends, and a few before them.
const AROUND: usize = SPAN + 8;
/// Room before a chunk for what the longest window looks back on.
const PAST: usize = STRICT_WINDOW - 1;

/// A true-peak meter.
#[derive(Debug, Clone)]
pub struct TruePeak {
    kernel: Kernel,
    bound: PeakBound,
    channels: usize,
    arch: pulp::Arch,
    grid: SampleGrid,
    channel: [Channel; MAX_CHANNELS],
    /// Samples until something counts again.
    starts_in: Option<usize>,
}

#[derive(Debug, Clone)]
enum Kernel {
    Itu4x,
    Strict16x(Box<Interpolator>),
}

#[derive(Debug, Clone)]
struct Channel {
    ballistics: PeakBallistics,
    max_position: u64,
    /// The past, then the chunk.
    line: [f32; PAST + CHUNK],
}

impl Default for Channel {
    fn default() -> Self {
        Self { ballistics: PeakBallistics::default(), max_position: 0, line: [0.0; PAST + CHUNK] }
    }
}

impl TruePeak {
    /// The reading of BS.1770, annex 2; call [`prepare`](Meter::prepare) before using it.
    pub fn itu_4x() -> Self {
        Self::new(Kernel::Itu4x, itu_4x::bound())
    }

    /// The accurate reading; call [`prepare`](Meter::prepare) before using it.
    pub fn strict_16x() -> Self {
        let interpolator = Interpolator::detection();
        assert_eq!(interpolator.taps(), STRICT_TAPS, "the room for its past");
        let bound = interpolator.bound();
        Self::new(Kernel::Strict16x(Box::new(interpolator)), bound)
    }

    fn new(kernel: Kernel, bound: PeakBound) -> Self {
        Self {
            kernel,
            bound,
            channels: 0,
            arch: pulp::Arch::new(),
            grid: SampleGrid::default(),
            channel: Default::default(),
            starts_in: None,
        }
    }

    /// Sets how fast the bar falls (dB/s) and how long the held line stays (ms). Kept over resets.
    pub fn set_ballistics(&mut self, decay_db_per_s: f64, hold_ms: f64) {
        for channel in &mut self.channel {
            channel.ballistics.set(decay_db_per_s, hold_ms);
        }
    }

    /// Whether bar and held line follow the signal, as they do at first. While they do not they read
    /// −∞; the maximum and its position are the same either way. Kept over resets.
    pub fn follow_level(&mut self, follow: bool) {
        for channel in &mut self.channel {
            channel.ballistics.set_follows(follow);
        }
    }

    /// Whether [`take_recent`](Self::take_recent) is going to be asked. Kept over resets.
    pub fn keep_recent(&mut self, keep: bool) {
        for channel in &mut self.channel {
            channel.ballistics.set_keeps_recent(keep);
        }
    }

    /// The highest peak of a channel that was seen since the last call, as an amplitude.
    pub fn take_recent(&mut self, channel: usize) -> f32 {
        self.channel[channel].ballistics.take_recent()
    }

    /// Whether what is heard from now on counts for maximum and recent peak. What is interpolated is what
    /// counts on all sides: nothing across a seam, where playback may have jumped. The samples next to one,
    /// half a filter, count as they are. Ends with a reset.
    pub fn set_counts(&mut self, counts: bool) {
        let counted = self.counts();
        self.starts_in = None;
        if counts {
            self.start();
        } else if counted {
            let half = self.delay_samples();
            self.take_samples(PAST - half..PAST);
            self.let_count(false);
        }
    }

    /// Forgets the maxima and the recent peaks: the next ones are of what is heard from now on, as after
    /// [`set_counts`](Self::set_counts). What does not count goes on so.
    pub fn restart(&mut self) {
        let counts = self.counts() || self.starts_in.is_some();
        self.reset_maximum();
        if counts {
            self.start();
        }
    }

    fn counts(&self) -> bool {
        self.channel[0].ballistics.counts()
    }

    fn let_count(&mut self, counts: bool) {
        for channel in &mut self.channel {
            channel.ballistics.set_counts(counts);
        }
    }

    /// Counts from where the filter looks at nothing else.
    fn start(&mut self) {
        self.let_count(false);
        self.starts_in = Some(self.taps() - 1);
    }

    /// Takes samples of the last [`PAST`] as they are.
    fn take_samples(&mut self, range: std::ops::Range<usize>) {
        let heard = self.grid.samples();
        for channel in &mut self.channel {
            let samples = &channel.line[range.clone()];
            let best = largest_magnitude(samples);
            if channel.ballistics.raise_lasting(best) {
                let at = samples.iter().position(|x| x.abs() == best).unwrap_or(0);
                channel.max_position =
                    (heard + (range.start + at) as u64).saturating_sub(PAST as u64);
            }
        }
    }

    /// Forgets the maxima alone, at once: what passed and is still to be seen counts.
    pub fn reset_maximum(&mut self) {
        for channel in &mut self.channel {
            channel.ballistics.reset_maximum();
            channel.max_position = 0;
        }
    }

    /// The falling bar in dBTP; −∞ in silence.
    pub fn level_dbtp(&self, channel: usize) -> f64 {
        db::from_gain(self.channel[channel].ballistics.bar().into())
    }

    /// The held line in dBTP; −∞ in silence.
    pub fn held_dbtp(&self, channel: usize) -> f64 {
        db::from_gain(self.channel[channel].ballistics.held().into())
    }

    /// The maximum since reset in dBTP; −∞ while there is none.
    pub fn max_dbtp(&self, channel: usize) -> f64 {
        db::from_gain(self.max(channel).into())
    }

    /// The same as an amplitude.
    pub fn max(&self, channel: usize) -> f32 {
        self.channel[channel].ballistics.maximum()
    }

    /// The sample at, or just before, the maximum, counted from reset.
    pub fn max_position_samples(&self, channel: usize) -> u64 {
        self.channel[channel].max_position
    }

    /// How many samples after it passed a peak is seen.
    pub fn delay_samples(&self) -> usize {
        match self.kernel {
            Kernel::Itu4x => itu_4x::TAPS / 2,
            Kernel::Strict16x(_) => STRICT_TAPS / 2,
        }
    }

    /// Reads a clean chunk.
    #[inline(always)]
    pub(crate) fn process_clean(&mut self, mut chunk: [&[f32]; 2]) {
        while let Some(left) = self.starts_in {
            let step = left.min(chunk[0].len());
            let [(l, l_rest), (r, r_rest)] = chunk.map(|channel| channel.split_at(step));
            self.hear_before_start([l, r]);
            chunk = [l_rest, r_rest];
            if chunk[0].is_empty() {
                return;
            }
        }
        self.hear(chunk);
    }

    /// The samples between a seam and where something counts again.
    #[inline(never)]
    fn hear_before_start(&mut self, chunk: [&[f32]; 2]) {
        self.hear(chunk);
        self.starts_in = self.starts_in.and_then(|left| left.checked_sub(chunk[0].len()));
        if self.starts_in == Some(0) {
            let (past, half) = (self.taps() - 1, self.delay_samples());
            self.starts_in = None;
            self.take_samples(PAST - past..PAST - past + half);
            self.let_count(true);
        }
    }

    #[inline(always)]
    fn hear(&mut self, chunk: [&[f32]; 2]) {
        let length = chunk[0].len();
        let start = self.grid.samples();
        let taps = self.taps();
        let mut any = false;
        for (channel, samples) in self.channel.iter_mut().zip(chunk) {
            channel.line[PAST..PAST + length].copy_from_slice(samples);
            any |= channel.ballistics.follows() || channel.may_rise(&self.bound, taps, length);
        }
        let mut from = 0;
        while from < length {
            let step = self.grid.left().min(length - from);
            let first_sample = start + from as u64;
            if any {
                for channel in &mut self.channel {
                    channel.read(&self.kernel, &self.bound, from, step, first_sample);
                }
            }
            from += step;
            if self.grid.advance(step) {
                for channel in &mut self.channel {
                    channel.ballistics.fall();
                }
            }
        }
        for channel in &mut self.channel {
            channel.line.copy_within(length..length + PAST, 0);
        }
    }

    #[inline(always)]
    fn taps(&self) -> usize {
        match self.kernel {
            Kernel::Itu4x => itu_4x::TAPS,
            Kernel::Strict16x(_) => STRICT_TAPS,
        }
    }
}

impl Channel {
    /// Whether anything in a chunk of `length` could pass the threshold as it is now.
    #[inline(always)]
    fn may_rise(&self, bound: &PeakBound, taps: usize, length: usize) -> bool {
        let seen = &self.line[PAST + 1 - taps..PAST + length];
        let around = largest_magnitude(&seen[taps / 2 - 1..=taps / 2 - 1 + length]);
        bound.may_pass(around, largest_bend(seen), self.ballistics.threshold())
    }

    /// Reads `length` samples of the chunk from `from` on, the first of which is `sample`.
    #[inline(always)]
    fn read(
        &mut self,
        kernel: &Kernel,
        bound: &PeakBound,
        from: usize,
        length: usize,
        sample: u64,
    ) {
        for done in (0..length).step_by(SPAN) {
            let count = SPAN.min(length - done);
            let until = &self.line[..PAST + from + done + count];
            let sample = sample + done as u64;
            let threshold = self.ballistics.threshold();
            match kernel {
                Kernel::Itu4x => {
                    if may_pass::<ITU_WINDOW, { itu_4x::TAPS }>(until, bound, threshold) {
                        let seen = &until[until.len() - count - (itu_4x::TAPS - 1)..];
                        let mut room = [0f32; SPAN];
                        itu_4x::peaks(seen, &mut room[..count]);
                        let peaks = &room[..count];
                        take(&mut self.ballistics, &mut self.max_position, peaks, seen, sample);
                    }
                }
                Kernel::Strict16x(kernel) => {
                    if may_pass::<STRICT_WINDOW, STRICT_TAPS>(until, bound, threshold) {
                        let seen = &until[until.len() - count - (STRICT_TAPS - 1)..];
                        let mut room = [0f32; SPAN];
                        kernel.peaks(seen, &mut room[..count]);
                        let peaks = &room[..count];
                        take(&mut self.ballistics, &mut self.max_position, peaks, seen, sample);
                    }
                }
            }
        }
    }
}

/// Whether one of up to [`SPAN`] intervals, the last of which looks at the last `TAPS` samples, could
/// hold more than `threshold`: false is certain.
#[inline(always)]
fn may_pass<const WINDOW: usize, const TAPS: usize>(
    until: &[f32],
    bound: &PeakBound,
    threshold: f32,
) -> bool {
    let window: &[f32; WINDOW] = until.last_chunk().expect("the past is longer than a window");
    let around = &window[WINDOW - TAPS / 2 + 1 - AROUND..][..AROUND];
    bound.may_pass(largest_magnitude(around), largest_bend(window), threshold)
        && bound.may_pass_by_magnitude(largest_magnitude(&window[2..]), threshold)
}

/// Takes the peaks of intervals that lie in the middle of what they look at, `seen`; the newest
/// sample behind the first of them is `sample`.
#[inline(always)]
fn take(
    ballistics: &mut PeakBallistics,
    max_position: &mut u64,
    peaks: &[f32],
    seen: &[f32],
    sample: u64,
) {
    let best = largest_magnitude(peaks);
    if ballistics.raise(best) {
        let after = peaks.iter().position(|peak| *peak == best).unwrap_or(0);
        let half = (seen.len() - peaks.len()).div_ceil(2);
        let on_its_end = u64::from(seen[after + half].abs() == best);
        *max_position = (sample + after as u64 + on_its_end).saturating_sub(half as u64);
    }
}

impl Meter for TruePeak {
    fn prepare(&mut self, sample_rate_hz: f64, channels: usize) {
        self.channels = channels.min(MAX_CHANNELS);
        self.grid.prepare(sample_rate_hz, HOPS_PER_SECOND);
        self.reset();
    }

    fn reset(&mut self) {
        self.grid.reset();
        self.starts_in = None;
        for channel in &mut self.channel {
            channel.ballistics.reset();
            channel.max_position = 0;
            channel.line.fill(0.0);
        }
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
                    |chunk| self.process_clean(chunk),
                );
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Metered, programme};
    use std::f64::consts::{PI, TAU};

    fn both(rate: f64) -> [TruePeak; 2] {
        [TruePeak::itu_4x(), TruePeak::strict_16x()].map(|mut meter| {
            meter.prepare(rate, 2);
            meter
        })
    }

    /// What the meter reads when it interpolates everything.
    fn without_shortcuts(meter: &TruePeak, signal: &[f32]) -> (f32, u64) {
        let mut line = vec![0f32; PAST];
        line.extend_from_slice(signal);
        let mut peaks = vec![0.0; signal.len()];
        let half = match &meter.kernel {
            Kernel::Itu4x => {
                itu_4x::peaks(&line[PAST + 1 - itu_4x::TAPS..], &mut peaks);
                itu_4x::TAPS / 2
            }
            Kernel::Strict16x(kernel) => {
                kernel.peaks(&line[PAST + 1 - STRICT_TAPS..], &mut peaks);
                STRICT_TAPS / 2
            }
        };
        let (mut maximum, mut position) = (0f32, 0);
        for (n, peak) in peaks.into_iter().enumerate() {
            if peak > maximum {
                maximum = peak;
                let end = line[PAST + n + 1 - half];
                position = (n + usize::from(end.abs() == peak)).saturating_sub(half);
            }
        }
        (maximum, position as u64)
    }

    #[test]
    fn skipping_changes_no_bit() {
        for seed in 0..6 {
            let mut signal = programme(seed, 1, 48_000.0).remove(0);
            if seed % 2 == 1 {
                // Growing, so that the maximum is always near.
                signal.iter_mut().enumerate().for_each(|(n, x)| *x *= 1e-4 * n as f32);
            }
            for (mut meter, follow) in both(48_000.0)
                .into_iter()
                .zip([true; 2])
                .chain(both(48_000.0).into_iter().zip([false; 2]))
            {
                meter.follow_level(follow);
                for piece in signal.chunks(97) {
                    meter.process(&[piece]);
                }
                let (maximum, position) = without_shortcuts(&meter, &signal);
                assert_eq!(meter.channel[0].ballistics.maximum(), maximum);
                assert_eq!(meter.max_position_samples(0), position);
            }
        }
    }

    #[test]
    fn sees_a_peak_between_samples_and_where_it_is() {
        for mut meter in both(48_000.0) {
            // A windowed sinc that peaks half way between two samples, on the right.
            let signal: Vec<f32> = (0..2000)
                .map(|n| {
                    let t = f64::from(n) - 1000.5;
                    let window = (PI * t / 200.0).cos().max(0.0) * f64::from(t.abs() < 100.0);
                    (0.5 * (PI * 0.8 * t).sin() / (PI * 0.8 * t) * window) as f32
                })
                .collect();
            meter.process(&[&vec![0.0; 2000], &signal]);
            let error_db = meter.max_dbtp(1) - 20.0 * 0.5f64.log10();
            assert!(error_db.abs() < 0.3, "{error_db}");
            assert_eq!(meter.max_position_samples(1), 1000);
            assert_eq!(meter.max_dbtp(0), f64::NEG_INFINITY);
        }
    }

    #[test]
    fn the_strict_reading_is_true_where_the_other_is_not() {
        let [mut itu, mut strict] = both(48_000.0);
        // fs/4, the peaks half way between samples; faded in, because a sudden start overshoots.
        let tone: Vec<f32> = (0..48_000)
            .map(|n| (TAU * (f64::from(n) / 4.0 + 0.125)).sin() * (f64::from(n) / 4800.0).min(1.0))
            .map(|x| x as f32)
            .collect();
        itu.process(&[&tone]);
        strict.process(&[&tone]);
        assert!(strict.max_dbtp(0).abs() < 0.02, "{}", strict.max_dbtp(0));
        assert!(itu.max_dbtp(0).abs() > 0.03, "{}", itu.max_dbtp(0));
        assert!(itu.max_dbtp(0).abs() < 0.25, "{}", itu.max_dbtp(0));
    }

    #[test]
    fn a_single_sample_is_never_missed() {
        for mut meter in both(44_100.0) {
            let delay = meter.delay_samples();
            let mut signal = vec![0.0; 300];
            signal[100] = -0.9;
            for (n, x) in signal.iter().enumerate() {
                meter.process(&[&[*x]]);
                // The interval before it is seen first.
                assert!(n >= 100 || meter.max_dbtp(0) == f64::NEG_INFINITY);
                assert!(n < 100 + delay || meter.max_dbtp(0) >= 20.0 * 0.9f64.log10() - 1e-6);
            }
        }
    }

    #[test]
    fn holds_falls_and_remembers() {
        for mut meter in both(48_000.0) {
            meter.set_ballistics(10.0, 500.0);
            let tone: Vec<f32> =
                (0..4800).map(|n| (TAU * f64::from(n) / 48.0).sin() as f32).collect();
            meter.process(&[&tone]);
            meter.process(&[&vec![0.0; 23_000]]);
            assert!((meter.level_dbtp(0) + 4.8).abs() < 0.1, "{}", meter.level_dbtp(0));
            assert!(meter.held_dbtp(0).abs() < 0.03);
            meter.process(&[&vec![0.0; 24_000]]);
            assert!((meter.held_dbtp(0) + 9.8).abs() < 0.1);
            assert!(meter.max_dbtp(0).abs() < 0.03);
            assert_eq!(meter.max_dbtp(1), f64::NEG_INFINITY);
        }
    }

    /// A peak of this height between samples 100 and 101 of 300.
    fn bump(height: f64) -> Vec<f32> {
        let shape = |t: f64| (PI * 0.6 * t).sin() / (PI * 0.6 * t) * (-(t / 12.0).powi(2)).exp();
        (0..300).map(|n| (height * shape(f64::from(n) - 100.5)) as f32).collect()
    }

    #[test]
    fn what_does_not_count_is_left_out_to_the_sample() {
        for mut meter in both(48_000.0) {
            meter.keep_recent(true);
            let (low, high) = (bump(0.25), bump(0.9));
            meter.process(&[&low]);
            let before = meter.max(0);
            // The loud one passes just before the pause ends, and is seen after.
            meter.set_counts(false);
            meter.process(&[&high[..104]]);
            meter.set_counts(true);
            meter.process(&[&high[104..]]);
            assert_eq!((meter.max(0), meter.max_position_samples(0)), (before, 100));
            assert_eq!(meter.take_recent(0), before);
            assert!(meter.held_dbtp(0) > -1.1);
            // One that passes before a pause begins counts, and one in the middle does.
            meter.process(&[&high[..130]]);
            meter.set_counts(false);
            assert!((meter.max_dbtp(0) - 20.0 * 0.9f64.log10()).abs() < 0.3);
            assert_eq!(meter.max_position_samples(0), 700);
        }
    }

    #[test]
    fn nothing_is_interpolated_across_a_seam_and_no_sample_is_lost() {
        for mut meter in both(48_000.0) {
            // A tone that is cut off and comes back elsewhere rings, but not where it counts.
            let tone: Vec<f32> = (0..960).map(|n| 0.5 * (0.7 * n as f32).sin()).collect();
            let turned: Vec<f32> = tone.iter().map(|x| 1.5 * x.signum()).collect();
            for _ in 0..3 {
                meter.process(&[&tone[..500]]);
                meter.set_counts(false);
                meter.process(&[&turned]);
                meter.set_counts(true);
            }
            meter.process(&[&tone]);
            // The tone starts at once at the very first.
            assert!(meter.max(0) < 0.51 && meter.max(0) > 0.49, "{}", meter.max(0));
            // Single samples on both sides of a seam, and none in it.
            for at in [1usize, 3, 20, 40] {
                meter.restart();
                assert_eq!(meter.max(0), 0.0);
                let mut click = vec![0f32; 200];
                click[200 - at] = 0.8;
                meter.process(&[&click]);
                meter.set_counts(false);
                assert!(meter.max(0) >= 0.8, "{at} before");
                assert_eq!(meter.max_position_samples(0), meter.grid.samples() - at as u64);
                meter.process(&[&[0.9]]);
                meter.set_counts(true);
                meter.restart();
                click.reverse();
                meter.process(&[&click]);
                assert!(meter.max(0) >= 0.8 && meter.max(0) < 0.85, "{at} after");
            }
        }
    }

    #[test]
    fn a_restart_forgets_what_passed_and_nothing_else() {
        for mut meter in both(48_000.0) {
            meter.keep_recent(true);
            let (low, high) = (bump(0.25), bump(0.9));
            meter.process(&[&high[..104]]);
            meter.restart();
            assert_eq!(meter.max(0), 0.0);
            meter.process(&[&high[104..]]);
            assert!(meter.max(0) < 0.3, "{}", meter.max(0));
            meter.process(&[&low]);
            assert!((meter.max_dbtp(0) - 20.0 * 0.25f64.log10()).abs() < 0.3);
            assert!(meter.held_dbtp(0) > -1.1);
            // A pause and a restart at once are both, in any order.
            meter.restart();
            meter.set_counts(false);
            meter.restart();
            meter.process(&[&high]);
            assert_eq!(meter.max_dbtp(0), f64::NEG_INFINITY);
        }
    }

    #[test]
    fn recent_peaks_are_those_of_their_stretch() {
        for mut meter in both(48_000.0) {
            for follow in [true, false] {
                meter.reset();
                meter.follow_level(follow);
                meter.keep_recent(true);
                for height in [0.9, 0.25, 0.01, 0.5] {
                    meter.process(&[&bump(height)]);
                    let error_db =
                        db::from_gain(meter.take_recent(0).into()) - db::from_gain(height);
                    assert!(error_db.abs() < 0.3, "{error_db} at {height}");
                }
            }
        }
    }

    fn observe(block: &Metered<TruePeak>, out: &mut Vec<f64>) {
        for c in 0..2 {
            let meter = &block.meter;
            out.extend([meter.level_dbtp(c), meter.held_dbtp(c), meter.max_dbtp(c)]);
            out.push(meter.max_position_samples(c) as f64);
        }
    }

    crate::contract! {
        mod contract_of_the_itu_meter;
        new: || Metered::new(TruePeak::itu_4x()),
        settings: [()],
        observe: observe,
    }

    crate::contract! {
        mod contract_of_the_strict_meter;
        new: || Metered::new(TruePeak::strict_16x()),
        settings: [()],
        observe: observe,
    }
}
