//! How a graph's blocks are shared out among threads.
//!
//! A pipeline of stages: a node stands one stage after the last of its inputs, a tap one after its
//! node. In step s the workers of stage t all work on block s − t, so nothing done in a step waits
//! for anything else in it, and a chain of plugins keeps as many threads busy as a row of stems.
//! Each output is a ring of blocks, as many as lie between its making and its last reader.
//!
//! Who works when changes nothing: every sum adds in the session's order, every worker sees its
//! blocks in turn, and of several failures the one counts that a single thread would have met
//! first, block by block, node by node, then tap by tap.

use super::{Listener, Source, Tap};
use crate::delay::Delay;
use crate::error::{Error, Result};
use crate::graph::NodeId;
use crate::host::Processor;
use crate::stop::Stop;
use rayon::prelude::*;

/// Steps between two words to the outside: progress told, plugins' requests answered.
const STEPS_PER_BATCH: u64 = 8;
/// Blocks shorter than this are not worth a thread's waking up.
const SHORTEST_SHARED_BLOCK: usize = 64;

pub(super) type Stereo = [Vec<f64>; 2];

/// A block of stereo.
pub(super) fn stereo(block_len: usize) -> Stereo {
    [vec![0.0; block_len], vec![0.0; block_len]]
}

/// A node at work.
pub(super) struct Running {
    pub(super) work: Work,
    pub(super) feeds: Vec<Feed>,
}

/// What a node does.
pub(super) enum Work {
    Source(Box<dyn Source>),
    Insert(Box<Processor>),
    Sum,
    Mono,
}

/// An input, delayed into its own buffer if it has to wait.
pub(super) struct Feed {
    from: NodeId,
    gain: f64,
    delay: Delay,
    delayed: Stereo,
}

impl Feed {
    pub(super) fn new(from: NodeId, gain: f64, delay_samples: u32, block_len: usize) -> Self {
        let delayed = if delay_samples == 0 { Stereo::default() } else { stereo(block_len) };
        Self { from, gain, delay: Delay::new(delay_samples), delayed }
    }

    /// Takes a block in, if it has to wait.
    fn wait(&mut self, reader: &Reader<'_>, block: u64) {
        if self.delay.samples() > 0 {
            let frames = reader.frames(block);
            let from = reader.block(self.from, block);
            let [l, r] = &mut self.delayed;
            self.delay.process(
                [&from[0][..frames], &from[1][..frames]],
                [&mut l[..frames], &mut r[..frames]],
            );
        }
    }
}

/// Which samples of a node a tap hears, counted from where the processing starts.
pub(super) type Span = std::ops::Range<u64>;

/// What a tap hears, and what it hears beside it.
pub(super) struct Ear {
    pub(super) span: Span,
    /// What is heard beside the node, in the listener's order: its key, what went into it.
    pub(super) beside: Vec<Feed>,
}

/// A run of a graph, under way.
pub(super) struct Pipeline<'n, 't, 's> {
    nodes: Vec<Worker<'n>>,
    taps: Vec<Hearing<'t, 's>>,
    /// Rings, by node; empty for those nobody hears.
    outputs: Vec<Vec<Stereo>>,
    stages: u64,
    block_len: usize,
    total: u64,
    failed: Option<Failure>,
}

/// A node that somebody hears.
struct Worker<'n> {
    id: NodeId,
    stage: u64,
    node: &'n mut Running,
    /// The block it is making, out of its ring while the others are read.
    making: Stereo,
}

/// A tap that hears something.
struct Hearing<'t, 's> {
    tap: &'t mut Tap<'s>,
    ear: Ear,
    stage: u64,
    order: usize,
}

/// What went wrong: in which block, at whose hands in the order of a single thread.
struct Failure {
    when: (u64, usize),
    error: Error,
}

impl<'n, 't, 's> Pipeline<'n, 't, 's> {
    /// A pipeline for as long as a tap hears. `ears` belong to `taps`.
    pub(super) fn new(
        nodes: &'n mut [Running],
        taps: &'t mut [Tap<'s>],
        ears: Vec<Ear>,
        block_len: usize,
    ) -> Self {
        let heard = heard(nodes, taps);
        // Every node comes after its inputs.
        let mut stage = vec![0; nodes.len()];
        // How many stages further on the last reader stands.
        let mut reach = vec![1; nodes.len()];
        for id in (0..nodes.len()).filter(|&id| heard[id]) {
            let inputs = || nodes[id].feeds.iter().map(|feed| feed.from);
            stage[id] = inputs().map(|from| stage[from] + 1).max().unwrap_or(0);
            for from in inputs() {
                reach[from] = reach[from].max(stage[id] - stage[from]);
            }
        }
        for (tap, ear) in taps.iter().zip(&ears) {
            for feed in &ear.beside {
                reach[feed.from] = reach[feed.from].max(stage[tap.node] + 1 - stage[feed.from]);
            }
        }
        let count = nodes.len();
        let ring = |id| {
            let blocks = if heard[id] { reach[id] + 1 } else { 0 };
            (0..blocks).map(|_| stereo(block_len)).collect()
        };
        let outputs = (0..count).map(ring).collect();
        let total = ears.iter().map(|ear| ear.span.end).max().unwrap_or(0);
        let taps: Vec<_> = taps
            .iter_mut()
            .zip(ears)
            .enumerate()
            .map(|(index, (tap, ear))| Hearing {
                ear,
                stage: stage[tap.node] + 1,
                order: count + index,
                tap,
            })
            .collect();
        Self {
            stages: taps.iter().map(|tap| tap.stage + 1).max().unwrap_or(0),
            total,
            nodes: nodes
                .iter_mut()
                .enumerate()
                .filter(|(id, _)| heard[*id])
                .map(|(id, node)| Worker { id, stage: stage[id], node, making: Stereo::default() })
                .collect(),
            taps,
            outputs,
            block_len,
            failed: None,
        }
    }

    /// Runs to the end. Between batches of steps, on the calling thread, `pause` hears how many
    /// samples of how many are done.
    pub(super) fn run(mut self, stop: &Stop, pause: &mut dyn FnMut(u64, u64)) -> Result<()> {
        let blocks = self.total.div_ceil(self.block_len as u64);
        let mut step = 0;
        let last = |pipeline: &Self| match &pipeline.failed {
            // What lies before a failure is still done: it may hold an earlier one.
            Some(failure) => failure.when.0 + 1 + pipeline.stages,
            None => blocks + pipeline.stages,
        };
        while step + 1 < last(&self) {
            let from = step;
            // Within the pool, where a step is passed on without waking anybody.
            step = rayon::scope(|_| {
                let mut step = from;
                while step + 1 < last(&self) && step - from < STEPS_PER_BATCH && !stop.requested() {
                    self.step(step, blocks);
                    step += 1;
                }
                step
            });
            if stop.requested() {
                return Err(Error::Interrupted);
            }
            let done = (step + 1).saturating_sub(self.stages) * self.block_len as u64;
            pause(done.min(self.total), self.total);
        }
        self.failed.map_or(Ok(()), |failure| Err(failure.error))
    }

    /// One step of every stage.
    fn step(&mut self, step: u64, blocks: u64) {
        let block_at = |stage: u64| step.checked_sub(stage).filter(|block| *block < blocks);
        for worker in &mut self.nodes {
            if let Some(block) = block_at(worker.stage) {
                let ring = &mut self.outputs[worker.id];
                let slot = (block % ring.len() as u64) as usize;
                worker.making = std::mem::take(&mut ring[slot]);
            }
        }

        let reader =
            Reader { outputs: &self.outputs, block_len: self.block_len, total: self.total };
        let limit = self.failed.as_ref().map(|failure| failure.when);
        let wanted = |stage: u64, order: usize| {
            block_at(stage).filter(|block| limit.is_none_or(|limit| (*block, order) < limit))
        };
        let make = |worker: &mut Worker<'_>| {
            let block = wanted(worker.stage, worker.id)?;
            let error = worker.work(&reader, block).err()?;
            Some(Failure { when: (block, worker.id), error })
        };
        let tell = |hearing: &mut Hearing<'_, '_>| {
            let block = wanted(hearing.stage, hearing.order)?;
            let error = hearing.tell(&reader, block).err()?;
            Some(Failure { when: (block, hearing.order), error })
        };
        let failed = if self.block_len < SHORTEST_SHARED_BLOCK {
            let made = self.nodes.iter_mut().filter_map(make).min_by_key(|f| f.when);
            let told = self.taps.iter_mut().filter_map(tell).min_by_key(|f| f.when);
            made.into_iter().chain(told).min_by_key(|f| f.when)
        } else {
            // Taps first: the meters among them are the longest to work.
            let (told, made) = rayon::join(
                || {
                    let taps = self.taps.par_iter_mut().with_max_len(1);
                    taps.filter_map(tell).min_by_key(|f| f.when)
                },
                || {
                    let nodes = self.nodes.par_iter_mut().with_max_len(1);
                    nodes.filter_map(make).min_by_key(|f| f.when)
                },
            );
            made.into_iter().chain(told).min_by_key(|f| f.when)
        };
        // Only what comes before an earlier failure was still worked on.
        self.failed = failed.or(self.failed.take());

        for worker in &mut self.nodes {
            if let Some(block) = block_at(worker.stage) {
                let ring = &mut self.outputs[worker.id];
                let slot = (block % ring.len() as u64) as usize;
                ring[slot] = std::mem::take(&mut worker.making);
            }
        }
    }
}

/// Which nodes have to work for the taps to hear something.
fn heard(nodes: &[Running], taps: &[Tap<'_>]) -> Vec<bool> {
    let mut heard = vec![false; nodes.len()];
    for tap in taps {
        heard[tap.node] = true;
    }
    for id in (0..nodes.len()).rev() {
        if heard[id] {
            for feed in &nodes[id].feeds {
                heard[feed.from] = true;
            }
        }
    }
    heard
}

/// What all may read while they work.
struct Reader<'o> {
    outputs: &'o [Vec<Stereo>],
    block_len: usize,
    total: u64,
}

impl Reader<'_> {
    /// The samples of a block.
    fn span(&self, block: u64) -> Span {
        let start = block * self.block_len as u64;
        start..self.total.min(start + self.block_len as u64)
    }

    fn frames(&self, block: u64) -> usize {
        let span = self.span(block);
        (span.end - span.start) as usize
    }

    /// A block of a node.
    fn block(&self, node: NodeId, block: u64) -> &Stereo {
        let ring = &self.outputs[node];
        &ring[(block % ring.len() as u64) as usize]
    }

    /// What arrives at a node by one of its feeds.
    fn feed<'a>(&'a self, feed: &'a Feed, block: u64) -> [&'a [f64]; 2] {
        let frames = self.frames(block);
        let waits = feed.delay.samples() > 0;
        let from = if waits { &feed.delayed } else { self.block(feed.from, block) };
        [&from[0][..frames], &from[1][..frames]]
    }
}

impl Worker<'_> {
    /// Makes one block.
    fn work(&mut self, reader: &Reader<'_>, block: u64) -> Result<()> {
        let frames = reader.frames(block);
        for feed in &mut self.node.feeds {
            feed.wait(reader, block);
        }
        let feeds = &self.node.feeds;
        let [left, right] = &mut self.making;
        let (l, r) = (&mut left[..frames], &mut right[..frames]);
        match &mut self.node.work {
            Work::Source(source) => source.fill(l, r),
            Work::Insert(processor) => {
                let main = reader.feed(&feeds[0], block);
                let key = feeds.get(1).map(|feed| reader.feed(feed, block));
                processor.process(main, key, [l, r])
            }
            Work::Sum => {
                l.fill(0.0);
                r.fill(0.0);
                for feed in feeds {
                    let from = reader.feed(feed, block);
                    for (to, from) in [&mut *l, &mut *r].into_iter().zip(from) {
                        for (to, from) in to.iter_mut().zip(from) {
                            *to += feed.gain * from;
                        }
                    }
                }
                Ok(())
            }
            Work::Mono => {
                let [from_l, from_r] = reader.feed(&feeds[0], block);
                for (((l, r), from_l), from_r) in l.iter_mut().zip(r).zip(from_l).zip(from_r) {
                    *l = 0.5 * (from_l + from_r);
                    *r = *l;
                }
                Ok(())
            }
        }
    }
}

impl Hearing<'_, '_> {
    /// Hands the tap its part of a block.
    fn tell(&mut self, reader: &Reader<'_>, block: u64) -> Result<()> {
        // What waits has to hear all that went before.
        for feed in &mut self.ear.beside {
            feed.wait(reader, block);
        }
        let samples = reader.span(block);
        let span = &self.ear.span;
        let first = span.start.clamp(samples.start, samples.end) - samples.start;
        let last = span.end.clamp(samples.start, samples.end) - samples.start;
        if first >= last {
            return Ok(());
        }
        let part = first as usize..last as usize;
        let [left, right] = reader.block(self.tap.node, block);
        let after = [&left[part.clone()], &right[part.clone()]];
        let beside: Vec<[&[f64]; 2]> = self
            .ear
            .beside
            .iter()
            .map(|feed| reader.feed(feed, block).map(|side| &side[part.clone()]))
            .collect();
        match (&mut self.tap.listener, &beside[..]) {
            (Listener::Output(sink), _) => sink.write(after[0], after[1])?,
            (Listener::Sides { sink, .. }, [before]) => sink.write(*before, after),
            (Listener::Keyed { sink, .. }, [key, before]) => sink.write(*key, *before, after),
            (Listener::Sides { .. } | Listener::Keyed { .. }, _) => {
                unreachable!("an ear has what its listener hears")
            }
        }
        Ok(())
    }
}
