//! The sound of Stem Meter, which is the sound it is given; and what it measures of it.

mod shown;
#[cfg(test)]
mod tests;

pub use shown::{READINGS, Shown, TRACED};

use crate::history::SessionHistory;
use shared_dsp::Processor;
use shared_dsp::key_watch::KeyWatch;
use shared_dsp::listen::{Listen, ListenPath};
use shared_dsp::mix_meter::{MixMeter, MixMeterParams};
use shared_dsp::processor::MAX_CHANNELS;
use std::sync::Arc;
use support::{Orders, Transport};

/// The groups of readings that start over or wait, a bit each: here all of them are one.
pub const ALL: u32 = 1;

/// When the measurement starts over by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetOn {
    /// Never.
    Never,
    /// When playback starts.
    Play,
    /// When playback goes on from another place.
    Jump,
}

/// The settings of Stem Meter in users' units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeterSettings {
    /// What is heard.
    pub listen: Listen,
    /// The window of correlation and mono fold in ms.
    pub correlation_window_ms: f64,
    /// Whether one channel counts as two loudspeakers.
    pub dual_mono: bool,
    /// When the measurement starts over by itself.
    pub reset: ResetOn,
    /// Whether it waits while the transport is stopped.
    pub freeze: bool,
    /// The mix as it is, and no measurement.
    pub bypass: bool,
}

impl MeterSettings {
    /// Everything at its default.
    pub const DEFAULT: Self = Self {
        listen: Listen::Stereo,
        correlation_window_ms: MixMeterParams::DEFAULT.correlation_window_ms,
        dual_mono: false,
        reset: ResetOn::Jump,
        freeze: true,
        bypass: false,
    };
}

/// The processor of Stem Meter.
#[derive(Debug)]
pub struct StemMeterDsp {
    settings: MeterSettings,
    meter: MixMeter,
    listen: ListenPath,
    key_watch: KeyWatch,
    history: Option<Arc<SessionHistory>>,
    channels: usize,
    /// Whether the page has put it on hold.
    held: bool,
    /// Whether the transport has ever run: one that never does tells nothing.
    has_played: bool,
    playing: bool,
}

impl Default for StemMeterDsp {
    fn default() -> Self {
        Self {
            settings: MeterSettings::DEFAULT,
            meter: MixMeter::new(),
            listen: ListenPath::new(),
            key_watch: KeyWatch::default(),
            history: None,
            channels: 0,
            held: false,
            has_played: false,
            playing: false,
        }
    }
}

impl StemMeterDsp {
    /// Where its history goes.
    pub fn connect(&mut self, history: &Arc<SessionHistory>) {
        self.history = Some(history.clone());
    }

    /// Follows the host's transport.
    pub fn follow(&mut self, transport: Transport) {
        self.playing = transport.playing;
        self.has_played |= transport.playing;
        let restarts = match self.settings.reset {
            ResetOn::Never => false,
            ResetOn::Play => transport.started,
            ResetOn::Jump => transport.jumped,
        };
        if restarts {
            self.restart();
        }
    }

    /// Does what the page wants of the measurement.
    pub fn obey(&mut self, orders: Orders) {
        self.held = orders.pause & ALL != 0;
        if orders.restart & ALL != 0 {
            self.restart();
        }
        self.meter.follow_levels(orders.watched);
    }

    /// The measurement starts over.
    pub fn restart(&mut self) {
        self.write_history();
        self.meter.restart();
        if let Some(history) = &self.history {
            history.restart();
        }
    }

    /// Why nothing is measured just now, if nothing is.
    pub fn waiting(&self) -> Waiting {
        if self.settings.bypass {
            Waiting::Bypassed
        } else if self.held {
            Waiting::Held
        } else if self.settings.freeze && self.has_played && !self.playing {
            Waiting::Stopped
        } else {
            Waiting::No
        }
    }

    /// The host has flushed its plugins, as many do whenever playback stops: what sounds is forgotten, and
    /// what was measured is not.
    pub fn flush(&mut self) {
        self.listen.reset();
    }

    fn forget_history(&self) {
        if let Some(history) = &self.history {
            history.forget();
        }
    }

    fn write_history(&mut self) {
        let history = self.history.as_deref();
        self.meter.drain_history(|point| {
            if let Some(history) = history {
                history.push(&point);
            }
        });
    }
}

/// Why nothing is measured; its number is a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Waiting {
    /// Something is.
    No,
    /// The page has put it on hold.
    Held,
    /// The transport is stopped.
    Stopped,
    /// It is bypassed.
    Bypassed,
}

impl Processor for StemMeterDsp {
    type Params = MeterSettings;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.meter.prepare(sample_rate_hz, MAX_CHANNELS);
        self.listen.prepare(sample_rate_hz, max_block_len);
        self.key_watch.prepare(sample_rate_hz);
        self.channels = 0;
        self.forget_history();
    }

    fn set_params(&mut self, settings: &MeterSettings) {
        self.settings = *settings;
        self.meter.set_params(&MixMeterParams {
            correlation_window_ms: settings.correlation_window_ms,
            dual_mono: settings.dual_mono,
        });
        let listen = if settings.bypass { Listen::Stereo } else { settings.listen };
        self.listen.set_params(&listen);
    }

    fn reset(&mut self) {
        self.meter.reset();
        self.listen.reset();
        self.key_watch.reset();
        self.forget_history();
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        self.channels = audio.len();
        self.key_watch.hear(key, audio.first().map_or(0, |channel| channel.len()));
        self.meter.set_paused(self.waiting() != Waiting::No);
        let key = (!key.is_empty()).then_some(key);
        match audio {
            [mono] => self.meter.process(&[mono], key),
            [left, right, ..] => self.meter.process(&[left, right], key),
            [] => {}
        }
        self.listen.process(audio, &[]);
    }
}
