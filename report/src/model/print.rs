//! Files of audio: what was written, what it was made of, and what nulls against what.

use super::{Opinions, Timeline};
use serde::{Deserialize, Serialize};

/// The master.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Master {
    /// File name, beside the report.
    pub file: String,
    /// `16`, `24` or `32f`.
    pub depth: String,
    /// Samples beyond full scale, clipped in an integer file.
    pub clipped_samples: u64,
    /// Loudness and peaks.
    #[serde(flatten)]
    pub measurement: Opinions,
}

/// A stem, after its inserts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stem {
    /// Its name in the session.
    pub name: String,
    /// Its role.
    pub role: String,
    /// File name.
    pub file: String,
    /// Channels of the file; a mono stem feeds both sides at unity.
    pub channels: u16,
    /// Depth of the file: `16`, `24`, `32f`...
    pub depth: String,
    /// Where the file starts, in samples since midnight, if it says so (EBU Tech 3285).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_reference: Option<u64>,
    /// SHA-256 of the file, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Loudness and peaks after its inserts.
    #[serde(flatten)]
    pub measurement: Opinions,
    /// The same over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
}

/// What a file of audio is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PrintKind {
    /// The main master.
    #[default]
    Master,
    /// The mix without what masters it.
    NoMaster,
    /// A version of the master: instrumental, a cappella...
    Version,
    /// A stem after its own inserts.
    StemPre,
    /// A stem that went through the master's processing, keyed by the whole.
    StemMastered,
}

/// A file of audio that was written.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Print {
    /// What it is.
    pub kind: PrintKind,
    /// The version it is or belongs to: `Main`, `Instrumental`...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What people call it: `Harbor, Instrumental`, `01 Drums`.
    pub label: String,
    /// File name, beside the report.
    pub file: String,
    /// `16`, `24` or `32f`.
    pub depth: String,
    /// Channels of the file.
    pub channels: u16,
    /// Whether the file was dithered.
    pub dithered: bool,
    /// Samples beyond full scale, clipped in an integer file.
    pub clipped_samples: u64,
    /// Highest sample of the file as it was written, dBFS.
    pub peak_dbfs: Option<f64>,
    /// Trims that this file was given and the master was not, dB.
    pub trim_db: f64,
    /// Loudness and peaks, before dither.
    #[serde(flatten)]
    pub measurement: Opinions,
    /// The same over time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
    /// SHA-256 of the file, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Length of the file in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

/// A null test.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Null {
    /// The sum that should be silent: `Instrumental + A Cappella - Main`.
    pub what: String,
    /// RMS of what is left, dBFS; `None` if nothing is.
    pub residual_rms_dbfs: Option<f64>,
    /// Its highest sample, dBFS; `None` if nothing is left.
    pub residual_peak_dbfs: Option<f64>,
    /// The RMS that may be left, dBFS.
    pub limit_dbfs: f64,
    /// Whether the test was passed.
    pub passed: bool,
    /// What the reader should know about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct File {
    /// Its path, as far as the reader of the report can use it.
    pub path: String,
    /// Length in bytes; `None` for a report, which cannot state its own.
    pub bytes: Option<u64>,
    /// SHA-256 in hexadecimal; `None` for a report, which cannot state its own.
    pub sha256: Option<String>,
}

/// Files in and out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Files {
    /// The stems' files.
    pub read: Vec<File>,
    /// What was written, the report included.
    pub written: Vec<File>,
}
