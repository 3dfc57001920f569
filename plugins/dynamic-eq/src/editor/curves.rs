//! What the bands do to every frequency: the static curve, the live one, the farthest they may go.

use super::BANDS;
use shared_dsp::db;
use shared_dsp::eq::{BandParams, BandShape, Placement};

/// Points of a curve, from 20 Hz to 20 kHz: a sixtieth of an octave apart.
const POINTS: usize = 600;
const LOWEST_HZ: f64 = 20.0;
const DECADES: f64 = 3.0;

/// One band as it is now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moving {
    pub(super) band: BandParams,
    /// As far as it may move, scaled, and as far as it has, in dB.
    pub(super) range_db: f64,
    pub(super) move_db: f64,
}

/// Levels in dB at [`POINTS`] frequencies.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve(Vec<f32>);

impl Curve {
    /// The curve of a level in dB at every frequency in Hz.
    pub(super) fn of(level_db: impl Fn(f64) -> f64) -> Self {
        Self((0..POINTS).map(|point| level_db(frequency(point)) as f32).collect())
    }

    /// The level at a frequency in Hz.
    pub(super) fn at(&self, hz: f32) -> f32 {
        let place = (f64::from(hz) / LOWEST_HZ).log10() / DECADES * (POINTS - 1) as f64;
        let place = place.clamp(0.0, (POINTS - 1) as f64);
        let below = (place as usize).min(POINTS - 2);
        let share = (place - below as f64) as f32;
        self.0[below] + (self.0[below + 1] - self.0[below]) * share
    }
}

/// The curves of one way through the equaliser.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curves {
    /// Nothing moves.
    pub(super) still: Curve,
    /// As it is now.
    pub(super) live: Curve,
    /// Everything has moved as far as it may.
    pub(super) far: Curve,
}

impl Curves {
    /// The largest move of the whole curve in dB, with its sign, and where it is in Hz.
    pub(super) fn largest_move(&self) -> (f32, f32) {
        let moves = self.live.0.iter().zip(&self.still.0).map(|(live, still)| live - still);
        let largest = moves.enumerate().max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()));
        largest.map_or((0.0, 0.0), |(point, db)| (db, frequency(point) as f32))
    }
}

fn frequency(point: usize) -> f64 {
    LOWEST_HZ * 10f64.powf(DECADES * point as f64 / (POINTS - 1) as f64)
}

/// A way through the equaliser: what a channel, or the middle, or the side hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Way {
    /// What stands at its curve; nothing where there is but one.
    pub(super) name: &'static str,
    placement: Placement,
}

impl Way {
    /// Whether a band of this placement is heard on it.
    pub(super) fn hears(self, placement: Placement) -> bool {
        placement == Placement::Stereo || placement == self.placement
    }
}

/// The ways that differ: one where everything is stereo, else both sides of every pair that a band, or
/// Unmask where it is on, works on one side of.
pub(super) fn ways(bands: &[Moving; BANDS], unmask: Option<Placement>) -> Vec<Way> {
    use Placement::{Left, Mid, Right, Side};
    let is_used = |placement| {
        unmask == Some(placement)
            || bands.iter().any(|one| one.band.on && one.band.placement == placement)
    };
    let pairs = [[("L", Left), ("R", Right)], [("Mid", Mid), ("Side", Side)]];
    let used = pairs.into_iter().filter(|pair| pair.iter().any(|(_, side)| is_used(*side)));
    let ways: Vec<Way> = used.flatten().map(|(name, placement)| Way { name, placement }).collect();
    if ways.is_empty() { vec![Way { name: "", placement: Placement::Stereo }] } else { ways }
}

/// The curves of one way, with what Unmask adds to it now.
pub(super) fn curves(
    bands: &[Moving; BANDS],
    way: Way,
    unmask: Option<&Curve>,
    rate_hz: f64,
) -> Curves {
    let mut power = [const { Vec::new() }; 3].map(|_: Vec<f64>| vec![1.0; POINTS]);
    for one in bands.iter().filter(|one| one.band.on && way.hears(one.band.placement)) {
        let shape = BandShape::new(&one.band, one.range_db, rate_hz);
        for point in 0..POINTS {
            let hz = frequency(point).min(0.49 * rate_hz);
            let power_at = |move_db: f64| {
                let [real, imaginary] = shape.response(move_db, hz);
                real * real + imaginary * imaginary
            };
            let still = power_at(0.0);
            let at = |move_db: f64| if move_db == 0.0 { still } else { power_at(move_db) };
            let [to_still, to_live, to_far] = &mut power;
            to_still[point] *= still;
            to_live[point] *= at(one.move_db);
            to_far[point] *= at(one.range_db);
        }
    }
    let [still, mut live, far] = power.map(|power| {
        let level = |power: &f64| db::from_power(power.max(1e-30)) as f32;
        Curve(power.iter().map(level).collect())
    });
    if let Some(unmask) = unmask {
        live.0.iter_mut().zip(&unmask.0).for_each(|(live, more)| *live += more);
    }
    Curves { still, live, far }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::eq::{BandType, band_magnitude_db};

    const RATE: f64 = 48_000.0;

    fn still(band: BandParams) -> Moving {
        Moving { band, range_db: 0.0, move_db: 0.0 }
    }

    fn bands(some: &[Moving]) -> [Moving; BANDS] {
        let mut all = [still(BandParams::DEFAULT); BANDS];
        all[..some.len()].copy_from_slice(some);
        all
    }

    const BELL: BandParams =
        BandParams { on: true, frequency_hz: 2900.0, gain_db: -1.0, q: 1.2, ..BandParams::DEFAULT };
    const SHELF: BandParams = BandParams {
        on: true,
        band_type: BandType::HighShelf,
        frequency_hz: 9000.0,
        gain_db: 3.0,
        ..BandParams::DEFAULT
    };

    #[test]
    fn curves_are_sums_of_what_the_bands_do() {
        let ducked = Moving { band: BELL, range_db: -4.0, move_db: -2.6 };
        let all = bands(&[ducked, still(SHELF)]);
        let curves = curves(&all, ways(&all, None)[0], None, RATE);
        for hz in [20.0, 333.0, 1000.0, 2900.0, 9000.0, 19_999.0] {
            let sum = |move_db| {
                band_magnitude_db(&BELL, -4.0, move_db, hz, RATE)
                    + band_magnitude_db(&SHELF, 0.0, 0.0, hz, RATE)
            };
            for (curve, move_db) in
                [(&curves.still, 0.0), (&curves.live, -2.6), (&curves.far, -4.0)]
            {
                let drawn = f64::from(curve.at(hz as f32));
                assert!((drawn - sum(move_db)).abs() < 0.01, "{hz} Hz by {move_db}: {drawn}");
            }
        }
        let (db, hz) = curves.largest_move();
        assert!((db + 2.6).abs() < 0.02 && (hz / 2900.0 - 1.0).abs() < 0.03, "{db} dB at {hz}");
    }

    #[test]
    fn placements_part_the_curve_only_where_there_are_any() {
        let one = still(BELL);
        assert_eq!(ways(&bands(&[one]), None).len(), 1);
        let side = still(BandParams { placement: Placement::Side, ..SHELF });
        let both = bands(&[one, side]);
        let parted = ways(&both, None);
        assert_eq!(parted.iter().map(|way| way.name).collect::<Vec<_>>(), ["Mid", "Side"]);
        let at = |way: Way| curves(&both, way, None, RATE).still.at(15_000.0);
        assert!(at(parted[0]).abs() < 0.1 && at(parted[1]) > 2.0);
        let left = still(BandParams { placement: Placement::Left, ..SHELF });
        assert_eq!(ways(&bands(&[left, side]), None).len(), 4);
        // One that is off parts nothing.
        let off = still(BandParams { on: false, placement: Placement::Left, ..SHELF });
        assert_eq!(ways(&bands(&[one, off]), None).len(), 1);
    }

    #[test]
    fn unmask_is_in_the_curve_of_what_it_works_on() {
        let all = bands(&[still(BELL)]);
        assert_eq!(ways(&all, Some(Placement::Stereo)).len(), 1);
        let parted = ways(&all, Some(Placement::Mid));
        assert_eq!(parted.iter().map(|way| way.name).collect::<Vec<_>>(), ["Mid", "Side"]);
        let duck = Curve::of(|hz| if hz > 600.0 { -3.0 } else { 0.0 });
        let without = curves(&all, parted[0], None, RATE);
        let with = curves(&all, parted[0], Some(&duck), RATE);
        assert_eq!(with.still, without.still);
        for (hz, duck_db) in [(300.0, 0.0), (2900.0, -3.0)] {
            assert!((with.live.at(hz) - without.live.at(hz) - duck_db).abs() < 1e-3, "{hz} Hz");
        }
        let (db, hz) = with.largest_move();
        assert!((db + 3.0).abs() < 1e-3 && hz > 600.0, "{db} dB at {hz}");
    }
}
