//! A sliding window over hop sums, for the meters that look back.
//!
//! Ten milliseconds at a time, from a ring. A reading adds the ring up anew (at most 100 terms), so
//! it is the exact rectangular window: nothing is subtracted, nothing drifts, and a loud passage
//! leaves no residue in a quiet one. It ends at the last whole 10 ms since reset.

use crate::hop_sums::HopSums;

/// Longest window in ms.
pub const LONGEST_MS: f64 = 1000.0;
const SLOT_MS: f64 = 10.0;
const HOPS_PER_SLOT: usize = 10;
const SLOTS: usize = 100;

/// The last second, in slots of 10 ms.
#[derive(Debug, Clone)]
pub(crate) struct HopWindow {
    ring: [HopSums; SLOTS],
    /// Slots in the window.
    length: usize,
    /// Where the next slot goes.
    at: usize,
    /// Slots filled since reset, counted up to all.
    filled: usize,
    open: HopSums,
    open_hops: usize,
}

impl HopWindow {
    pub(crate) fn new(window_ms: f64) -> Self {
        let mut window = Self {
            ring: [HopSums::default(); SLOTS],
            length: 1,
            at: 0,
            filled: 0,
            open: HopSums::default(),
            open_hops: 0,
        };
        window.set_ms(window_ms);
        window
    }

    /// Sets the window, rounded to 10 ms. What lies in the new one counts at once.
    pub(crate) fn set_ms(&mut self, window_ms: f64) {
        self.length = (window_ms.clamp(SLOT_MS, LONGEST_MS) / SLOT_MS).round() as usize;
    }

    pub(crate) fn reset(&mut self) {
        self.ring = [HopSums::default(); SLOTS];
        self.at = 0;
        self.filled = 0;
        self.open = HopSums::default();
        self.open_hops = 0;
    }

    /// Takes a hop; whether it moved the window on.
    #[inline]
    pub(crate) fn push(&mut self, hop: &HopSums) -> bool {
        self.open.add(hop);
        self.open_hops += 1;
        if self.open_hops == HOPS_PER_SLOT {
            self.ring[self.at] = self.open;
            self.at = (self.at + 1) % SLOTS;
            self.open = HopSums::default();
            self.open_hops = 0;
            self.filled = (self.filled + 1).min(SLOTS);
            return true;
        }
        false
    }

    /// Whether the window has been filled since reset.
    pub(crate) fn is_full(&self) -> bool {
        self.filled >= self.length
    }

    /// The sums over the window, newest first. Before reset there was nothing, not even silence.
    pub(crate) fn sums(&self) -> HopSums {
        let mut sums = HopSums::default();
        for back in 1..=self.length {
            sums.add(&self.ring[(self.at + SLOTS - back) % SLOTS]);
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_exactly_the_last_whole_slots() {
        for (window_ms, slots) in [(300.0, 30), (50.0, 5), (1000.0, 100), (1.0, 1), (9e9, 100)] {
            let mut window = HopWindow::new(window_ms);
            for n in 0..5000usize {
                window.push(&HopSums { samples: 1, product: n as f64, ..HopSums::default() });
                let whole = (n + 1) / 10 * 10;
                let from = whole.saturating_sub(slots * 10);
                let sums = window.sums();
                assert_eq!(sums.samples, whole - from);
                assert_eq!(sums.product, (from..whole).map(|n| n as f64).sum::<f64>());
            }
        }
    }
}
