//! Saying so when a check cannot run.

use std::fs::OpenOptions;
use std::io::Write as _;

/// Says that something did not run, and why, where `cargo xtask test` collects it: in the file named by
/// `STEMWRIGHT_NOT_RUN`. With `CI=true` it fails: a check that silently stops running is worse than none.
pub fn not_run(reason: &str) {
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{reason}");
    println!("NOT RUN: {reason}");
    if let Some(list) = std::env::var_os("STEMWRIGHT_NOT_RUN") {
        let list = OpenOptions::new().append(true).create(true).open(list);
        writeln!(list.expect("the list can be written"), "{reason}").expect("a line more");
    }
}
