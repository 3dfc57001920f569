//! A second-order section, and how it is fitted to an analogue one up to Nyquist.
//!
//! ```text
//! H = (hp·p² + bp·p + lp) / (p² + k·p + 1),      p = t/g,   t = (1 − z⁻¹)/(1 + z⁻¹) = j·tan(π·f/fs)
//! ```
//!
//! Every stable section of second order has this form, and it is what a state-variable filter
//! computes (`svf`). The bilinear transform of an analogue filter has it too, but with
//! all frequencies above Nyquist squeezed below it: a bell at 10 kHz becomes lopsided. Here k, g and
//! the three gains are fitted instead. With x = sin²(π·f/fs),
//!
//! ```text
//! |H|² = (n₀ + n₁·x + n₂·x²) / (d₀ + d₁·x + d₂·x²)
//! ```
//!
//! (Vicanek, "Matched Second Order Digital Filters", 2016) is linear in its numbers, so that as many
//! frequencies can be met exactly as there are numbers left: five for a bell, fewer for what has
//! zeros of its own. They are chosen where the filter bends, and the last at 0.4·fs. Unlike in the
//! paper, the poles are fitted as well: an impulse-invariant pole costs 0.8 dB at 10 kHz where this
//! costs 0.1. The minimum-phase roots of both polynomials give the section.
//!
//! A fit that is not positive up to Nyquist belongs to no filter. Then one number less is fitted; and
//! where that fails as well the bilinear transform is taken. Shelves that ring are given a second
//! section (`pair`, `resonances`).

use super::prototype::{Bends, Prototype};
use std::f64::consts::PI;

/// Where the last frequency of a fit lies, in parts of the sample rate.
const LAST_FIT: f64 = 0.4;
/// A fit this near in ln |H|² (0.05 dB) is taken without looking at others.
const GOOD_ENOUGH: f64 = 0.012;
/// Nothing lies above this part of the sample rate.
pub const HIGHEST: f64 = 0.49;

/// A section as a state-variable filter sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    /// Prewarped frequency of the poles, tan(π·f/fs).
    pub g: f64,
    /// Damping of the poles, 1/Q.
    pub k: f64,
    /// Gain of the high-pass output.
    pub hp: f64,
    /// Gain of the band-pass output (p over the denominator: k times this is its peak).
    pub bp: f64,
    /// Gain of the low-pass output.
    pub lp: f64,
}

impl Section {
    /// What changes nothing.
    pub const IDENTITY: Self = Self { g: 0.1, k: 2.0, hp: 1.0, bp: 2.0, lp: 1.0 };

    /// The bilinear transform of a filter with the numerator's coefficients of s⁰, s¹, s² and poles
    /// of quality `q` at `frequency_hz`.
    pub fn second_order(
        numerator: [f64; 3],
        q: f64,
        frequency_hz: f64,
        sample_rate_hz: f64,
    ) -> Self {
        let [lp, bp, hp] = numerator;
        let g = (PI * (frequency_hz / sample_rate_hz).min(HIGHEST)).tan();
        Self { g, k: 1.0 / q, hp, bp, lp }
    }

    /// The bilinear transform of an analogue section at `frequency_hz`.
    pub fn bilinear(prototype: &Prototype, frequency_hz: f64, sample_rate_hz: f64) -> Self {
        let [n0, n1, n2] = prototype.numerator;
        let [d0, d1, d2] = prototype.denominator;
        let g = (PI * (frequency_hz / sample_rate_hz).min(HIGHEST)).tan();
        // Into the form with a denominator p² + k·p + 1.
        let scale = (d0 / d2).sqrt();
        Self { g: g * scale, k: d1 / (d2 * scale), hp: n2 / d2, bp: n1 / (d2 * scale), lp: n0 / d0 }
    }

    /// The section whose magnitude is that of `prototype` at `frequency_hz`, up to Nyquist.
    pub fn matched(prototype: &Prototype, frequency_hz: f64, sample_rate_hz: f64) -> Self {
        let f0 = (frequency_hz / sample_rate_hz).min(HIGHEST);
        fit(prototype, f0, |f| prototype.power(f / f0))
            .unwrap_or_else(|| Self::bilinear(prototype, frequency_hz, sample_rate_hz))
    }

    /// One polynomial over another, if it is a stable filter with numbers of a sensible size.
    pub(super) fn quotient(top: &Square, bottom: &Square) -> Option<Self> {
        let g = (bottom.dc / bottom.nyquist).sqrt();
        let section = Self {
            g,
            k: bottom.between / (bottom.nyquist * g),
            hp: top.nyquist / bottom.nyquist,
            bp: top.between / (bottom.nyquist * g),
            lp: top.dc / bottom.dc,
        };
        (section.k > 1e-4 && section.g > 1e-7 && section.g < 1e4).then_some(section)
    }

    /// 1/H.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let scale = (self.lp / self.hp).sqrt();
        Self {
            g: self.g * scale,
            k: self.bp / (self.hp * scale),
            hp: 1.0 / self.hp,
            bp: self.k / (self.hp * scale),
            lp: 1.0 / self.lp,
        }
    }

    /// |H|² at a frequency in parts of the sample rate.
    pub(super) fn power(&self, f: f64) -> f64 {
        let [real, imaginary] = self.response(f, 1.0);
        real * real + imaginary * imaginary
    }

    /// The response at `frequency_hz`: real and imaginary part.
    pub fn response(&self, frequency_hz: f64, sample_rate_hz: f64) -> [f64; 2] {
        let p = (PI * (frequency_hz / sample_rate_hz).min(0.4999)).tan() / self.g;
        let numerator = [self.lp - self.hp * p * p, self.bp * p];
        let denominator = [1.0 - p * p, self.k * p];
        let size = denominator[0] * denominator[0] + denominator[1] * denominator[1];
        [
            (numerator[0] * denominator[0] + numerator[1] * denominator[1]) / size,
            (numerator[1] * denominator[0] - numerator[0] * denominator[1]) / size,
        ]
    }
}

/// The place of a frequency (in parts of the sample rate) among all.
pub(super) fn place(f: f64) -> f64 {
    (PI * f).sin().powi(2)
}

/// Fits |H|² to what is `wanted` at frequencies in parts of the sample rate, where `prototype` at `f0`
/// bends.
pub(super) fn fit(
    prototype: &Prototype,
    f0: f64,
    wanted: impl Fn(f64) -> f64 + Copy,
) -> Option<Section> {
    let zeros = prototype.zeros;
    let last = LAST_FIT.max(f0 + 0.7 * (0.5 - f0));
    let around = |spread: f64| {
        let low = f0 / spread.min(50.0);
        let high = (f0 * spread).min(f0 + 0.3 * (last - f0));
        [0.0, low, f0, high, last]
    };
    let points = match prototype.bends {
        Bends::Around(spread) => around(spread),
        Bends::Apart(apart, width) if f0 * apart < 0.45 => {
            let (low, high) = (f0 / apart, f0 * apart);
            [0.0, low, low * width, high / width, high]
        }
        Bends::Apart(apart, width) => around(apart * width),
    };
    let [dc, low, middle, high, last] = points;
    match zeros {
        Zeros::None => {}
        Zeros::OneAtDc => {
            return solve_for(wanted, zeros, f0, &[1, 2], &[1, 2], &[low, middle, high, last]);
        }
        Zeros::TwoAtDc => {
            return solve_for(wanted, zeros, f0, &[2], &[1, 2], &[middle, high, last]);
        }
        Zeros::AtItsFrequency => return solve_for(wanted, zeros, f0, &[], &[1, 2], &[low, last]),
    }
    let worst = |section: &Section| {
        (1..=24).fold(0.0, |worst: f64, n| {
            let f = last * f64::from(n) / 24.0;
            worst.max((section.power(f) / wanted(f)).ln().abs())
        })
    };
    let full = solve_for(wanted, zeros, f0, &[0, 1, 2], &[1, 2], &points)
        .map(|section| (worst(&section), section));
    if let Some((error, section)) = full
        && error < GOOD_ENOUGH
    {
        return Some(section);
    }
    // A shelf with Q near ½ is close to a fraction of lower degree, and the superfluous pole and zero
    // may fall anywhere. Then one number less is fitted, if that errs less.
    let fewer = |numerator: &[usize], denominator: &[usize], inner: f64| {
        let points = [dc, low, inner, last];
        solve_for(wanted, zeros, f0, numerator, denominator, &points)
            .map(|section| (worst(&section), section))
    };
    [
        full,
        fewer(&[0, 1, 2], &[1], middle),
        fewer(&[0, 1, 2], &[1], high),
        fewer(&[0, 1], &[1, 2], middle),
        fewer(&[0, 1], &[1, 2], high),
    ]
    .into_iter()
    .flatten()
    .min_by(|a, b| a.0.total_cmp(&b.0))
    .map(|(_, section)| section)
}

/// Meets |H|² at as many `points` as there are powers of x in numerator and denominator together.
fn solve_for(
    wanted: impl Fn(f64) -> f64,
    zeros: Zeros,
    f0: f64,
    numerator: &[usize],
    denominator: &[usize],
    points: &[f64],
) -> Option<Section> {
    // In x/x₀, so that the numbers are of one size.
    let x0 = place(f0);
    let is_notch = zeros == Zeros::AtItsFrequency;
    let size = points.len();
    let mut rows = [[0.0; 6]; 5];
    for (row, &f) in rows.iter_mut().zip(points) {
        let x = place(f) / x0;
        let wanted = wanted(f);
        // N(x) − |H|²·(d₁·x + d₂·x²) = |H|², each row in units of |H|.
        let unit = 1.0 / wanted.sqrt().max(1e-12);
        let (above, below) = row.split_at_mut(numerator.len());
        for (cell, power) in above.iter_mut().zip(numerator) {
            *cell = unit * x.powi(*power as i32);
        }
        for (cell, power) in below.iter_mut().zip(denominator) {
            *cell = -unit * wanted * x.powi(*power as i32);
        }
        // The numerator of a notch, (1 − x/x₀)², is known.
        row[size] = unit * (wanted - if is_notch { (1.0 - x).powi(2) } else { 0.0 });
    }
    let solution = solve(&mut rows, size)?;
    let (mut n, mut d) = ([0.0; 3], [1.0, 0.0, 0.0]);
    for (value, power) in solution.iter().zip(numerator) {
        n[*power] = *value;
    }
    for (value, power) in solution[numerator.len()..].iter().zip(denominator) {
        d[*power] = *value;
    }
    if is_notch {
        n = [1.0, -2.0, 1.0];
    }
    let top = Square::new(n, x0)?;
    let bottom = Square::new(d, x0)?;
    Section::quotient(&top, &bottom)
}

/// The minimum-phase polynomial B(t) ∝ nyquist·t² + between·t + dc of a squared magnitude
/// c₀ + c₁·x + c₂·x².
pub(super) struct Square {
    pub(super) dc: f64,
    pub(super) between: f64,
    pub(super) nyquist: f64,
}

impl Square {
    /// |B|² at x, over the power of 1 + t.
    pub(super) fn power(&self, x: f64) -> f64 {
        let real = self.dc * (1.0 - x) - self.nyquist * x;
        real * real + self.between * self.between * x * (1.0 - x)
    }

    pub(super) fn new(scaled: [f64; 3], x0: f64) -> Option<Self> {
        let c = [scaled[0], scaled[1] / x0, scaled[2] / (x0 * x0)];
        let end = c[0] + c[1] + c[2];
        // The ends may be zeros of the filter, rounded.
        let tiny = 1e-12 * (c[0].abs() + c[1].abs() + c[2].abs());
        if c[0] < -tiny || end <= tiny {
            return None;
        }
        let (dc, nyquist) = (c[0].max(0.0).sqrt(), end.sqrt());
        let between = 2.0 * c[0] + c[1] + 2.0 * dc * nyquist;
        // Below zero the polynomial in x is negative somewhere on the way.
        (between >= -tiny).then(|| Self { dc, between: between.max(0.0).sqrt(), nyquist })
    }
}

/// Gaussian elimination with the largest pivot, on `size` rows of `size` unknowns and the right side.
fn solve(rows: &mut [[f64; 6]; 5], size: usize) -> Option<[f64; 5]> {
    for column in 0..size {
        let best = (column..size)
            .max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, best);
        let pivot = rows[column];
        if pivot[column].abs() < 1e-14 {
            return None;
        }
        for row in rows.iter_mut().take(size).skip(column + 1) {
            let part = row[column] / pivot[column];
            for i in column..=size {
                row[i] -= part * pivot[i];
            }
        }
    }
    let mut solution = [0.0; 5];
    for column in (0..size).rev() {
        let known: f64 = (column + 1..size).map(|i| rows[column][i] * solution[i]).sum();
        solution[column] = (rows[column][size] - known) / rows[column][column];
    }
    solution.iter().all(|x| x.is_finite()).then_some(solution)
}

/// Where an analogue section has zeros on the axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zeros {
    /// Nowhere.
    None,
    /// One at frequency 0: a band-pass, or a low cut of first order.
    OneAtDc,
    /// Two at frequency 0: a low cut.
    TwoAtDc,
    /// At its own frequency: a notch.
    AtItsFrequency,
}
