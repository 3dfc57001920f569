//! Readings on their way from the audio thread to the editor.
//!
//! The audio thread is the only writer, one relaxed atomic a value: an editor may see two readings
//! of neighbouring moments, never half of one.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, Ordering};

/// What stands for a restart of everything.
pub(crate) const EVERYTHING: u8 = u8::MAX;

/// What one reading means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Its name on the screen.
    pub name: &'static str,
    /// Its unit on the screen.
    pub unit: &'static str,
}

/// The latest values of a plugin's readings, in the order of its list of [`Reading`]s.
#[derive(Debug)]
pub struct Readings {
    list: &'static [Reading],
    values: Box<[AtomicU32]>,
    changed: AtomicBool,
    /// A bit for each part, all of them for everything.
    restart: AtomicU8,
}

impl Readings {
    /// All readings of `list`, without a value yet (NaN).
    pub fn new(list: &'static [Reading]) -> Self {
        let values = list.iter().map(|_| AtomicU32::new(f32::NAN.to_bits())).collect();
        Self { list, values, changed: AtomicBool::new(false), restart: AtomicU8::new(0) }
    }

    /// Stores the latest value of the reading at `index`. Real-time safe. Indices beyond the list
    /// are ignored.
    pub fn set(&self, index: usize, value: f32) {
        if let Some(slot) = self.values.get(index) {
            let bits = value.to_bits();
            if slot.load(Ordering::Relaxed) != bits {
                slot.store(bits, Ordering::Relaxed);
                self.changed.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Whether any value has changed since the last call. For the audio thread.
    pub(crate) fn take_changed(&self) -> bool {
        self.changed.load(Ordering::Relaxed) && self.changed.swap(false, Ordering::Relaxed)
    }

    /// Asks the audio thread to start the measurements over.
    pub fn restart(&self) {
        self.restart.store(EVERYTHING, Ordering::Relaxed);
    }

    /// Asks the audio thread to start one part of the measurements over, 0 to 6: which is which, the
    /// plugin says.
    pub fn restart_part(&self, part: usize) {
        self.restart.fetch_or(1 << part.min(6), Ordering::Relaxed);
    }

    /// What the editor has asked to start over since the last call: a bit for each part, or
    /// [`EVERYTHING`]. For the audio thread.
    pub(crate) fn take_restart(&self) -> u8 {
        if self.restart.load(Ordering::Relaxed) == 0 {
            return 0;
        }
        self.restart.swap(0, Ordering::Relaxed)
    }

    /// The latest value of the reading at `index`, NaN when there is none.
    pub fn get(&self, index: usize) -> f32 {
        self.values.get(index).map_or(f32::NAN, |v| f32::from_bits(v.load(Ordering::Relaxed)))
    }

    /// Every reading with its latest value.
    pub fn iter(&self) -> impl Iterator<Item = (Reading, f32)> + '_ {
        self.list.iter().enumerate().map(|(i, reading)| (*reading, self.get(i)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_the_latest_value_of_each() {
        const LIST: &[Reading] =
            &[Reading { name: "A", unit: "dB" }, Reading { name: "B", unit: "LU" }];
        let readings = Readings::new(LIST);
        assert!(readings.get(0).is_nan());
        readings.set(1, -3.5);
        readings.set(9, 1.0);
        assert_eq!(readings.get(1), -3.5);
        assert!(readings.get(9).is_nan());
        assert_eq!(readings.iter().count(), 2);
        assert!(readings.take_changed());
        readings.set(1, -3.5);
        assert!(!readings.take_changed());
        readings.restart();
        assert_eq!((readings.take_restart(), readings.take_restart()), (EVERYTHING, 0));
        readings.restart_part(0);
        readings.restart_part(2);
        assert_eq!((readings.take_restart(), readings.take_restart()), (0b101, 0));
    }
}
