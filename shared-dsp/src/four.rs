//! Four doubles side by side, in a register where the CPU has one that wide.
//!
//! The compiler turns loops over arrays into vector instructions, but tears vectors apart again that
//! live from sample to sample in registers, as the states of filters do. Where a benchmark shows that,
//! code is written on [`Four`] instead: once, for any implementation. [`Plain`] is an array, which any
//! CPU can do; with AVX2 the same operations are one instruction each. Nothing is fused, so both give
//! the same bits.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::return_self_not_must_use, reason = "arithmetic")]

use crate::vectorize::vectorize;
use pulp::Arch;
use std::ops::{Add, Div, Mul, Sub};

/// Lanes.
pub const WIDTH: usize = 4;

/// Four doubles in memory. Aligned, so that no vector lies across two lines of the cache.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[repr(C, align(32))]
pub struct Quad(pub [f64; WIDTH]);

impl Quad {
    /// The same in all lanes.
    pub const fn splat(x: f64) -> Self {
        Self([x; WIDTH])
    }
}

/// Four doubles to compute with.
pub trait Four:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    /// Other numbers in lanes of the same kind.
    fn load(self, from: Quad) -> Self;
    /// The numbers.
    fn store(self) -> Quad;
    /// The larger in each lane.
    fn larger(self, other: Self) -> Self;
    /// The smaller in each lane.
    fn smaller(self, other: Self) -> Self;
    /// In each lane `then` where this is above `limit`, else `otherwise`.
    fn pick_above(self, limit: Self, then: Self, otherwise: Self) -> Self;
    /// The lower half of this, and above it the lower half of `other`.
    fn lower_halves(self, other: Self) -> Self;
    /// The lanes of each half the other way round.
    fn swapped(self) -> Self;
    /// Whole number e and m with x = m·2^e and √½ ≤ m < √2; x must be normal and above 0.
    fn exponent_and_mantissa(self, seam: &Seam<Self>) -> (Self, Self);
    /// Times 2^n, the whole number n as it lies in the low bits of `rounded` = n + [`ROUND`].
    fn scaled_by(self, rounded: Self) -> Self;
    /// The same number in all lanes.
    #[inline(always)]
    fn splat(self, x: f64) -> Self {
        self.load(Quad::splat(x))
    }
}

/// 1.5·2⁵²: adding it rounds to whole numbers of either sign.
pub const ROUND: f64 = 6_755_399_441_055_744.0;
/// 2⁵²: whole numbers below it, or'ed in, become doubles without a conversion.
const MAGIC: f64 = 4_503_599_627_370_496.0;
/// Bits of √½ and of 1: their difference moves the seam between exponents to √½.
const SQRT_HALF_BITS: u64 = 0x3fe6_a09e_667f_3bcd;
const ONE_BITS: u64 = 0x3ff0_0000_0000_0000;
const MANTISSA: u64 = 0x000f_ffff_ffff_ffff;

/// What takes a double apart at √½ and √2, as bits in all lanes.
#[derive(Debug, Clone, Copy)]
pub struct Seam<F = Quad> {
    /// From √½ to 1.
    up: F,
    /// Makes doubles of whole numbers.
    magic: F,
    /// What of them is too much.
    excess: F,
    mantissa: F,
    sqrt_half: F,
}

impl Seam {
    /// In memory.
    pub const fn new() -> Self {
        Self {
            up: Quad::splat(f64::from_bits(ONE_BITS - SQRT_HALF_BITS)),
            magic: Quad::splat(MAGIC),
            excess: Quad::splat(MAGIC + 1023.0),
            mantissa: Quad::splat(f64::from_bits(MANTISSA)),
            sqrt_half: Quad::splat(f64::from_bits(SQRT_HALF_BITS)),
        }
    }

    /// Ready to compute with.
    #[inline(always)]
    pub fn load<F: Four>(&self, zero: F) -> Seam<F> {
        Seam {
            up: zero.load(self.up),
            magic: zero.load(self.magic),
            excess: zero.load(self.excess),
            mantissa: zero.load(self.mantissa),
            sqrt_half: zero.load(self.sqrt_half),
        }
    }
}

impl Default for Seam {
    fn default() -> Self {
        Self::new()
    }
}

/// Work on four lanes of whichever kind.
pub trait Work {
    /// What it gives.
    type Output;
    /// Does it; `zero` is where lanes come from.
    fn run<F: Four>(self, zero: F) -> Self::Output;
}

/// Does `work` on the lanes of `arch`. Its `run` has to be `#[inline(always)]`, and everything it
/// should carry inside as well.
#[inline(always)]
pub fn run<W: Work>(arch: Arch, work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Arch::V3(simd) = arch {
        return wide::run(simd, work);
    }
    let mut work = Some(work);
    let mut output = None;
    vectorize(
        arch,
        #[inline(always)]
        || output = work.take().map(|work| work.run(Plain([0.0; WIDTH]))),
    );
    match output {
        Some(output) => output,
        None => unreachable!("work is done once"),
    }
}

/// Lanes as an array.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain([f64; WIDTH]);

impl Plain {
    #[inline(always)]
    fn with(self, other: Self, f: impl Fn(f64, f64) -> f64) -> Self {
        Self(std::array::from_fn(|i| f(self.0[i], other.0[i])))
    }
}

impl Add for Plain {
    type Output = Self;
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.with(other, |a, b| a + b)
    }
}

impl Sub for Plain {
    type Output = Self;
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.with(other, |a, b| a - b)
    }
}

impl Mul for Plain {
    type Output = Self;
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.with(other, |a, b| a * b)
    }
}

impl Div for Plain {
    type Output = Self;
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.with(other, |a, b| a / b)
    }
}

impl Four for Plain {
    #[inline(always)]
    fn load(self, from: Quad) -> Self {
        Self(from.0)
    }

    #[inline(always)]
    fn store(self) -> Quad {
        Quad(self.0)
    }

    #[inline(always)]
    fn larger(self, other: Self) -> Self {
        self.with(other, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn smaller(self, other: Self) -> Self {
        self.with(other, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    fn pick_above(self, limit: Self, then: Self, otherwise: Self) -> Self {
        Self(std::array::from_fn(|i| {
            crate::lanes::pick(self.0[i] > limit.0[i], then.0[i], otherwise.0[i])
        }))
    }

    #[inline(always)]
    fn lower_halves(self, other: Self) -> Self {
        Self([self.0[0], self.0[1], other.0[0], other.0[1]])
    }

    #[inline(always)]
    fn swapped(self) -> Self {
        let [a, b, c, d] = self.0;
        Self([b, a, d, c])
    }

    #[inline(always)]
    fn exponent_and_mantissa(self, seam: &Seam<Self>) -> (Self, Self) {
        let with = |a: Self, b: Self, f: fn(u64, u64) -> u64| {
            a.with(b, |a, b| f64::from_bits(f(a.to_bits(), b.to_bits())))
        };
        let moved = with(self, seam.up, u64::wrapping_add);
        let exponent = with(moved, seam.magic, |moved, magic| (moved >> 52) | magic);
        let mantissa = with(moved, seam.mantissa, |moved, mantissa| moved & mantissa);
        (exponent - seam.excess, with(mantissa, seam.sqrt_half, u64::wrapping_add))
    }

    #[inline(always)]
    fn scaled_by(self, rounded: Self) -> Self {
        let scale = rounded.0.map(|n| f64::from_bits((n.to_bits() << 52).wrapping_add(ONE_BITS)));
        self * Self(scale)
    }
}

#[cfg(target_arch = "x86_64")]
mod wide {
    //! Lanes as a register of AVX.

    use super::{Four, ONE_BITS, Quad, Seam, Work};
    use pulp::x86::V3;
    use pulp::{NullaryFnOnce, Simd, cast, f64x4, u64x4};
    use std::ops::{Add, Div, Mul, Sub};

    struct Task<W>(V3, W);

    impl<W: Work> NullaryFnOnce for Task<W> {
        type Output = W::Output;
        #[inline(always)]
        fn call(self) -> W::Output {
            let Self(simd, work) = self;
            work.run(Wide(simd, simd.splat_f64x4(0.0)))
        }
    }

    #[inline(always)]
    pub(super) fn run<W: Work>(simd: V3, work: W) -> W::Output {
        simd.vectorize(Task(simd, work))
    }

    #[derive(Clone, Copy)]
    struct Wide(V3, f64x4);

    impl Add for Wide {
        type Output = Self;
        #[inline(always)]
        fn add(self, other: Self) -> Self {
            Self(self.0, self.0.add_f64s(self.1, other.1))
        }
    }

    impl Sub for Wide {
        type Output = Self;
        #[inline(always)]
        fn sub(self, other: Self) -> Self {
            Self(self.0, self.0.sub_f64s(self.1, other.1))
        }
    }

    impl Mul for Wide {
        type Output = Self;
        #[inline(always)]
        fn mul(self, other: Self) -> Self {
            Self(self.0, self.0.mul_f64s(self.1, other.1))
        }
    }

    impl Div for Wide {
        type Output = Self;
        #[inline(always)]
        fn div(self, other: Self) -> Self {
            Self(self.0, self.0.div_f64s(self.1, other.1))
        }
    }

    impl Four for Wide {
        #[inline(always)]
        fn load(self, from: Quad) -> Self {
            Self(self.0, cast(from.0))
        }

        #[inline(always)]
        fn store(self) -> Quad {
            Quad(cast(self.1))
        }

        #[inline(always)]
        fn larger(self, other: Self) -> Self {
            // Like a comparison and a choice, the instruction gives the second where one is NaN.
            Self(self.0, self.0.max_f64s(self.1, other.1))
        }

        #[inline(always)]
        fn smaller(self, other: Self) -> Self {
            Self(self.0, self.0.min_f64s(self.1, other.1))
        }

        #[inline(always)]
        fn pick_above(self, limit: Self, then: Self, otherwise: Self) -> Self {
            let mask = self.0.cmp_gt_f64x4(self.1, limit.1);
            Self(self.0, self.0.select_f64x4(mask, then.1, otherwise.1))
        }

        #[inline(always)]
        fn lower_halves(self, other: Self) -> Self {
            let (a, b) = (cast(self.1), cast(other.1));
            Self(self.0, cast(self.0.avx._mm256_permute2f128_pd::<0x20>(a, b)))
        }

        #[inline(always)]
        fn swapped(self) -> Self {
            Self(self.0, cast(self.0.avx._mm256_permute_pd::<0b0101>(cast(self.1))))
        }

        #[inline(always)]
        fn exponent_and_mantissa(self, seam: &Seam<Self>) -> (Self, Self) {
            let simd = self.0;
            let bits = |lanes: Self| -> u64x4 { cast(lanes.1) };
            let moved = simd.add_u64s(bits(self), bits(seam.up));
            let exponent = simd.or_u64s(simd.shr_const_u64x4::<52>(moved), bits(seam.magic));
            let mantissa = simd.and_u64s(moved, bits(seam.mantissa));
            let mantissa = simd.add_u64s(mantissa, bits(seam.sqrt_half));
            (Self(simd, cast(exponent)) - seam.excess, Self(simd, cast(mantissa)))
        }

        #[inline(always)]
        fn scaled_by(self, rounded: Self) -> Self {
            let simd = self.0;
            let whole = simd.shl_const_u64x4::<52>(cast(rounded.1));
            self * Self(simd, cast(simd.add_u64s(whole, simd.splat_u64x4(ONE_BITS))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// Every operation on numbers of all sizes.
    struct All([Quad; 4]);

    impl Work for All {
        type Output = Vec<u64>;
        #[inline(always)]
        fn run<F: Four>(self, zero: F) -> Vec<u64> {
            let [a, b, c, d] = self.0.map(|quad| zero.load(quad));
            let rounded = d + zero.splat(ROUND);
            let positive = a * a + zero.splat(1e-30);
            let (exponent, mantissa) = positive.exponent_and_mantissa(&Seam::new().load(zero));
            [
                a + b,
                a - b,
                a * b,
                a / b,
                a.larger(b),
                a.smaller(b),
                a.pick_above(b, c, d),
                a.lower_halves(b),
                a.swapped(),
                exponent,
                mantissa,
                c.scaled_by(rounded),
            ]
            .iter()
            .flat_map(|x| x.store().0.map(f64::to_bits))
            .collect()
        }
    }

    #[test]
    fn lanes_of_every_kind_give_the_same_bits() {
        let mut random = Random::new(3);
        for _ in 0..1000 {
            let mut quad = || {
                Quad(std::array::from_fn(|_| {
                    random.bipolar() * (20.0 * random.bipolar()).exp2().round()
                }))
            };
            let quads = [quad(), quad(), quad(), quad()];
            let plain = All(quads).run(Plain([0.0; WIDTH]));
            assert_eq!(run(Arch::new(), All(quads)), plain);
            let [a, b, ..] = quads;
            assert_eq!(f64::from_bits(plain[29]), a.0[1]);
            assert_eq!(f64::from_bits(plain[31]), b.0[1]);
            assert_eq!(f64::from_bits(plain[34]), a.0[3]);
        }
    }

    #[test]
    fn a_number_is_its_mantissa_times_two_to_its_exponent() {
        for n in -3000..3000 {
            let x = (f64::from(n) * 0.1).exp2();
            let seam = Seam::new().load(Plain::default());
            let (e, m) = Plain([x; WIDTH]).exponent_and_mantissa(&seam);
            assert!((0.707..1.415).contains(&m.0[1]));
            let rounded = e + e.splat(ROUND);
            assert_eq!(m.scaled_by(rounded).0, [x; WIDTH]);
        }
    }
}
