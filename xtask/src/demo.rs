//! `cargo xtask demo`: from nothing to a master, through the bundles a DAW would load.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::bundle;
use crate::process;
use crate::workspace::Workspace;

/// A common level for streaming.
const TARGET_LUFS: &str = "-14";

pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    bundle::release_with_command(workspace)?;
    let folder = workspace.target.join("demo");
    let (session, master) = (folder.join("session"), folder.join("master"));
    // The command overwrites nothing: an earlier demo makes room.
    if folder.exists() {
        std::fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot clear {}", folder.display()))?;
    }
    process::run(command(workspace).arg("demo").arg(&session))?;
    process::run(command(workspace).arg("check").arg(&session))?;
    process::run(
        command(workspace)
            .arg("render")
            .arg(&session)
            .args(["--target", TARGET_LUFS])
            .args(["--versions", "main,instrumental,acappella", "--stems", "mastered"])
            .arg("--out")
            .arg(&master),
    )?;
    println!();
    say("the stems and their mix", &session);
    say("masters, stems and report", &master);
    say("the plugins", &workspace.bundled());
    println!("\n`cargo xtask install` copies the plugins to where your host looks for them.");
    Ok(())
}

fn command(workspace: &Workspace) -> Command {
    workspace.with_plugins(Command::new(workspace.stemwright()))
}

fn say(what: &str, path: &Path) {
    println!("{what:<26} {}", path.display());
}
