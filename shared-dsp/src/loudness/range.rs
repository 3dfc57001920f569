//! Loudness range, EBU Tech 3342 (2016).
//!
//! LRA = P95 − P10 of the short-term loudness, taken at least ten times a second, of what is above
//! −70 LUFS and above 20 LU under the mean (of energies) of that.

use super::histogram::Histogram;
use super::level::lufs_of;

/// Seconds of signal after which the range counts as stable (Tech 3342, note on short programmes).
pub const STABLE_AFTER_S: f64 = 60.0;

/// Short-term windows a second.
const WINDOWS_PER_SECOND: f64 = 10.0;
/// A measurement of t seconds holds the windows of its last t − 3.
const FIRST_WINDOW_S: f64 = 3.0;
const RELATIVE_GATE_LU: f64 = 20.0;
const PERCENTILES: [f64; 2] = [0.1, 0.95];

#[derive(Debug, Clone)]
pub(super) struct LoudnessRange {
    windows: Histogram,
    taken: u64,
    bounds: Option<[f64; 2]>,
}

impl LoudnessRange {
    pub(super) fn new() -> Self {
        Self { windows: Histogram::new(), taken: 0, bounds: None }
    }

    pub(super) fn clear(&mut self) {
        self.windows.clear();
        self.taken = 0;
        self.bounds = None;
    }

    /// Takes the mean square of a short-term window.
    pub(super) fn add(&mut self, energy: f64) {
        self.taken += 1;
        self.windows.add(energy, ());
        self.bounds = self.windows.gated_percentiles(RELATIVE_GATE_LU, PERCENTILES);
    }

    pub(super) fn bounds_lufs(&self) -> Option<[f64; 2]> {
        self.bounds.map(|bounds| bounds.map(lufs_of))
    }

    pub(super) fn lu(&self) -> f64 {
        self.bounds_lufs().map_or(0.0, |[low, high]| high - low)
    }

    pub(super) fn is_stable(&self) -> bool {
        (self.taken.max(1) - 1) as f64 / WINDOWS_PER_SECOND + FIRST_WINDOW_S >= STABLE_AFTER_S
    }
}
