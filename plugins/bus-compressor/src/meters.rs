//! What Stem Bus Compressor measures: levels before and after it, and its reduction.
//!
//! Measured before the monitors, so that listening to the delta or the bypass changes no reading; while
//! the key is listened to there is no output to measure. The reduction is averaged over the moments in
//! which there was a key.

use crate::dsp::Shown;
use shared_dsp::Meter;
use shared_dsp::clean_chunks::for_each_clean_chunk;
use shared_dsp::compressor::Readings;
use shared_dsp::compressor::aim::PAUSE_DB;
use shared_dsp::db;
use shared_dsp::lanes::largest_magnitude;
use shared_dsp::peak::{Peak, PeakMeter};
use shared_dsp::processor::MAX_CHANNELS;

/// The groups of readings that start over on their own, a bit each.
pub mod group {
    /// The largest reduction.
    pub const MAXIMUM: u32 = 1;
    /// The average reduction.
    pub const AVERAGE: u32 = 2;
}

/// Levels on one side of the compressor.
#[derive(Debug)]
struct Side {
    /// The largest sample since it was last taken.
    peak: f32,
    /// The falling bars, which are for whoever looks.
    levels: PeakMeter,
}

impl Side {
    fn new() -> Self {
        Self { peak: 0.0, levels: PeakMeter::new(Peak::default()) }
    }

    fn reset(&mut self) {
        self.peak = 0.0;
        self.levels.reset();
    }

    fn hear(&mut self, audio: &[&[f32]], is_watched: bool) {
        for_each_clean_chunk(audio, MAX_CHANNELS, |[left, right]| {
            self.peak = self.peak.max(largest_magnitude(left)).max(largest_magnitude(right));
        });
        if is_watched {
            self.levels.process(audio);
        }
    }

    fn take_peak_dbfs(&mut self) -> f64 {
        db::from_gain(std::mem::take(&mut self.peak).into())
    }

    fn level_dbfs(&self) -> f64 {
        self.levels.meter.level_dbfs(0).max(self.levels.meter.level_dbfs(1))
    }

    fn held_dbfs(&self) -> f64 {
        self.levels.meter.held_dbfs(0).max(self.levels.meter.held_dbfs(1))
    }
}

/// The meters of Stem Bus Compressor.
#[derive(Debug)]
pub struct CompressorMeters {
    input: Side,
    output: Side,
    is_watched: bool,
    reduction_db: [f64; 2],
    largest_db: f64,
    sum_db: f64,
    /// Readings in the sum.
    count: u64,
}

fn with_shared(audio: &[&mut [f32]], hear: impl FnOnce(&[&[f32]])) {
    match audio {
        [mono] => hear(&[&**mono]),
        [left, right, ..] => hear(&[&**left, &**right]),
        [] => {}
    }
}

impl CompressorMeters {
    /// The meters, with nobody looking; prepare them before use.
    pub fn new() -> Self {
        Self {
            input: Side::new(),
            output: Side::new(),
            is_watched: false,
            reduction_db: [0.0; 2],
            largest_db: 0.0,
            sum_db: 0.0,
            count: 0,
        }
    }

    /// Sets the sample rate. The only call that may allocate.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        for side in [&mut self.input, &mut self.output] {
            side.levels.prepare(sample_rate_hz, MAX_CHANNELS);
        }
        self.reset();
    }

    /// Forgets everything heard.
    pub fn reset(&mut self) {
        self.input.reset();
        self.output.reset();
        self.reduction_db = [0.0; 2];
        self.restart(group::MAXIMUM | group::AVERAGE);
    }

    /// Starts these [`group`]s over.
    pub fn restart(&mut self, groups: u32) {
        if groups & group::MAXIMUM != 0 {
            self.largest_db = 0.0;
        }
        if groups & group::AVERAGE != 0 {
            (self.sum_db, self.count) = (0.0, 0);
        }
    }

    /// Whether somebody looks at the levels.
    pub fn follow_levels(&mut self, is_watched: bool) {
        if self.is_watched != is_watched {
            self.is_watched = is_watched;
            // What was up when the last window closed is long over.
            self.input.levels.reset();
            self.output.levels.reset();
        }
    }

    /// Reads what comes in.
    pub fn hear_input(&mut self, audio: &[&mut [f32]]) {
        with_shared(audio, |audio| self.input.hear(audio, self.is_watched));
    }

    /// Reads what goes out.
    pub fn hear_output(&mut self, audio: &[&mut [f32]]) {
        with_shared(audio, |audio| self.output.hear(audio, self.is_watched));
    }

    /// Takes what the compressor did in the last sixtieth of a second, and hands over what histories keep;
    /// the largest samples start over.
    pub fn publish_traced(&mut self, readings: &Readings, mut set: impl FnMut(Shown, f64)) {
        self.reduction_db = readings.reduction_db;
        let [first, second] = readings.reduction_db;
        let reduction_db = first.max(second);
        let loudest = usize::from(readings.level_db[1] > readings.level_db[0]);
        let level_db = readings.level_db[loudest];
        self.largest_db = self.largest_db.max(reduction_db);
        if level_db > f64::from(PAUSE_DB) {
            self.sum_db += reduction_db;
            self.count += 1;
        }
        set(Shown::InputPeak, self.input.take_peak_dbfs());
        set(Shown::OutputPeak, self.output.take_peak_dbfs());
        set(Shown::GainReduction, reduction_db);
        set(Shown::KeyLevel, level_db);
        set(Shown::SlowShare, readings.slow_share[loudest]);
    }

    /// Hands over the rest but for what concerns the key.
    pub fn publish(&self, mut set: impl FnMut(Shown, f64)) {
        set(Shown::ReductionFirst, self.reduction_db[0]);
        set(Shown::ReductionSecond, self.reduction_db[1]);
        let average = if self.count == 0 { f64::NAN } else { self.sum_db / self.count as f64 };
        set(Shown::ReductionAverage, average);
        set(Shown::ReductionMaximum, self.largest_db);
        set(Shown::InputLevel, self.input.level_dbfs());
        set(Shown::InputHeld, self.input.held_dbfs());
        set(Shown::OutputLevel, self.output.level_dbfs());
        set(Shown::OutputHeld, self.output.held_dbfs());
    }
}

impl Default for CompressorMeters {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::READINGS;

    fn readings(reduction_db: [f64; 2], level_db: f64) -> Readings {
        Readings { reduction_db, level_db: [level_db - 3.0, level_db], slow_share: [0.0, 0.5] }
    }

    fn read(meters: &mut CompressorMeters, did: &Readings) -> Vec<f64> {
        let mut all = vec![f64::NAN; READINGS.len()];
        meters.publish_traced(did, |shown, value| all[shown as usize] = value);
        meters.publish(|shown, value| all[shown as usize] = value);
        all
    }

    #[test]
    fn the_reduction_is_averaged_while_there_is_a_key_and_starts_over_by_group() {
        let mut meters = CompressorMeters::new();
        meters.prepare(48_000.0);
        assert!(
            read(&mut meters, &readings([0.0; 2], -200.0))[Shown::ReductionAverage as usize]
                .is_nan()
        );
        read(&mut meters, &readings([1.0, 2.0], -20.0));
        read(&mut meters, &readings([6.0, 3.0], -10.0));
        // A pause, in which what is left of a reduction says nothing.
        let all = read(&mut meters, &readings([0.5, 0.5], -90.0));
        let at = |all: &[f64], shown: Shown| all[shown as usize];
        assert_eq!(at(&all, Shown::ReductionAverage), 4.0);
        assert_eq!(at(&all, Shown::ReductionMaximum), 6.0);
        assert_eq!((at(&all, Shown::KeyLevel), at(&all, Shown::SlowShare)), (-90.0, 0.5));
        meters.restart(group::MAXIMUM);
        let all = read(&mut meters, &readings([1.0, 1.0], -90.0));
        assert_eq!(at(&all, Shown::ReductionAverage), 4.0);
        assert_eq!(at(&all, Shown::ReductionMaximum), 1.0);
        meters.restart(group::AVERAGE);
        let all = read(&mut meters, &readings([1.5, 1.0], -20.0));
        assert_eq!(at(&all, Shown::ReductionAverage), 1.5);
        assert_eq!(at(&all, Shown::ReductionMaximum), 1.5);
        assert_eq!((at(&all, Shown::ReductionFirst), at(&all, Shown::ReductionSecond)), (1.5, 1.0));
    }

    #[test]
    fn levels_are_those_of_the_louder_channel_while_somebody_looks() {
        let mut meters = CompressorMeters::new();
        meters.prepare(48_000.0);
        let (mut left, mut right) = ([0.25f32; 64], [-0.5f32; 64]);
        meters.hear_input(&[&mut left, &mut right]);
        meters.hear_output(&[&mut left]);
        let all = read(&mut meters, &readings([0.0; 2], -200.0));
        assert!((all[Shown::InputPeak as usize] + 6.02).abs() < 0.01);
        assert!((all[Shown::OutputPeak as usize] + 12.04).abs() < 0.01);
        assert_eq!(all[Shown::InputLevel as usize], f64::NEG_INFINITY);
        meters.follow_levels(true);
        right[3] = f32::NAN;
        meters.hear_input(&[&mut left, &mut right]);
        let all = read(&mut meters, &readings([0.0; 2], -200.0));
        for shown in [Shown::InputPeak, Shown::InputLevel, Shown::InputHeld] {
            assert!((all[shown as usize] + 6.02).abs() < 0.01, "{shown:?}");
        }
        assert_eq!(all[Shown::OutputPeak as usize], f64::NEG_INFINITY, "it has started over");
    }
}
