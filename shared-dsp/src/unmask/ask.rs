//! What is asked of each band: how much the music covers there of a voice that is there.
//!
//! ```text
//! ask = activity · v · clamp(music − voice + 12 dB, 0, Depth)
//! v   = clamp((voice − loudest + 25 dB)/15 dB, 0, 1)
//! ask ← max(ask, half the sum of the asks beside it),  then the focus, then attack, hold, release
//! ```
//!
//! Levels are those of a band, as mixed. The duck aims at a voice 12 dB above the music: there nothing
//! more is asked for. Below a distance of 15 dB a noise begins to take from what is understood of
//! speech (ANSI S3.5-1997, the speech intelligibility index); short-time levels, which follow the
//! syllables, lie a little above the long-time ones that standard means.
//!
//! For v, the voice's levels rise by 3 dB an octave above 500 Hz. In bands as wide as these, normal
//! speech falls by about 6 dB an octave there (ANSI S3.5-1997, table 3): without, the bands words are
//! told apart by would count as half absent.
//!
//! `loudest` is the level of the voice's loudest band: it rises at once and falls by 30 dB a second,
//! so that between two words, where all bands fall alike, no band counts as one the voice is in.
//!
//! Levels have a time constant of 15 ms, the same for both signals. All of this runs on the looks of
//! the ears, a thousand a second.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the lanes of many arrays")]

use super::scale::{BANDS, GROUPS, centres_hz, grouped};
use crate::dynamics::ballistics::{Ballistics, Times};
use crate::dynamics::level::{LOWEST_DB, Levels, Octaves, Reading, octaves_to_db};
use crate::four::{Four, WIDTH};

/// Looks a second.
pub(super) const LOOKS_PER_SECOND: f64 = 1000.0;
/// Time constant of the levels in ms.
const LEVEL_MS: f64 = 15.0;
/// How far above the music, in dB, the voice is to be.
const CLEARANCE_DB: f64 = 12.0;
/// How far below its loudest band, in dB, a band is one the voice is not in, and one it is fully in.
const ABSENT_DB: f64 = 25.0;
const PRESENT_DB: f64 = 10.0;
/// From which frequency in Hz, and by how many dB an octave, the voice is lifted to find where it is.
const LIFT_FROM_HZ: f64 = 500.0;
const LIFT_DB: f64 = 3.0;
/// How fast the level of the loudest band falls, in dB a look.
const FALL_DB: f64 = 30.0 / LOOKS_PER_SECOND;
/// Hold and release as multiples of the attack.
const HOLD: f64 = 2.5;
const RELEASE: f64 = 10.0;

type Lanes = [f64; BANDS];

/// What is asked for, and how it is followed.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    music: [Levels; GROUPS],
    voice: [Levels; GROUPS],
    lift_db: Lanes,
    loudest_db: f64,
    ballistics: [Ballistics; GROUPS],
    speed_ms: f64,
}

impl Ask {
    /// Asks for nothing.
    pub(super) fn new() -> Self {
        let mut levels = Levels::new();
        for lane in 0..WIDTH {
            levels.set(lane, LOOKS_PER_SECOND, Reading::Power(LEVEL_MS));
        }
        Self {
            music: [levels; GROUPS],
            voice: [levels; GROUPS],
            lift_db: lift_db(),
            loudest_db: LOWEST_DB,
            ballistics: [Ballistics::new(); GROUPS],
            speed_ms: f64::NAN,
        }
    }

    /// Sets the time to 63.2 % of a growing duck, in ms.
    pub(super) fn set_speed(&mut self, speed_ms: f64) {
        if self.speed_ms == speed_ms {
            return;
        }
        self.speed_ms = speed_ms;
        let times =
            Times { attack_ms: speed_ms, hold_ms: HOLD * speed_ms, release_ms: RELEASE * speed_ms };
        for band in 0..BANDS {
            self.ballistics[band / WIDTH].set(band % WIDTH, LOOKS_PER_SECOND, times);
        }
    }

    /// Forgets what was heard, and every duck.
    pub(super) fn reset(&mut self) {
        for band in 0..BANDS {
            let (group, lane) = (band / WIDTH, band % WIDTH);
            self.music[group].reset_lane(lane);
            self.voice[group].reset_lane(lane);
            self.ballistics[group].reset_lane(lane);
        }
        self.loudest_db = LOWEST_DB;
    }

    /// Takes the mean squares of a look and gives the duck of each band in dB ≥ 0. `focus` is how much
    /// of each band is in focus, 0 to 1.
    #[inline(always)]
    pub(super) fn next<F: Four>(
        &mut self,
        zero: F,
        music: &Lanes,
        voice: &Lanes,
        activity: f64,
        depth_db: f64,
        focus: &Lanes,
    ) -> Lanes {
        let music_db = levels_db(zero, &mut self.music, music);
        let voice_db = levels_db(zero, &mut self.voice, voice);
        let mut lifted_db = voice_db;
        for (level, lift) in lifted_db.iter_mut().zip(&self.lift_db) {
            *level += lift;
        }
        let fallen = self.loudest_db - FALL_DB;
        self.loudest_db = lifted_db.iter().fold(fallen, |a, b| if *b > a { *b } else { a });
        // Room on either side for a neighbour that is none.
        let mut asks = [0.0; BANDS + 2];
        for i in 0..BANDS {
            let present = (lifted_db[i] - self.loudest_db + ABSENT_DB) / (ABSENT_DB - PRESENT_DB);
            let covered = music_db[i] - voice_db[i] + CLEARANCE_DB;
            asks[i + 1] = activity * within(present, 1.0) * within(covered, depth_db);
        }
        let mut wanted = [0.0; BANDS];
        for i in 0..BANDS {
            let between = 0.5 * (asks[i] + asks[i + 2]);
            let ask = if asks[i + 1] > between { asks[i + 1] } else { between };
            wanted[i] = focus[i] * ask;
        }
        let mut ducks = [0.0; BANDS];
        let groups = ducks.chunks_exact_mut(WIDTH).zip(grouped(&wanted));
        for ((ducks, wanted), ballistics) in groups.zip(&mut self.ballistics) {
            let mut following = ballistics.load(zero);
            ducks.copy_from_slice(&following.next::<true>(zero.load(wanted)).store().0);
            ballistics.keep(&following);
            ballistics.snap();
        }
        ducks
    }
}

/// The levels of all bands in dB, a look of mean squares further.
#[inline(always)]
fn levels_db<F: Four>(zero: F, levels: &mut [Levels; GROUPS], squares: &Lanes) -> Lanes {
    let mut all = [0.0; BANDS];
    let octaves = Octaves::new(zero);
    let groups = all.chunks_exact_mut(WIDTH).zip(grouped(squares));
    for ((all, squares), levels) in groups.zip(levels) {
        let mut look = [squares];
        levels.read(zero, &mut look);
        levels.snap();
        let [power] = look;
        all.copy_from_slice(&octaves_to_db(octaves.of(zero.load(power)).store()));
    }
    all
}

/// What is added to the level of each band to find where the voice is, in dB.
fn lift_db() -> Lanes {
    centres_hz().map(|centre| LIFT_DB * (centre / LIFT_FROM_HZ).log2().max(0.0))
}

/// Between 0 and `most`.
#[inline(always)]
fn within(x: f64, most: f64) -> f64 {
    let x = if x > 0.0 { x } else { 0.0 };
    if x < most { x } else { most }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::Plain;

    /// The ducks after two seconds of levels in dB.
    fn settled(music_db: Lanes, voice_db: Lanes, depth_db: f64) -> Lanes {
        let square = |db: f64| 0.5 * 10f64.powf(0.1 * db);
        let mut ask = Ask::new();
        ask.set_speed(20.0);
        let mut last = [0.0; BANDS];
        for _ in 0..2000 {
            let (music, voice) = (music_db.map(square), voice_db.map(square));
            last = ask.next(Plain::default(), &music, &voice, 1.0, depth_db, &[1.0; BANDS]);
        }
        last
    }

    #[test]
    fn the_law_is_the_one_written() {
        for (difference_db, wanted) in
            [(-20.0, 0.0), (-12.0, 0.0), (-10.0, 2.0), (-6.0, 6.0), (0.0, 6.0)]
        {
            // A voice that is in all bands alike once it is lifted.
            let voice_db = lift_db().map(|lift| -30.0 - lift);
            let got = settled(voice_db.map(|level| level + difference_db), voice_db, 6.0);
            assert!(
                got.iter().all(|duck| (duck - wanted).abs() < 0.01),
                "{got:?} at {difference_db}"
            );
        }
        // A voice in one band only; another 17.5 dB below is half there.
        let mut voice_db = [-90.0; BANDS];
        (voice_db[3], voice_db[8]) = (-20.0, -37.5);
        let lift_db = lift_db();
        assert!((lift_db[8] - lift_db[3] - 8.2).abs() < 0.1);
        for (level, lift) in voice_db.iter_mut().zip(lift_db) {
            *level -= lift;
        }
        let got = settled([-20.0; BANDS], voice_db, 6.0);
        let mut wanted = [0.0; BANDS];
        (wanted[2], wanted[3], wanted[4]) = (3.0, 6.0, 3.0);
        (wanted[7], wanted[8], wanted[9]) = (1.5, 3.0, 1.5);
        for i in 0..BANDS {
            assert!((got[i] - wanted[i]).abs() < 0.01, "{got:?}");
        }
    }
}
