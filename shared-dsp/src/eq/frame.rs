//! Stereo segments in double precision, frame by frame.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::delay::SEGMENT;
use crate::finite::to_f32;
use crate::vectorize::vectorize;
use pulp::Arch;

/// Left and right.
pub(crate) type Frame = [f64; 2];

/// Room for a segment.
pub(crate) type Frames = [Frame; SEGMENT];

/// A segment from its channels.
pub(crate) fn widen(arch: Arch, to: &mut Frames, left: &[f32], right: &[f32]) {
    vectorize(
        arch,
        #[inline(always)]
        || {
            for ((to, left), right) in to.iter_mut().zip(left).zip(right) {
                *to = [f64::from(*left), f64::from(*right)];
            }
        },
    );
}

/// The channels of a segment; where there is but one, it is the left.
pub(crate) fn narrow(arch: Arch, from: &[Frame], left: &mut [f32], right: Option<&mut [f32]>) {
    let mut room = [[0f32; 2]; SEGMENT];
    let narrowed = &mut room[..from.len()];
    vectorize(
        arch,
        #[inline(always)]
        || {
            // All of them as one row of numbers: that vectorises.
            for (to, from) in narrowed.as_flattened_mut().iter_mut().zip(from.as_flattened()) {
                *to = to_f32(*from);
            }
        },
    );
    for (to, from) in left.iter_mut().zip(&*narrowed) {
        *to = from[0];
    }
    for (to, from) in right.into_iter().flatten().zip(&*narrowed) {
        *to = from[1];
    }
}

/// The channels of a segment where they are not what they were before; the rest stays to the bit, even what
/// `f32` can hardly hold.
pub(crate) fn narrow_kept(
    arch: Arch,
    before: &[Frame],
    from: &[Frame],
    left: &mut [f32],
    right: Option<&mut [f32]>,
) {
    let mut room = [[0f32; 2]; SEGMENT];
    let narrowed = &mut room[..from.len()];
    vectorize(
        arch,
        #[inline(always)]
        || {
            let before = before.as_flattened().iter();
            let from = from.as_flattened().iter();
            for ((to, before), from) in narrowed.as_flattened_mut().iter_mut().zip(before).zip(from)
            {
                let (kept, changed) = (*before as f32, to_f32(*from));
                *to = if before == from { kept } else { changed };
            }
        },
    );
    for (to, from) in left.iter_mut().zip(&*narrowed) {
        *to = from[0];
    }
    for (to, from) in right.into_iter().flatten().zip(&*narrowed) {
        *to = from[1];
    }
}

/// A channel of a segment where it is not what it was before; the rest is left alone.
pub(crate) fn narrow_changed(channel: &mut [f32], before: &Frames, from: &Frames, c: usize) {
    for ((to, before), from) in channel.iter_mut().zip(before).zip(from) {
        if before[c] != from[c] {
            *to = to_f32(from[c]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_changed_is_kept_to_the_bit() {
        let before = [[0.25, 1e-40], [-1e-42, f64::from(f32::MAX)], [0.5, 0.1f32.into()]];
        let after = [[0.5, 1e-40], [-1e-42, 1e300], [1e-41, 0.1f32.into()]];
        let (mut left, mut right) = ([0f32; 3], [0f32; 3]);
        narrow_kept(Arch::new(), &before, &after, &mut left, Some(&mut right));
        assert_eq!(left, [0.5, -1e-42, 0.0]);
        assert_eq!(right, [1e-40, f32::MAX, 0.1]);
        narrow_kept(Arch::new(), &before, &before, &mut left, None);
        assert_eq!(left, [0.25, -1e-42, 0.5]);
    }
}
