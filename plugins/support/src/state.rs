//! Saved state, made whole before it is loaded.
//!
//! nice-plug leaves a parameter that a state does not mention at its current value
//! (nice-plug wrapper/state.rs:144), so a session saved by an older version would load differently
//! into a used instance than into a new one. Here the missing ones get their defaults, unknown ones
//! are dropped, and monitors load as off.

use crate::param_view::{Kind, ParamView, views};
use nice_plug::params::Params;
use nice_plug::plugin::{ParamValue, PluginState};
use std::collections::BTreeMap;

/// Completes `state` for a plugin whose parameters, at their defaults, are `defaults`.
///
/// A value that this version cannot read (of another kind, a variant it does not have, not a number)
/// counts as missing: nice-plug would skip it and keep whatever the instance holds (wrapper/state.rs:170),
/// or panic over the index of a variant (params/enums.rs:434). Numbers beyond a range end at it, since
/// nice-plug takes them as they are.
pub(crate) fn complete<P: Params>(state: &mut PluginState, defaults: &P, monitors: &[&str]) {
    let mut params = BTreeMap::new();
    for view in views(defaults) {
        let default = default_of(&view);
        let saved = state.params.remove(&view.id).filter(|_| !monitors.contains(&view.id.as_str()));
        let value = saved.and_then(|value| readable(&view, value)).unwrap_or(default);
        params.insert(view.id, value);
    }
    state.params = params;
}

/// The value as `view`'s parameter can hold it, if it can be read at all.
fn readable(view: &ParamView<'_>, value: ParamValue) -> Option<ParamValue> {
    let (lowest, highest) = (view.plain_of(0.0), view.plain_of(1.0));
    match (view.kind(), value) {
        (Kind::Continuous, ParamValue::F32(v)) if v.is_finite() => {
            Some(ParamValue::F32(v.clamp(lowest.min(highest), lowest.max(highest))))
        }
        (Kind::Switch, value @ ParamValue::Bool(_)) => Some(value),
        (Kind::Whole, ParamValue::I32(v)) => {
            let (low, high) = (lowest.min(highest) as i32, lowest.max(highest) as i32);
            Some(ParamValue::I32(v.clamp(low, high)))
        }
        (Kind::Choice, ParamValue::String(id)) => {
            let known = view.variant_ids_detached().contains(&id.as_str());
            known.then_some(ParamValue::String(id))
        }
        _ => None,
    }
}

fn default_of(view: &ParamView<'_>) -> ParamValue {
    let plain = view.plain_of(view.default_normalized());
    match view.kind() {
        Kind::Continuous => ParamValue::F32(plain),
        Kind::Switch => ParamValue::Bool(plain > 0.5),
        Kind::Whole => ParamValue::I32(plain as i32),
        Kind::Choice => match view.variant_id() {
            Some(id) => ParamValue::String(id.to_owned()),
            None => ParamValue::I32(plain as i32),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;
    use nice_plug::prelude::{BoolParam, Enum, EnumParam, FloatParam, IntParam, IntRange, Params};

    #[derive(Params)]
    struct Some {
        #[id = "gain"]
        gain: FloatParam,
        #[id = "delta"]
        delta: BoolParam,
    }

    #[test]
    fn missing_values_become_defaults_unknown_ones_go_and_monitors_load_off() {
        let defaults = Some {
            gain: params::decibels("Gain", -1.5, -24.0, 24.0),
            delta: params::monitor("Delta"),
        };
        let mut state = PluginState {
            version: "0.0.1".to_owned(),
            params: BTreeMap::from([
                ("delta".to_owned(), ParamValue::Bool(true)),
                ("shine".to_owned(), ParamValue::F32(1.0)),
            ]),
            fields: BTreeMap::new(),
        };
        complete(&mut state, &defaults, &["delta"]);
        assert_eq!(state.params.len(), 2);
        assert!(matches!(state.params["delta"], ParamValue::Bool(false)));
        assert!(matches!(state.params["gain"], ParamValue::F32(db) if db == -1.5));
        let _ = (&defaults.gain, &defaults.delta);
    }

    #[derive(Debug, PartialEq, Eq, Enum)]
    enum Mood {
        #[id = "calm"]
        Calm,
        #[id = "wild"]
        Wild,
    }

    #[derive(Params)]
    struct Kinds {
        #[id = "gain"]
        gain: FloatParam,
        #[id = "on"]
        on: BoolParam,
        #[id = "mood"]
        mood: EnumParam<Mood>,
        #[id = "voices"]
        voices: IntParam,
    }

    /// What is left of one saved value.
    fn completed(id: &str, value: ParamValue) -> ParamValue {
        let defaults = Kinds {
            gain: params::decibels("Gain", -1.5, -24.0, 24.0),
            on: params::switch("On", true),
            mood: EnumParam::new("Mood", Mood::Wild),
            voices: IntParam::new("Voices", 3, IntRange::Linear { min: 1, max: 8 }),
        };
        let mut state = PluginState {
            version: String::new(),
            params: BTreeMap::from([(id.to_owned(), value)]),
            fields: BTreeMap::new(),
        };
        complete(&mut state, &defaults, &[]);
        assert_eq!(state.params.len(), 4);
        state.params.remove(id).expect("complete")
    }

    #[test]
    fn a_value_that_cannot_be_read_counts_as_missing() {
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(matches!(completed("gain", ParamValue::F32(odd)), ParamValue::F32(-1.5)));
        }
        assert!(matches!(completed("gain", ParamValue::I32(3)), ParamValue::F32(-1.5)));
        assert!(matches!(completed("on", ParamValue::F32(0.0)), ParamValue::Bool(true)));
        assert!(matches!(completed("voices", ParamValue::F32(2.0)), ParamValue::I32(3)));
        for odd in
            [ParamValue::String("no-such".to_owned()), ParamValue::I32(999), ParamValue::I32(0)]
        {
            assert!(matches!(completed("mood", odd), ParamValue::String(id) if id == "wild"));
        }
        let calm = ParamValue::String("calm".to_owned());
        assert!(matches!(completed("mood", calm), ParamValue::String(id) if id == "calm"));
    }

    #[test]
    fn a_number_beyond_its_range_ends_there() {
        assert!(matches!(completed("gain", ParamValue::F32(1e30)), ParamValue::F32(24.0)));
        assert!(matches!(completed("gain", ParamValue::F32(-25.0)), ParamValue::F32(-24.0)));
        assert!(matches!(completed("voices", ParamValue::I32(99)), ParamValue::I32(8)));
    }
}
