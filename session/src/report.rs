//! `report.json`: everything a render knows, for programs and for the record.

use crate::gain_change::GainReduction;
use crate::host::Plugin;
use crate::measure::Opinions;
use serde::Serialize;
use std::path::PathBuf;

/// Name and version of the report's schema. The version rises when a field changes its meaning
/// or goes; new fields may appear at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Schema {
    /// What this is.
    pub name: &'static str,
    /// Which of it.
    pub version: u32,
}

/// The schema written by this version.
pub const SCHEMA: Schema = Schema { name: "stemwright.report", version: 1 };

/// A render.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: Schema,
    /// Version of the command.
    pub stemwright: &'static str,
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
    /// What comes out of the mix bus, before the dither of an integer file.
    pub master: Master,
    /// The sum of the stems, before the mix bus's inserts.
    pub sum: Opinions,
    /// The stems, each after its inserts.
    pub stems: Vec<Stem>,
    /// What the limiter on the mix did, if there is one.
    pub limiter: Option<Limiter>,
    /// Every plugin, in processing order.
    pub plugins: Vec<PluginReport>,
    /// The files read and written.
    pub files: Files,
}

/// The master.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Master {
    /// File name, beside the report.
    pub file: String,
    /// `16`, `24` or `32f`.
    pub depth: &'static str,
    /// Samples beyond full scale, clipped in an integer file.
    pub clipped_samples: u64,
    /// Loudness and peaks.
    #[serde(flatten)]
    pub measurement: Opinions,
}

/// A stem.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stem {
    /// Its name in the session.
    pub name: String,
    /// Its role.
    pub role: &'static str,
    /// File name.
    pub file: String,
    /// Channels of the file; a mono stem feeds both sides at unity.
    pub channels: u16,
    /// Depth of the file: `16`, `24`, `32f`...
    pub depth: &'static str,
    /// Loudness and peaks after its inserts.
    #[serde(flatten)]
    pub measurement: Opinions,
}

/// The limiter on the mix.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Limiter {
    /// Its gain, in dB.
    pub gain_db: f64,
    /// What it took away: output against aligned, gained input.
    pub gain_reduction: GainReduction,
    /// The search for the gain, if a target was given.
    pub solve: Option<Solve>,
}

/// A search for a gain.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Solve {
    /// The loudness asked for, LUFS.
    pub target_lufs: f64,
    /// The loudness found, LUFS.
    pub reached_lufs: f64,
    /// How often the loudness was measured to find it.
    pub passes: usize,
}

/// A plugin as it was set.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
    pub parameters: Vec<ParameterReport>,
}

/// A parameter as it was set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ParameterReport {
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

/// Files in and out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Files {
    /// The stems' files.
    pub read: Vec<PathBuf>,
    /// What was written, this report included.
    pub written: Vec<PathBuf>,
}

impl PluginReport {
    /// A plugin as it stands now.
    pub fn of(plugin: &mut Plugin, key: Option<String>) -> Self {
        let list = plugin.parameters().to_vec();
        let parameters = list
            .iter()
            .map(|p| {
                // What was sent, where something was: read back, it has been through an `f32`.
                let value = plugin.agreed(p.id).or_else(|| plugin.value(p.id)).unwrap_or(p.default);
                ParameterReport {
                    id: p.id,
                    name: p.name.clone(),
                    module: p.module.clone(),
                    text: plugin.text(p, value),
                    value,
                    normalised: p.normalised(value),
                }
            })
            .collect();
        let identity = plugin.identity().clone();
        Self {
            channel: plugin.channel().to_owned(),
            id: identity.id,
            name: identity.name,
            vendor: identity.vendor,
            version: identity.version,
            key,
            latency_samples: plugin.latency_samples(),
            parameters,
        }
    }
}
