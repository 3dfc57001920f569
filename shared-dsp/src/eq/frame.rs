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

/// A channel of a segment where it is not what it was before; the rest is left alone.
pub(crate) fn narrow_changed(channel: &mut [f32], before: &Frames, from: &Frames, c: usize) {
    for ((to, before), from) in channel.iter_mut().zip(before).zip(from) {
        if before[c] != from[c] {
            *to = to_f32(from[c]);
        }
    }
}
