//! The end of a render: the proof, the report, and names for everything at once.

use super::naming::Names;
use super::printing::{Printed, PrintedFile};
use super::stems::Stems;
use super::{Options, Progress, Rendered, proof};
use crate::audio_file::PendingFile;
use crate::error::{Error, Result};
use crate::hash::{self, Fingerprint};
use crate::template::Expanded;
use ::report::model::{
    File, Files, Master, Null, Opinions, Print, PrintKind, Report, Stem, Target, rounded_decibels,
};
use std::path::{Path, PathBuf};

/// What all of a report's parts are made from.
pub(super) struct Context<'a> {
    pub(super) options: &'a Options,
    pub(super) expanded: &'a Expanded,
    pub(super) stems: &'a Stems,
    /// What was noticed before anything was printed, a sentence each.
    pub(super) warnings: Vec<String>,
}

/// Proves the prints, reports on them, and gives everything its name.
///
/// # Errors
/// If a print cannot be read back or a file cannot be written; nothing is left behind.
pub(super) fn finish(
    context: &Context<'_>,
    printed: Printed,
    names: Names,
    progress: Progress<'_>,
) -> Result<Rendered> {
    let stop = &context.options.stop;
    let nulls = proof::nulls(&printed.prints, &printed.keyless, stop, progress)?;
    let files: Vec<&Path> = context
        .stems
        .files
        .iter()
        .map(PathBuf::as_path)
        .chain(printed.prints.iter().map(|p| p.file.temporary_path()))
        .collect();
    let mut read = hash::fingerprints(&files, stop)?;
    let written = read.split_off(context.stems.files.len());

    let report = context.report(&printed, &names, nulls, &read, &written);
    let json = ::report::json::write(&report)
        .map_err(|e| Error::write(&names.report_file, std::io::Error::other(e)))?;
    let page = ::report::html(&report);
    let mut pending: Vec<PendingFile> = printed.prints.into_iter().map(|p| p.file).collect();
    pending.push(PendingFile::with_contents(&names.report_file, &json)?);
    pending.push(PendingFile::with_contents(&names.report_page, page.as_bytes())?);

    let (report_file, report_page) = (names.report_file.clone(), names.report_page.clone());
    let prints = names.prints.clone();
    names.into_folder().commit(pending)?;
    Ok(Rendered { report, prints, report_file, report_page })
}

impl Context<'_> {
    fn report(
        &self,
        printed: &Printed,
        names: &Names,
        nulls: Vec<Null>,
        read: &[Fingerprint],
        written: &[Fingerprint],
    ) -> Report {
        let stems = self.stems;
        let prints: Vec<Print> = printed
            .prints
            .iter()
            .zip(&names.prints)
            .zip(written)
            .map(|((print, path), fingerprint)| describe(print, path, fingerprint))
            .collect();
        let listed = |path: &Path, fingerprint: Option<&Fingerprint>| File {
            path: path.to_string_lossy().into_owned(),
            bytes: fingerprint.map(|f| f.bytes),
            sha256: fingerprint.map(|f| f.sha256.clone()),
        };
        Report {
            stemwright: env!("CARGO_PKG_VERSION").to_owned(),
            created: crate::clock::now(),
            song: self.expanded.song.clone(),
            sample_rate_hz: stems.sample_rate_hz,
            frames: stems.frames,
            seconds: stems.frames as f64 / f64::from(stems.sample_rate_hz),
            latency_samples: printed.latency_samples,
            target: self.target(printed),
            headroom_trim_db: printed.headroom_trim_db,
            stem_trim_db: printed.stem_trim_db,
            mono: self.expanded.session.mix.mono,
            warnings: self.warnings(printed, names, &nulls),
            master: master(&prints),
            sum: sum(&prints),
            stems: self.stems(printed, read),
            limiter: printed.limiter.clone(),
            prints,
            nulls,
            inserts: printed.inserts.clone(),
            plugins: printed.plugins.clone(),
            files: Files {
                read: stems.files.iter().zip(read).map(|(path, f)| listed(path, Some(f))).collect(),
                written: names
                    .prints
                    .iter()
                    .zip(written)
                    .map(|(path, f)| listed(path, Some(f)))
                    .chain([&names.report_file, &names.report_page].map(|path| listed(path, None)))
                    .collect(),
            },
            ..Report::default()
        }
    }

    /// What the first print is held against.
    fn target(&self, printed: &Printed) -> Option<Target> {
        let has_main = Self::has_main(printed);
        // One channel measures half of what two speakers play.
        let less = if self.expanded.session.mix.mono { 10.0 * 2f64.log10() } else { 0.0 };
        let lufs = self.options.target_lufs.filter(|_| has_main).map(|lufs| lufs - less);
        let ceiling_dbtp = printed.ceiling_dbtp;
        (lufs.is_some() || ceiling_dbtp.is_some()).then(|| Target {
            lufs,
            ceiling_dbtp,
            ..Target::default()
        })
    }

    fn has_main(printed: &Printed) -> bool {
        printed.prints.iter().any(|p| p.ordered.kind == PrintKind::Master)
    }

    fn stems(&self, printed: &Printed, read: &[Fingerprint]) -> Vec<Stem> {
        let stems = self.stems;
        let session = self.expanded.session.stems.iter().enumerate();
        session
            .zip(&printed.stems)
            .map(|((index, stem), (measurement, timeline))| Stem {
                name: stem.name.clone().unwrap_or_default(),
                role: stem.role.map_or("Other", |r| r.name()).to_owned(),
                file: file_name(&stems.files[index]),
                channels: stems.formats[index].channels,
                depth: stems.formats[index].encoding.name().to_owned(),
                time_reference: stems.time_references_samples[index],
                sha256: Some(read[index].sha256.clone()),
                measurement: *measurement,
                timeline: timeline.clone(),
            })
            .collect()
    }

    /// What the reader has to know.
    fn warnings(&self, printed: &Printed, names: &Names, nulls: &[Null]) -> Vec<String> {
        let mut warnings = self.warnings.clone();
        warnings.extend(self.stems.remarks.iter().cloned());
        let solve = printed.limiter.as_ref().and_then(|limiter| limiter.solve);
        if let Some(solve) = solve.filter(|_| !Self::has_main(printed)) {
            warnings.push(format!(
                "the gain was found on Main, which was not ordered: it measures {:.2} LUFS",
                solve.reached_lufs
            ));
        }
        if let Some(version) = names.moved_to {
            warnings.push(format!(
                "files of these names were there already: this render is version {version}"
            ));
        }
        if let Some(trim_db) = printed.stem_trim_db {
            let unmastered = printed.prints.iter().any(|p| p.ordered.kind == PrintKind::StemPre);
            let who = if unmastered || self.options.stems.is_none() {
                "the stems and the unmastered mix"
            } else {
                "the mastered stems and the unmastered mix"
            };
            warnings.push(format!(
                "{who} were lowered by {:.2} dB, all alike, since one of them would have clipped: \
                 print them at 32f with --stem-depth to keep their level",
                -trim_db
            ));
        }
        for print in printed.prints.iter().filter(|p| p.clipped_samples > 0) {
            warnings.push(format!(
                "{} samples of {} are beyond full scale and were clipped: put a limiter on the mix, \
                 lower the stems, or print at 32f",
                print.clipped_samples, print.ordered.label
            ));
        }
        for print in &printed.prints {
            warnings.extend(over_ceiling(print, printed.ceiling_dbtp));
        }
        for null in nulls.iter().filter(|null| !null.passed) {
            warnings.push(format!(
                "{} leaves {} dBFS where {:.0} may be left{}",
                null.what,
                null.residual_rms_dbfs.map_or_else(|| "nothing".to_owned(), |r| format!("{r:.1}")),
                null.limit_dbfs,
                null.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default()
            ));
        }
        warnings
    }
}

/// What is to be said of a master above the ceiling.
fn over_ceiling(print: &PrintedFile, ceiling_dbtp: Option<f64>) -> Option<String> {
    let kind = print.ordered.kind;
    let ceiling =
        ceiling_dbtp.filter(|_| matches!(kind, PrintKind::Master | PrintKind::Version))?;
    let peak = print.measurement.ours.true_peak_dbtp?;
    let over = peak - ceiling;
    let why = match kind {
        PrintKind::Version => {
            "it shares Main's gain, and a part can pass what the whole stays under"
        }
        _ => "an insert after the limiter, or audio beyond what its mode promises, lifts it",
    };
    (over > Target::TOLERANCE_DB).then(|| {
        format!(
            "{} reaches {peak:.2} dBTP, {over:.2} dB above the ceiling: {why}; where that matters, \
             set --ceiling {:.1}",
            print.ordered.label,
            ((ceiling - over) * 10.0).floor() / 10.0
        )
    })
}

/// The first master: Main, or what was ordered in its place.
fn master(prints: &[Print]) -> Master {
    prints.first().map_or_else(Master::default, |print| Master {
        file: print.file.clone(),
        depth: print.depth.clone(),
        clipped_samples: print.clipped_samples,
        measurement: print.measurement,
    })
}

/// The sum of the stems, which is always printed.
fn sum(prints: &[Print]) -> Opinions {
    let unmastered = prints.iter().find(|print| print.kind == PrintKind::NoMaster);
    unmastered.map_or_else(Opinions::default, |print| print.measurement)
}

fn describe(print: &PrintedFile, path: &Path, fingerprint: &Fingerprint) -> Print {
    let ordered = &print.ordered;
    Print {
        kind: ordered.kind,
        version: ordered.version.map(|v| v.name().to_owned()),
        label: ordered.label.clone(),
        file: file_name(path),
        depth: ordered.depth.name().to_owned(),
        channels: ordered.channels,
        dithered: ordered.is_dithered(),
        clipped_samples: print.clipped_samples,
        peak_dbfs: rounded_decibels(20.0 * print.peak.log10()),
        trim_db: print.trim_db,
        measurement: print.measurement,
        timeline: print.timeline.clone(),
        sha256: Some(fingerprint.sha256.clone()),
        bytes: Some(fingerprint.bytes),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
