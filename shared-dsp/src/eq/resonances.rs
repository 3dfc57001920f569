//! A shelf that rings near Nyquist, as the quotient of its two resonances.
//!
//! ```text
//! shelf = dc·L(poles)/L(zeros),     L(s) = 1/(s²/ω² + s/(ω·Q) + 1),     |L|² ≈ N(x)/|P|²,     x = sin²(π·f/fs)
//! ```
//!
//! Of a high shelf of 12 dB at 16 kHz the upper resonance lies at 22.6 kHz, beyond Nyquist at 44.1, and
//! a fit of the whole, exact at as many frequencies as it has numbers, is positive up to Nyquist no
//! more. Here the resonances are placed instead of fitted: P has the poles of the impulse response,
//! e^(−σ ± j·ω'). Where ω' passes π they wait there, with what ω' is beyond π added to σ, so that the
//! flank below keeps its distance from them. What is missing, |L·P|², falls smoothly and is met by N at
//! 0, 0.34 and 0.4535 of the sample rate (the last being 20 kHz at 44.1). N is held above 0 at Nyquist.
//!
//! At 44.1 kHz up to 20 kHz, each resonance errs by 0.25 dB, and the shelf by 0.5 where its gain is within
//! 12 dB and its frequency within 16 kHz; by 0.9 for all up to 24 dB and 20 kHz. Below 10 kHz `pair`
//! is nearer.

use super::prototype::Prototype;
use super::section::{Section, Square, place};
use std::f64::consts::PI;

/// Where N meets what is missing, in parts of the sample rate.
const MEETS_AT: [f64; 2] = [0.34, 0.4535];
/// The least of N at Nyquist, in parts of what it is at frequency 0.
const LEAST: f64 = 1e-4;

/// A digital resonance.
struct Resonance {
    /// Its poles.
    poles: Square,
    /// What they lack.
    rest: Square,
}

impl Resonance {
    /// The one of s⁰, s¹, s² = `c`, at 1 where `frequency` is in parts of the sample rate.
    fn new(c: [f64; 3], frequency: f64) -> Option<Self> {
        let ratio = (c[0] / c[2]).sqrt();
        let half_k = 0.5 * c[1] / (c[2] * ratio);
        let omega = 2.0 * PI * frequency * ratio;
        let angle = omega * (1.0 - half_k * half_k).max(0.0).sqrt();
        let beyond = (angle - PI).max(0.0);
        let radius = (-omega * half_k - beyond).exp();
        let poles = {
            let (less, half) = (1.0 - radius, 0.5 * angle.min(PI));
            let apart = |part: f64| less * less + 4.0 * radius * part * part;
            Square {
                dc: apart(half.sin()),
                between: 2.0 * less * (1.0 + radius),
                nyquist: apart(half.cos()),
            }
        };
        let missing = |f: f64| {
            let s = f / (frequency * ratio);
            let (real, imaginary) = (1.0 - s * s, 2.0 * half_k * s);
            poles.power(place(f)) / (real * real + imaginary * imaginary)
        };
        // Newton's interpolation.
        let dc = poles.dc * poles.dc;
        let [(x1, slope1), (x2, slope2)] =
            MEETS_AT.map(|f| (place(f), (missing(f) - dc) / place(f)));
        let mut bend = (slope2 - slope1) / (x2 - x1);
        let mut slope = slope1 - bend * x1;
        let lacks = LEAST * dc - (dc + slope + bend);
        if lacks > 0.0 {
            let more = lacks / (1.0 - x2);
            slope -= more * x2;
            bend += more;
        }
        Some(Self { rest: Square::new([dc, slope, bend], 1.0)?, poles })
    }
}

/// Two sections whose product has the magnitude of `prototype`, a shelf with complex poles and zeros
/// at the frequency `f0` in parts of the sample rate.
pub(super) fn matched(prototype: &Prototype, f0: f64) -> Option<[Section; 2]> {
    let Prototype { numerator, denominator, .. } = prototype;
    let top = Resonance::new(*numerator, f0)?;
    let bottom = Resonance::new(*denominator, f0)?;
    // Both sections are 1 at frequency 0, but for the shelf's own gain there.
    let gain = numerator[0] / denominator[0];
    let first = Section::quotient(&top.poles, &bottom.poles)?;
    let second = Section::quotient(&bottom.rest, &top.rest)?;
    let to = |section: Section, dc: f64| {
        let scale = dc / section.lp;
        Section { hp: scale * section.hp, bp: scale * section.bp, lp: dc, ..section }
    };
    Some([to(first, gain), to(second, 1.0)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_shelf_on_either_side_of_nyquist() {
        for f0 in [0.26, 0.3, 0.34, 0.3628, 0.4535] {
            for q in [1.4, 2.0, 5.0, 10.0, 24.0] {
                for gain_db in [0.05, 6.0, 12.0, 24.0] {
                    let prototype = Prototype::high_shelf(gain_db, q);
                    let [first, second] = matched(&prototype, f0).unwrap();
                    for n in 1..=200 {
                        let f = 0.4535 * f64::from(n) / 200.0;
                        let got = first.power(f) * second.power(f);
                        let error = crate::db::from_power(got / prototype.power(f / f0));
                        assert!(error.abs() < 0.9, "{error} dB: {f0}, {q}, {gain_db} at {f}");
                    }
                }
            }
        }
    }
}
