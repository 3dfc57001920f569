//! Two sections for shelves that ring.
//!
//! The poles and zeros of a shelf with a high Q are two resonances, and five numbers are what it takes
//! to put them where they belong. Beyond the upper one the section then cramps towards Nyquist, by up
//! to 1.9 dB at 20 kHz for a shelf of 12 dB at 10 kHz at 44.1 kHz. What is missing is smooth, so a
//! section of first order makes up for it:
//!
//! ```text
//! |C|² = (1 + α·x)/(1 + β·x)          x = sin²(π·f/fs)
//! ```
//!
//! α and β meet what is missing at two frequencies (near 0.36 and 0.453 of the sample rate, the
//! latter being 20 kHz at 44.1); the first section is then fitted to the analogue one divided by C, and
//! so on in turns. Two turns leave less than 0.1 dB up to 20 kHz wherever the shelf is at or below
//! 10 kHz. Where they leave more, because a fit belongs to no filter, the shelf's `resonances` are
//! fitted each by itself, and the nearest of all is taken.

use super::prototype::{Bends, Prototype};
use super::resonances;
use super::section::{HIGHEST, Section, fit, place};

/// Where the second section has to meet what is missing, in parts of the sample rate.
const MEETS_AT: [[f64; 2]; 2] = [[0.36, 0.453], [0.3, 0.44]];
const TURNS: usize = 2;
/// A fit this near in ln |H|² (0.02 dB) is taken without looking at others.
const GOOD_ENOUGH: f64 = 0.005;
/// Where the turns leave more than this (0.1 dB), the resonances are tried.
const POOR: f64 = 0.023;
/// Up to where the fits are compared.
const END: f64 = 0.4535;

/// The numbers of the second section.
#[derive(Debug, Clone, Copy)]
struct Correction {
    alpha: f64,
    beta: f64,
}

impl Correction {
    fn power(&self, f: f64) -> f64 {
        let x = place(f);
        (1.0 + self.alpha * x) / (1.0 + self.beta * x)
    }

    /// Meets what `first` lacks of `wanted` at two frequencies.
    fn of(first: &Section, wanted: impl Fn(f64) -> f64, at: [f64; 2]) -> Option<Self> {
        // (1 + α·x) − R·(1 + β·x) = 0 at both.
        let rows = at.map(|f| (place(f), wanted(f) / first.power(f)));
        let [(x1, r1), (x2, r2)] = rows;
        let determinant = x1 * x2 * (r1 - r2);
        if determinant.abs() < 1e-15 {
            return None;
        }
        let alpha = (-(r1 - 1.0) * r2 * x2 + (r2 - 1.0) * r1 * x1) / determinant;
        let beta = (x1 * (r2 - 1.0) - x2 * (r1 - 1.0)) / determinant;
        // The ends of both polynomials at Nyquist are squares.
        let is_filter = |end: f64| (1e-6..1e6).contains(&(1.0 + end));
        (is_filter(alpha) && is_filter(beta)).then_some(Self { alpha, beta })
    }

    /// (1 + a·t)/(1 + b·t), with another pole at b and a zero on it.
    fn section(&self) -> Section {
        let (a, b) = ((1.0 + self.alpha).sqrt(), (1.0 + self.beta).sqrt());
        Section { g: 1.0 / b, k: 2.0, hp: a / b, bp: 1.0 + a / b, lp: 1.0 }
    }
}

/// The sections whose product has the magnitude of `prototype` at `frequency_hz` up to Nyquist: one,
/// or two for a shelf that rings.
pub fn matched(
    prototype: &Prototype,
    frequency_hz: f64,
    sample_rate_hz: f64,
) -> (Section, Option<Section>) {
    let single = Section::matched(prototype, frequency_hz, sample_rate_hz);
    let Bends::Apart(apart, _) = prototype.bends else { return (single, None) };
    let f0 = (frequency_hz / sample_rate_hz).min(HIGHEST);
    let wanted = |f: f64| prototype.power(f / f0);
    let error = |got: &dyn Fn(f64) -> f64| {
        let even = (1..=32).map(|n| END * f64::from(n) / 32.0);
        // A resonance may lie between two of them.
        let near = [f0 / apart, f0, f0 * apart].into_iter().filter(|f| *f < END);
        even.chain(near).fold(0.0, |worst: f64, f| worst.max((got(f) / wanted(f)).ln().abs()))
    };
    let mut best = (error(&|f| single.power(f)), single, None);
    'pairs: for at in MEETS_AT {
        let mut first = single;
        for _ in 0..=TURNS {
            if best.0 < GOOD_ENOUGH {
                break 'pairs;
            }
            let Some(correction) = Correction::of(&first, wanted, at) else { break };
            let error = error(&|f| first.power(f) * correction.power(f));
            if error < best.0 {
                best = (error, first, Some(correction.section()));
            }
            let rest = |f: f64| wanted(f) / correction.power(f);
            let Some(next) = fit(prototype, f0, rest) else { break };
            first = next;
        }
    }
    if best.0 > POOR
        && let Some([first, second]) = resonances::matched(prototype, f0)
        && error(&|f| first.power(f) * second.power(f)) < best.0
    {
        return (first, Some(second));
    }
    (best.1, best.2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn the_second_section_is_the_fraction_that_was_asked_for() {
        let correction = Correction { alpha: 0.7, beta: -0.3 };
        let section = correction.section();
        for f in [0.001, 0.1, 0.3, 0.45] {
            let x = (PI * f).sin().powi(2);
            let truth = (1.0 + 0.7 * x) / (1.0 - 0.3 * x);
            assert!((section.power(f) / truth - 1.0).abs() < 1e-9, "{f}");
        }
        // And it is found again.
        let found = Correction::of(&Section::IDENTITY, |f| correction.power(f), [0.3, 0.44]);
        let found = found.unwrap();
        assert!((found.alpha - 0.7).abs() < 1e-9 && (found.beta + 0.3).abs() < 1e-9);
    }
}
