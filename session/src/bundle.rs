//! Finding and loading `.clap` bundles: the one place where foreign code enters the process, and
//! the one place in this crate that says `unsafe`.
//!
//! A plugin is looked for by its CLAP id, folder by folder: `--plugins`, `$STEMWRIGHT_PLUGINS`,
//! beside the executable, then the user's and the system's CLAP folders. Within a folder bundles
//! whose name resembles the id are tried first, so that a stranger's bundle is loaded only when
//! nothing else is left to ask.

use crate::error::{Error, Result};
use clack_host::prelude::PluginEntry;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Environment variable that names a folder of bundles.
pub const PLUGINS_VARIABLE: &str = "STEMWRIGHT_PLUGINS";

/// How far below a plugin folder vendors nest their bundles.
const DEEPEST: usize = 3;

/// A folder to search, and how many levels below it.
#[derive(Debug, Clone)]
struct Folder {
    path: PathBuf,
    levels: usize,
}

impl From<PathBuf> for Folder {
    fn from(path: PathBuf) -> Self {
        Self { path, levels: DEEPEST }
    }
}

/// The folders searched and the bundles loaded from them so far.
pub struct Bundles {
    folders: Vec<Folder>,
    loaded: BTreeMap<PathBuf, std::result::Result<PluginEntry, String>>,
    /// Entries that are part of this process: the tests' own plugins.
    built_in: Vec<PluginEntry>,
}

/// A plugin that has been found: its loaded bundle, and where that lies.
#[derive(Clone)]
pub struct Found {
    /// The loaded bundle.
    pub entry: PluginEntry,
    /// The bundle's path; `None` for a plugin of this process.
    pub path: Option<PathBuf>,
}

impl Bundles {
    /// The search order of this machine, `--plugins` first.
    ///
    /// # Errors
    /// [`Error::NoPluginFolder`] if `--plugins` names no folder; every other folder may be absent.
    pub fn new(plugins: Option<&Path>) -> Result<Self> {
        let mut folders: Vec<Folder> = Vec::new();
        if let Some(folder) = plugins {
            if !folder.is_dir() {
                return Err(Error::NoPluginFolder(folder.to_owned()));
            }
            folders.push(folder.to_owned().into());
        }
        folders.extend(std::env::var_os(PLUGINS_VARIABLE).map(|f| PathBuf::from(f).into()));
        folders.extend(beside_the_executable());
        folders.extend(clap_folders().into_iter().map(Folder::from));
        Ok(Self { folders, loaded: BTreeMap::new(), built_in: Vec::new() })
    }

    /// Only these folders, in this order.
    pub fn in_folders(folders: Vec<PathBuf>) -> Self {
        let folders = folders.into_iter().map(Folder::from).collect();
        Self { folders, loaded: BTreeMap::new(), built_in: Vec::new() }
    }

    /// Adds a bundle that is part of this process. It is asked before any folder.
    pub fn add_built_in(&mut self, entry: PluginEntry) {
        self.built_in.push(entry);
    }

    /// The bundle that offers the plugin `id`.
    ///
    /// # Errors
    /// [`Error::UnknownPlugin`] with the folders searched.
    pub fn find(&mut self, id: &str) -> Result<Found> {
        if let Some(entry) = self.built_in.iter().find(|entry| offers(entry, id)) {
            return Ok(Found { entry: entry.clone(), path: None });
        }
        let mut failed = None;
        for folder in &self.folders {
            for path in bundles_in(folder, id) {
                let loaded = self.loaded.entry(path.clone()).or_insert_with(|| load(&path));
                match loaded {
                    Ok(entry) if offers(entry, id) => {
                        return Ok(Found { entry: entry.clone(), path: Some(path) });
                    }
                    // Only a bundle that looks like the one wanted is worth mentioning.
                    Err(reason) if resembles(&path, id) => {
                        failed
                            .get_or_insert(format!("'{}' did not load: {reason}", path.display()));
                    }
                    _ => {}
                }
            }
        }
        let searched: Vec<String> = self
            .folders
            .iter()
            .filter(|f| f.path.is_dir())
            .map(|f| f.path.display().to_string())
            .collect();
        Err(Error::UnknownPlugin {
            id: id.to_owned(),
            searched: if searched.is_empty() {
                "no folder".to_owned()
            } else {
                searched.join(", ")
            },
            failed,
        })
    }
}

/// Loads the bundle at `path` into this process.
#[expect(unsafe_code, reason = "loading a shared library and calling its CLAP entry")]
fn load(path: &Path) -> std::result::Result<PluginEntry, String> {
    // SAFETY: nothing can prove that a shared library's initialisers are sound or that its
    // `clap_entry` keeps to the CLAP ABI. That trust is what hosting a plugin means, and a DAW
    // extends the same: only files named .clap, in folders the user or the system set aside for
    // plugins, are ever passed here, and one that resembles the wanted id comes before any other.
    // The library stays mapped for as long as the process lives, see below.
    let entry = unsafe { PluginEntry::load(path) }.map_err(|e| e.to_string())?;
    // Never unmapped: destructors of its thread-locals and the ends of its worker threads run
    // after the last instance is gone, and unmapping the code under them is a crash that comes
    // and goes (seen: a jump to an unmapped address when a thread that had hosted ended).
    std::mem::forget(entry.clone());
    Ok(entry)
}

/// Whether a bundle's factory lists the plugin `id`.
fn offers(entry: &PluginEntry, id: &str) -> bool {
    entry.get_plugin_factory().is_some_and(|factory| {
        factory.plugin_descriptors().any(|d| d.id().is_some_and(|i| i.to_bytes() == id.as_bytes()))
    })
}

/// The bundles in and below `folder`, those that resemble `id` first, else by name.
fn bundles_in(folder: &Folder, id: &str) -> Vec<PathBuf> {
    let mut bundles = Vec::new();
    collect(&folder.path, folder.levels, &mut bundles);
    bundles.sort();
    // Stable: by name within each half.
    bundles.sort_by_key(|path| !resembles(path, id));
    bundles
}

fn collect(folder: &Path, deeper: usize, bundles: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|e| e == "clap") {
            bundles.push(path);
        } else if deeper > 0 && path.is_dir() {
            collect(&path, deeper - 1, bundles);
        }
    }
}

/// `Stem Trim.clap`, `stem-trim.clap` and `stem_trim.clap` all resemble `org.stemwright.stem-trim`.
fn resembles(path: &Path, id: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let wanted = letters(id.rsplit('.').next().unwrap_or(id));
    let name = letters(&path.file_stem().unwrap_or_default().to_string_lossy());
    !wanted.is_empty() && name.ends_with(&wanted)
}

/// Where a build or an unpacked release keeps its bundles: `target/release/stemwright` has them in
/// `target/bundled`.
fn beside_the_executable() -> Vec<Folder> {
    let exe = std::env::current_exe().unwrap_or_default();
    let Some(folder) = exe.parent() else { return Vec::new() };
    // The executable's own folder is not searched below: it may be a download folder.
    let mut folders = vec![Folder { path: folder.to_owned(), levels: 0 }];
    // A test's executable lies one level deeper, in target/debug/deps.
    folders.extend(folder.ancestors().take(3).map(|f| f.join("bundled").into()));
    folders
}

/// The user's and the system's CLAP folders, as the CLAP specification (entry.h) lists them.
fn clap_folders() -> Vec<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).map(PathBuf::from);
    let mut folders: Vec<PathBuf> = std::env::var_os("CLAP_PATH")
        .map(|paths| std::env::split_paths(&paths).collect())
        .unwrap_or_default();
    if cfg!(target_os = "windows") {
        folders.extend(variable("LOCALAPPDATA").map(|f| f.join("Programs/Common/CLAP")));
        folders.extend(variable("COMMONPROGRAMFILES").map(|f| f.join("CLAP")));
    } else if cfg!(target_os = "macos") {
        folders.extend(variable("HOME").map(|f| f.join("Library/Audio/Plug-Ins/CLAP")));
        folders.push("/Library/Audio/Plug-Ins/CLAP".into());
    } else {
        folders.extend(variable("HOME").map(|f| f.join(".clap")));
        folders.push("/usr/lib/clap".into());
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_resemble_the_id_come_first() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["A.clap", "Stem Trim.clap", "B.clap", "notes.txt"] {
            std::fs::write(folder.path().join(name), b"").unwrap();
        }
        std::fs::create_dir(folder.path().join("Vendor")).unwrap();
        std::fs::write(folder.path().join("Vendor/stem-trim.clap"), b"").unwrap();
        let names: Vec<String> =
            bundles_in(&folder.path().to_owned().into(), "org.stemwright.stem-trim")
                .iter()
                .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
                .collect();
        assert_eq!(names, ["Stem Trim.clap", "stem-trim.clap", "A.clap", "B.clap"]);
    }

    #[test]
    fn what_is_not_there_is_said_with_the_folders_searched() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("limiter.clap"), b"not a library").unwrap();
        let mut bundles = Bundles::in_folders(vec![folder.path().to_owned()]);
        let sentence = bundles.find("org.stemwright.limiter").err().unwrap().to_string();
        assert!(sentence.contains("org.stemwright.limiter"), "{sentence}");
        assert!(sentence.contains(&folder.path().display().to_string()), "{sentence}");
        assert!(sentence.contains("did not load"), "{sentence}");
        assert!(matches!(
            Bundles::new(Some(Path::new("/nowhere/at/all"))),
            Err(Error::NoPluginFolder(_))
        ));
    }
}
