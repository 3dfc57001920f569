//! What was printed, read back: what should cancel is subtracted, sample by sample, from the files
//! themselves.

use super::printing::PrintedFile;
use super::{Progress, Stage};
use crate::audio_file::{AudioReader, Depth};
use crate::error::{Error, Result};
use crate::stop::Stop;
use ::report::model::{Null, PrintKind, rounded_decibels};
use shared_dsp::versions::Version;

/// What may be left where nothing is rounded, dBFS (RMS).
const LIMIT_DBFS: f64 = -120.0;
/// How far above the noise of rounding a residual may lie, dB.
const ABOVE_FLOOR_DB: f64 = 3.0;
/// Frames read at once.
const BLOCK: usize = 8192;

/// A test: the terms should sum to the whole.
struct Test<'a> {
    what: String,
    terms: Vec<&'a PrintedFile>,
    whole: &'a PrintedFile,
}

/// Every null test that the prints allow.
///
/// # Errors
/// If a print cannot be read back; [`Error::Interrupted`].
pub(super) fn nulls(
    prints: &[PrintedFile],
    keyless: &[String],
    stop: &Stop,
    progress: Progress<'_>,
) -> Result<Vec<Null>> {
    let tests = tests(prints);
    let count = tests.len() as u64;
    let mut nulls = Vec::new();
    for (done, test) in tests.iter().enumerate() {
        progress(Stage::Proof, done as u64, count);
        nulls.push(test.run(keyless, stop)?);
    }
    Ok(nulls)
}

fn tests(prints: &[PrintedFile]) -> Vec<Test<'_>> {
    let of = |kind| prints.iter().filter(move |p| p.ordered.kind == kind);
    let version = |v| prints.iter().find(|p| p.ordered.version == Some(v));
    let mut tests = Vec::new();
    let main = version(Version::Main);
    if let (Some(whole), Some(voices), Some(rest)) =
        (main, version(Version::ACappella), version(Version::Instrumental))
    {
        tests.push(Test {
            what: "Instrumental + A Cappella − Main".to_owned(),
            terms: vec![rest, voices],
            whole,
        });
    }
    let stems = |kind, whole: Option<_>, what: &str| {
        let terms: Vec<&PrintedFile> = of(kind).collect();
        whole.filter(|_| !terms.is_empty()).map(|whole| Test {
            what: what.to_owned(),
            terms,
            whole,
        })
    };
    tests.extend(stems(PrintKind::StemMastered, main, "Mastered stems − Main"));
    let unmastered = of(PrintKind::NoMaster).next();
    tests.extend(stems(PrintKind::StemPre, unmastered, "Stems − Mix, not mastered"));
    tests
}

impl Test<'_> {
    fn run(&self, keyless: &[String], stop: &Stop) -> Result<Null> {
        let open = |print: &PrintedFile| AudioReader::open(print.file.temporary_path());
        let mut whole = open(self.whole)?;
        let mut terms = self.terms.iter().map(|p| open(p)).collect::<Result<Vec<_>>>()?;
        // Everything at the level it would have without the trim that keeps stems from clipping.
        let gain = |print: &PrintedFile| 10f64.powf(-print.trim_db / 20.0);
        let whole_gain = gain(self.whole);
        let gains: Vec<f64> = self.terms.iter().map(|p| gain(p)).collect();

        let block = || [vec![0.0; BLOCK], vec![0.0; BLOCK]];
        let (mut rest, mut term) = (block(), block());
        let (mut power, mut peak) = (0.0f64, 0.0f64);
        let frames = whole.frames();
        loop {
            if stop.requested() {
                return Err(Error::Interrupted);
            }
            let [left, right] = &mut rest;
            let read = whole.read(left, right)?;
            if read == 0 {
                break;
            }
            rest.iter_mut().flat_map(|side| &mut side[..read]).for_each(|s| *s *= -whole_gain);
            for (reader, gain) in terms.iter_mut().zip(&gains) {
                let [left, right] = &mut term;
                let read = reader.read(&mut left[..read], &mut right[..read])?;
                for (to, from) in rest.iter_mut().zip(&term) {
                    to[..read].iter_mut().zip(from).for_each(|(t, f)| *t += gain * f);
                }
            }
            for s in rest.iter().flat_map(|side| &side[..read]) {
                power += s * s;
                peak = peak.max(s.abs());
            }
        }
        let rms_dbfs = 10.0 * (power / (2 * frames).max(1) as f64).log10();
        let limit_dbfs = self.limit_dbfs();
        let passed = rms_dbfs <= limit_dbfs;
        let note = (!passed && !keyless.is_empty()).then(|| {
            format!(
                "decided by what it is given and not by a key: {}; what it does to a part is not \
                 what it does to the whole",
                keyless.join(", ")
            )
        });
        Ok(Null {
            what: self.what.clone(),
            residual_rms_dbfs: rounded_decibels(rms_dbfs),
            residual_peak_dbfs: rounded_decibels(20.0 * peak.log10()),
            limit_dbfs,
            passed,
            note,
        })
    }

    /// What the depths of the files leave: the noise of their rounding, or the limit of 32 bits.
    fn limit_dbfs(&self) -> f64 {
        let noise: f64 = self
            .terms
            .iter()
            .chain([&self.whole])
            .map(|print| {
                let step = match print.ordered.depth {
                    Depth::Float32 => return 0.0,
                    Depth::Int24 => 1.0 / 8_388_608.0,
                    Depth::Int16 => 1.0 / 32_768.0,
                };
                // Rounding has the power of q²/12, triangular dither twice that on top.
                let power: f64 = step * step / 12.0;
                power * if print.ordered.is_dithered() { 3.0 } else { 1.0 }
            })
            .sum();
        (10.0 * noise.log10() + ABOVE_FLOOR_DB).max(LIMIT_DBFS)
    }
}
