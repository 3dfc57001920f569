//! What is taken off labelled voices: enough of an s, in time, and next to nothing of a vowel.

use crate::singer::{S_HZ, SINGERS, Singer, Sound, louder, phrase, sing};
use crate::{KEYED, RATE, WAYS, Way, by, energy, prepared, processed, run, run_with, sine};
use shared_dsp::Processor;
use shared_dsp::db;
use shared_dsp::de_esser::{DeEsserParams, Detect, Mode, Readings};

/// How long after an s a vowel is a held one: the release, twice.
const HELD: usize = (0.02 * RATE) as usize;

#[test]
fn an_s_loses_four_decibels_and_a_held_vowel_none() {
    let (mut least, mut most) = ([f64::INFINITY; 4], [0f64; 4]);
    for (seed, singer) in SINGERS.into_iter().enumerate() {
        for s_hz in S_HZ {
            let (voice, labels) = phrase(singer, s_hz, seed as u64);
            for ((way, least), most) in WAYS.into_iter().zip(&mut least).zip(&mut most) {
                let output = processed(&mut by(way, RATE, &DeEsserParams::DEFAULT), &voice);
                for label in &labels {
                    let skipped = if matches!(label.sound, Sound::Vowel(_)) { HELD } else { 0 };
                    let range = label.from + skipped..label.to;
                    let lost_db =
                        db::from_power(energy(&voice[range.clone()]) / energy(&output[range]));
                    if skipped == 0 {
                        *least = least.min(lost_db);
                        assert!(
                            (4.0..=6.01).contains(&lost_db),
                            "{lost_db}: {singer:?}, {s_hz}, {way:?}"
                        );
                    } else {
                        *most = most.max(lost_db.abs());
                        assert!(lost_db.abs() < 0.2, "{lost_db}: {label:?}, {singer:?}, {way:?}");
                    }
                }
            }
        }
    }
    println!("an s loses at least {least:.2?} dB, a held vowel at most {most:.4?}");
}

#[test]
fn a_voice_is_treated_alike_however_loud_it_is() {
    let mut worst = 0f64;
    for (seed, singer) in SINGERS.into_iter().enumerate() {
        for s_hz in S_HZ {
            let (voice, labels) = phrase(singer, s_hz, 10 + seed as u64);
            for way in WAYS {
                // Over all s-sounds, and over everything.
                let mean_db = |gain_db: f64| -> [f64; 2] {
                    let voice = louder(&voice, gain_db);
                    let output = processed(&mut by(way, RATE, &DeEsserParams::DEFAULT), &voice);
                    let of_s: Vec<f64> = labels
                        .iter()
                        .filter(|label| matches!(label.sound, Sound::S(_)))
                        .map(|label| {
                            let [before, after] =
                                [&voice, &output].map(|audio| energy(&audio[label.from..label.to]));
                            db::from_power(before / after)
                        })
                        .collect();
                    [
                        of_s.iter().sum::<f64>() / of_s.len() as f64,
                        db::from_power(energy(&voice) / energy(&output)),
                    ]
                };
                let as_it_is = mean_db(0.0);
                for moved_db in [-15.0, 15.0] {
                    for (moved, still) in mean_db(moved_db).into_iter().zip(as_it_is) {
                        worst = worst.max((moved - still).abs());
                        assert!(
                            (moved - still).abs() <= 0.5,
                            "{moved}, {still} by {moved_db}: {singer:?}, {s_hz}, {way:?}"
                        );
                    }
                }
            }
        }
    }
    println!("15 dB either way change the mean reduction by at most {worst:.4} dB");
}

#[test]
fn the_vowel_behind_an_s_is_there_at_once() {
    let mut worst = [0f64; 4];
    for (seed, singer) in SINGERS.into_iter().enumerate() {
        for s_hz in S_HZ {
            let (voice, labels) = phrase(singer, s_hz, 70 + seed as u64);
            for (way, worst) in WAYS.into_iter().zip(&mut worst) {
                let output = processed(&mut by(way, RATE, &DeEsserParams::DEFAULT), &voice);
                for pair in labels.windows(2).filter(|pair| matches!(pair[0].sound, Sound::S(_))) {
                    let start = pair[1].from..pair[1].from + (0.1 * RATE) as usize;
                    let [before, after] =
                        [&voice, &output].map(|audio| energy(&audio[start.clone()]));
                    *worst = worst.max(db::from_power(before / after));
                }
            }
        }
    }
    println!("the first 100 ms of a vowel lose at most {worst:.3?} dB");
    let [bell, shelf, wide, split] = worst;
    assert!(wide <= 0.5 && [bell, shelf, split].iter().all(|lost_db| *lost_db <= 0.05));
}

#[test]
fn a_trembling_voice_toggles_nothing() {
    // 6 dB of tremolo, 5 times a second.
    let tremble = |audio: &mut [f32]| {
        for (n, x) in audio.iter_mut().enumerate() {
            *x *= db::to_gain(3.0 * (std::f64::consts::TAU * 5.0 * n as f64 / RATE).sin()) as f32;
        }
    };
    for (seed, singer) in SINGERS.into_iter().enumerate() {
        for vowel in [0, 1, 2, 3] {
            let (mut voice, _) =
                sing(singer, &[(Sound::Vowel(vowel), 3000.0)], 20.0, 80 + seed as u64);
            tremble(&mut voice);
            for way in WAYS {
                let params = DeEsserParams { range_db: 24.0, ..DeEsserParams::DEFAULT };
                assert!(
                    processed(&mut by(way, RATE, &params), &voice) == voice,
                    "{singer:?}, {way:?}"
                );
            }
        }
    }
    // And what is sibilant by a dB, or is not by half of the hysteresis, is so throughout.
    let length = 144_000;
    let stem = [vec![0.25; length], vec![0.25; length]];
    for (above_db, is_taken) in [(1.0, true), (-1.0, false)] {
        let gain = db::to_gain(KEYED.threshold_db() + above_db) as f32;
        let (body, s) = (sine(RATE, 700.0, 0.1, length), sine(RATE, 6700.0, 0.1, length));
        let mut key: Vec<f32> = body
            .iter()
            .zip(&s)
            .enumerate()
            .map(|(n, (body, s))| (n as f32 / 9600.0).min(1.0) * (body + gain * s))
            .collect();
        tremble(&mut key);
        let [output, _] = run(&mut prepared(RATE, &KEYED), &stem, &[key]);
        let settled = &output[length / 2..];
        assert!(settled.iter().all(|y| (*y < 0.25) == is_taken), "{above_db}");
    }
}

/// When after its label an s has lost half of the range, in ms.
fn caught_ms(voice: &[f32], onset: usize, lookahead: bool) -> f64 {
    let steady = vec![0.25; voice.len() + 240];
    let mut key = voice.to_vec();
    key.resize(steady.len(), 0.0);
    let mut de_esser = prepared(RATE, &KEYED);
    de_esser.set_lookahead(lookahead);
    let latency = de_esser.latency_samples();
    let [output, _] = run(&mut de_esser, &[steady.clone(), steady], &[key]);
    let half = 0.25 * db::to_gain(-0.5 * KEYED.range_db) as f32;
    // Not before: 5 ms ahead of the label nothing is turned down yet.
    assert_eq!(output[latency + onset - 240], 0.25);
    let at = (onset - 240..voice.len()).find(|n| output[latency + n] <= half).unwrap();
    (at as f64 - onset as f64) / RATE * 1e3
}

#[test]
fn the_onset_of_an_s_is_caught_within_3_ms_and_within_1_with_lookahead() {
    let mut worst = [f64::NEG_INFINITY; 2];
    for (seed, singer) in SINGERS.into_iter().enumerate() {
        for s_hz in S_HZ {
            for before in [Sound::Silence, Sound::Vowel(0), Sound::Vowel(1), Sound::Vowel(2)] {
                let sounds = [(before, 300.0), (Sound::S(s_hz), 100.0)];
                let (voice, labels) = sing(singer, &sounds, 2.0, 20 + seed as u64);
                for (lookahead, bound_ms) in [(false, 3.0), (true, 1.0)] {
                    let got = caught_ms(&voice, labels[1].from, lookahead);
                    let worst = &mut worst[usize::from(lookahead)];
                    *worst = worst.max(got);
                    assert!(got <= bound_ms, "{got} ms: {singer:?}, {s_hz}, {before:?}");
                }
            }
        }
    }
    println!("caught after {worst:.2?} ms at most, without and with lookahead");
}

#[test]
fn where_nothing_is_sibilant_the_output_is_the_input_to_the_bit() {
    for (seed, singer) in SINGERS.into_iter().enumerate() {
        let vowels = [0, 1, 2, 3].map(|vowel| (Sound::Vowel(vowel), 400.0));
        let (voice, _) = sing(singer, &vowels, 20.0, 30 + seed as u64);
        for way in WAYS {
            for lookahead in [false, true] {
                let params = DeEsserParams { range_db: 24.0, ..DeEsserParams::DEFAULT };
                let mut de_esser = by(way, RATE, &params);
                de_esser.set_lookahead(lookahead);
                let wanted =
                    if lookahead { 240 } else { 0 } + if way == Way::Split { 96 } else { 0 };
                assert_eq!(de_esser.latency_samples(), wanted);
                assert!(processed(&mut de_esser, &voice) == voice, "{singer:?}, {way:?}");
            }
        }
        // It was listening: a single s is turned down.
        let (voice, _) =
            sing(singer, &[vowels[0], (Sound::S(6500.0), 100.0)], 20.0, 40 + seed as u64);
        let mut de_esser = by(Way::Of(Mode::Bell), RATE, &DeEsserParams::DEFAULT);
        assert!(processed(&mut de_esser, &voice) != voice);
    }
}

#[test]
fn what_is_quieter_than_the_gate_is_left_alone() {
    let (voice, labels) = phrase(SINGERS[1], 6500.0, 50);
    // An s at −28 dBFS RMS, as a sine at −25: moved to −61, and to −49.
    for (gain_db, is_touched) in [(-36.0, false), (-24.0, true)] {
        let voice = louder(&voice, gain_db);
        for way in WAYS {
            let output = processed(&mut by(way, RATE, &DeEsserParams::DEFAULT), &voice);
            let label = labels[1];
            assert_eq!(output[label.from..label.to] != voice[label.from..label.to], is_touched);
        }
    }
}

#[test]
fn an_absolute_threshold_is_one() {
    let (voice, labels) = phrase(SINGERS[2], 6500.0, 60);
    let params = DeEsserParams { detect: Detect::Absolute, ..DeEsserParams::DEFAULT };
    assert!((params.threshold_db() + 30.0).abs() < 1e-9);
    let lost_db = |gain_db: f64| {
        let voice = louder(&voice, gain_db);
        let output = processed(&mut by(Way::Of(Mode::Wide), RATE, &params), &voice);
        let label = labels[1];
        let [before, after] = [&voice, &output].map(|audio| energy(&audio[label.from..label.to]));
        db::from_power(before / after)
    };
    assert!(lost_db(10.0) > 5.0, "{}", lost_db(10.0));
    assert_eq!(lost_db(-20.0), 0.0);
}

#[test]
fn the_readings_tell_an_s_from_a_vowel() {
    let (mut vowels_db, mut s_db) = (f64::NEG_INFINITY, f64::INFINITY);
    for singer in SINGERS {
        for sound in [0, 1, 2, 3].map(Sound::Vowel).into_iter().chain(S_HZ.map(Sound::S)) {
            // One breathier than all others.
            let singer = Singer { breath_db: singer.breath_db + 5.0, ..singer };
            let (voice, _) = sing(singer, &[(sound, 600.0)], 30.0, 1);
            let mut de_esser = prepared(RATE, &DeEsserParams::DEFAULT);
            run_with(&mut de_esser, &[voice.clone(), voice], &[], 512, |de_esser, at| {
                if !(4800..24_000).contains(&at) {
                    return;
                }
                let Readings { sibilance_db, sureness, .. } = de_esser.readings();
                if let Sound::Vowel(_) = sound {
                    vowels_db = vowels_db.max(sibilance_db);
                    assert_eq!(sureness, 0.0, "{sibilance_db}: {singer:?}, {sound:?}");
                } else {
                    s_db = s_db.min(sibilance_db);
                    assert_eq!(sureness, 1.0, "{sibilance_db}: {singer:?}, {sound:?}");
                }
            });
        }
    }
    println!("vowels up to {vowels_db:.1} dB, s-sounds from {s_db:.1} dB on");
    let threshold_db = DeEsserParams::DEFAULT.threshold_db();
    assert!(vowels_db < threshold_db - 2.0 && s_db > threshold_db + 20.0);
}

#[test]
fn it_begins_at_the_threshold_and_ends_two_decibels_below() {
    let length = 48_000;
    let stem = [vec![0.25; length], vec![0.25; length]];
    for sensitivity in [0.3, 0.5, 0.8] {
        let params = DeEsserParams { sensitivity, range_db: 24.0, ..KEYED };
        // Half a second of one ratio and half of another: what is taken off at the end.
        let taken_db = |above_db: [f64; 2]| {
            let (body, s) = (sine(RATE, 700.0, 0.1, length), sine(RATE, 6700.0, 0.1, length));
            let key: Vec<f32> = (0..length)
                .map(|n| {
                    let above_db = above_db[usize::from(n >= length / 2)];
                    let gain = db::to_gain(params.threshold_db() + above_db) as f32;
                    let fade = (n as f32 / 9600.0).min(1.0);
                    fade * (body[n] + gain * s[n])
                })
                .collect();
            let [output, _] = run(&mut prepared(RATE, &params), &stem, &[key]);
            -db::from_gain(f64::from(output[length - 1]) / 0.25)
        };
        assert_eq!(taken_db([-6.0, -0.5]), 0.0);
        assert!(taken_db([-6.0, 1.5]) > 0.5);
        assert!(taken_db([6.0, -0.5]) > 0.02);
        assert_eq!(taken_db([6.0, -3.5]), 0.0);
        // And a dB for a dB from where the knee ends.
        let [six, ten] = [taken_db([0.0, 6.0]), taken_db([0.0, 10.0])];
        assert!((ten - six - 4.0).abs() < 0.1, "{six}, {ten}");
    }
}
