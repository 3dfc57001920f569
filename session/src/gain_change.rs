//! What an insert did to the level, measured from outside: the audio on either side of it.
//!
//! In short windows the gain of each side is the least-squares fit g = ⟨x, y⟩ / ⟨x, x⟩ of what came
//! out (y) to what went in (x), which weighs the peaks where a limiter works and does not divide by
//! zero crossings. [`GainMeter`] sums up what a limiter cost, by windows of half a millisecond and
//! their deeper side; [`timeline::InsertMeter`](crate::timeline::InsertMeter) keeps any insert's
//! gain over time.

use crate::engine::CompareSink;
pub use report::model::GainReduction;

/// A window for limiters: shorter than any of their attacks, long enough for a fit.
pub const LIMITER_WINDOW_SECONDS: f64 = 0.000_5;
/// A window with less power than this (−100 dBFS) says nothing.
const FAINTEST_POWER: f64 = 1e-10;
/// What counts as limiting.
const LIMITING_DB: f64 = 0.05;

/// What a window of both sides of an insert holds. x is the input times the constant gain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct WindowSums {
    /// ⟨x, x⟩ of each side.
    pub(crate) input: [f64; 2],
    /// ⟨x, y⟩ of each side.
    pub(crate) product: [f64; 2],
    /// ⟨y, y⟩ of each side.
    pub(crate) output: [f64; 2],
    samples: usize,
}

impl WindowSums {
    /// How many samples of each side it holds.
    pub(crate) fn samples(&self) -> usize {
        self.samples
    }

    /// The gain of each side that is loud enough to have one, in dB. One that is turned round
    /// counts as none at all: −120 dB.
    pub(crate) fn gains_db(&self) -> impl Iterator<Item = f64> {
        let faintest = FAINTEST_POWER * self.samples as f64;
        let sides = self.input.into_iter().zip(self.product);
        sides
            .filter(move |(xx, _)| *xx > faintest)
            .map(|(xx, xy)| 20.0 * (xy / xx).max(1e-6).log10())
    }
}

/// Gathers windows of one length.
#[derive(Debug, Clone)]
pub(crate) struct Windows {
    gain: f64,
    length: usize,
    sums: WindowSums,
}

impl Windows {
    /// Windows of `seconds`, for an insert that also applies a constant gain of `gain_db`.
    pub(crate) fn new(sample_rate_hz: u32, seconds: f64, gain_db: f64) -> Self {
        Self {
            gain: 10f64.powf(gain_db / 20.0),
            length: ((f64::from(sample_rate_hz) * seconds).round() as usize).max(4),
            sums: WindowSums::default(),
        }
    }

    /// Takes the next samples, and hands every window that they complete to `take`.
    pub(crate) fn write(
        &mut self,
        before: [&[f64]; 2],
        after: [&[f64]; 2],
        mut take: impl FnMut(&WindowSums),
    ) {
        let mut at = 0;
        while at < before[0].len() {
            let end = (at + self.left()).min(before[0].len());
            for side in 0..2 {
                let WindowSums { input, product, output, .. } = &mut self.sums;
                let (mut xx, mut xy, mut yy) = (input[side], product[side], output[side]);
                for (b, y) in before[side][at..end].iter().zip(&after[side][at..end]) {
                    let x = self.gain * b;
                    xx += x * x;
                    xy += x * y;
                    yy += y * y;
                }
                (input[side], product[side], output[side]) = (xx, xy, yy);
            }
            self.sums.samples += end - at;
            at = end;
            if self.sums.samples == self.length {
                take(&std::mem::take(&mut self.sums));
            }
        }
    }

    /// Samples of a window.
    pub(crate) fn length(&self) -> usize {
        self.length
    }

    /// Samples until the window under way is complete.
    pub(crate) fn left(&self) -> usize {
        self.length - self.sums.samples
    }

    /// The constant gain, linear.
    pub(crate) fn gain(&self) -> f64 {
        self.gain
    }

    /// The window under way, which may be empty.
    pub(crate) fn rest(&self) -> &WindowSums {
        &self.sums
    }
}

/// Measures gain reduction against a constant gain.
#[derive(Debug, Clone)]
pub struct GainMeter {
    windows: Windows,
    cost: Cost,
}

#[derive(Debug, Clone, Default)]
struct Cost {
    deepest_db: f64,
    sum_db: f64,
    limiting: u64,
    audible: u64,
}

impl Cost {
    fn add(&mut self, window: &WindowSums) {
        if let Some(reduction_db) = window.gains_db().map(|gain_db| -gain_db).reduce(f64::max) {
            self.audible += 1;
            if reduction_db > LIMITING_DB {
                self.limiting += 1;
                self.sum_db += reduction_db;
                self.deepest_db = self.deepest_db.max(reduction_db);
            }
        }
    }
}

impl GainMeter {
    /// A meter for an insert that also applies a constant gain of `gain_db`.
    pub fn new(sample_rate_hz: u32, gain_db: f64) -> Self {
        Self {
            windows: Windows::new(sample_rate_hz, LIMITER_WINDOW_SECONDS, gain_db),
            cost: Cost::default(),
        }
    }

    /// What has been measured so far.
    pub fn reading(&self) -> GainReduction {
        let Cost { deepest_db, sum_db, limiting, audible } = self.cost;
        GainReduction {
            maximum_db: deepest_db,
            average_while_limiting_db: if limiting == 0 { 0.0 } else { sum_db / limiting as f64 },
            limiting_share: if audible == 0 { 0.0 } else { limiting as f64 / audible as f64 },
        }
    }
}

impl CompareSink for GainMeter {
    fn write(&mut self, before: [&[f64]; 2], after: [&[f64]; 2]) {
        self.windows.write(before, after, |window| self.cost.add(window));
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
