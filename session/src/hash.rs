//! What identifies a file: its length and its SHA-256 (FIPS 180-4), as `sha256sum` prints it.

use crate::error::{Error, Result};
use crate::stop::Stop;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Read at once.
const CHUNK_BYTES: usize = 1 << 18;

/// What identifies a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The fingerprints of all `paths`, in their order, several at a time.
///
/// # Errors
/// If a file cannot be read; [`Error::Interrupted`].
pub fn fingerprints(paths: &[&Path], stop: &Stop) -> Result<Vec<Fingerprint>> {
    paths.par_iter().map(|path| fingerprint(path, stop)).collect()
}

fn fingerprint(path: &Path, stop: &Stop) -> Result<Fingerprint> {
    let mut file = File::open(path).map_err(|e| Error::read(path, e))?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut bytes = 0;
    loop {
        if stop.requested() {
            return Err(Error::Interrupted);
        }
        let read = file.read(&mut chunk).map_err(|e| Error::read(path, e))?;
        if read == 0 {
            break;
        }
        hash.update(&chunk[..read]);
        bytes += read as u64;
    }
    let mut sha256 = String::new();
    for byte in hash.finalize() {
        // Writing to a string cannot fail.
        let _ = write!(sha256, "{byte:02x}");
    }
    Ok(Fingerprint { bytes, sha256 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_examples_hash_as_they_should() {
        let folder = tempfile::tempdir().unwrap();
        let (abc, empty) = (folder.path().join("abc"), folder.path().join("empty"));
        std::fs::write(&abc, b"abc").unwrap();
        std::fs::write(&empty, b"").unwrap();
        let found = fingerprints(&[&abc, &empty], &Stop::default()).unwrap();
        assert_eq!(found[0].bytes, 3);
        assert_eq!(
            found[0].sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            found[1].sha256,
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
