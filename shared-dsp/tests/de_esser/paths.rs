//! What hears what and turns down what: link, stereo mode, key, key listen, lookahead, switches.

use crate::singer::{SINGERS, phrase};
use crate::{
    KEYED, RATE, WAYS, Way, by, drawn_db, energy, prepared, processed, run, run_with, sine,
};
use shared_dsp::Processor;
use shared_dsp::contract::programme;
use shared_dsp::db;
use shared_dsp::de_esser::{DeEsserParams, KeySource, Mode, StereoMode};
use shared_dsp::dry_path::{DryPath, Monitor};

#[test]
fn a_link_shares_that_part_of_the_reduction() {
    let length = 48_000;
    let steady = [vec![0.25; length], vec![0.25; length]];
    let key = [sine(RATE, 7000.0, 0.5, length), sine(RATE, 500.0, 0.5, length)];
    for (link, right_db) in [(0.0, 0.0), (0.5, 3.0), (1.0, 6.0)] {
        let params = DeEsserParams { link, ..KEYED };
        let output = run(&mut prepared(RATE, &params), &steady, &key);
        let got = [0, 1].map(|c| -db::from_gain(f64::from(output[c][length - 1]) / 0.25));
        assert!((got[0] - 6.0).abs() < 0.01, "{got:?}");
        assert!((got[1] - right_db).abs() < 0.01, "{got:?} at {link}");
        // Where it begins, any tone is a click.
        assert!(link > 0.0 || output[1][length / 2..] == steady[1][length / 2..]);
    }
}

#[test]
fn mid_and_side_are_turned_down_on_their_own() {
    let length = 48_000;
    let (mid, side) = (sine(RATE, 6700.0, 0.3, length), sine(RATE, 500.0, 0.1, length));
    let stem = [
        mid.iter().zip(&side).map(|(m, s)| m + s).collect::<Vec<f32>>(),
        mid.iter().zip(&side).map(|(m, s)| m - s).collect(),
    ];
    for way in WAYS {
        let params =
            DeEsserParams { stereo_mode: StereoMode::MidSide, link: 0.0, ..DeEsserParams::DEFAULT };
        let mut de_esser = by(way, RATE, &params);
        let latency = de_esser.latency_samples();
        let [left, right] = run(&mut de_esser, &stem, &[]);
        let part = |sign: f32| -> Vec<f32> {
            (length / 2..length).map(|n| 0.5 * (left[n] + sign * right[n])).collect()
        };
        let against =
            |x: &[f32], of: &[f32]| db::from_power(energy(x) / energy(&of[length / 2..length]));
        let (mid_db, side_db) = (against(&part(1.0), &mid), against(&part(-1.0), &side));
        let drawn_db = drawn_db(way, &params, 6700.0);
        assert!((mid_db - drawn_db).abs() < 0.02, "{mid_db}, {drawn_db}: {way:?}");
        assert!(side_db.abs() < 1e-3, "{side_db}: {way:?}, {latency}");
        // The reading says which.
        let [mid_db, side_db] = de_esser.readings().reduction_db;
        assert!(mid_db > 5.9 && side_db == 0.0);
    }
}

#[test]
fn a_mono_stem_is_what_both_channels_of_it_are() {
    let (voice, _) = phrase(SINGERS[2], 6500.0, 70);
    for way in WAYS {
        let params = DeEsserParams::DEFAULT;
        let mut stereo = by(way, RATE, &params);
        let [both, _] = run(&mut stereo, &[voice.clone(), voice.clone()], &[]);
        let mut mono = voice.clone();
        let mut de_esser = by(way, RATE, &params);
        for block in mono.chunks_mut(512) {
            de_esser.process(&mut [block], &[]);
        }
        assert!(mono == both, "{way:?}");
    }
}

#[test]
fn what_is_listened_to_is_what_the_detector_hears() {
    let length = 48_000;
    let silence = [vec![0.0; length], vec![0.0; length]];
    for key_source in KeySource::ALL {
        for (hz, least_db, most_db) in [(6700.0, -2.0, 0.1), (1000.0, -200.0, -50.0)] {
            let tone = sine(RATE, hz, 0.5, length);
            let params = DeEsserParams { key_listen: true, key_source, ..DeEsserParams::DEFAULT };
            let mut de_esser = prepared(RATE, &params);
            let [left, right] = if key_source == KeySource::External {
                run(&mut de_esser, &silence, std::slice::from_ref(&tone))
            } else {
                run(&mut de_esser, &[tone.clone(), tone.clone()], &[])
            };
            assert!(left == right);
            let half = length / 2..;
            let heard_db = db::from_power(energy(&left[half.clone()]) / energy(&tone[half]));
            assert!((least_db..=most_db).contains(&heard_db), "{heard_db} at {hz}");
        }
    }
}

#[test]
fn a_lookahead_moves_the_gain_ahead_of_the_key_and_never_the_latency() {
    let length = 9600;
    let stem = sine(RATE, 1000.0, 0.5, length);
    let tone = sine(RATE, 7000.0, 0.5, length);
    let key: Vec<f32> = (0..length).map(|n| if n < 4800 { 0.0 } else { tone[n] }).collect();
    let mut at = Vec::new();
    for lookahead_ms in [0.0, 2.0, 5.0] {
        let params = DeEsserParams { lookahead_ms, attack_ms: 0.05, ..KEYED };
        let mut de_esser = prepared(RATE, &params);
        assert_eq!(de_esser.latency_samples(), 0);
        de_esser.set_lookahead(true);
        assert_eq!(de_esser.latency_samples(), 240);
        let output = run(&mut de_esser, &[stem.clone(), stem.clone()], std::slice::from_ref(&key));
        at.push((240..length).find(|&n| output[0][n] != stem[n - 240]).unwrap());
    }
    assert_eq!([at[0] - at[1], at[0] - at[2]], [96, 240]);
    assert!(at[0] - 240 - 4800 < 24, "{at:?}");
}

#[test]
fn dry_and_delta_are_wet() {
    let (voice, _) = phrase(SINGERS[0], 6500.0, 80);
    let other: Vec<f32> = voice.iter().rev().copied().collect();
    let input = [voice, other];
    for way in WAYS {
        let heard = |monitor: Monitor| {
            let params = DeEsserParams { range_db: 24.0, ..DeEsserParams::DEFAULT };
            let mut de_esser = by(way, RATE, &params);
            let mut path = DryPath::new();
            path.prepare(RATE, 256, de_esser.latency_samples());
            let [mut left, mut right] = input.clone();
            for (left, right) in left.chunks_mut(256).zip(right.chunks_mut(256)) {
                path.capture(&[&*left, &*right]);
                de_esser.process(&mut [left, right], &[]);
                path.finish(&mut [left, right], monitor);
            }
            [left, right]
        };
        let none = Monitor::default();
        let wet = heard(none);
        let dry = heard(Monitor { bypass: true, ..none });
        let delta = heard(Monitor { delta: true, ..none });
        let mut worst = 0f64;
        for c in 0..2 {
            for n in 0..wet[c].len() {
                let [wet, dry, delta] = [&wet, &dry, &delta].map(|x| f64::from(x[c][n]));
                worst = worst.max((dry + delta - wet).abs());
            }
        }
        assert!(delta[0].iter().any(|x| x.abs() > 0.01));
        println!("{way:?}: {:.1} dBFS", db::from_gain(worst));
        assert!(db::from_gain(worst) <= -140.0, "{worst}: {way:?}");
    }
}

#[test]
fn a_setting_that_arrives_later_is_the_same_setting() {
    let noise = programme(11, 2, RATE);
    let input = [noise[0].clone(), noise[1].clone()];
    let silence = [vec![0.0; 24_000], vec![0.0; 24_000]];
    let sets = [
        DeEsserParams { low_hz: 3000.0, high_hz: 12_000.0, ..DeEsserParams::DEFAULT },
        DeEsserParams { mode: Mode::Shelf, range_db: 12.0, ..DeEsserParams::DEFAULT },
        DeEsserParams { mode: Mode::Wide, sensitivity: 0.8, link: 0.2, ..DeEsserParams::DEFAULT },
        DeEsserParams { stereo_mode: StereoMode::MidSide, ..DeEsserParams::DEFAULT },
        DeEsserParams { key_source: KeySource::External, ..DeEsserParams::DEFAULT },
    ];
    for params in sets {
        for is_split in [false, true] {
            let key = [input[1].clone()];
            let mut fresh = prepared(RATE, &params);
            fresh.set_split(is_split);
            run(&mut fresh, &silence, &[]);
            let expected = run(&mut fresh, &input, &key);
            let mut late = prepared(RATE, &DeEsserParams::DEFAULT);
            late.set_split(is_split);
            run(&mut late, &silence, &[]);
            late.set_params(&params);
            run(&mut late, &silence, &[]);
            let output = run(&mut late, &input, &key);
            let differs = output[0].iter().zip(&expected[0]).filter(|(a, b)| a != b).count();
            assert_eq!(differs, 0, "{params:?}, {is_split}");
        }
    }
}

#[test]
fn nothing_that_changes_clicks() {
    // Under a key that is sibilant throughout, a low tone shows whatever does not belong to it.
    let length = 48_000;
    let tone = sine(RATE, 100.0, 0.5, length);
    let key = sine(RATE, 6700.0, 0.5, length);
    let base = DeEsserParams { range_db: 12.0, key_source: KeySource::External, ..KEYED };
    let sets = [
        DeEsserParams { mode: Mode::Shelf, ..base },
        DeEsserParams { mode: Mode::Bell, ..base },
        DeEsserParams { stereo_mode: StereoMode::MidSide, ..base },
        DeEsserParams { key_source: KeySource::Internal, ..base },
        DeEsserParams { range_db: 0.0, ..base },
        DeEsserParams { sensitivity: 0.0, ..base },
        DeEsserParams { low_hz: 3000.0, high_hz: 14_000.0, ..base },
    ];
    let residue_dbfs = |audio: &[f32]| {
        // Three differences leave next to nothing of 100 Hz, and all of a click.
        let mut x: Vec<f64> = audio.iter().map(|x| f64::from(*x)).collect();
        for _ in 0..3 {
            x = x.windows(2).map(|w| w[1] - w[0]).collect();
        }
        db::from_gain(x.iter().fold(0f64, |most, x| most.max(x.abs())))
    };
    let both_ways = sets.iter().flat_map(|set| [(base, *set), (*set, base)]);
    for ((from, to), is_split) in both_ways.flat_map(|pair| [(pair, false), (pair, true)]) {
        let mut de_esser = prepared(RATE, &from);
        de_esser.set_split(is_split);
        let [output, _] = run_with(
            &mut de_esser,
            &[tone.clone(), tone.clone()],
            std::slice::from_ref(&key),
            500,
            |de_esser, at| {
                if at == 24_000 {
                    de_esser.set_params(&to);
                }
            },
        );
        let residue = residue_dbfs(&output[12_000..]);
        assert!(residue < -80.0, "{residue} dBFS: {from:?} to {to:?}, {is_split}");
    }
    // The measure finds what it is there for: a step of 1 %.
    let mut stepped = tone.clone();
    stepped[30_000..].iter_mut().for_each(|x| *x += 0.005);
    assert!(residue_dbfs(&stepped) > -45.0);
}

#[test]
fn a_split_is_aligned_with_its_delay() {
    let (voice, _) = phrase(SINGERS[3], 8500.0, 90);
    let output = processed(&mut by(Way::Split, RATE, &DeEsserParams::DEFAULT), &voice);
    // What is turned down lies on what it is turned down of, to the sample: the wet signal fits the dry one
    // better than moved by one either way.
    let product = |shift: usize| -> f64 {
        let inner = 100..voice.len() - 100;
        inner.map(|n| f64::from(voice[n]) * f64::from(output[n + shift - 1])).sum()
    };
    assert!(product(1) > product(0) && product(1) > product(2));
}
