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

mod band;
mod bound;
mod chain;
mod control;
mod cut;
mod ear;
mod early;
mod frame;
mod listen;
pub mod pair;
pub mod params;
pub mod prototype;
mod resonances;
mod row;
pub mod section;
pub mod shape;
pub(crate) mod svf;

use crate::crossfade::DEFAULT_FADE_MS;
use crate::db;
use crate::delay::{Delay, SEGMENT};
use crate::dynamics::level::LOWEST_DB;
use crate::finite::silence_non_finite;
use crate::processor::{MAX_CHANNELS, Processor};
use crate::ramp::{DEFAULT_TIME_CONSTANT_MS, Ramp};
use crate::sample_grid::SampleGrid;
use crate::unmask::{Unmask, UnmaskReadings};
use crate::voice::VoiceActivity;
pub use band::key_section;
use band::{Band, Kind};
use bound::POINTS;
use chain::{Chain, Part};
use control::Control;
use cut::Cut;
use early::Early;
use frame::{Frames, narrow, narrow_changed, widen};
use listen::{BandListen, Target};
pub use params::{
    BANDS, BandParams, BandType, DynamicEqParams, KeyFilter, KeySource, Listen, MAX_LOOKAHEAD_MS,
    Placement, Slope,
};
use pulp::Arch;
use section::Section;
pub use shape::{BandShape, band_magnitude_db, band_response};

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
const KEY_MEMORY_S: f64 = 2.0;

/// What an editor shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readings {
    /// The move of each band in dB, at the last sample.
    pub move_db: [f64; BANDS],
    /// The highest level each band's static curve read in the last sixtieth of a second, in dB:
    /// dBFS, or the difference between stem and key. −200 where nothing listens.
    pub level_db: [f64; BANDS],
    /// Whether the key input has been above −80 dBFS within the last two seconds.
    pub key_is_fed: bool,
    /// How active the voice on the key input is, 0 to 1; 0 while neither a band nor Unmask asks.
    pub voice_activity: f64,
    /// Where the voice is as a whole, in LUFS: the key level, and what becomes of it while anybody asks.
    pub voice_reference_lufs: f64,
    /// How loud the voice is now, over 200 ms, in LUFS; −∞ while nobody asks.
    pub voice_level_lufs: f64,
    /// What Unmask does, and what came of it.
    pub unmask: UnmaskReadings,
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
    lookahead: bool,
    stem_delays: [Delay; MAX_CHANNELS],
    early: Early,
    started: bool,
    readings: SampleGrid,
    levels_db: [f64; BANDS],
    key_left: usize,
    voice: VoiceActivity,
    /// Whether anybody asked the voice in the last segment.
    heard_voice: bool,
    unmask: Unmask,
    work: Work,
}

/// Room for segments in double precision.
#[derive(Debug)]
struct Work {
    stem: Frames,
    /// The stem as the detectors have it, if that is not the same.
    early: Frames,
    key: Frames,
    wet: Frames,
    activity: [f64; SEGMENT],
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
            key_left: 0,
            voice: VoiceActivity::new(),
            heard_voice: false,
            unmask: Unmask::new(),
            work: Work {
                stem: [[0.0; 2]; SEGMENT],
                early: [[0.0; 2]; SEGMENT],
                key: [[0.0; 2]; SEGMENT],
                wet: [[0.0; 2]; SEGMENT],
                activity: [0.0; SEGMENT],
            },
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
        let [voice_activity, voice_reference_lufs, voice_level_lufs] = if self.hears_voice() {
            [self.voice.activity(), self.voice.reference_lufs(), self.voice.level_lufs()]
        } else {
            [0.0, self.voice.key_level_lufs(), f64::NEG_INFINITY]
        };
        Readings {
            move_db: std::array::from_fn(|b| self.control.gain_db(b)),
            level_db: self.levels_db,
            key_is_fed: self.key_left > 0,
            voice_activity,
            voice_reference_lufs,
            voice_level_lufs,
            unmask: self.unmask.readings(),
        }
    }

    /// How active the voice is, 0 to 1, and the deepest duck of Unmask in dB ≥ 0: of the readings, what
    /// a history keeps.
    pub fn voice_and_duck(&self) -> [f64; 2] {
        if !self.hears_voice() {
            return [0.0; 2];
        }
        [self.voice.activity(), self.unmask.deepest_duck_db()]
    }

    /// What came of Unmask is counted anew.
    pub fn reset_outcome(&mut self) {
        self.unmask.reset_outcome();
    }

    /// Whether anybody asks how active the voice is.
    fn hears_voice(&self) -> bool {
        !self.unmask.is_off() || self.control.hears_voice()
    }

    fn longest_lookahead(&self) -> usize {
        (MAX_LOOKAHEAD_MS * 1e-3 * self.sample_rate_hz).round() as usize
    }

    /// Whether nothing is to be done to the signal, but for what Unmask does.
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
        let did_move = band.moves;
        let has_gain = !band_type.has_gain() || gain_db != 0.0 || last_gain_db != 0.0;
        band.is_heard = is_there && has_gain;
        band.moves = is_there && (range_db != 0.0 || last_range_db != 0.0);

        if band_type.has_slope() && band.is_heard {
            let (sections, count) = shape::cut_sections(band_type, slope, frequency_hz, q, rate);
            self.cuts[b].set_target(&sections[..count], weight);
        } else {
            self.cuts[b].clear();
        }

        let (still, still_second) = if band.is_heard && !band_type.has_slope() {
            let (first, second) = shape::sections(band_type, frequency_hz, gain_db, q, rate);
            let weight = if band_type.has_gain() && gain_db == 0.0 { 0.0 } else { weight };
            let change = |section: &Section| svf::change(section, weight);
            (Some(change(&first)), second.as_ref().map(change))
        } else {
            (None, None)
        };
        let (moving, moving_second) = if band.moves {
            let ((first, second), unit) =
                shape::full_move(band_type, frequency_hz, range_db, q, rate);
            let change = |section: &Section| svf::change(section, weight / unit);
            self.control.filters.set_target(b, &svf::output(&band.key_section(rate)));
            (Some(change(&first)), second.as_ref().map(change))
        } else {
            (None, None)
        };
        for (part, change) in
            Part::ALL.into_iter().zip([still, moving, still_second, moving_second])
        {
            chain.set(b, part, change);
        }
        self.control.set_range(b, if band.moves { range_db } else { 0.0 });
        self.control.set_moves(b, band.moves);
        if did_move != band.moves {
            // Fresh ears, tuned at once.
            chain.arrive_at(b, Part::Moving);
            chain.arrive_at(b, Part::MovingSecond);
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
                    let [real, imaginary] = shape::response_of(&full, frequency_hz, rate);
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
                for part in Part::ALL {
                    self.chain.forget(b, part);
                }
                self.cuts[b].reset();
                self.control.forget(b);
                self.place(b);
            }
        }
        self.design_all();
        let samples = self.ticks.left();
        self.chain.depart(samples);
        self.cuts.iter_mut().for_each(|cut| cut.depart(samples));
        self.control.depart(samples);
        self.is_gliding = true;
    }

    fn design_all(&mut self) {
        (0..BANDS).for_each(|b| self.design(b));
        self.update_overlaps();
    }

    fn arrive(&mut self) {
        self.chain.arrive();
        self.cuts.iter_mut().for_each(Cut::arrive);
        self.control.arrive();
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
        self.early.arrive();
        self.mix.finish();
        self.output.finish();
        (self.is_gliding, self.is_changed) = (false, false);
    }

    /// Hands the settings to those who glide there.
    fn apply(&mut self) {
        let params = self.params;
        // Who asks anew gets a voice nobody has heard yet.
        self.heard_voice &= self.hears_voice();
        self.voice.set_key_level_lufs(params.key_level_lufs);
        self.unmask.set_params(&params.unmask);
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
        self.early.set_samples(early);
        self.listen.set(self.listen_target(), !self.started);
        self.is_changed = true;
        if !self.started {
            self.finish();
        }
    }

    /// What is listened to, resolved.
    fn listen_target(&self) -> Option<Target> {
        let rate = self.sample_rate_hz;
        let listen = self.params.listen?;
        let (Listen::Solo(b) | Listen::Key(b)) = listen;
        let band = self.params.bands.get(b)?.sane();
        let is_early = matches!(listen, Listen::Key(_));
        let filter = match (is_early, band.key_source) {
            (false, _) => KeyFilter::Follow,
            (true, KeySource::Voice) => KeyFilter::Off,
            (true, _) => band.key_filter,
        };
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
        let hears_voice = self.hears_voice();
        let hears_key =
            (moves_at_all && self.control.hears_key()) || self.listen.hears_key() || hears_voice;
        let is_idle = self.is_idle();
        if hears_voice && !self.heard_voice {
            self.voice.reset();
        }
        self.heard_voice = hears_voice;
        let mut key_room = [[0f32; SEGMENT]; MAX_CHANNELS];
        let mut early_room = [[0f32; SEGMENT]; MAX_CHANNELS];
        for (c, room) in key_room.iter_mut().enumerate() {
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
        }
        self.key_left = self.key_left.saturating_sub(length);
        let channels = audio.len().min(MAX_CHANNELS);
        for (c, channel) in audio.iter_mut().enumerate().take(channels) {
            let stem = &mut channel[from..to];
            silence_non_finite(stem);
            if self.lookahead {
                early_room[c][..length].copy_from_slice(stem);
                self.stem_delays[c].process(stem);
            }
        }
        if self.lookahead {
            let [[a, b], [c, d]] = [&mut early_room, &mut key_room].map(<[_; 2]>::each_mut);
            self.early.process([a, b, c, d].map(|line| &mut line[..length]));
        }
        if hears_key {
            let [left, right] = &key_room;
            widen(self.arch, &mut self.work.key, &left[..length], right);
        }
        if hears_voice {
            let Work { key, activity, .. } = &mut self.work;
            self.voice.hear(self.arch, &key[..length], &mut activity[..length]);
        }
        if self.unmask.is_off() {
            self.unmask.pass();
            if is_idle {
                return;
            }
        }
        // One channel alone is both.
        let (first, second) = (0, channels.saturating_sub(1));
        if let (Some(left), Some(right)) = (audio.get(first), audio.get(second)) {
            widen(self.arch, &mut self.work.stem, &left[from..to], &right[from..to]);
        }
        if self.lookahead {
            let [first, second] = [&early_room[first], &early_room[second]];
            widen(self.arch, &mut self.work.early, &first[..length], second);
        }
        self.equalise(length, moves_at_all);
        if is_idle {
            // What Unmask has not touched stays to the bit, even what `f32` can hardly hold.
            let Work { stem, wet, .. } = &self.work;
            for (c, channel) in audio.iter_mut().enumerate().take(channels) {
                narrow_changed(&mut channel[from..to], stem, wet, c);
            }
            return;
        }
        if let Some((left, rest)) = audio.split_first_mut() {
            let right = rest.first_mut().map(|right| &mut right[from..to]);
            narrow(self.arch, &self.work.wet[..length], &mut left[from..to], right);
        }
    }

    /// From the stem to the output of a segment.
    fn equalise(&mut self, length: usize, moves_at_all: bool) {
        let Work { stem, early, key, wet, activity } = &mut self.work;
        let (stem, key, wet) = (&stem[..length], &key[..length], &mut wet[..length]);
        let early = if self.lookahead { &early[..length] } else { stem };
        wet.copy_from_slice(stem);
        let activity = &activity[..length];
        let moves = moves_at_all
            .then(|| self.control.process(self.arch, early, key, activity, self.is_gliding));
        for cut in self.cuts.iter_mut().filter(|cut| !cut.is_none()) {
            cut.process(self.arch, wet, self.is_gliding);
        }
        self.chain.process(self.arch, wet, moves, self.is_gliding);
        if !self.unmask.is_off() {
            self.unmask.process(self.arch, wet, early, key, activity);
        }
        if !(self.mix.is_settled() && self.mix.value() == 1.0) {
            for (wet, dry) in wet.iter_mut().zip(stem) {
                let mix = self.mix.next();
                *wet = [0, 1].map(|c| dry[c] + mix * (wet[c] - dry[c]));
            }
        }
        if !(self.output.is_settled() && self.output.value() == 1.0) {
            for frame in &mut *wet {
                let output = self.output.next();
                *frame = frame.map(|x| x * output);
            }
        }
        if !self.listen.is_off() {
            self.listen.process(wet, [stem, early, key]);
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

/// Whether what one band does never meets what the other does.
fn are_apart(a: Placement, b: Placement) -> bool {
    use Placement::{Left, Mid, Right, Side};
    matches!((a, b), (Left, Right) | (Right, Left) | (Mid, Side) | (Side, Mid))
}

/// What the static curve adds to the loudness of a stem with equal power in every octave (pink noise)
/// from 50 Hz to 14 kHz, times −1. A band on one channel, on mid or on side counts half.
pub fn auto_gain_db(bands: &[BandParams; BANDS], sample_rate_hz: f64) -> f64 {
    const POINTS: usize = 33;
    let shapes = bands.each_ref().map(|band| BandShape::new(band, 0.0, sample_rate_hz));
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

    fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
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
        self.key_left = 0;
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
