//! Logarithm and power of two without branches, tables or the system's library.
//!
//! ```text
//! log2(m·2^e) = e + 2/ln 2 · atanh((m − 1)/(m + 1)),   √½ ≤ m < √2
//! 2^(n + f)   = 2^n · Σ (f·ln 2)^k / k!,               |f| ≤ ½
//! ```
//!
//! Series cut where the error is below 1e-9 (log2, absolute) and 1e-9 (exp2, relative): a
//! hundred-millionth of a decibel. Only additions, multiplications, one division and moves of bits,
//! so that lanes of them vectorise and every machine gives the same number.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use std::f64::consts::{LN_2, LOG2_E};

/// 2⁵² as bits: whole numbers below it, or'ed in, become doubles without a conversion.
const MAGIC_BITS: u64 = 0x4330_0000_0000_0000;
const MAGIC: f64 = 4_503_599_627_370_496.0;
/// 1.5·2⁵²: adding it rounds to whole numbers of either sign.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Bits of √½ and of 1, less one another: moves the seam between exponents to √½.
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;

/// log2 of a normal number above 0.
#[inline(always)]
pub fn log2(x: f64) -> f64 {
    let moved = x.to_bits().wrapping_add(ONE_BITS - SQRT_HALF_BITS);
    let exponent = f64::from_bits((moved >> 52) | MAGIC_BITS) - (MAGIC + 1023.0);
    let m = f64::from_bits((moved & MANTISSA) + SQRT_HALF_BITS);
    let s = (m - 1.0) / (m + 1.0);
    let s2 = s * s;
    let series =
        1.0 + s2 * (1.0 / 3.0 + s2 * (0.2 + s2 * (1.0 / 7.0 + s2 * (1.0 / 9.0 + s2 / 11.0))));
    exponent + 2.0 * LOG2_E * s * series
}

/// 2^x for |x| up to 1000; exactly 1 at 0.
#[inline(always)]
pub fn exp2(x: f64) -> f64 {
    let rounded = x + ROUND;
    let f = (x - (rounded - ROUND)) * LN_2;
    let high = 1.0 / 720.0 + f * (1.0 / 5040.0 + f * (1.0 / 40_320.0 + f / 362_880.0));
    let low = 1.0
        + f * (1.0 + f * (0.5 + f * (1.0 / 6.0 + f * (1.0 / 24.0 + f * (1.0 / 120.0 + f * high)))));
    // The low bits of the rounded sum are the whole number, in two's complement.
    let scale = f64::from_bits((rounded.to_bits() << 52).wrapping_add(ONE_BITS));
    low * scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_agree_with_the_library() {
        for n in -40_000..40_000 {
            let x = f64::from(n) * 0.01037;
            let e = exp2(x);
            assert!((e / x.exp2() - 1.0).abs() < 1e-9, "2^{x}");
            assert!((log2(e) - x).abs() < 2e-9 * x.abs().max(1.0), "log2 of 2^{x}");
        }
        assert_eq!(exp2(0.0), 1.0);
        assert_eq!(log2(1.0), 0.0);
        assert_eq!(log2(0.25), -2.0);
        assert_eq!(exp2(7.0), 128.0);
    }
}
