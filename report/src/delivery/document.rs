//! A delivery as one document: what `stemwright report` and the meter's export write.

use super::measured::Measured;
use super::verdict::Verdict;
use crate::model::{Schema, Target, Timeline};
use serde::{Deserialize, Serialize};

/// What was measured of one programme, what is asked for, how it stands, and its history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    /// What this is.
    pub schema: Schema,
    /// Version of whoever measured.
    pub stemwright: String,
    /// When it was measured, as RFC 3339 writes it: `2026-05-12T14:03:00Z`. May be empty.
    pub created: String,
    /// The programme: the file's name, or what the host calls it.
    pub programme: String,
    /// What the file is, in words: `24 bit, stereo`. May be empty.
    pub format: String,
    /// How it stands.
    pub verdict: Verdict,
    /// The figures.
    pub measured: Measured,
    /// The same over time, if that was kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<Timeline>,
}

impl Delivery {
    /// Name and version of the schema.
    pub const SCHEMA: (&str, u32) = ("stemwright.delivery", 1);

    /// `measured` of `programme` against `target`.
    pub fn new(programme: impl Into<String>, target: &Target, measured: Measured) -> Self {
        Self {
            programme: programme.into(),
            verdict: Verdict::of(target, &measured),
            measured,
            ..Self::default()
        }
    }
}

impl Default for Delivery {
    fn default() -> Self {
        let (name, version) = Self::SCHEMA;
        Self {
            schema: Schema { name: name.to_owned(), version },
            stemwright: String::new(),
            created: String::new(),
            programme: String::new(),
            format: String::new(),
            verdict: Verdict::default(),
            measured: Measured::default(),
            history: None,
        }
    }
}
