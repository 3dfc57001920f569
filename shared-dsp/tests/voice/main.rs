//! Whether a voice is there, judged from outside.

mod recordings;
mod spoken;
#[path = "../support/mod.rs"]
mod support;
mod synthetic;

use shared_dsp::voice::VoiceActivity;

/// The reference once all of `key` was heard: where that voice is.
pub(crate) fn level_lufs(key: &[f32], rate: f64) -> f64 {
    let mut detector = VoiceActivity::new();
    detector.prepare(rate);
    detector.set_key_level_lufs(-60.0);
    heard(&mut detector, key, 480);
    detector.reference_lufs()
}

/// Fails unless a key 12 dB softer and louder has the edges of `key`, from the second phrase on, within 10
/// ms. The voice is 12 dB above where it was learned: a reference rises at once, but may fall by no more
/// than a dB in ten seconds. What a voice 12 dB below that does is printed.
pub(crate) fn assert_level_moves_no_edge(name: &str, key: &[f32], rate: f64) {
    let learned = level_lufs(key, rate) - 12.0;
    let at = |gain_db: f64| {
        let mut detector = VoiceActivity::new();
        detector.prepare(rate);
        detector.set_key_level_lufs(learned);
        edges(&heard(&mut detector, &louder(key, gain_db), 480), rate)
    };
    let wanted = at(0.0);
    assert!(wanted.len() > 4, "{wanted:?}");
    let after = wanted[2].0 - 0.02;
    let late = |edges: Vec<(f64, bool)>| -> Vec<(f64, bool)> {
        edges.into_iter().filter(|edge| edge.0 > after).collect()
    };
    let wanted = late(wanted);
    for gain_db in [-12.0, -6.0, 6.0, 12.0, -24.0] {
        let got = late(at(gain_db));
        let furthest = got.iter().zip(&wanted).map(|(a, b)| (a.0 - b.0).abs()).fold(0.0, f64::max);
        println!(
            "{name} {gain_db:+} dB: {} edges of {}, {:.1} ms apart at most",
            got.len(),
            wanted.len(),
            1e3 * furthest
        );
        if gain_db >= -12.0 {
            assert_eq!(got.len(), wanted.len(), "{name} at {gain_db} dB");
            assert!(furthest <= 0.01, "{name} at {gain_db} dB: {furthest} s");
        }
    }
}

/// The activity a stereo key of two like channels has, in blocks of `block`.
pub(crate) fn heard(detector: &mut VoiceActivity, key: &[f32], block: usize) -> Vec<f32> {
    let mut activity = vec![0.0; key.len()];
    for (key, out) in key.chunks(block).zip(activity.chunks_mut(block)) {
        detector.process(&[key, key], out);
    }
    activity
}

/// The same from a fresh detector.
pub(crate) fn activity(key: &[f32], rate: f64) -> Vec<f32> {
    let mut detector = VoiceActivity::new();
    detector.prepare(rate);
    heard(&mut detector, key, 480)
}

/// The times in seconds at which the activity passes a half, upwards and downwards.
pub(crate) fn edges(activity: &[f32], rate: f64) -> Vec<(f64, bool)> {
    let at = |n: usize| n as f64 / rate;
    let pairs = activity.windows(2).enumerate();
    pairs
        .filter(|(_, w)| (w[0] < 0.5) != (w[1] < 0.5))
        .map(|(n, w)| (at(n + 1), w[1] >= 0.5))
        .collect()
}

/// The same key, louder.
pub(crate) fn louder(key: &[f32], gain_db: f64) -> Vec<f32> {
    let gain = shared_dsp::db::to_gain(gain_db) as f32;
    key.iter().map(|x| gain * x).collect()
}
