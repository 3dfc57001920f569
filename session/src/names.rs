//! File names as deliveries write them: `Harbor_Stem_01_Drums_48k24.wav`.
//!
//! From the names of a folder's files: which are stems and which are mixes, what the song is
//! called, and what each stem is called. To names: the rate and depth tag, and the seed of a
//! file's dither.

use crate::role::words;

/// Separators between the parts of a delivery name.
const SEPARATORS: [char; 4] = ['_', '-', ' ', '.'];

/// Whether a file name (without its extension) is that of a mix and not of a stem.
///
/// A whole word `mix`, `mixdown`, `master` and the like makes it a mix (`Harbor_Mix_Main`),
/// unless it also says that it is a stem (`Harbor_Mix2_Stem_01_Drums`).
pub fn is_mix(stem_name: &str) -> bool {
    let words = words(stem_name);
    let any = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
    !any(&["stem", "stems"])
        && any(&[
            "mix",
            "mixdown",
            "mixes",
            "premaster",
            "master",
            "masters",
            "mastered",
            "nomaster",
        ])
}

/// The song's title: what all stem names begin with, up to the word "Stem" or a number. `None`
/// if they have nothing in common.
///
/// `stem_names` are file names without extension.
pub fn song(stem_names: &[&str]) -> Option<String> {
    let first = stem_names.first()?;
    // Candidate ends are separators (or the end), so that a title is never cut within a word.
    let mut best: Option<&str> = None;
    for end in boundaries(first) {
        let prefix = &first[..end];
        let rest = first[end..].trim_start_matches(SEPARATORS);
        let ends_here = |name: &&str| {
            name.strip_prefix(prefix).is_some_and(|r| r.is_empty() || r.starts_with(SEPARATORS))
        };
        if prefix.is_empty() || !stem_names.iter().all(ends_here) {
            continue;
        }
        best = Some(prefix);
        let next = rest.split(SEPARATORS).next().unwrap_or("").to_lowercase();
        if next == "stem" || next == "stems" || is_number(&next) || is_format_tag(&next) {
            break;
        }
    }
    let mut title = best?.trim_matches(SEPARATORS);
    if stem_names.len() == 1 && title == first.trim_matches(SEPARATORS) {
        // One file and no marker: its last word is the stem, what is before it the song.
        title = title.rsplit_once('_').map_or("", |(song, _)| song);
    }
    // `Stem_01_…` alone names no song.
    let word = title.to_lowercase();
    (!title.is_empty() && word != "stem" && word != "stems" && !is_number(&word))
        .then(|| title.to_owned())
}

/// The part that tells a stem from the others: the name without the song, the word "Stem",
/// leading numbers and the format tag. Never empty: falls back to the whole name.
pub fn stem_label(stem_name: &str, song: Option<&str>) -> String {
    let rest = song
        .and_then(|song| stem_name.strip_prefix(song))
        .filter(|rest| rest.starts_with(SEPARATORS))
        .unwrap_or(stem_name);
    let mut parts: Vec<&str> = rest.split(['_', ' ', '.']).filter(|p| !p.is_empty()).collect();
    parts.retain(|p| !is_format_tag(&p.to_lowercase()) && !is_version_tag(p) && !is_date(p));
    while parts.len() > 1 {
        let word = parts[0].to_lowercase();
        let word = word.trim_matches('-');
        if word.is_empty() || word == "stem" || word == "stems" || is_number(word) {
            parts.remove(0);
        } else {
            break;
        }
    }
    let label = parts.join(" ");
    let label = label.trim_matches(SEPARATORS);
    if label.is_empty() { stem_name.to_owned() } else { label.to_owned() }
}

/// A rate as names write it: `48k`, `44k1`, `88k2`, `192k`.
pub fn rate_tag(sample_rate_hz: u32) -> String {
    let (thousands, rest) = (sample_rate_hz / 1000, sample_rate_hz % 1000);
    if rest == 0 {
        return format!("{thousands}k");
    }
    format!("{thousands}k{}", format!("{rest:03}").trim_end_matches('0'))
}

/// A name made safe for every file system: separators and reserved characters become `-`.
pub fn file_safe(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '-' } else { c })
        .collect();
    let safe = safe.trim().trim_matches('.').to_owned();
    if safe.is_empty() { "Session".to_owned() } else { safe }
}

/// The names of one delivery: `Harbor_Instrumental_48k24.wav`,
/// `Harbor_Stem_01_Drums_48k24_v02_2026-05-12.wav`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The song's title, safe for a file name.
    song: String,
    /// The sample rate as names write it.
    rate: String,
    /// The date, if names carry one.
    date: Option<String>,
    /// The version, if names carry one.
    version: Option<u32>,
}

impl Delivery {
    /// Names for a song at a rate; with a date (`2026-05-12`) and a version if they are given.
    pub fn new(song: &str, sample_rate_hz: u32, date: Option<&str>, version: Option<u32>) -> Self {
        Self {
            song: file_safe(song),
            rate: rate_tag(sample_rate_hz),
            date: date.map(file_safe),
            version,
        }
    }

    /// The names of the next version: that of an unnumbered delivery is 2.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: Some(self.version.unwrap_or(1).saturating_add(1)), ..self.clone() }
    }

    /// The version, if names carry one.
    pub fn version(&self) -> Option<u32> {
        self.version
    }

    /// The name of the print `part` (`Master`, `Stem_01_Drums`) at `depth` (`24`, `32f`).
    pub fn print(&self, part: &str, depth: &str) -> String {
        format!("{}_{part}_{}{depth}{}.wav", self.song, self.rate, self.suffix())
    }

    /// The name of a report: `report.json`, `report_v02.html`.
    pub fn report(&self, extension: &str) -> String {
        format!("report{}.{extension}", self.suffix())
    }

    fn suffix(&self) -> String {
        let version = self.version.map(|v| format!("_v{v:02}")).unwrap_or_default();
        let date = self.date.as_ref().map(|d| format!("_{d}")).unwrap_or_default();
        version + &date
    }
}

/// A stem's name as one word of a delivery name, which `_` separates: `Lead Vocal` becomes
/// `Lead-Vocal`.
pub fn stem_part(number: usize, name: &str) -> String {
    let word: String =
        file_safe(name).chars().map(|c| if c == '_' || c == ' ' { '-' } else { c }).collect();
    format!("Stem_{number:02}_{word}")
}

/// The seed of a file's dither, from its name alone: the same print dithers the same, two prints
/// of one session differ (FNV-1a, 64 bits; Fowler, Noll & Vo).
pub fn dither_seed(file_name: &str) -> u64 {
    file_name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3)
    })
}

/// Every place a part of `name` ends: before each separator, and at the end.
fn boundaries(name: &str) -> impl Iterator<Item = usize> + '_ {
    name.char_indices()
        .filter(|(_, c)| SEPARATORS.contains(c))
        .map(|(i, _)| i)
        .chain(std::iter::once(name.len()))
}

/// Only digits.
fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

/// `48k24`, `44k1`, `96k32f`: digits, a k, then digits and perhaps an f.
fn is_format_tag(word: &str) -> bool {
    word.split_once('k').is_some_and(|(rate, rest)| {
        let depth = rest.strip_suffix('f').unwrap_or(rest);
        is_number(rate) && (rest.is_empty() || is_number(depth))
    })
}

/// `v2`, `V02`.
fn is_version_tag(word: &str) -> bool {
    word.strip_prefix(['v', 'V']).is_some_and(is_number)
}

/// `2026-05-12`.
fn is_date(word: &str) -> bool {
    let lengths: Vec<usize> = word.split('-').map(str::len).collect();
    lengths == [4, 2, 2] && word.split('-').all(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delivery_pattern_tells_song_and_stem() {
        let names = ["Harbor_Stem_01_Drums_48k24", "Harbor_Stem_02_Bass_48k24"];
        let song = song(&names);
        assert_eq!(song.as_deref(), Some("Harbor"));
        assert_eq!(stem_label(names[0], song.as_deref()), "Drums");
        assert_eq!(stem_label("Harbor_Stem_04_VoxLead_48k24", song.as_deref()), "VoxLead");
    }

    #[test]
    fn other_patterns_work_too() {
        assert_eq!(
            song(&["Night Drive - Drums", "Night Drive - Bass"]).as_deref(),
            Some("Night Drive")
        );
        assert_eq!(song(&["Harbor_01_Drums", "Harbor_02_Bass"]).as_deref(), Some("Harbor"));
        assert_eq!(song(&["Drums", "Bass"]), None);
        assert_eq!(song(&["01_Drums", "02_Bass"]), None);
        assert_eq!(song(&["Stem_01_Drums", "Stem_02_Bass"]), None);
        assert_eq!(song(&["Harbor_Stem_01_Drums_48k24"]).as_deref(), Some("Harbor"));
        assert_eq!(song(&["Harbor_Drums"]).as_deref(), Some("Harbor"));
        assert_eq!(song(&["Drums"]), None);
        assert_eq!(song(&[]), None);
        // "Bass" and "Bassoon" share letters, not a word.
        assert_eq!(song(&["Bass", "Bassoon"]), None);
        assert_eq!(stem_label("01_Drums", None), "Drums");
        assert_eq!(stem_label("Drums", None), "Drums");
        assert_eq!(stem_label("Night Drive - Drums", Some("Night Drive")), "Drums");
        assert_eq!(stem_label("Harbor_Stem_07", Some("Harbor")), "07");
        assert_eq!(stem_label("Harbor_Ad-libs", Some("Harbor")), "Ad-libs");
        let printed = "Harbor_Stem_01_Drums_48k24_v02_2026-05-12";
        assert_eq!(stem_label(printed, Some("Harbor")), "Drums");
    }

    #[test]
    fn mixes_are_not_stems() {
        for mix in ["Harbor_Mix_Main_48k24", "Harbor_Master_48k24", "HarborMaster", "harbor-mix"] {
            assert!(is_mix(mix), "{mix}");
        }
        for stem in
            ["Harbor_Stem_01_Drums", "Remix_Drums", "Harbor_Mix2_Stem_01_Drums", "Mixolydian_Bass"]
        {
            assert!(!is_mix(stem), "{stem}");
        }
    }

    #[test]
    fn rates_are_written_as_deliveries_write_them() {
        for (rate, tag) in [
            (48_000, "48k"),
            (44_100, "44k1"),
            (88_200, "88k2"),
            (96_000, "96k"),
            (22_050, "22k05"),
            (11_025, "11k025"),
        ] {
            assert_eq!(rate_tag(rate), tag);
        }
    }

    #[test]
    fn seeds_are_those_of_fnv() {
        assert_eq!(dither_seed(""), 0xCBF2_9CE4_8422_2325);
        assert_eq!(dither_seed("a"), 0xAF63_DC4C_8601_EC8C);
    }

    #[test]
    fn deliveries_are_named_as_labels_ask() {
        let plain = Delivery::new("Harbor", 48_000, None, None);
        assert_eq!(plain.print("Instrumental", "24"), "Harbor_Instrumental_48k24.wav");
        assert_eq!(plain.report("json"), "report.json");
        assert_eq!(plain.next().print("Master", "32f"), "Harbor_Master_48k32f_v02.wav");
        let full = Delivery::new("A/B", 44_100, Some("2026-05-12"), Some(2));
        assert_eq!(
            full.print(&stem_part(1, "Lead Vocal"), "16"),
            "A-B_Stem_01_Lead-Vocal_44k116_v02_2026-05-12.wav"
        );
        assert_eq!(full.next().report("html"), "report_v03_2026-05-12.html");
    }

    #[test]
    fn names_are_made_safe() {
        assert_eq!(file_safe("AC/DC: Live?"), "AC-DC- Live-");
        assert_eq!(file_safe(".."), "Session");
    }
}
