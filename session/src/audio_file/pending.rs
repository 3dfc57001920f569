//! Files that are complete before they bear a name, and never take one that is taken.

use crate::error::{Error, Result};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// A complete file that does not bear its name yet; dropped, it vanishes.
#[derive(Debug)]
pub struct PendingFile {
    temp: NamedTempFile,
    path: PathBuf,
}

impl PendingFile {
    /// A small file with these contents, such as a report.
    ///
    /// # Errors
    /// If the folder cannot be written to.
    pub fn with_contents(path: &Path, contents: &[u8]) -> Result<Self> {
        let mut temp = temporary(path)?;
        temp.write_all(contents).map_err(|e| Error::write(path, e))?;
        Self::new(temp, path)
    }

    /// A file that has been written, as `path` once it is committed.
    pub(super) fn new(temp: NamedTempFile, path: &Path) -> Result<Self> {
        temp.as_file().sync_all().map_err(|e| Error::write(path, e))?;
        Ok(Self { temp, path: path.to_owned() })
    }

    /// The name it will have.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it is until then, for whoever wants to read it back first.
    pub fn temporary_path(&self) -> &Path {
        self.temp.path()
    }

    /// Gives the file its name. Nothing that has the name already is touched.
    ///
    /// # Errors
    /// [`Error::AlreadyThere`] if the name is taken; or if the folder has become unwritable.
    pub fn commit(self) -> Result<PathBuf> {
        let Self { temp, path } = self;
        let Err(failed) = temp.persist_noclobber(&path) else { return Ok(path) };
        if failed.error.kind() == ErrorKind::AlreadyExists {
            return Err(Error::AlreadyThere(path));
        }
        // Some file systems cannot look and name in one step: there, one after the other.
        match path.symlink_metadata() {
            Ok(_) => Err(Error::AlreadyThere(path)),
            Err(_) => match failed.file.persist(&path) {
                Ok(_) => Ok(path),
                Err(failed) => Err(Error::write(path, failed.error)),
            },
        }
    }
}

/// A temporary file in the folder of `path`, so that naming it is one step of the file system.
pub(super) fn temporary(path: &Path) -> Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".stemwright-").suffix(".part");
    let make = |file: &Path| -> std::io::Result<File> {
        // Unlike the crate's own files this one will be kept: ordinary permissions.
        File::options().read(true).write(true).create_new(true).open(file)
    };
    builder.make_in(folder, make).map_err(|e| Error::write(path, e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_taken_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let first = PendingFile::with_contents(&path, b"first").unwrap();
        let second = PendingFile::with_contents(&path, b"second").unwrap();
        assert_eq!(std::fs::read(second.temporary_path()).unwrap(), b"second");
        assert_eq!((second.path(), path.exists()), (path.as_path(), false));
        assert_eq!(first.commit().unwrap(), path);
        let error = second.commit().unwrap_err();
        assert!(matches!(error, Error::AlreadyThere(_)), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_went_away_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let pending = PendingFile::with_contents(&path, b"{}").unwrap();
        drop(folder);
        let sentence = pending.commit().unwrap_err().to_string();
        assert!(sentence.contains("report.json") && sentence.contains("--out"), "{sentence}");
    }
}
