//! What a stem is, and what each print does to it.
//!
//! Instrumental and A Cappella mute complementary sets, so their prints sum to Main.

use nice_plug::prelude::Enum;

/// What a stem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Role {
    #[id = "drums"]
    Drums,
    #[id = "bass"]
    Bass,
    #[id = "sub"]
    Sub,
    #[id = "music"]
    Music,
    #[id = "guitars"]
    Guitars,
    #[id = "keys"]
    Keys,
    #[id = "lead-vocal"]
    #[name = "Lead Vocal"]
    LeadVocal,
    #[id = "backing-vocals"]
    #[name = "Backing Vocals"]
    BackingVocals,
    #[id = "ad-libs"]
    #[name = "Ad-libs"]
    AdLibs,
    #[id = "fx"]
    #[name = "FX"]
    Fx,
    #[id = "ambience"]
    Ambience,
    #[id = "dialogue"]
    Dialogue,
    #[id = "foley"]
    Foley,
    #[id = "ads"]
    Ads,
    #[id = "other"]
    Other,
}

/// One of the prints a client asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[allow(missing_docs, reason = "the names say it; what each does is `Version::gain_db`")]
pub enum Version {
    #[id = "main"]
    Main,
    #[id = "instrumental"]
    Instrumental,
    #[id = "a-cappella"]
    #[name = "A Cappella"]
    ACappella,
    #[id = "tv-mix"]
    #[name = "TV Mix"]
    TvMix,
    #[id = "vocal-up"]
    #[name = "Vocal Up"]
    VocalUp,
    #[id = "vocal-down"]
    #[name = "Vocal Down"]
    VocalDown,
    #[id = "m-and-e"]
    #[name = "M&E"]
    MusicAndEffects,
    #[id = "music-only"]
    #[name = "Music Only"]
    MusicOnly,
    #[id = "ad-free"]
    #[name = "Ad-Free"]
    AdFree,
}

impl Role {
    /// Whether it is one of the four the prints treat as the voice.
    pub fn is_voice(self) -> bool {
        matches!(self, Self::LeadVocal | Self::BackingVocals | Self::AdLibs | Self::Dialogue)
    }
}

impl Version {
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
            Self::AdFree => role == Role::Ads,
        };
        match self {
            _ if muted => f64::NEG_INFINITY,
            Self::VocalUp if role.is_voice() => vocal_step_db,
            Self::VocalDown if role.is_voice() => -vocal_step_db,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all<T: Enum>() -> impl Iterator<Item = T> {
        (0..T::variants().len()).map(T::from_index)
    }

    fn muted(version: Version) -> Vec<Role> {
        all().filter(|role| version.gain_db(*role, 1.0) == f64::NEG_INFINITY).collect()
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
        for role in all::<Role>() {
            let instrumental = Version::Instrumental.gain_db(role, 1.0) == 0.0;
            let a_cappella = Version::ACappella.gain_db(role, 1.0) == 0.0;
            assert!(instrumental != a_cappella, "{role:?}");
        }
    }

    #[test]
    fn vocal_prints_move_the_voices_only() {
        for role in all::<Role>() {
            let moved = if role.is_voice() { 1.5 } else { 0.0 };
            assert_eq!(Version::VocalUp.gain_db(role, 1.5), moved);
            assert_eq!(Version::VocalDown.gain_db(role, 1.5), -moved);
        }
    }
}
