//! Which threshold takes off so much: by the levels of the last ten seconds.
//!
//! ```text
//! average(T) = mean of r over the hops in which the key was heard
//! r          = what the character follows of the curve with threshold T at the level of each hop
//! ```
//!
//! A hop is some 3 ms, and its level the loudest the curve read in it. The ballistics are those of the
//! processor, run hop by hop. They run in over the last three seconds, as if what was heard had been
//! heard before. A lower threshold never takes off less, so the one wanted is found by halving.
//!
//! Known deviation: what happens within a hop is not seen. A branching detector on peaks lets go between
//! the peaks of a cycle; for that each hop is taken as a quarter of a sine. What is peakier than a sine is
//! then still reduced by less than this says.

use super::curve::Curve;
use super::params::{BusCompressorParams, Character, Detector, MIN_THRESHOLD_DB};
use crate::db;
use crate::dynamics::ballistics::{Ballistics, Times};
use crate::dynamics::character::{Bus, Character as Follows, Clean, Grab};
use crate::dynamics::level::{DB_PER_OCTAVE_OF_POWER, LOWEST_DB};
use crate::four::{Four, Plain};
use std::f64::consts::FRAC_PI_2;

/// How much is remembered, in seconds.
pub const REMEMBERED_S: f64 = 10.0;
/// The shortest hop in ms.
pub const LEAST_HOP_MS: f64 = 2.5;
const MOST_HOPS: usize = (REMEMBERED_S * 1000.0 / LEAST_HOP_MS) as usize;
/// How long the ballistics run in, in seconds.
const RUN_IN_S: f64 = 3.0;
/// A hop below this is a pause and counts for nothing: −70 dBFS.
pub const PAUSE_DB: f32 = -70.0;
/// The highest threshold that is not off.
const HIGHEST_DB: f64 = -0.1;
/// Into how many parts a hop is taken apart for a branching detector on peaks.
const QUARTER: usize = 6;
/// Halvings of the range of thresholds: to a thousandth of a dB.
const HALVINGS: usize = 16;

/// What the curve read in a hop.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hop {
    /// The loudest level of both channels in dBFS.
    pub level_db: f32,
    /// How much of a reduction would recover slowly, 0 to 1.
    pub slow_share: f32,
}

/// The last ten seconds of the key, hop by hop. Pushing neither allocates nor waits.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelHistory {
    hop_s: f64,
    hops: Vec<Hop>,
    /// How many of them there are for ten seconds.
    length: usize,
    /// Where the next goes.
    at: usize,
    filled: usize,
}

impl LevelHistory {
    /// Nothing heard, in hops of `hop_s` seconds, [`LEAST_HOP_MS`] or more.
    pub fn new(hop_s: f64) -> Self {
        let nothing = Hop { level_db: LOWEST_DB as f32, slow_share: 0.0 };
        let mut history =
            Self { hop_s, hops: vec![nothing; MOST_HOPS], length: MOST_HOPS, at: 0, filled: 0 };
        history.prepare(hop_s);
        history
    }

    /// Sets how long hops are, and forgets everything. Does not allocate.
    pub fn prepare(&mut self, hop_s: f64) {
        self.hop_s = hop_s;
        self.length = ((REMEMBERED_S / hop_s) as usize).clamp(1, MOST_HOPS);
        self.clear();
    }

    /// How long hops are in seconds.
    pub fn hop_s(&self) -> f64 {
        self.hop_s
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        (self.at, self.filled) = (0, 0);
    }

    /// Remembers a hop, and forgets that of ten seconds ago.
    pub fn push(&mut self, hop: Hop) {
        self.hops[self.at] = hop;
        self.at = (self.at + 1) % self.length;
        self.filled = (self.filled + 1).min(self.length);
    }

    /// The hops, from the oldest to the newest.
    pub fn iter(&self) -> impl Iterator<Item = &Hop> + Clone {
        let (newest, oldest) = self.hops[..self.length].split_at(self.at);
        oldest.iter().chain(newest).skip(self.length - self.filled)
    }

    /// The last `count` hops, or as many as there are, from the oldest to the newest: in two pieces, which are
    /// cheaper to walk than [`iter`](Self::iter).
    pub fn newest(&self, count: usize) -> [&[Hop]; 2] {
        let count = count.min(self.filled);
        let (newest, oldest) = self.hops[..self.length].split_at(self.at);
        let from_newest = count.min(newest.len());
        let from_oldest = count - from_newest;
        [&oldest[oldest.len() - from_oldest..], &newest[newest.len() - from_newest..]]
    }

    /// For how many seconds the key was heard.
    pub fn heard_s(&self) -> f64 {
        self.iter().filter(|hop| hop.level_db > PAUSE_DB).count() as f64 * self.hop_s
    }

    /// What `params` take off these levels on average while there is a key, in dB ≥ 0; none if there was
    /// none.
    pub fn average_reduction_db(&self, params: &BusCompressorParams) -> Option<f64> {
        match params.character {
            Character::Clean => self.average::<Clean>(params),
            Character::Grab => self.average::<Grab>(params),
            Character::Bus => self.average::<Bus>(params),
        }
    }

    /// The threshold in dB at which `params` would take off `wanted_db` on average; the lowest or the
    /// highest there is where none does, and none if there was no key. 0, which is off, for nothing wanted.
    pub fn threshold_for(&self, params: &BusCompressorParams, wanted_db: f64) -> Option<f64> {
        let average = |threshold_db| {
            self.average_reduction_db(&BusCompressorParams { threshold_db, ..*params })
        };
        average(HIGHEST_DB)?;
        if wanted_db.is_nan() || wanted_db <= 0.0 {
            return Some(0.0);
        }
        let (mut low, mut high) = (MIN_THRESHOLD_DB, HIGHEST_DB);
        if average(low)? <= wanted_db {
            return Some(low);
        }
        if average(high)? >= wanted_db {
            return Some(high);
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if average(middle)? > wanted_db {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(0.5 * (low + high))
    }

    /// The threshold in dB at which another `ratio` takes off as much on average as `params` do; none if
    /// there was no key, or `params` take off nothing: then there is nothing to hold.
    pub fn threshold_for_ratio(&self, params: &BusCompressorParams, ratio: f64) -> Option<f64> {
        let held_db = self.average_reduction_db(params).filter(|db| *db > 0.0)?;
        self.threshold_for(&BusCompressorParams { ratio, ..*params }, held_db)
    }

    fn average<C: Follows>(&self, params: &BusCompressorParams) -> Option<f64> {
        let params = params.sane();
        let zero = Plain::default();
        let computers = Curve::of(&params).computers().load(zero);
        let BusCompressorParams { attack_ms, hold_ms, release_ms, auto_release, .. } = params;
        let mut ballistics = Ballistics::new();
        let branches = params.character == Character::Grab && params.detector == Detector::Peak;
        let parts = if branches { QUARTER } else { 1 };
        // The levels of a sine at even distances from zero to its peak.
        let below_db: [f64; QUARTER] = std::array::from_fn(|n| {
            let angle = FRAC_PI_2 * (n as f64 + 0.5) / QUARTER as f64;
            if branches { db::from_gain(angle.sin()) } else { 0.0 }
        });
        let part_rate_hz = parts as f64 / self.hop_s;
        ballistics.set(0, part_rate_hz, Times { attack_ms, hold_ms, release_ms });
        let mut lanes = ballistics.load(zero);
        let mut next = |hop: &Hop| {
            let share = if auto_release { f64::from(hop.slow_share) } else { 0.0 };
            below_db[..parts].iter().fold(0.0, |_, below_db| {
                let octaves = (f64::from(hop.level_db) + below_db) / DB_PER_OCTAVE_OF_POWER;
                let (asked, slope) = computers.changes_and_slopes(zero.splat(octaves));
                C::next::<Plain, true>(&mut lanes, asked, slope, zero.splat(share)).store().0[0]
            })
        };
        let mut last = 0.0;
        let run_in = (RUN_IN_S / self.hop_s) as usize;
        for hop in self.iter().skip(self.filled.saturating_sub(run_in)) {
            last = next(hop);
        }
        let (mut sum, mut count) = (0.0, 0usize);
        for hop in self.iter() {
            let now = next(hop);
            if hop.level_db > PAUSE_DB {
                sum += 0.5 * (last + now);
                count += 1;
            }
            last = now;
        }
        (count > 0).then(|| sum / count as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Sixty a second.
    const HOP_S: f64 = 1.0 / 60.0;
    const HOPS: usize = 600;

    fn heard(levels_db: impl Iterator<Item = f32>) -> LevelHistory {
        let mut history = LevelHistory::new(HOP_S);
        levels_db.for_each(|level_db| history.push(Hop { level_db, slow_share: 0.0 }));
        history
    }

    fn music() -> LevelHistory {
        let mut random = Random::new(3);
        heard((0..HOPS).map(|n| match n % 120 {
            100.. => -90.0,
            m => -12.0 - (m % 30) as f32 * 0.5 + 3.0 * random.bipolar() as f32,
        }))
    }

    #[test]
    fn the_last_ten_seconds_are_remembered_in_order() {
        let mut history = LevelHistory::new(HOP_S);
        assert_eq!(history.iter().count(), 0);
        for n in 0..1000u16 {
            history.push(Hop { level_db: f32::from(n) - 2000.0, slow_share: 0.0 });
            let first = (usize::from(n) + 1).saturating_sub(HOPS);
            assert_eq!(history.iter().next().unwrap().level_db, first as f32 - 2000.0);
            assert_eq!(history.iter().last().unwrap().level_db, f32::from(n) - 2000.0);
            assert_eq!(history.iter().count(), HOPS.min(usize::from(n) + 1));
            for count in [0, 1, 7, HOPS, HOPS + 1] {
                let newest = history.newest(count).concat();
                let skipped = history.iter().count().saturating_sub(count);
                assert!(newest.iter().eq(history.iter().skip(skipped)), "{count} of {n}");
            }
        }
        assert_eq!(history.heard_s(), 0.0);
        history.clear();
        assert_eq!(history.iter().count(), 0);
    }

    #[test]
    fn a_steady_key_is_reduced_by_what_the_curve_says() {
        let history = heard((0..HOPS).map(|_| -10.0));
        for character in Character::ALL {
            let params = BusCompressorParams {
                threshold_db: -20.0,
                ratio: 4.0,
                character,
                ..Default::default()
            };
            let average = history.average_reduction_db(&params).unwrap();
            assert!((average - 7.5).abs() < 1e-3, "{average}");
            // 3 dB at 4:1 and a knee of 6 are 4 dB over.
            let threshold = history.threshold_for(&params, 3.0).unwrap();
            assert!((threshold + 14.0).abs() < 2e-3, "{threshold}");
        }
    }

    #[test]
    fn the_threshold_found_takes_off_what_was_wanted() {
        let history = music();
        for character in Character::ALL {
            for (ratio, knee_db) in [(1.5, 0.0), (4.0, 12.0), (20.0, 6.0)] {
                for auto_release in [false, true] {
                    let params = BusCompressorParams {
                        ratio,
                        knee_db,
                        auto_release,
                        character,
                        ..BusCompressorParams::DEFAULT
                    };
                    for wanted_db in [0.5, 2.0, 6.0] {
                        let threshold_db = history.threshold_for(&params, wanted_db).unwrap();
                        let found = BusCompressorParams { threshold_db, ..params };
                        let average = history.average_reduction_db(&found).unwrap();
                        assert!((average - wanted_db).abs() < 2e-3, "{average} for {wanted_db}");
                        // Another ratio holds it.
                        let threshold_db = history.threshold_for_ratio(&found, 3.0).unwrap();
                        let held = BusCompressorParams { threshold_db, ratio: 3.0, ..found };
                        let average = history.average_reduction_db(&held).unwrap();
                        assert!((average - wanted_db).abs() < 2e-3, "{average} for {wanted_db}");
                    }
                }
            }
        }
    }

    #[test]
    fn what_cannot_be_is_answered_with_what_can() {
        let params = BusCompressorParams::DEFAULT;
        assert_eq!(LevelHistory::new(HOP_S).threshold_for(&params, 3.0), None);
        assert_eq!(heard((0..100).map(|_| -80.0)).threshold_for(&params, 3.0), None);
        let history = music();
        assert_eq!(history.threshold_for(&params, 0.0), Some(0.0));
        assert_eq!(history.threshold_for(&params, f64::NAN), Some(0.0));
        assert_eq!(history.threshold_for(&params, 59.0), Some(MIN_THRESHOLD_DB));
        let none = BusCompressorParams { range_db: 0.0, ..params };
        assert_eq!(history.threshold_for(&none, 3.0), Some(MIN_THRESHOLD_DB));
        // Off takes off nothing that another ratio could hold.
        assert_eq!(history.threshold_for_ratio(&params, 4.0), None);
    }

    #[test]
    fn pauses_do_not_count() {
        let params = BusCompressorParams {
            threshold_db: -20.0,
            ratio: 4.0,
            release_ms: 10.0,
            attack_ms: 0.05,
            ..BusCompressorParams::DEFAULT
        };
        let with = heard((0..HOPS).map(|n| if n % 100 < 50 { -10.0 } else { -90.0 }));
        let average = with.average_reduction_db(&params).unwrap();
        assert!((average - 7.5).abs() < 0.1, "{average}");
        assert!((with.heard_s() - 5.0).abs() < 1e-9);
    }
}
