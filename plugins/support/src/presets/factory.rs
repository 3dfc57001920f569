//! The presets that come with a plugin, held to the plugin.

use super::{Format, same_name};
use crate::StemPlugin;
use crate::param_view::views;
use std::path::Path;

/// Checks a plugin's factory presets for its tests: each one can be read, has a name of its own and
/// a note, and all files of `folder` are among them.
///
/// # Panics
/// When anything is amiss; the message says what.
pub fn check<S: StemPlugin>(folder: &Path) {
    let params = S::Params::default();
    let defaults = views(&params);
    for id in S::NOT_IN_PRESETS {
        assert!(defaults.iter().any(|view| view.id == *id), "no parameter {id} to leave out");
    }
    let left_alone = super::left_alone::<S>();
    let format = Format { plugin: S::NAME, defaults: &defaults, left_alone: &left_alone };
    let mut names: Vec<String> = Vec::new();
    for text in S::PRESETS {
        let preset = format.read(text).unwrap_or_else(|fault| panic!("a preset {fault}:\n{text}"));
        assert!(!preset.note.is_empty(), "{} has no note", preset.name);
        let is_taken = names.iter().any(|name| same_name(name, &preset.name));
        assert!(!is_taken, "two presets are called {}", preset.name);
        names.push(preset.name);
    }
    let entries = std::fs::read_dir(folder).expect("a folder of presets");
    for entry in entries {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("a preset");
        assert!(S::PRESETS.contains(&text.as_str()), "{} is not embedded", path.display());
    }
}
