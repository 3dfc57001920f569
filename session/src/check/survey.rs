//! The first pass: every file measured, their sum, and what is left of the mix without it.

use super::file_meter::{FileMeter, Measures, decibels};
use super::material::Material;
use super::residual::{Residual, ResidualMeter};
use super::track::Track;
use crate::audio_file::AudioFormat;
use crate::error::Error;
use rayon::prelude::*;
use shared_dsp::loudness::Loudness;
use shared_dsp::processor::Meter as _;
use shared_dsp::true_peak::TruePeak;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Frames read of all files between two sums.
const BLOCK: usize = 1 << 15;

/// A file and what was measured of it, or why that could not be.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) path: PathBuf,
    pub(super) is_mix: bool,
    pub(super) in_sum: bool,
    pub(super) found: Result<Found, Error>,
}

/// What a file holds.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) format: AudioFormat,
    pub(super) frames: u64,
    pub(super) time_reference_samples: Option<u64>,
    pub(super) measures: Measures,
}

/// Levels of the sum of the stems; `None` where there is silence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct SumLevels {
    pub(super) sample_peak_dbfs: Option<f64>,
    pub(super) true_peak_dbtp: Option<f64>,
    pub(super) integrated_lufs: Option<f64>,
}

/// The first pass's results.
#[derive(Debug)]
pub(super) struct Survey {
    /// The stems, and the mix last if there is one.
    pub(super) entries: Vec<Entry>,
    /// The rate of most files.
    pub(super) sample_rate_hz: u32,
    /// The length of most files, samples.
    pub(super) frames: u64,
    /// Levels of the sum, if all stems could be summed.
    pub(super) sum: Option<SumLevels>,
    /// What is left of the mix, if there is one that the sum can be held against.
    pub(super) residual: Option<Residual>,
}

struct Lane {
    track: Track,
    meter: FileMeter,
    failed: Option<Error>,
}

impl Lane {
    fn step(&mut self, frames: usize) {
        if self.failed.is_some() {
            return;
        }
        if let Err(error) = self.track.fill(frames) {
            self.failed = Some(error);
            return;
        }
        self.meter.write(self.track.heard());
        self.track.clean();
    }
}

impl Survey {
    /// Reads everything once.
    pub(super) fn take(material: &Material, progress: &mut dyn FnMut(u64, u64)) -> Self {
        let stems = material.stems.iter().map(|s| (s.path.clone(), false, s.in_sum));
        let mix = material.mix.iter().map(|path| (path.clone(), true, false));
        let listed: Vec<(PathBuf, bool, bool)> = stems.chain(mix).collect();
        let mut lanes: Vec<Result<Lane, Error>> = listed
            .iter()
            .map(|(path, ..)| {
                let track = Track::open(path, 0)?;
                Ok(Lane { meter: FileMeter::new(track.format()), track, failed: None })
            })
            .collect();

        let opened = || lanes.iter().flatten().map(|l| &l.track);
        let sample_rate_hz =
            most_common(opened().map(|t| t.format().sample_rate_hz)).unwrap_or(48_000);
        let frames = most_common(opened().map(Track::frames)).unwrap_or(0);
        let longest = opened().map(Track::frames).max().unwrap_or(0);
        let fits = |lane: &Result<Lane, Error>| {
            lane.as_ref().is_ok_and(|l| l.track.format().sample_rate_hz == sample_rate_hz)
        };
        let mut summable = listed.iter().zip(&lanes).all(|((_, _, sums), l)| !sums || fits(l));
        let mut comparable =
            summable && listed.iter().zip(&lanes).any(|((_, is_mix, _), l)| *is_mix && fits(l));

        let mut sum = SumMeter::new(sample_rate_hz);
        let mut residual = ResidualMeter::new(sample_rate_hz);
        let mut blocks = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
        let mut summed = 0;
        let mut done = 0;
        while done < longest {
            let count = (longest - done).min(BLOCK as u64) as usize;
            // The sum's meter runs beside the reading of the next block.
            rayon::join(
                || lanes.par_iter_mut().flatten().for_each(|lane| lane.step(count)),
                || sum.write([&blocks[0][..summed], &blocks[1][..summed]]),
            );
            done += count as u64;
            summable &= lanes.iter().flatten().all(|l| l.failed.is_none());
            comparable &= summable;
            summed = if summable { count } else { 0 };
            for (side, block) in blocks.iter_mut().enumerate() {
                let block = &mut block[..summed];
                block.fill(0.0);
                for ((_, _, sums), lane) in listed.iter().zip(&lanes) {
                    let Some(lane) = lane.as_ref().ok().filter(|_| *sums) else { continue };
                    for (s, x) in block.iter_mut().zip(&lane.track.sides[side]) {
                        *s += x;
                    }
                }
            }
            if let Some(Ok(mix)) = lanes.last_mut().filter(|_| comparable) {
                // What is left takes the place of the mix, once its power has been taken.
                let [left, right] = &mut mix.track.sides;
                residual.write_against([left, right], [&blocks[0], &blocks[1]]);
            }
            progress(done, longest);
        }
        sum.write([&blocks[0][..summed], &blocks[1][..summed]]);

        let entries = listed
            .into_iter()
            .zip(lanes)
            .map(|((path, is_mix, in_sum), lane)| {
                let found = lane.and_then(|lane| match lane.failed {
                    Some(error) => Err(error),
                    None => Ok(Found {
                        format: lane.track.format(),
                        frames: lane.track.frames(),
                        time_reference_samples: lane.track.time_reference_samples(),
                        measures: lane.meter.finish(),
                    }),
                });
                Entry { path, is_mix, in_sum, found }
            })
            .collect();
        Self {
            entries,
            sample_rate_hz,
            frames,
            sum: summable.then(|| sum.finish()),
            residual: comparable.then(|| residual.reading()),
        }
    }
}

/// What most have; the largest of equals.
pub(super) fn most_common<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(value, _)| value)
}

/// Loudness and peaks of the sum.
struct SumMeter {
    loudness: Loudness,
    true_peak: TruePeak,
    single: [Vec<f32>; 2],
    peak: f64,
}

impl SumMeter {
    fn new(sample_rate_hz: u32) -> Self {
        let (mut loudness, mut true_peak) = (Loudness::new(), TruePeak::itu_4x());
        loudness.prepare(f64::from(sample_rate_hz), 2);
        true_peak.prepare(f64::from(sample_rate_hz), 2);
        Self { loudness, true_peak, single: Default::default(), peak: 0.0 }
    }

    fn write(&mut self, sides: [&[f64]; 2]) {
        for (to, from) in self.single.iter_mut().zip(sides) {
            to.clear();
            to.extend(from.iter().map(|s| *s as f32));
            self.peak = from.iter().fold(self.peak, |peak, s| peak.max(s.abs()));
        }
        let single = [&self.single[0][..], &self.single[1][..]];
        self.loudness.process(&single);
        self.true_peak.process(&single);
    }

    fn finish(mut self) -> SumLevels {
        // A peak is seen only once the kernel's look-ahead has passed it.
        let zeros = vec![0.0; self.true_peak.delay_samples()];
        self.true_peak.process(&[&zeros, &zeros]);
        let finite = |value: f64| value.is_finite().then_some(value);
        SumLevels {
            sample_peak_dbfs: decibels(self.peak),
            true_peak_dbtp: finite(self.true_peak.max_dbtp(0).max(self.true_peak.max_dbtp(1))),
            integrated_lufs: finite(self.loudness.integrated_lufs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_common_value_wins() {
        assert_eq!(most_common([48_000, 44_100, 48_000].into_iter()), Some(48_000));
        assert_eq!(most_common([3, 5].into_iter()), Some(5));
        assert_eq!(most_common(std::iter::empty::<u32>()), None);
    }
}
