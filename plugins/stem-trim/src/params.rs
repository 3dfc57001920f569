//! The parameters of Stem Trim. Their ids, names, ranges and variants are promises to saved
//! sessions (`param-ids.txt` keeps them).

use crate::dsp::TrimSettings;
use crate::version::{Role, Version};
use nice_plug::prelude::*;
use shared_dsp::high_pass::HighPassSlope as Slope;
use shared_dsp::stereo_matrix::ChannelMode;
use support::params::{self, SampleRate};

/// Lowest corner of the high-pass in Hz; below it the parameter reads `Off`.
pub(crate) const HIGH_PASS_MIN_HZ: f32 = 10.0;

/// The parameters of Stem Trim.
#[derive(Params)]
pub struct TrimParams {
    /// How loud, where and when.
    #[nested(group = "Trim")]
    pub trim: Level,
    /// Which channels, and how turned.
    #[nested(group = "Channels")]
    pub routing: Routing,
    /// The high-pass.
    #[nested(group = "High-Pass")]
    pub filter: Filter,
    /// What the stem is, and what is being printed.
    #[nested(group = "Version")]
    pub print: Print,
    /// The unprocessed signal.
    #[id = "bypass"]
    pub bypass: BoolParam,
    /// For the delay's text.
    pub sample_rate: SampleRate,
}

/// How loud, where and when.
#[derive(Params)]
pub struct Level {
    /// Gain in dB.
    #[id = "gain"]
    pub gain: FloatParam,
    /// Balance in percent, left negative.
    #[id = "balance"]
    pub balance: FloatParam,
    /// Width in percent: the gain of the side signal.
    #[id = "width"]
    pub width: FloatParam,
    /// Delay in milliseconds.
    #[id = "delay"]
    pub delay: FloatParam,
}

/// Which channels, and how turned.
#[derive(Params)]
pub struct Routing {
    /// Inverts the left channel.
    #[id = "polarity-l"]
    pub polarity_left: BoolParam,
    /// Inverts the right channel.
    #[id = "polarity-r"]
    pub polarity_right: BoolParam,
    /// Which channels pass, and where to.
    #[id = "channels"]
    pub channels: EnumParam<Channels>,
}

/// The high-pass.
#[derive(Params)]
pub struct Filter {
    /// Corner of the high-pass in Hz, or off.
    #[id = "high-pass"]
    pub corner: FloatParam,
    /// Slope of the high-pass.
    #[id = "high-pass-slope"]
    pub slope: EnumParam<HighPassSlope>,
}

/// What the stem is, and what is being printed.
#[derive(Params)]
pub struct Print {
    /// What the stem is.
    #[id = "role"]
    pub role: EnumParam<Role>,
    /// Which print is being made.
    #[id = "version"]
    pub version: EnumParam<Version>,
    /// How far Vocal Up and Vocal Down move the vocal stems, in dB.
    #[id = "vocal-step"]
    pub vocal_step: FloatParam,
}

impl Default for TrimParams {
    fn default() -> Self {
        let sample_rate = SampleRate::default();
        Self {
            trim: Level {
                gain: params::decibels("Gain", 0.0, -24.0, 24.0),
                balance: params::balance("Balance"),
                width: params::percent("Width", 100.0, 0.0, 200.0),
                delay: params::delay("Delay", 100.0, &sample_rate),
            },
            routing: Routing {
                polarity_left: params::switch("Polarity L", false),
                polarity_right: params::switch("Polarity R", false),
                channels: EnumParam::new("Channels", Channels::Stereo),
            },
            filter: Filter {
                corner: params::frequency_or_off("High-Pass", HIGH_PASS_MIN_HZ, 400.0),
                slope: EnumParam::new("High-Pass Slope", HighPassSlope::TwelveDb),
            },
            print: Print {
                role: EnumParam::new("Role", Role::Other),
                version: EnumParam::new("Version", Version::Main),
                vocal_step: params::decibels("Vocal Step", 1.0, 0.5, 3.0),
            },
            bypass: params::bypass(),
            sample_rate,
        }
    }
}

impl TrimParams {
    /// The values as the processor wants them.
    pub fn settings(&self) -> TrimSettings {
        TrimSettings {
            gain_db: f64::from(self.trim.gain.value()),
            polarity_left: self.routing.polarity_left.value(),
            polarity_right: self.routing.polarity_right.value(),
            channel_mode: self.routing.channels.value().into(),
            balance: f64::from(self.trim.balance.value()) / 100.0,
            width: f64::from(self.trim.width.value()) / 100.0,
            high_pass_hz: params::frequency_unless_off(
                self.filter.corner.value(),
                HIGH_PASS_MIN_HZ,
            ),
            high_pass_slope: self.filter.slope.value().into(),
            delay_ms: f64::from(self.trim.delay.value()),
            role: self.print.role.value().into(),
            version: self.print.version.value().into(),
            vocal_step_db: f64::from(self.print.vocal_step.value()),
            bypass: self.bypass.value(),
        }
    }
}

/// Which channels pass, and where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Channels {
    #[id = "stereo"]
    Stereo,
    #[id = "swap"]
    Swap,
    #[id = "left"]
    Left,
    #[id = "right"]
    Right,
    #[id = "mono"]
    Mono,
    #[id = "mid"]
    Mid,
    #[id = "side"]
    Side,
}

impl From<Channels> for ChannelMode {
    fn from(channels: Channels) -> Self {
        match channels {
            Channels::Stereo => Self::Stereo,
            Channels::Swap => Self::Swap,
            Channels::Left => Self::Left,
            Channels::Right => Self::Right,
            Channels::Mono => Self::Mono,
            Channels::Mid => Self::Mid,
            Channels::Side => Self::Side,
        }
    }
}

/// Slope of the high-pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum HighPassSlope {
    /// 12 dB per octave.
    #[id = "12"]
    #[name = "12 dB/oct"]
    TwelveDb,
    /// 24 dB per octave.
    #[id = "24"]
    #[name = "24 dB/oct"]
    TwentyFourDb,
}

impl From<HighPassSlope> for Slope {
    fn from(slope: HighPassSlope) -> Self {
        match slope {
            HighPassSlope::TwelveDb => Self::Db12,
            HighPassSlope::TwentyFourDb => Self::Db24,
        }
    }
}
