//! The dynamic equaliser: eight bands, each with its own key.
//!
//! ```text
//! input ──▶ delay ──▶ cuts ──▶ the other bands in a row ──▶ Unmask ──▶ mix, output ──▶
//!   │                            ▲ moves                      ▲
//!   └──▶ delay ──▶ detectors ────┴────────────────────────────┘
//! key ──▶ delay ──────▲          delays: 0 without lookahead; else 20 ms, 20 ms less the lookahead
//! ```
//!
//! A band is a static filter and, after it, a move: x + w·M(x), where M is a filter whose poles stay
//! where they are and w follows the key (`control`). M is the static shape of the band's whole
//! range less 1, scaled: the full move is that shape to the bit of arithmetic, none is exactly
//! nothing, and what lies between needs neither a trigonometric function nor a moving pole. The
//! anchors' duck of a low sine leaves 10 dB less behind that way than a state-variable bell.
//!
//! Cuts come first, whatever band they are; the others follow in their order.
//!
//! Settings that are numbers glide: on a grid of 3000 ticks a second counted from reset they take a
//! step of a [`Ramp`], the filters are designed anew, and the coefficients go there in straight
//! lines. What cannot glide (type, slope, placement, on) fades: the band goes to nothing within 20
//! ms, changes, and comes back (`design`).

mod auto_gain;
mod band;
mod bound;
mod chain;
mod control;
mod cut;
mod design;
mod ear;
pub(crate) mod early;
mod follow;
pub(crate) mod frame;
mod group;
mod listen;
pub mod pair;
pub mod params;
pub mod prototype;
mod readings;
mod resonances;
mod row;
pub mod section;
mod segment;
mod settings;
pub mod shape;
pub(crate) mod svf;

use crate::crossfade::DEFAULT_FADE_MS;
use crate::delay::{Delay, SEGMENT};
use crate::dynamics::level::LOWEST_DB;
use crate::key_watch::KeyWatch;
use crate::processor::{MAX_CHANNELS, Processor};
use crate::ramp::{DEFAULT_TIME_CONSTANT_MS, Ramp};
use crate::sample_grid::SampleGrid;
use crate::unmask::Unmask;
use crate::voice::VoiceActivity;
pub use auto_gain::auto_gain_db;
use band::Band;
pub use band::key_section;
use chain::Chain;
use control::Control;
use cut::Cut;
use early::Early;
use listen::BandListen;
pub use params::{
    BANDS, BandParams, BandType, DynamicEqParams, KeyFilter, KeySource, Listen, MAX_LOOKAHEAD_MS,
    Placement, Slope,
};
use pulp::Arch;
pub use readings::Readings;
use segment::Work;
pub use shape::{BandShape, band_magnitude_db, band_response};

/// How often what glides is designed anew.
const TICKS_PER_SECOND: f64 = 3000.0;
/// Time constant of each pole of a glide in ms.
const GLIDE_MS: f64 = 5.0;
/// How often the readings change.
const READINGS_PER_SECOND: f64 = 60.0;

/// The dynamic equaliser.
#[derive(Debug)]
pub struct DynamicEq {
    params: DynamicEqParams,
    sample_rate_hz: f64,
    arch: Arch,
    bands: [Band; BANDS],
    cuts: [Cut; BANDS],
    chain: Chain,
    control: Control,
    ticks: SampleGrid,
    /// Whether coefficients are on their way to what the next tick wants.
    is_gliding: bool,
    /// Whether settings have changed since the last tick.
    is_changed: bool,
    until_snap: usize,
    mix: Ramp,
    output: Ramp,
    listen: BandListen,
    lookahead: bool,
    stem_delays: [Delay; MAX_CHANNELS],
    early: Early,
    started: bool,
    readings: SampleGrid,
    levels_db: [f64; BANDS],
    key_watch: KeyWatch,
    voice: VoiceActivity,
    /// Whether anybody asked the voice in the last segment.
    heard_voice: bool,
    unmask: Unmask,
    work: Work,
}

impl DynamicEq {
    /// An equaliser for nothing yet; prepare it before use.
    pub fn new() -> Self {
        Self {
            params: DynamicEqParams::DEFAULT,
            sample_rate_hz: 48_000.0,
            arch: Arch::new(),
            bands: std::array::from_fn(|_| Band::new()),
            cuts: std::array::from_fn(|_| Cut::new()),
            chain: Chain::new(),
            control: Control::new(),
            ticks: SampleGrid::default(),
            is_gliding: false,
            is_changed: false,
            until_snap: SEGMENT,
            mix: Ramp::new(1.0),
            output: Ramp::new(1.0),
            listen: BandListen::new(),
            lookahead: false,
            stem_delays: Default::default(),
            early: Early::new(),
            started: false,
            readings: SampleGrid::default(),
            levels_db: [LOWEST_DB; BANDS],
            key_watch: KeyWatch::default(),
            voice: VoiceActivity::new(),
            heard_voice: false,
            unmask: Unmask::new(),
            work: Work::new(),
        }
    }

    /// Switches the lookahead and its 20 ms of latency on or off. Does not allocate; forgets the
    /// signal if it changes anything. To be called wherever `set_params` may be.
    pub fn set_lookahead(&mut self, on: bool) {
        if self.lookahead != on {
            self.lookahead = on;
            self.reset();
        }
    }

    fn longest_lookahead(&self) -> usize {
        (MAX_LOOKAHEAD_MS * 1e-3 * self.sample_rate_hz).round() as usize
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
        if self.readings.advance(samples) {
            self.levels_db = self.control.take_levels_db();
        }
        self.until_snap -= samples;
        if self.until_snap == 0 {
            self.until_snap = SEGMENT;
            self.chain.snap();
            self.cuts.iter_mut().for_each(Cut::snap);
            self.control.snap();
            self.listen.snap();
        }
    }
}

impl Default for DynamicEq {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for DynamicEq {
    type Params = DynamicEqParams;

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.ticks.prepare(sample_rate_hz, TICKS_PER_SECOND);
        self.readings.prepare(sample_rate_hz, READINGS_PER_SECOND);
        self.key_watch.prepare(sample_rate_hz);
        for band in &mut self.bands {
            band.on.prepare(TICKS_PER_SECOND, DEFAULT_FADE_MS);
            for ramp in band.ramps() {
                ramp.prepare(TICKS_PER_SECOND, GLIDE_MS);
            }
        }
        self.mix.prepare(sample_rate_hz, DEFAULT_TIME_CONSTANT_MS);
        self.output.prepare(sample_rate_hz, DEFAULT_TIME_CONSTANT_MS);
        self.listen.prepare(sample_rate_hz);
        self.voice.prepare(sample_rate_hz);
        self.unmask.prepare(sample_rate_hz);
        let longest = self.longest_lookahead();
        self.stem_delays.iter_mut().for_each(|delay| delay.prepare(longest));
        self.early.prepare(sample_rate_hz, longest);
        self.started = false;
        self.apply();
        self.reset();
    }

    fn set_params(&mut self, params: &DynamicEqParams) {
        if self.params == *params {
            return;
        }
        self.params = *params;
        self.apply();
    }

    fn reset(&mut self) {
        self.started = false;
        self.ticks.reset();
        self.readings.reset();
        self.until_snap = SEGMENT;
        self.finish();
        self.chain.reset();
        self.cuts.iter_mut().for_each(Cut::reset);
        self.control.reset();
        self.listen.reset();
        self.stem_delays.iter_mut().for_each(Delay::reset);
        self.early.reset();
        self.levels_db = [LOWEST_DB; BANDS];
        self.key_watch.reset();
        self.voice.reset();
        self.unmask.reset();
        self.heard_voice = false;
    }

    fn latency_samples(&self) -> usize {
        if self.lookahead { self.longest_lookahead() } else { 0 }
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let length = audio.iter().map(|channel| channel.len()).min().unwrap_or(0);
        self.started |= length > 0;
        let mut from = 0;
        while from < length {
            let mut step = (length - from).min(self.until_snap).min(self.readings.left());
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
