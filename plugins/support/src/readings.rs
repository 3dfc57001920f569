//! Readings on their way from the audio thread to the editor.
//!
//! The audio thread is the only writer, one relaxed atomic a value: an editor may see two readings
//! of neighbouring moments, never half of one. The other way go orders: which groups of readings start
//! over, which are on hold, and whether anybody looks.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// What one reading means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// Its name on the screen.
    pub name: &'static str,
    /// Its unit on the screen.
    pub unit: &'static str,
}

/// What the editor wants of the measurements. A plugin gives each group of its readings a bit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Orders {
    /// The groups that start over now.
    pub restart: u32,
    /// The groups on hold.
    pub pause: u32,
    /// Whether an editor is open: what is for the eye alone may rest while none is.
    pub watched: bool,
}

/// The latest values of a plugin's readings, in the order of its list of [`Reading`]s.
#[derive(Debug)]
pub struct Readings {
    list: &'static [Reading],
    values: Box<[AtomicU32]>,
    changed: AtomicBool,
    restart: AtomicU32,
    pause: AtomicU32,
    watchers: AtomicU32,
}

impl Readings {
    /// All readings of `list`, without a value yet (NaN).
    pub fn new(list: &'static [Reading]) -> Self {
        let values = list.iter().map(|_| AtomicU32::new(f32::NAN.to_bits())).collect();
        Self {
            list,
            values,
            changed: AtomicBool::new(false),
            restart: AtomicU32::new(0),
            pause: AtomicU32::new(0),
            watchers: AtomicU32::new(0),
        }
    }

    /// Stores the latest value of the reading at `index`. Real-time safe. Indices beyond the list
    /// are ignored.
    #[inline]
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

    /// Asks the audio thread to start the measurements of these groups over.
    pub fn restart(&self, groups: u32) {
        self.restart.fetch_or(groups, Ordering::Relaxed);
    }

    /// Asks the audio thread to put the measurements of these groups on hold, or to go on with them.
    pub fn pause(&self, groups: u32, pause: bool) {
        if pause {
            self.pause.fetch_or(groups, Ordering::Relaxed);
        } else {
            self.pause.fetch_and(!groups, Ordering::Relaxed);
        }
    }

    /// Whether one of these groups is on hold.
    pub fn is_paused(&self, groups: u32) -> bool {
        self.pause.load(Ordering::Relaxed) & groups != 0
    }

    /// An editor opens.
    pub(crate) fn watch(&self) {
        self.watchers.fetch_add(1, Ordering::Relaxed);
    }

    /// An editor that was open closes.
    pub(crate) fn unwatch(&self) {
        self.watchers.fetch_sub(1, Ordering::Relaxed);
    }

    /// Whether an editor is open. For the audio thread.
    pub(crate) fn is_watched(&self) -> bool {
        self.watchers.load(Ordering::Relaxed) > 0
    }

    /// What the editor wants; each restart is told once. For the audio thread: it never waits.
    pub fn take_orders(&self) -> Orders {
        // Hardly ever is there anything to take, and looking is cheaper.
        let is_restart = self.restart.load(Ordering::Relaxed) != 0;
        Orders {
            restart: if is_restart { self.restart.swap(0, Ordering::Relaxed) } else { 0 },
            pause: self.pause.load(Ordering::Relaxed),
            watched: self.is_watched(),
        }
    }

    /// The latest value of the reading at `index`, NaN when there is none.
    #[inline]
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
    }

    #[test]
    fn a_restart_is_told_once_and_a_pause_while_it_lasts() {
        let readings = Readings::new(&[]);
        assert_eq!(readings.take_orders(), Orders::default());
        readings.restart(0b001);
        readings.restart(0b100);
        readings.pause(0b011, true);
        readings.pause(0b001, false);
        assert!(readings.is_paused(0b010) && !readings.is_paused(0b101));
        let orders = Orders { restart: 0b101, pause: 0b010, watched: false };
        assert_eq!(readings.take_orders(), orders);
        assert_eq!(readings.take_orders(), Orders { restart: 0, ..orders });
    }

    #[test]
    fn two_editors_watch_until_both_are_closed() {
        let readings = Readings::new(&[]);
        readings.watch();
        readings.watch();
        readings.unwatch();
        assert!(readings.take_orders().watched);
        readings.unwatch();
        assert!(!readings.take_orders().watched);
    }
}
