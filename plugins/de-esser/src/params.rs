//! The parameters of Stem De-Esser. Their ids, names, ranges and variants are promises to saved sessions
//! (`param-ids.txt` keeps them).

mod choices;

pub use choices::{Detect, Mode, StereoMode};
pub use support::params::Key;

use crate::dsp::DeEsserSettings;
use nice_plug::prelude::*;
use shared_dsp::de_esser::params::{ATTACK_MS, BAND_HZ, MAX_RANGE_DB, RELEASE_MS};
use shared_dsp::de_esser::{DeEsserParams, KeySource, MAX_LOOKAHEAD_MS};
use shared_dsp::dry_path::Monitor;
use support::params::{self, Monitors};

/// The parameters of Stem De-Esser.
#[derive(Params)]
pub struct Parameters {
    /// What is taken for sibilant.
    #[nested(group = "Detection")]
    pub detection: DetectionGroup,
    /// What is taken off it.
    #[nested(group = "Reduction")]
    pub reduction: ReductionGroup,
    /// Of which channels, and of which signal.
    #[nested(group = "Channels")]
    pub channels: ChannelGroup,
    /// What is listened to.
    #[nested]
    pub monitors: Monitors,
}

/// What is taken for sibilant.
#[derive(Params)]
pub struct DetectionGroup {
    /// Against the voice's body, or by its level alone.
    #[id = "detect"]
    pub detect: EnumParam<Detect>,
    /// Lower end of the sibilant band in Hz.
    #[id = "low"]
    pub low: FloatParam,
    /// Upper end in Hz.
    #[id = "high"]
    pub high: FloatParam,
    /// How little is enough, in percent.
    #[id = "sensitivity"]
    pub sensitivity: FloatParam,
}

/// What is taken off, how, and how fast.
#[derive(Params)]
pub struct ReductionGroup {
    /// The most that is taken off, in dB.
    #[id = "range"]
    pub range: FloatParam,
    /// What is turned down, unless it is split.
    #[id = "mode"]
    pub mode: EnumParam<Mode>,
    /// Whether the band is split off in linear phase, in the place of the mode; adds latency.
    #[id = "split"]
    pub split: BoolParam,
    /// Time to 63.2 % of a growing reduction in ms.
    #[id = "attack"]
    pub attack: FloatParam,
    /// Time to 63.2 % of a falling reduction in ms.
    #[id = "release"]
    pub release: FloatParam,
    /// Whether the gain may move before the s does; adds the longest lookahead as latency.
    #[id = "lookahead"]
    pub lookahead: BoolParam,
    /// How long before the s the gain moves, in ms.
    #[id = "lookahead-time"]
    pub lookahead_time: FloatParam,
}

/// Of which channels, and of which signal.
#[derive(Params)]
pub struct ChannelGroup {
    /// How far the channels share one reduction, in percent.
    #[id = "link"]
    pub link: FloatParam,
    /// Which two channels are listened to and turned down.
    #[id = "stereo-mode"]
    pub stereo_mode: EnumParam<StereoMode>,
    /// The stem, or the key input.
    #[id = "key"]
    pub key: EnumParam<Key>,
}

impl Default for Parameters {
    fn default() -> Self {
        let d = DeEsserParams::DEFAULT;
        let milliseconds = |name, default_ms: f64, [low, high]: [f64; 2]| {
            params::milliseconds(name, default_ms as f32, low as f32, high as f32)
        };
        let [lowest_hz, highest_hz] = BAND_HZ.map(|hz| hz as f32);
        let frequency = |name, default_hz: f64| {
            params::frequency(name, default_hz as f32, lowest_hz, highest_hz)
        };
        let percent = |name, share: f64| params::percent(name, (100.0 * share) as f32, 0.0, 100.0);
        Self {
            detection: DetectionGroup {
                detect: EnumParam::new("Detect", Detect::Relative),
                low: frequency("Low", d.low_hz),
                high: frequency("High", d.high_hz),
                sensitivity: percent("Sensitivity", d.sensitivity),
            },
            reduction: ReductionGroup {
                range: params::decibels("Range", d.range_db as f32, 0.0, MAX_RANGE_DB as f32),
                mode: EnumParam::new("Mode", Mode::Bell),
                split: params::switch("Split", false).non_automatable(),
                attack: milliseconds("Attack", d.attack_ms, ATTACK_MS),
                release: milliseconds("Release", d.release_ms, RELEASE_MS),
                lookahead: params::switch("Lookahead", false).non_automatable(),
                lookahead_time: milliseconds(
                    "Lookahead Time",
                    d.lookahead_ms,
                    [0.0, MAX_LOOKAHEAD_MS],
                ),
            },
            channels: ChannelGroup {
                link: percent("Link", d.link),
                stereo_mode: EnumParam::new("Stereo Mode", StereoMode::LeftRight),
                key: EnumParam::new("Key", Key::Internal),
            },
            monitors: Monitors::default(),
        }
    }
}

impl Parameters {
    /// The values as the processor wants them.
    pub fn settings(&self) -> DeEsserSettings {
        let Self { detection, reduction, channels, .. } = self;
        let is_external = channels.key.value() == Key::External;
        let monitor = self.monitors.values();
        DeEsserSettings {
            de_esser: DeEsserParams {
                detect: detection.detect.value().into(),
                low_hz: detection.low.value().into(),
                high_hz: detection.high.value().into(),
                sensitivity: f64::from(detection.sensitivity.value()) / 100.0,
                range_db: reduction.range.value().into(),
                attack_ms: reduction.attack.value().into(),
                release_ms: reduction.release.value().into(),
                lookahead_ms: reduction.lookahead_time.value().into(),
                mode: reduction.mode.value().into(),
                key_source: if is_external { KeySource::External } else { KeySource::Internal },
                link: f64::from(channels.link.value()) / 100.0,
                stereo_mode: channels.stereo_mode.value().into(),
                key_listen: monitor.key,
            },
            lookahead: reduction.lookahead.value(),
            split: reduction.split.value(),
            monitor: Monitor {
                // Stems under one key are to get one gain, and this would be each one's own.
                matched: monitor.matched && !is_external,
                ..monitor
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use support::param_view::views;

    fn set(params: &Parameters, id: &str, text: &str) {
        let views = views(params);
        let view = views.iter().find(|view| view.id == id).unwrap_or_else(|| panic!("no {id}"));
        view.set_detached(view.parse(text).unwrap_or_else(|| panic!("{id} cannot be {text}")));
    }

    #[test]
    fn defaults_are_those_of_the_processor() {
        let settings = Parameters::default().settings();
        let (is, wanted) = (settings.de_esser, DeEsserParams::DEFAULT);
        // Hosts give back what lies between 0 and 1, which costs a last bit.
        for (is, wanted) in [
            (is.low_hz, wanted.low_hz),
            (is.high_hz, wanted.high_hz),
            (is.attack_ms, wanted.attack_ms),
            (is.release_ms, wanted.release_ms),
            (is.lookahead_ms, wanted.lookahead_ms),
        ] {
            assert!((is / wanted - 1.0).abs() < 1e-6, "{is} is not {wanted}");
        }
        let DeEsserParams { low_hz, high_hz, attack_ms, release_ms, lookahead_ms, .. } = is;
        let rest = DeEsserParams { low_hz, high_hz, attack_ms, release_ms, lookahead_ms, ..wanted };
        assert_eq!(settings, DeEsserSettings { de_esser: rest, ..DeEsserSettings::DEFAULT });
    }

    #[test]
    fn everything_arrives_at_the_processor_in_its_unit() {
        let params = Parameters::default();
        for (id, text) in [
            ("detect", "Absolute"),
            ("low", "4.2k"),
            ("high", "11 kHz"),
            ("sensitivity", "62 %"),
            ("range", "9 dB"),
            ("mode", "Shelf"),
            ("split", "on"),
            ("attack", "2 ms"),
            ("release", "0.08 s"),
            ("lookahead", "on"),
            ("lookahead-time", "4 ms"),
            ("link", "60 %"),
            ("stereo-mode", "M/S"),
            ("key", "External"),
        ] {
            set(&params, id, text);
        }
        let DeEsserSettings { de_esser: d, lookahead, split, .. } = params.settings();
        for (is, wanted) in [
            (d.low_hz, 4200.0),
            (d.high_hz, 11_000.0),
            (d.sensitivity, 0.62),
            (d.range_db, 9.0),
            (d.attack_ms, 2.0),
            (d.release_ms, 80.0),
            (d.lookahead_ms, 4.0),
            (d.link, 0.6),
        ] {
            assert!((is / wanted - 1.0).abs() < 1e-5, "{is} is not {wanted}");
        }
        assert!(lookahead && split);
        assert_eq!(d.detect, shared_dsp::de_esser::Detect::Absolute);
        assert_eq!(d.mode, shared_dsp::de_esser::Mode::Shelf);
        assert_eq!(d.stereo_mode, shared_dsp::de_esser::StereoMode::MidSide);
        assert_eq!(d.key_source, shared_dsp::de_esser::KeySource::External);
        set(&params, "mode", "Wide");
        assert_eq!(params.settings().de_esser.mode, shared_dsp::de_esser::Mode::Wide);
    }

    #[test]
    fn match_is_not_offered_under_an_external_key() {
        let params = Parameters::default();
        for id in ["match", "delta"] {
            set(&params, id, "on");
        }
        let on = Monitor { delta: true, matched: true, ..Monitor::OFF };
        assert_eq!(params.settings().monitor, on);
        set(&params, "key", "External");
        assert_eq!(params.settings().monitor, Monitor { matched: false, ..on });
        set(&params, "key-listen", "on");
        let heard = params.settings();
        assert!(heard.monitor.key && heard.de_esser.key_listen);
    }
}
