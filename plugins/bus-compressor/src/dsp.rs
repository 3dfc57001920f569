//! The sound of Stem Bus Compressor: the compressor, with bypass, Delta, Match and Key Listen around it.

use crate::meters::CompressorMeters;
use shared_dsp::Processor;
use shared_dsp::compressor::{BusCompressor, BusCompressorParams};
use shared_dsp::dry_path::{DryPath, Monitor};
use shared_dsp::dynamics::level::LOWEST_DB;
use shared_dsp::key_watch::KeyWatch;
use support::trace::COLUMNS_PER_SECOND;
use support::{Orders, Reading};

/// What Stem Bus Compressor shows, in the order of [`Shown`].
pub const READINGS: &[Reading] = &[
    Reading { name: "Input peak", unit: "dBFS" },
    Reading { name: "Output peak", unit: "dBFS" },
    Reading { name: "Gain reduction", unit: "dB" },
    Reading { name: "Key level", unit: "dBFS" },
    Reading { name: "Slow release", unit: "" },
    Reading { name: "Hops", unit: "" },
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    HOP,
    Reading { name: "Gain reduction, left or mid", unit: "dB" },
    Reading { name: "Gain reduction, right or side", unit: "dB" },
    Reading { name: "Gain reduction average", unit: "dB" },
    Reading { name: "Gain reduction maximum", unit: "dB" },
    Reading { name: "Input level", unit: "dBFS" },
    Reading { name: "Input held", unit: "dBFS" },
    Reading { name: "Output level", unit: "dBFS" },
    Reading { name: "Output held", unit: "dBFS" },
    Reading { name: "Key fed", unit: "" },
    Reading { name: "Channels", unit: "" },
    Reading { name: "Hop", unit: "s" },
];

const HOP: Reading = Reading { name: "Key level in a hop", unit: "dBFS" };
/// The most hops of [`LevelHistory`](shared_dsp::compressor::aim::LevelHistory) between two readings: a
/// sixtieth of a second and a chunk of the host's block.
pub const HOPS: usize = 12;

/// Indices of [`READINGS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Largest sample that came in since the last reading.
    InputPeak,
    /// Largest sample that went out since the last reading; nothing while the key is listened to.
    OutputPeak,
    /// Largest reduction of both channels in the last sixtieth of a second, 0 or more.
    GainReduction,
    /// Highest level the curve read in it, of both channels; −200 in silence.
    KeyLevel,
    /// How much of a reduction would recover slowly, 0 to 1.
    SlowShare,
    /// How many hops of the key's history have gone by since the last reading; on average, in silence.
    Hops,
    /// The level of the first of them; those of the others follow.
    FirstHop,
    /// Reduction of the left or the mid, 0 or more.
    ReductionFirst = Self::FirstHop as isize + HOPS as isize,
    /// Reduction of the right or the side, 0 or more.
    ReductionSecond,
    /// Average reduction while there was a key; no number before there was one.
    ReductionAverage,
    /// Largest reduction.
    ReductionMaximum,
    /// Peak level at the input, falling slowly.
    InputLevel,
    /// The same, held for a while.
    InputHeld,
    /// Peak level at the output, falling slowly.
    OutputLevel,
    /// The same, held for a while.
    OutputHeld,
    /// 1 when the key input is fed, 0 when not.
    KeyFed,
    /// How many channels there are, 0 before the first block.
    Channels,
    /// How long a hop is, in seconds.
    HopSeconds,
}

/// The readings the history draws, and then those from which a threshold is found: the first so many.
pub const TRACED: &[usize] = &{
    let mut traced = [0; Shown::ReductionFirst as usize];
    let mut index = 0;
    while index < traced.len() {
        traced[index] = index;
        index += 1;
    }
    traced
};

/// The settings of Stem Bus Compressor in users' units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CompressorSettings {
    /// The compressor's own.
    pub compressor: BusCompressorParams,
    /// Whether the longest lookahead is added as latency, so that the gain may move before the key.
    pub lookahead: bool,
    /// What is listened to. Match is off under an external key; the key is that of the compressor.
    pub monitor: Monitor,
}

impl CompressorSettings {
    /// Nothing done, nothing listened to, no latency.
    pub const DEFAULT: Self =
        Self { compressor: BusCompressorParams::DEFAULT, lookahead: false, monitor: Monitor::OFF };
}

/// The processor of Stem Bus Compressor.
#[derive(Debug)]
pub struct StemBusCompressorDsp {
    settings: CompressorSettings,
    sample_rate_hz: f64,
    compressor: BusCompressor,
    dry: DryPath,
    key_watch: KeyWatch,
    meters: CompressorMeters,
    channels: usize,
    /// Samples heard since the compressor was reset, and the hops of its history published since.
    heard: u64,
    published: u64,
}

impl Default for StemBusCompressorDsp {
    fn default() -> Self {
        Self {
            settings: CompressorSettings::DEFAULT,
            compressor: BusCompressor::new(),
            dry: DryPath::new().matching(),
            key_watch: KeyWatch::default(),
            sample_rate_hz: 48_000.0,
            meters: CompressorMeters::new(),
            channels: 0,
            heard: 0,
            published: 0,
        }
    }
}

impl StemBusCompressorDsp {
    /// Hands over the readings of [`TRACED`] by their index in [`READINGS`]; peaks start over.
    pub fn publish_traced(&mut self, mut set: impl FnMut(usize, f32)) {
        let readings = self.compressor.readings();
        self.meters.publish_traced(&readings, |shown, value| set(shown as usize, value as f32));
        let history = self.compressor.history();
        let hop = (history.hop_s() * self.sample_rate_hz).round().max(1.0) as u64;
        let hops = self.heard / hop;
        let new = ((hops - self.published) as usize).min(HOPS);
        self.published = hops;
        let mut slots = Shown::FirstHop as usize..Shown::FirstHop as usize + HOPS;
        let mut loudest_db = LOWEST_DB as f32;
        for hops in history.newest(new) {
            for (hop, slot) in hops.iter().zip(&mut slots) {
                loudest_db = loudest_db.max(hop.level_db);
                set(slot, hop.level_db);
            }
        }
        slots.for_each(|slot| set(slot, LOWEST_DB as f32));
        // In silence as many as there are on average: what alternates would never let the page rest.
        let is_silent = new > 0 && f64::from(loudest_db) <= LOWEST_DB;
        let usual = (1.0 / (COLUMNS_PER_SECOND * history.hop_s())).round().max(1.0);
        set(Shown::Hops as usize, if is_silent { usual as f32 } else { new as f32 });
    }

    /// Hands over the other readings by their index in [`READINGS`].
    pub fn publish(&self, mut set: impl FnMut(usize, f32)) {
        self.meters.publish(|shown, value| set(shown as usize, value as f32));
        set(Shown::KeyFed as usize, if self.key_watch.is_fed() { 1.0 } else { 0.0 });
        set(Shown::Channels as usize, self.channels as f32);
        set(Shown::HopSeconds as usize, self.compressor.history().hop_s() as f32);
    }

    /// Does what the editor wants of the measurements; the groups are those of
    /// [`group`](crate::meters::group).
    pub fn obey(&mut self, orders: Orders) {
        self.meters.restart(orders.restart);
        self.meters.follow_levels(orders.watched);
    }

    /// The gain Match holds, in dB; none while it is off or has nothing to hold yet.
    pub fn match_db(&self) -> Option<f64> {
        self.dry.match_db()
    }

    fn apply(&mut self) {
        let CompressorSettings { compressor, lookahead, monitor } = self.settings;
        self.compressor.set_params(&BusCompressorParams { key_listen: monitor.key, ..compressor });
        self.compressor.set_lookahead(lookahead);
        self.dry.set_latency(self.compressor.latency_samples());
    }

    /// The compressor has forgotten what it heard.
    fn start_over(&mut self) {
        (self.heard, self.published) = (0, 0);
    }
}

impl Processor for StemBusCompressorDsp {
    type Params = CompressorSettings;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.compressor.prepare(sample_rate_hz, max_block_len);
        self.compressor.set_lookahead(true);
        self.dry.prepare(sample_rate_hz, max_block_len, self.compressor.latency_samples());
        self.key_watch.prepare(sample_rate_hz);
        self.meters.prepare(sample_rate_hz);
        self.sample_rate_hz = sample_rate_hz;
        self.channels = 0;
        self.start_over();
        self.apply();
    }

    fn set_params(&mut self, settings: &CompressorSettings) {
        if self.settings != *settings {
            let was_ahead = std::mem::replace(&mut self.settings, *settings).lookahead;
            self.apply();
            if was_ahead != settings.lookahead {
                self.start_over();
            }
        }
    }

    fn reset(&mut self) {
        self.compressor.reset();
        self.dry.reset();
        self.key_watch.reset();
        self.meters.reset();
        self.channels = 0;
        self.start_over();
    }

    fn latency_samples(&self) -> usize {
        self.compressor.latency_samples()
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let length = audio.first().map_or(0, |channel| channel.len());
        self.channels = audio.len();
        self.heard += length as u64;
        self.key_watch.hear(key, length);
        self.dry.capture(audio);
        self.meters.hear_input(audio);
        self.compressor.process(audio, key);
        if !self.settings.monitor.key {
            self.meters.hear_output(audio);
        }
        self.dry.finish(audio, self.settings.monitor);
    }
}

#[cfg(test)]
mod tests;
