//! All presets of a plugin: those that came with it, and the user's.

use super::{Format, Preset, folder, same_name, valid_name};
use crate::param_view::views;
use nice_plug::prelude::Params;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Which preset: enough to find it again, in this window or in another session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Key {
    /// Its name.
    pub(crate) name: String,
    /// Whether it is the user's.
    #[serde(default)]
    pub(crate) own: bool,
}

/// A preset that can be loaded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: Key,
    pub(crate) preset: Preset,
    /// The user's file.
    file: Option<PathBuf>,
}

/// Where presets come from and how they are read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Source {
    /// The plugin's name.
    pub(crate) plugin: &'static str,
    /// The texts of its factory presets.
    pub(crate) factory: &'static [&'static str],
    /// Ids of parameters that are no part of presets.
    pub(crate) left_alone: Vec<&'static str>,
    /// The user's folder, if the system has one.
    pub(crate) folder: Option<PathBuf>,
}

/// All presets, as they were when the folder was last looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct Library {
    source: Source,
    /// The factory's first, then the user's by name.
    entries: Vec<Entry>,
    /// What could not be read: file and fault.
    faults: Vec<String>,
}

impl Library {
    /// Reads all there is for parameters of type `P`.
    pub(crate) fn open<P: Params + Default>(source: Source) -> Self {
        let mut library = Self { source, ..Self::default() };
        library.refresh::<P>();
        library
    }

    /// Looks into the folder again.
    pub(crate) fn refresh<P: Params + Default>(&mut self) {
        (self.entries, self.faults) = (Vec::new(), Vec::new());
        let params = P::default();
        let defaults = views(&params);
        let source = self.source.clone();
        let format = source.format(&defaults);
        for text in source.factory {
            // The plugin's tests hold these to be readable.
            if let Ok(preset) = format.read(text) {
                self.add(preset, None);
            }
        }
        let Some(folder) = &source.folder else { return };
        let found = match folder::files(folder) {
            Ok(found) => found,
            Err(error) => {
                self.faults.push(format!("{} cannot be read: {error}.", folder.display()));
                return;
            }
        };
        for (path, text) in found {
            let preset = text.and_then(|text| format.read(&text).map_err(|f| f.to_string()));
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match preset {
                Ok(preset) => match self.own(&preset.name) {
                    Some(twin) => {
                        let name = &twin.key.name;
                        let fault =
                            format!("{file} has the name of another, \u{201c}{name}\u{201d}.");
                        self.faults.push(fault);
                    }
                    None => self.add(preset, Some(path)),
                },
                Err(fault) => self.faults.push(format!("{file} {fault}.")),
            }
        }
        self.entries.sort_by_key(|entry| {
            let name = entry.key.own.then(|| entry.key.name.to_lowercase());
            (entry.key.own, name)
        });
    }

    fn add(&mut self, preset: Preset, file: Option<PathBuf>) {
        let key = Key { name: preset.name.clone(), own: file.is_some() };
        self.entries.push(Entry { key, preset, file });
    }

    /// All presets, the factory's first.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What could not be read: file and fault, a sentence each.
    pub(crate) fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The preset with this key.
    pub(crate) fn find(&self, key: &Key) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == *key)
    }

    /// The user's preset that a name means.
    pub(crate) fn own(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.own && same_name(&entry.key.name, name.trim()))
    }

    /// Whether there is anywhere to save to.
    pub(crate) fn can_save(&self) -> bool {
        self.source.folder.is_some()
    }

    /// Saves a setting, 0 to 1 by parameter, under a name. An own preset of that name is replaced:
    /// whoever calls this has asked.
    pub(crate) fn save<P: Params + Default>(
        &mut self,
        name: &str,
        values: &[f32],
    ) -> Result<Key, String> {
        let name = valid_name(name).ok_or("A preset needs a name of at most 60 characters.")?;
        let folder = self.source.folder.clone().ok_or("There is no folder for presets here.")?;
        let params = P::default();
        let defaults = views(&params);
        let old = self.own(&name).map(|entry| (entry.file.clone(), entry.preset.note.clone()));
        let note = old.as_ref().map_or("", |(_, note)| note);
        let text = self.source.format(&defaults).write(&name, note, values);
        let written = match old.as_ref().and_then(|(file, _)| file.as_deref()) {
            Some(file) => folder::replace(file, &text),
            None => folder::write_new(&folder, &name, &text).map(drop),
        };
        self.refresh::<P>();
        match written {
            Ok(()) => Ok(Key { name, own: true }),
            Err(error) => Err(cannot("save", &name, &folder, &error)),
        }
    }

    /// Deletes the file of a user's preset: whoever calls this has asked.
    pub(crate) fn delete<P: Params + Default>(&mut self, key: &Key) -> Result<(), String> {
        let file = self.find(key).and_then(|entry| entry.file.clone());
        let file = file.ok_or("Factory presets stay.")?;
        let removed = folder::remove(&file);
        self.refresh::<P>();
        removed.map_err(|error| cannot("delete", &key.name, &file, &error))
    }
}

fn cannot(what: &str, name: &str, at: &Path, error: &std::io::Error) -> String {
    format!("Cannot {what} \u{201c}{name}\u{201d} ({}): {error}.", at.display())
}

impl Source {
    fn format<'a>(&'a self, defaults: &'a [crate::param_view::ParamView<'a>]) -> Format<'a> {
        Format { plugin: self.plugin, defaults, left_alone: &self.left_alone }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;
    use nice_plug::prelude::{FloatParam, Param as _};
    use std::fs;

    #[derive(Params)]
    struct Gain {
        #[id = "gain"]
        gain: FloatParam,
    }

    impl Default for Gain {
        fn default() -> Self {
            Self { gain: params::decibels("Gain", 0.0, -24.0, 24.0) }
        }
    }

    const FACTORY: &[&str] = &[
        r#"{"plugin":"Gain","name":"Up","note":"Six up.","values":{"gain":"6 dB"}}"#,
        r#"{"plugin":"Gain","name":"Down","note":"Six down.","values":{"gain":"-6 dB"}}"#,
    ];

    fn opened(folder: &Path) -> Library {
        Library::open::<Gain>(Source {
            plugin: "Gain",
            factory: FACTORY,
            left_alone: Vec::new(),
            folder: Some(folder.to_owned()),
        })
    }

    fn names(library: &Library) -> Vec<&str> {
        library.entries().iter().map(|entry| entry.key.name.as_str()).collect()
    }

    #[test]
    fn the_factory_comes_first_in_its_order_then_the_users_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut library = opened(&folder.path().join("new"));
        for name in ["zoo", "Ape", "up"] {
            library.save::<Gain>(name, &[0.25]).expect("saved");
        }
        assert_eq!(names(&library), ["Up", "Down", "Ape", "up", "zoo"]);
        assert_eq!(names(&opened(&folder.path().join("new"))), names(&library));
        let own = library.own("APE").expect("it is there");
        assert!(own.key.own && own.preset.values == [Some(0.25)]);
        let up = library.find(&Key { name: "Up".to_owned(), own: false }).expect("the factory's");
        let db = Gain::default().gain.preview_plain(up.preset.values[0].expect("held"));
        assert!((db - 6.0).abs() < 1e-4);
    }

    #[test]
    fn saving_again_replaces_and_keeps_one_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut library = opened(folder.path());
        library.save::<Gain>("Mine", &[0.25]).expect("saved");
        let key = library.save::<Gain>(" mine ", &[0.75]).expect("saved");
        assert_eq!(library.find(&key).expect("there").preset.values, [Some(0.75)]);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_deleted_preset_is_gone_and_the_factory_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut library = opened(folder.path());
        let key = library.save::<Gain>("Mine", &[0.25]).expect("saved");
        library.delete::<Gain>(&key).expect("deleted");
        assert_eq!(names(&library), ["Up", "Down"]);
        assert!(library.delete::<Gain>(&key).is_err());
        let factory = library.entries()[0].key.clone();
        assert_eq!(library.delete::<Gain>(&factory), Err("Factory presets stay.".to_owned()));
    }

    #[test]
    fn a_broken_file_is_named_with_its_fault_and_hides_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        opened(folder.path()).save::<Gain>("Mine", &[0.25]).expect("saved");
        let put = |file: &str, text: &str| {
            fs::write(folder.path().join(file), text).expect("written");
        };
        put("a.json", "{");
        put("b.json", r#"{"plugin":"Gain","name":"Loud","values":{"gain":"99 dB"}}"#);
        put("twin.json", r#"{"plugin":"Gain","name":"MINE","values":{}}"#);
        let library = opened(folder.path());
        assert_eq!(names(&library), ["Up", "Down", "Mine"]);
        let faults = library.faults();
        assert!(faults[0].starts_with("a.json is no preset: "), "{faults:?}");
        assert_eq!(faults[1], "b.json sets \u{201c}gain\u{201d} to \"99 dB\", which it cannot be.");
        assert_eq!(faults[2], "twin.json has the name of another, \u{201c}Mine\u{201d}.");
    }

    #[test]
    fn a_folder_that_cannot_be_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("in the way");
        fs::write(&file, "").expect("written");
        let mut library = opened(&file);
        assert!(library.faults()[0].contains("in the way"));
        let said = library.save::<Gain>("Mine", &[0.5]).expect_err("no folder");
        assert!(said.starts_with("Cannot save \u{201c}Mine\u{201d}"), "{said}");
        assert_eq!(
            library.save::<Gain>("", &[0.5]).expect_err("no name").chars().next(),
            Some('A')
        );
    }
}
