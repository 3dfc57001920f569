//! Stereo segments in double precision, frame by frame.

use crate::delay::SEGMENT;
use crate::finite::to_f32;

/// Left and right.
pub(super) type Frame = [f64; 2];

/// Room for a segment.
pub(super) type Frames = [Frame; SEGMENT];

/// A segment from its channels.
pub(super) fn widen(to: &mut Frames, left: &[f32], right: &[f32]) {
    for ((to, left), right) in to.iter_mut().zip(left).zip(right) {
        *to = [f64::from(*left), f64::from(*right)];
    }
}

/// A channel of a segment.
pub(super) fn narrow(channel: &mut [f32], from: &Frames, c: usize) {
    for (to, from) in channel.iter_mut().zip(from) {
        *to = to_f32(from[c]);
    }
}

/// The same where it is not what it was: the rest stays to the bit, even what `f32` can hardly hold.
pub(super) fn narrow_changed(channel: &mut [f32], before: &Frames, from: &Frames, c: usize) {
    for ((to, before), from) in channel.iter_mut().zip(before).zip(from) {
        if before[c] != from[c] {
            *to = to_f32(from[c]);
        }
    }
}
