//! Role and version as parameters; what they mean is [`shared_dsp::versions`].

use nice_plug::prelude::Enum;
use shared_dsp::versions;

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
#[allow(
    missing_docs,
    reason = "the names say it; what each does is `shared_dsp::versions::Version`"
)]
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

impl From<Role> for versions::Role {
    fn from(role: Role) -> Self {
        Self::ALL[role.to_index()]
    }
}

impl From<Version> for versions::Version {
    fn from(version: Version) -> Self {
        Self::ALL[version.to_index()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_carry_the_names_of_what_they_stand_for() {
        let names = versions::Role::ALL.map(versions::Role::name);
        assert_eq!(Role::variants(), names);
        let names = versions::Version::ALL.map(versions::Version::name);
        assert_eq!(Version::variants(), names);
    }
}
