//! A session as data: what a session file (TOML) says, no more.
//!
//! ```toml
//! schema = 1
//! name = "Harbor"                          # the song; else read from the stems' names
//!
//! [[stem]]
//! file = "Harbor_Stem_01_Drums_48k24.wav"  # relative to the session file
//! role = "Drums"                           # else read from the file's name
//! name = "Drums"                           # unique; else read from the file's name
//! to = "band"                              # a bus, "mix" (the default) or "none"
//!
//! [[stem.insert]]                          # in order
//! plugin = "org.stemwright.stem-trim"
//! params = { Role = "{role}", Gain = "-1.5 dB" }
//!
//! [[stem.insert.automation]]               # a value that moves; not in `params` as well
//! param = "Balance"
//! points = [[0.0, "C"], [12.5, "30 L"]]    # seconds from the session's start, value as in `params`
//! shape = "linear"                         # a straight line (the default), or "step"
//!
//! [[stem]]
//! file = "*"                               # every other stem of the folder
//! send = [{ to = "sum", level_db = -3.0 }] # tap = "post" (the default), "pre", or 1: after insert 1
//!
//! [[bus]]
//! name = "band"
//!
//! [[bus.insert]]
//! plugin = "org.stemwright.bus-compressor"
//! key = "Drums"                            # or { from = "Drums", tap = "pre" }, or by role:
//!                                          # { role = ["Lead Vocal", "Dialogue"] }, their sum
//!
//! [[bus]]
//! name = "sum"
//! to = "none"                              # feeds keys only
//!
//! [[mix.insert]]
//! plugin = "org.stemwright.limiter"
//! params = { Ceiling = -1 }
//! ```

use crate::error::{Error, Result};
use crate::role::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// The schema this version reads and writes.
pub const SCHEMA: u32 = 1;

/// The name of the bus at the end.
pub const MIX: &str = "mix";
/// The destination that is none: a channel that feeds keys or sends alone.
pub const NONE: &str = "none";

/// A session file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Version of the format: [`SCHEMA`].
    pub schema: u32,
    /// The song's title; read from the stems' names if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The stems, or patterns that stand for several.
    #[serde(default, rename = "stem")]
    pub stems: Vec<Stem>,
    /// Groups, aux returns and key sums.
    #[serde(default, rename = "bus", skip_serializing_if = "Vec::is_empty")]
    pub buses: Vec<Bus>,
    /// The end of it all.
    #[serde(default)]
    pub mix: Mix,
}

/// One file, or with a `*` every file that matches and that no earlier entry took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stem {
    /// File name relative to the session file; `*` stands for anything.
    pub file: String,
    /// Unique name; read from the file's name if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its part; read from the file's name if absent. On a pattern: only stems of this role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// The bus it feeds.
    #[serde(default = "mix", skip_serializing_if = "is_mix")]
    pub to: String,
    /// Further buses it feeds.
    #[serde(default, rename = "send", skip_serializing_if = "Vec::is_empty")]
    pub sends: Vec<Send>,
    /// Its plugins, in order.
    #[serde(default, rename = "insert", skip_serializing_if = "Vec::is_empty")]
    pub inserts: Vec<Insert>,
}

/// A sum of stems and other buses.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bus {
    /// Unique name.
    pub name: String,
    /// The bus it feeds.
    #[serde(default = "mix", skip_serializing_if = "is_mix")]
    pub to: String,
    /// Further buses it feeds.
    #[serde(default, rename = "send", skip_serializing_if = "Vec::is_empty")]
    pub sends: Vec<Send>,
    /// Its plugins, in order.
    #[serde(default, rename = "insert", skip_serializing_if = "Vec::is_empty")]
    pub inserts: Vec<Insert>,
}

/// The mix bus.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mix {
    /// Whether the sum is folded to mono, (L + R) / 2, before the inserts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub mono: bool,
    /// Its plugins, in order.
    #[serde(default, rename = "insert", skip_serializing_if = "Vec::is_empty")]
    pub inserts: Vec<Insert>,
}

/// A plugin on a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insert {
    /// CLAP id.
    pub plugin: String,
    /// Where its key comes from; without one, the key input stays silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// Values by parameter name or CLAP id; what is not named stays at its default.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
    /// Values that move.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub automation: Vec<Automation>,
}

/// A parameter that moves. It holds the first point's value before that point and the last one's
/// after it.
///
/// Lines are straight in the plugin's own (CLAP) value, as a DAW draws them, which is straight in
/// dB where a knob's travel is. Stepped parameters step whatever `shape` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Automation {
    /// Parameter name or CLAP id.
    pub param: String,
    /// Where it goes, in rising order of time; at least one.
    pub points: Vec<Point>,
    /// How it gets from point to point.
    #[serde(default, skip_serializing_if = "is_linear")]
    pub shape: Shape,
}

/// A point of an automation: `[12.5, "-3 dB"]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Point(
    /// Seconds from the session's start, 0 or more.
    pub f64,
    /// The value, as in [`Insert::params`].
    pub Value,
);

/// How an automation gets from point to point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// In a straight line.
    #[default]
    Linear,
    /// At once, when the time comes.
    Step,
}

/// A second way out of a channel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// The bus it feeds.
    pub to: String,
    /// Level in dB, 0 if absent.
    #[serde(default)]
    pub level_db: f64,
    /// Where it is taken.
    #[serde(default)]
    pub tap: Tap,
}

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Key {
    /// A channel, after its inserts.
    Channel(String),
    /// A channel, at a place.
    Tapped(TappedKey),
    /// The stems of some roles. Expanding a session makes a channel of them.
    Played(PlayedKey),
}

/// A key taken at a stated place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TappedKey {
    /// The channel: a stem, a bus or `mix`.
    pub from: String,
    /// Where on it.
    #[serde(default)]
    pub tap: Tap,
}

/// A key that is the sum of all stems of some roles, but for the channel it controls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayedKey {
    /// The roles.
    pub role: Vec<Role>,
    /// Where on those stems.
    #[serde(default)]
    pub tap: Tap,
    /// Whether the insert is left out where no stem plays any of them; else that is a mistake.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

impl Key {
    /// The channel it is taken from; of one by role that nobody has expanded, its first role.
    pub fn from(&self) -> &str {
        match self {
            Self::Channel(name) => name,
            Self::Tapped(key) => &key.from,
            Self::Played(key) => key.role.first().map_or("", |role| role.name()),
        }
    }

    /// The place it is taken at.
    pub fn tap(&self) -> Tap {
        match self {
            Self::Channel(_) => Tap::default(),
            Self::Tapped(key) => key.tap,
            Self::Played(key) => key.tap,
        }
    }
}

/// A place on a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Tap {
    /// Before the first or after the last insert.
    End(TapEnd),
    /// After so many inserts.
    After(usize),
}

/// The two ends of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TapEnd {
    /// Before the first insert.
    Pre,
    /// After the last insert.
    Post,
}

impl Default for Tap {
    fn default() -> Self {
        Self::End(TapEnd::Post)
    }
}

/// A parameter's value as a person writes it. The plugin itself makes a number of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// A switch.
    Switch(bool),
    /// A whole number, in the unit the plugin shows.
    Whole(i64),
    /// A number, in the unit the plugin shows.
    Number(f64),
    /// Text as the plugin shows it: `"-1.5 dB"`, `"Lead Vocal"`.
    Text(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => f.write_str(if *on { "On" } else { "Off" }),
            Self::Whole(n) => write!(f, "{n}"),
            Self::Number(x) => write!(f, "{x}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

fn mix() -> String {
    MIX.to_owned()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
fn is_linear(shape: &Shape) -> bool {
    *shape == Shape::Linear
}

fn is_mix(to: &String) -> bool {
    to == MIX
}

impl Session {
    /// Reads a session file's text; `path` is for the sentences.
    ///
    /// # Errors
    /// [`Error::SessionSyntax`] with the line, [`Error::SessionSchema`] for another version.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        /// The schema alone, so that a newer file is refused for its version and not for a field.
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let syntax = |e: &toml::de::Error| {
            let at = e.span().map_or(0, |span| span.start).min(text.len());
            let line = 1 + String::from_utf8_lossy(&text.as_bytes()[..at]).matches('\n').count();
            let message = e.message().trim().replace('\n', ", ");
            Error::SessionSyntax { path: path.to_owned(), line, message }
        };
        let version: Version = toml::from_str(text).map_err(|e| syntax(&e))?;
        if version.schema != SCHEMA {
            return Err(Error::SessionSchema {
                path: path.to_owned(),
                found: version.schema,
                known: SCHEMA,
            });
        }
        toml::from_str(text).map_err(|e| syntax(&e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERYTHING: &str = r#"
        schema = 1
        name = "Harbor"
        [[stem]]
        file = "Drums.wav"
        role = "Drums"
        name = "Kit"
        to = "band"
        send = [{ to = "sum", level_db = -3.0, tap = 1 }, { to = "sum", tap = "pre" }]
        [[stem.insert]]
        plugin = "org.stemwright.stem-trim"
        params = { Role = "Drums", Bypass = false, "123" = 4, Width = 0.5 }
        automation = [
            { param = "Gain", points = [[0.0, "0 dB"], [12.5, "-3 dB"], [13, -6]] },
            { param = "Polarity L", points = [[1, false], [2.5, true]], shape = "step" },
        ]
        [[bus]]
        name = "band"
        [[bus.insert]]
        plugin = "org.stemwright.bus-compressor"
        key = "Kit"
        [[bus]]
        name = "sum"
        to = "none"
        [[mix.insert]]
        plugin = "org.stemwright.limiter"
        key = { from = "sum", tap = "post" }
        [[mix.insert]]
        plugin = "org.stemwright.limiter"
        key = { role = ["Lead Vocal", "Drums"], tap = 1, optional = true }
    "#;

    fn parse(text: &str) -> Result<Session> {
        Session::parse(text, Path::new("session.toml"))
    }

    #[test]
    fn every_part_is_read_and_written_back() {
        let session = parse(EVERYTHING).unwrap();
        assert_eq!(session.stems[0].sends[0].tap, Tap::After(1));
        assert_eq!(session.stems[0].sends[1].tap, Tap::End(TapEnd::Pre));
        assert_eq!(session.stems[0].inserts[0].params["Width"], Value::Number(0.5));
        assert_eq!(session.stems[0].inserts[0].params["Bypass"], Value::Switch(false));
        assert_eq!(session.buses[0].inserts[0].key.as_ref().unwrap().from(), "Kit");
        assert_eq!(session.mix.inserts[0].key.as_ref().unwrap().from(), "sum");
        let played = PlayedKey {
            role: vec![Role::LeadVocal, Role::Drums],
            tap: Tap::After(1),
            optional: true,
        };
        assert_eq!(session.mix.inserts[1].key, Some(Key::Played(played)));
        let [gain, polarity] = &session.stems[0].inserts[0].automation[..] else { panic!() };
        assert_eq!((gain.param.as_str(), gain.shape), ("Gain", Shape::Linear));
        assert_eq!(gain.points[1], Point(12.5, Value::Text("-3 dB".to_owned())));
        assert_eq!(gain.points[2], Point(13.0, Value::Whole(-6)));
        assert_eq!(polarity.shape, Shape::Step);
        assert_eq!(polarity.points[0], Point(1.0, Value::Switch(false)));
        let text = toml::to_string(&session).unwrap();
        assert_eq!(parse(&text).unwrap(), session);
    }

    #[test]
    fn the_line_of_a_mistake_is_named() {
        let error = parse("schema = 1\n\n[[stem]]\nfile = 3\n").unwrap_err();
        assert!(matches!(error, Error::SessionSyntax { line: 4, .. }), "{error}");
        let error = parse("schema = 1\n[[stem]]\nfile = \"a\"\nrôle = 1\n").unwrap_err();
        assert!(matches!(error, Error::SessionSyntax { line: 4, .. }), "{error}");
        let error = parse("schema = 1\n[[stem]]\nfile = \"a\"\ngain = 1\n").unwrap_err();
        assert!(error.to_string().contains("gain"), "{error}");
    }

    #[test]
    fn another_schema_is_refused_for_being_one() {
        let error = parse("schema = 7\nunheard_of = 1\n").unwrap_err();
        assert!(matches!(error, Error::SessionSchema { found: 7, .. }), "{error}");
    }
}
