//! `stemwright check`: what has arrived, file by file, and whether it sums to the mix.
//!
//! One pass measures every file (`file_meter`) and what the sum leaves of the mix
//! (`residual`). Only where something is left that could hide a wrong stem are the stems fitted
//! to the mix (`spectra`, `fit`, `faults`), the changes found undone, and the rest explained
//! (`corrected`, `movement`, `drift`). Everything is streamed, and memory does not grow
//! with the length.

mod bits;
mod clipping;
mod command;
mod corrected;
mod diagnosis;
mod drift;
mod far;
mod faults;
mod file_findings;
mod file_meter;
mod finding;
mod fit;
mod fractional;
mod material;
mod movement;
mod naming;
mod null_findings;
mod report;
mod residual;
mod set_findings;
mod spectra;
mod survey;
mod text;
mod track;

pub use command::{Arguments, run};
pub use file_meter::Measures;
pub use finding::{Finding, Severity};
pub use report::{AudioReport, ChangeReport, FileReport, NullTest, Report, SumReport, schema};
pub use residual::{Residual, Verdict};

use crate::error::Result;
use diagnosis::{Diagnosis, Part};
use material::Material;
use null_findings::{Evidence, NamedPart};
use std::path::Path;
use survey::{Entry, Found, Survey};

/// A stem this far above what is left of the mix cannot be wrong by anything to speak of, dB:
/// 0.001 dB of gain, or a thousandth of a sample at 1 kHz.
const OUT_OF_REACH_DB: f64 = 80.0;
/// Shorter sets than this are not fitted, seconds.
const SHORTEST_FIT_SECONDS: f64 = 0.25;

/// Told of progress: what is done, samples done, samples in all.
pub type Progress<'a> = &'a mut dyn FnMut(&'static str, u64, u64);

/// Checks a folder of stems, or those of a session file.
///
/// # Errors
/// Only for what makes a check impossible: no such path, no stems, a session file that makes no
/// sense. Files that cannot be read are findings.
pub fn check(path: &Path, progress: Progress<'_>) -> Result<Report> {
    let material = Material::find(path)?;
    let survey = Survey::take(&material, &mut |done, all| progress("Reading", done, all));
    let gaps = naming::gaps(&material.stems);
    let mut findings = material.findings.clone();
    findings.extend(file_findings::judge(&survey));
    findings.extend(naming::judge(&material.stems, &survey));
    findings.extend(survey.sum.iter().filter_map(set_findings::headroom));

    let groups = groups(&survey);
    let null_test = null_test(&material, &survey, &groups, &gaps, &mut findings, progress)?;
    findings.extend(set_findings::duplicates(&groups, &findings, null_test.is_some()));
    let no_null_test = null_test.is_none().then(|| set_findings::obstacle(&survey));
    if null_test.is_none() {
        findings.extend(set_findings::gaps(&gaps));
    }
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    Ok(Report {
        schema: schema(),
        stemwright: env!("CARGO_PKG_VERSION"),
        song: material.song.clone(),
        sample_rate_hz: survey.sample_rate_hz,
        frames: survey.frames,
        files: files(&material, &survey),
        sum: survey.sum.map(|sum| SumReport {
            sample_peak_dbfs: sum.sample_peak_dbfs,
            true_peak_dbtp: sum.true_peak_dbtp,
            integrated_lufs: sum.integrated_lufs,
            headroom_db: sum.true_peak_dbtp.map(|peak| -peak),
        }),
        null_test,
        no_null_test,
        findings,
    })
}

/// Files with the same audio, the stem first and its copies after it.
struct Group<'a> {
    entries: Vec<(&'a Entry, &'a Found)>,
}

impl Group<'_> {
    fn named(&self) -> NamedPart {
        let mut names = self.entries.iter().map(|(entry, _)| file_name(&entry.path));
        NamedPart { file: names.next().unwrap_or_default(), extra: names.collect() }
    }
}

/// Gathers the stems that are sound for sound the same.
fn groups(survey: &Survey) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for entry in survey.entries.iter().filter(|e| !e.is_mix && e.in_sum) {
        let Ok(found) = &entry.found else { continue };
        let same = |other: &Found| {
            other.measures.fingerprint == found.measures.fingerprint
                && other.frames == found.frames
                && other.format.sample_rate_hz == found.format.sample_rate_hz
                && !found.measures.silent
        };
        match groups.iter_mut().find(|g| same(g.entries[0].1)) {
            Some(group) => group.entries.push((entry, found)),
            None => groups.push(Group { entries: vec![(entry, found)] }),
        }
    }
    for group in &mut groups {
        // Whoever copies a file adds to its name, or gives it a later number.
        group.entries.sort_by_key(|(entry, _)| {
            let name = file_name(&entry.path);
            (name.to_lowercase().contains("copy"), name.len(), name)
        });
    }
    groups
}

/// The null test, if the sum was held against a mix; its findings are added.
fn null_test(
    material: &Material,
    survey: &Survey,
    groups: &[Group<'_>],
    gaps: &[u32],
    findings: &mut Vec<Finding>,
    progress: Progress<'_>,
) -> Result<Option<NullTest>> {
    let (Some(residual), Some(mix)) = (survey.residual, &material.mix) else { return Ok(None) };
    let summed = || survey.entries.iter().filter(|e| e.in_sum || e.is_mix).flat_map(|e| &e.found);
    let frames = summed().map(|f| f.frames).min().unwrap_or(0);
    let uneven = summed().any(|f| f.frames != frames);
    let bits: Vec<Option<u32>> = groups
        .iter()
        .flat_map(|g| &g.entries)
        .filter(|(_, found)| !found.measures.silent)
        .map(|(_, found)| found.measures.effective_bits)
        .collect();
    let mix_bits = survey
        .entries
        .iter()
        .filter(|e| e.is_mix)
        .find_map(|e| e.found.as_ref().ok()?.measures.effective_bits);
    let floor_dbfs = residual::floor_dbfs(&bits, mix_bits);

    let heard: Vec<&Group<'_>> =
        groups.iter().filter(|g| !g.entries[0].1.measures.silent).collect();
    let diagnosis = if worth_a_fit(&residual, &heard, frames, survey.sample_rate_hz) {
        let parts: Vec<Part<'_>> = heard
            .iter()
            .map(|g| Part { path: &g.entries[0].0.path, copies: g.entries.len() })
            .collect();
        Some(diagnosis::diagnose(&parts, mix, frames, progress)?)
    } else {
        None
    };
    let parts: Vec<NamedPart> = heard.iter().map(|g| g.named()).collect();
    let mix = file_name(mix);
    let evidence = Evidence {
        parts: &parts,
        mix: &mix,
        mastered: material.mix_is_mastered(),
        residual,
        floor_dbfs,
        diagnosis: diagnosis.as_ref(),
        gaps,
        uneven,
        sample_rate_hz: survey.sample_rate_hz,
    };
    findings.extend(evidence.findings());
    Ok(Some(NullTest {
        passed_over: material.passed_over.iter().map(|p| file_name(p)).collect(),
        verdict: residual.verdict(floor_dbfs),
        residual,
        corrected: corrected(diagnosis.as_ref(), &residual),
        floor_dbfs,
        changes: evidence.changes(),
        mix: mix.clone(),
    }))
}

/// What is left with the changes undone: without any, what is left.
fn corrected(diagnosis: Option<&Diagnosis>, residual: &Residual) -> Residual {
    match diagnosis {
        Some(d) if !d.faults.is_empty() => d.corrected.residual,
        _ => *residual,
    }
}

/// Whether a stem could be wrong behind what is left.
fn worth_a_fit(residual: &Residual, groups: &[&Group<'_>], frames: u64, rate: u32) -> bool {
    let Some(left) = residual.rms_dbfs else { return false };
    let seconds = frames as f64 / f64::from(rate);
    let softest = groups.iter().map(|g| g.entries[0].1.measures.power).fold(f64::MAX, f64::min);
    !groups.is_empty()
        && seconds >= SHORTEST_FIT_SECONDS
        && left > 10.0 * softest.max(1e-30).log10() - OUT_OF_REACH_DB
}

fn files(material: &Material, survey: &Survey) -> Vec<FileReport> {
    survey
        .entries
        .iter()
        .enumerate()
        .map(|(index, entry)| {
            let stem = material.stems.get(index);
            let audio = entry.found.as_ref().ok().map(|found| AudioReport {
                sample_rate_hz: found.format.sample_rate_hz,
                depth: found.format.encoding.name(),
                layout: if found.format.channels == 1 { "mono" } else { "stereo" },
                frames: found.frames,
                seconds: found.frames as f64 / f64::from(found.format.sample_rate_hz),
                time_reference_samples: found.time_reference_samples,
                measures: found.measures.clone(),
            });
            FileReport {
                file: file_name(&entry.path),
                kind: if entry.is_mix { "mix" } else { "stem" },
                name: stem.map(|s| s.name.clone()),
                role: stem.map(|s| s.role.name()),
                audio,
            }
        })
        .collect()
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
