//! Prints: further ways from the stems to a master, for versions and for stems that sum to it.

use super::{Graph, Input, Node, NodeId};
use std::collections::BTreeMap;

/// Another way from the stems to a master.
#[derive(Debug, Clone, PartialEq)]
pub struct Print {
    /// Its mix before the inserts.
    pub mix_input: NodeId,
    /// Its mix after the inserts.
    pub mix_output: NodeId,
    /// The nodes of the first way, and which of its own stand for them.
    pub twins: BTreeMap<NodeId, NodeId>,
}

impl Graph {
    /// The nodes between the stems' channels and the master: the audio's way, without the keys'.
    /// In order.
    pub fn trunk(&self) -> Vec<NodeId> {
        let mut on = vec![false; self.nodes.len()];
        on[self.mix_output] = self.nodes[self.mix_output].stem.is_none();
        for id in (0..self.nodes.len()).rev().filter(|id| self.nodes[*id].stem.is_none()) {
            if on[id] {
                for input in self.nodes[id].audio() {
                    on[input.from] = self.nodes[input.from].stem.is_none();
                }
            }
        }
        (0..self.nodes.len()).filter(|id| on[*id]).collect()
    }

    /// Multiplies what every stem gives to the trunk. Keys stay as they are.
    pub fn scale_stems(&mut self, gain: f64) {
        for id in self.trunk() {
            let from_stem: Vec<bool> =
                self.nodes[id].inputs.iter().map(|i| self.nodes[i.from].stem.is_some()).collect();
            let audio = self.nodes[id].audio().len();
            for (input, _) in
                self.nodes[id].inputs[..audio].iter_mut().zip(from_stem).filter(|(_, stem)| *stem)
            {
                input.gain *= gain;
            }
        }
    }

    /// Adds another way from the stems to a master, on which stem `i` counts `stem_gains[i]` times.
    ///
    /// Every plugin on the way but a meter is there once more, with the settings and the key of the first. An
    /// insert that is in `keyed` and has no key of its own is keyed by what the first is given, so
    /// that it applies the gain the first applies: then prints of parts sum to the print of the
    /// whole.
    pub fn print(&mut self, stem_gains: &[f64], keyed: &[NodeId]) -> Print {
        let mut twins = BTreeMap::new();
        for id in self.trunk() {
            let node = &self.nodes[id];
            // A meter changes nothing: what it is given is what it gives, and there is one to look at.
            if node.is_meter() {
                let from = node.inputs[0].from;
                twins.insert(id, twins[&from]);
                continue;
            }
            let audio = node.audio().len();
            let mut inputs: Vec<Input> = node.inputs[..audio]
                .iter()
                .map(|input| match self.nodes[input.from].stem {
                    Some(stem) => Input { gain: input.gain * stem_gains[stem], ..*input },
                    None => Input { from: twins[&input.from], ..*input },
                })
                // What is muted need not be added.
                .filter(|input| input.gain != 0.0)
                .collect();
            inputs.extend(&node.inputs[audio..]);
            if keyed.contains(&id) && node.inputs.len() == 1 {
                inputs.push(Input { from: node.inputs[0].from, gain: 1.0 });
            }
            twins.insert(id, self.nodes.len());
            self.nodes.push(Node { inputs, ..node.clone() });
        }
        let of = |id: NodeId| twins.get(&id).copied().unwrap_or(id);
        Print { mix_input: of(self.mix_input), mix_output: of(self.mix_output), twins }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::NodeKind;
    use crate::model::Session;
    use std::path::Path;

    const SESSION: &str = r#"
        schema = 1
        [[stem]]
        file = "music"
        insert = [{ plugin = "equaliser", key = "vox" }]
        to = "band"
        [[stem]]
        file = "vox"
        name = "vox"
        send = [{ to = "reverb", level_db = -6 }]
        [[bus]]
        name = "band"
        insert = [{ plugin = "compressor", key = "vox" }]
        [[bus]]
        name = "reverb"
        insert = [{ plugin = "reverb" }]
        [[mix.insert]]
        plugin = "limiter"
    "#;

    fn graph() -> Graph {
        Graph::new(&Session::parse(SESSION, Path::new("test.toml")).unwrap()).unwrap()
    }

    fn at(graph: &Graph, plugin: &str) -> NodeId {
        let is = |n: &Node| matches!(&n.kind, NodeKind::Insert(i) if i.plugin == plugin);
        graph.nodes.iter().position(is).unwrap()
    }

    #[test]
    fn the_trunk_is_the_way_of_the_audio() {
        let graph = graph();
        let channels: Vec<&str> =
            graph.trunk().iter().map(|id| graph.nodes[*id].channel.as_str()).collect();
        assert_eq!(channels, ["band", "band", "reverb", "reverb", "mix", "mix"]);
    }

    #[test]
    fn a_print_has_its_own_plugins_and_the_first_ones_keys() {
        let mut graph = graph();
        let first = graph.clone();
        let limiter = at(&graph, "limiter");
        let print = graph.print(&[1.0, 0.0], &[limiter]);
        // What was there is as it was.
        assert_eq!(graph.nodes[..first.nodes.len()], first.nodes);
        assert_eq!(graph.stem_outputs, first.stem_outputs);
        // The voice goes neither to the mix nor to its reverb, and still keys the compressor.
        let vox = graph.stem_outputs[1];
        let feeds = |id: NodeId| graph.nodes[id].inputs.iter().map(|i| i.from).collect::<Vec<_>>();
        let band = print.twins[&at(&first, "compressor")];
        assert_eq!(feeds(print.mix_input), [band, print.twins[&at(&first, "reverb")]]);
        assert_eq!(feeds(band)[1], vox);
        // The limiter hears its own mix and is ruled by the first one's.
        assert_eq!(feeds(print.mix_output), [print.mix_input, graph.mix_input]);
        assert_eq!(feeds(graph.mix_output), [graph.mix_input]);
        for (id, node) in graph.nodes.iter().enumerate() {
            assert!(node.inputs.iter().all(|i| i.from < id));
        }
    }

    #[test]
    fn a_meter_is_there_once() {
        let session = SESSION.to_owned() + "[[mix.insert]]\nplugin = \"org.stemwright.meter\"\n";
        let session = Session::parse(&session, Path::new("test.toml")).unwrap();
        let mut graph = Graph::new(&session).unwrap();
        let first = graph.clone();
        let (limiter, meter) = (at(&graph, "limiter"), at(&graph, "org.stemwright.meter"));
        assert_eq!(graph.mix_output, meter);
        let print = graph.print(&[1.0, 1.0], &[]);
        assert_eq!(print.mix_output, print.twins[&limiter]);
        assert_eq!(print.mix_output, print.twins[&meter]);
        assert!(graph.nodes[first.nodes.len()..].iter().all(|node| !node.is_meter()));
    }

    #[test]
    fn a_common_trim_reaches_every_way_to_the_mix_and_no_key() {
        let mut graph = graph();
        graph.scale_stems(0.5);
        let gains = |id: NodeId| graph.nodes[id].inputs.iter().map(|i| i.gain).collect::<Vec<_>>();
        let send = 10f64.powf(-6.0 / 20.0);
        assert_eq!(gains(graph.mix_input), [0.5, 1.0, 1.0]);
        let compressor = at(&graph, "compressor");
        assert_eq!(gains(compressor), [1.0, 1.0]);
        assert_eq!(gains(graph.nodes[compressor].inputs[0].from), [0.5]);
        let reverb = at(&graph, "reverb");
        assert_eq!(gains(graph.nodes[reverb].inputs[0].from), [0.5 * send]);
        assert_eq!(gains(at(&graph, "equaliser")), [1.0, 1.0]);
    }
}
