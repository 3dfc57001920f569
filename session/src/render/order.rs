//! What is ordered: the prints of a render, what each is made of and what it will be called.

use super::Options;
use crate::audio_file::Depth;
use crate::error::{Error, Result};
use crate::model::Session;
use crate::names;
use crate::role::Role;
use report::model::PrintKind;
use shared_dsp::versions::Version;

/// What stems are printed of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StemPrints {
    /// The stems after their own inserts and buses, before the mix's: they sum to the unmastered
    /// mix.
    Pre,
    /// The stems through the mix's inserts, keyed by the whole mix: they sum to the master.
    Mastered,
}

/// A print that was ordered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ordered {
    /// What it is.
    pub(super) kind: PrintKind,
    /// The version it is, for masters and versions.
    pub(super) version: Option<Version>,
    /// What people call it.
    pub(super) label: String,
    /// Its part of the file's name.
    pub(super) part: String,
    /// How often each stem counts in it.
    pub(super) stem_gains: Vec<f64>,
    /// Depth of the file.
    pub(super) depth: Depth,
    /// Channels of the file.
    pub(super) channels: u16,
}

impl Ordered {
    /// Whether it is taken after the mix's inserts.
    pub(super) fn is_mastered(&self) -> bool {
        !matches!(self.kind, PrintKind::NoMaster | PrintKind::StemPre)
    }

    /// Whether it is one of those that are lowered together if one of them would clip.
    pub(super) fn is_lowered(&self) -> bool {
        !matches!(self.kind, PrintKind::Master | PrintKind::Version)
    }

    /// Masters of integer depth are dithered; what is to be mixed on only below 24 bit.
    pub(super) fn is_dithered(&self) -> bool {
        match self.depth {
            Depth::Float32 => false,
            Depth::Int16 => true,
            Depth::Int24 => !self.is_lowered(),
        }
    }
}

/// The prints of a render: the masters first, then what is before the mix bus, then the stems.
///
/// # Errors
/// [`Error::VersionNeedsRole`], [`Error::SilentVersion`].
pub(super) fn prints(
    options: &Options,
    session: &Session,
    stem_depth: Depth,
) -> Result<Vec<Ordered>> {
    let roles: Vec<Role> = session.stems.iter().map(|s| s.role.unwrap_or(Role::Other)).collect();
    let channels = if session.mix.mono { 1 } else { 2 };
    let mut prints = Vec::new();
    for &version in &options.versions {
        prints.push(Ordered {
            kind: if version == Version::Main { PrintKind::Master } else { PrintKind::Version },
            version: Some(version),
            label: version.name().to_owned(),
            part: part(version).to_owned(),
            stem_gains: version_gains(version, &roles, options.vocal_step_db)?,
            depth: options.depth,
            channels,
        });
    }
    let whole = vec![1.0; roles.len()];
    prints.push(Ordered {
        kind: PrintKind::NoMaster,
        version: None,
        label: "Mix, not mastered".to_owned(),
        part: "Mix_NoMaster".to_owned(),
        stem_gains: whole,
        depth: stem_depth,
        channels: 2,
    });
    if let Some(of) = options.stems {
        for (index, stem) in session.stems.iter().enumerate() {
            let name = stem.name.as_deref().unwrap_or(&stem.file);
            let mut stem_gains = vec![0.0; roles.len()];
            stem_gains[index] = 1.0;
            prints.push(Ordered {
                kind: match of {
                    StemPrints::Pre => PrintKind::StemPre,
                    StemPrints::Mastered => PrintKind::StemMastered,
                },
                version: None,
                label: name.to_owned(),
                part: names::stem_part(index + 1, name),
                stem_gains,
                depth: stem_depth,
                channels: if of == StemPrints::Mastered { channels } else { 2 },
            });
        }
    }
    Ok(prints)
}

/// How often each stem counts in `version`.
fn version_gains(version: Version, roles: &[Role], step_db: f64) -> Result<Vec<f64>> {
    // 0 dB is exactly 1, −∞ dB exactly 0.
    let gains: Vec<f64> =
        roles.iter().map(|role| 10f64.powf(version.gain_db(*role, step_db) / 20.0)).collect();
    if version != Version::Main {
        if gains.iter().all(|gain| *gain == 1.0) {
            return Err(Error::VersionNeedsRole { version, roles: needed(version, step_db) });
        }
        if gains.iter().all(|gain| *gain == 0.0) {
            return Err(Error::SilentVersion { version });
        }
    }
    Ok(gains)
}

/// The roles that `version` mutes or moves, as a list.
fn needed(version: Version, step_db: f64) -> String {
    let roles: Vec<&str> = Role::ALL
        .into_iter()
        .filter(|role| version.gain_db(*role, step_db) != 0.0)
        .map(Role::name)
        .collect();
    roles.join(", ")
}

/// A version's part of a file's name.
fn part(version: Version) -> &'static str {
    match version {
        Version::Main => "Master",
        Version::Instrumental => "Instrumental",
        Version::ACappella => "Acappella",
        Version::TvMix => "TV",
        Version::VocalUp => "VocalUp",
        Version::VocalDown => "VocalDown",
        Version::MusicAndEffects => "ME",
        Version::MusicOnly => "MusicOnly",
        Version::AdFree => "AdFree",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn session(roles: &[&str]) -> Session {
        let stem = |role: &&str| format!("[[stem]]\nfile = \"{role}\"\nrole = \"{role}\"\n");
        let stems: Vec<String> = roles.iter().map(stem).collect();
        let text = format!("schema = 1\n{}", stems.concat());
        Session::parse(&text, Path::new("t.toml")).unwrap()
    }

    fn ordered(
        versions: &[Version],
        stems: Option<StemPrints>,
        roles: &[&str],
    ) -> Result<Vec<Ordered>> {
        let options = Options { versions: versions.to_vec(), stems, ..Options::new("x") };
        prints(&options, &session(roles), Depth::Int24)
    }

    const BAND: [&str; 3] = ["Drums", "Lead Vocal", "FX"];

    #[test]
    fn versions_mute_by_role() {
        let prints =
            ordered(&[Version::Main, Version::Instrumental, Version::ACappella], None, &BAND)
                .unwrap();
        let gains: Vec<&[f64]> = prints.iter().map(|p| &p.stem_gains[..]).collect();
        assert_eq!(
            gains,
            [&[1.0, 1.0, 1.0][..], &[1.0, 0.0, 1.0], &[0.0, 1.0, 0.0], &[1.0, 1.0, 1.0]]
        );
        assert_eq!(prints[1].part, "Instrumental");
        assert_eq!(prints[3].kind, PrintKind::NoMaster);
        assert!(prints[0].is_dithered() && !prints[3].is_dithered());
    }

    #[test]
    fn stems_are_numbered_and_count_alone() {
        let prints = ordered(&[Version::Main], Some(StemPrints::Mastered), &BAND).unwrap();
        assert_eq!(prints[3].part, "Stem_02_Lead-Vocal");
        assert_eq!(prints[3].stem_gains, [0.0, 1.0, 0.0]);
        assert!(prints[3].is_mastered() && prints[3].is_lowered());
    }

    #[test]
    fn what_a_version_lacks_is_said() {
        let error = ordered(&[Version::AdFree], None, &BAND).unwrap_err().to_string();
        assert!(error.contains("Ad-Free") && error.contains("Ads"), "{error}");
        let error = ordered(&[Version::TvMix], None, &["Drums"]).unwrap_err().to_string();
        assert!(error.contains("Lead Vocal, Dialogue"), "{error}");
        let error = ordered(&[Version::Instrumental], None, &["Lead Vocal"]).unwrap_err();
        assert!(matches!(error, Error::SilentVersion { .. }), "{error}");
    }
}
