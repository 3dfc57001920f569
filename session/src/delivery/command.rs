//! The command line of `stemwright report`.

use super::outputs::{self, Kinds};
use super::programme::frames;
use super::{Options, Programme, files, measure, text};
use crate::cli::{print_out, progress_bar, refuse};
use crate::error::{Error, Result};
use crate::stop::Stop;
use ::report::delivery::Delivery;
use ::report::json;
use rayon::prelude::*;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status when a limit is passed, or one cannot be judged.
const NOT_PASSED: u8 = 1;

/// What `stemwright report` is given.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Audio files (WAV or AIFF), or folders of them.
    #[arg(required_unless_present = "list_targets", value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// What they are held against: the id of a delivery, or a loudness in LUFS.
    #[arg(long, value_name = "ID", allow_hyphen_values = true)]
    target: Option<String>,
    /// How far from its loudness is still on target, in LU [default: the delivery's, or 1].
    #[arg(long, value_name = "LU")]
    tolerance: Option<f64>,
    /// The highest true peak allowed, in dBTP [default: the delivery's].
    #[arg(long, value_name = "dBTP", allow_negative_numbers = true)]
    ceiling: Option<f64>,
    /// The dialogue of the file as a stem of its own, for deliveries judged by it (Netflix).
    #[arg(long, value_name = "FILE")]
    dialogue: Option<PathBuf>,
    /// Count the channel of a mono file as the two speakers that play it: 3 LU more.
    #[arg(long)]
    dual_mono: bool,
    /// Print everything as JSON; with --out, write it to a file for each programme.
    #[arg(long)]
    json: bool,
    /// Write figures and history as tables for spreadsheets.
    #[arg(long)]
    csv: bool,
    /// Write the meter's page as a picture.
    #[arg(long)]
    png: bool,
    /// Folder to write to [default: that of each file]. Nothing in it is overwritten.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Show the deliveries that --target knows, with their sources.
    #[arg(long)]
    list_targets: bool,
}

/// Measures, prints what was found to standard output, and writes what was asked for. Exit status 0 when
/// all limits are kept, 1 when one is not or cannot be judged, 2 when a file cannot be measured.
///
/// # Errors
/// If nothing can be measured.
pub fn run(arguments: &Arguments, stop: &Stop) -> Result<ExitCode> {
    if arguments.list_targets {
        print_out(&text::targets());
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options {
        target: files::target(arguments.target.as_deref(), arguments.tolerance, arguments.ceiling)?,
        dialogue: arguments.dialogue.clone(),
        dual_mono: arguments.dual_mono,
        stop: stop.clone(),
    };
    let paths = files::expand(&arguments.paths)?;
    if let (Some(dialogue), 2..) = (&options.dialogue, paths.len()) {
        return Err(Error::BadOption {
            option: "--dialogue",
            value: dialogue.display().to_string(),
            wanted: "one file at a time with the dialogue that belongs to it",
        });
    }
    let (programmes, refused) = measured(&paths, &options)?;
    let kinds = Kinds {
        json: arguments.json && arguments.out.is_some(),
        csv: arguments.csv,
        png: arguments.png,
    };
    let written = if kinds.any() && !programmes.is_empty() {
        outputs::write(&programmes, kinds, arguments.out.as_deref())?
    } else {
        Vec::new()
    };
    if arguments.json && !kinds.json {
        let all: Vec<&Delivery> = programmes.iter().map(|p| &p.delivery).collect();
        let bytes = json::write(&all)
            .map_err(|e| Error::write("standard output", std::io::Error::other(e)))?;
        print_out(&String::from_utf8_lossy(&bytes));
    } else if !programmes.is_empty() {
        let mut said = text::write(&programmes, &options.target);
        for (index, path) in written.iter().enumerate() {
            let what = if index == 0 { "\nWrote" } else { "     " };
            let _ = writeln!(said, "{what} {}", path.display());
        }
        print_out(&said);
    }
    Ok(if let Some(status) = refused {
        status
    } else if programmes.iter().all(|p| p.delivery.verdict.passed()) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(NOT_PASSED)
    })
}

/// All files, several at a time, in the order in which they were named; and, if one could not be
/// measured, the exit status for that, which has been said.
fn measured(paths: &[PathBuf], options: &Options) -> Result<(Vec<Programme>, Option<ExitCode>)> {
    let bar = progress_bar();
    bar.set_message("Measuring");
    // A file that cannot be opened is refused below.
    bar.set_length(paths.iter().filter_map(|path| frames(path).ok()).sum());
    let progress = |frames| bar.inc(frames);
    let done: Vec<Result<Programme>> =
        paths.par_iter().map(|path| measure(path, options, &progress)).collect();
    bar.finish_and_clear();
    let mut programmes = Vec::new();
    let mut refused = None;
    for programme in done {
        match programme {
            Ok(programme) => programmes.push(programme),
            Err(Error::Interrupted) => return Err(Error::Interrupted),
            Err(error) => {
                refused = Some(refuse(&error));
            }
        }
    }
    Ok((programmes, refused))
}
