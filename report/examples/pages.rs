//! Writes the made-up reports of the tests as pages, to look at: `cargo run -p report --example
//! pages -- FOLDER`.

#[path = "../tests/common/mod.rs"]
mod common;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).unwrap_or_else(|| ".".into());
    let folder = std::path::PathBuf::from(folder);
    for (name, report) in [("song", common::song()), ("awkward", common::awkward())] {
        std::fs::write(folder.join(format!("{name}.html")), report::html(&report))?;
        std::fs::write(folder.join(format!("{name}.json")), report::json::write(&report)?)?;
    }
    Ok(())
}
