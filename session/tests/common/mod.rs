//! What the tests share: stems, sessions, and readings of what came out.

#![allow(dead_code, unreachable_pub, reason = "every test takes what it needs")]

pub mod audio_bytes;
pub mod tool;

use session::audio_file::{AudioReader, Depth};
use session::bundle::Bundles;
use session::render::{Options, Rendered, render};
use std::path::{Path, PathBuf};

/// The rate of the tests' stems.
pub const RATE: u32 = 48_000;

/// CLAP id of Stem Trim.
pub const TRIM: &str = "org.stemwright.stem-trim";
/// CLAP id of Stem Limiter.
pub const LIMITER: &str = "org.stemwright.limiter";
/// CLAP id of Stem Dynamic EQ.
pub const EQ: &str = "org.stemwright.dynamic-eq";
pub const COMPRESSOR: &str = "org.stemwright.bus-compressor";
/// CLAP id of Stem De-Esser.
pub const DE_ESSER: &str = "org.stemwright.de-esser";
/// CLAP id of Stem Meter.
pub const METER: &str = "org.stemwright.meter";

/// A signal that is its own: noise with a beat, different for every seed, within ±0.25.
pub fn signal(seed: u64, frames: usize) -> Vec<f32> {
    let mut random = shared_dsp::random::Random::new(seed);
    (0..frames)
        .map(|i| {
            let beat = 0.2 + 0.8 * (1.0 - (i % 12_000) as f64 / 12_000.0).powi(4);
            (0.25 * beat * random.bipolar()) as f32
        })
        .collect()
}

/// Writes a WAV through `hound`, interleaved.
pub fn write_wav(path: &Path, channels: u16, rate: u32, interleaved: &[f32]) {
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for s in interleaved {
        writer.write_sample(*s).unwrap();
    }
    writer.finalize().unwrap();
}

/// A folder for a session.
pub struct Folder(tempfile::TempDir);

impl Folder {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A stereo stem of noise.
    pub fn stem(&self, name: &str, seed: u64, frames: usize) -> Vec<f32> {
        let samples = signal(seed, 2 * frames);
        write_wav(&self.join(name), 2, RATE, &samples);
        samples
    }

    /// A session file.
    pub fn session(&self, text: &str) {
        std::fs::write(self.join("session.toml"), format!("schema = 1\n{text}")).unwrap();
    }

    /// Names of everything in the folder and below.
    pub fn contents(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                names.push(path.strip_prefix(self.path()).unwrap().display().to_string());
                if path.is_dir() {
                    folders.push(path);
                }
            }
        }
        names.sort();
        names
    }
}

/// Bundles that hold the tests' own plugins and nothing else.
pub fn tools() -> Bundles {
    let mut bundles = Bundles::in_folders(Vec::new());
    for entry in tool::entries() {
        bundles.add_built_in(entry);
    }
    bundles
}

/// The built bundles, as the command finds them.
pub fn built_bundles() -> Bundles {
    let mut bundles = Bundles::new(None).unwrap();
    for id in [TRIM, LIMITER] {
        if let Err(error) = bundles.find(id) {
            panic!(
                "these tests host the built plugins: run `cargo xtask bundle --release` first, or \
                 name the folder of the bundles in STEMWRIGHT_PLUGINS ({error})"
            );
        }
    }
    bundles
}

/// Renders a folder at 32 bits through the tests' own plugins.
pub fn render_with_tools(folder: &Folder) -> session::Result<Rendered> {
    render_options(&float_options(folder.path()), &mut tools())
}

/// Options for a 32-bit render.
pub fn float_options(path: &Path) -> Options {
    Options { depth: Depth::Float32, ..Options::new(path) }
}

/// Renders in silence. An earlier render in the usual place makes room, since nothing is
/// overwritten.
pub fn render_options(options: &Options, bundles: &mut Bundles) -> session::Result<Rendered> {
    let session = options.path.ancestors().find(|p| p.is_dir());
    if let (Some(folder), None) = (session, &options.out) {
        let _ = std::fs::remove_dir_all(folder.join(session::output::DEFAULT_FOLDER));
    }
    render(options, bundles, &mut |_, _, _| {})
}

/// The samples of a stereo file.
pub fn read(path: &Path) -> [Vec<f64>; 2] {
    let mut reader = AudioReader::open(path).unwrap();
    let frames = reader.frames() as usize;
    let (mut left, mut right) = (vec![0.0; frames], vec![0.0; frames]);
    assert_eq!(reader.read(&mut left, &mut right).unwrap(), frames);
    [left, right]
}

/// The largest magnitude, in dBFS.
pub fn peak_dbfs(samples: &[f64]) -> f64 {
    20.0 * samples.iter().fold(0.0f64, |peak, s| peak.max(s.abs())).log10()
}
