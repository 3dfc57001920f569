//! The parameters of one band.

use super::choices::{Action, KeyFilter, KeySource, Placement, Slope, Type};
use nice_plug::prelude::*;
use shared_dsp::eq::params::{MAX_FREQUENCY_HZ, MAX_GAIN_DB, MAX_Q, MIN_FREQUENCY_HZ, MIN_Q};
use shared_dsp::eq::{BANDS, BandParams};
use support::params;

/// Where the bands stand until somebody moves them, in Hz.
const FREQUENCIES_HZ: [f32; BANDS] = [60.0, 150.0, 300.0, 700.0, 1500.0, 3000.0, 6000.0, 12_000.0];
/// A bell about two octaves wide; Butterworth for cuts and shelves.
const Q: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// One band.
#[derive(Params)]
pub struct BandGroup {
    /// Whether the band does anything.
    #[id = "on"]
    pub on: BoolParam,
    /// What it is.
    #[id = "type"]
    pub band_type: EnumParam<Type>,
    /// Frequency in Hz.
    #[id = "frequency"]
    pub frequency: FloatParam,
    /// Static gain in dB.
    #[id = "gain"]
    pub gain: FloatParam,
    /// Q.
    #[id = "q"]
    pub q: FloatParam,
    /// How steep a cut is.
    #[id = "slope"]
    pub slope: EnumParam<Slope>,
    /// What of the stem it works on.
    #[id = "placement"]
    pub placement: EnumParam<Placement>,
    /// The most it may move, in dB.
    #[id = "range"]
    pub range: FloatParam,
    /// Where it starts to move, in dB.
    #[id = "threshold"]
    pub threshold: FloatParam,
    /// dB of key for one dB left.
    #[id = "ratio"]
    pub ratio: FloatParam,
    /// Width of the knee in dB.
    #[id = "knee"]
    pub knee: FloatParam,
    /// Time to 63.2 % of a growing move in ms.
    #[id = "attack"]
    pub attack: FloatParam,
    /// How long the largest move is kept, in ms.
    #[id = "hold"]
    pub hold: FloatParam,
    /// Time to 63.2 % of a falling move in ms.
    #[id = "release"]
    pub release: FloatParam,
    /// On which side of the threshold it moves.
    #[id = "action"]
    pub action: EnumParam<Action>,
    /// What moves it.
    #[id = "key"]
    pub key: EnumParam<KeySource>,
    /// What of its key it hears.
    #[id = "key-filter"]
    pub key_filter: EnumParam<KeyFilter>,
    /// Frequency of a key filter of its own, in Hz.
    #[id = "key-frequency"]
    pub key_frequency: FloatParam,
    /// Q of a key filter of its own.
    #[id = "key-q"]
    pub key_q: FloatParam,
}

impl BandGroup {
    /// The band at an index from 0, off.
    pub(super) fn new(index: usize) -> Self {
        let name = |what: &str| format!("Band {} {what}", index + 1);
        let (lowest, highest) = (MIN_FREQUENCY_HZ as f32, MAX_FREQUENCY_HZ as f32);
        let (least_q, most_q) = (MIN_Q as f32, MAX_Q as f32);
        let most = MAX_GAIN_DB as f32;
        let at = FREQUENCIES_HZ[index];
        Self {
            on: params::switch(&name("On"), false),
            band_type: EnumParam::new(name("Type"), Type::Bell),
            frequency: params::frequency(&name("Frequency"), at, lowest, highest),
            gain: params::decibels(&name("Gain"), 0.0, -most, most),
            q: params::quality(&name("Q"), Q, least_q, most_q),
            slope: EnumParam::new(name("Slope"), Slope::Db12),
            placement: EnumParam::new(name("Placement"), Placement::Stereo),
            range: params::decibels(&name("Range"), 0.0, -most, most),
            threshold: params::decibels(&name("Threshold"), -30.0, -80.0, 24.0),
            ratio: params::ratio(&name("Ratio"), 4.0, 100.0),
            knee: params::decibels(&name("Knee"), 6.0, 0.0, 36.0),
            attack: params::milliseconds(&name("Attack"), 10.0, 0.1, 500.0),
            hold: params::milliseconds(&name("Hold"), 0.0, 0.0, 1000.0),
            release: params::milliseconds(&name("Release"), 150.0, 5.0, 5000.0),
            action: EnumParam::new(name("Action"), Action::Above),
            key: EnumParam::new(name("Key"), KeySource::Internal),
            key_filter: EnumParam::new(name("Key Filter"), KeyFilter::Follow),
            key_frequency: params::frequency(&name("Key Frequency"), at, lowest, highest),
            key_q: params::quality(&name("Key Q"), Q, least_q, most_q),
        }
    }

    /// The values as the processor wants them.
    pub fn values(&self) -> BandParams {
        BandParams {
            on: self.on.value(),
            band_type: self.band_type.value().into(),
            frequency_hz: self.frequency.value().into(),
            gain_db: self.gain.value().into(),
            q: self.q.value().into(),
            slope: self.slope.value().into(),
            placement: self.placement.value().into(),
            range_db: self.range.value().into(),
            threshold_db: self.threshold.value().into(),
            ratio: self.ratio.value().into(),
            knee_db: self.knee.value().into(),
            attack_ms: self.attack.value().into(),
            hold_ms: self.hold.value().into(),
            release_ms: self.release.value().into(),
            action: self.action.value().into(),
            key_source: self.key.value().into(),
            key_filter: self.key_filter.value().into(),
            key_frequency_hz: self.key_frequency.value().into(),
            key_q: self.key_q.value().into(),
        }
    }
}
