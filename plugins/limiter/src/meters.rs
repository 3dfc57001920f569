//! What Stem Limiter measures: peaks before and after, and the loudness of what leaves it.
//!
//! Measured after limiter and dither and before the monitors, so that listening to the delta or the
//! bypass changes no reading. The input's peaks are shown after the gain, beside the ceiling that they
//! meet.

use crate::dsp::Shown;
use shared_dsp::Meter;
use shared_dsp::db;
use shared_dsp::loudness::Loudness;
use shared_dsp::true_peak::TruePeak;

/// Channels measured.
const CHANNELS: usize = 2;

/// The meters of Stem Limiter.
#[derive(Debug)]
pub struct LimiterMeters {
    sample_rate_hz: f64,
    input: TruePeak,
    output: TruePeak,
    strict: TruePeak,
    loudness: Loudness,
    /// Largest samples since they were last published.
    input_peak: f32,
    output_peak: f32,
}

/// The larger of both channels.
fn larger(of: impl Fn(usize) -> f64) -> f64 {
    (0..CHANNELS).map(of).fold(f64::NEG_INFINITY, f64::max)
}

fn peak(audio: &[&[f32]]) -> f32 {
    let samples = audio.iter().flat_map(|channel| channel.iter());
    samples.filter(|x| x.is_finite()).fold(0.0, |peak, x| peak.max(x.abs()))
}

fn with_shared(audio: &[&mut [f32]], hear: impl FnOnce(&[&[f32]])) {
    match audio {
        [mono] => hear(&[&**mono]),
        [left, right, ..] => hear(&[&**left, &**right]),
        [] => {}
    }
}

impl LimiterMeters {
    /// The meters; prepare them before use.
    pub fn new() -> Self {
        Self {
            sample_rate_hz: 48_000.0,
            input: TruePeak::itu_4x(),
            output: TruePeak::itu_4x(),
            strict: TruePeak::strict_16x(),
            loudness: Loudness::new(),
            input_peak: 0.0,
            output_peak: 0.0,
        }
    }

    /// Sets the sample rate. The only call that may allocate.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        for meter in [&mut self.input, &mut self.output, &mut self.strict] {
            meter.prepare(sample_rate_hz, CHANNELS);
        }
        self.loudness.prepare(sample_rate_hz, CHANNELS);
        self.reset();
    }

    /// Forgets everything heard.
    pub fn reset(&mut self) {
        for meter in [&mut self.input, &mut self.output, &mut self.strict] {
            meter.reset();
        }
        self.loudness.reset();
        (self.input_peak, self.output_peak) = (0.0, 0.0);
    }

    /// Reads what comes in.
    pub fn hear_input(&mut self, audio: &[&mut [f32]]) {
        with_shared(audio, |audio| {
            self.input_peak = self.input_peak.max(peak(audio));
            self.input.process(audio);
        });
    }

    /// Reads what goes out.
    pub fn hear_output(&mut self, audio: &[&mut [f32]]) {
        with_shared(audio, |audio| {
            self.output_peak = self.output_peak.max(peak(audio));
            self.output.process(audio);
            self.strict.process(audio);
            self.loudness.process(audio);
        });
    }

    /// Hands over the readings; what was largest since the last call starts over. `gain_db` is the
    /// gain before the limiter.
    pub fn publish(&mut self, gain_db: f64, mut set: impl FnMut(Shown, f64)) {
        set(Shown::InputPeak, db::from_gain(f64::from(self.input_peak)) + gain_db);
        set(Shown::OutputPeak, db::from_gain(f64::from(self.output_peak)));
        (self.input_peak, self.output_peak) = (0.0, 0.0);
        set(Shown::InputLevel, larger(|c| self.input.level_dbtp(c)) + gain_db);
        set(Shown::InputHeld, larger(|c| self.input.held_dbtp(c)) + gain_db);
        set(Shown::InputMaximum, larger(|c| self.input.max_dbtp(c)) + gain_db);
        set(Shown::OutputLevel, larger(|c| self.output.level_dbtp(c)));
        set(Shown::OutputHeld, larger(|c| self.output.held_dbtp(c)));
        set(Shown::OutputMaximum, larger(|c| self.output.max_dbtp(c)));
        set(Shown::StrictMaximum, larger(|c| self.strict.max_dbtp(c)));
        set(Shown::Momentary, self.loudness.momentary_lufs());
        set(Shown::ShortTerm, self.loudness.shortterm_lufs());
        set(Shown::Integrated, self.loudness.integrated_lufs());
        set(Shown::Range, self.loudness.range_lu());
        let measured_s = self.loudness.position_samples() as f64 / self.sample_rate_hz;
        set(Shown::Measured, measured_s.floor());
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
        let mut readings = vec![f64::NAN; READINGS.len()];
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
    fn peaks_start_over_once_published() {
        let mut meters = LimiterMeters::new();
        meters.prepare(48_000.0);
        let (mut loud, mut soft) = ([0.5f32; 64], [0.25f32; 64]);
        let mut peaks = Vec::new();
        let mut publish = |meters: &mut LimiterMeters| {
            meters.publish(0.0, |shown, value| {
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
