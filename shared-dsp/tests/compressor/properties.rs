//! What holds for any settings.

use crate::{RATE, prepared, run_with};
use shared_dsp::Processor;
use shared_dsp::compressor::{
    BusCompressorParams, Character, Detector, KeyFilter, KeySource, StereoMode,
};
use shared_dsp::contract::programme;
use shared_dsp::db;
use shared_dsp::random::Random;

fn random_params(random: &mut Random) -> BusCompressorParams {
    let mut between = |low: f64, high: f64| low + (high - low) * random.unit();
    let mut params = BusCompressorParams {
        threshold_db: between(-60.0, 0.0),
        ratio: between(1.0, 4.0).powi(2),
        knee_db: between(0.0, 36.0),
        attack_ms: 0.05 * 5000f64.powf(between(0.0, 1.0)),
        release_ms: 10.0 * 250f64.powf(between(0.0, 1.0)),
        hold_ms: between(-50.0, 50.0).max(0.0),
        range_db: between(0.0, 60.0),
        makeup_db: between(-12.0, 12.0),
        mix: between(0.0, 1.0),
        lookahead_ms: between(0.0, 10.0),
        rms_ms: between(1.0, 100.0),
        link: between(0.0, 1.0),
        key_filter: KeyFilter {
            high_pass_hz: Some(between(20.0, 500.0)).filter(|hz| *hz < 260.0),
            low_pass_hz: Some(between(500.0, 20_000.0)).filter(|hz| *hz < 10_000.0),
            bell_hz: between(20.0, 20_000.0),
            bell_db: between(-18.0, 18.0),
            bell_q: between(0.1, 10.0),
            tilt_db: between(-24.0, 24.0),
        },
        ..BusCompressorParams::DEFAULT
    };
    let mut pick = |count: usize| (count as f64 * random.unit()) as usize;
    params.character = Character::ALL[pick(3)];
    params.detector = Detector::ALL[pick(2)];
    params.key_source = KeySource::ALL[pick(2)];
    params.stereo_mode = StereoMode::ALL[pick(2)];
    params.auto_release = pick(2) == 0;
    params.auto_makeup = pick(2) == 0;
    params.key_listen = pick(8) == 0;
    params
}

#[test]
fn the_reduction_never_passes_its_range_and_the_output_is_bounded() {
    let mut random = Random::new(5);
    for n in 0..60 {
        let rate = [8_000.0, 44_100.0, RATE, 192_000.0, 384_000.0][n % 5];
        let noise = programme(n as u64, 2, rate);
        let key = programme(n as u64 + 1000, 1 + n % 2, rate);
        let mut current = random_params(&mut random);
        let mut widest = current.range_db;
        let mut compressor = prepared(rate, &current);
        compressor.set_lookahead(n % 3 == 0);
        let stem = [noise[0].clone(), noise[1].clone()];
        let output = run_with(&mut compressor, &stem, &key, 500, |compressor, from| {
            for reduction in compressor.readings().reduction_db {
                assert!((0.0..=widest + 1e-9).contains(&reduction), "{reduction} of {widest}");
            }
            if from % 1500 == 0 {
                current = random_params(&mut random);
                widest = widest.max(current.range_db);
                compressor.set_params(&current);
            }
        });
        // 2.5 of input, 12 dB and at most 30 of makeup, four resonances where the key is listened to.
        let most = 2.5 * db::to_gain(42.0) * 100.0;
        assert!(output.iter().flatten().all(|x| f64::from(x.abs()) < most));
    }
}

#[test]
fn louder_keys_are_never_reduced_less() {
    let mut random = Random::new(9);
    for _ in 0..200 {
        let params = random_params(&mut random);
        let mut last = 0.0;
        for tenth in -800..200 {
            let reduction = params.reduction_db(f64::from(tenth) / 10.0);
            assert!(reduction >= last - 1e-9 && reduction <= params.range_db + 1e-9);
            last = reduction;
        }
    }
}

#[test]
fn values_that_are_no_numbers_or_beyond_their_range_are_harmless() {
    let noise = programme(2, 2, RATE);
    let stem = [noise[0].clone(), noise[1].clone()];
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e9, 1e9] {
        let params = BusCompressorParams {
            threshold_db: -20.0,
            ratio: bad,
            knee_db: bad,
            attack_ms: bad,
            release_ms: bad,
            hold_ms: bad,
            range_db: bad,
            makeup_db: bad,
            mix: bad,
            lookahead_ms: bad,
            rms_ms: bad,
            link: bad,
            key_filter: KeyFilter {
                high_pass_hz: Some(bad),
                low_pass_hz: Some(bad),
                bell_hz: bad,
                bell_db: bad,
                bell_q: bad,
                tilt_db: bad,
            },
            ..BusCompressorParams::DEFAULT
        };
        for threshold_db in [-20.0, bad] {
            let params = BusCompressorParams { threshold_db, ..params };
            let mut compressor = prepared(RATE, &params);
            compressor.set_lookahead(true);
            let output = run_with(&mut compressor, &stem, &[], 512, |_, _| {});
            assert!(output.iter().flatten().all(|x| x.is_finite()), "{bad}");
        }
    }
}
