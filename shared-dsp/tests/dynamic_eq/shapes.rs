//! The static filters, against the analogue ones.

use crate::{ON, prepared, run, with};
use realfft::RealFftPlanner;
use shared_dsp::db;
use shared_dsp::eq::prototype::Prototype;
use shared_dsp::eq::{BandParams, BandShape, BandType, Placement, Slope, band_magnitude_db};

const RATE: f64 = 44_100.0;

/// The analogue filter in dB, written down from its definition.
fn analogue_db(band_type: BandType, ratio: f64, gain_db: f64, q: f64) -> f64 {
    let a = 10f64.powf(gain_db / 40.0);
    let root = a.sqrt();
    let size =
        |c: [f64; 3]| ((c[0] - c[2] * ratio * ratio).powi(2) + (c[1] * ratio).powi(2)).sqrt();
    let of =
        |top: [f64; 3], bottom: [f64; 3], gain: f64| db::from_gain(gain * size(top) / size(bottom));
    match band_type {
        BandType::Bell => of([1.0, a / q, 1.0], [1.0, 1.0 / (a * q), 1.0], 1.0),
        BandType::LowShelf => of([a, root / q, 1.0], [1.0, root / q, a], a),
        BandType::HighShelf => of([1.0, root / q, a], [a, root / q, 1.0], a),
        BandType::Tilt => of([1.0, root / q, a], [a, root / q, 1.0], 1.0),
        _ => unreachable!("no gain"),
    }
}

/// The largest errors of a band below 10 kHz and up to 20 kHz.
fn errors(band: &BandParams) -> [f64; 2] {
    let mut worst = [0f64; 2];
    let f0 = band.frequency_hz;
    let shape = BandShape::new(band, 0.0, RATE);
    let near = (-200..=200).map(|n| f0 * (f64::from(n) * 0.01 / band.q.max(0.5)).exp());
    let all = (1..=1000).map(|n| 20.0 * f64::from(n));
    for f in near.chain(all).filter(|f| (10.0..=20_000.0).contains(f)) {
        let got = shape.magnitude_db(0.0, f);
        let error = (got - analogue_db(band.band_type, f / f0, band.gain_db, band.q)).abs();
        if f <= 10_000.0 {
            worst[0] = worst[0].max(error);
        }
        worst[1] = worst[1].max(error);
    }
    worst
}

const FREQUENCIES: [f64; 14] = [
    30.0, 100.0, 300.0, 600.0, 1000.0, 1500.0, 2000.0, 2830.0, 4000.0, 5000.0, 6700.0, 8000.0,
    9000.0, 10_000.0,
];

fn worst_of(band_type: BandType, qs: &[f64], frequencies: &[f64], gains: &[f64]) -> [f64; 2] {
    let mut worst = [0f64; 2];
    for &q in qs {
        for &frequency_hz in frequencies {
            for &gain_db in gains {
                let band = BandParams { band_type, frequency_hz, gain_db, q, ..ON };
                let errors = errors(&band);
                worst = [worst[0].max(errors[0]), worst[1].max(errors[1])];
            }
        }
    }
    worst
}

const GAINS: [f64; 7] = [-12.0, -6.0, -1.0, 0.5, 3.0, 9.0, 12.0];

#[test]
fn bells_are_those_of_the_analogue_prototype() {
    let qs = [0.1, 0.15, 0.2, 0.3, 0.5, 0.707, 1.0, 1.41, 2.0, 3.0, 6.0, 12.0, 24.0];
    let [below, all] = worst_of(BandType::Bell, &qs, &FREQUENCIES, &GAINS);
    assert!(below <= 0.1 && all <= 0.3, "{below} dB below 10 kHz, {all} dB up to 20");
}

#[test]
fn shelves_are_those_of_the_analogue_prototype() {
    let qs = [0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.707, 0.8, 1.0, 1.2, 1.39];
    for band_type in [BandType::LowShelf, BandType::HighShelf, BandType::Tilt] {
        let [below, all] = worst_of(band_type, &qs, &FREQUENCIES, &GAINS);
        assert!(below <= 0.1 && all <= 0.3, "{band_type:?}: {below} below 10 kHz, {all} up to 20");
    }
}

#[test]
fn shelves_that_ring_are_so_as_well() {
    let qs = [1.4, 1.7, 2.0, 3.0, 4.0, 6.0, 10.0, 16.0, 24.0];
    for band_type in [BandType::LowShelf, BandType::HighShelf, BandType::Tilt] {
        let [below, all] = worst_of(band_type, &qs, &FREQUENCIES, &GAINS);
        println!("{band_type:?}: {below:.3} below 10 kHz, {all:.3} up to 20");
        assert!(below <= 0.1 && all <= 0.3, "{band_type:?}: {below} below 10 kHz, {all} up to 20");
    }
}

#[test]
fn up_to_16_khz_they_stay_within_a_decibel() {
    let high = [11_000.0, 12_000.0, 13_000.0, 14_000.0, 14_700.0, 15_300.0, 15_700.0, 16_000.0];
    let qs = [
        0.1, 0.2, 0.3, 0.5, 0.6, 0.707, 1.0, 1.2, 1.39, 1.4, 1.7, 2.0, 3.0, 4.0, 6.0, 10.0, 16.0,
        24.0,
    ];
    for band_type in [BandType::Bell, BandType::LowShelf, BandType::HighShelf, BandType::Tilt] {
        let [_, all] = worst_of(band_type, &qs, &high, &GAINS);
        println!("{band_type:?}: {all:.3} dB");
        assert!(all <= 1.0, "{band_type:?}: {all} dB");
    }
}

#[test]
fn shelves_that_ring_stay_so_to_the_ends_of_their_ranges() {
    let gains = [-24.0, -18.0, -12.0, -3.0, 1.0, 9.0, 15.0, 21.0, 24.0];
    let high = [11_000.0, 13_000.0, 15_000.0, 16_000.0, 17_000.0, 18_000.0, 19_000.0, 20_000.0];
    for band_type in [BandType::LowShelf, BandType::HighShelf, BandType::Tilt] {
        let [_, all] = worst_of(band_type, &[1.4, 2.0, 3.0, 6.0, 24.0], &high, &gains);
        println!("{band_type:?}: {all:.3} dB");
        assert!(all <= 1.0, "{band_type:?}: {all} dB");
    }
}

#[test]
fn opposite_gains_are_mirror_images() {
    for band_type in [BandType::Bell, BandType::LowShelf, BandType::HighShelf, BandType::Tilt] {
        for frequency_hz in [50.0, 1000.0, 9000.0, 19_000.0] {
            for q in [0.1, 0.7, 3.0, 24.0] {
                let up = BandParams { band_type, frequency_hz, q, gain_db: 7.0, ..ON };
                let down = BandParams { gain_db: -7.0, ..up };
                for f in [20.0, 300.0, 1000.0, 5000.0, 9000.0, 20_000.0] {
                    let sum = band_magnitude_db(&up, 0.0, 0.0, f, RATE)
                        + band_magnitude_db(&down, 0.0, 0.0, f, RATE);
                    assert!(sum.abs() < 1e-7, "{band_type:?} {frequency_hz} {q} at {f}: {sum:e}");
                }
            }
        }
    }
}

#[test]
fn cuts_are_butterworth_notch_and_band_pass_are_what_they_say() {
    for slope in Slope::ALL {
        for (band_type, sign) in [(BandType::LowCut, -1.0), (BandType::HighCut, 1.0)] {
            for frequency_hz in [40.0, 1000.0, 8000.0] {
                let band = BandParams { band_type, frequency_hz, slope, ..ON };
                let order = slope.order() as i32;
                for n in -12..=12 {
                    let f = frequency_hz * 2f64.powf(f64::from(n) / 6.0);
                    if !(10.0..16_000.0).contains(&f) {
                        continue;
                    }
                    let ratio = (f / frequency_hz).powf(sign);
                    let truth = -db::from_power(1.0 + ratio.powi(2 * order));
                    let error = band_magnitude_db(&band, 0.0, 0.0, f, RATE) - truth;
                    let bound = 0.3 + 0.02 * truth.abs();
                    assert!(error.abs() < bound, "{band:?} at {f}: {error} of {truth}");
                }
            }
        }
    }
    for frequency_hz in [100.0, 1000.0, 9000.0] {
        for q in [0.7, 2.0, 10.0] {
            let notch = BandParams { band_type: BandType::Notch, frequency_hz, q, ..ON };
            let pass = BandParams { band_type: BandType::BandPass, ..notch };
            assert!(band_magnitude_db(&notch, 0.0, 0.0, frequency_hz, RATE) < -100.0);
            assert!(band_magnitude_db(&pass, 0.0, 0.0, frequency_hz, RATE).abs() < 0.02);
            for octave in [-2.0, -0.5, 0.4, 1.0] {
                let f = frequency_hz * 2f64.powf(octave);
                let detune = q * (f / frequency_hz - frequency_hz / f);
                let pass_db = -db::from_power(1.0 + detune * detune);
                let notch_db = -db::from_power(1.0 + 1.0 / (detune * detune));
                let near = |band: &BandParams, truth: f64| {
                    let error = band_magnitude_db(band, 0.0, 0.0, f, RATE) - truth;
                    assert!(error.abs() < 0.5, "{band:?} at {f}: {error}");
                };
                near(&pass, pass_db);
                near(&notch, notch_db);
            }
        }
    }
}

#[test]
fn what_is_heard_is_what_is_drawn() {
    let length = 1 << 16;
    let mut impulse = [vec![0f32; length], vec![0f32; length]];
    impulse[0][0] = 1.0;
    impulse[1][0] = 1.0;
    for (n, band_type) in BandType::ALL.into_iter().enumerate() {
        let band = BandParams {
            band_type,
            frequency_hz: [200.0, 3000.0, 11_000.0][n % 3],
            gain_db: -9.0,
            q: 1.3,
            slope: Slope::Db30,
            ..ON
        };
        let mut bands = [BandParams::DEFAULT; 8];
        bands[n] = band;
        let output = run(&mut prepared(RATE, &with(&bands)), &impulse, &[]);
        for channel in &output {
            let mut time: Vec<f64> = channel.iter().map(|&x| x.into()).collect();
            let fft = RealFftPlanner::<f64>::new().plan_fft_forward(length);
            let mut bins = fft.make_output_vec();
            fft.process(&mut time, &mut bins).unwrap();
            for (bin, value) in bins.iter().enumerate().skip(30).step_by(97) {
                let f = bin as f64 * RATE / length as f64;
                let drawn = band_magnitude_db(&band, 0.0, 0.0, f, RATE);
                if drawn > -60.0 && f < 20_000.0 {
                    let error = db::from_gain(value.norm()) - drawn;
                    assert!(error.abs() < 0.01, "{band_type:?} at {f}: {error}");
                }
            }
        }
    }
}

#[test]
fn a_placement_leaves_the_rest_alone() {
    let noise = shared_dsp::contract::programme(5, 2, RATE);
    let input = [noise[0].clone(), noise[1].clone()];
    let at = |placement, gain_db| {
        let band = BandParams { placement, gain_db, ..ON };
        run(&mut prepared(RATE, &with(&[band])), &input, &[])
    };
    for placement in Placement::ALL {
        assert_eq!(at(placement, 0.0), input, "{placement:?} of a band that does nothing");
    }
    assert_eq!(at(Placement::Left, 6.0)[1], input[1]);
    assert_eq!(at(Placement::Right, 6.0)[0], input[0]);
    for (placement, sign) in [(Placement::Mid, -1.0), (Placement::Side, 1.0)] {
        let output = at(placement, 6.0);
        for n in 0..input[0].len() {
            let rest = |x: &[Vec<f32>; 2]| f64::from(x[0][n]) + sign * f64::from(x[1][n]);
            assert!((rest(&output) - rest(&input)).abs() < 1e-6);
        }
    }
}

#[test]
fn every_parameter_at_every_rate_is_stable() {
    for rate in [8000.0, 11_025.0, 44_100.0, 96_000.0, 384_000.0] {
        for band_type in BandType::ALL {
            for frequency_hz in [20.0, 500.0, 3900.0, 12_000.0, 20_000.0] {
                for q in [0.1, 0.5, 0.707, 1.4, 24.0] {
                    for gain_db in [-24.0, 0.01, 24.0] {
                        let band = BandParams { band_type, frequency_hz, q, gain_db, ..ON };
                        for slope in [Slope::Db6, Slope::Db18, Slope::Db48] {
                            let band = BandParams { slope, ..band };
                            for part in [0.0001, 0.01, 0.1, 0.3, 0.45, 0.499] {
                                let db = band_magnitude_db(&band, 0.0, 0.0, part * rate, rate);
                                assert!(db.is_finite() && db < 100.0, "{band:?} at {rate}: {db}");
                            }
                        }
                    }
                }
            }
        }
    }
    // The order of a low-pass section does not matter to its prototype.
    assert_eq!(Prototype::low_pass(2, 0, 0.5f64.sqrt()).denominator[0], 1.0);
}
