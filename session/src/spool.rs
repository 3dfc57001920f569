//! Audio kept on disk between passes: what feeds the limiter while its gain is searched for.
//!
//! 32-bit floats, since that is what a plugin is handed: reading back loses nothing that the
//! plugin would have seen.

use crate::engine::{Sink, Source};
use crate::error::{Error, Result};
use std::fs::File;
use std::io::{BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

const BUFFER_BYTES: usize = 1 << 18;
/// Two 32-bit samples.
const FRAME_BYTES: usize = 8;

/// A stereo track being written to a nameless temporary file, which vanishes with the process.
#[derive(Debug)]
pub struct SpoolWriter {
    file: BufWriter<File>,
    folder: PathBuf,
    bytes: Vec<u8>,
}

impl SpoolWriter {
    /// A new track in `folder`.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn create(folder: &Path) -> Result<Self> {
        let file = tempfile::tempfile_in(folder).map_err(|e| Error::write(folder, e))?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Self { file, folder: folder.to_owned(), bytes: Vec::new() })
    }

    /// The finished track.
    ///
    /// # Errors
    /// If the disk is full.
    pub fn finish(self) -> Result<Spool> {
        let folder = self.folder;
        let file = self.file.into_inner().map_err(|e| Error::write(&folder, e.into_error()))?;
        Ok(Spool { file, folder })
    }
}

impl Sink for SpoolWriter {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        self.bytes.clear();
        for (l, r) in left.iter().zip(right) {
            self.bytes.extend_from_slice(&(*l as f32).to_le_bytes());
            self.bytes.extend_from_slice(&(*r as f32).to_le_bytes());
        }
        self.file.write_all(&self.bytes).map_err(|e| Error::write(&self.folder, e))
    }
}

/// A finished track. Read by one pass at a time: all readers share its position.
#[derive(Debug)]
pub struct Spool {
    file: File,
    folder: PathBuf,
}

impl Spool {
    /// Reads the track from its start.
    ///
    /// # Errors
    /// If the system refuses.
    pub fn reader(&self) -> Result<SpoolReader> {
        let fail = |e| Error::read(&self.folder, e);
        let mut file = self.file.try_clone().map_err(fail)?;
        file.seek(SeekFrom::Start(0)).map_err(fail)?;
        Ok(SpoolReader {
            file: BufReader::with_capacity(BUFFER_BYTES, file),
            folder: self.folder.clone(),
            bytes: Vec::new(),
        })
    }
}

/// A track on its way back in.
#[derive(Debug)]
pub struct SpoolReader {
    file: BufReader<File>,
    folder: PathBuf,
    bytes: Vec<u8>,
}

impl Source for SpoolReader {
    fn fill(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        let wanted = (left.len() * FRAME_BYTES) as u64;
        self.bytes.clear();
        (&mut self.file)
            .take(wanted)
            .read_to_end(&mut self.bytes)
            .map_err(|e| Error::read(&self.folder, e))?;
        // What is not there any more is silence.
        self.bytes.resize(left.len() * FRAME_BYTES, 0);
        let frames = self.bytes.chunks_exact(FRAME_BYTES);
        for ((frame, l), r) in frames.zip(left).zip(right) {
            if let [a, b, c, d, e, f, g, h] = *frame {
                *l = f64::from(f32::from_le_bytes([a, b, c, d]));
                *r = f64::from(f32::from_le_bytes([e, f, g, h]));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_and_then_silence() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = SpoolWriter::create(folder.path()).unwrap();
        writer.write(&[0.5, -0.25], &[0.125, 1.0]).unwrap();
        let spool = writer.finish().unwrap();
        for _ in 0..2 {
            let mut reader = spool.reader().unwrap();
            let (mut l, mut r) = ([9.0; 3], [9.0; 3]);
            reader.fill(&mut l, &mut r).unwrap();
            assert_eq!((l, r), ([0.5, -0.25, 0.0], [0.125, 1.0, 0.0]));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
