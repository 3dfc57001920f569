//! Everything a stem shows, from one pass.
//!
//! VU, sample peak and crest per channel, correlation, true peak (ITU 4x) and loudness: the same
//! meters as on their own, with the same readings to the bit. What they share is the door (the
//! check for NaN), the 1 ms sums ([`hop_sums`](crate::hop_sums)), and a chunk still warm in the
//! cache.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::clean_chunks::for_each_clean_chunk;
use crate::correlation::Correlation;
use crate::crest::Crest;
use crate::hop_sums::{HopGatherer, HopMeter, HopSums};
use crate::loudness::Loudness;
use crate::peak::Peak;
use crate::processor::{MAX_CHANNELS, Meter};
use crate::true_peak::TruePeak;
use crate::vectorize::vectorize;
use crate::vu::Vu;

/// The meters of a stem. Set them up and read them through their fields.
#[derive(Debug, Clone)]
pub struct StemReadings {
    /// VU, sample peak, crest factor and correlation.
    pub levels: Levels,
    /// True peak by BS.1770, per channel.
    pub true_peak: TruePeak,
    /// Loudness: short-term and integrated, and the rest of EBU mode.
    pub loudness: Loudness,
    channels: usize,
    arch: pulp::Arch,
    gatherer: HopGatherer,
}

/// The meters that live on 1 ms sums.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    /// VU per channel.
    pub vu: Vu,
    /// Sample peak per channel.
    pub peak: Peak,
    /// Crest factor per channel.
    pub crest: Crest,
    /// Correlation of left and right.
    pub correlation: Correlation,
}

impl HopMeter for Levels {
    fn prepare(&mut self, channels: usize) {
        self.vu.prepare(channels);
        self.peak.prepare(channels);
        self.crest.prepare(channels);
        self.correlation.prepare(channels);
    }

    fn reset(&mut self) {
        self.vu.reset();
        self.peak.reset();
        self.crest.reset();
        self.correlation.reset();
    }

    #[inline(always)]
    fn hop(&mut self, sums: &HopSums) {
        self.vu.hop(sums);
        self.peak.hop(sums);
        self.crest.hop(sums);
        self.correlation.hop(sums);
    }

    #[inline(always)]
    fn glimpse(&mut self, peak: [f32; MAX_CHANNELS]) {
        self.peak.glimpse(peak);
    }
}

impl Default for StemReadings {
    fn default() -> Self {
        Self::new()
    }
}

impl StemReadings {
    /// The meters; call [`prepare`](Meter::prepare) before using them.
    pub fn new() -> Self {
        Self {
            levels: Levels::default(),
            true_peak: TruePeak::itu_4x(),
            loudness: Loudness::new(),
            channels: 0,
            arch: pulp::Arch::new(),
            gatherer: HopGatherer::default(),
        }
    }
}

impl Meter for StemReadings {
    fn prepare(&mut self, sample_rate_hz: f64, channels: usize) {
        self.channels = channels.min(MAX_CHANNELS);
        self.gatherer.prepare(sample_rate_hz);
        self.levels.prepare(self.channels);
        self.true_peak.prepare(sample_rate_hz, self.channels);
        self.loudness.prepare(sample_rate_hz, self.channels);
    }

    fn reset(&mut self) {
        self.gatherer.reset();
        self.levels.reset();
        self.true_peak.reset();
        self.loudness.reset();
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
                    |chunk| {
                        self.gatherer.process_clean(chunk, &mut self.levels);
                        self.true_peak.process_clean(chunk);
                        self.loudness.process_clean_pair(chunk);
                    },
                );
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Metered, programme};
    use crate::hop_sums::Hopped;

    fn observe(block: &Metered<StemReadings>, out: &mut Vec<f64>) {
        let StemReadings { levels, true_peak, loudness, .. } = &block.meter;
        for c in 0..2 {
            out.extend([
                levels.vu.level_vu(c),
                levels.peak.level_dbfs(c),
                levels.peak.held_dbfs(c),
            ]);
            out.extend([levels.peak.max_dbfs(c), levels.crest.crest_db(c).unwrap_or(-1.0)]);
            out.extend([true_peak.held_dbtp(c), true_peak.max_dbtp(c)]);
        }
        out.push(levels.correlation.correlation().unwrap_or(-2.0));
        out.extend([loudness.shortterm_lufs(), loudness.integrated_lufs()]);
    }

    fn heard<M: Meter>(mut meter: M, audio: &[&[f32]]) -> M {
        meter.prepare(48_000.0, 2);
        (0..50).for_each(|_| meter.process(audio));
        meter
    }

    #[test]
    fn reads_the_same_as_each_meter_alone() {
        let audio = programme(1, 2, 48_000.0);
        let audio: Vec<&[f32]> = audio.iter().map(Vec::as_slice).collect();
        let together = heard(StemReadings::new(), &audio);
        let vu = heard(Hopped::new(Vu::default()), &audio).meter;
        let peak = heard(Hopped::new(Peak::default()), &audio).meter;
        let crest = heard(Hopped::new(Crest::default()), &audio).meter;
        let correlation = heard(Hopped::new(Correlation::default()), &audio).meter;
        let true_peak = heard(TruePeak::itu_4x(), &audio);
        let loudness = heard(Loudness::new(), &audio);
        for c in 0..2 {
            assert_eq!(together.levels.vu.level_vu(c), vu.level_vu(c));
            assert_eq!(together.levels.peak.held_dbfs(c), peak.held_dbfs(c));
            assert_eq!(together.levels.crest.crest_db(c), crest.crest_db(c));
            assert_eq!(together.true_peak.max_dbtp(c), true_peak.max_dbtp(c));
        }
        assert_eq!(together.levels.correlation.correlation(), correlation.correlation());
        assert_eq!(together.loudness.integrated_lufs(), loudness.integrated_lufs());
        assert_eq!(together.loudness.shortterm_lufs(), loudness.shortterm_lufs());
        assert!(loudness.integrated_lufs().is_finite() && vu.level_vu(0).is_finite());
    }

    crate::contract! {
        mod contract_of_the_stem_readings;
        new: || Metered::new(StemReadings::new()),
        settings: [()],
        observe: observe,
    }
}
