//! The command line.

use crate::audio_file::Depth;
use crate::bundle::Bundles;
use crate::check;
use crate::demo;
use crate::error::{Error, Result};
use crate::render::{self, DEFAULT_BLOCK_LEN, Options, Stage};
use crate::table;
use clap::{Parser, Subcommand, ValueEnum};
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
    /// every stem and a limiter on their sum. Writes `Song_Master_48k24.wav` and `report.json`.
    Render(Render),
    /// Check a folder of stems, or a session file's, and hold their sum against the mix.
    ///
    /// Exit status 0 when nothing has to be looked at, 1 with findings, 2 when it cannot run.
    Check(check::Arguments),
    /// Synthesise a short song as six stems and their mix, to try things on.
    Demo(Demo),
}

#[derive(Debug, clap::Args)]
struct Demo {
    /// Folder to write to; made if need be.
    folder: PathBuf,
}

#[derive(Debug, clap::Args)]
struct Render {
    /// Folder of stems (WAV or AIFF), or a session file (.toml).
    path: PathBuf,
    /// Bring the master to this integrated loudness, in LUFS.
    #[arg(long, value_name = "LUFS", allow_negative_numbers = true)]
    target: Option<f64>,
    /// Set the limiter's ceiling, in dBTP.
    #[arg(long, value_name = "dBTP", allow_negative_numbers = true)]
    ceiling: Option<f64>,
    /// Folder to write to [default: "renders" in the stems' folder].
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Samples processed at a time; the result is the same whatever it is.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BLOCK_LEN)]
    block: usize,
    /// Folder with the .clap bundles, searched before the usual ones.
    #[arg(long, value_name = "DIR")]
    plugins: Option<PathBuf>,
    /// Depth of the master: integers are dithered, 32f is as it is.
    #[arg(long, value_enum, default_value_t = DepthArg::Int24)]
    depth: DepthArg,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum DepthArg {
    #[value(name = "16")]
    Int16,
    #[value(name = "24")]
    Int24,
    #[value(name = "32f")]
    Float32,
}

impl From<DepthArg> for Depth {
    fn from(depth: DepthArg) -> Self {
        match depth {
            DepthArg::Int16 => Self::Int16,
            DepthArg::Int24 => Self::Int24,
            DepthArg::Float32 => Self::Float32,
        }
    }
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
        Command::Render(arguments) => render(arguments),
        Command::Check(arguments) => {
            return check::run(&arguments).unwrap_or_else(|error| refuse(&error));
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

fn refuse(error: &Error) -> ExitCode {
    eprintln!("stemwright: {error}");
    ExitCode::from(CANNOT)
}

fn render(arguments: Render) -> Result<String> {
    let mut bundles = Bundles::new(arguments.plugins.as_deref())?;
    let options = Options {
        path: arguments.path,
        target_lufs: arguments.target,
        ceiling_dbtp: arguments.ceiling,
        out: arguments.out,
        block_len: arguments.block,
        depth: arguments.depth.into(),
    };
    // On standard error, and only where somebody looks.
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg:<16} {wide_bar} {percent:>3} % {eta}") {
        bar.set_style(style);
    }
    let mut stage_before = None;
    let done = render::render(&options, &mut bundles, &mut |stage, position, total| {
        if stage_before != Some(stage) {
            stage_before = Some(stage);
            bar.reset();
            bar.set_length(total);
            bar.set_message(match stage {
                Stage::Stems => "Stems".to_owned(),
                Stage::Search(pass) => format!("Gain, pass {pass}"),
                Stage::Master => "Master".to_owned(),
            });
        }
        bar.set_position(position);
    });
    bar.finish_and_clear();
    let rendered = done?;
    Ok(format!(
        "{}\nWrote {}\n      {}\n",
        table::render(&rendered.report),
        rendered.master.display(),
        rendered.report_file.display()
    ))
}

fn demo(arguments: &Demo) -> Result<String> {
    let files = demo::write(&arguments.folder)?;
    let paths = files.stems.iter().chain([&files.mix]);
    let lines: Vec<String> = paths.map(|path| format!("Wrote {}\n", path.display())).collect();
    Ok(lines.concat())
}

/// To standard output, in silence if it is closed: a table cut short by `head` is no failure.
pub(crate) fn print_out(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stdout().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn negative_numbers_are_values() {
        let cli = Cli::try_parse_from([
            "stemwright",
            "render",
            "stems",
            "--target",
            "-14",
            "--ceiling",
            "-1.5",
            "--depth",
            "32f",
        ])
        .unwrap();
        let Command::Render(render) = cli.command else { panic!("not a render") };
        assert_eq!((render.target, render.ceiling), (Some(-14.0), Some(-1.5)));
        assert_eq!(Depth::from(render.depth), Depth::Float32);
    }
}
