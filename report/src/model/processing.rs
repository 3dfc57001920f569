//! What plugins were set to, and what they did.

use super::GainTimeline;
use serde::{Deserialize, Serialize};

/// What limiting cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GainReduction {
    /// Deepest reduction, in dB (0 or more).
    pub maximum_db: f64,
    /// Mean reduction over the time in which there is any, in dB.
    pub average_while_limiting_db: f64,
    /// Share of the audible time in which there is any, 0..1.
    pub limiting_share: f64,
}

/// The limiter on the mix.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limiter {
    /// Its gain, in dB.
    pub gain_db: f64,
    /// What it took away: output against aligned, gained input.
    pub gain_reduction: GainReduction,
    /// The same over time: its gain beyond [`gain_db`](Self::gain_db).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<GainTimeline>,
    /// The search for the gain, if a target was given.
    pub solve: Option<Solve>,
}

/// A search for a gain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Solve {
    /// The loudness asked for, LUFS.
    pub target_lufs: f64,
    /// The loudness found, LUFS.
    pub reached_lufs: f64,
    /// How often the loudness was measured to find it.
    pub passes: usize,
}

/// What an insert did, measured from outside: the audio on either side of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Insert {
    /// The channel it sits on.
    pub channel: String,
    /// The plugin's name.
    pub plugin: String,
    /// Its place among the channel's inserts, from 1.
    pub place: usize,
    /// Whether every sample came out as it went in.
    pub identical: bool,
    /// RMS of both sides on the way in, dBFS.
    pub level_in_dbfs: Option<f64>,
    /// RMS of both sides on the way out, dBFS.
    pub level_out_dbfs: Option<f64>,
    /// Its gain over time, output against aligned input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeline: Option<GainTimeline>,
}

/// A plugin as it was set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PluginReport {
    /// The channel it sits on.
    pub channel: String,
    /// CLAP id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Version.
    pub version: String,
    /// Where its key comes from.
    pub key: Option<String>,
    /// Latency, in samples.
    pub latency_samples: u32,
    /// Every parameter.
    pub parameters: Vec<Parameter>,
}

/// A parameter as it was set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parameter {
    /// CLAP id.
    pub id: u32,
    /// Name.
    pub name: String,
    /// Group; may be empty.
    pub module: String,
    /// The value as the plugin shows it.
    pub text: String,
    /// The raw CLAP value.
    pub value: f64,
    /// The same, 0..1 from lowest to highest.
    pub normalised: f64,
}
