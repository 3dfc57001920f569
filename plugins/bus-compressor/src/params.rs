//! The parameters of Stem Bus Compressor. Their ids, names, ranges and variants are promises to saved
//! sessions (`param-ids.txt` keeps them).

mod choices;

pub use choices::{Character, Detector, StereoMode};
pub use support::params::Key;

use crate::dsp::CompressorSettings;
use nice_plug::prelude::*;
use shared_dsp::compressor::params::{
    ATTACK_MS, KEY_BELL_HZ, KEY_BELL_Q, KEY_HIGH_PASS_HZ, KEY_LOW_PASS_HZ, MAX_HOLD_MS,
    MAX_KEY_BELL_DB, MAX_KEY_TILT_DB, MAX_KNEE_DB, MAX_MAKEUP_DB, MAX_RANGE_DB, MAX_RATIO,
    MIN_THRESHOLD_DB, RELEASE_MS, RMS_MS,
};
use shared_dsp::compressor::{BusCompressorParams, KeyFilter, KeySource, MAX_LOOKAHEAD_MS};
use shared_dsp::dry_path::Monitor;
use support::params::{self, Monitors};

/// The parameters of Stem Bus Compressor.
#[derive(Params)]
pub struct Parameters {
    /// How much is taken off.
    #[nested(group = "Compressor")]
    pub compressor: CompressorGroup,
    /// How the level is read and followed.
    #[nested(group = "Detector")]
    pub detector: DetectorGroup,
    /// What is listened to.
    #[nested(group = "Key")]
    pub key: KeyGroup,
    /// What comes after.
    #[nested(group = "Output")]
    pub output: OutputGroup,
    /// What is listened to.
    #[nested]
    pub monitors: Monitors,
}

/// How much is taken off, and how fast.
#[derive(Params)]
pub struct CompressorGroup {
    /// Where it starts, in dB; 0 is off.
    #[id = "threshold"]
    pub threshold: FloatParam,
    /// dB of key for one dB left.
    #[id = "ratio"]
    pub ratio: FloatParam,
    /// Width of the knee in dB.
    #[id = "knee"]
    pub knee: FloatParam,
    /// Time to 63.2 % of a growing reduction in ms.
    #[id = "attack"]
    pub attack: FloatParam,
    /// Time to 63.2 % of a falling reduction in ms.
    #[id = "release"]
    pub release: FloatParam,
    /// Whether what is sustained recovers in two stages.
    #[id = "auto-release"]
    pub auto_release: BoolParam,
    /// How long the largest reduction is kept, in ms.
    #[id = "hold"]
    pub hold: FloatParam,
    /// The most that is taken off, in dB.
    #[id = "range"]
    pub range: FloatParam,
    /// How the level is followed.
    #[id = "character"]
    pub character: EnumParam<Character>,
}

/// How the level is read, and of which channels.
#[derive(Params)]
pub struct DetectorGroup {
    /// Whether every sample counts, or the power over a time.
    #[id = "detector"]
    pub detector: EnumParam<Detector>,
    /// The time of an RMS reading in ms.
    #[id = "rms-time"]
    pub rms_time: FloatParam,
    /// How far the channels share one reduction, in percent.
    #[id = "link"]
    pub link: FloatParam,
    /// Which two channels are compressed.
    #[id = "stereo-mode"]
    pub stereo_mode: EnumParam<StereoMode>,
    /// Whether the gain may move before the key does; adds the longest lookahead as latency.
    #[id = "lookahead"]
    pub lookahead: BoolParam,
    /// How long before the key the gain moves, in ms.
    #[id = "lookahead-time"]
    pub lookahead_time: FloatParam,
}

/// What is listened to, and what of it is heard.
#[derive(Params)]
pub struct KeyGroup {
    /// The stem, or the key input.
    #[id = "key"]
    pub source: EnumParam<Key>,
    /// Takes away what is below, in Hz.
    #[id = "key-high-pass"]
    pub high_pass: FloatParam,
    /// Takes away what is above, in Hz.
    #[id = "key-low-pass"]
    pub low_pass: FloatParam,
    /// Frequency of a bell in Hz.
    #[id = "key-bell-frequency"]
    pub bell_frequency: FloatParam,
    /// Gain of the bell in dB.
    #[id = "key-bell-gain"]
    pub bell_gain: FloatParam,
    /// Q of the bell.
    #[id = "key-bell-q"]
    pub bell_q: FloatParam,
    /// How much louder the highest is heard than the lowest, in dB.
    #[id = "key-tilt"]
    pub tilt: FloatParam,
}

/// What comes after.
#[derive(Params)]
pub struct OutputGroup {
    /// Gain of what is compressed, in dB.
    #[id = "makeup"]
    pub makeup: FloatParam,
    /// Whether half of what the curve takes off at 0 dBFS is given back.
    #[id = "auto-makeup"]
    pub auto_makeup: BoolParam,
    /// Share of the compressed signal in percent.
    #[id = "mix"]
    pub mix: FloatParam,
}

impl Default for Parameters {
    fn default() -> Self {
        let d = BusCompressorParams::DEFAULT;
        let f = KeyFilter::DEFAULT;
        let decibels = |name, default_db: f64, low_db: f64, high_db: f64| {
            params::decibels(name, default_db as f32, low_db as f32, high_db as f32)
        };
        let milliseconds = |name, default_ms: f64, [low, high]: [f64; 2]| {
            params::milliseconds(name, default_ms as f32, low as f32, high as f32)
        };
        let [high_pass_low, high_pass_high] = KEY_HIGH_PASS_HZ.map(|hz| hz as f32);
        let [low_pass_low, low_pass_high] = KEY_LOW_PASS_HZ.map(|hz| hz as f32);
        let [bell_low, bell_high] = KEY_BELL_HZ.map(|hz| hz as f32);
        let [least_q, most_q] = KEY_BELL_Q.map(|q| q as f32);
        Self {
            compressor: CompressorGroup {
                threshold: decibels("Threshold", d.threshold_db, MIN_THRESHOLD_DB, 0.0),
                ratio: params::ratio("Ratio", d.ratio as f32, MAX_RATIO as f32),
                knee: decibels("Knee", d.knee_db, 0.0, MAX_KNEE_DB),
                attack: milliseconds("Attack", d.attack_ms, ATTACK_MS),
                release: milliseconds("Release", d.release_ms, RELEASE_MS),
                auto_release: params::switch("Auto Release", d.auto_release),
                hold: milliseconds("Hold", d.hold_ms, [0.0, MAX_HOLD_MS]),
                range: decibels("Range", d.range_db, 0.0, MAX_RANGE_DB),
                character: EnumParam::new("Character", Character::Clean),
            },
            detector: DetectorGroup {
                detector: EnumParam::new("Detector", Detector::Rms),
                rms_time: milliseconds("RMS Time", d.rms_ms, RMS_MS),
                link: params::percent("Link", (100.0 * d.link) as f32, 0.0, 100.0),
                stereo_mode: EnumParam::new("Stereo Mode", StereoMode::LeftRight),
                lookahead: params::switch("Lookahead", false).non_automatable(),
                lookahead_time: milliseconds(
                    "Lookahead Time",
                    d.lookahead_ms,
                    [0.0, MAX_LOOKAHEAD_MS],
                ),
            },
            key: KeyGroup {
                source: EnumParam::new("Key", Key::Internal),
                high_pass: params::frequency_or_off("Key High-Pass", high_pass_low, high_pass_high),
                low_pass: params::frequency_or_off_above(
                    "Key Low-Pass",
                    low_pass_low,
                    low_pass_high,
                ),
                bell_frequency: params::frequency(
                    "Key Bell Frequency",
                    f.bell_hz as f32,
                    bell_low,
                    bell_high,
                ),
                bell_gain: decibels("Key Bell Gain", f.bell_db, -MAX_KEY_BELL_DB, MAX_KEY_BELL_DB),
                bell_q: params::quality("Key Bell Q", f.bell_q as f32, least_q, most_q),
                tilt: decibels("Key Tilt", f.tilt_db, -MAX_KEY_TILT_DB, MAX_KEY_TILT_DB),
            },
            output: OutputGroup {
                makeup: decibels("Makeup", d.makeup_db, -MAX_MAKEUP_DB, MAX_MAKEUP_DB),
                auto_makeup: params::switch("Auto Makeup", d.auto_makeup),
                mix: params::percent("Mix", (100.0 * d.mix) as f32, 0.0, 100.0),
            },
            monitors: Monitors::default(),
        }
    }
}

impl KeyGroup {
    /// What of the key is heard.
    pub fn filter(&self) -> KeyFilter {
        KeyFilter {
            high_pass_hz: params::frequency_unless_off(
                self.high_pass.value(),
                KEY_HIGH_PASS_HZ[0] as f32,
            ),
            low_pass_hz: params::frequency_unless_off_above(
                self.low_pass.value(),
                KEY_LOW_PASS_HZ[1] as f32,
            ),
            bell_hz: self.bell_frequency.value().into(),
            bell_db: self.bell_gain.value().into(),
            bell_q: self.bell_q.value().into(),
            tilt_db: self.tilt.value().into(),
        }
    }
}

impl Parameters {
    /// The values as the processor wants them.
    pub fn settings(&self) -> CompressorSettings {
        let Self { compressor, detector, key, output, .. } = self;
        let is_external = key.source.value() == Key::External;
        let monitor = self.monitors.values();
        CompressorSettings {
            compressor: BusCompressorParams {
                threshold_db: compressor.threshold.value().into(),
                ratio: compressor.ratio.value().into(),
                knee_db: compressor.knee.value().into(),
                attack_ms: compressor.attack.value().into(),
                release_ms: compressor.release.value().into(),
                auto_release: compressor.auto_release.value(),
                hold_ms: compressor.hold.value().into(),
                range_db: compressor.range.value().into(),
                makeup_db: output.makeup.value().into(),
                auto_makeup: output.auto_makeup.value(),
                mix: f64::from(output.mix.value()) / 100.0,
                lookahead_ms: detector.lookahead_time.value().into(),
                detector: detector.detector.value().into(),
                rms_ms: detector.rms_time.value().into(),
                character: compressor.character.value().into(),
                key_source: if is_external { KeySource::External } else { KeySource::Internal },
                key_filter: key.filter(),
                link: f64::from(detector.link.value()) / 100.0,
                stereo_mode: detector.stereo_mode.value().into(),
                key_listen: monitor.key,
            },
            lookahead: detector.lookahead.value(),
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
        let view = views.iter().find(|view| view.id == id).expect(id);
        view.set_detached(view.parse(text).expect(text));
    }

    #[test]
    fn the_defaults_are_those_of_the_processor() {
        let settings = Parameters::default().settings();
        let (is, d) = (settings.compressor, BusCompressorParams::DEFAULT);
        // What hosts hand back of a skewed range is the nearest they have.
        for (is, wanted) in [
            (is.ratio, d.ratio),
            (is.attack_ms, d.attack_ms),
            (is.release_ms, d.release_ms),
            (is.lookahead_ms, d.lookahead_ms),
            (is.rms_ms, d.rms_ms),
            (is.key_filter.bell_hz, d.key_filter.bell_hz),
            (is.key_filter.bell_q, d.key_filter.bell_q),
        ] {
            assert!((is / wanted - 1.0).abs() < 1e-5, "{is} is not {wanted}");
        }
        let key_filter = KeyFilter {
            bell_hz: is.key_filter.bell_hz,
            bell_q: is.key_filter.bell_q,
            ..KeyFilter::DEFAULT
        };
        let rest = BusCompressorParams {
            ratio: is.ratio,
            attack_ms: is.attack_ms,
            release_ms: is.release_ms,
            lookahead_ms: is.lookahead_ms,
            rms_ms: is.rms_ms,
            key_filter,
            ..d
        };
        assert_eq!(is, rest);
        assert_eq!((settings.lookahead, settings.monitor), (false, Monitor::OFF));
    }

    #[test]
    fn values_reach_the_processor() {
        let params = Parameters::default();
        for (id, text) in [
            ("threshold", "\u{2212}18 dB"),
            ("ratio", "3:1"),
            ("knee", "9"),
            ("attack", "12 ms"),
            ("release", "0.3 s"),
            ("auto-release", "on"),
            ("hold", "20"),
            ("range", "6 dB"),
            ("character", "Grab"),
            ("detector", "Peak"),
            ("rms-time", "25 ms"),
            ("link", "60 %"),
            ("stereo-mode", "M/S"),
            ("lookahead", "on"),
            ("lookahead-time", "2 ms"),
            ("key", "External"),
            ("key-high-pass", "90 Hz"),
            ("key-low-pass", "8k"),
            ("key-bell-frequency", "3 kHz"),
            ("key-bell-gain", "-4"),
            ("key-bell-q", "2"),
            ("key-tilt", "3"),
            ("makeup", "+2 dB"),
            ("auto-makeup", "on"),
            ("mix", "40"),
        ] {
            set(&params, id, text);
        }
        let CompressorSettings { compressor: c, lookahead, .. } = params.settings();
        let f = c.key_filter;
        for (is, wanted) in [
            (c.threshold_db, -18.0),
            (c.ratio, 3.0),
            (c.knee_db, 9.0),
            (c.attack_ms, 12.0),
            (c.release_ms, 300.0),
            (c.hold_ms, 20.0),
            (c.range_db, 6.0),
            (c.rms_ms, 25.0),
            (c.link, 0.6),
            (c.lookahead_ms, 2.0),
            (f.high_pass_hz.unwrap_or_default(), 90.0),
            (f.low_pass_hz.unwrap_or_default(), 8000.0),
            (f.bell_hz, 3000.0),
            (f.bell_db, -4.0),
            (f.bell_q, 2.0),
            (f.tilt_db, 3.0),
            (c.makeup_db, 2.0),
            (c.mix, 0.4),
        ] {
            assert!((is / wanted - 1.0).abs() < 1e-5, "{is} is not {wanted}");
        }
        assert!(c.auto_release && c.auto_makeup && lookahead);
        assert_eq!(c.character, shared_dsp::compressor::Character::Grab);
        assert_eq!(c.detector, shared_dsp::compressor::Detector::Peak);
        assert_eq!(c.stereo_mode, shared_dsp::compressor::StereoMode::MidSide);
        assert_eq!(c.key_source, shared_dsp::compressor::KeySource::External);
        set(&params, "character", "Bus");
        assert_eq!(params.settings().compressor.character, shared_dsp::compressor::Character::Bus);
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
        assert!(heard.monitor.key && heard.compressor.key_listen);
    }
}
