//! Writing a WAV file: into a temporary file beside its destination, dithered and seeded, and
//! under its own name only once everything has succeeded.

#[cfg(test)]
mod tests;

use super::Encoding;
use super::encode::Encoder;
use super::pending::{PendingFile, temporary};
use super::wav_header::{LONGEST_RIFF_BYTES, wav_header};
use crate::error::{Error, Result};
use crate::names::dither_seed;
use shared_dsp::random::Random;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Frames encoded at once, whatever is handed in: bounds the scratch memory.
const BLOCK_FRAMES: usize = 1024;
/// Bytes handed to the system at once.
const BUFFER_BYTES: usize = 1 << 16;

/// Sample depth of what we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// 16-bit integers.
    Int16,
    /// 24-bit integers.
    Int24,
    /// 32-bit floats, as they are.
    Float32,
}

impl Depth {
    /// As file names write it: `16`, `24`, `32f`.
    pub const fn name(self) -> &'static str {
        self.encoding().name()
    }

    pub(super) const fn encoding(self) -> Encoding {
        match self {
            Self::Int16 => Encoding::Int16,
            Self::Int24 => Encoding::Int24,
            Self::Float32 => Encoding::Float32,
        }
    }
}

/// How to write a WAV file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WavOptions {
    /// Samples per second and channel.
    pub sample_rate_hz: u32,
    /// Sample depth.
    pub depth: Depth,
    /// One channel, the left one of what is handed in, in place of two.
    pub mono: bool,
    /// Triangular dither at the integer depths, seeded from the file's name. Without it samples
    /// are rounded to the nearest step, which leaves audio that is on the steps already as it is.
    pub dither: bool,
    /// What a broadcast extension says; without it there is none.
    pub broadcast: Option<Broadcast>,
}

impl WavOptions {
    /// Stereo, dithered, without a broadcast extension.
    pub const fn new(depth: Depth, sample_rate_hz: u32) -> Self {
        Self { sample_rate_hz, depth, mono: false, dither: true, broadcast: None }
    }

    pub(super) const fn channels(&self) -> u16 {
        if self.mono { 1 } else { 2 }
    }
}

/// What the broadcast extension of a file says (EBU Tech 3285).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// When the first sample was, in samples since midnight.
    pub time_reference_samples: u64,
    /// Day of origin, `2026-05-12`; what is beyond 10 letters is cut.
    pub date: Option<String>,
    /// Time of origin, `14:30:00`; what is beyond 8 letters is cut.
    pub time: Option<String>,
}

/// A WAV file on its way, RF64 from 4 GB on.
#[derive(Debug)]
pub struct WavWriter {
    file: BufWriter<NamedTempFile>,
    path: PathBuf,
    options: WavOptions,
    encoder: Encoder,
    frames: u64,
    longest_riff_bytes: u64,
}

impl WavWriter {
    /// Begins `path` (its folder must exist). Nothing appears under that name until
    /// [`PendingFile::commit`].
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn create(path: &Path, options: WavOptions) -> Result<Self> {
        Self::with_limit(path, options, LONGEST_RIFF_BYTES)
    }

    /// As [`Self::create`]; RF64 from another size on, so that small files can test it.
    fn with_limit(path: &Path, options: WavOptions, longest_riff_bytes: u64) -> Result<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let dither = options.dither.then(|| Random::new(dither_seed(&name)));
        let mut writer = Self {
            file: BufWriter::with_capacity(BUFFER_BYTES, temporary(path)?),
            path: path.to_owned(),
            encoder: Encoder::new(options.depth, options.mono, dither),
            options,
            frames: 0,
            longest_riff_bytes,
        };
        writer.write_header()?;
        Ok(writer)
    }

    /// Appends a block, full scale ±1. Both sides are of one length.
    ///
    /// # Errors
    /// If the disk is full.
    pub fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        debug_assert_eq!(left.len(), right.len(), "two sides of one length");
        for (left, right) in left.chunks(BLOCK_FRAMES).zip(right.chunks(BLOCK_FRAMES)) {
            let bytes = self.encoder.encode(left, right);
            self.file.write_all(bytes).map_err(|e| Error::write(&self.path, e))?;
            self.frames += left.len() as u64;
        }
        Ok(())
    }

    /// Samples beyond full scale, which the integer depths clip; none at the float depth.
    pub fn clipped(&self) -> u64 {
        self.encoder.clipped()
    }

    /// The largest magnitude written so far, before dither and clipping: above 1, an integer depth
    /// clips, and by this much the audio would have to be lowered.
    pub fn peak(&self) -> f64 {
        self.encoder.peak()
    }

    /// Completes the header and the disk's copy; the file still waits for its name.
    ///
    /// # Errors
    /// If the disk is full.
    pub fn finish(mut self) -> Result<PendingFile> {
        let sample_bytes = self.options.depth.encoding().bytes() as u64;
        let data_bytes = self.frames * u64::from(self.options.channels()) * sample_bytes;
        let path = self.path.clone();
        let fail = |e| Error::write(&path, e);
        // Chunks are padded to an even length.
        if !data_bytes.is_multiple_of(2) {
            self.file.write_all(&[0]).map_err(fail)?;
        }
        self.file.rewind().map_err(fail)?;
        self.write_header()?;
        let temp = self.file.into_inner().map_err(|e| fail(e.into_error()))?;
        PendingFile::new(temp, &path)
    }

    fn write_header(&mut self) -> Result<()> {
        let header = wav_header(&self.options, self.frames, self.longest_riff_bytes);
        self.file.write_all(&header).map_err(|e| Error::write(&self.path, e))
    }
}
