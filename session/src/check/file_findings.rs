//! What is to be said of each file by itself, and beside the others.

use super::file_meter::Measures;
use super::file_name;
use super::finding::{Finding, Severity};
use super::survey::{Entry, Found, Survey};

/// More DC than this is worth a note, dBFS.
const DC_DBFS: f64 = -60.0;
/// And more than this, a hundredth of full scale, is to be mended.
const MUCH_DC_DBFS: f64 = -40.0;
/// A file that ends louder than this has been cut, dBFS.
const TAIL_DBFS: f64 = -60.0;
/// So many runs at a maximum below full scale were clipped before they were turned down.
const FLATTENED_RUNS: u64 = 3;

/// The findings about the files.
pub(super) fn judge(survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    for entry in &survey.entries {
        let file = file_name(&entry.path);
        match &entry.found {
            Err(error) => findings.push(Finding::of(
                Severity::Fail,
                "unreadable",
                &file,
                format!("cannot be read: {error}"),
                "copy or export it again",
            )),
            Ok(found) => {
                alone(&file, found, &mut findings);
                beside(entry, found, survey, &mut findings);
            }
        }
    }
    findings.extend(depths(survey));
    findings.extend(starts(survey));
    findings
}

/// What a file shows by itself.
fn alone(file: &str, found: &Found, findings: &mut Vec<Finding>) {
    let m = &found.measures;
    let mut find = |severity, code, message: String, action: &str| {
        findings.push(Finding::of(severity, code, file, message, action));
    };
    if m.nan_samples + m.infinite_samples > 0 {
        find(
            Severity::Fail,
            "non-finite",
            format!(
                "holds {} samples that are no number and {} that are infinite, the first at {}",
                m.nan_samples,
                m.infinite_samples,
                at(m.first_non_finite_seconds)
            ),
            "export it again with the plugin that made them bypassed; until then they count as silence",
        );
    }
    if m.silent {
        find(
            Severity::Review,
            "silent",
            "is digital silence from end to end".to_owned(),
            "see whether its track was muted when it was printed, or take it out",
        );
        return;
    }
    if let Some(dc) = m.dc_dbfs.iter().flatten().copied().reduce(f64::max).filter(|d| *d > DC_DBFS)
    {
        find(
            if dc > MUCH_DC_DBFS { Severity::Review } else { Severity::Note },
            "dc-offset",
            format!("its mean is off zero by {dc:.1} dBFS: it costs headroom, and edits click"),
            "print it again through a high-pass filter at 5 to 20 Hz",
        );
    }
    if let Some(side) = m.dead_side {
        find(
            Severity::Review,
            "dead-side",
            format!("its {side} side is silent"),
            "see whether a pan or a cable did that; print it in mono if it has one side only",
        );
    }
    if m.dual_mono {
        find(
            Severity::Note,
            "dual-mono",
            "its sides are equal: it is mono in a stereo file".to_owned(),
            "nothing, or print it in mono to save half of it",
        );
    }
    if m.tail_dbfs.is_some_and(|tail| tail > TAIL_DBFS) {
        find(
            Severity::Note,
            "tail-cut",
            format!("ends at {:.1} dBFS: its tail may be cut", m.tail_dbfs.unwrap_or(0.0)),
            "listen to the end, and print more of it if a decay is missing",
        );
    }
    let container = 8 * found.format.encoding.bytes() as u32;
    if let Some(bits) = m.effective_bits.filter(|b| *b <= 20 && *b + 4 <= container) {
        find(
            Severity::Note,
            "padded-bits",
            format!("{}-bit container, {bits} effective", found.format.encoding.name()),
            "ask whether a print at full depth exists",
        );
    }
    clipping(file, m, findings);
}

/// What a file's peaks show.
fn clipping(file: &str, m: &Measures, findings: &mut Vec<Finding>) {
    let mut find = |severity, code, message: String, action: &str| {
        findings.push(Finding::of(severity, code, file, message, action));
    };
    if m.clipped_runs > 0 {
        find(
            Severity::Review,
            "clipped",
            format!(
                "{} at full scale, the first at {}: it was clipped",
                runs(m.clipped_runs),
                at(m.first_run_seconds)
            ),
            "print it again with a lower level",
        );
    } else if m.flattened_runs >= FLATTENED_RUNS {
        find(
            Severity::Review,
            "clipped",
            format!(
                "{} at its own maximum of {:.2} dBFS, the first at {}: it was clipped and then turned down",
                runs(m.flattened_runs),
                m.sample_peak_dbfs.unwrap_or(0.0),
                at(m.first_run_seconds)
            ),
            "listen there, and print it again without the clipping unless it is meant",
        );
    }
    if let Some(peak) = m.sample_peak_dbfs.filter(|p| *p > 0.0) {
        find(
            Severity::Review,
            "over-full-scale",
            format!("reaches {peak:+.2} dBFS, which only floats can hold"),
            "lower it before it is printed as integers",
        );
    }
}

/// A moment, in seconds.
fn at(seconds: Option<f64>) -> String {
    format!("{:.3} s", seconds.unwrap_or(0.0))
}

fn runs(count: u64) -> String {
    if count == 1 {
        "1 run of equal samples".to_owned()
    } else {
        format!("{count} runs of equal samples")
    }
}

/// What a file shows beside the others.
fn beside(entry: &Entry, found: &Found, survey: &Survey, findings: &mut Vec<Finding>) {
    let file = file_name(&entry.path);
    let rate = found.format.sample_rate_hz;
    if rate != survey.sample_rate_hz {
        findings.push(Finding::of(
            Severity::Fail,
            "rate-differs",
            &file,
            format!("is at {rate} Hz, and the set is at {} Hz", survey.sample_rate_hz),
            "export it at the set's rate from its session; do not just rename or convert it",
        ));
        // Its length in samples says nothing then.
        return;
    }
    let seconds = |frames: u64| frames as f64 / f64::from(rate);
    let (frames, usual) = (found.frames, survey.frames);
    if frames < usual {
        findings.push(Finding::of(
            Severity::Fail,
            "cut-short",
            &file,
            format!(
                "is {} samples ({:.3} s) shorter than the set: it ends at {:.3} s of {:.3} s",
                usual - frames,
                seconds(usual - frames),
                seconds(frames),
                seconds(usual)
            ),
            "export it again from the same start to the same end as the others",
        ));
    } else if frames > usual {
        findings.push(Finding::of(
            Severity::Review,
            "length-differs",
            &file,
            format!(
                "is {} samples ({:.3} s) longer than the set",
                frames - usual,
                seconds(frames - usual)
            ),
            "export all files from the same start to the same end",
        ));
    }
}

/// Stems at different depths.
fn depths(survey: &Survey) -> Option<Finding> {
    let stems = || survey.entries.iter().filter(|e| !e.is_mix);
    let mut names: Vec<&str> =
        stems().flat_map(|e| &e.found).map(|f| f.format.encoding.name()).collect();
    names.sort_unstable();
    names.dedup();
    (names.len() > 1).then(|| {
        Finding::of_set(
            Severity::Note,
            "depth-differs",
            format!("the stems are at different depths: {}", names.join(", ")),
            "ask for all of them at the highest of these",
        )
    })
}

/// Files whose time stamps differ.
fn starts(survey: &Survey) -> Vec<Finding> {
    let stamped: Vec<(String, u64)> = survey
        .entries
        .iter()
        .filter_map(|e| {
            let found = e.found.as_ref().ok()?;
            Some((file_name(&e.path), found.time_reference_samples?))
        })
        .collect();
    let Some(usual) = super::survey::most_common(stamped.iter().map(|(_, start)| *start)) else {
        return Vec::new();
    };
    let rate = f64::from(survey.sample_rate_hz);
    stamped
        .into_iter()
        .filter(|(_, start)| *start != usual)
        .map(|(file, start)| {
            let off = start as f64 - usual as f64;
            let side = if off > 0.0 { "after" } else { "before" };
            Finding::of(
                Severity::Review,
                "start-differs",
                &file,
                format!(
                    "its time stamp is {:.0} samples ({:.3} s) {side} the others'",
                    off.abs(),
                    off.abs() / rate
                ),
                "lay it at its time stamp and export it again from the common start; here all files \
                 are taken to begin together",
            )
        })
        .collect()
}
