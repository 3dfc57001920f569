//! Everything that is measured of one file, in one pass over it.

use super::bits::EffectiveBits;
use super::clipping::Runs;
use crate::audio_file::AudioFormat;
use serde::Serialize;
use shared_dsp::loudness::Loudness;
use shared_dsp::processor::Meter as _;
use shared_dsp::true_peak::TruePeak;

/// Samples below this magnitude (−90 dBFS) are silence at the ends of a file.
const SILENCE: f64 = 3.16e-5;
/// What is looked at for a cut tail.
const TAIL_SECONDS: f64 = 0.01;
/// Frames measured at once: they stay in the cache from one measure to the next.
const CHUNK: usize = 2048;

/// What was measured of a file's audio. Levels are `None` where there is silence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Measures {
    /// Bits from the highest to the lowest that is ever set; `None` for floats that use no
    /// integer grid, and for digital silence.
    pub effective_bits: Option<u32>,
    /// Highest sample, dBFS.
    pub sample_peak_dbfs: Option<f64>,
    /// Highest true peak, dBTP, as ITU-R BS.1770 annex 2 reads it.
    pub true_peak_dbtp: Option<f64>,
    /// Integrated loudness, LUFS, of the file as it is: a mono file counts once (BS.1770).
    pub integrated_lufs: Option<f64>,
    /// Loudness range, LU (EBU Tech 3342).
    pub loudness_range_lu: f64,
    /// Mean of each side, dBFS.
    pub dc_dbfs: [Option<f64>; 2],
    /// Silence (below −90 dBFS) before the first sound, seconds.
    pub leading_silence_seconds: f64,
    /// Silence after the last sound, seconds.
    pub trailing_silence_seconds: f64,
    /// RMS of the last 10 ms, dBFS.
    pub tail_dbfs: Option<f64>,
    /// Runs of three or more equal samples at full scale.
    pub clipped_runs: u64,
    /// Runs of three or more equal samples at the file's own maximum below full scale.
    pub flattened_runs: u64,
    /// Where the first of all these runs is, seconds.
    pub first_run_seconds: Option<f64>,
    /// Samples that are not a number.
    pub nan_samples: u64,
    /// Samples that are infinite.
    pub infinite_samples: u64,
    /// Where the first of these is, seconds.
    pub first_non_finite_seconds: Option<f64>,
    /// Nothing but zeros.
    pub silent: bool,
    /// A stereo file whose sides are equal, sample for sample.
    pub dual_mono: bool,
    /// A stereo file one of whose sides is all zeros.
    pub dead_side: Option<&'static str>,
    /// Power of both sides, mean square.
    #[serde(skip)]
    pub(super) power: f64,
    /// The same for the same audio, and for no other that is likely.
    #[serde(skip)]
    pub(super) fingerprint: [u64; 2],
}

/// Measures one file.
pub(super) struct FileMeter {
    format: AudioFormat,
    position: u64,
    loudness: Loudness,
    true_peak: TruePeak,
    single: [Vec<f32>; 2],
    cleaned: [Vec<f64>; 2],
    bits: EffectiveBits,
    sides: [Side; 2],
    first_sound: Option<u64>,
    last_sound: u64,
    differs: bool,
    tail: [Vec<f64>; 2],
    nan: u64,
    infinite: u64,
    first_non_finite: Option<u64>,
}

#[derive(Debug, Clone, Default)]
struct Side {
    sum: f64,
    energy: f64,
    peak: f64,
    runs: Runs,
    fingerprint: u64,
}

impl FileMeter {
    pub(super) fn new(format: AudioFormat) -> Self {
        let (mut loudness, mut true_peak) = (Loudness::new(), TruePeak::itu_4x());
        let rate = f64::from(format.sample_rate_hz);
        loudness.prepare(rate, usize::from(format.channels));
        true_peak.prepare(rate, usize::from(format.channels));
        Self {
            format,
            position: 0,
            loudness,
            true_peak,
            single: Default::default(),
            cleaned: Default::default(),
            bits: EffectiveBits::new(format.encoding.is_float()),
            sides: Default::default(),
            first_sound: None,
            last_sound: 0,
            differs: false,
            tail: Default::default(),
            nan: 0,
            infinite: 0,
            first_non_finite: None,
        }
    }

    /// Takes the next samples of both sides (alike for a mono file).
    pub(super) fn write(&mut self, sides: [&[f64]; 2]) {
        for (left, right) in sides[0].chunks(CHUNK).zip(sides[1].chunks(CHUNK)) {
            self.write_chunk([left, right]);
        }
    }

    fn write_chunk(&mut self, raw: [&[f64]; 2]) {
        let channels = usize::from(self.format.channels);
        let mut cleaned = std::mem::take(&mut self.cleaned);
        let mut chunk = raw;
        if self.format.encoding.is_float() && raw.iter().any(|s| !all_finite(s)) {
            self.count_non_finite(&raw[..channels]);
            for (to, from) in cleaned.iter_mut().zip(raw) {
                to.clear();
                to.extend(from.iter().map(|s| if s.is_finite() { *s } else { 0.0 }));
            }
            chunk = [&cleaned[0], &cleaned[1]];
        }

        for (to, from) in self.single.iter_mut().zip(chunk) {
            to.clear();
            to.extend(from.iter().map(|s| *s as f32));
        }
        let single = [&self.single[0][..], &self.single[1][..]];
        self.loudness.process(&single[..channels]);
        self.true_peak.process(&single[..channels]);

        let mut peak = 0f64;
        for (side, samples) in self.sides.iter_mut().zip(chunk).take(channels) {
            self.bits.write(samples);
            peak = peak.max(side.write(samples));
        }
        if channels == 2 {
            self.differs = self.differs || chunk[0] != chunk[1];
        }
        if peak >= SILENCE {
            let sounds = |i: &usize| chunk.iter().any(|s| s[*i].abs() >= SILENCE);
            let length = chunk[0].len();
            if self.first_sound.is_none() {
                self.first_sound = (0..length).find(sounds).map(|i| self.position + i as u64);
            }
            if let Some(last) = (0..length).rev().find(sounds) {
                self.last_sound = self.position + last as u64 + 1;
            }
        }
        let longest = (f64::from(self.format.sample_rate_hz) * TAIL_SECONDS) as usize;
        for (tail, samples) in self.tail.iter_mut().zip(chunk) {
            tail.extend_from_slice(&samples[samples.len().saturating_sub(longest)..]);
            tail.drain(..tail.len().saturating_sub(longest));
        }
        self.position += chunk[0].len() as u64;
        self.cleaned = cleaned;
    }

    fn count_non_finite(&mut self, raw: &[&[f64]]) {
        for samples in raw {
            for (i, s) in samples.iter().enumerate().filter(|(_, s)| !s.is_finite()) {
                if s.is_nan() {
                    self.nan += 1;
                } else {
                    self.infinite += 1;
                }
                let at = self.position + i as u64;
                self.first_non_finite = Some(self.first_non_finite.map_or(at, |f| f.min(at)));
            }
        }
    }

    /// What was measured, of a file that has ended.
    pub(super) fn finish(mut self) -> Measures {
        let rate = f64::from(self.format.sample_rate_hz);
        let seconds = |samples: u64| samples as f64 / rate;
        let channels = usize::from(self.format.channels);
        // A peak is seen only once the kernel's look-ahead has passed it.
        let zeros = vec![0.0; self.true_peak.delay_samples()];
        self.true_peak.process(&[&zeros, &zeros]);
        let sides = &self.sides[..channels];
        let peak = sides.iter().fold(0f64, |peak, s| peak.max(s.peak));
        let true_peak =
            (0..channels).fold(f64::NEG_INFINITY, |m, c| m.max(self.true_peak.max_dbtp(c)));
        let length = self.position.max(1) as f64;
        let dc = |side: &Side| decibels((side.sum / length).abs());
        let full_scale = 1.0 - 1.5 / (1u64 << (self.depth_bits() - 1)) as f64;
        let (mut clipped_runs, mut flattened_runs, mut first) = (0, 0, None::<u64>);
        for run in sides.iter().flat_map(|s| s.runs.readings()) {
            let count =
                if run.maximum >= full_scale { &mut clipped_runs } else { &mut flattened_runs };
            *count += run.runs;
            first = Some(first.map_or(run.first, |f| f.min(run.first)));
        }
        let silent = peak == 0.0;
        let dead = |side: usize| channels == 2 && !silent && sides[side].peak == 0.0;
        let tail_power = self.tail.iter().flatten().map(|s| s * s).sum::<f64>()
            / self.tail.iter().flatten().count().max(1) as f64;
        // The sides of a mono file are alike.
        let energy: f64 = sides.iter().map(|s| s.energy).sum();
        let prints = [self.sides[0].fingerprint, self.sides[channels - 1].fingerprint];
        Measures {
            effective_bits: self.bits.reading(),
            sample_peak_dbfs: decibels(peak),
            true_peak_dbtp: finite(true_peak),
            integrated_lufs: finite(self.loudness.integrated_lufs()),
            loudness_range_lu: self.loudness.range_lu(),
            dc_dbfs: [dc(&self.sides[0]), dc(&self.sides[channels - 1])],
            leading_silence_seconds: seconds(self.first_sound.unwrap_or(self.position)),
            trailing_silence_seconds: seconds(self.position - self.last_sound),
            tail_dbfs: decibels(tail_power.sqrt()),
            clipped_runs,
            flattened_runs,
            first_run_seconds: first.map(seconds),
            nan_samples: self.nan,
            infinite_samples: self.infinite,
            first_non_finite_seconds: self.first_non_finite.map(seconds),
            silent,
            dual_mono: channels == 2 && !self.differs && !silent,
            dead_side: if dead(0) {
                Some("left")
            } else if dead(1) {
                Some("right")
            } else {
                None
            },
            power: energy / channels as f64 / length,
            fingerprint: prints,
        }
    }

    /// Bits of the container; floats are clipped where 16-bit integers are.
    fn depth_bits(&self) -> u32 {
        if self.format.encoding.is_float() { 16 } else { 8 * self.format.encoding.bytes() as u32 }
    }
}

impl Side {
    /// Takes the next samples; their largest magnitude.
    fn write(&mut self, samples: &[f64]) -> f64 {
        // In lanes, so that a sum does not wait for the one before it.
        let (mut sums, mut energies, mut peaks) = ([0f64; 8], [0f64; 8], [0f64; 8]);
        let (pieces, rest) = samples.as_chunks::<8>();
        let last = rest.iter().enumerate();
        for (k, x) in pieces.iter().flat_map(|p| p.iter().enumerate()).chain(last) {
            sums[k] += x;
            energies[k] += x * x;
            peaks[k] = peaks[k].max(x.abs());
        }
        self.sum += sums.iter().sum::<f64>();
        self.energy += energies.iter().sum::<f64>();
        let peak = peaks.iter().fold(0f64, |a, b| a.max(*b));
        self.peak = self.peak.max(peak);
        self.runs.write(samples);
        self.fingerprint = samples.iter().fold(self.fingerprint, |hash, x| {
            // Zero has two signs and one sound.
            (hash.rotate_left(5) ^ (x + 0.0).to_bits()).wrapping_mul(0x9E37_79B9_7F4A_7C15)
        });
        peak
    }
}

fn all_finite(samples: &[f64]) -> bool {
    samples.iter().fold(true, |all, s| all & s.is_finite())
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

pub(super) fn decibels(linear: f64) -> Option<f64> {
    (linear > 0.0).then(|| 20.0 * linear.log10())
}
