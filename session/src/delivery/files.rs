//! Which files are meant, and what they are held against.

use crate::audio_file::is_audio_file;
use crate::error::{Error, Result};
use ::report::model::Target;
use shared_dsp::targets;
use std::path::{Path, PathBuf};

/// What the tolerance of one's own target is, if none is given, LU.
const OWN_TOLERANCE_LU: f64 = 1.0;

/// The files named, and those in folders named, each once.
///
/// # Errors
/// If a folder cannot be read, or holds no audio files.
pub(super) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let found = if path.is_dir() { audio_files(path)? } else { vec![path.clone()] };
        for file in found {
            if !files.contains(&file) {
                files.push(file);
            }
        }
    }
    Ok(files)
}

fn audio_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let fail = |e| Error::read(folder, e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(fail)? {
        let path = entry.map_err(fail)?.path();
        if path.is_file() && is_audio_file(&path) {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(Error::NoAudioFiles(folder.to_owned()));
    }
    found.sort();
    Ok(found)
}

/// The target that `--target`, `--tolerance` and `--ceiling` ask for: one with a name, or a loudness in
/// LUFS; tolerance and ceiling overrule those of a name.
///
/// # Errors
/// [`Error::BadOption`].
pub(super) fn target(
    asked: Option<&str>,
    tolerance_lu: Option<f64>,
    ceiling_dbtp: Option<f64>,
) -> Result<Target> {
    let bad = |option, value: String, wanted| Error::BadOption { option, value, wanted };
    if let Some(lu) = tolerance_lu.filter(|lu| !(0.0..=20.0).contains(lu)) {
        return Err(bad("--tolerance", lu.to_string(), "0 to 20 LU"));
    }
    if let Some(dbtp) = ceiling_dbtp.filter(|dbtp| !(-60.0..=20.0).contains(dbtp)) {
        return Err(bad("--ceiling", dbtp.to_string(), "-60 to 20 dBTP"));
    }
    let known = asked.and_then(targets::Target::by_id).map(Target::from);
    let mut target = match (known, asked) {
        (Some(known), _) => known,
        (None, None) => Target::own(None, OWN_TOLERANCE_LU, None),
        (None, Some(asked)) => {
            let wanted = "an id that --list-targets shows, or a loudness from -70 to 0 LUFS";
            let lufs = asked.parse().ok().filter(|lufs| (-70.0..=0.0).contains(lufs));
            let lufs = lufs.ok_or_else(|| bad("--target", asked.to_owned(), wanted))?;
            Target::own(Some(lufs), OWN_TOLERANCE_LU, None)
        }
    };
    if let Some(lu) = tolerance_lu {
        target.tolerance_lu = [lu; 2];
    }
    if let Some(dbtp) = ceiling_dbtp {
        target.ceiling_dbtp = Some(dbtp);
    }
    if (tolerance_lu.is_some() || ceiling_dbtp.is_some()) && !target.id.is_empty() {
        target.name = format!("{}, as set here", target.name);
    }
    Ok(target)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_name_or_a_loudness() {
        let named = target(Some("ebu-r128"), None, None).unwrap();
        assert_eq!((named.lufs, named.ceiling_dbtp), (Some(-23.0), Some(-1.0)));
        assert_eq!(named.name, "EBU R 128");
        let moved = target(Some("ebu-r128"), Some(1.0), Some(-3.0)).unwrap();
        assert_eq!((moved.tolerance_lu, moved.ceiling_dbtp), ([1.0; 2], Some(-3.0)));
        assert_eq!(moved.name, "EBU R 128, as set here");
        let own = target(Some("-14.5"), None, Some(-1.0)).unwrap();
        assert_eq!((own.lufs, own.tolerance_lu), (Some(-14.5), [1.0; 2]));
        let none = target(None, None, None).unwrap();
        assert_eq!((none.lufs, none.ceiling_dbtp), (None, None));
        for bad in ["ebu", "14", "nan", "-700", ""] {
            let sentence = target(Some(bad), None, None).unwrap_err().to_string();
            assert!(sentence.contains("--list-targets"), "{sentence}");
        }
        assert!(target(None, Some(-1.0), None).is_err());
        assert!(target(None, None, Some(f64::NAN)).is_err());
    }

    #[test]
    fn a_folder_is_its_audio_files_and_nothing_counts_twice() {
        let folder = tempfile::tempdir().unwrap();
        let empty = expand(&[folder.path().to_owned()]).unwrap_err().to_string();
        assert!(empty.contains("holds no"), "{empty}");
        for name in ["b.wav", "a.aiff", "notes.txt", "c.part"] {
            std::fs::write(folder.path().join(name), b"").unwrap();
        }
        let b = folder.path().join("b.wav");
        let found = expand(&[folder.path().to_owned(), b.clone(), "gone.wav".into()]).unwrap();
        assert_eq!(found, [folder.path().join("a.aiff"), b, PathBuf::from("gone.wav")]);
    }
}
