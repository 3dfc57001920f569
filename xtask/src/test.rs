//! `cargo xtask test`: every test there is. A part that fails does not stop the next.

mod hosts;
mod summary;

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Result;

use crate::bundle;
use crate::param_ids::BLESS_VARIABLE;
use crate::process;
use crate::workspace::Workspace;

use summary::{Part, Summary};

/// What a part could not run, each with the way to have it run.
type NotRun = Vec<String>;

pub(crate) fn run(workspace: &Workspace) -> ExitCode {
    let mut summary = Summary::default();
    summary.add(timed("bundles and command", || {
        bundle::release_with_command(workspace)?;
        Ok(NotRun::new())
    }));
    summary.add(timed("cargo test", || {
        let mut tests = workspace.with_plugins(process::cargo());
        // Blessing is asked for by name, never by a variable left over in a shell.
        tests.env_remove(BLESS_VARIABLE);
        // A list of an earlier run must not speak for this one.
        let list = workspace.target.join("not-run.txt");
        fs::write(&list, "")?;
        tests.env("STEMWRIGHT_NOT_RUN", &list);
        tests.args(["test", "--workspace", "--no-fail-fast"]);
        if cfg!(target_os = "macos") {
            tests.args(["--exclude", "gallery"]);
            fs::write(
                &list,
                "pictures of the editors: several plugins do not link into one on macOS\n",
            )?;
        }
        process::run(&mut tests)?;
        Ok(fs::read_to_string(&list)?.lines().map(str::to_owned).collect())
    }));
    summary.add(timed("benchmarks compile", || {
        // All benchmarks are shared-dsp's; elsewhere this would only build the tests once more.
        process::run(process::cargo().args(["build", "-p", "shared-dsp", "--benches"]))?;
        Ok(NotRun::new())
    }));
    summary.add(timed("hosts", || hosts::run(workspace)));

    let audio = workspace.root.join("../shared/audio");
    let audio_note = if audio.is_dir() {
        "The recorded sessions in ../shared/audio were there: tests on them ran."
    } else {
        "No recorded sessions in ../shared/audio: tests on them did not run. The demo session \
         stands in; nothing in the project needs the recordings."
    };
    summary.print(audio_note);
    if summary.has_failures() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn timed(name: &'static str, work: impl FnOnce() -> Result<NotRun>) -> Part {
    eprintln!("\n== {name} ==");
    let start = Instant::now();
    let outcome = work();
    if let Err(error) = &outcome {
        eprintln!("error: {error:#}");
    }
    Part { name, outcome, seconds: start.elapsed().as_secs_f64() }
}
