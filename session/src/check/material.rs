//! What there is to check: the stems of a folder or session file, and the mix they should sum to.

use super::finding::{Finding, Severity};
use crate::error::Result;
use crate::model::NONE;
use crate::names;
use crate::role::{Role, words};
use crate::template;
use std::path::{Path, PathBuf};

/// A stem to check.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stem {
    pub(super) path: PathBuf,
    /// Its name in the session.
    pub(super) name: String,
    pub(super) role: Role,
    /// Whether it is part of the sum; a stem that only feeds keys is not.
    pub(super) in_sum: bool,
}

/// Everything there is to check.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Material {
    pub(super) song: String,
    pub(super) stems: Vec<Stem>,
    /// The mix the stems should sum to.
    pub(super) mix: Option<PathBuf>,
    /// Other mixes that were there.
    pub(super) passed_over: Vec<PathBuf>,
    /// What is already known to be wrong.
    pub(super) findings: Vec<Finding>,
}

impl Material {
    /// Finds the stems of `path` and the mix beside them.
    ///
    /// # Errors
    /// If there is no such path, no stem in it, or the session file makes no sense.
    pub(super) fn find(path: &Path) -> Result<Self> {
        let (mut session, folder) = template::load(path, None)?;
        let mut findings = Vec::new();
        session.stems.retain(|stem| {
            let there = template::is_pattern(&stem.file) || folder.join(&stem.file).is_file();
            if !there {
                findings.push(Finding::of(
                    Severity::Fail,
                    "missing-stem",
                    &stem.file,
                    "is named in the session file and is not there",
                    "put the file there, or mend `file` of that stem in the session file",
                ));
            }
            there
        });
        let expanded = template::expand(session, &folder)?;
        let stems = expanded
            .session
            .stems
            .iter()
            .zip(&expanded.files)
            .map(|(stem, path)| Stem {
                path: path.clone(),
                name: stem.name.clone().unwrap_or_default(),
                role: stem.role.unwrap_or(Role::Other),
                in_sum: stem.to != NONE || !stem.sends.is_empty(),
            })
            .collect();
        let mut mixes: Vec<(u32, PathBuf)> = template::audio_files_in(&folder)?
            .into_iter()
            .filter(|file| !expanded.files.contains(file))
            .filter_map(|file| {
                let title = template::title(&file);
                names::is_mix(&title).then(|| (distance_from_main(&title), file))
            })
            .collect();
        mixes.sort();
        let mut mixes = mixes.into_iter().peekable();
        let mix = mixes.next_if(|(distance, _)| *distance < VERSION).map(|(_, file)| file);
        let passed_over = mixes.map(|(_, file)| file).collect();
        Ok(Self { song: expanded.song, stems, mix, passed_over, findings })
    }

    /// Whether the mix is a master, for want of a better one.
    pub(super) fn mix_is_mastered(&self) -> bool {
        self.mix.as_ref().is_some_and(|mix| distance_from_main(&template::title(mix)) == MASTER)
    }
}

/// The distance of a master: taken if there is nothing else.
const MASTER: u32 = 2;
/// The distance of a version that is not the sum of all stems: it is never taken.
const VERSION: u32 = 3;

/// How far the name of a mix is from saying that it is the plain sum of all stems.
fn distance_from_main(title: &str) -> u32 {
    let words = words(title);
    let says = |list: &[&str]| list.iter().any(|w| words.iter().any(|word| word == w));
    let pair = |a: &str, b: &str| words.windows(2).any(|w| w[0] == a && w[1] == b);
    if says(&["instrumental", "inst", "acappella", "acapella", "tv", "me", "karaoke"])
        || says(&["clean", "radio", "up", "down", "adfree"])
        || pair("a", "cappella")
        || pair("a", "capella")
        || pair("music", "only")
        || pair("ad", "free")
    {
        return VERSION;
    }
    let plain = pair("no", "master") || says(&["nomaster", "premaster", "unmastered"]);
    if plain || pair("pre", "master") || pair("mix", "main") {
        return 0;
    }
    if says(&["master", "masters", "mastered"]) {
        return MASTER;
    }
    u32::from(!says(&["main"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mix_nearest_to_a_plain_sum_is_taken() {
        let mut titles = [
            "Harbor_Master_48k24",
            "Harbor_Mix_48k24",
            "Harbor_Mix_Instrumental_48k24",
            "Harbor_Mix_Main_48k24",
        ];
        titles.sort_by_key(|t| distance_from_main(t));
        assert_eq!(titles[0], "Harbor_Mix_Main_48k24");
        assert_eq!(titles[1], "Harbor_Mix_48k24");
        assert_eq!(titles[2], "Harbor_Master_48k24");
        assert_eq!(distance_from_main("Harbor_Mix_NoMaster_48k24"), 0);
        assert_eq!(distance_from_main("Harbor_Mix_Instrumental_48k24"), VERSION);
        assert_eq!(distance_from_main("Harbor_Mix_TV"), VERSION);
    }

    #[test]
    fn the_mix_is_found_beside_the_stems() {
        let folder = tempfile::tempdir().unwrap();
        let touch = |name: &str| std::fs::write(folder.path().join(name), b"").unwrap();
        touch("H_Stem_01_Drums.wav");
        touch("H_Mix_TV.wav");
        assert_eq!(Material::find(folder.path()).unwrap().mix, None);
        touch("H_Master_48k24.wav");
        let material = Material::find(folder.path()).unwrap();
        assert_eq!(material.mix, Some(folder.path().join("H_Master_48k24.wav")));
        assert_eq!(material.passed_over, [folder.path().join("H_Mix_TV.wav")]);
        assert_eq!(material.stems[0].name, "Drums");
    }

    #[test]
    fn a_file_that_the_session_misses_is_a_finding() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("A.wav"), b"").unwrap();
        let session = "schema = 1\n[[stem]]\nfile = \"Gone.wav\"\n[[stem]]\nfile = \"A.wav\"\n\
                       to = \"none\"\n";
        std::fs::write(folder.path().join("session.toml"), session).unwrap();
        let material = Material::find(folder.path()).unwrap();
        assert_eq!(material.findings[0].code, "missing-stem");
        assert_eq!(material.findings[0].file.as_deref(), Some("Gone.wav"));
        assert!(!material.stems[0].in_sum);
    }
}
