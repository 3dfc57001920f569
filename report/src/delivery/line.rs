//! One line of a verdict.

use serde::{Deserialize, Serialize};

/// How a check ended, from the best to the worst.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing was asked for, so nothing can be missed.
    #[default]
    Noted,
    /// As asked for.
    #[serde(rename = "pass")]
    Passed,
    /// No limit was passed, but somebody should look at it.
    Review,
    /// Something was asked for that cannot be told from what was measured.
    NotMeasurable,
    /// A limit was passed.
    #[serde(rename = "fail")]
    Failed,
}

impl Outcome {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Passed => "pass",
            Self::Review => "review",
            Self::NotMeasurable => "not measurable",
            Self::Failed => "fail",
        }
    }

    /// The sign that stands beside the word.
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Noted => "\u{2022}",
            Self::Passed => "\u{2713}",
            Self::Review => "!",
            Self::NotMeasurable => "?",
            Self::Failed => "\u{2717}",
        }
    }

    /// Whether no limit is passed, and none is left open.
    pub const fn keeps_limits(self) -> bool {
        matches!(self, Self::Noted | Self::Passed | Self::Review)
    }
}

/// A check.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    /// What was checked: `Integrated`, `True peak`...
    pub what: String,
    /// What was measured, with its unit.
    pub measured: String,
    /// What is asked for, with its unit; empty where nothing is.
    pub limits: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What to do, as a sentence without its full stop; empty where there is nothing to do.
    pub advice: String,
    /// Where to look, in seconds from the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at_seconds: Option<f64>,
}

impl Line {
    /// A line on `what`, with what was measured and how it ended.
    pub fn new(what: &str, measured: impl Into<String>, outcome: Outcome) -> Self {
        Self { what: what.to_owned(), measured: measured.into(), outcome, ..Self::default() }
    }

    /// The same, with what is asked for.
    #[must_use]
    pub fn within(self, limits: impl Into<String>) -> Self {
        Self { limits: limits.into(), ..self }
    }

    /// The same, with what to do.
    #[must_use]
    pub fn advising(self, advice: impl Into<String>) -> Self {
        Self { advice: advice.into(), ..self }
    }

    /// The whole in a row: measured, limits, what to do.
    pub fn said(&self) -> String {
        let limits =
            if self.limits.is_empty() { String::new() } else { format!(", asked {}", self.limits) };
        let advice =
            if self.advice.is_empty() { String::new() } else { format!(". {}", self.advice) };
        format!("{}{limits}{advice}", self.measured)
    }
}

/// The worst of all.
pub fn overall(lines: &[Line]) -> Outcome {
    lines.iter().map(|line| line.outcome).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_counts_and_what_is_left_open_keeps_no_limit() {
        use Outcome::{Failed, NotMeasurable, Noted, Passed, Review};
        let of = |outcomes: &[Outcome]| {
            let lines: Vec<Line> = outcomes.iter().map(|o| Line::new("x", "", *o)).collect();
            overall(&lines)
        };
        assert_eq!(of(&[]), Noted);
        assert_eq!(of(&[Noted, Passed]), Passed);
        assert_eq!(of(&[Review, Passed]), Review);
        assert_eq!(of(&[NotMeasurable, Review]), NotMeasurable);
        assert_eq!(of(&[Failed, NotMeasurable]), Failed);
        let kept = [Noted, Passed, Review, NotMeasurable, Failed].map(Outcome::keeps_limits);
        assert_eq!(kept, [true, true, true, false, false]);
    }

    #[test]
    fn a_line_is_said_without_what_it_does_not_have() {
        let line = Line::new("True peak", "\u{2212}0.6 dBTP", Outcome::Failed);
        assert_eq!(line.said(), "\u{2212}0.6 dBTP");
        let line = line.within("at most \u{2212}1.0 dBTP").advising("Lower it");
        assert_eq!(line.said(), "\u{2212}0.6 dBTP, asked at most \u{2212}1.0 dBTP. Lower it");
    }
}
