//! A sliding window over hop sums, for the meters that look back.
//!
//! Ten milliseconds at a time, from a ring. A reading adds the ring up anew (at most 100 terms), so
//! it is the exact rectangular window: nothing is subtracted, nothing drifts, and a loud passage
//! leaves no residue in a quiet one. It ends at the last whole 10 ms since reset.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::hop_sums::HopSums;

/// Longest window in ms.
pub const LONGEST_MS: f64 = 1000.0;
const SLOT_MS: f64 = 10.0;
const HOPS_PER_SLOT: usize = 10;
const SLOTS: usize = 100;

/// A window in whole slots.
pub(crate) fn slots(window_ms: f64) -> usize {
    (window_ms.clamp(SLOT_MS, LONGEST_MS) / SLOT_MS).round() as usize
}

/// What can be added up.
pub(crate) trait Summed: Copy + Default {
    fn take_in(&mut self, other: &Self);
}

impl Summed for HopSums {
    #[inline(always)]
    fn take_in(&mut self, other: &Self) {
        self.add(other);
    }
}

/// The last second of something that is summed in slots of 10 ms.
#[derive(Debug, Clone)]
pub(crate) struct Slots<T> {
    ring: [T; SLOTS],
    /// Where the next slot goes.
    at: usize,
    /// Slots filled since reset, counted up to all.
    filled: usize,
}

impl<T: Summed> Default for Slots<T> {
    fn default() -> Self {
        Self { ring: [T::default(); SLOTS], at: 0, filled: 0 }
    }
}

impl<T: Summed> Slots<T> {
    pub(crate) fn push(&mut self, slot: T) {
        self.ring[self.at] = slot;
        self.at = (self.at + 1) % SLOTS;
        self.filled = (self.filled + 1).min(SLOTS);
    }

    /// Whether so many have been filled since reset.
    pub(crate) fn has(&self, slots: usize) -> bool {
        self.filled >= slots
    }

    /// The sum of the last `slots`, newest first. Before reset there was nothing, not even silence.
    pub(crate) fn newest(&self, slots: usize) -> T {
        let mut sums = T::default();
        let first = self.at.min(slots);
        let newer = self.ring[self.at - first..self.at].iter().rev();
        let older = self.ring[SLOTS + first - slots..].iter().rev();
        for slot in newer.chain(older) {
            sums.take_in(slot);
        }
        sums
    }
}

/// The last second of hop sums.
#[derive(Debug, Clone)]
pub(crate) struct HopWindow {
    slots: Slots<HopSums>,
    /// Slots in the window.
    length: usize,
    open: HopSums,
    open_hops: usize,
}

impl HopWindow {
    pub(crate) fn new(window_ms: f64) -> Self {
        Self {
            slots: Slots::default(),
            length: slots(window_ms),
            open: HopSums::default(),
            open_hops: 0,
        }
    }

    /// Sets the window, rounded to 10 ms. What lies in the new one counts at once.
    pub(crate) fn set_ms(&mut self, window_ms: f64) {
        self.length = slots(window_ms);
    }

    pub(crate) fn reset(&mut self) {
        self.empty();
        self.open_hops = 0;
    }

    /// Forgets what was heard, but not where the slots end.
    pub(crate) fn empty(&mut self) {
        self.slots = Slots::default();
        self.open = HopSums::default();
    }

    /// Takes a hop; whether it moved the window on.
    #[inline]
    pub(crate) fn push(&mut self, hop: &HopSums) -> bool {
        self.open.add(hop);
        self.open_hops += 1;
        if self.open_hops == HOPS_PER_SLOT {
            self.slots.push(self.open);
            self.open = HopSums::default();
            self.open_hops = 0;
            return true;
        }
        false
    }

    /// Whether the window has been filled since reset.
    pub(crate) fn is_full(&self) -> bool {
        self.slots.has(self.length)
    }

    /// The sums over the window.
    pub(crate) fn sums(&self) -> HopSums {
        self.slots.newest(self.length)
    }

    /// The sums over the last `window_ms`, rounded to 10 ms, whatever the window is.
    pub(crate) fn sums_of_ms(&self, window_ms: f64) -> HopSums {
        self.slots.newest(slots(window_ms))
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
                assert_eq!(window.sums_of_ms(window_ms), sums);
            }
        }
    }
}
