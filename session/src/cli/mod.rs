//! The command line.

mod render;

use crate::check;
use crate::delivery;
use crate::demo;
use crate::error::{Error, Result};
use crate::stop::Stop;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Exit status for whatever cannot be done.
const CANNOT: u8 = 2;

/// Mix and master from stems, through the plugins a DAW would load.
#[derive(Debug, Parser)]
#[command(name = "stemwright", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Render a folder of stems, or a session file, to a master.
    ///
    /// A folder with a session.toml is rendered as that says; any other folder gets a trim on
    /// every stem and a limiter on their sum (--template mix adds punch to the drums, a de-esser to
    /// the voice, an equaliser that lets the music make room for it, and glue on the mix bus). Writes
    /// `Song_Master_48k24.wav`, the unmastered mix, whatever else is ordered, and a report for people
    /// and for programs.
    Render(render::Arguments),
    /// Check a folder of stems, or a session file's, and hold their sum against the mix.
    ///
    /// Exit status 0 when nothing has to be looked at, 1 with findings, 2 when it cannot run.
    Check(check::Arguments),
    /// Measure audio files as Stem Meter does, and hold them against a delivery.
    ///
    /// Exit status 0 when all limits are kept, 1 when one is not or cannot be judged, 2 when a file
    /// cannot be measured.
    Report(delivery::Arguments),
    /// Synthesise a short song as six stems and their mix, to try things on.
    Demo(Demo),
}

#[derive(Debug, clap::Args)]
struct Demo {
    /// Folder to write to; made if need be.
    folder: PathBuf,
}

/// Runs the command with these arguments (the first is the program's name). Results go to
/// standard output, progress and complaints to standard error.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(refusal) => {
            // Help and version are answers, not refusals. Nothing can be done about a closed pipe.
            let _ = refusal.print();
            return if refusal.use_stderr() { ExitCode::from(CANNOT) } else { ExitCode::SUCCESS };
        }
    };
    let done = match cli.command {
        Command::Render(arguments) => render::run(arguments, &stop_on_request()),
        Command::Check(arguments) => {
            return check::run(&arguments).unwrap_or_else(|error| refuse(&error));
        }
        Command::Report(arguments) => {
            let done = delivery::run(&arguments, &stop_on_request());
            return done.unwrap_or_else(|error| refuse(&error));
        }
        Command::Demo(arguments) => demo(&arguments),
    };
    match done {
        Ok(text) => {
            print_out(&text);
            ExitCode::SUCCESS
        }
        Err(error) => refuse(&error),
    }
}

/// Says why something cannot be done, and gives the exit status for it.
pub(crate) fn refuse(error: &Error) -> ExitCode {
    eprintln!("stemwright: {error}");
    ExitCode::from(CANNOT)
}

/// A flag that Ctrl-C raises. Pressed once more, it ends the program at once.
fn stop_on_request() -> Stop {
    let stop = Stop::default();
    let raised = stop.clone();
    let handler = move || {
        if raised.requested() {
            std::process::exit(i32::from(CANNOT));
        }
        raised.request();
    };
    // Where no handler can be set, Ctrl-C does what it does to any program.
    let _ = ctrlc::set_handler(handler);
    stop
}

fn demo(arguments: &Demo) -> Result<String> {
    let files = demo::write(&arguments.folder)?;
    let paths = files.stems.iter().chain([&files.mix]);
    let lines: Vec<String> = paths.map(|path| format!("Wrote {}\n", path.display())).collect();
    Ok(lines.concat())
}

/// A bar on standard error, only where somebody looks.
pub(crate) fn progress_bar() -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg:<16} {wide_bar} {percent:>3} % {eta}") {
        bar.set_style(style);
    }
    bar
}

/// To standard output, in silence if it is closed: a table cut short by `head` is no failure.
pub(crate) fn print_out(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio_file::Depth;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    fn parsed(more: &[&str]) -> render::Arguments {
        let arguments = ["stemwright", "render", "stems"].iter().chain(more);
        match Cli::try_parse_from(arguments).unwrap().command {
            Command::Render(render) => render,
            _ => panic!("not a render"),
        }
    }

    #[test]
    fn negative_numbers_are_values() {
        let render = parsed(&["--target", "-14", "--ceiling", "-1.5", "--depth", "32f"]);
        assert_eq!((render.target, render.ceiling), (Some(-14.0), Some(-1.5)));
        assert_eq!(Depth::from(render.depth), Depth::Float32);
    }

    #[test]
    fn orders_are_lists_and_their_values_may_be_left_out() {
        use render::{StemsArg, VersionArg};
        let render = parsed(&["--versions", "main,vocal-up,me", "--stems"]);
        assert_eq!(render.versions, [VersionArg::Main, VersionArg::VocalUp, VersionArg::Me]);
        assert_eq!(render.stems, Some(StemsArg::Pre));
        let render = parsed(&["--stems", "mastered", "--date", "--version", "3"]);
        assert_eq!(render.stems, Some(StemsArg::Mastered));
        assert_eq!((render.date.as_deref(), render.version), (Some("today"), Some(3)));
        assert_eq!(parsed(&["--version"]).version, Some(1));
        let template = |more: &[&str]| parsed(more).template;
        assert_eq!(template(&["--template", "mix"]), Some(crate::template::Template::Mix));
        assert_eq!(template(&[]), None);
    }
}
