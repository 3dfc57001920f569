//! Sample peak: the largest |x|, per channel, with hold, decay and maximum
//! ([`peak_ballistics`](crate::peak_ballistics)). A peak shows at once; the fall advances by whole
//! milliseconds. Between the samples it may be higher: [`true_peak`](crate::true_peak).

use crate::db;
use crate::hop_sums::{HopMeter, HopSums, Hopped};
use crate::peak_ballistics::PeakBallistics;
use crate::processor::MAX_CHANNELS;

/// Sample peak readings per channel. Alone, it is a [`PeakMeter`].
#[derive(Debug, Clone, Default)]
pub struct Peak {
    channels: [PeakBallistics; MAX_CHANNELS],
}

/// A sample peak meter with its own ears.
pub type PeakMeter = Hopped<Peak>;

impl Peak {
    /// Sets how fast the bar falls (dB/s) and how long the held line stays (ms). Kept over resets.
    pub fn set_ballistics(&mut self, decay_db_per_s: f64, hold_ms: f64) {
        self.channels.iter_mut().for_each(|channel| channel.set(decay_db_per_s, hold_ms));
    }

    /// Whether what is heard from now on counts for the maximum. Ends with a reset.
    pub fn set_counts(&mut self, counts: bool) {
        self.channels.iter_mut().for_each(|channel| channel.set_counts(counts));
    }

    /// Forgets the maxima alone.
    pub fn reset_maximum(&mut self) {
        self.channels.iter_mut().for_each(PeakBallistics::reset_maximum);
    }

    /// The falling bar in dBFS; −∞ in silence.
    pub fn level_dbfs(&self, channel: usize) -> f64 {
        db::from_gain(self.channels[channel].bar().into())
    }

    /// The held line in dBFS; −∞ in silence.
    pub fn held_dbfs(&self, channel: usize) -> f64 {
        db::from_gain(self.channels[channel].held().into())
    }

    /// The maximum since reset in dBFS; −∞ while there is none.
    pub fn max_dbfs(&self, channel: usize) -> f64 {
        db::from_gain(self.channels[channel].maximum().into())
    }
}

impl HopMeter for Peak {
    fn prepare(&mut self, _channels: usize) {
        self.reset();
    }

    fn reset(&mut self) {
        self.channels.iter_mut().for_each(PeakBallistics::reset);
    }

    #[inline]
    fn hop(&mut self, _sums: &HopSums) {
        self.channels.iter_mut().for_each(PeakBallistics::fall);
    }

    #[inline]
    fn glimpse(&mut self, peak: [f32; MAX_CHANNELS]) {
        for (channel, peak) in self.channels.iter_mut().zip(peak) {
            channel.raise(peak);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Metered;
    use crate::processor::Meter;

    fn prepared() -> PeakMeter {
        let mut peak = PeakMeter::new(Peak::default());
        peak.prepare(48_000.0, 2);
        peak
    }

    #[test]
    fn a_single_sample_shows_at_once_in_its_channel() {
        let mut meter = prepared();
        meter.process(&[&[0.0, -0.5], &[0.0, 0.0]]);
        let peak = &meter.meter;
        for level in [peak.level_dbfs(0), peak.held_dbfs(0), peak.max_dbfs(0)] {
            assert!((level + 6.0206).abs() < 1e-4, "{level}");
        }
        assert_eq!(peak.level_dbfs(1), f64::NEG_INFINITY);
    }

    #[test]
    fn holds_falls_and_remembers() {
        let mut meter = prepared();
        meter.meter.set_ballistics(10.0, 500.0);
        meter.process(&[&[1.0], &[1.0]]);
        meter.process(&[&vec![0.0; 23_900], &vec![0.0; 23_900]]);
        assert!((meter.meter.level_dbfs(0) + 5.0).abs() < 0.05);
        assert_eq!(meter.meter.held_dbfs(0), 0.0);
        meter.process(&[&vec![0.0; 24_000], &vec![0.0; 24_000]]);
        assert!((meter.meter.held_dbfs(0) + 10.0).abs() < 0.05);
        assert_eq!(meter.meter.max_dbfs(0), 0.0);
    }

    #[test]
    fn what_does_not_count_leaves_the_maximum_alone() {
        let mut meter = prepared();
        meter.process(&[&[0.25], &[0.25]]);
        meter.meter.set_counts(false);
        meter.process(&[&[1.0], &[1.0]]);
        assert_eq!(meter.meter.level_dbfs(0), 0.0);
        assert!((meter.meter.max_dbfs(0) + 12.0412).abs() < 1e-4);
        meter.meter.reset_maximum();
        meter.meter.set_counts(true);
        meter.process(&[&[0.5], &[0.5]]);
        assert!((meter.meter.max_dbfs(1) + 6.0206).abs() < 1e-4);
    }

    crate::contract! {
        mod contract_of_the_peak_meter;
        new: || Metered::new(PeakMeter::new(Peak::default())),
        settings: [()],
        observe: |block, out| for c in 0..2 {
            let peak = &block.meter.meter;
            out.extend([peak.level_dbfs(c), peak.held_dbfs(c), peak.max_dbfs(c)]);
        },
    }
}
