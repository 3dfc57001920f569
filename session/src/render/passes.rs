//! The passes over a session that come before anything is printed: every plugin started once, the
//! headroom, the search for the limiter's gain.

use super::stems::{Silence, Stems};
use super::{LIMITER, Options, Progress, Stage};
use crate::bundle::Bundles;
use crate::engine::{Engine, Finished, Listener, Override, Tap, Window};
use crate::error::{Error, ParameterError, ParameterProblem, Result};
use crate::graph::{Graph, NodeId, NodeKind};
use crate::host::Plugin;
use crate::host::quantity::Quantity;
use crate::measure::{LoudnessMeter, PeakMeter};
use crate::model::Value;
use crate::solve::solve;
use crate::spool::{Spool, SpoolWriter};
use report::model::Solve;
use shared_dsp::versions::Version;
use std::path::Path;

const GAIN: &str = "Gain";
const CEILING: &str = "Ceiling";
/// How much lower than the truth a detector on a grid of 16 may read, at 0.45 of the sample rate and a
/// little beyond: −20·log10 cos(π·0.5/16).
const GRID_DB: f64 = 0.042;
/// Where a plugin's level detection listens, and what it is called when that is the key input.
const KEY: &str = "Key";
const EXTERNAL: &str = "External";
/// The trim that can make versions by itself.
const TRIM: &str = "org.stemwright.stem-trim";
const VERSION: &str = "Version";

/// A render under way.
pub(super) struct Job<'a> {
    pub(super) options: &'a Options,
    bundles: &'a mut Bundles,
    pub(super) stems: &'a Stems,
    pub(super) graph: Graph,
    overrides: Vec<Override>,
    /// The limiter on the mix, if there is one.
    pub(super) limiter: Option<NodeId>,
    /// Its gain as it shows it, in dB.
    pub(super) limiter_gain_db: f64,
    /// The ends of its gain.
    limiter_range_db: (f64, f64),
    /// Its ceiling, in dBTP.
    pub(super) ceiling_dbtp: Option<f64>,
    /// The inserts between stems and master that can be ruled by a key.
    pub(super) keyed: Vec<NodeId>,
    /// The inserts there that cannot, by plugin and channel.
    pub(super) keyless: Vec<String>,
    /// The trim that leaves the headroom asked for, in dB.
    pub(super) headroom_trim_db: Option<f64>,
    /// How the gain was found.
    pub(super) solved: Option<Solve>,
}

impl<'a> Job<'a> {
    /// Starts every plugin once.
    ///
    /// # Errors
    /// Whatever a plugin has against the session; [`Error::NoLimiter`], [`Error::VersionSet`].
    pub(super) fn new(
        options: &'a Options,
        bundles: &'a mut Bundles,
        stems: &'a Stems,
        graph: Graph,
    ) -> Result<Self> {
        let limiter = graph.last_on_mix(LIMITER);
        let wanted = |option| limiter.ok_or(Error::NoLimiter { option });
        let mut overrides = Vec::new();
        if let Some(ceiling_dbtp) = options.ceiling_dbtp {
            overrides.push(Override {
                node: wanted("--ceiling")?,
                parameter: CEILING,
                value: Value::Text(format!("{ceiling_dbtp} dBTP")),
            });
        }
        if options.target_lufs.is_some() {
            wanted("--target")?;
        }
        let mut job = Self {
            options,
            bundles,
            stems,
            graph,
            overrides,
            limiter,
            limiter_gain_db: 0.0,
            limiter_range_db: (0.0, 0.0),
            ceiling_dbtp: None,
            keyed: Vec::new(),
            keyless: Vec::new(),
            headroom_trim_db: None,
            solved: None,
        };
        let mut engine = job.start(&job.graph.clone(), &[])?;
        job.look_at(engine.plugins())?;
        Ok(job)
    }

    /// What has to be known of the plugins.
    fn look_at(&mut self, plugins: &mut [(NodeId, Plugin)]) -> Result<()> {
        let trunk = self.graph.trunk();
        for (id, plugin) in plugins {
            let makes_versions = self.options.versions.iter().any(|v| *v != Version::Main);
            if makes_versions && plugin.identity().id == TRIM {
                check_version(plugin)?;
            }
            if Some(*id) == self.limiter {
                self.limiter_gain_db = shown(plugin, GAIN)?.unwrap_or_default();
                self.ceiling_dbtp = shown(plugin, CEILING)?;
                self.limiter_range_db = gain_range(plugin)?;
            }
            let has_key = self.graph.nodes[*id].inputs.len() > 1;
            if !trunk.contains(id) || has_key {
                continue;
            }
            if listens_inside(plugin) && plugin.understands(KEY, &external()) {
                self.keyed.push(*id);
            } else {
                let (name, channel) = (&plugin.identity().name, plugin.channel());
                self.keyless.push(format!("{name} on '{channel}'"));
            }
        }
        Ok(())
    }

    /// A graph at work on the stems.
    ///
    /// # Errors
    /// Whatever a bundle, plugin, parameter or file has against it.
    pub(super) fn start(&mut self, graph: &Graph, more: &[Override]) -> Result<Engine> {
        let stems = self.stems;
        let overrides = [&self.overrides, more].concat();
        Engine::new(
            graph,
            self.bundles,
            &overrides,
            stems.sample_rate_hz,
            self.options.block_len,
            |kind| match kind {
                NodeKind::Stem(stem) => stems.source(*stem),
                _ => Ok(Box::new(Silence)),
            },
        )
    }

    /// Finds the trim that leaves the sum of the stems the headroom asked for, and applies it.
    ///
    /// # Errors
    /// Whatever the engine says; [`Error::SilentSum`].
    pub(super) fn leave_headroom(&mut self, progress: Progress<'_>) -> Result<()> {
        let Some(headroom_db) = self.options.headroom_db else { return Ok(()) };
        let graph = self.graph.clone();
        let engine = self.start(&graph, &[])?;
        let mut meter = PeakMeter::new(self.stems.sample_rate_hz);
        let mut taps = [Tap {
            node: graph.mix_input,
            window: Window::Aligned(self.stems.frames),
            listener: Listener::Output(&mut meter),
        }];
        self.run(engine, &mut taps, Stage::Headroom, progress)?;
        let peak_dbtp = meter.highest_dbtp().ok_or(Error::SilentSum)?;
        // Hundredths of a dB, towards more headroom; and what a grid of 16 may miss.
        let trim_db = ((-headroom_db - peak_dbtp - GRID_DB) * 100.0).floor() / 100.0;
        self.graph.scale_stems(10f64.powf(trim_db / 20.0));
        self.headroom_trim_db = Some(trim_db);
        Ok(())
    }

    /// Finds the limiter's gain for a loudness, and sets it: the stems once, onto disk; then from
    /// the limiter on until the gain is right.
    ///
    /// # Errors
    /// Whatever engine and search say.
    pub(super) fn solve(
        &mut self,
        target_lufs: f64,
        folder: &Path,
        progress: Progress<'_>,
    ) -> Result<()> {
        let no_limiter = Error::NoLimiter { option: "--target" };
        let Some(limiter) = self.limiter else { return Err(no_limiter) };
        let graph = self.graph.clone();
        let engine = self.start(&graph, &[])?;
        let (tail, feeders) = graph.tail(limiter, engine.latency_samples());

        // The tail needs what comes out during its latency, too.
        let latency_samples = engine.latency_samples()[graph.mix_output];
        let length = self.stems.frames + u64::from(latency_samples);
        let mut writers =
            feeders.iter().map(|_| SpoolWriter::create(folder)).collect::<Result<Vec<_>>>()?;
        let mut given = LoudnessMeter::new(self.stems.sample_rate_hz);
        let mut taps = vec![Tap {
            node: graph.nodes[limiter].inputs[0].from,
            window: Window::Aligned(self.stems.frames),
            listener: Listener::Output(&mut given),
        }];
        for (&node, spool) in feeders.iter().zip(&mut writers) {
            taps.push(Tap { node, window: Window::Raw(length), listener: Listener::Output(spool) });
        }
        self.run(engine, &mut taps, Stage::Stems, progress)?;
        drop(taps);
        let spools = writers.into_iter().map(SpoolWriter::finish).collect::<Result<Vec<_>>>()?;

        // A first guess: a dB is a dB until it limits.
        let start_db = given
            .integrated_lufs()
            .map_or(self.limiter_gain_db, |given_lufs| target_lufs - given_lufs);

        // An override of the limiter is found by its place in the new graph.
        let place = tail.last_on_mix(LIMITER).ok_or(no_limiter)?;
        let mut pass = 0;
        let found = solve(target_lufs, self.limiter_range_db, start_db, |gain_db| {
            pass += 1;
            let engine = self.start_tail(&tail, place, gain_db, &spools)?;
            let mut loudness = LoudnessMeter::new(self.stems.sample_rate_hz);
            let mut taps = [Tap {
                node: tail.mix_output,
                window: Window::Aligned(self.stems.frames),
                listener: Listener::Output(&mut loudness),
            }];
            self.run(engine, &mut taps, Stage::Search(pass), progress)?;
            Ok(loudness.integrated_lufs())
        })?;
        self.overrides.push(gain_of(limiter, found.gain_db));
        self.limiter_gain_db = found.gain_db;
        self.solved =
            Some(Solve { target_lufs, reached_lufs: found.loudness_lufs, passes: found.passes });
        Ok(())
    }

    /// The part from the limiter on, fed from disk.
    fn start_tail(
        &mut self,
        tail: &Graph,
        limiter: NodeId,
        gain_db: f64,
        spools: &[Spool],
    ) -> Result<Engine> {
        let mut overrides: Vec<Override> =
            self.overrides.iter().map(|o| Override { node: limiter, ..o.clone() }).collect();
        overrides.push(gain_of(limiter, gain_db));
        Engine::new(
            tail,
            self.bundles,
            &overrides,
            self.stems.sample_rate_hz,
            self.options.block_len,
            |kind| match kind {
                NodeKind::Spool { track, .. } => Ok(Box::new(spools[*track].reader()?)),
                _ => Ok(Box::new(Silence)),
            },
        )
    }

    /// Runs an engine for `taps`.
    pub(super) fn run(
        &self,
        engine: Engine,
        taps: &mut [Tap<'_>],
        stage: Stage,
        progress: Progress<'_>,
    ) -> Result<Finished> {
        engine.run(taps, &self.options.stop, &mut |done, total| progress(stage, done, total))
    }

    /// What was overruled, for a print's twins of the nodes concerned, too; and the key for those
    /// of its inserts that it rules.
    pub(super) fn overrides_for(&self, print: &crate::graph::Print) -> Vec<Override> {
        let twin = |node: &NodeId| print.twins.get(node).copied();
        let same = self
            .overrides
            .iter()
            .filter_map(|o| Some(Override { node: twin(&o.node)?, ..o.clone() }));
        let keys = self
            .keyed
            .iter()
            .filter_map(|id| Some(Override { node: twin(id)?, parameter: KEY, value: external() }));
        same.chain(keys).collect()
    }
}

/// The value that makes a plugin listen to its key input.
fn external() -> Value {
    Value::Text(EXTERNAL.to_owned())
}

/// Whether a plugin has a key input and does not listen to it.
fn listens_inside(plugin: &mut Plugin) -> bool {
    let Ok(parameter) = plugin.find(KEY).cloned() else { return false };
    plugin.has_key_input() && plugin.value(parameter.id) == Some(parameter.default)
}

/// A gain for the limiter, finer than any display: the read-back compares to the digits shown.
fn gain_of(limiter: NodeId, gain_db: f64) -> Override {
    let value = Value::Text(format!("{gain_db:.4} dB"));
    Override { node: limiter, parameter: GAIN, value }
}

/// Refuses a trim that already prints a version of its own.
fn check_version(plugin: &mut Plugin) -> Result<()> {
    let Ok(parameter) = plugin.find(VERSION).cloned() else { return Ok(()) };
    let value = plugin.value(parameter.id).unwrap_or(parameter.default);
    if value == parameter.default {
        return Ok(());
    }
    Err(Error::VersionSet {
        plugin: plugin.identity().name.clone(),
        channel: plugin.channel().to_owned(),
        version: plugin.text(&parameter, value),
    })
}

/// A parameter as the plugin shows it, as a number.
fn shown(plugin: &mut Plugin, key: &str) -> Result<Option<f64>> {
    let parameter = plugin.find(key)?.clone();
    let value = plugin.value(parameter.id).unwrap_or(parameter.default);
    Ok(Quantity::parse(&plugin.text(&parameter, value)).map(|q| q.value))
}

/// A level that a plugin shows in this unit, if it has a parameter of that name.
pub(super) fn shown_level(plugin: &mut Plugin, key: &str, unit: &str) -> Option<f64> {
    let parameter = plugin.find(key).ok()?.clone();
    let value = plugin.value(parameter.id).unwrap_or(parameter.default);
    let text = plugin.text(&parameter, value);
    text.trim_end().ends_with(unit).then(|| Quantity::parse(&text).map(|q| q.value)).flatten()
}

/// The ends of the limiter's gain, in dB, as it shows them.
fn gain_range(plugin: &mut Plugin) -> Result<(f64, f64)> {
    let parameter = plugin.find(GAIN)?.clone();
    let (lowest, highest) = plugin.shown_range(&parameter);
    match (Quantity::parse(&lowest), Quantity::parse(&highest)) {
        (Some(low), Some(high)) if low.value < high.value => Ok((low.value, high.value)),
        _ => Err(Error::Parameter(Box::new(ParameterError {
            plugin: plugin.identity().name.clone(),
            channel: plugin.channel().to_owned(),
            problem: ParameterProblem::NotUnderstood {
                parameter: parameter.name,
                value: format!("{lowest} to {highest}"),
                example: "-24 dB to 24 dB".to_owned(),
            },
        }))),
    }
}
