//! Unmask, measured from outside.

mod compared;
mod moves;
#[path = "../support/mod.rs"]
mod support;
mod transitions;

use shared_dsp::Processor;
use shared_dsp::unmask::{StandaloneParams, StandaloneUnmask, UnmaskParams, UnmaskReadings};
use support::voices::RATE;

/// On, as it comes.
pub(crate) const ON: UnmaskParams = UnmaskParams { on: true, ..UnmaskParams::DEFAULT };

/// One ready to work.
pub(crate) fn prepared(unmask: UnmaskParams) -> StandaloneUnmask {
    prepared_for(StandaloneParams { unmask, ..StandaloneParams::DEFAULT })
}

pub(crate) fn prepared_for(params: StandaloneParams) -> StandaloneUnmask {
    let mut block = StandaloneUnmask::new();
    block.prepare(RATE, 512);
    block.set_params(&params);
    block
}

/// Runs a stereo `stem` with `key` in steps of `step` samples; `each` is shown the block before every
/// one, and the number of the first sample.
pub(crate) fn run_with(
    block: &mut StandaloneUnmask,
    stem: &[Vec<f32>; 2],
    key: &[Vec<f32>],
    step: usize,
    mut each: impl FnMut(&mut StandaloneUnmask, usize),
) -> [Vec<f32>; 2] {
    let [mut left, mut right] = stem.clone();
    let length = left.len();
    for from in (0..length).step_by(step) {
        each(block, from);
        let to = length.min(from + step);
        let keys: Vec<&[f32]> = key.iter().map(|k| &k[from..to]).collect();
        block.process(&mut [&mut left[from..to], &mut right[from..to]], &keys);
    }
    [left, right]
}

/// The output and the last readings, with settings that stand still.
pub(crate) fn run(
    unmask: UnmaskParams,
    stem: &[Vec<f32>; 2],
    key: &[Vec<f32>],
) -> ([Vec<f32>; 2], UnmaskReadings) {
    let mut block = prepared(unmask);
    let out = run_with(&mut block, stem, key, 512, |_, _| {});
    (out, block.readings())
}

/// The same signal in both channels.
pub(crate) fn both(signal: &[f32]) -> [Vec<f32>; 2] {
    [signal.to_vec(), signal.to_vec()]
}
