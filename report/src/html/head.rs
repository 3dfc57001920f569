//! The top of the page: what it is, whether it is as ordered, the numbers, the master over time.

use super::section;
use crate::delivery::{self, Outcome};
use crate::draw::svg::{self, Fit};
use crate::draw::{Overview, Size, overview};
use crate::markup::Markup;
use crate::model::{PrintKind, Report};
use crate::number::{self, clock, fixed, grouped, level, signed};
use crate::verdict;

/// Adds it.
pub(super) fn write(m: &mut Markup, report: &Report, title: &str) {
    m.leaf("h1", &[], title);
    m.leaf("p", &[("class", "under")], &under(report));
    verdict_of(m, report);
    numbers(m, report);
    chart(m, report);
}

/// What the audio is, in a line.
fn under(report: &Report) -> String {
    let rate = f64::from(report.sample_rate_hz) / 1000.0;
    let decimals = usize::from(!report.sample_rate_hz.is_multiple_of(1000));
    let mut parts = vec![
        clock(report.seconds),
        format!("{} samples", grouped(report.frames)),
        format!("{} kHz", fixed(rate, decimals)),
    ];
    if report.mono {
        parts.push("mono".to_owned());
    }
    parts.push(format!(
        "{} samples of latency, compensated",
        grouped(report.latency_samples.into())
    ));
    if !report.created.is_empty() {
        parts.push(report.created.clone());
    }
    parts.join(" \u{b7} ")
}

fn verdict_of(m: &mut Markup, report: &Report) {
    let checks = verdict::checks(report);
    let overall = delivery::overall(&checks);
    let said = match overall {
        Outcome::Noted => "\u{2022} Measured, nothing ordered",
        Outcome::Passed => "\u{2713} Pass: as ordered",
        Outcome::Review => "! Review: something to look at",
        Outcome::NotMeasurable => "? Not measurable: something cannot be judged",
        Outcome::Failed => "\u{2717} Fail: not as ordered",
    };
    section(m, "Verdict", |m| {
        m.leaf("p", &[("class", &format!("verdict {}", class(overall)))], said);
        m.element("ul", &[("class", "checks")], |m| {
            for check in &checks {
                m.element("li", &[], |m| {
                    m.leaf("span", &[], &check.what);
                    outcome(m, check.outcome);
                    m.leaf("span", &[("class", "said")], &check.said());
                });
            }
        });
        let said = report.warnings.iter().cloned().chain(verdict::trims(report));
        let said: Vec<String> = said.collect();
        if !said.is_empty() {
            m.element("ul", &[("class", "warnings")], |m| {
                for warning in &said {
                    m.leaf("li", &[], warning);
                }
            });
        }
    });
}

/// An outcome: its sign and its word.
pub(super) fn outcome(m: &mut Markup, outcome: Outcome) {
    let said = format!("{} {}", outcome.mark(), outcome.word());
    m.leaf("span", &[("class", class(outcome))], &said);
}

/// The class of an outcome.
fn class(outcome: Outcome) -> &'static str {
    match outcome {
        // Of one colour: both want a look.
        Outcome::NotMeasurable => Outcome::Review.word(),
        other => other.word(),
    }
}

fn numbers(m: &mut Markup, report: &Report) {
    let master = &report.master.measurement;
    let ours = &master.ours;
    let target = report.target.clone().unwrap_or_default();
    let ordered = |value: Option<f64>, name: &str| {
        value.map_or_else(|| format!("no {name} ordered"), |v| format!("{name} {}", fixed(v, 1)))
    };
    let highest = master.highest_true_peak_dbtp();
    let peak = ours.strict_true_peak_dbtp.into_iter().chain(ours.true_peak_dbtp).reduce(f64::max);
    let over = verdict::is_over(report, highest);
    m.element("section", &[("class", "big")], |m| {
        let loudness = ordered(target.lufs, "target");
        big(m, "", "Integrated", &level(ours.integrated_lufs, 1), "LUFS", &loudness);
        let ceiling = ordered(target.ceiling_dbtp, "ceiling");
        let ceiling = if over { format!("\u{2717} over, {ceiling}") } else { ceiling };
        let class = if over { "over" } else { "" };
        big(m, class, "True peak", &number::peak(peak), "dBTP", &ceiling);
        let range = &fixed(ours.loudness_range_lu, 1);
        big(m, "", "Loudness range", range, "LU", "EBU Tech 3342");
        if let Some(limiter) = &report.limiter {
            let cost = limiter.gain_reduction;
            let share = (100.0 * cost.limiting_share).round();
            let gain = format!(
                "gain {} dB, limits {} % of the time",
                signed(limiter.gain_db, 2),
                fixed(share, 0)
            );
            big(m, "change", "Gain reduction", &fixed(-cost.maximum_db, 1), "dB", &gain);
        }
    });
}

fn big(m: &mut Markup, class: &str, name: &str, value: &str, unit: &str, under: &str) {
    m.element("div", &[("class", class)], |m| {
        m.leaf("span", &[], name);
        m.element("b", &[], |m| {
            m.text(value);
            if value != "silent" {
                m.leaf("small", &[], unit);
            }
        });
        m.leaf("span", &[], under);
    });
}

fn chart(m: &mut Markup, report: &Report) {
    let master = report.prints.iter().find(|p| p.kind == PrintKind::Master);
    let Some(timeline) = master.and_then(|p| p.timeline.as_ref()) else { return };
    let target = report.target.clone().unwrap_or_default();
    let what = Overview {
        timeline,
        reduction: report.limiter.as_ref().and_then(|l| l.timeline.as_ref()),
        target: &target,
        seconds: report.seconds,
    };
    let said = "Gain reduction, loudness, correlation and waveform of the master over time";
    section(m, "Master over time", |m| {
        for (size, class) in
            [(Size::Wide, "wide"), (Size::Medium, "medium"), (Size::Narrow, "narrow")]
        {
            svg::write(m, &overview(&what, size), class, said, Fit::Whole);
        }
    });
}
