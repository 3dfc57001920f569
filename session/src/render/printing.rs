//! The pass that prints: every print at once, with meters on whatever the report speaks of.

use super::naming::Names;
use super::order::Ordered;
use super::passes::Job;
use super::voices::Keyed;
use super::{Progress, Stage};
use crate::audio_file::{Broadcast, Depth, PendingFile, WavOptions, WavWriter};
use crate::engine::{CompareSink, Finished, Listener, Sink, Tap, Window};
use crate::error::Result;
use crate::gain_change::GainMeter;
use crate::graph::{NodeId, NodeKind, Print};
use crate::measure::{Meter, Opinions};
use crate::report::{self, PluginReport};
use crate::timeline::InsertMeter;
use ::report::model::{Insert, Limiter, Timeline};
use std::collections::BTreeMap;
use std::path::Path;

/// What a pass has printed and measured.
pub(super) struct Printed {
    /// The prints, in the order's order.
    pub(super) prints: Vec<PrintedFile>,
    /// The trim that keeps the stems from clipping, in dB, if one was needed.
    pub(super) stem_trim_db: Option<f64>,
    /// The stems after their inserts, in the session's order.
    pub(super) stems: Vec<(Opinions, Option<Timeline>)>,
    /// What the limiter did, if there is one.
    pub(super) limiter: Option<Limiter>,
    /// What every insert did.
    pub(super) inserts: Vec<Insert>,
    /// Every plugin on the way of Main, in processing order.
    pub(super) plugins: Vec<PluginReport>,
    /// Latency of the session, in samples.
    pub(super) latency_samples: u32,
    /// The inserts that a key cannot rule, by plugin and channel.
    pub(super) keyless: Vec<String>,
    /// The limiter's ceiling, in dBTP.
    pub(super) ceiling_dbtp: Option<f64>,
    /// The trim that left the headroom asked for, in dB.
    pub(super) headroom_trim_db: Option<f64>,
}

/// A print that waits for its name.
pub(super) struct PrintedFile {
    /// What it is.
    pub(super) ordered: Ordered,
    /// The file.
    pub(super) file: PendingFile,
    /// What meters say of it, before dither.
    pub(super) measurement: Opinions,
    /// The same over time.
    pub(super) timeline: Option<Timeline>,
    /// Samples that had to be clipped.
    pub(super) clipped_samples: u64,
    /// Highest sample written, full scale 1.
    pub(super) peak: f64,
    /// The trim it was given and the masters were not, in dB.
    pub(super) trim_db: f64,
}

/// A print under way.
struct Line {
    ordered: Ordered,
    node: NodeId,
    writer: Trimmed,
    meter: Meter,
}

/// A writer behind a trim.
struct Trimmed {
    writer: WavWriter,
    gain: f64,
    scaled: [Vec<f64>; 2],
}

impl Sink for Trimmed {
    fn write(&mut self, left: &[f64], right: &[f64]) -> Result<()> {
        if self.gain == 1.0 {
            return self.writer.write(left, right);
        }
        for (to, from) in self.scaled.iter_mut().zip([left, right]) {
            to.clear();
            to.extend(from.iter().map(|s| s * self.gain));
        }
        self.writer.write(&self.scaled[0], &self.scaled[1])
    }
}

/// An insert on the way of Main, looked at from both sides.
struct Watched {
    insert: NodeId,
    meter: InsertMeter,
    /// What else is asked of the limiter.
    limiting: Option<Limiting>,
}

/// What a limiter costs, in all and over time.
struct Limiting {
    change: GainMeter,
    reduction: InsertMeter,
}

impl CompareSink for Watched {
    fn write(&mut self, before: [&[f64]; 2], after: [&[f64]; 2]) {
        self.meter.write(before, after);
        if let Some(limiting) = &mut self.limiting {
            limiting.change.write(before, after);
            limiting.reduction.write(before, after);
        }
    }
}

impl Job<'_> {
    /// Prints everything; and once more, with all stems lowered, if one of them would clip.
    ///
    /// # Errors
    /// Whatever engine, meters and files say.
    pub(super) fn print(
        &mut self,
        ordered: &[Ordered],
        names: &Names,
        progress: Progress<'_>,
    ) -> Result<Printed> {
        let printed = self.print_at(ordered, names, 0.0, Stage::Prints, progress)?;
        let over_db = printed
            .prints
            .iter()
            .filter(|p| p.ordered.is_lowered())
            .map(|p| over_db(p.peak, p.ordered.depth))
            .fold(0.0, f64::max);
        if over_db == 0.0 {
            return Ok(printed);
        }
        drop(printed);
        // Hundredths of a dB: a number that can be dialled back in.
        let trim_db = -(over_db * 100.0).ceil() / 100.0;
        let printed = self.print_at(ordered, names, trim_db, Stage::Lowered, progress)?;
        Ok(Printed { stem_trim_db: Some(trim_db), ..printed })
    }

    /// Prints everything, the stems and the unmastered mix with a trim.
    fn print_at(
        &mut self,
        ordered: &[Ordered],
        names: &Names,
        trim_db: f64,
        stage: Stage,
        progress: Progress<'_>,
    ) -> Result<Printed> {
        let (rate, frames) = (self.stems.sample_rate_hz, self.stems.frames);
        let mut graph = self.graph.clone();
        let mut overrides = Vec::new();
        let mut lines = Vec::new();
        for (ordered, path) in ordered.iter().zip(&names.prints) {
            let way = if ordered.stem_gains.iter().all(|gain| *gain == 1.0) {
                // Main's way is there already.
                Print {
                    mix_input: graph.mix_input,
                    mix_output: graph.mix_output,
                    twins: BTreeMap::new(),
                }
            } else {
                let way = graph.print(&ordered.stem_gains, &self.keyed);
                overrides.extend(self.overrides_for(&way));
                way
            };
            let trim_db = if ordered.is_lowered() { trim_db } else { 0.0 };
            lines.push(Line {
                ordered: ordered.clone(),
                node: if ordered.is_mastered() { way.mix_output } else { way.mix_input },
                writer: Trimmed {
                    writer: self.writer(path, ordered)?,
                    gain: 10f64.powf(trim_db / 20.0),
                    scaled: [vec![], vec![]],
                },
                meter: Meter::new(rate, ordered.channels)
                    .with_second_opinion(rate)?
                    .with_timeline(rate, frames),
            });
        }
        // Both sides of every insert on Main's way.
        let is_insert = |id: &NodeId| matches!(self.graph.nodes[*id].kind, NodeKind::Insert(_));
        let gain_db = self.limiter_gain_db;
        let meter = |insert| {
            let meter = InsertMeter::new(rate, frames);
            // One gain for all bands is what a limiter is, and it has a meter of its own.
            if Some(insert) == self.limiter { meter } else { meter.with_bands(rate) }
        };
        let mut watched: Vec<Watched> = (0..self.graph.nodes.len())
            .filter(is_insert)
            .map(|insert| Watched {
                insert,
                meter: meter(insert),
                limiting: (Some(insert) == self.limiter).then(|| Limiting {
                    change: GainMeter::new(rate, gain_db),
                    reduction: InsertMeter::limiter(rate, frames, gain_db),
                }),
            })
            .collect();

        let mut engine = self.start(&graph, &overrides)?;
        let mut keyed = self.keyed_by_voices(&mut engine);
        let latency_samples = engine.latency_samples()[graph.mix_output];
        let stem_meter = |_| Meter::new(rate, 2).with_timeline(rate, frames);
        let mut stems: Vec<Meter> = self.stems.files.iter().map(stem_meter).collect();
        let window = Window::Aligned(frames);
        let tap = |node, listener| Tap { node, window, listener };
        let mut taps = Vec::new();
        for line in &mut lines {
            taps.push(tap(line.node, Listener::Output(&mut line.writer)));
            taps.push(tap(line.node, Listener::Output(&mut line.meter)));
        }
        for (&node, meter) in graph.stem_outputs.iter().zip(&mut stems) {
            taps.push(tap(node, Listener::Output(meter)));
        }
        for w in &mut watched {
            let before = graph.nodes[w.insert].inputs[0].from;
            taps.push(tap(w.insert, Listener::Sides { before, sink: w }));
        }
        for k in &mut keyed {
            taps.push(tap(k.insert, k.listener()));
        }
        let mut finished = self.run(engine, &mut taps, stage, progress)?;
        drop(taps);

        let inserts = inserts(&watched, &keyed, &mut finished);
        Ok(Printed {
            prints: lines.into_iter().map(|line| line.finish(trim_db)).collect::<Result<_>>()?,
            stem_trim_db: None,
            stems: stems
                .iter()
                .map(|meter| Ok((meter.opinions()?, meter.timeline())))
                .collect::<Result<_>>()?,
            limiter: watched.iter().find_map(|w| w.limiting.as_ref()).map(|limiting| Limiter {
                gain_db: self.limiter_gain_db,
                gain_reduction: limiting.change.reading(),
                timeline: Some(limiting.reduction.timeline()),
                solve: self.solved,
            }),
            inserts,
            plugins: self.plugins(&mut finished),
            latency_samples,
            keyless: self.keyless.clone(),
            ceiling_dbtp: self.ceiling_dbtp,
            headroom_trim_db: self.headroom_trim_db,
        })
    }

    fn writer(&self, path: &Path, ordered: &Ordered) -> Result<WavWriter> {
        let broadcast = self.stems.time_reference_samples.map(|time_reference_samples| Broadcast {
            time_reference_samples,
            date: None,
            time: None,
        });
        WavWriter::create(
            path,
            WavOptions {
                mono: ordered.channels == 1,
                dither: ordered.is_dithered(),
                broadcast,
                ..WavOptions::new(ordered.depth, self.stems.sample_rate_hz)
            },
        )
    }

    /// The plugins on Main's way as they are set.
    fn plugins(&self, finished: &mut Finished) -> Vec<PluginReport> {
        let of_main = finished.plugins().iter_mut().filter(|(id, _)| *id < self.graph.nodes.len());
        of_main
            .map(|(id, plugin)| {
                let key = match &self.graph.nodes[*id].kind {
                    NodeKind::Insert(insert) => insert.key.as_ref().map(|k| k.from().to_owned()),
                    _ => None,
                };
                report::plugin(plugin, key)
            })
            .collect()
    }
}

/// What was watched, in words and numbers.
fn inserts(watched: &[Watched], keyed: &[Keyed], finished: &mut Finished) -> Vec<Insert> {
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    watched
        .iter()
        .filter_map(|w| {
            let (_, plugin) = finished.plugins().iter().find(|(id, _)| *id == w.insert)?;
            let place = places.entry(plugin.channel().to_owned()).or_default();
            *place += 1;
            Some(Insert {
                voice_to_music: keyed.iter().find(|k| k.insert == w.insert).map(Keyed::reading),
                ..w.meter.insert(plugin.channel(), &plugin.identity().name, *place)
            })
        })
        .collect()
}

impl Line {
    fn finish(self, trim_db: f64) -> Result<PrintedFile> {
        let writer = self.writer.writer;
        Ok(PrintedFile {
            measurement: self.meter.opinions()?,
            timeline: self.meter.timeline(),
            clipped_samples: writer.clipped(),
            peak: writer.peak(),
            trim_db: if self.ordered.is_lowered() { trim_db } else { 0.0 },
            ordered: self.ordered,
            file: writer.finish()?,
        })
    }
}

/// How far a peak is beyond what a depth holds, in dB.
fn over_db(peak: f64, depth: Depth) -> f64 {
    // Two steps below full scale: room for rounding and the whole dither.
    let highest = match depth {
        Depth::Float32 => return 0.0,
        Depth::Int24 => 1.0 - 2.0 / 8_388_608.0,
        Depth::Int16 => 1.0 - 2.0 / 32_768.0,
    };
    // Full scale itself is what an untouched file may hold: it is printed as it is.
    if peak > 1.0 { 20.0 * (peak / highest).log10() } else { 0.0 }
}
