//! What was ordered against what was measured.

use crate::model::{PrintKind, Report, Target};
use crate::number::{fixed, grouped, signed};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing was ordered, so nothing can be missed.
    Noted,
    /// As ordered.
    Passed,
    /// Somebody should look at it.
    Review,
    /// A limit was passed.
    Failed,
}

impl Outcome {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Passed => "pass",
            Self::Review => "review",
            Self::Failed => "fail",
        }
    }
}

/// A check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What was checked.
    pub what: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Measured against ordered, with units.
    pub said: String,
}

/// Every check of `report`, in the order in which people ask.
pub fn checks(report: &Report) -> Vec<Check> {
    [Some(loudness(report)), true_peak(report), clipping(report), nulls(report), warnings(report)]
        .into_iter()
        .flatten()
        .collect()
}

/// The worst of all.
pub fn overall(checks: &[Check]) -> Outcome {
    checks.iter().map(|c| c.outcome).max().unwrap_or(Outcome::Noted)
}

fn loudness(report: &Report) -> Check {
    let measured = report.master.measurement.ours.integrated_lufs;
    let target = report.target.and_then(|t| t.lufs);
    let (outcome, said) = match (measured, target) {
        (None, None) => (Outcome::Review, "the master is silent".to_owned()),
        (None, Some(target)) => (
            Outcome::Failed,
            format!("the master is silent, where {} LUFS was ordered", fixed(target, 1)),
        ),
        (Some(lufs), None) => (Outcome::Noted, format!("{} LUFS, none ordered", fixed(lufs, 1))),
        (Some(lufs), Some(target)) => {
            let off = lufs - target;
            let said = format!(
                "{} LUFS, ordered {} \u{b1}{}",
                fixed(lufs, 2),
                fixed(target, 1),
                fixed(Target::TOLERANCE_LU, 1)
            );
            if off.abs() <= Target::TOLERANCE_LU {
                (Outcome::Passed, said)
            } else if off > 0.0 {
                (Outcome::Failed, format!("{said}: over by {} LU", fixed(off, 2)))
            } else {
                (Outcome::Review, format!("{said}: under by {} LU", fixed(-off, 2)))
            }
        }
    };
    Check { what: "Loudness", outcome, said }
}

/// Whether the ceiling binds a print: masters, alone or as versions. Stems are bound by their sum.
pub fn is_bound(kind: PrintKind) -> bool {
    matches!(kind, PrintKind::Master | PrintKind::Version)
}

/// Whether a true peak is over what was ordered.
pub fn is_over(report: &Report, peak_dbtp: Option<f64>) -> bool {
    let ceiling = report.target.and_then(|t| t.ceiling_dbtp);
    peak_dbtp.zip(ceiling).is_some_and(|(peak, ceiling)| peak > ceiling + Target::TOLERANCE_DB)
}

fn true_peak(report: &Report) -> Option<Check> {
    let bound = report.prints.iter().filter(|p| is_bound(p.kind));
    let peaks: Vec<f64> = std::iter::once(&report.master.measurement)
        .chain(bound.map(|p| &p.measurement))
        .filter_map(crate::model::Opinions::highest_true_peak_dbtp)
        .collect();
    let highest = peaks.iter().copied().reduce(f64::max)?;
    let (outcome, said) = match report.target.and_then(|t| t.ceiling_dbtp) {
        None if highest > 0.0 => (
            Outcome::Review,
            format!("{} dBTP at most, over full scale; no ceiling ordered", signed(highest, 2)),
        ),
        None => {
            (Outcome::Noted, format!("{} dBTP at most, no ceiling ordered", signed(highest, 2)))
        }
        Some(ceiling) => {
            let said =
                format!("{} dBTP at most, ceiling {}", signed(highest, 2), fixed(ceiling, 1));
            if is_over(report, Some(highest)) {
                let by = fixed(highest - ceiling, 2);
                (Outcome::Failed, format!("{said}: over by {by} dB"))
            } else {
                (Outcome::Passed, said)
            }
        }
    };
    Some(Check { what: "True peak", outcome, said })
}

fn clipping(report: &Report) -> Option<Check> {
    let clipped = report.prints.iter().filter(|p| p.clipped_samples > 0);
    let count = clipped.clone().count();
    let samples = clipped
        .map(|p| p.clipped_samples)
        .fold(0, u64::saturating_add)
        .max(report.master.clipped_samples);
    (samples > 0).then(|| Check {
        what: "Clipping",
        outcome: Outcome::Failed,
        said: format!("{} samples clipped in {}", grouped(samples), files(count.max(1))),
    })
}

fn nulls(report: &Report) -> Option<Check> {
    if report.nulls.is_empty() {
        return None;
    }
    let (count, passed) = (report.nulls.len(), report.nulls.iter().filter(|n| n.passed).count());
    Some(Check {
        what: "Null tests",
        outcome: if passed == count { Outcome::Passed } else { Outcome::Failed },
        said: if passed == count {
            format!("{passed} of {count} passed")
        } else {
            format!("{} of {count} failed", count - passed)
        },
    })
}

fn warnings(report: &Report) -> Option<Check> {
    let count = report.warnings.len();
    (count > 0).then(|| Check {
        what: "Warnings",
        outcome: Outcome::Review,
        said: format!("{count}, listed below"),
    })
}

fn files(count: usize) -> String {
    if count == 1 { "one file".to_owned() } else { format!("{count} files") }
}

/// The trims that everything was given, in words.
pub fn trims(report: &Report) -> Vec<String> {
    let headroom = report
        .headroom_trim_db
        .map(|db| format!("Everything was trimmed by {} dB for headroom.", signed(db, 2)));
    let stems = report.stem_trim_db.map(|db| {
        format!("All stems were trimmed by {} dB, so that none of them clips.", signed(db, 2))
    });
    headroom.into_iter().chain(stems).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Measurement, Null, Opinions, Print};

    fn measured(lufs: f64, dbtp: f64) -> Opinions {
        let ours = Measurement {
            integrated_lufs: Some(lufs),
            true_peak_dbtp: Some(dbtp),
            ..Measurement::default()
        };
        Opinions { ours, ebur128: Some(ours) }
    }

    fn ordered(lufs: f64, dbtp: f64) -> Report {
        let mut report = Report {
            target: Some(Target { lufs: Some(-14.0), ceiling_dbtp: Some(-1.0) }),
            ..Report::default()
        };
        report.master.measurement = measured(lufs, dbtp);
        report
    }

    fn outcomes(report: &Report) -> Vec<(&'static str, Outcome)> {
        checks(report).into_iter().map(|c| (c.what, c.outcome)).collect()
    }

    #[test]
    fn loudness_and_peak_are_held_against_the_order() {
        use Outcome::{Failed, Passed, Review};
        for (lufs, dbtp, loudness, peak) in [
            (-14.05, -1.2, Passed, Passed),
            (-13.8, -1.0, Failed, Passed),
            (-14.3, -0.995, Review, Passed),
            (-14.0, -0.9, Passed, Failed),
        ] {
            let found = outcomes(&ordered(lufs, dbtp));
            assert_eq!(found, [("Loudness", loudness), ("True peak", peak)], "{lufs} {dbtp}");
        }
    }

    #[test]
    fn any_meter_of_any_bound_print_can_be_over() {
        let mut report = ordered(-14.0, -1.1);
        report.prints.push(Print {
            kind: PrintKind::StemMastered,
            measurement: measured(-20.0, 0.5),
            ..Print::default()
        });
        assert_eq!(overall(&checks(&report)), Outcome::Passed);
        report.master.measurement.ours.strict_true_peak_dbtp = Some(-0.8);
        assert_eq!(overall(&checks(&report)), Outcome::Failed);
        report.master.measurement.ours.strict_true_peak_dbtp = None;
        report.prints[0].kind = PrintKind::Version;
        let checks = checks(&report);
        assert!(checks[1].said.ends_with("over by 1.50 dB"), "{checks:?}");
    }

    #[test]
    fn nothing_ordered_is_nothing_missed() {
        let mut report = Report::default();
        report.master.measurement = measured(-9.0, -0.1);
        assert_eq!(overall(&checks(&report)), Outcome::Noted);
        report.master.measurement = measured(-9.0, 0.1);
        assert_eq!(overall(&checks(&report)), Outcome::Review);
    }

    #[test]
    fn failures_and_warnings_count() {
        let mut report = ordered(-14.0, -1.1);
        report.warnings.push("Look.".to_owned());
        assert_eq!(overall(&checks(&report)), Outcome::Review);
        report.nulls = vec![Null { passed: true, ..Null::default() }, Null::default()];
        assert_eq!(overall(&checks(&report)), Outcome::Failed);
        report.nulls.truncate(1);
        report.warnings.clear();
        assert_eq!(overall(&checks(&report)), Outcome::Passed);
        report.prints.push(Print { clipped_samples: 3, ..Print::default() });
        assert!(checks(&report).iter().any(|c| c.said == "3 samples clipped in one file"));
    }
}
