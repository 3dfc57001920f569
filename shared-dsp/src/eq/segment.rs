//! The way of the signal through the equaliser, a segment at a time: up to where a grid or the block
//! ends.

use super::DynamicEq;
use super::frame::{Frames, narrow, narrow_changed, widen};
use crate::delay::SEGMENT;
use crate::finite::silence_non_finite;
use crate::processor::MAX_CHANNELS;
use crate::ramp::Ramp;

/// Room for segments in double precision.
#[derive(Debug)]
pub(super) struct Work {
    stem: Frames,
    /// The stem as the detectors have it, if that is not the same.
    early: Frames,
    key: Frames,
    wet: Frames,
    activity: [f64; SEGMENT],
}

impl Work {
    /// Silence.
    pub(super) const fn new() -> Self {
        Self {
            stem: [[0.0; 2]; SEGMENT],
            early: [[0.0; 2]; SEGMENT],
            key: [[0.0; 2]; SEGMENT],
            wet: [[0.0; 2]; SEGMENT],
            activity: [0.0; SEGMENT],
        }
    }
}

impl DynamicEq {
    /// Whether anybody asks how active the voice is.
    pub(super) fn hears_voice(&self) -> bool {
        !self.unmask.is_off() || self.control.hears_voice()
    }

    /// Whether nothing is to be done to the signal, but for what Unmask does.
    fn is_idle(&self) -> bool {
        let is_one = |ramp: &Ramp| ramp.is_settled() && ramp.value() == 1.0;
        !self.is_changed
            && !self.is_gliding
            && self.bands.iter().all(|band| !band.is_heard && !band.moves)
            && is_one(&self.mix)
            && is_one(&self.output)
            && self.listen.is_off()
    }

    /// One segment: what the grids leave of a block.
    pub(super) fn segment(
        &mut self,
        audio: &mut [&mut [f32]],
        key: &[&[f32]],
        from: usize,
        to: usize,
    ) {
        let length = to - from;
        let moves_at_all = self.bands.iter().any(|band| band.moves);
        let hears_voice = self.hears_voice();
        let hears_key =
            (moves_at_all && self.control.hears_key()) || self.listen.hears_key() || hears_voice;
        let is_idle = self.is_idle();
        if hears_voice && !self.heard_voice {
            self.voice.reset();
        }
        self.heard_voice = hears_voice;
        let mut key_room = [[0f32; SEGMENT]; MAX_CHANNELS];
        let mut early_room = [[0f32; SEGMENT]; MAX_CHANNELS];
        for (c, room) in key_room.iter_mut().enumerate() {
            let samples = &mut room[..length];
            // A mono key speaks for both channels; what is missing is silence.
            let channel = key.get(c).or(key.first()).copied().unwrap_or_default();
            let channel = channel.get(from..).unwrap_or_default();
            let heard = channel.len().min(length);
            samples[..heard].copy_from_slice(&channel[..heard]);
            silence_non_finite(samples);
        }
        self.key_watch.hear(&key_room.each_ref().map(|room| &room[..length]), length);
        let channels = audio.len().min(MAX_CHANNELS);
        for (c, channel) in audio.iter_mut().enumerate().take(channels) {
            let stem = &mut channel[from..to];
            silence_non_finite(stem);
            if self.lookahead {
                early_room[c][..length].copy_from_slice(stem);
                self.stem_delays[c].process(stem);
            }
        }
        if self.lookahead {
            let [[a, b], [c, d]] = [&mut early_room, &mut key_room].map(<[_; 2]>::each_mut);
            self.early.process([a, b, c, d].map(|line| &mut line[..length]));
        }
        if hears_key {
            let [left, right] = &key_room;
            widen(self.arch, &mut self.work.key, &left[..length], right);
        }
        if hears_voice {
            let Work { key, activity, .. } = &mut self.work;
            self.voice.hear(self.arch, &key[..length], &mut activity[..length]);
        }
        if self.unmask.is_off() {
            self.unmask.pass();
            if is_idle {
                return;
            }
        }
        // One channel alone is both.
        let (first, second) = (0, channels.saturating_sub(1));
        if let (Some(left), Some(right)) = (audio.get(first), audio.get(second)) {
            widen(self.arch, &mut self.work.stem, &left[from..to], &right[from..to]);
        }
        if self.lookahead {
            let [first, second] = [&early_room[first], &early_room[second]];
            widen(self.arch, &mut self.work.early, &first[..length], second);
        }
        self.equalise(length, moves_at_all);
        if is_idle {
            // What Unmask has not touched stays to the bit, even what `f32` can hardly hold.
            let Work { stem, wet, .. } = &self.work;
            for (c, channel) in audio.iter_mut().enumerate().take(channels) {
                narrow_changed(&mut channel[from..to], stem, wet, c);
            }
            return;
        }
        if let Some((left, rest)) = audio.split_first_mut() {
            let right = rest.first_mut().map(|right| &mut right[from..to]);
            narrow(self.arch, &self.work.wet[..length], &mut left[from..to], right);
        }
    }

    /// From the stem to the output of a segment.
    fn equalise(&mut self, length: usize, moves_at_all: bool) {
        let Work { stem, early, key, wet, activity } = &mut self.work;
        let (stem, key, wet) = (&stem[..length], &key[..length], &mut wet[..length]);
        let early = if self.lookahead { &early[..length] } else { stem };
        wet.copy_from_slice(stem);
        let activity = &activity[..length];
        let moves = moves_at_all
            .then(|| self.control.process(self.arch, early, key, activity, self.is_gliding));
        for cut in self.cuts.iter_mut().filter(|cut| !cut.is_none()) {
            cut.process(self.arch, wet, self.is_gliding);
        }
        self.chain.process(self.arch, wet, moves, self.is_gliding);
        if !self.unmask.is_off() {
            self.unmask.process(self.arch, wet, early, key, activity);
        }
        if !(self.mix.is_settled() && self.mix.value() == 1.0) {
            for (wet, dry) in wet.iter_mut().zip(stem) {
                let mix = self.mix.next();
                *wet = [0, 1].map(|c| dry[c] + mix * (wet[c] - dry[c]));
            }
        }
        if !(self.output.is_settled() && self.output.value() == 1.0) {
            for frame in &mut *wet {
                let output = self.output.next();
                *frame = frame.map(|x| x * output);
            }
        }
        if !self.listen.is_off() {
            self.listen.process(wet, [stem, early, key]);
        }
    }
}
