//! One file, measured from start to end.

use crate::audio_file::{AudioFormat, AudioReader};
use crate::error::{Error, Result};
use crate::measure::SingleBlock;
use crate::stop::Stop;
use ::report::delivery::history::{self, HistoryPoint};
use ::report::delivery::{Delivery, Measured};
use ::report::model::Target;
use shared_dsp::mix_meter::{HISTORY_STEPS, MixMeter, MixMeterParams};
use std::path::{Path, PathBuf};

/// Samples measured at once: less than the meter's history holds, at any sample rate, and small enough
/// to stay in the cache.
const BLOCK: usize = 4096;
/// Samples after the end in which a true peak of the last ones is seen.
const TAIL: usize = 64;

/// How files are measured.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What they are held against.
    pub target: Target,
    /// The dialogue of the one file, as a stem of its own.
    pub dialogue: Option<PathBuf>,
    /// Counts the one channel of a mono file as the two speakers that play it.
    pub dual_mono: bool,
    /// The wish to stop.
    pub stop: Stop,
}

/// A file that was measured.
#[derive(Debug, Clone)]
pub struct Programme {
    /// Where it lies.
    pub path: PathBuf,
    /// What it measures, and how it stands.
    pub delivery: Delivery,
    /// The same over time, step by step.
    pub history: Vec<HistoryPoint>,
}

/// Samples per channel of a file, for whoever shows progress.
pub(super) fn frames(path: &Path) -> Result<u64> {
    AudioReader::open(path).map(|reader| reader.frames())
}

/// Measures `path`; `progress` is told how many samples per channel were read.
///
/// # Errors
/// A sentence about whatever is wrong with the file, or its dialogue; [`Error::Interrupted`].
pub fn measure(
    path: &Path,
    options: &Options,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Programme> {
    let mut file = AudioReader::open(path)?;
    let format = file.format();
    if file.frames() == 0 {
        return Err(Error::NoAudio(path.to_owned()));
    }
    let mut dialogue =
        options.dialogue.as_deref().map(|key| open(key, path, format)).transpose()?;
    let channels = usize::from(format.channels);
    let mut meter = MixMeter::new();
    meter.follow_levels(false);
    meter.set_params(&MixMeterParams { dual_mono: options.dual_mono, ..MixMeterParams::DEFAULT });
    meter.prepare(f64::from(format.sample_rate_hz), channels);

    let mut history = Vec::with_capacity(steps(file.frames(), format.sample_rate_hz));
    let mut sides = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
    let mut keys = sides.clone();
    let (mut block, mut key_block) = (SingleBlock::default(), SingleBlock::default());
    let mut alike = channels == 2;
    loop {
        if options.stop.requested() {
            return Err(Error::Interrupted);
        }
        let [left, right] = &mut sides;
        let count = file.read(left, right)?;
        if count == 0 {
            break;
        }
        let (left, right) = (&left[..count], &right[..count]);
        alike = alike && left == right;
        let audio = block.convert(left, right);
        match &mut dialogue {
            None => meter.process(&audio[..channels], None),
            Some(reader) => {
                let [left, right] = &mut keys;
                let heard = reader.read(&mut left[..count], &mut right[..count])?;
                let key = key_block.convert(&left[..heard], &right[..heard]);
                // A mono stem counts as one channel.
                let key = &key[..usize::from(reader.format().channels)];
                meter.process(&audio[..channels], Some(key));
            }
        }
        meter.drain_history(|step| history.push(step));
        progress(count as u64);
    }
    let mut readings = meter.readings();
    let tail = [0.0; TAIL];
    meter.process(&[&tail[..], &tail][..channels], None);
    readings.true_peak = meter.readings().true_peak;

    let rate_hz = format.sample_rate_hz;
    let mut measured = Measured::read(&readings, rate_hz, format.channels, options.dual_mono);
    measured.alike = alike;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let delivery = Delivery {
        stemwright: env!("CARGO_PKG_VERSION").to_owned(),
        created: crate::clock::now(),
        format: describe(format),
        history: Some(history::timeline(&history)),
        ..Delivery::new(name, &options.target, measured)
    };
    Ok(Programme { path: path.to_owned(), delivery, history })
}

/// The dialogue beside a file.
fn open(key: &Path, path: &Path, format: AudioFormat) -> Result<AudioReader> {
    let reader = AudioReader::open(key)?;
    let found_hz = reader.format().sample_rate_hz;
    if found_hz == format.sample_rate_hz {
        return Ok(reader);
    }
    Err(Error::MixedRates {
        path: key.to_owned(),
        found_hz,
        reference: path.to_owned(),
        expected_hz: format.sample_rate_hz,
    })
}

/// Steps of the history of so many samples.
fn steps(frames: u64, sample_rate_hz: u32) -> usize {
    (frames as f64 / f64::from(sample_rate_hz.max(1)) / history::STEP_SECONDS) as usize + 1
}

/// `24 bit, stereo`.
fn describe(format: AudioFormat) -> String {
    let bits = format.encoding.name();
    let depth =
        bits.strip_suffix('f').map_or_else(|| format!("{bits} bit"), |b| format!("{b} bit float"));
    format!("{depth}, {}", if format.channels == 1 { "mono" } else { "stereo" })
}

// The slowest rate that a file may have must not lose a step between two blocks.
const _: () = assert!(BLOCK < HISTORY_STEPS * 8000 / 10);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_known_beforehand() {
        assert_eq!(steps(48_000 * 60, 48_000), 601);
        assert_eq!(steps(100, 48_000), 1);
        assert_eq!(steps(100, 0), 1001);
    }
}
