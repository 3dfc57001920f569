//! The analogue filters the equaliser is measured against, in s = j·f/f₀.
//!
//! ```text
//! bell        (s² + s·A/Q + 1) / (s² + s/(A·Q) + 1)                      A = 10^(gain/40)
//! low shelf   A·(s² + s·√A/Q + A) / (A·s² + s·√A/Q + 1)
//! high shelf  A·(A·s² + s·√A/Q + 1) / (s² + s·√A/Q + A)
//! tilt        the high shelf divided by A: half the gain above, half its negative below
//! notch       (s² + 1) / (s² + s/Q + 1)          band-pass   (s/Q) / (s² + s/Q + 1)
//! cuts        Butterworth of order 1 to 8, its last section's Q times √2·Q
//! ```
//!
//! Bristow-Johnson, "Cookbook formulae for audio EQ biquad filter coefficients": at gains ±g the
//! responses are each other's mirror image, which is why only gains above 0 are designed.

use super::section::Zeros;
use std::f64::consts::{PI, SQRT_2};

/// An analogue section of second order at frequency 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prototype {
    /// Coefficients of s⁰, s¹, s².
    pub numerator: [f64; 3],
    /// Coefficients of s⁰, s¹, s².
    pub denominator: [f64; 3],
    /// Where it has zeros on the axis.
    pub zeros: Zeros,
    /// Where it bends.
    pub bends: Bends,
}

/// Where a fit has to meet an analogue section, in factors of its frequency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bends {
    /// At its frequency, and this factor below and above.
    Around(f64),
    /// This factor below and above its frequency, and the second factor inwards of both: a shelf
    /// that rings.
    Apart(f64, f64),
}

/// Where, in half widths, a bell and a shelf are best met: searched over all frequencies and Qs for
/// the least error at 44.1 kHz.
const BELL: f64 = 0.85;
const SHELF: f64 = 0.35;
/// From this Q on the two resonances of a shelf are what must be met.
const SHELF_RINGS_FROM_Q: f64 = 1.4;

/// From a peak to where it is about half as high in dB, for a resonance of 1/Q = k.
fn half_width(k: f64) -> f64 {
    (0.5 * k).asinh().exp()
}

fn around(k: f64) -> Bends {
    Bends::Around(half_width(k))
}

impl Prototype {
    fn new(numerator: [f64; 3], denominator: [f64; 3], zeros: Zeros, bends: Bends) -> Self {
        Self { numerator, denominator, zeros, bends }
    }

    /// A bell of `gain_db` ≥ 0.
    pub fn bell(gain_db: f64, q: f64) -> Self {
        let a = amplitude(gain_db);
        Self::new([1.0, a / q, 1.0], [1.0, 1.0 / (a * q), 1.0], Zeros::None, around(BELL / q))
    }

    /// A low shelf of `gain_db` ≥ 0.
    pub fn low_shelf(gain_db: f64, q: f64) -> Self {
        let a = amplitude(gain_db);
        let middle = a.sqrt() / q;
        Self::new([a * a, a * middle, a], [1.0, middle, a], Zeros::None, shelf_bends(a, q))
    }

    /// A high shelf of `gain_db` ≥ 0.
    pub fn high_shelf(gain_db: f64, q: f64) -> Self {
        let a = amplitude(gain_db);
        let middle = a.sqrt() / q;
        Self::new([a, a * middle, a * a], [a, middle, 1.0], Zeros::None, shelf_bends(a, q))
    }

    /// A tilt of `gain_db` ≥ 0 between its ends, rising.
    pub fn tilt(gain_db: f64, q: f64) -> Self {
        let shelf = Self::high_shelf(gain_db, q);
        let a = amplitude(gain_db);
        Self { numerator: shelf.numerator.map(|n| n / a), ..shelf }
    }

    /// A notch.
    pub fn notch(q: f64) -> Self {
        Self::new([1.0, 0.0, 1.0], [1.0, 1.0 / q, 1.0], Zeros::AtItsFrequency, around(1.0 / q))
    }

    /// A band-pass with gain 1 at its frequency.
    pub fn band_pass(q: f64) -> Self {
        Self::new([0.0, 1.0 / q, 0.0], [1.0, 1.0 / q, 1.0], Zeros::OneAtDc, around(1.0 / q))
    }

    /// Section `index` of a Butterworth low-pass of `order`, its last (most resonant) one with
    /// √2·`q` times its Q.
    pub fn low_pass(order: usize, index: usize, q: f64) -> Self {
        let (k, is_first_order) = butterworth(order, index, q);
        let numerator = if is_first_order { [1.0, 1.0, 0.0] } else { [1.0, 0.0, 0.0] };
        Self::new(numerator, [1.0, k, 1.0], Zeros::None, around(k))
    }

    /// The same as a high-pass.
    pub fn high_pass(order: usize, index: usize, q: f64) -> Self {
        let (k, is_first_order) = butterworth(order, index, q);
        if is_first_order {
            return Self::new([0.0, 1.0, 1.0], [1.0, k, 1.0], Zeros::OneAtDc, around(k));
        }
        Self::new([0.0, 0.0, 1.0], [1.0, k, 1.0], Zeros::TwoAtDc, around(k))
    }

    /// |H|² at `ratio` = f/f₀.
    pub fn power(&self, ratio: f64) -> f64 {
        let square = |c: &[f64; 3]| {
            let (real, imaginary) = (c[0] - c[2] * ratio * ratio, c[1] * ratio);
            real * real + imaginary * imaginary
        };
        square(&self.numerator) / square(&self.denominator)
    }
}

/// 1/Q of a section of a Butterworth filter, and whether it is the one of first order.
fn butterworth(order: usize, index: usize, q: f64) -> (f64, bool) {
    // The first-order section of an odd filter comes first, the most resonant last. It is written
    // as one of second order, (s + 1) over (s + 1)²: the fit has room for it.
    let pairs = order / 2;
    let odd = order % 2;
    if odd == 1 && index == 0 {
        return (2.0, true);
    }
    let pair = index - odd;
    let angle = PI * (2 * pair + 1 + odd) as f64 / (2 * order) as f64;
    let k = 2.0 * angle.cos();
    (if pair + 1 == pairs { k / (SQRT_2 * q) } else { k }, false)
}

fn amplitude(gain_db: f64) -> f64 {
    10f64.powf(gain_db / 40.0)
}

/// The poles and zeros of a shelf lie √A on either side of its frequency.
fn shelf_bends(a: f64, q: f64) -> Bends {
    if q < SHELF_RINGS_FROM_Q {
        Bends::Around(a.sqrt() * half_width(SHELF / q))
    } else {
        Bends::Apart(a.sqrt(), (0.25 / q).exp())
    }
}
