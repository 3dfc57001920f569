//! A check as text for people.

use super::finding::{Finding, Severity};
use super::report::{AudioReport, ChangeReport, FileReport, NullTest, Report};
use super::residual::Residual;
use crate::columns::lay_out;
use crate::names;
use std::fmt::Write as _;

/// Silence shorter than this at an end is not worth a word, seconds.
const LEAST_SILENCE: f64 = 0.1;

/// What `stemwright check` prints.
pub(super) fn write(report: &Report) -> String {
    let mut text = files(report);
    text.push('\n');
    if let Some(sum) = &report.sum {
        let _ = writeln!(
            text,
            "Sum of the stems: {} LUFS, true peak {} dBTP, headroom {} dB",
            level(sum.integrated_lufs),
            level(sum.true_peak_dbtp),
            level(sum.headroom_db)
        );
    }
    match (&report.null_test, &report.no_null_test) {
        (Some(test), _) => null_test(&mut text, test),
        (None, Some(why)) => {
            let _ = writeln!(text, "No null test: {why}.");
        }
        (None, None) => {}
    }
    findings(&mut text, &report.findings);
    text
}

fn files(report: &Report) -> String {
    let head = [
        "",
        "rate",
        "depth",
        "bits",
        "length",
        "start",
        "layout",
        "LUFS",
        "LRA",
        "peak",
        "true peak",
        "DC",
    ];
    let units =
        ["", "Hz", "", "", "s", "samples", "", "", "LU", "dBFS", "dBTP", "dBFS"].map(str::to_owned);
    let mut rows: Vec<Vec<String>> = vec![head.map(str::to_owned).to_vec(), units.to_vec()];
    rows.extend(report.files.iter().map(row));
    let mut text = lay_out(&rows, &[1]);
    for file in &report.files {
        let silences = file.audio.as_ref().map_or(String::new(), silences);
        if !silences.is_empty() {
            let _ = writeln!(text, "{}: {silences}", file.file);
        }
    }
    text
}

fn row(file: &FileReport) -> Vec<String> {
    let Some(audio) = &file.audio else {
        return vec![file.file.clone(), "unreadable".to_owned()];
    };
    let m = &audio.measures;
    let dc = m.dc_dbfs.iter().flatten().copied().reduce(f64::max);
    vec![
        file.file.clone(),
        names::rate_tag(audio.sample_rate_hz),
        audio.depth.to_owned(),
        m.effective_bits.map_or_else(|| "-".to_owned(), |bits| bits.to_string()),
        format!("{:.3}", audio.seconds),
        audio.time_reference_samples.map_or_else(|| "-".to_owned(), |start| start.to_string()),
        if m.dual_mono { "dual mono" } else { audio.layout }.to_owned(),
        level(m.integrated_lufs),
        format!("{:.1}", m.loudness_range_lu),
        level(m.sample_peak_dbfs),
        level(m.true_peak_dbtp),
        dc.map_or_else(|| "none".to_owned(), |dc| format!("{dc:.0}")),
    ]
}

/// Silence at the ends of a file, in words.
fn silences(audio: &AudioReport) -> String {
    let m = &audio.measures;
    if m.silent {
        return "silent throughout".to_owned();
    }
    let ends = [(m.leading_silence_seconds, "begins"), (m.trailing_silence_seconds, "ends")];
    let said: Vec<String> = ends
        .iter()
        .filter(|(seconds, _)| *seconds >= LEAST_SILENCE)
        .map(|(seconds, verb)| format!("{verb} with {seconds:.2} s of silence"))
        .collect();
    said.join(", ")
}

fn null_test(text: &mut String, test: &NullTest) {
    let _ = writeln!(text, "Null test of the sum against {}: {}", test.mix, test.verdict.name());
    let line = |residual: &Residual| match (residual.rms_dbfs, residual.relative_db) {
        (Some(rms), Some(relative)) => {
            format!("{rms:.1} dBFS RMS, {relative:.1} dB relative to the mix")
        }
        (Some(rms), None) => format!("{rms:.1} dBFS RMS"),
        (None, _) => "digital silence".to_owned(),
    };
    let _ = writeln!(text, "  left          {}", line(&test.residual));
    if !test.changes.is_empty() {
        let _ = writeln!(text, "  corrected     {}", line(&test.corrected));
    }
    if let Some(floor) = test.floor_dbfs {
        let _ = writeln!(text, "  floor         {floor:.1} dBFS, from the files' effective bits");
    }
    for change in &test.changes {
        let _ = writeln!(text, "  {}: {}", change.file, change_line(change));
    }
    for other in &test.passed_over {
        let _ = writeln!(text, "  {other} was not used");
    }
}

fn change_line(change: &ChangeReport) -> String {
    let Some(gain_db) = change.gain_error_db else { return "not in the mix".to_owned() };
    let inverted = if change.inverted { ", inverted" } else { "" };
    format!(
        "gain {gain_db:+.3} dB (± {:.3}), delay {:+.4} samples (± {:.4}){inverted}",
        change.gain_deviation_db, change.delay_samples, change.delay_deviation_samples
    )
}

fn findings(text: &mut String, findings: &[Finding]) {
    text.push('\n');
    if findings.is_empty() {
        text.push_str("Nothing to report.\n");
        return;
    }
    for finding in findings {
        let subject = finding.file.as_ref().map_or(String::new(), |file| format!("{file} "));
        let _ = writeln!(
            text,
            "{:<6}  {subject}{} [{}]\n        -> {}",
            finding.severity.name(),
            finding.message,
            finding.code,
            finding.action
        );
    }
    let count = |severity| findings.iter().filter(|f| f.severity == severity).count();
    let _ = writeln!(
        text,
        "\n{} to mend, {} to review, {}.",
        count(Severity::Fail),
        count(Severity::Review),
        match count(Severity::Note) {
            1 => "1 note".to_owned(),
            notes => format!("{notes} notes"),
        }
    );
}

fn level(value: Option<f64>) -> String {
    value.map_or_else(|| "silent".to_owned(), |v| format!("{v:.1}"))
}
