//! What is written beside the files, or to a folder of its own: never in the place of another file.

use super::Programme;
use crate::audio_file::PendingFile;
use crate::error::{Error, Result};
use crate::names::file_safe;
use crate::output::OutputFolder;
use ::report::delivery::csv;
use ::report::{json, png};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Versions tried before a folder counts as full.
const MOST_VERSIONS: u32 = 10_000;

/// What is to be written of each programme.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) json: bool,
    pub(super) csv: bool,
    pub(super) png: bool,
}

impl Kinds {
    pub(super) fn any(self) -> bool {
        self.json || self.csv || self.png
    }

    /// What the names end with.
    fn endings(self) -> impl Iterator<Item = &'static str> {
        let all = [
            (self.json, "report.json"),
            (self.csv, "figures.csv"),
            (self.csv, "history.csv"),
            (self.png, "report.png"),
        ];
        all.into_iter().filter(|(wanted, _)| *wanted).map(|(_, ending)| ending)
    }
}

/// Writes everything, or nothing. `out` is the folder; without it, each file's own.
///
/// # Errors
/// If something cannot be written.
pub(super) fn write(
    programmes: &[Programme],
    kinds: Kinds,
    out: Option<&Path>,
) -> Result<Vec<PathBuf>> {
    // Where a file lies there is a folder, so there is nothing to make.
    let folder = OutputFolder::make(out.unwrap_or(Path::new(".")))?;
    let mut taken = HashSet::new();
    let mut pending = Vec::new();
    for programme in programmes {
        let own = programme.path.parent().filter(|p| !p.as_os_str().is_empty());
        let to = out.or(own).unwrap_or(Path::new("."));
        for path in names(programme, kinds, to, &taken)? {
            pending.push(PendingFile::with_contents(&path, &contents(programme, &path)?)?);
            taken.insert(path);
        }
    }
    folder.commit(pending)
}

/// The first version of a programme's names of which none is taken.
fn names(
    programme: &Programme,
    kinds: Kinds,
    folder: &Path,
    taken: &HashSet<PathBuf>,
) -> Result<Vec<PathBuf>> {
    let stem = programme.path.file_stem().unwrap_or_default().to_string_lossy();
    let stem = file_safe(&stem);
    let is_free = |path: &PathBuf| !taken.contains(path) && path.symlink_metadata().is_err();
    for version in 1..=MOST_VERSIONS {
        let named = |ending: &str| {
            let name = match (version, ending.split_once('.')) {
                (2.., Some((what, kind))) => format!("{stem}_{what}_v{version:02}.{kind}"),
                _ => format!("{stem}_{ending}"),
            };
            folder.join(name)
        };
        let paths: Vec<PathBuf> = kinds.endings().map(named).collect();
        if paths.iter().all(is_free) {
            return Ok(paths);
        }
    }
    Err(Error::NoFreeName(folder.to_owned()))
}

fn contents(programme: &Programme, path: &Path) -> Result<Vec<u8>> {
    let fail = |e: std::io::Error| Error::write(path, e);
    let name = path.to_string_lossy();
    if name.ends_with(".png") {
        png::delivery(&programme.delivery).map_err(|e| fail(std::io::Error::other(e)))
    } else if name.ends_with(".json") {
        json::write(&programme.delivery).map_err(|e| fail(e.into()))
    } else if path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains("_history")) {
        Ok(csv::history(&programme.history).into_bytes())
    } else {
        Ok(csv::figures(&programme.delivery).into_bytes())
    }
}
