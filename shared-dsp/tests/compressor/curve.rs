//! How much is taken off once it has settled, and what else that leaves.

use crate::{ANCHOR, KEYED, RATE, prepared, run, sine, steady};
use realfft::RealFftPlanner;
use realfft::num_complex::Complex;
use shared_dsp::compressor::{BusCompressorParams, Character, Detector};
use shared_dsp::db;

/// The gain of the second half of a second of `input`, in dB, by how much of it is in the output.
fn settled_gain_db(params: &BusCompressorParams, input: &[f32]) -> f64 {
    let stem = [input.to_vec(), input.to_vec()];
    let output = run(&mut prepared(RATE, params), &stem, &[]);
    let half = input.len() / 2;
    let product = |a: &[f32], b: &[f32]| -> f64 {
        a[half..].iter().zip(&b[half..]).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    db::from_gain(product(&output[0], input) / product(input, input))
}

fn truth_db(params: &BusCompressorParams, level_db: f64) -> f64 {
    let over = level_db - params.threshold_db;
    let knee_db = params.knee_db;
    let soft = if over <= -0.5 * knee_db {
        0.0
    } else if over < 0.5 * knee_db {
        (over + 0.5 * knee_db).powi(2) / (2.0 * knee_db)
    } else {
        over
    };
    -((1.0 - 1.0 / params.ratio) * soft).min(params.range_db)
}

/// The largest error of the curve in dB over levels, ratios and knees, `input` being made for a level.
fn worst_db(base: &BusCompressorParams, input: impl Fn(f64) -> Vec<f32>) -> f64 {
    let mut worst = 0f64;
    for (ratio, knee_db) in [(1.2, 6.0), (2.0, 6.0), (4.0, 0.0), (10.0, 12.0), (20.0, 36.0)] {
        for level_db in [-45.0, -33.0, -30.0, -27.0, -21.0, -15.0, -6.0, 0.0] {
            let params = BusCompressorParams { threshold_db: -30.0, ratio, knee_db, ..*base };
            let got = settled_gain_db(&params, &input(level_db));
            let truth = truth_db(&params, level_db);
            assert!(
                (got - truth).abs() <= 0.1,
                "{level_db} dB at {ratio}, {knee_db}: {got}, {truth}"
            );
            worst = worst.max((got - truth).abs());
            assert!((params.reduction_db(level_db) + truth).abs() < 1e-9);
        }
    }
    worst
}

#[test]
fn the_static_curve_holds_on_sines_and_for_grab_on_direct_current() {
    let second = RATE as usize;
    for character in [Character::Clean, Character::Bus] {
        for (detector, rms_ms) in
            [(Detector::Peak, 10.0), (Detector::Rms, 10.0), (Detector::Rms, 50.0)]
        {
            let params = BusCompressorParams { character, detector, rms_ms, ..ANCHOR };
            let worst =
                worst_db(&params, |level_db| sine(RATE, 1000.0, db::to_gain(level_db), 2 * second));
            println!("{character:?}, {detector:?} {rms_ms} ms on a sine: {worst:.3} dB");
        }
    }
    let grab =
        BusCompressorParams { character: Character::Grab, detector: Detector::Peak, ..ANCHOR };
    let worst = worst_db(&grab, |level_db| vec![db::to_gain(level_db) as f32; 2 * second]);
    println!("Grab, Peak on direct current: {worst:.4} dB");
}

#[test]
fn no_more_than_the_range_is_taken_off() {
    let tone = sine(RATE, 1000.0, 1.0, 2 * RATE as usize);
    for character in Character::ALL {
        let params = BusCompressorParams { character, range_db: 6.0, ..ANCHOR };
        let got = settled_gain_db(&params, &tone);
        assert!((got + 6.0).abs() < 0.01, "{character:?}: {got}");
    }
}

#[test]
fn auto_makeup_gives_back_half_of_what_is_taken_at_full_scale_and_stands_still() {
    for (threshold_db, ratio, wanted) in [(-18.0, 4.0, 6.75), (-30.0, 2.0, 7.5), (0.0, 4.0, 0.0)] {
        let params = BusCompressorParams { threshold_db, ratio, auto_makeup: true, ..ANCHOR };
        assert!((params.auto_makeup_db() - wanted).abs() < 1e-9);
        // Far below the threshold it is all there is, whatever was loud a second before.
        let mut tone = sine(RATE, 1000.0, 1.0, 4 * RATE as usize);
        let rest = 2 * RATE as usize;
        tone[rest..].iter_mut().for_each(|x| *x *= 1e-3);
        let output = run(&mut prepared(RATE, &params), &[tone.clone(), tone.clone()], &[]);
        let n = tone.len() - 36;
        let gain = db::from_gain(f64::from(output[0][n]) / f64::from(tone[n]));
        assert!((gain - wanted).abs() < 1e-4, "{gain}");
    }
}

/// Harmonics 2 to 20 against the first, in dB.
fn thd_db(params: &BusCompressorParams, frequency_hz: usize) -> (f64, f64) {
    let second = RATE as usize;
    let tone = sine(RATE, frequency_hz as f64, 0.5, 4 * second);
    let output = run(&mut prepared(RATE, params), &[tone.clone(), tone], &[]);
    let mut time: Vec<f64> = output[0][3 * second..].iter().map(|&x| x.into()).collect();
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(second);
    let mut bins = fft.make_output_vec();
    fft.process(&mut time, &mut bins).unwrap();
    let first = bins[frequency_hz].norm_sqr();
    let rest: f64 =
        (2..=20).filter_map(|k| bins.get(k * frequency_hz)).map(Complex::norm_sqr).sum();
    let amplitude = 2.0 * first.sqrt() / RATE;
    (db::from_power(rest / first), db::from_gain(amplitude / 0.5))
}

#[test]
fn a_reduced_sine_stays_a_sine() {
    let with = |character, detector| BusCompressorParams { character, detector, ..ANCHOR };
    let table = [
        (with(Character::Clean, Detector::Rms), [-65.0, -100.0]),
        (with(Character::Bus, Detector::Rms), [-55.0, -90.0]),
        (with(Character::Clean, Detector::Peak), [-60.0, -100.0]),
        (with(Character::Bus, Detector::Peak), [-45.0, -80.0]),
        (with(Character::Grab, Detector::Rms), [-50.0, -85.0]),
        (with(Character::Grab, Detector::Peak), [-40.0, -60.0]),
    ];
    for (params, bounds) in table {
        let name = format!("{:?}, {:?}", params.character, params.detector);
        for (hz, bound) in [100, 1000].into_iter().zip(bounds) {
            let (thd, gain) = thd_db(&params, hz);
            println!("{name}: {thd:.1} dB at {hz} Hz, reduced by {gain:.2} dB");
            assert!(thd <= bound, "{name}: {thd} dB at {hz} Hz");
            // At 100 Hz what is held is the top of the ripple that 10 ms leave.
            let is_gate = params.character == Character::Clean && params.detector == Detector::Rms;
            let tolerance = if hz == 100 { 0.3 } else { 0.1 };
            assert!(!is_gate || (gain + 9.0).abs() < tolerance, "{gain}");
        }
    }
}

#[test]
fn the_mix_is_the_sum_of_both_parts() {
    let length = 96_000;
    for mix in [0.0, 0.25, 0.5, 1.0] {
        let params = BusCompressorParams { mix, makeup_db: 3.0, ..KEYED };
        let output = run(&mut prepared(RATE, &params), &steady(0.25, length), &steady(0.5, length));
        let over = db::from_gain(0.5) + 18.0;
        let wet = db::to_gain(3.0 - 0.75 * over);
        let got = f64::from(output[0][length - 1]) / 0.25;
        let truth = 1.0 + mix * (wet - 1.0);
        assert!((got / truth - 1.0).abs() < 1e-5, "{mix}: {got}, {truth}");
        assert!(mix > 0.0 || output[0].iter().all(|x| *x == 0.25));
    }
}
