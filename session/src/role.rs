//! What a stem is, told from its file name.
//!
//! Names are read as words: `VoxLead_02` is "vox lead 02". The first rule whose words appear next
//! to each other wins, and the rules stand in order of how much they say: a voice is a voice even
//! when it is an effects return (`VoxFX`), a bass is a bass even when a synth plays it.

pub use shared_dsp::versions::Role;

/// The role a name tells, [`Role::Other`] if it tells none.
///
/// `name` is the part of the file name that tells stems apart (`VoxLead`); the song's title
/// is better left out, or a song called "Keys" would put every stem at the piano.
pub fn told_by(name: &str) -> Role {
    let words = words(name);
    RULES
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| contains(&words, phrase)))
        .map_or(Role::Other, |(role, _)| *role)
}

/// A name as lower-case words: split at anything that is no letter or digit, at lower-to-upper
/// steps (`VoxLead`), at the end of a run of capitals (`BGVLead`), and between letters and digits.
pub(crate) fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (i, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        if let Some(&before) = i.checked_sub(1).and_then(|j| chars.get(j)) {
            let camel = before.is_lowercase() && c.is_uppercase();
            let acronym_ends = before.is_uppercase()
                && c.is_uppercase()
                && chars.get(i + 1).is_some_and(|n| n.is_lowercase())
                // The plural of an abbreviation: BGVs, BVs.
                && !(chars.get(i + 1) == Some(&'s')
                    && chars.get(i + 2).is_none_or(|n| !n.is_lowercase()));
            let digits = before.is_ascii_digit() != c.is_ascii_digit();
            if camel || acronym_ends || digits {
                words.push(String::new());
            }
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|w| !w.is_empty());
    words
}

/// Whether `phrase` (words separated by spaces) stands in `words`.
fn contains(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).any(|w| w.iter().map(String::as_str).eq(phrase.iter().copied()))
}

/// Phrases by role, the most telling first.
const RULES: &[(Role, &[&str])] = &[
    (Role::AdLibs, &["adlib", "adlibs", "ad lib", "ad libs"]),
    (
        Role::BackingVocals,
        &[
            "bgv",
            "bgvs",
            "bgvox",
            "bv",
            "bvs",
            "bvox",
            "bvx",
            "backing",
            "backings",
            "backup",
            "background vocals",
            "background vocal",
            "background vox",
            "back vox",
            "back vocals",
            "back vocal",
            "bg vox",
            "bg vocals",
            "bg vocal",
            "harmony",
            "harmonies",
            "harms",
            "choir",
            "gang",
            "vox bg",
            "vox back",
            "doubles",
        ],
    ),
    (
        Role::Dialogue,
        &[
            "dx",
            "dia",
            "dial",
            "dialog",
            "dialogs",
            "dialogue",
            "dialogues",
            "dlg",
            "vo",
            "voiceover",
            "voice over",
            "narration",
            "narrator",
            "host",
            "hosts",
            "guest",
            "guests",
            "interview",
            "speech",
            "adr",
        ],
    ),
    (Role::Sub, &["sub", "subs", "subbass", "808", "808s"]),
    (
        Role::LeadVocal,
        &[
            "lv",
            "lvs",
            "ldv",
            "ldvox",
            "lvox",
            "leadvox",
            "voxlead",
            "vox",
            "vocal",
            "vocals",
            "voc",
            "vocs",
            "voice",
            "voices",
            "singer",
            "acapella",
            "rap",
            "lead vocal",
        ],
    ),
    (
        Role::Drums,
        &[
            "drum",
            "drums",
            "drm",
            "drms",
            "dr",
            "drs",
            "kit",
            "kick",
            "kicks",
            "bd",
            "snare",
            "snares",
            "sd",
            "perc",
            "percs",
            "percussion",
            "prc",
            "beat",
            "beats",
            "loop",
            "loops",
            "tom",
            "toms",
            "hat",
            "hats",
            "hihat",
            "hh",
            "overhead",
            "overheads",
            "oh",
            "ohs",
            "cymbals",
            "clap",
            "claps",
            "shaker",
            "tamb",
            "conga",
            "congas",
        ],
    ),
    (Role::Bass, &["bass", "bs", "bss", "basses", "bassline"]),
    (
        Role::Guitars,
        &[
            "gtr", "gtrs", "gt", "gts", "git", "guit", "guitar", "guitars", "egtr", "egtrs",
            "agtr", "agtrs", "acgtr", "elgtr", "acoustic", "ukulele", "banjo", "mandolin",
        ],
    ),
    (
        Role::Keys,
        &[
            "key",
            "keys",
            "kbd",
            "keyboard",
            "keyboards",
            "piano",
            "pianos",
            "pno",
            "rhodes",
            "wurli",
            "wurlitzer",
            "ep",
            "organ",
            "org",
            "hammond",
            "synth",
            "synths",
            "syn",
            "syns",
            "pad",
            "pads",
            "arp",
            "arps",
            "pluck",
            "plucks",
        ],
    ),
    (Role::Foley, &["foley", "fol", "fly"]),
    (
        Role::Ambience,
        &[
            "amb",
            "ambs",
            "ambi",
            "ambience",
            "ambiance",
            "ambient",
            "atmos",
            "atmo",
            "atmosphere",
            "bg",
            "bgs",
            "background",
            "backgrounds",
            "room tone",
            "roomtone",
            "walla",
        ],
    ),
    (
        Role::Ads,
        &[
            "ad",
            "ads",
            "advert",
            "adverts",
            "advertisement",
            "commercial",
            "commercials",
            "sponsor",
            "sponsors",
            "promo",
            "promos",
        ],
    ),
    (
        Role::Fx,
        &[
            "fx",
            "sfx",
            "efx",
            "effect",
            "effects",
            "riser",
            "risers",
            "impact",
            "impacts",
            "sweep",
            "sweeps",
            "transition",
            "transitions",
            "foleyfx",
            "whoosh",
            "hits",
        ],
    ),
    (
        Role::Music,
        &[
            "mx",
            "mus",
            "music",
            "inst",
            "instr",
            "instrumental",
            "instruments",
            "band",
            "score",
            "orch",
            "orchestra",
            "strings",
            "string",
            "strs",
            "brass",
            "horn",
            "horns",
            "winds",
            "bed",
            "theme",
            "underscore",
        ],
    ),
    (Role::LeadVocal, &["lead", "ld"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_words() {
        assert_eq!(words("VoxLead_02"), ["vox", "lead", "02"]);
        assert_eq!(words("BGVs"), ["bgvs"]);
        assert_eq!(words("BGVLead"), ["bgv", "lead"]);
        assert_eq!(words("Ad-Libs"), ["ad", "libs"]);
        assert_eq!(words("SynthBass2"), ["synth", "bass", "2"]);
        assert_eq!(words("DX"), ["dx"]);
        assert_eq!(words(""), Vec::<String>::new());
    }

    #[test]
    fn usual_abbreviations_are_understood() {
        for (name, role) in [
            ("Drums", Role::Drums),
            ("DRM", Role::Drums),
            ("Perc", Role::Drums),
            ("Percussion", Role::Drums),
            ("Kick", Role::Drums),
            ("BassDrum", Role::Drums),
            ("Bass", Role::Bass),
            ("SynthBass", Role::Bass),
            ("Sub", Role::Sub),
            ("SubBass", Role::Sub),
            ("808", Role::Sub),
            ("Music", Role::Music),
            ("MX", Role::Music),
            ("Strings", Role::Music),
            ("Gtr", Role::Guitars),
            ("AcGtr", Role::Guitars),
            ("Guitars", Role::Guitars),
            ("E-Gtrs", Role::Guitars),
            ("Keys", Role::Keys),
            ("Synth", Role::Keys),
            ("SynthLead", Role::Keys),
            ("Lead_Synth", Role::Keys),
            ("Piano", Role::Keys),
            ("Vox", Role::LeadVocal),
            ("VoxLead", Role::LeadVocal),
            ("Lead Vox", Role::LeadVocal),
            ("LV", Role::LeadVocal),
            ("Vocals", Role::LeadVocal),
            ("Lead", Role::LeadVocal),
            ("VoxFX", Role::LeadVocal),
            ("BGV", Role::BackingVocals),
            ("BGVs", Role::BackingVocals),
            ("BV", Role::BackingVocals),
            ("Backing Vocals", Role::BackingVocals),
            ("BackingVox", Role::BackingVocals),
            ("Vox_BG", Role::BackingVocals),
            ("Harmonies", Role::BackingVocals),
            ("Ad-libs", Role::AdLibs),
            ("AdLibs", Role::AdLibs),
            ("adlib", Role::AdLibs),
            ("FX", Role::Fx),
            ("SFX", Role::Fx),
            ("Risers", Role::Fx),
            ("GtrFX", Role::Guitars),
            ("Amb", Role::Ambience),
            ("Atmos", Role::Ambience),
            ("BG", Role::Ambience),
            ("DX", Role::Dialogue),
            ("Dialog", Role::Dialogue),
            ("VO", Role::Dialogue),
            ("Narrator", Role::Dialogue),
            ("Foley", Role::Foley),
            ("Ads", Role::Ads),
            ("Ad", Role::Ads),
            ("Sponsor", Role::Ads),
            ("Kazoo", Role::Other),
            ("", Role::Other),
        ] {
            assert_eq!(told_by(name), role, "{name}");
        }
    }

    #[test]
    fn every_role_understands_its_own_name() {
        for role in Role::ALL {
            assert_eq!(told_by(role.name()), role, "{role}");
        }
    }
}
