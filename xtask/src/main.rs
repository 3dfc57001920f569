//! The chores of the workspace: `cargo xtask <chore>`.
//!
//! Thin on purpose: a chore says what is run in which order, the work lives in the crates.

mod bundle;
mod demo;
mod install;
mod param_ids;
mod process;
mod screenshots;
mod test;
mod venv;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use workspace::Workspace;

/// Chores of the Stemwright workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Chore {
    /// Build the plugins and bundle them as .clap and .vst3 under target/bundled.
    Bundle(bundle::Options),
    /// Bundle the plugins and copy them to your CLAP and VST3 folders.
    Install(install::Options),
    /// Synthesise the demo session and render it to a master through the bundled plugins.
    Demo,
    /// Draw every editor and keep the pictures in docs/images.
    Screenshots,
    /// Run every test there is, hosts included.
    Test,
    /// Compare the plugins' parameters with their committed snapshots.
    ParamIds(param_ids::Options),
}

fn main() -> ExitCode {
    match run(&Chore::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: &Chore) -> Result<ExitCode> {
    let workspace = Workspace::find()?;
    match chore {
        Chore::Bundle(options) => bundle::run(&workspace, options)?,
        Chore::Install(options) => install::run(&workspace, options)?,
        Chore::Demo => demo::run(&workspace)?,
        Chore::Screenshots => screenshots::run()?,
        Chore::Test => return Ok(test::run(&workspace)),
        Chore::ParamIds(options) => param_ids::run(&workspace, options)?,
    }
    Ok(ExitCode::SUCCESS)
}
