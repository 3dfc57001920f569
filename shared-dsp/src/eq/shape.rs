//! What a band looks like: its sections at given settings, and their response.

use super::pair;
use super::params::{BandParams, BandType, MAX_GAIN_DB, Slope};
use super::prototype::Prototype;
use super::section::Section;

/// Most sections of a band: 48 dB per octave.
pub const MAX_SECTIONS: usize = 4;
/// Below this a range is designed as if it were this: the shape of a move of nothing is needed too.
const LEAST_RANGE_DB: f64 = 0.05;

/// The section of a band that is no cut, and the second one of a shelf that rings.
pub fn sections(
    band_type: BandType,
    frequency_hz: f64,
    gain_db: f64,
    q: f64,
    sample_rate_hz: f64,
) -> (Section, Option<Section>) {
    let size = gain_db.abs();
    let single = |prototype| (Section::matched(&prototype, frequency_hz, sample_rate_hz), None);
    let gained = |prototype| {
        let (first, second) = pair::matched(&prototype, frequency_hz, sample_rate_hz);
        if gain_db < 0.0 {
            (first.inverse(), second.map(|second| second.inverse()))
        } else {
            (first, second)
        }
    };
    match band_type {
        BandType::Bell => gained(Prototype::bell(size, q)),
        BandType::LowShelf => gained(Prototype::low_shelf(size, q)),
        BandType::HighShelf => gained(Prototype::high_shelf(size, q)),
        BandType::Tilt => gained(Prototype::tilt(size, q)),
        BandType::Notch => single(Prototype::notch(q)),
        BandType::BandPass => single(Prototype::band_pass(q)),
        BandType::LowCut | BandType::HighCut => (Section::IDENTITY, None),
    }
}

/// The sections of a cut, and how many there are.
pub fn cut_sections(
    band_type: BandType,
    slope: Slope,
    frequency_hz: f64,
    q: f64,
    sample_rate_hz: f64,
) -> ([Section; MAX_SECTIONS], usize) {
    let order = slope.order();
    let count = order.div_ceil(2);
    let mut sections = [Section::IDENTITY; MAX_SECTIONS];
    for (index, section) in sections.iter_mut().enumerate().take(count) {
        let prototype = if band_type == BandType::LowCut {
            Prototype::high_pass(order, index, q)
        } else {
            Prototype::low_pass(order, index, q)
        };
        *section = Section::matched(&prototype, frequency_hz, sample_rate_hz);
    }
    (sections, count)
}

/// The full move of a band as [`sections`]: the static shape of `range_db`; and the amplitude that move
/// means at its fullest, less 1, by which each section less 1 is divided to be a unit of movement.
pub fn full_move(
    band_type: BandType,
    frequency_hz: f64,
    range_db: f64,
    q: f64,
    sample_rate_hz: f64,
) -> ((Section, Option<Section>), f64) {
    let range_db =
        if range_db.abs() < LEAST_RANGE_DB { LEAST_RANGE_DB.copysign(range_db) } else { range_db };
    let sections = sections(band_type, frequency_hz, range_db, q, sample_rate_hz);
    (sections, (range_db * move_octaves_per_db(band_type)).exp2() - 1.0)
}

/// log2 of the amplitude one dB of move means: a tilt of 2 dB is 1 dB at its ends.
pub fn move_octaves_per_db(band_type: BandType) -> f64 {
    let per_db = std::f64::consts::LOG2_10 / 20.0;
    if band_type == BandType::Tilt { 0.5 * per_db } else { per_db }
}

/// Real and imaginary part.
type Complex = [f64; 2];

fn times(a: Complex, b: Complex) -> Complex {
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}

/// What `weight` of the change of sections amounts to, one after the other.
fn weighted(
    (first, second): &(Section, Option<Section>),
    weight: f64,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> Complex {
    let all = std::iter::once(first).chain(second);
    all.fold([1.0, 0.0], |all, section| {
        let [real, imaginary] = section.response(frequency_hz, sample_rate_hz);
        times(all, [1.0 + weight * (real - 1.0), weight * imaginary])
    })
}

/// The response of a full move.
pub(super) fn response_of(
    sections: &(Section, Option<Section>),
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> Complex {
    weighted(sections, 1.0, frequency_hz, sample_rate_hz)
}

/// What a band does to every frequency: its sections, designed once.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandShape {
    still: [Section; MAX_SECTIONS],
    count: usize,
    /// The full move, and its amplitude less 1; none where nothing moves.
    full: Option<((Section, Option<Section>), f64)>,
    octaves_per_db: f64,
    sample_rate_hz: f64,
}

impl BandShape {
    /// The shape of a band that does not move. A band that is off is 1 everywhere.
    pub fn still(band: &BandParams, sample_rate_hz: f64) -> Self {
        let band = band.sane();
        let none = [Section::IDENTITY; MAX_SECTIONS];
        let one = |gain_db: f64| {
            let (first, second) =
                sections(band.band_type, band.frequency_hz, gain_db, band.q, sample_rate_hz);
            let mut all = none;
            (all[0], all[1]) = (first, second.unwrap_or(Section::IDENTITY));
            (all, if second.is_some() { 2 } else { 1 })
        };
        let (still, count) = match band.band_type {
            _ if !band.on => (none, 0),
            cut if cut.has_slope() => {
                cut_sections(cut, band.slope, band.frequency_hz, band.q, sample_rate_hz)
            }
            other if other.has_gain() && band.gain_db == 0.0 => (none, 0),
            other => one(if other.has_gain() { band.gain_db } else { 0.0 }),
        };
        let octaves_per_db = move_octaves_per_db(band.band_type);
        Self { still, count, full: None, octaves_per_db, sample_rate_hz }
    }

    /// The shape of a band that may move by `range_db`, its scaled range.
    pub fn moving(band: &BandParams, range_db: f64, sample_rate_hz: f64) -> Self {
        let sane = band.sane();
        let range_db = range_db.clamp(-MAX_GAIN_DB, MAX_GAIN_DB);
        let full = (sane.on && sane.band_type.has_gain()).then(|| {
            full_move(sane.band_type, sane.frequency_hz, range_db, sane.q, sample_rate_hz)
        });
        Self { full, ..Self::still(band, sample_rate_hz) }
    }

    /// The complex response at `frequency_hz`, real and imaginary part, moved by `move_db`.
    pub fn response(&self, move_db: f64, frequency_hz: f64) -> Complex {
        let still = self.still[..self.count].iter().fold([1.0, 0.0], |all, one| {
            times(all, one.response(frequency_hz, self.sample_rate_hz))
        });
        let Some((full, unit)) = self.full.filter(|_| move_db != 0.0) else { return still };
        let weight = ((move_db * self.octaves_per_db).exp2() - 1.0) / unit;
        times(still, weighted(&full, weight, frequency_hz, self.sample_rate_hz))
    }

    /// The magnitude of [`response`](Self::response) in dB.
    pub fn magnitude_db(&self, move_db: f64, frequency_hz: f64) -> f64 {
        let [real, imaginary] = self.response(move_db, frequency_hz);
        crate::db::from_power((real * real + imaginary * imaginary).max(1e-30))
    }
}

/// The complex response of a band at `frequency_hz` (real and imaginary part), moved by `move_db`:
/// 0 for the static curve, its current move for the live one, its scaled range for the farthest it
/// may go. `range_db` is that scaled range, which the shape of the move depends on. A band that is
/// off is 1 everywhere. For many frequencies, [`BandShape`] designs the band once.
pub fn band_response(
    band: &BandParams,
    range_db: f64,
    move_db: f64,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> Complex {
    BandShape::moving(band, range_db, sample_rate_hz).response(move_db, frequency_hz)
}

/// The magnitude of [`band_response`] in dB.
pub fn band_magnitude_db(
    band: &BandParams,
    range_db: f64,
    move_db: f64,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> f64 {
    BandShape::moving(band, range_db, sample_rate_hz).magnitude_db(move_db, frequency_hz)
}
