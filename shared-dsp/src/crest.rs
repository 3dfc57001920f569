//! Crest factor: how far the peaks stand above the level, C = max|x| / √(Σx²/N), in dB.
//!
//! Peak and RMS are taken over the same rectangular window, 1 s, moved on by 10 ms: no ballistics
//! that would make the two disagree. 0 dB for a square wave, 3.01 for a sine, about 11 to 13 for
//! noise. After reset the window grows from nothing.

use crate::db;
use crate::hop_sums::{HopMeter, HopSums, Hopped};
use crate::hop_window::HopWindow;

/// The window in ms.
pub const WINDOW_MS: f64 = 1000.0;

/// Mean square below which there is silence: −140 dBFS, under the dither of 24 bits.
pub(crate) const SILENT_MEAN_SQUARE: f64 = 1e-14;

/// Crest factors per channel. Alone, it is a [`CrestMeter`].
#[derive(Debug, Clone)]
pub struct Crest {
    window: HopWindow,
}

/// A crest factor meter with its own ears.
pub type CrestMeter = Hopped<Crest>;

impl Default for Crest {
    fn default() -> Self {
        Self { window: HopWindow::new(WINDOW_MS) }
    }
}

impl Crest {
    /// The crest factor of a channel in dB; none in silence (RMS under −140 dBFS).
    pub fn crest_db(&self, channel: usize) -> Option<f64> {
        crest_db(&self.window.sums(), channel)
    }

    /// The RMS of a channel over the same window in dBFS, where a full-scale sine reads −3.01;
    /// none in silence.
    pub fn rms_dbfs(&self, channel: usize) -> Option<f64> {
        mean_square(&self.window.sums(), channel).map(db::from_power)
    }
}

/// The crest factor of a channel in dB, of what was summed; none in silence.
pub(crate) fn crest_db(sums: &HopSums, channel: usize) -> Option<f64> {
    let rms = mean_square(sums, channel)?.sqrt();
    Some(db::from_gain(f64::from(sums.peak[channel]) / rms))
}

fn mean_square(sums: &HopSums, channel: usize) -> Option<f64> {
    let mean_square = sums.square[channel] / sums.samples as f64;
    (mean_square > SILENT_MEAN_SQUARE).then_some(mean_square)
}

impl HopMeter for Crest {
    fn prepare(&mut self, _channels: usize) {
        self.reset();
    }

    fn reset(&mut self) {
        self.window.reset();
    }

    #[inline]
    fn hop(&mut self, sums: &HopSums) {
        self.window.push(sums);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Metered;
    use crate::processor::Meter;
    use std::f64::consts::TAU;

    fn crest_of(rate: f64, signal: impl Fn(usize) -> f64) -> Crest {
        let mut meter = CrestMeter::new(Crest::default());
        meter.prepare(rate, 2);
        let left: Vec<f32> = (0..(1.5 * rate) as usize).map(|n| signal(n) as f32).collect();
        let right: Vec<f32> = left.iter().map(|x| x * 0.1).collect();
        meter.process(&[&left, &right]);
        meter.meter
    }

    #[test]
    fn known_shapes_have_their_known_crest() {
        for rate in [44_100.0, 48_000.0, 192_000.0] {
            let phase = |n: usize| 100.0 * n as f64 / rate;
            let shapes: [(&dyn Fn(usize) -> f64, f64); 4] = [
                (&|n| 0.5 * (TAU * phase(n)).sin(), 3.0103),
                (&|n| if phase(n) % 1.0 < 0.5 { 0.5 } else { -0.5 }, 0.0),
                // A sawtooth and pulses of 1 in 10: √3 and √10.
                (&|n| 2.0 * (phase(n) % 1.0) - 1.0, 4.7712),
                (&|n| if n % 10 == 0 { 0.5 } else { 0.0 }, 10.0),
            ];
            for (shape, expected) in shapes {
                let crest = crest_of(rate, shape);
                for channel in 0..2 {
                    let got = crest.crest_db(channel).unwrap();
                    assert!((got - expected).abs() < 0.03, "{got}, not {expected} at {rate}");
                }
            }
        }
    }

    #[test]
    fn the_level_it_stands_on_is_the_rms() {
        let crest = crest_of(48_000.0, |n| (TAU * n as f64 / 48.0).sin());
        assert!((crest.rms_dbfs(0).unwrap() + 3.0103).abs() < 1e-4);
        assert!((crest.rms_dbfs(1).unwrap() + 23.0103).abs() < 1e-4);
    }

    #[test]
    fn silence_has_none() {
        assert_eq!(crest_of(48_000.0, |_| 0.0).crest_db(0), None);
        assert_eq!(crest_of(48_000.0, |_| 0.0).rms_dbfs(0), None);
        assert_eq!(Crest::default().crest_db(1), None);
    }

    #[test]
    fn a_peak_is_forgotten_after_the_window() {
        let mut meter = CrestMeter::new(Crest::default());
        meter.prepare(48_000.0, 1);
        meter.process(&[&[1.0]]);
        meter.process(&[&vec![0.01; 48_000]]);
        assert!(meter.meter.crest_db(0).unwrap() > 30.0);
        meter.process(&[&[0.01; 480]]);
        assert!(meter.meter.crest_db(0).unwrap().abs() < 1e-6);
    }

    crate::contract! {
        mod contract_of_the_crest_meter;
        new: || Metered::new(CrestMeter::new(Crest::default())),
        settings: [()],
        observe: |block, out| out.extend([0, 1].map(|c| block.meter.meter.crest_db(c).unwrap_or(-1.0))),
    }
}
