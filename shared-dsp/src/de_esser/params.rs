//! What a user sets on the de-esser.

/// Lowest and highest value of both ends of the sibilant band in Hz.
pub const BAND_HZ: [f64; 2] = [2000.0, 16_000.0];
/// How many times as high the upper end at least is.
pub const LEAST_WIDTH: f64 = 1.25;
/// The largest range in dB: more is never taken off.
pub const MAX_RANGE_DB: f64 = 24.0;
/// Shortest and longest attack in ms.
pub const ATTACK_MS: [f64; 2] = [0.05, 50.0];
/// Shortest and longest release in ms.
pub const RELEASE_MS: [f64; 2] = [5.0, 500.0];
/// The longest lookahead in milliseconds, and the latency of the lookahead switch.
pub const MAX_LOOKAHEAD_MS: f64 = 5.0;
/// Thresholds of [`Detect::Relative`] at no and at full sensitivity: dB of the band against the voice's body.
pub const RELATIVE_DB: [f64; 2] = [12.0, -36.0];
/// Thresholds of [`Detect::Absolute`] at no and at full sensitivity: dBFS of the band.
pub const ABSOLUTE_DB: [f64; 2] = [-6.0, -54.0];

/// What is taken for sibilant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Detect {
    /// A band that is loud against the voice's body, however loud both are.
    #[default]
    Relative,
    /// A band that is loud.
    Absolute,
}

impl Detect {
    /// All kinds, in the order users see them.
    pub const ALL: [Self; 2] = [Self::Relative, Self::Absolute];
}

/// What is turned down. A plugin's Split is the switch [`DeEsser::set_split`](super::DeEsser::set_split),
/// since it adds latency; while it is on, this does nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    /// The band, with soft edges.
    #[default]
    Bell,
    /// Everything from the lower end of the band on.
    Shelf,
    /// Everything.
    Wide,
}

impl Mode {
    /// All modes, in the order users see them.
    pub const ALL: [Self; 3] = [Self::Bell, Self::Shelf, Self::Wide];
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

/// Which two channels are listened to and turned down. A mono layout is all mid and all left.
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

/// Everything but the switches that change the latency:
/// [`set_lookahead`](super::DeEsser::set_lookahead) and [`set_split`](super::DeEsser::set_split). Values
/// outside their ranges count as their ends, what is not a number as the default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeEsserParams {
    /// What is taken for sibilant.
    pub detect: Detect,
    /// Lower end of the sibilant band, 2000 to 16 000 Hz.
    pub low_hz: f64,
    /// Upper end, 2000 to 16 000 Hz; counts as at least 1.25 times the lower end.
    pub high_hz: f64,
    /// How little is enough, 0 to 1: see [`threshold_db`](Self::threshold_db).
    pub sensitivity: f64,
    /// The most that is taken off in dB, 0 to 24; 0 is off.
    pub range_db: f64,
    /// Time to 63.2 % of a growing reduction in ms, 0.05 to 50.
    pub attack_ms: f64,
    /// The same of a falling reduction, 5 to 500.
    pub release_ms: f64,
    /// How long before the key the gain moves, 0 to 5 ms; acts while the lookahead switch is on.
    pub lookahead_ms: f64,
    /// What is turned down.
    pub mode: Mode,
    /// What is listened to.
    pub key_source: KeySource,
    /// How far the channels share one reduction, 0 to 1.
    pub link: f64,
    /// Which two channels are listened to and turned down.
    pub stereo_mode: StereoMode,
    /// Whether the output is what the detector hears: the sibilant band of the key.
    pub key_listen: bool,
}

impl DeEsserParams {
    /// Up to 6 dB off what is sibilant.
    pub const DEFAULT: Self = Self {
        detect: Detect::Relative,
        low_hz: 5000.0,
        high_hz: 9000.0,
        sensitivity: 0.5,
        range_db: 6.0,
        attack_ms: 0.5,
        release_ms: 10.0,
        lookahead_ms: 2.5,
        mode: Mode::Bell,
        key_source: KeySource::Internal,
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
        let low_hz = within(self.low_hz, BAND_HZ, d.low_hz);
        Self {
            low_hz,
            high_hz: within(self.high_hz, BAND_HZ, d.high_hz).max(LEAST_WIDTH * low_hz),
            sensitivity: within(self.sensitivity, [0.0, 1.0], d.sensitivity),
            range_db: within(self.range_db, [0.0, MAX_RANGE_DB], d.range_db),
            attack_ms: within(self.attack_ms, ATTACK_MS, d.attack_ms),
            release_ms: within(self.release_ms, RELEASE_MS, d.release_ms),
            lookahead_ms: within(self.lookahead_ms, [0.0, MAX_LOOKAHEAD_MS], d.lookahead_ms),
            link: within(self.link, [0.0, 1.0], d.link),
            ..*self
        }
    }

    /// From where on something is sibilant: dB of the band against the voice's body, or dBFS of the band.
    pub fn threshold_db(&self) -> f64 {
        let [none, full] = match self.detect {
            Detect::Relative => RELATIVE_DB,
            Detect::Absolute => ABSOLUTE_DB,
        };
        none + self.sane().sensitivity * (full - none)
    }
}

impl Default for DeEsserParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}
