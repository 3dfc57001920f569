//! When things were, and how low they went. Times are samples of what was measured.

/// When something that only grows took its present value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark<T> {
    value: T,
    at: u64,
}

impl<T: PartialEq> Mark<T> {
    /// Notes the time, if the value is new.
    #[inline]
    pub(super) fn settle(&mut self, value: T, at: impl FnOnce() -> u64) {
        if value != self.value {
            *self = Self { value, at: at() };
        }
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }
}

/// The lowest of something, and when.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Lowest {
    value: Option<f64>,
    at: u64,
}

impl Lowest {
    #[inline]
    pub(super) fn take(&mut self, now: Option<f64>, at: u64) {
        if let Some(now) = now
            && self.value.is_none_or(|lowest| now < lowest)
        {
            *self = Self { value: Some(now), at };
        }
    }

    pub(super) fn value(&self) -> Option<f64> {
        self.value
    }

    pub(super) fn at(&self) -> u64 {
        self.at
    }
}

/// Steps of 100 ms in the 3 s of a peak to short-term loudness ratio.
const STEPS: usize = 30;

/// The highest peaks of the last 3 s, step by step.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct RecentPeaks {
    ring: [f32; STEPS],
    at: usize,
    filled: usize,
}

impl RecentPeaks {
    /// Takes the peak of a step, and gives the highest of the last 3 s once there are as many.
    pub(super) fn push(&mut self, peak: f32) -> Option<f32> {
        self.ring[self.at] = peak;
        self.at = (self.at + 1) % STEPS;
        self.filled = (self.filled + 1).min(STEPS);
        (self.filled == STEPS).then(|| self.ring.iter().fold(0.0, |max: f32, peak| max.max(*peak)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_made_when_the_value_moves() {
        let mut mark = Mark::default();
        for (value, now, at) in [(0, 5, 0), (3, 7, 7), (3, 9, 7), (4, 11, 11)] {
            mark.settle(value, || now);
            assert_eq!(mark.at(), at);
        }
    }

    #[test]
    fn the_lowest_is_the_first_of_its_kind() {
        let mut lowest = Lowest::default();
        for (now, at) in [(None, 1), (Some(0.5), 2), (Some(0.5), 3), (None, 4), (Some(0.75), 5)] {
            lowest.take(now, at);
        }
        assert_eq!((lowest.value(), lowest.at()), (Some(0.5), 2));
        lowest.take(Some(-1.0), 6);
        assert_eq!((lowest.value(), lowest.at()), (Some(-1.0), 6));
    }

    #[test]
    fn the_highest_of_three_seconds_slides() {
        let mut peaks = RecentPeaks::default();
        for step in 0..100u16 {
            // One high step in forty.
            let peak = if step % 40 == 5 { 2.0 } else { 0.01 * f32::from(step % 7) };
            let highest = peaks.push(peak);
            assert_eq!(highest.is_some(), step >= 29);
            let sees_it = step % 40 >= 5 && step % 40 < 35;
            assert_eq!(highest.unwrap_or(2.0) == 2.0, sees_it || step < 29, "step {step}");
        }
    }
}
