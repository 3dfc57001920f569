//! What a user sets on the equaliser.

use crate::dynamics::gain_computer::Action;
use crate::unmask::UnmaskParams;
use crate::voice::DEFAULT_KEY_LEVEL_LUFS;
use std::f64::consts::FRAC_1_SQRT_2;

/// Number of bands.
pub const BANDS: usize = 8;
/// Lowest frequency of a band and of a key filter in Hz.
pub const MIN_FREQUENCY_HZ: f64 = 20.0;
/// Highest frequency of a band and of a key filter in Hz.
pub const MAX_FREQUENCY_HZ: f64 = 20_000.0;
/// Largest static gain and largest range, either way, in dB.
pub const MAX_GAIN_DB: f64 = 24.0;
/// Lowest Q.
pub const MIN_Q: f64 = 0.1;
/// Highest Q.
pub const MAX_Q: f64 = 24.0;
/// The longest lookahead in milliseconds, and the latency of the lookahead switch.
pub const MAX_LOOKAHEAD_MS: f64 = 20.0;

/// What a band is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BandType {
    /// A bell; can move.
    #[default]
    Bell,
    /// Everything below its frequency; can move.
    LowShelf,
    /// Everything above its frequency; can move.
    HighShelf,
    /// Half the gain above its frequency, half its negative below; can move.
    Tilt,
    /// Takes away what is below.
    LowCut,
    /// Takes away what is above.
    HighCut,
    /// Takes away its frequency.
    Notch,
    /// Leaves only what is around its frequency.
    BandPass,
}

impl BandType {
    /// All types, in the order users see them.
    pub const ALL: [Self; 8] = [
        Self::Bell,
        Self::LowShelf,
        Self::HighShelf,
        Self::Tilt,
        Self::LowCut,
        Self::HighCut,
        Self::Notch,
        Self::BandPass,
    ];

    /// Whether a band of this type has a gain, and can therefore move.
    pub fn has_gain(self) -> bool {
        matches!(self, Self::Bell | Self::LowShelf | Self::HighShelf | Self::Tilt)
    }

    /// Whether a band of this type has a slope.
    pub fn has_slope(self) -> bool {
        matches!(self, Self::LowCut | Self::HighCut)
    }
}

/// How steep a cut is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Slope {
    /// 6 dB per octave.
    Db6,
    /// 12 dB per octave.
    #[default]
    Db12,
    /// 18 dB per octave.
    Db18,
    /// 24 dB per octave.
    Db24,
    /// 30 dB per octave.
    Db30,
    /// 36 dB per octave.
    Db36,
    /// 42 dB per octave.
    Db42,
    /// 48 dB per octave.
    Db48,
}

impl Slope {
    /// All slopes, gentle to steep.
    pub const ALL: [Self; 8] = [
        Self::Db6,
        Self::Db12,
        Self::Db18,
        Self::Db24,
        Self::Db30,
        Self::Db36,
        Self::Db42,
        Self::Db48,
    ];

    /// Order of the filter: a sixth of the dB per octave.
    pub fn order(self) -> usize {
        self as usize + 1
    }
}

/// What of the stem a band works on. A mono layout is all mid and all left: Side and Right do
/// nothing there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Placement {
    /// Both channels.
    #[default]
    Stereo,
    /// The left channel.
    Left,
    /// The right channel.
    Right,
    /// (L + R)/2.
    Mid,
    /// (L − R)/2.
    Side,
}

impl Placement {
    /// All placements, in the order users see them.
    pub const ALL: [Self; 5] = [Self::Stereo, Self::Left, Self::Right, Self::Mid, Self::Side];
}

/// What moves a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeySource {
    /// The stem, in the band's placement.
    #[default]
    Internal,
    /// The key input.
    External,
    /// How much louder the stem is than the key, in dB.
    Difference,
    /// How active the voice on the key input is: that part of the range is asked for. Threshold, ratio,
    /// knee, action and key filter mean nothing here; attack, hold and release are as ever.
    Voice,
}

impl KeySource {
    /// All sources, in the order users see them.
    pub const ALL: [Self; 4] = [Self::Internal, Self::External, Self::Difference, Self::Voice];
}

/// What of its key a band hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyFilter {
    /// What the band itself works on: around a bell, below a low shelf, above a high one, all for a
    /// tilt.
    #[default]
    Follow,
    /// A band-pass of its own.
    BandPass,
    /// A low-pass of its own.
    LowPass,
    /// A high-pass of its own.
    HighPass,
    /// Everything.
    Off,
}

impl KeyFilter {
    /// All key filters, in the order users see them.
    pub const ALL: [Self; 5] =
        [Self::Follow, Self::BandPass, Self::LowPass, Self::HighPass, Self::Off];
}

/// One band. Values outside their ranges count as their ends, what is not a number as the default.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandParams {
    /// Whether the band does anything.
    pub on: bool,
    /// What it is.
    pub band_type: BandType,
    /// 20 to 20 000 Hz; held below 0.49 of the sample rate.
    pub frequency_hz: f64,
    /// Static gain, ±24 dB; without meaning for types without a gain.
    pub gain_db: f64,
    /// 0.1 to 24. On a cut, 0.707 is Butterworth, and other values bend its corner.
    pub q: f64,
    /// How steep, if it is a cut.
    pub slope: Slope,
    /// What of the stem it works on.
    pub placement: Placement,
    /// The most its move may add to the static gain, ±24 dB; 0 does not move.
    pub range_db: f64,
    /// Where it starts to move: dBFS, and dB between stem and key under [`KeySource::Difference`].
    pub threshold_db: f64,
    /// dB of key for one dB left, 1 (no move) and up; of the way past the threshold, 1 − 1/ratio
    /// becomes the move.
    pub ratio: f64,
    /// Width of the knee in dB, 0 and up.
    pub knee_db: f64,
    /// Time to 63.2 % of a growing move in ms, 0.1 to 500.
    pub attack_ms: f64,
    /// How long the largest move is kept in ms, 0 and up.
    pub hold_ms: f64,
    /// Time to 63.2 % of a falling move in ms, 5 to 5000.
    pub release_ms: f64,
    /// On which side of the threshold it moves.
    pub action: Action,
    /// What moves it.
    pub key_source: KeySource,
    /// What of the key it hears.
    pub key_filter: KeyFilter,
    /// Frequency of a key filter of its own, 20 to 20 000 Hz.
    pub key_frequency_hz: f64,
    /// Q of a key filter of its own, 0.1 to 24.
    pub key_q: f64,
}

impl BandParams {
    /// Off, and neutral once on.
    pub const DEFAULT: Self = Self {
        on: false,
        band_type: BandType::Bell,
        frequency_hz: 1000.0,
        gain_db: 0.0,
        q: FRAC_1_SQRT_2,
        slope: Slope::Db12,
        placement: Placement::Stereo,
        range_db: 0.0,
        threshold_db: -30.0,
        ratio: 4.0,
        knee_db: 6.0,
        attack_ms: 10.0,
        hold_ms: 0.0,
        release_ms: 150.0,
        action: Action::Above,
        key_source: KeySource::Internal,
        key_filter: KeyFilter::Follow,
        key_frequency_hz: 1000.0,
        key_q: FRAC_1_SQRT_2,
    };

    /// The same with every value within its range.
    #[must_use]
    pub fn sane(&self) -> Self {
        let within = |x: f64, low: f64, high: f64, default: f64| {
            if x.is_nan() { default } else { x.clamp(low, high) }
        };
        let frequency = |x| within(x, MIN_FREQUENCY_HZ, MAX_FREQUENCY_HZ, 1000.0);
        let q = |x| within(x, MIN_Q, MAX_Q, FRAC_1_SQRT_2);
        let gain = |x| within(x, -MAX_GAIN_DB, MAX_GAIN_DB, 0.0);
        let d = Self::DEFAULT;
        Self {
            frequency_hz: frequency(self.frequency_hz),
            gain_db: gain(self.gain_db),
            q: q(self.q),
            range_db: gain(self.range_db),
            threshold_db: within(self.threshold_db, -120.0, 120.0, d.threshold_db),
            ratio: within(self.ratio, 1.0, f64::INFINITY, d.ratio),
            knee_db: within(self.knee_db, 0.0, 72.0, d.knee_db),
            attack_ms: within(self.attack_ms, 0.1, 500.0, d.attack_ms),
            hold_ms: within(self.hold_ms, 0.0, 5000.0, d.hold_ms),
            release_ms: within(self.release_ms, 5.0, 5000.0, d.release_ms),
            key_frequency_hz: frequency(self.key_frequency_hz),
            key_q: q(self.key_q),
            ..*self
        }
    }

    /// Its range at a `scale` of 0 to 2, held within ±24 dB; 0 where it cannot move.
    pub fn scaled_range_db(&self, scale: f64) -> f64 {
        if self.band_type.has_gain() {
            (self.range_db * scale).clamp(-MAX_GAIN_DB, MAX_GAIN_DB)
        } else {
            0.0
        }
    }
}

impl Default for BandParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// How one listens to a single band, instead of to the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listen {
    /// The part of the stem a band works on.
    Solo(usize),
    /// What a band's detector hears, after its key filter.
    Key(usize),
}

/// Everything but the lookahead switch, which changes the latency and is therefore
/// [`DynamicEq::set_lookahead`](super::DynamicEq::set_lookahead).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DynamicEqParams {
    /// The bands.
    pub bands: [BandParams; BANDS],
    /// Factor of all ranges, 0 to 2.
    pub scale: f64,
    /// Part of the equalised signal in the output, 0 to 1; the rest is the input, aligned.
    pub mix: f64,
    /// Gain at the end in dB.
    pub output_db: f64,
    /// Whether a static estimate of the loudness the static curve adds is taken off.
    pub auto_gain: bool,
    /// How long before the key the gains move, 0 to 20 ms; acts while the lookahead switch is on.
    pub lookahead_ms: f64,
    /// A single band instead of the output.
    pub listen: Option<Listen>,
    /// What makes room for a voice, beside the bands.
    pub unmask: UnmaskParams,
    /// The loudness of the voice on the key input in LUFS, −60 to 0, as learned: where the reference of
    /// [`KeySource::Voice`] and of Unmask starts.
    pub key_level_lufs: f64,
}

impl DynamicEqParams {
    /// All bands off.
    pub const DEFAULT: Self = Self {
        bands: [BandParams::DEFAULT; BANDS],
        scale: 1.0,
        mix: 1.0,
        output_db: 0.0,
        auto_gain: false,
        lookahead_ms: 5.0,
        listen: None,
        unmask: UnmaskParams::DEFAULT,
        key_level_lufs: DEFAULT_KEY_LEVEL_LUFS,
    };
}

impl Default for DynamicEqParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}
