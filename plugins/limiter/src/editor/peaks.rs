//! The two true peaks of the output against the ceiling: which of them is over, and which to believe.

use support::editor::widgets::number;

/// How much too high BS.1770's interpolator reads a steady tone at worst, in dB: the response of its two
/// middle phases at fs/4, computed from the coefficients that the recommendation prints.
pub(super) const ITU_READS_HIGH_DB: f32 = 0.222;
/// A true peak this far over is rounding.
const ROUNDING_DB: f32 = 0.005;

/// What is read and set. Readings are −∞ or NaN while there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Peaks {
    pub(super) itu_dbtp: f32,
    pub(super) strict_dbtp: f32,
    pub(super) ceiling_db: f32,
    /// Whether the ceiling holds samples alone.
    pub(super) sample_peak: bool,
    /// Whether the gain is another signal's, so that the ceiling binds that.
    pub(super) external_key: bool,
}

/// How one reading stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Mark {
    /// Under the limit, or nothing was read.
    Under,
    /// Above it by so many dB, which may be the meter's own error.
    Doubtful(f32),
    /// Above it by so many dB.
    Over(f32),
}

/// How the pair stands, and what to make of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Verdict {
    pub(super) itu: Mark,
    pub(super) strict: Mark,
    pub(super) note: String,
}

impl Peaks {
    /// The highest true peak allowed: the ceiling, or full scale where that binds samples alone.
    fn limit_dbtp(&self) -> f32 {
        if self.sample_peak { 0.0 } else { self.ceiling_db }
    }

    /// Judges the pair. The strict reading decides; the other one is over beyond doubt only by more than
    /// it errs.
    pub(super) fn verdict(&self) -> Verdict {
        let over = |reading: f32| Some(reading - self.limit_dbtp()).filter(|by| *by > ROUNDING_DB);
        let strict = over(self.strict_dbtp).map_or(Mark::Under, Mark::Over);
        let itu = match (over(self.itu_dbtp), strict) {
            (None, _) => Mark::Under,
            (Some(by), Mark::Over(_)) => Mark::Over(by),
            (Some(by), _) if by > ITU_READS_HIGH_DB + ROUNDING_DB => Mark::Over(by),
            (Some(by), _) => Mark::Doubtful(by),
        };
        Verdict { itu, strict, note: self.note(itu, strict) }
    }

    fn note(&self, itu: Mark, strict: Mark) -> String {
        let limit = if self.sample_peak { "0 dBTP" } else { "the ceiling" };
        match (itu, strict) {
            (_, Mark::Over(by)) if self.external_key => {
                format!("over by {} dB: the key sets the gain", number(by, 2))
            }
            (_, Mark::Over(by)) => {
                format!("over {limit} by {} dB (strict 16\u{d7})", number(by, 2))
            }
            (Mark::Over(by), _) => format!("over {limit} by {} dB (ITU 4\u{d7})", number(by, 2)),
            (Mark::Doubtful(_), _) => {
                let holds = if self.sample_peak { "under 0 dBTP" } else { "ceiling holds" };
                format!("{holds}: ITU 4\u{d7} errs by up to 0.2 dB")
            }
            _ if !self.strict_dbtp.is_finite() => "strict 16\u{d7} decides".to_owned(),
            _ if self.sample_peak => "under 0 dBTP; the ceiling binds samples".to_owned(),
            _ => "ceiling holds: both are under it".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELD: Peaks = Peaks {
        itu_dbtp: -1.02,
        strict_dbtp: -1.05,
        ceiling_db: -1.0,
        sample_peak: false,
        external_key: false,
    };

    fn by(mark: Mark) -> f32 {
        match mark {
            Mark::Under => f32::NAN,
            Mark::Doubtful(by) | Mark::Over(by) => by,
        }
    }

    #[test]
    fn the_strict_reading_decides() {
        let held = HELD.verdict();
        assert_eq!((held.itu, held.strict), (Mark::Under, Mark::Under));
        assert_eq!(held.note, "ceiling holds: both are under it");

        let doubtful = Peaks { itu_dbtp: -0.96, ..HELD }.verdict();
        assert!(
            matches!(doubtful.itu, Mark::Doubtful(_)) && (by(doubtful.itu) - 0.04).abs() < 1e-4
        );
        assert_eq!(doubtful.strict, Mark::Under);
        assert!(doubtful.note.starts_with("ceiling holds"), "{}", doubtful.note);

        let over = Peaks { itu_dbtp: -0.90, strict_dbtp: -0.95, ..HELD }.verdict();
        assert!(matches!((over.itu, over.strict), (Mark::Over(_), Mark::Over(_))));
        assert_eq!(over.note, "over the ceiling by 0.05 dB (strict 16\u{d7})");
    }

    #[test]
    fn more_than_the_meter_errs_is_over() {
        let most = HELD.ceiling_db + ITU_READS_HIGH_DB;
        assert!(matches!(Peaks { itu_dbtp: most, ..HELD }.verdict().itu, Mark::Doubtful(_)));
        let over = Peaks { itu_dbtp: most + 0.02, ..HELD }.verdict();
        assert!(matches!(over.itu, Mark::Over(_)));
        assert_eq!(over.note, "over the ceiling by 0.24 dB (ITU 4\u{d7})");
    }

    #[test]
    fn a_ceiling_for_samples_lets_true_peaks_pass_to_full_scale() {
        let passing = Peaks { itu_dbtp: -0.3, strict_dbtp: -0.2, sample_peak: true, ..HELD };
        assert_eq!(passing.verdict().strict, Mark::Under);
        assert!(passing.verdict().note.starts_with("under 0 dBTP"));
        let clipping = Peaks { strict_dbtp: 0.4, ..passing }.verdict();
        assert_eq!(clipping.note, "over 0 dBTP by 0.40 dB (strict 16\u{d7})");
    }

    #[test]
    fn under_an_external_key_the_key_is_named() {
        let keyed = Peaks { strict_dbtp: -0.5, external_key: true, ..HELD };
        assert_eq!(keyed.verdict().note, "over by 0.50 dB: the key sets the gain");
    }

    #[test]
    fn nothing_read_is_nothing_over() {
        for none in [f32::NAN, f32::NEG_INFINITY] {
            let silent = Peaks { itu_dbtp: none, strict_dbtp: none, ..HELD }.verdict();
            assert_eq!((silent.itu, silent.strict), (Mark::Under, Mark::Under));
            assert_eq!(silent.note, "strict 16\u{d7} decides");
        }
    }
}
