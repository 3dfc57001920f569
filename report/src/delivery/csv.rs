//! A delivery as tables for spreadsheets: figures, and the history step by step.
//!
//! As RFC 4180 has them, with a plain minus and a point; what there is none of is empty.

use super::document::Delivery;
use super::history::{self, HistoryPoint, STEP_SECONDS};
use super::measured::At;
use std::fmt::Write as _;

/// One figure a row, with its unit and when it was, then the verdict line by line.
pub fn figures(delivery: &Delivery) -> String {
    let m = &delivery.measured;
    let mut rows = Rows::new("figure,value,unit,time s");
    rows.text("programme", &delivery.programme);
    rows.text("measured on", &delivery.created);
    rows.number("duration", Some(m.seconds), 3, "s");
    rows.number("sample rate", Some(m.sample_rate_hz.into()), 0, "Hz");
    rows.number("channels", Some(m.channels.into()), 0, "");
    if m.channels == 1 {
        rows.text("counted as two speakers", if m.dual_mono { "yes" } else { "no" });
    }
    rows.number("integrated loudness", m.integrated_lufs, 2, "LUFS");
    rows.number("loudness range", m.range_lu, 2, "LU");
    rows.text("loudness range is stable", if m.range_is_stable { "yes" } else { "no" });
    rows.at("maximum momentary loudness", m.max_momentary_lufs, "LUFS");
    rows.at("maximum short-term loudness", m.max_short_term_lufs, "LUFS");
    rows.number("dialogue loudness", m.dialogue_lufs, 2, "LUFS");
    rows.number("dialogue share", m.dialogue_share.map(|share| 100.0 * share), 1, "%");
    for (index, peaks) in m.peaks.iter().enumerate() {
        let side = side(index, m.peaks.len());
        rows.at(&format!("true peak{side} ITU 4x"), peaks.itu_dbtp, "dBTP");
        rows.at(&format!("true peak{side} strict 16x"), peaks.strict_dbtp, "dBTP");
        rows.number(&format!("sample peak{side}"), peaks.sample_peak_dbfs, 2, "dBFS");
        rows.number(&format!("crest{side}"), peaks.crest_db, 2, "dB");
    }
    rows.number("peak to loudness ratio", m.plr_lu, 2, "LU");
    rows.at("lowest peak to short-term ratio", m.lowest_psr_lu, "LU");
    rows.number("correlation", m.correlation, 3, "");
    rows.at("lowest correlation", m.lowest_correlation, "");
    rows.number("mono-fold loss", m.fold_loss_db, 2, "dB");
    for band in &m.bands {
        let name = band.name.to_lowercase();
        rows.number(&format!("correlation {name}"), band.correlation, 3, "");
        rows.at(&format!("lowest correlation {name}"), band.lowest_correlation, "");
        rows.number(&format!("mono-fold loss {name}"), band.fold_loss_db, 2, "dB");
    }
    rows.text("target", &delivery.verdict.target.name);
    rows.text("target source", &delivery.verdict.target.source);
    rows.text("target date", &delivery.verdict.target.date);
    rows.text("verdict", delivery.verdict.outcome.word());
    for line in &delivery.verdict.lines {
        let name = format!("verdict {}", line.what.to_lowercase());
        rows.text(&name, &format!("{}: {}", line.outcome.word(), line.said()));
    }
    rows.0
}

/// The history, a row for every step of 100 ms; the time is that of the step's end.
pub fn history<'a>(steps: impl IntoIterator<Item = &'a HistoryPoint>) -> String {
    let mut text = String::from(
        "time s,momentary LUFS,short-term LUFS,integrated LUFS,true peak dBTP,correlation,\
         mono-fold loss dB\r\n",
    );
    for step in steps {
        let _ = write!(text, "{:.1}", (step.step + 1) as f64 * STEP_SECONDS);
        for lufs in [step.momentary_lufs, step.shortterm_lufs, step.integrated_lufs] {
            push(&mut text, history::loudness(lufs), 2);
        }
        push(&mut text, Some(step.true_peak_dbtp.into()), 2);
        push(&mut text, Some(step.correlation.into()), 3);
        push(&mut text, Some(step.fold_loss_db.into()), 2);
        text.push_str("\r\n");
    }
    text
}

/// ` left`, ` right`, or nothing where there is but one.
fn side(index: usize, of: usize) -> &'static str {
    match (index, of) {
        (_, 0 | 1) => "",
        (0, _) => " left",
        _ => " right",
    }
}

/// Adds a cell that is not the first.
fn push(text: &mut String, value: Option<f64>, decimals: usize) {
    text.push(',');
    if let Some(value) = value.filter(|value| value.is_finite()) {
        // The sum turns a negative zero into zero.
        let parts = 10f64.powi(decimals as i32);
        let _ = write!(text, "{:.decimals$}", (value * parts).round() / parts + 0.0);
    }
}

struct Rows(String);

impl Rows {
    fn new(head: &str) -> Self {
        Self(format!("{head}\r\n"))
    }

    fn name(&mut self, name: &str) {
        self.0.push_str(&quoted(name));
    }

    fn number(&mut self, name: &str, value: Option<f64>, decimals: usize, unit: &str) {
        self.name(name);
        push(&mut self.0, value, decimals);
        let _ = write!(self.0, ",{unit},\r\n");
    }

    fn at(&mut self, name: &str, at: Option<At>, unit: &str) {
        self.name(name);
        push(&mut self.0, at.map(|at| at.value), 2);
        let _ = write!(self.0, ",{unit}");
        push(&mut self.0, at.map(|at| at.seconds), 1);
        self.0.push_str("\r\n");
    }

    fn text(&mut self, name: &str, text: &str) {
        self.name(name);
        let _ = write!(self.0, ",{},,\r\n", quoted(text));
    }
}

/// A cell of text: in quotes where it has to be, on one line, and never a formula.
fn quoted(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    if text.contains([',', '"']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::{Channel, Measured};
    use crate::model::Target;

    /// The cells of every row, read as RFC 4180 has them.
    fn parsed(text: &str) -> Vec<Vec<String>> {
        let row = |line: &str| {
            let (mut cells, mut quoted) = (vec![String::new()], false);
            for c in line.chars() {
                match c {
                    '"' => {
                        // The second of a pair is a quote.
                        if !quoted && cells.last().is_some_and(|cell| !cell.is_empty()) {
                            cells.last_mut().unwrap().push('"');
                        }
                        quoted = !quoted;
                    }
                    ',' if !quoted => cells.push(String::new()),
                    c => cells.last_mut().unwrap().push(c),
                }
            }
            cells
        };
        text.strip_suffix("\r\n").unwrap().split("\r\n").map(row).collect()
    }

    #[test]
    fn every_row_of_the_figures_has_four_cells_and_no_formula() {
        let peaks =
            Channel { itu_dbtp: Some(At { value: -1.234, seconds: 12.44 }), ..Channel::default() };
        let measured = Measured {
            seconds: 30.0,
            channels: 2,
            integrated_lufs: Some(-14.004),
            peaks: vec![peaks; 2],
            ..Measured::default()
        };
        let target = Target { source: "one, \"two\"".to_owned(), ..Target::own(None, 1.0, None) };
        let rows = parsed(&figures(&Delivery::new("=2+3,x\n\"y\"", &target, measured)));
        assert!(rows.iter().all(|row| row.len() == 4), "{rows:?}");
        let find = |name: &str| rows.iter().find(|row| row[0] == name).unwrap()[1..].to_vec();
        assert_eq!(find("programme")[0], "'=2+3,x \"y\"");
        assert_eq!(find("target source")[0], "one, \"two\"");
        assert_eq!(find("integrated loudness"), ["-14.00", "LUFS", ""]);
        assert_eq!(find("true peak left ITU 4x"), ["-1.23", "dBTP", "12.4"]);
        assert_eq!(find("loudness range"), ["", "LU", ""]);
    }

    #[test]
    fn the_history_has_a_row_a_step() {
        let loud =
            HistoryPoint { momentary_lufs: -20.004, true_peak_dbtp: -0.001, ..HistoryPoint::NONE };
        let wide =
            HistoryPoint { step: 1, correlation: -0.5, fold_loss_db: -3.0, ..HistoryPoint::NONE };
        let rows = parsed(&history(&[loud, wide]));
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|row| row.len() == 7));
        assert_eq!(rows[1], ["0.1", "-20.00", "", "", "0.00", "", ""]);
        assert_eq!(rows[2], ["0.2", "", "", "", "", "-0.500", "-3.00"]);
    }
}
