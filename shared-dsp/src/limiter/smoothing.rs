//! Two box filters in a row, in whole numbers.
//!
//! The impulse response is a triangle (or trapezoid) of `n1 + n2 − 1` samples: a step passes through
//! it as two parabolas, without a corner in its slope, and reaches its end exactly. The running sums
//! are integers, so they never drift: after as many equal values as the response is long the output
//! is that value or up to 2⁻³² more, and after silence it is exactly 0.

const ONE: f64 = (1u64 << 32) as f64;
/// Added to a number below it, this leaves whole numbers in the lowest bits.
const MANTISSA: f64 = (1u64 << 52) as f64;

/// Smooths values in [0, 1].
#[derive(Debug, Default)]
pub(super) struct Smoothing {
    boxes: [MovingSum; 2],
    scale: f64,
}

#[derive(Debug, Default)]
struct MovingSum {
    ring: Vec<u64>,
    length: usize,
    at: usize,
    sum: u64,
}

impl MovingSum {
    #[inline]
    fn next(&mut self, value: u64) -> u64 {
        let slot = &mut self.ring[self.at];
        self.sum = self.sum + value - *slot;
        *slot = value;
        self.at += 1;
        if self.at == self.length {
            self.at = 0;
        }
        self.sum
    }

    fn reset(&mut self) {
        self.ring.fill(0);
        self.at = 0;
        self.sum = 0;
    }
}

impl Smoothing {
    /// Allocates for responses of up to `longest` samples.
    pub(super) fn prepare(&mut self, longest: usize) {
        for moving_sum in &mut self.boxes {
            moving_sum.ring = vec![0; longest / 2 + 1];
        }
        self.set_length(longest);
    }

    /// Sets the length of the response, at least 1, and empties it.
    pub(super) fn set_length(&mut self, length: usize) {
        let first = length.div_ceil(2).max(1);
        let second = (length + 1 - first).max(1);
        for (moving_sum, length) in self.boxes.iter_mut().zip([first, second]) {
            moving_sum.length = length.min(moving_sum.ring.len());
            moving_sum.reset();
        }
        self.scale = 1.0 / (ONE * first as f64 * second as f64);
    }

    pub(super) fn reset(&mut self) {
        self.boxes.iter_mut().for_each(MovingSum::reset);
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        for (to, from) in self.boxes.iter_mut().zip(&other.boxes) {
            to.ring.copy_from_slice(&from.ring);
            (to.length, to.at, to.sum) = (from.length, from.at, from.sum);
        }
        self.scale = other.scale;
    }

    /// Whether everything inside is 0.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        // The values are not negative, so the sums are 0 only when all of them are.
        self.boxes.iter().all(|moving_sum| moving_sum.sum == 0)
    }

    /// Adds a value in [0, 1] and gives the smoothed one.
    #[inline]
    pub(super) fn next(&mut self, value: f64) -> f64 {
        // To the nearest whole number by way of the mantissa: a conversion costs four times as much
        // on the baseline target. One up, so that the smoothed reduction is never a hair short.
        let nearest = (value * ONE + MANTISSA).to_bits() - MANTISSA.to_bits();
        let whole = nearest + u64::from(value > 0.0);
        let [first, second] = &mut self.boxes;
        second.next(first.next(whole)) as f64 * self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaches_a_step_exactly_when_its_response_ends_and_leaves_nothing_behind() {
        for length in [1, 2, 3, 20, 67] {
            let mut smoothing = Smoothing::default();
            smoothing.prepare(70);
            smoothing.set_length(length);
            for n in 1..=length + 5 {
                let value = smoothing.next(0.5);
                assert_eq!(value >= 0.5, n >= length, "{value} after {n} of {length}");
                assert!(value < 0.5 + 3e-10);
            }
            for n in 1..=length + 5 {
                assert_eq!(smoothing.next(0.0) == 0.0, n >= length);
            }
            assert!(smoothing.is_empty());
        }
    }

    #[test]
    fn has_the_response_of_two_boxes() {
        let mut smoothing = Smoothing::default();
        smoothing.prepare(7);
        let response: Vec<f64> =
            (0..9).map(|n| smoothing.next(if n == 0 { 1.0 } else { 0.0 }) * 16.0).collect();
        for (value, truth) in response.iter().zip([1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0, 0.0, 0.0]) {
            assert!((value - truth).abs() < 1e-8, "{response:?}");
        }
    }
}
