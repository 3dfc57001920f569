//! Walking the chunks that RIFF and IFF files are made of, within the file's true length.

use super::bad;
use crate::error::{Error, Result};
use std::io::{self, BufReader, Read, Seek};
use std::path::Path;

/// More chunks than any recorder writes; a file of empty chunks ends here.
const MOST_CHUNKS: usize = 4096;

/// A chunk's name and where it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chunk {
    pub(super) id: [u8; 4],
    /// The length its header claims, which may well be a lie.
    pub(super) bytes: u64,
    /// Where what it holds begins, in bytes.
    pub(super) start: u64,
}

/// The chunks of a file, one after another, and what is in them.
pub(super) struct Chunks<'f, F> {
    file: &'f mut BufReader<F>,
    pub(super) file_bytes: u64,
    pub(super) path: &'f Path,
    /// Where the file stands, in bytes.
    position: u64,
    /// Where the next chunk begins, in bytes.
    next: u64,
    seen: usize,
}

impl<'f, F: Read + Seek> Chunks<'f, F> {
    /// `file` stands at its beginning; the chunks begin behind 12 bytes.
    pub(super) fn new(file: &'f mut BufReader<F>, file_bytes: u64, path: &'f Path) -> Self {
        Self { file, file_bytes, path, position: 0, next: 12, seen: 0 }
    }

    /// The next chunk, or none at the end of the file. `number` reads its length.
    ///
    /// # Errors
    /// If there is no end to them, or the file cannot be read.
    pub(super) fn next(&mut self, number: fn([u8; 4]) -> u32) -> Result<Option<Chunk>> {
        if self.next.saturating_add(8) > self.file_bytes {
            return Ok(None);
        }
        self.seen += 1;
        if self.seen > MOST_CHUNKS {
            return Err(bad(self.path, "it has thousands of chunks and no audio"));
        }
        self.go_to(self.next)?;
        let [a, b, c, d, size @ ..]: [u8; 8] = self.bytes()?;
        let chunk =
            Chunk { id: [a, b, c, d], bytes: u64::from(number(size)), start: self.next + 8 };
        self.end(chunk, chunk.bytes);
        Ok(Some(chunk))
    }

    /// Says how long `chunk` really is, so that the next one is found.
    pub(super) fn end(&mut self, chunk: Chunk, bytes: u64) {
        // Chunks are padded to an even length.
        self.next = chunk.start.saturating_add(bytes).saturating_add(bytes & 1);
    }

    /// Goes to a place within the file.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(super) fn go_to(&mut self, position: u64) -> Result<()> {
        // Relative, so that what is buffered is not thrown away.
        let distance = position as i64 - self.position as i64;
        self.file.seek_relative(distance).map_err(|e| Error::read(self.path, e))?;
        self.position = position;
        Ok(())
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// If the file ends before.
    pub(super) fn bytes<const N: usize>(&mut self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.read_exact(&mut bytes).map_err(|e| self.explain(e))?;
        self.position += N as u64;
        Ok(bytes)
    }

    fn explain(&self, error: io::Error) -> Error {
        if error.kind() == io::ErrorKind::UnexpectedEof {
            bad(self.path, "its header is cut short")
        } else {
            Error::read(self.path, error)
        }
    }
}

/// The `N` bytes at `at`, which must be there.
pub(super) fn part<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut part = [0; N];
    part.copy_from_slice(&bytes[at..at + N]);
    part
}
