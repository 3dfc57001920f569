//! `cargo xtask screenshots`: the editors as pictures, drawn by a test of the `gallery` crate that
//! otherwise compares them.

use anyhow::Result;

use crate::param_ids::BLESS_VARIABLE;
use crate::process;

/// Draws every editor and keeps the pictures.
pub(crate) fn run() -> Result<()> {
    let mut cargo = process::cargo();
    cargo.args(["test", "-p", "gallery", "--test", "pictures"]);
    // Without a device to draw with, it fails instead of saying that it did not run.
    process::run(cargo.env(BLESS_VARIABLE, "1").env("CI", "true"))?;
    println!("Pictures drawn. Look at them before you commit them: docs/images");
    Ok(())
}
