//! A render as a table for people: our meter, and `ebur128`'s opinion beside it.

use crate::columns::lay_out;
use crate::measure::{Measurement, Opinions};
use crate::report::Report;
use std::fmt::Write as _;

const COLUMNS: usize = 8;

/// The summary that `stemwright render` prints.
pub fn render(report: &Report) -> String {
    let mut rows = vec![row("Master", &report.master.measurement), row("Sum", &report.sum)];
    rows.extend(report.stems.iter().map(|stem| row(&stem.name, &stem.measurement)));
    let head =
        ["", "Integrated", "(ebur128)", "True peak", "(ebur128)", "(16x)", "Headroom", "(ebur128)"]
            .map(str::to_owned);
    let units = ["", "LUFS", "LUFS", "dBTP", "dBTP", "dBTP", "dB", "dB"].map(str::to_owned);

    // The head, then the master and the sum, then the stems.
    let all: Vec<&[String; COLUMNS]> = [&head, &units].into_iter().chain(&rows).collect();
    let mut text = lay_out(&all, &[1, 3]);
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
    if report.master.clipped_samples > 0 {
        let _ = writeln!(
            text,
            "\nWarning: {} samples of the master are beyond full scale and were clipped: put a limiter on \
             the mix, lower the stems, or print at 32f",
            report.master.clipped_samples
        );
    }
    text
}

fn row(name: &str, opinions: &Opinions) -> [String; COLUMNS] {
    let (ours, second) = (&opinions.ours, &opinions.ebur128);
    let cell = |of: fn(&Measurement) -> Option<f64>, m: &Measurement| {
        of(m).map_or_else(|| "silent".to_owned(), |v| format!("{v:.1}"))
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
