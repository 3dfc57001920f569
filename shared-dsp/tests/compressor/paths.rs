//! What hears what: link, stereo mode, key filter, key listen, lookahead.

use crate::{ANCHOR, KEYED, RATE, prepared, run, sine, steady};
use shared_dsp::compressor::{
    BusCompressorParams, Character, Detector, KeyFilter, KeySource, StereoMode, key_response_db,
};
use shared_dsp::contract::programme;
use shared_dsp::{Processor, db};

#[test]
fn at_full_link_a_sound_is_reduced_alike_wherever_it_is() {
    let noise = programme(21, 1, RATE).remove(0);
    let silence = vec![0.0; noise.len()];
    for character in Character::ALL {
        for detector in Detector::ALL {
            for auto_release in [false, true] {
                let params = BusCompressorParams { character, detector, auto_release, ..ANCHOR };
                let of = |stem: [&Vec<f32>; 2]| {
                    run(&mut prepared(RATE, &params), &stem.map(Clone::clone), &[])
                };
                let [centre, same] = of([&noise, &noise]);
                assert!(centre == same && centre != noise);
                let [left, nothing] = of([&noise, &silence]);
                assert!(left == centre && nothing == silence);
                let [nothing, right] = of([&silence, &noise]);
                assert!(right == centre && nothing == silence);
                let inverse: Vec<f32> = noise.iter().map(|x| -x).collect();
                assert!(of([&noise, &inverse])[0] == centre);
                // And in a mono layout.
                let mut mono = noise.clone();
                let mut compressor = prepared(RATE, &params);
                for block in mono.chunks_mut(512) {
                    compressor.process(&mut [block], &[]);
                }
                assert!(mono == centre, "{character:?}");
            }
        }
    }
}

#[test]
fn a_link_shares_that_part_of_the_reduction() {
    let length = 96_000;
    let key = [vec![0.5; length], vec![0.01; length]];
    let full_db = 0.75 * (db::from_gain(0.5) + 18.0);
    for character in Character::ALL {
        for (link, right_db) in [(0.0, 0.0), (0.5, 0.5 * full_db), (1.0, full_db)] {
            let params = BusCompressorParams { character, link, ..KEYED };
            let output = run(&mut prepared(RATE, &params), &steady(0.25, length), &key);
            let got = [0, 1].map(|c| -db::from_gain(f64::from(output[c][length - 1]) / 0.25));
            assert!((got[0] - full_db).abs() < 0.01, "{got:?}");
            assert!((got[1] - right_db).abs() < 0.01, "{got:?} at {link}");
            assert!(link > 0.0 || output[1].iter().all(|x| *x == 0.25));
        }
    }
}

#[test]
fn mid_and_side_are_compressed_on_their_own() {
    let length = 96_000;
    let (mid, side) = (sine(RATE, 1000.0, 0.5, length), sine(RATE, 300.0, 0.05, length));
    let stem = [
        mid.iter().zip(&side).map(|(m, s)| m + s).collect::<Vec<f32>>(),
        mid.iter().zip(&side).map(|(m, s)| m - s).collect(),
    ];
    let params = BusCompressorParams { stereo_mode: StereoMode::MidSide, link: 0.0, ..ANCHOR };
    let [left, right] = run(&mut prepared(RATE, &params), &stem, &[]);
    let peak = |of: &dyn Fn(usize) -> f32| {
        (length / 2..length).fold(0f64, |peak, n| peak.max(f64::from(of(n)).abs()))
    };
    let side_now = peak(&|n| 0.5 * (left[n] - right[n]));
    assert!((side_now / 0.05 - 1.0).abs() < 1e-4, "{side_now}");
    let mid_db = db::from_gain(peak(&|n| 0.5 * (left[n] + right[n])) / 0.5);
    assert!((mid_db + 9.0).abs() < 0.1, "{mid_db}");
    // Linked, a mid-only reduction is one for both, and nothing moves in the picture.
    let linked = BusCompressorParams { link: 1.0, ..params };
    let [left, right] = run(&mut prepared(RATE, &linked), &stem, &[]);
    for n in length / 2..length {
        let gain = f64::from(left[n]) / f64::from(stem[0][n]);
        assert!((f64::from(right[n]) - gain * f64::from(stem[1][n])).abs() < 1e-6);
    }
}

#[test]
fn the_key_is_heard_through_its_filter_and_can_be_listened_to() {
    let length = 96_000;
    let filters = [
        KeyFilter { high_pass_hz: Some(200.0), ..KeyFilter::DEFAULT },
        KeyFilter { low_pass_hz: Some(800.0), ..KeyFilter::DEFAULT },
        KeyFilter { bell_hz: 100.0, bell_db: -12.0, ..KeyFilter::DEFAULT },
        KeyFilter { tilt_db: 12.0, high_pass_hz: Some(40.0), ..KeyFilter::DEFAULT },
    ];
    for key_filter in filters {
        for hz in [100.0, 3000.0] {
            let key = sine(RATE, hz, 0.8, length);
            let level_db = db::from_gain(0.8) + key_response_db(&key_filter, hz, RATE);
            let params = BusCompressorParams {
                key_filter,
                threshold_db: -30.0,
                detector: Detector::Rms,
                rms_ms: 100.0,
                ..KEYED
            };
            let mut compressor = prepared(RATE, &params);
            run(&mut compressor, &steady(0.25, length), std::slice::from_ref(&key));
            let readings = compressor.readings();
            assert!((readings.level_db[0] - level_db).abs() < 0.1, "{readings:?}, {level_db}");
            let truth = params.reduction_db(level_db);
            assert!((readings.reduction_db[1] - truth).abs() < 0.1, "{readings:?}, {truth}");
            // Both sources, and before mid and side are made of it.
            for key_source in KeySource::ALL {
                let params = BusCompressorParams {
                    key_source,
                    key_listen: true,
                    stereo_mode: StereoMode::MidSide,
                    ..params
                };
                let stem = if key_source == KeySource::Internal {
                    [key.clone(), key.clone()]
                } else {
                    steady(0.25, length)
                };
                let output = run(&mut prepared(RATE, &params), &stem, std::slice::from_ref(&key));
                for channel in &output {
                    let half = &channel[length / 2..];
                    let energy: f64 = half.iter().map(|x| f64::from(*x).powi(2)).sum();
                    let heard_db = db::from_power(2.0 * energy / half.len() as f64);
                    assert!((heard_db - level_db).abs() < 0.02, "{heard_db}, {level_db}");
                }
            }
        }
    }
}

#[test]
fn a_lookahead_moves_the_gain_ahead_of_the_key_and_never_the_latency() {
    let length = 9600;
    let tone = sine(RATE, 1000.0, 0.5, length);
    let key: Vec<f32> = (0..length).map(|n| if n < 4800 { 0.0 } else { 0.5 }).collect();
    for (lookahead_ms, ahead) in [(0.0, 0), (2.5, 120), (10.0, 480)] {
        let params = BusCompressorParams { lookahead_ms, attack_ms: 0.05, ..KEYED };
        let mut compressor = prepared(RATE, &params);
        assert_eq!(compressor.latency_samples(), 0);
        compressor.set_lookahead(true);
        assert_eq!(compressor.latency_samples(), 480);
        let output =
            run(&mut compressor, &[tone.clone(), tone.clone()], std::slice::from_ref(&key));
        let first = (480..length).find(|&n| output[0][n] != tone[n - 480]).unwrap();
        assert!(first.abs_diff(4800 + 480 - ahead) <= 2, "{first}");
    }
}
