//! The largest of the last W values, at constant cost a value.
//!
//! The monotonic wedge (Lemire, "Streaming maximum-minimum filter using no more than three
//! comparisons per element", 2006): only values that may still become the maximum are kept, in
//! falling order. Values must not be negative; zeros are not kept, so silence costs nothing.

/// A moving maximum of non-negative values.
#[derive(Debug, Default)]
pub struct MovingMaximum {
    /// A ring of candidates: when each was heard, and how large it was.
    ring: Vec<(u64, f64)>,
    mask: usize,
    first: usize,
    count: usize,
    window: u64,
    now: u64,
}

impl MovingMaximum {
    /// Allocates for windows up to `longest` values and empties the window.
    pub fn prepare(&mut self, longest: usize) {
        // A power of two, so that wrapping is a mask.
        self.ring = vec![(0, 0.0); longest.max(1).next_power_of_two()];
        self.mask = self.ring.len() - 1;
        self.set_window(longest);
    }

    /// Sets the window's length (at least 1, at most what was prepared) and empties it.
    pub fn set_window(&mut self, window: usize) {
        self.window = window.clamp(1, self.ring.len()) as u64;
        self.reset();
    }

    /// Empties the window.
    pub fn reset(&mut self) {
        self.first = 0;
        self.count = 0;
        self.now = 0;
    }

    /// Takes over another's values without allocating; both must be prepared alike.
    pub fn copy_from(&mut self, other: &Self) {
        self.ring.copy_from_slice(&other.ring);
        (self.first, self.count) = (other.first, other.count);
        (self.window, self.now) = (other.window, other.now);
    }

    /// Whether the window holds nothing but zeros.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Adds a value and gives the maximum of the window.
    #[inline]
    pub fn next(&mut self, value: f64) -> f64 {
        self.now += 1;
        if self.count > 0 && self.ring[self.first].0 + self.window <= self.now {
            self.first = self.wrapped(self.first + 1);
            self.count -= 1;
        }
        if value > 0.0 {
            while self.count > 0 && self.ring[self.wrapped(self.first + self.count - 1)].1 <= value
            {
                self.count -= 1;
            }
            let end = self.wrapped(self.first + self.count);
            self.ring[end] = (self.now, value);
            self.count += 1;
        }
        if self.count > 0 { self.ring[self.first].1 } else { 0.0 }
    }

    #[inline]
    fn wrapped(&self, index: usize) -> usize {
        index & self.mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn is_the_maximum_of_its_window() {
        let mut random = Random::new(5);
        let values: Vec<f64> =
            (0..3000).map(|n| if n / 100 % 3 == 0 { 0.0 } else { random.unit() }).collect();
        for window in [1, 2, 7, 250] {
            let mut maximum = MovingMaximum::default();
            maximum.prepare(300);
            maximum.set_window(window);
            for n in 0..values.len() {
                let from = (n + 1).saturating_sub(window);
                let truth = values[from..=n].iter().fold(0.0, |a: f64, b| a.max(*b));
                assert_eq!(maximum.next(values[n]), truth, "window {window}, value {n}");
            }
        }
    }

    #[test]
    fn silence_empties_the_window() {
        let mut maximum = MovingMaximum::default();
        maximum.prepare(10);
        maximum.next(1.0);
        for _ in 0..9 {
            assert!(!maximum.is_empty());
            maximum.next(0.0);
        }
        assert_eq!(maximum.next(0.0), 0.0);
        assert!(maximum.is_empty());
    }
}
