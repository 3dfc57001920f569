//! What is asked for.

use serde::{Deserialize, Serialize};
use shared_dsp::targets;

/// What a delivery asks for: one of [`shared_dsp::targets`], or one's own. A limit that is `None` is
/// not asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Target {
    /// Its id; empty for one's own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Its name; may be empty for one's own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Integrated loudness of the file, LUFS: of a mono one, as its one channel measures.
    pub lufs: Option<f64>,
    /// How far below and above that is still on target, LU, both 0 or more.
    pub tolerance_lu: [f64; 2],
    /// True peak that nothing may pass, dBTP.
    pub ceiling_dbtp: Option<f64>,
    /// The highest short-term loudness, LUFS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_short_term_lufs: Option<f64>,
    /// The highest momentary loudness, LUFS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_momentary_lufs: Option<f64>,
    /// The widest loudness range, LU.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_range_lu: Option<f64>,
    /// Whether the loudness is that of the dialogue alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dialogue_gated: bool,
    /// Whether it is for programme in one channel.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub mono: bool,
    /// Who asks for it, and where.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// Since when: a year, or when it was read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub date: String,
}

impl Default for Target {
    /// Nothing asked for.
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            lufs: None,
            tolerance_lu: [Self::TOLERANCE_LU; 2],
            ceiling_dbtp: None,
            max_short_term_lufs: None,
            max_momentary_lufs: None,
            max_range_lu: None,
            dialogue_gated: false,
            mono: false,
            source: String::new(),
            date: String::new(),
        }
    }
}

impl Target {
    /// How far from the loudness ordered of a render the master may be to be on target, LU. Two meters
    /// that both keep EBU Tech 3341 may differ by as much.
    pub const TOLERANCE_LU: f64 = 0.1;
    /// How far over the ceiling a reading may be, dB: what rounds away at two decimals, and more
    /// than the dither of 16 bit adds.
    pub const TOLERANCE_DB: f64 = 0.01;

    /// One's own: loudness in LUFS with what it may differ by in LU, and the highest true peak in dBTP.
    pub fn own(lufs: Option<f64>, tolerance_lu: f64, ceiling_dbtp: Option<f64>) -> Self {
        let tolerance_lu = [tolerance_lu.abs(); 2];
        Self { name: "Own".to_owned(), lufs, tolerance_lu, ceiling_dbtp, ..Self::default() }
    }

    /// Where a loudness stands against this one.
    pub fn standing(&self, lufs: f64) -> Option<targets::Standing> {
        targets::standing(lufs, self.lufs?, self.tolerance_lu)
    }

    /// Whether a true peak is over the ceiling.
    pub fn is_over(&self, peak_dbtp: f64) -> bool {
        self.ceiling_dbtp.is_some_and(|ceiling| peak_dbtp > ceiling + Self::TOLERANCE_DB)
    }
}

impl From<&targets::Target> for Target {
    fn from(of: &targets::Target) -> Self {
        Self {
            id: of.id.to_owned(),
            name: of.name.to_owned(),
            lufs: of.integrated_lufs,
            tolerance_lu: of.tolerance_lu,
            ceiling_dbtp: Some(of.max_true_peak_dbtp),
            max_short_term_lufs: of.max_shortterm_lufs,
            max_momentary_lufs: of.max_momentary_lufs,
            max_range_lu: of.max_range_lu,
            dialogue_gated: of.dialogue_gated,
            mono: of.mono,
            source: of.source.to_owned(),
            date: of.date.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use targets::Standing;

    #[test]
    fn a_named_target_says_what_the_table_says() {
        for of in targets::TARGETS {
            let target = Target::from(of);
            assert_eq!(target.ceiling_dbtp, Some(of.max_true_peak_dbtp));
            for lufs in [-30.0, -23.1, -14.0] {
                assert_eq!(target.standing(lufs), of.standing(lufs), "{}", of.id);
            }
            let text = serde_json::to_string(&target).unwrap();
            assert_eq!(serde_json::from_str::<Target>(&text).unwrap(), target);
        }
    }

    #[test]
    fn ones_own_is_held_to_its_own_tolerance() {
        let own = Target::own(Some(-14.0), 0.5, Some(-1.0));
        assert_eq!(own.standing(-14.5), Some(Standing::OnTarget));
        assert_eq!(own.standing(-13.25), Some(Standing::Over(0.75)));
        assert!(own.is_over(-0.98) && !own.is_over(-0.99));
        assert!(!Target::own(None, 1.0, None).is_over(9.0));
        assert_eq!(Target::default().standing(-14.0), None);
        // What was ordered before tolerances could be.
        let old: Target = serde_json::from_str(r#"{"lufs": -14.0, "ceiling_dbtp": null}"#).unwrap();
        assert_eq!(old.tolerance_lu, [Target::TOLERANCE_LU; 2]);
    }
}
