//! Logarithm and power of two without branches, tables, divisions or the system's library.
//!
//! ```text
//! log2(m·2^e) = e + P(m − 1),     √½ ≤ m < √2      |error| < 7e-6: 2e-5 dB of power
//! 2^(n + f)   = 2^n · (1 + Q(f)), |f| ≤ ½          relative error < 5e-7: 4e-6 dB
//! ```
//!
//! P and Q are the polynomials without a constant whose largest error is the smallest there is
//! (Remez), of degree 6 and 5. Only additions, multiplications and moves of bits, so that every
//! machine gives the same number.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::four::{Four, Quad, ROUND, Seam};

/// log2, ready to compute: in memory, or in lanes.
#[derive(Debug, Clone, Copy)]
pub struct Log2<F = Quad> {
    seam: Seam<F>,
    one: F,
    series: [F; 6],
}

static LOG2: Log2 = Log2 {
    seam: Seam::new(),
    one: Quad::splat(1.0),
    series: [
        Quad::splat(1.442_809_507_119_639),
        Quad::splat(-0.721_367_358_486_151_1),
        Quad::splat(0.474_986_072_924_861_56),
        Quad::splat(-0.357_639_752_184_340_46),
        Quad::splat(0.361_390_688_643_688_56),
        Quad::splat(-0.298_072_358_361_735_7),
    ],
};

const EXP2: [f64; 5] = [
    0.693_142_830_604_567_3,
    0.240_223_506_506_781_04,
    0.055_574_004_792_557_904,
    0.009_666_282_523_541_908,
    0.001_112_550_582_599_174_3,
];

impl<F: Four> Log2<F> {
    /// In lanes like `zero`.
    #[inline(always)]
    pub fn new(zero: F) -> Self {
        // More numbers than there are registers. Those the compiler knew it would make anew in every
        // round of a loop, an instruction each; what comes from memory it takes from there.
        let known = std::hint::black_box(&LOG2);
        Self {
            seam: known.seam.load(zero),
            one: zero.load(known.one),
            series: known.series.map(
                #[inline(always)]
                |c| zero.load(c),
            ),
        }
    }

    /// log2 of normal numbers above 0; exact at powers of two.
    #[inline(always)]
    pub fn of(&self, x: F) -> F {
        let (exponent, mantissa) = x.exponent_and_mantissa(&self.seam);
        let [a, b, c, d, e, f] = self.series;
        let t = mantissa - self.one;
        let t2 = t * t;
        let series = ((a + b * t) + t2 * (c + d * t)) + (t2 * t2) * (e + f * t);
        exponent + t * series
    }
}

/// 2^x for |x| up to 1000; exactly 1 at 0.
#[inline(always)]
pub fn exp2<F: Four>(x: F) -> F {
    let round = x.splat(ROUND);
    let rounded = x + round;
    let f = x - (rounded - round);
    let [a, b, c, d, e] = EXP2.map(
        #[inline(always)]
        |c| x.splat(c),
    );
    let f2 = f * f;
    let series = (a + b * f) + f2 * ((c + d * f) + f2 * e);
    (x.splat(1.0) + f * series).scaled_by(rounded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::four::{Plain, Quad};

    fn at(x: f64) -> Plain {
        Plain::default().splat(x)
    }

    fn number(x: Plain) -> f64 {
        let Quad([a, b, c, d]) = x.store();
        assert!(a == b && b == c && c == d);
        a
    }

    #[test]
    fn both_agree_with_the_library() {
        let log2 = Log2::new(at(0.0));
        for n in -40_000..40_000 {
            let x = f64::from(n) * 0.010_37;
            let power = number(exp2(at(x)));
            assert!((power / x.exp2() - 1.0).abs() < 5e-7, "2^{x}");
            assert!((number(log2.of(at(x.exp2()))) - x).abs() < 7e-6, "log2 of 2^{x}");
        }
        assert_eq!(number(exp2(at(0.0))), 1.0);
        assert_eq!(number(log2.of(at(1.0))), 0.0);
        assert_eq!(number(log2.of(at(0.25))), -2.0);
        assert_eq!(number(exp2(at(7.0))), 128.0);
    }
}
