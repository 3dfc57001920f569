//! The de-esser: takes off what is sibilant, however loud the voice is.
//!
//! ```text
//! input ──▶ delay ─────────┬──────────────────▶ + ──▶
//!   │                      └──▶ F ──▶ × w ──────┘
//!   │ Internal                          ▲
//!   └──▶ early ──▶ band, body ──▶ curve ──▶ followed
//! key ──▶ early ──▲ External           early: the delay, less the lookahead
//! ```
//!
//! `detector` is how band and body are heard, `gate` from how loud on, `control` what is asked for and how
//! it is followed, `shape` and `split` what F is, `gain` how it is added. All of it is in the time domain and
//! without blocks: what is heard are powers with fixed time constants.
//!
//! Where nothing is sibilant w is 0, and the output is the input to the bit. F has poles that stay where
//! they are while w moves, so a reduction as fast as an s leaves nothing of its own below the band. Split
//! (linear-phase, [`DeEsser::set_split`]) turns no phase and costs 2 ms of latency, which it does not use to
//! look ahead.
//!
//! Numbers glide on a grid of ticks. What cannot (what is detected, what of it is turned down, key, stereo
//! mode) fades: the reduction goes to nothing within 20 ms, changes, and comes back. Monitors but the key
//! are the caller's ([`DryPath`](crate::dry_path::DryPath)), since this is a processor with one latency.

mod control;
mod detector;
mod gain;
mod gate;
pub mod params;
mod readings;
mod shape;
mod split;

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::delay::SEGMENT;
use crate::eq::frame::Frames;
use crate::finite::silence_non_finite;
use crate::intake::{Intake, put_back, spread};
use crate::processor::Processor;
use crate::ramp::Ramp;
use crate::sample_grid::SampleGrid;
use control::Control;
use detector::Detector;
use gain::Gain;
pub use params::{DeEsserParams, Detect, KeySource, MAX_LOOKAHEAD_MS, Mode, StereoMode};
use pulp::Arch;
use readings::Watch;
pub use readings::{Readings, SIBILANCE_DB};
pub use shape::response_db;
use split::Split;
pub use split::{SPLIT_MS, split_response_db};

/// How often what glides takes a step.
const TICKS_PER_SECOND: f64 = 3000.0;
/// Time constant of each pole of a glide in ms.
const GLIDE_MS: f64 = 5.0;

/// What cannot glide.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kind {
    detect: Detect,
    mode: Mode,
    key_source: KeySource,
    stereo_mode: StereoMode,
}

fn kind_of(params: &DeEsserParams) -> Kind {
    let DeEsserParams { detect, mode, key_source, stereo_mode, .. } = *params;
    Kind { detect, mode, key_source, stereo_mode }
}

/// The de-esser.
#[derive(Debug)]
pub struct DeEsser {
    params: DeEsserParams,
    /// What it is now of what cannot glide.
    kind: Kind,
    sample_rate_hz: f64,
    arch: Arch,
    /// The ends of the band in octaves of 1 Hz.
    band: [Ramp; 2],
    detector: Detector,
    control: Control,
    gain: Gain,
    split: Split,
    listen: Crossfade,
    ticks: SampleGrid,
    /// Whether something is on its way to what the next tick wants.
    is_gliding: bool,
    /// Whether settings have changed since the last tick.
    is_changed: bool,
    /// Whether the last segment was left alone.
    was_idle: bool,
    until_snap: usize,
    lookahead: bool,
    is_split: bool,
    intake: Intake,
    started: bool,
    watch: Watch,
    work: Work,
}

/// Room for segments in double precision.
#[derive(Debug)]
struct Work {
    stem: Frames,
    key: Frames,
    wet: Frames,
}

impl DeEsser {
    /// A de-esser for nothing yet; prepare it before use.
    pub fn new() -> Self {
        let room = [[0.0; 2]; SEGMENT];
        let params = DeEsserParams::DEFAULT;
        Self {
            params,
            kind: kind_of(&params),
            sample_rate_hz: 48_000.0,
            arch: Arch::new(),
            band: [params.low_hz, params.high_hz].map(|hz| Ramp::new(hz.log2())),
            detector: Detector::new(),
            control: Control::new(),
            gain: Gain::new(),
            split: Split::new(),
            listen: Crossfade::new(),
            ticks: SampleGrid::default(),
            is_gliding: false,
            is_changed: false,
            was_idle: false,
            until_snap: SEGMENT,
            lookahead: false,
            is_split: false,
            intake: Intake::new(),
            started: false,
            watch: Watch::new(),
            work: Work { stem: room, key: room, wet: room },
        }
    }

    /// Switches the lookahead and its 5 ms of latency on or off. Does not allocate; forgets the signal if
    /// it changes anything. To be called wherever `set_params` may be.
    pub fn set_lookahead(&mut self, on: bool) {
        if self.lookahead != on {
            self.lookahead = on;
            self.reset();
        }
    }

    /// Switches the linear-phase split and its 2 ms of latency on or off, in the place of the mode. Does not
    /// allocate; forgets the signal if it changes anything. To be called wherever `set_params` may be.
    pub fn set_split(&mut self, on: bool) {
        if self.is_split != on {
            self.is_split = on;
            self.reset();
        }
    }

    /// What an editor shows.
    pub fn readings(&self) -> Readings {
        self.watch.readings
    }

    fn longest_lookahead(&self) -> usize {
        (MAX_LOOKAHEAD_MS * 1e-3 * self.sample_rate_hz).round() as usize
    }

    /// Whether nothing is to be done to the signal.
    fn is_idle(&self) -> bool {
        !self.is_changed
            && !self.is_gliding
            && self.control.is_idle()
            && self.gain.is_idle()
            && self.listen.is_first()
    }

    fn is_settled(&self) -> bool {
        self.control.is_settled()
            && self.control.on.is_second()
            && self.kind == kind_of(&self.params)
            && self.band.iter().all(Ramp::is_settled)
    }

    /// Is, of what cannot glide, what it is to be.
    fn place(&mut self) {
        if self.kind.mode != self.params.mode {
            self.gain.forget();
        }
        self.kind = kind_of(&self.params);
        self.control.place(self.kind.detect);
        self.detector.place(self.kind.stereo_mode);
        self.gain.stereo_mode = self.kind.stereo_mode;
    }

    fn design(&mut self) {
        let band_hz = self.band.each_ref().map(|ramp| ramp.value().exp2());
        self.detector.design(band_hz, self.sample_rate_hz);
        if self.is_split {
            self.split.design(band_hz);
        } else {
            self.gain.design(self.kind.mode, band_hz, self.sample_rate_hz);
        }
    }

    fn arrive(&mut self) {
        self.control.arrive();
        self.detector.arrive();
        self.gain.arrive();
        self.split.arrive();
    }

    /// A tick of the grid: everything is where it went, and goes on if it must.
    fn tick(&mut self) {
        if self.is_gliding {
            self.arrive();
        }
        self.is_gliding = self.is_changed || !self.is_settled();
        self.is_changed = false;
        if !self.is_gliding {
            return;
        }
        let mut jumps = false;
        if self.control.is_silent() && self.kind != kind_of(&self.params) {
            jumps = self.kind.mode != self.params.mode;
            self.place();
        }
        self.control.on.fade_to(self.kind == kind_of(&self.params));
        let samples = self.ticks.left();
        self.band.iter_mut().for_each(|ramp| {
            ramp.next();
        });
        self.design();
        if jumps {
            // Nothing of the filters is heard: they are at once what they will be.
            self.gain.arrive();
        }
        self.control.depart(samples);
        self.detector.depart(samples);
        self.gain.depart(samples);
        self.split.depart(samples);
    }

    /// Everything is where it was going.
    fn finish(&mut self) {
        self.place();
        self.band.iter_mut().for_each(Ramp::finish);
        self.design();
        self.control.finish();
        self.arrive();
        self.intake.arrive();
        self.listen.finish();
        (self.is_gliding, self.is_changed) = (false, false);
    }

    /// Hands the settings to those who glide there.
    fn apply(&mut self) {
        let params = self.params.sane();
        self.control.set(&params, self.sample_rate_hz);
        for (ramp, hz) in self.band.iter_mut().zip([params.low_hz, params.high_hz]) {
            ramp.set_target(hz.log2());
        }
        let lookahead = (params.lookahead_ms * 1e-3 * self.sample_rate_hz).round() as usize;
        let ahead = if self.lookahead { lookahead } else { 0 };
        self.intake.set_early(self.latency_samples().saturating_sub(ahead));
        self.listen.fade_to(params.key_listen);
        self.is_changed = true;
        if !self.started {
            self.finish();
        }
    }

    /// One segment: what the grids leave of a block.
    fn segment(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]], from: usize, to: usize) {
        let length = to - from;
        for channel in audio.iter_mut() {
            silence_non_finite(&mut channel[from..to]);
        }
        let is_late = self.latency_samples() > 0;
        let ways = [self.kind.key_source == KeySource::External, is_late];
        let Work { stem, key: heard, .. } = &mut self.work;
        self.intake.take(self.arch, audio, key, from..to, ways, [stem, heard]);
        if self.is_split {
            self.split.push(&stem[..length]);
        }
        let listens = !self.listen.is_first();
        let Work { key, .. } = &mut self.work;
        self.detector.hear(self.arch, &mut key[..length], self.is_gliding, listens);
        self.control.ask(self.arch, &self.detector, length, self.is_gliding);
        if self.is_idle() {
            self.was_idle = true;
            return;
        }
        if std::mem::take(&mut self.was_idle) {
            self.gain.forget();
        }
        self.control.work(self.arch, self.gain.weights(length), length, self.is_gliding);
        let Work { stem, key, wet } = &mut self.work;
        if is_late {
            spread(self.arch, stem, audio, from..to);
        }
        let adds_nothing = self.gain.adds_nothing(length);
        if !self.is_split {
            self.gain.filter(self.arch, &stem[..length], &mut wet[..length], self.is_gliding);
        } else if !adds_nothing {
            self.split.filter(self.arch, wet, length, self.is_gliding);
        }
        if self.is_gliding {
            self.split.advance(length);
        }
        if adds_nothing {
            self.gain.pass(length);
            if !listens {
                return;
            }
            wet[..length].copy_from_slice(&stem[..length]);
        } else {
            self.gain.add(self.arch, stem, wet, length);
        }
        if listens {
            for (wet, heard) in wet[..length].iter_mut().zip(key) {
                let weight = self.listen.next();
                *wet = [0, 1].map(|c| wet[c] + weight * (heard[c] - wet[c]));
            }
        }
        put_back(self.arch, audio, from..to, [stem, wet]);
    }

    /// The grids, so many samples further.
    fn advance(&mut self, samples: usize) {
        let mut left = samples;
        while left > 0 {
            let step = left.min(self.ticks.left());
            left -= step;
            if self.ticks.advance(step) && (self.is_gliding || self.is_changed) {
                self.tick();
            }
        }
        self.until_snap -= samples;
        if self.until_snap == 0 {
            self.until_snap = SEGMENT;
            self.detector.snap();
            self.control.snap();
            self.control.advance(self.detector.body[samples - 1]);
            self.gain.snap();
            self.watch.advance(&mut self.control);
        }
    }
}

impl Default for DeEsser {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for DeEsser {
    type Params = DeEsserParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.ticks.prepare(sample_rate_hz, TICKS_PER_SECOND);
        self.watch.prepare(sample_rate_hz);
        self.band.iter_mut().for_each(|ramp| ramp.prepare(TICKS_PER_SECOND, GLIDE_MS));
        self.detector.prepare(sample_rate_hz);
        self.control.prepare(sample_rate_hz, TICKS_PER_SECOND, GLIDE_MS);
        self.listen.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        let ahead = self.longest_lookahead();
        self.split.prepare(sample_rate_hz, ahead);
        let longest = ahead + self.split.latency_samples();
        self.intake.prepare(sample_rate_hz, longest);
        self.started = false;
        self.reset();
    }

    fn set_params(&mut self, params: &DeEsserParams) {
        if self.params == *params {
            return;
        }
        self.params = *params;
        self.apply();
    }

    fn reset(&mut self) {
        self.started = false;
        self.ticks.reset();
        self.until_snap = SEGMENT;
        self.was_idle = false;
        let latency = self.latency_samples();
        self.intake.set_latency(latency);
        self.split.set_ahead(if self.lookahead { self.longest_lookahead() } else { 0 });
        self.apply();
        self.detector.reset();
        self.control.reset();
        self.gain.reset();
        self.split.reset();
        self.intake.reset();
        self.watch.reset();
    }

    fn latency_samples(&self) -> usize {
        let ahead = if self.lookahead { self.longest_lookahead() } else { 0 };
        ahead + if self.is_split { self.split.latency_samples() } else { 0 }
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let length = audio.iter().map(|channel| channel.len()).min().unwrap_or(0);
        self.started |= length > 0;
        let mut from = 0;
        while from < length {
            let mut step = (length - from).min(self.until_snap);
            if self.is_gliding || self.is_changed {
                step = step.min(self.ticks.left());
            }
            self.segment(audio, key, from, from + step);
            self.advance(step);
            from += step;
        }
    }
}

#[cfg(test)]
mod tests;
