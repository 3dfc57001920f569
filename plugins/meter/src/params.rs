//! The parameters of Stem Meter. Ids are promises to saved sessions.

use crate::dsp::{MeterSettings, ResetOn};
use crate::history::SharedHistory;
use nice_plug::prelude::*;
use report::model::Target;
use shared_dsp::correlation::{DEFAULT_WINDOW_MS, WINDOW_RANGE_MS};
use shared_dsp::targets;
use std::sync::Arc;
use support::params;

/// The parameters of Stem Meter.
#[derive(Params)]
pub struct Parameters {
    /// What was ordered.
    #[nested(group = "Target")]
    pub target: TargetParams,
    /// How it is measured.
    #[nested(group = "Measurement")]
    pub measurement: MeasurementParams,
    /// What is heard.
    #[id = "listen"]
    pub listen: EnumParam<Listen>,
    /// The mix as it is, and no measurement.
    #[id = "bypass"]
    pub bypass: BoolParam,
    /// What was measured, over time: kept with the session if that is asked for.
    #[persist = "history"]
    pub history: SharedHistory,
}

/// What was ordered.
#[derive(Params)]
pub struct TargetParams {
    /// Which delivery, or one's own.
    #[id = "target"]
    pub delivery: EnumParam<Delivery>,
    /// One's own loudness in LUFS.
    #[id = "own-loudness"]
    pub own_loudness: FloatParam,
    /// How far from it is on target, in LU.
    #[id = "own-tolerance"]
    pub own_tolerance: FloatParam,
    /// One's own highest true peak in dBTP.
    #[id = "own-ceiling"]
    pub own_ceiling: FloatParam,
}

/// How it is measured.
#[derive(Params)]
pub struct MeasurementParams {
    /// When the measurement starts over by itself.
    #[id = "auto-reset"]
    pub reset: EnumParam<Reset>,
    /// Whether it waits while the transport is stopped.
    #[id = "freeze-when-stopped"]
    pub freeze: BoolParam,
    /// Whether one channel counts as two loudspeakers.
    #[id = "dual-mono"]
    pub dual_mono: BoolParam,
    /// The window of correlation and mono fold in ms.
    #[id = "correlation-window"]
    pub correlation_window: FloatParam,
    /// Whether the history is saved with the session.
    #[id = "keep-history"]
    pub keep_history: BoolParam,
}

impl Default for Parameters {
    fn default() -> Self {
        let history = SharedHistory::default();
        let [shortest, longest] = WINDOW_RANGE_MS.map(|ms| ms as f32);
        let kept = history.clone();
        Self {
            target: TargetParams {
                delivery: EnumParam::new("Target", Delivery::Streaming14),
                own_loudness: params::loudness("Own Loudness", -14.0, -40.0, -5.0),
                own_tolerance: params::loudness_units("Own Tolerance", 1.0, 0.1, 5.0),
                own_ceiling: params::true_peak("Own Ceiling", -1.0, -12.0, 0.0),
            },
            measurement: MeasurementParams {
                reset: EnumParam::new("Auto Reset", Reset::OnJump),
                freeze: params::switch("Freeze When Stopped", true),
                dual_mono: params::switch("Dual Mono", false),
                correlation_window: params::milliseconds(
                    "Correlation Window",
                    DEFAULT_WINDOW_MS as f32,
                    shortest,
                    longest,
                ),
                keep_history: params::switch("Keep History", false)
                    .with_callback(Arc::new(move |keep| kept.keep(keep)))
                    .non_automatable(),
            },
            listen: EnumParam::new("Listen", Listen::Stereo).non_automatable(),
            bypass: params::bypass(),
            history,
        }
    }
}

impl Parameters {
    /// The values as the processor wants them.
    pub fn settings(&self) -> MeterSettings {
        MeterSettings {
            listen: self.listen.value().into(),
            correlation_window_ms: f64::from(self.measurement.correlation_window.value()),
            dual_mono: self.measurement.dual_mono.value(),
            reset: self.measurement.reset.value().into(),
            freeze: self.measurement.freeze.value(),
            bypass: self.bypass.value(),
        }
    }

    /// What was ordered.
    pub fn target(&self) -> Target {
        let TargetParams { delivery, own_loudness, own_tolerance, own_ceiling } = &self.target;
        match targets::Target::by_id(delivery.value().id()) {
            Some(known) => known.into(),
            None => Target::own(
                Some(f64::from(own_loudness.value())),
                f64::from(own_tolerance.value()),
                Some(f64::from(own_ceiling.value())),
            ),
        }
    }
}

/// Which delivery: the ids are those of [`shared_dsp::targets`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Delivery {
    /// One's own.
    #[id = "own"]
    #[name = "Own"]
    Own,
    /// Spotify and most others.
    #[id = "streaming-14"]
    #[name = "Streaming, Spotify"]
    Streaming14,
    /// Apple Music's Sound Check.
    #[id = "apple-16"]
    #[name = "Apple Sound Check"]
    Apple16,
    /// Tidal.
    #[id = "tidal-14"]
    #[name = "Tidal"]
    Tidal14,
    /// AES77, music.
    #[id = "aes-track-16"]
    #[name = "AES streaming, track"]
    AesTrack16,
    /// AES77, speech.
    #[id = "aes-speech-18"]
    #[name = "AES streaming, speech"]
    AesSpeech18,
    /// Podcasts in stereo.
    #[id = "podcast-16"]
    #[name = "Podcast, stereo"]
    Podcast16,
    /// Podcasts in mono.
    #[id = "podcast-19-mono"]
    #[name = "Podcast, mono"]
    Podcast19Mono,
    /// European broadcasting.
    #[id = "ebu-r128"]
    #[name = "EBU R 128"]
    EbuR128,
    /// European broadcasting, short forms.
    #[id = "ebu-r128-s1"]
    #[name = "EBU R 128 s1, short"]
    EbuR128S1,
    /// Broadcasting before a lossy codec.
    #[id = "broadcast-2"]
    #[name = "Broadcast at \u{2212}2 dBTP"]
    Broadcast2,
    /// American broadcasting.
    #[id = "atsc-a85"]
    #[name = "ATSC A/85"]
    AtscA85,
    /// Netflix.
    #[id = "netflix-27"]
    #[name = "Netflix"]
    Netflix27,
    /// Compact disc.
    #[id = "cd"]
    #[name = "CD"]
    Cd,
    /// From vinyl.
    #[id = "vinyl-0.5"]
    #[name = "Vinyl-sourced"]
    Vinyl05,
}

impl Delivery {
    /// Its id among the targets.
    pub fn id(self) -> &'static str {
        Self::ids().and_then(|ids| ids.get(self.to_index()).copied()).unwrap_or_default()
    }
}

/// When the measurement starts over by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Reset {
    /// Never.
    #[id = "never"]
    Never,
    /// Whenever playback starts.
    #[id = "play"]
    #[name = "On Play"]
    OnPlay,
    /// When playback goes on from another place than where it was.
    #[id = "jump"]
    #[name = "On Jump"]
    OnJump,
}

impl From<Reset> for ResetOn {
    fn from(chosen: Reset) -> Self {
        match chosen {
            Reset::Never => Self::Never,
            Reset::OnPlay => Self::Play,
            Reset::OnJump => Self::Jump,
        }
    }
}

/// What is heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Listen {
    #[id = "stereo"]
    Stereo,
    #[id = "mono"]
    Mono,
    #[id = "side"]
    Side,
    #[id = "left"]
    Left,
    #[id = "right"]
    Right,
    #[id = "small-speaker"]
    #[name = "Small Speaker"]
    SmallSpeaker,
}

impl From<Listen> for shared_dsp::listen::Listen {
    fn from(chosen: Listen) -> Self {
        match chosen {
            Listen::Stereo => Self::Stereo,
            Listen::Mono => Self::Mono,
            Listen::Side => Self::Side,
            Listen::Left => Self::Left,
            Listen::Right => Self::Right,
            Listen::SmallSpeaker => Self::SmallSpeaker,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use targets::TARGETS;

    #[test]
    fn every_known_target_can_be_chosen_under_its_own_name() {
        let ids = Delivery::ids().expect("ids");
        let names = Delivery::variants();
        assert_eq!(ids.len(), TARGETS.len() + 1);
        for target in TARGETS {
            let at = ids.iter().position(|id| *id == target.id);
            let at = at.unwrap_or_else(|| panic!("{} cannot be chosen", target.id));
            assert_eq!(names[at], target.name);
            assert_eq!(Delivery::from_index(at).id(), target.id);
        }
    }

    #[test]
    fn ones_own_target_is_what_was_set() {
        let params = Parameters::default();
        assert_eq!(params.target().id, "streaming-14");
        assert_eq!(Delivery::Own.id(), "own");
        assert!(targets::Target::by_id("own").is_none(), "no target may be called so");
    }
}
