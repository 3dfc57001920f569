//! Unmask by itself, for stems of `f32`: what tests and benchmarks run. In the suite it is a part of
//! the equaliser.

use super::{Unmask, UnmaskParams, UnmaskReadings};
use crate::delay::SEGMENT;
use crate::finite::{silence_non_finite, to_f32};
use crate::processor::{MAX_CHANNELS, Processor};
use crate::voice::{DEFAULT_KEY_LEVEL_LUFS, VoiceActivity};
use pulp::Arch;

/// Everything Unmask by itself can be set to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StandaloneParams {
    /// Unmask itself.
    pub unmask: UnmaskParams,
    /// The loudness of the voice in LUFS, −60 to 0, as learned: where its reference starts.
    pub key_level_lufs: f64,
}

impl StandaloneParams {
    /// Off.
    pub const DEFAULT: Self =
        Self { unmask: UnmaskParams::DEFAULT, key_level_lufs: DEFAULT_KEY_LEVEL_LUFS };
}

impl Default for StandaloneParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Unmask with the detector of the voice it needs.
#[derive(Debug, Clone)]
pub struct StandaloneUnmask {
    params: StandaloneParams,
    arch: Arch,
    voice: VoiceActivity,
    unmask: Unmask,
}

impl StandaloneUnmask {
    /// Off; prepare it before use.
    pub fn new() -> Self {
        Self {
            params: StandaloneParams::DEFAULT,
            arch: Arch::new(),
            voice: VoiceActivity::new(),
            unmask: Unmask::new(),
        }
    }

    /// What an editor shows.
    pub fn readings(&self) -> UnmaskReadings {
        self.unmask.readings()
    }

    /// The outcome starts over.
    pub fn reset_outcome(&mut self) {
        self.unmask.reset_outcome();
    }

    fn apply(&mut self) {
        let was_off = self.unmask.is_off();
        self.voice.set_key_level_lufs(self.params.key_level_lufs);
        self.unmask.set_params(&self.params.unmask);
        if was_off {
            self.voice.reset();
        }
    }

    /// One segment, in place.
    fn segment(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]], from: usize, to: usize) {
        let length = to - from;
        let mut dry = [[0.0; SEGMENT]; MAX_CHANNELS];
        let mut keys = [[0.0; SEGMENT]; MAX_CHANNELS];
        for c in 0..MAX_CHANNELS {
            // One channel speaks for both; what is missing is silence.
            let channel = key.get(c).or(key.first()).copied().unwrap_or_default();
            widen(channel.get(from..).unwrap_or_default(), &mut keys[c][..length]);
            if let Some(channel) = audio.get_mut(c) {
                silence_non_finite(&mut channel[from..to]);
                widen(&channel[from..to], &mut dry[c][..length]);
            } else {
                dry[c] = dry[0];
            }
        }
        if self.unmask.is_off() {
            self.unmask.pass();
            return;
        }
        let mut activity = [0.0; SEGMENT];
        let mut wet = dry;
        let key = [&keys[0][..length], &keys[1][..length]];
        let stem = [&dry[0][..length], &dry[1][..length]];
        let [left, right] = &mut wet;
        self.voice.hear(self.arch, key, &mut activity[..length]);
        let out = [&mut left[..length], &mut right[..length]];
        self.unmask.process(self.arch, out, stem, key, &activity[..length]);
        for (channel, (dry, wet)) in audio.iter_mut().zip(dry.iter().zip(&wet)) {
            for (out, (dry, wet)) in channel[from..to].iter_mut().zip(dry.iter().zip(wet)) {
                // What was not touched stays what it was, even where `f32` is denormal.
                if dry != wet {
                    *out = to_f32(*wet);
                }
            }
        }
    }
}

/// Finite samples in double precision; silence beyond their end.
fn widen(samples: &[f32], to: &mut [f64]) {
    for (to, from) in to.iter_mut().zip(samples) {
        *to = f64::from(crate::finite::or_silence(*from));
    }
}

impl Default for StandaloneUnmask {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for StandaloneUnmask {
    type Params = StandaloneParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.unmask.prepare(sample_rate_hz);
        self.voice.prepare(sample_rate_hz);
        self.apply();
        self.reset();
    }

    fn set_params(&mut self, params: &StandaloneParams) {
        if self.params == *params {
            return;
        }
        self.params = *params;
        self.apply();
    }

    fn reset(&mut self) {
        self.unmask.reset();
        self.voice.reset();
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let length = audio.iter().map(|channel| channel.len()).min().unwrap_or(0);
        for from in (0..length).step_by(SEGMENT) {
            self.segment(audio, key, from, length.min(from + SEGMENT));
        }
    }
}
