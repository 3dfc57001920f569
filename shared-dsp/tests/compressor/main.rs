//! The bus compressor, measured from outside.

mod aim;
mod curve;
mod paths;
mod properties;
mod sums;
#[path = "../support/mod.rs"]
mod support;
mod times;
mod transitions;

use shared_dsp::Processor;
use shared_dsp::compressor::{BusCompressor, BusCompressorParams, Detector, KeySource};
use shared_dsp::random::Random;

pub(crate) const RATE: f64 = 48_000.0;

/// The anchors' settings: a hard knee at −18 dB, 4:1, 10 and 100 ms.
pub(crate) const ANCHOR: BusCompressorParams = BusCompressorParams {
    threshold_db: -18.0,
    ratio: 4.0,
    knee_db: 0.0,
    attack_ms: 10.0,
    release_ms: 100.0,
    ..BusCompressorParams::DEFAULT
};

/// The same, keyed, on peaks.
pub(crate) const KEYED: BusCompressorParams =
    BusCompressorParams { detector: Detector::Peak, key_source: KeySource::External, ..ANCHOR };

/// A compressor ready to work.
pub(crate) fn prepared(rate: f64, params: &BusCompressorParams) -> BusCompressor {
    let mut compressor = BusCompressor::new();
    compressor.prepare(rate, 512);
    compressor.set_params(params);
    compressor
}

/// Runs stereo `input` with `key` in blocks of `step`, `each` being asked before each of them.
pub(crate) fn run_with(
    compressor: &mut BusCompressor,
    input: &[Vec<f32>; 2],
    key: &[Vec<f32>],
    step: usize,
    mut each: impl FnMut(&mut BusCompressor, usize),
) -> [Vec<f32>; 2] {
    let [mut left, mut right] = input.clone();
    let length = left.len();
    for from in (0..length).step_by(step) {
        each(compressor, from);
        let to = length.min(from + step);
        let keys: Vec<&[f32]> = key.iter().map(|k| &k[from..to]).collect();
        compressor.process(&mut [&mut left[from..to], &mut right[from..to]], &keys);
    }
    [left, right]
}

/// The same, with settings that stand still.
pub(crate) fn run(
    compressor: &mut BusCompressor,
    input: &[Vec<f32>; 2],
    key: &[Vec<f32>],
) -> [Vec<f32>; 2] {
    run_with(compressor, input, key, 512, |_, _| {})
}

/// A sine of `amplitude`.
pub(crate) fn sine(rate: f64, frequency_hz: f64, amplitude: f64, length: usize) -> Vec<f32> {
    (0..length)
        .map(|n| {
            let phase = std::f64::consts::TAU * frequency_hz * n as f64 / rate;
            (amplitude * phase.sin()) as f32
        })
        .collect()
}

/// Direct current in both channels.
pub(crate) fn steady(level: f32, length: usize) -> [Vec<f32>; 2] {
    [vec![level; length], vec![level; length]]
}

/// Something like a mix of `seconds` in four stems: bass, chords, drums, a voice that comes and goes.
pub(crate) fn stems(seconds: f64) -> Vec<[Vec<f32>; 2]> {
    let length = (RATE * seconds) as usize;
    let mut random = Random::new(11);
    let tone = |hz: f64, t: f64| (std::f64::consts::TAU * hz * t).sin();
    let mut stems = vec![[vec![0f32; length], vec![0f32; length]]; 4];
    let mut stroke = 0.0;
    for n in 0..length {
        let t = n as f64 / RATE;
        let bar = t % 2.0;
        let bass = 0.2 * tone(if bar < 1.0 { 55.0 } else { 41.2 }, t);
        let swell = 0.6 + 0.4 * tone(0.3, t);
        let chord = 0.06 * swell * (tone(220.0, t) + tone(277.2, t) + tone(329.6, t));
        stroke = 0.6 * stroke + 0.4 * random.bipolar();
        let age = t % 0.5;
        let kick = 0.5 * tone(60.0 + 90.0 * (-age * 40.0).exp(), t) * (-age * 18.0).exp();
        let snare = 0.7 * stroke * (-((t + 0.25) % 0.5) * 25.0).exp();
        let words = if (t * 2.7).fract() < 0.7 { tone(2.7, t).abs() } else { 0.0 };
        let voice = 0.15 * words * (tone(180.0, t) + 0.5 * tone(720.0, t) + 0.2 * random.bipolar());
        let frames = [
            [bass, bass],
            [chord, chord * 0.4 + 0.03 * tone(660.0, t)],
            [kick + 0.9 * snare, kick + 0.5 * snare],
            [0.8 * voice, voice],
        ];
        for (stem, frame) in stems.iter_mut().zip(frames) {
            for (channel, x) in stem.iter_mut().zip(frame) {
                channel[n] = x as f32;
            }
        }
    }
    stems
}

/// The sum of stems.
pub(crate) fn sum(stems: &[[Vec<f32>; 2]]) -> [Vec<f32>; 2] {
    std::array::from_fn(|c| {
        (0..stems[0][c].len())
            .map(|n| stems.iter().map(|stem| f64::from(stem[c][n])).sum::<f64>() as f32)
            .collect()
    })
}
