//! The parameters of a plugin as text, so that a change which would break recorded automation or
//! saved sessions shows up as a difference.
//!
//! Hosts record normalised values, so what counts is the whole way from 0..1 to the plain value: its
//! range and skew are pinned by sampling it at nine points.

use crate::param_view::{Kind, ParamView, views};
use nice_plug::prelude::Params;
use std::fmt::Write as _;
use std::path::Path;

/// Everything about `params` that recorded automation and saved state rely on.
pub fn of<P: Params>(params: &P) -> String {
    let mut text = String::new();
    for view in views(params) {
        describe(&mut text, &view).expect("writing to a string");
    }
    text
}

fn describe(text: &mut String, view: &ParamView<'_>) -> std::fmt::Result {
    writeln!(text, "{}", view.id)?;
    writeln!(text, "  name: {}", view.name())?;
    writeln!(text, "  group: {}", view.group)?;
    writeln!(text, "  automatable: {}, bypass: {}", view.is_automatable(), view.is_bypass())?;
    writeln!(text, "  default: {}", view.text_of(view.default_normalized()))?;
    match view.step_count() {
        None => {
            write!(text, "  curve:")?;
            for i in 0..=8 {
                write!(text, " {:.4}", view.plain_of(i as f32 / 8.0))?;
            }
            writeln!(text)
        }
        Some(steps) => {
            let current = view.normalized();
            for i in 0..=steps {
                let value = i as f32 / steps as f32;
                view.set_detached(value);
                let id = view.variant_id().unwrap_or("-");
                writeln!(text, "  {i}: {} ({id})", view.text_of(value))?;
            }
            view.set_detached(current);
            Ok(())
        }
    }
}

/// Checks `params` against the snapshot in `file`, or rewrites it when the environment variable
/// `STEMWRIGHT_BLESS` is set. Also checks what the framework does not: names are unique, choices
/// have ids, and the 31-bit hashes that hosts know the parameters by differ.
///
/// # Panics
/// When anything differs; the message names the first line that does.
pub fn check<P: Params>(params: &P, file: &Path) {
    let views = views(params);
    let mut names: Vec<&str> = views.iter().map(ParamView::name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), views.len(), "two parameters share a name");
    let mut hashes: Vec<u32> = views.iter().map(|view| id_hash(&view.id)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), views.len(), "two parameter ids share a hash");
    for view in views.iter().filter(|view| view.kind() == Kind::Choice) {
        assert!(view.variant_id().is_some(), "{} has variants without ids", view.id);
    }

    let now = of(params);
    if std::env::var_os("STEMWRIGHT_BLESS").is_some() {
        std::fs::write(file, &now).expect("the snapshot cannot be written");
        return;
    }
    let kept = std::fs::read_to_string(file).unwrap_or_else(|error| {
        panic!("{}: {error}; run `cargo xtask param-ids --bless` once", file.display())
    });
    let differing = kept.lines().zip(now.lines()).find(|(a, b)| a != b);
    assert!(
        kept == now,
        "{} no longer holds ({differing:?}). Recorded automation and saved sessions rely on it: \
         mend the parameters, or run `cargo xtask param-ids --bless` if only something was added.",
        file.display(),
    );
}

/// The hash by which nice-plug names a parameter to hosts (nice-plug-core util.rs, `hash_param_id`).
fn id_hash(id: &str) -> u32 {
    let hash =
        id.bytes().fold(0u32, |hash, byte| hash.wrapping_mul(31).wrapping_add(u32::from(byte)));
    // The highest bit is the host's in VST3.
    hash & 0x7fff_ffff
}
