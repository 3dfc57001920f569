//! Whether a delay grows with time: two clocks, or a tape.

use super::fit::{Fit, Model, Who};
use super::spectra::Spectra;

/// Stretches that must be heard to tell a line from chance.
const FEWEST: usize = 4;
/// An estimate this many times its own uncertainty is one.
const SURE_SIGMAS: f64 = 6.0;

/// A delay that is not one number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drift {
    /// Delay in the first and in the last stretch, samples.
    pub(super) ends: [f64; 2],
    /// The slope, in parts per million; `None` where the delay jumps about instead.
    pub(super) ppm: Option<f64>,
    /// Share of what was left that following it leaves.
    pub(super) left: f64,
}

/// Follows the delay of `who` through the stretches of `frames` samples.
pub(super) fn follow(stretches: &[Spectra], model: &Model, who: Who, frames: u64) -> Option<Drift> {
    let mut points: Vec<(f64, f64)> = Vec::new();
    let (mut before, mut after) = (0.0, 0.0);
    for (index, spectra) in stretches.iter().enumerate() {
        let fit = Fit::new(spectra);
        let left = fit.left(model);
        let power: f64 = left.by_band.iter().sum();
        before += power;
        match fit.candidate(model, &left, who) {
            Some(c) if c.sigmas > SURE_SIGMAS => {
                after += c.left_in_all * power;
                points.push(((index as f64 + 0.5) / stretches.len() as f64, c.change.delay));
            }
            _ => after += power,
        }
    }
    if points.len() < FEWEST || before <= 0.0 {
        return None;
    }
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (mean_time, mean_delay) = (mean(|p| p.0), mean(|p| p.1));
    let spread: f64 = points.iter().map(|p| (p.0 - mean_time).powi(2)).sum();
    let slope = points.iter().map(|p| (p.0 - mean_time) * (p.1 - mean_delay)).sum::<f64>() / spread;
    let off = points
        .iter()
        .map(|p| (p.1 - mean_delay - slope * (p.0 - mean_time)).abs())
        .fold(0.0, f64::max);
    let delays = || points.iter().map(|p| p.1);
    let range = delays().fold(f64::MIN, f64::max) - delays().fold(f64::MAX, f64::min);
    if range < 0.02 {
        return None;
    }
    let straight = off < 0.15 * range;
    Some(Drift {
        ends: [points[0].1, points[points.len() - 1].1],
        ppm: straight.then_some(slope / frames as f64 * 1e6),
        left: after / before,
    })
}
