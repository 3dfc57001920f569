//! The audio half of a plugin instance: blocks in, blocks out.

use super::automation::{Lane, Player};
use super::handlers::Host;
use super::params::Setting;
use super::plugin::events;
use super::thread;
use crate::error::{Error, Result};
use clack_extensions::tail::{PluginTail, TailLength};
use clack_host::prelude::*;

/// An audio port.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Port {
    pub(super) channels: u32,
}

/// Buffers of one port, a channel each.
type PortBuffers = Vec<Vec<f32>>;

/// A running plugin. `Send`: it may process on any thread, one at a time.
pub struct Processor {
    started: StartedPluginAudioProcessor<Host>,
    name: String,
    channel: String,
    inputs: Vec<PortBuffers>,
    outputs: Vec<PortBuffers>,
    input_ports: AudioPorts,
    output_ports: AudioPorts,
    /// What is sent with the next block: the settings with the first, then automation.
    events: EventBuffer,
    player: Player,
    position: u64,
}

impl Processor {
    pub(super) fn new(
        started: StartedPluginAudioProcessor<Host>,
        name: String,
        channel: String,
        [inputs, outputs]: [&[Port]; 2],
        max_block_len: usize,
        settings: &[Setting],
        lanes: Vec<Lane>,
    ) -> Self {
        let buffers = |ports: &[Port]| -> Vec<PortBuffers> {
            ports
                .iter()
                .map(|port| vec![vec![0.0; max_block_len]; port.channels as usize])
                .collect()
        };
        // clack-host 0.2.0 (process/audio_buffers.rs) gets every port after the first wrong when
        // its list of channels has to grow: all of them are reserved here, and never grow.
        let ports = |ports: &[Port]| {
            let channels: u32 = ports.iter().map(|p| p.channels).sum();
            AudioPorts::with_capacity(channels as usize, ports.len())
        };
        Self {
            started,
            name,
            channel,
            inputs: buffers(inputs),
            outputs: buffers(outputs),
            input_ports: ports(inputs),
            output_ports: ports(outputs),
            events: events(settings),
            player: Player::new(lanes),
            position: 0,
        }
    }

    /// Says how late its input is, in samples: automation is sent that much later, so that it meets
    /// the audio it was drawn over.
    pub fn set_input_latency(&mut self, samples: u32) {
        self.player.set_input_latency(samples);
    }

    /// Processes one block of stereo in place of `output`. Without a key, the key input is silent;
    /// every port is always there, since nice-plug 0.4.2 reads one port beyond a shorter list
    /// (wrapper/clap/wrapper.rs, `aux_input_idx > audio_inputs_count`).
    ///
    /// # Errors
    /// [`Error::PluginProcess`] if it fails or answers finite audio with a NaN or infinity.
    pub fn process(
        &mut self,
        main: [&[f64]; 2],
        key: Option<[&[f64]; 2]>,
        output: [&mut [f64]; 2],
    ) -> Result<()> {
        let frames = main[0].len();
        fill(&mut self.inputs[0], main);
        if let Some(port) = self.inputs.get_mut(1) {
            fill(port, key.unwrap_or([&[], &[]]));
        }

        let input = self.input_ports.with_input_buffers(self.inputs.iter_mut().map(|port| {
            AudioPortBuffer {
                latency: 0,
                channels: AudioPortBufferType::f32_input_only(
                    port.iter_mut().map(|channel| InputChannel::variable(&mut channel[..frames])),
                ),
            }
        }));
        let mut produced =
            self.output_ports.with_output_buffers(self.outputs.iter_mut().map(|port| {
                AudioPortBuffer {
                    latency: 0,
                    channels: AudioPortBufferType::f32_output_only(
                        port.iter_mut().map(|channel| &mut channel[..frames]),
                    ),
                }
            }));
        let mut answers = EventBuffer::new();
        self.player.push_events(self.position, frames, &mut self.events);
        let status = thread::as_audio(|| {
            self.started.process(
                &input,
                &mut produced,
                &self.events.as_input(),
                &mut answers.as_output(),
                Some(self.position),
                None,
            )
        });
        if let Err(e) = status {
            return Err(self.failed(&e.to_string()));
        }
        self.events.clear();
        self.position += frames as u64;

        for (to, from) in output.into_iter().zip(&self.outputs[0]) {
            // An exponent of all ones is a NaN or an infinity; the largest is found many at a time.
            const EXPONENT: u32 = f32::INFINITY.to_bits();
            let mut largest = 0;
            for (t, f) in to.iter_mut().zip(from) {
                *t = f64::from(*f);
                largest = largest.max(f.to_bits() & EXPONENT);
            }
            if largest == EXPONENT {
                return Err(self.failed("it produced a sample that is not a number"));
            }
        }
        Ok(())
    }

    /// How long it rings on after its input has ended, in samples; `None` if for ever.
    pub fn tail_samples(&mut self) -> Option<u32> {
        let handle = self.started.plugin_handle();
        let Some(tail) = handle.get_extension::<PluginTail>() else { return Some(0) };
        match thread::as_audio(|| tail.get(&handle)) {
            TailLength::Finite(samples) => Some(samples),
            TailLength::Infinite => None,
        }
    }

    fn failed(&self, reason: &str) -> Error {
        let reason = self.started.access_shared_handler(|host| host.explain(reason));
        Error::PluginProcess { plugin: self.name.clone(), channel: self.channel.clone(), reason }
    }
}

/// Stereo into a port of whatever width: a mono key hears the left and right halves together.
fn fill(port: &mut [Vec<f32>], from: [&[f64]; 2]) {
    if let [mono] = port {
        mono.fill(0.0);
        for ((to, l), r) in mono.iter_mut().zip(from[0]).zip(from[1]) {
            *to = (0.5 * (l + r)) as f32;
        }
        return;
    }
    for (to, from) in port.iter_mut().zip(from) {
        for (t, f) in to.iter_mut().zip(from) {
            *t = *f as f32;
        }
        if from.is_empty() {
            to.fill(0.0);
        }
    }
}
