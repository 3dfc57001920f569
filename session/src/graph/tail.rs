//! The end of a graph by itself, fed from disk: what a search for a gain runs again and again.

use super::{Graph, Input, Node, NodeId, NodeKind};
use std::collections::BTreeMap;

impl Graph {
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
                stem: None,
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
}
