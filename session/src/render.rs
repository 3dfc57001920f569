//! `stemwright render`: from a path to a master and its report.

use crate::bundle::Bundles;
use crate::engine::{Engine, Finished, Listener, Override, Source, Tap, Window};
use crate::error::{Error, ParameterError, ParameterProblem, Result};
use crate::gain_change::GainMeter;
use crate::graph::{Graph, NodeId, NodeKind};
use crate::host::quantity::Quantity;
use crate::measure::{LoudnessMeter, Meter, Opinions};
use crate::model::Value;
use crate::names;
use crate::output::{self, OutputFolder};
use crate::report::{Files, Limiter, Master, PluginReport, Report, SCHEMA, Solve, Stem};
use crate::solve::solve;
use crate::spool::{Spool, SpoolWriter};
use crate::stop::Stop;
use crate::template::{self, Expanded};
use crate::wav::{Depth, PendingFile, WavReader, WavWriter};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The limiter that `--target` and `--ceiling` set.
pub const LIMITER: &str = "org.stemwright.limiter";
const GAIN: &str = "Gain";
const CEILING: &str = "Ceiling";

/// Block length in samples, unless `--block` says otherwise.
pub const DEFAULT_BLOCK_LEN: usize = 4096;
/// Longest block offered.
pub const LONGEST_BLOCK: usize = 1 << 16;

/// What to render and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// A folder of stems or a session file.
    pub path: PathBuf,
    /// Integrated loudness to bring the master to, LUFS.
    pub target_lufs: Option<f64>,
    /// The limiter's ceiling, dBTP.
    pub ceiling_dbtp: Option<f64>,
    /// Where to write; [`output::DEFAULT_FOLDER`] in the session's folder if absent.
    pub out: Option<PathBuf>,
    /// Samples processed at a time. Changes nothing but speed.
    pub block_len: usize,
    /// Depth of the master.
    pub depth: Depth,
    /// Raised to give up; looked at every block.
    pub stop: Stop,
}

impl Options {
    /// The defaults, for `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            target_lufs: None,
            ceiling_dbtp: None,
            out: None,
            block_len: DEFAULT_BLOCK_LEN,
            depth: Depth::Int24,
            stop: Stop::default(),
        }
    }
}

/// What a render is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Rendering the stems up to the limiter.
    Stems,
    /// Searching for the gain, pass by pass.
    Search(usize),
    /// Rendering the master.
    Master,
}

/// Told of progress: the stage, samples done, samples in all.
pub type Progress<'a> = &'a mut dyn FnMut(Stage, u64, u64);

/// A finished render.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// What is in `report.json`.
    pub report: Report,
    /// The master's path.
    pub master: PathBuf,
    /// The report's path.
    pub report_file: PathBuf,
}

/// Renders a session. Nothing bears its name in the output folder until all of it is complete.
///
/// # Errors
/// One sentence; nothing is left behind.
pub fn render(
    options: &Options,
    bundles: &mut Bundles,
    progress: Progress<'_>,
) -> Result<Rendered> {
    check(options)?;
    let expanded = template::open(&options.path)?;
    let stems = Stems::open(&expanded)?;
    let graph = Graph::new(&expanded.session)?;
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

    let mut job = Job { options, bundles, stems: &stems, graph, overrides, limiter };
    // Starts every plugin once, so that whatever is wrong is said before a folder is made.
    let engine = job.start()?;

    let name = names::file_safe(&expanded.song);
    let folder =
        options.out.clone().unwrap_or_else(|| expanded.folder.join(output::DEFAULT_FOLDER));
    let tag = format!("{}{}", names::rate_tag(stems.sample_rate_hz), options.depth.name());
    let master_file = folder.join(format!("{name}_Master_{tag}.wav"));
    let report_file = folder.join("report.json");
    let folder = OutputFolder::make(&folder)?;
    for file in [&master_file, &report_file] {
        output::protect(file, &expanded.files)?;
    }

    let mut meters = Meters::new(&stems)?;
    let writer = WavWriter::create(&master_file, options.depth, stems.sample_rate_hz)?;
    let printed = match (options.target_lufs, limiter) {
        (Some(target_lufs), Some(limiter)) => {
            job.solved(engine, limiter, target_lufs, &folder, &mut meters, writer, progress)?
        }
        _ => job.straight(engine, &mut meters, writer, progress)?,
    };

    let report = Report {
        schema: SCHEMA,
        stemwright: env!("CARGO_PKG_VERSION"),
        song: expanded.song.clone(),
        sample_rate_hz: stems.sample_rate_hz,
        frames: stems.frames,
        seconds: stems.frames as f64 / f64::from(stems.sample_rate_hz),
        latency_samples: printed.latency_samples,
        master: Master {
            file: file_name(&master_file),
            depth: options.depth.name(),
            clipped_samples: printed.clipped_samples,
            measurement: printed.master,
        },
        sum: meters.sum.opinions()?,
        stems: stems.reports(&expanded, &meters)?,
        limiter: printed.limiter,
        plugins: printed.plugins,
        files: Files {
            read: expanded.files.clone(),
            written: vec![master_file.clone(), report_file.clone()],
        },
    };
    let json = serde_json::to_vec_pretty(&report)
        .map_err(|e| Error::write(&report_file, std::io::Error::other(e)))?;
    let report_pending = PendingFile::with_contents(&report_file, &json)?;
    folder.commit(vec![printed.file, report_pending])?;
    Ok(Rendered { report, master: master_file, report_file })
}

fn check(options: &Options) -> Result<()> {
    let bad = |option, value: String, wanted| Err(Error::BadOption { option, value, wanted });
    if !(1..=LONGEST_BLOCK).contains(&options.block_len) {
        return bad("--block", options.block_len.to_string(), "a length from 1 to 65536 samples");
    }
    if let Some(target) = options.target_lufs.filter(|t| !(-60.0..=0.0).contains(t)) {
        return bad("--target", target.to_string(), "a loudness from -60 to 0 LUFS, such as -14");
    }
    if let Some(ceiling) = options.ceiling_dbtp.filter(|c| !(-60.0..=0.0).contains(c)) {
        return bad("--ceiling", ceiling.to_string(), "a true peak of 0 dBTP or below, such as -1");
    }
    Ok(())
}

/// The stems' files, opened once to check them and again for each pass.
struct Stems {
    files: Vec<PathBuf>,
    formats: Vec<crate::wav::WavFormat>,
    sample_rate_hz: u32,
    frames: u64,
}

impl Stems {
    /// Opens every file; all must be of one rate and length.
    fn open(expanded: &Expanded) -> Result<Self> {
        let mut formats = Vec::new();
        let mut first: Option<WavReader> = None;
        for file in &expanded.files {
            let reader = WavReader::open(file)?;
            formats.push(reader.format());
            let Some(first) = &first else {
                first = Some(reader);
                continue;
            };
            if reader.format().sample_rate_hz != first.format().sample_rate_hz {
                return Err(Error::MixedRates {
                    path: file.clone(),
                    found_hz: reader.format().sample_rate_hz,
                    reference: first.path().to_owned(),
                    expected_hz: first.format().sample_rate_hz,
                });
            }
            if reader.frames() != first.frames() {
                return Err(Error::UnequalLengths {
                    path: file.clone(),
                    found_frames: reader.frames(),
                    reference: first.path().to_owned(),
                    expected_frames: first.frames(),
                });
            }
        }
        let first = first.ok_or_else(|| Error::NoStems(expanded.folder.clone()))?;
        Ok(Self {
            files: expanded.files.clone(),
            formats,
            sample_rate_hz: first.format().sample_rate_hz,
            frames: first.frames(),
        })
    }

    fn source(&self, stem: usize) -> Result<Box<dyn Source>> {
        Ok(Box::new(WavReader::open(&self.files[stem])?))
    }

    fn reports(&self, expanded: &Expanded, meters: &Meters) -> Result<Vec<Stem>> {
        let mut reports = Vec::new();
        for (index, stem) in expanded.session.stems.iter().enumerate() {
            reports.push(Stem {
                name: stem.name.clone().unwrap_or_default(),
                role: stem.role.map_or("Other", |r| r.name()),
                file: file_name(&self.files[index]),
                channels: self.formats[index].channels,
                depth: self.formats[index].encoding.name(),
                measurement: meters.stems[index].opinions()?,
            });
        }
        Ok(reports)
    }
}

/// Meters on the stems and their sum.
struct Meters {
    stems: Vec<Meter>,
    sum: Meter,
}

impl Meters {
    fn new(stems: &Stems) -> Result<Self> {
        let meter = |_: &PathBuf| Meter::new(stems.sample_rate_hz);
        Ok(Self {
            stems: stems.files.iter().map(meter).collect::<Result<_>>()?,
            sum: Meter::new(stems.sample_rate_hz)?,
        })
    }

    /// Taps for all of them.
    fn taps(&mut self, graph: &Graph, frames: u64) -> Vec<Tap<'_>> {
        let window = Window::Aligned(frames);
        let mut taps =
            vec![Tap { node: graph.mix_input, window, listener: Listener::Output(&mut self.sum) }];
        for (&node, meter) in graph.stem_outputs.iter().zip(&mut self.stems) {
            taps.push(Tap { node, window, listener: Listener::Output(meter) });
        }
        taps
    }
}

/// A master that waits for its name, and what is to be said of it.
struct Printed {
    file: PendingFile,
    master: Opinions,
    clipped_samples: u64,
    latency_samples: u32,
    limiter: Option<Limiter>,
    plugins: Vec<PluginReport>,
}

/// A render under way.
struct Job<'a> {
    options: &'a Options,
    bundles: &'a mut Bundles,
    stems: &'a Stems,
    graph: Graph,
    overrides: Vec<Override>,
    limiter: Option<NodeId>,
}

impl Job<'_> {
    /// The whole graph, running.
    fn start(&mut self) -> Result<Engine> {
        let stems = self.stems;
        // What the limiter is given and what it makes of it.
        if let Some(limiter) = self.limiter {
            self.graph.compare(limiter);
        }
        Engine::new(
            &self.graph,
            self.bundles,
            &self.overrides,
            stems.sample_rate_hz,
            self.options.block_len,
            |kind| match kind {
                NodeKind::Stem(stem) => stems.source(*stem),
                _ => Ok(Box::new(Silence)),
            },
        )
    }

    /// One pass from the stems to the master.
    fn straight(
        &mut self,
        mut engine: Engine,
        meters: &mut Meters,
        mut writer: WavWriter,
        progress: Progress<'_>,
    ) -> Result<Printed> {
        let gain_db = match self.limiter {
            Some(node) => shown_gain(engine.plugins(), node)?,
            None => 0.0,
        };
        let latency_samples = engine.latency_samples()[self.graph.mix_output];
        let mut master = Meter::new(self.stems.sample_rate_hz)?;
        let mut change = GainMeter::new(self.stems.sample_rate_hz, gain_db);
        let mut taps = meters.taps(&self.graph, self.stems.frames);
        taps.extend(self.master_taps(&self.graph, &mut writer, &mut master, &mut change));
        let mut finished = engine.run(&mut taps, &self.options.stop, &mut |done, total| {
            progress(Stage::Master, done, total);
        })?;
        drop(taps);
        Ok(Printed {
            clipped_samples: writer.clipped(),
            file: writer.finish()?,
            master: master.opinions()?,
            latency_samples,
            limiter: self.limiter.map(|_| Limiter {
                gain_db,
                gain_reduction: change.reading(),
                solve: None,
            }),
            plugins: reports(&self.graph, &mut finished, |_| true).into_values().collect(),
        })
    }

    /// The stems once, onto disk; then from the limiter on until its gain is right; then for good.
    #[expect(clippy::too_many_arguments, reason = "the one place where all parts of a render meet")]
    fn solved(
        &mut self,
        mut engine: Engine,
        limiter: NodeId,
        target_lufs: f64,
        folder: &OutputFolder,
        meters: &mut Meters,
        mut writer: WavWriter,
        progress: Progress<'_>,
    ) -> Result<Printed> {
        let start_db = shown_gain(engine.plugins(), limiter)?;
        let range_db = gain_range(engine.plugins(), limiter)?;
        let latency_samples = engine.latency_samples()[self.graph.mix_output];
        let (tail, feeders) = self.graph.tail(limiter, engine.latency_samples());

        // Up to the limiter. The tail needs what comes out during its latency, too.
        let length = self.stems.frames + u64::from(latency_samples);
        let mut writers = feeders
            .iter()
            .map(|_| SpoolWriter::create(folder.path()))
            .collect::<Result<Vec<_>>>()?;
        let mut taps = meters.taps(&self.graph, self.stems.frames);
        for (&node, spool) in feeders.iter().zip(&mut writers) {
            taps.push(Tap { node, window: Window::Raw(length), listener: Listener::Output(spool) });
        }
        let mut finished = engine.run(&mut taps, &self.options.stop, &mut |done, total| {
            progress(Stage::Stems, done, total);
        })?;
        drop(taps);
        let before = |id: NodeId| !tail_has(&self.graph, limiter, id);
        let mut plugins = reports(&self.graph, &mut finished, before);
        drop(finished);
        let spools = writers.into_iter().map(SpoolWriter::finish).collect::<Result<Vec<_>>>()?;
        // A first guess: what the limiter was given has been measured on the way, and a dB is a dB
        // until it limits.
        let given = self.graph.nodes[limiter].inputs[0].from;
        let sum_lufs = meters.sum.opinions()?.ours.integrated_lufs;
        let start_db = match sum_lufs.filter(|_| given == self.graph.mix_input) {
            Some(sum_lufs) => (target_lufs - sum_lufs).clamp(range_db.0, range_db.1),
            None => start_db,
        };

        // The search. A tail node's override is found by its place in the new graph.
        let place = tail.last_on_mix(LIMITER).ok_or(Error::NoLimiter { option: "--target" })?;
        let mut pass = 0;
        let found = solve(target_lufs, range_db, start_db, |gain_db| {
            pass += 1;
            let engine = self.start_tail(&tail, place, gain_db, &spools)?;
            let mut loudness = LoudnessMeter::new(self.stems.sample_rate_hz);
            let mut taps = [Tap {
                node: tail.mix_output,
                window: Window::Aligned(self.stems.frames),
                listener: Listener::Output(&mut loudness),
            }];
            engine.run(&mut taps, &self.options.stop, &mut |done, total| {
                progress(Stage::Search(pass), done, total);
            })?;
            Ok(loudness.integrated_lufs())
        })?;

        // For good.
        let engine = self.start_tail(&tail, place, found.gain_db, &spools)?;
        let mut master = Meter::new(self.stems.sample_rate_hz)?;
        let mut change = GainMeter::new(self.stems.sample_rate_hz, found.gain_db);
        let mut taps = self.master_taps(&tail, &mut writer, &mut master, &mut change);
        let mut finished = engine.run(&mut taps, &self.options.stop, &mut |done, total| {
            progress(Stage::Master, done, total);
        })?;
        drop(taps);
        let after = reports(&tail, &mut finished, |_| true);
        let shift = self.graph.nodes.len();
        plugins.extend(after.into_iter().map(|(id, report)| (shift + id, report)));
        Ok(Printed {
            clipped_samples: writer.clipped(),
            file: writer.finish()?,
            master: master.opinions()?,
            latency_samples,
            limiter: Some(Limiter {
                gain_db: found.gain_db,
                gain_reduction: change.reading(),
                solve: Some(Solve {
                    target_lufs,
                    reached_lufs: found.loudness_lufs,
                    passes: found.passes,
                }),
            }),
            plugins: plugins.into_values().collect(),
        })
    }

    /// The part from the limiter on, fed from disk.
    fn start_tail(
        &mut self,
        tail: &Graph,
        limiter: NodeId,
        gain_db: f64,
        spools: &[Spool],
    ) -> Result<Engine> {
        // Finer than any display: the read-back compares to the digits shown.
        let gain = Value::Text(format!("{gain_db:.4} dB"));
        let mut overrides: Vec<Override> =
            self.overrides.iter().map(|o| Override { node: limiter, ..o.clone() }).collect();
        overrides.push(Override { node: limiter, parameter: GAIN, value: gain });
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

    /// Taps for the master's file and meter and for the two sides of the limiter.
    fn master_taps<'t>(
        &self,
        graph: &Graph,
        writer: &'t mut WavWriter,
        meter: &'t mut Meter,
        change: &'t mut GainMeter,
    ) -> Vec<Tap<'t>> {
        let window = Window::Aligned(self.stems.frames);
        let node = graph.mix_output;
        let mut taps = vec![
            Tap { node, window, listener: Listener::Output(writer) },
            Tap { node, window, listener: Listener::Output(meter) },
        ];
        if let Some(node) = graph.nodes.iter().rposition(|n| n.kind == NodeKind::Compare) {
            taps.push(Tap { node, window, listener: Listener::Sides(change) });
        }
        taps
    }
}

/// A source that is silent.
struct Silence;

impl Source for Silence {
    fn fill(&mut self, left: &mut [f64], right: &mut [f64]) -> Result<()> {
        left.fill(0.0);
        right.fill(0.0);
        Ok(())
    }
}

/// Whether `id` depends on `node`.
fn tail_has(graph: &Graph, node: NodeId, id: NodeId) -> bool {
    id == node || graph.nodes[id].inputs.iter().any(|i| tail_has(graph, node, i.from))
}

/// Every plugin's report by its place, for those places that `include`s.
fn reports(
    graph: &Graph,
    finished: &mut Finished,
    include: impl Fn(NodeId) -> bool,
) -> BTreeMap<NodeId, PluginReport> {
    finished
        .plugins()
        .iter_mut()
        .filter(|(id, _)| include(*id))
        .map(|(id, plugin)| {
            let key = match &graph.nodes[*id].kind {
                NodeKind::Insert(insert) => insert.key.as_ref().map(|k| k.from().to_owned()),
                _ => None,
            };
            (*id, PluginReport::of(plugin, key))
        })
        .collect()
}

/// The limiter's gain as it shows it, in dB.
fn shown_gain(plugins: &mut [(NodeId, crate::host::Plugin)], node: NodeId) -> Result<f64> {
    let Some((_, plugin)) = plugins.iter_mut().find(|(id, _)| *id == node) else { return Ok(0.0) };
    let parameter = plugin.find(GAIN)?.clone();
    let value = plugin.value(parameter.id).unwrap_or(parameter.default);
    Ok(Quantity::parse(&plugin.text(&parameter, value)).map_or(0.0, |q| q.value))
}

/// The ends of the limiter's gain, in dB, as it shows them.
fn gain_range(plugins: &mut [(NodeId, crate::host::Plugin)], node: NodeId) -> Result<(f64, f64)> {
    let Some((_, plugin)) = plugins.iter_mut().find(|(id, _)| *id == node) else {
        return Err(Error::NoLimiter { option: "--target" });
    };
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

fn file_name(path: &std::path::Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

impl crate::engine::Sink for WavWriter {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        Self::write(self, left, right)
    }
}
