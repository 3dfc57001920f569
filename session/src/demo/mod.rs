//! The demo session: six stems of a short song, synthesised, that sum to the demo mix exactly.
//!
//! Ten bars at 100 beats a minute, 24 s at 48 kHz. Every stem is rounded to the 24-bit grid first
//! and the mix is the sum of those integers, so a null test against it leaves digital silence.
//! Everything is computed in f64 from fixed seeds. On one machine the bytes are the same every
//! time; between platforms the mathematical library may round a sine differently, which can move
//! a sample by one step of the 24-bit grid, and the sum is exact all the same.

mod bass;
mod drums;
mod effects;
mod music;
mod song;
mod space;
mod stereo;
#[cfg(test)]
mod tests;
mod tone;
mod vocals;
mod voice;

use std::path::{Path, PathBuf};

use crate::audio_file::{Depth, PendingFile, WavOptions, WavWriter};
use crate::error::Result;
use crate::output::OutputFolder;
use shared_dsp::db;
use shared_dsp::random::Random;

use song::{FRAMES, SAMPLE_RATE_HZ, frames};
use stereo::Stereo;

/// Peak of the loudest of stems and mix, with headroom as a mixer would leave it: more than 6 dB
/// between the samples too.
const PEAK_DBFS: f64 = -7.0;
const SEED: u64 = 0x5354_454D;
/// Steps of the 24-bit grid from zero to full scale.
const FULL_SCALE: f64 = (1 << 23) as f64;

/// Where the demo session was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFiles {
    /// The six stems, in order: drums, bass, music, lead, backing vocals, effects.
    pub stems: Vec<PathBuf>,
    /// Their sum.
    pub mix: PathBuf,
}

/// Writes the demo session into `dir`, which is made if need be: `Demo_Stem_01_Drums_48k24.wav` to
/// `Demo_Stem_06_FX_48k24.wav` and `Demo_Mix_Main_48k24.wav`, stereo, 48 kHz, 24 bit, 24 s.
///
/// # Errors
/// When the folder or a file cannot be written; none of the files is left half-written.
pub fn write(dir: &Path) -> Result<DemoFiles> {
    let demo = Demo::render();
    let folder = OutputFolder::make(dir)?;
    let mut pending = Vec::with_capacity(demo.stems.len() + 1);
    for (index, stem) in demo.stems.iter().enumerate() {
        let name = format!("Demo_Stem_{:02}_{}_48k24.wav", index + 1, stem.name);
        pending.push(wav_file(&dir.join(name), &stem.samples)?);
    }
    pending.push(wav_file(&dir.join("Demo_Mix_Main_48k24.wav"), &demo.mix)?);
    let mut stems = folder.commit(pending)?;
    let mix = stems.pop().unwrap_or_default();
    Ok(DemoFiles { stems, mix })
}

/// A stem on the 24-bit grid.
struct Stem {
    name: &'static str,
    samples: Vec<[i32; 2]>,
}

/// The session in memory.
struct Demo {
    stems: Vec<Stem>,
    mix: Vec<[i32; 2]>,
}

impl Demo {
    fn render() -> Self {
        let seeded = |offset| Random::new(SEED + offset);
        let played = [
            ("Drums", drums::play(seeded(1)), 8.0),
            ("Bass", bass::play(seeded(2)), 4.0),
            ("Music", music::play(seeded(3)), 8.5),
            ("VoxLead", vocals::lead(seeded(4)), 0.0),
            ("BGV", vocals::backing(seeded(5)), -9.0),
            ("FX", effects::play(seeded(6)), 5.0),
        ];
        let mut mix = Stereo::silent();
        let mut parts = Vec::with_capacity(played.len());
        for (name, mut part, fader_db) in played {
            let fader = db::to_gain(fader_db);
            part.shape(|frame| fader * end_fade(frame));
            mix.mix(&part, 1.0);
            parts.push((name, part));
        }
        let loudest = parts.iter().map(|(_, part)| part.peak()).fold(mix.peak(), f64::max);
        let scale = FULL_SCALE * db::to_gain(PEAK_DBFS) / loudest;
        let stems: Vec<Stem> = parts
            .into_iter()
            .map(|(name, part)| Stem { name, samples: quantise(&part, scale) })
            .collect();
        let mix = sum(&stems);
        Self { stems, mix }
    }
}

/// The last quarter of a second goes to silence.
fn end_fade(frame: usize) -> f64 {
    tone::smooth_step((FRAMES - 1 - frame) as f64 / frames(0.25) as f64)
}

fn quantise(part: &Stereo, scale: f64) -> Vec<[i32; 2]> {
    let round = |value: f64| (value * scale).round() as i32;
    let pairs = part.left.iter().zip(&part.right);
    pairs.map(|(&left, &right)| [round(left), round(right)]).collect()
}

fn sum(stems: &[Stem]) -> Vec<[i32; 2]> {
    let mut mix = vec![[0; 2]; FRAMES];
    for stem in stems {
        for (total, part) in mix.iter_mut().zip(&stem.samples) {
            total[0] += part[0];
            total[1] += part[1];
        }
    }
    mix
}

/// The samples as they are: on the grid already, they need no dither.
fn wav_file(path: &Path, samples: &[[i32; 2]]) -> Result<PendingFile> {
    let options = WavOptions { dither: false, ..WavOptions::new(Depth::Int24, SAMPLE_RATE_HZ) };
    let mut writer = WavWriter::create(path, options)?;
    let side = |side: usize| -> Vec<f64> {
        samples.iter().map(|frame| f64::from(frame[side]) / FULL_SCALE).collect()
    };
    writer.write(&side(0), &side(1))?;
    writer.finish()
}
