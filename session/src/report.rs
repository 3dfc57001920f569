//! What `report.json` says of a plugin. The rest of the report is data of the `report`
//! crate's, filled by [`render`](crate::render).

use crate::host::Plugin;
use report::model::Parameter;
pub use report::model::{File, Files, Limiter, Master, PluginReport, Report, Schema, Solve, Stem};

/// A plugin as it stands now. `key` is where its key comes from.
pub fn plugin(plugin: &mut Plugin, key: Option<String>) -> PluginReport {
    let list = plugin.parameters().to_vec();
    let parameters = list
        .iter()
        .map(|p| {
            // What was sent, where something was: read back, it has been through an `f32`.
            let value = plugin.agreed(p.id).or_else(|| plugin.value(p.id)).unwrap_or(p.default);
            let mut text = plugin.text(p, value);
            if plugin.is_automated(p.id) {
                text.push_str(", automated from there");
            }
            Parameter {
                id: p.id,
                name: p.name.clone(),
                module: p.module.clone(),
                text,
                value,
                normalised: p.normalised(value),
            }
        })
        .collect();
    let identity = plugin.identity().clone();
    PluginReport {
        channel: plugin.channel().to_owned(),
        id: identity.id,
        name: identity.name,
        vendor: identity.vendor,
        version: identity.version,
        key,
        latency_samples: plugin.latency_samples(),
        parameters,
    }
}
