//! "Set for me" against what then happens.

use crate::{RATE, prepared, run, stems, sum};
use shared_dsp::compressor::{BusCompressorParams, Character, Detector, KeySource};
use shared_dsp::db;

/// The mean reduction of a stem that stands still, over the samples in which the key sounds.
fn average_db(params: &BusCompressorParams, key: &[Vec<f32>; 2]) -> f64 {
    let length = key[0].len();
    let params = BusCompressorParams { key_source: KeySource::External, ..*params };
    let stem = crate::steady(0.25, length);
    let output = run(&mut prepared(RATE, &params), &stem, key.as_slice());
    let from = RATE as usize;
    let sum: f64 = output[0][from..].iter().map(|x| -db::from_gain(f64::from(*x) / 0.25)).sum();
    sum / (length - from) as f64
}

#[test]
fn the_threshold_found_takes_off_what_was_wanted() {
    let key = sum(&stems(10.0));
    let mut worst = [0f64; 2];
    for detector in Detector::ALL {
        for character in Character::ALL {
            for (ratio, attack_ms, release_ms) in
                [(2.0, 30.0, 150.0), (4.0, 10.0, 100.0), (10.0, 3.0, 600.0)]
            {
                // Listening while it is off.
                let off = BusCompressorParams {
                    detector,
                    character,
                    ratio,
                    attack_ms,
                    release_ms,
                    ..Default::default()
                };
                let mut compressor = prepared(RATE, &off);
                let output = run(&mut compressor, &key, &[]);
                assert_eq!(output, key);
                assert!((compressor.history().heard_s() - 10.0).abs() < 0.1);
                let threshold_db = compressor.history().threshold_for(&off, 3.0).unwrap();
                let found = BusCompressorParams { threshold_db, ..off };
                let got = average_db(&found, &key);
                println!(
                    "{detector:?}, {character:?}, {ratio}:1, {attack_ms}/{release_ms}: {threshold_db:.2} dB takes {got:.2} dB"
                );
                let branches = character == Character::Grab && detector == Detector::Peak;
                let worst = &mut worst[usize::from(branches)];
                *worst = worst.max((got - 3.0).abs());
            }
        }
    }
    // Strokes are peakier than the sine a branching detector on peaks is taken to hear.
    println!("worst: {:.2} dB, of Grab on peaks {:.2} dB", worst[0], worst[1]);
    assert!(worst[0] < 0.5 && worst[1] < 1.0, "{worst:?}");
}

#[test]
fn moving_the_ratio_holds_what_is_taken_off() {
    let key = sum(&stems(10.0));
    let params = BusCompressorParams { threshold_db: -22.0, ..BusCompressorParams::DEFAULT };
    let mut compressor = prepared(RATE, &params);
    run(&mut compressor, &key, &[]);
    let before = average_db(&params, &key);
    for ratio in [1.5, 4.0, 10.0] {
        let threshold_db = compressor.history().threshold_for_ratio(&params, ratio).unwrap();
        let after = average_db(&BusCompressorParams { threshold_db, ratio, ..params }, &key);
        println!("{ratio}:1 at {threshold_db:.2} dB takes {after:.2} dB, 2:1 took {before:.2}");
        assert!((after - before).abs() < 0.3);
    }
}
