//! `stemwright render`: from a path to the prints that were ordered and the report on them.
//!
//! The gain for a target is searched on Main alone, from the limiter on. Then one pass over the
//! whole session makes every print: each is another way through the graph
//! ([`Graph::print`](crate::graph::Graph::print)), keyed by Main. What was printed is read back,
//! and what should cancel is subtracted.

mod naming;
mod order;
mod passes;
mod printing;
mod proof;
mod stems;
mod traces;
mod voices;
mod written;

pub use order::StemPrints;

use crate::audio_file::Depth;
use crate::bundle::Bundles;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::stop::Stop;
use crate::template::{self, Template};
use naming::Names;
use passes::Job;
use report::model::Report;
use shared_dsp::versions::Version;
use std::path::PathBuf;
use stems::Stems;

/// The limiter that `--target` and `--ceiling` set.
pub const LIMITER: &str = "org.stemwright.limiter";

/// Block length in samples, unless `--block` says otherwise.
pub const DEFAULT_BLOCK_LEN: usize = 4096;
/// Longest block offered.
pub const LONGEST_BLOCK: usize = 1 << 16;
/// How much the vocal versions move the voice, unless `--vocal-step` says otherwise, in dB.
pub const DEFAULT_VOCAL_STEP_DB: f64 = 1.0;

/// What to render and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// A folder of stems or a session file.
    pub path: PathBuf,
    /// Integrated loudness to bring the master to, LUFS; of a mono master, as two speakers play it.
    pub target_lufs: Option<f64>,
    /// The limiter's ceiling, dBTP.
    pub ceiling_dbtp: Option<f64>,
    /// Where to write; [`output::DEFAULT_FOLDER`](crate::output::DEFAULT_FOLDER) in the session's
    /// folder if absent.
    pub out: Option<PathBuf>,
    /// Samples processed at a time. Changes nothing but speed.
    pub block_len: usize,
    /// Depth of the masters.
    pub depth: Depth,
    /// The versions to print.
    pub versions: Vec<Version>,
    /// What a folder without a session file is rendered by; the plain one if absent.
    pub template: Option<Template>,
    /// How much the vocal versions move the voice, in dB.
    pub vocal_step_db: f64,
    /// The stems to print, if any.
    pub stems: Option<StemPrints>,
    /// Depth of the stems and of the unmastered mix; the session's if absent.
    pub stem_depth: Option<Depth>,
    /// What the sum of the stems is to leave below full scale by one common trim, in dB.
    pub headroom_db: Option<f64>,
    /// Whether files of unequal start or length are filled up with silence.
    pub pad: bool,
    /// Whether the masters are mono.
    pub mono: bool,
    /// The date in the names, `2026-05-12`.
    pub date: Option<String>,
    /// The version in the names; the next that is free if it is taken.
    pub version: Option<u32>,
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
            versions: vec![Version::Main],
            template: None,
            vocal_step_db: DEFAULT_VOCAL_STEP_DB,
            stems: None,
            stem_depth: None,
            headroom_db: None,
            pad: false,
            mono: false,
            date: None,
            version: None,
            stop: Stop::default(),
        }
    }

    fn check(&self) -> Result<()> {
        let bad = |option, value: String, wanted| Err(Error::BadOption { option, value, wanted });
        if !(1..=LONGEST_BLOCK).contains(&self.block_len) {
            return bad("--block", self.block_len.to_string(), "a length from 1 to 65536 samples");
        }
        if let Some(target) = self.target_lufs.filter(|t| !(-60.0..=0.0).contains(t)) {
            let wanted = "a loudness from -60 to 0 LUFS, such as -14";
            return bad("--target", target.to_string(), wanted);
        }
        if let Some(ceiling) = self.ceiling_dbtp.filter(|c| !(-60.0..=0.0).contains(c)) {
            let wanted = "a true peak of 0 dBTP or below, such as -1";
            return bad("--ceiling", ceiling.to_string(), wanted);
        }
        if !(0.1..=6.0).contains(&self.vocal_step_db) {
            let wanted = "a step from 0.1 to 6 dB, such as 1";
            return bad("--vocal-step", self.vocal_step_db.to_string(), wanted);
        }
        if let Some(headroom) = self.headroom_db.filter(|h| !(0.0..=40.0).contains(h)) {
            let wanted = "a headroom from 0 to 40 dB, such as 6";
            return bad("--headroom", headroom.to_string(), wanted);
        }
        if self.version.is_some_and(|version| !(1..=999).contains(&version)) {
            let value = self.version.unwrap_or_default().to_string();
            return bad("--version", value, "a number from 1 to 999");
        }
        Ok(())
    }
}

/// What a render is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Measuring the sum for its headroom.
    Headroom,
    /// Rendering the stems up to the limiter.
    Stems,
    /// Searching for the gain, pass by pass.
    Search(usize),
    /// Rendering everything that was ordered.
    Prints,
    /// The same again, with the stems lowered so that none clips.
    Lowered,
    /// Reading back what was printed.
    Proof,
}

/// Told of progress: the stage, samples done, samples in all.
pub type Progress<'a> = &'a mut dyn FnMut(Stage, u64, u64);

/// A finished render.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendered {
    /// What is in `report.json`.
    pub report: Report,
    /// The prints' paths, in the report's order.
    pub prints: Vec<PathBuf>,
    /// The report's path.
    pub report_file: PathBuf,
    /// The path of the report for people.
    pub report_page: PathBuf,
}

impl Rendered {
    /// The first print: the master, or the first version where Main was not ordered.
    pub fn master(&self) -> &std::path::Path {
        &self.prints[0]
    }
}

/// Renders a session. Nothing bears its name in the output folder until all of it is complete, and
/// nothing there is overwritten.
///
/// # Errors
/// One sentence; nothing is left behind.
pub fn render(
    options: &Options,
    bundles: &mut Bundles,
    progress: Progress<'_>,
) -> Result<Rendered> {
    options.check()?;
    let mut expanded = template::open(&options.path, options.template)?;
    expanded.session.mix.mono |= options.mono;
    let stems = Stems::open(&expanded, options.pad)?;
    let stem_depth = options.stem_depth.unwrap_or_else(|| stems.depth());
    let ordered = order::prints(options, &expanded.session, stem_depth)?;
    let graph = Graph::new(&expanded.session)?;

    // Starts every plugin once, so that whatever is wrong is said before a folder is made.
    let mut job = Job::new(options, bundles, &stems, graph)?;
    let names = Names::find(options, &expanded, &stems, &ordered)?;
    if options.headroom_db.is_some() {
        job.leave_headroom(progress)?;
    }
    if let Some(target_lufs) = options.target_lufs {
        job.solve(target_lufs, names.folder(), progress)?;
    }
    let printed = job.print(&ordered, &names, progress)?;
    let warnings = traces::warnings(&ordered, &expanded.session, &stems, &options.stop)?;
    let context = written::Context { options, expanded: &expanded, stems: &stems, warnings };
    written::finish(&context, printed, names, progress)
}
