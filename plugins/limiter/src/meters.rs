//! What Stem Limiter measures: peaks before and after, and the loudness of what leaves it.
//!
//! Measured after limiter and dither and before the monitors, so that listening to the delta or the
//! bypass changes no reading. The input's peaks are shown after the gain, beside the ceiling that they
//! meet.

use crate::dsp::Shown;
use shared_dsp::db;
use shared_dsp::limiter_readings::LimiterReadings;

/// The groups of readings that start over on their own, a bit each.
pub mod group {
    /// Loudness: momentary, short-term, integrated, range, and how long it was measured.
    pub const LOUDNESS: u32 = 1;
    /// The largest true peak that came in.
    pub const INPUT_MAXIMUM: u32 = 2;
    /// The largest true peak that went out, by BS.1770's filter.
    pub const OUTPUT_MAXIMUM: u32 = 4;
    /// The same by the strict meter.
    pub const STRICT_MAXIMUM: u32 = 8;
    /// The largest reduction.
    pub const REDUCTION_MAXIMUM: u32 = 16;
    /// All of them.
    pub const ALL: u32 = 31;
}

/// The meters of Stem Limiter.
#[derive(Debug)]
pub struct LimiterMeters {
    readings: LimiterReadings,
    reduction_db: f64,
    largest_reduction_db: f64,
}

/// The larger of both channels.
fn larger(of: impl Fn(usize) -> f64) -> f64 {
    of(0).max(of(1))
}

fn with_shared(audio: &[&mut [f32]], hear: impl FnOnce(&[&[f32]])) {
    match audio {
        [mono] => hear(&[&**mono]),
        [left, right, ..] => hear(&[&**left, &**right]),
        [] => {}
    }
}

impl LimiterMeters {
    /// The meters, with nobody looking; prepare them before use.
    pub fn new() -> Self {
        let mut readings = LimiterReadings::new();
        readings.follow_levels(false);
        Self { readings, reduction_db: 0.0, largest_reduction_db: 0.0 }
    }

    /// Sets the sample rate. The only call that may allocate.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.readings.prepare(sample_rate_hz);
        (self.reduction_db, self.largest_reduction_db) = (0.0, 0.0);
    }

    /// Forgets everything heard. A pause goes on.
    pub fn reset(&mut self) {
        self.readings.reset();
        (self.reduction_db, self.largest_reduction_db) = (0.0, 0.0);
    }

    /// Starts these [`group`]s over.
    pub fn restart(&mut self, groups: u32) {
        let is = |group: u32| groups & group != 0;
        if is(group::LOUDNESS) {
            self.readings.reset_loudness();
        }
        for (group, meter) in [
            (group::INPUT_MAXIMUM, &mut self.readings.input),
            (group::OUTPUT_MAXIMUM, &mut self.readings.output),
            (group::STRICT_MAXIMUM, &mut self.readings.strict),
        ] {
            if is(group) {
                meter.reset_maximum();
            }
        }
        if is(group::REDUCTION_MAXIMUM) {
            self.largest_reduction_db = 0.0;
        }
    }

    /// Holds the integrated loudness and the range, or goes on.
    pub fn pause(&mut self, paused: bool) {
        self.readings.pause_loudness(paused);
    }

    /// Whether somebody looks at the levels.
    pub fn follow_levels(&mut self, follow: bool) {
        self.readings.follow_levels(follow);
    }

    /// Reads what comes in.
    pub fn hear_input(&mut self, audio: &[&mut [f32]]) {
        with_shared(audio, |audio| self.readings.hear_input(audio));
    }

    /// Reads what goes out.
    pub fn hear_output(&mut self, audio: &[&mut [f32]]) {
        with_shared(audio, |audio| self.readings.hear_output(audio));
    }

    /// Takes the reduction of the last sixtieth of a second, in dB.
    pub fn hear_reduction(&mut self, reduction_db: f64) {
        self.reduction_db = reduction_db;
        self.largest_reduction_db = self.largest_reduction_db.max(reduction_db);
    }

    /// Hands over what a history draws; the largest since the last call starts over. `gain_db` is the
    /// gain before the limiter.
    pub fn publish_traced(&mut self, gain_db: f64, mut set: impl FnMut(Shown, f64)) {
        let [input_peak, output_peak] = self.readings.take_peaks().map(f64::from);
        set(Shown::GainReduction, self.reduction_db);
        set(Shown::InputPeak, db::from_gain(input_peak) + gain_db);
        set(Shown::OutputPeak, db::from_gain(output_peak));
    }

    /// Hands over everything else.
    pub fn publish(&self, gain_db: f64, mut set: impl FnMut(Shown, f64)) {
        set(Shown::ReductionMaximum, self.largest_reduction_db);
        let LimiterReadings { input, output, strict, loudness, .. } = &self.readings;
        set(Shown::InputLevel, larger(|c| input.level_dbtp(c)) + gain_db);
        set(Shown::InputHeld, larger(|c| input.held_dbtp(c)) + gain_db);
        set(Shown::InputMaximum, larger(|c| input.max_dbtp(c)) + gain_db);
        set(Shown::OutputLevel, larger(|c| output.level_dbtp(c)));
        set(Shown::OutputHeld, larger(|c| output.held_dbtp(c)));
        set(Shown::OutputMaximum, larger(|c| output.max_dbtp(c)));
        set(Shown::StrictMaximum, larger(|c| strict.max_dbtp(c)));
        set(Shown::Momentary, loudness.momentary_lufs());
        set(Shown::ShortTerm, loudness.shortterm_lufs());
        set(Shown::Integrated, loudness.integrated_lufs());
        set(Shown::Range, loudness.range_lu());
        set(Shown::Measured, self.readings.measured_s().floor());
    }
}

impl Default for LimiterMeters {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::READINGS;

    /// A second of a tone of 997 Hz at this amplitude, then the readings.
    fn heard(amplitude: f32, gain_db: f64) -> Vec<f64> {
        let mut meters = LimiterMeters::new();
        meters.prepare(48_000.0);
        let tone = |n: usize| (n as f32 * 997.0 / 48_000.0 * std::f32::consts::TAU).sin();
        let mut left: Vec<f32> = (0..48_000 * 4).map(|n| amplitude * tone(n)).collect();
        let mut right = left.clone();
        let audio: [&mut [f32]; 2] = [&mut left, &mut right];
        meters.hear_input(&audio);
        meters.hear_output(&audio);
        all(&mut meters, gain_db)
    }

    fn all(meters: &mut LimiterMeters, gain_db: f64) -> Vec<f64> {
        let mut readings = vec![f64::NAN; READINGS.len()];
        meters.publish_traced(gain_db, |shown, value| readings[shown as usize] = value);
        meters.publish(gain_db, |shown, value| readings[shown as usize] = value);
        readings
    }

    #[test]
    fn a_tone_reads_what_it_is() {
        let readings = heard(0.5, 6.0);
        let near = |shown: Shown, value: f64| {
            let read = readings[shown as usize];
            assert!((read - value).abs() < 0.1, "{shown:?}: {read}");
        };
        near(Shown::InputPeak, -6.02 + 6.0);
        near(Shown::InputMaximum, -6.02 + 6.0);
        near(Shown::OutputPeak, -6.02);
        near(Shown::OutputMaximum, -6.02);
        near(Shown::StrictMaximum, -6.02);
        // A stereo tone of 997 Hz reads its level in dBFS of a sine, by the definition of LUFS.
        near(Shown::Integrated, -6.02);
        near(Shown::ShortTerm, -6.02);
        near(Shown::Measured, 4.0);
    }

    #[test]
    fn each_group_starts_over_alone() {
        let read = |meters: &mut LimiterMeters| all(meters, 0.0);
        let maxima = [
            (group::INPUT_MAXIMUM, Shown::InputMaximum),
            (group::OUTPUT_MAXIMUM, Shown::OutputMaximum),
            (group::STRICT_MAXIMUM, Shown::StrictMaximum),
            (group::LOUDNESS, Shown::Integrated),
            (group::REDUCTION_MAXIMUM, Shown::ReductionMaximum),
        ];
        for (group, _) in maxima {
            let mut meters = LimiterMeters::new();
            meters.prepare(48_000.0);
            let mut tone: Vec<f32> = (0..48_000).map(|n| (0.13 * n as f32).sin()).collect();
            meters.hear_input(&[&mut tone]);
            meters.hear_output(&[&mut tone]);
            meters.hear_reduction(3.0);
            let before = read(&mut meters);
            meters.restart(group);
            let after = read(&mut meters);
            for (other, shown) in maxima {
                let nothing =
                    if shown == Shown::ReductionMaximum { 0.0 } else { f64::NEG_INFINITY };
                let index = shown as usize;
                assert_ne!(before[index], nothing, "{shown:?}");
                let expected = if other == group { nothing } else { before[index] };
                assert_eq!(after[index], expected, "{shown:?} after {group}");
            }
        }
        let all = maxima.iter().fold(0, |all, (group, _)| all | group);
        assert_eq!(all, group::ALL);
    }

    #[test]
    fn peaks_start_over_once_published() {
        let mut meters = LimiterMeters::new();
        meters.prepare(48_000.0);
        let (mut loud, mut soft) = ([0.5f32; 64], [0.25f32; 64]);
        let mut peaks = Vec::new();
        let mut publish = |meters: &mut LimiterMeters| {
            meters.publish_traced(0.0, |shown, value| {
                if shown == Shown::OutputPeak {
                    peaks.push(value);
                }
            });
        };
        meters.hear_output(&[&mut loud]);
        meters.hear_output(&[&mut soft]);
        publish(&mut meters);
        meters.hear_output(&[&mut soft]);
        publish(&mut meters);
        assert!((peaks[0] + 6.02).abs() < 0.01 && (peaks[1] + 12.04).abs() < 0.01, "{peaks:?}");
    }
}
