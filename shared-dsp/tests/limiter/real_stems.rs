//! Real stems driven 12 dB into the ceiling. The recordings are not part of the project: where they
//! are absent, the test says so.

use crate::meter::true_peak;
use crate::{DRIVEN, limit};
use shared_dsp::limiter::{Detection, LimiterParams};
use std::path::{Path, PathBuf};

fn recordings() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/audio");
    let mut files: Vec<PathBuf> = ["song", "podcast"]
        .iter()
        .filter_map(|folder| std::fs::read_dir(root.join(folder)).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "wav"))
        .collect();
    files.sort();
    files
}

fn read(path: &Path) -> [Vec<f32>; 2] {
    let mut wav = hound::WavReader::open(path).expect("a WAV file");
    let channels = usize::from(wav.spec().channels);
    let scale = 1.0 / (1u32 << (wav.spec().bits_per_sample - 1)) as f32;
    let samples: Vec<f32> =
        wav.samples::<i32>().map(|x| x.expect("a sample") as f32 * scale).collect();
    [0, channels - 1].map(|c| samples.iter().skip(c).step_by(channels).copied().collect())
}

#[test]
fn the_ceiling_holds_on_real_stems() {
    let files = recordings();
    if files.is_empty() {
        println!("not run: the recordings of shared/audio are not beside the project");
        return;
    }
    for path in files {
        let [left, right] = read(&path);
        for (detection, lookahead_ms, release_ms) in [
            (Detection::Standard, 1.5, 50.0),
            (Detection::Standard, 0.5, 1.0),
            (Detection::Strict, 1.5, 50.0),
        ] {
            let params = LimiterParams { detection, lookahead_ms, release_ms, ..DRIVEN };
            for channel in limit(48_000.0, params, [&left, &right], None) {
                let over_db = 20.0 * true_peak(&channel).log10() - params.ceiling_db;
                let name = path.file_name().expect("a name").display();
                assert!(over_db <= 0.0, "{over_db:+.3} dB on {name} with {params:?}");
            }
        }
    }
}
