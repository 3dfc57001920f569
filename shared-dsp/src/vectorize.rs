//! Scalar code, compiled for what the CPU has and chosen at run time.
//!
//! `pulp` picks the instruction set; the work has to be inlined all the way into the function that
//! carries it, or it is compiled for the baseline after all. Handing a closure straight to
//! [`pulp::Arch::dispatch`] goes through the `FnOnce` shim of the closure, which is not
//! `#[inline(always)]` whatever the closure says: long closures stay outside, and run without AVX.
//! Calling it as `FnMut` reaches the body itself.
//!
//! Nothing is contracted into fused operations and no sum is reordered, so every CPU gives the same
//! bits.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use pulp::{Arch, Simd, WithSimd};

struct Work<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Work<F> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) -> R {
        (self.0)()
    }
}

/// Runs `work` with the instruction set of `arch`. Write the closure as `#[inline(always)] || …`,
/// and mark everything it should carry inside the same way.
#[inline(always)]
pub fn vectorize<R>(arch: Arch, work: impl FnMut() -> R) -> R {
    arch.dispatch(Work(work))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_its_work_once_and_hands_back_what_it_gives() {
        let mut runs = 0;
        let result = vectorize(
            Arch::new(),
            #[inline(always)]
            || {
                runs += 1;
                runs * 21
            },
        );
        assert_eq!((result, runs), (21, 1));
    }
}
