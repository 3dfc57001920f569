//! The dynamic equaliser: eight bands, each with its own key.
//!
//! ```text
//! input ──▶ delay ──▶ cuts ──▶ the other bands in a row ──▶ mix, output ──▶ bypass, delta ──▶
//!   │                            ▲ moves
//!   └──▶ delay ──▶ detectors ────┘          delays: 0 without lookahead; else 20 ms, 20 ms less
//! key ──▶ delay ──────▲                     the lookahead
//! ```
//!
//! A band is a static filter and, after it, a move: x + w·M(x), where M is a filter whose poles stay
//! where they are and w follows the key (`control.rs`). M is the static shape of the band's whole
//! range less 1, scaled: the full move is that shape to the bit of arithmetic, none is exactly
//! nothing, and what lies between needs neither a trigonometric function nor a moving pole. The
//! anchors' duck of a low sine leaves 10 dB less behind that way than a state-variable bell.
//!
//! Cuts come first, whatever band they are; the others follow in their order.
//!
//! Settings that are numbers glide: on a grid of 3000 ticks a second counted from reset they take a
//! step of a [`Ramp`], the filters are designed anew, and the coefficients go there in straight
//! lines. What cannot glide (type, slope, placement, on) fades: the band goes to nothing within 20
//! ms, changes, and comes back.

mod chain;
mod control;
mod cut;
mod listen;
pub mod params;
pub mod prototype;
pub mod section;
pub mod shape;
pub(crate) mod svf;

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::db;
use crate::delay::{Delay, SEGMENT};
use crate::dry_path::{DryPath, Monitor};
use crate::dynamics::level::LOWEST_DB;
use crate::finite::{silence_non_finite, to_f32};
use crate::processor::{MAX_CHANNELS, Processor};
use crate::ramp::{DEFAULT_TIME_CONSTANT_MS, Ramp};
use crate::sample_grid::SampleGrid;
use chain::Chain;
use control::{Control, POINTS};
use cut::Cut;
use listen::{BandListen, Target};
pub use params::{
    BANDS, BandParams, BandType, DynamicEqParams, KeyFilter, KeySource, Listen, MAX_LOOKAHEAD_MS,
    Placement, Slope,
};
use pulp::Arch;
use section::Section;
pub use shape::{BandShape, band_magnitude_db, band_response};
use std::f64::consts::FRAC_1_SQRT_2;

/// How often what glides is designed anew.
const TICKS_PER_SECOND: f64 = 3000.0;
/// Time constant of each pole of a glide in ms.
const GLIDE_MS: f64 = 5.0;
/// More output gain than this is not given.
const MAX_OUTPUT_DB: f64 = 48.0;
/// How often the readings change.
const READINGS_PER_SECOND: f64 = 60.0;
/// A key above this has been heard: −80 dBFS.
const KEY_FLOOR: f32 = 1e-4;
/// How long a key counts as fed after it was last heard, in seconds.
const KEY_MEMORY_S: f64 = 1.0;

/// What an editor shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readings {
    /// The move of each band in dB, at the last sample.
    pub move_db: [f64; BANDS],
    /// The highest level each band's static curve read in the last sixtieth of a second, in dB:
    /// dBFS, or the difference between stem and key. −200 where nothing listens.
    pub level_db: [f64; BANDS],
    /// Whether the key input has been above −80 dBFS within the last second.
    pub key_is_fed: bool,
}

/// What of a band cannot glide.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kind {
    band_type: BandType,
    slope: Slope,
    placement: Placement,
}

/// A band on its way.
#[derive(Debug, Clone)]
struct Band {
    wanted: BandParams,
    kind: Kind,
    on: Crossfade,
    octave: Ramp,
    gain_db: Ramp,
    log_q: Ramp,
    range_db: Ramp,
    key_octave: Ramp,
    key_log_q: Ramp,
    /// Whether the move is computed, and the static filter or the cut.
    moves: bool,
    is_heard: bool,
    /// How much there was of the band, of its gain and of its range at the last tick: only what has
    /// been nothing for a whole tick is at rest.
    last: [f64; 3],
}

fn kind_of(band: &BandParams) -> Kind {
    // A slope is part of what the band is only where it has one.
    let slope = if band.band_type.has_slope() { band.slope } else { Slope::default() };
    Kind { band_type: band.band_type, slope, placement: band.placement }
}

impl Band {
    fn new() -> Self {
        let wanted = BandParams::DEFAULT;
        Self {
            wanted,
            kind: kind_of(&wanted),
            on: Crossfade::new(),
            octave: Ramp::new(wanted.frequency_hz.log2()),
            gain_db: Ramp::new(0.0),
            log_q: Ramp::new(wanted.q.log2()),
            range_db: Ramp::new(0.0),
            key_octave: Ramp::new(wanted.key_frequency_hz.log2()),
            key_log_q: Ramp::new(wanted.key_q.log2()),
            moves: false,
            is_heard: false,
            last: [0.0; 3],
        }
    }

    fn ramps(&mut self) -> [&mut Ramp; 6] {
        [
            &mut self.octave,
            &mut self.gain_db,
            &mut self.log_q,
            &mut self.range_db,
            &mut self.key_octave,
            &mut self.key_log_q,
        ]
    }

    fn is_settled(&self) -> bool {
        let ramps = [
            &self.octave,
            &self.gain_db,
            &self.log_q,
            &self.range_db,
            &self.key_octave,
            &self.key_log_q,
        ];
        self.on.is_settled()
            && self.on.is_second() == self.wanted.on
            && (self.kind == kind_of(&self.wanted) || self.on.is_first())
            && ramps.iter().all(|ramp| ramp.is_settled())
    }

    fn set(&mut self, wanted: &BandParams, scale: f64) {
        self.wanted = wanted.sane();
        let wanted = self.wanted;
        self.octave.set_target(wanted.frequency_hz.log2());
        self.gain_db.set_target(wanted.gain_db);
        self.log_q.set_target(wanted.q.log2());
        self.range_db.set_target(wanted.scaled_range_db(scale));
        self.key_octave.set_target(wanted.key_frequency_hz.log2());
        self.key_log_q.set_target(wanted.key_q.log2());
    }

    /// A tick further. Says whether the band is silent now, and may change its kind.
    fn tick(&mut self) -> bool {
        let wanted_kind = kind_of(&self.wanted);
        let is_silent = self.on.weight() == 0.0;
        if is_silent {
            // Nobody hears it: there is nothing to glide from.
            self.kind = wanted_kind;
            self.ramps().into_iter().for_each(Ramp::finish);
        }
        self.on.fade_to(self.wanted.on && self.kind == wanted_kind);
        self.on.next();
        self.ramps().into_iter().for_each(|ramp| {
            ramp.next();
        });
        is_silent
    }

    /// Is where it was going.
    fn finish(&mut self) {
        self.kind = kind_of(&self.wanted);
        self.on.jump_to(self.wanted.on);
        self.ramps().into_iter().for_each(Ramp::finish);
    }

    fn frequency_hz(&self) -> f64 {
        self.octave.value().exp2()
    }

    fn q(&self) -> f64 {
        self.log_q.value().exp2()
    }

    /// What of a signal its key filter lets through.
    fn key_section(&self, sample_rate_hz: f64) -> Section {
        key_section(
            self.wanted.key_filter,
            self.kind.band_type,
            [self.frequency_hz(), self.q()],
            [self.key_octave.value().exp2(), self.key_log_q.value().exp2()],
            sample_rate_hz,
        )
    }
}

/// The section of a key filter, from the frequency and Q of the band and of its own. The plain
/// bilinear one: a detector does not care for a lopsided skirt at 15 kHz.
pub fn key_section(
    filter: KeyFilter,
    band_type: BandType,
    of_band: [f64; 2],
    own: [f64; 2],
    sample_rate_hz: f64,
) -> Section {
    let [frequency_hz, q] = if filter == KeyFilter::Follow { of_band } else { own };
    let (filter, q) = match (filter, band_type) {
        (KeyFilter::Follow, BandType::LowShelf | BandType::LowCut) => {
            (KeyFilter::LowPass, FRAC_1_SQRT_2)
        }
        (KeyFilter::Follow, BandType::HighShelf | BandType::HighCut) => {
            (KeyFilter::HighPass, FRAC_1_SQRT_2)
        }
        (KeyFilter::Follow, BandType::Tilt) => (KeyFilter::Off, q),
        (KeyFilter::Follow, _) => (KeyFilter::BandPass, q),
        own => (own.0, q),
    };
    let numerator = match filter {
        KeyFilter::LowPass => [1.0, 0.0, 0.0],
        KeyFilter::HighPass => [0.0, 0.0, 1.0],
        KeyFilter::Off => return Section::IDENTITY,
        KeyFilter::BandPass | KeyFilter::Follow => [0.0, 1.0 / q, 0.0],
    };
    Section::second_order(numerator, q, frequency_hz, sample_rate_hz)
}

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
    /// Without and with lookahead.
    dry: [DryPath; 2],
    lookahead: bool,
    stem_delays: [Delay; MAX_CHANNELS],
    early_delays: [Delay; MAX_CHANNELS],
    key_delays: [Delay; MAX_CHANNELS],
    /// Whether any band listens to the key.
    hears_key: bool,
    started: bool,
    readings: SampleGrid,
    levels_db: [f64; BANDS],
    key_left: usize,
}

/// Stereo segments in double precision.
struct Work {
    stem: [[f64; SEGMENT]; 2],
    early: [[f64; SEGMENT]; 2],
    key: [[f64; SEGMENT]; 2],
    wet: [[f64; SEGMENT]; 2],
}

fn views(of: &[[f64; SEGMENT]; 2], length: usize) -> [&[f64]; 2] {
    [&of[0][..length], &of[1][..length]]
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
            dry: [DryPath::new(), DryPath::new()],
            lookahead: false,
            stem_delays: Default::default(),
            early_delays: Default::default(),
            key_delays: Default::default(),
            hears_key: false,
            started: false,
            readings: SampleGrid::default(),
            levels_db: [LOWEST_DB; BANDS],
            key_left: 0,
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

    /// What an editor shows.
    pub fn readings(&self) -> Readings {
        Readings {
            move_db: std::array::from_fn(|b| self.control.gain_db(b)),
            level_db: self.levels_db,
            key_is_fed: self.key_left > 0,
        }
    }

    fn longest_lookahead(&self) -> usize {
        (MAX_LOOKAHEAD_MS * 1e-3 * self.sample_rate_hz).round() as usize
    }

    /// Whether anything is to be done to the signal at all.
    fn is_idle(&self) -> bool {
        let is_one = |ramp: &Ramp| ramp.is_settled() && ramp.value() == 1.0;
        !self.is_changed
            && !self.is_gliding
            && self.bands.iter().all(|band| !band.is_heard && !band.moves)
            && is_one(&self.mix)
            && is_one(&self.output)
            && self.listen.is_off()
    }

    /// The numbers of band `b` for the next tick.
    fn design(&mut self, b: usize) {
        let rate = self.sample_rate_hz;
        let band = &mut self.bands[b];
        let chain = &mut self.chain;
        let Kind { band_type, slope, .. } = band.kind;
        let (frequency_hz, q, weight) = (band.frequency_hz(), band.q(), band.on.weight());
        let (gain_db, range_db) = if band_type.has_gain() {
            (band.gain_db.value(), band.range_db.value())
        } else {
            (0.0, 0.0)
        };
        let [last_weight, last_gain_db, last_range_db] =
            std::mem::replace(&mut band.last, [weight, gain_db, range_db]);
        let is_there = weight != 0.0 || last_weight != 0.0;
        let (was_heard, did_move) = (band.is_heard, band.moves);
        let has_gain = !band_type.has_gain() || gain_db != 0.0 || last_gain_db != 0.0;
        band.is_heard = is_there && has_gain;
        band.moves = is_there && (range_db != 0.0 || last_range_db != 0.0);

        if band_type.has_slope() && band.is_heard {
            let (sections, count) = shape::cut_sections(band_type, slope, frequency_hz, q, rate);
            self.cuts[b].set_target(&sections[..count], weight);
        } else {
            self.cuts[b].clear();
        }

        if band.is_heard && !band_type.has_slope() {
            let section = shape::section(band_type, frequency_hz, gain_db, q, rate);
            let weight = if band_type.has_gain() && gain_db == 0.0 { 0.0 } else { weight };
            chain.still.set_target(b, &svf::change(&section, weight));
        } else {
            chain.still.set_target(b, &svf::NEUTRAL);
            chain.still.arrive_lane(b);
        }
        if was_heard != band.is_heard {
            chain.forget_still(b);
        }

        if band.moves {
            let (section, unit) = shape::full_move(band_type, frequency_hz, range_db, q, rate);
            chain.moving.set_target(b, &svf::change(&section, weight / unit));
            self.control.filters.set_target(b, &svf::output(&band.key_section(rate)));
        } else {
            chain.moving.set_target(b, &svf::NEUTRAL);
        }
        self.control.set_range(b, if band.moves { range_db } else { 0.0 });
        if did_move != band.moves {
            // Fresh ears, tuned at once.
            chain.moving.arrive_lane(b);
            chain.forget_moving(b);
            self.control.filters.arrive_lane(b);
            self.control.forget(b);
        }
    }

    /// Puts band `b` where its kind says.
    fn place(&mut self, b: usize) {
        let Kind { band_type, placement, .. } = self.bands[b].kind;
        let (take, put) = chain::placement(placement);
        self.chain.place(b, placement);
        self.cuts[b].place((take, put));
        self.control.place(b, take, shape::move_octaves_per_db(band_type));
    }

    /// How far moves overlap, if they can pass the bound together.
    fn update_overlaps(&mut self) {
        if !self.control.needs_overlaps() {
            self.control.set_overlaps(None);
            return;
        }
        let rate = self.sample_rate_hz;
        let mut overlaps = [[0.0; POINTS]; BANDS];
        for (j, band) in self.bands.iter().enumerate().filter(|(_, band)| band.moves) {
            let range_db = band.range_db.value();
            let (full, unit) = shape::full_move(
                band.kind.band_type,
                band.frequency_hz(),
                range_db,
                band.q(),
                rate,
            );
            let size = if range_db.abs() < 0.05 { 0.05f64.copysign(range_db) } else { range_db };
            for (i, other) in self.bands.iter().enumerate().filter(|(_, other)| other.moves) {
                if are_apart(band.kind.placement, other.kind.placement) {
                    continue;
                }
                let centre = other.frequency_hz().min(0.49 * rate);
                for (n, frequency_hz) in [centre, 10.0, 0.45 * rate].into_iter().enumerate() {
                    let [real, imaginary] = full.response(frequency_hz, rate);
                    let at_db = db::from_power((real * real + imaginary * imaginary).max(1e-30));
                    // A full move and the beginning of one differ in shape: the larger part counts.
                    let (at_full, at_first) = (at_db / size, (real - 1.0) / unit);
                    overlaps[j][n * BANDS + i] =
                        if at_first.abs() > at_full.abs() { at_first } else { at_full };
                }
            }
        }
        self.control.set_overlaps(Some(&overlaps));
    }

    /// A tick of the grid: everything is where it went, and goes on if it must.
    fn tick(&mut self) {
        if self.is_gliding {
            self.arrive();
        }
        let goes_on = self.is_changed || !self.bands.iter().all(Band::is_settled);
        self.is_changed = false;
        if !goes_on {
            if self.is_gliding {
                // Once more, so that what has come to rest is known to rest.
                self.is_gliding = false;
                self.design_all();
                self.arrive();
            }
            return;
        }
        for b in 0..BANDS {
            if self.bands[b].tick() {
                self.chain.forget_still(b);
                self.chain.forget_moving(b);
                self.cuts[b].reset();
                self.control.forget(b);
                self.place(b);
            }
        }
        self.design_all();
        let samples = self.ticks.left();
        self.chain.still.depart(samples);
        self.chain.moving.depart(samples);
        self.cuts.iter_mut().for_each(|cut| cut.depart(samples));
        self.control.depart(samples);
        self.is_gliding = true;
    }

    fn design_all(&mut self) {
        (0..BANDS).for_each(|b| self.design(b));
        self.update_overlaps();
        self.update_key();
    }

    fn arrive(&mut self) {
        self.chain.still.arrive();
        self.chain.moving.arrive();
        self.cuts.iter_mut().for_each(Cut::arrive);
        self.control.arrive();
    }

    /// Whether any band listens to the stem, and to the key.
    fn update_key(&mut self) {
        let any = |is: fn(KeySource) -> bool| {
            self.bands.iter().any(|band| band.moves && is(band.wanted.key_source))
        };
        let hears_stem = any(|source| source != KeySource::External);
        let hears_key = any(|source| source != KeySource::Internal);
        self.control.set_hears([hears_stem, hears_key]);
        self.hears_key = hears_key;
    }

    /// Everything is where it was going.
    fn finish(&mut self) {
        for b in 0..BANDS {
            self.bands[b].finish();
            self.bands[b].last = [0.0; 3];
            self.place(b);
        }
        self.design_all();
        self.arrive();
        self.mix.finish();
        self.output.finish();
        (self.is_gliding, self.is_changed) = (false, false);
    }

    /// Hands the settings to those who glide there.
    fn apply(&mut self) {
        let params = self.params;
        let scale = if params.scale.is_nan() { 1.0 } else { params.scale.clamp(0.0, 2.0) };
        for (b, (band, wanted)) in self.bands.iter_mut().zip(&params.bands).enumerate() {
            band.set(wanted, scale);
            let range_db = band.wanted.scaled_range_db(scale);
            self.control.set(b, &band.wanted, range_db, self.sample_rate_hz);
        }
        let mix = if params.mix.is_nan() { 1.0 } else { params.mix.clamp(0.0, 1.0) };
        self.mix.set_target(mix);
        let auto_db =
            if params.auto_gain { auto_gain_db(&params.bands, self.sample_rate_hz) } else { 0.0 };
        let output_db = if params.output_db.is_nan() { 0.0 } else { params.output_db };
        self.output.set_target(db::to_gain(output_db.min(MAX_OUTPUT_DB) + auto_db));
        let lookahead_ms = if params.lookahead_ms.is_nan() { 0.0 } else { params.lookahead_ms };
        let lookahead = (lookahead_ms.clamp(0.0, MAX_LOOKAHEAD_MS) * 1e-3 * self.sample_rate_hz)
            .round() as usize;
        let early = self.longest_lookahead().saturating_sub(lookahead);
        for delay in self.early_delays.iter_mut().chain(&mut self.key_delays) {
            delay.set_samples(early);
        }
        self.listen.set(self.listen_target(), !self.started);
        self.is_changed = true;
        if !self.started {
            self.finish();
        }
        self.update_key();
    }

    /// What is listened to, resolved.
    fn listen_target(&self) -> Option<Target> {
        let rate = self.sample_rate_hz;
        let listen = self.params.listen.filter(|_| !self.params.monitor.bypass)?;
        let (Listen::Solo(b) | Listen::Key(b)) = listen;
        let band = self.params.bands.get(b)?.sane();
        let is_early = matches!(listen, Listen::Key(_));
        let filter = if is_early { band.key_filter } else { KeyFilter::Follow };
        let section = key_section(
            filter,
            band.band_type,
            [band.frequency_hz, band.q],
            [band.key_frequency_hz, band.key_q],
            rate,
        );
        let is_key = is_early && band.key_source != KeySource::Internal;
        let placement = if is_key { Placement::Stereo } else { band.placement };
        Some(Target { section, placement, is_key, is_early })
    }

    /// One segment: what the grids leave of a block.
    fn segment(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]], from: usize, to: usize) {
        let length = to - from;
        let moves_at_all = self.bands.iter().any(|band| band.moves);
        let hears_key = (moves_at_all && self.hears_key) || self.listen.hears_key();
        let is_idle = self.is_idle();
        let mut work = Work {
            stem: [[0.0; SEGMENT]; 2],
            early: [[0.0; SEGMENT]; 2],
            key: [[0.0; SEGMENT]; 2],
            wet: [[0.0; SEGMENT]; 2],
        };
        let channels = audio.len().min(MAX_CHANNELS);
        let mut stems = audio.iter_mut();
        for c in 0..MAX_CHANNELS {
            let mut room = [0f32; SEGMENT];
            let samples = &mut room[..length];
            // A mono key speaks for both channels; what is missing is silence.
            let channel = key.get(c).or(key.first()).copied().unwrap_or_default();
            let channel = channel.get(from..).unwrap_or_default();
            let heard = channel.len().min(length);
            samples[..heard].copy_from_slice(&channel[..heard]);
            silence_non_finite(samples);
            if let Some(last) = samples.iter().rposition(|x| x.abs() > KEY_FLOOR) {
                let memory = (KEY_MEMORY_S * self.sample_rate_hz) as usize;
                self.key_left = self.key_left.max(memory + last + 1);
            }
            if self.lookahead {
                self.key_delays[c].process(samples);
            }
            if hears_key {
                widen(samples, &mut work.key[c]);
            }
            if let Some(stem) = stems.next() {
                let stem = &mut stem[from..to];
                silence_non_finite(stem);
                samples.copy_from_slice(stem);
                if self.lookahead {
                    self.early_delays[c].process(samples);
                    self.stem_delays[c].process(stem);
                }
                if !is_idle {
                    widen(samples, &mut work.early[c]);
                    widen(stem, &mut work.stem[c]);
                }
            }
        }
        self.key_left = self.key_left.saturating_sub(length);
        if is_idle {
            return;
        }
        if channels == 1 {
            work.early[1] = work.early[0];
            work.stem[1] = work.stem[0];
        }
        work.wet = work.stem;
        self.equalise(&mut work, length, moves_at_all);
        for (channel, wet) in audio.iter_mut().zip(&work.wet) {
            for (out, wet) in channel[from..to].iter_mut().zip(wet) {
                *out = to_f32(*wet);
            }
        }
    }

    /// From the stem to the output of a segment.
    fn equalise(&mut self, work: &mut Work, length: usize, moves_at_all: bool) {
        let moves = moves_at_all.then(|| {
            let (stem, key) = (views(&work.early, length), views(&work.key, length));
            self.control.process(self.arch, stem, key, self.is_gliding)
        });
        let [left, right] = &mut work.wet;
        let (left, right) = (&mut left[..length], &mut right[..length]);
        for cut in self.cuts.iter_mut().filter(|cut| !cut.is_none()) {
            cut.process(self.arch, left, right, self.is_gliding);
        }
        let is_active = self
            .bands
            .each_ref()
            .map(|band| band.moves || (band.is_heard && !band.kind.band_type.has_slope()));
        self.chain.process(self.arch, left, right, moves, is_active, self.is_gliding);
        if !(self.mix.is_settled() && self.mix.value() == 1.0) {
            for i in 0..length {
                let mix = self.mix.next();
                left[i] = work.stem[0][i] + mix * (left[i] - work.stem[0][i]);
                right[i] = work.stem[1][i] + mix * (right[i] - work.stem[1][i]);
            }
        }
        if !(self.output.is_settled() && self.output.value() == 1.0) {
            for i in 0..length {
                let output = self.output.next();
                left[i] *= output;
                right[i] *= output;
            }
        }
        if !self.listen.is_off() {
            let signals = [&work.stem, &work.early, &work.key].map(|s| views(s, length));
            self.listen.process(left, right, signals);
        }
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

fn widen(samples: &[f32], to: &mut [f64; SEGMENT]) {
    for (to, from) in to.iter_mut().zip(samples) {
        *to = f64::from(*from);
    }
}

/// Whether what one band does never meets what the other does.
fn are_apart(a: Placement, b: Placement) -> bool {
    use Placement::{Left, Mid, Right, Side};
    matches!((a, b), (Left, Right) | (Right, Left) | (Mid, Side) | (Side, Mid))
}

/// What the static curve adds to the loudness of a stem with equal power in every octave (pink noise)
/// from 50 Hz to 14 kHz, times −1. A band on one channel, on mid or on side counts half.
pub fn auto_gain_db(bands: &[BandParams; BANDS], sample_rate_hz: f64) -> f64 {
    const POINTS: usize = 33;
    let shapes = bands.each_ref().map(|band| BandShape::still(band, sample_rate_hz));
    let mut sum = 0.0;
    for n in 0..POINTS {
        let frequency_hz = (50.0 * 2f64.powf(n as f64 * 0.25)).min(0.45 * sample_rate_hz);
        sum += bands
            .iter()
            .zip(&shapes)
            .map(|(band, shape)| {
                let [real, imaginary] = shape.response(0.0, frequency_hz);
                let power = real * real + imaginary * imaginary;
                if band.placement == Placement::Stereo { power } else { 0.5 + 0.5 * power }
            })
            .product::<f64>();
    }
    -db::from_power((sum / POINTS as f64).max(1e-6))
}

impl Default for DynamicEq {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for DynamicEq {
    type Params = DynamicEqParams;

    fn prepare(&mut self, sample_rate_hz: f64, max_block_len: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.ticks.prepare(sample_rate_hz, TICKS_PER_SECOND);
        self.readings.prepare(sample_rate_hz, READINGS_PER_SECOND);
        for band in &mut self.bands {
            band.on.prepare(TICKS_PER_SECOND, DEFAULT_FADE_MS);
            for ramp in band.ramps() {
                ramp.prepare(TICKS_PER_SECOND, GLIDE_MS);
            }
        }
        self.mix.prepare(sample_rate_hz, DEFAULT_TIME_CONSTANT_MS);
        self.output.prepare(sample_rate_hz, DEFAULT_TIME_CONSTANT_MS);
        self.listen.prepare(sample_rate_hz);
        let longest = self.longest_lookahead();
        self.dry[0].prepare(sample_rate_hz, max_block_len, 0);
        self.dry[1].prepare(sample_rate_hz, max_block_len, longest);
        for delays in [&mut self.stem_delays, &mut self.early_delays, &mut self.key_delays] {
            for delay in delays {
                delay.prepare(longest);
            }
        }
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
        self.dry.iter_mut().for_each(DryPath::reset);
        for delays in [&mut self.stem_delays, &mut self.early_delays, &mut self.key_delays] {
            for delay in delays {
                delay.reset();
            }
        }
        self.levels_db = [LOWEST_DB; BANDS];
        self.key_left = 0;
    }

    fn latency_samples(&self) -> usize {
        if self.lookahead { self.longest_lookahead() } else { 0 }
    }

    fn process(&mut self, audio: &mut [&mut [f32]], key: &[&[f32]]) {
        let length = audio.iter().map(|channel| channel.len()).min().unwrap_or(0);
        self.started |= length > 0;
        let path = usize::from(self.lookahead);
        self.dry[path].capture(audio);
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
        // What one listens to is not the processing.
        let delta = self.params.monitor.delta && self.params.listen.is_none();
        self.dry[path].finish(audio, Monitor { delta, ..self.params.monitor });
    }
}

#[cfg(test)]
mod tests;
