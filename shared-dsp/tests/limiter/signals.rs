//! What limiters fail on.

use realfft::RealFftPlanner;
use shared_dsp::random::Random;
use std::f64::consts::{PI, TAU};

/// A named stereo signal.
pub(crate) struct Signal {
    pub(crate) name: &'static str,
    pub(crate) channels: [Vec<f32>; 2],
}

const LENGTH: usize = 1 << 15;
/// Silence after each signal, so that all of it leaves the limiter.
pub(crate) const TAIL: usize = 8192;

fn signal(name: &'static str, mut sample: impl FnMut(usize, usize) -> f64) -> Signal {
    let channel = |c: usize, sample: &mut dyn FnMut(usize, usize) -> f64| {
        let mut samples: Vec<f32> = (0..LENGTH).map(|n| sample(n, c) as f32).collect();
        samples.resize(LENGTH + TAIL, 0.0);
        samples
    };
    Signal { name, channels: [channel(0, &mut sample), channel(1, &mut sample)] }
}

/// Removes everything above `limit` times the sample rate, without phase.
fn band_limited(mut signal: Signal, limit: f64) -> Signal {
    for channel in &mut signal.channels {
        let length = channel.len();
        let mut planner = RealFftPlanner::<f32>::new();
        let (forward, inverse) =
            (planner.plan_fft_forward(length), planner.plan_fft_inverse(length));
        let mut spectrum = forward.make_output_vec();
        forward.process(channel, &mut spectrum).expect("lengths match");
        let edge = (limit * length as f64) as usize;
        let width = length / 200;
        for (bin, value) in spectrum.iter_mut().enumerate() {
            let past = (bin as f64 - (edge - width) as f64) / width as f64;
            *value *= (0.5 + 0.5 * (PI * past.clamp(0.0, 1.0)).cos()) as f32 / length as f32;
        }
        inverse.process(&mut spectrum, channel).expect("lengths match");
    }
    signal
}

fn noise(name: &'static str, seed: u64) -> Signal {
    let mut random = Random::new(seed);
    signal(name, move |_, _| (0..6).map(|_| random.bipolar()).sum::<f64>() * 0.5)
}

fn binary(name: &'static str, seed: u64) -> Signal {
    let mut random = Random::new(seed);
    signal(name, move |_, _| if random.unit() < 0.5 { -1.5 } else { 1.5 })
}

fn bursts(name: &'static str) -> Signal {
    signal(name, |n, c| {
        let on = (n / 1200 + c) % 3 == 0;
        if on { 2.0 * (PI / 2.0 * n as f64 + PI / 4.0).sin() } else { 0.0 }
    })
}

fn mix(name: &'static str, rate: f64) -> Signal {
    let mut random = Random::new(9);
    signal(name, move |n, c| {
        let t = n as f64 / rate;
        let tones: f64 = [55.0, 110.0, 440.0, 1000.0, 3000.0, 9000.0]
            .iter()
            .enumerate()
            .map(|(i, hz)| (TAU * hz * t + (i + c) as f64).sin())
            .sum();
        0.3 * tones * (1.0 + (TAU * 3.0 * t).sin()) + 0.2 * random.bipolar()
    })
}

fn clipped(mut signal: Signal) -> Signal {
    for sample in signal.channels.iter_mut().flatten() {
        *sample = (*sample * 3.0).clamp(-1.8, 1.8);
    }
    signal
}

/// Material without anything above 0.42 fs.
pub(crate) fn within_band(rate: f64) -> Vec<Signal> {
    [
        noise("noise", 1),
        binary("binary noise", 2),
        bursts("fs/4 bursts"),
        mix("mix", rate),
        clipped(mix("clipped mix", rate)),
    ]
    .into_iter()
    .map(|signal| band_limited(signal, 0.42))
    .collect()
}

/// Material up to Nyquist: nothing was filtered.
pub(crate) fn full_band(rate: f64) -> Vec<Signal> {
    let square = |name, hz: f64| {
        signal(name, move |n, c| 2.0 * (TAU * hz * n as f64 / rate + c as f64).sin().signum())
    };
    vec![
        noise("noise to Nyquist", 3),
        binary("binary noise to Nyquist", 4),
        square("997 Hz naive square", 997.0),
        square("7 kHz naive square", 7001.0),
        bursts("hard fs/4 bursts"),
        clipped(mix("clipped mix to Nyquist", rate)),
        signal("0.485 fs bursts", |n, _| {
            if n / 1000 % 2 == 1 { 2.0 * (PI * 0.97 * n as f64).cos() } else { 0.0 }
        }),
    ]
}
