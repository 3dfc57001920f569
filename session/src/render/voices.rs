//! The inserts that a voice keys, each with a meter on what it does for the voice.
//!
//! A key is a voice where all stems in it play one; a stem of no role, or of the role Other, may be one.
//! What the insert works on must hold none of those stems: a voice against itself says nothing.

use super::passes::{Job, shown_level};
use crate::engine::{Engine, Listener};
use crate::graph::{NodeId, NodeKind};
use crate::role::Role;
use crate::timeline::VoiceMeter;
use report::model::VoiceToMusic;
use shared_dsp::voice::DEFAULT_KEY_LEVEL_LUFS;

/// The parameter that says where the voice lies, and its unit.
const KEY_LEVEL: &str = "Key Level";
const KEY_LEVEL_UNIT: &str = "LUFS";

/// An insert on the way of Main that a voice keys.
pub(super) struct Keyed {
    pub(super) insert: NodeId,
    key: NodeId,
    before: NodeId,
    /// The channel the key comes from.
    from: String,
    meter: VoiceMeter,
}

impl Keyed {
    /// The ears of its meter.
    pub(super) fn listener(&mut self) -> Listener<'_> {
        Listener::Keyed { key: self.key, before: self.before, sink: &mut self.meter }
    }

    /// What was done for the voice.
    pub(super) fn reading(&self) -> VoiceToMusic {
        self.meter.reading(&self.from)
    }
}

impl Job<'_> {
    /// The inserts on the way of Main that a voice keys, with meters that have heard nothing. A plugin
    /// that was told where the voice lies hears it from there, and so does its meter.
    pub(super) fn keyed_by_voices(&self, engine: &mut Engine) -> Vec<Keyed> {
        let graph = &self.graph;
        let plugins = engine.plugins().iter_mut().filter(|(id, _)| *id < graph.nodes.len());
        plugins
            .filter_map(|(insert, plugin)| {
                let node = &graph.nodes[*insert];
                let NodeKind::Insert(settings) = &node.kind else { return None };
                let [main, key] = node.inputs[..] else { return None };
                let voices = graph.stems_in(key.from);
                let may_be_voice = |stem: &usize| {
                    self.stems.roles[*stem]
                        .is_none_or(|role| role.is_voice() || role == Role::Other)
                };
                let is_voice = !voices.is_empty() && voices.iter().all(may_be_voice);
                if !is_voice || !voices.is_disjoint(&graph.stems_in(main.from)) {
                    return None;
                }
                let known_lufs = shown_level(plugin, KEY_LEVEL, KEY_LEVEL_UNIT);
                let key_level_lufs = known_lufs.unwrap_or(DEFAULT_KEY_LEVEL_LUFS);
                Some(Keyed {
                    insert: *insert,
                    key: key.from,
                    before: main.from,
                    from: settings.key.as_ref().map_or("", |key| key.from()).to_owned(),
                    meter: VoiceMeter::new(self.stems.sample_rate_hz, key_level_lufs),
                })
            })
            .collect()
    }
}
