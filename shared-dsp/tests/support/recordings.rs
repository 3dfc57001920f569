//! Real stems. The recordings are not part of the project: where they are absent, a test says so.

use std::path::{Path, PathBuf};

/// The stems and mixes of `song` or `podcast`, by name; none where they are not beside the project.
pub fn of(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/audio").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "wav"))
        .collect();
    files.sort();
    files
}

/// The stem of `folder` with `part` in its name; none, and said so, where it is absent.
pub fn stem(folder: &str, part: &str) -> Option<[Vec<f32>; 2]> {
    let found = of(folder)
        .into_iter()
        .find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains(part)));
    if found.is_none() {
        println!("not run: the recordings of shared/audio are not beside the project");
    }
    Some(read(&found?))
}

/// Both channels of a file, a mono one twice.
pub fn read(path: &Path) -> [Vec<f32>; 2] {
    let mut wav = hound::WavReader::open(path).expect("a WAV file");
    let channels = usize::from(wav.spec().channels);
    let scale = 1.0 / (1u32 << (wav.spec().bits_per_sample - 1)) as f32;
    let samples: Vec<f32> =
        wav.samples::<i32>().map(|x| x.expect("a sample") as f32 * scale).collect();
    [0, channels - 1].map(|c| samples.iter().skip(c).step_by(channels).copied().collect())
}
