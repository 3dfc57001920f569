//! Set Level: the gain that brings a stem to a reference, once, when the user asks.
//!
//! It measures what left the trim, so the gain already set is part of the measurement and only the
//! difference to the target is added. It never rides, and no automation triggers it: the open editor
//! applies it as one gesture that can be undone.

/// What the stem is brought to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// A VU reading of 0, the reference being at this level in dBFS.
    Vu {
        /// Level of 0 VU in dBFS.
        reference_dbfs: f64,
    },
    /// A sample peak in dBFS.
    Peak {
        /// The peak in dBFS.
        peak_dbfs: f64,
    },
    /// An integrated loudness in LUFS.
    Loudness {
        /// The loudness in LUFS.
        loudness_lufs: f64,
    },
}

/// What the trim measures at its output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measured {
    /// VU level of the louder channel in dBFS (sine-calibrated).
    pub vu_dbfs: f64,
    /// Largest sample peak of both channels in dBFS.
    pub peak_dbfs: f64,
    /// Integrated loudness in LUFS.
    pub integrated_lufs: f64,
}

/// Why there is no gain to set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing has been measured yet.
    NothingMeasured,
}

/// A gain to set, and what the user should know about it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SetLevel {
    /// The new gain in dB, within the range of the parameter.
    pub gain_db: f64,
    /// Whether the range cut it short: the target is not reached.
    pub out_of_range: bool,
}

/// Largest gain either way, in dB.
pub const GAIN_RANGE_DB: f64 = 24.0;

/// A trim beyond this belongs in the mix, in dB.
pub const WARN_BEYOND_DB: f64 = 3.0;

/// What the editor says beside Set Level.
pub const BALANCE_WARNING: &str =
    "Setting stems to one level one by one changes the balance of the mix.";

/// What the editor says beyond [`WARN_BEYOND_DB`].
pub const TRIM_WARNING: &str = "Beyond ±3 dB the problem belongs in the mix.";

/// The gain that brings what was measured under `current_gain_db` to the target.
///
/// # Errors
/// When the reading the target needs is not there yet (silence, or a stem just started).
pub fn set_level(
    target: Target,
    measured: &Measured,
    current_gain_db: f64,
) -> Result<SetLevel, Refusal> {
    let (wanted, reading) = match target {
        Target::Vu { reference_dbfs } => (reference_dbfs, measured.vu_dbfs),
        Target::Peak { peak_dbfs } => (peak_dbfs, measured.peak_dbfs),
        Target::Loudness { loudness_lufs } => (loudness_lufs, measured.integrated_lufs),
    };
    if !reading.is_finite() {
        return Err(Refusal::NothingMeasured);
    }
    let ideal_db = current_gain_db + wanted - reading;
    let gain_db = ideal_db.clamp(-GAIN_RANGE_DB, GAIN_RANGE_DB);
    Ok(SetLevel { gain_db, out_of_range: gain_db != ideal_db })
}

/// Whether a trim of `gain_db` deserves [`TRIM_WARNING`].
pub fn is_beyond_trim(gain_db: f64) -> bool {
    gain_db.abs() > WARN_BEYOND_DB + 1e-6
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEASURED: Measured = Measured { vu_dbfs: -21.0, peak_dbfs: -4.0, integrated_lufs: -26.5 };

    #[test]
    fn adds_only_the_difference_to_the_gain_already_set() {
        let gain =
            |target, current| set_level(target, &MEASURED, current).expect("measured").gain_db;
        assert_eq!(gain(Target::Vu { reference_dbfs: -18.0 }, 0.0), 3.0);
        assert_eq!(gain(Target::Vu { reference_dbfs: -18.0 }, -1.0), 2.0);
        assert_eq!(gain(Target::Peak { peak_dbfs: -6.0 }, 0.0), -2.0);
        assert_eq!(gain(Target::Loudness { loudness_lufs: -23.0 }, 0.5), 4.0);
    }

    #[test]
    fn silence_sets_nothing() {
        let silent = Measured { integrated_lufs: f64::NEG_INFINITY, ..MEASURED };
        let refused = set_level(Target::Loudness { loudness_lufs: -23.0 }, &silent, 0.0);
        assert_eq!(refused, Err(Refusal::NothingMeasured));
    }

    #[test]
    fn says_when_the_range_is_too_short() {
        let quiet = Measured { peak_dbfs: -60.0, ..MEASURED };
        let set = set_level(Target::Peak { peak_dbfs: -6.0 }, &quiet, 0.0).expect("measured");
        assert_eq!(set, SetLevel { gain_db: 24.0, out_of_range: true });
    }

    #[test]
    fn warns_beyond_three_decibels() {
        assert!(!is_beyond_trim(3.0) && !is_beyond_trim(-3.0));
        assert!(is_beyond_trim(3.01) && is_beyond_trim(-4.0));
    }
}
