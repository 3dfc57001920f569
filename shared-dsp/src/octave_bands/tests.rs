use super::*;
use crate::db;
use crate::random::Random;
use std::f64::consts::TAU;

const RATES_HZ: [f64; 7] = [8_000.0, 11_025.0, 32_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0];

fn prepared<const N: usize>(rate_hz: f64) -> OctaveBands<N> {
    let mut bands = OctaveBands::default();
    bands.prepare(rate_hz);
    bands
}

fn taken<const N: usize>(bands: &mut OctaveBands<N>) -> Vec<[f64; N]> {
    let mut all = Vec::new();
    bands.take(|number, energy| {
        assert_eq!(number, all.len());
        all.push(energy);
    });
    all
}

fn noise(seed: u64, length: usize) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..length).map(|_| random.bipolar()).collect()
}

/// About a second: a whole number of samples at every rate on the way down.
fn second(rate_hz: f64) -> usize {
    (rate_hz as usize).next_multiple_of(1024)
}

/// The frequency near `hz` that repeats after [`second`].
fn repeating(hz: f64, rate_hz: f64) -> f64 {
    let length = second(rate_hz) as f64;
    (hz * length / rate_hz).round() * rate_hz / length
}

/// What every band leaves of a steady tone, dB.
fn gains_db(tone_hz: f64, rate_hz: f64) -> Vec<f64> {
    let mut bands = prepared::<1>(rate_hz);
    // Half of it to settle.
    let length = second(rate_hz);
    let tone: Vec<f64> =
        (0..3 * length / 2).map(|n| (TAU * tone_hz * n as f64 / rate_hz).sin()).collect();
    let (settles, measured) = tone.split_at(length / 2);
    bands.process([settles]);
    bands.take(|_, _| {});
    bands.process([measured]);
    taken(&mut bands).iter().map(|[e]| db::from_power(2.0 * e / measured.len() as f64)).collect()
}

/// The closed form, dB.
fn expected_db(tone_hz: f64, [low_hz, high_hz]: [f64; 2], rate_hz: f64) -> f64 {
    let mut rate_hz = rate_hz;
    while high_hz <= 0.375 * 0.5 * rate_hz {
        rate_hz *= 0.5;
    }
    let t = |hz: f64| (PI * hz / rate_hz).tan();
    let [low, tone, high] = [low_hz, tone_hz, high_hz].map(t);
    -db::from_power((1.0 + (low / tone).powi(8)) * (1.0 + (tone / high).powi(8)))
}

#[test]
fn bands_lie_between_powers_of_two_and_end_below_half_the_rate() {
    let all: Vec<[f64; 2]> = edges_hz(48_000.0).collect();
    assert_eq!(all.len(), MOST_BANDS);
    assert_eq!((all[0], all[8]), ([31.25, 62.5], [8000.0, 16_000.0]));
    assert!(all.windows(2).all(|two| two[0][1] == two[1][0]));
    for (rate_hz, highest_hz) in [(8_000.0, 2000.0), (32_000.0, 8000.0), (44_100.0, 16_000.0)] {
        assert_eq!(edges_hz(rate_hz).last(), Some([0.5 * highest_hz, highest_hz]));
    }
    assert_eq!(edges_hz(192_000.0).count(), MOST_BANDS);
    assert_eq!(edges_hz(100.0).count(), 0);
    let mut none = prepared::<2>(100.0);
    none.process([&[1.0; 9]; 2]);
    assert!(taken(&mut none).is_empty());
}

#[test]
fn the_response_is_the_closed_form() {
    for rate_hz in RATES_HZ {
        for edges in edges_hz(rate_hz) {
            let [low, high] = edges;
            let number = edges_hz(rate_hz).position(|e| e == edges).unwrap();
            for tone in [0.5 * low, low, 1.2 * low, low * 2f64.sqrt(), 0.9 * high, high] {
                let tone = repeating(tone, rate_hz);
                let error = gains_db(tone, rate_hz)[number] - expected_db(tone, edges, rate_hz);
                assert!(error.abs() < 0.01, "{error} dB at {tone} Hz of {edges:?}, {rate_hz} Hz");
            }
        }
    }
}

#[test]
fn what_lies_far_from_a_band_hardly_reaches_it() {
    for rate_hz in [44_100.0, 48_000.0, 96_000.0] {
        let mut tones: Vec<f64> =
            (1..40).map(|n| repeating(0.0124 * f64::from(n) * rate_hz, rate_hz)).collect();
        // Next to where the lower rates fold.
        tones.extend([0.5, 0.25, 0.125].map(|part| repeating(part * rate_hz - 45.0, rate_hz)));
        for tone in tones {
            let gains = gains_db(tone, rate_hz);
            for ([low, high], gain) in edges_hz(rate_hz).zip(gains) {
                let octaves = (tone / high).log2().max((low / tone).log2());
                if octaves > 0.0 {
                    let least = (24.08 * octaves - 0.01).min(55.0);
                    assert!(gain < -least, "{tone} Hz reaches {low}–{high} Hz at {gain} dB");
                }
            }
        }
    }
}

#[test]
fn white_noise_fills_the_octaves() {
    for rate_hz in [8_000.0, 44_100.0, 96_000.0] {
        let white = noise(1, 40 * rate_hz as usize);
        let mut bands = prepared::<1>(rate_hz);
        bands.process([&white]);
        for ([low, high], [energy]) in edges_hz(rate_hz).zip(taken(&mut bands)) {
            let share = 3.0 * energy / white.len() as f64;
            // Within the edges the filter loses about as much as it lets in from beyond them.
            let error_db = db::from_power(share / (2.0 * (high - low) / rate_hz));
            let tolerance = 0.35 + 20.0 / (40.0 * low).sqrt();
            assert!(error_db.abs() < tolerance, "{error_db} dB in {low}–{high} Hz of {rate_hz} Hz");
        }
    }
}

#[test]
fn every_lane_is_a_signal_of_its_own_and_blocks_do_not_matter() {
    for rate_hz in [44_100.0, 11_025.0, 192_000.0] {
        let signals: [Vec<f64>; 4] = [1, 2, 3, 4].map(|seed| noise(seed, 20_011));
        let mut whole = prepared::<4>(rate_hz);
        whole.process([0, 1, 2, 3].map(|lane| &signals[lane][..]));
        let whole = taken(&mut whole);
        for block in [1, 7, 511, 513] {
            let mut bands = prepared::<4>(rate_hz);
            // Reset equals fresh.
            bands.process([&signals[2]; 4]);
            bands.reset();
            for at in (0..20_011).step_by(block) {
                let end = (at + block).min(20_011);
                bands.process([0, 1, 2, 3].map(|lane| &signals[lane][at..end]));
            }
            assert_eq!(taken(&mut bands), whole, "blocks of {block}");
        }
        for (lane, signal) in signals.iter().enumerate() {
            let mut alone = prepared::<1>(rate_hz);
            alone.process([signal]);
            let alone: Vec<f64> = taken(&mut alone).iter().map(|[e]| *e).collect();
            assert_eq!(alone, whole.iter().map(|e| e[lane]).collect::<Vec<_>>());
        }
    }
}

#[test]
fn silence_ends_in_exact_silence() {
    for rate_hz in [8_000.0, 48_000.0] {
        let mut bands = prepared::<2>(rate_hz);
        let noise = noise(5, rate_hz as usize);
        bands.process([&noise; 2]);
        let hop = vec![0.0; (0.1 * rate_hz) as usize];
        for _ in 0..60 {
            bands.process([&hop; 2]);
            bands.take(|_, energy| assert!(energy.iter().all(|e| *e == 0.0 || e.is_normal())));
        }
        for stage in &bands.stages {
            let of_bands = stage.bands.iter().map(|band| band.states);
            let mut states = of_bands.chain([stage.half_band.states]);
            assert!(states.all(|states| states == [[[0.0; 2]; 2]; 4]));
        }
    }
}

#[test]
fn what_is_no_number_is_forgotten() {
    let signal = noise(7, 48_000);
    let mut spoilt = signal.clone();
    (spoilt[100], spoilt[200], spoilt[300]) = (f64::NAN, f64::INFINITY, f64::MAX);
    let mut bands = prepared::<2>(48_000.0);
    bands.process([&spoilt, &signal]);
    assert!(taken(&mut bands).iter().all(|[spoilt, sound]| !spoilt.is_finite() && *sound > 0.0));
    bands.process([&signal; 2]);
    bands.take(|_, _| {});
    bands.process([&signal; 2]);
    for [after, sound] in taken(&mut bands) {
        assert!((after / sound - 1.0).abs() < 1e-9, "{after} {sound}");
    }
}
