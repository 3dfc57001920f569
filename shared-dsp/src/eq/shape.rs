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

/// A band designed once, to be asked for its response at many frequencies: what an editor draws.
#[derive(Debug, Clone, Copy)]
pub struct BandShape {
    /// The static sections: those of a cut, or one or two.
    still: [Section; MAX_SECTIONS],
    count: usize,
    /// The full move and the amplitude it means, if there is one.
    moving: Option<((Section, Option<Section>), f64)>,
    octaves_per_db: f64,
    sample_rate_hz: f64,
}

impl BandShape {
    /// Designs a band whose move has the shape of `range_db`, its scaled range. A band that is off is 1
    /// everywhere.
    pub fn new(band: &BandParams, range_db: f64, sample_rate_hz: f64) -> Self {
        let band = band.sane();
        let BandParams { band_type, frequency_hz, gain_db, q, .. } = band;
        let mut shape = Self {
            still: [Section::IDENTITY; MAX_SECTIONS],
            count: 0,
            moving: None,
            octaves_per_db: move_octaves_per_db(band_type),
            sample_rate_hz,
        };
        if !band.on {
            return shape;
        }
        if band_type.has_slope() {
            let (still, count) =
                cut_sections(band_type, band.slope, frequency_hz, q, sample_rate_hz);
            (shape.still, shape.count) = (still, count);
            return shape;
        }
        if !band_type.has_gain() || gain_db != 0.0 {
            let (first, second) = sections(band_type, frequency_hz, gain_db, q, sample_rate_hz);
            for section in std::iter::once(first).chain(second) {
                shape.still[shape.count] = section;
                shape.count += 1;
            }
        }
        if band_type.has_gain() {
            let range_db = range_db.clamp(-MAX_GAIN_DB, MAX_GAIN_DB);
            shape.moving = Some(full_move(band_type, frequency_hz, range_db, q, sample_rate_hz));
        }
        shape
    }

    /// The complex response at `frequency_hz` (real and imaginary part), moved by `move_db`: 0 for the
    /// static curve, the current move for the live one, the scaled range for the farthest it may go.
    pub fn response(&self, move_db: f64, frequency_hz: f64) -> Complex {
        let rate = self.sample_rate_hz;
        let still = self.still[..self.count]
            .iter()
            .fold([1.0, 0.0], |all, one| times(all, one.response(frequency_hz, rate)));
        let Some((full, unit)) = self.moving.as_ref().filter(|_| move_db != 0.0) else {
            return still;
        };
        let weight = ((move_db * self.octaves_per_db).exp2() - 1.0) / unit;
        times(still, weighted(full, weight, frequency_hz, rate))
    }

    /// The magnitude of [`response`](Self::response) in dB.
    pub fn magnitude_db(&self, move_db: f64, frequency_hz: f64) -> f64 {
        let [real, imaginary] = self.response(move_db, frequency_hz);
        crate::db::from_power((real * real + imaginary * imaginary).max(1e-30))
    }
}

/// The complex response of a band at `frequency_hz`: as [`BandShape::response`], designed for this one
/// question.
pub fn band_response(
    band: &BandParams,
    range_db: f64,
    move_db: f64,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> Complex {
    BandShape::new(band, range_db, sample_rate_hz).response(move_db, frequency_hz)
}

/// The magnitude of [`band_response`] in dB.
pub fn band_magnitude_db(
    band: &BandParams,
    range_db: f64,
    move_db: f64,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> f64 {
    BandShape::new(band, range_db, sample_rate_hz).magnitude_db(move_db, frequency_hz)
}
