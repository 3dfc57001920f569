//! Small folds over eight lanes, shaped so that they become vector instructions.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

/// Lanes of `f32` in a vector of AVX2.
pub const LANES: usize = 8;

/// The larger of two numbers that are not NaN, as one instruction; `f32::max` takes three.
#[inline(always)]
pub fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// One of two numbers, by their bits. An `if` between numbers that are loaded or computed for it
/// becomes a branch or a chosen address, and neither vectorises; for the larger or the smaller of the
/// two compared, `if` is the better one.
#[inline(always)]
pub fn pick(first: bool, a: f64, b: f64) -> f64 {
    let mask = u64::from(first).wrapping_neg();
    f64::from_bits(b.to_bits() ^ ((a.to_bits() ^ b.to_bits()) & mask))
}

/// The largest lane, as a tree.
#[inline(always)]
pub fn highest(l: [f32; LANES]) -> f32 {
    let (mut half, mut quarter) = ([0f32; 4], [0f32; 2]);
    for i in 0..4 {
        half[i] = larger(l[i], l[i + 4]);
    }
    for i in 0..2 {
        quarter[i] = larger(half[i], half[i + 2]);
    }
    larger(quarter[0], quarter[1])
}

/// The sum of the lanes as a tree: short, and always in the same order.
#[inline(always)]
pub fn total(l: [f64; LANES]) -> f64 {
    let (mut half, mut quarter) = ([0f64; 4], [0f64; 2]);
    for i in 0..4 {
        half[i] = l[i] + l[i + 4];
    }
    for i in 0..2 {
        quarter[i] = half[i] + half[i + 2];
    }
    quarter[0] + quarter[1]
}

/// The largest |x|; 0 where there is none. No sample may be NaN.
///
/// By the bits: magnitudes order like the whole numbers they are stored as, and a maximum of whole
/// numbers may be taken in any order, so this vectorises where one of `f32` would not.
#[inline(always)]
pub fn largest_magnitude(samples: &[f32]) -> f32 {
    f32::from_bits(samples.iter().fold(0, |max: u32, x| max.max(x.abs().to_bits())))
}

/// The largest bend: `|x[n−1] − 2·x[n] + x[n+1]|`. No sample may be NaN.
#[inline(always)]
pub fn largest_bend(samples: &[f32]) -> f32 {
    let (next, last) = (samples.get(1..).unwrap_or(&[]), samples.get(2..).unwrap_or(&[]));
    let bends = samples.iter().zip(next).zip(last);
    f32::from_bits(bends.fold(0, |max: u32, ((a, b), c)| {
        let bend = (c - b) - (b - a);
        max.max(bend.abs().to_bits())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lane_counts() {
        for lane in 0..LANES {
            let mut lanes = [0.0; LANES];
            lanes[lane] = 2.0;
            assert_eq!(highest(lanes), 2.0);
            assert_eq!(total(lanes.map(f64::from)), 2.0);
        }
        assert_eq!(highest([-1.0; LANES]), -1.0);
        assert_eq!(total([0.5; LANES]), 4.0);
    }

    #[test]
    fn one_of_two_is_picked_to_the_bit() {
        for (a, b) in [(1.0, -0.0), (f64::MIN_POSITIVE, f64::INFINITY), (-0.0, 0.1)] {
            assert_eq!(pick(true, a, b).to_bits(), a.to_bits());
            assert_eq!(pick(false, a, b).to_bits(), b.to_bits());
        }
    }

    #[test]
    fn magnitudes_and_bends_are_found_wherever_they_are() {
        for length in 0..40 {
            for at in 0..length {
                let mut samples = vec![0.25f32; length];
                samples[at] = -0.75;
                assert_eq!(largest_magnitude(&samples), 0.75);
                let bend = match length {
                    0..3 => 0.0,
                    _ if at == 0 || at + 1 == length => 1.0,
                    _ => 2.0,
                };
                assert_eq!(largest_bend(&samples), bend);
            }
        }
        assert_eq!(largest_magnitude(&[]), 0.0);
        assert_eq!(largest_bend(&[]), 0.0);
    }
}
