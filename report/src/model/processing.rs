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
    /// The same by octave band, if any band was moved by more than [`BandGains::LEAST_DB`] beyond
    /// the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bands: Option<BandGains>,
    /// What it did for the voice that keys it, if a voice does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub voice_to_music: Option<VoiceToMusic>,
}

/// The voice that keys an insert against what the insert works on, the music: between 2 and 4 kHz,
/// where words are understood, while the voice is there.
///
/// ```text
/// voice to music = 10·log10(Σ key² / Σ music²)
/// ```
///
/// Both edges of the band are Butterworth filters of second order, all channels count, and the voice is
/// there while it is loud enough between 200 Hz and 5 kHz, and for 200 ms more: the definitions of
/// Stem Dynamic EQ's Unmask, which shows the same ratio of itself alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VoiceToMusic {
    /// The channel the key comes from.
    pub key: String,
    /// RMS of both sides of the key over the whole time, dBFS; `None` if it was silent.
    pub key_level_dbfs: Option<f64>,
    /// Share of the whole time in which the voice was there, 0..1.
    pub voice_share: f64,
    /// The ratio before the insert, dB; `None` if the voice never met any music.
    pub before_db: Option<f64>,
    /// The ratio after it, dB; `None` as well if nothing of the music was left.
    pub after_db: Option<f64>,
    /// What the voice gained: after less before, dB.
    pub gained_db: Option<f64>,
    /// How much lower the band of the music lay after the insert, on average over the time in which the
    /// voice was there and the music was heard, dB; below 0 if it lay higher. `None` if there was no
    /// such time.
    pub mean_duck_db: Option<f64>,
    /// Share of the time in which the band of the music was heard, with the voice or without, in which
    /// it lay lower by more than [`BandGains::LEAST_DB`], 0..1.
    pub ducked_share: f64,
}

/// The gain of octave bands over time: the power of both channels that came out against the power
/// that went in, in windows of 100 ms in which there was something of the band to hear.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BandGains {
    /// Width of a point in seconds. The last may reach beyond the end.
    pub seconds_per_point: f64,
    /// The bands, from the lowest to the highest.
    pub bands: Vec<BandGain>,
}

impl BandGains {
    /// A band is moved when its gain is further from 0 dB than this.
    pub const LEAST_DB: f64 = 0.1;

    /// The band that was moved most: furthest on average over the whole time.
    pub fn moved_most(&self) -> Option<&BandGain> {
        let moved = |band: &BandGain| {
            band.mean_while_moved_db.map(|db| db.abs() * band.moved_share).filter(|m| m.is_finite())
        };
        let moved = self.bands.iter().filter_map(|band| Some((moved(band)?, band)));
        moved.reduce(|a, b| if b.0 > a.0 { b } else { a }).map(|(_, band)| band)
    }
}

/// An octave band under an insert.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BandGain {
    /// Its lower edge, Hz.
    pub low_hz: f64,
    /// Its upper edge, Hz.
    pub high_hz: f64,
    /// Mean gain of the windows in which it was moved, dB; `None` if there are none.
    pub mean_while_moved_db: Option<f64>,
    /// The gain furthest from 0 but for the edges of sounds, dB; `None` if the band was never heard.
    pub furthest_db: Option<f64>,
    /// Where the window with that gain begins, in seconds.
    pub furthest_at_seconds: Option<f64>,
    /// Share of the insert's audible time in which the band was moved, 0..1.
    pub moved_share: f64,
    /// Mean gain of each point, dB; `None` where the band was not heard.
    pub mean_db: Vec<Option<f64>>,
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
