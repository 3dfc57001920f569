//! How the VU meter is shown: what 0 VU means, and as what it is drawn.
//!
//! It changes no sample, so it is no parameter: nothing automates it, and presets leave it alone. It
//! is kept with the host's session, in a field of the state beside the parameters.

use nice_plug::params::persist::PersistentField;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

/// The level of a sine that reads 0 VU, by default, in dBFS.
pub const DEFAULT_REFERENCE_DBFS: i32 = -18;
/// What 0 VU can mean, in dBFS.
pub const REFERENCE_RANGE_DBFS: RangeInclusive<i32> = -24..=-12;

/// The settings, shared by editor and state; the audio thread has no part in them.
#[derive(Debug)]
pub struct VuView {
    reference_dbfs: AtomicI32,
    bars: AtomicBool,
}

impl Default for VuView {
    fn default() -> Self {
        Self {
            reference_dbfs: AtomicI32::new(DEFAULT_REFERENCE_DBFS),
            bars: AtomicBool::new(false),
        }
    }
}

impl VuView {
    /// The level of a sine that reads 0 VU, in dBFS.
    pub fn reference_dbfs(&self) -> i32 {
        self.reference_dbfs.load(Ordering::Relaxed)
    }

    /// Sets what 0 VU means, held to [`REFERENCE_RANGE_DBFS`].
    pub fn set_reference_dbfs(&self, dbfs: i32) {
        let (low, high) = (*REFERENCE_RANGE_DBFS.start(), *REFERENCE_RANGE_DBFS.end());
        self.reference_dbfs.store(dbfs.clamp(low, high), Ordering::Relaxed);
    }

    /// Whether it is drawn as bars, not as needles.
    pub fn bars(&self) -> bool {
        self.bars.load(Ordering::Relaxed)
    }

    /// Sets whether it is drawn as bars.
    pub fn set_bars(&self, bars: bool) {
        self.bars.store(bars, Ordering::Relaxed);
    }
}

impl PersistentField<'_, (i32, bool)> for VuView {
    fn set(&self, (reference_dbfs, bars): (i32, bool)) {
        self.set_reference_dbfs(reference_dbfs);
        self.set_bars(bars);
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&(i32, bool)) -> R,
    {
        f(&(self.reference_dbfs(), self.bars()))
    }
}

#[cfg(test)]
mod tests {
    use crate::params::TrimParams;
    use nice_plug::prelude::Params;

    #[test]
    fn it_comes_back_with_the_state() {
        let saved = TrimParams::default();
        saved.vu.set_reference_dbfs(-14);
        saved.vu.set_bars(true);
        let loaded = TrimParams::default();
        loaded.deserialize_fields(&saved.serialize_fields());
        assert_eq!((loaded.vu.reference_dbfs(), loaded.vu.bars()), (-14, true));
    }

    #[test]
    fn a_reference_beyond_the_range_ends_there() {
        let params = TrimParams::default();
        let load = |text: &str| {
            params.deserialize_fields(&[("vu".to_owned(), text.to_owned())].into());
            params.vu.reference_dbfs()
        };
        assert_eq!(load("[-90,false]"), -24);
        assert_eq!(load("[7,true]"), -12);
    }
}
