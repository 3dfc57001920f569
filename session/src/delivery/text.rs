//! Deliveries as text for people.

use super::Programme;
use crate::columns::lay_out;
use ::report::delivery::{At, Outcome, Verdict};
use ::report::model::Target;
use ::report::number::{fixed, signed};
use shared_dsp::targets::TARGETS;
use std::fmt::Write as _;

/// A table of all files, and, of those that did not simply pass or of the only one, the verdict line by
/// line.
pub(super) fn write(programmes: &[Programme], target: &Target) -> String {
    let head = [
        "",
        "Integrated",
        "Range",
        "Max M",
        "Max S",
        "True peak",
        "(16\u{d7})",
        "PLR",
        "Mono fold",
        "Verdict",
    ];
    let units = ["", "LUFS", "LU", "LUFS", "LUFS", "dBTP", "dBTP", "LU", "dB", ""];
    let mut rows = vec![head.map(str::to_owned), units.map(str::to_owned)];
    rows.extend(programmes.iter().map(row));
    let mut text = lay_out(&rows, &[1]);
    if rows.iter().any(|row| row[2].ends_with('*')) {
        text.push_str("\n* unstable: of less than 60 s\n");
    }
    for programme in programmes {
        let verdict = &programme.delivery.verdict;
        if programmes.len() == 1 || verdict.outcome > Outcome::Passed {
            let _ = writeln!(text, "\n{}: {}", programme.delivery.programme, heading(verdict));
            lines(&mut text, verdict);
        }
    }
    if target.lufs.is_none() && target.ceiling_dbtp.is_none() {
        text.push_str(
            "\nNothing was asked for: name a delivery with --target (--list-targets shows them).\n",
        );
    }
    text
}

fn row(programme: &Programme) -> [String; 10] {
    let m = &programme.delivery.measured;
    let level = |value: Option<f64>| value.map_or_else(|| "silent".to_owned(), |v| fixed(v, 1));
    let at = |at: Option<At>| level(at.map(|at| at.value));
    let peak = |at: Option<At>| at.map_or_else(|| "silent".to_owned(), |at| signed(at.value, 2));
    let none = |value: Option<f64>| value.map_or_else(String::new, |v| fixed(v, 1));
    let unstable = if m.range_is_stable || m.range_lu.is_none() { "" } else { "*" };
    [
        programme.delivery.programme.clone(),
        level(m.integrated_lufs),
        format!("{}{unstable}", none(m.range_lu)),
        at(m.max_momentary_lufs),
        at(m.max_short_term_lufs),
        peak(m.itu_dbtp()),
        peak(m.strict_dbtp()),
        none(m.plr_lu),
        none(m.fold_loss_db),
        programme.delivery.verdict.outcome.word().to_owned(),
    ]
}

/// `fail, against EBU R 128`.
fn heading(verdict: &Verdict) -> String {
    let target = &verdict.target;
    let word = verdict.outcome.word();
    if target.lufs.is_none() && target.ceiling_dbtp.is_none() {
        return word.to_owned();
    }
    let source = if target.source.is_empty() {
        String::new()
    } else {
        format!(" ({}, {})", target.source, target.date)
    };
    format!("{word}, against {}{source}", target.name)
}

fn lines(text: &mut String, verdict: &Verdict) {
    let width = |of: fn(&::report::delivery::Line) -> &str| {
        verdict.lines.iter().map(|line| of(line).chars().count()).max().unwrap_or(0)
    };
    let (what, measured) = (width(|l| &l.what), width(|l| &l.measured));
    for line in &verdict.lines {
        let row = format!(
            "  {} {:<what$}  {:<measured$}  {}",
            line.outcome.mark(),
            line.what,
            line.measured,
            line.limits
        );
        let _ = writeln!(text, "{}", row.trim_end());
        if !line.advice.is_empty() {
            let _ = writeln!(text, "      {}.", line.advice);
        }
    }
}

/// The deliveries that have a name.
pub(super) fn targets() -> String {
    let head = ["Id", "Integrated", "Within", "True peak", "Short-term"].map(str::to_owned);
    let units = ["", "LUFS", "LU", "dBTP", "LUFS"].map(str::to_owned);
    let mut rows = vec![head.to_vec(), units.to_vec()];
    for target in TARGETS {
        let [below, above] = target.tolerance_lu;
        let within = if below == above {
            format!("\u{b1}{}", fixed(below, 1))
        } else {
            format!("\u{2212}{} +{}", fixed(below, 1), fixed(above, 1))
        };
        let most = |value: Option<f64>| value.map_or_else(String::new, |v| fixed(v, 1));
        rows.push(vec![
            target.id.to_owned(),
            target.integrated_lufs.map_or_else(|| "any".to_owned(), |v| fixed(v, 1)),
            if target.integrated_lufs.is_some() { within } else { String::new() },
            fixed(target.max_true_peak_dbtp, 1),
            most(target.max_shortterm_lufs),
        ]);
    }
    let mut text = lay_out(&rows, &[1]);
    text.push('\n');
    for target in TARGETS {
        let what = match (target.dialogue_gated, target.mono) {
            (true, _) => ", by its dialogue",
            (_, true) => ", in one channel",
            _ => "",
        };
        let _ = writeln!(
            text,
            "{}: {}{what}. {}, {}.",
            target.id, target.name, target.source, target.date
        );
    }
    text
}
