//! A signal remembered for a while: what went in a latency ago, beside what comes out now.
//!
//! ```text
//! past[n] = x[n − latency]
//! ```
//!
//! Two channels in rings that hold the longest latency and one block. Non-finite input is remembered as
//! silence, and so is a channel that is not there.

use crate::finite::or_silence;
use crate::processor::MAX_CHANNELS;

/// The last samples of one or two channels.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    /// The last samples of each channel, as rings: the longest latency and one block.
    rings: [Vec<f32>; MAX_CHANNELS],
    /// Where the next block goes.
    write: usize,
    /// Where the block captured last begins, and its length.
    block_start: usize,
    block_len: usize,
    latency_samples: usize,
    max_block_len: usize,
}

impl Past {
    /// The only call that allocates. Leaves everything silent, at the longest latency there can be.
    pub(crate) fn prepare(&mut self, max_block_len: usize, longest_samples: usize) {
        self.latency_samples = longest_samples;
        self.max_block_len = max_block_len;
        for ring in &mut self.rings {
            *ring = vec![0.0; longest_samples + max_block_len];
        }
        self.reset();
    }

    /// Sets the latency, at most the longest prepared. To be reset afterwards.
    pub(crate) fn set_latency(&mut self, latency_samples: usize) {
        self.latency_samples = latency_samples.min(self.rings[0].len() - self.max_block_len);
    }

    pub(crate) fn reset(&mut self) {
        for ring in &mut self.rings {
            ring.fill(0.0);
        }
        self.write = 0;
        self.block_start = 0;
        self.block_len = 0;
    }

    /// Length of the block captured last.
    #[inline]
    pub(crate) fn block_len(&self) -> usize {
        self.block_len
    }

    /// Remembers a block of `length` samples, at most what was prepared. Channels beyond those of
    /// `audio`, and samples beyond a channel's end, are silent.
    pub(crate) fn capture(&mut self, audio: &[impl AsRef<[f32]>], length: usize) {
        if self.latency_samples == 0 {
            // Nothing before this block will be asked for: stay in the same few cache lines.
            self.write = 0;
        }
        self.block_start = self.write;
        self.block_len = length.min(self.max_block_len);
        let to_seam = self.block_len.min(self.rings[0].len() - self.write);
        for (c, ring) in self.rings.iter_mut().enumerate() {
            let channel = audio.get(c).map_or(&[][..], AsRef::as_ref);
            let channel = &channel[..self.block_len.min(channel.len())];
            let (before_seam, after_seam) = channel.split_at(channel.len().min(to_seam));
            copy_finite(before_seam, &mut ring[self.write..self.write + to_seam]);
            copy_finite(after_seam, &mut ring[..self.block_len - to_seam]);
        }
        self.write = wrapped(self.write + self.block_len, self.rings[0].len());
    }

    /// How many samples from `at` of the block on lie in one piece.
    #[inline]
    pub(crate) fn run_len(&self, at: usize) -> usize {
        (self.block_len - at).min(self.rings[0].len() - self.index(at))
    }

    /// What belongs to the samples `at..at + length` of the block, at most [`run_len`](Self::run_len).
    #[inline]
    pub(crate) fn run(&self, channel: usize, at: usize, length: usize) -> &[f32] {
        let from = self.index(at);
        &self.rings[channel.min(MAX_CHANNELS - 1)][from..from + length]
    }

    /// The index in the rings of what belongs to sample `at` of the block.
    #[inline]
    fn index(&self, at: usize) -> usize {
        let length = self.rings[0].len();
        wrapped(self.block_start + length - self.latency_samples + at, length)
    }
}

#[inline]
fn copy_finite(from: &[f32], to: &mut [f32]) {
    let (there, missing) = to.split_at_mut(from.len());
    for (to, from) in there.iter_mut().zip(from) {
        *to = or_silence(*from);
    }
    missing.fill(0.0);
}

/// `index` in a ring of `length`, for indices less than three times round.
#[inline]
fn wrapped(mut index: usize, length: usize) -> usize {
    while index >= length.max(1) {
        index -= length.max(1);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hands_back_what_went_in_a_latency_ago_for_every_cut() {
        let signal: Vec<f32> = (1..=1000u16).map(f32::from).collect();
        let mut past = Past::default();
        past.prepare(64, 500);
        for (latency, cuts) in [(500, [64, 64]), (0, [7, 64]), (1, [1, 1]), (37, [64, 3])] {
            past.set_latency(latency);
            past.reset();
            let (mut at, mut turn) = (0, 0);
            while at < signal.len() {
                let length = cuts[turn % 2].min(signal.len() - at);
                turn += 1;
                past.capture(&[&signal[at..at + length]], length);
                let mut from = 0;
                while from < past.block_len() {
                    let run = past.run_len(from);
                    for (n, (left, right)) in
                        past.run(0, from, run).iter().zip(past.run(1, from, run)).enumerate()
                    {
                        let then = (at + from + n).checked_sub(latency);
                        assert_eq!(*left, then.map_or(0.0, |then| signal[then]));
                        assert_eq!(*right, 0.0);
                    }
                    from += run;
                }
                at += length;
            }
        }
    }

    #[test]
    fn what_is_not_there_is_silent() {
        let mut past = Past::default();
        past.prepare(4, 0);
        past.capture(&[[1.0f32; 4], [2.0; 4]], 4);
        past.capture(&[[f32::NAN, 3.0]], 4);
        assert_eq!(past.run(0, 0, 4), [0.0, 3.0, 0.0, 0.0]);
        assert_eq!(past.run(1, 0, 4), [0.0; 4]);
    }
}
