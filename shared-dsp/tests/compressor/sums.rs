//! What the suite is for: stems that are compressed by one key sum to the compressed mix.

use crate::{RATE, prepared, run, stems, sum};
use shared_dsp::compressor::{
    BusCompressorParams, Character, Detector, KeyFilter, KeySource, StereoMode,
};
use shared_dsp::db;

/// The largest difference between the sum of compressed stems and the compressed mix, in dBFS, and the mean
/// reduction in dB.
fn residue(params: &BusCompressorParams, lookahead: bool, parts: &[[Vec<f32>; 2]]) -> f64 {
    let mix = sum(parts);
    let key: Vec<Vec<f32>> = mix.to_vec();
    let external = BusCompressorParams { key_source: KeySource::External, ..*params };
    let compressed = |params, stem, key: &[Vec<f32>]| {
        let mut compressor = prepared(RATE, params);
        compressor.set_lookahead(lookahead);
        run(&mut compressor, stem, key)
    };
    let outputs: Vec<_> = parts.iter().map(|stem| compressed(&external, stem, &key)).collect();
    let mut worst = 0f64;
    // The mix by the same key, and by its own.
    let internal = BusCompressorParams { key_source: KeySource::Internal, ..*params };
    for whole in [compressed(&external, &mix, &key), compressed(&internal, &mix, &[])] {
        for c in 0..2 {
            for n in 0..mix[c].len() {
                let summed: f64 = outputs.iter().map(|stem| f64::from(stem[c][n])).sum();
                worst = worst.max((summed - f64::from(whole[c][n])).abs());
            }
        }
        assert!(whole != mix);
    }
    db::from_gain(worst)
}

#[test]
fn compressed_stems_sum_to_the_compressed_mix() {
    let parts = stems(3.0);
    // The threshold for 6 dB, found as a user would have it found.
    let mut listening = prepared(RATE, &BusCompressorParams::DEFAULT);
    run(&mut listening, &sum(&parts), &[]);
    let mut worst = f64::NEG_INFINITY;
    for character in Character::ALL {
        let base =
            BusCompressorParams { character, ratio: 4.0, makeup_db: 2.0, ..Default::default() };
        let threshold_db = listening.history().threshold_for(&base, 6.0).unwrap();
        let base = BusCompressorParams { threshold_db, ..base };
        let mut heard = prepared(RATE, &base);
        run(&mut heard, &sum(&parts), &[]);
        assert!(heard.readings().reduction_db[0] > 3.0);
        for link in [0.0, 0.5, 1.0] {
            for mix in [1.0, 0.5] {
                let params = BusCompressorParams { link, mix, ..base };
                let got = residue(&params, false, &parts);
                worst = worst.max(got);
                assert!(got <= -120.0, "{got} dBFS: {character:?}, link {link}, mix {mix}");
            }
        }
    }
    println!("largest residue: {worst:.1} dBFS");
}

#[test]
fn they_do_so_whatever_else_is_set() {
    let parts = stems(1.0);
    for character in Character::ALL {
        let params = BusCompressorParams {
            character,
            threshold_db: -24.0,
            ratio: 6.0,
            detector: Detector::Peak,
            attack_ms: 0.05,
            release_ms: 10.0,
            auto_release: true,
            hold_ms: 5.0,
            stereo_mode: StereoMode::MidSide,
            link: 0.3,
            key_filter: KeyFilter {
                high_pass_hz: Some(120.0),
                low_pass_hz: Some(9000.0),
                bell_db: 6.0,
                tilt_db: -3.0,
                ..KeyFilter::DEFAULT
            },
            auto_makeup: true,
            ..BusCompressorParams::DEFAULT
        };
        for lookahead in [false, true] {
            let got = residue(&params, lookahead, &parts);
            println!("{character:?}, lookahead {lookahead}: {got:.1} dBFS");
            assert!(got <= -120.0, "{got} dBFS: {character:?}");
        }
    }
}
