//! What a limiter must do about each position of a signal.
//!
//! Position m stands for the closed interval from sample m to sample m + 1. With P the largest
//! magnitude there and c the ceiling, the reduction asked for is e = 1 − c/P, or 0 where P ≤ c.

use super::SEGMENT;
use crate::interpolator::Interpolator;

/// Finds peaks in a stream, segment by segment.
#[derive(Debug)]
pub(super) struct Detector {
    interpolator: Interpolator,
    /// How far below the ceiling the interpolator's cheap test already calls for a full reading.
    tolerance: f32,
    /// The samples before the segment, then the segment.
    signal: Vec<f32>,
    peaks: [f32; SEGMENT],
}

impl Detector {
    pub(super) fn new(interpolator: Interpolator, tolerance_db: f64) -> Self {
        let signal = vec![0.0; interpolator.taps() - 1 + SEGMENT];
        let tolerance = crate::db::to_gain(-tolerance_db) as f32;
        Self { interpolator, tolerance, signal, peaks: [0.0; SEGMENT] }
    }

    /// Samples from a sample coming in to the position after it being read.
    pub(super) fn delay_samples(&self) -> usize {
        self.interpolator.half()
    }

    pub(super) fn reset(&mut self) {
        self.signal.fill(0.0);
    }

    /// Takes a segment in and writes the reduction that each position `delay_samples` ago asks for.
    /// `between` chooses true peaks over sample peaks. Says whether there was any.
    pub(super) fn requests(
        &mut self,
        segment: &[f32],
        ceiling: f64,
        between: bool,
        requests: &mut [f64],
    ) -> bool {
        let length = segment.len();
        self.append(segment);
        let taps = self.interpolator.taps();
        let peaks = &mut self.peaks[..length];
        let limit = ceiling as f32;
        if between {
            let signal = &self.signal[..taps - 1 + length];
            self.interpolator.peaks_above(signal, limit * self.tolerance, peaks);
        } else {
            let ends = &self.signal[taps / 2 - 1..][..length];
            for (peak, sample) in peaks.iter_mut().zip(ends) {
                *peak = sample.abs();
            }
        }
        let mut any = false;
        for (request, peak) in requests.iter_mut().zip(peaks) {
            *request = if *peak > limit { 1.0 - ceiling / f64::from(*peak) } else { 0.0 };
            any |= *peak > limit;
        }
        self.forget(length);
        any
    }

    fn append(&mut self, segment: &[f32]) {
        let history = self.interpolator.taps() - 1;
        self.signal[history..history + segment.len()].copy_from_slice(segment);
    }

    fn forget(&mut self, length: usize) {
        let history = self.interpolator.taps() - 1;
        self.signal.copy_within(length..length + history, 0);
    }
}
