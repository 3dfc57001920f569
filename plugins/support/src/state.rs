//! Saved state, made whole before it is loaded.
//!
//! nice-plug leaves a parameter that a state does not mention at its current value
//! (nice-plug wrapper/state.rs:144), so a session saved by an older version would load differently
//! into a used instance than into a new one. Here the missing ones get their defaults, unknown ones
//! are dropped, and monitors load as off.

use crate::param_view::{Kind, ParamView, views};
use nice_plug::params::Params;
use nice_plug::plugin::{ParamValue, PluginState};

/// Completes `state` for a plugin whose parameters, at their defaults, are `defaults`.
pub(crate) fn complete<P: Params>(state: &mut PluginState, defaults: &P, monitors: &[&str]) {
    let views = views(defaults);
    state.params.retain(|id, _| views.iter().any(|view| view.id == *id));
    for view in views {
        if monitors.contains(&view.id.as_str()) {
            state.params.insert(view.id, ParamValue::Bool(false));
        } else {
            state.params.entry(view.id.clone()).or_insert_with(|| default_of(&view));
        }
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
    use nice_plug::prelude::{BoolParam, FloatParam, Params};
    use std::collections::BTreeMap;

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
}
