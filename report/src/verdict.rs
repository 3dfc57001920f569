//! What was ordered of a render against what was measured.

use crate::delivery::{self, At, Channel, Line, Measured, Outcome, Peak};
use crate::model::{Opinions, PrintKind, Report};
use crate::number::{grouped, signed};

/// Every check of `report`, in the order in which people ask.
pub fn checks(report: &Report) -> Vec<Line> {
    let target = report.target.clone().unwrap_or_default();
    let (loudness, gain_db) = delivery::loudness(&target, &master(report));
    let peak = delivery::true_peak(&target, highest(report), gain_db);
    [Some(loudness), Some(peak), clipping(report), nulls(report), warnings(report)]
        .into_iter()
        .flatten()
        .collect()
}

/// What our meter measured of the master.
fn master(report: &Report) -> Measured {
    let ours = &report.master.measurement.ours;
    let at = |value: Option<f64>| value.map(|value| At { value, seconds: 0.0 });
    let peaks = Channel {
        itu_dbtp: at(ours.true_peak_dbtp),
        strict_dbtp: at(ours.strict_true_peak_dbtp),
        ..Channel::default()
    };
    Measured {
        seconds: report.seconds,
        sample_rate_hz: report.sample_rate_hz,
        channels: if report.mono { 1 } else { 2 },
        integrated_lufs: ours.integrated_lufs,
        range_lu: Some(ours.loudness_range_lu),
        peaks: vec![peaks],
        ..Measured::default()
    }
}

/// The highest true peak that any meter reads of what the ceiling binds.
fn highest(report: &Report) -> Option<Peak> {
    let bound = report.prints.iter().filter(|p| is_bound(p.kind)).map(|p| &p.measurement);
    let all = || std::iter::once(&report.master.measurement).chain(bound.clone());
    let dbtp = all().filter_map(Opinions::highest_true_peak_dbtp).reduce(f64::max)?;
    let itu = all().flat_map(|o| std::iter::once(&o.ours).chain(&o.ebur128));
    let itu_dbtp = itu.filter_map(|m| m.true_peak_dbtp).reduce(f64::max);
    Some(Peak { dbtp, seconds: None, itu_dbtp })
}

/// Whether the ceiling binds a print: masters, alone or as versions. Stems are bound by their sum.
pub fn is_bound(kind: PrintKind) -> bool {
    matches!(kind, PrintKind::Master | PrintKind::Version)
}

/// Whether a true peak is over what was ordered.
pub fn is_over(report: &Report, peak_dbtp: Option<f64>) -> bool {
    peak_dbtp.zip(report.target.as_ref()).is_some_and(|(peak, target)| target.is_over(peak))
}

fn clipping(report: &Report) -> Option<Line> {
    let clipped = report.prints.iter().filter(|p| p.clipped_samples > 0);
    let count = clipped.clone().count();
    let samples = clipped
        .map(|p| p.clipped_samples)
        .fold(0, u64::saturating_add)
        .max(report.master.clipped_samples);
    let said = format!("{} samples clipped in {}", grouped(samples), files(count.max(1)));
    (samples > 0).then(|| Line::new("Clipping", said, Outcome::Failed))
}

fn nulls(report: &Report) -> Option<Line> {
    if report.nulls.is_empty() {
        return None;
    }
    let (count, passed) = (report.nulls.len(), report.nulls.iter().filter(|n| n.passed).count());
    Some(if passed == count {
        Line::new("Null tests", format!("{passed} of {count} passed"), Outcome::Passed)
    } else {
        let failed = format!("{} of {count} failed", count - passed);
        Line::new("Null tests", failed, Outcome::Failed)
    })
}

fn warnings(report: &Report) -> Option<Line> {
    let count = report.warnings.len();
    (count > 0).then(|| Line::new("Warnings", format!("{count}, listed below"), Outcome::Review))
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
    use crate::delivery::overall;
    use crate::model::{Measurement, Null, Print, Target};

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
            seconds: 180.0,
            target: Some(Target::own(Some(-14.0), Target::TOLERANCE_LU, Some(-1.0))),
            ..Report::default()
        };
        report.master.measurement = measured(lufs, dbtp);
        report
    }

    fn outcomes(report: &Report) -> Vec<(String, Outcome)> {
        checks(report).into_iter().map(|line| (line.what, line.outcome)).collect()
    }

    #[test]
    fn loudness_and_peak_are_held_against_the_order() {
        use Outcome::{Failed, Passed};
        for (lufs, dbtp, loudness, peak) in [
            (-14.05, -1.2, Passed, Passed),
            (-13.8, -1.0, Failed, Passed),
            (-14.3, -0.995, Failed, Passed),
            (-14.0, -0.9, Passed, Failed),
        ] {
            let found = outcomes(&ordered(lufs, dbtp));
            let wanted = [("Integrated", loudness), ("True peak", peak)];
            assert_eq!(found, wanted.map(|(what, o)| (what.to_owned(), o)), "{lufs} {dbtp}");
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
        assert!(checks[1].advice.starts_with("1.5 dB over: lower"), "{checks:?}");
    }

    #[test]
    fn nothing_ordered_is_nothing_missed() {
        let mut report = Report { seconds: 180.0, ..Report::default() };
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
        assert!(checks(&report).iter().any(|c| c.measured == "3 samples clipped in one file"));
    }
}
