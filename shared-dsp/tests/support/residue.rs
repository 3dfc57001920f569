//! Energy by frequency.

use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use shared_dsp::db;

/// The energy of `signal` above `from_hz`, as the amplitude of a sine that has it, in dBFS: through a
/// window whose side lobes lie below −90 dB.
pub fn above_dbfs(signal: &[f32], from_hz: f64, rate: f64) -> f64 {
    let length = signal.len();
    let window = |n: usize| {
        let t = std::f64::consts::TAU * n as f64 / length as f64;
        0.358_75 - 0.488_29 * t.cos() + 0.141_28 * (2.0 * t).cos() - 0.011_68 * (3.0 * t).cos()
    };
    let energy_of_window: f64 = (0..length).map(|n| window(n).powi(2)).sum();
    let time: Vec<f64> =
        signal.iter().enumerate().map(|(n, x)| window(n) * f64::from(*x)).collect();
    let energy = energies(time, &[from_hz, 0.5 * rate], rate)[0];
    db::from_power(2.0 * energy / energy_of_window)
}

/// The energy (Σ of squares) between each two neighbours of `edges_hz`.
pub fn energies(mut time: Vec<f64>, edges_hz: &[f64], rate: f64) -> Vec<f64> {
    let length = time.len();
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(length);
    let mut bins = fft.make_output_vec();
    fft.process(&mut time, &mut bins).unwrap();
    let bin = |hz: f64| ((hz * length as f64 / rate) as usize).min(bins.len());
    edges_hz
        .windows(2)
        .map(|pair| {
            let part = &bins[bin(pair[0])..bin(pair[1])];
            let sum: f64 = part.iter().map(Complex::norm_sqr).sum();
            2.0 * sum / length as f64
        })
        .collect()
}

/// What of `signal` lies between two frequencies: all of it, and nothing else.
pub fn between(signal: &[f32], band_hz: [f64; 2], rate: f64) -> Vec<f32> {
    let length = signal.len();
    let mut planner = RealFftPlanner::<f64>::new();
    let forward = planner.plan_fft_forward(length);
    let mut time: Vec<f64> = signal.iter().map(|x| f64::from(*x)).collect();
    let mut bins = forward.make_output_vec();
    forward.process(&mut time, &mut bins).unwrap();
    let [low, high] = band_hz.map(|hz| (hz * length as f64 / rate) as usize);
    for (n, bin) in bins.iter_mut().enumerate() {
        if !(low..high).contains(&n) {
            *bin = Complex::default();
        }
    }
    planner.plan_fft_inverse(length).process(&mut bins, &mut time).unwrap();
    time.iter().map(|x| (x / length as f64) as f32).collect()
}
