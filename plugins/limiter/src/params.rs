//! The parameters of Stem Limiter. Their ids, names, ranges and variants are promises to saved
//! sessions (`param-ids.txt` keeps them).

use crate::dsp::LimiterSettings;
use nice_plug::prelude::*;
use shared_dsp::dither::BitDepth;
use shared_dsp::dry_path::Monitor;
use shared_dsp::limiter::{Detection, LimiterParams};
pub use support::params::Key;
use support::params::{self, Monitors};

/// The parameters of Stem Limiter.
#[derive(Params)]
pub struct Parameters {
    /// The limiter.
    #[nested(group = "Limiter")]
    pub limiter: LimiterGroup,
    /// What the gain is computed from.
    #[nested(group = "Key")]
    pub key: KeyGroup,
    /// What happens after the limiter.
    #[nested(group = "Output")]
    pub output: OutputGroup,
    /// What is listened to.
    #[nested]
    pub monitors: Monitors,
}

/// The limiter.
#[derive(Params)]
pub struct LimiterGroup {
    /// Gain before the limiter in dB, on input and key alike.
    #[id = "gain"]
    pub gain: FloatParam,
    /// The level nothing passes, in dBTP (dBFS in Sample Peak).
    #[id = "ceiling"]
    pub ceiling: FloatParam,
    /// How long before a peak the gain starts to move, in milliseconds.
    #[id = "lookahead"]
    pub lookahead: FloatParam,
    /// Time constant of the recovery in milliseconds.
    #[id = "release"]
    pub release: FloatParam,
    /// Recovery that is slow under sustained level and fast after transients.
    #[id = "auto-release"]
    pub auto_release: BoolParam,
    /// How far the channels share one gain, in percent.
    #[id = "link"]
    pub link: FloatParam,
    /// What counts as a peak.
    #[id = "mode"]
    pub mode: EnumParam<Mode>,
}

/// What the gain is computed from.
#[derive(Params)]
pub struct KeyGroup {
    /// The input, or the key input.
    #[id = "key"]
    pub source: EnumParam<Key>,
}

/// What happens after the limiter.
#[derive(Params)]
pub struct OutputGroup {
    /// Requantisation of the output.
    #[id = "dither"]
    pub dither: EnumParam<DitherDepth>,
    /// Moves the dither's noise to where the ear is less sensitive.
    #[id = "noise-shaping"]
    pub noise_shaping: BoolParam,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            limiter: LimiterGroup {
                gain: params::decibels("Gain", 0.0, -24.0, 24.0),
                ceiling: params::true_peak("Ceiling", -1.0, -12.0, 0.0),
                lookahead: params::milliseconds("Lookahead", 1.5, 0.5, 5.0),
                release: params::milliseconds("Release", 50.0, 1.0, 1000.0),
                auto_release: params::switch("Auto Release", true),
                link: params::percent("Link", 100.0, 0.0, 100.0),
                mode: EnumParam::new("Mode", Mode::Standard),
            },
            key: KeyGroup { source: EnumParam::new("Key", Key::Internal) },
            output: OutputGroup {
                dither: EnumParam::new("Dither", DitherDepth::Off),
                noise_shaping: params::switch("Noise Shaping", false),
            },
            monitors: Monitors::default(),
        }
    }
}

impl Parameters {
    /// The values as the processor wants them.
    pub fn settings(&self) -> LimiterSettings {
        let external_key = self.key.source.value() == Key::External;
        let monitor = self.monitors.values();
        LimiterSettings {
            limiter: LimiterParams {
                gain_db: f64::from(self.limiter.gain.value()),
                ceiling_db: f64::from(self.limiter.ceiling.value()),
                lookahead_ms: f64::from(self.limiter.lookahead.value()),
                release_ms: f64::from(self.limiter.release.value()),
                auto_release: self.limiter.auto_release.value(),
                link: f64::from(self.limiter.link.value()) / 100.0,
                reserved: 0.0,
                detection: self.limiter.mode.value().into(),
                external_key,
            },
            dither: self.output.dither.value().into(),
            noise_shaping: self.output.noise_shaping.value(),
            monitor: Monitor {
                // Stems under one key are to get one gain, and this would be each one's own.
                matched: monitor.matched && !external_key,
                // Without an external key there is none to hear but the input.
                key: monitor.key && external_key,
                ..monitor
            },
        }
    }
}

/// What counts as a peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Mode {
    /// True peaks of band-limited material.
    #[id = "standard"]
    Standard,
    /// True peaks of everything up to Nyquist, checked twice.
    #[id = "strict"]
    Strict,
    /// Samples only; true peaks pass.
    #[id = "sample-peak"]
    #[name = "Sample Peak"]
    SamplePeak,
}

impl From<Mode> for Detection {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Standard => Self::Standard,
            Mode::Strict => Self::Strict,
            Mode::SamplePeak => Self::SamplePeak,
        }
    }
}

/// Requantisation of the output with triangular dither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum DitherDepth {
    /// None: the output stays 32-bit float.
    #[id = "off"]
    Off,
    /// To 24 bit.
    #[id = "24"]
    #[name = "24 bit"]
    Bits24,
    /// To 20 bit.
    #[id = "20"]
    #[name = "20 bit"]
    Bits20,
    /// To 16 bit.
    #[id = "16"]
    #[name = "16 bit"]
    Bits16,
}

impl From<DitherDepth> for BitDepth {
    fn from(depth: DitherDepth) -> Self {
        match depth {
            DitherDepth::Off => Self::Off,
            DitherDepth::Bits24 => Self::Bits24,
            DitherDepth::Bits20 => Self::Bits20,
            DitherDepth::Bits16 => Self::Bits16,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use support::param_view::views;

    /// The monitors as they reach the processor with all of them on, under this key.
    fn monitors(key: &str) -> Monitor {
        let params = Parameters::default();
        for view in views(&params) {
            let value = match view.id.as_str() {
                "key" => view.parse(key).expect("a key"),
                "match" | "key-listen" | "delta" => 1.0,
                _ => continue,
            };
            view.set_detached(value);
        }
        params.settings().monitor
    }

    #[test]
    fn match_is_not_offered_under_an_external_key_nor_key_listen_without_one() {
        let on = Monitor { bypass: false, delta: true, matched: true, key: false };
        assert_eq!(monitors("Internal"), on);
        assert_eq!(monitors("External"), Monitor { matched: false, key: true, ..on });
    }
}
