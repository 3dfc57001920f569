//! Correlation of left and right: r = Σl·r / √(Σl² · Σr²), over a sliding rectangular window.
//!
//! Uncentred (the mean is not taken out), as correlation meters have it: +1 for mono, 0 for
//! unrelated, −1 for opposite polarity. The window is 300 ms by default, 50 to 1000 ms offered, in
//! steps of 10 ms, and moves on by 10 ms. It is exact: see [`hop_window`](crate::hop_window).
//! Silence on either side has no correlation. A one-pole mean with τ = half the window has the same
//! centre of gravity, if one wants to compare.

use crate::hop_sums::{HopMeter, HopSums, Hopped};
use crate::hop_window::HopWindow;

/// The window by default, in ms.
pub const DEFAULT_WINDOW_MS: f64 = 300.0;
/// The shortest and the longest window offered, in ms.
pub const WINDOW_RANGE_MS: [f64; 2] = [50.0, crate::hop_window::LONGEST_MS];

/// Correlation readings. Alone, it is a [`CorrelationMeter`].
#[derive(Debug, Clone)]
pub struct Correlation {
    window: HopWindow,
    lowest: Option<f64>,
}

/// A correlation meter with its own ears.
pub type CorrelationMeter = Hopped<Correlation>;

impl Default for Correlation {
    fn default() -> Self {
        Self { window: HopWindow::new(DEFAULT_WINDOW_MS), lowest: None }
    }
}

impl Correlation {
    /// Sets the window in ms, held to [`WINDOW_RANGE_MS`] and rounded to 10 ms. Kept over resets.
    pub fn set_window_ms(&mut self, window_ms: f64) {
        let [shortest, longest] = WINDOW_RANGE_MS;
        self.window.set_ms(window_ms.clamp(shortest, longest));
    }

    /// The lowest correlation since reset or [`restart_lowest`](Self::restart_lowest), of windows
    /// that were full; none where there was none.
    pub fn lowest(&self) -> Option<f64> {
        self.lowest
    }

    /// Forgets the lowest, and nothing else.
    pub fn restart_lowest(&mut self) {
        self.lowest = None;
    }

    /// The correlation, −1 to 1; none where a channel is silent (RMS under −140 dBFS).
    pub fn correlation(&self) -> Option<f64> {
        self.window.sums().image().correlation()
    }
}

impl HopMeter for Correlation {
    fn prepare(&mut self, _channels: usize) {
        self.reset();
    }

    fn reset(&mut self) {
        self.window.reset();
        self.lowest = None;
    }

    #[inline]
    fn hop(&mut self, sums: &HopSums) {
        if self.window.push(sums) && self.window.is_full() {
            let now = self.correlation();
            self.lowest =
                now.map(|now| self.lowest.map_or(now, |low| low.min(now))).or(self.lowest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Metered;
    use crate::processor::Meter;
    use crate::random::Random;
    use std::f64::consts::TAU;

    fn prepared() -> CorrelationMeter {
        let mut meter = CorrelationMeter::new(Correlation::default());
        meter.prepare(48_000.0, 2);
        meter
    }

    #[test]
    fn silence_on_either_side_has_none() {
        let mut meter = prepared();
        assert_eq!(meter.meter.correlation(), None);
        meter.process(&[&vec![0.5; 24_000], &vec![0.0; 24_000]]);
        assert_eq!(meter.meter.correlation(), None);
        meter.process(&[&vec![0.5; 24_000], &vec![0.5; 24_000]]);
        assert_eq!(meter.meter.correlation(), Some(1.0));
        meter.process(&[&vec![0.0; 24_000], &vec![0.0; 24_000]]);
        assert_eq!(meter.meter.correlation(), None);
    }

    #[test]
    fn sines_correlate_by_the_cosine_of_their_phase() {
        for rate in [44_100.0, 48_000.0, 192_000.0] {
            for degrees in [0.0f64, 30.0, 60.0, 90.0, 135.0, 180.0] {
                let mut meter = CorrelationMeter::new(Correlation::default());
                meter.prepare(rate, 2);
                // Whole cycles in 300 ms, and unequal levels, which must not matter.
                let sine = |gain: f64, phase: f64| -> Vec<f32> {
                    (0..(0.5 * rate) as usize)
                        .map(|n| gain * (TAU * 440.0 * n as f64 / rate + phase).sin())
                        .map(|x| x as f32)
                        .collect()
                };
                meter.process(&[&sine(0.5, 0.0), &sine(0.01, degrees.to_radians())]);
                let got = meter.meter.correlation().unwrap();
                let expected = degrees.to_radians().cos();
                assert!((got - expected).abs() < 1e-5, "{got}, not {expected} at {rate} Hz");
            }
        }
    }

    #[test]
    fn shared_and_own_noise_correlate_by_their_shares() {
        let mut random = Random::new(1);
        for share in [0.0, 0.5, 0.9] {
            let mut meter = prepared();
            meter.meter.set_window_ms(1000.0);
            let (mut left, mut right) = (Vec::new(), Vec::new());
            for _ in 0..48_000 {
                let shared = f64::sqrt(share) * random.bipolar();
                let mut own = || f64::sqrt(1.0 - share) * random.bipolar();
                left.push((shared + own()) as f32);
                right.push((shared + own()) as f32);
            }
            meter.process(&[&left, &right]);
            let got = meter.meter.correlation().unwrap();
            assert!((got - share).abs() < 0.02, "{got}, not {share}");
        }
    }

    #[test]
    fn the_lowest_is_kept_until_it_starts_over() {
        let mut meter = prepared();
        let hear = |meter: &mut CorrelationMeter, left: f32, right: f32, samples: usize| {
            meter.process(&[&vec![left; samples], &vec![right; samples]]);
        };
        // A window that is not full yet says nothing about what is to come.
        hear(&mut meter, 0.5, -0.5, 4800);
        assert_eq!(meter.meter.lowest(), None);
        hear(&mut meter, 0.5, -0.5, 48_000);
        hear(&mut meter, 0.5, 0.5, 48_000);
        assert_eq!(meter.meter.correlation(), Some(1.0));
        assert_eq!(meter.meter.lowest(), Some(-1.0));
        meter.meter.restart_lowest();
        hear(&mut meter, 0.5, 0.5, 480);
        assert_eq!(meter.meter.lowest(), Some(1.0));
        // Silence is no correlation, high or low; two roots may round.
        hear(&mut meter, 0.0, 0.0, 48_000);
        let lowest = meter.meter.lowest().expect("kept");
        assert!((lowest - 1.0).abs() < 1e-12, "{lowest}");
    }

    #[test]
    fn the_window_is_rectangular_and_adjustable() {
        for window_ms in [50.0, 300.0, 1000.0] {
            let mut meter = prepared();
            meter.meter.set_window_ms(window_ms);
            meter.process(&[&vec![0.5; 48_000], &vec![0.5; 48_000]]);
            // Opposite polarity for a quarter of the window.
            let turned = (window_ms / 4.0 / 10.0).round() * 10.0;
            let n = (turned * 48.0) as usize;
            meter.process(&[&vec![0.5; n], &vec![-0.5; n]]);
            let expected = 1.0 - 2.0 * turned / window_ms;
            let got = meter.meter.correlation().unwrap();
            assert!((got - expected).abs() < 1e-12, "{got}, not {expected}");
        }
    }

    #[test]
    fn the_ends_of_the_range_hold() {
        let mut meter = prepared();
        meter.meter.set_window_ms(1.0);
        meter.process(&[&vec![0.5; 24_000], &vec![0.5; 24_000]]);
        meter.process(&[&[0.5; 480], &[-0.5; 480]]);
        assert!((meter.meter.correlation().unwrap() - 0.6).abs() < 1e-12);
    }

    crate::contract! {
        mod contract_of_the_correlation_meter;
        new: || Metered::new(CorrelationMeter::new(Correlation::default())),
        settings: [()],
        observe: |block, out| out.push(block.meter.meter.correlation().unwrap_or(-2.0)),
    }
}
