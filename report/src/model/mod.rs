//! The data of a report.
//!
//! Levels are `None` where there is silence, and for what was not measured. A field that is
//! missing when a report is read back takes its default: fields may be added without a new version
//! of the schema.

mod measurement;
mod print;
mod processing;
mod target;
mod timeline;

pub use measurement::{Measurement, Opinions};
pub use print::{File, Files, Master, Null, Print, PrintKind, Stem};
pub use processing::{
    BandGain, BandGains, GainReduction, Insert, Limiter, Parameter, PluginReport, Solve,
    VoiceToMusic,
};
pub use target::Target;
pub use timeline::{
    GainTimeline, MOST_POINTS, Timeline, Waveform, rounded_correlation, rounded_decibels,
    rounded_sample,
};

use serde::{Deserialize, Serialize};

/// Name and version of the report's schema. The version rises when a field changes its meaning
/// or goes, or when one that is missing begins to say something; new fields may appear at any time.
///
/// Since version 4 an insert without `voice_to_music` is one that no voice keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schema {
    /// What this is.
    pub name: String,
    /// Which of it.
    pub version: u32,
}

impl Schema {
    /// The name of the schema.
    pub const NAME: &str = "stemwright.report";
    /// The version written here.
    pub const VERSION: u32 = 4;
}

impl Default for Schema {
    fn default() -> Self {
        Self { name: Self::NAME.to_owned(), version: Self::VERSION }
    }
}

/// A render.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Report {
    /// What this is.
    pub schema: Schema,
    /// Version of the command.
    pub stemwright: String,
    /// When the render was made, as RFC 3339 writes it: `2026-05-12T14:03:00Z`. May be empty.
    pub created: String,
    /// The song's title.
    pub song: String,
    /// Samples per second.
    pub sample_rate_hz: u32,
    /// Samples per channel, of every stem and every file written.
    pub frames: u64,
    /// Length in seconds.
    pub seconds: f64,
    /// Latency of the whole session, compensated, in samples.
    pub latency_samples: u32,
    /// What was ordered, if anything was.
    pub target: Option<Target>,
    /// The trim common to everything that leaves the sum the headroom asked for, dB.
    pub headroom_trim_db: Option<f64>,
    /// The trim common to all printed stems that keeps the loudest of them from clipping, dB.
    pub stem_trim_db: Option<f64>,
    /// Whether the master is mono.
    pub mono: bool,
    /// What the reader has to know, a sentence each.
    pub warnings: Vec<String>,
    /// What comes out of the mix bus, before the dither of an integer file.
    pub master: Master,
    /// The sum of the stems, before the mix bus's inserts.
    pub sum: Opinions,
    /// The stems, each after its inserts.
    pub stems: Vec<Stem>,
    /// What the limiter on the mix did, if there is one.
    pub limiter: Option<Limiter>,
    /// Every file of audio written: the master, its versions, the stems.
    pub prints: Vec<Print>,
    /// What was subtracted from what, and what was left.
    pub nulls: Vec<Null>,
    /// What every insert did to the level.
    pub inserts: Vec<Insert>,
    /// Every plugin, in processing order.
    pub plugins: Vec<PluginReport>,
    /// The files read and written.
    pub files: Files,
}
