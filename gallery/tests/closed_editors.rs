//! A closed editor costs nothing: 64 instances with all that is there for an editor (readings
//! published sixty times a second, ten seconds of history, requests to draw that nobody hears) take
//! as many instructions as 64 that have none of it, to 1 %. Both run the same processors on the same
//! programme with the same parameters read for every block; callgrind counts what is executed in
//! processing, in this build, so the numbers are the same each time.

use gallery::not_run;
use std::process::Command;

/// What the instructions may grow by.
const SHARE: f64 = 0.01;
const NO_VALGRIND: &str = "the cost of closed editors: needs valgrind; `sudo apt install valgrind`";

#[test]
fn closed_editors_cost_nothing() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        return not_run(NO_VALGRIND);
    }
    for plugin in ["stem-trim", "dynamic-eq", "bus-compressor", "de-esser", "limiter", "meter"] {
        let (closed, none) = (instructions(plugin, "closed"), instructions(plugin, "none"));
        let more = closed as f64 / none as f64 - 1.0;
        println!("{plugin}: {closed} instructions, {none} without: {:+.3} %", more * 100.0);
        assert!(more < SHARE, "{plugin}: closed editors cost {:+.3} %", more * 100.0);
    }
}

fn instructions(plugin: &str, editors: &str) -> u64 {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--collect-atstart=no", "--toggle-collect=*closed_editors*counted*"])
        .args([env!("CARGO_BIN_EXE_closed_editors"), plugin, editors])
        .output()
        .expect("valgrind starts");
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{said}");
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")).map(|(_, n)| n);
    collected.and_then(|n| n.trim().parse().ok()).unwrap_or_else(|| panic!("no count in {said}"))
}
