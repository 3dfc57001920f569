//! The parameters of Unmask, and where the voice is taken to be.

use nice_plug::prelude::*;
use shared_dsp::unmask::params::{FOCUS_HIGH_HZ, FOCUS_LOW_HZ, MAX_DEPTH_DB, SPEED_MS};
use shared_dsp::unmask::{UnmaskParams, UnmaskPlacement};
use shared_dsp::voice::{DEFAULT_KEY_LEVEL_LUFS, LOWEST_REFERENCE_LUFS};
use support::params;

/// What makes room for a voice, beside the bands.
#[derive(Params)]
pub struct UnmaskGroup {
    /// Whether it does anything.
    #[id = "unmask"]
    pub on: BoolParam,
    /// The most the music steps back at any frequency, in dB.
    #[id = "unmask-depth"]
    pub depth: FloatParam,
    /// Below this nothing is ducked, in Hz.
    #[id = "unmask-focus-low"]
    pub focus_low: FloatParam,
    /// Above this nothing is ducked, in Hz.
    #[id = "unmask-focus-high"]
    pub focus_high: FloatParam,
    /// Time to 63.2 % of a growing duck, in ms.
    #[id = "unmask-speed"]
    pub speed: FloatParam,
    /// What of the stem steps back.
    #[id = "unmask-placement"]
    pub placement: EnumParam<Placement>,
    /// The loudness of the voice on the key input in LUFS, as learned.
    #[id = "key-level"]
    pub key_level: FloatParam,
}

impl Default for UnmaskGroup {
    fn default() -> Self {
        let d = UnmaskParams::DEFAULT;
        let frequency = |name, default_hz: f64, [low, high]: [f64; 2]| {
            params::frequency(name, default_hz as f32, low as f32, high as f32)
        };
        let [fastest, slowest] = SPEED_MS.map(|ms| ms as f32);
        Self {
            on: params::switch("Unmask", d.on),
            depth: params::decibels("Unmask Depth", d.depth_db as f32, 0.0, MAX_DEPTH_DB as f32),
            focus_low: frequency("Unmask Focus Low", d.focus_low_hz, FOCUS_LOW_HZ),
            focus_high: frequency("Unmask Focus High", d.focus_high_hz, FOCUS_HIGH_HZ),
            speed: params::milliseconds("Unmask Speed", d.speed_ms as f32, fastest, slowest),
            placement: EnumParam::new("Unmask Placement", Placement::Mid),
            key_level: params::loudness(
                "Key Level",
                DEFAULT_KEY_LEVEL_LUFS as f32,
                LOWEST_REFERENCE_LUFS as f32,
                0.0,
            ),
        }
    }
}

impl UnmaskGroup {
    /// The values as the processor wants them.
    pub(super) fn values(&self) -> UnmaskParams {
        UnmaskParams {
            on: self.on.value(),
            depth_db: self.depth.value().into(),
            focus_low_hz: self.focus_low.value().into(),
            focus_high_hz: self.focus_high.value().into(),
            speed_ms: self.speed.value().into(),
            placement: self.placement.value().into(),
        }
    }
}

/// What of the stem steps back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Placement {
    /// What both channels share, where the voice is.
    #[id = "mid"]
    Mid,
    /// Both channels.
    #[id = "stereo"]
    Stereo,
    /// What tells the channels apart.
    #[id = "side"]
    Side,
}

impl From<Placement> for UnmaskPlacement {
    fn from(placement: Placement) -> Self {
        match placement {
            Placement::Mid => Self::Mid,
            Placement::Stereo => Self::Stereo,
            Placement::Side => Self::Side,
        }
    }
}
