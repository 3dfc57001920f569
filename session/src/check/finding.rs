//! What a check found: how grave it is, whose it is, what it means and what to do.

use serde::Serialize;

/// How grave a finding is. Ordered from the least.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the set may be delivered as it is.
    Note,
    /// Somebody should listen, look or ask before the set is used.
    Review,
    /// The set is wrong.
    Fail,
}

impl Severity {
    /// As the text shows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Review => "review",
            Self::Fail => "fail",
        }
    }
}

/// One thing a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// How grave it is.
    pub severity: Severity,
    /// What it is, in words that do not change between versions: `stem-delay`, `clipped`.
    pub code: &'static str,
    /// The file it is about; absent where it is about the whole set.
    pub file: Option<String>,
    /// What was found and what it means.
    pub message: String,
    /// What to do.
    pub action: String,
}

impl Finding {
    /// A finding about one file.
    pub(super) fn of(
        severity: Severity,
        code: &'static str,
        file: &str,
        message: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self { file: Some(file.to_owned()), ..Self::of_set(severity, code, message, action) }
    }

    /// A finding about the whole set.
    pub(super) fn of_set(
        severity: Severity,
        code: &'static str,
        message: impl Into<String>,
        action: impl Into<String>,
    ) -> Self {
        Self { severity, code, file: None, message: message.into(), action: action.into() }
    }
}
