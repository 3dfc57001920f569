//! Names against the delivery pattern: `Harbor_Stem_01_Drums_48k24.wav`.

use super::finding::{Finding, Severity};
use super::material::Stem;
use super::survey::{Entry, Survey};
use crate::names;
use crate::role::Role;
use crate::template::title;
use std::collections::BTreeSet;

/// The parts of a name that follows the pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts<'a> {
    song: String,
    number: u32,
    tag: &'a str,
}

/// Takes a name apart, if it follows the pattern.
fn parts(title: &str) -> Option<Parts<'_>> {
    let words: Vec<&str> = title.split('_').collect();
    let stem = words.iter().position(|w| w.eq_ignore_ascii_case("stem"))?;
    let (number, tag) = (words.get(stem + 1)?, *words.last()?);
    let numbered = number.len() == 2 && number.bytes().all(|b| b.is_ascii_digit());
    let labelled = words.len() >= stem + 4 && words[stem + 2..].iter().all(|w| !w.is_empty());
    (stem > 0 && numbered && labelled && is_tag(tag)).then(|| Parts {
        song: words[..stem].join("_"),
        number: number.parse().unwrap_or(0),
        tag,
    })
}

fn is_tag(word: &str) -> bool {
    let depth = |d: &str| ["8", "16", "24", "32", "32f", "64f"].contains(&d);
    word.split_once('k').is_some_and(|(rate, rest)| {
        !rate.is_empty()
            && rate.bytes().all(|b| b.is_ascii_digit())
            // 44k116: what stands before the depth belongs to the rate.
            && (0..=rest.len().min(3)).any(|at| {
                rest.is_char_boundary(at)
                    && rest[..at].bytes().all(|b| b.is_ascii_digit())
                    && depth(&rest[at..])
            })
    })
}

/// The number of a stem, whatever else its name follows.
fn number(title: &str) -> Option<u32> {
    let words = title.split(['_', '-', ' ', '.']).filter(|w| !w.is_empty());
    let digits = |w: &&str| w.len() <= 2 && w.bytes().all(|b| b.is_ascii_digit());
    words.into_iter().find(digits)?.parse().ok()
}

/// Numbers between 1 and the last that no stem carries, where all stems are numbered.
pub(super) fn gaps(stems: &[Stem]) -> Vec<u32> {
    let numbers: Option<BTreeSet<u32>> = stems.iter().map(|s| number(&title(&s.path))).collect();
    let Some(numbers) = numbers.filter(|n| n.len() == stems.len()) else { return Vec::new() };
    let last = numbers.last().copied().unwrap_or(0);
    (1..last).filter(|n| !numbers.contains(n)).collect()
}

/// What is to be said of the names.
pub(super) fn judge(stems: &[Stem], survey: &Survey) -> Vec<Finding> {
    let mut findings = Vec::new();
    let titles: Vec<String> = stems.iter().map(|s| title(&s.path)).collect();
    let parsed: Vec<Option<Parts<'_>>> = titles.iter().map(|t| parts(t)).collect();
    let following = parsed.iter().flatten().count();
    let pattern =
        "name stems like Song_Stem_01_Drums_48k24.wav: song, number, part, rate and depth";
    if following == 0 {
        findings.push(Finding::of_set(
            Severity::Note,
            "name-pattern",
            "the names do not follow the delivery pattern",
            pattern,
        ));
    }
    let mut seen = BTreeSet::new();
    for ((stem, entry), parts) in stems.iter().zip(&survey.entries).zip(&parsed) {
        let file = super::file_name(&stem.path);
        let mut find = |severity, code, message: String, action: &str| {
            findings.push(Finding::of(severity, code, &file, message, action));
        };
        if stem.role == Role::Other {
            find(
                Severity::Note,
                "name-role",
                "its name tells no role".to_owned(),
                "name the part (Drums, Bass, VoxLead, FX ...), or give `role` in a session file",
            );
        }
        let Some(parts) = parts else {
            if following > 0 {
                let message = "its name does not follow the delivery pattern, as others do";
                find(Severity::Note, "name-pattern", message.to_owned(), pattern);
            }
            continue;
        };
        let song = parsed.iter().flatten().next().map_or("", |first| &first.song);
        if parts.song != song {
            find(
                Severity::Review,
                "name-song",
                format!(
                    "its name says it is of \"{}\", and the first stem of \"{song}\"",
                    parts.song
                ),
                "make sure that it belongs to this song",
            );
        }
        if !seen.insert(parts.number) {
            find(
                Severity::Review,
                "name-number",
                format!("another stem is number {:02} too", parts.number),
                "give each stem a number of its own, or take the extra one out",
            );
        }
        findings.extend(tag_finding(entry, parts.tag, &file));
    }
    findings
}

/// Whether the tag tells the truth.
fn tag_finding(entry: &Entry, tag: &str, file: &str) -> Option<Finding> {
    let format = entry.found.as_ref().ok()?.format;
    let real = format!("{}{}", names::rate_tag(format.sample_rate_hz), format.encoding.name());
    (!tag.eq_ignore_ascii_case(&real)).then(|| {
        Finding::of(
            Severity::Review,
            "name-tag",
            file,
            format!("its name says {tag} and the file is {real}"),
            "find out which was meant: rename the file, or export it again",
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    fn stem(name: &str) -> Stem {
        Stem {
            path: PathBuf::from(format!("{name}.wav")),
            name: name.to_owned(),
            role: Role::Drums,
            in_sum: true,
        }
    }

    #[test]
    fn the_pattern_is_recognised() {
        let found = parts("Night_Drive_Stem_04_VoxLead_44k116").unwrap();
        assert_eq!((found.song.as_str(), found.number, found.tag), ("Night_Drive", 4, "44k116"));
        assert!(parts("Harbor_Stem_01_Lead_Vox_96k32f").is_some());
        for other in ["Drums", "Harbor_01_Drums", "Stem_01_Drums_48k24", "H_Stem_1_Drums_48k24"] {
            assert_eq!(parts(other), None, "{other}");
        }
        for other in ["H_Stem_01_48k24", "H_Stem_01_Drums", "H_Stem_01_Drums_48k", "H_Stem_01_D_é"]
        {
            assert_eq!(parts(other), None, "{other}");
        }
    }

    #[test]
    fn gaps_are_found_where_all_are_numbered() {
        let gaps_of = |names: &[&str]| gaps(&names.iter().map(|n| stem(n)).collect::<Vec<_>>());
        assert_eq!(gaps_of(&["H_Stem_01_A_48k24", "H_Stem_03_B_48k24"]), [2]);
        assert_eq!(gaps_of(&["02_A", "04_B"]), [1, 3]);
        assert_eq!(gaps_of(&["01_A", "02_B"]), [0u32; 0]);
        assert_eq!(gaps_of(&["01_A", "B"]), [0u32; 0]);
        assert_eq!(gaps_of(&["01_A", "01_B", "04_C"]), [0u32; 0]);
    }
}
