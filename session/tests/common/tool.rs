//! A plugin of the tests' own, inside the test process: what a host must get right, made visible.
//!
//! `y = gain · delayed(x) − key · delayed(k)`, with exactly the latency it reports. Fed with one
//! signal on both inputs it is silent only if the host has aligned them to the sample. Events take
//! effect at their sample.

use clack_extensions::audio_ports::{
    AudioPortFlags, AudioPortInfo, AudioPortInfoWriter, AudioPortType, PluginAudioPorts,
    PluginAudioPortsImpl,
};
use clack_extensions::audio_ports_config::{
    AudioPortConfigWriter, AudioPortsConfiguration, MainPortInfo, PluginAudioPortsConfig,
    PluginAudioPortsConfigImpl,
};
use clack_extensions::latency::{PluginLatency, PluginLatencyImpl};
use clack_extensions::log::{HostLog, LogSeverity};
use clack_extensions::params::{
    ParamDisplayWriter, ParamInfo, ParamInfoFlags, ParamInfoWriter, PluginAudioProcessorParams,
    PluginMainThreadParams, PluginParams,
};
use clack_extensions::tail::{PluginTail, PluginTailImpl, TailLength};
use clack_extensions::thread_check::HostThreadCheck;
use clack_host::prelude::PluginEntry;
use clack_plugin::events::event_types::ParamValueEvent;
use clack_plugin::prelude::*;
use clack_plugin::utils::Cookie;
use std::ffi::CStr;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Stereo, with a key input.
pub const TOOL: u8 = 0;
/// Stereo, without a key input.
pub const KEYLESS: u8 = 1;
/// Mono.
pub const MONO: u8 = 2;
/// Reports another latency after its first block.
pub const RESTLESS: u8 = 3;
/// Answers everything with NaN.
pub const BROKEN: u8 = 4;
/// Mono, until it is asked for its stereo layout.
pub const LAYOUTS: u8 = 5;
/// Says why, and fails.
pub const FAILING: u8 = 6;

/// The ids, by kind.
pub const IDS: [&str; 7] = [
    "test.tool",
    "test.keyless",
    "test.mono",
    "test.restless",
    "test.broken",
    "test.layouts",
    "test.failing",
];

/// All of them, ready to be hosted.
pub fn entries() -> Vec<PluginEntry> {
    fn load<const KIND: u8>() -> PluginEntry {
        PluginEntry::load_from_clack::<SinglePluginEntry<Tool<KIND>>>(c"/tests").unwrap()
    }
    vec![
        load::<TOOL>(),
        load::<KEYLESS>(),
        load::<MONO>(),
        load::<RESTLESS>(),
        load::<BROKEN>(),
        load::<LAYOUTS>(),
        load::<FAILING>(),
    ]
}

const GAIN: usize = 0;
const DELAY: usize = 1;
const KEY: usize = 2;
/// Understands text, ignores values.
const DEAF: usize = 3;
/// A monitor.
const LISTEN: usize = 6;
/// Added to every sample: the curve of an automation, laid open.
const OFFSET: usize = 7;

/// Name, lowest, highest, default, stepped. Delay may not be automated.
const PARAMETERS: [(&str, f64, f64, f64, bool); 8] = [
    ("Gain", -24.0, 24.0, 0.0, false),
    ("Delay", 0.0, 1000.0, 0.0, true),
    ("Key", 0.0, 1.0, 0.0, true),
    ("Deaf", 0.0, 1.0, 0.0, false),
    ("Twin", 0.0, 1.0, 0.0, false),
    ("Twin", 0.0, 1.0, 0.0, false),
    ("Key Listen", 0.0, 1.0, 0.0, true),
    ("Offset", -1.0, 1.0, 0.0, false),
];

pub struct Tool<const KIND: u8>;

pub struct Shared {
    values: [AtomicU64; PARAMETERS.len()],
    blocks: AtomicU64,
    stereo: AtomicBool,
}

impl Shared {
    fn get(&self, index: usize) -> f64 {
        f64::from_bits(self.values[index].load(Ordering::Relaxed))
    }

    fn take(&self, events: &InputEvents<'_>) {
        for event in events {
            self.take_one(event);
        }
    }

    fn take_one(&self, event: &UnknownEvent) {
        let Some(event) = event.as_event::<ParamValueEvent>() else { return };
        let index = event.param_id().map_or(usize::MAX, |id| id.get() as usize - 1);
        if index != DEAF
            && let Some(slot) = self.values.get(index)
        {
            slot.store(event.value().to_bits(), Ordering::Relaxed);
        }
    }
}

impl PluginShared<'_> for Shared {}

/// As the host sees it.
fn is_audio_thread(host: HostSharedHandle<'_>) -> bool {
    let check = host.get_extension::<HostThreadCheck>().expect("a host that knows its threads");
    let is_audio = check.is_audio_thread(&host).unwrap();
    assert!(!is_audio || !check.is_main_thread(&host).unwrap(), "both at once");
    is_audio
}

pub struct MainThread<'a, const KIND: u8> {
    shared: &'a Shared,
}

impl<'a, const KIND: u8> PluginMainThread<'a, Shared> for MainThread<'a, KIND> {}

impl<const KIND: u8> Plugin for Tool<KIND> {
    type AudioProcessor<'a> = Processor<'a, KIND>;
    type Shared<'a> = Shared;
    type MainThread<'a> = MainThread<'a, KIND>;

    fn declare_extensions(builder: &mut PluginExtensions<'_, Self>, _: Option<&Shared>) {
        builder
            .register::<PluginAudioPorts>()
            .register::<PluginLatency>()
            .register::<PluginParams>()
            .register::<PluginTail>();
        if KIND == LAYOUTS {
            builder.register::<PluginAudioPortsConfig>();
        }
    }
}

impl<const KIND: u8> DefaultPluginFactory for Tool<KIND> {
    fn get_descriptor() -> PluginDescriptor {
        PluginDescriptor::new(IDS[KIND as usize], "Test Tool").with_version("1.2.3")
    }

    fn new_shared(_: HostSharedHandle<'_>) -> Result<Shared, PluginError> {
        Ok(Shared {
            values: PARAMETERS.map(|p| AtomicU64::new(p.3.to_bits())),
            blocks: AtomicU64::new(0),
            stereo: AtomicBool::new(![MONO, LAYOUTS].contains(&KIND)),
        })
    }

    fn new_main_thread<'a>(
        _: HostMainThreadHandle<'a>,
        shared: &'a Shared,
    ) -> Result<MainThread<'a, KIND>, PluginError> {
        Ok(MainThread { shared })
    }
}

impl<const KIND: u8> PluginAudioPortsImpl for MainThread<'_, KIND> {
    fn count(&self, is_input: bool) -> u32 {
        if is_input && KIND != KEYLESS { 2 } else { 1 }
    }

    fn get(&self, index: u32, _: bool, writer: &mut AudioPortInfoWriter<'_>) {
        writer.set(&AudioPortInfo {
            id: ClapId::new(index),
            name: if index == 0 { b"Main" } else { b"Key" },
            channel_count: if self.shared.stereo.load(Ordering::Relaxed) { 2 } else { 1 },
            flags: if index == 0 { AudioPortFlags::IS_MAIN } else { AudioPortFlags::empty() },
            port_type: Some(AudioPortType::STEREO),
            in_place_pair: None,
        });
    }
}

impl<const KIND: u8> PluginAudioPortsConfigImpl for MainThread<'_, KIND> {
    fn count(&self) -> u32 {
        2
    }

    fn get(&self, index: u32, writer: &mut AudioPortConfigWriter<'_>) {
        let main = MainPortInfo { channel_count: index + 1, port_type: None };
        writer.write(&AudioPortsConfiguration {
            id: ClapId::new(10 + index),
            name: b"Layout",
            input_port_count: 2,
            output_port_count: 1,
            main_input: Some(main),
            main_output: Some(main),
        });
    }

    fn select(&self, id: ClapId) -> Result<(), PluginError> {
        self.shared.stereo.store(id.get() == 11, Ordering::Relaxed);
        Ok(())
    }
}

impl<const KIND: u8> PluginTailImpl for Processor<'_, KIND> {
    fn get(&self) -> TailLength {
        if KIND == KEYLESS {
            TailLength::Infinite
        } else {
            TailLength::Finite(self.shared.get(DELAY) as u32)
        }
    }
}

impl<const KIND: u8> PluginLatencyImpl for MainThread<'_, KIND> {
    fn get(&self) -> u32 {
        let drift = KIND == RESTLESS && self.shared.blocks.load(Ordering::Relaxed) > 0;
        self.shared.get(DELAY) as u32 + u32::from(drift)
    }
}

impl<const KIND: u8> PluginMainThreadParams for MainThread<'_, KIND> {
    fn count(&self) -> u32 {
        PARAMETERS.len() as u32
    }

    fn get_info(&self, index: u32, info: &mut ParamInfoWriter<'_>) {
        let Some((name, min_value, max_value, default_value, stepped)) =
            PARAMETERS.get(index as usize).copied()
        else {
            return;
        };
        info.set(&ParamInfo {
            id: ClapId::new(index + 1),
            flags: [
                (stepped, ParamInfoFlags::IS_STEPPED),
                (index as usize != DELAY, ParamInfoFlags::IS_AUTOMATABLE),
            ]
            .into_iter()
            .filter(|(set, _)| *set)
            .fold(ParamInfoFlags::empty(), |flags, (_, flag)| flags.union(flag)),
            cookie: Cookie::empty(),
            name: name.as_bytes(),
            module: b"Test",
            min_value,
            max_value,
            default_value,
        });
    }

    fn get_value(&self, id: ClapId) -> Option<f64> {
        let index = id.get() as usize - 1;
        (index < PARAMETERS.len()).then(|| self.shared.get(index))
    }

    fn value_to_text(
        &self,
        id: ClapId,
        value: f64,
        writer: &mut ParamDisplayWriter<'_>,
    ) -> std::fmt::Result {
        match id.get() as usize - 1 {
            GAIN => write!(writer, "{value:.1} dB"),
            DELAY => write!(writer, "{value:.0} samples"),
            KEY | LISTEN => writer.write_str(if value > 0.5 { "On" } else { "Off" }),
            _ => write!(writer, "{value:.2}"),
        }
    }

    /// Clamps in silence, as nice-plug does.
    fn text_to_value(&self, id: ClapId, text: &CStr) -> Option<f64> {
        let index = id.get() as usize - 1;
        let text = text.to_str().ok()?.trim();
        if [KEY, LISTEN].contains(&index) {
            return match text.to_lowercase().as_str() {
                "on" => Some(1.0),
                "off" => Some(0.0),
                _ => None,
            };
        }
        let number = text.split(' ').next()?.parse::<f64>().ok()?;
        let (_, lowest, highest, ..) = PARAMETERS.get(index).copied()?;
        Some(number.clamp(lowest, highest))
    }

    fn flush(&self, input: &InputEvents<'_>, _: &mut OutputEvents<'_>) {
        self.shared.take(input);
    }
}

pub struct Processor<'a, const KIND: u8> {
    shared: &'a Shared,
    host: HostSharedHandle<'a>,
    /// Main left, main right, key left, key right.
    rings: [Vec<f32>; 4],
    at: usize,
}

impl<'a, const KIND: u8> PluginAudioProcessor<'a, Shared, MainThread<'a, KIND>>
    for Processor<'a, KIND>
{
    fn activate(
        host: HostAudioProcessorHandle<'a>,
        _: &MainThread<'a, KIND>,
        shared: &'a Shared,
        _: PluginAudioConfiguration,
    ) -> Result<Self, PluginError> {
        let ring = vec![0.0; shared.get(DELAY) as usize];
        let host = host.shared();
        if is_audio_thread(host) {
            return Err(PluginError::Message("activated on the audio thread"));
        }
        Ok(Self { shared, host, rings: [ring.clone(), ring.clone(), ring.clone(), ring], at: 0 })
    }

    fn process(
        &mut self,
        _: Process<'_>,
        mut audio: Audio<'_>,
        events: Events<'_>,
    ) -> Result<ProcessStatus, PluginError> {
        if !is_audio_thread(self.host) {
            return Err(PluginError::Message("processed on another thread than the audio thread"));
        }
        if KIND == FAILING {
            if let Some(log) = self.host.get_extension::<HostLog>() {
                log.log(&self.host, LogSeverity::Info, c"all is well");
                log.log(&self.host, LogSeverity::Error, c"the licence\nhas run out");
                log.log(&self.host, LogSeverity::Debug, c"good night");
            }
            return Err(PluginError::Message("no licence"));
        }
        self.shared.blocks.fetch_add(1, Ordering::Relaxed);
        let frames = audio.frames_count() as usize;
        let mut lines = vec![vec![0.0f32; frames]; 4];
        for (port, pair) in lines.chunks_mut(2).enumerate() {
            let Some(input) = audio.input_port(port) else { continue };
            let Some(channels) = input.channels()?.into_f32() else { continue };
            for (line, channel) in pair.iter_mut().zip(channels.iter()) {
                line.copy_from_slice(channel);
            }
        }
        let length = self.rings[0].len();
        for (line, ring) in lines.iter_mut().zip(&mut self.rings) {
            let mut at = self.at;
            for sample in line.iter_mut().filter(|_| length > 0) {
                std::mem::swap(sample, &mut ring[at]);
                at = (at + 1) % length;
            }
        }
        if length > 0 {
            self.at = (self.at + frames) % length;
        }
        let mut output = audio.output_port(0).ok_or(PluginError::Message("no output"))?;
        let Some(mut channels) = output.channels()?.into_f32() else {
            return Err(PluginError::Message("no 32-bit output"));
        };
        // In pieces, each with the values that hold there.
        let mut pending = events.input.iter().peekable();
        let mut at = 0;
        while at < frames {
            while let Some(event) = pending.next_if(|e| e.header().time() as usize <= at) {
                self.shared.take_one(event);
            }
            let end = pending.peek().map_or(frames, |e| (e.header().time() as usize).min(frames));
            let gain = 10f64.powf(self.shared.get(GAIN) / 20.0) as f32;
            let keyed = self.shared.get(KEY) > 0.5;
            let offset = self.shared.get(OFFSET) as f32;
            for (side, channel) in channels.iter_mut().enumerate() {
                for (i, y) in channel.iter_mut().enumerate().take(end).skip(at) {
                    let key = if keyed { lines[2 + side][i] } else { 0.0 };
                    *y = gain * lines[side][i] - key + offset;
                    if KIND == BROKEN {
                        *y = f32::NAN;
                    }
                }
            }
            at = end;
        }
        Ok(ProcessStatus::Continue)
    }
}

impl<const KIND: u8> PluginAudioProcessorParams for Processor<'_, KIND> {
    fn flush(&mut self, input: &InputEvents<'_>, _: &mut OutputEvents<'_>) {
        self.shared.take(input);
    }
}
