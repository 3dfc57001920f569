//! A plugin instance, seen from the main thread: what it is, how it is set, how late it is.

use super::automation::Lane;
use super::handlers::{AudioThread, Host, MainThread, Shared};
use super::params::{Parameter, Setting};
use super::processor::{Port, Processor};
use super::thread;
use crate::bundle::Found;
use crate::error::{Error, ParameterError, ParameterProblem, Result};
use clack_extensions::audio_ports::{AudioPortInfoBuffer, PluginAudioPorts};
use clack_extensions::audio_ports_config::{AudioPortsConfigBuffer, PluginAudioPortsConfig};
use clack_extensions::latency::PluginLatency;
use clack_extensions::params::PluginParams;
use clack_extensions::render::{PluginRender, RenderMode};
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;
use std::ffi::CString;

/// Times a plugin may ask to be restarted before it is taken at its word.
const MOST_RESTARTS: usize = 4;

/// More ports or channels than any effect has; beyond it the plugin is broken.
const MOST_PORTS: u32 = 64;

/// Who a plugin is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// CLAP id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Maker.
    pub vendor: String,
    /// Version, as the plugin writes it.
    pub version: String,
}

/// A plugin instance on a channel of the session.
pub struct Plugin {
    pub(super) instance: PluginInstance<Host>,
    identity: Identity,
    /// The channel it sits on, for the sentences.
    channel: String,
    pub(super) params: Option<PluginParams>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) settings: Vec<Setting>,
    pub(super) lanes: Vec<Lane>,
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    pub(super) configuration: PluginAudioConfiguration,
    latency_samples: u32,
}

impl Plugin {
    /// Creates an instance of `id` for `channel`. `wants_key` says that it will be fed a key.
    ///
    /// # Errors
    /// If it does not start, is not stereo, or has no input for the key.
    pub fn new(
        found: &Found,
        id: &str,
        channel: &str,
        wants_key: bool,
        sample_rate_hz: u32,
        max_block_len: usize,
    ) -> Result<Self> {
        let failed = |reason: String| Error::PluginStart {
            plugin: id.to_owned(),
            channel: channel.to_owned(),
            reason,
        };
        let identity = identity(found, id).ok_or_else(|| failed("it is not listed".to_owned()))?;
        let host = HostInfo::new(
            "Stemwright",
            "Stemwright",
            "https://stemwright.org",
            env!("CARGO_PKG_VERSION"),
        )
        .map_err(|e| failed(e.to_string()))?;
        let c_id = CString::new(id).map_err(|e| failed(e.to_string()))?;
        let mut instance = PluginInstance::<Host>::new(
            |()| Shared::new(),
            |_| MainThread,
            &found.entry,
            &c_id,
            &host,
        )
        .map_err(|e| failed(e.to_string()))?;

        let handle = instance.plugin_handle();
        // Plugins that do not care have no such extension, and one that refuses renders anyway.
        if let Some(render) = handle.get_extension::<PluginRender>() {
            let _ = render.set(&handle, RenderMode::Offline);
        }
        // A plugin of several layouts is asked for its stereo one.
        if !is_stereo(&ports(handle, true), &ports(handle, false)) {
            select_stereo(handle);
        }
        let params = handle.get_extension::<PluginParams>();
        let parameters = params.map(|p| Parameter::list(p, handle)).unwrap_or_default();
        let inputs = ports(handle, true);
        let outputs = ports(handle, false);

        let mut plugin = Self {
            instance,
            identity,
            channel: channel.to_owned(),
            params,
            parameters,
            settings: Vec::new(),
            lanes: Vec::new(),
            inputs,
            outputs,
            configuration: PluginAudioConfiguration {
                sample_rate: f64::from(sample_rate_hz),
                // The last block may be any remainder.
                min_frames_count: 1,
                max_frames_count: max_block_len as u32,
            },
            latency_samples: 0,
        };
        plugin.check_ports(wants_key)?;
        plugin.run_callbacks();
        // Once, for the plugin to learn the sample rate: a value's text may depend on it ("600
        // samples"), and values are set before the activation that counts.
        let stopped = plugin.activate_stopped()?;
        plugin.instance.deactivate(stopped);
        Ok(plugin)
    }

    /// Who it is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The channel it sits on.
    pub fn channel(&self) -> &str {
        &self.channel
    }

    /// Its parameters, in its order.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Latency since activation, in samples.
    pub fn latency_samples(&self) -> u32 {
        self.latency_samples
    }

    /// The raw value a parameter was set to, if it was.
    pub fn agreed(&self, id: u32) -> Option<f64> {
        self.settings.iter().find(|setting| setting.id == id).map(|setting| setting.value)
    }

    /// Whether a parameter moves during the session.
    pub fn is_automated(&self, id: u32) -> bool {
        self.lanes.iter().any(|lane| lane.id() == id)
    }

    /// A parameter's current raw value.
    pub fn value(&mut self, id: u32) -> Option<f64> {
        let handle = self.instance.plugin_handle();
        self.params?.get_value(&handle, ClapId::from_raw(id)?)
    }

    /// How the plugin shows a raw value.
    pub fn text(&mut self, parameter: &Parameter, value: f64) -> String {
        let Some(params) = self.params else { return value.to_string() };
        let handle = self.instance.plugin_handle();
        parameter.text_of(params, handle, value).unwrap_or_else(|| value.to_string())
    }

    /// Whether it has an input for a key.
    pub fn has_key_input(&self) -> bool {
        self.inputs.get(1).is_some_and(|port| port.channels > 0)
    }

    /// The one parameter that `key` means.
    ///
    /// # Errors
    /// [`Error::Parameter`] if there is none, or more than one.
    pub fn find(&self, key: &str) -> Result<&Parameter> {
        let parameter = key.to_owned();
        match Parameter::find(&self.parameters, key)[..] {
            [one] => Ok(one),
            [] => {
                let shown = self.parameters.iter().filter(|p| !p.hidden);
                let names: Vec<&str> = shown.map(|p| p.name.as_str()).take(64).collect();
                let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                Err(self.problem(ParameterProblem::Unknown { parameter, known }))
            }
            ref several => {
                let ids: Vec<String> = several.iter().map(|p| p.id.to_string()).collect();
                let ids = ids.join(", ");
                Err(self.problem(ParameterProblem::Ambiguous { parameter, ids }))
            }
        }
    }

    /// Activates the plugin and hands out its audio half, which sends the settings again with the
    /// first block.
    ///
    /// # Errors
    /// If the plugin does not start.
    pub fn activate(&mut self) -> Result<Processor> {
        let stopped = self.activate_stopped()?;
        self.latency_samples = self.read_latency();
        let started = thread::as_audio(|| stopped.start_processing())
            .map_err(|e| self.start_error(&e.to_string()))?;
        Ok(Processor::new(
            started,
            self.identity.name.clone(),
            self.channel.clone(),
            [&self.inputs, &self.outputs],
            self.configuration.max_frames_count as usize,
            &self.settings,
            self.lanes.clone(),
        ))
    }

    /// Activates, again for as long as the plugin asks for it.
    fn activate_stopped(&mut self) -> Result<StoppedPluginAudioProcessor<Host>> {
        for _ in 0..MOST_RESTARTS {
            let stopped = self
                .instance
                .activate(|_, _| AudioThread, self.configuration)
                .map_err(|e| self.start_error(&e.to_string()))?;
            self.run_callbacks();
            if !self.instance.access_shared_handler(Shared::take_restart) {
                return Ok(stopped);
            }
            self.instance.deactivate(stopped);
        }
        Err(self.start_error("it keeps asking to be restarted"))
    }

    /// After a render: is the latency still the one everything was aligned to?
    ///
    /// # Errors
    /// [`Error::LatencyMoved`].
    pub fn check_latency(&mut self) -> Result<()> {
        self.run_callbacks();
        let after = self.read_latency();
        if after == self.latency_samples {
            return Ok(());
        }
        Err(Error::LatencyMoved {
            plugin: self.identity.name.clone(),
            channel: self.channel.clone(),
            before: self.latency_samples,
            after,
        })
    }

    /// The lowest and highest number a parameter shows, for searching within it.
    pub fn shown_range(&mut self, parameter: &Parameter) -> (String, String) {
        let lowest = self.text(parameter, parameter.minimum);
        let highest = self.text(parameter, parameter.maximum);
        (lowest, highest)
    }

    /// A problem with a parameter of this plugin.
    pub(super) fn problem(&self, problem: ParameterProblem) -> Error {
        Error::Parameter(Box::new(ParameterError {
            plugin: self.identity.name.clone(),
            channel: self.channel.clone(),
            problem,
        }))
    }

    fn read_latency(&mut self) -> u32 {
        let handle = self.instance.plugin_handle();
        handle.get_extension::<PluginLatency>().map_or(0, |latency| latency.get(&handle))
    }

    /// Answers requests for a call on the main thread; one may ask for another.
    pub(crate) fn run_callbacks(&mut self) {
        for _ in 0..16 {
            if !self.instance.access_shared_handler(Shared::take_callback) {
                return;
            }
            self.instance.call_on_main_thread_callback();
        }
    }

    fn check_ports(&self, wants_key: bool) -> Result<()> {
        let (plugin, channel) = (self.identity.name.clone(), self.channel.clone());
        if !is_stereo(&self.inputs, &self.outputs) {
            let channels = |ports: &[Port]| ports.first().map_or(0, |p| p.channels);
            let (inputs, outputs) = (channels(&self.inputs), channels(&self.outputs));
            return Err(Error::PluginLayout { plugin, channel, inputs, outputs });
        }
        if wants_key && !self.has_key_input() {
            return Err(Error::NoKeyInput { plugin, channel });
        }
        Ok(())
    }

    fn start_error(&self, reason: &str) -> Error {
        let reason = self.instance.access_shared_handler(|host| host.explain(reason));
        Error::PluginStart {
            plugin: self.identity.name.clone(),
            channel: self.channel.clone(),
            reason,
        }
    }
}

/// Settings as events at the first sample.
pub(super) fn events(settings: &[Setting]) -> EventBuffer {
    let mut events = EventBuffer::with_capacity(settings.len());
    for setting in settings {
        if let Some(id) = ClapId::from_raw(setting.id) {
            events.push(&ParamValueEvent::new(0, id, Pckn::match_all(), setting.value));
        }
    }
    events
}

fn identity(found: &Found, id: &str) -> Option<Identity> {
    let factory = found.entry.get_plugin_factory()?;
    let descriptor = factory
        .plugin_descriptors()
        .find(|d| d.id().is_some_and(|i| i.to_bytes() == id.as_bytes()))?;
    let text = |c: Option<&std::ffi::CStr>| {
        c.map(|c| c.to_string_lossy().into_owned()).unwrap_or_default()
    };
    let name = text(descriptor.name());
    Some(Identity {
        id: id.to_owned(),
        name: if name.is_empty() { id.to_owned() } else { name },
        vendor: text(descriptor.vendor()),
        version: text(descriptor.version()),
    })
}

fn ports(handle: PluginMainThreadHandle<'_>, is_input: bool) -> Vec<Port> {
    let Some(extension) = handle.get_extension::<PluginAudioPorts>() else { return Vec::new() };
    let mut buffer = AudioPortInfoBuffer::new();
    (0..extension.count(&handle, is_input).min(MOST_PORTS))
        .map(|index| {
            let info = extension.get(&handle, index, is_input, &mut buffer);
            Port { channels: info.map_or(0, |i| i.channel_count.min(MOST_PORTS)) }
        })
        .collect()
}

/// Whether the main ports (CLAP has them first) take and give stereo.
fn is_stereo(inputs: &[Port], outputs: &[Port]) -> bool {
    [inputs, outputs].iter().all(|ports| ports.first().is_some_and(|main| main.channels == 2))
}

/// Selects the first layout whose main ports are stereo, if there is one.
fn select_stereo(handle: PluginMainThreadHandle<'_>) {
    let Some(layouts) = handle.get_extension::<PluginAudioPortsConfig>() else { return };
    let mut buffer = AudioPortsConfigBuffer::new();
    for index in 0..layouts.count(&handle).min(MOST_PORTS) {
        let stereo = layouts.get(&handle, index, &mut buffer).and_then(|layout| {
            let main = [layout.main_input?, layout.main_output?];
            main.iter().all(|port| port.channel_count == 2).then_some(layout.id)
        });
        if let Some(id) = stereo
            && layouts.select(&handle, id).is_ok()
        {
            return;
        }
    }
}
