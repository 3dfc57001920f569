//! Loudness, true peak and headroom of a signal, in two opinions: ours, and the `ebur128`
//! crate's beside it, so that neither has to be believed alone.

use crate::engine::Sink;
use crate::error::Result;
use crate::second_opinion::SecondOpinion;
use serde::Serialize;
use shared_dsp::loudness::Loudness;
use shared_dsp::processor::Meter as _;
use shared_dsp::true_peak::TruePeak;

/// What a meter says of a whole signal. Levels are `None` where there is silence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measurement {
    /// Integrated loudness, LUFS (ITU-R BS.1770-5).
    pub integrated_lufs: Option<f64>,
    /// Loudness range, LU (EBU Tech 3342).
    pub loudness_range_lu: f64,
    /// Highest true peak of both sides, dBTP, as BS.1770 annex 2 reads it: what other meters show.
    pub true_peak_dbtp: Option<f64>,
    /// The same on a 16 times finer grid: the honest value. Our meter's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_true_peak_dbtp: Option<f64>,
    /// Highest sample of both sides, dBFS.
    pub sample_peak_dbfs: Option<f64>,
    /// What is left to full scale above the highest of the peaks, dB.
    pub headroom_db: Option<f64>,
}

/// Two meters' opinions of one signal.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Opinions {
    /// Our meter.
    pub ours: Measurement,
    /// The `ebur128` crate.
    pub ebur128: Measurement,
}

/// Two meters on one stereo signal.
pub struct Meter {
    loudness: Loudness,
    itu: TruePeak,
    strict: TruePeak,
    sample_peak: f32,
    second: SecondOpinion,
    block: SingleBlock,
}

impl Meter {
    /// Meters at zero.
    ///
    /// # Errors
    /// [`Error::Meter`](crate::Error::Meter) if a meter does not know the sample rate.
    pub fn new(sample_rate_hz: u32) -> Result<Self> {
        let second = SecondOpinion::new(sample_rate_hz)?;
        let rate = f64::from(sample_rate_hz);
        let (mut loudness, mut itu, mut strict) =
            (Loudness::new(), TruePeak::itu_4x(), TruePeak::strict_16x());
        loudness.prepare(rate, 2);
        for meter in [&mut itu, &mut strict] {
            // A bar that never falls is the maximum, and nothing below it costs anything.
            meter.set_ballistics(0.0, 0.0);
            meter.prepare(rate, 2);
        }
        Ok(Self { loudness, itu, strict, sample_peak: 0.0, second, block: SingleBlock::default() })
    }

    /// What the meters say, of a signal that has ended.
    ///
    /// # Errors
    /// [`Error::Meter`](crate::Error::Meter) if a meter will not say.
    pub fn opinions(&self) -> Result<Opinions> {
        Ok(Opinions { ours: self.ours(), ebur128: self.second()? })
    }

    fn ours(&self) -> Measurement {
        // A peak is seen only once the kernel's look-ahead has passed it.
        let highest = |meter: &TruePeak| {
            let mut meter = meter.clone();
            let tail = vec![0.0; meter.delay_samples()];
            meter.process(&[&tail, &tail]);
            finite(meter.max_dbtp(0).max(meter.max_dbtp(1)))
        };
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

    fn second(&self) -> Result<Measurement> {
        let said = self.second.readings()?;
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
        let Self { loudness, itu, strict, sample_peak, second, block } = self;
        let ours = || {
            let block = block.convert(left, right);
            loudness.process(&block);
            itu.process(&block);
            strict.process(&block);
            for side in block {
                *sample_peak = side.iter().fold(*sample_peak, |peak, s| peak.max(s.abs()));
            }
        };
        rayon::join(ours, || second.process(left, right)).1
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
struct SingleBlock([Vec<f32>; 2]);

impl SingleBlock {
    fn convert(&mut self, left: &[f64], right: &[f64]) -> [&[f32]; 2] {
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
        let mut meter = Meter::new(48_000).unwrap();
        let level = 10f64.powf(-23.0 / 20.0);
        let tone: Vec<f64> = (0..48_000 * 20)
            .map(|i| level * (std::f64::consts::TAU * 1000.0 * f64::from(i) / 48_000.0).sin())
            .collect();
        for block in tone.chunks(1000) {
            meter.write(block, block).unwrap();
        }
        let opinions = meter.opinions().unwrap();
        for m in [opinions.ours, opinions.ebur128] {
            assert!((m.integrated_lufs.unwrap() + 23.0).abs() < 0.05, "{m:?}");
            assert!((m.true_peak_dbtp.unwrap() + 23.0).abs() < 0.2, "{m:?}");
            assert!((m.headroom_db.unwrap() - 23.0).abs() < 0.2, "{m:?}");
            assert!(m.loudness_range_lu < 0.1, "{m:?}");
        }
    }

    #[test]
    fn silence_has_no_level() {
        let mut meter = Meter::new(44_100).unwrap();
        let silence = vec![0.0; 44_100];
        meter.write(&silence, &silence).unwrap();
        let opinions = meter.opinions().unwrap();
        for m in [opinions.ours, opinions.ebur128] {
            assert_eq!((m.integrated_lufs, m.true_peak_dbtp, m.headroom_db), (None, None, None));
        }
    }
}
