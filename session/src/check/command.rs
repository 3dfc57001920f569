//! The command line of `stemwright check`.

use super::{Report, check, text};
use crate::cli::{print_out, progress_bar};
use crate::error::{Error, Result};
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status when something was found.
const FINDINGS: u8 = 1;

/// What `stemwright check` is given.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Folder of stems, or a session file (.toml).
    path: PathBuf,
    /// Print everything as JSON.
    #[arg(long)]
    json: bool,
}

/// Checks, and prints what was found to standard output. Exit status 0 with nothing but notes, 1
/// with findings.
///
/// # Errors
/// If the check cannot be made.
pub fn run(arguments: &Arguments) -> Result<ExitCode> {
    let bar = progress_bar();
    let mut stage_before = "";
    let report = check(&arguments.path, &mut |stage, done, all| {
        if stage != stage_before || done < bar.position() {
            stage_before = stage;
            bar.reset();
            bar.set_length(all);
            bar.set_message(stage);
        }
        bar.set_position(done);
    });
    bar.finish_and_clear();
    let report = report?;
    print_out(&if arguments.json { json(&report)? } else { text::write(&report) });
    Ok(if report.passes() { ExitCode::SUCCESS } else { ExitCode::from(FINDINGS) })
}

fn json(report: &Report) -> Result<String> {
    let text = serde_json::to_string_pretty(report)
        .map_err(|e| Error::write("standard output", std::io::Error::other(e)))?;
    Ok(text + "\n")
}
