//! Unmask by itself, for stems of `f32`: what tests and benchmarks run. In the suite it is a part of
//! the equaliser.

use super::{Unmask, UnmaskParams, UnmaskReadings};
use crate::delay::SEGMENT;
use crate::finite::{or_silence, silence_non_finite, to_f32};
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
        let mut room = [[[0.0; MAX_CHANNELS]; SEGMENT]; 3];
        let [dry, wet, keys] = &mut room;
        let (dry, wet, keys) =
            (&mut dry[..to - from], &mut wet[..to - from], &mut keys[..to - from]);
        let channels = audio.len().min(MAX_CHANNELS);
        for c in 0..MAX_CHANNELS {
            // One channel speaks for both; what is missing is silence.
            let channel = key.get(c).or(key.first()).copied().unwrap_or_default();
            widen(channel.get(from..).unwrap_or_default(), keys, c);
            if let Some(channel) = audio.get_mut(c.min(channels.saturating_sub(1))) {
                silence_non_finite(&mut channel[from..to]);
                widen(&channel[from..to], dry, c);
            }
        }
        if self.unmask.is_off() {
            self.unmask.pass();
            return;
        }
        wet.copy_from_slice(dry);
        let mut activity = [0.0; SEGMENT];
        let activity = &mut activity[..to - from];
        self.voice.hear(self.arch, keys, activity);
        self.unmask.process(self.arch, wet, dry, keys, activity);
        for (c, channel) in audio.iter_mut().enumerate().take(channels) {
            for (out, (dry, wet)) in channel[from..to].iter_mut().zip(dry.iter().zip(&*wet)) {
                // What was not touched stays what it was, even where `f32` is denormal.
                if dry[c] != wet[c] {
                    *out = to_f32(wet[c]);
                }
            }
        }
    }
}

/// Channel `c` of frames, from finite samples in their place.
fn widen(samples: &[f32], to: &mut [[f64; MAX_CHANNELS]], c: usize) {
    for (to, from) in to.iter_mut().zip(samples) {
        to[c] = f64::from(or_silence(*from));
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
