//! Meters that keep what they see over time, for the report: a signal's waveform, loudness, true peak and
//! correlation ([`TimelineMeter`]), an insert's gain ([`InsertMeter`]), in all and by octave band. And beside them
//! what an insert did for the voice that keys it (`voice.rs`).
//!
//! The length is known beforehand, so that every point has one width, and there are never more than
//! [`MOST_POINTS`] of them: memory does not grow with length. Points are made of whole ticks, 10 ms
//! for loudness (the sub-blocks of the loudness meter, so nothing falls between two readings) and
//! for a limiter's gain, 100 ms for the gain of other inserts. Ticks count from the first sample,
//! and the readings do not depend on how the signal is cut into blocks.

mod bands;
mod voice;

use crate::engine::{CompareSink, Sink};
use crate::error::Result;
use crate::gain_change::{LIMITER_WINDOW_SECONDS, WindowSums, Windows};
use crate::measure::SingleBlock;
use bands::BandMeter;
use report::delivery::history::SILENT_LUFS;
use report::model::{
    GainTimeline, Insert, MOST_POINTS, Timeline, Waveform, rounded_correlation, rounded_decibels,
    rounded_sample,
};
use shared_dsp::correlation::{Correlation, CorrelationMeter};
use shared_dsp::db;
use shared_dsp::loudness::Loudness;
use shared_dsp::processor::Meter as _;
use shared_dsp::sample_grid::SampleGrid;
use shared_dsp::true_peak::TruePeak;
pub(crate) use voice::VoiceMeter;

/// Mean power of a band (−90 dBFS) below which nothing is heard of it.
const FAINTEST_POWER: f64 = 1e-9;
const TICKS_PER_SECOND: f64 = 100.0;
const INSERT_TICKS_PER_SECOND: f64 = 10.0;

/// Points of one width over a known length.
#[derive(Debug, Clone)]
struct Points {
    clock: SampleGrid,
    ticks_per_second: f64,
    ticks_per_point: u64,
    count: usize,
}

impl Points {
    fn new(sample_rate_hz: u32, frames: u64, ticks_per_second: f64) -> Self {
        let rate = f64::from(sample_rate_hz);
        let mut clock = SampleGrid::default();
        clock.prepare(rate, ticks_per_second);
        // Less than a whole tick at the end belongs to the last point.
        let ticks = ((frames as f64 * ticks_per_second / rate) as u64).max(1);
        let ticks_per_point = ticks.div_ceil(MOST_POINTS as u64);
        let count = ticks.div_ceil(ticks_per_point) as usize;
        Self { clock, ticks_per_second, ticks_per_point, count }
    }

    /// Where the sample under way belongs. What comes after the end foretold, to the last.
    fn now(&self) -> usize {
        ((self.clock.ticks() / self.ticks_per_point) as usize).min(self.count - 1)
    }

    fn seconds_per_point(&self) -> f64 {
        self.ticks_per_point as f64 / self.ticks_per_second
    }
}

/// A waveform's and a loudness' point.
#[derive(Debug, Clone, Copy)]
struct Point {
    min: f64,
    max: f64,
    momentary_lufs: f64,
    short_term_lufs: f64,
    /// At its end.
    integrated_lufs: f64,
    /// As an amplitude.
    true_peak: f32,
    /// The lowest; NaN where there is none.
    correlation: f64,
}

impl Point {
    const EMPTY: Self = Self {
        min: 0.0,
        max: 0.0,
        momentary_lufs: f64::NEG_INFINITY,
        short_term_lufs: f64::NEG_INFINITY,
        integrated_lufs: f64::NEG_INFINITY,
        true_peak: 0.0,
        correlation: f64::NAN,
    };
}

/// Keeps waveform, loudness, true peak and correlation over time, beside the meters that read them.
#[derive(Debug, Clone)]
pub(crate) struct Track {
    points: Points,
    kept: Vec<Point>,
    /// Of two channels.
    correlation: Option<CorrelationMeter>,
    peaks_kept: bool,
}

impl Track {
    /// Room for `frames` samples of one or two channels.
    pub(crate) fn new(sample_rate_hz: u32, frames: u64, channels: usize) -> Self {
        let points = Points::new(sample_rate_hz, frames, TICKS_PER_SECOND);
        let correlation = (channels > 1).then(|| {
            let mut meter = CorrelationMeter::new(Correlation::default());
            meter.prepare(f64::from(sample_rate_hz), channels);
            meter
        });
        Self { kept: vec![Point::EMPTY; points.count], points, correlation, peaks_kept: false }
    }

    /// Takes the next samples, and hands them to the meters a tick at a time: `loudness`, and the true
    /// peak of so many channels, which keeps what is recent. They hear `single`, which is the same in
    /// single precision, and must have heard as much as this before.
    pub(crate) fn write(
        &mut self,
        audio: [&[f64]; 2],
        single: [&[f32]; 2],
        loudness: &mut Loudness,
        mut peaks: Option<(&mut TruePeak, usize)>,
    ) {
        self.peaks_kept |= peaks.is_some();
        let mut at = 0;
        while at < audio[0].len() {
            let end = (at + self.points.clock.left()).min(audio[0].len());
            let point = &mut self.kept[self.points.now()];
            for side in audio {
                let (min, max) = extremes(&side[at..end]);
                point.min = point.min.min(min);
                point.max = point.max.max(max);
            }
            let piece = single.map(|side| &side[at..end]);
            loudness.process(&piece);
            if let Some(correlation) = &mut self.correlation {
                correlation.process(&piece);
            }
            if let Some((meter, channels)) = &mut peaks {
                meter.process(&piece[..*channels]);
                let highest = (0..*channels).map(|channel| meter.take_recent(channel));
                point.true_peak = highest.fold(point.true_peak, f32::max);
            }
            if self.points.clock.advance(end - at) {
                point.integrated_lufs = loudness.integrated_lufs();
                let now = self.correlation.as_ref().and_then(|c| c.meter.correlation());
                point.correlation = now.map_or(point.correlation, |r| r.min(point.correlation));
                point.momentary_lufs = point.momentary_lufs.max(loudness.momentary_lufs());
                point.short_term_lufs = point.short_term_lufs.max(loudness.shortterm_lufs());
            }
            at = end;
        }
    }

    /// What has been seen.
    pub(crate) fn timeline(&self) -> Timeline {
        let each = |of: fn(&Point) -> f64| self.kept.iter().map(of);
        let samples = |of| each(of).map(rounded_sample).collect();
        let loudness = |of| {
            let audible = |lufs: &f64| *lufs > SILENT_LUFS;
            each(of).map(|l| Some(l).filter(audible).and_then(rounded_decibels)).collect()
        };
        let peaks = || each(|p| db::from_gain(p.true_peak.into())).map(rounded_decibels).collect();
        let correlations = each(|p| p.correlation).map(rounded_correlation);
        Timeline {
            seconds_per_point: self.points.seconds_per_point(),
            waveform: Waveform { min: samples(|p| p.min), max: samples(|p| p.max) },
            momentary_lufs: loudness(|p| p.momentary_lufs),
            short_term_lufs: loudness(|p| p.short_term_lufs),
            integrated_lufs: Some(loudness(|p| p.integrated_lufs)),
            true_peak_dbtp: self.peaks_kept.then(peaks),
            correlation: self.correlation.as_ref().map(|_| correlations.collect()),
        }
    }
}

/// A [`Timeline`] alone. [`Meter::with_timeline`](crate::measure::Meter::with_timeline) keeps one
/// at next to no cost, where the rest is measured, too.
pub struct TimelineMeter {
    track: Track,
    loudness: Loudness,
    block: SingleBlock,
}

impl TimelineMeter {
    /// A meter for `frames` samples.
    pub fn new(sample_rate_hz: u32, frames: u64) -> Self {
        let mut loudness = Loudness::new();
        loudness.prepare(f64::from(sample_rate_hz), 2);
        Self {
            track: Track::new(sample_rate_hz, frames, 2),
            loudness,
            block: SingleBlock::default(),
        }
    }

    /// What has been seen.
    pub fn timeline(&self) -> Timeline {
        self.track.timeline()
    }
}

impl Sink for TimelineMeter {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        let single = self.block.convert(left, right);
        self.track.write([left, right], single, &mut self.loudness, None);
        Ok(())
    }
}

/// The lowest and highest sample, and 0. In lanes, so that it vectorises.
fn extremes(samples: &[f64]) -> (f64, f64) {
    let lower = |a: f64, b: f64| if b < a { b } else { a };
    let higher = |a: f64, b: f64| if b > a { b } else { a };
    let (mut low, mut high) = ([0.0; 8], [0.0; 8]);
    let (chunks, rest) = samples.as_chunks::<8>();
    for chunk in chunks {
        for lane in 0..8 {
            low[lane] = lower(low[lane], chunk[lane]);
            high[lane] = higher(high[lane], chunk[lane]);
        }
    }
    for &sample in rest {
        (low[0], high[0]) = (lower(low[0], sample), higher(high[0], sample));
    }
    (low.into_iter().fold(0.0, lower), high.into_iter().fold(0.0, higher))
}

/// The gains within a point, in dB.
#[derive(Debug, Clone, Copy)]
struct Gains {
    lowest: f64,
    highest: f64,
    sum: f64,
    count: u32,
}

impl Gains {
    fn mean_db(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / f64::from(self.count))
    }
}

/// Keeps what an insert does to the level over time.
#[derive(Debug, Clone)]
pub struct InsertMeter {
    windows: Windows,
    points: Points,
    kept: Vec<Gains>,
    input: f64,
    output: f64,
    frames: u64,
    identical: bool,
    bands: Option<BandMeter>,
}

impl InsertMeter {
    /// A meter for `frames` samples of any insert: its gain in windows of 100 ms, in which an
    /// equaliser's or a compressor's change of level is a level.
    pub fn new(sample_rate_hz: u32, frames: u64) -> Self {
        let ticks = INSERT_TICKS_PER_SECOND;
        Self::with(sample_rate_hz, frames, 1.0 / ticks, ticks, 0.0)
    }

    /// A meter for `frames` samples of a limiter that also applies a constant gain of `gain_db`:
    /// what it does beyond that, in windows of half a millisecond.
    pub fn limiter(sample_rate_hz: u32, frames: u64, gain_db: f64) -> Self {
        Self::with(sample_rate_hz, frames, LIMITER_WINDOW_SECONDS, TICKS_PER_SECOND, gain_db)
    }

    fn with(rate_hz: u32, frames: u64, window: f64, ticks: f64, gain_db: f64) -> Self {
        let points = Points::new(rate_hz, frames, ticks);
        let none = Gains { lowest: f64::MAX, highest: f64::MIN, sum: 0.0, count: 0 };
        Self {
            windows: Windows::new(rate_hz, window, gain_db),
            kept: vec![none; points.count],
            points,
            input: 0.0,
            output: 0.0,
            frames: 0,
            identical: true,
            bands: None,
        }
    }

    /// The gain over time.
    pub fn timeline(&self) -> GainTimeline {
        let each = |of: fn(&Gains) -> Option<f64>| {
            self.kept.iter().map(|g| of(g).and_then(rounded_decibels)).collect()
        };
        GainTimeline {
            seconds_per_point: self.points.seconds_per_point(),
            mean_db: each(Gains::mean_db),
            lowest_db: each(|g| (g.count > 0).then_some(g.lowest)),
            highest_db: each(|g| (g.count > 0).then_some(g.highest)),
        }
    }

    /// All that was seen, of the plugin at `place` (from 1) among the inserts of `channel`.
    pub fn insert(&self, channel: &str, plugin: &str, place: usize) -> Insert {
        let gain = self.windows.gain();
        let rest = self.windows.rest();
        let input = (self.input + rest.input.iter().sum::<f64>()) / (gain * gain);
        let output = self.output + rest.output.iter().sum::<f64>();
        let level =
            |power: f64| rounded_decibels(10.0 * (power / (2 * self.frames) as f64).log10());
        Insert {
            channel: channel.to_owned(),
            plugin: plugin.to_owned(),
            place,
            identical: self.identical,
            level_in_dbfs: level(input),
            level_out_dbfs: level(output),
            timeline: Some(self.timeline()),
            bands: self.bands.as_ref().and_then(|bands| {
                let seconds = self.points.seconds_per_point();
                bands.gains(self.windows.length(), &self.kept, seconds)
            }),
            voice_to_music: None,
        }
    }
}

impl CompareSink for InsertMeter {
    fn write(&mut self, before: [&[f64]; 2], after: [&[f64]; 2]) {
        self.identical = self.identical && before == after;
        self.frames += before[0].len() as u64;
        let mut at = 0;
        while at < before[0].len() {
            let mut left = self.points.clock.left();
            if self.bands.is_some() {
                left = left.min(self.windows.left());
            }
            let end = (at + left).min(before[0].len());
            let point = self.points.now();
            let gains = &mut self.kept[point];
            let (input, output) = (&mut self.input, &mut self.output);
            let [before, after] = [before, after].map(|sides| sides.map(|side| &side[at..end]));
            let mut bands = self.bands.as_mut();
            if let Some(bands) = &mut bands {
                bands.hear(before, after, point);
            }
            self.windows.write(before, after, |window: &WindowSums| {
                *input += window.input.iter().sum::<f64>();
                *output += window.output.iter().sum::<f64>();
                for gain_db in window.gains_db() {
                    gains.lowest = gains.lowest.min(gain_db);
                    gains.highest = gains.highest.max(gain_db);
                    gains.sum += gain_db;
                    gains.count += 1;
                }
                if let Some(bands) = &mut bands {
                    bands.complete(window, point);
                }
            });
            self.points.clock.advance(end - at);
            at = end;
        }
    }
}

#[cfg(test)]
mod tests;
