//! Lets several plugins be linked into one program.
//!
//! Each of them exports the entry points of CLAP and VST3 under the same names, and nothing here calls
//! any of them: the linker may keep whichever it finds first. Apple's linker has no such option.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    match target.as_str() {
        "linux" => println!("cargo:rustc-link-arg=-Wl,--allow-multiple-definition"),
        "windows" => println!("cargo:rustc-link-arg=/FORCE:MULTIPLE"),
        _ => {}
    }
}
