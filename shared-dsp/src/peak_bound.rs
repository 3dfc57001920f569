//! How high a signal can be between its samples, at most, without interpolating it.
//!
//! An interpolator gives `y = Σₖ hₖ·x[k]`, with S = Σ hₖ. Two bounds hold for it, and the lower one
//! counts:
//!
//! ```text
//! |y| ≤ Σ|hₖ| · max |x|                                            over all the samples looked at
//! |y| ≤ |S| · max(|l|, |r|) + B · max |x[k−1] − 2·x[k] + x[k+1]|   l and r: the samples around y
//! ```
//!
//! For the second, take the straight line from l to r at the place where h has its first moment,
//! S·((1 − m)·l + m·r). What h does beyond that has neither a sum nor a first moment, so, summed by
//! parts twice, it weighs second differences alone: `y = line + Σ cₖ·Δ²x[k]`, and B = Σ|cₖ|. Music bends
//! slowly: where the first bound leaves a third of a loud master to be interpolated against its own
//! maximum, the second leaves three thousandths.
//!
//! Range: m must lie between the two samples, as it does for every interpolator worth the name. The
//! factors are for exact sums; `ROUNDING` is what sums of up to 48 products in `f32` may add.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

/// A sum of 48 products is off by 48·2⁻²⁴·Σ|hₖ|·max |x| at most, 10⁻⁵ of the largest sample looked at;
/// and that sample, 24 steps away, is within 49·max(|l|, |r|) + 300·(the largest bend).
const ROUNDING: [f64; 2] = [0.000_5, 0.003];

/// The factors of both bounds, the largest over the phases of an interpolator.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct PeakBound {
    magnitude: f32,
    around: f32,
    bend: f32,
}

impl PeakBound {
    /// The bound of an interpolator with these phases: weights from the oldest sample to the newest,
    /// as many on either side of the point.
    pub fn of<'a>(phases: impl IntoIterator<Item = &'a [f64]>) -> Self {
        // A phase that is a sample itself.
        let (mut magnitude, mut around, mut bend) = (1f64, 1f64, 0f64);
        for weights in phases {
            let sum: f64 = weights.iter().sum();
            let left = weights.len() / 2 - 1;
            let moment: f64 = weights.iter().enumerate().map(|(k, h)| k as f64 * h).sum();
            let m = moment / sum - left as f64;
            assert!((-1e-9..=1.0 + 1e-9).contains(&m), "the point lies between two samples");
            let line = |k: usize| match k.wrapping_sub(left) {
                0 => sum * (1.0 - m),
                1 => sum * m,
                _ => 0.0,
            };
            let (mut first, mut second, mut weight) = (0.0, 0.0, 0.0);
            for (k, h) in weights.iter().enumerate() {
                first += h - line(k);
                second += first;
                weight += f64::abs(second);
            }
            magnitude = magnitude.max(weights.iter().map(|h| h.abs()).sum());
            around = around.max(sum.abs());
            bend = bend.max(weight);
        }
        let widened = [magnitude * (1.0 + 1e-4), around + ROUNDING[0], bend + ROUNDING[1]];
        let [magnitude, around, bend] = widened.map(|x| x as f32);
        Self { magnitude, around, bend }
    }

    /// Whether anything in an interval could be above `threshold`, where the samples at its ends are
    /// no larger than `around`, and no second difference of the samples looked at is larger than
    /// `bend`: false is certain.
    #[inline(always)]
    pub fn may_pass(&self, around: f32, bend: f32, threshold: f32) -> bool {
        self.around * around + self.bend * bend > threshold
    }

    /// The same, from the largest of the samples looked at.
    #[inline(always)]
    pub fn may_pass_by_magnitude(&self, magnitude: f32, threshold: f32) -> bool {
        self.magnitude * magnitude > threshold
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::{largest_bend, largest_magnitude};
    use crate::random::Random;

    /// Cubic interpolation by Lagrange, half way and a quarter of the way.
    const HALF_WAY: [f64; 4] = [-0.0625, 0.5625, 0.5625, -0.0625];
    const QUARTER: [f64; 4] = [-0.054_687_5, 0.820_312_5, 0.273_437_5, -0.039_062_5];

    #[test]
    fn the_factors_of_a_kernel_done_by_hand() {
        let bound = PeakBound::of([&HALF_WAY[..]]);
        assert!((f64::from(bound.magnitude) - 1.25).abs() < 1e-3);
        assert!((f64::from(bound.around) - 1.0).abs() < 1e-3);
        // h less the mean of the middle two is −1/16 of (1, −1, −1, 1), whose second sums are 1 and 1.
        assert!((f64::from(bound.bend) - 0.125).abs() < 4e-3, "{bound:?}");
    }

    #[test]
    fn nothing_passes_either_bound_and_both_are_reached() {
        let bound = PeakBound::of([&HALF_WAY[..], &QUARTER[..]]);
        let mut random = Random::new(5);
        let mut closest = [0f32; 2];
        for round in 0..20_000 {
            let mut x = [0f32; 4];
            match round % 3 {
                0 => x = [-1.0, 1.0, 1.0, -1.0],
                1 => {
                    let slope = random.bipolar() as f32;
                    x = std::array::from_fn(|n| 0.3 + slope * n as f32);
                }
                _ => x.fill_with(|| random.bipolar() as f32),
            }
            let y = [HALF_WAY, QUARTER]
                .map(|h| h.iter().zip(x).map(|(h, x)| h * f64::from(x)).sum::<f64>().abs() as f32);
            let peak = y[0].max(y[1]);
            let (around, bend) = (x[1].abs().max(x[2].abs()), largest_bend(&x));
            assert!(bound.may_pass(around, bend, peak * 0.999_999));
            assert!(bound.may_pass_by_magnitude(largest_magnitude(&x), peak * 0.999_999));
            let by_bend = bound.around * around + bound.bend * bend;
            closest[0] = closest[0].max(peak / by_bend);
            closest[1] = closest[1].max(peak / (bound.magnitude * largest_magnitude(&x)));
        }
        assert!(closest[0] > 0.99 && closest[1] > 0.99, "{closest:?}");
    }
}
