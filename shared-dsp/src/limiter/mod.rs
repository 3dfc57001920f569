//! A true-peak limiter whose ceiling holds, and whose gain can come from elsewhere.
//!
//! ```text
//! key ──▶ peaks between samples ──▶ e = 1 − ceiling/peak ──▶ hold ──▶ release ──▶ two boxes ──▶ e
//! input ──────────────────── delay ───────────────────────────────────────────▶ × (1 − e) ──▶
//! ```
//!
//! - **Standard** reads peaks on a 16-fold grid through 48 taps and applies the gain at the sample
//!   rate. On material band-limited to 0.42 fs the result stays under the ceiling by a 32-fold,
//!   96-tap meter; on full-band material (noise to Nyquist, naive squares) it passes it by 0.51 dB
//!   at most.
//! - **Strict** adds a second stage: what the first one leaves is read again through 96 taps and
//!   limited again. What is left after the first is a few tenths of a dB, so the second gain hardly
//!   moves and adds next to nothing of its own.
//! - **Sample peak** looks at samples only, and lets true peaks pass.
//!
//! Gain at the sample rate, in both stages: an oversampled path that adds
//! decimate(up(x)·(g − 1)) was measured against this and lost. Its own band limit rings: a 997 Hz
//! square limited by 8 dB left it at +0.20 dB where the base-rate gain left +0.02, fs/4 bursts at
//! +0.43 against 0.00, and binary noise at +0.89 against +0.02; and the check after it had to do
//! all the work. What it would save, images of the gain's own movement, lies below −80 dBc here,
//! because the gain is smoothed by two boxes (`limiter_gates.rs` measures it).
//!
//! The gain is computed from the key alone: under an external key, instances with equal settings
//! apply the same gain, and because the rest is a delay and a multiplication, what they limit sums
//! to the limited sum.
//!
//! Latency: 5 ms, the longest lookahead, plus 24 and 48 samples for the two detectors plus 0.5 ms
//! for the second stage; the same in every mode.

mod detector;
mod envelope;
mod release;
mod smoothing;
mod stage;

use crate::db;
use crate::delay::{Delay, SEGMENT};
use crate::finite::silence_non_finite;
use crate::interpolator::Interpolator;
use crate::processor::{MAX_CHANNELS, Processor};
use crate::ramp::{DEFAULT_TIME_CONSTANT_MS, Ramp};
use crate::sample_grid::SampleGrid;
use release::ReleaseTimes;
pub use release::{AUTO_SLOW_RELEASE_MS, ReleaseState};
use stage::{Reductions, Stage, StageSettings};
use std::ops::Range;

/// The longest lookahead in milliseconds.
pub const MAX_LOOKAHEAD_MS: f64 = 5.0;
/// The shortest lookahead in milliseconds.
pub const MIN_LOOKAHEAD_MS: f64 = 0.5;

/// How often the reading of the reduction changes.
const READINGS_PER_SECOND: f64 = 60.0;
/// A reduction below this (0.001 dB) is none.
const RECOVERED: f64 = 1.151e-4;
/// How far below the ceiling the limiter aims, for what its own gain does between samples.
const MARGIN_DB: f64 = 0.05;
/// The second stage corrects tenths of a dB: it needs little time for that.
const CHECK_LOOKAHEAD_MS: f64 = 0.5;
const CHECK_RELEASE_MS: f64 = 20.0;
/// How much lower than the truth the cheap tests before the two detectors may read.
const DETECTION_TOLERANCE_DB: f64 = 2.0;
const CHECK_TOLERANCE_DB: f64 = 4.0;

/// What counts as a peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detection {
    /// True peaks, read once.
    Standard,
    /// True peaks up to Nyquist, read twice.
    Strict,
    /// Samples only.
    SamplePeak,
}

/// Settings of a [`Limiter`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LimiterParams {
    /// Gain before the limiter in dB, on input and key alike.
    pub gain_db: f64,
    /// The level not to be passed: dBTP, or dBFS under [`Detection::SamplePeak`].
    pub ceiling_db: f64,
    /// Amplitude kept free below the ceiling for what is added later, such as dither; 0 for none.
    pub reserved: f64,
    /// How long before a peak the gain starts to move, 0.5 to 5 ms.
    pub lookahead_ms: f64,
    /// Time constant of the recovery in milliseconds (see `release.rs`).
    pub release_ms: f64,
    /// Whether sustained reduction recovers slowly.
    pub auto_release: bool,
    /// How far the channels share one gain, 0 to 1.
    pub link: f64,
    /// What counts as a peak.
    pub detection: Detection,
    /// Whether the gain is computed from the key instead of the input.
    pub external_key: bool,
}

impl LimiterParams {
    /// What a new limiter starts from.
    pub const DEFAULT: Self = Self {
        gain_db: 0.0,
        ceiling_db: -1.0,
        reserved: 0.0,
        lookahead_ms: 1.5,
        release_ms: 50.0,
        auto_release: true,
        link: 1.0,
        detection: Detection::Standard,
        external_key: false,
    };
}

impl Default for LimiterParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The limiter.
#[derive(Debug)]
pub struct Limiter {
    params: LimiterParams,
    sample_rate_hz: f64,
    longest_lookahead: usize,
    gain: Ramp,
    main: Stage,
    check: Stage,
    main_settings: StageSettings,
    check_settings: StageSettings,
    /// Before the first stage's gain and before the second's, for input and key.
    input_delays: [[Delay; MAX_CHANNELS]; 2],
    key_delays: [[Delay; MAX_CHANNELS]; 2],
    started: bool,
    /// The largest reduction of the running spell and of the one before, for the reading.
    spell: SampleGrid,
    largest: f64,
    shown: f64,
}

impl Limiter {
    /// A limiter for nothing yet; prepare it before use.
    pub fn new() -> Self {
        let params = LimiterParams::default();
        let settings = StageSettings {
            ceiling: 1.0,
            between: true,
            link: 1.0,
            lookahead: 0,
            times: ReleaseTimes::default(),
        };
        Self {
            params,
            sample_rate_hz: 48_000.0,
            longest_lookahead: 0,
            gain: Ramp::new(1.0),
            main: Stage::new(&Interpolator::detection(), DETECTION_TOLERANCE_DB),
            check: Stage::new(&Interpolator::check(), CHECK_TOLERANCE_DB),
            main_settings: settings,
            check_settings: settings,
            input_delays: Default::default(),
            key_delays: Default::default(),
            started: false,
            spell: SampleGrid::default(),
            largest: 0.0,
            shown: 0.0,
        }
    }

    /// The largest gain reduction of the last sixtieth of a second, counted from reset, in dB ≥ 0,
    /// over both stages and channels.
    pub fn gain_reduction_db(&self) -> f64 {
        if self.shown > 0.0 { -db::from_gain(1.0 - self.shown) } else { 0.0 }
    }

    /// How the reduction would recover if the key fell silent now: of the first stage, and of the slower
    /// channel.
    pub fn release_state(&self) -> ReleaseState {
        self.main.release_state(&self.main_settings.times)
    }

    fn samples(&self, ms: f64) -> usize {
        (ms * 1e-3 * self.sample_rate_hz).round() as usize
    }

    fn check_lookahead(&self) -> usize {
        self.samples(CHECK_LOOKAHEAD_MS)
    }

    fn update(&mut self) {
        let params = self.params;
        let margin_db = if params.detection == Detection::SamplePeak { 0.0 } else { MARGIN_DB };
        // A hair below, so that rounding to f32 cannot lift a sample over it.
        let ceiling = (db::to_gain(params.ceiling_db - margin_db) - params.reserved) * (1.0 - 1e-7);
        let lookahead_ms = params.lookahead_ms.clamp(MIN_LOOKAHEAD_MS, MAX_LOOKAHEAD_MS);
        self.main_settings = StageSettings {
            ceiling: ceiling.max(1e-6),
            between: params.detection != Detection::SamplePeak,
            link: params.link.clamp(0.0, 1.0),
            lookahead: self.samples(lookahead_ms).min(self.longest_lookahead),
            times: ReleaseTimes::new(self.sample_rate_hz, params.release_ms, params.auto_release),
        };
        self.check_settings = StageSettings {
            between: true,
            lookahead: self.check_lookahead(),
            times: ReleaseTimes::new(self.sample_rate_hz, CHECK_RELEASE_MS, false),
            ..self.main_settings
        };
        self.gain.set_target(db::to_gain(params.gain_db));
        if !self.started {
            self.gain.finish();
            self.main.jump_to_lookahead(self.main_settings.lookahead);
            self.check.jump_to_lookahead(self.check_settings.lookahead);
        }
    }

    /// One segment of at most [`SEGMENT`] samples.
    fn segment(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]], from: usize, to: usize) {
        let length = to - from;
        let channels = audio.len();
        let external = self.params.external_key;
        let mut signal = Segment::new(channels, length);
        for (c, channel) in audio.iter().enumerate() {
            signal.load(c, &channel[from..to]);
        }
        let mut key_signal = external.then(|| {
            let mut key_signal = Segment::new(channels, length);
            for c in 0..channels {
                // A mono key speaks for both channels; what is missing is silence.
                let channel = key.get(c).or(key.first()).and_then(|key| key.get(from..));
                key_signal.load(c, channel.unwrap_or_default());
            }
            key_signal
        });
        if !self.gain.is_settled() {
            for i in 0..length {
                let gain = self.gain.next();
                for signal in [Some(&mut signal), key_signal.as_mut()].into_iter().flatten() {
                    signal.scale(i..i + 1, gain);
                }
            }
        } else if self.gain.value() != 1.0 {
            for signal in [Some(&mut signal), key_signal.as_mut()].into_iter().flatten() {
                signal.scale(0..length, self.gain.value());
            }
        }

        for number in 0..2 {
            let heard = key_signal.as_ref().unwrap_or(&signal);
            let reduced = match (number, self.params.detection) {
                (0, _) => self.main.process(&heard.views()[..channels], &self.main_settings),
                (_, Detection::Strict) => {
                    self.check.process(&heard.views()[..channels], &self.check_settings)
                }
                _ => self.check.coast(channels, length, &self.check_settings),
            };
            let stage = if number == 0 { &self.main } else { &self.check };
            let reductions = reduced.then_some(&stage.reductions);
            signal.delay_and_reduce(&mut self.input_delays[number], reductions);
            if let Some(key_signal) = &mut key_signal {
                key_signal.delay_and_reduce(&mut self.key_delays[number], reductions);
            }
            if let Some(reductions) = reductions {
                let all = reductions[..channels].iter().flat_map(|channel| &channel[..length]);
                self.largest = all.fold(self.largest, |max, reduction| max.max(*reduction));
            }
        }
        for (channel, samples) in audio.iter_mut().zip(&signal.samples) {
            channel[from..to].copy_from_slice(&samples[..length]);
        }
    }
}

/// A few samples of input or key on their way through the stages.
#[derive(Clone, Copy)]
struct Segment {
    samples: [[f32; SEGMENT]; MAX_CHANNELS],
    channels: usize,
    length: usize,
}

impl Segment {
    fn new(channels: usize, length: usize) -> Self {
        Self { samples: [[0.0; SEGMENT]; MAX_CHANNELS], channels, length }
    }

    fn load(&mut self, channel: usize, from: &[f32]) {
        let length = self.length.min(from.len());
        let to = &mut self.samples[channel][..length];
        to.copy_from_slice(&from[..length]);
        silence_non_finite(to);
    }

    fn scale(&mut self, range: Range<usize>, gain: f64) {
        for channel in &mut self.samples[..self.channels] {
            for sample in &mut channel[range.clone()] {
                *sample =
                    (f64::from(*sample) * gain).clamp(f32::MIN.into(), f32::MAX.into()) as f32;
            }
        }
    }

    fn views(&self) -> [&[f32]; MAX_CHANNELS] {
        self.samples.each_ref().map(|channel| &channel[..self.length])
    }

    fn delay_and_reduce(&mut self, delays: &mut [Delay], reductions: Option<&Reductions>) {
        for (c, delay) in delays.iter_mut().enumerate().take(self.channels) {
            let samples = &mut self.samples[c][..self.length];
            delay.process(samples);
            if let Some(reductions) = reductions {
                for (sample, reduction) in samples.iter_mut().zip(&reductions[c]) {
                    // Exact where the reduction is 0.
                    *sample = (f64::from(*sample) * (1.0 - reduction)) as f32;
                }
            }
        }
    }
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for Limiter {
    type Params = LimiterParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.longest_lookahead = self.samples(MAX_LOOKAHEAD_MS);
        let check_lookahead = self.check_lookahead();
        self.spell.prepare(sample_rate_hz, READINGS_PER_SECOND);
        self.gain.prepare(sample_rate_hz, DEFAULT_TIME_CONSTANT_MS);
        self.main.prepare(sample_rate_hz, self.longest_lookahead);
        self.check.prepare(sample_rate_hz, check_lookahead);
        let main_delay = self.main.detector_delay() + self.longest_lookahead;
        let check_delay = self.check.detector_delay() + check_lookahead;
        for delays in [&mut self.input_delays, &mut self.key_delays] {
            delays[0].iter_mut().for_each(|delay| delay.prepare(main_delay));
            delays[1].iter_mut().for_each(|delay| delay.prepare(check_delay));
        }
        self.reset();
    }

    fn set_params(&mut self, params: &LimiterParams) {
        if self.params == *params {
            return;
        }
        if params.external_key && !self.params.external_key {
            // What the key said before it was listened to is not remembered.
            self.key_delays.iter_mut().flatten().for_each(Delay::reset);
        }
        if params.detection == Detection::Strict && self.params.detection != Detection::Strict {
            self.check.forget();
        }
        self.params = *params;
        self.update();
    }

    fn reset(&mut self) {
        self.started = false;
        self.spell.reset();
        (self.largest, self.shown) = (0.0, 0.0);
        self.main.reset();
        self.check.reset();
        for delay in self.input_delays.iter_mut().chain(&mut self.key_delays).flatten() {
            delay.reset();
        }
        self.update();
    }

    fn latency_samples(&self) -> usize {
        self.main.detector_delay()
            + self.longest_lookahead
            + self.check.detector_delay()
            + self.check_lookahead()
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let length = audio.first().map_or(0, |channel| channel.len());
        self.started |= length > 0;
        let mut from = 0;
        while from < length {
            let to = length.min(from + SEGMENT.min(self.spell.left()));
            self.segment(audio, key, from, to);
            if self.spell.advance(to - from) {
                (self.shown, self.largest) = (self.largest, 0.0);
            }
            from = to;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEUTRAL: LimiterParams = LimiterParams { ceiling_db: 60.0, ..LimiterParams::DEFAULT };

    crate::contract! {
        mod contract_of_the_limiter;
        new: Limiter::new,
        settings: [
            NEUTRAL,
            LimiterParams { ceiling_db: -1.0, ..NEUTRAL },
            LimiterParams { ceiling_db: -1.0, gain_db: 6.0, link: 0.5, release_ms: 5.0, ..NEUTRAL },
            LimiterParams { ceiling_db: -6.0, detection: Detection::Strict, lookahead_ms: 0.5, ..NEUTRAL },
            LimiterParams { ceiling_db: -6.0, detection: Detection::Strict, external_key: true, ..NEUTRAL },
            LimiterParams { lookahead_ms: 5.0, ..NEUTRAL },
            LimiterParams { ceiling_db: -3.0, lookahead_ms: 2.0, link: 0.0, auto_release: false, ..NEUTRAL },
            LimiterParams { ceiling_db: 0.0, detection: Detection::SamplePeak, gain_db: -2.0, ..NEUTRAL },
        ],
        observe: |limiter, out| {
            out.push(limiter.gain_reduction_db());
            let release = limiter.release_state();
            out.extend([release.time_constant_ms, release.slow_share]);
        },
    }
}
