//! A whole programme against a target.

use super::line::{Line, Outcome, overall};
use super::measured::Measured;
use super::sentences::{
    LEAST_SECONDS, ONE_CHANNEL_LU, Peak, amount, enough, is_over, loudest, loudness, true_peak,
};
use crate::model::Target;
use crate::number::fixed;
use serde::{Deserialize, Serialize};

/// A mono speaker that loses more than this of a band is worth a look, dB.
const MOST_FOLD_LOSS_DB: f64 = 3.0;

/// What is asked for against what was measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Verdict {
    /// What is asked for.
    pub target: Target,
    /// How it ended: the worst of the lines.
    pub outcome: Outcome,
    /// The one sentence that says what to do first, without its full stop.
    pub sentence: String,
    /// Line by line, in the order in which people ask.
    pub lines: Vec<Line>,
}

impl Verdict {
    /// `measured` against `target`.
    pub fn of(target: &Target, measured: &Measured) -> Self {
        let (loudness, gain_db) = loudness(target, measured);
        let mut lines: Vec<Line> = channels(target, measured).into_iter().collect();
        lines.push(loudness);
        lines.push(true_peak(target, Peak::of(measured), gain_db));
        lines.extend(loudest(target, measured, gain_db));
        lines.extend(range(target, measured));
        lines.extend(mono_fold(measured));
        let outcome = overall(&lines);
        let sentence = sentence(&lines, outcome);
        Self { target: target.clone(), outcome, sentence, lines }
    }

    /// Whether no limit is passed, and none is left open.
    pub fn passed(&self) -> bool {
        self.outcome.keeps_limits()
    }
}

/// What the first of the worst lines advises, or that there is nothing to do.
fn sentence(lines: &[Line], outcome: Outcome) -> String {
    let nothing = match outcome {
        Outcome::Noted => "Nothing is asked for",
        Outcome::Passed => "As asked: nothing to do",
        Outcome::Review | Outcome::NotMeasurable | Outcome::Failed => "",
    };
    let worst = lines.iter().filter(|line| line.outcome == outcome && !line.advice.is_empty());
    worst.map(|line| line.advice.clone()).next().unwrap_or_else(|| nothing.to_owned())
}

/// Whether it has the channels that are asked for, where that matters.
fn channels(target: &Target, measured: &Measured) -> Option<Line> {
    const WHAT: &str = "Channels";
    match (target.mono, measured.channels) {
        (true, 2..) if measured.alike => Some(
            Line::new(WHAT, "stereo, both alike", Outcome::Failed)
                .within("mono")
                .advising("Deliver one of the two channels: they are alike"),
        ),
        (true, 2..) => Some(
            Line::new(WHAT, "stereo", Outcome::Failed)
                .within("mono")
                .advising("Fold it to mono, then measure again"),
        ),
        (true, 1) => Some(Line::new(WHAT, "mono", Outcome::Passed).within("mono")),
        (false, 1) if measured.dual_mono => {
            Some(Line::new(WHAT, "mono, counted as the two speakers that play it", Outcome::Noted))
        }
        (false, 1) if target.lufs.is_some() => {
            let said =
                format!("mono, counted once: {} LU more on two speakers", fixed(ONE_CHANNEL_LU, 1));
            Some(Line::new(WHAT, said, Outcome::Noted))
        }
        _ => None,
    }
}

/// The loudness range, with what it rests on.
fn range(target: &Target, measured: &Measured) -> Option<Line> {
    const WHAT: &str = "Loudness range";
    let Some(range) = measured.range_lu.filter(|_| measured.seconds >= LEAST_SECONDS) else {
        let most = target.max_range_lu?;
        let line = Line::new(WHAT, "none", Outcome::NotMeasurable);
        return Some(line.within(format!("at most {} LU", fixed(most, 1))));
    };
    let unstable = if measured.range_is_stable { "" } else { ", unstable under 60 s" };
    let said = format!("{} LU{unstable}", fixed(range, 1));
    let Some(most) = target.max_range_lu else {
        return Some(Line::new(WHAT, said, Outcome::Noted));
    };
    let line = |outcome| {
        Line::new(WHAT, said.clone(), outcome).within(format!("at most {} LU", fixed(most, 1)))
    };
    let wide = is_over(range, most);
    Some(match (wide, measured.range_is_stable) {
        (false, true) => line(Outcome::Passed),
        (false, false) => line(Outcome::Review).advising("Measure 60 s or more to be sure of it"),
        (true, stable) => {
            let by = amount(range - most);
            let advice = format!(
                "{by} LU too wide: bring quiet and loud passages {} LU nearer to each other",
                enough(range - most)
            );
            line(if stable { Outcome::Failed } else { Outcome::Review }).advising(advice)
        }
    })
}

/// What a mono speaker loses.
fn mono_fold(measured: &Measured) -> Option<Line> {
    const WHAT: &str = "Mono fold";
    let whole_db = measured.fold_loss_db.filter(|_| measured.channels > 1)?;
    let lost = |db: f64| format!("{} dB", fixed(db, 1));
    let bands = measured.bands.iter().filter_map(|band| Some((&*band.name, band.fold_loss_db?)));
    let band =
        bands.reduce(|a, b| if b.1 < a.1 { b } else { a }).filter(|band| band.1 < whole_db - 0.05);
    let (who, most_db) =
        band.map_or(("All of it".to_owned(), whole_db), |(name, db)| (format!("{name} band"), db));
    let said = band
        .map_or_else(String::new, |(name, db)| format!(", {} {}", name.to_lowercase(), lost(db)));
    let said = format!("{}{said}", lost(whole_db));
    if most_db >= -MOST_FOLD_LOSS_DB {
        return Some(Line::new(WHAT, said, Outcome::Noted));
    }
    let advice = format!(
        "{who} loses {} in mono, beyond what stereo always does: hear it on one speaker",
        lost(-most_db)
    );
    Some(Line::new(WHAT, said, Outcome::Review).advising(advice))
}

#[cfg(test)]
mod tests;
