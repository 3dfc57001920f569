//! The tests that load the bundles into real hosts: Python, in `tests/hosts`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::NotRun;
use crate::process;
use crate::venv;
use crate::workspace::Workspace;

pub(super) fn run(workspace: &Workspace) -> Result<NotRun> {
    let python = venv::python(workspace)?;
    let work = workspace.target.join("hosts");
    fs::create_dir_all(&work)?;
    let report = work.join("report.json");
    // A report of an earlier run must not speak for this one.
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut tests = workspace.with_plugins(Command::new(python));
    tests
        .arg(workspace.root.join("tests/hosts/run.py"))
        .arg("--report")
        .arg(&report)
        .env("STEMWRIGHT_COMMAND", workspace.stemwright())
        .env("STEMWRIGHT_TARGET", &workspace.target)
        .env("PYTHONDONTWRITEBYTECODE", "1");
    let ran = process::run(&mut tests);
    match (ran, read(&report)) {
        (Ok(()), report) => report,
        (Err(error), Ok(not_run)) if not_run.is_empty() => Err(error),
        (Err(error), Ok(not_run)) => bail!("{error:#}\n    not run: {}", not_run.join("\n    ")),
        (Err(error), Err(_)) => Err(error),
    }
}

/// What the report lists as not run.
fn read(report: &Path) -> Result<NotRun> {
    let text = fs::read_to_string(report)
        .with_context(|| format!("the host tests left no {}", report.display()))?;
    let report: Value = serde_json::from_str(&text)?;
    let Some(items) = report["not_run"].as_array() else {
        bail!("the host tests' report has no list `not_run`");
    };
    let texts = items.iter().filter_map(Value::as_str);
    Ok(texts.map(str::to_owned).collect())
}
