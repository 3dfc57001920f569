//! What a user sets on the bus compressor.

use std::f64::consts::FRAC_1_SQRT_2;

/// The lowest threshold in dB. The highest, 0, is off.
pub const MIN_THRESHOLD_DB: f64 = -60.0;
/// The highest ratio.
pub const MAX_RATIO: f64 = 20.0;
/// Ratios a control may snap to.
pub const RATIO_DETENTS: [f64; 6] = [1.2, 1.5, 2.0, 3.0, 4.0, 10.0];
/// The widest knee in dB.
pub const MAX_KNEE_DB: f64 = 36.0;
/// Shortest and longest attack in ms.
pub const ATTACK_MS: [f64; 2] = [0.05, 250.0];
/// Shortest and longest release in ms.
pub const RELEASE_MS: [f64; 2] = [10.0, 2500.0];
/// The longest hold in ms.
pub const MAX_HOLD_MS: f64 = 500.0;
/// The largest range in dB: more is never taken off.
pub const MAX_RANGE_DB: f64 = 60.0;
/// The largest makeup, either way, in dB.
pub const MAX_MAKEUP_DB: f64 = 24.0;
/// The longest lookahead in milliseconds, and the latency of the lookahead switch.
pub const MAX_LOOKAHEAD_MS: f64 = 10.0;
/// Shortest and longest time of an RMS reading in ms.
pub const RMS_MS: [f64; 2] = [1.0, 100.0];
/// Lowest and highest corner of the key's high-pass in Hz.
pub const KEY_HIGH_PASS_HZ: [f64; 2] = [20.0, 500.0];
/// Lowest and highest corner of the key's low-pass in Hz.
pub const KEY_LOW_PASS_HZ: [f64; 2] = [500.0, 20_000.0];
/// Lowest and highest frequency of the key's bell in Hz.
pub const KEY_BELL_HZ: [f64; 2] = [20.0, 20_000.0];
/// The largest gain of the key's bell, either way, in dB.
pub const MAX_KEY_BELL_DB: f64 = 18.0;
/// Lowest and highest Q of the key's bell.
pub const KEY_BELL_Q: [f64; 2] = [0.1, 10.0];
/// The largest tilt of the key, either way, in dB from end to end.
pub const MAX_KEY_TILT_DB: f64 = 24.0;

/// What the level is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detector {
    /// Every sample for itself.
    Peak,
    /// The power over a time, read as the peak of the sine that has it.
    #[default]
    Rms,
}

impl Detector {
    /// All detectors, in the order users see them.
    pub const ALL: [Self; 2] = [Self::Peak, Self::Rms];
}

/// How the level is followed. See [`character`](crate::dynamics::character).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Character {
    /// Decoupled and smooth.
    #[default]
    Clean,
    /// Branching: one capacitor, charged by the peaks.
    Grab,
    /// A loop around the side-chain's own gain: faster the more there is to do.
    Bus,
}

impl Character {
    /// All characters, in the order users see them.
    pub const ALL: [Self; 3] = [Self::Clean, Self::Grab, Self::Bus];
}

/// What is listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeySource {
    /// The stem itself.
    #[default]
    Internal,
    /// The key input, and nothing but it.
    External,
}

impl KeySource {
    /// All sources, in the order users see them.
    pub const ALL: [Self; 2] = [Self::Internal, Self::External];
}

/// Which two channels are compressed. A mono layout is all mid and all left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StereoMode {
    /// Left and right.
    #[default]
    LeftRight,
    /// (L + R)/2 and (L − R)/2.
    MidSide,
}

impl StereoMode {
    /// All modes, in the order users see them.
    pub const ALL: [Self; 2] = [Self::LeftRight, Self::MidSide];
}

/// What of the key is heard: all filters in a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KeyFilter {
    /// Takes away what is below, 12 dB per octave, at 20 to 500 Hz; none is off.
    pub high_pass_hz: Option<f64>,
    /// Takes away what is above, 12 dB per octave, at 500 to 20 000 Hz; none is off.
    pub low_pass_hz: Option<f64>,
    /// Frequency of a bell, 20 to 20 000 Hz.
    pub bell_hz: f64,
    /// Gain of the bell, ±18 dB; 0 is off.
    pub bell_db: f64,
    /// Q of the bell, 0.1 to 10.
    pub bell_q: f64,
    /// How much louder the highest is heard than the lowest, about 1 kHz, ±24 dB; 0 is off.
    pub tilt_db: f64,
}

impl KeyFilter {
    /// Everything is heard.
    pub const DEFAULT: Self = Self {
        high_pass_hz: None,
        low_pass_hz: None,
        bell_hz: 1000.0,
        bell_db: 0.0,
        bell_q: FRAC_1_SQRT_2,
        tilt_db: 0.0,
    };
}

impl Default for KeyFilter {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Everything but the lookahead switch, which changes the latency and is therefore
/// [`BusCompressor::set_lookahead`](super::BusCompressor::set_lookahead). Values outside their ranges
/// count as their ends, what is not a number as the default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BusCompressorParams {
    /// Where it starts, −60 to 0 dB. At 0 it is off, however loud the key is.
    pub threshold_db: f64,
    /// dB of key for one dB left above the knee, 1 to 20.
    pub ratio: f64,
    /// Width of the knee in dB, 0 to 36.
    pub knee_db: f64,
    /// Time to 63.2 % of a growing reduction in ms, 0.05 to 250; of the parts of the loop under
    /// [`Character::Bus`].
    pub attack_ms: f64,
    /// The same of a falling reduction, 10 to 2500.
    pub release_ms: f64,
    /// Whether what is sustained recovers in two stages, the second eight times as long.
    pub auto_release: bool,
    /// How long the largest reduction is kept in ms, 0 to 500.
    pub hold_ms: f64,
    /// The most that is taken off in dB, 0 to 60.
    pub range_db: f64,
    /// Gain of what is compressed, ±24 dB.
    pub makeup_db: f64,
    /// Whether half of what the curve takes off at 0 dBFS is given back.
    pub auto_makeup: bool,
    /// Part of what is compressed in the output, 0 to 1; the rest is the input, aligned.
    pub mix: f64,
    /// How long before the key the gain moves, 0 to 10 ms; acts while the lookahead switch is on.
    pub lookahead_ms: f64,
    /// What the level is.
    pub detector: Detector,
    /// The time constant of [`Detector::Rms`] in ms, 1 to 100.
    pub rms_ms: f64,
    /// How it is followed.
    pub character: Character,
    /// What is listened to.
    pub key_source: KeySource,
    /// What of it is heard.
    pub key_filter: KeyFilter,
    /// How far the channels share one reduction, 0 to 1.
    pub link: f64,
    /// Which two channels are compressed.
    pub stereo_mode: StereoMode,
    /// Whether the output is what the detector hears, after the key filter.
    pub key_listen: bool,
}

impl BusCompressorParams {
    /// Off.
    pub const DEFAULT: Self = Self {
        threshold_db: 0.0,
        ratio: 2.0,
        knee_db: 6.0,
        attack_ms: 30.0,
        release_ms: 150.0,
        auto_release: false,
        hold_ms: 0.0,
        range_db: MAX_RANGE_DB,
        makeup_db: 0.0,
        auto_makeup: false,
        mix: 1.0,
        lookahead_ms: 5.0,
        detector: Detector::Rms,
        rms_ms: 10.0,
        character: Character::Clean,
        key_source: KeySource::Internal,
        key_filter: KeyFilter::DEFAULT,
        link: 1.0,
        stereo_mode: StereoMode::LeftRight,
        key_listen: false,
    };

    /// The same with every value within its range.
    #[must_use]
    pub fn sane(&self) -> Self {
        let within = |x: f64, [low, high]: [f64; 2], default: f64| {
            if x.is_nan() { default } else { x.clamp(low, high) }
        };
        let d = Self::DEFAULT;
        let f = self.key_filter;
        let key_filter = KeyFilter {
            high_pass_hz: f.high_pass_hz.map(|hz| within(hz, KEY_HIGH_PASS_HZ, 100.0)),
            low_pass_hz: f.low_pass_hz.map(|hz| within(hz, KEY_LOW_PASS_HZ, 10_000.0)),
            bell_hz: within(f.bell_hz, KEY_BELL_HZ, KeyFilter::DEFAULT.bell_hz),
            bell_db: within(f.bell_db, [-MAX_KEY_BELL_DB, MAX_KEY_BELL_DB], 0.0),
            bell_q: within(f.bell_q, KEY_BELL_Q, KeyFilter::DEFAULT.bell_q),
            tilt_db: within(f.tilt_db, [-MAX_KEY_TILT_DB, MAX_KEY_TILT_DB], 0.0),
        };
        Self {
            threshold_db: within(self.threshold_db, [MIN_THRESHOLD_DB, 0.0], d.threshold_db),
            ratio: within(self.ratio, [1.0, MAX_RATIO], d.ratio),
            knee_db: within(self.knee_db, [0.0, MAX_KNEE_DB], d.knee_db),
            attack_ms: within(self.attack_ms, ATTACK_MS, d.attack_ms),
            release_ms: within(self.release_ms, RELEASE_MS, d.release_ms),
            hold_ms: within(self.hold_ms, [0.0, MAX_HOLD_MS], d.hold_ms),
            range_db: within(self.range_db, [0.0, MAX_RANGE_DB], d.range_db),
            makeup_db: within(self.makeup_db, [-MAX_MAKEUP_DB, MAX_MAKEUP_DB], d.makeup_db),
            mix: within(self.mix, [0.0, 1.0], d.mix),
            lookahead_ms: within(self.lookahead_ms, [0.0, MAX_LOOKAHEAD_MS], d.lookahead_ms),
            rms_ms: within(self.rms_ms, RMS_MS, d.rms_ms),
            link: within(self.link, [0.0, 1.0], d.link),
            key_filter,
            ..*self
        }
    }

    /// 1 − 1/ratio: how much of a dB above the knee is taken off; 0 while the threshold is off.
    pub fn slope(&self) -> f64 {
        if self.threshold_db >= 0.0 { 0.0 } else { 1.0 - 1.0 / self.ratio }
    }

    /// What the static curve takes off at a level of the key in dB, in dB ≥ 0.
    pub fn reduction_db(&self, level_db: f64) -> f64 {
        super::curve::Curve::of(&self.sane()).computers().change_db(0, level_db)
    }

    /// What is added to `makeup_db` while `auto_makeup` is on, in dB: half of the reduction at 0 dBFS.
    pub fn auto_makeup_db(&self) -> f64 {
        0.5 * self.reduction_db(0.0)
    }
}

impl Default for BusCompressorParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}
