//! A Python environment of our own under the target folder, with the hosts the tests drive.

use std::env::consts::OS;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process;
use crate::workspace::Workspace;

/// What the interpreter must be able to do: the pinned hosts have wheels from 3.11 on.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";

/// The interpreter of the environment, which is made or brought up to date if need be.
pub(crate) fn python(workspace: &Workspace) -> Result<PathBuf> {
    let requirements = workspace.root.join("tests/hosts/requirements.txt");
    let wanted = fs::read_to_string(&requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let folder = workspace.target.join("venv");
    let python = interpreter_in(&folder);
    // Written last, so an environment that was broken off half-way is made again.
    let stamp = folder.join("installed.txt");
    if python.exists() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    let system = system_python()?;
    process::run(Command::new(system).args(["-m", "venv", "--clear"]).arg(&folder))?;
    process::run(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--only-binary=:all:"])
            .arg("--disable-pip-version-check")
            .arg("--requirement")
            .arg(&requirements),
    )?;
    fs::write(&stamp, wanted)?;
    Ok(python)
}

fn interpreter_in(environment: &Path) -> PathBuf {
    if OS == "windows" {
        environment.join("Scripts").join("python.exe")
    } else {
        environment.join("bin").join("python")
    }
}

/// The first Python 3.11 or later that can make environments.
fn system_python() -> Result<&'static str> {
    let can_serve = |program: &&str| {
        let mut probe = Command::new(program);
        probe.args(["-c", PROBE]).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success())
    };
    match ["python3", "python"].iter().find(|program| can_serve(program)) {
        Some(program) => Ok(program),
        None => bail!("no Python 3.11 or later with venv; install it with `{}`", mend()),
    }
}

fn mend() -> &'static str {
    match OS {
        "macos" => "brew install python3",
        "windows" => "winget install Python.Python.3.13",
        _ => "sudo apt install python3 python3-venv",
    }
}
