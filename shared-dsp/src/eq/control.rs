//! What moves the bands: key filters, levels, static curves and ballistics of all eight, side by
//! side.
//!
//! ```text
//! stem, placed ──▶ key filter ──▶ level ──┐ Internal
//!                                         ├─ ratio ──▶ static curve ──▶ ballistics ──▶ move ──▶ w
//! key ───────────▶ key filter ──▶ level ──┘ External
//! ```
//!
//! The level is that of the louder of the two filtered channels. Bands that act above their threshold
//! on one signal read its peak; those that act below, or on a difference, read the power over 10 ms,
//! because between two peaks every signal is silent. A band that acts on a key acts only while the
//! key is above −80 dBFS, and a difference only while both are: silence moves nothing.
//!
//! A band that asks the voice takes the activity (`crate::voice`) for a level, and its range for the static
//! curve.
//!
//! w = 10^(move/20) − 1 is what the unit of the move is multiplied by: exactly 0 for no move. It is
//! the mean of two samples: that takes away what an attack of a millisecond has near Nyquist, and would
//! fold.
//!
//! Bands are lanes in two groups of four (`group`).

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the groups of many arrays")]

use super::bound::{Bound, Overlaps};
use super::ear::Source;
use super::follow::follow;
use super::frame::Frame;
use super::group::{Group, NOTHING_HEARD};
use super::params::{BANDS, BandParams, KeySource, MAX_GAIN_DB};
use super::svf::Gliding;
use crate::delay::SEGMENT;
use crate::dynamics::ballistics::Times;
use crate::dynamics::gain_computer::Action;
use crate::dynamics::level::{LOWEST_DB, Reading, octaves_to_db};
use crate::four::{Four, Quad, WIDTH, Work, run};
use pulp::Arch;

/// Groups of bands.
pub(super) const GROUPS: usize = BANDS / WIDTH;
/// Time constant of a power reading in ms.
const POWER_MS: f64 = 10.0;

/// The w of all bands at every sample of a segment.
pub(super) type Weights = [[Quad; SEGMENT]; GROUPS];

/// The moves of all bands.
#[derive(Debug, Clone)]
pub(super) struct Control {
    /// The key filters.
    pub(super) filters: Gliding<BANDS>,
    groups: [Group; GROUPS],
    bound: Bound,
    /// Room for a segment: the power heard, what it is compared with, and what becomes of both.
    heard: [Quad; SEGMENT],
    against: [Quad; SEGMENT],
    weights: Weights,
}

impl Control {
    /// Nothing moves.
    pub(super) fn new() -> Self {
        let room = [Quad::splat(0.0); SEGMENT];
        let mut groups = [const { Group::new() }; GROUPS];
        for group in &mut groups {
            (0..WIDTH).for_each(|lane| {
                group.other.place(lane, true, [0.0; 4]);
            });
        }
        Self {
            filters: Gliding::new(),
            groups,
            bound: Bound::new(),
            heard: room,
            against: room,
            weights: [room; GROUPS],
        }
    }

    fn of(&mut self, band: usize) -> (&mut Group, usize) {
        (&mut self.groups[band / WIDTH], band % WIDTH)
    }

    /// The move of a band at the last sample, in dB.
    pub(super) fn gain_db(&self, band: usize) -> f64 {
        self.groups[band / WIDTH].gains_db.0[band % WIDTH]
    }

    /// The highest level each band's static curve has read since the last call, in dB.
    pub(super) fn take_levels_db(&mut self) -> [f64; BANDS] {
        let mut levels = [LOWEST_DB; BANDS];
        for (levels, group) in levels.chunks_exact_mut(WIDTH).zip(&mut self.groups) {
            let highest = std::mem::replace(&mut group.highest, NOTHING_HEARD);
            let highest = octaves_to_db(highest);
            for ((level, highest), moves) in levels.iter_mut().zip(highest).zip(group.moves) {
                if moves && highest > LOWEST_DB {
                    *level = highest;
                }
            }
        }
        levels
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        (0..BANDS).for_each(|band| self.forget(band));
    }

    /// Forgets what a band heard, and its move.
    pub(super) fn forget(&mut self, band: usize) {
        let (group, lane) = self.of(band);
        group.forget(lane);
    }

    /// Whether a band moves.
    pub(super) fn set_moves(&mut self, band: usize, moves: bool) {
        let (group, lane) = self.of(band);
        group.moves[lane] = moves;
        group.heard_at = group.ear.source(group.moves);
    }

    /// Whether any band that moves listens to the key.
    pub(super) fn hears_key(&self) -> bool {
        let sources = [KeySource::External, KeySource::Difference, KeySource::Voice];
        self.groups.iter().any(|group| sources.iter().any(|source| group.any(*source)))
    }

    /// Whether any band that moves asks how active the voice is.
    pub(super) fn hears_voice(&self) -> bool {
        self.groups.iter().any(|group| group.any(KeySource::Voice))
    }

    /// Sets what a band listens to and how it answers.
    pub(super) fn set(
        &mut self,
        index: usize,
        band: &BandParams,
        range_db: f64,
        sample_rate_hz: f64,
    ) {
        let (group, lane) = self.of(index);
        group.source[lane] = band.key_source;
        let is_difference = band.key_source == KeySource::Difference;
        if is_difference && group.of_both.0[lane] == 0.0 {
            group.other.forget(lane);
        }
        group.of_both.0[lane] = if is_difference { 1.0 } else { 0.0 };
        let reading = if is_difference || band.action == Action::Below {
            Reading::Power(POWER_MS)
        } else {
            Reading::Peak
        };
        group.ear.set(lane, sample_rate_hz, reading);
        group.other.set(lane, sample_rate_hz, reading);
        let is_voice = band.key_source == KeySource::Voice;
        group.of_voice.0[lane] = if is_voice { range_db.abs() } else { 0.0 };
        let BandParams { threshold_db, ratio, knee_db, .. } = *band;
        // A ratio of 1 asks for nothing: what the voice asks for is added.
        let ratio = if is_voice { 1.0 } else { ratio };
        group.computers.set(lane, band.action, threshold_db, ratio, knee_db, range_db);
        let BandParams { attack_ms, hold_ms, release_ms, .. } = *band;
        group.ballistics.set(lane, sample_rate_hz, Times { attack_ms, hold_ms, release_ms });
        group.listen(lane);
    }

    /// What of the stem a band hears, and what a dB of its move is.
    pub(super) fn place(&mut self, band: usize, take: [f64; 4], octaves_per_db: f64) {
        let (group, lane) = self.of(band);
        group.take[lane] = take;
        group.octaves_per_db.0[lane] = octaves_per_db;
        group.listen(lane);
    }

    /// Where a band's range goes until the next tick.
    pub(super) fn set_range(&mut self, band: usize, range_db: f64) {
        let (group, lane) = self.of(band);
        group.range_target.0[lane] = range_db;
    }

    /// The largest move of each band between this tick and the next, in dB.
    fn largest(&self) -> [f64; BANDS] {
        std::array::from_fn(|band| {
            let (group, lane) = (&self.groups[band / WIDTH], band % WIDTH);
            group.range_db.0[lane].abs().max(group.range_target.0[lane].abs())
        })
    }

    /// Whether the largest moves there may be, together, have to be watched.
    pub(super) fn needs_overlaps(&self) -> bool {
        self.largest().iter().sum::<f64>() > MAX_GAIN_DB
    }

    /// Takes how the bands overlap; none if they need not be watched.
    pub(super) fn set_overlaps(&mut self, overlaps: Option<&Overlaps>) {
        let largest = self.largest();
        self.bound.set(overlaps, &largest);
    }

    /// Is at its targets.
    pub(super) fn arrive(&mut self) {
        self.filters.arrive();
        for group in &mut self.groups {
            (group.range_db, group.range_step) = (group.range_target, Quad::splat(0.0));
        }
    }

    /// Goes there within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        self.filters.depart(samples);
        for group in &mut self.groups {
            for lane in 0..WIDTH {
                let way = group.range_target.0[lane] - group.range_db.0[lane];
                group.range_step.0[lane] = way / samples as f64;
            }
        }
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        for group in &mut self.groups {
            group.ear.snap();
            group.other.snap();
            group.ballistics.snap();
        }
    }

    /// Hears a segment of the stem and the key and how active the voice on it is, of which what no band
    /// listens to may be anything;
    /// gives the w of all bands at every sample.
    pub(super) fn process(
        &mut self,
        arch: Arch,
        stem: &[Frame],
        key: &[Frame],
        activity: &[f64],
        is_gliding: bool,
    ) -> &Weights {
        let signals = [stem, key];
        if is_gliding {
            run(arch, Pass::<true> { control: self, signals, activity });
        } else {
            run(arch, Pass::<false> { control: self, signals, activity });
        }
        &self.weights
    }
}

/// A segment, while something glides or while nothing does.
struct Pass<'a, const GLIDES: bool> {
    control: &'a mut Control,
    signals: [&'a [Frame]; 2],
    activity: &'a [f64],
}

impl<const GLIDES: bool> Work for Pass<'_, GLIDES> {
    type Output = ();

    /// Step by step over the whole segment: each is short enough to stay in registers.
    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { control, signals, activity } = self;
        let Control { filters, groups, bound, heard, against, weights } = control;
        let length = signals[0].len().min(SEGMENT);
        let (heard, against) = (&mut heard[..length], &mut against[..length]);
        for (g, (group, asked)) in groups.iter_mut().zip(weights.iter_mut()).enumerate() {
            if !group.is_active() {
                // What its bands did last must not count where all moves are held back together.
                asked[..length].fill(Quad::splat(0.0));
                continue;
            }
            let mut key_filters = filters.group(zero, g);
            let mut again = key_filters;
            let source = group.heard_at;
            group.ear.hear::<F, GLIDES>(zero, &mut key_filters, source, signals, heard);
            if GLIDES {
                filters.keep(g, &key_filters[0]);
            }
            if group.compares() {
                let key = Source::Key;
                group.other.hear::<F, GLIDES>(zero, &mut again, key, signals, against);
                group.ask_both(zero, heard, against, &mut asked[..length]);
            } else {
                group.ask(zero, heard, &mut asked[..length]);
            }
            if group.any(KeySource::Voice) {
                group.ask_voice(zero, activity, &mut asked[..length]);
            }
        }
        let [first, second] = groups;
        let [of_first, of_second] = weights;
        let (of_first, of_second) = (&mut of_first[..length], &mut of_second[..length]);
        // Both at once where both move: their recursions do not wait for each other.
        match (first.is_active(), second.is_active()) {
            (true, true) => follow::<F, GLIDES, 2>(zero, [first, second], [of_first, of_second]),
            (true, false) => follow::<F, GLIDES, 1>(zero, [first], [of_first]),
            (false, true) => follow::<F, GLIDES, 1>(zero, [second], [of_second]),
            (false, false) => {}
        }
        if bound.is_needed() {
            hold_back(bound, weights, length);
        }
        for (group, weights) in groups.iter_mut().zip(weights) {
            if group.is_active() {
                group.weigh(zero, &mut weights[..length]);
            }
        }
    }
}

/// Scales all moves so that none of their sums passes the bound.
#[inline(always)]
fn hold_back(bound: &Bound, moves: &mut Weights, length: usize) {
    let [first, second] = moves;
    for (first, second) in first.iter_mut().zip(second).take(length) {
        let ([a, b, c, d], [e, f, g, h]) = (first.0, second.0);
        let part = bound.part(&[a, b, c, d, e, f, g, h]);
        if part < 1.0 {
            first.0 = first.0.map(|moved| part * moved);
            second.0 = second.0.map(|moved| part * moved);
        }
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
