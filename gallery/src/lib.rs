//! The plugins' editors as pictures, and what drawing them costs.
//!
//! Each [`Scene`] is a plugin that has processed the [`programme`] with settings somebody might use,
//! its window drawn as in a host. `cargo xtask screenshots` writes the pictures, `cargo xtask test`
//! compares them with what is drawn now.

pub mod compare;
pub mod programme;
pub mod scene;

use std::fs::OpenOptions;
use std::io::Write as _;

pub use scene::{SCENES, Scene};

/// Says that something did not run, and why, where `cargo xtask test` collects it: in the file named by
/// `STEMWRIGHT_NOT_RUN`.
///
/// # Panics
/// With `CI=true`: a check that silently stops running is worse than none.
pub fn not_run(reason: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}");
    println!("NOT RUN: {reason}");
    if let Some(list) = std::env::var_os("STEMWRIGHT_NOT_RUN") {
        let list = OpenOptions::new().append(true).create(true).open(list);
        writeln!(list.expect("the list can be written"), "{reason}").expect("a line more");
    }
}
