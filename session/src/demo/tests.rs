//! What the demo promises: an exact sum, the same bytes every time, and stems that behave like
//! the instruments they stand for.

use std::sync::OnceLock;

use shared_dsp::db;

use super::song::{FRAMES, SAMPLE_RATE_HZ, frames};
use super::tone::Filter;
use super::{Demo, FULL_SCALE, write};

const DRUMS: usize = 0;
const MUSIC: usize = 2;
const LEAD: usize = 3;

/// The demo, rendered once for all tests.
fn demo() -> &'static Demo {
    static DEMO: OnceLock<Demo> = OnceLock::new();
    DEMO.get_or_init(Demo::render)
}

fn channel(stem: usize, side: usize) -> Vec<f64> {
    let samples = &demo().stems[stem].samples;
    samples.iter().map(|pair| f64::from(pair[side]) / FULL_SCALE).collect()
}

fn power(samples: &[f64]) -> f64 {
    samples.iter().map(|value| value * value).sum::<f64>() / samples.len() as f64
}

#[test]
fn two_renders_are_the_same() {
    let again = Demo::render();
    assert_eq!(demo().mix, again.mix);
    for (first, second) in demo().stems.iter().zip(&again.stems) {
        assert_eq!(first.samples, second.samples, "{}", first.name);
    }
}

#[test]
fn the_files_read_back_as_24_bit_stems_that_sum_to_the_mix() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = write(&folder.path().join("new")).expect("the demo is written");
    assert_eq!(files.stems.len(), 6);
    let read = |path: &std::path::Path| -> Vec<i32> {
        let mut reader = hound::WavReader::open(path).expect("a WAV");
        let spec = reader.spec();
        assert_eq!((spec.channels, spec.bits_per_sample), (2, 24));
        assert_eq!(spec.sample_rate, SAMPLE_RATE_HZ);
        reader.samples().map(|value| value.expect("a sample")).collect()
    };
    let mut sum = vec![0; 2 * FRAMES];
    for path in &files.stems {
        let stem = read(path);
        assert_eq!(stem.len(), sum.len(), "{}", path.display());
        assert!(stem.iter().any(|&value| value != 0));
        for (total, value) in sum.iter_mut().zip(stem) {
            *total += value;
        }
    }
    assert_eq!(sum, read(&files.mix));
    assert!(files.stems[3].ends_with("Demo_Stem_04_VoxLead_48k24.wav"));
}

#[test]
fn it_lasts_24_s_and_leaves_headroom() {
    assert_eq!(FRAMES, 24 * SAMPLE_RATE_HZ as usize);
    let largest = demo().mix.iter().flatten().map(|value| value.abs()).max();
    let peak_dbfs = db::from_gain(f64::from(largest.expect("samples")) / FULL_SCALE);
    assert!((peak_dbfs + 7.0).abs() < 0.01, "{peak_dbfs}");
}

#[test]
fn every_stem_ends_in_silence() {
    for stem in &demo().stems {
        assert_eq!(stem.samples[FRAMES - 1], [0, 0], "{}", stem.name);
    }
}

#[test]
fn drums_have_transients() {
    let left = channel(DRUMS, 0);
    let peak = left.iter().fold(0.0, |peak: f64, value| peak.max(value.abs()));
    let crest_db = db::from_power(peak * peak / power(&left));
    assert!(crest_db > 12.0, "{crest_db}");
}

#[test]
fn music_is_wide_and_survives_mono() {
    let (left, right) = (channel(MUSIC, 0), channel(MUSIC, 1));
    let products = left.iter().zip(&right).map(|(l, r)| l * r);
    let shared = products.sum::<f64>() / left.len() as f64;
    let correlation = shared / (power(&left) * power(&right)).sqrt();
    assert!((-0.2..0.6).contains(&correlation), "{correlation}");
}

#[test]
fn the_lead_pauses_between_phrases() {
    let left = channel(LEAD, 0);
    let window = frames(0.05);
    let quiet: Vec<bool> = left.chunks(window).map(|chunk| power(chunk) < 1e-6).collect();
    // Windows of 50 ms below −60 dBFS, at least six in a row, with singing on both sides.
    let runs = quiet.chunk_by(|a, b| a == b);
    let mut pauses = runs.filter(|run| run[0] && run.len() >= 6).count();
    pauses -= usize::from(quiet[0]) + usize::from(quiet[quiet.len() - 1]);
    assert!(pauses >= 3, "{pauses}");
}

#[test]
fn the_lead_sings_and_hisses() {
    let left = channel(LEAD, 0);
    let mut split = [Filter::new(5_000.0, 0.54), Filter::new(5_000.0, 1.31)];
    let above: Vec<f64> = left
        .iter()
        .map(|&value| split.iter_mut().fold(value, |v, stage| stage.run(v).high))
        .collect();
    let window = frames(0.02);
    let kinds: Vec<(bool, bool)> = left
        .chunks(window)
        .zip(above.chunks(window))
        .map(|(all, high)| {
            let loud = power(all) > 1e-5;
            let share = power(high) / power(all).max(1e-12);
            (loud && share > 0.5, loud && share < 0.02)
        })
        .collect();
    let hisses = kinds.chunk_by(|a, b| a.0 == b.0);
    let hisses = hisses.filter(|run| run[0].0 && run.len() >= 3).count();
    let sung = kinds.iter().filter(|kind| kind.1).count();
    assert!(hisses >= 10, "{hisses} s-sounds");
    assert!(sung * window > frames(8.0), "{sung} windows of vowels");
}
