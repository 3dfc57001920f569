//! A report as JSON, and read back.

use crate::model::{Report, Schema};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::fmt;
use std::io;

/// `report` as JSON: a line for every field, while an array of numbers stays on one.
///
/// # Errors
/// None is known; should one arise, it is passed on.
pub fn write(report: &Report) -> serde_json::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    report.serialize(&mut Serializer::with_formatter(&mut bytes, Lines::default()))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads what [`write()`] wrote, also with fields missing or unknown.
///
/// # Errors
/// [`ReadError`] if it is no report, or one of a later version.
pub fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let report: Report = serde_json::from_slice(bytes).map_err(ReadError::NotUnderstood)?;
    if report.schema.name != Schema::NAME {
        return Err(ReadError::OtherSchema(report.schema.name));
    }
    if report.schema.version != Schema::VERSION {
        return Err(ReadError::OtherVersion(report.schema.version));
    }
    Ok(report)
}

/// Why a report cannot be read.
#[derive(Debug)]
pub enum ReadError {
    /// It is not JSON, or a field holds something of another kind.
    NotUnderstood(serde_json::Error),
    /// It is something else.
    OtherSchema(String),
    /// It is of a version that means something else by its fields.
    OtherVersion(u32),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotUnderstood(why) => write!(f, "this is not a report that can be read: {why}"),
            Self::OtherSchema(name) => {
                write!(f, "this is a {name:?}, where a {:?} is wanted", Schema::NAME)
            }
            Self::OtherVersion(version) => write!(
                f,
                "this report is of version {version}, where version {} can be read: render again",
                Schema::VERSION
            ),
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotUnderstood(why) => Some(why),
            Self::OtherSchema(_) | Self::OtherVersion(_) => None,
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
            true_peak_dbtp: None,
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
        assert_eq!(read(&bytes).unwrap(), report());
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
        let read = read(text.as_bytes()).unwrap();
        assert_eq!(read, Report { song: "x".to_owned(), ..Report::default() });
    }

    #[test]
    fn other_things_are_refused_in_a_sentence() {
        let said = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert!(said("[").contains("not a report"));
        assert!(said(r#"{"schema": {"name": "x", "version": 4}}"#).contains("\"x\""));
        let older = said(r#"{"schema": {"name": "stemwright.report", "version": 3}}"#);
        assert!(older.contains("version 3"), "{older}");
    }
}
