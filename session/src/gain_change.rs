//! What an insert did to the level, measured from outside: the audio on either side of it.
//!
//! In windows of half a millisecond the gain of each side is the least-squares fit
//! g = ⟨x, y⟩ / ⟨x, x⟩ of what came out (y) to what went in (x), which weighs the peaks where a
//! limiter works and does not divide by zero crossings. The deeper side counts.

use crate::engine::CompareSink;
pub use report::model::GainReduction;

/// Shorter than any limiter's attack, long enough for a fit.
const WINDOW_SECONDS: f64 = 0.000_5;
/// A window with less power than this (−100 dBFS) says nothing.
const FAINTEST_POWER: f64 = 1e-10;
/// What counts as limiting.
const LIMITING_DB: f64 = 0.05;

/// Measures gain reduction against a constant gain.
#[derive(Debug, Clone)]
pub struct GainMeter {
    gain: f64,
    window: usize,
    filled: usize,
    /// ⟨x, x⟩ and ⟨x, y⟩ of each side.
    products: [(f64, f64); 2],
    deepest_db: f64,
    sum_db: f64,
    limiting: u64,
    audible: u64,
}

impl GainMeter {
    /// A meter for an insert that also applies a constant gain of `gain_db`.
    pub fn new(sample_rate_hz: u32, gain_db: f64) -> Self {
        Self {
            gain: 10f64.powf(gain_db / 20.0),
            window: ((f64::from(sample_rate_hz) * WINDOW_SECONDS).round() as usize).max(4),
            filled: 0,
            products: [(0.0, 0.0); 2],
            deepest_db: 0.0,
            sum_db: 0.0,
            limiting: 0,
            audible: 0,
        }
    }

    /// What has been measured so far.
    pub fn reading(&self) -> GainReduction {
        let share =
            |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
        GainReduction {
            maximum_db: self.deepest_db,
            average_while_limiting_db: if self.limiting == 0 {
                0.0
            } else {
                self.sum_db / self.limiting as f64
            },
            limiting_share: share(self.limiting, self.audible),
        }
    }

    fn close_window(&mut self) {
        let faintest = FAINTEST_POWER * self.window as f64;
        let reduction_db = self
            .products
            .iter()
            .filter(|(xx, _)| *xx > faintest)
            .map(|(xx, xy)| -20.0 * (xy / xx).max(1e-6).log10())
            .reduce(f64::max);
        if let Some(reduction_db) = reduction_db {
            self.audible += 1;
            if reduction_db > LIMITING_DB {
                self.limiting += 1;
                self.sum_db += reduction_db;
                self.deepest_db = self.deepest_db.max(reduction_db);
            }
        }
        self.products = [(0.0, 0.0); 2];
        self.filled = 0;
    }
}

impl CompareSink for GainMeter {
    fn write(&mut self, before: [&[f64]; 2], after: [&[f64]; 2]) {
        let mut at = 0;
        while at < before[0].len() {
            let end = (at + self.window - self.filled).min(before[0].len());
            for ((xx, xy), (before, after)) in
                self.products.iter_mut().zip(before.iter().zip(after))
            {
                for (b, y) in before[at..end].iter().zip(&after[at..end]) {
                    let x = self.gain * b;
                    *xx += x * x;
                    *xy += x * y;
                }
            }
            self.filled += end - at;
            at = end;
            if self.filled == self.window {
                self.close_window();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(block: usize) -> GainReduction {
        let before: Vec<f64> = (0..48_000).map(|i| 0.5 * (f64::from(i) * 0.13).sin()).collect();
        // +6 dB of gain, and 4 dB of reduction for a quarter of the time.
        let gain = 10f64.powf(6.0 / 20.0);
        let reduced = 10f64.powf(-4.0 / 20.0);
        let after: Vec<f64> = before
            .iter()
            .enumerate()
            .map(|(i, x)| x * gain * if (12_000..24_000).contains(&i) { reduced } else { 1.0 })
            .collect();
        let mut meter = GainMeter::new(48_000, 6.0);
        for at in (0..before.len()).step_by(block) {
            let end = (at + block).min(before.len());
            meter.write([&before[at..end]; 2], [&after[at..end]; 2]);
        }
        meter.reading()
    }

    #[test]
    fn a_known_reduction_is_read() {
        let reading = measure(512);
        assert!((reading.maximum_db - 4.0).abs() < 1e-9, "{reading:?}");
        assert!((reading.average_while_limiting_db - 4.0).abs() < 1e-9, "{reading:?}");
        assert!((reading.limiting_share - 0.25).abs() < 1e-3, "{reading:?}");
        assert_eq!(reading, measure(1));
        assert_eq!(reading, measure(48_000));
    }

    #[test]
    fn silence_reads_as_nothing() {
        let mut meter = GainMeter::new(48_000, 0.0);
        let silence = vec![0.0; 4800];
        meter.write([&silence; 2], [&silence; 2]);
        assert_eq!(meter.reading().maximum_db, 0.0);
        assert_eq!(meter.reading().limiting_share, 0.0);
    }
}
