//! The door of every meter: stereo chunks of bounded length, free of NaN, infinity and what is too
//! small to matter.
//!
//! A non-finite sample reads as silence, and so does one below 10⁻³⁰ (−600 dBFS): multiplied by a
//! coefficient it could turn denormal, and a fading reverb tail would cost twenty times the time.
//! Blocks hardly ever hold either, so a chunk is checked by its bits (which vectorises) and copied
//! only when it has to be mended.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::finite::or_silence;

/// Longest chunk in samples: short enough to stay in the first-level cache through all meters.
pub const CHUNK: usize = 256;

static SILENCE: [f32; CHUNK] = [0.0; CHUNK];

/// Room for mending one chunk of a channel pair. Lives on the stack, and costs nothing until used.
#[derive(Debug, Default)]
pub struct CleanChunks {
    mended: [Option<[f32; CHUNK]>; 2],
}

impl CleanChunks {
    /// The samples `from..from + length` of channels `pair` of `audio`, clean. `length` is at most
    /// [`CHUNK`]. A channel that is missing, or whose index is not below `channels`, is silent.
    #[inline(always)]
    pub fn pair<'a>(
        &'a mut self,
        audio: &[&'a [f32]],
        pair: [usize; 2],
        channels: usize,
        from: usize,
        length: usize,
    ) -> [&'a [f32]; 2] {
        let [left, right] = &mut self.mended;
        let part = |index: usize| {
            audio
                .get(index)
                .filter(|_| index < channels)
                .map(|channel| &channel[from..from + length])
        };
        [clean(part(pair[0]), left, length), clean(part(pair[1]), right, length)]
    }
}

/// Cuts `audio` into clean stereo chunks. `channels` is what the meter was prepared for.
#[inline(always)]
pub fn for_each_clean_chunk(audio: &[&[f32]], channels: usize, mut each: impl FnMut([&[f32]; 2])) {
    let length = audio.first().map_or(0, |channel| channel.len());
    for from in (0..length).step_by(CHUNK) {
        let mut room = CleanChunks::default();
        each(room.pair(audio, [0, 1], channels, from, CHUNK.min(length - from)));
    }
}

#[inline(always)]
fn clean<'a>(
    chunk: Option<&'a [f32]>,
    room: &'a mut Option<[f32; CHUNK]>,
    length: usize,
) -> &'a [f32] {
    match chunk {
        Some(chunk) if is_clean(chunk) => chunk,
        Some(chunk) => mend(chunk, room),
        None => &SILENCE[..length],
    }
}

#[cold]
fn mend<'a>(chunk: &[f32], room: &'a mut Option<[f32; CHUNK]>) -> &'a [f32] {
    let mended = &mut room.insert([0.0; CHUNK])[..chunk.len()];
    for (to, from) in mended.iter_mut().zip(chunk) {
        *to = if from.abs() < TINY { 0.0 } else { or_silence(*from) };
    }
    mended
}

/// What is smaller reads as silence.
const TINY: f32 = 1e-30;

#[inline(always)]
fn is_clean(chunk: &[f32]) -> bool {
    const MAGNITUDE: u32 = 0x7fff_ffff;
    const TINY_BITS: u32 = TINY.to_bits();
    let marks = chunk.iter().fold(0, |marks: u32, x| {
        let magnitude = x.to_bits() & MAGNITUDE;
        let is_infinite = magnitude >= f32::INFINITY.to_bits();
        // Zero wraps around, and is not tiny.
        let is_tiny = magnitude.wrapping_sub(1) < TINY_BITS - 1;
        marks | u32::from(is_infinite) | u32::from(is_tiny)
    });
    marks == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(audio: &[&[f32]], channels: usize) -> [Vec<f32>; 2] {
        let mut got = [Vec::new(), Vec::new()];
        for_each_clean_chunk(audio, channels, |[l, r]| {
            assert!(l.len() <= CHUNK && l.len() == r.len());
            got[0].extend_from_slice(l);
            got[1].extend_from_slice(r);
        });
        got
    }

    #[test]
    fn everything_else_passes_in_order() {
        let ramp: Vec<f32> = (0..1000u16).map(f32::from).collect();
        let fall: Vec<f32> = ramp.iter().map(|x| -x).collect();
        assert_eq!(collect(&[&ramp, &fall], 2), [ramp.clone(), fall]);
        assert_eq!(collect(&[&[f32::MAX, -f32::MAX, 1e-29]], 1)[0], [f32::MAX, -f32::MAX, 1e-29]);
    }

    #[test]
    fn what_could_turn_denormal_is_silent() {
        let tail = [0.5, 1e-31, -1e-42, f32::MIN_POSITIVE, 0.0, -1e-30];
        assert_eq!(collect(&[&tail], 1)[0], [0.5, 0.0, 0.0, 0.0, 0.0, -1e-30]);
    }

    #[test]
    fn what_is_not_finite_or_not_there_is_silent() {
        let hurt = [1.0, f32::NAN, 2.0, f32::INFINITY, f32::NEG_INFINITY, -f32::NAN];
        let expected = vec![1.0, 0.0, 2.0, 0.0, 0.0, 0.0];
        assert_eq!(collect(&[&hurt, &hurt], 2), [expected.clone(), expected.clone()]);
        assert_eq!(collect(&[&hurt, &hurt], 1), [expected.clone(), vec![0.0; 6]]);
        assert_eq!(collect(&[&hurt], 2), [expected, vec![0.0; 6]]);
        assert_eq!(collect(&[], 2), [vec![], vec![]]);
    }
}
