//! A plugin of the suite, as nice-plug wants it.

use crate::editor::Face;
use crate::editor::choices::Choices;
use crate::editor::kept::{KeptPreset, KeptSize, WithPage};
use crate::editor::page::Facts;
use crate::editor::window::{Shared, StemEditor};
use crate::motion::Motion;
use crate::readings::{Orders, Reading, Readings};
use crate::spectrum::{Point, Taps};
use crate::state;
use crate::trace::{COLUMNS_PER_SECOND, Trace};
use crate::transport::{Follower, Transport};
use nice_plug::prelude::*;
use nice_plug_egui::RepaintNotifier;
use shared_dsp::Processor;
use std::sync::Arc;

/// Samples given to a processor at once. Hosts' blocks are cut to it, so that buffers are small and
/// stay in the cache; the processors' output does not depend on it.
const CHUNK: usize = 256;

/// One publication in so many while no editor is open: two a second.
const UNWATCHED_EVERY: u32 = 30;

/// What makes one plugin of the suite: everything the host must know, and nothing about hosts.
pub trait StemPlugin: Face {
    /// Its name in the host.
    const NAME: &'static str;
    /// What it is for, in a sentence.
    const DESCRIPTION: &'static str;
    /// Its CLAP id: a promise to saved sessions.
    const CLAP_ID: &'static str;
    /// Its VST3 class id: a promise to saved sessions.
    const VST3_CLASS_ID: [u8; 16];
    /// Where CLAP hosts list it.
    const CLAP_FEATURES: &'static [ClapFeature];
    /// Where VST3 hosts list it.
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory];
    /// Whether it has a key input.
    const HAS_KEY: bool;
    /// Ids of the parameters that are monitors: they load as off.
    const MONITORS: &'static [&'static str] = &[];
    /// The texts of its factory presets (see [`presets`](crate::presets)), in the browser's order.
    const PRESETS: &'static [&'static str] = &[];
    /// Ids of parameters that are no part of presets: what belongs to the stem or the session.
    /// Monitors and the bypass never are.
    const NOT_IN_PRESETS: &'static [&'static str] = &[];
    /// What it shows, in the order of [`publish`](Self::publish).
    const READINGS: &'static [Reading];
    /// Indices of the readings whose last ten seconds the editor draws.
    const TRACED: &'static [usize] = &[];

    /// Whether its editor draws spectra: input, output and key are then tapped while one is open.
    const SPECTRA: bool = false;

    /// Its sound.
    type Dsp: Processor + Default + Send + 'static;

    /// The parameters' values as the processor wants them. Called on the audio thread.
    fn settings(params: &Self::Params) -> <Self::Dsp as Processor>::Params;

    /// The readings of [`TRACED`](Self::TRACED), which a history keeps: sixty times a second. Called on
    /// the audio thread.
    fn publish_traced(_dsp: &mut Self::Dsp, _readings: &Readings) {}

    /// The processor's other readings, in the order of [`READINGS`](Self::READINGS): sixty times a second
    /// while an editor is open, twice while none is, so that one that opens while the host stands
    /// still has them at once. Called on the audio thread.
    fn publish(dsp: &mut Self::Dsp, readings: &Readings);

    /// What the editor wants of the measurements, before each [`publish`](Self::publish). Called on the
    /// audio thread.
    fn obey(_dsp: &mut Self::Dsp, _orders: Orders) {}

    /// The gain Match holds, in dB, if the plugin has that monitor. Called on the audio thread.
    fn match_db(_dsp: &Self::Dsp) -> Option<f64> {
        None
    }

    /// Why the monitor with this id has nothing to do at these settings, in a sentence.
    fn why_idle(_params: &Self::Params, _monitor: &str) -> Option<&'static str> {
        None
    }

    /// The host runs at this rate: for parameters whose text depends on it.
    fn sample_rate_changed(_params: &Self::Params, _sample_rate_hz: f32) {}

    /// The host flushes: what was heard is forgotten. Called on the audio thread.
    fn flush(dsp: &mut Self::Dsp) {
        dsp.reset();
    }

    /// What the host's transport does, before each of its blocks: for what has to sound the same on
    /// every pass, and for measurements that follow it. Called on the audio thread.
    fn transport(_dsp: &mut Self::Dsp, _transport: Transport) {}

    /// Hands the processor what it shares with the page beyond the readings. Called before it is made
    /// ready, never on the audio thread.
    fn connect(_params: &Self::Params, _dsp: &mut Self::Dsp) {}

    /// The pages of eight parameters that hardware controllers show.
    fn remote_controls(params: &Self::Params, page: &mut impl RemoteControlsPage);
}

/// Makes a nice-plug plugin of a [`StemPlugin`].
pub struct Shell<S: StemPlugin> {
    params: Arc<S::Params>,
    readings: Arc<Readings>,
    trace: Arc<Trace>,
    taps: Arc<Taps>,
    facts: Arc<Facts>,
    editor_size: Arc<KeptSize>,
    choices: Arc<Choices>,
    preset: Arc<KeptPreset>,
    repaint: RepaintNotifier,
    dsp: S::Dsp,
    publish_interval: usize,
    until_publish: usize,
    /// How often in a row nothing was published.
    unpublished: u32,
    motion: Motion,
    transport: Follower,
    /// The latency the host knows of, in samples.
    latency: usize,
}

impl<S: StemPlugin> Default for Shell<S> {
    fn default() -> Self {
        Self {
            params: Arc::default(),
            readings: Arc::new(Readings::new(S::READINGS)),
            trace: Arc::new(Trace::new(S::TRACED.len())),
            taps: Arc::default(),
            facts: Arc::default(),
            editor_size: Arc::new(KeptSize::new(S::PAGE)),
            choices: Arc::new(Choices::new(S::CHOICES)),
            preset: Arc::default(),
            repaint: RepaintNotifier::default(),
            dsp: S::Dsp::default(),
            publish_interval: 1,
            until_publish: 0,
            unpublished: 0,
            motion: Motion::default(),
            transport: Follower::default(),
            latency: 0,
        }
    }
}

impl<S: StemPlugin> Shell<S> {
    /// Makes ready for a sample rate in Hz.
    pub(crate) fn prepare(&mut self, rate_hz: f32) {
        let rate = f64::from(rate_hz);
        S::sample_rate_changed(&self.params, rate_hz);
        self.publish_interval = (rate / COLUMNS_PER_SECOND).max(1.0) as usize;
        S::connect(&self.params, &mut self.dsp);
        self.dsp.prepare(rate, CHUNK);
        self.dsp.set_params(&S::settings(&self.params));
        self.latency = self.dsp.latency_samples();
        self.facts.set(rate_hz, self.latency);
        self.taps.set_rate_hz(rate_hz);
    }

    /// Processes one block in place, and publishes what it measured.
    pub(crate) fn run(&mut self, audio: &mut [&mut [f32]], key: &[&mut [f32]]) {
        self.dsp.set_params(&S::settings(&self.params));
        let length = audio.first().map_or(0, |channel| channel.len());
        for from in (0..length).step_by(CHUNK) {
            let to = (from + CHUNK).min(length);
            let taps = (S::SPECTRA && self.readings.is_watched()).then_some(&*self.taps);
            process_chunk(&mut self.dsp, audio, key, from, to, taps);
            self.publish_after(to - from);
        }
    }

    /// What it shares with its editor.
    pub(crate) fn shared(&self) -> Shared<S> {
        Shared {
            params: self.params.clone(),
            readings: self.readings.clone(),
            trace: self.trace.clone(),
            taps: self.taps.clone(),
            facts: self.facts.clone(),
            size: self.editor_size.clone(),
            choices: self.choices.clone(),
            preset: self.preset.clone(),
            repaint: self.repaint.clone(),
        }
    }

    /// Publishes the readings if enough samples have passed, and has the editor repainted while
    /// anything in it moves.
    fn publish_after(&mut self, length: usize) {
        if length < self.until_publish {
            self.until_publish -= length;
            return;
        }
        let beyond = (length - self.until_publish) % self.publish_interval;
        self.until_publish = self.publish_interval - beyond;
        let orders = self.readings.take_orders();
        S::obey(&mut self.dsp, orders);
        S::publish_traced(&mut self.dsp, &self.readings);
        let traced_moved = self.readings.take_changed();
        self.unpublished += 1;
        if orders.watched || self.unpublished >= UNWATCHED_EVERY {
            self.unpublished = 0;
            S::publish(&mut self.dsp, &self.readings);
        }
        self.trace.push_all(S::TRACED.iter().map(|index| self.readings.get(*index)));
        // A spectrum falls for a while after the sound has gone.
        let scrolls = traced_moved | self.taps.take_heard();
        let moved = self.readings.take_changed() | self.facts.set_match(S::match_db(&self.dsp));
        if self.motion.column(scrolls, moved, orders.watched) {
            self.repaint.request_repaint();
        }
    }
}

impl<S: StemPlugin> Shell<S> {
    /// Tells the host of another latency: somebody has thrown a switch that says so.
    fn follow_latency(&mut self, context: &mut impl ProcessContext<Self>) {
        let latency = self.dsp.latency_samples();
        if latency != self.latency {
            self.latency = latency;
            self.facts.set_latency(latency);
            context.set_latency_samples(latency as u32);
        }
    }
}

const STEREO: AudioIOLayout = AudioIOLayout {
    main_input_channels: NonZeroU32::new(2),
    main_output_channels: NonZeroU32::new(2),
    ..AudioIOLayout::const_default()
};
const MONO: AudioIOLayout = AudioIOLayout {
    main_input_channels: NonZeroU32::new(1),
    main_output_channels: NonZeroU32::new(1),
    ..AudioIOLayout::const_default()
};
// `main_input` stays unset: nice-plug gives its name to the main output (audio_setup.rs:160).
const KEY_NAMES: PortNames = PortNames { aux_inputs: &["Key"], ..PortNames::const_default() };
const LAYOUTS: &[AudioIOLayout] = &[STEREO, MONO];
// The key comes with the stereo layout alone. Main and key need equal channel counts, because VST3 bus
// negotiation compares the key with the main bus (vst3/wrapper.rs:858); with a mono layout that had a
// mono key it would agree to a mono main with a stereo key and then not have it. A mono stem that is
// to be keyed sits in a stereo instance.
const KEYED_LAYOUTS: &[AudioIOLayout] =
    &[AudioIOLayout { aux_input_ports: &[new_nonzero_u32(2)], names: KEY_NAMES, ..STEREO }, MONO];

impl<S: StemPlugin> Plugin for Shell<S> {
    const NAME: &'static str = S::NAME;
    const VENDOR: &'static str = "Stemwright";
    const URL: &'static str = "https://stemwright.org";
    const EMAIL: &'static str = "hello@stemwright.org";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const AUDIO_IO_LAYOUTS: &'static [AudioIOLayout] =
        if S::HAS_KEY { KEYED_LAYOUTS } else { LAYOUTS };
    const SAMPLE_ACCURATE_AUTOMATION: bool = true;

    type Editor = StemEditor<S>;
    type SysExMessage = ();
    type BackgroundTask = ();

    fn params(&self) -> Arc<dyn Params> {
        let (size, choices) = (self.editor_size.clone(), self.choices.clone());
        Arc::new(WithPage::new(self.params.clone(), size, choices, self.preset.clone()))
    }

    fn editor(&mut self, _executor: AsyncExecutor<Self>) -> Option<Self::Editor> {
        Some(StemEditor::new(self.shared()))
    }

    fn filter_state(state: &mut PluginState) {
        state::complete(state, &S::Params::default(), S::MONITORS);
    }

    fn activate(
        &mut self,
        _layout: &AudioIOLayout,
        buffer: &BufferConfig,
        context: &mut impl ActivateContext<Self>,
    ) -> bool {
        self.prepare(buffer.sample_rate);
        context.set_latency_samples(self.latency as u32);
        true
    }

    fn reset(&mut self) {
        S::flush(&mut self.dsp);
        self.until_publish = 0;
    }

    fn process(
        &mut self,
        buffer: &mut Buffer<'_>,
        aux: &mut AuxiliaryBuffers<'_>,
        context: &mut impl ProcessContext<Self>,
    ) -> ProcessStatus {
        let host = context.transport();
        let (samples, rate_hz) = (buffer.samples(), host.sample_rate);
        let transport = self.transport.follow(host.playing, host.pos_samples(), samples, rate_hz);
        S::transport(&mut self.dsp, transport);

        let key = aux.inputs.first().map_or(&[][..], |key| key.as_slice_immutable());
        self.run(buffer.as_slice(), key);
        self.follow_latency(context);

        // Meters and delays have more to say after the input falls silent.
        ProcessStatus::KeepAlive
    }
}

/// Runs one piece of a host's block, tapped or not. The key's slices are cut with care: nice-plug does
/// not promise their number or length (`buffer_management.rs:313`).
fn process_chunk<D: Processor>(
    dsp: &mut D,
    audio: &mut [&mut [f32]],
    key: &[&mut [f32]],
    from: usize,
    to: usize,
    taps: Option<&Taps>,
) {
    fn cut<'a>(channel: Option<&'a &mut [f32]>, from: usize, to: usize) -> &'a [f32] {
        channel.map_or(&[], |c| &c[from.min(c.len())..to.min(c.len())])
    }
    let pair = [cut(key.first(), from, to), cut(key.get(1), from, to)];
    let key: &[&[f32]] = &pair[..key.len().min(2)];
    let tap = |point: Point, audio: &[&mut [f32]]| match (taps, audio) {
        (Some(taps), [mono]) => taps.push(point, &[mono]),
        (Some(taps), [left, right]) => taps.push(point, &[left, right]),
        _ => {}
    };
    let mut run = |audio: &mut [&mut [f32]]| {
        tap(Point::Input, audio);
        dsp.process(audio, key);
        tap(Point::Output, audio);
    };
    match audio {
        [mono] => run(&mut [&mut mono[from..to]]),
        [left, right, ..] => run(&mut [&mut left[from..to], &mut right[from..to]]),
        [] => {}
    }
    if let Some(taps) = taps {
        taps.push(Point::Key, key);
    }
}

impl<S: StemPlugin> ClapPlugin for Shell<S> {
    const CLAP_ID: &'static str = S::CLAP_ID;
    const CLAP_DESCRIPTION: Option<&'static str> = Some(S::DESCRIPTION);
    const CLAP_MANUAL_URL: Option<&'static str> = None;
    const CLAP_SUPPORT_URL: Option<&'static str> = None;
    const CLAP_FEATURES: &'static [ClapFeature] = S::CLAP_FEATURES;

    fn remote_controls(&self, context: &mut impl RemoteControlsContext) {
        context.add_section(S::NAME, |section| {
            section.add_page(S::NAME, |page| S::remote_controls(&self.params, page));
        });
    }
}

impl<S: StemPlugin> Vst3Plugin for Shell<S> {
    const VST3_CLASS_ID: [u8; 16] = S::VST3_CLASS_ID;
    const VST3_SUBCATEGORIES: &'static [Vst3SubCategory] = S::VST3_SUBCATEGORIES;
}
