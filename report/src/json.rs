//! Reports and deliveries as JSON, and read back.

use crate::delivery::Delivery;
use crate::model::{Report, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::ser::{Formatter, Serializer};
use std::fmt;
use std::io;

/// A document that names its schema.
pub trait Document: Serialize + DeserializeOwned {
    /// What it is called in a sentence.
    const KIND: &str;
    /// Name and version of the schema written here.
    const SCHEMA: (&str, u32);

    /// What it says it is.
    fn schema(&self) -> &Schema;
}

impl Document for Report {
    const KIND: &str = "report";
    const SCHEMA: (&str, u32) = (Schema::NAME, Schema::VERSION);

    fn schema(&self) -> &Schema {
        &self.schema
    }
}

impl Document for Delivery {
    const KIND: &str = "delivery";
    const SCHEMA: (&str, u32) = Self::SCHEMA;

    fn schema(&self) -> &Schema {
        &self.schema
    }
}

/// `document` as JSON: a line for every field, while an array of numbers stays on one.
///
/// # Errors
/// None is known; should one arise, it is passed on.
pub fn write(document: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    document.serialize(&mut Serializer::with_formatter(&mut bytes, Lines::default()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads what [`write()`] wrote, also with fields missing or unknown.
///
/// # Errors
/// [`ReadError`] if it is no such document, or one of a later version.
pub fn read<D: Document>(bytes: &[u8]) -> Result<D, ReadError> {
    let document: D = serde_json::from_slice(bytes)
        .map_err(|why| ReadError::NotUnderstood { kind: D::KIND, why })?;
    let (name, version) = D::SCHEMA;
    let schema = document.schema();
    if schema.name != name {
        return Err(ReadError::OtherSchema { found: schema.name.clone(), wanted: name });
    }
    if schema.version != version {
        let found = schema.version;
        return Err(ReadError::OtherVersion { kind: D::KIND, found, known: version });
    }
    Ok(document)
}

/// Why a document cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// It is not JSON, or a field holds something of another kind.
    NotUnderstood {
        /// What it should be.
        kind: &'static str,
        /// The parser's opinion.
        why: serde_json::Error,
    },
    /// It is something else.
    OtherSchema {
        /// What it says it is.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// It is of a version that means something else by its fields.
    OtherVersion {
        /// What it is.
        kind: &'static str,
        /// Its version.
        found: u32,
        /// The version that can be read.
        known: u32,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUnderstood { kind, why } => {
                write!(f, "this is not a {kind} that can be read: {why}")
            }
            Self::OtherSchema { found, wanted } => {
                write!(f, "this is a {found:?}, where a {wanted:?} is wanted")
            }
            Self::OtherVersion { kind, found, known } => write!(
                f,
                "this {kind} is of version {found}, where version {known} can be read: make it again"
            ),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotUnderstood { why, .. } => Some(why),
            Self::OtherSchema { .. } | Self::OtherVersion { .. } => None,
        }
    }
}

/// Breaks lines at the fields of objects and nowhere else.
#[derive(Debug, Default)]
struct Lines {
    depth: usize,
    empty: bool,
}

impl Lines {
    fn new_line(&self, to: &mut (impl io::Write + ?Sized)) -> io::Result<()> {
        to.write_all(b"\n")?;
        for _ in 0..self.depth {
            to.write_all(b"  ")?;
        }
        Ok(())
    }
}

impl Formatter for Lines {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        to: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        self.empty = true;
        to.write_all(b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if !self.empty {
            self.new_line(to)?;
        }
        self.empty = false;
        to.write_all(b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        to: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if !first {
            to.write_all(b",")?;
        }
        self.empty = false;
        self.new_line(to)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        BandGain, BandGains, Insert, Master, Print, PrintKind, Timeline, VoiceToMusic, Waveform,
    };

    fn report() -> Report {
        let timeline = Timeline {
            seconds_per_point: 0.175,
            waveform: Waveform { min: vec![-0.5, 0.0], max: vec![0.25, 0.0] },
            momentary_lufs: vec![Some(-14.25), None],
            short_term_lufs: vec![Some(-15.0), None],
            ..Timeline::default()
        };
        let band = BandGain {
            low_hz: 31.25,
            high_hz: 62.5,
            mean_while_moved_db: Some(-2.44),
            furthest_db: Some(-2.5),
            furthest_at_seconds: Some(7.5),
            moved_share: 0.625,
            mean_db: vec![Some(-2.5), None],
        };
        let bands = BandGains { seconds_per_point: 0.5, bands: vec![band] };
        let voice_to_music = VoiceToMusic {
            key: "VoxLead".to_owned(),
            key_level_dbfs: Some(-24.5),
            voice_share: 0.5,
            before_db: Some(-1.25),
            after_db: Some(0.75),
            gained_db: Some(2.0),
            mean_duck_db: Some(1.75),
            ducked_share: 0.625,
        };
        Report {
            song: "A \"song\"".to_owned(),
            inserts: vec![
                Insert {
                    bands: Some(bands),
                    voice_to_music: Some(voice_to_music),
                    ..Insert::default()
                },
                Insert { identical: true, ..Insert::default() },
            ],
            master: Master { file: "a.wav".to_owned(), ..Master::default() },
            prints: vec![Print {
                kind: PrintKind::StemPre,
                timeline: Some(timeline),
                ..Print::default()
            }],
            ..Report::default()
        }
    }

    #[test]
    fn what_was_written_reads_back() {
        let bytes = write(&report()).unwrap();
        assert_eq!(read::<Report>(&bytes).unwrap(), report());
        let plain: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(plain, serde_json::to_value(report()).unwrap());
        // Where programs look for it.
        assert_eq!(plain["master"]["ours"]["loudness_range_lu"], 0.0);
        assert_eq!(plain["prints"][0]["kind"], "stem-pre");
        assert_eq!(plain["inserts"][0]["bands"]["bands"][0]["mean_while_moved_db"], -2.44);
        assert_eq!(plain["inserts"][0]["voice_to_music"]["gained_db"], 2.0);
        assert!(plain["inserts"][1].get("bands").is_none());
        assert!(plain["inserts"][1].get("voice_to_music").is_none());
    }

    #[test]
    fn a_delivery_reads_back_and_is_no_report() {
        use crate::delivery::{Measured, history};
        use crate::model::Target;
        let measured =
            Measured { seconds: 60.0, integrated_lufs: Some(-14.25), ..Measured::default() };
        let target = Target::own(Some(-14.0), 0.5, Some(-1.0));
        let silence = history::HistoryPoint::NONE;
        let steps = [history::HistoryPoint { momentary_lufs: -14.5, ..silence }; 3];
        let delivery = Delivery {
            history: Some(history::timeline(&steps)),
            ..Delivery::new("a.wav", &target, measured)
        };
        let bytes = write(&delivery).unwrap();
        assert_eq!(read::<Delivery>(&bytes).unwrap(), delivery);
        assert!(read::<Report>(&bytes).is_err());
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.contains("\"momentary_lufs\": [-14.5, -14.5, -14.5],"), "{text}");
        assert!(!text.contains("waveform"), "{text}");
    }

    #[test]
    fn numbers_share_a_line() {
        let text = String::from_utf8(write(&report()).unwrap()).unwrap();
        assert!(text.contains("\n      \"momentary_lufs\": [-14.25, null],\n"), "{text}");
        assert!(text.ends_with("\n}\n"), "{text}");
        assert!(text.contains("\"warnings\": [],\n"), "{text}");
    }

    #[test]
    fn what_is_missing_takes_its_default_and_what_is_unknown_is_passed_over() {
        let text =
            r#"{"schema": {"name": "stemwright.report", "version": 4}, "song": "x", "a": 1}"#;
        let read: Report = read(text.as_bytes()).unwrap();
        assert_eq!(read, Report { song: "x".to_owned(), ..Report::default() });
    }

    #[test]
    fn other_things_are_refused_in_a_sentence() {
        let said = |text: &str| read::<Report>(text.as_bytes()).unwrap_err().to_string();
        assert!(said("[").contains("not a report"));
        assert!(said(r#"{"schema": {"name": "x", "version": 4}}"#).contains("\"x\""));
        let older = said(r#"{"schema": {"name": "stemwright.report", "version": 3}}"#);
        assert!(older.contains("version 3"), "{older}");
        assert!(read::<Delivery>(&write(&report()).unwrap()).is_err());
    }
}
