//! A render as a table for people: our meter, and `ebur128`'s opinion beside it.

use crate::columns::lay_out;
use crate::measure::{Measurement, Opinions};
use crate::report::Report;
use ::report::model::{Print, PrintKind};
use ::report::voice;
use std::fmt::Write as _;

const COLUMNS: usize = 8;

/// The summary that `stemwright render` prints.
pub fn render(report: &Report) -> String {
    let of = |kinds: &[PrintKind]| -> Vec<[String; COLUMNS]> {
        let prints = report.prints.iter().filter(|print| kinds.contains(&print.kind));
        prints.map(|print| row(&label(print), &print.measurement)).collect()
    };
    let masters = of(&[PrintKind::Master, PrintKind::Version, PrintKind::NoMaster]);
    let mastered_stems = of(&[PrintKind::StemMastered]);
    let mut stems = vec![row("Sum of the stems", &report.sum)];
    stems.extend(report.stems.iter().map(|stem| row(&stem.name, &stem.measurement)));
    // A line is left free after the head and between the groups.
    let breaks = [1, 1 + masters.len(), 1 + masters.len() + mastered_stems.len()];
    let rows = [masters, mastered_stems, stems].concat();
    let head =
        ["", "Integrated", "(ebur128)", "True peak", "(ebur128)", "(16x)", "Headroom", "(ebur128)"]
            .map(str::to_owned);
    let units = ["", "LUFS", "LUFS", "dBTP", "dBTP", "dBTP", "dB", "dB"].map(str::to_owned);

    let all: Vec<&[String; COLUMNS]> = [&head, &units].into_iter().chain(&rows).collect();
    let mut text = lay_out(&all, &breaks);
    if let Some(limiter) = &report.limiter {
        let cost = limiter.gain_reduction;
        let _ = write!(text, "\nLimiter: gain {:+.2} dB", limiter.gain_db);
        if let Some(solve) = limiter.solve {
            let _ = write!(
                text,
                " for {:.1} LUFS (reached {:.2})",
                solve.target_lufs, solve.reached_lufs
            );
        }
        if cost.maximum_db > 0.0 {
            let _ = writeln!(
                text,
                "; it cost {:.1} dB of gain reduction at most, {:.1} dB on average over the {:.0} % of \
                 the time it limits",
                cost.maximum_db,
                cost.average_while_limiting_db,
                (100.0 * cost.limiting_share).max(1.0)
            );
        } else {
            text.push_str("; it did not limit\n");
        }
    }
    for insert in &report.inserts {
        if let Some(voice) = &insert.voice_to_music {
            let (channel, plugin) = (&insert.channel, &insert.plugin);
            let said = voice::said(voice);
            let _ = writeln!(text, "\n{channel}, {plugin} keyed by {}: {said}", voice.key);
        }
    }
    for null in &report.nulls {
        let left =
            null.residual_rms_dbfs.map_or_else(|| "nothing".to_owned(), |r| format!("{r:.1} dBFS"));
        let verdict = if null.passed { "passed" } else { "FAILED" };
        let _ = write!(text, "\nNull test, {}: leaves {left}, {verdict}", null.what);
    }
    if !report.nulls.is_empty() {
        text.push('\n');
    }
    for warning in &report.warnings {
        let _ = writeln!(text, "\nWarning: {warning}");
    }
    text
}

/// What a print is called here.
fn label(print: &Print) -> String {
    match print.kind {
        PrintKind::Master => "Master".to_owned(),
        PrintKind::StemMastered => format!("{}, mastered", print.label),
        _ => print.label.clone(),
    }
}

fn row(name: &str, opinions: &Opinions) -> [String; COLUMNS] {
    let (ours, second) = (Some(&opinions.ours), opinions.ebur128.as_ref());
    // Where there is no second opinion, nothing is said.
    let cell = |of: fn(&Measurement) -> Option<f64>, m: Option<&Measurement>| {
        let said = |m| of(m).map_or_else(|| "silent".to_owned(), |v| format!("{v:.1}"));
        m.map_or_else(String::new, said)
    };
    let loudness: fn(&Measurement) -> Option<f64> = |m| m.integrated_lufs;
    let peak: fn(&Measurement) -> Option<f64> = |m| m.true_peak_dbtp;
    let strict: fn(&Measurement) -> Option<f64> = |m| m.strict_true_peak_dbtp;
    let headroom: fn(&Measurement) -> Option<f64> = |m| m.headroom_db;
    [
        name.to_owned(),
        cell(loudness, ours),
        cell(loudness, second),
        cell(peak, ours),
        cell(peak, second),
        cell(strict, ours),
        cell(headroom, ours),
        cell(headroom, second),
    ]
}
