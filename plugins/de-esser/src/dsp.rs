//! The sound of Stem De-Esser: the de-esser, with bypass, Delta, Match and Key Listen around it.

use crate::meters::DeEsserMeters;
use shared_dsp::Processor;
use shared_dsp::de_esser::{DeEsser, DeEsserParams};
use shared_dsp::dry_path::{DryPath, Monitor};
use shared_dsp::key_watch::KeyWatch;
use support::{Orders, Reading};

/// What Stem De-Esser shows, in the order of [`Shown`].
pub const READINGS: &[Reading] = &[
    Reading { name: "Input peak", unit: "dBFS" },
    Reading { name: "Gain reduction", unit: "dB" },
    Reading { name: "Sibilance", unit: "dB" },
    Reading { name: "Sureness", unit: "" },
    Reading { name: "Gain reduction, left or mid", unit: "dB" },
    Reading { name: "Gain reduction, right or side", unit: "dB" },
    Reading { name: "Gain reduction maximum", unit: "dB" },
    Reading { name: "Key fed", unit: "" },
    Reading { name: "Channels", unit: "" },
];

/// Indices of [`READINGS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Largest sample that came in since the last reading.
    InputPeak,
    /// Largest reduction of both channels since, 0 or more.
    GainReduction,
    /// The most of the band against the voice's body since, −60 to 60 dB; −60 where it was too quiet to
    /// tell.
    Sibilance,
    /// How sure that it was sibilant, 0 to 1; 0.25 where it is just enough.
    Sureness,
    /// Reduction of the left or the mid, 0 or more.
    ReductionFirst,
    /// Reduction of the right or the side, 0 or more.
    ReductionSecond,
    /// Largest reduction.
    ReductionMaximum,
    /// 1 when the key input is fed, 0 when not.
    KeyFed,
    /// How many channels there are, 0 before the first block.
    Channels,
}

/// The readings the history draws.
pub const TRACED: &[usize] = &[
    Shown::InputPeak as usize,
    Shown::GainReduction as usize,
    Shown::Sibilance as usize,
    Shown::Sureness as usize,
];

/// The settings of Stem De-Esser in users' units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeEsserSettings {
    /// The de-esser's own.
    pub de_esser: DeEsserParams,
    /// Whether the longest lookahead is added as latency, so that the gain may move before the s.
    pub lookahead: bool,
    /// Whether the band is split off in linear phase, which adds latency as well.
    pub split: bool,
    /// What is listened to. Match is off under an external key; the key is that of the de-esser.
    pub monitor: Monitor,
}

impl DeEsserSettings {
    /// As the de-esser starts: nothing listened to, no latency.
    pub const DEFAULT: Self = Self {
        de_esser: DeEsserParams::DEFAULT,
        lookahead: false,
        split: false,
        monitor: Monitor::OFF,
    };
}

/// The processor of Stem De-Esser.
#[derive(Debug)]
pub struct StemDeEsserDsp {
    settings: DeEsserSettings,
    de_esser: DeEsser,
    dry: DryPath,
    key_watch: KeyWatch,
    meters: DeEsserMeters,
    channels: usize,
}

impl Default for StemDeEsserDsp {
    fn default() -> Self {
        Self {
            settings: DeEsserSettings::DEFAULT,
            de_esser: DeEsser::new(),
            dry: DryPath::new().matching(),
            key_watch: KeyWatch::default(),
            meters: DeEsserMeters::new(),
            channels: 0,
        }
    }
}

impl StemDeEsserDsp {
    /// Hands over the readings of [`TRACED`] by their index in [`READINGS`]; they start over.
    pub fn publish_traced(&mut self, mut set: impl FnMut(usize, f32)) {
        self.meters.publish_traced(|shown, value| set(shown as usize, value as f32));
    }

    /// Hands over the other readings by their index in [`READINGS`].
    pub fn publish(&self, mut set: impl FnMut(usize, f32)) {
        self.meters.publish(|shown, value| set(shown as usize, value as f32));
        set(Shown::KeyFed as usize, if self.key_watch.is_fed() { 1.0 } else { 0.0 });
        set(Shown::Channels as usize, self.channels as f32);
    }

    /// Does what the editor wants of the measurements; the groups are those of
    /// [`group`](crate::meters::group).
    pub fn obey(&mut self, orders: Orders) {
        self.meters.restart(orders.restart);
    }

    /// The gain Match holds, in dB; none while it is off or has nothing to hold yet.
    pub fn match_db(&self) -> Option<f64> {
        self.dry.match_db()
    }

    fn set_switches(&mut self, lookahead: bool, split: bool) {
        self.de_esser.set_lookahead(lookahead);
        self.de_esser.set_split(split);
    }

    fn apply(&mut self) {
        let DeEsserSettings { de_esser, lookahead, split, monitor } = self.settings;
        self.de_esser.set_params(&DeEsserParams { key_listen: monitor.key, ..de_esser });
        self.set_switches(lookahead, split);
        self.dry.set_latency(self.de_esser.latency_samples());
    }
}

impl Processor for StemDeEsserDsp {
    type Params = DeEsserSettings;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.de_esser.prepare(sample_rate_hz, max_block_len);
        self.set_switches(true, true);
        self.dry.prepare(sample_rate_hz, max_block_len, self.de_esser.latency_samples());
        self.key_watch.prepare(sample_rate_hz);
        self.meters.reset();
        self.channels = 0;
        self.apply();
    }

    fn set_params(&mut self, settings: &DeEsserSettings) {
        if self.settings != *settings {
            self.settings = *settings;
            self.apply();
        }
    }

    fn reset(&mut self) {
        self.de_esser.reset();
        self.dry.reset();
        self.key_watch.reset();
        self.meters.reset();
        self.channels = 0;
    }

    fn latency_samples(&self) -> usize {
        self.de_esser.latency_samples()
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let length = audio.first().map_or(0, |channel| channel.len());
        self.channels = audio.len();
        self.key_watch.hear(key, length);
        self.dry.capture(audio);
        self.meters.hear_input(audio);
        self.de_esser.process(audio, key);
        self.meters.hear_done(&self.de_esser.readings());
        self.dry.finish(audio, self.settings.monitor);
    }
}

#[cfg(test)]
mod tests;
