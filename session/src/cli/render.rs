//! `stemwright render` on the command line.

use super::progress_bar;
use crate::audio_file::Depth;
use crate::bundle::Bundles;
use crate::error::{Error, Result};
use crate::render::{
    self, DEFAULT_BLOCK_LEN, DEFAULT_VOCAL_STEP_DB, Options, Rendered, Stage, StemPrints,
};
use crate::stop::Stop;
use crate::table;
use crate::template::Template;
use clap::ValueEnum;
use shared_dsp::versions::Version;
use std::fmt::Write as _;
use std::path::PathBuf;

/// Its arguments.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folder of stems (WAV or AIFF), or a session file (.toml).
    path: PathBuf,
    /// Bring the master to this integrated loudness, in LUFS. With --mono, as two speakers play
    /// it: the mono file itself measures 3 LU less.
    #[arg(long, value_name = "LUFS", allow_negative_numbers = true)]
    pub(super) target: Option<f64>,
    /// Set the limiter's ceiling, in dBTP.
    #[arg(long, value_name = "dBTP", allow_negative_numbers = true)]
    pub(super) ceiling: Option<f64>,
    /// Masters to print, all at the gain found for main [default: main].
    #[arg(long, value_name = "LIST", value_enum, value_delimiter = ',')]
    pub(super) versions: Vec<VersionArg>,
    /// What to make of a folder without a session.toml: master, or mix, where the music also makes
    /// room for the voice [default: master].
    #[arg(long, value_enum)]
    pub(super) template: Option<Template>,
    /// How much vocal-up and vocal-down move the voice, in dB.
    #[arg(long, value_name = "dB", default_value_t = DEFAULT_VOCAL_STEP_DB)]
    vocal_step: f64,
    /// Print the stems, too: as they enter the mix bus (pre), or through it, summing to the master
    /// (mastered).
    #[arg(long, value_enum, num_args = 0..=1, default_missing_value = "pre")]
    pub(super) stems: Option<StemsArg>,
    /// Depth of the masters: integers are dithered, 32f is as it is.
    #[arg(long, value_enum, default_value_t = DepthArg::Int24)]
    pub(super) depth: DepthArg,
    /// Depth of stems and unmastered mix, undithered from 24 bit on [default: the session's].
    #[arg(long, value_enum)]
    stem_depth: Option<DepthArg>,
    /// Trim all stems alike so that their sum leaves this much below full scale, in dB.
    #[arg(long, value_name = "dB")]
    headroom: Option<f64>,
    /// Fill up stems of unequal start or length with silence instead of refusing them.
    #[arg(long)]
    pad: bool,
    /// Fold the mix to mono: masters of one channel.
    #[arg(long)]
    mono: bool,
    /// Put a date into the names [without a value: today's].
    #[arg(long, value_name = "YYYY-MM-DD", num_args = 0..=1, default_missing_value = TODAY)]
    pub(super) date: Option<String>,
    /// Put a version number into the names; the next free one if it is taken.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "1")]
    pub(super) version: Option<u32>,
    /// Folder to write to [default: "renders" in the stems' folder]. Nothing in it is overwritten.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Samples processed at a time; the result is the same whatever it is.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_BLOCK_LEN)]
    block: usize,
    /// Folder with the .clap bundles, searched before the usual ones.
    #[arg(long, value_name = "DIR")]
    plugins: Option<PathBuf>,
}

/// What stands for the day the command runs.
const TODAY: &str = "today";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DepthArg {
    #[value(name = "16")]
    Int16,
    #[value(name = "24")]
    Int24,
    #[value(name = "32f")]
    Float32,
}

impl From<DepthArg> for Depth {
    fn from(depth: DepthArg) -> Self {
        match depth {
            DepthArg::Int16 => Self::Int16,
            DepthArg::Int24 => Self::Int24,
            DepthArg::Float32 => Self::Float32,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StemsArg {
    Pre,
    Mastered,
}

impl From<StemsArg> for StemPrints {
    fn from(stems: StemsArg) -> Self {
        match stems {
            StemsArg::Pre => Self::Pre,
            StemsArg::Mastered => Self::Mastered,
        }
    }
}

/// The versions as people order them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum VersionArg {
    Main,
    Instrumental,
    Acappella,
    Tv,
    VocalUp,
    VocalDown,
    Me,
    MusicOnly,
    AdFree,
}

impl From<VersionArg> for Version {
    fn from(version: VersionArg) -> Self {
        match version {
            VersionArg::Main => Self::Main,
            VersionArg::Instrumental => Self::Instrumental,
            VersionArg::Acappella => Self::ACappella,
            VersionArg::Tv => Self::TvMix,
            VersionArg::VocalUp => Self::VocalUp,
            VersionArg::VocalDown => Self::VocalDown,
            VersionArg::Me => Self::MusicAndEffects,
            VersionArg::MusicOnly => Self::MusicOnly,
            VersionArg::AdFree => Self::AdFree,
        }
    }
}

impl Arguments {
    fn into_options(self, stop: &Stop) -> Result<Options> {
        let mut versions: Vec<Version> = Vec::new();
        for version in self.versions.into_iter().map(Version::from) {
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
        let defaults = Options::new(self.path);
        Ok(Options {
            target_lufs: self.target,
            ceiling_dbtp: self.ceiling,
            out: self.out,
            block_len: self.block,
            depth: self.depth.into(),
            versions: if versions.is_empty() { defaults.versions } else { versions },
            template: self.template,
            vocal_step_db: self.vocal_step,
            stems: self.stems.map(Into::into),
            stem_depth: self.stem_depth.map(Into::into),
            headroom_db: self.headroom,
            pad: self.pad,
            mono: self.mono,
            date: self.date.map(|date| day(&date)).transpose()?,
            version: self.version,
            stop: stop.clone(),
            ..defaults
        })
    }
}

/// A date as names write it.
fn day(text: &str) -> Result<String> {
    if text == TODAY {
        return Ok(jiff::Zoned::now().date().to_string());
    }
    text.parse::<jiff::civil::Date>().map(|date| date.to_string()).map_err(|_| Error::BadOption {
        option: "--date",
        value: text.to_owned(),
        wanted: "a day such as 2026-05-12, or nothing for today",
    })
}

/// Renders, with a bar for those who watch; gives what to print.
pub(super) fn run(arguments: Arguments, stop: &Stop) -> Result<String> {
    let mut bundles = Bundles::new(arguments.plugins.as_deref())?;
    let options = arguments.into_options(stop)?;
    let bar = progress_bar();
    let mut stage_before = None;
    let done = render::render(&options, &mut bundles, &mut |stage, position, total| {
        if stage_before != Some(stage) {
            stage_before = Some(stage);
            bar.reset();
            bar.set_length(total);
            bar.set_message(match stage {
                Stage::Headroom => "Headroom".to_owned(),
                Stage::Stems => "Stems".to_owned(),
                Stage::Search(pass) => format!("Gain, pass {pass}"),
                Stage::Prints => "Prints".to_owned(),
                Stage::Lowered => "Prints, lowered".to_owned(),
                Stage::Proof => "Null tests".to_owned(),
            });
        }
        bar.set_position(position);
    });
    bar.finish_and_clear();
    Ok(summary(&done?))
}

fn summary(rendered: &Rendered) -> String {
    let mut text = format!("{}\n", table::render(&rendered.report));
    let files = rendered.prints.iter().chain([&rendered.report_file, &rendered.report_page]);
    for (index, file) in files.enumerate() {
        let what = if index == 0 { "Wrote" } else { "     " };
        let _ = writeln!(text, "{what} {}", file.display());
    }
    text
}
