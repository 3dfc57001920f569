//! Sliding windows over 10 ms energies: momentary and short-term.
//!
//! The sums are made anew at every step from the ring, in a fixed order, instead of adding the new
//! and subtracting the old: no drift after hours, and a loud passage leaves no rounding residue in
//! a quiet one. At 100 steps a second that is 340 additions for 480 samples.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

/// Sub-blocks a second.
pub(crate) const HOPS_PER_SECOND: usize = 100;
/// Sub-blocks of the 400 ms momentary window and gating block.
pub(super) const MOMENTARY_HOPS: usize = 40;
/// Sub-blocks of the 3 s short-term window.
pub(super) const SHORTTERM_HOPS: usize = 300;

/// The energies of the last 3 s.
#[derive(Debug, Clone)]
pub(super) struct Windows {
    ring: [f64; SHORTTERM_HOPS],
    at: usize,
    momentary_sum: f64,
    shortterm_sum: f64,
}

impl Default for Windows {
    fn default() -> Self {
        Self { ring: [0.0; SHORTTERM_HOPS], at: 0, momentary_sum: 0.0, shortterm_sum: 0.0 }
    }
}

impl Windows {
    /// Moves both windows on by one sub-block. Before the first, there was silence.
    #[inline(always)]
    pub(super) fn push(&mut self, energy: f64) {
        self.ring[self.at] = energy;
        self.at = if self.at + 1 == SHORTTERM_HOPS { 0 } else { self.at + 1 };
        self.shortterm_sum = sum(&self.ring);
        self.momentary_sum = self.newest(MOMENTARY_HOPS);
    }

    /// Energy of the last `hops` sub-blocks. They end just before `at`, and may wrap.
    #[inline(always)]
    pub(super) fn newest(&self, hops: usize) -> f64 {
        let first = self.at.min(hops);
        sum(&self.ring[self.at - first..self.at]) + sum(&self.ring[SHORTTERM_HOPS + first - hops..])
    }

    /// Energy of the last 400 ms.
    pub(super) fn momentary_sum(&self) -> f64 {
        self.momentary_sum
    }

    /// Energy of the last 3 s.
    pub(super) fn shortterm_sum(&self) -> f64 {
        self.shortterm_sum
    }
}

/// In eight lanes, so that it vectorises; the order is the same on every machine.
#[inline(always)]
fn sum(energies: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (chunks, rest) = energies.as_chunks::<8>();
    for chunk in chunks {
        for (lane, energy) in lanes.iter_mut().zip(chunk) {
            *lane += energy;
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_exactly_the_newest() {
        let mut windows = Windows::default();
        for n in 0..2000u32 {
            windows.push(f64::from(n));
            let sum_of_last =
                |length: u32| (n.saturating_sub(length - 1)..=n).map(f64::from).sum::<f64>();
            assert_eq!(windows.momentary_sum(), sum_of_last(40));
            assert_eq!(windows.newest(10), sum_of_last(10));
            assert_eq!(windows.shortterm_sum(), sum_of_last(300));
        }
    }

    #[test]
    fn a_loud_passage_leaves_no_residue() {
        let mut windows = Windows::default();
        windows.push(1e30);
        for _ in 0..300 {
            windows.push(1e-9);
        }
        assert!((windows.shortterm_sum() / 3e-7 - 1.0).abs() < 1e-12);
    }
}
