//! A file laid on the session's time line: silence before it begins and after it ends.

use crate::audio_file::{AudioFormat, AudioReader};
use crate::error::Result;
use std::ops::Range;
use std::path::Path;

/// Frames skipped at once.
const SKIP: u64 = 1 << 15;

/// A file read forwards, a block at a time, moved by whole samples.
#[derive(Debug)]
pub(super) struct Track {
    reader: AudioReader,
    /// Samples of silence still due before the file begins.
    lead: u64,
    /// The last block's sides; a mono file is on both at unity.
    pub(super) sides: [Vec<f64>; 2],
    /// Which part of the last block came from the file.
    heard: Range<usize>,
}

impl Track {
    /// Opens `path`, delayed by `shift` samples; a negative shift begins later in the file.
    ///
    /// # Errors
    /// A sentence about whatever is wrong with the file.
    pub(super) fn open(path: &Path, shift: i64) -> Result<Self> {
        let mut track = Self {
            reader: AudioReader::open(path)?,
            lead: shift.max(0).unsigned_abs(),
            sides: [Vec::new(), Vec::new()],
            heard: 0..0,
        };
        track.skip(shift.min(0).unsigned_abs())?;
        Ok(track)
    }

    /// Goes on by so many samples.
    ///
    /// # Errors
    /// If the file cannot be read, or has shrunk.
    pub(super) fn skip(&mut self, mut frames: u64) -> Result<()> {
        while frames > 0 {
            let step = frames.min(SKIP);
            self.fill(step as usize)?;
            frames -= step;
        }
        Ok(())
    }

    /// What the file holds.
    pub(super) fn format(&self) -> AudioFormat {
        self.reader.format()
    }

    /// Length of the file, samples per channel.
    pub(super) fn frames(&self) -> u64 {
        self.reader.frames()
    }

    /// Time stamp of its first sample, samples since midnight.
    pub(super) fn time_reference_samples(&self) -> Option<u64> {
        self.reader.time_reference_samples()
    }

    /// Reads the next `frames` samples of the time line. What is no number stays so.
    ///
    /// # Errors
    /// If the file cannot be read, or has shrunk.
    pub(super) fn fill(&mut self, frames: usize) -> Result<()> {
        for side in &mut self.sides {
            side.resize(frames, 0.0);
        }
        let begin = self.lead.min(frames as u64) as usize;
        self.lead -= begin as u64;
        let [left, right] = &mut self.sides;
        let count = self.reader.read_raw(&mut left[begin..], &mut right[begin..])?;
        self.heard = begin..begin + count;
        for side in &mut self.sides {
            side[..begin].fill(0.0);
            side[begin + count..].fill(0.0);
        }
        Ok(())
    }

    /// Reads like [`Self::fill`], with silence for what is no number.
    ///
    /// # Errors
    /// If the file cannot be read, or has shrunk.
    pub(super) fn fill_clean(&mut self, frames: usize) -> Result<()> {
        self.fill(frames)?;
        self.clean();
        Ok(())
    }

    /// Puts silence in the place of what is no number.
    pub(super) fn clean(&mut self) {
        if self.format().encoding.is_float() {
            for sample in self.sides.iter_mut().flatten().filter(|s| !s.is_finite()) {
                *sample = 0.0;
            }
        }
    }

    /// Both sides of what the last block held of the file.
    pub(super) fn heard(&self) -> [&[f64]; 2] {
        let [left, right] = &self.sides;
        [&left[self.heard.clone()], &right[self.heard.clone()]]
    }
}
