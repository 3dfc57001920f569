//! The bus compressor: what is compressed alike sums.
//!
//! ```text
//! input ──▶ delay ───────────────────────────────────────▶ × factors ──▶
//!   │ Internal                                                 ▲
//!   └──▶ early ──▶ key filter ──▶ (M/S) ──▶ level ──▶ curve ──▶ followed
//! key ──▶ early ──▲ External       early: 0 without lookahead; else 10 ms less the lookahead
//! ```
//!
//! The factors come from the key alone and what they do to a stem is linear. So with [`KeySource::External`]
//! fed by the sum of the stems, the same settings on every stem apply one gain, and the compressed stems
//! sum to the compressed mix, in every character, at every link and mix. That holds for the feedback of
//! [`Character::Bus`] as well, because its loop is closed around the key: a console's side-chain VCA, of
//! which the one in the audio is a slave.
//!
//! `control` is the way from key to factors, `curve` what is asked for and how settings glide, `gain` what
//! is done to the audio, `aim` which threshold takes off so much. Monitors but the key are the caller's
//! ([`DryPath`](crate::dry_path::DryPath)), since this is a processor with one latency.

pub mod aim;
pub(crate) mod control;
mod crest;
mod curve;
mod gain;
mod key_filter;
pub mod params;
mod readings;

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::delay::SEGMENT;
use crate::eq::frame::Frames;
use crate::finite::silence_non_finite;
use crate::intake::{Intake, put_back, spread};
use crate::processor::Processor;
use crate::sample_grid::SampleGrid;
use aim::LevelHistory;
use control::Control;
use gain::Gain;
use key_filter::KeyFilters;
pub use key_filter::key_response_db;
pub use params::{
    BusCompressorParams, Character, Detector, KeyFilter, KeySource, MAX_LOOKAHEAD_MS, StereoMode,
};
use pulp::Arch;
pub use readings::Readings;
use readings::Watch;

/// How often what glides takes a step.
const TICKS_PER_SECOND: f64 = 3000.0;
/// Time constant of each pole of a glide in ms.
const GLIDE_MS: f64 = 5.0;

/// The bus compressor.
#[derive(Debug)]
pub struct BusCompressor {
    params: BusCompressorParams,
    sample_rate_hz: f64,
    arch: Arch,
    key_filters: KeyFilters,
    control: Control,
    gain: Gain,
    listen: Crossfade,
    ticks: SampleGrid,
    /// Whether something is on its way to what the next tick wants.
    is_gliding: bool,
    /// Whether settings have changed since the last tick.
    is_changed: bool,
    until_snap: usize,
    lookahead: bool,
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
    heard: Frames,
    wet: Frames,
}

impl BusCompressor {
    /// A compressor for nothing yet; prepare it before use.
    pub fn new() -> Self {
        let room = [[0.0; 2]; SEGMENT];
        Self {
            params: BusCompressorParams::DEFAULT,
            sample_rate_hz: 48_000.0,
            arch: Arch::new(),
            key_filters: KeyFilters::new(),
            control: Control::new(),
            gain: Gain::new(),
            listen: Crossfade::new(),
            ticks: SampleGrid::default(),
            is_gliding: false,
            is_changed: false,
            until_snap: SEGMENT,
            lookahead: false,
            intake: Intake::new(),
            started: false,
            watch: Watch::new(),
            work: Work { stem: room, key: room, heard: room, wet: room },
        }
    }

    /// Switches the lookahead and its 10 ms of latency on or off. Does not allocate; forgets the signal if
    /// it changes anything. To be called wherever `set_params` may be.
    pub fn set_lookahead(&mut self, on: bool) {
        if self.lookahead != on {
            self.lookahead = on;
            self.reset();
        }
    }

    /// What an editor shows.
    pub fn readings(&self) -> Readings {
        self.watch.readings
    }

    /// The levels of the last ten seconds, heard since `reset`.
    pub fn history(&self) -> &LevelHistory {
        &self.watch.history
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

    /// A tick of the grid: everything is where it went, and goes on if it must.
    fn tick(&mut self) {
        if self.is_gliding {
            self.control.curve.arrive();
            self.key_filters.arrive();
        }
        let settled = self.control.curve.is_settled() && self.key_filters.is_settled();
        self.is_gliding = self.is_changed || !settled;
        self.is_changed = false;
        if self.is_gliding {
            let samples = self.ticks.left();
            self.control.curve.depart(samples);
            self.key_filters.depart(samples);
        }
    }

    /// Everything is where it was going.
    fn finish(&mut self) {
        self.control.curve.finish();
        self.key_filters.finish();
        self.gain.reset(self.control.curve.factor_at_rest());
        self.intake.arrive();
        self.listen.finish();
        (self.is_gliding, self.is_changed) = (false, false);
    }

    /// Hands the settings to those who glide there.
    fn apply(&mut self) {
        let params = self.params.sane();
        self.control.set(&params, self.sample_rate_hz);
        self.key_filters.set(&params.key_filter);
        self.gain.set(params.stereo_mode, params.character == Character::Bus);
        let lookahead = (params.lookahead_ms * 1e-3 * self.sample_rate_hz).round() as usize;
        self.intake.set_early(self.longest_lookahead().saturating_sub(lookahead));
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
        let ways = [self.params.key_source == KeySource::External, self.lookahead];
        let Work { stem, key: heard, .. } = &mut self.work;
        self.intake.take(self.arch, audio, key, from..to, ways, [stem, heard]);
        let Work { key, heard, .. } = &mut self.work;
        self.key_filters.process(self.arch, &mut key[..length], self.is_gliding);
        if !self.listen.is_first() {
            heard[..length].copy_from_slice(&key[..length]);
        }
        if self.params.stereo_mode == StereoMode::MidSide {
            for [left, right] in &mut key[..length] {
                (*left, *right) = (0.5 * (*left + *right), 0.5 * (*left - *right));
            }
        }
        self.control.hear(self.arch, &key[..length]);
        if self.is_idle() {
            self.gain.pass();
            return;
        }
        self.control.work(self.arch, self.gain.factors(length), length, self.is_gliding);
        let Work { stem, heard, wet, .. } = &mut self.work;
        if self.lookahead {
            spread(self.arch, stem, audio, from..to);
        }
        self.gain.apply(self.arch, stem, wet, length);
        if !self.listen.is_first() {
            for (wet, heard) in wet[..length].iter_mut().zip(heard) {
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
            self.control.snap();
            self.key_filters.snap();
            self.watch.advance(&mut self.control);
        }
    }
}

/// Whether what moves from one to the other is no number.
fn is_switched(a: &BusCompressorParams, b: &BusCompressorParams) -> bool {
    a.character != b.character
        || a.detector != b.detector
        || a.key_source != b.key_source
        || a.stereo_mode != b.stereo_mode
}

impl Default for BusCompressor {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for BusCompressor {
    type Params = BusCompressorParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.ticks.prepare(sample_rate_hz, TICKS_PER_SECOND);
        self.watch.prepare(sample_rate_hz);
        self.key_filters.prepare(sample_rate_hz, TICKS_PER_SECOND, GLIDE_MS);
        self.control.prepare(sample_rate_hz, TICKS_PER_SECOND, GLIDE_MS);
        self.gain.prepare(sample_rate_hz);
        self.listen.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        let longest = self.longest_lookahead();
        self.intake.prepare(sample_rate_hz, longest);
        self.started = false;
        self.apply();
        self.reset();
    }

    fn set_params(&mut self, params: &BusCompressorParams) {
        if self.params == *params {
            return;
        }
        if self.started && is_switched(&self.params, params) {
            self.gain.fade();
        }
        self.params = *params;
        self.apply();
    }

    fn reset(&mut self) {
        self.started = false;
        self.ticks.reset();
        self.until_snap = SEGMENT;
        self.finish();
        self.key_filters.reset();
        self.control.reset();
        self.intake.reset();
        self.watch.reset();
    }

    fn latency_samples(&self) -> usize {
        if self.lookahead { self.longest_lookahead() } else { 0 }
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
