//! A plugin's parameters: listed, found by name or id, set by text and read back.
//!
//! Plugins clamp in silence, so a value counts as set only when the plugin shows it again. See
//! [`Parameter::kept`].

use super::quantity::{Quantity, neighbours};
use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_host::plugin::PluginMainThreadHandle;
use clack_host::prelude::ClapId;
use std::ffi::CString;

/// More parameters than any plugin has; a count beyond it is a broken plugin.
const MOST_PARAMETERS: u32 = 65_536;

/// One parameter, as the plugin describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// CLAP id. For plugins of this suite, a hash of the id in the source.
    pub id: u32,
    /// The name hosts show.
    pub name: String,
    /// The group hosts show, parts separated by `/`; may be empty.
    pub module: String,
    /// Lowest raw CLAP value.
    pub minimum: f64,
    /// Highest raw CLAP value.
    pub maximum: f64,
    /// Raw CLAP value of the default.
    pub default: f64,
    /// Whether only whole values count.
    pub stepped: bool,
    /// Whether it is not to be shown or set.
    pub hidden: bool,
    /// Whether its value may move.
    pub automatable: bool,
}

/// A value that has been agreed with the plugin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// CLAP id of the parameter.
    pub id: u32,
    /// Raw CLAP value.
    pub value: f64,
}

impl Parameter {
    /// All parameters of a plugin, in its order.
    pub(super) fn list(params: PluginParams, plugin: PluginMainThreadHandle<'_>) -> Vec<Self> {
        let count = params.count(&plugin).min(MOST_PARAMETERS);
        let mut buffer = ParamInfoBuffer::new();
        (0..count)
            .filter_map(|index| {
                let info = params.get_info(&plugin, index, &mut buffer)?;
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
                Some(Self {
                    id: info.id.get(),
                    name: text(info.name),
                    module: text(info.module),
                    minimum: info.min_value,
                    maximum: info.max_value,
                    default: info.default_value,
                    stepped: info.flags.contains(ParamInfoFlags::IS_STEPPED),
                    hidden: info
                        .flags
                        .intersects(ParamInfoFlags::IS_HIDDEN.union(ParamInfoFlags::IS_READONLY)),
                    automatable: info.flags.contains(ParamInfoFlags::IS_AUTOMATABLE),
                })
            })
            .collect()
    }

    /// The parameters that `key` may mean: by name, by `Group/Name`, else by id in decimal.
    /// Names are compared without regard to case.
    pub(super) fn find<'a>(list: &'a [Self], key: &str) -> Vec<&'a Self> {
        let key = key.trim();
        let same = |a: &str| a.eq_ignore_ascii_case(key) || a.to_lowercase() == key.to_lowercase();
        let named: Vec<&Self> = list
            .iter()
            .filter(|p| !p.hidden && (same(&p.name) || same(&format!("{}/{}", p.module, p.name))))
            .collect();
        if named.is_empty()
            && let Ok(id) = key.parse::<u32>()
        {
            return list.iter().filter(|p| p.id == id).collect();
        }
        named
    }

    /// Whether it is a way to listen and no part of the sound: Match, Delta, Listen and Solo, of the
    /// key or of a band as well. Known by name, which is how people know it.
    pub fn is_monitor(&self) -> bool {
        let name = self.name.to_lowercase();
        let mut words = name.split([' ', '-', '_']).filter(|word| !word.is_empty());
        let last = words.next_back();
        match last {
            Some("match" | "delta") => words.next().is_none(),
            Some("listen" | "solo") => true,
            _ => false,
        }
    }

    /// Where `value` lies between lowest (0) and highest (1).
    pub fn normalised(&self, value: f64) -> f64 {
        let span = self.maximum - self.minimum;
        if span > 0.0 { ((value - self.minimum) / span).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The raw value the plugin makes of `text`.
    pub(super) fn value_of(
        &self,
        params: PluginParams,
        plugin: PluginMainThreadHandle<'_>,
        text: &str,
    ) -> Option<f64> {
        let text = CString::new(text).ok()?;
        let value = params.text_to_value(&plugin, ClapId::from_raw(self.id)?, &text)?;
        value.is_finite().then_some(value)
    }

    /// The text the plugin makes of a raw value.
    pub(super) fn text_of(
        &self,
        params: PluginParams,
        plugin: PluginMainThreadHandle<'_>,
        value: f64,
    ) -> Option<String> {
        let mut buffer = [0; 256];
        let text =
            params.value_to_text(&plugin, ClapId::from_raw(self.id)?, value, &mut buffer).ok()?;
        Some(String::from_utf8_lossy(text).trim().to_owned())
    }

    /// Whether `shown`, what the plugin makes of `value`, is what was `asked`.
    ///
    /// Two numbers are compared as numbers, to the last digit shown; a value shown in two units,
    /// `12.500 ms (600.00 samples)`, may be asked for in either. Else the texts are compared. Else (`"0"` for `"C"`, `"true"` for `"On"`) the plugin must read its own text back as the
    /// same value.
    pub(super) fn kept(
        &self,
        params: PluginParams,
        plugin: PluginMainThreadHandle<'_>,
        asked: &str,
        value: f64,
        shown: &str,
    ) -> bool {
        if asked.trim().to_lowercase() == shown.trim().to_lowercase() {
            return true;
        }
        let (first, second) = shown.split_once('(').unwrap_or((shown, ""));
        if let (Some(asked), Some(first)) = (Quantity::parse(asked), Quantity::parse(first)) {
            let second = Quantity::parse(second.trim_end_matches(')'));
            return asked.agrees_with(&first) || second.is_some_and(|s| asked.agrees_with(&s));
        }
        let at_an_end = self.same(value, self.minimum) || self.same(value, self.maximum);
        if at_an_end
            && let Some(beside) = neighbours(asked)
            && beside.iter().all(|text| {
                self.value_of(params, plugin, text).is_some_and(|v| self.same(v, value))
            })
        {
            return false;
        }
        self.value_of(params, plugin, shown).is_some_and(|again| self.same(again, value))
    }

    /// Whether two raw values are one setting: a normalised f32 has passed in between.
    pub(super) fn same(&self, a: f64, b: f64) -> bool {
        let tolerance = if self.stepped { 0.5 } else { 1e-5 * (self.maximum - self.minimum).abs() };
        (a - b).abs() <= tolerance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn monitors_are_known_by_name() {
        let monitor = |name: &str| {
            let parameter = Parameter {
                id: 1,
                name: name.to_owned(),
                module: String::new(),
                minimum: 0.0,
                maximum: 1.0,
                default: 0.0,
                stepped: true,
                hidden: false,
                automatable: false,
            };
            parameter.is_monitor()
        };
        for name in [
            "Match",
            "delta",
            "Key Listen",
            "LISTEN",
            "Solo",
            "Band 3 Solo",
            "Side-Listen",
            " Delta ",
        ] {
            assert!(monitor(name), "{name}");
        }
        for name in
            ["Matching", "Delta Time", "Match Amount", "Listener", "Soloist", "Gain", "", "Key"]
        {
            assert!(!monitor(name), "{name}");
        }
    }
}
