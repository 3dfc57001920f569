//! What was written, what it was made of, and what nulls against what.

use super::head;
use super::section;
use super::table::{self, Cell, Column, numbers, over, text, words};
use crate::delivery::Outcome;
use crate::draw::spark;
use crate::draw::svg::{self, Fit};
use crate::markup::Markup;
use crate::model::{Measurement, Null, Opinions, Print, PrintKind, Report, Stem, Timeline};
use crate::number::{self, fixed, grouped, level, signed};
use crate::verdict;

const LEVELS: [Column; 6] = [
    numbers("LUFS", "LUFS"),
    numbers("LUFS ebur128", "ebur128"),
    numbers("dBTP", "dBTP"),
    numbers("dBTP ebur128", "ebur128"),
    numbers("dBTP 16\u{d7}", "dBTP 16\u{d7}"),
    numbers("LRA LU", "LRA LU"),
];

/// Adds it.
pub(super) fn write(m: &mut Markup, report: &Report) {
    if !report.prints.is_empty() {
        section(m, "Prints", |m| prints(m, report));
    }
    if !report.nulls.is_empty() {
        section(m, "Null tests", |m| nulls(m, &report.nulls));
    }
    section(m, "Sources", |m| stems(m, report));
}

fn prints(m: &mut Markup, report: &Report) {
    let said = "Each file as it was measured before dither: by our meter, by the ebur128 crate, and \
                by our true peak on a 16 times finer grid. The ceiling binds the master and its \
                versions; stems are bound by their sum. Waveforms are drawn to their own peaks.";
    m.leaf("p", &[("class", "quiet")], said);
    let mut columns =
        vec![words("File", "name"), words("Waveform", "full"), words("Format", "full format")];
    columns.extend(LEVELS);
    let rows = report.prints.iter().map(|print| {
        let mut cells: Vec<Cell<'_>> = vec![
            Box::new(move |m| {
                let label = if print.label.is_empty() { &print.file } else { &print.label };
                m.leaf("b", &[], label);
                m.leaf("small", &[], kind(print.kind));
                m.leaf("small", &[("class", "mono")], &print.file);
            }),
            waveform(print.timeline.as_ref(), &print.label),
            Box::new(move |m| format(m, print)),
        ];
        cells.extend(levels(report, &print.measurement, verdict::is_bound(print.kind)));
        cells
    });
    table::write(m, &columns, rows);
}

fn kind(kind: PrintKind) -> &'static str {
    match kind {
        PrintKind::Master => "master",
        PrintKind::NoMaster => "mix without mastering",
        PrintKind::Version => "version",
        PrintKind::StemPre => "stem, before the mix bus",
        PrintKind::StemMastered => "stem, mastered",
    }
}

fn format(m: &mut Markup, print: &Print) {
    let channels = channels(print.channels);
    m.text(&format!("{}, {channels}", depth(&print.depth)));
    let mut more = Vec::new();
    if print.dithered {
        more.push("dithered".to_owned());
    }
    if let Some(peak) = print.peak_dbfs {
        more.push(format!("peak {} dBFS", signed(peak, 2)));
    }
    if print.trim_db != 0.0 {
        more.push(format!("trim {} dB", signed(print.trim_db, 2)));
    }
    if !more.is_empty() {
        m.leaf("small", &[], &more.join(", "));
    }
    if print.clipped_samples > 0 {
        let said = format!("\u{2717} {} samples clipped", grouped(print.clipped_samples));
        m.leaf("span", &[("class", "over-text")], &said);
    }
}

fn channels(count: u16) -> String {
    match count {
        1 => "mono".to_owned(),
        2 => "stereo".to_owned(),
        n => format!("{n} channels"),
    }
}

fn depth(depth: &str) -> String {
    depth
        .strip_suffix('f')
        .map_or_else(|| format!("{depth} bit"), |bits| format!("{bits} bit float"))
}

/// The cells of [`LEVELS`].
fn levels<'a>(report: &Report, opinions: &Opinions, bound: bool) -> Vec<Cell<'a>> {
    let ours = &opinions.ours;
    let peak = |value: Option<f64>| -> Cell<'a> {
        let said = number::peak(value);
        if bound && verdict::is_over(report, value) { over(said) } else { text(said) }
    };
    let range = |m: &Measurement| {
        m.integrated_lufs.map_or_else(String::new, |_| fixed(m.loudness_range_lu, 1))
    };
    // Where there is no second opinion, nothing is said.
    let second = |of: &dyn Fn(&Measurement) -> Cell<'a>| -> Cell<'a> {
        opinions.ebur128.as_ref().map_or_else(|| text(String::new()), of)
    };
    vec![
        text(level(ours.integrated_lufs, 2)),
        second(&|m| text(level(m.integrated_lufs, 2))),
        peak(ours.true_peak_dbtp),
        second(&|m| peak(m.true_peak_dbtp)),
        ours.strict_true_peak_dbtp.map_or_else(|| text(String::new()), |v| peak(Some(v))),
        text(range(ours)),
    ]
}

fn waveform<'a>(timeline: Option<&'a Timeline>, name: &'a str) -> Cell<'a> {
    Box::new(move |m| {
        if let Some(timeline) = timeline {
            let drawing = spark(&timeline.waveform, 132.0, 28.0);
            svg::write(m, &drawing, "spark", &format!("Waveform of {name}"), Fit::Stretched);
        }
    })
}

fn nulls(m: &mut Markup, nulls: &[Null]) {
    let columns = [
        words("What should be silent", "name"),
        numbers("Residual RMS dBFS", "RMS dBFS"),
        numbers("Peak dBFS", "peak dBFS"),
        numbers("Limit RMS dBFS", "limit dBFS"),
        Column { name: "Result", label: "result", class: "result" },
    ];
    let rows = nulls.iter().map(|null| -> Vec<Cell<'_>> {
        let nothing = |value: Option<f64>| {
            text(value.map_or_else(|| "nothing left".to_owned(), |v| fixed(v, 1)))
        };
        let outcome = if null.passed { Outcome::Passed } else { Outcome::Failed };
        vec![
            Box::new(move |m| {
                m.text(&null.what);
                if let Some(note) = &null.note {
                    m.leaf("small", &[("class", "note")], note);
                }
            }),
            nothing(null.residual_rms_dbfs),
            nothing(null.residual_peak_dbfs),
            text(fixed(null.limit_dbfs, 1)),
            Box::new(move |m| head::outcome(m, outcome)),
        ]
    });
    table::write(m, &columns, rows);
}

fn stems(m: &mut Markup, report: &Report) {
    m.leaf(
        "p",
        &[("class", "quiet")],
        "Each stem after its own inserts, and their sum before those of the mix bus.",
    );
    let mut columns =
        vec![words("Stem", "name"), words("Waveform", "full"), words("Format", "full format")];
    columns.extend(LEVELS);
    let rows = report.stems.iter().map(|stem| {
        let mut cells: Vec<Cell<'_>> = vec![
            Box::new(move |m| stem_name(m, stem)),
            waveform(stem.timeline.as_ref(), &stem.name),
            Box::new(move |m| {
                m.text(&format!("{}, {}", depth(&stem.depth), channels(stem.channels)));
                if let Some(start) = stem.time_reference {
                    m.leaf("small", &[], &format!("starts at sample {}", grouped(start)));
                }
            }),
        ];
        cells.extend(levels(report, &stem.measurement, false));
        cells
    });
    let sum: Vec<Cell<'_>> =
        vec![
            Box::new(|m| m.leaf("b", &[], "Sum")),
            text(String::new()),
            text(report.sum.ours.headroom_db.map_or_else(String::new, |headroom| {
                format!("headroom {} dB", fixed(headroom, 1))
            })),
        ];
    let sum = sum.into_iter().chain(levels(report, &report.sum, false)).collect();
    table::write(m, &columns, rows.chain(std::iter::once(sum)));
}

fn stem_name(m: &mut Markup, stem: &Stem) {
    m.leaf("b", &[], &stem.name);
    m.leaf("small", &[], &stem.role);
    m.leaf("small", &[("class", "mono")], &stem.file);
}
