//! What can go wrong, each as one sentence that names the file or setting and the mend.

use shared_dsp::versions::Version;
use std::path::PathBuf;

/// Everything that stops a session. Displayed as one sentence; the command answers with exit
/// status 2 and leaves nothing half-written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // ---- finding the session ---------------------------------------------------------------
    /// The path given does not exist.
    #[error("'{}' does not exist: name a folder of stems or a session file (.toml)", .0.display())]
    NoSuchPath(PathBuf),
    /// The path is neither a folder nor a session file.
    #[error("'{}' is neither a folder nor a session file: name a folder of stems or a .toml session", .0.display())]
    NotASession(PathBuf),
    /// A template was asked for where a session file says what to do.
    #[error("'{}' says what to do with these stems: leave --template away, or move the file elsewhere", .0.display())]
    TemplateUnused(PathBuf),
    /// The folder holds nothing to render.
    #[error("'{}' holds no stems: put the stems there as WAV or AIFF files (files named *_Mix_* or *Master* are mixes, not stems)", .0.display())]
    NoStems(PathBuf),
    /// The session file is not valid TOML or not of our format.
    #[error("'{}', line {line}: {message}; mend the session file there", .path.display())]
    SessionSyntax {
        /// The session file.
        path: PathBuf,
        /// Line of the offence, from 1.
        line: usize,
        /// The parser's opinion.
        message: String,
    },
    /// The session file is of a schema we do not know.
    #[error("'{}' is of session schema {found}, and this version reads schema {known}: update stemwright, or set schema = {known}", .path.display())]
    SessionSchema {
        /// The session file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// Ours.
        known: u32,
    },
    /// A pattern that no file matches is fine; a plain file name that is absent is not.
    #[error("the session asks for '{}', which does not exist: put the file there or mend `file` of that stem", .0.display())]
    MissingStem(PathBuf),
    /// Two channels carry one name.
    #[error(
        "two channels are named '{0}': give each stem and bus a `name` of its own in the session file"
    )]
    DuplicateName(String),
    /// A reserved or empty name.
    #[error(
        "a channel may not be named '{0}': \"mix\", \"none\" and the empty name are reserved, so choose another `name`"
    )]
    ReservedName(String),
    /// One file stands for two stems.
    #[error("'{}' is named by two stems: a file counts once in the sum, so remove one of the entries", .0.display())]
    DuplicateFile(PathBuf),

    // ---- routing ---------------------------------------------------------------------------
    /// `to` or a send names no bus.
    #[error(
        "'{channel}' feeds '{target}', which is no bus of this session: name a [[bus]], \"mix\" or \"none\""
    )]
    UnknownBus {
        /// Who sends.
        channel: String,
        /// Where to.
        target: String,
    },
    /// A key names no channel.
    #[error(
        "{plugin} on '{channel}' takes its key from '{source_name}', which is no stem or bus of this session: mend `key`"
    )]
    UnknownKeySource {
        /// The keyed plugin.
        plugin: String,
        /// The channel it sits on.
        channel: String,
        /// The name that was not found.
        source_name: String,
    },
    /// A key by role, and no stem plays it.
    #[error(
        "{plugin} on '{channel}' takes its key from {roles}, which no other stem of this session plays: mend `role` of a stem or of the key, or add optional = true to the key"
    )]
    NobodyPlays {
        /// The keyed plugin.
        plugin: String,
        /// The channel it sits on.
        channel: String,
        /// The roles.
        roles: String,
    },
    /// A tap beyond the last insert.
    #[error(
        "'{channel}' is tapped after insert {after}, but has {inserts}: use \"pre\", \"post\" or a smaller number"
    )]
    TapBeyondInserts {
        /// The tapped channel.
        channel: String,
        /// The insert asked for.
        after: usize,
        /// How many there are.
        inserts: usize,
    },
    /// Signals and keys go round in a circle.
    #[error(
        "the routing goes round in a circle ({path}): take one of these keys or sends from somewhere that does not depend on its own result"
    )]
    Cycle {
        /// The channels in order, the first one again at the end.
        path: String,
    },
    /// A send's level is not a level.
    #[error("a send of '{channel}' has a level of {level_db} dB: give a number from -200 to +48")]
    SendLevel {
        /// Who sends.
        channel: String,
        /// The level given.
        level_db: f64,
    },

    // ---- audio files -----------------------------------------------------------------------
    /// Not an audio file of a kind we read, or one whose header makes no sense.
    #[error("'{}' cannot be read ({reason}): export it again as 16, 24 or 32-bit WAV or AIFF", .path.display())]
    BadAudioFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The data ends before the header said.
    #[error("'{}' is cut short: its header promises {promised_bytes} bytes of audio and {found_bytes} are there, so copy or export it again", .path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// What the header says.
        promised_bytes: u64,
        /// What the file holds.
        found_bytes: u64,
    },
    /// More than two channels.
    #[error("'{}' has {channels} channels: stems are mono or stereo, so split it or fold it down", .path.display())]
    TooManyChannels {
        /// The file.
        path: PathBuf,
        /// How many it has.
        channels: u16,
    },
    /// A sample that is no number.
    #[error("'{}' holds a sample that is not a finite number at {seconds:.3} s: repair or export it again", .path.display())]
    NotFinite {
        /// The file.
        path: PathBuf,
        /// Where, in seconds from the start.
        seconds: f64,
    },
    /// No audio at all.
    #[error("'{}' holds no audio: export it again, or take it out of the session", .0.display())]
    NoAudio(PathBuf),
    /// A folder without any.
    #[error("'{}' holds no WAV or AIFF files: name audio files, or the folder they lie in", .0.display())]
    NoAudioFiles(PathBuf),
    /// Stems at different rates.
    #[error("'{}' is at {found_hz} Hz and '{}' at {expected_hz} Hz: convert the stems to one sample rate", .path.display(), .reference.display())]
    MixedRates {
        /// The odd one.
        path: PathBuf,
        /// Its rate.
        found_hz: u32,
        /// The first stem.
        reference: PathBuf,
        /// The first stem's rate.
        expected_hz: u32,
    },
    /// Stems of different lengths.
    #[error("'{}' is {found_frames} samples long and '{}' {expected_frames}: export all stems from one start to one end, or let --pad fill up with silence", .path.display(), .reference.display())]
    UnequalLengths {
        /// The odd one.
        path: PathBuf,
        /// Its length in samples per channel.
        found_frames: u64,
        /// The first stem.
        reference: PathBuf,
        /// The first stem's length in samples per channel.
        expected_frames: u64,
    },

    /// Stems that begin at different times.
    #[error("'{}' starts {late_seconds:.3} s after the first stem, by its time reference: export all stems from one start to one end, or let --pad fill up with silence", .path.display())]
    UnequalStarts {
        /// The late one.
        path: PathBuf,
        /// How late, in seconds.
        late_seconds: f64,
    },

    // ---- plugins ---------------------------------------------------------------------------
    /// No bundle offers the plugin.
    #[error("the plugin {id} is in none of the bundles found{}: build it with `cargo xtask bundle --release`, install it, or name its folder with --plugins (searched: {searched})", .failed.as_ref().map(|f| format!(" ({f})")).unwrap_or_default())]
    UnknownPlugin {
        /// The CLAP id.
        id: String,
        /// The folders looked into.
        searched: String,
        /// A bundle that could not be loaded, if one was in the way.
        failed: Option<String>,
    },
    /// `--plugins` names no folder.
    #[error("--plugins names '{}', which is not a folder: name the folder that holds the .clap bundles", .0.display())]
    NoPluginFolder(PathBuf),
    /// A plugin would not start.
    #[error(
        "{plugin} on '{channel}' could not be started ({reason}): rebuild or reinstall its bundle"
    )]
    PluginStart {
        /// Its name or id.
        plugin: String,
        /// Where it sits.
        channel: String,
        /// What it said.
        reason: String,
    },
    /// A plugin has no stereo layout.
    #[error(
        "{plugin} on '{channel}' has {inputs} inputs and {outputs} outputs on its main port: sessions are stereo throughout, so use a stereo effect"
    )]
    PluginLayout {
        /// Its name.
        plugin: String,
        /// Where it sits.
        channel: String,
        /// Channels of its main input.
        inputs: u32,
        /// Channels of its main output.
        outputs: u32,
    },
    /// A key for a plugin without a key input.
    #[error("{plugin} on '{channel}' has no key input: remove `key` from that insert")]
    NoKeyInput {
        /// Its name.
        plugin: String,
        /// Where it sits.
        channel: String,
    },
    /// A plugin failed while processing.
    #[error(
        "{plugin} on '{channel}' failed while processing ({reason}): remove it, or report it to its maker"
    )]
    PluginProcess {
        /// Its name.
        plugin: String,
        /// Where it sits.
        channel: String,
        /// What happened.
        reason: String,
    },
    /// A latency other than the one the graph was aligned to.
    #[error(
        "{plugin} on '{channel}' reported {before} samples of latency and {after} after processing: fix its latency with its own settings, since the stems were aligned to the first"
    )]
    LatencyMoved {
        /// Its name.
        plugin: String,
        /// Where it sits.
        channel: String,
        /// At activation.
        before: u32,
        /// At the end.
        after: u32,
    },
    /// A plugin refused to save or load.
    #[error(
        "the settings of {plugin} on '{channel}' could not {action}: they are damaged, from another plugin, or newer than its bundle, so install the newest, or set them again by name"
    )]
    PluginState {
        /// Its name.
        plugin: String,
        /// Where it sits.
        channel: String,
        /// What was attempted ("be saved", "be restored").
        action: &'static str,
    },
    /// A parameter that cannot be set as asked.
    #[error(transparent)]
    Parameter(Box<ParameterError>),

    // ---- versions and prints -------------------------------------------------------------------
    /// A version that would be Main.
    #[error(
        "the version {version} needs a stem with one of the roles {roles}, and the session has none: set `role` of a stem in the session file, or leave the version away"
    )]
    VersionNeedsRole {
        /// The version.
        version: Version,
        /// The roles that it mutes or moves.
        roles: String,
    },
    /// A version that would be silence.
    #[error(
        "the version {version} mutes every stem of this session: set `role` of a stem in the session file, or leave the version away"
    )]
    SilentVersion {
        /// The version.
        version: Version,
    },
    /// A plugin that already makes a version of its stem.
    #[error(
        "{plugin} on '{channel}' is set to the version {version}, so nothing printed here would be Main: set its Version to Main and order versions with --versions"
    )]
    VersionSet {
        /// The plugin's name.
        plugin: String,
        /// Where it sits.
        channel: String,
        /// Its version.
        version: String,
    },
    /// Prints among the stems, which the next render would take for stems.
    #[error("the prints would lie among the stems in '{}', where the next render takes them for stems: name another folder with --out", .0.display())]
    AmongStems(PathBuf),

    // ---- the target ------------------------------------------------------------------------
    /// `--target` or `--ceiling` without a limiter to set.
    #[error(
        "{option} sets the Stem Limiter on the mix, and this session has none there: add one to [[mix.insert]] (org.stemwright.limiter) or leave {option} away"
    )]
    NoLimiter {
        /// `--target` or `--ceiling`.
        option: &'static str,
    },
    /// An option's value makes no sense.
    #[error("{option} {value} makes no sense: give {wanted}")]
    BadOption {
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
        /// What is asked for.
        wanted: &'static str,
    },
    /// Nothing to leave headroom for.
    #[error("the sum of the stems is silence, so no trim leaves it a headroom: check the stems")]
    SilentSum,
    /// Nothing to make louder.
    #[error(
        "the mix measures as silence, so no gain brings it to {target_lufs} LUFS: check the stems and their trims"
    )]
    SilentMix {
        /// The target.
        target_lufs: f64,
    },
    /// The gain range ends before the target.
    #[error(
        "the limiter's Gain ends at {gain_db:+.2} dB, where the master measures {closest_lufs:.2} LUFS, not {target_lufs:.2}: trim the stems by the rest, or choose a nearer target"
    )]
    TargetOutOfReach {
        /// The target.
        target_lufs: f64,
        /// The closest loudness reached.
        closest_lufs: f64,
        /// The gain there.
        gain_db: f64,
    },
    /// The solve did not settle.
    #[error(
        "no Gain within {gain_low_db:.3} to {gain_high_db:.3} dB gives {target_lufs:.2} LUFS (closest {closest_lufs:.2}): a processor after the limiter moves the loudness, so move the limiter to the end"
    )]
    TargetUnstable {
        /// The target.
        target_lufs: f64,
        /// The closest loudness reached.
        closest_lufs: f64,
        /// The low end of where the target was bracketed.
        gain_low_db: f64,
        /// The high end of it.
        gain_high_db: f64,
    },

    // ---- writing ---------------------------------------------------------------------------
    /// Every name tried was taken.
    #[error("'{}' holds every version of these names that can be numbered: name another folder with --out", .0.display())]
    NoFreeName(PathBuf),
    /// A file already has an output's name.
    #[error("'{}' is there already, and nothing is overwritten: move it away, or name another folder with --out", .0.display())]
    AlreadyThere(PathBuf),
    /// The operating system refused.
    #[error("cannot {action} '{}' ({source}): {mend}", .path.display())]
    Io {
        /// What was attempted ("read", "write").
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
        /// What to do.
        mend: &'static str,
    },
    /// Somebody asked for the work to stop.
    #[error("stopped on request: nothing was written")]
    Interrupted,
    /// A meter refused its format.
    #[error("the audio cannot be measured ({0}): convert the stems to a usual sample rate")]
    Meter(String),
}

impl Error {
    /// A failed read of `path`.
    pub(crate) fn read(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io {
            action: "read",
            path: path.into(),
            source,
            mend: "check that it exists and that you may read it",
        }
    }

    /// A failed write to `path`.
    pub(crate) fn write(path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        Self::Io {
            action: "write",
            path: path.into(),
            source,
            mend: "check that the folder is writable and has room, or name another with --out",
        }
    }
}

/// A parameter that cannot be set as asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{plugin} on '{channel}' {problem}")]
pub struct ParameterError {
    /// The plugin's name.
    pub plugin: String,
    /// The channel it sits on.
    pub channel: String,
    /// What is wrong, and the mend.
    pub problem: ParameterProblem,
}

/// What is wrong with a parameter or its value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParameterProblem {
    /// No such parameter.
    #[error("has no parameter '{parameter}': it has {known}")]
    Unknown {
        /// The name or id asked for.
        parameter: String,
        /// The names it has.
        known: String,
    },
    /// A name that several parameters carry.
    #[error("has several parameters named '{parameter}': address it by id ({ids})")]
    Ambiguous {
        /// The name.
        parameter: String,
        /// The ids that carry it.
        ids: String,
    },
    /// One parameter is set twice, by two spellings.
    #[error("is given '{parameter}' twice: keep one of them")]
    Repeated {
        /// The parameter's name.
        parameter: String,
    },
    /// One parameter stands still and moves.
    #[error(
        "is given '{parameter}' as one value (in params, or by an option such as --target) and as \
         automation: keep one of them"
    )]
    SetAndAutomated {
        /// The parameter's name.
        parameter: String,
    },
    /// A parameter that the plugin does not let move.
    #[error("does not let '{parameter}' be automated: give it one value, in params")]
    NotAutomatable {
        /// The parameter's name.
        parameter: String,
    },
    /// An automation without points.
    #[error(
        "has an automation of '{parameter}' without points: give it one or more, such as [0.0, \"{example}\"]"
    )]
    NoPoints {
        /// The parameter's name.
        parameter: String,
        /// How the plugin shows its default.
        example: String,
    },
    /// An automation's times do not rise, or are no times.
    #[error(
        "has an automation of '{parameter}' whose time {seconds} s does not come after 0 s and the \
         points before it: write the points in order of time, in seconds from the start"
    )]
    PointTime {
        /// The parameter's name.
        parameter: String,
        /// The time, as `Display` shows it.
        seconds: String,
    },
    /// A monitoring switch that is on.
    #[error(
        "has its monitor '{parameter}' at \"{value}\": that is for listening and would be \
         printed, so leave it at \"{default}\""
    )]
    Monitor {
        /// The parameter's name.
        parameter: String,
        /// What it is at, or would come to.
        value: String,
        /// Where it is off.
        default: String,
    },
    /// A value the plugin could not parse.
    #[error(
        "does not understand '{parameter}' = \"{value}\": write it as the plugin shows it, for \
         instance \"{example}\""
    )]
    NotUnderstood {
        /// The parameter's name.
        parameter: String,
        /// What was asked.
        value: String,
        /// How the plugin shows its default.
        example: String,
    },
    /// A value the plugin turned into another one.
    #[error(
        "took '{parameter}' = \"{value}\" as \"{understood}\": give a value within its range \
         ({lowest} to {highest})"
    )]
    NotKept {
        /// The parameter's name.
        parameter: String,
        /// What was asked.
        value: String,
        /// What the plugin made of it.
        understood: String,
        /// The low end of the range, as the plugin shows it.
        lowest: String,
        /// The high end of the range, as the plugin shows it.
        highest: String,
    },
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;
