//! The `stemwright` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    session::cli::run(std::env::args_os())
}
