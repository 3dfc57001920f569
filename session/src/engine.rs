//! A graph at work: sources read, plugins process, sums add in 64 bits, taps listen. A block at a
//! time, so that memory depends on the number of nodes and not on the length of the song.

use crate::audio_file::AudioReader;
use crate::bundle::Bundles;
use crate::delay::Delay;
use crate::error::Result;
use crate::graph::{Alignment, Graph, NodeId, NodeKind};
use crate::host::{Plugin, Processor};
use crate::model::Value;

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
pub trait Sink {
    /// Takes the next samples, both sides of one length.
    ///
    /// # Errors
    /// If they cannot be kept.
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()>;
}

/// Where the two sides of an insert go.
pub trait CompareSink {
    /// Takes the next samples before and after the insert, aligned.
    fn write(&mut self, before: [&[f64]; 2], after: [&[f64]; 2]);
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
    /// Takes both inputs of a [`NodeKind::Compare`].
    Sides(&'a mut dyn CompareSink),
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

type Stereo = [Vec<f64>; 2];

/// A graph with its plugins running.
pub struct Engine {
    // The processors must be gone before their plugins: fields drop in this order.
    nodes: Vec<Running>,
    outputs: Vec<Stereo>,
    plugins: Vec<(NodeId, Plugin)>,
    alignment: Alignment,
    block_len: usize,
}

struct Running {
    work: Work,
    feeds: Vec<Feed>,
}

enum Work {
    Source(Box<dyn Source>),
    Insert(Box<Processor>),
    Sum,
    Compare,
}

/// An input, delayed into its own buffer if it has to wait.
struct Feed {
    from: NodeId,
    gain: f64,
    delay: Delay,
    delayed: Stereo,
}

impl Feed {
    /// What arrives this block.
    fn block<'a>(&'a self, outputs: &'a [Stereo], frames: usize) -> [&'a [f64]; 2] {
        let from = if self.delay.samples() == 0 { &outputs[self.from] } else { &self.delayed };
        [&from[0][..frames], &from[1][..frames]]
    }
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
                    let wants_key = insert.key.is_some();
                    let mut plugin = Plugin::new(
                        &found,
                        &insert.plugin,
                        &node.channel,
                        wants_key,
                        sample_rate_hz,
                        block_len,
                    )?;
                    plugin.set_all(&insert.params)?;
                    for o in overrides.iter().filter(|o| o.node == id) {
                        plugin.set(o.parameter, &o.value)?;
                    }
                    let processor = plugin.activate()?;
                    let own = plugin.latency_samples();
                    plugins.push((id, plugin));
                    (Work::Insert(Box::new(processor)), own)
                }
                NodeKind::Sum => (Work::Sum, 0),
                NodeKind::Compare => (Work::Compare, 0),
                NodeKind::Stem(_) => (Work::Source(source(&node.kind)?), 0),
                NodeKind::Spool { latency_samples, .. } => {
                    (Work::Source(source(&node.kind)?), *latency_samples)
                }
            };
            works.push(work);
            own_samples.push(own);
        }

        let alignment = graph.align(&own_samples);
        let stereo = || [vec![0.0; block_len], vec![0.0; block_len]];
        let nodes = works
            .into_iter()
            .zip(&graph.nodes)
            .zip(&alignment.input_delays)
            .map(|((work, node), delays)| {
                let feeds = node
                    .inputs
                    .iter()
                    .zip(delays)
                    .map(|(input, &samples)| Feed {
                        from: input.from,
                        gain: input.gain,
                        delay: Delay::new(samples),
                        delayed: if samples == 0 { [vec![], vec![]] } else { stereo() },
                    })
                    .collect();
                Running { work, feeds }
            })
            .collect();
        Ok(Self {
            nodes,
            outputs: graph.nodes.iter().map(|_| stereo()).collect(),
            plugins,
            alignment,
            block_len,
        })
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
    /// `progress` is told of every block's end, in samples, and the total.
    ///
    /// # Errors
    /// Whatever a source, plugin or sink says; a latency that has moved.
    pub fn run(
        mut self,
        taps: &mut [Tap<'_>],
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Finished> {
        let span = |tap: &Tap<'_>| match tap.window {
            Window::Aligned(frames) => {
                let skip = u64::from(self.alignment.latency_samples[tap.node]);
                (skip, skip + frames)
            }
            Window::Raw(frames) => (0, frames),
        };
        let spans: Vec<(u64, u64)> = taps.iter().map(span).collect();
        let total = spans.iter().map(|s| s.1).max().unwrap_or(0);
        let heard = self.heard(taps);

        let mut position = 0;
        while position < total {
            let frames =
                self.block_len.min(usize::try_from(total - position).unwrap_or(usize::MAX));
            for (id, _) in heard.iter().enumerate().filter(|(_, heard)| **heard) {
                self.step(id, frames)?;
            }
            let end = position + frames as u64;
            for (tap, &(from, to)) in taps.iter_mut().zip(&spans) {
                // The part of this block that lies within what the tap hears.
                let first = from.clamp(position, end) - position;
                let last = to.clamp(position, end) - position;
                if first < last {
                    self.tell(tap, frames, first as usize..last as usize)?;
                }
            }
            position = end;
            progress(position, total);
        }
        for (_, plugin) in &mut self.plugins {
            plugin.check_latency()?;
        }
        Ok(Finished { plugins: self.plugins, _nodes: self.nodes })
    }

    /// Which nodes have to work for the taps to hear something.
    fn heard(&self, taps: &[Tap<'_>]) -> Vec<bool> {
        let mut heard = vec![false; self.nodes.len()];
        for tap in taps {
            heard[tap.node] = true;
        }
        for id in (0..self.nodes.len()).rev() {
            if heard[id] {
                for feed in &self.nodes[id].feeds {
                    heard[feed.from] = true;
                }
            }
        }
        heard
    }

    /// One block of one node.
    fn step(&mut self, id: NodeId, frames: usize) -> Result<()> {
        // Its output leaves the list while the others are read.
        let [mut left, mut right] = std::mem::take(&mut self.outputs[id]);
        let node = &mut self.nodes[id];
        for feed in node.feeds.iter_mut().filter(|f| f.delay.samples() > 0) {
            let from = &self.outputs[feed.from];
            let [l, r] = &mut feed.delayed;
            feed.delay.process(
                [&from[0][..frames], &from[1][..frames]],
                [&mut l[..frames], &mut r[..frames]],
            );
        }
        let (l, r) = (&mut left[..frames], &mut right[..frames]);
        let done = match &mut node.work {
            Work::Source(source) => source.fill(l, r),
            Work::Insert(processor) => {
                let main = node.feeds[0].block(&self.outputs, frames);
                let key = node.feeds.get(1).map(|feed| feed.block(&self.outputs, frames));
                processor.process(main, key, [l, r])
            }
            Work::Sum => {
                l.fill(0.0);
                r.fill(0.0);
                for feed in &node.feeds {
                    let [from_l, from_r] = feed.block(&self.outputs, frames);
                    for (to, from) in l.iter_mut().zip(from_l) {
                        *to += feed.gain * from;
                    }
                    for (to, from) in r.iter_mut().zip(from_r) {
                        *to += feed.gain * from;
                    }
                }
                Ok(())
            }
            Work::Compare => Ok(()),
        };
        self.outputs[id] = [left, right];
        done
    }

    /// Hands a part of this block to a tap.
    fn tell(&self, tap: &mut Tap<'_>, frames: usize, part: std::ops::Range<usize>) -> Result<()> {
        match &mut tap.listener {
            Listener::Output(sink) => {
                let [left, right] = &self.outputs[tap.node];
                sink.write(&left[part.clone()], &right[part])
            }
            Listener::Sides(sink) => {
                if let [before, after] = &self.nodes[tap.node].feeds[..] {
                    let [bl, br] = before.block(&self.outputs, frames);
                    let [al, ar] = after.block(&self.outputs, frames);
                    sink.write(
                        [&bl[part.clone()], &br[part.clone()]],
                        [&al[part.clone()], &ar[part]],
                    );
                }
                Ok(())
            }
        }
    }
}

/// An engine that has run: its plugins can still be asked.
pub struct Finished {
    // Again: processors first.
    _nodes: Vec<Running>,
    plugins: Vec<(NodeId, Plugin)>,
}

impl Finished {
    /// The plugins and the nodes they stand at, in processing order.
    pub fn plugins(&mut self) -> &mut [(NodeId, Plugin)] {
        &mut self.plugins
    }
}
