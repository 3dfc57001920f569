//! The session as a graph of signals: sources, inserts and sums, and who feeds whom.
//!
//! Every place a signal can be tapped is a node of its own, so "the mix before its inserts" can
//! key a plugin on the mix without going round in a circle. Nodes stand in an order in which each
//! comes after all that feed it.
//!
//! **Alignment.** Where signals meet, all are delayed to the latest of them:
//! latency(node) = max over inputs of latency(input) + own latency. Keys meet the signal they
//! control, so they are delayed alike.

mod order;
mod print;
mod tail;

pub use order::Alignment;
pub use print::Print;

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
    /// Both sides of its input folded into one, (L + R) / 2, on both sides.
    Mono,
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
    /// The stem whose channel that is, if it is a stem's.
    pub stem: Option<usize>,
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

/// A channel while the graph is built: its nodes from input to output.
struct Strip {
    name: String,
    /// `places[0]` is before the first insert, `places[n]` after the nth.
    places: Vec<NodeId>,
    /// Where the channel ends.
    last: NodeId,
}

impl Node {
    /// The inputs that are audio: all of a sum's, and the first of an insert's. The rest is keys.
    fn audio(&self) -> &[Input] {
        match self.kind {
            NodeKind::Insert(_) => &self.inputs[..1],
            _ => &self.inputs,
        }
    }

    /// Whether it is Stem Meter, through which the audio goes as it is.
    fn is_meter(&self) -> bool {
        matches!(&self.kind, NodeKind::Insert(insert) if insert.plugin == METER)
    }
}

/// The CLAP id of Stem Meter.
const METER: &str = "org.stemwright.meter";

impl Graph {
    /// The graph of an expanded session (every stem has its name).
    ///
    /// # Errors
    /// Unknown buses or key sources, impossible taps or levels, a circle.
    pub fn new(session: &Session) -> Result<Self> {
        let mut nodes: Vec<Node> = Vec::new();
        let mut strips: Vec<Strip> = Vec::new();
        let mut strip = |name: &str, head: NodeKind, fold: bool, inserts: &[Insert]| {
            let stem = match head {
                NodeKind::Stem(index) => Some(index),
                _ => None,
            };
            let mut push = |kind, inputs| {
                nodes.push(Node { kind, channel: name.to_owned(), stem, inputs });
                nodes.len() - 1
            };
            let after = |from| vec![Input { from, gain: 1.0 }];
            let head = push(head, Vec::new());
            let mut places = vec![head];
            let mut last = if fold { push(NodeKind::Mono, after(head)) } else { head };
            for insert in inserts {
                last = push(NodeKind::Insert(Box::new(insert.clone())), after(last));
                places.push(last);
            }
            // A fold that nothing follows is the output itself.
            strips.push(Strip { name: name.to_owned(), places, last });
        };
        for (index, stem) in session.stems.iter().enumerate() {
            let name = stem.name.as_deref().unwrap_or(&stem.file);
            strip(name, NodeKind::Stem(index), false, &stem.inserts);
        }
        for bus in &session.buses {
            strip(&bus.name, NodeKind::Sum, false, &bus.inserts);
        }
        strip(MIX, NodeKind::Sum, session.mix.mono, &session.mix.inserts);

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

        let last = |strip: &Strip| strip.last;
        let mix = &strips[strips.len() - 1];
        Self {
            stem_outputs: strips[..stems].iter().map(last).collect(),
            mix_input: mix.places[0],
            mix_output: last(mix),
            nodes,
        }
        .sorted()
    }

    /// The stems whose audio reaches a node; a key is none of it.
    pub fn stems_in(&self, node: NodeId) -> BTreeSet<usize> {
        let mut is_in = vec![false; self.nodes.len()];
        is_in[node] = true;
        let mut stems = BTreeSet::new();
        // Every node comes after its inputs.
        for id in (0..=node).rev() {
            if !is_in[id] {
                continue;
            }
            if let NodeKind::Stem(stem) = self.nodes[id].kind {
                stems.insert(stem);
            }
            for input in self.nodes[id].audio() {
                is_in[input.from] = true;
            }
        }
        stems
    }

    /// The node of the last insert of `plugin` on the mix, if there is one.
    pub fn last_on_mix(&self, plugin: &str) -> Option<NodeId> {
        self.nodes.iter().rposition(|node| {
            node.channel == MIX
                && matches!(&node.kind, NodeKind::Insert(insert) if insert.plugin == plugin)
        })
    }
}

/// The node at a place of a channel.
fn tap(strip: &Strip, tap: Tap) -> Result<NodeId> {
    let inserts = strip.places.len() - 1;
    match tap {
        Tap::End(TapEnd::Pre) => Ok(strip.places[0]),
        Tap::End(TapEnd::Post) => Ok(strip.last),
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
    fn a_node_holds_the_stems_whose_audio_reaches_it() {
        let graph = graph(
            "[[stem]]\nfile = \"a\"\nto = \"both\"\n\
             [[stem]]\nfile = \"b\"\nto = \"none\"\nsend = [{ to = \"both\" }]\n\
             [[stem]]\nfile = \"c\"\ninsert = [{ plugin = \"p\", key = \"both\" }]\n\
             [[bus]]\nname = \"both\"\nto = \"none\"\n",
        )
        .unwrap();
        let insert = graph.nodes.iter().find(|node| is_insert(node, "p")).unwrap();
        let [main, key] = insert.inputs[..] else { panic!("{insert:?}") };
        let held = |node| graph.stems_in(node).into_iter().collect::<Vec<_>>();
        assert_eq!(held(key.from), [0, 1]);
        assert_eq!(held(main.from), [2]);
        // What keys the stem in the mix is not in the mix.
        assert_eq!(held(graph.mix_output), [2]);
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
