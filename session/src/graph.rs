//! The session as a graph of signals: sources, inserts and sums, and who feeds whom.
//!
//! Every place a signal can be tapped is a node of its own, so "the mix before its inserts" can
//! key a plugin on the mix without going round in a circle. Nodes stand in an order in which each
//! comes after all that feed it.
//!
//! **Alignment.** Where signals meet, all are delayed to the latest of them:
//! latency(node) = max over inputs of latency(input) + own latency. Keys meet the signal they
//! control, so they are delayed alike.

use crate::error::{Error, Result};
use crate::model::{Insert, MIX, NONE, Send, Session, Tap, TapEnd};
use std::collections::{BTreeMap, BTreeSet};

/// Index of a node in [`Graph::nodes`].
pub type NodeId = usize;

/// What a node does.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// The audio of a stem.
    Stem(usize),
    /// Track `track` of a spool: the audio of a node of another graph, which is already this late.
    Spool {
        /// Index of the track.
        track: usize,
        /// Samples it is late.
        latency_samples: u32,
    },
    /// A plugin. Its first input is the signal; a second, if any, the key.
    Insert(Box<Insert>),
    /// A sum of its inputs.
    Sum,
    /// A place to compare its two inputs, aligned: before and after an insert.
    Compare,
}

/// One input of a node.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Input {
    /// Where it comes from.
    pub from: NodeId,
    /// Linear gain on the way.
    pub gain: f64,
}

/// A node: what it does, for whom, and on what.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it does.
    pub kind: NodeKind,
    /// The channel it belongs to.
    pub channel: String,
    /// What it works on, in order.
    pub inputs: Vec<Input>,
}

/// A session's signals.
#[derive(Debug, Clone, PartialEq)]
pub struct Graph {
    /// In an order in which every node comes after its inputs.
    pub nodes: Vec<Node>,
    /// Each stem after its inserts, in the session's order.
    pub stem_outputs: Vec<NodeId>,
    /// The mix before its inserts.
    pub mix_input: NodeId,
    /// The mix after its inserts: the master.
    pub mix_output: NodeId,
}

/// Delays that bring every meeting of signals into line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    /// How late each node's output is, in samples.
    pub latency_samples: Vec<u32>,
    /// How much to delay each input of each node, in samples.
    pub input_delays: Vec<Vec<u32>>,
}

/// A channel while the graph is built: its nodes from input to output.
struct Strip {
    name: String,
    /// `places[0]` is before the first insert, `places[n]` after the nth.
    places: Vec<NodeId>,
}

impl Graph {
    /// The graph of an expanded session (every stem has its name).
    ///
    /// # Errors
    /// Unknown buses or key sources, impossible taps or levels, a circle.
    pub fn new(session: &Session) -> Result<Self> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut strips: Vec<Strip> = Vec::new();
        let mut strip = |name: &str, head: NodeKind, inserts: &[Insert]| {
            let mut places = vec![nodes.len()];
            nodes.push(Node { kind: head, channel: name.to_owned(), inputs: Vec::new() });
            for insert in inserts {
                let inputs = vec![Input { from: nodes.len() - 1, gain: 1.0 }];
                places.push(nodes.len());
                let kind = NodeKind::Insert(Box::new(insert.clone()));
                nodes.push(Node { kind, channel: name.to_owned(), inputs });
            }
            strips.push(Strip { name: name.to_owned(), places });
        };
        for (index, stem) in session.stems.iter().enumerate() {
            let name = stem.name.as_deref().unwrap_or(&stem.file);
            strip(name, NodeKind::Stem(index), &stem.inserts);
        }
        for bus in &session.buses {
            strip(&bus.name, NodeKind::Sum, &bus.inserts);
        }
        strip(MIX, NodeKind::Sum, &session.mix.inserts);

        let stems = session.stems.len();
        // Looked up for every send and key: a search through all of them would take a long session
        // file's time squared. Of two with one name the first counts.
        let mut places_by_name = BTreeMap::new();
        for (place, strip) in strips.iter().enumerate() {
            places_by_name.entry(strip.name.to_lowercase()).or_insert(place);
        }
        let strip_named = |name: &str| places_by_name.get(&name.to_lowercase()).copied();
        let routes = session
            .stems
            .iter()
            .map(|s| (&s.to, &s.sends))
            .chain(session.buses.iter().map(|b| (&b.to, &b.sends)));
        for (index, (to, sends)) in routes.enumerate() {
            let main = Send { to: to.clone(), level_db: 0.0, tap: Tap::default() };
            for send in std::iter::once(&main).chain(sends) {
                if send.to.eq_ignore_ascii_case(NONE) {
                    continue;
                }
                // Only buses and the mix can be fed.
                let Some(target) = strip_named(&send.to).filter(|t| *t >= stems) else {
                    return Err(Error::UnknownBus {
                        channel: strips[index].name.clone(),
                        target: send.to.clone(),
                    });
                };
                if !(-200.0..=48.0).contains(&send.level_db) {
                    return Err(Error::SendLevel {
                        channel: strips[index].name.clone(),
                        level_db: send.level_db,
                    });
                }
                // 0 dB is exactly 1: 10^0.
                let gain = 10f64.powf(send.level_db / 20.0);
                let from = tap(&strips[index], send.tap)?;
                nodes[strips[target].places[0]].inputs.push(Input { from, gain });
            }
        }
        // Keys.
        for strip in &strips {
            for &place in &strip.places[1..] {
                let NodeKind::Insert(insert) = &nodes[place].kind else { continue };
                let Some(key) = &insert.key else { continue };
                let Some(source) = strip_named(key.from()) else {
                    return Err(Error::UnknownKeySource {
                        plugin: insert.plugin.clone(),
                        channel: strip.name.clone(),
                        source_name: key.from().to_owned(),
                    });
                };
                let from = tap(&strips[source], key.tap())?;
                nodes[place].inputs.push(Input { from, gain: 1.0 });
            }
        }

        let last = |strip: &Strip| strip.places[strip.places.len() - 1];
        let mix = &strips[strips.len() - 1];
        Self {
            stem_outputs: strips[..stems].iter().map(last).collect(),
            mix_input: mix.places[0],
            mix_output: last(mix),
            nodes,
        }
        .sorted()
    }

    /// The node of the last insert of `plugin` on the mix, if there is one.
    pub fn last_on_mix(&self, plugin: &str) -> Option<NodeId> {
        self.nodes.iter().rposition(|node| {
            node.channel == MIX
                && matches!(&node.kind, NodeKind::Insert(insert) if insert.plugin == plugin)
        })
    }

    /// The part of the graph that depends on `node`, `node` included, and the nodes that feed it
    /// from outside. In the new graph these are spool tracks, in the order returned, as late as
    /// `latency_samples` says.
    ///
    /// `stem_outputs` of the tail is empty; `mix_input` is its mix's input if that depends on
    /// `node`, else the node itself.
    pub fn tail(&self, node: NodeId, latency_samples: &[u32]) -> (Self, Vec<NodeId>) {
        let mut depends = vec![false; self.nodes.len()];
        depends[node] = true;
        for id in node + 1..self.nodes.len() {
            depends[id] = self.nodes[id].inputs.iter().any(|i| depends[i.from]);
        }
        let mut feeders = Vec::new();
        for (id, n) in self.nodes.iter().enumerate().filter(|(id, _)| depends[*id]) {
            debug_assert!(id >= node);
            for input in n.inputs.iter().filter(|i| !depends[i.from]) {
                if !feeders.contains(&input.from) {
                    feeders.push(input.from);
                }
            }
        }
        let mut moved: BTreeMap<NodeId, NodeId> = BTreeMap::new();
        let mut nodes = Vec::new();
        for (track, &from) in feeders.iter().enumerate() {
            moved.insert(from, nodes.len());
            nodes.push(Node {
                kind: NodeKind::Spool { track, latency_samples: latency_samples[from] },
                channel: self.nodes[from].channel.clone(),
                inputs: Vec::new(),
            });
        }
        for (id, n) in self.nodes.iter().enumerate().filter(|(id, _)| depends[*id]) {
            moved.insert(id, nodes.len());
            let inputs =
                n.inputs.iter().map(|i| Input { from: moved[&i.from], gain: i.gain }).collect();
            nodes.push(Node { inputs, ..n.clone() });
        }
        let tail = Self {
            stem_outputs: Vec::new(),
            mix_input: moved.get(&self.mix_input).copied().unwrap_or(moved[&node]),
            mix_output: moved.get(&self.mix_output).copied().unwrap_or(moved[&node]),
            nodes,
        };
        (tail, feeders)
    }

    /// Adds a place where what an insert is given and what it makes of it arrive together.
    pub fn compare(&mut self, insert: NodeId) -> NodeId {
        let before = self.nodes[insert].inputs[0];
        self.nodes.push(Node {
            kind: NodeKind::Compare,
            channel: self.nodes[insert].channel.clone(),
            inputs: vec![before, Input { from: insert, gain: 1.0 }],
        });
        self.nodes.len() - 1
    }

    /// The delays for nodes that are `own_samples` late each.
    pub fn align(&self, own_samples: &[u32]) -> Alignment {
        let mut latency_samples: Vec<u32> = Vec::with_capacity(self.nodes.len());
        let mut input_delays = Vec::with_capacity(self.nodes.len());
        for (node, own) in self.nodes.iter().zip(own_samples) {
            let latest = node.inputs.iter().map(|i| latency_samples[i.from]).max().unwrap_or(0);
            input_delays
                .push(node.inputs.iter().map(|i| latest - latency_samples[i.from]).collect());
            latency_samples.push(latest.saturating_add(*own));
        }
        Alignment { latency_samples, input_delays }
    }

    /// The same graph in an order in which every node comes after its inputs (Kahn's algorithm,
    /// smallest index first, so that a sum's terms are added in the session's order every time).
    fn sorted(self) -> Result<Self> {
        let mut order = Vec::with_capacity(self.nodes.len());
        let mut feeds = vec![Vec::new(); self.nodes.len()];
        for (id, node) in self.nodes.iter().enumerate() {
            for input in &node.inputs {
                feeds[input.from].push(id);
            }
        }
        let mut waits_for: Vec<usize> = self.nodes.iter().map(|n| n.inputs.len()).collect();
        let mut ready: BTreeSet<NodeId> =
            (0..self.nodes.len()).filter(|&id| waits_for[id] == 0).collect();
        while let Some(id) = ready.pop_first() {
            order.push(id);
            for &fed in &feeds[id] {
                waits_for[fed] -= 1;
                if waits_for[fed] == 0 {
                    ready.insert(fed);
                }
            }
        }
        if order.len() < self.nodes.len() {
            let placed: Vec<bool> = waits_for.iter().map(|&inputs| inputs == 0).collect();
            return Err(Error::Cycle { path: self.circle(&placed) });
        }
        let mut moved = vec![0; order.len()];
        for (to, &from) in order.iter().enumerate() {
            moved[from] = to;
        }
        let nodes = order
            .iter()
            .map(|&id| {
                let node = &self.nodes[id];
                let inputs = node.inputs.iter().map(|i| Input { from: moved[i.from], ..*i });
                Node { inputs: inputs.collect(), ..node.clone() }
            })
            .collect();
        Ok(Self {
            nodes,
            stem_outputs: self.stem_outputs.iter().map(|&id| moved[id]).collect(),
            mix_input: moved[self.mix_input],
            mix_output: moved[self.mix_output],
        })
    }

    /// The channels of a circle among the nodes not `placed`, first one repeated at the end.
    fn circle(&self, placed: &[bool]) -> String {
        // Every unplaced node has an unplaced input: walking up must come round.
        let mut walk: Vec<NodeId> = Vec::new();
        let mut at = placed.iter().position(|p| !p).unwrap_or(0);
        let mut seen = vec![false; self.nodes.len()];
        while !seen[at] {
            seen[at] = true;
            walk.push(at);
            match self.nodes[at].inputs.iter().find(|i| !placed[i.from]) {
                Some(input) => at = input.from,
                None => break,
            }
        }
        let start = walk.iter().position(|&id| id == at).unwrap_or(0);
        // The walk went against the signal.
        let mut channels: Vec<&str> =
            walk[start..].iter().rev().map(|&id| self.nodes[id].channel.as_str()).collect();
        channels.dedup();
        if channels.len() > 1 && channels.first() == channels.last() {
            channels.pop();
        }
        channels.push(channels[0]);
        channels.join(" \u{2192} ")
    }
}

/// The node at a place of a channel.
fn tap(strip: &Strip, tap: Tap) -> Result<NodeId> {
    let inserts = strip.places.len() - 1;
    match tap {
        Tap::End(TapEnd::Pre) => Ok(strip.places[0]),
        Tap::End(TapEnd::Post) => Ok(strip.places[inserts]),
        Tap::After(after) => strip
            .places
            .get(after)
            .copied()
            .ok_or_else(|| Error::TapBeyondInserts { channel: strip.name.clone(), after, inserts }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn graph(text: &str) -> Result<Graph> {
        let text = format!("schema = 1\n{text}");
        Graph::new(&Session::parse(&text, Path::new("test.toml")).unwrap())
    }

    const KEYED: &str = r#"
        [[stem]]
        file = "a"
        send = [{ to = "sum", tap = 1 }]
        insert = [{ plugin = "trim" }, { plugin = "limiter", key = "sum" }]
        [[stem]]
        file = "b"
        send = [{ to = "sum", tap = 1 }]
        insert = [{ plugin = "slow trim" }, { plugin = "limiter", key = "sum" }]
        [[bus]]
        name = "sum"
        to = "none"
    "#;

    fn is_insert(node: &Node, plugin: &str) -> bool {
        matches!(&node.kind, NodeKind::Insert(i) if i.plugin == plugin)
    }

    #[test]
    fn keys_and_parallel_paths_are_aligned() {
        let graph = graph(KEYED).unwrap();
        let own: Vec<u32> = graph
            .nodes
            .iter()
            .map(|n| {
                if is_insert(n, "slow trim") {
                    100
                } else if is_insert(n, "limiter") {
                    64
                } else {
                    0
                }
            })
            .collect();
        let alignment = graph.align(&own);
        assert_eq!(alignment.latency_samples[graph.mix_output], 164);
        // The quick stem waits for the key, which waits for the slow trim.
        let quick = graph.stem_outputs[0];
        assert_eq!(alignment.input_delays[quick], [100, 0]);
        assert_eq!(alignment.input_delays[graph.stem_outputs[1]], [0, 0]);
        assert_eq!(alignment.input_delays[graph.mix_input], [0, 0]);
    }

    #[test]
    fn every_node_comes_after_its_inputs() {
        let graph = graph(KEYED).unwrap();
        for (id, node) in graph.nodes.iter().enumerate() {
            assert!(node.inputs.iter().all(|i| i.from < id));
        }
    }

    #[test]
    fn circles_are_named() {
        let error = graph(
            "[[stem]]\nfile = \"Vox\"\ninsert = [{ plugin = \"p\", key = \"Music\" }]\n\
             [[stem]]\nfile = \"Music\"\ninsert = [{ plugin = \"p\", key = \"Vox\" }]\n",
        )
        .unwrap_err();
        assert!(matches!(error, Error::Cycle { .. }));
        let sentence = error.to_string();
        assert!(sentence.contains("Vox") && sentence.contains("Music"), "{sentence}");

        // Keyed by the mix it is part of.
        let error =
            graph("[[stem]]\nfile = \"Vox\"\ninsert = [{ plugin = \"p\", key = \"mix\" }]\n");
        assert!(matches!(error, Err(Error::Cycle { .. })));
        // A bus that feeds itself.
        let error = graph("[[bus]]\nname = \"a\"\nto = \"a\"\n");
        assert!(matches!(error, Err(Error::Cycle { .. })));
        // The mix keyed by its own input is none.
        let fine = graph(
            "[[stem]]\nfile = \"Vox\"\n[mix]\n\
             insert = [{ plugin = \"p\", key = { from = \"mix\", tap = \"pre\" } }]\n",
        );
        assert!(fine.is_ok());
    }

    #[test]
    fn what_does_not_exist_is_named() {
        let error = graph("[[stem]]\nfile = \"a\"\nto = \"nowhere\"\n").unwrap_err();
        assert!(error.to_string().contains("nowhere"));
        // A stem is no bus.
        let error = graph("[[stem]]\nfile = \"a\"\nto = \"b\"\n[[stem]]\nfile = \"b\"\n");
        assert!(matches!(error, Err(Error::UnknownBus { .. })));
        let error =
            graph("[[stem]]\nfile = \"a\"\ninsert = [{ plugin = \"p\", key = \"ghost\" }]\n");
        assert!(matches!(error, Err(Error::UnknownKeySource { .. })));
        let error = graph("[[stem]]\nfile = \"a\"\nsend = [{ to = \"mix\", tap = 3 }]\n");
        assert!(matches!(error, Err(Error::TapBeyondInserts { .. })));
        let error = graph("[[stem]]\nfile = \"a\"\nsend = [{ to = \"mix\", level_db = nan }]\n");
        assert!(matches!(error, Err(Error::SendLevel { .. })));
    }

    #[test]
    fn a_tail_keeps_what_depends_on_the_node_and_spools_the_rest() {
        let graph = graph(
            "[[stem]]\nfile = \"a\"\n[[stem]]\nfile = \"b\"\n[mix]\n\
             insert = [{ plugin = \"eq\" }, { plugin = \"lim\", key = \"a\" }, { plugin = \"after\", key = \"b\" }]\n",
        )
        .unwrap();
        let limiter = graph.last_on_mix("lim").unwrap();
        let own: Vec<u32> =
            graph.nodes.iter().map(|n| if is_insert(n, "eq") { 7 } else { 0 }).collect();
        let latency = graph.align(&own).latency_samples;
        let (tail, feeders) = graph.tail(limiter, &latency);
        // The eq's output, stem a as the key, stem b as the other key.
        assert_eq!(feeders.len(), 3);
        assert!(is_insert(&graph.nodes[feeders[0]], "eq"));
        assert_eq!(tail.nodes.len(), 5);
        assert!(is_insert(&tail.nodes[tail.mix_output], "after"));
        let own: Vec<u32> = tail
            .nodes
            .iter()
            .map(|n| match n.kind {
                NodeKind::Spool { latency_samples, .. } => latency_samples,
                _ => 0,
            })
            .collect();
        let aligned = tail.align(&own);
        assert_eq!(aligned.latency_samples[tail.mix_output], 7);
        let lim = tail.last_on_mix("lim").unwrap();
        assert_eq!(aligned.input_delays[lim], [0, 7]);
    }
}
