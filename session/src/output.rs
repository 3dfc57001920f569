//! The folder a render writes to: made when needed, unmade when the render fails, and never the
//! grave of an input.

use crate::audio_file::PendingFile;
use crate::error::{Error, Result};
use std::path::{Path, PathBuf};

/// Folder for renders within the session's folder, unless `--out` names another.
pub const DEFAULT_FOLDER: &str = "renders";

/// An output folder, and which of its levels we made.
#[derive(Debug)]
pub struct OutputFolder {
    path: PathBuf,
    made: Vec<PathBuf>,
}

impl OutputFolder {
    /// Makes `path` as far as it is missing.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn make(path: &Path) -> Result<Self> {
        let missing: Vec<PathBuf> = path
            .ancestors()
            .filter(|p| !p.as_os_str().is_empty())
            .take_while(|p| !p.exists())
            .map(Path::to_owned)
            .collect();
        let folder = Self { path: path.to_owned(), made: missing };
        std::fs::create_dir_all(path).map_err(|e| Error::write(path, e))?;
        Ok(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives all files their names, or none of them.
    ///
    /// # Errors
    /// If one cannot be named; those before it are removed again.
    pub fn commit(mut self, files: Vec<PendingFile>) -> Result<Vec<PathBuf>> {
        let mut written = Vec::new();
        for file in files {
            match file.commit() {
                Ok(path) => written.push(path),
                Err(error) => {
                    for path in &written {
                        let _ = std::fs::remove_file(path);
                    }
                    return Err(error);
                }
            }
        }
        self.made.clear();
        Ok(written)
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        // Deepest first; one that is not empty stays.
        for folder in &self.made {
            let _ = std::fs::remove_dir(folder);
        }
    }
}

/// Refuses to write over anything in the stems' own folders: what lies there is input, or the
/// mixer's.
///
/// # Errors
/// [`Error::WouldOverwrite`].
pub fn protect(output: &Path, inputs: &[PathBuf]) -> Result<()> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    let parent = |path: &Path| {
        real(path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")))
    };
    let Ok(_) = std::fs::symlink_metadata(output) else { return Ok(()) };
    let folder = parent(output);
    // A link elsewhere in disguise counts as what it points to.
    let beside = inputs.iter().any(|i| parent(i) == folder || real(i) == real(output));
    if beside { Err(Error::WouldOverwrite(output.to_owned())) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_render_leaves_no_folder() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b/c");
        drop(OutputFolder::make(&deep).unwrap());
        assert!(!root.path().join("a").exists());
        // Folders that were there stay.
        std::fs::create_dir(root.path().join("a")).unwrap();
        drop(OutputFolder::make(&deep).unwrap());
        assert!(root.path().join("a").exists());
        assert!(!root.path().join("a/b").exists());
    }

    #[test]
    fn a_finished_render_stays() {
        let root = tempfile::tempdir().unwrap();
        let folder = OutputFolder::make(&root.path().join("out")).unwrap();
        let path = folder.path().join("report.json");
        let file = PendingFile::with_contents(&path, b"{}").unwrap();
        assert!(!path.exists());
        assert_eq!(folder.commit(vec![file]).unwrap(), [path.as_path()]);
        assert_eq!(std::fs::read(&path).unwrap(), b"{}");
    }

    #[test]
    fn what_lies_among_the_stems_is_safe() {
        let root = tempfile::tempdir().unwrap();
        let stem = root.path().join("Drums.wav");
        let print = root.path().join("Song_Master_48k24.wav");
        std::fs::write(&stem, b"").unwrap();
        assert!(protect(&print, std::slice::from_ref(&stem)).is_ok());
        std::fs::write(&print, b"").unwrap();
        assert!(matches!(
            protect(&print, std::slice::from_ref(&stem)),
            Err(Error::WouldOverwrite(_))
        ));
        let elsewhere = root.path().join("renders");
        std::fs::create_dir(&elsewhere).unwrap();
        std::fs::write(elsewhere.join("m.wav"), b"").unwrap();
        assert!(protect(&elsewhere.join("m.wav"), &[stem]).is_ok());
    }
}
