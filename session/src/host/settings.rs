//! How a plugin is set: values agreed with it through its own text conversion, each read back,
//! standing or moving; and monitors refused.

use super::automation::Lane;
use super::params::{Parameter, Setting};
use super::plugin::{Plugin, events};
use crate::error::{Error, ParameterProblem, Result};
use crate::model::{Automation, Shape, Value};
use clack_host::prelude::*;
use std::collections::BTreeMap;

impl Plugin {
    /// Whether it would take `value` for the parameter that `key` means. Sets nothing.
    pub fn understands(&mut self, key: &str, value: &Value) -> bool {
        let Ok(parameter) = self.find(key).cloned() else { return false };
        self.agree(&parameter, value).is_ok()
    }

    /// Agrees all of `values` with the plugin: by name or id, through its own text conversion,
    /// each read back.
    ///
    /// # Errors
    /// An unknown or ambiguous parameter, a value it does not understand or turns into another.
    pub fn set_all(&mut self, values: &BTreeMap<String, Value>) -> Result<()> {
        for (key, value) in values {
            let id = self.find(key)?.id;
            if self.settings.iter().any(|s| s.id == id) {
                return Err(self.problem(ParameterProblem::Repeated { parameter: key.clone() }));
            }
            self.set(key, value)?;
        }
        Ok(())
    }

    /// Agrees one value with the plugin, in place of an earlier one.
    ///
    /// # Errors
    /// As [`Self::set_all`].
    pub fn set(&mut self, key: &str, value: &Value) -> Result<()> {
        let parameter = self.find(key)?.clone();
        if self.lanes.iter().any(|lane| lane.id() == parameter.id) {
            let parameter = parameter.name;
            return Err(self.problem(ParameterProblem::SetAndAutomated { parameter }));
        }
        self.put(&parameter, value).map(drop)
    }

    /// Agrees a value with the plugin and sees that it holds it.
    fn put(&mut self, parameter: &Parameter, value: &Value) -> Result<Setting> {
        let setting = self.agree(parameter, value)?;
        self.settings.retain(|s| s.id != setting.id);
        self.settings.push(setting);
        // To the instance at once, since the latency may depend on it, and so that it can be read.
        self.flush(&[setting]);
        let now = self.value(setting.id);
        if !now.is_some_and(|now| parameter.same(now, setting.value)) {
            let text = self.text(parameter, now.unwrap_or(parameter.default));
            return Err(self.not_kept(parameter, value, text));
        }
        Ok(setting)
    }

    /// Agrees every point of `automation` with the plugin, and leaves it at the first ones.
    ///
    /// # Errors
    /// As [`Self::set_all`]; a parameter that is set already or may not move, times that do not
    /// rise from 0, a monitor that would come on.
    pub fn automate(&mut self, automation: &[Automation]) -> Result<()> {
        for curve in automation {
            let parameter = self.find(&curve.param)?.clone();
            let name = || parameter.name.clone();
            if self.lanes.iter().any(|lane| lane.id() == parameter.id) {
                return Err(self.problem(ParameterProblem::Repeated { parameter: name() }));
            }
            if self.agreed(parameter.id).is_some() {
                return Err(self.problem(ParameterProblem::SetAndAutomated { parameter: name() }));
            }
            let mut before = None;
            for point in &curve.points {
                let rises = point.0.is_finite() && before.map_or(point.0 >= 0.0, |b| point.0 > b);
                if !rises {
                    let seconds = point.0.to_string();
                    let parameter = name();
                    return Err(self.problem(ParameterProblem::PointTime { parameter, seconds }));
                }
                before = Some(point.0);
            }
            let rate = self.configuration.sample_rate;
            let mut points = Vec::with_capacity(curve.points.len());
            for point in &curve.points {
                let raw = self.put(&parameter, &point.1)?.value;
                self.refuse_monitor(&parameter, raw)?;
                points.push(((point.0 * rate).round() as u64, raw));
            }
            if !parameter.automatable {
                return Err(self.problem(ParameterProblem::NotAutomatable { parameter: name() }));
            }
            let Some(first) = curve.points.first() else {
                let example = self.text(&parameter, parameter.default);
                return Err(self.problem(ParameterProblem::NoPoints { parameter: name(), example }));
            };
            self.put(&parameter, &first.1)?;
            let linear = curve.shape == Shape::Linear && !parameter.stepped;
            self.lanes.push(Lane::new(parameter.id, points, linear));
        }
        Ok(())
    }

    /// Refuses monitoring switches that are on: what they do is for the ear, and would be printed.
    ///
    /// # Errors
    /// [`ParameterProblem::Monitor`].
    pub fn refuse_monitors(&mut self) -> Result<()> {
        let monitors: Vec<Parameter> =
            self.parameters.iter().filter(|p| p.is_monitor()).cloned().collect();
        for parameter in monitors {
            let value = self.value(parameter.id).unwrap_or(parameter.default);
            self.refuse_monitor(&parameter, value)?;
        }
        Ok(())
    }

    fn refuse_monitor(&mut self, parameter: &Parameter, raw: f64) -> Result<()> {
        if !parameter.is_monitor() || parameter.same(raw, parameter.default) {
            return Ok(());
        }
        let value = self.text(parameter, raw);
        let default = self.text(parameter, parameter.default);
        let parameter = parameter.name.clone();
        Err(self.problem(ParameterProblem::Monitor { parameter, value, default }))
    }

    /// What the plugin makes of a value, if it keeps it.
    fn agree(&mut self, parameter: &Parameter, value: &Value) -> Result<Setting> {
        // A switch is written in more than one way.
        let spellings: Vec<String> = match value {
            Value::Switch(true) => vec!["On".into(), "true".into(), "1".into()],
            Value::Switch(false) => vec!["Off".into(), "false".into(), "0".into()],
            other => vec![other.to_string()],
        };
        let params = self.params;
        let handle = self.instance.plugin_handle();
        let mut understood = None;
        for asked in &spellings {
            let Some(params) = params else { break };
            let Some(raw) = parameter.value_of(params, handle, asked) else { continue };
            let shown = parameter.text_of(params, handle, raw).unwrap_or_default();
            if parameter.kept(params, handle, asked, raw, &shown) {
                return Ok(Setting { id: parameter.id, value: raw });
            }
            understood.get_or_insert(shown);
        }
        if let Some(shown) = understood {
            return Err(self.not_kept(parameter, value, shown));
        }
        let example = self.text(parameter, parameter.default);
        Err(self.problem(ParameterProblem::NotUnderstood {
            parameter: parameter.name.clone(),
            value: value.to_string(),
            example,
        }))
    }

    fn not_kept(&mut self, parameter: &Parameter, value: &Value, understood: String) -> Error {
        let (lowest, highest) = self.shown_range(parameter);
        self.problem(ParameterProblem::NotKept {
            parameter: parameter.name.clone(),
            value: value.to_string(),
            understood,
            lowest,
            highest,
        })
    }

    /// Sends values to the instance while it is not processing.
    fn flush(&mut self, settings: &[Setting]) {
        let Some(params) = self.params else { return };
        let Some(mut handle) = self.instance.inactive_plugin_handle() else { return };
        let events = events(settings);
        let mut answers = EventBuffer::new();
        params.flush(&mut handle, &events.as_input(), &mut answers.as_output());
        self.run_callbacks();
    }
}
