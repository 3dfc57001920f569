//! A file laid on the session's time line: silence before it begins and after it ends.

use crate::error::Result;
use crate::wav::{WavFormat, WavReader};
use std::path::Path;

/// A file read forwards, a block at a time, moved by whole samples.
#[derive(Debug)]
pub(super) struct Track {
    reader: WavReader,
    /// Samples of silence still due before the file begins.
    lead: u64,
    /// The last block's sides; a mono file is on both at unity.
    pub(super) sides: [Vec<f64>; 2],
    /// How much of the last block came from the file, and where in the block that began.
    pub(super) heard: std::ops::Range<usize>,
}

impl Track {
    /// Opens `path`, delayed by `shift` samples; a negative shift begins later in the file.
    ///
    /// # Errors
    /// A sentence about whatever is wrong with the file.
    pub(super) fn open(path: &Path, shift: i64) -> Result<Self> {
        let reader = WavReader::open(path)?;
        let mut track = Self {
            reader,
            lead: shift.max(0).unsigned_abs(),
            sides: [Vec::new(), Vec::new()],
            heard: 0..0,
        };
        let mut skip = shift.min(0).unsigned_abs();
        while skip > 0 {
            let step = skip.min(1 << 15) as usize;
            track.fill(step)?;
            skip -= step as u64;
        }
        Ok(track)
    }

    /// What the file holds.
    pub(super) fn format(&self) -> WavFormat {
        self.reader.format()
    }

    /// Length of the file, samples per channel.
    pub(super) fn frames(&self) -> u64 {
        self.reader.frames()
    }

    /// Reads the next `frames` samples of the time line. Samples that are no numbers stay so.
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
        let count = self.reader.read(&mut left[begin..], &mut right[begin..])?;
        self.heard = begin..begin + count;
        for side in &mut self.sides {
            side[..begin].fill(0.0);
            side[begin + count..].fill(0.0);
        }
        Ok(())
    }

    /// Both sides of what the last block held of the file.
    pub(super) fn heard(&self) -> [&[f64]; 2] {
        [&self.sides[0][self.heard.clone()], &self.sides[1][self.heard.clone()]]
    }
}
