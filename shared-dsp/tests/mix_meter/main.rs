//! What the mix meter promises, judged from outside.

mod blocks;
mod dialogue;
mod ebu;
mod eight_hours;
mod image;
mod pauses;
#[path = "../signals/mod.rs"]
mod signals;
#[path = "../support/mod.rs"]
mod support;

use shared_dsp::mix_meter::MixMeter;

/// A meter for a layout, ready.
pub(crate) fn ready(rate: f64, channels: usize) -> MixMeter {
    let mut meter = MixMeter::new();
    meter.prepare(rate, channels);
    meter
}

/// A sine of some seconds.
pub(crate) fn sine(hz: f64, amplitude: f64, degrees: f64, seconds: f64, rate: f64) -> Vec<f32> {
    let at = |n: usize| std::f64::consts::TAU * hz * n as f64 / rate + degrees.to_radians();
    (0..(seconds * rate).round() as usize).map(|n| (amplitude * at(n).sin()) as f32).collect()
}
