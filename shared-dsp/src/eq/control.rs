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

/// The moves of all bands.
#[derive(Debug, Clone)]
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

    /// Forgets what a band heard of the key.
    pub(super) fn forget_key(&mut self) {
        (0..BANDS).for_each(|lane| self.external.forget(lane));
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

    /// Takes how the bands overlap; none if they need not be watched.
    pub(super) fn set_overlaps(&mut self, overlaps: Option<&Overlaps>) {
        self.is_bounded = overlaps.is_some();
        if let Some(overlaps) = overlaps {
            self.overlaps = *overlaps;
        }
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

    /// Hears a segment of the stem and, if any band listens to it, of the key; writes the w of all
    /// bands at every sample.
    pub(super) fn process(
        &mut self,
        arch: Arch,
        stem: [&[f64]; 2],
        key: Option<[&[f64]; 2]>,
        is_gliding: bool,
        moves: &mut [[f64; BANDS]; SEGMENT],
    ) {
        match (key, is_gliding) {
            (None, false) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<false, false>(stem, stem, moves),
            ),
            (None, true) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<false, true>(stem, stem, moves),
            ),
            (Some(key), false) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<true, false>(stem, key, moves),
            ),
            (Some(key), true) => vectorize(
                arch,
                #[inline(always)]
                || self.run::<true, true>(stem, key, moves),
            ),
        }
    }

    #[inline(always)]
    fn run<const KEY: bool, const GLIDES: bool>(
        &mut self,
        stem: [&[f64]; 2],
        key: [&[f64]; 2],
        moves: &mut [[f64; BANDS]; SEGMENT],
    ) {
        let length = stem[0].len();
        // What has to go sample by sample goes so, lane beside lane; logarithms and powers of two
        // take all samples of all lanes at once.
        let mut heard = [[0.0; BANDS]; SEGMENT];
        let mut against = [[1.0; BANDS]; SEGMENT];
        for n in 0..length {
            let (l, r) = (stem[0][n], stem[1][n]);
            let (mut a, mut b) = ([0.0; BANDS], [0.0; BANDS]);
            for i in 0..BANDS {
                a[i] = self.take[0][i] * l + self.take[1][i] * r;
                b[i] = self.take[2][i] * l + self.take[3][i] * r;
            }
            heard[n] = self.internal.hear(&self.filters, &a, &b);
            if KEY {
                let (l, r) = ([key[0][n]; BANDS], [key[1][n]; BANDS]);
                let of_key = self.external.hear(&self.filters, &l, &r);
                for i in 0..BANDS {
                    heard[n][i] = self.of_stem[i] * heard[n][i] + self.of_key[i] * of_key[i];
                    against[n][i] = 1.0 + self.of_both[i] * (of_key[i] - 1.0);
                }
            }
            if GLIDES {
                self.filters.advance();
            }
        }
        let mut levels = [[0.0; BANDS]; SEGMENT];
        let flat = levels.as_flattened_mut().iter_mut();
        let powers = heard.as_flattened().iter().zip(against.as_flattened());
        for (level, (heard, against)) in flat.zip(powers).take(length * BANDS) {
            let divisor = if *against > FLOOR { *against } else { 1.0 };
            *level = level_db(*heard / divisor);
        }
        let mut exponents = [[0.0; BANDS]; SEGMENT];
        for n in 0..length {
            let mut asked = self.computers.changes_db(&levels[n]);
            for i in 0..BANDS {
                let (a, b) = (heard[n][i], against[n][i]);
                let softer = if a < b { a } else { b };
                asked[i] = if softer > FLOOR { asked[i] } else { 0.0 };
                let highest = self.levels_db[i];
                let level = levels[n][i];
                self.levels_db[i] = if level > highest { level } else { highest };
            }
            let sizes = self.ballistics.next(&asked);
            for i in 0..BANDS {
                let range = self.range_db[i];
                let most = range.abs();
                let size = if sizes[i] < most { sizes[i] } else { most };
                let size = if size < RECOVERED_DB { 0.0 } else { size };
                self.gains_db[i] = if range < 0.0 { -size } else { size };
            }
            if self.is_bounded {
                self.hold_back();
            }
            for i in 0..BANDS {
                exponents[n][i] = self.gains_db[i] * self.octaves_per_db[i];
            }
            if GLIDES {
                for (range, step) in self.range_db.iter_mut().zip(&self.range_step) {
                    *range += step;
                }
            }
        }
        let flat = moves.as_flattened_mut().iter_mut();
        for (amount, exponent) in flat.zip(exponents.as_flattened()).take(length * BANDS) {
            *amount = exp2(*exponent) - 1.0;
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
