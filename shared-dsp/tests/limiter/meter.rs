//! A true-peak meter for the tests: 32-fold, 96 taps, in doubles, straight from the definition, and
//! sharing no code with what it judges.

use std::f64::consts::PI;

const FOLD: usize = 32;
const HALF: usize = 48;
const BETA: f64 = 9.0;

/// The true peak of a signal.
pub(crate) fn true_peak(signal: &[f32]) -> f64 {
    let mut padded = vec![0.0; HALF];
    padded.extend(signal.iter().map(|x| f64::from(*x)));
    padded.extend([0.0; HALF]);
    // The weights of all points for one sample side by side.
    let kernels: Vec<Vec<f64>> = (0..FOLD).map(kernel).collect();
    let taps: Vec<[f64; FOLD]> =
        (0..2 * HALF - 1).map(|k| std::array::from_fn(|p| kernels[p][k])).collect();
    let mut peak = signal.iter().fold(0f64, |max, x| max.max(f64::from(x.abs())));
    let mut quiet = false;
    for n in 0..signal.len() {
        let window = &padded[n + 1..n + 2 * HALF];
        // Between samples a signal exceeds the largest of them at most 3.1 times with this kernel.
        if n % 16 == 0 {
            let around = &padded[n..(n + 16 + 2 * HALF).min(padded.len())];
            quiet = around.iter().fold(0f64, |max, x| max.max(x.abs())) * 3.1 < peak;
        }
        if quiet {
            continue;
        }
        let mut points = [0f64; FOLD];
        for (x, weights) in window.iter().zip(&taps) {
            for (point, weight) in points.iter_mut().zip(weights) {
                *point += weight * x;
            }
        }
        peak = points.iter().fold(peak, |max, x| max.max(x.abs()));
    }
    peak
}

/// Weights of the samples around a point `p`/32 after a sample.
fn kernel(p: usize) -> Vec<f64> {
    let offset = p as f64 / FOLD as f64;
    let taps: Vec<f64> = (0..2 * HALF - 1)
        .map(|k| {
            let t = k as f64 - (HALF as f64 - 1.0) - offset;
            let x = t / HALF as f64;
            let window = bessel(BETA * (1.0 - x * x).max(0.0).sqrt()) / bessel(BETA);
            if t == 0.0 { window } else { (PI * t).sin() / (PI * t) * window }
        })
        .collect();
    let sum: f64 = taps.iter().sum();
    taps.into_iter().map(|h| h / sum).collect()
}

fn bessel(x: f64) -> f64 {
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while term > 1e-18 * sum {
        term *= x * x / 4.0 / k / k;
        sum += term;
        k += 1.0;
    }
    sum
}

#[test]
fn the_meter_reads_sines_truly() {
    for (frequency, phase) in [(0.25, PI / 4.0), (0.01, 0.3), (0.41, 1.0), (0.45, 0.2)] {
        let signal: Vec<f32> =
            (0..4000).map(|n| (2.0 * PI * frequency * f64::from(n) + phase).sin() as f32).collect();
        // Away from the ends, where a sine that starts and stops is no sine.
        let faded: Vec<f32> = signal
            .iter()
            .enumerate()
            .map(|(n, x)| x * (((n as f32 / 500.0).min((3999 - n) as f32 / 500.0)).min(1.0)))
            .collect();
        let db = 20.0 * true_peak(&faded).log10();
        assert!(db.abs() < 0.012, "{db} dB at {frequency} fs");
    }
}
