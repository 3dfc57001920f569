//! A fixed delay, segment by segment.

use super::SEGMENT;

#[derive(Debug, Default)]
pub(super) struct Delay {
    ring: Vec<f32>,
    write: usize,
    samples: usize,
}

impl Delay {
    pub(super) fn prepare(&mut self, samples: usize) {
        self.ring = vec![0.0; samples + SEGMENT];
        self.samples = samples;
        self.write = 0;
    }

    pub(super) fn reset(&mut self) {
        self.ring.fill(0.0);
        self.write = 0;
    }

    /// Replaces a segment by what came in so many samples earlier.
    #[inline]
    pub(super) fn process(&mut self, segment: &mut [f32]) {
        let length = self.ring.len();
        let read = wrapped(self.write + length - self.samples, length);
        let (before, after) = segment.split_at(segment.len().min(length - self.write));
        self.ring[self.write..self.write + before.len()].copy_from_slice(before);
        self.ring[..after.len()].copy_from_slice(after);
        let cut = segment.len().min(length - read);
        let (before, after) = segment.split_at_mut(cut);
        before.copy_from_slice(&self.ring[read..read + before.len()]);
        after.copy_from_slice(&self.ring[..after.len()]);
        self.write = wrapped(self.write + segment.len(), length);
    }
}

/// `index` in a ring of `length`, for indices less than twice round; a division costs more.
#[inline]
fn wrapped(index: usize, length: usize) -> usize {
    if index >= length { index - length } else { index }
}
