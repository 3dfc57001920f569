//! The de-esser, measured from outside.

mod bands;
mod gates;
mod hats;
mod marked;
mod paths;
mod properties;
mod quiet;
mod singer;
mod spoken;
#[path = "../support/mod.rs"]
mod support;
mod times;

use shared_dsp::Processor;
use shared_dsp::de_esser::{
    DeEsser, DeEsserParams, KeySource, Mode, response_db, split_response_db,
};

pub(crate) const RATE: f64 = 48_000.0;

/// Everything turned down by a key: what an output shows of it is the gain.
pub(crate) const KEYED: DeEsserParams =
    DeEsserParams { mode: Mode::Wide, key_source: KeySource::External, ..DeEsserParams::DEFAULT };

/// What is turned down, Split among it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Way {
    Of(Mode),
    Split,
}

pub(crate) const WAYS: [Way; 4] =
    [Way::Of(Mode::Bell), Way::Of(Mode::Shelf), Way::Of(Mode::Wide), Way::Split];

/// A de-esser ready to work.
pub(crate) fn prepared(rate: f64, params: &DeEsserParams) -> DeEsser {
    let mut de_esser = DeEsser::new();
    de_esser.prepare(rate, 512);
    de_esser.set_params(params);
    de_esser
}

/// The same, in one of all ways.
pub(crate) fn by(way: Way, rate: f64, params: &DeEsserParams) -> DeEsser {
    let Way::Of(mode) = way else {
        let mut de_esser = prepared(rate, params);
        de_esser.set_split(true);
        return de_esser;
    };
    prepared(rate, &DeEsserParams { mode, ..*params })
}

/// What a full reduction does at a frequency, as it is drawn.
pub(crate) fn drawn_db(way: Way, params: &DeEsserParams, hz: f64) -> f64 {
    let band = [params.low_hz, params.high_hz];
    match way {
        Way::Of(mode) => response_db(mode, band, params.range_db, hz, RATE),
        Way::Split => split_response_db(band, params.range_db, hz, RATE),
    }
}

/// Runs stereo `input` with `key` in blocks of `step`, `each` being asked before each of them.
pub(crate) fn run_with(
    de_esser: &mut DeEsser,
    input: &[Vec<f32>; 2],
    key: &[Vec<f32>],
    step: usize,
    mut each: impl FnMut(&mut DeEsser, usize),
) -> [Vec<f32>; 2] {
    let [mut left, mut right] = input.clone();
    let length = left.len();
    for from in (0..length).step_by(step) {
        each(de_esser, from);
        let to = length.min(from + step);
        let keys: Vec<&[f32]> = key.iter().map(|k| &k[from..to]).collect();
        de_esser.process(&mut [&mut left[from..to], &mut right[from..to]], &keys);
    }
    [left, right]
}

/// The same, with settings that stand still.
pub(crate) fn run(
    de_esser: &mut DeEsser,
    input: &[Vec<f32>; 2],
    key: &[Vec<f32>],
) -> [Vec<f32>; 2] {
    run_with(de_esser, input, key, 512, |_, _| {})
}

/// The output of a mono voice in both channels, with the latency taken off and silence behind its end.
pub(crate) fn processed(de_esser: &mut DeEsser, voice: &[f32]) -> Vec<f32> {
    let latency = de_esser.latency_samples();
    let mut input = voice.to_vec();
    input.resize(voice.len() + latency, 0.0);
    let [left, right] = run(de_esser, &[input.clone(), input], &[]);
    assert!(left == right);
    left[latency..].to_vec()
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

/// The energy of samples.
pub(crate) fn energy(samples: &[f32]) -> f64 {
    samples.iter().map(|x| f64::from(*x).powi(2)).sum()
}
