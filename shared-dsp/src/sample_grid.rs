//! A slow clock on the sample grid.
//!
//! Tick k falls on sample ⌊k·fs/r⌋ counted from reset, for a tick rate r: exact at every sample
//! rate, whole or not, without drift, and the same for every way of cutting the signal into blocks.
//! Two clocks whose rates divide each other tick together, because a division of doubles is
//! correctly rounded. Range: r ≤ fs, and k·fs < 2⁵³ (years).

/// Counts samples towards the next tick.
#[derive(Debug, Clone, Default)]
pub struct SampleGrid {
    sample_rate_hz: f64,
    tick_rate_hz: f64,
    ticks: u64,
    /// The sample of the next tick.
    next: u64,
    left: usize,
}

impl SampleGrid {
    /// Sets both rates and starts at sample 0.
    pub fn prepare(&mut self, sample_rate_hz: f64, tick_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        self.tick_rate_hz = tick_rate_hz;
        self.reset();
    }

    /// Back to sample 0.
    pub fn reset(&mut self) {
        self.ticks = 0;
        self.next = self.sample_of(1);
        self.left = self.next as usize;
    }

    /// The sample on which tick `tick` falls.
    #[inline]
    pub fn sample_of(&self, tick: u64) -> u64 {
        (tick as f64 * self.sample_rate_hz / self.tick_rate_hz) as u64
    }

    /// Ticks since reset.
    #[inline]
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Samples until the next tick; 0 only before `prepare`.
    #[inline]
    pub fn left(&self) -> usize {
        self.left
    }

    /// Samples since reset.
    pub fn samples(&self) -> u64 {
        self.next - self.left as u64
    }

    /// Whether the last sample was that of a tick, or none has come.
    pub fn is_on_tick(&self) -> bool {
        self.samples() == self.sample_of(self.ticks)
    }

    /// Moves on by at most [`left`](Self::left) samples; whether that reached a tick.
    #[inline]
    pub fn advance(&mut self, samples: usize) -> bool {
        debug_assert!(samples <= self.left);
        self.left -= samples;
        let ticked = self.left == 0;
        if ticked {
            self.ticks += 1;
            let last = self.next;
            self.next = self.sample_of(self.ticks + 1);
            self.left = (self.next - last) as usize;
        }
        ticked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_fall_on_the_floor_of_their_time() {
        for (rate, tick_rate) in [(44_100.0, 1000.0), (48_000.0, 100.0), (11_025.0, 100.0)] {
            let mut grid = SampleGrid::default();
            grid.prepare(rate, tick_rate);
            let mut ticks = 0;
            for n in 1..=100_000u64 {
                assert_eq!(grid.samples(), n - 1);
                assert_eq!(grid.is_on_tick(), n - 1 == grid.sample_of(ticks));
                if grid.advance(1) {
                    ticks += 1;
                    let exact = (ticks as f64 * rate / tick_rate).floor() as u64;
                    assert_eq!(n, exact, "tick {ticks} at {rate} Hz");
                }
            }
            assert_eq!(grid.ticks(), ticks);
        }
    }

    #[test]
    fn a_tenfold_clock_ticks_along() {
        for rate in [44_100.0, 11_025.0, 31_250.0, 22_050.5] {
            let (mut fast, mut slow) = (SampleGrid::default(), SampleGrid::default());
            fast.prepare(rate, 1000.0);
            slow.prepare(rate, 100.0);
            for k in 0..1_000_000 {
                assert_eq!(fast.sample_of(10 * k), slow.sample_of(k));
            }
        }
    }
}
