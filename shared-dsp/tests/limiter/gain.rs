//! The gain: where it is 1, how it moves, and that keyed instances share it.

use crate::signals;
use crate::{DRIVEN, limit};
use shared_dsp::limiter::{Detection, LimiterParams};
use shared_dsp::random::Random;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

fn sine(hz: f64, amplitude: f64, seconds: f64) -> Vec<f32> {
    (0..(seconds * RATE) as usize)
        .map(|n| (amplitude * (TAU * hz * n as f64 / RATE).sin()) as f32)
        .collect()
}

#[test]
fn below_the_ceiling_nothing_changes() {
    let mut random = Random::new(6);
    let programme: Vec<f32> = (0..48_000).map(|_| 0.3 * random.bipolar() as f32).collect();
    for detection in [Detection::Standard, Detection::Strict, Detection::SamplePeak] {
        let params = LimiterParams { gain_db: 0.0, detection, ..DRIVEN };
        let out = limit(RATE, params, [&programme, &programme], None);
        assert!(out[0] == programme && out[1] == programme, "{detection:?}");
    }
}

/// A quiet tone after a loud burst shows the gain of every sample.
#[test]
fn the_gain_comes_back_to_exactly_one() {
    for (auto_release, release_ms) in [(false, 1.0), (false, 200.0), (true, 50.0)] {
        let mut signal = sine(1000.0, 0.05, 8.0);
        for (n, x) in signal.iter_mut().enumerate().take(48_000) {
            *x += 2.0 * (TAU * 80.0 * n as f64 / RATE).sin() as f32;
        }
        let params = LimiterParams { gain_db: 0.0, auto_release, release_ms, ..DRIVEN };
        let out = limit(RATE, params, [&signal, &signal], None);
        let mut reduced = 0;
        for n in 48_000..signal.len() {
            let (x, y) = (f64::from(signal[n]), f64::from(out[0][n]));
            if x.abs() < 1e-3 || x == y {
                continue;
            }
            reduced += 1;
            // Half a unit in the last place of the sample may hide in the quotient.
            let gain_db = 20.0 * (y / x).log10();
            assert!(gain_db < -0.000_99, "{gain_db} dB and yet not 1 at {n}");
        }
        assert!(reduced > 30, "nothing was released");
        let end = signal.len() - 4800;
        assert!(out[0][end..] == signal[end..], "auto {auto_release}, {release_ms} ms");
    }
}

#[test]
fn a_bass_note_stays_clean_under_auto_release() {
    // 6 dB over the ceiling; the last two of eight seconds, whole periods of 50 Hz.
    let ceiling = 10f64.powf(-1.0 / 20.0);
    let signal = sine(50.0, 2.0 * ceiling, 8.0);
    let params = LimiterParams { gain_db: 0.0, auto_release: true, ..DRIVEN };
    let out = limit(RATE, params, [&signal, &signal], None);
    let part = &out[0][6 * 48_000..8 * 48_000 - 960];
    let wave = |i: usize| {
        let phase = TAU * 50.0 * i as f64 / RATE;
        (phase.cos(), phase.sin())
    };
    let (mut re, mut im) = (0.0, 0.0);
    for (i, y) in part.iter().enumerate() {
        let (cos, sin) = wave(i);
        re += 2.0 * f64::from(*y) * cos / part.len() as f64;
        im += 2.0 * f64::from(*y) * sin / part.len() as f64;
    }
    let (mut residual, mut power) = (0.0, 0.0);
    for (i, y) in part.iter().enumerate() {
        let (cos, sin) = wave(i);
        residual += (f64::from(*y) - re * cos - im * sin).powi(2);
        power += f64::from(*y).powi(2);
    }
    let reduction_db = 20.0 * (2.0 * ceiling / re.hypot(im)).log10();
    assert!((reduction_db - 6.0).abs() < 0.2, "{reduction_db} dB of reduction");
    let thd_n_db = 10.0 * (residual / power).log10();
    println!("THD+N at 50 Hz, 6 dB of reduction: {thd_n_db:.1} dB");
    assert!(thd_n_db <= -60.0, "{thd_n_db} dB");
}

/// Images of the gain's own movement: with a 15 kHz tone at 48 kHz, movement faster than 9 kHz would
/// fold back over Nyquist; its mirror image lies below 6 kHz, where nothing else is.
#[test]
fn the_gain_moves_too_smoothly_to_alias() {
    let tone = sine(15_000.0, 0.5, 2.0);
    let key: Vec<f32> = sine(1000.0, 2.0 * 10f64.powf(-1.0 / 20.0), 2.0)
        .iter()
        .enumerate()
        .map(|(n, x)| if n / 1200 % 2 == 0 { *x } else { x / 2.0 })
        .collect();
    let params = LimiterParams { gain_db: 0.0, external_key: true, release_ms: 10.0, ..DRIVEN };
    let out = limit(RATE, params, [&tone, &tone], Some([&key, &key]));
    let mut planner = realfft::RealFftPlanner::<f64>::new();
    let length = 1 << 16;
    let forward = planner.plan_fft_forward(length);
    let mut windowed: Vec<f64> = (0..length)
        .map(|n| {
            let t = TAU * n as f64 / length as f64;
            let window = 0.358_75 - 0.488_29 * t.cos() + 0.141_28 * (2.0 * t).cos()
                - 0.011_68 * (3.0 * t).cos();
            window * f64::from(out[0][12_000 + n])
        })
        .collect();
    let mut spectrum = forward.make_output_vec();
    forward.process(&mut windowed, &mut spectrum).expect("lengths match");
    let power = |from_hz: f64, to_hz: f64| -> f64 {
        let bin = |hz: f64| (hz / RATE * length as f64) as usize;
        spectrum[bin(from_hz)..bin(to_hz)].iter().map(realfft::num_complex::Complex::norm_sqr).sum()
    };
    let images_db = 10.0 * (power(20.0, 6_000.0) / power(14_900.0, 15_100.0)).log10();
    println!("images of the gain's movement: {images_db:.1} dBc");
    assert!(images_db <= -80.0, "{images_db} dBc");
}

#[test]
fn stems_limited_by_the_sum_of_all_sum_to_the_limited_mix() {
    let stems = signals::within_band(RATE);
    let length = stems[0].channels[0].len();
    let mut mix = [vec![0f32; length], vec![0f32; length]];
    for n in 0..length {
        for (c, mix) in mix.iter_mut().enumerate() {
            mix[n] = stems.iter().map(|s| f64::from(s.channels[c][n] * 0.4)).sum::<f64>() as f32;
        }
    }
    let key = [&mix[0][..], &mix[1][..]];
    for detection in [Detection::Standard, Detection::Strict, Detection::SamplePeak] {
        for link in [0.0, 0.5, 1.0] {
            let params = LimiterParams { detection, link, ..DRIVEN };
            let limited_mix = limit(RATE, params, key, None);
            let keyed = LimiterParams { external_key: true, ..params };
            let mut sum = [vec![0f64; length], vec![0f64; length]];
            for stem in &stems {
                let scaled = stem.channels.each_ref().map(|c| c.iter().map(|x| x * 0.4).collect());
                let [l, r]: [Vec<f32>; 2] = scaled;
                for (sum, out) in sum.iter_mut().zip(limit(RATE, keyed, [&l, &r], Some(key))) {
                    for (sum, x) in sum.iter_mut().zip(out) {
                        *sum += f64::from(x);
                    }
                }
            }
            let (mut residual, mut power, mut before) = (0.0, 0.0, 0.0);
            for c in 0..2 {
                for n in 0..length {
                    residual += (sum[c][n] - f64::from(limited_mix[c][n])).powi(2);
                    power += f64::from(limited_mix[c][n]).powi(2);
                    before += (f64::from(mix[c][n]) * 10f64.powf(12.0 / 20.0)).powi(2);
                }
            }
            let null_db = 10.0 * (residual / power).log10();
            assert!(
                10.0 * (before / power).log10() >= 6.0,
                "too little reduction to prove anything"
            );
            assert!(null_db <= -120.0, "{null_db} dB with {detection:?}, link {link}");
        }
    }
}

#[test]
fn no_key_limits_nothing() {
    let loud = sine(440.0, 3.0, 0.5);
    let params = LimiterParams { gain_db: 0.0, external_key: true, ..DRIVEN };
    let silent = vec![0.0; loud.len()];
    for key in [None, Some([&silent[..], &silent[..]])] {
        let out = limit(RATE, params, [&loud, &loud], key);
        assert!(out[0] == loud && out[1] == loud);
    }
}
