//! Whether a voice is there, judged from outside.

mod recordings;
mod spoken;
#[path = "../support/mod.rs"]
mod support;
mod synthetic;

use shared_dsp::voice::VoiceActivity;

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
