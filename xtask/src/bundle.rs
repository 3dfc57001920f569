//! `cargo xtask bundle`: the plugins as .clap and .vst3, through nice-plug's bundler.

use anyhow::Result;

use crate::workspace::Workspace;

/// What to bundle and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Bundle this plugin only; may be given more than once.
    #[arg(short, long = "package", value_name = "PACKAGE")]
    packages: Vec<String>,
    /// Optimised, as for use in a session.
    #[arg(long)]
    release: bool,
    /// Handed on to `cargo build`.
    #[arg(last = true)]
    forwarded: Vec<String>,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let packages =
        if options.packages.is_empty() { workspace.plugins()? } else { options.packages.clone() };
    let mut forwarded = options.forwarded.clone();
    if options.release {
        forwarded.push("--release".to_owned());
    }
    nice_plug_xtask::build(&packages, &forwarded)?;
    bundle_built(workspace, &packages, &forwarded)
}

/// Builds and bundles every plugin.
pub(crate) fn release(workspace: &Workspace) -> Result<()> {
    let options = Options { packages: Vec::new(), release: true, forwarded: Vec::new() };
    run(workspace, &options)
}

/// Builds and bundles every plugin, and builds the `stemwright` command beside them: one call to
/// cargo, so that all of it compiles side by side.
pub(crate) fn release_with_command(workspace: &Workspace) -> Result<()> {
    let plugins = workspace.plugins()?;
    let mut packages = plugins.clone();
    packages.push("session".to_owned());
    let forwarded = ["--release".to_owned()];
    nice_plug_xtask::build(&packages, &forwarded)?;
    bundle_built(workspace, &plugins, &forwarded)
}

fn bundle_built(workspace: &Workspace, packages: &[String], options: &[String]) -> Result<()> {
    // The bundler's own entry point guesses the workspace from the outermost folder with a
    // Cargo.toml, which is wrong for a clone inside another project: give it the folder instead.
    for package in packages {
        nice_plug_xtask::bundle(&workspace.target, package, options, false)?;
    }
    Ok(())
}
