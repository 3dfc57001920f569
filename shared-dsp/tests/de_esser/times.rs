//! When the gain moves: attack and release, and in Split as without it.

use crate::{KEYED, RATE, prepared, run, sine};
use shared_dsp::Processor;
use shared_dsp::db;
use shared_dsp::de_esser::DeEsserParams;

/// A voice of two tones: body, which fades in without a click, sibilant from `from` to `to`.
fn key(length: usize, from: usize, to: usize) -> Vec<f32> {
    let (body, s) = (sine(RATE, 500.0, 0.3, length), sine(RATE, 6700.0, 0.6, length));
    (0..length)
        .map(|n| {
            let fade = (n as f32 / 4800.0).min(1.0);
            if (from..to).contains(&n) { s[n] } else { fade * body[n] }
        })
        .collect()
}

#[test]
fn attack_and_release_are_the_time_to_63_percent() {
    let (length, from, to) = (288_000, 48_000, 144_000);
    let key = [key(length, from, to)];
    let steady = [vec![0.25; length], vec![0.25; length]];
    for attack_ms in [0.5, 5.0, 50.0] {
        for release_ms in [20.0, 100.0, 500.0] {
            let params = DeEsserParams { attack_ms, release_ms, range_db: 12.0, ..KEYED };
            let [output, _] = run(&mut prepared(RATE, &params), &steady, &key);
            let reduction = |n: usize| -db::from_gain(f64::from(output[n]) / 0.25);
            let ms = |samples: usize| 1e3 * samples as f64 / RATE;
            let part = 12.0 * 0.632_12;
            let attack = ms((from..to).find(|n| reduction(*n) >= part).unwrap() - from);
            let release = ms((to..length).find(|n| reduction(*n) <= 12.0 - part).unwrap() - to);
            // What it takes to hear that an s begins, and that it ends: powers of 1 and 2 ms.
            let [late, later] = [attack - attack_ms, release - release_ms];
            assert!(
                (-0.02 * attack_ms..1.5 + 0.02 * attack_ms).contains(&late),
                "{params:?}: {late}"
            );
            assert!((0.0..10.0).contains(&later), "{params:?}: {later}");
        }
    }
}

#[test]
fn split_moves_when_all_others_do() {
    let length = 24_000;
    let key = key(length, 9600, length);
    let stem = sine(RATE, 6700.0, 0.5, length);
    let first = |is_split: bool, lookahead: bool| {
        let mut de_esser = prepared(RATE, &KEYED);
        de_esser.set_split(is_split);
        de_esser.set_lookahead(lookahead);
        let latency = de_esser.latency_samples();
        let stem = [stem.clone(), stem.clone()];
        let [output, _] = run(&mut de_esser, &stem, std::slice::from_ref(&key));
        (9000..length - latency).find(|n| output[n + latency] != stem[0][*n]).unwrap()
    };
    let bare = first(false, false);
    assert!((9600..9700).contains(&bare), "{bare}");
    assert_eq!(first(true, false), bare);
    // 2.5 ms ahead.
    assert_eq!([first(false, true), first(true, true)], [bare - 120; 2]);
}
