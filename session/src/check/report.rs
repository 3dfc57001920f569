//! A check as data: what `--json` prints.

use super::file_meter::Measures;
use super::finding::{Finding, Severity};
use super::residual::{Residual, Verdict};
use crate::report::Schema;
use serde::Serialize;

/// The schema written by this version.
pub fn schema() -> Schema {
    Schema { name: "stemwright.check".to_owned(), version: 1 }
}

/// A check.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`schema`].
    pub schema: Schema,
    /// Version of the command.
    pub stemwright: &'static str,
    /// The song's title.
    pub song: String,
    /// The rate of most files, samples per second.
    pub sample_rate_hz: u32,
    /// The length of most files, samples per channel.
    pub frames: u64,
    /// Every file, the stems first.
    pub files: Vec<FileReport>,
    /// The sum of the stems, where they could be summed.
    pub sum: Option<SumReport>,
    /// The null test, where there is a mix to hold the sum against.
    pub null_test: Option<NullTest>,
    /// Why there is no null test, where there is none.
    pub no_null_test: Option<String>,
    /// Everything that was found, the gravest first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether nothing was found that somebody has to look at.
    pub fn passes(&self) -> bool {
        self.findings.iter().all(|f| f.severity == Severity::Note)
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FileReport {
    /// File name.
    pub file: String,
    /// `stem` or `mix`.
    pub kind: &'static str,
    /// Its name in the session; none for the mix.
    pub name: Option<String>,
    /// Its role; none for the mix.
    pub role: Option<&'static str>,
    /// What it holds, unless it cannot be read.
    #[serde(flatten)]
    pub audio: Option<AudioReport>,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AudioReport {
    /// Samples per second.
    pub sample_rate_hz: u32,
    /// Depth of the container: `16`, `24`, `32f`.
    pub depth: &'static str,
    /// `mono` or `stereo`.
    pub layout: &'static str,
    /// Samples per channel.
    pub frames: u64,
    /// Length in seconds.
    pub seconds: f64,
    /// Time stamp of the first sample in samples since midnight (BWF), if the file has one.
    pub time_reference_samples: Option<u64>,
    /// What was measured.
    #[serde(flatten)]
    pub measures: Measures,
}

/// The sum of the stems.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SumReport {
    /// Highest sample, dBFS; none for silence, as below.
    pub sample_peak_dbfs: Option<f64>,
    /// Highest true peak, dBTP.
    pub true_peak_dbtp: Option<f64>,
    /// Integrated loudness, LUFS.
    pub integrated_lufs: Option<f64>,
    /// What is left to full scale above the true peak, dB.
    pub headroom_db: Option<f64>,
}

/// The null test of the sum against the mix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NullTest {
    /// The mix's file name.
    pub mix: String,
    /// Other mixes in the folder, not taken.
    pub passed_over: Vec<String>,
    /// On the worse of the uncorrected residual's two numbers.
    pub verdict: Verdict,
    /// What is left of the mix once the stems are taken away.
    pub residual: Residual,
    /// The same once the changes listed in `changes` are undone. Never part of the verdict.
    pub corrected: Residual,
    /// What TPDF-dithered rounding to the files' effective bits leaves, dBFS.
    pub floor_dbfs: Option<f64>,
    /// Changes of gain, delay and polarity that explain what is left.
    pub changes: Vec<ChangeReport>,
}

/// What is wrong with one stem, or with the mix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeReport {
    /// The stem's file name, or the mix's.
    pub file: String,
    /// How much too loud it is, dB; negative if too soft; none if it is not in the mix at all.
    pub gain_error_db: Option<f64>,
    /// Standard deviation of that, dB.
    pub gain_deviation_db: f64,
    /// How many samples late it is; negative if early.
    pub delay_samples: f64,
    /// Standard deviation of that.
    pub delay_deviation_samples: f64,
    /// Whether its polarity is the other way round.
    pub inverted: bool,
}
