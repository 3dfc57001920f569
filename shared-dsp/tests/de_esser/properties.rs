//! What holds for all settings and all signals.

use crate::{RATE, prepared, run, run_with};
use shared_dsp::Processor;
use shared_dsp::contract::programme;
use shared_dsp::de_esser::{DeEsserParams, Detect, KeySource, Mode, SIBILANCE_DB, StereoMode};
use shared_dsp::random::Random;

fn random_params(random: &mut Random) -> DeEsserParams {
    let mut between = |low: f64, high: f64| low + (high - low) * random.unit();
    let mut params = DeEsserParams {
        low_hz: between(2000.0, 16_000.0),
        high_hz: between(2000.0, 16_000.0),
        sensitivity: between(0.0, 1.0),
        range_db: between(0.0, 24.0),
        attack_ms: 0.05 * 1000f64.powf(between(0.0, 1.0)),
        release_ms: 5.0 * 100f64.powf(between(0.0, 1.0)),
        lookahead_ms: between(0.0, 5.0),
        link: between(0.0, 1.0),
        ..DeEsserParams::DEFAULT
    };
    let mut pick = |count: usize| (count as f64 * random.unit()) as usize;
    params.detect = Detect::ALL[pick(2)];
    params.mode = Mode::ALL[pick(3)];
    params.key_source = KeySource::ALL[pick(2)];
    params.stereo_mode = StereoMode::ALL[pick(2)];
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
        let mut de_esser = prepared(rate, &current);
        de_esser.set_lookahead(n % 3 == 0);
        de_esser.set_split(n % 4 == 0);
        let stem = [noise[0].clone(), noise[1].clone()];
        let output = run_with(&mut de_esser, &stem, &key, 500, |de_esser, from| {
            let readings = de_esser.readings();
            for reduction in readings.reduction_db {
                assert!((0.0..=widest + 1e-9).contains(&reduction), "{reduction} of {widest}");
            }
            assert!((0.0..=1.0).contains(&readings.sureness));
            assert!((SIBILANCE_DB[0]..=SIBILANCE_DB[1]).contains(&readings.sibilance_db));
            if from % 1500 == 0 {
                current = random_params(&mut random);
                widest = widest.max(current.range_db);
                de_esser.set_params(&current);
            }
        });
        // 2.5 of input, and what a filter of unit gain makes of it at most.
        assert!(output.iter().flatten().all(|x| x.abs() < 2.5 * 8.0));
    }
}

#[test]
fn values_that_are_no_numbers_or_beyond_their_range_are_harmless() {
    let noise = programme(2, 2, RATE);
    let stem = [noise[0].clone(), noise[1].clone()];
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e9, 1e9] {
        let params = DeEsserParams {
            low_hz: bad,
            high_hz: bad,
            sensitivity: bad,
            range_db: bad,
            attack_ms: bad,
            release_ms: bad,
            lookahead_ms: bad,
            link: bad,
            ..DeEsserParams::DEFAULT
        };
        for is_split in [false, true] {
            let mut de_esser = prepared(RATE, &params);
            de_esser.set_lookahead(true);
            de_esser.set_split(is_split);
            let output = run(&mut de_esser, &stem, &[]);
            assert!(output.iter().flatten().all(|x| x.is_finite()), "{bad}");
        }
    }
}

#[test]
fn what_is_no_number_is_silence_and_what_follows_recovers() {
    let noise = programme(3, 2, RATE);
    for is_split in [false, true] {
        let mut stem = [noise[0].clone(), noise[1].clone()];
        stem[0][5000..5100].fill(f32::NAN);
        stem[1][5050] = f32::INFINITY;
        let mut silent = stem.clone();
        for x in silent.iter_mut().flatten().filter(|x| !x.is_finite()) {
            *x = 0.0;
        }
        let heard = |stem: &[Vec<f32>; 2]| {
            let mut de_esser = prepared(RATE, &DeEsserParams::DEFAULT);
            de_esser.set_split(is_split);
            run(&mut de_esser, stem, &[])
        };
        assert!(heard(&stem) == heard(&silent));
    }
}
