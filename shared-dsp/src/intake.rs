//! What a dynamics processor takes in: the stem, and what its detector hears of the stem or of a key.
//!
//! ```text
//! stem ──▶ delay ──▶ what is processed
//!   └──▶ early ──▶ heard (Internal)         early: the delay less the lookahead
//! key  ──▶ early ──▶ heard (External)
//! ```
//!
//! Without latency nothing is delayed. A mono layout is left and right alike; a mono key speaks for both
//! channels, what is missing of a key is silence, and what is no number in it as well.

use crate::delay::{Delay, SEGMENT};
use crate::eq::early::Early;
use crate::eq::frame::{Frames, narrow_kept, widen};
use crate::finite::silence_non_finite;
use crate::processor::MAX_CHANNELS;
use pulp::Arch;
use std::ops::Range;

/// The delays of stem and key.
#[derive(Debug)]
pub(crate) struct Intake {
    stem_delays: [Delay; MAX_CHANNELS],
    early: Early,
}

impl Intake {
    /// Without room.
    pub(crate) fn new() -> Self {
        Self { stem_delays: Default::default(), early: Early::new() }
    }

    /// Allocates for up to `longest` samples of delay, which the stem has until told otherwise.
    pub(crate) fn prepare(&mut self, sample_rate_hz: f64, longest: usize) {
        self.stem_delays.iter_mut().for_each(|delay| delay.prepare(longest));
        self.early.prepare(sample_rate_hz, longest);
    }

    /// Delays the stem by so many samples, at once.
    pub(crate) fn set_latency(&mut self, samples: usize) {
        self.stem_delays.iter_mut().for_each(|delay| delay.set_samples(samples));
    }

    /// Delays what is heard by so many samples, from the next one on.
    pub(crate) fn set_early(&mut self, samples: usize) {
        self.early.set_samples(samples);
    }

    /// Hears at the delay it was going to.
    pub(crate) fn arrive(&mut self) {
        self.early.arrive();
    }

    /// Empties all delays.
    pub(crate) fn reset(&mut self) {
        self.stem_delays.iter_mut().for_each(Delay::reset);
        self.early.reset();
    }

    /// Takes a segment: `stem` as it came, and `heard`. Where there is latency (`is_late`), the audio is
    /// delayed.
    pub(crate) fn take(
        &mut self,
        arch: Arch,
        audio: &mut [&mut [f32]],
        key: &[&[f32]],
        segment: Range<usize>,
        [is_external, is_late]: [bool; 2],
        [stem, heard]: [&mut Frames; 2],
    ) {
        let length = segment.len();
        spread(arch, stem, audio, segment.clone());
        if !is_external && !is_late {
            heard[..length].copy_from_slice(&stem[..length]);
            return;
        }
        let mut lines = [[0f32; SEGMENT]; 2 * MAX_CHANNELS];
        let [stem_left, stem_right, key_left, key_right] =
            lines.each_mut().map(|line| &mut line[..length]);
        for (c, line) in [&mut *key_left, &mut *key_right].into_iter().enumerate() {
            let channel = key.get(c).or(key.first()).copied().unwrap_or_default();
            let channel = channel.get(segment.start..).unwrap_or_default();
            let there = channel.len().min(length);
            line[..there].copy_from_slice(&channel[..there]);
            silence_non_finite(line);
        }
        if is_late {
            let [left, right] = channels(audio);
            stem_left.copy_from_slice(&audio[left][segment.clone()]);
            stem_right.copy_from_slice(&audio[right][segment.clone()]);
            for (channel, delay) in audio.iter_mut().zip(&mut self.stem_delays) {
                delay.process(&mut channel[segment.clone()]);
            }
            self.early.process([stem_left, stem_right, key_left, key_right]);
        }
        let [stem_left, stem_right, key_left, key_right] = &lines;
        let [left, right] =
            if is_external { [key_left, key_right] } else { [stem_left, stem_right] };
        widen(arch, heard, &left[..length], &right[..length]);
    }
}

/// The channels that are left and right: one alone is both.
fn channels(audio: &[&mut [f32]]) -> [usize; 2] {
    [0, audio.len().min(MAX_CHANNELS) - 1]
}

/// A segment of the audio as frames.
pub(crate) fn spread(arch: Arch, to: &mut Frames, audio: &[&mut [f32]], segment: Range<usize>) {
    let [left, right] = channels(audio);
    widen(arch, to, &audio[left][segment.clone()], &audio[right][segment]);
}

/// Puts `wet` into the audio where it is not what `stem` is; the rest stays as it is, bit for bit.
pub(crate) fn put_back(
    arch: Arch,
    audio: &mut [&mut [f32]],
    segment: Range<usize>,
    [stem, wet]: [&Frames; 2],
) {
    let length = segment.len();
    if let Some((left, rest)) = audio.split_first_mut() {
        let right = rest.first_mut().map(|right| &mut right[segment.clone()]);
        narrow_kept(arch, &stem[..length], &wet[..length], &mut left[segment], right);
    }
}
