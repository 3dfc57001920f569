//! The parameters of Stem Dynamic EQ. Their ids, names, ranges and variants are promises to saved
//! sessions (`param-ids.txt` keeps them).

mod band;
mod choices;
mod unmask;

pub use band::BandGroup;
pub use choices::{Action, BandSolo, KeyFilter, KeySource, Placement, Slope, Type};
pub use unmask::{Placement as UnmaskPlacement, UnmaskGroup};

use crate::dsp::EqSettings;
use nice_plug::prelude::*;
use shared_dsp::dry_path::Monitor;
use shared_dsp::eq::{BANDS, DynamicEqParams, Listen, MAX_LOOKAHEAD_MS};
use support::params::{self, Monitors};

/// The parameters of Stem Dynamic EQ.
#[derive(Params)]
pub struct Parameters {
    /// The bands.
    #[nested(array, group = "Band")]
    pub bands: [BandGroup; BANDS],
    /// What concerns the key input as a whole, and when the gains move.
    #[nested(group = "Dynamics")]
    pub dynamics: DynamicsGroup,
    /// What makes room for a voice, beside the bands.
    #[nested(group = "Unmask")]
    pub unmask: UnmaskGroup,
    /// What happens after the bands.
    #[nested(group = "Output")]
    pub output: OutputGroup,
    /// A single band instead of the output.
    #[id = "band-solo"]
    pub band_solo: EnumParam<BandSolo>,
    /// What is listened to.
    #[nested]
    pub monitors: Monitors,
}

/// What concerns all moves.
#[derive(Params)]
pub struct DynamicsGroup {
    /// Factor of all moves in percent.
    #[id = "scale"]
    pub scale: FloatParam,
    /// Whether the gains may move before the key does; adds the longest lookahead as latency.
    #[id = "lookahead"]
    pub lookahead: BoolParam,
    /// How long before the key the gains move, in milliseconds.
    #[id = "lookahead-time"]
    pub lookahead_time: FloatParam,
}

/// What happens after the bands.
#[derive(Params)]
pub struct OutputGroup {
    /// Share of the equalised signal in percent.
    #[id = "mix"]
    pub mix: FloatParam,
    /// Gain at the end in dB.
    #[id = "output"]
    pub output: FloatParam,
    /// Takes off the loudness that the static curve adds, by estimate.
    #[id = "auto-gain"]
    pub auto_gain: BoolParam,
}

impl Default for Parameters {
    fn default() -> Self {
        Self {
            bands: std::array::from_fn(BandGroup::new),
            dynamics: DynamicsGroup {
                scale: params::percent("Scale", 100.0, 0.0, 200.0),
                lookahead: params::switch("Lookahead", false).non_automatable(),
                lookahead_time: params::milliseconds(
                    "Lookahead Time",
                    5.0,
                    0.0,
                    MAX_LOOKAHEAD_MS as f32,
                ),
            },
            unmask: UnmaskGroup::default(),
            output: OutputGroup {
                mix: params::percent("Mix", 100.0, 0.0, 100.0),
                output: params::decibels("Output", 0.0, -24.0, 24.0),
                auto_gain: params::switch("Auto Gain", false),
            },
            band_solo: EnumParam::new("Band Solo", BandSolo::Off).non_automatable(),
            monitors: Monitors::default(),
        }
    }
}

impl Parameters {
    /// The values as the processor wants them.
    pub fn settings(&self) -> EqSettings {
        let solo = self.band_solo.value().index();
        let monitor = self.monitors.values();
        EqSettings {
            eq: DynamicEqParams {
                bands: std::array::from_fn(|b| self.bands[b].values()),
                scale: f64::from(self.dynamics.scale.value()) / 100.0,
                mix: f64::from(self.output.mix.value()) / 100.0,
                output_db: f64::from(self.output.output.value()),
                auto_gain: self.output.auto_gain.value(),
                lookahead_ms: f64::from(self.dynamics.lookahead_time.value()),
                unmask: self.unmask.values(),
                key_level_lufs: self.unmask.key_level.value().into(),
                listen: solo.map(|b| if monitor.key { Listen::Key(b) } else { Listen::Solo(b) }),
            },
            lookahead: self.dynamics.lookahead.value(),
            monitor: Monitor {
                // What one hears of a single band is not the processing.
                delta: monitor.delta && solo.is_none(),
                matched: monitor.matched && solo.is_none(),
                key: monitor.key && solo.is_none(),
                ..monitor
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::eq::BandParams;
    use shared_dsp::unmask::UnmaskParams;
    use support::param_view::views;

    fn set(params: &Parameters, id: &str, text: &str) {
        let views = views(params);
        let view = views.iter().find(|view| view.id == id).expect(id);
        view.set_detached(view.parse(text).expect(text));
    }

    #[test]
    fn the_defaults_are_those_of_the_processor_but_for_where_the_bands_stand() {
        let settings = Parameters::default().settings();
        for (band, number) in settings.eq.bands.iter().zip(1..) {
            let d = BandParams::DEFAULT;
            for (is, wanted) in [
                (band.q, d.q),
                (band.key_q, d.key_q),
                (band.key_frequency_hz, band.frequency_hz),
                (band.ratio, d.ratio),
                (band.attack_ms, d.attack_ms),
                (band.release_ms, d.release_ms),
            ] {
                assert!((is / wanted - 1.0).abs() < 1e-5, "band {number}: {is} is not {wanted}");
            }
            let expected = BandParams {
                frequency_hz: band.frequency_hz,
                key_frequency_hz: band.key_frequency_hz,
                q: band.q,
                key_q: band.key_q,
                ratio: band.ratio,
                attack_ms: band.attack_ms,
                release_ms: band.release_ms,
                ..d
            };
            assert_eq!(*band, expected, "band {number}");
        }
        assert!(settings.eq.bands.windows(2).all(|two| two[0].frequency_hz < two[1].frequency_hz));
        let unmask = settings.eq.unmask;
        let defaults = UnmaskParams::DEFAULT;
        for (is, wanted) in [
            (unmask.focus_low_hz, defaults.focus_low_hz),
            (unmask.focus_high_hz, defaults.focus_high_hz),
            (unmask.speed_ms, defaults.speed_ms),
            (unmask.depth_db, defaults.depth_db),
        ] {
            assert!((is / wanted - 1.0).abs() < 1e-5, "{is} is not {wanted}");
        }
        assert_eq!((unmask.on, unmask.placement), (false, defaults.placement));
        let rest = DynamicEqParams {
            bands: settings.eq.bands,
            unmask,
            lookahead_ms: settings.eq.lookahead_ms,
            ..DynamicEqParams::DEFAULT
        };
        assert_eq!(settings.eq, rest);
        assert_eq!((settings.lookahead, settings.monitor), (false, Monitor::OFF));
    }

    #[test]
    fn values_reach_their_band() {
        let params = Parameters::default();
        for (id, text) in [
            ("on_3", "On"),
            ("type_3", "High Shelf"),
            ("frequency_3", "2.5k"),
            ("gain_3", "−3 dB"),
            ("q_3", "1.2"),
            ("placement_3", "Side"),
            ("range_3", "-4"),
            ("threshold_3", "-20"),
            ("ratio_3", "3:1"),
            ("release_3", "0.2 s"),
            ("action_3", "Below"),
            ("key_3", "Int - Ext"),
            ("key-filter_3", "Low-Pass"),
            ("key_4", "Voice"),
            ("unmask", "on"),
            ("unmask-depth", "4.5 dB"),
            ("unmask-placement", "Stereo"),
            ("key-level", "-30 LUFS"),
            ("scale", "150 %"),
            ("lookahead", "on"),
        ] {
            set(&params, id, text);
        }
        let settings = params.settings();
        let band = settings.eq.bands[2];
        assert!(band.on && !settings.eq.bands[1].on);
        assert_eq!(band.band_type, shared_dsp::eq::BandType::HighShelf);
        for (is, wanted) in [
            (band.frequency_hz, 2500.0),
            (band.gain_db, -3.0),
            (band.q, 1.2),
            (band.range_db, -4.0),
            (band.threshold_db, -20.0),
            (band.ratio, 3.0),
            (band.release_ms, 200.0),
            (settings.eq.scale, 1.5),
            (settings.eq.unmask.depth_db, 4.5),
            (settings.eq.key_level_lufs, -30.0),
        ] {
            assert!((is / wanted - 1.0).abs() < 1e-5, "{is} is not {wanted}");
        }
        assert_eq!(band.placement, shared_dsp::eq::Placement::Side);
        assert_eq!(band.key_source, shared_dsp::eq::KeySource::Difference);
        assert_eq!(band.key_filter, shared_dsp::eq::KeyFilter::LowPass);
        assert_eq!(band.action, shared_dsp::dynamics::gain_computer::Action::Below);
        assert_eq!(settings.eq.bands[3].key_source, shared_dsp::eq::KeySource::Voice);
        assert!(settings.eq.unmask.on);
        assert_eq!(settings.eq.unmask.placement, shared_dsp::unmask::UnmaskPlacement::Stereo);
        assert!(settings.lookahead);
    }

    #[test]
    fn a_solo_is_heard_alone_and_key_listen_is_the_key_of_what_is_soloed() {
        let params = Parameters::default();
        for id in ["match", "delta"] {
            set(&params, id, "on");
        }
        let both = Monitor { delta: true, matched: true, ..Monitor::OFF };
        assert_eq!((params.settings().eq.listen, params.settings().monitor), (None, both));
        set(&params, "band-solo", "Band 4");
        let alone = params.settings();
        assert_eq!((alone.eq.listen, alone.monitor), (Some(Listen::Solo(3)), Monitor::OFF));
        set(&params, "key-listen", "on");
        let key = params.settings();
        assert_eq!((key.eq.listen, key.monitor), (Some(Listen::Key(3)), Monitor::OFF));
        set(&params, "band-solo", "Off");
        let whole = params.settings();
        assert_eq!((whole.eq.listen, whole.monitor), (None, Monitor { key: true, ..both }));
    }
}
