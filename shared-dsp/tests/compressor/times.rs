//! How fast: attack, release, hold, the loop, the automatic release.

use crate::{KEYED, RATE, prepared, run, run_with, sine, steady};
use shared_dsp::compressor::{BusCompressorParams, Character};
use shared_dsp::db;

const PART: f64 = 0.632_120_558_828_557_7;

/// The reduction in dB at every sample, of a stem that stands still.
fn reductions(rate: f64, params: &BusCompressorParams, key: &[f32]) -> Vec<f64> {
    let stem = steady(0.25, key.len());
    let output = run(&mut prepared(rate, params), &stem, &[key.to_vec(), key.to_vec()]);
    output[0].iter().map(|x| -db::from_gain(f64::from(*x) / 0.25)).collect()
}

/// A key of −24 dBFS that is 20 dB louder for `on` samples from `from` on.
fn step(from: usize, on: usize, off: usize) -> Vec<f32> {
    let level = |n| if (from..from + on).contains(&n) { -4.0 } else { -24.0 };
    (0..from + on + off).map(|n| db::to_gain(level(n)) as f32).collect()
}

/// Times to 63.2 % of the whole change, in ms.
fn measured(rate: f64, params: &BusCompressorParams) -> [f64; 2] {
    let samples = |ms: f64| (rate * ms * 1e-3) as usize;
    let (from, on) = (100, samples(10.0 * params.attack_ms + 300.0));
    let off = samples(3.0 * params.release_ms + params.hold_ms + 10.0);
    let r = reductions(rate, params, &step(from, on, off));
    let end = from + on;
    let full = r[end - 1];
    // 14 dB over, 4:1.
    assert!((full - 10.5).abs() < 0.01 && r[from - 1] == 0.0, "{full}");
    let attack = r[from..].iter().position(|r| *r >= PART * full).unwrap();
    let release = r[end..].iter().position(|r| *r <= (1.0 - PART) * full).unwrap();
    [attack, release].map(|samples| 1000.0 * samples as f64 / rate)
}

#[test]
fn attack_and_release_are_times_to_63_percent() {
    for character in [Character::Clean, Character::Grab] {
        let (mut worst, mut worst_samples) = (0f64, 0f64);
        for rate in [44_100.0, 48_000.0, 96_000.0] {
            for (attack_ms, release_ms) in [
                (0.05, 10.0),
                (0.5, 150.0),
                (10.0, 10.0),
                (30.0, 150.0),
                (250.0, 400.0),
                (1.0, 2500.0),
            ] {
                let params = BusCompressorParams { character, attack_ms, release_ms, ..KEYED };
                let got = measured(rate, &params);
                for (got, wanted) in got.into_iter().zip([attack_ms, release_ms]) {
                    let sample = 1000.0 / rate;
                    let error = (got - wanted).abs();
                    assert!(
                        error <= (0.05 * wanted).max(sample),
                        "{character:?} {attack_ms}/{release_ms} at {rate}: {got} where {wanted} was set"
                    );
                    if wanted > 20.0 * sample {
                        worst = worst.max(error / wanted);
                    } else {
                        worst_samples = worst_samples.max(error / sample);
                    }
                }
            }
        }
        println!("{character:?}: {:.2} %, short ones {worst_samples:.2} samples", 100.0 * worst);
    }
}

#[test]
fn a_hold_comes_before_the_release() {
    for character in Character::ALL {
        let params = BusCompressorParams { character, attack_ms: 1.0, release_ms: 100.0, ..KEYED };
        let [_, without] = measured(RATE, &params);
        let [_, with] = measured(RATE, &BusCompressorParams { hold_ms: 80.0, ..params });
        assert!((with - without - 80.0).abs() < 1.0, "{character:?}: {without} and {with}");
    }
}

#[test]
fn a_loop_attacks_faster_the_higher_the_ratio_and_lets_go_at_its_own_pace() {
    for ratio in [2.0, 4.0, 10.0] {
        let params = BusCompressorParams {
            character: Character::Bus,
            ratio,
            attack_ms: 30.0,
            release_ms: 300.0,
            ..KEYED
        };
        let r = reductions(RATE, &params, &step(100, 48_000, 48_000));
        let full = r[48_099];
        let ms = |n: usize| 1000.0 * n as f64 / RATE;
        let attack = ms(r[100..].iter().position(|r| *r >= PART * full).unwrap());
        let release = ms(r[48_100..].iter().position(|r| *r <= (1.0 - PART) * full).unwrap());
        println!("Bus at {ratio}:1, 30/300 ms: {attack:.2} ms and {release:.1} ms");
        assert!((attack * ratio / 30.0 - 1.0).abs() < 0.05, "{attack}");
        assert!((release / 300.0 - 1.0).abs() < 0.05, "{release}");
    }
}

#[test]
fn what_is_sustained_recovers_slowly_and_what_strikes_does_not() {
    let params = BusCompressorParams {
        auto_release: true,
        attack_ms: 1.0,
        release_ms: 100.0,
        hold_ms: 0.0,
        ..KEYED
    };
    let second = RATE as usize;
    // Three seconds of a tone; three seconds of strokes of 5 ms, three a second. Then silence.
    let mut tone = sine(RATE, 500.0, 0.7, 3 * second);
    let mut strokes = tone.clone();
    for (n, x) in strokes.iter_mut().enumerate() {
        if n % (second / 3) >= second / 200 {
            *x *= 0.01;
        }
    }
    strokes.extend(sine(RATE, 500.0, 0.7, second / 200));
    tone.resize(6 * second, 0.0);
    let end = strokes.len();
    strokes.resize(6 * second, 0.0);
    for character in Character::ALL {
        let params = BusCompressorParams { character, ..params };
        let left = |key: &[f32], end: usize, params: &BusCompressorParams| {
            let r = reductions(RATE, params, key);
            r[end + 3 * second / 10] / r[end - 1]
        };
        let [sustained, struck] = [left(&tone, 3 * second, &params), left(&strokes, end, &params)];
        let plain = BusCompressorParams { auto_release: false, ..params };
        let [fixed, also_fixed] = [left(&tone, 3 * second, &plain), left(&strokes, end, &plain)];
        println!(
            "{character:?} 300 ms after: sustained {:.0} %, struck {:.0} %, fixed {:.0} and {:.0} %",
            100.0 * sustained,
            100.0 * struck,
            100.0 * fixed,
            100.0 * also_fixed
        );
        // 8/7·exp(−3/8) − 1/7·exp(−3) = 78 % of a whole base.
        assert!(sustained > 0.6 && struck < 0.15 && fixed < 0.08 && also_fixed < 0.08);
        // All of it comes back in the end.
        let stem = steady(0.25, tone.len() + 12 * second);
        let mut long = tone.clone();
        long.resize(stem[0].len(), 0.0);
        let output = run(&mut prepared(RATE, &params), &stem, &[long]);
        assert_eq!(*output[0].last().unwrap(), 0.25);
    }
}

#[test]
fn without_reduction_nothing_changes_and_after_one_everything_returns() {
    let second = RATE as usize;
    let noise = shared_dsp::contract::programme(3, 2, RATE);
    let stem = [noise[0].clone(), noise[1].clone()];
    for character in Character::ALL {
        for auto_release in [false, true] {
            // A quiet key, none at all, and 1:1 on a loud one: bit for bit the input.
            let params = BusCompressorParams { character, auto_release, ..KEYED };
            let loud = sine(RATE, 300.0, 1.0, stem[0].len());
            let quiet: Vec<f32> = loud.iter().map(|x| 0.1 * x).collect();
            let one = BusCompressorParams { ratio: 1.0, ..params };
            for (params, key) in [(params, vec![quiet]), (params, vec![]), (one, vec![loud])] {
                assert_eq!(run(&mut prepared(RATE, &params), &stem, &key), stem);
            }
            // Over its way back the gain is 1 from within 0.001 dB on, and stays so.
            let mut key = vec![0f32; 8 * second];
            key[..second / 10].fill(1.0);
            let params = BusCompressorParams { release_ms: 40.0, ..params };
            let mut compressor = prepared(RATE, &params);
            let mut least = f64::INFINITY;
            let output =
                run_with(&mut compressor, &steady(0.25, key.len()), &[key], 512, |_, _| {});
            let back = output[0].iter().rposition(|x| *x != 0.25).unwrap() + 1;
            for x in &output[0][back - 1000..back] {
                least = least.min(-db::from_gain(f64::from(*x) / 0.25));
            }
            assert!(back < 7 * second, "{back}");
            // The last step is the mean of 0.001 dB and none, of two samples or, of a loop, of four.
            assert!((0.0002..0.0011).contains(&least), "{least}");
        }
    }
}
