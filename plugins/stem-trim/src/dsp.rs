//! The sound of Stem Trim: matrix → high-pass → delay, the bypass around them, the readings after.

use shared_dsp::dry_path::{DryPath, Monitor};
use shared_dsp::fractional_delay::{DelayParams, FractionalDelay};
use shared_dsp::high_pass::{HighPass, HighPassParams, HighPassSlope};
use shared_dsp::hop_sums::HopMeter as _;
use shared_dsp::matrix_mixer::MatrixMixer;
use shared_dsp::processor::MAX_CHANNELS;
use shared_dsp::stem_readings::StemReadings;
use shared_dsp::stereo_matrix::{ChannelMode, StereoMatrix};
use shared_dsp::versions::{Role, Version};
use shared_dsp::{Meter, Processor};
use support::{Orders, Reading};

/// What Stem Trim shows, measured after it, in the order of [`Shown`].
pub const READINGS: &[Reading] = &[
    Reading { name: "VU L", unit: "dBFS" },
    Reading { name: "VU R", unit: "dBFS" },
    Reading { name: "Peak L, held", unit: "dBFS" },
    Reading { name: "Peak R, held", unit: "dBFS" },
    Reading { name: "Peak, maximum", unit: "dBFS" },
    Reading { name: "True peak L, held", unit: "dBTP" },
    Reading { name: "True peak R, held", unit: "dBTP" },
    Reading { name: "True peak, maximum", unit: "dBTP" },
    Reading { name: "Short-term loudness", unit: "LUFS" },
    Reading { name: "Integrated loudness", unit: "LUFS" },
    Reading { name: "Crest factor L", unit: "dB" },
    Reading { name: "Crest factor R", unit: "dB" },
    Reading { name: "Correlation", unit: "" },
    Reading { name: "Correlation, lowest", unit: "" },
    Reading { name: "Channels", unit: "" },
    Reading { name: "Bit-exact", unit: "" },
];

/// Indices into [`READINGS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is named in READINGS")]
pub enum Shown {
    VuLeft,
    VuRight,
    PeakLeft,
    PeakRight,
    PeakMaximum,
    TruePeakLeft,
    TruePeakRight,
    TruePeakMaximum,
    ShortTerm,
    Integrated,
    CrestLeft,
    CrestRight,
    Correlation,
    CorrelationLowest,
    /// One or two.
    Channels,
    /// 1 while what comes out is what went in, bit for bit, and 0 otherwise.
    BitExact,
}

/// Measurements that start over on their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Short-term and integrated loudness.
    Loudness,
    /// Sample peak and true peak, with their maxima.
    Peaks,
    /// The lowest correlation.
    Correlation,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 3] = [Self::Loudness, Self::Peaks, Self::Correlation];

    /// The part's bit among the groups of readings.
    pub fn group(self) -> u32 {
        1 << self as u32
    }
}

/// The settings of Stem Trim in users' units.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs, reason = "each is documented where the user meets it, in params.rs")]
pub struct TrimSettings {
    pub gain_db: f64,
    pub polarity_left: bool,
    pub polarity_right: bool,
    pub channel_mode: ChannelMode,
    /// −1 to 1.
    pub balance: f64,
    /// 0 to 2.
    pub width: f64,
    pub high_pass_hz: Option<f64>,
    pub high_pass_slope: HighPassSlope,
    pub delay_ms: f64,
    pub role: Role,
    pub version: Version,
    pub vocal_step_db: f64,
    pub bypass: bool,
}

impl TrimSettings {
    /// Everything at its default: the signal passes bit for bit.
    pub const NEUTRAL: Self = Self {
        gain_db: 0.0,
        polarity_left: false,
        polarity_right: false,
        channel_mode: ChannelMode::Stereo,
        balance: 0.0,
        width: 1.0,
        high_pass_hz: None,
        high_pass_slope: HighPassSlope::Db12,
        delay_ms: 0.0,
        role: Role::Other,
        version: Version::Main,
        vocal_step_db: 1.0,
        bypass: false,
    };

    /// Gain and version together, in dB.
    fn total_gain_db(&self) -> f64 {
        self.gain_db + self.version.gain_db(self.role, self.vocal_step_db)
    }

    /// All that mixes channels, as one matrix. A mono layout has no side and no balance: there, width
    /// and balance do nothing, and Side is silent.
    fn matrix(&self, channels: usize) -> StereoMatrix {
        let gain = StereoMatrix::gain_db(self.total_gain_db());
        let polarity = StereoMatrix::polarity(self.polarity_left, self.polarity_right);
        if channels < 2 {
            return polarity.then(StereoMatrix::mono(self.channel_mode.mono_gain())).then(gain);
        }
        polarity
            .then(StereoMatrix::channel_mode(self.channel_mode))
            .then(StereoMatrix::width(self.width))
            .then(StereoMatrix::balance(self.balance))
            .then(gain)
    }
}

/// The processor of Stem Trim.
#[derive(Debug)]
pub struct Trim {
    settings: TrimSettings,
    channels: usize,
    matrix: MatrixMixer,
    high_pass: HighPass,
    delay: FractionalDelay,
    dry: DryPath,
    readings: StemReadings,
}

impl Default for Trim {
    fn default() -> Self {
        Self {
            settings: TrimSettings::NEUTRAL,
            channels: 2,
            matrix: MatrixMixer::new(),
            high_pass: HighPass::new(),
            delay: FractionalDelay::new(),
            dry: DryPath::new(),
            readings: StemReadings::new(),
        }
    }
}

impl Trim {
    /// Hands over every reading by its index in [`READINGS`]; NaN where there is none.
    pub fn publish(&self, mut set: impl FnMut(usize, f32)) {
        let meters = &self.readings;
        let levels = &meters.levels;
        let mut show = |shown: Shown, value: f64| set(shown as usize, value as f32);
        show(Shown::VuLeft, levels.vu.level_dbfs(0));
        show(Shown::VuRight, levels.vu.level_dbfs(1));
        show(Shown::PeakLeft, levels.peak.held_dbfs(0));
        show(Shown::PeakRight, levels.peak.held_dbfs(1));
        show(Shown::PeakMaximum, levels.peak.max_dbfs(0).max(levels.peak.max_dbfs(1)));
        show(Shown::TruePeakLeft, meters.true_peak.held_dbtp(0));
        show(Shown::TruePeakRight, meters.true_peak.held_dbtp(1));
        show(
            Shown::TruePeakMaximum,
            meters.true_peak.max_dbtp(0).max(meters.true_peak.max_dbtp(1)),
        );
        show(Shown::ShortTerm, meters.loudness.shortterm_lufs());
        show(Shown::Integrated, meters.loudness.integrated_lufs());
        show(Shown::CrestLeft, levels.crest.crest_db(0).unwrap_or(f64::NAN));
        show(Shown::CrestRight, levels.crest.crest_db(1).unwrap_or(f64::NAN));
        show(Shown::Correlation, levels.correlation.correlation().unwrap_or(f64::NAN));
        show(Shown::CorrelationLowest, levels.correlation.lowest().unwrap_or(f64::NAN));
        show(Shown::Channels, self.channels as f64);
        show(Shown::BitExact, f64::from(u8::from(self.is_bit_exact())));
    }

    /// Whether what comes out is, and stays, what went in, bit for bit.
    pub fn is_bit_exact(&self) -> bool {
        let passes = self.matrix.is_neutral(self.channels)
            && self.high_pass.is_neutral()
            && self.delay.is_neutral();
        self.dry.is_bypassed() || (passes && !self.settings.bypass)
    }

    /// Does what the page wants of the measurements. The true peak's bar moves only while it is watched.
    pub fn obey(&mut self, orders: Orders) {
        let parts = Part::ALL.into_iter().filter(|part| orders.restart & part.group() != 0);
        parts.for_each(|part| self.restart(part));
        self.readings.true_peak.follow_level(orders.watched);
    }

    /// One part of the measurements starts over.
    pub fn restart(&mut self, part: Part) {
        match part {
            Part::Loudness => self.readings.loudness.reset(),
            Part::Peaks => {
                self.readings.levels.peak.reset();
                self.readings.true_peak.reset();
            }
            Part::Correlation => self.readings.levels.correlation.restart_lowest(),
        }
    }

    fn apply_settings(&mut self) {
        let settings = &self.settings;
        self.matrix.set_params(&settings.matrix(self.channels));
        self.high_pass.set_params(&HighPassParams {
            cutoff_hz: settings.high_pass_hz,
            slope: settings.high_pass_slope,
        });
        self.delay.set_params(&DelayParams { delay_ms: settings.delay_ms });
    }
}

impl Processor for Trim {
    type Params = TrimSettings;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.matrix.prepare(sample_rate_hz, max_block_len);
        self.high_pass.prepare(sample_rate_hz, max_block_len);
        self.delay.prepare(sample_rate_hz, max_block_len);
        self.dry.prepare(sample_rate_hz, max_block_len, 0);
        self.readings.prepare(sample_rate_hz, MAX_CHANNELS);
    }

    fn set_params(&mut self, settings: &TrimSettings) {
        if self.settings != *settings {
            self.settings = *settings;
            self.apply_settings();
        }
    }

    fn reset(&mut self) {
        self.matrix.reset();
        self.high_pass.reset();
        self.delay.reset();
        self.dry.reset();
        self.readings.reset();
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        if audio.len() != self.channels {
            self.channels = audio.len();
            self.apply_settings();
        }
        self.dry.capture(audio);
        self.matrix.process(audio, key);
        self.high_pass.process(audio, key);
        self.delay.process(audio, key);
        let bypass = self.settings.bypass;
        self.dry.finish(audio, Monitor { bypass, ..Monitor::default() });
        match audio {
            [mono] => self.readings.process(&[mono]),
            [left, right, ..] => self.readings.process(&[left, right]),
            [] => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEUTRAL: TrimSettings = TrimSettings::NEUTRAL;

    shared_dsp::contract! {
        mod contract_of_stem_trim;
        new: Trim::default,
        settings: [
            NEUTRAL,
            TrimSettings { gain_db: -6.0, width: 1.5, ..NEUTRAL },
            TrimSettings { high_pass_hz: Some(80.0), polarity_left: true, ..NEUTRAL },
            TrimSettings { delay_ms: 3.3, balance: -0.5, ..NEUTRAL },
            TrimSettings { bypass: true, gain_db: 12.0, ..NEUTRAL },
            TrimSettings { role: Role::LeadVocal, version: Version::Instrumental, ..NEUTRAL },
            TrimSettings { role: Role::LeadVocal, version: Version::VocalUp, ..NEUTRAL },
            TrimSettings { channel_mode: ChannelMode::Side, ..NEUTRAL },
        ],
        observe: |trim, out| trim.publish(|_, value| out.push(f64::from(value))),
    }

    #[test]
    fn every_reading_has_a_name() {
        assert_eq!(READINGS.len(), Shown::BitExact as usize + 1);
        let mut published = Vec::new();
        Trim::default().publish(|index, _| published.push(index));
        assert_eq!(published, (0..READINGS.len()).collect::<Vec<_>>());
    }

    fn run(settings: TrimSettings, left: f32, right: f32) -> [f32; 2] {
        let mut trim = Trim::default();
        trim.prepare(48_000.0, 64);
        trim.set_params(&settings);
        let (mut left, mut right) = ([left; 64], [right; 64]);
        trim.process(&mut [&mut left, &mut right], &[]);
        [left[63], right[63]]
    }

    /// Whether a programme comes out as it went in.
    fn passes(trim: &mut Trim, settings: TrimSettings, samples: usize) -> bool {
        trim.set_params(&settings);
        let mut left: Vec<f32> = (0..samples).map(|n| (n as f32 * 0.1).sin() * 0.5).collect();
        let mut right: Vec<f32> = left.iter().map(|x| -0.5 * x).collect();
        let before = (left.clone(), right.clone());
        for (left, right) in left.chunks_mut(256).zip(right.chunks_mut(256)) {
            trim.process(&mut [left, right], &[]);
        }
        before == (left, right)
    }

    #[test]
    fn it_says_bit_exact_while_it_is() {
        let changes = [
            TrimSettings { gain_db: 0.05, ..NEUTRAL },
            TrimSettings { polarity_right: true, ..NEUTRAL },
            TrimSettings { channel_mode: ChannelMode::Mono, ..NEUTRAL },
            TrimSettings { balance: 0.01, ..NEUTRAL },
            TrimSettings { width: 0.99, ..NEUTRAL },
            TrimSettings { high_pass_hz: Some(10.0), ..NEUTRAL },
            TrimSettings { delay_ms: 0.1, ..NEUTRAL },
            TrimSettings { role: Role::LeadVocal, version: Version::VocalUp, ..NEUTRAL },
        ];
        for changed in changes {
            let mut trim = Trim::default();
            trim.prepare(48_000.0, 256);
            assert!(passes(&mut trim, NEUTRAL, 4800) && trim.is_bit_exact());
            assert!(!passes(&mut trim, changed, 48_000) && !trim.is_bit_exact(), "{changed:?}");
            // Taken back, it is exact only once the glide has ended.
            assert!(!passes(&mut trim, NEUTRAL, 16) && !trim.is_bit_exact(), "{changed:?}");
            passes(&mut trim, NEUTRAL, 48_000);
            assert!(passes(&mut trim, NEUTRAL, 4800) && trim.is_bit_exact(), "{changed:?}");
            let bypassed = TrimSettings { bypass: true, ..changed };
            passes(&mut trim, bypassed, 48_000);
            assert!(passes(&mut trim, bypassed, 4800) && trim.is_bit_exact(), "{changed:?}");
        }
    }

    #[test]
    fn parts_of_the_measurements_start_over_alone() {
        let mut trim = Trim::default();
        trim.prepare(48_000.0, 256);
        let shown = |trim: &Trim, wanted: Shown| {
            let mut found = f32::NAN;
            trim.publish(|index, value| {
                if index == wanted as usize {
                    found = value;
                }
            });
            found
        };
        let values = [
            (Part::Loudness, Shown::Integrated),
            (Part::Peaks, Shown::TruePeakMaximum),
            (Part::Correlation, Shown::CorrelationLowest),
        ];
        for restarted in Part::ALL {
            passes(&mut trim, NEUTRAL, 96_000);
            trim.restart(restarted);
            for (part, value) in values {
                let is_there = shown(&trim, value).is_finite();
                assert_eq!(is_there, part != restarted, "{value:?} after {restarted:?}");
            }
        }
    }

    #[test]
    fn a_muted_version_is_digital_silence() {
        let muted = TrimSettings { role: Role::LeadVocal, version: Version::TvMix, ..NEUTRAL };
        assert_eq!(run(muted, 0.5, -0.5), [0.0, 0.0]);
    }

    #[test]
    fn mid_and_side_prints_sum_to_the_stem() {
        let mid = run(TrimSettings { channel_mode: ChannelMode::Mid, ..NEUTRAL }, 0.7, -0.2);
        let side = run(TrimSettings { channel_mode: ChannelMode::Side, ..NEUTRAL }, 0.7, -0.2);
        assert!((mid[0] + side[0] - 0.7).abs() < 1e-7);
        assert!((mid[1] + side[1] + 0.2).abs() < 1e-7);
    }

    #[test]
    fn gain_and_vocal_step_add_up() {
        let up = TrimSettings {
            gain_db: -3.0,
            role: Role::BackingVocals,
            version: Version::VocalUp,
            vocal_step_db: 1.5,
            ..NEUTRAL
        };
        let expected = 10f32.powf(-1.5 / 20.0);
        assert!((run(up, 1.0, 1.0)[0] - expected).abs() < 1e-6);
    }
}
