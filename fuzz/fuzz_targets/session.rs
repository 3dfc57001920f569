//! Any text as a session file: refused, or a graph in which everything comes after what feeds it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use session::graph::Graph;
use session::model::Session;
use std::path::Path;

fuzz_target!(|text: &str| {
    let Ok(session) = Session::parse(text, Path::new("session.toml")) else { return };
    let Ok(graph) = Graph::new(&session) else { return };
    for (id, node) in graph.nodes.iter().enumerate() {
        assert!(node.inputs.iter().all(|input| input.from < id));
    }
});
