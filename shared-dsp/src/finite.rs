//! Keeping NaN, infinity and denormals out of everything that remembers.

/// The sample, or silence where it is NaN or infinite. Finite samples pass bit for bit.
#[inline]
pub fn or_silence(sample: f32) -> f32 {
    if sample.abs() <= f32::MAX { sample } else { 0.0 }
}

/// Replaces the non-finite samples of a block by silence.
#[inline]
pub fn silence_non_finite(block: &mut [f32]) {
    for sample in block {
        *sample = or_silence(*sample);
    }
}

/// A computed sample as `f32`, held within the finite range. NaN becomes silence, and so does what
/// `f32` could only hold as a denormal: a decaying tail must not slow down whoever comes next.
#[inline]
pub fn to_f32(sample: f64) -> f32 {
    const MAX: f64 = f32::MAX as f64;
    let sample = if sample.abs() < f64::from(f32::MIN_POSITIVE) { 0.0 } else { sample };
    // `clamp` keeps NaN; the comparison above maps it to silence.
    or_silence(sample.clamp(-MAX, MAX) as f32)
}

/// Filter state below this is inaudible under any gain and is snapped to zero, long before it can
/// turn denormal.
pub const STATE_FLOOR: f64 = 1e-30;

/// Filter state with what is too small to matter snapped to zero.
#[inline]
pub fn snap(state: f64) -> f64 {
    if state.abs() < STATE_FLOOR { 0.0 } else { state }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finite_samples_pass_bit_for_bit() {
        for x in [0.0, -0.0, 1.0, f32::MIN_POSITIVE, 1e-42, f32::MAX, f32::MIN] {
            assert_eq!(or_silence(x).to_bits(), x.to_bits());
        }
    }

    #[test]
    fn what_is_not_finite_is_silence() {
        for x in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(or_silence(x), 0.0);
        }
        assert_eq!(to_f32(f64::NAN), 0.0);
        assert_eq!(to_f32(f64::INFINITY), f32::MAX);
        assert_eq!(to_f32(1e300), f32::MAX);
        assert_eq!(to_f32(-1e300), f32::MIN);
        assert_eq!(to_f32(1e-39), 0.0);
        assert_eq!(to_f32(-2e-38), -2e-38);
    }

    #[test]
    fn state_snaps_before_it_turns_denormal() {
        assert_eq!(snap(1e-31), 0.0);
        assert_eq!(snap(-1e-29), -1e-29);
    }
}
