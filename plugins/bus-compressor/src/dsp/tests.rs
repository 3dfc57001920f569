//! The contract, the null tests, and what is published.

use super::*;
use crate::meters::group;
use shared_dsp::compressor::{Character, KeyFilter, KeySource, StereoMode};
use shared_dsp::db;
use shared_dsp::random::Random;
use std::f64::consts::TAU;

const DELTA: Monitor = Monitor { delta: true, ..Monitor::OFF };
const BYPASS: Monitor = Monitor { bypass: true, ..Monitor::OFF };
const MATCH: Monitor = Monitor { matched: true, ..Monitor::OFF };
const KEY: Monitor = Monitor { key: true, ..Monitor::OFF };

/// Works hard, by its own signal.
const BUSY: BusCompressorParams = BusCompressorParams {
    threshold_db: -32.0,
    ratio: 4.0,
    attack_ms: 5.0,
    release_ms: 60.0,
    makeup_db: 3.0,
    ..BusCompressorParams::DEFAULT
};
/// The same keyed, as a console would, with nearly everything else in use.
const KEYED: BusCompressorParams = BusCompressorParams {
    key_source: KeySource::External,
    character: Character::Bus,
    auto_release: true,
    auto_makeup: true,
    mix: 0.7,
    link: 0.6,
    key_filter: KeyFilter { high_pass_hz: Some(90.0), tilt_db: 4.0, ..KeyFilter::DEFAULT },
    ..BUSY
};
const MID_SIDE: BusCompressorParams = BusCompressorParams {
    character: Character::Grab,
    stereo_mode: StereoMode::MidSide,
    hold_ms: 10.0,
    link: 0.0,
    ..BUSY
};

const fn with(compressor: BusCompressorParams, monitor: Monitor) -> CompressorSettings {
    CompressorSettings { compressor, monitor, lookahead: false }
}

const fn ahead(settings: CompressorSettings) -> CompressorSettings {
    CompressorSettings { lookahead: true, ..settings }
}

shared_dsp::contract! {
    mod contract_of_stem_bus_compressor;
    new: StemBusCompressorDsp::default,
    settings: [
        CompressorSettings::DEFAULT,
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
    new: StemBusCompressorDsp::default,
    settings: [
        ahead(CompressorSettings::DEFAULT),
        ahead(with(BUSY, Monitor::OFF)),
        ahead(with(KEYED, Monitor::OFF)),
        ahead(with(BUSY, DELTA)),
        ahead(with(KEYED, KEY)),
        ahead(with(BUSY, BYPASS)),
    ],
}

const RATE: f64 = 48_000.0;
const BLOCK: usize = 480;

fn prepared(settings: &CompressorSettings) -> StemBusCompressorDsp {
    let mut dsp = StemBusCompressorDsp::default();
    dsp.prepare(RATE, BLOCK);
    dsp.set_params(settings);
    dsp
}

fn tone(hz: f64, amplitude: f64, from: usize) -> [f32; BLOCK] {
    std::array::from_fn(|n| (amplitude * (TAU * hz * (from + n) as f64 / RATE).sin()) as f32)
}

/// Stereo noise in bursts, as loud as a stem.
fn stem(seed: u64, seconds: f64) -> [Vec<f32>; 2] {
    let mut random = Random::new(seed);
    let length = (seconds * RATE) as usize;
    let mut channel = || -> Vec<f32> {
        (0..length)
            .map(|n| {
                let since = ((n + 4001 * seed as usize) % 12_000) as f64;
                let burst = (-since / 3000.0).exp();
                (0.25 * burst * random.bipolar()) as f32
            })
            .collect()
    };
    [channel(), channel()]
}

/// Runs stereo audio through a processor, in blocks.
fn run(
    dsp: &mut StemBusCompressorDsp,
    audio: &[Vec<f32>; 2],
    key: &[Vec<f32>; 2],
) -> [Vec<f32>; 2] {
    let mut output = audio.clone();
    for from in (0..audio[0].len()).step_by(BLOCK) {
        let range = from..(from + BLOCK).min(audio[0].len());
        let [left, right] = &mut output;
        let mut views = [&mut left[range.clone()], &mut right[range.clone()]];
        dsp.process(&mut views, &[&key[0][range.clone()], &key[1][range]]);
    }
    output
}

#[test]
fn neutral_it_passes_bit_for_bit_whatever_the_key_does() {
    let (audio, key) = (stem(1, 1.0), stem(2, 1.0));
    for key_source in [KeySource::Internal, KeySource::External] {
        for character in Character::ALL {
            let compressor = BusCompressorParams {
                key_source,
                character,
                auto_makeup: true,
                ..BusCompressorParams::DEFAULT
            };
            let mut dsp = prepared(&with(compressor, Monitor::OFF));
            assert_eq!(run(&mut dsp, &audio, &key), audio, "{key_source:?} {character:?}");
            let mut dsp = prepared(&ahead(with(compressor, Monitor::OFF)));
            let late = run(&mut dsp, &audio, &key);
            let latency = dsp.latency_samples();
            assert_eq!(latency, 480);
            for (late, audio) in late.iter().zip(&audio) {
                assert_eq!(late[latency..], audio[..audio.len() - latency]);
            }
        }
    }
}

#[test]
fn dry_and_delta_sum_to_wet() {
    let (audio, key) = (stem(1, 2.0), stem(2, 2.0));
    for compressor in [BUSY, KEYED, MID_SIDE] {
        for lookahead in [false, true] {
            let heard = |monitor| {
                let settings = CompressorSettings { compressor, lookahead, monitor };
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
            assert!(changed > 0.01, "nothing was compressed");
        }
    }
}

#[test]
fn compressed_stems_sum_to_the_compressed_mix() {
    let stems = [stem(1, 2.0), stem(2, 2.0), stem(3, 2.0)];
    let mix: [Vec<f32>; 2] = std::array::from_fn(|c| {
        (0..stems[0][c].len()).map(|n| stems.iter().map(|stem| stem[c][n]).sum()).collect()
    });
    for character in Character::ALL {
        for stereo_mode in StereoMode::ALL {
            for lookahead in [false, true] {
                let compressor = BusCompressorParams { character, stereo_mode, ..KEYED };
                let settings = CompressorSettings { compressor, lookahead, monitor: Monitor::OFF };
                let whole = run(&mut prepared(&settings), &mix, &mix);
                let parts: Vec<_> =
                    stems.iter().map(|stem| run(&mut prepared(&settings), stem, &mix)).collect();
                let mut moved = 0f64;
                for c in 0..2 {
                    for n in 0..whole[c].len() {
                        let sum: f64 = parts.iter().map(|part| f64::from(part[c][n])).sum();
                        let off_db = db::from_gain((sum - f64::from(whole[c][n])).abs());
                        assert!(off_db < -130.0, "{off_db} dBFS at {n}: {settings:?}");
                        moved = moved.max(f64::from((whole[c][n] - mix[c][n]).abs()));
                    }
                }
                assert!(moved > 0.01, "nothing was compressed");
            }
        }
    }
}

fn read(dsp: &mut StemBusCompressorDsp) -> Vec<f32> {
    let mut readings = vec![f32::NAN; READINGS.len()];
    let mut given = Vec::new();
    dsp.publish_traced(|index, value| {
        readings[index] = value;
        given.push(index);
    });
    given.sort_unstable();
    let mut wanted = TRACED.to_vec();
    wanted.sort_unstable();
    assert_eq!(given, wanted);
    dsp.publish(|index, value| {
        assert!(!given.contains(&index), "{index} is published twice");
        given.push(index);
        readings[index] = value;
    });
    assert_eq!((given.len(), READINGS.len()), (READINGS.len(), Shown::HopSeconds as usize + 1));
    readings
}

#[test]
fn every_reading_is_published_once_and_says_what_happens() {
    let steady = BusCompressorParams {
        threshold_db: -30.0,
        ratio: 4.0,
        knee_db: 0.0,
        key_source: KeySource::External,
        ..BusCompressorParams::DEFAULT
    };
    let mut dsp = prepared(&with(steady, Monitor::OFF));
    dsp.obey(Orders { watched: true, ..Orders::default() });
    let at = |readings: &[f32], shown: Shown| readings[shown as usize];
    let nothing = read(&mut dsp);
    assert_eq!((at(&nothing, Shown::KeyFed), at(&nothing, Shown::GainReduction)), (0.0, 0.0));
    assert_eq!(at(&nothing, Shown::KeyLevel), -200.0);
    for block in 0..200 {
        let (mut left, mut right) = (tone(440.0, 0.5, block * BLOCK), tone(440.0, 0.25, 0));
        let key = tone(1000.0, 0.1, block * BLOCK);
        dsp.process(&mut [&mut left, &mut right], &[&key]);
        if block % 2 == 0 {
            read(&mut dsp);
        }
    }
    // −20 dBFS of key, 10 dB above the threshold: 7.5 dB.
    let readings = read(&mut dsp);
    let near = |shown: Shown, wanted: f32| {
        let read = at(&readings, shown);
        assert!((read - wanted).abs() < 0.1, "{shown:?}: {read}");
    };
    for shown in [
        Shown::GainReduction,
        Shown::ReductionFirst,
        Shown::ReductionSecond,
        Shown::ReductionMaximum,
    ] {
        near(shown, 7.5);
    }
    near(Shown::KeyLevel, -20.0);
    near(Shown::InputPeak, -6.02);
    near(Shown::InputLevel, -6.02);
    near(Shown::OutputPeak, -13.52);
    near(Shown::OutputLevel, -13.52);
    assert_eq!((at(&readings, Shown::KeyFed), at(&readings, Shown::Channels)), (1.0, 2.0));
    let average = at(&readings, Shown::ReductionAverage);
    assert!((7.0..7.5).contains(&average), "{average}");
    dsp.obey(Orders { restart: group::MAXIMUM | group::AVERAGE, ..Orders::default() });
    let mut restarted = vec![f32::NAN; READINGS.len()];
    dsp.publish(|index, value| restarted[index] = value);
    assert_eq!(at(&restarted, Shown::ReductionMaximum), 0.0);
    assert!(at(&restarted, Shown::ReductionAverage).is_nan());
}

#[test]
fn what_the_key_was_can_be_put_together_again_from_what_is_traced() {
    for rate in [8000.0, 24_000.0, 44_100.0, 48_000.0, 192_000.0] {
        let mut dsp = StemBusCompressorDsp::default();
        dsp.prepare(rate, 256);
        let [left, _] = stem(4, 1.5);
        let mut levels = Vec::new();
        // As the plugin does: chunks of 256, and a reading after every sixtieth of a second.
        let interval = (rate / 60.0) as usize;
        let mut until = interval;
        let mut seen = 0;
        for chunk in left.chunks(256) {
            dsp.process(&mut [&mut chunk.to_vec()], &[]);
            if chunk.len() < until {
                until -= chunk.len();
                continue;
            }
            until = interval - (chunk.len() - until) % interval;
            let readings = read(&mut dsp);
            let hops = readings[Shown::Hops as usize] as usize;
            assert!(hops <= HOPS);
            seen = seen.max(hops);
            let first = Shown::FirstHop as usize;
            levels.extend_from_slice(&readings[first..first + hops]);
            assert!(readings[first + hops..first + HOPS].iter().all(|db| *db == -200.0));
        }
        let heard: Vec<f32> = dsp.compressor.history().iter().map(|hop| hop.level_db).collect();
        assert!(levels.len() > 100 && heard.len() - levels.len() <= HOPS, "{}", levels.len());
        assert_eq!(levels, heard[..levels.len()], "{rate} Hz");
        assert!(seen > 1, "{rate} Hz");
    }
}

#[test]
fn the_lookahead_switch_is_ten_milliseconds_of_latency_and_nothing_else() {
    let mut dsp = prepared(&CompressorSettings::DEFAULT);
    assert_eq!(dsp.latency_samples(), 0);
    dsp.set_params(&ahead(CompressorSettings::DEFAULT));
    assert_eq!(dsp.latency_samples(), 480);
    let audio = stem(5, 0.5);
    let late = run(&mut dsp, &audio, &audio);
    assert!(late[0][..480].iter().all(|x| *x == 0.0));
    assert_eq!(late[0][480..], audio[0][..audio[0].len() - 480]);
    dsp.set_params(&CompressorSettings::DEFAULT);
    assert_eq!(dsp.latency_samples(), 0);
    assert_eq!(run(&mut dsp, &audio, &audio), audio);
}

#[test]
fn matched_it_is_as_loud_as_bypassed_also_after_the_key_was_listened_to() {
    let steady = BusCompressorParams {
        threshold_db: -32.0,
        ratio: 4.0,
        knee_db: 0.0,
        // The key is heard 20 dB softer than the stem.
        key_filter: KeyFilter { high_pass_hz: Some(500.0), ..KeyFilter::DEFAULT },
        ..BusCompressorParams::DEFAULT
    };
    let mut dsp = prepared(&with(steady, Monitor::OFF));
    let mut at = 0;
    let mut play = |dsp: &mut StemBusCompressorDsp, monitor, blocks: usize| {
        dsp.set_params(&with(steady, monitor));
        let mut last = [0.0; BLOCK];
        for _ in 0..blocks {
            last = tone(200.0, 0.5, at);
            at += BLOCK;
            dsp.process(&mut [&mut last], &[]);
        }
        f64::from(last.iter().fold(0f32, |peak, x| peak.max(x.abs())))
    };
    let wet = play(&mut dsp, Monitor::OFF, 400);
    let key = play(&mut dsp, KEY, 600);
    let matched = play(&mut dsp, MATCH, 100);
    assert!((0.07..0.09).contains(&key), "the filtered key is soft: {key}");
    assert!(db::from_gain(wet / 0.5) < -3.0, "{wet}");
    let off_db = db::from_gain(matched / 0.5);
    assert!(off_db.abs() < 0.3, "{off_db} dB");
    assert!((dsp.match_db().expect("a gain is held") + db::from_gain(wet / 0.5)).abs() < 0.3);
}

#[test]
fn while_the_key_is_heard_no_output_is_measured() {
    let mut dsp = prepared(&with(BUSY, KEY));
    dsp.process(&mut [&mut tone(440.0, 0.5, 0)], &[]);
    let readings = read(&mut dsp);
    assert!(readings[Shown::InputPeak as usize] > -7.0);
    assert_eq!(readings[Shown::OutputPeak as usize], f32::NEG_INFINITY);
}

#[test]
fn under_an_external_key_without_a_key_nothing_is_compressed() {
    let audio = stem(7, 1.0);
    let mut dsp = prepared(&with(BusCompressorParams { makeup_db: 0.0, ..KEYED }, Monitor::OFF));
    let dry = BusCompressorParams { makeup_db: 0.0, auto_makeup: false, ..KEYED };
    dsp.set_params(&with(dry, Monitor::OFF));
    let silence = [vec![0.0; audio[0].len()], vec![0.0; audio[1].len()]];
    assert_eq!(run(&mut dsp, &audio, &silence), audio);
    assert_eq!(read(&mut dsp)[Shown::KeyFed as usize], 0.0);
}
