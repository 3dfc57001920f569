//! The contract, the null tests, and what is published.

use super::*;
use crate::meters::group;
use shared_dsp::db;
use shared_dsp::de_esser::{Detect, KeySource, Mode, StereoMode};
use shared_dsp::random::Random;
use std::f64::consts::TAU;

const DELTA: Monitor = Monitor { delta: true, ..Monitor::OFF };
const BYPASS: Monitor = Monitor { bypass: true, ..Monitor::OFF };
const MATCH: Monitor = Monitor { matched: true, ..Monitor::OFF };
const KEY: Monitor = Monitor { key: true, ..Monitor::OFF };

const OFF: DeEsserParams = DeEsserParams { range_db: 0.0, ..DeEsserParams::DEFAULT };
/// Works hard on nearly everything.
const BUSY: DeEsserParams = DeEsserParams {
    sensitivity: 0.9,
    range_db: 12.0,
    attack_ms: 1.0,
    release_ms: 30.0,
    ..DeEsserParams::DEFAULT
};
/// The same keyed, by level, everywhere.
const KEYED: DeEsserParams = DeEsserParams {
    detect: Detect::Absolute,
    key_source: KeySource::External,
    mode: Mode::Wide,
    link: 0.6,
    ..BUSY
};
const MID_SIDE: DeEsserParams = DeEsserParams {
    mode: Mode::Shelf,
    stereo_mode: StereoMode::MidSide,
    link: 0.0,
    low_hz: 3500.0,
    high_hz: 12_000.0,
    ..BUSY
};

const fn with(de_esser: DeEsserParams, monitor: Monitor) -> DeEsserSettings {
    DeEsserSettings { de_esser, monitor, ..DeEsserSettings::DEFAULT }
}

const fn ahead(settings: DeEsserSettings) -> DeEsserSettings {
    DeEsserSettings { lookahead: true, ..settings }
}

const fn split(settings: DeEsserSettings) -> DeEsserSettings {
    DeEsserSettings { split: true, ..settings }
}

shared_dsp::contract! {
    mod contract_of_stem_de_esser;
    new: StemDeEsserDsp::default,
    settings: [
        with(OFF, Monitor::OFF),
        with(BUSY, Monitor::OFF),
        with(KEYED, Monitor::OFF),
        with(MID_SIDE, Monitor::OFF),
        with(BUSY, DELTA),
        with(BUSY, MATCH),
        with(KEYED, KEY),
        with(KEYED, BYPASS),
    ],
}

shared_dsp::contract! {
    mod contract_with_lookahead;
    new: StemDeEsserDsp::default,
    settings: [
        ahead(with(OFF, Monitor::OFF)),
        ahead(with(BUSY, Monitor::OFF)),
        ahead(with(KEYED, DELTA)),
        ahead(with(MID_SIDE, KEY)),
        ahead(with(BUSY, BYPASS)),
    ],
}

shared_dsp::contract! {
    mod contract_of_split;
    new: StemDeEsserDsp::default,
    settings: [
        split(with(OFF, Monitor::OFF)),
        split(with(BUSY, Monitor::OFF)),
        split(with(KEYED, MATCH)),
        split(with(MID_SIDE, DELTA)),
        split(with(BUSY, BYPASS)),
    ],
}

shared_dsp::contract! {
    mod contract_of_split_with_lookahead;
    new: StemDeEsserDsp::default,
    settings: [
        ahead(split(with(OFF, Monitor::OFF))),
        ahead(split(with(BUSY, DELTA))),
        ahead(split(with(KEYED, KEY))),
        ahead(split(with(MID_SIDE, BYPASS))),
    ],
}

const RATE: f64 = 48_000.0;
const BLOCK: usize = 480;

fn prepared(settings: &DeEsserSettings) -> StemDeEsserDsp {
    let mut dsp = StemDeEsserDsp::default();
    dsp.prepare(RATE, BLOCK);
    dsp.set_params(settings);
    dsp
}

/// A stereo voice in small: vowels of low partials and, a third of the time, an s of noise without lows.
fn voice(seed: u64, seconds: f64) -> [Vec<f32>; 2] {
    let mut random = Random::new(seed);
    let length = (seconds * RATE) as usize;
    let hz = 150.0 + 20.0 * seed as f64;
    let mut last = [0.0f64; 2];
    let mut channels = [Vec::with_capacity(length), Vec::with_capacity(length)];
    for n in 0..length {
        let is_s = (n + 3001 * seed as usize) % 9600 < 3200;
        let vowel: f64 =
            (1..12).map(|k| (TAU * hz * f64::from(k) * n as f64 / RATE).sin() / f64::from(k)).sum();
        for (channel, last) in channels.iter_mut().zip(&mut last) {
            let noise = random.bipolar();
            let high = noise - std::mem::replace(last, noise);
            channel.push(if is_s { 0.15 * high } else { 0.1 * vowel } as f32);
        }
    }
    channels
}

/// Runs stereo audio through a processor, in blocks.
fn run(dsp: &mut StemDeEsserDsp, audio: &[Vec<f32>; 2], key: &[Vec<f32>; 2]) -> [Vec<f32>; 2] {
    let mut output = audio.clone();
    for from in (0..audio[0].len()).step_by(BLOCK) {
        let range = from..(from + BLOCK).min(audio[0].len());
        let [left, right] = &mut output;
        let mut views = [&mut left[range.clone()], &mut right[range.clone()]];
        dsp.process(&mut views, &[&key[0][range.clone()], &key[1][range]]);
    }
    output
}

const SWITCHES: [(bool, bool); 4] = [(false, false), (true, false), (false, true), (true, true)];

#[test]
fn without_a_range_it_passes_bit_for_bit_whatever_is_heard() {
    let (audio, key) = (voice(1, 1.0), voice(2, 1.0));
    for key_source in KeySource::ALL {
        for (lookahead, split) in SWITCHES {
            let de_esser = DeEsserParams { key_source, sensitivity: 1.0, ..OFF };
            let settings = DeEsserSettings { lookahead, split, ..with(de_esser, Monitor::OFF) };
            let mut dsp = prepared(&settings);
            let late = run(&mut dsp, &audio, &key);
            let latency = dsp.latency_samples();
            for (late, audio) in late.iter().zip(&audio) {
                assert!(late[..latency].iter().all(|x| *x == 0.0));
                assert_eq!(late[latency..], audio[..audio.len() - latency], "{settings:?}");
            }
        }
    }
}

#[test]
fn both_switches_add_their_latency_and_nothing_else() {
    let audio = voice(5, 0.5);
    let mut dsp = prepared(&with(OFF, Monitor::OFF));
    // Each is bypassed as it is processed: late by the same, and the same bits as soon as it is switched.
    for monitor in [Monitor::OFF, BYPASS] {
        for ((lookahead, split), wanted) in SWITCHES.into_iter().zip([0, 240, 96, 336]) {
            let settings = DeEsserSettings { lookahead, split, ..with(OFF, monitor) };
            dsp.set_params(&settings);
            assert_eq!(dsp.latency_samples(), wanted);
            dsp.reset();
            let late = run(&mut dsp, &audio, &audio);
            for (late, audio) in late.iter().zip(&audio) {
                assert!(late[..wanted].iter().all(|x| *x == 0.0));
                assert_eq!(late[wanted..], audio[..audio.len() - wanted], "{settings:?}");
            }
        }
    }
}

#[test]
fn dry_and_delta_sum_to_wet() {
    let (audio, key) = (voice(1, 2.0), voice(2, 2.0));
    for de_esser in [BUSY, KEYED, MID_SIDE] {
        for (lookahead, split) in SWITCHES {
            let heard = |monitor| {
                let settings = DeEsserSettings { de_esser, lookahead, split, monitor };
                run(&mut prepared(&settings), &audio, &key)
            };
            let (wet, dry, delta) = (heard(Monitor::OFF), heard(BYPASS), heard(DELTA));
            let mut changed = 0f64;
            for c in 0..2 {
                for n in 0..wet[c].len() {
                    let [wet, dry, delta] =
                        [&wet, &dry, &delta].map(|signal| f64::from(signal[c][n]));
                    changed = changed.max(delta.abs());
                    let residue_db = db::from_gain((dry + delta - wet).abs());
                    assert!(residue_db <= -140.0, "{residue_db} dBFS at {n}");
                }
            }
            assert!(changed > 0.01, "nothing was taken off");
        }
    }
}

#[test]
fn stems_under_one_key_sum_to_the_sum_under_it() {
    let (stems, key) = ([voice(1, 1.0), voice(3, 1.0)], voice(2, 1.0));
    let sum: [Vec<f32>; 2] = std::array::from_fn(|c| {
        (0..stems[0][c].len()).map(|n| stems.iter().map(|stem| stem[c][n]).sum()).collect()
    });
    for mode in Mode::ALL {
        for (lookahead, split) in SWITCHES {
            let de_esser = DeEsserParams { mode, ..KEYED };
            let settings = DeEsserSettings { lookahead, split, ..with(de_esser, Monitor::OFF) };
            let whole = run(&mut prepared(&settings), &sum, &key);
            let parts = stems.each_ref().map(|stem| run(&mut prepared(&settings), stem, &key));
            let late = prepared(&settings).latency_samples();
            let mut moved = 0f64;
            for c in 0..2 {
                for n in late..whole[c].len() {
                    let together: f64 = parts.iter().map(|part| f64::from(part[c][n])).sum();
                    let off_db = db::from_gain((together - f64::from(whole[c][n])).abs());
                    assert!(off_db < -130.0, "{off_db} dBFS at {n}: {settings:?}");
                    moved = moved.max(f64::from((whole[c][n] - sum[c][n - late]).abs()));
                }
            }
            assert!(moved > 0.01, "nothing was taken off");
        }
    }
}

fn read(dsp: &mut StemDeEsserDsp) -> impl Fn(Shown) -> f32 + use<> {
    let mut readings = vec![f32::NAN; READINGS.len()];
    let mut given = Vec::new();
    dsp.publish_traced(|index, value| {
        readings[index] = value;
        given.push(index);
    });
    given.sort_unstable();
    assert_eq!(given, TRACED);
    dsp.publish(|index, value| {
        assert!(!given.contains(&index), "{index} is published twice");
        given.push(index);
        readings[index] = value;
    });
    assert_eq!((given.len(), READINGS.len()), (READINGS.len(), Shown::Channels as usize + 1));
    move |shown| readings[shown as usize]
}

#[test]
fn every_reading_is_published_once_and_says_what_happens() {
    let mut dsp = prepared(&with(DeEsserParams { range_db: 6.0, ..BUSY }, Monitor::OFF));
    let nothing = read(&mut dsp);
    assert_eq!([Shown::KeyFed, Shown::GainReduction, Shown::Sureness].map(&nothing), [0.0; 3]);
    assert_eq!((nothing(Shown::Sibilance), nothing(Shown::Channels)), (-60.0, 0.0));
    // An s on the left alone: linked, both lose it.
    let mut random = Random::new(7);
    let (mut last, mut largest) = (0.0, 0f32);
    for block in 0..100 {
        let mut left = [0.0f32; BLOCK];
        for sample in &mut left {
            let noise = random.bipolar();
            *sample = (0.2 * (noise - std::mem::replace(&mut last, noise))) as f32;
        }
        let (mut right, key) = ([0.0f32; BLOCK], [0.01f32; BLOCK]);
        dsp.process(&mut [&mut left, &mut right], &[&key]);
        if block % 2 == 1 {
            largest = largest.max(read(&mut dsp)(Shown::GainReduction));
        }
    }
    let at = read(&mut dsp);
    for shown in [Shown::GainReduction, Shown::ReductionFirst, Shown::ReductionSecond] {
        assert!((5.9..=6.001).contains(&at(shown)), "{shown:?}: {}", at(shown));
    }
    assert!(at(Shown::Sibilance) > 3.0, "{}", at(Shown::Sibilance));
    assert_eq!([Shown::Sureness, Shown::KeyFed, Shown::Channels].map(&at), [1.0, 1.0, 2.0]);
    assert_eq!(at(Shown::ReductionMaximum), largest.max(at(Shown::GainReduction)));
    // Silence comes, and the maximum starts over.
    for _ in 0..200 {
        dsp.process(&mut [&mut [0.0; BLOCK], &mut [0.0; BLOCK]], &[]);
    }
    let _ = read(&mut dsp);
    dsp.obey(Orders { restart: group::MAXIMUM, ..Orders::default() });
    let at = read(&mut dsp);
    assert_eq!([Shown::ReductionMaximum, Shown::Sureness].map(&at), [0.0; 2]);
    assert_eq!(at(Shown::InputPeak), f32::NEG_INFINITY);
}

#[test]
fn no_s_is_lost_between_two_publications() {
    let audio = voice(4, 1.0);
    for every in [1usize, 2, 5] {
        let mut dsp = prepared(&with(BUSY, Monitor::OFF));
        let (mut often, mut seldom) = (0f64, 0f32);
        for (count, from) in (0..audio[0].len() - BLOCK).step_by(BLOCK).enumerate() {
            let [mut left, mut right] =
                [0, 1].map(|c: usize| audio[c][from..from + BLOCK].to_vec());
            dsp.process(&mut [&mut left, &mut right], &[]);
            let [first, second] = dsp.de_esser.readings().reduction_db;
            often = often.max(first).max(second);
            if count % every == every - 1 {
                seldom = seldom.max(read(&mut dsp)(Shown::GainReduction));
            }
        }
        let last = read(&mut dsp)(Shown::GainReduction);
        assert_eq!(seldom.max(last), often as f32);
    }
}

#[test]
fn matched_it_is_as_loud_as_bypassed_also_after_the_key_was_listened_to() {
    // Turns everything down, so that there is something to match.
    let wide = DeEsserParams { mode: Mode::Wide, sensitivity: 1.0, ..BUSY };
    let mut dsp = prepared(&with(wide, Monitor::OFF));
    let mut at = 0;
    let mut play = |dsp: &mut StemDeEsserDsp, monitor, blocks: usize| {
        dsp.set_params(&with(wide, monitor));
        let mut power = 0.0;
        for _ in 0..blocks {
            let mut block: [f32; BLOCK] = std::array::from_fn(|n| {
                let time = (at + n) as f64 / RATE;
                (0.02 * (TAU * 6500.0 * time).sin() + 0.05 * (TAU * 400.0 * time).sin()) as f32
            });
            at += BLOCK;
            dsp.process(&mut [&mut block], &[]);
            power = block.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>() / BLOCK as f64;
        }
        db::from_power(power)
    };
    let dry_db = play(&mut dsp, BYPASS, 100);
    let wet_db = play(&mut dsp, Monitor::OFF, 400);
    play(&mut dsp, KEY, 600);
    let matched_db = play(&mut dsp, MATCH, 100);
    assert!(wet_db - dry_db < -6.0, "{wet_db} of {dry_db}");
    assert!((matched_db - dry_db).abs() < 0.3, "{matched_db}, not {dry_db}");
    let held_db = dsp.match_db().expect("a gain is held");
    assert!((held_db - (dry_db - wet_db)).abs() < 0.3, "{held_db}");
}

#[test]
fn under_an_external_key_without_a_key_nothing_is_taken_off() {
    let audio = voice(7, 1.0);
    let mut dsp = prepared(&with(KEYED, Monitor::OFF));
    let silence = [vec![0.0; audio[0].len()], vec![0.0; audio[1].len()]];
    assert_eq!(run(&mut dsp, &audio, &silence), audio);
    assert_eq!(read(&mut dsp)(Shown::KeyFed), 0.0);
}
