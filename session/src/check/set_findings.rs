//! What is to be said of the set as a whole: headroom, duplicates, numbering, and why there is no
//! null test.

use super::finding::{Finding, Severity};
use super::survey::{SumLevels, Survey};
use super::{Group, file_name};

/// Headroom of the sum that a mastering engineer asks for, dB.
const HEADROOM_DB: std::ops::RangeInclusive<f64> = 6.0..=10.0;

/// The sum's headroom, to a tenth of a dB as it is shown.
pub(super) fn headroom(sum: &SumLevels) -> Option<Finding> {
    let headroom = (-sum.true_peak_dbtp? * 10.0).round() / 10.0;
    if headroom < *HEADROOM_DB.start() {
        return Some(Finding::of_set(
            Severity::Review,
            "headroom-hot",
            format!("the sum of the stems leaves {headroom:.1} dB of headroom: it is hot"),
            format!(
                "lower all stems and the mix by {:.1} dB, all alike",
                HEADROOM_DB.start() - headroom
            ),
        ));
    }
    (headroom > *HEADROOM_DB.end()).then(|| {
        Finding::of_set(
            Severity::Note,
            "headroom-low-level",
            format!("the sum of the stems leaves {headroom:.1} dB of headroom, more than 10 dB"),
            "nothing at 24 bits and above",
        )
    })
}

/// Stems that are the same, unless the null test has said so.
pub(super) fn duplicates(
    groups: &[Group<'_>],
    said: &[Finding],
    null_tested: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for group in groups {
        let Some(((first, _), copies)) = group.entries.split_first() else { continue };
        for (copy, _) in copies {
            let file = file_name(&copy.path);
            if said.iter().any(|f| f.code == "stem-doubled" && f.file.as_ref() == Some(&file)) {
                continue;
            }
            let message = format!("is the same audio as {}", file_name(&first.path));
            findings.push(Finding::of(
                Severity::Review,
                "duplicate",
                &file,
                if null_tested { message + ", and so the mix has it" } else { message },
                "take one of the two out, unless both are meant to sound",
            ));
        }
    }
    findings
}

/// Gaps in the numbering, where no null test tells whether they matter.
pub(super) fn gaps(gaps: &[u32]) -> Option<Finding> {
    let numbers: Vec<String> = gaps.iter().map(|n| format!("{n:02}")).collect();
    (!gaps.is_empty()).then(|| {
        Finding::of_set(
            Severity::Review,
            "number-gap",
            format!("the numbering leaves out {}", numbers.join(", ")),
            "ask whether a stem is missing",
        )
    })
}

/// Why there is no null test.
pub(super) fn obstacle(survey: &Survey) -> String {
    let rate = survey.sample_rate_hz;
    let odd = |wanted: bool| {
        survey.entries.iter().filter(|e| e.in_sum || e.is_mix).find(|e| {
            e.found.as_ref().map_or(!wanted, |f| wanted && f.format.sample_rate_hz != rate)
        })
    };
    if !survey.entries.iter().any(|e| e.is_mix) {
        "there is no mix to hold the sum against: put the mix beside the stems, named like \
         Song_Mix_Main_48k24.wav"
            .to_owned()
    } else if let Some(entry) = odd(false) {
        format!("{} cannot be read", file_name(&entry.path))
    } else if let Some(entry) = odd(true) {
        format!("{} is at another sample rate", file_name(&entry.path))
    } else {
        "no stem feeds the mix".to_owned()
    }
}
