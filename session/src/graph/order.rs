//! The order nodes work in, and the delays that bring meeting signals into line.

use super::{Graph, Input, Node, NodeId};
use crate::error::{Error, Result};
use std::collections::BTreeSet;

/// Delays that bring every meeting of signals into line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alignment {
    /// How late each node's output is, in samples.
    pub latency_samples: Vec<u32>,
    /// How much to delay each input of each node, in samples.
    pub input_delays: Vec<Vec<u32>>,
}

impl Graph {
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
    pub(super) fn sorted(self) -> Result<Self> {
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
