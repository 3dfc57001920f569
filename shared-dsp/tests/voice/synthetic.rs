//! Labelled voices.

use crate::heard;
use crate::support::voices::{RATE, Syllable, phrases, voice};
use shared_dsp::db;
use shared_dsp::random::Random;
use shared_dsp::voice::{DEFAULT_KEY_LEVEL_LUFS, VoiceActivity};
use std::f64::consts::TAU;

fn detector() -> VoiceActivity {
    let mut detector = VoiceActivity::new();
    detector.prepare(RATE);
    detector
}

fn activity(key: &[f32]) -> Vec<f32> {
    crate::activity(key, RATE)
}

fn edges(activity: &[f32]) -> Vec<(f64, bool)> {
    crate::edges(activity, RATE)
}

#[test]
fn a_syllable_after_a_reset_opens_within_thirty_milliseconds() {
    for gain_db in [-12.0, 0.0, 12.0] {
        let activity = activity(&voice(&[(0.1, 0.3, 140.0, 0.0)], 1.0, gain_db));
        let at = |s: f64| activity[(s * RATE) as usize];
        assert_eq!(at(0.1), 0.0);
        assert_eq!(at(0.13), 1.0, "{gain_db} dB");
        assert_eq!(at(0.7), 0.0, "{gain_db} dB");
    }
}

#[test]
fn phrases_are_found_where_they_are() {
    let edges = edges(&activity(&voice(&phrases(), 9.0, 0.0)));
    assert_eq!(edges.len(), 8, "{edges:?}");
    for (phrase, pair) in edges.chunks(2).enumerate() {
        let start = 0.5 + 2.0 * phrase as f64;
        let (opens, closes) = (pair[0].0 - start, pair[1].0 - (start + 0.22 * 4.0 + 0.17));
        assert!((0.0..0.02).contains(&opens), "opens {opens} s late");
        assert!((0.18..0.25).contains(&closes), "closes {closes} s late");
    }
}

#[test]
fn the_level_of_the_key_moves_no_edge() {
    let at = |gain_db| edges(&activity(&voice(&phrases(), 9.0, gain_db)));
    let wanted = at(0.0);
    for gain_db in [-12.0, -6.0, 6.0, 12.0] {
        let found = at(gain_db);
        assert_eq!(found.len(), wanted.len(), "{gain_db} dB: {found:?}");
        // From the second phrase on: the first one teaches.
        for (found, wanted) in found[2..].iter().zip(&wanted[2..]) {
            assert!((found.0 - wanted.0).abs() < 0.01, "{gain_db} dB: {found:?}, {wanted:?}");
        }
    }
}

#[test]
fn a_start_in_the_middle_hears_what_the_whole_heard() {
    // 30 s of phrases, and the same from 20 s on.
    let long: Vec<Syllable> = (0..15)
        .flat_map(|k| phrases().into_iter().take(5).map(move |s| (k, s)))
        .map(|(k, (from, to, pitch, level))| {
            (from + 2.0 * f64::from(k), to + 2.0 * f64::from(k), pitch, level)
        })
        .collect();
    let key = voice(&long, 31.0, 5.0);
    let late = (20.0 * RATE) as usize;
    let (whole, part) = (activity(&key), activity(&key[late..]));
    let after = (21.0 * RATE) as usize;
    let apart = whole[after..].iter().zip(&part[after - late..]);
    let longest = apart.filter(|(a, b)| (*a - *b).abs() > 0.05).count();
    assert!(longest as f64 / RATE < 0.02, "{longest} samples");
}

#[test]
fn a_trembling_vowel_never_toggles() {
    let mut key = voice(&[(0.2, 6.0, 150.0, 0.0)], 6.5, 0.0);
    for (n, x) in key.iter_mut().enumerate() {
        let t = n as f64 / RATE;
        *x *= db::to_gain(3.0 * (TAU * 5.0 * t).sin()) as f32;
    }
    assert_eq!(edges(&activity(&key)).len(), 2);
}

#[test]
fn silence_breath_and_bleed_never_open_it() {
    let mut random = Random::new(4);
    let mut low = 0.0;
    let breath: Vec<f32> = (0..240_000)
        .map(|n| {
            // −54 LUFS of noise that swells and falls, duller than white.
            low += 0.3 * (random.bipolar() - low);
            let swell = (TAU * 0.4 * n as f64 / RATE).sin().powi(2);
            (0.0045 * swell * low) as f32
        })
        .collect();
    let bleed = voice(&phrases(), 9.0, -30.0);
    for (what, key) in [("silence", vec![0.0; 48_000]), ("breath", breath), ("bleed", bleed)] {
        assert!(activity(&key).iter().all(|a| *a == 0.0), "{what}");
    }
    // And what is not there at all.
    let (mut detector, mut out) = (detector(), [1.0; 64]);
    detector.process(&[], &mut out);
    assert_eq!(out, [0.0; 64]);
}

#[test]
fn neither_blocks_nor_rubbish_change_what_is_heard() {
    let mut key = voice(&phrases(), 9.0, 0.0);
    let wanted = activity(&key);
    for block in [1, 17, 64, 1000, 200_000] {
        assert!(heard(&mut detector(), &key, block) == wanted, "blocks of {block}");
    }
    let mut used = detector();
    heard(&mut used, &key, 333);
    used.reset();
    assert!(heard(&mut used, &key, 480) == wanted, "after a reset");
    let silent: Vec<usize> = (0..key.len()).step_by(97).collect();
    for n in &silent {
        key[*n] = 0.0;
    }
    let wanted = activity(&key);
    for n in &silent {
        key[*n] = [f32::NAN, f32::INFINITY][n % 2];
    }
    assert!(activity(&key) == wanted, "not a number");
    assert!(wanted.iter().all(|a| (0.0..=1.0).contains(a)));
}

#[test]
fn every_rate_hears_the_same() {
    for rate in [8_000.0, 44_100.0, 96_000.0, 192_000.0] {
        let mut detector = VoiceActivity::new();
        detector.prepare(rate);
        let key: Vec<f32> = (0..(0.6 * rate) as usize)
            .map(|n| {
                let t = n as f64 / rate;
                let on = (0.1..0.3).contains(&t);
                if on { (0.06 * (TAU * 800.0 * t).sin()) as f32 } else { 0.0 }
            })
            .collect();
        let mut out = vec![0.0; key.len()];
        detector.process(&[&key], &mut out);
        let at = |s: f64| out[(s * rate) as usize];
        assert_eq!((at(0.099), at(0.125), at(0.49), at(0.55)), (0.0, 1.0, 1.0, 0.0), "{rate} Hz");
    }
}

#[test]
fn the_reference_rises_soon_and_falls_late() {
    let mut loud = detector();
    heard(&mut loud, &voice(&[(0.0, 0.4, 150.0, 0.0)], 0.4, 12.0), 480);
    let mut settled = loud.clone();
    heard(&mut settled, &voice(&[(0.0, 2.0, 150.0, 0.0)], 2.0, 12.0), 480);
    assert!((loud.reference_lufs() - settled.reference_lufs()).abs() < 0.5);
    assert!(settled.reference_lufs() > DEFAULT_KEY_LEVEL_LUFS + 6.0);
    // Ten seconds of a voice 12 dB lower: a dB. Ten seconds of silence: what the hold lets fall.
    let before = settled.reference_lufs();
    let mut quieter = settled.clone();
    heard(&mut quieter, &voice(&[(0.0, 10.0, 150.0, 0.0)], 10.0, 0.0), 480);
    assert!((before - quieter.reference_lufs() - 1.0).abs() < 0.05);
    heard(&mut settled, &vec![0.0; 480_000], 480);
    assert!(before - settled.reference_lufs() < 0.05);
}
