//! A delay of whole samples, segment by segment.

/// The longest segment a delay takes at once.
pub const SEGMENT: usize = 64;

/// A delay line for one channel.
#[derive(Debug, Default)]
pub struct Delay {
    ring: Vec<f32>,
    write: usize,
    samples: usize,
}

impl Delay {
    /// Allocates for up to `samples` of delay, sets it to that, and empties the line.
    pub fn prepare(&mut self, samples: usize) {
        self.ring = vec![0.0; samples + SEGMENT];
        self.samples = samples;
        self.write = 0;
    }

    /// Sets the delay, at most what was prepared. The line keeps what it holds.
    pub fn set_samples(&mut self, samples: usize) {
        self.samples = samples.min(self.ring.len().saturating_sub(SEGMENT));
    }

    /// Empties the line.
    pub fn reset(&mut self) {
        self.ring.fill(0.0);
        self.write = 0;
    }

    /// Replaces a segment, at most [`SEGMENT`] samples, by what came in so many samples earlier.
    #[inline]
    pub fn process(&mut self, segment: &mut [f32]) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_by_what_is_set_up_to_what_was_prepared() {
        for samples in [0, 1, 63, 64, 200, 1000] {
            let mut delay = Delay::default();
            delay.prepare(200);
            delay.set_samples(samples);
            let samples = samples.min(200);
            let mut audio: Vec<f32> = (1..=1000u16).map(f32::from).collect();
            for (n, length) in [1, 64, 17].iter().cycle().take(30).enumerate() {
                let from = n / 3 * 82 + [0, 1, 65][n % 3];
                delay.process(&mut audio[from..from + length]);
            }
            for (n, x) in audio[..820].iter().enumerate() {
                let expected = if n < samples { 0.0 } else { (n + 1 - samples) as f32 };
                assert_eq!(*x, expected, "{samples} at {n}");
            }
        }
    }
}
