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
//! w = 10^(move/20) − 1 is what the unit of the move is multiplied by: exactly 0 for no move.
//!
//! Moves of overlapping bands add up in dB, since bands work one after the other. Where their sum at
//! the frequency of any band, or at either end of the spectrum, passes 24 dB, the most one band alone
//! may do, all are scaled back alike so that it does not.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use super::params::{BANDS, BandParams, KeySource, MAX_GAIN_DB};
use super::svf::{Gliding, step};
use crate::delay::SEGMENT;
use crate::dynamics::ballistics::{Ballistics, RECOVERED_DB, Times};
use crate::dynamics::gain_computer::{Action, GainComputers};
use crate::dynamics::level::{LOWEST_DB, Levels, Reading, level_db};
use crate::fast_math::exp2;
use crate::finite::snap;
use crate::lanes::pick;
use crate::vectorize::vectorize;
use pulp::Arch;

type Lanes = [f64; BANDS];

/// Time constant of a power reading in ms.
const POWER_MS: f64 = 10.0;
/// −80 dBFS as a power: what is quieter moves nothing.
const FLOOR: f64 = 1e-8;

/// The integrators of the key filters on one stereo signal, and the levels behind them.
#[derive(Debug, Clone, Copy, Default)]
struct Ear {
    left: [Lanes; 2],
    right: [Lanes; 2],
    levels: Levels<BANDS>,
}

impl Ear {
    fn each(&mut self) -> impl Iterator<Item = &mut Lanes> {
        self.left.iter_mut().chain(&mut self.right)
    }

    fn forget(&mut self, lane: usize) {
        self.each().for_each(|state| state[lane] = 0.0);
        self.levels.reset_lane(lane);
    }

    #[inline(always)]
    fn hear(&mut self, filters: &Gliding<BANDS>, l: &Lanes, r: &Lanes) -> Lanes {
        let [s1, s2] = &mut self.left;
        let l = step(&filters.now, s1, s2, l);
        let [s1, s2] = &mut self.right;
        let r = step(&filters.now, s1, s2, r);
        let mut power = [0.0; BANDS];
        for i in 0..BANDS {
            let (l, r) = (l[i] * l[i], r[i] * r[i]);
            power[i] = if l > r { l } else { r };
        }
        self.levels.next(&power)
    }
}

/// Where the sum of moves is watched: at the frequency of each band and, for each band's placement,
/// at both ends of the spectrum.
pub(super) const POINTS: usize = 3 * BANDS;
/// What part of each band's move is felt at each point.
pub(super) type Overlaps = [[f64; POINTS]; BANDS];

/// The moves of all bands. Aligned, so that no vector lies across two lines of the cache.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Control {
    /// The key filters.
    pub(super) filters: Gliding<BANDS>,
    take: [Lanes; 4],
    internal: Ear,
    external: Ear,
    computers: GainComputers<BANDS>,
    ballistics: Ballistics<BANDS>,
    /// 1 where the stem is listened to, the key, the difference.
    of_stem: Lanes,
    of_key: Lanes,
    of_both: Lanes,
    /// The range now and its movement.
    range_db: Lanes,
    range_target: Lanes,
    range_step: Lanes,
    octaves_per_db: Lanes,
    overlaps: Overlaps,
    /// Whether the sum of all moves can pass the bound at all.
    is_bounded: bool,
    gains_db: Lanes,
    /// The largest level since last asked.
    levels_db: Lanes,
    /// Which of the two signals any band listens to.
    hears: [bool; 2],
    /// Room for a segment: the power heard, what it is divided by, and what becomes of both.
    heard: [Lanes; SEGMENT],
    against: [Lanes; SEGMENT],
    work: [Lanes; SEGMENT],
}

impl Control {
    /// Nothing moves.
    pub(super) fn new() -> Self {
        Self {
            filters: Gliding::new(),
            take: [[0.0; BANDS]; 4],
            internal: Ear::default(),
            external: Ear::default(),
            computers: GainComputers::default(),
            ballistics: Ballistics::default(),
            of_stem: [1.0; BANDS],
            of_key: [0.0; BANDS],
            of_both: [0.0; BANDS],
            range_db: [0.0; BANDS],
            range_target: [0.0; BANDS],
            range_step: [0.0; BANDS],
            octaves_per_db: [0.0; BANDS],
            overlaps: [[0.0; POINTS]; BANDS],
            is_bounded: false,
            gains_db: [0.0; BANDS],
            levels_db: [LOWEST_DB; BANDS],
            hears: [true, false],
            heard: [[0.0; BANDS]; SEGMENT],
            against: [[1.0; BANDS]; SEGMENT],
            work: [[0.0; BANDS]; SEGMENT],
        }
    }

    /// The move of a band at the last sample, in dB.
    pub(super) fn gain_db(&self, lane: usize) -> f64 {
        self.gains_db[lane]
    }

    /// The highest level each band's static curve has read since the last call, in dB.
    pub(super) fn take_levels_db(&mut self) -> [f64; BANDS] {
        std::mem::replace(&mut self.levels_db, [LOWEST_DB; BANDS])
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        for lane in 0..BANDS {
            self.forget(lane);
        }
    }

    /// Forgets what a band heard, and its move.
    pub(super) fn forget(&mut self, lane: usize) {
        self.internal.forget(lane);
        self.external.forget(lane);
        self.ballistics.reset_lane(lane);
        (self.gains_db[lane], self.levels_db[lane]) = (0.0, LOWEST_DB);
    }

    /// Which of stem and key any band listens to. What nobody listens to is forgotten.
    pub(super) fn set_hears(&mut self, [stem, key]: [bool; 2]) {
        if self.hears[0] && !stem {
            (0..BANDS).for_each(|lane| self.internal.forget(lane));
        }
        if self.hears[1] && !key {
            (0..BANDS).for_each(|lane| self.external.forget(lane));
        }
        self.hears = [stem, key];
    }

    /// Sets what a band listens to and how it answers. `can_move` is false for a band that is to
    /// return to rest.
    pub(super) fn set(
        &mut self,
        lane: usize,
        band: &BandParams,
        range_db: f64,
        sample_rate_hz: f64,
    ) {
        let is = |yes: bool| if yes { 1.0 } else { 0.0 };
        let source = band.key_source;
        self.of_stem[lane] = is(source != KeySource::External);
        self.of_key[lane] = is(source == KeySource::External);
        self.of_both[lane] = is(source == KeySource::Difference);
        let reading = if source == KeySource::Difference || band.action == Action::Below {
            Reading::Power(POWER_MS)
        } else {
            Reading::Peak
        };
        self.internal.levels.set(lane, sample_rate_hz, reading);
        self.external.levels.set(lane, sample_rate_hz, reading);
        let BandParams { threshold_db, ratio, knee_db, .. } = *band;
        self.computers.set(lane, band.action, threshold_db, ratio, knee_db, range_db);
        let BandParams { attack_ms, hold_ms, release_ms, .. } = *band;
        self.ballistics.set(lane, sample_rate_hz, Times { attack_ms, hold_ms, release_ms });
    }

    /// What of the stem a band hears, and what a dB of its move is.
    pub(super) fn place(&mut self, lane: usize, take: [f64; 4], octaves_per_db: f64) {
        for (all, one) in self.take.iter_mut().zip(take) {
            all[lane] = one;
        }
        self.octaves_per_db[lane] = octaves_per_db;
    }

    /// Where a band's range goes until the next tick.
    pub(super) fn set_range(&mut self, lane: usize, range_db: f64) {
        self.range_target[lane] = range_db;
    }

    /// Whether the largest moves there may be, together, have to be watched.
    pub(super) fn needs_overlaps(&self) -> bool {
        let sum = |ranges: &Lanes| ranges.iter().map(|r| r.abs()).sum::<f64>();
        sum(&self.range_target).max(sum(&self.range_db)) > MAX_GAIN_DB
    }

    /// Takes how the bands overlap; none if they need not be watched. They need not either where all
    /// ranges at their full stay within the bound everywhere.
    pub(super) fn set_overlaps(&mut self, overlaps: Option<&Overlaps>) {
        self.is_bounded = false;
        let Some(overlaps) = overlaps else { return };
        self.overlaps = *overlaps;
        let mut sums = [0.0; POINTS];
        for (lane, parts) in overlaps.iter().enumerate() {
            let most = self.range_db[lane].abs().max(self.range_target[lane].abs());
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part.abs() * most;
            }
        }
        self.is_bounded = sums.iter().any(|sum| *sum > MAX_GAIN_DB);
    }

    /// Is at its targets.
    pub(super) fn arrive(&mut self) {
        self.filters.arrive();
        (self.range_db, self.range_step) = (self.range_target, [0.0; BANDS]);
    }

    /// Goes there within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        self.filters.depart(samples);
        for lane in 0..BANDS {
            self.range_step[lane] =
                (self.range_target[lane] - self.range_db[lane]) / samples as f64;
        }
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        for states in self.internal.each().chain(self.external.each()) {
            for state in states {
                *state = snap(*state);
            }
        }
    }

    /// Hears a segment of the stem and the key, of which what no band listens to may be anything;
    /// gives the w of all bands at every sample.
    pub(super) fn process(
        &mut self,
        arch: Arch,
        stem: [&[f64]; 2],
        key: [&[f64]; 2],
        is_gliding: bool,
    ) -> &[[f64; BANDS]] {
        if is_gliding {
            vectorize(
                arch,
                #[inline(always)]
                || self.run::<true>(stem, key),
            );
        } else {
            vectorize(
                arch,
                #[inline(always)]
                || self.run::<false>(stem, key),
            );
        }
        &self.work[..stem[0].len()]
    }

    /// What has to go sample by sample goes so, lane beside lane, in loops of its own; what does not
    /// takes all samples of all lanes at once.
    #[inline(always)]
    fn run<const GLIDES: bool>(&mut self, stem: [&[f64]; 2], key: [&[f64]; 2]) {
        let length = stem[0].len().min(SEGMENT);
        self.hear::<GLIDES>(stem, key, length);
        self.measure(length);
        self.ask(length);
        self.follow::<GLIDES>(length);
        for exponents in &mut self.work[..length] {
            for exponent in exponents {
                *exponent = exp2(*exponent) - 1.0;
            }
        }
    }

    /// The powers behind the key filters.
    #[inline(always)]
    fn hear<const GLIDES: bool>(&mut self, stem: [&[f64]; 2], key: [&[f64]; 2], length: usize) {
        let [hears_stem, hears_key] = self.hears;
        for n in 0..length {
            if hears_stem {
                let (l, r) = (stem[0][n], stem[1][n]);
                let (mut a, mut b) = ([0.0; BANDS], [0.0; BANDS]);
                for i in 0..BANDS {
                    a[i] = self.take[0][i] * l + self.take[1][i] * r;
                    b[i] = self.take[2][i] * l + self.take[3][i] * r;
                }
                self.heard[n] = self.internal.hear(&self.filters, &a, &b);
            }
            if hears_key {
                let (l, r) = ([key[0][n]; BANDS], [key[1][n]; BANDS]);
                self.against[n] = self.external.hear(&self.filters, &l, &r);
            }
            if GLIDES {
                self.filters.advance();
            }
        }
    }

    /// From powers to levels: of the stem, of the key, or of one against the other.
    #[inline(always)]
    fn measure(&mut self, length: usize) {
        match self.hears {
            [true, true] => {
                for n in 0..length {
                    for i in 0..BANDS {
                        let (of_stem, of_key) = (self.heard[n][i], self.against[n][i]);
                        let heard = self.of_stem[i] * of_stem + self.of_key[i] * of_key;
                        let against = 1.0 + self.of_both[i] * (of_key - 1.0);
                        self.heard[n][i] = if heard < against { heard } else { against };
                        self.work[n][i] = level_db(heard / pick(against > FLOOR, against, 1.0));
                    }
                }
            }
            [hears_stem, _] => {
                if !hears_stem {
                    self.heard[..length].copy_from_slice(&self.against[..length]);
                }
                for (levels, heard) in self.work.iter_mut().zip(&self.heard).take(length) {
                    for (level, heard) in levels.iter_mut().zip(heard) {
                        *level = level_db(*heard);
                    }
                }
            }
        }
    }

    /// From levels to the changes asked for.
    #[inline(always)]
    fn ask(&mut self, length: usize) {
        let mut highest = self.levels_db;
        for n in 0..length {
            let levels = self.work[n];
            let asked = self.computers.changes_db(&levels);
            for i in 0..BANDS {
                self.work[n][i] = pick(self.heard[n][i] > FLOOR, asked[i], 0.0);
                highest[i] = if levels[i] > highest[i] { levels[i] } else { highest[i] };
            }
        }
        self.levels_db = highest;
    }

    /// From what is asked for to the moves, as exponents of two.
    #[inline(always)]
    fn follow<const GLIDES: bool>(&mut self, length: usize) {
        for n in 0..length {
            let sizes = self.ballistics.next(&self.work[n]);
            for i in 0..BANDS {
                let range = self.range_db[i];
                let most = range.abs();
                let size = if sizes[i] < most { sizes[i] } else { most };
                let size = pick(size < RECOVERED_DB, 0.0, size);
                self.gains_db[i] = size.copysign(range);
            }
            if self.is_bounded {
                self.hold_back();
            }
            for i in 0..BANDS {
                self.work[n][i] = self.gains_db[i] * self.octaves_per_db[i];
            }
            if GLIDES {
                for (range, step) in self.range_db.iter_mut().zip(&self.range_step) {
                    *range += step;
                }
            }
        }
    }

    /// Scales all moves so that none of their sums passes the bound.
    #[inline(always)]
    fn hold_back(&mut self) {
        let total: f64 = crate::lanes::total(self.gains_db.map(f64::abs));
        if total <= MAX_GAIN_DB {
            return;
        }
        let mut sums = [0.0; POINTS];
        for (parts, gain) in self.overlaps.iter().zip(&self.gains_db) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part * gain;
            }
        }
        let largest = sums.iter().fold(MAX_GAIN_DB, |largest, sum| {
            let size = sum.abs();
            if size > largest { size } else { largest }
        });
        let part = MAX_GAIN_DB / largest;
        for gain in &mut self.gains_db {
            *gain *= part;
        }
    }
}

impl Default for Control {
    fn default() -> Self {
        Self::new()
    }
}
