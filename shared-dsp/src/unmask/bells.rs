//! The twelve bells: fixed band-passes whose weighted sum is taken off the signal.
//!
//! ```text
//! y = x + Σ w_b·BP_b(x)        H = 1 + Σ w_b·BP_b        BP = k·p/(p² + k·p + 1)
//! ```
//!
//! No pole ever moves, and with all w = 0 nothing is added. Neighbours overlap, so the weights are
//! solved for: with `A_ib` the real part of `BP_b` at the centre of band i, w = A⁻¹·(10^(−duck/20) − 1)
//! gives each centre its duck. Weights that would have to be positive, to keep a neighbour's skirt
//! out of a band that is to stay, are taken as 0: that band then steps back a little as well, but
//! nothing is ever boosted beside a duck.
//!
//! The bound: |H| ≥ Re H, and Re H is watched at every eighth of a band. Where it would fall below
//! that of the largest duck asked for, all weights are scaled back alike. Between two such points it
//! bends too little to matter.
//!
//! Known deviation: with real weights, the phase of an edge costs depth there. What is asked of all
//! bands, 3 dB (6, 12), is between 2.7 and 3 dB (5.4 and 6, 10 and 12) from 230 Hz to 5 kHz at every
//! rate, and falls to 2.4 dB (4.4, 7) at 10 kHz. The upper bells are wider for its sake: alike, all
//! twelve would leave 9.6 dB of 12 at 5 kHz.

use super::scale::{BANDS, GROUPS, centres_hz, count, frequency_hz, grouped, width_hz};
use crate::db;
use crate::eq::section::Section;
use crate::eq::svf::{Coefficients, Filters, output};
use crate::fast_math::exp2;
use crate::four::{Four, Plain, Quad, WIDTH};

/// How wide a bell is, in widths of a band: the wider, the flatter are uniform ducks, and the more of a
/// lone one is felt beside it.
const BELL_WIDTH: f64 = 1.5;
/// The same of the bells from this one up, which near the edge hold each other's phase.
const UPPER: usize = 8;
const UPPER_BELL_WIDTH: f64 = 1.7;
/// Where the sum is watched: each eighth of a band, half a band beyond both ends.
const POINTS: usize = 8 * BANDS + 1;

type Lanes = [f64; BANDS];

/// The bells at one sample rate.
#[derive(Debug, Clone)]
pub struct Bells {
    sample_rate_hz: f64,
    sections: [Section; BANDS],
    count: usize,
    /// A⁻¹, a column for each band: what a duck there means for all weights.
    inverse: [Lanes; BANDS],
    /// The real part of every bell at each point.
    watched: [Lanes; POINTS],
}

impl Bells {
    /// The bells at a sample rate in Hz. Those above 0.45 of it do nothing.
    pub fn new(sample_rate_hz: f64) -> Self {
        let centres = centres_hz();
        let count = count(sample_rate_hz);
        let sections = std::array::from_fn(|band| {
            if band >= count {
                // Nothing comes out of it.
                return Section { hp: 0.0, bp: 0.0, lp: 0.0, ..Section::IDENTITY };
            }
            let width = if band < UPPER { BELL_WIDTH } else { UPPER_BELL_WIDTH };
            let q = centres[band] / (width * width_hz(band));
            Section::second_order([0.0, 1.0 / q, 0.0], q, centres[band], sample_rate_hz)
        });
        let real = |frequency_hz: f64| -> Lanes {
            sections.map(|section: Section| section.response(frequency_hz, sample_rate_hz)[0])
        };
        let mut matrix = centres.map(real);
        for (band, row) in matrix.iter_mut().enumerate().skip(count) {
            *row = [0.0; BANDS];
            row[band] = 1.0;
        }
        let highest = 0.49 * sample_rate_hz;
        let watched = std::array::from_fn(|point| {
            real(frequency_hz(0.125 * point as f64 - 0.5).max(1.0).min(highest))
        });
        Self { sample_rate_hz, sections, count, inverse: transposed_inverse(matrix), watched }
    }

    /// The rate they are made for, in Hz.
    pub fn sample_rate_hz(&self) -> f64 {
        self.sample_rate_hz
    }

    /// How many of the bells do something at this rate.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The coefficients of the band-passes.
    pub(super) fn coefficients(&self) -> [Filters<Quad>; GROUPS] {
        let each: [Coefficients; BANDS] = self.sections.map(|section| output(&section));
        std::array::from_fn(|g| {
            std::array::from_fn(|i| Quad(std::array::from_fn(|lane| each[WIDTH * g + lane][i])))
        })
    }

    /// The weights that duck each centre by `duck_db` ≥ 0, as far as the bound lets them: none where
    /// nothing is to duck, none above 0.
    #[allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
    #[inline(always)]
    pub fn weights(&self, duck_db: &Lanes) -> Lanes {
        const OCTAVES_PER_DB: f64 = std::f64::consts::LOG2_10 / 20.0;
        let zero = Plain::default();
        let mut changes = [0.0; BANDS];
        let mut deepest = 0.0;
        for (changes, duck_db) in changes.chunks_exact_mut(WIDTH).zip(&grouped(duck_db)) {
            let octaves = zero.load(*duck_db) * zero.splat(-OCTAVES_PER_DB);
            changes.copy_from_slice(&(exp2(octaves) - zero.splat(1.0)).store().0);
            for change in changes {
                deepest = if *change < deepest { *change } else { deepest };
            }
        }
        if deepest == 0.0 {
            return [0.0; BANDS];
        }
        let mut weights = [0.0; BANDS];
        for (column, change) in self.inverse.iter().zip(&changes) {
            for (weight, part) in weights.iter_mut().zip(column) {
                *weight += part * change;
            }
        }
        for weight in &mut weights {
            *weight = if *weight < 0.0 { *weight } else { 0.0 };
        }
        let mut lowest = deepest;
        for parts in &self.watched {
            let mut sum = [0.0; 4];
            for i in 0..BANDS {
                sum[i % 4] += parts[i] * weights[i];
            }
            let sum = (sum[0] + sum[2]) + (sum[1] + sum[3]);
            lowest = if sum < lowest { sum } else { lowest };
        }
        let scale = deepest / lowest;
        weights.map(|weight| scale * weight)
    }

    /// What the bells do at `frequency_hz` with `weights`, in dB: 0 or less, but for a hundredth.
    pub fn response_db(&self, weights: &Lanes, frequency_hz: f64) -> f64 {
        let (mut real, mut imaginary) = (1.0, 0.0);
        for (section, weight) in self.sections.iter().zip(weights) {
            let [re, im] = section.response(frequency_hz, self.sample_rate_hz);
            real += weight * re;
            imaginary += weight * im;
        }
        db::from_power((real * real + imaginary * imaginary).max(1e-30))
    }
}

/// The transpose of the inverse of a matrix that is diagonally heavy, by Gauss and Jordan with rows
/// exchanged.
fn transposed_inverse(mut matrix: [Lanes; BANDS]) -> [Lanes; BANDS] {
    let mut inverse = [[0.0; BANDS]; BANDS];
    for (i, row) in inverse.iter_mut().enumerate() {
        row[i] = 1.0;
    }
    for pivot in 0..BANDS {
        let largest = (pivot..BANDS)
            .max_by(|a, b| matrix[*a][pivot].abs().total_cmp(&matrix[*b][pivot].abs()))
            .unwrap_or(pivot);
        matrix.swap(pivot, largest);
        inverse.swap(pivot, largest);
        let scale = 1.0 / matrix[pivot][pivot];
        for column in 0..BANDS {
            matrix[pivot][column] *= scale;
            inverse[pivot][column] *= scale;
        }
        for row in (0..BANDS).filter(|row| *row != pivot) {
            let factor = matrix[row][pivot];
            for column in 0..BANDS {
                matrix[row][column] -= factor * matrix[pivot][column];
                inverse[row][column] -= factor * inverse[pivot][column];
            }
        }
    }
    std::array::from_fn(|i| std::array::from_fn(|j| inverse[j][i]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// The deepest and the highest the response gets anywhere, in dB.
    fn extremes(bells: &Bells, weights: &Lanes, rate: f64) -> [f64; 2] {
        let (mut deepest, mut highest) = (f64::INFINITY, f64::NEG_INFINITY);
        let mut frequency_hz = 20.0;
        while frequency_hz < 0.49 * rate {
            let db = bells.response_db(weights, frequency_hz);
            (deepest, highest) = (db.min(deepest), db.max(highest));
            frequency_hz *= 1.01;
        }
        [deepest, highest]
    }

    #[test]
    fn nothing_asked_is_nothing_done() {
        assert_eq!(Bells::new(48_000.0).weights(&[0.0; BANDS]), [0.0; BANDS]);
    }

    #[test]
    fn a_uniform_duck_is_flat_and_as_deep_as_asked() {
        for rate in [44_100.0, 48_000.0, 192_000.0] {
            let bells = Bells::new(rate);
            for (depth_db, flat_db) in [(1.0, 0.1), (3.0, 0.3), (6.0, 0.8), (12.0, 2.1)] {
                let weights = bells.weights(&[depth_db; BANDS]);
                let mut frequency_hz = 230.0;
                while frequency_hz < 5000.0 {
                    let db = bells.response_db(&weights, frequency_hz);
                    assert!((db + depth_db).abs() < flat_db, "{db} at {frequency_hz}, {rate} Hz");
                    frequency_hz *= 1.02;
                }
            }
        }
    }

    #[test]
    fn a_duck_in_one_place_reaches_its_depth_there() {
        let bells = Bells::new(48_000.0);
        for depth_db in [3.0, 6.0, 12.0] {
            for band in 2..10 {
                let mut duck_db = [0.0; BANDS];
                duck_db[band] = depth_db;
                (duck_db[band - 1], duck_db[band + 1]) = (0.5 * depth_db, 0.5 * depth_db);
                let weights = bells.weights(&duck_db);
                let got = bells.response_db(&weights, centres_hz()[band]);
                assert!((got + depth_db).abs() < 0.06 * depth_db, "{got} of {depth_db} in {band}");
            }
        }
    }

    #[test]
    fn no_pattern_of_ducks_passes_the_deepest_or_boosts() {
        let mut random = Random::new(6);
        let mut worst = [0f64; 2];
        for rate in [8000.0, 44_100.0, 48_000.0, 96_000.0] {
            let bells = Bells::new(rate);
            for turn in 0..300 {
                let depth_db = [3.0, 6.0, 12.0][turn % 3];
                let duck_db: Lanes = std::array::from_fn(|band| match turn / 3 {
                    n if n < BANDS => {
                        if band == n {
                            depth_db
                        } else {
                            0.0
                        }
                    }
                    n if n < 2 * BANDS => {
                        if band >= n - BANDS {
                            depth_db
                        } else {
                            0.0
                        }
                    }
                    n if n < 3 * BANDS => {
                        if band <= n - 2 * BANDS {
                            depth_db
                        } else {
                            0.0
                        }
                    }
                    n if n % 2 == 0 => depth_db * random.unit().round(),
                    _ => depth_db * random.unit(),
                });
                let deepest_db = duck_db.iter().fold(0f64, |a, b| a.max(*b));
                let [deepest, highest] = extremes(&bells, &bells.weights(&duck_db), rate);
                worst = [worst[0].max(-deepest - deepest_db), worst[1].max(highest)];
            }
        }
        println!("deeper than asked by {:.3} dB at most, boosts by {:.3} dB", worst[0], worst[1]);
        assert!(worst[0] < 0.1 && worst[1] < 0.1, "{worst:?}");
    }
}
