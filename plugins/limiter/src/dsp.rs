//! The sound of Stem Limiter: limiter → dither, with bypass and delta around them.

use crate::meters::{LimiterMeters, group};
use shared_dsp::Processor;
use shared_dsp::dither::{BitDepth, Dither, DitherParams, peak_bound};
use shared_dsp::dry_path::{DryPath, Monitor};
use shared_dsp::key_watch::KeyWatch;
use shared_dsp::limiter::{Limiter, LimiterParams};
use support::{Orders, Reading};

/// What Stem Limiter shows, in the order of [`Shown`].
pub const READINGS: &[Reading] = &[
    Reading { name: "Gain reduction", unit: "dB" },
    Reading { name: "Key fed", unit: "" },
    Reading { name: "Input peak", unit: "dBFS" },
    Reading { name: "Output peak", unit: "dBFS" },
    Reading { name: "Input level", unit: "dBTP" },
    Reading { name: "Input held", unit: "dBTP" },
    Reading { name: "Output level", unit: "dBTP" },
    Reading { name: "Output held", unit: "dBTP" },
    Reading { name: "Input maximum", unit: "dBTP" },
    Reading { name: "Output maximum, ITU 4x", unit: "dBTP" },
    Reading { name: "Output maximum, strict 16x", unit: "dBTP" },
    Reading { name: "Gain reduction maximum", unit: "dB" },
    Reading { name: "Momentary", unit: "LUFS" },
    Reading { name: "Short-term", unit: "LUFS" },
    Reading { name: "Integrated", unit: "LUFS" },
    Reading { name: "Range", unit: "LU" },
    Reading { name: "Measured", unit: "s" },
    Reading { name: "Release now", unit: "ms" },
    Reading { name: "Slow release", unit: "%" },
];

/// Indices of [`READINGS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Largest reduction of the last sixtieth of a second, 0 or more.
    GainReduction,
    /// 1 when the key is fed, 0 when not.
    KeyFed,
    /// Largest sample at the input, after the gain, since the last reading.
    InputPeak,
    /// Largest sample at the output since the last reading.
    OutputPeak,
    /// True peak at the input, after the gain, falling slowly.
    InputLevel,
    /// The same, held for a while.
    InputHeld,
    /// True peak at the output, falling slowly.
    OutputLevel,
    /// The same, held for a while.
    OutputHeld,
    /// Largest true peak at the input, after the gain.
    InputMaximum,
    /// Largest true peak at the output by BS.1770's filter.
    OutputMaximum,
    /// Largest true peak at the output by the strict meter.
    StrictMaximum,
    /// Largest reduction, 0 or more.
    ReductionMaximum,
    /// Momentary loudness of the output.
    Momentary,
    /// Short-term loudness of the output.
    ShortTerm,
    /// Integrated loudness of the output.
    Integrated,
    /// Loudness range of the output.
    Range,
    /// How long the measurement of loudness has run, pauses left out.
    Measured,
    /// In what time the reduction would shrink to 36.8 % if the key fell silent now.
    ReleaseNow,
    /// How much of the reduction the slow path of Auto Release carries, in percent.
    SlowShare,
}

/// The readings the history draws: input, output and reduction.
pub const TRACED: &[usize] =
    &[Shown::InputPeak as usize, Shown::OutputPeak as usize, Shown::GainReduction as usize];

/// The settings of Stem Limiter in users' units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LimiterSettings {
    /// The limiter's own; what the dither needs below the ceiling is added here.
    pub limiter: LimiterParams,
    /// Requantisation of the output. Off under an external key, since noise does not sum.
    pub dither: BitDepth,
    /// Whether the dither's noise is moved to where it is heard least.
    pub noise_shaping: bool,
    /// What is listened to. Match is off under an external key, Key Listen without one.
    pub monitor: Monitor,
}

impl LimiterSettings {
    fn dither(&self) -> DitherParams {
        let depth = if self.limiter.external_key { BitDepth::Off } else { self.dither };
        DitherParams { depth, noise_shaping: self.noise_shaping }
    }
}

/// The processor of Stem Limiter.
#[derive(Debug)]
pub struct StemLimiterDsp {
    settings: LimiterSettings,
    sample_rate_hz: f64,
    limiter: Limiter,
    dither: Dither,
    dry: DryPath,
    key_watch: KeyWatch,
    meters: LimiterMeters,
}

impl Default for StemLimiterDsp {
    fn default() -> Self {
        Self {
            settings: LimiterSettings {
                limiter: LimiterParams::default(),
                dither: BitDepth::Off,
                noise_shaping: false,
                monitor: Monitor::default(),
            },
            sample_rate_hz: 48_000.0,
            limiter: Limiter::new(),
            dither: Dither::new(),
            dry: DryPath::new().matching().keyed(),
            key_watch: KeyWatch::default(),
            meters: LimiterMeters::new(),
        }
    }
}

impl StemLimiterDsp {
    /// Hands over the readings of [`TRACED`] by their index in [`READINGS`]; peaks start over.
    pub fn publish_traced(&mut self, mut set: impl FnMut(usize, f32)) {
        self.meters.hear_reduction(self.limiter.gain_reduction_db());
        let gain_db = self.settings.limiter.gain_db;
        self.meters.publish_traced(gain_db, |shown, value| set(shown as usize, value as f32));
    }

    /// Hands over the other readings by their index in [`READINGS`].
    pub fn publish(&self, mut set: impl FnMut(usize, f32)) {
        let mut put = |shown: Shown, value: f64| set(shown as usize, value as f32);
        let gain_db = self.settings.limiter.gain_db;
        let release = self.limiter.release_state();
        put(Shown::ReleaseNow, release.time_constant_ms);
        put(Shown::SlowShare, 100.0 * release.slow_share);
        put(Shown::KeyFed, if self.key_watch.is_fed() { 1.0 } else { 0.0 });
        self.meters.publish(gain_db, put);
    }

    /// Does what the editor wants of the measurements; the groups are those of [`group`].
    pub fn obey(&mut self, orders: Orders) {
        self.meters.restart(orders.restart);
        self.meters.pause(orders.pause & group::LOUDNESS != 0);
        self.meters.follow_levels(orders.watched);
    }

    /// The gain Match holds, in dB; none while it is off or has nothing to hold yet.
    pub fn match_db(&self) -> Option<f64> {
        self.dry.match_db()
    }

    /// Dither starts over, so that every pass over the same material is the same.
    pub fn restart_dither(&mut self) {
        self.dither.restart();
    }

    fn apply_settings(&mut self) {
        let dither = self.settings.dither();
        self.dither.set_params(&dither);
        self.limiter.set_params(&LimiterParams {
            reserved: peak_bound(dither.depth, dither.noise_shaping, self.sample_rate_hz),
            ..self.settings.limiter
        });
    }
}

impl Processor for StemLimiterDsp {
    type Params = LimiterSettings;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.limiter.prepare(sample_rate_hz, max_block_len);
        self.dither.prepare(sample_rate_hz, max_block_len);
        self.dry.prepare(sample_rate_hz, max_block_len, self.limiter.latency_samples());
        self.meters.prepare(sample_rate_hz);
        self.key_watch.prepare(sample_rate_hz);
        self.apply_settings();
    }

    fn set_params(&mut self, settings: &LimiterSettings) {
        if self.settings != *settings {
            self.settings = *settings;
            self.apply_settings();
        }
    }

    fn reset(&mut self) {
        self.limiter.reset();
        self.dither.reset();
        self.dry.reset();
        self.meters.reset();
        self.key_watch.reset();
    }

    fn latency_samples(&self) -> usize {
        self.limiter.latency_samples()
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        self.key_watch.hear(key, audio.first().map_or(0, |channel| channel.len()));
        self.dry.capture_keyed(audio, key);
        self.meters.hear_input(audio);
        self.limiter.process(audio, key);
        self.dither.process(audio, key);
        self.meters.hear_output(audio);
        self.dry.finish(audio, self.settings.monitor);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::Meter;
    use shared_dsp::true_peak::TruePeak;

    const LIMITER: LimiterParams = LimiterParams { ceiling_db: 60.0, ..LimiterParams::DEFAULT };
    const NEUTRAL: LimiterSettings = LimiterSettings {
        limiter: LIMITER,
        dither: BitDepth::Off,
        noise_shaping: false,
        monitor: WET,
    };
    const WET: Monitor = Monitor { bypass: false, delta: false, matched: false, key: false };

    shared_dsp::contract! {
        mod contract_of_stem_limiter;
        new: StemLimiterDsp::default,
        settings: [
            NEUTRAL,
            LimiterSettings { limiter: LimiterParams { ceiling_db: -1.0, ..LIMITER }, ..NEUTRAL },
            LimiterSettings { monitor: Monitor { delta: true, ..WET }, ..NEUTRAL },
            LimiterSettings { dither: BitDepth::Bits16, noise_shaping: true, ..NEUTRAL },
            LimiterSettings {
                limiter: LimiterParams { ceiling_db: -6.0, gain_db: 6.0, ..LIMITER },
                monitor: Monitor { matched: true, ..WET },
                ..NEUTRAL
            },
            LimiterSettings { monitor: Monitor { bypass: true, ..WET }, ..NEUTRAL },
            LimiterSettings {
                limiter: LimiterParams { external_key: true, ceiling_db: -6.0, ..LIMITER },
                monitor: Monitor { key: true, ..WET },
                ..NEUTRAL
            },
            LimiterSettings {
                limiter: LimiterParams { external_key: true, ceiling_db: -6.0, ..LIMITER },
                dither: BitDepth::Bits16,
                ..NEUTRAL
            },
        ],
    }

    #[test]
    fn dither_stays_under_the_ceiling() {
        for (depth, noise_shaping) in
            [(BitDepth::Bits16, true), (BitDepth::Bits16, false), (BitDepth::Bits24, true)]
        {
            let limiter = LimiterParams { ceiling_db: -1.0, gain_db: 18.0, ..LIMITER };
            let mut dsp = StemLimiterDsp::default();
            dsp.prepare(48_000.0, 256);
            dsp.set_params(&LimiterSettings { limiter, dither: depth, noise_shaping, ..NEUTRAL });
            let mut meter = TruePeak::strict_16x();
            meter.prepare(48_000.0, 1);
            for block in 0..400 {
                let mut audio: [f32; 256] = std::array::from_fn(|i| {
                    let n = (block * 256 + i) as f32;
                    0.5 * (0.21 * n).sin() + 0.3 * (1.3 * n).sin()
                });
                dsp.process(&mut [&mut audio], &[]);
                assert!(audio.iter().all(|x| {
                    let steps = f64::from(*x) / depth.lsb();
                    steps == steps.round()
                }));
                meter.process(&[&audio]);
            }
            let peak_dbtp = meter.max_dbtp(0);
            assert!((-1.2..=-1.0).contains(&peak_dbtp), "{peak_dbtp} dBTP at {depth:?}");
        }
    }

    #[test]
    fn dither_stays_off_under_an_external_key() {
        let external = LimiterParams { external_key: true, ..LIMITER };
        let settings = LimiterSettings { limiter: external, dither: BitDepth::Bits16, ..NEUTRAL };
        assert_eq!(settings.dither().depth, BitDepth::Off);
    }

    /// Seconds of a tone through the limiter at 12 dB of gain, with this monitor; the last second of
    /// output, and of a key that is another tone.
    fn listened(external_key: bool, monitor: Monitor) -> (Vec<f32>, Vec<f32>, StemLimiterDsp) {
        let limiter = LimiterParams { ceiling_db: -1.0, gain_db: 12.0, external_key, ..LIMITER };
        let mut dsp = StemLimiterDsp::default();
        dsp.prepare(48_000.0, 256);
        dsp.set_params(&LimiterSettings { limiter, ..NEUTRAL });
        let (mut output, mut keys) = (Vec::new(), Vec::new());
        for block in 0..750usize {
            if block == 400 {
                dsp.set_params(&LimiterSettings { limiter, monitor, ..NEUTRAL });
            }
            let tone = |hz: f64, level: f64| -> [f32; 256] {
                std::array::from_fn(|i| {
                    let t = (block * 256 + i) as f64 / 48_000.0;
                    (level * (std::f64::consts::TAU * hz * t).sin()) as f32
                })
            };
            let (mut audio, key) = (tone(440.0, 0.1), tone(990.0, 0.05));
            dsp.process(&mut [&mut audio], &[&key]);
            output.extend(audio);
            keys.extend(key);
        }
        (output.split_off(output.len() - 48_000), keys.split_off(keys.len() - 48_000), dsp)
    }

    fn rms(audio: &[f32]) -> f64 {
        (audio.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / audio.len() as f64).sqrt()
    }

    #[test]
    fn matched_it_is_as_loud_as_bypassed() {
        let matched = Monitor { matched: true, ..WET };
        let (output, _, dsp) = listened(false, matched);
        let held_db = dsp.match_db().expect("a gain is held");
        assert!((held_db + 12.0).abs() < 0.1, "{held_db} dB");
        let (bypassed, ..) = listened(false, Monitor { bypass: true, ..matched });
        let off_db = 20.0 * (rms(&output) / rms(&bypassed)).log10();
        assert!(off_db.abs() < 0.1, "{off_db} dB");
    }

    #[test]
    fn key_listen_is_the_key_a_latency_ago() {
        let (output, key, dsp) = listened(true, Monitor { key: true, ..WET });
        let latency = dsp.latency_samples();
        assert_eq!(output[latency..], key[..key.len() - latency]);
    }

    #[test]
    fn what_is_traced_and_the_rest_are_all_there_is() {
        let mut dsp = StemLimiterDsp::default();
        dsp.prepare(48_000.0, 256);
        let mut traced = Vec::new();
        dsp.publish_traced(|index, _| traced.push(index));
        traced.sort_unstable();
        let mut wanted = TRACED.to_vec();
        wanted.sort_unstable();
        assert_eq!(traced, wanted);
        dsp.publish(|index, _| traced.push(index));
        traced.sort_unstable();
        assert_eq!(traced, (0..READINGS.len()).collect::<Vec<_>>());
    }

    #[test]
    fn a_key_counts_as_fed_for_two_seconds_after_it_fell_silent() {
        let mut dsp = StemLimiterDsp::default();
        dsp.prepare(48_000.0, 256);
        dsp.obey(Orders { watched: true, ..Orders::default() });
        let mut state = |sample: f32, blocks: usize| {
            for _ in 0..blocks {
                let (mut audio, key) = ([0.0; 256], [sample; 256]);
                dsp.process(&mut [&mut audio], &[&key]);
            }
            let mut fed = f32::NAN;
            dsp.publish(|index, value| {
                if index == Shown::KeyFed as usize {
                    fed = value;
                }
            });
            fed
        };
        assert_eq!(state(0.0, 1), 0.0);
        assert_eq!(state(0.1, 1), 1.0);
        assert_eq!(state(0.0, 370), 1.0);
        assert_eq!(state(0.0, 10), 0.0);
    }
}
