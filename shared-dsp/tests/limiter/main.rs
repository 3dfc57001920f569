//! What the limiter promises, judged from outside.

mod gain;
mod gates;
mod meter;
mod properties;
mod real_stems;
mod signals;
#[path = "../support/mod.rs"]
mod support;

use shared_dsp::Processor;
use shared_dsp::limiter::{Limiter, LimiterParams};

/// Runs stereo audio, keyed or not, and gives the output with the latency taken off.
pub(crate) fn limit(
    rate: f64,
    params: LimiterParams,
    audio: [&[f32]; 2],
    key: Option<[&[f32]; 2]>,
) -> [Vec<f32>; 2] {
    let mut limiter = Limiter::new();
    limiter.prepare(rate, 256);
    limiter.set_params(&params);
    let latency = limiter.latency_samples();
    let length = audio[0].len();
    let mut padded = audio.map(|channel| {
        let mut channel = channel.to_vec();
        channel.resize(length + latency, 0.0);
        channel
    });
    let key = key.map(|key| {
        key.map(|channel| {
            let mut channel = channel.to_vec();
            channel.resize(length + latency, 0.0);
            channel
        })
    });
    for from in (0..length + latency).step_by(256) {
        let to = (from + 256).min(length + latency);
        let [left, right] = &mut padded;
        let block = &mut [&mut left[from..to], &mut right[from..to]];
        match &key {
            Some([l, r]) => limiter.process(block, &[&l[from..to], &r[from..to]]),
            None => limiter.process(block, &[]),
        }
    }
    padded.map(|channel| channel[latency..].to_vec())
}

/// The settings most tests start from: −1 dBTP, driven 12 dB.
pub(crate) const DRIVEN: LimiterParams =
    LimiterParams { gain_db: 12.0, auto_release: false, ..LimiterParams::DEFAULT };
