//! `cargo xtask install`: the bundles into the folders where hosts look.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::bundle;
use crate::workspace::Workspace;

/// Which build to install.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Install the bundles that are there already instead of building anew.
    #[arg(long)]
    no_build: bool,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if !options.no_build {
        bundle::release(workspace)?;
    }
    let folders = Folders::of_this_user()?;
    let bundles = bundles_in(&workspace.bundled())?;
    if bundles.is_empty() {
        bail!(
            "no bundles in {}; run `cargo xtask bundle --release` first",
            workspace.bundled().display()
        );
    }
    println!();
    for bundle in bundles {
        let Some(folder) = folders.for_bundle(&bundle) else {
            continue;
        };
        let installed = place(&bundle, folder)?;
        println!("installed {}", installed.display());
    }
    println!("Let your host scan for plugins again, and they are there.");
    Ok(())
}

/// A user's plugin folders.
#[derive(Debug, PartialEq, Eq)]
struct Folders {
    clap: PathBuf,
    vst3: PathBuf,
}

impl Folders {
    fn of_this_user() -> Result<Self> {
        Self::on(env::consts::OS, |name| env::var_os(name).map(PathBuf::from))
    }

    /// The folders the two formats name for one user: CLAP in `entry.h`, VST3 in Steinberg's
    /// "VST 3 Locations / Format". `variable` looks up the environment.
    fn on(system: &str, variable: impl Fn(&str) -> Option<PathBuf>) -> Result<Self> {
        let base = |name: &str| variable(name).with_context(|| format!("${name} is not set"));
        Ok(match system {
            "windows" => {
                let common = base("LOCALAPPDATA")?.join("Programs").join("Common");
                Self { clap: common.join("CLAP"), vst3: common.join("VST3") }
            }
            "macos" => {
                let plug_ins = base("HOME")?.join("Library/Audio/Plug-Ins");
                Self { clap: plug_ins.join("CLAP"), vst3: plug_ins.join("VST3") }
            }
            _ => {
                let home = base("HOME")?;
                Self { clap: home.join(".clap"), vst3: home.join(".vst3") }
            }
        })
    }

    /// Where `bundle` belongs, by its extension.
    fn for_bundle(&self, bundle: &Path) -> Option<&Path> {
        match bundle.extension()?.to_str()? {
            "clap" => Some(&self.clap),
            "vst3" => Some(&self.vst3),
            _ => None,
        }
    }
}

/// What lies in `folder`, sorted; nothing if it is not there.
fn bundles_in(folder: &Path) -> Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        paths.push(entry?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Puts `bundle` into `folder` and returns where it lies now.
///
/// It is copied beside the old one first and the two change places by renaming: a host that has
/// the old one open keeps its file, and a failed copy leaves the old one as it was.
fn place(bundle: &Path, folder: &Path) -> Result<PathBuf> {
    let name = bundle.file_name().context("a bundle without a name")?;
    let destination = folder.join(name);
    let mut fresh_name = std::ffi::OsString::from(".new-");
    fresh_name.push(name);
    let fresh = folder.join(fresh_name);
    let replace = || -> std::io::Result<()> {
        fs::create_dir_all(folder)?;
        remove(&fresh)?;
        copy(bundle, &fresh)?;
        remove(&destination)?;
        fs::rename(&fresh, &destination)
    };
    replace().with_context(|| format!("cannot install {}", destination.display()))?;
    Ok(destination)
}

/// Copies a file, or a folder with all it holds.
fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(|_| ());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Removes a file or a folder; what is not there is no error.
fn remove(path: &Path) -> std::io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(data) if data.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(name: &str) -> Option<PathBuf> {
        match name {
            "HOME" => Some(PathBuf::from("/home/ada")),
            "LOCALAPPDATA" => Some(PathBuf::from("C:/Users/ada/AppData/Local")),
            _ => None,
        }
    }

    #[test]
    fn each_system_has_its_folders() {
        let on = |system| Folders::on(system, home).expect("folders");
        assert_eq!(on("linux").clap, Path::new("/home/ada/.clap"));
        assert_eq!(on("linux").vst3, Path::new("/home/ada/.vst3"));
        assert_eq!(on("macos").vst3, Path::new("/home/ada/Library/Audio/Plug-Ins/VST3"));
        assert_eq!(
            on("windows").clap,
            Path::new("C:/Users/ada/AppData/Local/Programs/Common/CLAP")
        );
    }

    #[test]
    fn an_unset_home_is_said() {
        let error = Folders::on("linux", |_| None).expect_err("no home");
        assert_eq!(error.to_string(), "$HOME is not set");
    }

    #[test]
    fn a_bundle_replaces_the_one_before() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let built = folder.path().join("built/Stem Trim.vst3");
        fs::create_dir_all(built.join("Contents")).expect("folders");
        fs::write(built.join("Contents/new"), "new").expect("a file");
        let installed = folder.path().join("installed");
        fs::create_dir_all(installed.join("Stem Trim.vst3/Contents")).expect("folders");
        fs::write(installed.join("Stem Trim.vst3/Contents/old"), "old").expect("a file");

        let placed = place(&built, &installed).expect("installed");
        assert_eq!(placed, installed.join("Stem Trim.vst3"));
        assert!(placed.join("Contents/new").exists());
        assert!(!placed.join("Contents/old").exists());
        assert_eq!(bundles_in(&installed).expect("a listing"), [placed]);
    }
}
