//! Loudness, true peak and headroom of a signal: by our meters, and, of what is delivered, by the
//! `ebur128` crate's beside them, so that neither has to be believed alone.

use crate::engine::Sink;
use crate::error::Result;
use crate::second_opinion::SecondOpinion;
use crate::timeline::Track;
use report::model::Timeline;
pub use report::model::{Measurement, Opinions};
use shared_dsp::lanes::largest_magnitude;
use shared_dsp::loudness::Loudness;
use shared_dsp::processor::Meter as _;
use shared_dsp::true_peak::TruePeak;

/// Meters on one signal, stereo or mono.
pub struct Meter {
    channels: usize,
    loudness: Loudness,
    itu: TruePeak,
    strict: TruePeak,
    sample_peak: f32,
    second: Option<SecondOpinion>,
    block: SingleBlock,
    track: Option<Track>,
}

impl Meter {
    /// Meters at zero, on both sides of a signal, or on its left one alone, for a file of one
    /// channel.
    pub fn new(sample_rate_hz: u32, channels: u16) -> Self {
        let rate = f64::from(sample_rate_hz);
        let channels = usize::from(channels);
        let mut loudness = Loudness::new();
        loudness.prepare(rate, channels);
        let [itu, strict] = peak_meters(rate, channels);
        Self {
            channels,
            loudness,
            itu,
            strict,
            sample_peak: 0.0,
            second: None,
            block: SingleBlock::default(),
            track: None,
        }
    }

    /// The same, with the crate's opinion beside ours.
    ///
    /// # Errors
    /// [`Error::Meter`](crate::Error::Meter) if the crate does not know the sample rate.
    pub fn with_second_opinion(self, sample_rate_hz: u32) -> Result<Self> {
        let second = Some(SecondOpinion::new(sample_rate_hz, self.channels)?);
        Ok(Self { second, ..self })
    }

    /// The same, with what they read kept over time, of `frames` samples.
    #[must_use]
    pub fn with_timeline(self, sample_rate_hz: u32, frames: u64) -> Self {
        let track = Some(Track::new(sample_rate_hz, frames, self.channels));
        let mut itu = self.itu;
        itu.keep_recent(true);
        Self { itu, track, ..self }
    }

    /// The readings over time, of meters that keep them.
    pub fn timeline(&self) -> Option<Timeline> {
        self.track.as_ref().map(Track::timeline)
    }

    /// What the meters say, of a signal that has ended.
    ///
    /// # Errors
    /// [`Error::Meter`](crate::Error::Meter) if a meter will not say.
    pub fn opinions(&self) -> Result<Opinions> {
        let second = self.second.as_ref().map(Self::measurement).transpose()?;
        Ok(Opinions { ours: self.ours(), ebur128: second })
    }

    fn ours(&self) -> Measurement {
        let highest = |meter| highest_dbtp(meter, self.channels);
        let (true_peak, strict) = (highest(&self.itu), highest(&self.strict));
        Measurement {
            integrated_lufs: finite(self.loudness.integrated_lufs()),
            loudness_range_lu: self.loudness.range_lu(),
            true_peak_dbtp: true_peak,
            strict_true_peak_dbtp: strict,
            sample_peak_dbfs: decibels(f64::from(self.sample_peak)),
            headroom_db: true_peak.zip(strict).map(|(a, b)| -a.max(b)),
        }
    }

    fn measurement(second: &SecondOpinion) -> Result<Measurement> {
        let said = second.readings()?;
        let true_peak_dbtp = decibels(said.true_peak);
        Ok(Measurement {
            integrated_lufs: finite(said.integrated_lufs),
            loudness_range_lu: said.range_lu,
            true_peak_dbtp,
            strict_true_peak_dbtp: None,
            sample_peak_dbfs: decibels(said.sample_peak),
            headroom_db: true_peak_dbtp.map(|peak| -peak),
        })
    }
}

impl Sink for Meter {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        let Self { channels, loudness, itu, strict, sample_peak, second, block, track } = self;
        let mut ours = || {
            let whole = block.convert(left, right);
            let block = &whole[..*channels];
            if let Some(track) = track {
                track.write([left, right], whole, loudness, Some((itu, *channels)));
            } else {
                loudness.process(block);
                itu.process(block);
            }
            strict.process(block);
            for side in block {
                *sample_peak = sample_peak.max(largest_magnitude(side));
            }
        };
        let Some(second) = second else {
            ours();
            return Ok(());
        };
        rayon::join(ours, || second.process(left, right)).1
    }
}

/// ITU 4x and strict 16x, for the maximum alone.
fn peak_meters(rate_hz: f64, channels: usize) -> [TruePeak; 2] {
    [TruePeak::itu_4x(), TruePeak::strict_16x()].map(|mut meter| {
        // Without a bar that falls, next to nothing has to be interpolated.
        meter.follow_level(false);
        meter.prepare(rate_hz, channels);
        meter
    })
}

/// The highest true peak a meter has seen. A peak is seen only once the kernel's look-ahead has
/// passed it.
fn highest_dbtp(meter: &TruePeak, channels: usize) -> Option<f64> {
    let mut meter = meter.clone();
    let tail = vec![0.0; meter.delay_samples()];
    meter.process(&[&tail[..], &tail][..channels]);
    finite((0..channels).map(|channel| meter.max_dbtp(channel)).fold(f64::NEG_INFINITY, f64::max))
}

/// True peak alone, by both of our meters: what a headroom is measured by.
pub struct PeakMeter {
    meters: [TruePeak; 2],
    block: SingleBlock,
}

impl PeakMeter {
    /// A meter at zero.
    pub fn new(sample_rate_hz: u32) -> Self {
        let meters = peak_meters(f64::from(sample_rate_hz), 2);
        Self { meters, block: SingleBlock::default() }
    }

    /// The highest true peak of both sides, dBTP; `None` for silence.
    pub fn highest_dbtp(&self) -> Option<f64> {
        self.meters.iter().filter_map(|meter| highest_dbtp(meter, 2)).reduce(f64::max)
    }
}

impl Sink for PeakMeter {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        let block = self.block.convert(left, right);
        self.meters.iter_mut().for_each(|meter| meter.process(&block));
        Ok(())
    }
}

/// Integrated loudness alone: what the search for a gain asks for.
pub struct LoudnessMeter {
    meter: Loudness,
    block: SingleBlock,
}

impl LoudnessMeter {
    /// A meter at zero.
    pub fn new(sample_rate_hz: u32) -> Self {
        let mut meter = Loudness::new();
        meter.prepare(f64::from(sample_rate_hz), 2);
        Self { meter, block: SingleBlock::default() }
    }

    /// Integrated loudness in LUFS, `None` for silence.
    pub fn integrated_lufs(&self) -> Option<f64> {
        finite(self.meter.integrated_lufs())
    }
}

impl Sink for LoudnessMeter {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        self.meter.process(&self.block.convert(left, right));
        Ok(())
    }
}

/// A block in the single precision that plugins and their meters work in.
#[derive(Debug, Default)]
pub(crate) struct SingleBlock([Vec<f32>; 2]);

impl SingleBlock {
    pub(crate) fn convert(&mut self, left: &[f64], right: &[f64]) -> [&[f32]; 2] {
        for (to, from) in self.0.iter_mut().zip([left, right]) {
            to.clear();
            to.extend(from.iter().map(|s| *s as f32));
        }
        [&self.0[0], &self.0[1]]
    }
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

fn decibels(linear: f64) -> Option<f64> {
    (linear > 0.0).then(|| 20.0 * linear.log10())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_reads_its_level_in_both_opinions() {
        // EBU Tech 3341, case 1: 1 kHz, stereo, -23 dBFS reads -23 LUFS.
        let mut meter = Meter::new(48_000, 2).with_second_opinion(48_000).unwrap();
        let level = 10f64.powf(-23.0 / 20.0);
        let tone: Vec<f64> = (0..48_000 * 20)
            .map(|i| level * (std::f64::consts::TAU * 1000.0 * f64::from(i) / 48_000.0).sin())
            .collect();
        for block in tone.chunks(1000) {
            meter.write(block, block).unwrap();
        }
        let opinions = meter.opinions().unwrap();
        for m in [opinions.ours, opinions.ebur128.unwrap()] {
            assert!((m.integrated_lufs.unwrap() + 23.0).abs() < 0.05, "{m:?}");
            assert!((m.true_peak_dbtp.unwrap() + 23.0).abs() < 0.2, "{m:?}");
            assert!((m.headroom_db.unwrap() - 23.0).abs() < 0.2, "{m:?}");
            assert!(m.loudness_range_lu < 0.1, "{m:?}");
        }
    }

    #[test]
    fn silence_has_no_level() {
        let mut meter = Meter::new(44_100, 2).with_second_opinion(44_100).unwrap();
        let silence = vec![0.0; 44_100];
        meter.write(&silence, &silence).unwrap();
        let opinions = meter.opinions().unwrap();
        for m in [opinions.ours, opinions.ebur128.unwrap()] {
            assert_eq!((m.integrated_lufs, m.true_peak_dbtp, m.headroom_db), (None, None, None));
        }
    }
}
