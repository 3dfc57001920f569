//! The dynamic equaliser, measured from outside.

mod arrival;
mod moves;
mod shapes;
#[path = "../support/mod.rs"]
mod support;
mod transitions;
mod voice;

use shared_dsp::Processor;
use shared_dsp::eq::{BandParams, DynamicEq, DynamicEqParams};

/// A band that is on and neutral.
pub(crate) const ON: BandParams = BandParams { on: true, ..BandParams::DEFAULT };

/// Settings with these bands.
pub(crate) fn with(bands: &[BandParams]) -> DynamicEqParams {
    let mut params = DynamicEqParams::DEFAULT;
    params.bands[..bands.len()].copy_from_slice(bands);
    params
}

/// An equaliser ready to work.
pub(crate) fn prepared(rate: f64, params: &DynamicEqParams) -> DynamicEq {
    let mut eq = DynamicEq::new();
    eq.prepare(rate, 512);
    eq.set_params(params);
    eq
}

/// Runs stereo `input` with `key`, in blocks of 512, `each` being asked before each sample of a
/// multiple of `step` what the settings are.
pub(crate) fn run_with(
    eq: &mut DynamicEq,
    input: &[Vec<f32>; 2],
    key: &[Vec<f32>],
    step: usize,
    mut each: impl FnMut(&mut DynamicEq, usize),
) -> [Vec<f32>; 2] {
    let [mut left, mut right] = input.clone();
    let length = left.len();
    for from in (0..length).step_by(step) {
        each(eq, from);
        let to = length.min(from + step);
        let keys: Vec<&[f32]> = key.iter().map(|k| &k[from..to]).collect();
        eq.process(&mut [&mut left[from..to], &mut right[from..to]], &keys);
    }
    [left, right]
}

/// The same, with settings that stand still.
pub(crate) fn run(eq: &mut DynamicEq, input: &[Vec<f32>; 2], key: &[Vec<f32>]) -> [Vec<f32>; 2] {
    run_with(eq, input, key, 512, |_, _| {})
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
