//! The prints a client asks for, and what each of them does to a stem: the one table that Stem
//! Trim and the session command share.
//!
//! Instrumental and A Cappella mute complementary sets, so their prints sum to Main.

use std::fmt;

/// The part a stem plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[expect(missing_docs, reason = "the names say it all")]
pub enum Role {
    Drums,
    Bass,
    Sub,
    Music,
    Guitars,
    Keys,
    #[cfg_attr(feature = "serde", serde(rename = "Lead Vocal"))]
    LeadVocal,
    #[cfg_attr(feature = "serde", serde(rename = "Backing Vocals"))]
    BackingVocals,
    #[cfg_attr(feature = "serde", serde(rename = "Ad-libs"))]
    AdLibs,
    #[cfg_attr(feature = "serde", serde(rename = "FX"))]
    Fx,
    Ambience,
    Dialogue,
    Foley,
    Ads,
    Other,
}

impl Role {
    /// All roles, in the order in which plugins list them.
    pub const ALL: [Self; 15] = [
        Self::Drums,
        Self::Bass,
        Self::Sub,
        Self::Music,
        Self::Guitars,
        Self::Keys,
        Self::LeadVocal,
        Self::BackingVocals,
        Self::AdLibs,
        Self::Fx,
        Self::Ambience,
        Self::Dialogue,
        Self::Foley,
        Self::Ads,
        Self::Other,
    ];

    /// The name, as plugins show it and session files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drums => "Drums",
            Self::Bass => "Bass",
            Self::Sub => "Sub",
            Self::Music => "Music",
            Self::Guitars => "Guitars",
            Self::Keys => "Keys",
            Self::LeadVocal => "Lead Vocal",
            Self::BackingVocals => "Backing Vocals",
            Self::AdLibs => "Ad-libs",
            Self::Fx => "FX",
            Self::Ambience => "Ambience",
            Self::Dialogue => "Dialogue",
            Self::Foley => "Foley",
            Self::Ads => "Ads",
            Self::Other => "Other",
        }
    }

    /// Whether it is one of the four the prints treat as the voice.
    pub const fn is_voice(self) -> bool {
        matches!(self, Self::LeadVocal | Self::BackingVocals | Self::AdLibs | Self::Dialogue)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One of the prints a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it; what each does is `Version::gain_db`")]
pub enum Version {
    Main,
    Instrumental,
    ACappella,
    TvMix,
    VocalUp,
    VocalDown,
    MusicAndEffects,
    MusicOnly,
    AdFree,
}

impl Version {
    /// All versions, in the order in which plugins list them.
    pub const ALL: [Self; 9] = [
        Self::Main,
        Self::Instrumental,
        Self::ACappella,
        Self::TvMix,
        Self::VocalUp,
        Self::VocalDown,
        Self::MusicAndEffects,
        Self::MusicOnly,
        Self::AdFree,
    ];

    /// The name, as plugins show it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Main => "Main",
            Self::Instrumental => "Instrumental",
            Self::ACappella => "A Cappella",
            Self::TvMix => "TV Mix",
            Self::VocalUp => "Vocal Up",
            Self::VocalDown => "Vocal Down",
            Self::MusicAndEffects => "M&E",
            Self::MusicOnly => "Music Only",
            Self::AdFree => "Ad-Free",
        }
    }

    /// What this print does to a stem of `role`: a gain in dB, or −∞ where the stem is muted.
    pub fn gain_db(self, role: Role, vocal_step_db: f64) -> f64 {
        let muted = match self {
            Self::Main | Self::VocalUp | Self::VocalDown => false,
            Self::Instrumental => role.is_voice(),
            Self::ACappella => !role.is_voice(),
            Self::TvMix => matches!(role, Role::LeadVocal | Role::Dialogue),
            Self::MusicAndEffects => matches!(role, Role::Dialogue | Role::Ads),
            Self::MusicOnly => {
                matches!(role, Role::Fx | Role::Ambience | Role::Dialogue | Role::Foley | Role::Ads)
            }
            Self::AdFree => matches!(role, Role::Ads),
        };
        match self {
            _ if muted => f64::NEG_INFINITY,
            Self::VocalUp if role.is_voice() => vocal_step_db,
            Self::VocalDown if role.is_voice() => -vocal_step_db,
            _ => 0.0,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn muted(version: Version) -> Vec<Role> {
        let is_muted = |role: &Role| version.gain_db(*role, 1.0) == f64::NEG_INFINITY;
        Role::ALL.into_iter().filter(is_muted).collect()
    }

    #[test]
    fn each_print_mutes_what_its_name_promises() {
        use Role::*;
        assert!(muted(Version::Main).is_empty());
        assert_eq!(muted(Version::Instrumental), [LeadVocal, BackingVocals, AdLibs, Dialogue]);
        assert_eq!(muted(Version::TvMix), [LeadVocal, Dialogue]);
        assert!(muted(Version::VocalUp).is_empty());
        assert!(muted(Version::VocalDown).is_empty());
        assert_eq!(muted(Version::MusicAndEffects), [Dialogue, Ads]);
        assert_eq!(muted(Version::MusicOnly), [Fx, Ambience, Dialogue, Foley, Ads]);
        assert_eq!(muted(Version::AdFree), [Ads]);
    }

    #[test]
    fn instrumental_and_a_cappella_are_complements() {
        for role in Role::ALL {
            let instrumental = Version::Instrumental.gain_db(role, 1.0) == 0.0;
            let a_cappella = Version::ACappella.gain_db(role, 1.0) == 0.0;
            assert!(instrumental != a_cappella, "{role:?}");
        }
    }

    #[test]
    fn vocal_prints_move_the_voices_only() {
        for role in Role::ALL {
            let moved = if role.is_voice() { 1.5 } else { 0.0 };
            assert_eq!(Version::VocalUp.gain_db(role, 1.5), moved);
            assert_eq!(Version::VocalDown.gain_db(role, 1.5), -moved);
        }
    }
}
