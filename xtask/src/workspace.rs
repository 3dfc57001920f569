//! Where things are: the workspace's root, cargo's target folder, the plugins.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process;

/// The environment variable by which the session's tests and command find the bundles.
pub(crate) const PLUGINS_VARIABLE: &str = "STEMWRIGHT_PLUGINS";

/// The workspace as it lies on this machine.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    /// Cargo's target folder, wherever configuration or environment put it.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Asks cargo for the target folder and makes the root the current folder, which is where
    /// the bundler looks for `bundler.toml`.
    pub(crate) fn find() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .context("xtask lies in no folder")?
            .to_owned();
        env::set_current_dir(&root).with_context(|| format!("cannot enter {}", root.display()))?;
        let mut cargo = process::cargo();
        cargo.args(["metadata", "--format-version", "1", "--no-deps"]);
        let metadata: serde_json::Value = serde_json::from_slice(&process::output(&mut cargo)?)?;
        let Some(target) = metadata["target_directory"].as_str() else {
            bail!("cargo metadata names no target folder");
        };
        Ok(Self { root, target: PathBuf::from(target) })
    }

    /// The plugin packages: the tables of `bundler.toml`, in alphabetical order.
    pub(crate) fn plugins(&self) -> Result<Vec<String>> {
        let path = self.root.join("bundler.toml");
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let table: toml::Table = text.parse()?;
        Ok(table.keys().cloned().collect())
    }

    /// Where the bundler puts what it makes.
    pub(crate) fn bundled(&self) -> PathBuf {
        self.target.join("bundled")
    }

    /// The release build of the `stemwright` command.
    pub(crate) fn stemwright(&self) -> PathBuf {
        let name = format!("stemwright{}", env::consts::EXE_SUFFIX);
        self.target.join("release").join(name)
    }

    /// A command that finds our bundles.
    pub(crate) fn with_plugins(&self, mut command: Command) -> Command {
        command.env(PLUGINS_VARIABLE, self.bundled());
        command
    }
}
