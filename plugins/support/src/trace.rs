//! The last seconds of a few readings, for drawings that scroll.
//!
//! A ring of atomics: the audio thread is the only writer, never waits and never finds it full, and
//! an editor that opens late sees what happened before. (A queue would have to be drained by
//! somebody while the editor is closed.) A reader may at worst see one column of a moment later.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

/// Columns kept: ten seconds.
pub const COLUMNS: usize = 600;
/// Columns a second.
pub const COLUMNS_PER_SECOND: f64 = 60.0;

/// The last [`COLUMNS`] values of several readings.
#[derive(Debug)]
pub struct Trace {
    fields: usize,
    values: Box<[AtomicU32]>,
    written: AtomicU64,
}

impl Trace {
    /// A trace of `fields` readings, empty.
    pub fn new(fields: usize) -> Self {
        let values = (0..fields * COLUMNS).map(|_| AtomicU32::new(f32::NAN.to_bits())).collect();
        Self { fields, values, written: AtomicU64::new(0) }
    }

    /// Adds one column: the value of every field. Real-time safe; for one writer.
    pub fn push(&self, value: impl Fn(usize) -> f32) {
        self.push_all((0..self.fields).map(value));
    }

    /// The same from the fields' values in their order.
    pub(crate) fn push_all(&self, values: impl Iterator<Item = f32>) {
        let written = self.written.load(Ordering::Relaxed);
        let first = (written % COLUMNS as u64) as usize * self.fields;
        for (slot, value) in self.values[first..first + self.fields].iter().zip(values) {
            slot.store(value.to_bits(), Ordering::Relaxed);
        }
        self.written.store(written + 1, Ordering::Release);
    }

    /// Columns written since the beginning.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// One field of the column with this number, counted from the beginning; NaN when it is not
    /// there any more or not yet.
    pub fn get(&self, column: u64, field: usize) -> f32 {
        let written = self.written();
        if field >= self.fields || column >= written || written - column > COLUMNS as u64 {
            return f32::NAN;
        }
        let slot = (column % COLUMNS as u64) as usize * self.fields + field;
        f32::from_bits(self.values[slot].load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_columns_and_no_others() {
        let trace = Trace::new(2);
        assert!(trace.get(0, 0).is_nan());
        for column in 0..COLUMNS + 10 {
            trace.push(|field| (column * 2 + field) as f32);
        }
        assert_eq!(trace.written(), COLUMNS as u64 + 10);
        assert!(trace.get(9, 0).is_nan());
        assert_eq!(trace.get(10, 1), 21.0);
        assert_eq!(trace.get(COLUMNS as u64 + 9, 0), (COLUMNS as f32 + 9.0) * 2.0);
        assert!(trace.get(COLUMNS as u64 + 10, 0).is_nan());
        assert!(trace.get(20, 2).is_nan());
    }
}
