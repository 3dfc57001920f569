//! Presets: whole settings with a name, in files a person can read.
//!
//! A preset says what some parameters are; all it does not name are at their defaults, except those
//! that are no part of presets at all: bypass, monitors, and what a plugin names
//! ([`StemPlugin::NOT_IN_PRESETS`]). Parameters are addressed by id
//! and choices by their ids or names, which are promises; a number is in the parameter's unit, and
//! text is what one would type: `"-1 dBTP"`, `"80 Hz"`, `"On"`.
//!
//! ```json
//! {
//!   "plugin": "Stem Limiter",
//!   "name": "Streaming -14",
//!   "note": "What it is for, in a sentence.",
//!   "values": { "ceiling": "-1 dBTP", "release": 50, "mode": "strict" }
//! }
//! ```

pub mod factory;
pub(crate) mod folder;
pub(crate) mod library;

use crate::StemPlugin;
use crate::param_view::{Kind, ParamView};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Ids of a plugin's parameters that are no part of its presets, the bypass aside.
pub(crate) fn left_alone<S: StemPlugin>() -> Vec<&'static str> {
    S::MONITORS.iter().chain(S::NOT_IN_PRESETS).copied().collect()
}

/// Longest name of a preset, in characters.
pub(crate) const LONGEST_NAME: usize = 60;

/// A preset as its file says it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PresetFile {
    /// The plugin's name.
    pub(crate) plugin: String,
    /// Its name in the browser.
    pub(crate) name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) note: String,
    /// Values by parameter id.
    pub(crate) values: BTreeMap<String, Value>,
}

/// A preset that has been read: a value for every parameter it holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Preset {
    pub(crate) name: String,
    pub(crate) note: String,
    /// By parameter, 0 to 1; none for what is no part of presets.
    pub(crate) values: Vec<Option<f32>>,
}

/// Why a text is no preset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It is not the JSON of a preset.
    Json(String),
    /// It belongs to another plugin.
    Plugin(String),
    /// Its name is empty, too long or not to be shown.
    Name(String),
    /// It names a parameter that is not there.
    Unknown(String),
    /// It names a parameter that is no part of presets.
    Foreign(String),
    /// A value that its parameter cannot have.
    Value(String, String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(what) => write!(f, "is no preset: {what}"),
            Self::Plugin(name) => write!(f, "is a preset of {name}"),
            Self::Name(name) => write!(f, "has no name that can be shown: \u{201c}{name}\u{201d}"),
            Self::Unknown(id) => write!(f, "sets \u{201c}{id}\u{201d}, which is no parameter here"),
            Self::Foreign(id) => write!(f, "sets \u{201c}{id}\u{201d}, which presets leave alone"),
            Self::Value(id, value) => {
                write!(f, "sets \u{201c}{id}\u{201d} to {value}, which it cannot be")
            }
        }
    }
}

/// What a plugin's presets are made of.
pub(crate) struct Format<'a> {
    /// The plugin's name.
    pub(crate) plugin: &'a str,
    /// Its parameters at their defaults: not the ones a host plays, since finding a choice by its id
    /// steps through them.
    pub(crate) defaults: &'a [ParamView<'a>],
    /// Ids of parameters that are no part of presets.
    pub(crate) left_alone: &'a [&'a str],
}

impl Format<'_> {
    /// Whether presets hold this parameter.
    fn holds(&self, view: &ParamView<'_>) -> bool {
        !view.is_bypass() && !self.left_alone.contains(&view.id.as_str())
    }

    /// Reads a preset.
    pub(crate) fn read(&self, text: &str) -> Result<Preset, Fault> {
        let file: PresetFile =
            serde_json::from_str(text).map_err(|error| Fault::Json(error.to_string()))?;
        if file.plugin != self.plugin {
            return Err(Fault::Plugin(file.plugin));
        }
        let name = valid_name(&file.name).ok_or_else(|| Fault::Name(file.name.clone()))?;
        let mut values: Vec<Option<f32>> = Vec::new();
        for view in self.defaults {
            values.push(self.holds(view).then(|| view.default_normalized()));
        }
        for (id, value) in &file.values {
            let index = self.defaults.iter().position(|view| view.id == *id);
            let index = index.ok_or_else(|| Fault::Unknown(id.clone()))?;
            if values[index].is_none() {
                return Err(Fault::Foreign(id.clone()));
            }
            let read = read_value(&self.defaults[index], value);
            values[index] = Some(read.ok_or_else(|| Fault::Value(id.clone(), value.to_string()))?);
        }
        Ok(Preset { name, note: file.note.trim().to_owned(), values })
    }

    /// The text of a preset with `values`, 0 to 1 by parameter: every one it holds, as exactly as it
    /// is.
    pub(crate) fn write(&self, name: &str, note: &str, values: &[f32]) -> String {
        let held = self.defaults.iter().zip(values).filter(|(view, _)| self.holds(view));
        let file = PresetFile {
            plugin: self.plugin.to_owned(),
            name: name.to_owned(),
            note: note.to_owned(),
            values: held.map(|(view, value)| (view.id.clone(), written(view, *value))).collect(),
        };
        serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
    }
}

/// A name as it is shown, if it can be: trimmed, of at most [`LONGEST_NAME`] characters, on one line.
pub(crate) fn valid_name(name: &str) -> Option<String> {
    let name = name.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    (fits && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

/// Whether two names mean one preset, as file systems that ignore case would have it.
pub(crate) fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// The value between 0 and 1 that a value in a file means, if the parameter can have it: what a file
/// asks for and cannot get is a fault, not the end of a range.
fn read_value(view: &ParamView<'_>, value: &Value) -> Option<f32> {
    match (value, view.kind()) {
        (Value::Bool(on), Kind::Switch) => Some(if *on { 1.0 } else { 0.0 }),
        (Value::Number(number), Kind::Continuous | Kind::Whole) => {
            let plain = number.as_f64()? as f32;
            let (low, high) = (view.plain_of(0.0), view.plain_of(1.0));
            let is_within = (low.min(high)..=low.max(high)).contains(&plain);
            is_within.then(|| view.normalized_of(plain).clamp(0.0, 1.0))
        }
        (Value::String(id), Kind::Choice) => {
            let ids = view.variant_ids_detached();
            let last = ids.len().saturating_sub(1).max(1) as f32;
            let name = |step: usize| view.text_of(step as f32 / last);
            let is_meant = |step: &usize| ids[*step] == id || name(*step).eq_ignore_ascii_case(id);
            (0..ids.len()).find(is_meant).map(|step| step as f32 / last)
        }
        (Value::String(text), _) => {
            let value = view.parse(text).filter(|value| (0.0..=1.0).contains(value))?;
            (!is_beyond(view, text, value)).then_some(value)
        }
        _ => None,
    }
}

/// Whether `text` means more than the range holds, where parsing ends at `value`: a number a little
/// smaller and one a little larger would end there as well.
fn is_beyond(view: &ParamView<'_>, text: &str, value: f32) -> bool {
    if view.kind() == Kind::Switch || (value > 0.0 && value < 1.0) {
        return false;
    }
    let text = text.trim().replace('\u{2212}', "-").replace(',', ".");
    let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.".contains(c))).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let Ok(number) = number.parse::<f64>() else { return false };
    let step = (number.abs() * 1e-3).max(1e-3);
    let beside = [number - step, number + step];
    beside.iter().all(|number| view.parse(&format!("{number}{unit}")) == Some(value))
}

/// A value between 0 and 1 as a file holds it.
fn written(view: &ParamView<'_>, value: f32) -> Value {
    let plain = view.plain_of(value);
    match view.kind() {
        // The shortest number that reads back as this one.
        Kind::Continuous => plain.to_string().parse().map_or(Value::Null, Value::Number),
        Kind::Whole => Value::from(plain.round() as i64),
        Kind::Switch => Value::from(plain > 0.5),
        Kind::Choice => {
            let ids = view.variant_ids_detached();
            let step = (value * ids.len().saturating_sub(1) as f32).round() as usize;
            ids.get(step).map_or(Value::Null, |id| Value::from(*id))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::param_view::views;
    use crate::params;
    use nice_plug::prelude::{BoolParam, Enum, EnumParam, FloatParam, Params};

    #[derive(Debug, PartialEq, Eq, Enum)]
    enum Mode {
        #[id = "standard"]
        Standard,
        #[id = "sample-peak"]
        #[name = "Sample Peak"]
        SamplePeak,
    }

    #[derive(Params)]
    struct All {
        #[id = "gain"]
        gain: FloatParam,
        #[id = "release"]
        release: FloatParam,
        #[id = "corner"]
        corner: FloatParam,
        #[id = "auto"]
        auto: BoolParam,
        #[id = "mode"]
        mode: EnumParam<Mode>,
        #[id = "delta"]
        delta: BoolParam,
        #[id = "bypass"]
        bypass: BoolParam,
    }

    impl Default for All {
        fn default() -> Self {
            Self {
                gain: params::decibels("Gain", -1.0, -24.0, 24.0),
                release: params::milliseconds("Release", 50.0, 1.0, 1000.0),
                corner: params::frequency_or_off("Corner", 10.0, 400.0),
                auto: params::switch("Auto", true),
                mode: EnumParam::new("Mode", Mode::Standard),
                delta: params::monitor("Delta"),
                bypass: params::bypass(),
            }
        }
    }

    fn with_format<R>(work: impl FnOnce(&Format<'_>) -> R) -> R {
        let all = All::default();
        let defaults = views(&all);
        work(&Format { plugin: "All", defaults: &defaults, left_alone: &["delta"] })
    }

    /// A preset with these values, and what each parameter shows under it.
    fn read(values: &str) -> Result<Vec<String>, Fault> {
        with_format(|format| {
            let text = format!(r#"{{"plugin":"All","name":"One","values":{values}}}"#);
            let preset = format.read(&text)?;
            let shown = format.defaults.iter().zip(preset.values);
            Ok(shown.map(|(view, v)| v.map_or("-".to_owned(), |v| view.text_of(v))).collect())
        })
    }

    #[test]
    fn what_is_not_named_is_at_its_default_and_what_is_no_part_is_left_alone() {
        let shown = read("{}").expect("a preset");
        assert_eq!(shown, ["-1.00 dB", "50.0 ms", "Off", "On", "Standard", "-", "-"]);
    }

    #[test]
    fn values_are_text_as_typed_or_numbers_or_ids() {
        let shown = read(
            r#"{"gain":"-18 dB","release":"0.03 s","corner":"80 Hz","auto":"Off","mode":"sample-peak"}"#,
        );
        let expected = ["-18.00 dB", "30.0 ms", "80.0 Hz", "Off", "Sample Peak", "-", "-"];
        assert_eq!(shown.expect("a preset"), expected);
        let shown =
            read(r#"{"gain":-18,"release":30.0,"corner":80,"auto":false,"mode":"Sample Peak"}"#);
        assert_eq!(shown.expect("a preset"), expected);
        // The ends of a range are in it.
        let shown = read(r#"{"gain":"24 dB","release":"1000 ms","corner":"Off"}"#);
        assert_eq!(shown.expect("a preset")[..3], ["24.00 dB", "1000.0 ms", "Off"]);
    }

    #[test]
    fn what_cannot_be_is_a_fault() {
        for (values, fault) in [
            (r#"{"shine":1}"#, Fault::Unknown("shine".to_owned())),
            (r#"{"delta":true}"#, Fault::Foreign("delta".to_owned())),
            (r#"{"bypass":true}"#, Fault::Foreign("bypass".to_owned())),
        ] {
            assert_eq!(read(values), Err(fault));
        }
        for (id, value) in [
            ("gain", "60"),
            ("gain", "\"60 dB\""),
            ("gain", "\"-25\""),
            ("gain", "1e300"),
            ("gain", "\"loud\""),
            ("gain", "true"),
            ("gain", "null"),
            ("gain", "[]"),
            ("release", "\"2 s\""),
            ("corner", "\"500 Hz\""),
            ("auto", "\"maybe\""),
            ("auto", "0.5"),
            ("mode", "\"strict\""),
            ("mode", "1"),
        ] {
            let fault = read(&format!(r#"{{"{id}":{value}}}"#));
            assert!(matches!(&fault, Err(Fault::Value(at, _)) if at == id), "{value}: {fault:?}");
        }
    }

    #[test]
    fn a_text_that_is_no_preset_is_a_fault_that_says_why() {
        with_format(|format| {
            let fault = |text: &str| format.read(text).expect_err(text).to_string();
            assert!(fault("").starts_with("is no preset: "));
            assert!(fault(r#"{"plugin":"All","name":"A"}"#).contains("values"));
            assert!(fault(r#"{"plugin":"All","name":"A","values":{},"x":1}"#).contains("`x`"));
            assert_eq!(
                fault(r#"{"plugin":"Other","name":"A","values":{}}"#),
                "is a preset of Other"
            );
            for name in ["", "  ", "a\\nb", &"x".repeat(61)] {
                let text = format!(r#"{{"plugin":"All","name":"{name}","values":{{}}}}"#);
                assert!(matches!(format.read(&text), Err(Fault::Name(_))), "{name:?}");
            }
        });
    }

    #[test]
    fn what_is_written_reads_back_to_the_last_bits() {
        with_format(|format| {
            for at in 0..=100u16 {
                let at = f32::from(at) / 100.0;
                let values: Vec<f32> = (format.defaults.iter())
                    .map(|view| match view.step_count() {
                        Some(steps) => (at * steps as f32).round() / steps as f32,
                        None => at,
                    })
                    .collect();
                let preset = format.read(&format.write(" One ", "Why.", &values)).expect("ours");
                assert_eq!((preset.name.as_str(), preset.note.as_str()), ("One", "Why."));
                for ((view, value), read) in format.defaults.iter().zip(values).zip(preset.values) {
                    let Some(read) = read else {
                        assert!(view.id == "delta" || view.id == "bypass");
                        continue;
                    };
                    let (was, is) = (view.plain_of(value), view.plain_of(read));
                    assert!((was - is).abs() <= 1e-6 * was.abs(), "{}: {was}, {is}", view.id);
                }
            }
        });
    }
}
