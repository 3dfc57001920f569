//! `cargo xtask param-ids`: the promise that recorded automation keeps its meaning.
//!
//! Each plugin has a test named `param_ids` that compares its parameters with the snapshot
//! committed beside it; with `--bless` the test writes the snapshot instead.

use anyhow::Result;

use crate::process;
use crate::workspace::Workspace;

/// The environment variable that makes a test write what it would compare.
pub(crate) const BLESS_VARIABLE: &str = "STEMWRIGHT_BLESS";

/// Whether to compare or to write.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Write the snapshots instead of comparing with them.
    #[arg(long)]
    bless: bool,
}

pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let mut cargo = process::cargo();
    cargo.arg("test");
    for plugin in workspace.plugins()? {
        cargo.args(["-p", &plugin]);
    }
    cargo.args(["--lib", "param_ids"]);
    if options.bless {
        cargo.env(BLESS_VARIABLE, "1");
    } else {
        cargo.env_remove(BLESS_VARIABLE);
    }
    process::run(&mut cargo)?;
    if options.bless {
        println!("Snapshots written. Look at the difference before you commit it:");
        println!("    git diff -- 'plugins/*/param-ids.txt'");
    }
    Ok(())
}
