//! What a reduction does beside the band, measured on tones.

use crate::{KEYED, RATE, WAYS, Way, by, drawn_db, energy, run, sine};
use shared_dsp::Processor;
use shared_dsp::db;
use shared_dsp::de_esser::{DeEsserParams, Mode};

/// What is taken off a tone while a key is sibilant throughout, in dB.
fn moved_db(way: Way, params: &DeEsserParams, hz: f64, rate: f64) -> f64 {
    let length = (0.5 * rate) as usize;
    let tone = sine(rate, hz, 0.1, length);
    let middle = (params.low_hz * params.high_hz).sqrt().min(0.35 * rate);
    let key = sine(rate, middle, 0.5, length);
    let mut de_esser = by(way, rate, params);
    let [output, _] = run(&mut de_esser, &[tone.clone(), tone.clone()], &[key]);
    let reading = de_esser.readings().reduction_db[0];
    assert!((reading - params.range_db).abs() < 1e-3, "{reading}");
    let latency = de_esser.latency_samples();
    db::from_power(
        energy(&output[length / 2..]) / energy(&tone[length / 2 - latency..length - latency]),
    )
}

#[test]
fn below_the_band_nothing_is_felt() {
    let mut worst = [0f64; 3];
    for rate in [44_100.0, 48_000.0, 96_000.0] {
        for band in [[5000.0, 9000.0], [2000.0, 16_000.0], [3000.0, 6000.0], [8000.0, 12_000.0]] {
            for range_db in [3.0, 12.0] {
                let params = DeEsserParams { low_hz: band[0], high_hz: band[1], range_db, ..KEYED };
                for part in [0.05, 0.2, 0.3, 0.4] {
                    let bounds = [
                        (Way::Of(Mode::Bell), 0.2),
                        (Way::Split, 0.1),
                        (Way::Of(Mode::Shelf), 0.5),
                    ];
                    for ((way, bound), worst) in bounds.into_iter().zip(&mut worst) {
                        let moved = moved_db(way, &params, part * band[0], rate).abs();
                        *worst = worst.max(moved);
                        assert!(moved <= bound, "{moved}: {way:?} {band:?} {part} {rate}");
                    }
                }
            }
        }
    }
    println!("at or below 0.4 of the band, Bell, Split, Shelf: {worst:.3?} dB");
}

#[test]
fn a_reduction_has_the_shape_that_is_drawn() {
    for range_db in [2.0, 6.0, 12.0, 24.0] {
        let params = DeEsserParams { range_db, ..KEYED };
        for hz in [1000.0, 3000.0, 4000.0, 5000.0, 6700.0, 9000.0, 12_000.0, 18_000.0] {
            for way in WAYS {
                let drawn = drawn_db(way, &params, hz);
                let got = moved_db(way, &params, hz, RATE);
                assert!((got - drawn).abs() < 0.02, "{got}, {drawn}: {way:?} at {hz}");
            }
        }
    }
}
