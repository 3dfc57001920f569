//! A graph at work: sources read, plugins process, sums add in 64 bits, taps listen. A block at a
//! time, so that memory depends on the number of nodes and not on the length of the song; all
//! threads of the pool it runs in take part (rayon's global one, unless the caller chose another),
//! and the result is the same to the bit for any number of them.

mod pipeline;

use crate::audio_file::{AudioReader, WavWriter};
use crate::bundle::Bundles;
use crate::error::Result;
use crate::graph::{Alignment, Graph, NodeId, NodeKind};
use crate::host::Plugin;
use crate::model::Value;
use crate::stop::Stop;
use pipeline::{Ear, Feed, Pipeline, Running, Work};

/// Where audio comes from.
pub trait Source: Send {
    /// Fills the whole block; with silence after the end.
    ///
    /// # Errors
    /// If the audio cannot be read.
    fn fill(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()>;
}

impl Source for AudioReader {
    fn fill(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        let read = self.read(left, right)?;
        left[read..].fill(0.0);
        right[read..].fill(0.0);
        Ok(())
    }
}

/// Where audio goes.
pub trait Sink: Send {
    /// Takes the next samples, both sides of one length.
    ///
    /// # Errors
    /// If they cannot be kept.
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()>;
}

impl Sink for WavWriter {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        Self::write(self, left, right)
    }
}

/// Where the two sides of an insert go.
pub trait CompareSink: Send {
    /// Takes the next samples before and after the insert, aligned.
    fn write(&mut self, before: [&[f64]; 2], after: [&[f64]; 2]);
}

/// Where the two sides of an insert go together with its key.
pub trait KeyedSink: Send {
    /// Takes the next samples of the key as it is fed to the insert, and those before and after it,
    /// aligned.
    fn write(&mut self, key: [&[f64]; 2], before: [&[f64]; 2], after: [&[f64]; 2]);
}

/// How much of a node's output a tap hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// So many samples from where the session starts: the node's latency removed.
    Aligned(u64),
    /// So many samples from where the processing starts.
    Raw(u64),
}

/// Somebody who listens to a node.
pub struct Tap<'a> {
    /// The node.
    pub node: NodeId,
    /// How much of it.
    pub window: Window,
    /// Where it goes.
    pub listener: Listener<'a>,
}

/// What a tap does with what it hears.
pub enum Listener<'a> {
    /// Takes the node's output.
    Output(&'a mut dyn Sink),
    /// Takes the node's output, and beside it what went into it: the output of node `before`, so
    /// much later.
    Sides {
        /// The node that the insert is fed by.
        before: NodeId,
        /// Where both go.
        sink: &'a mut dyn CompareSink,
    },
    /// The same, and beside them the insert's key: the output of node `key`, as much later.
    Keyed {
        /// The node that keys the insert.
        key: NodeId,
        /// The node that the insert is fed by.
        before: NodeId,
        /// Where all go.
        sink: &'a mut dyn KeyedSink,
    },
}

/// A value that overrules the session's.
#[derive(Debug, Clone, PartialEq)]
pub struct Override {
    /// The insert's node.
    pub node: NodeId,
    /// The parameter's name.
    pub parameter: &'static str,
    /// Its value.
    pub value: Value,
}

/// A graph with its plugins running.
pub struct Engine {
    // The processors must be gone before their plugins: fields drop in this order.
    nodes: Vec<Running>,
    plugins: Vec<(NodeId, Plugin)>,
    alignment: Alignment,
    block_len: usize,
}

impl Engine {
    /// Starts every plugin of `graph`. `source` opens the audio of stems and spools.
    ///
    /// # Errors
    /// Whatever a bundle, plugin, parameter or source has against it.
    pub fn new(
        graph: &Graph,
        bundles: &mut Bundles,
        overrides: &[Override],
        sample_rate_hz: u32,
        block_len: usize,
        mut source: impl FnMut(&NodeKind) -> Result<Box<dyn Source>>,
    ) -> Result<Self> {
        let mut plugins = Vec::new();
        let mut works = Vec::new();
        let mut own_samples = Vec::new();
        for (id, node) in graph.nodes.iter().enumerate() {
            let (work, own) = match &node.kind {
                NodeKind::Insert(insert) => {
                    let found = bundles.find(&insert.plugin)?;
                    let wants_key = node.inputs.len() > 1;
                    let mut plugin = Plugin::new(
                        &found,
                        &insert.plugin,
                        &node.channel,
                        wants_key,
                        sample_rate_hz,
                        block_len,
                    )?;
                    plugin.set_all(&insert.params)?;
                    plugin.automate(&insert.automation)?;
                    for o in overrides.iter().filter(|o| o.node == id) {
                        plugin.set(o.parameter, &o.value)?;
                    }
                    plugin.refuse_monitors()?;
                    let processor = plugin.activate()?;
                    let own = plugin.latency_samples();
                    plugins.push((id, plugin));
                    (Work::Insert(Box::new(processor)), own)
                }
                NodeKind::Sum => (Work::Sum, 0),
                NodeKind::Mono => (Work::Mono, 0),
                NodeKind::Stem(_) => (Work::Source(source(&node.kind)?), 0),
                NodeKind::Spool { latency_samples, .. } => {
                    (Work::Source(source(&node.kind)?), *latency_samples)
                }
            };
            works.push(work);
            own_samples.push(own);
        }

        let alignment = graph.align(&own_samples);
        for (id, work) in works.iter_mut().enumerate() {
            if let Work::Insert(processor) = work {
                processor.set_input_latency(alignment.latency_samples[id] - own_samples[id]);
            }
        }
        let nodes = works
            .into_iter()
            .zip(&graph.nodes)
            .zip(&alignment.input_delays)
            .map(|((work, node), delays)| {
                let feeds = node
                    .inputs
                    .iter()
                    .zip(delays)
                    .map(|(input, &delay)| Feed::new(input.from, input.gain, delay, block_len))
                    .collect();
                Running { work, feeds }
            })
            .collect();
        Ok(Self { nodes, plugins, alignment, block_len })
    }

    /// The plugins and the nodes they stand at, in processing order.
    pub fn plugins(&mut self) -> &mut [(NodeId, Plugin)] {
        &mut self.plugins
    }

    /// How late every node is.
    pub fn latency_samples(&self) -> &[u32] {
        &self.alignment.latency_samples
    }

    /// Runs the graph from its start for as long as a tap listens. Nodes nobody hears rest.
    /// `progress` is told every now and then of the samples done, and the total.
    ///
    /// # Errors
    /// Whatever a source, plugin or sink says, the first by block and node; a latency that has
    /// moved; [`Error::Interrupted`](crate::Error::Interrupted) if `stop` was requested.
    pub fn run(
        mut self,
        taps: &mut [Tap<'_>],
        stop: &Stop,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Finished> {
        let late = &self.alignment.latency_samples;
        let beside = |tap: &Tap<'_>, from: NodeId| {
            Feed::new(from, 1.0, late[tap.node] - late[from], self.block_len)
        };
        let ear = |tap: &Tap<'_>| Ear {
            span: match tap.window {
                Window::Aligned(frames) => {
                    let skip = u64::from(late[tap.node]);
                    skip..skip.saturating_add(frames)
                }
                Window::Raw(frames) => 0..frames,
            },
            beside: match tap.listener {
                Listener::Output(_) => Vec::new(),
                Listener::Sides { before, .. } => vec![beside(tap, before)],
                Listener::Keyed { key, before, .. } => {
                    vec![beside(tap, key), beside(tap, before)]
                }
            },
        };
        let ears: Vec<Ear> = taps.iter().map(ear).collect();
        let plugins = &mut self.plugins;
        Pipeline::new(&mut self.nodes, taps, ears, self.block_len).run(
            stop,
            &mut |done, total| {
                // Plugins may ask for a call on the main thread while they process.
                for (_, plugin) in plugins.iter_mut() {
                    plugin.run_callbacks();
                }
                progress(done, total);
            },
        )?;
        for (_, plugin) in &mut self.plugins {
            plugin.check_latency()?;
        }
        Ok(Finished { plugins: self.plugins, nodes: self.nodes })
    }
}

/// An engine that has run: its plugins can still be asked.
pub struct Finished {
    // Again: processors first.
    nodes: Vec<Running>,
    plugins: Vec<(NodeId, Plugin)>,
}

impl Finished {
    /// The plugins and the nodes they stand at, in processing order.
    pub fn plugins(&mut self) -> &mut [(NodeId, Plugin)] {
        &mut self.plugins
    }

    /// How long each insert rings on after the end of its input, in samples, as it says itself;
    /// `None` if for ever. What rings beyond the session's end is not in the print.
    pub fn tails_samples(&mut self) -> Vec<(NodeId, Option<u32>)> {
        let tail = |(id, node): (NodeId, &mut Running)| match &mut node.work {
            Work::Insert(processor) => Some((id, processor.tail_samples())),
            _ => None,
        };
        self.nodes.iter_mut().enumerate().filter_map(tail).collect()
    }
}
