//! What is turned down, as what is added to the signal: y = x + w·F(x), w = 10^(−r/20) − 1.
//!
//! ```text
//! F = (φ·S + 1) / (S² + √2·S + 1)         φ = 0.6·√2
//! Bell   S = (p² + l·h) / (B·p)           Shelf   S = 0.64·l / p           Wide   F = 1
//! ```
//!
//! p is the bilinear variable, l and h the prewarped ends of the band. The poles are a Butterworth
//! low-pass's of second order, turned into a band-pass or a high-pass, and never move with the reduction;
//! S = 0 is turned down by exactly r, S = ∞ by nothing. With an F of first order in its numerator alone,
//! 1 + w·F has zeros that move so that its top stays flat, to 0.02 dB, and its skirt falls with S⁻⁴: a
//! bell of second order could not reach 0.4·l any less than this one while it reaches both ends of its
//! band. φ is what a filter with flat top and skirt would need at 7 dB.
//!
//! B is 2.2 times the band, or less where the skirt would otherwise be felt at 0.4·l. At a reduction of
//! 6 dB (12) the default band is turned down by 5.6 dB (9.1) at its ends. At 0.4·l, up to 12 dB, a bell moves
//! 0.15 dB at most and a shelf 0.49; above the band a reduction of 24 dB may leave 0.07 dB more than there was.
//!
//! A band-pass of fourth order is the sum of two sections of second order, which are computed side by side.

use super::params::{LEAST_WIDTH, Mode};
use crate::eq::section::Section;
use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// How wide the poles of a bell are, in widths of its band.
const WIDTH: f64 = 2.2;
/// |S| at 0.4 times the lower end is at least this.
const LEAST_S: f64 = 2.2;
const FELT: f64 = 0.4;
/// φ.
const BEND: f64 = 0.6 * SQRT_2;
/// Where a shelf has its poles, in lower ends of the band.
const SHELF: f64 = 0.64;
/// The ends of a band lie no higher than this, in parts of the sample rate.
const HIGHEST: [f64; 2] = [0.3, 0.45];

/// Nothing comes out of it.
pub(super) const NOTHING: Section = Section { hp: 0.0, bp: 0.0, lp: 0.0, ..Section::IDENTITY };

/// A band as it can be at a sample rate.
pub(super) fn possible(band_hz: [f64; 2], sample_rate_hz: f64) -> [f64; 2] {
    let low = band_hz[0].min(HIGHEST[0] * sample_rate_hz);
    let high = band_hz[1].min(HIGHEST[1] * sample_rate_hz);
    [low, high.max(LEAST_WIDTH * low)]
}

/// F, as two sections whose outputs add.
pub(super) fn sections(mode: Mode, band_hz: [f64; 2], sample_rate_hz: f64) -> [Section; 2] {
    let band_hz = possible(band_hz, sample_rate_hz);
    let warped = |hz: f64| (PI * hz / sample_rate_hz).tan();
    let [low, high] = band_hz.map(warped);
    match mode {
        Mode::Bell => bell(low * high, width([low, high], warped(FELT * band_hz[0]))),
        Mode::Shelf => {
            let g = warped(SHELF * band_hz[0]);
            [Section { g, k: SQRT_2, hp: 1.0, bp: BEND, lp: 0.0 }, NOTHING]
        }
        Mode::Wide => [Section::IDENTITY, NOTHING],
    }
}

fn width([low, high]: [f64; 2], felt: f64) -> f64 {
    (WIDTH * (high - low)).min((low * high - felt * felt) / (LEAST_S * felt))
}

/// Real and imaginary part.
type Complex = [f64; 2];

fn times(a: Complex, b: Complex) -> Complex {
    [a[0] * b[0] - a[1] * b[1], a[0] * b[1] + a[1] * b[0]]
}

fn over(a: Complex, b: Complex) -> Complex {
    let size = b[0] * b[0] + b[1] * b[1];
    let [re, im] = times(a, [b[0], -b[1]]);
    [re / size, im / size]
}

/// The root in the right half plane.
fn root([re, im]: Complex) -> Complex {
    let size = re.hypot(im);
    let real = (0.5 * (size + re)).max(0.0).sqrt();
    [real, (0.5 * (size - re)).max(0.0).sqrt().copysign(im)]
}

/// The partial fractions of a bell about √`square`.
///
/// F = c/(S − S₁) + its conjugate, c = (φ·S₁ + 1)/(j·√2); S = S₁ where p² − S₁·B·p + l·h = 0. That has the
/// roots a and b, and 1/(S − S₁) = B/(a − b)·(a/(p − a) − b/(p − b)).
fn bell(square: f64, width: f64) -> [Section; 2] {
    let first = [-FRAC_1_SQRT_2, FRAC_1_SQRT_2];
    let c = over([BEND * first[0] + 1.0, BEND * first[1]], [0.0, SQRT_2]);
    let middle = first.map(|x| 0.5 * width * x);
    let [re, im] = times(middle, middle);
    let apart = root([re - square, im]);
    let residue = over(c.map(|x| width * x), apart.map(|x| 2.0 * x));
    [1.0, -1.0].map(|side| {
        let pole = [middle[0] + side * apart[0], middle[1] + side * apart[1]];
        let residue = times(residue, pole).map(|x| side * x);
        let g = pole[0].hypot(pole[1]);
        Section {
            g,
            k: -2.0 * pole[0] / g,
            hp: 0.0,
            bp: 2.0 * residue[0] / g,
            lp: -2.0 * times(residue, [pole[0], -pole[1]])[0] / (g * g),
        }
    })
}

/// What a reduction of `reduction_db` does at `frequency_hz`, in dB: for drawings.
pub fn response_db(
    mode: Mode,
    band_hz: [f64; 2],
    reduction_db: f64,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> f64 {
    let weight = crate::db::to_gain(-reduction_db) - 1.0;
    let [mut re, mut im] = [1.0, 0.0];
    for section in sections(mode, band_hz, sample_rate_hz) {
        let [real, imaginary] = section.response(frequency_hz, sample_rate_hz);
        re += weight * real;
        im += weight * imaginary;
    }
    crate::db::from_power((re * re + im * im).max(1e-30))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATES: [f64; 5] = [44_100.0, 48_000.0, 96_000.0, 192_000.0, 384_000.0];

    fn bands() -> impl Iterator<Item = [f64; 2]> {
        let ends = [2000.0, 3000.0, 5000.0, 7000.0, 9000.0, 12_000.0, 16_000.0];
        ends.into_iter().flat_map(move |low| {
            ends.into_iter().filter(move |high| *high > low).map(move |high| [low, high])
        })
    }

    #[test]
    fn sections_add_up_to_what_the_equation_says() {
        let rate = 48_000.0;
        for band in bands().map(|band| possible(band, rate)) {
            let warped = |hz: f64| (PI * hz / rate).tan();
            let [low, high] = band.map(warped);
            let b = width([low, high], warped(FELT * band[0]));
            for hz in [100.0, 1000.0, 3000.0, 6000.0, 10_000.0, 20_000.0] {
                let p = warped(hz);
                // S at p = j·tan: purely imaginary.
                for (mode, s) in [
                    (Mode::Bell, (p * p - low * high) / (b * p)),
                    (Mode::Shelf, -warped(SHELF * band[0]) / p),
                ] {
                    let wanted = over([1.0, BEND * s], [1.0 - s * s, SQRT_2 * s]);
                    let mut got = [0.0; 2];
                    for section in sections(mode, band, rate) {
                        let [re, im] = section.response(hz, rate);
                        got = [got[0] + re, got[1] + im];
                    }
                    for (got, wanted) in got.iter().zip(wanted) {
                        assert!((got - wanted).abs() < 1e-9, "{mode:?} {band:?} {hz}");
                    }
                }
            }
        }
    }

    #[test]
    fn below_the_band_next_to_nothing_moves() {
        let bounds = [(Mode::Bell, 0.2), (Mode::Shelf, 0.5)];
        let mut worst = [0f64; 2];
        for rate in RATES {
            for band in bands() {
                let felt = FELT * possible(band, rate)[0];
                for reduction_db in [1.0, 3.0, 6.0, 9.0, 12.0] {
                    for step in 0..200 {
                        let hz = 20.0 * (felt / 20.0).powf(f64::from(step) / 199.0);
                        for ((mode, bound), worst) in bounds.into_iter().zip(&mut worst) {
                            let moved = response_db(mode, band, reduction_db, hz, rate).abs();
                            assert!(moved <= bound, "{moved}: {mode:?} {band:?} at {hz}, {rate}");
                            *worst = worst.max(moved);
                        }
                    }
                }
            }
        }
        println!("at most {worst:.3?} dB");
    }

    #[test]
    fn nothing_is_turned_down_more_than_asked_nor_up() {
        for rate in RATES {
            for band in bands() {
                for reduction_db in [0.1, 1.0, 3.0, 6.0, 12.0, 24.0] {
                    for step in 0..200 {
                        let hz = 20.0 * (0.49 * rate / 20.0).powf(f64::from(step) / 199.0);
                        for mode in Mode::ALL {
                            let moved = response_db(mode, band, reduction_db, hz, rate);
                            assert!(
                                (-reduction_db - 0.02..=0.1).contains(&moved),
                                "{moved} of {reduction_db}: {mode:?} {band:?} at {hz}, {rate}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn the_default_band_is_turned_down_throughout() {
        for (reduction_db, least_db) in [(3.0, 2.9), (6.0, 5.5), (12.0, 9.0)] {
            for hz in [5000.0, 6000.0, 7000.0, 8000.0, 9000.0] {
                let moved = response_db(Mode::Bell, [5000.0, 9000.0], reduction_db, hz, 48_000.0);
                assert!(moved <= -least_db, "{moved} of {reduction_db} at {hz}");
            }
        }
    }
}
