//! What a change leaves behind: rows 9 to 11 of what the best are measured by, and clicks.

use crate::{ON, prepared, run, run_with, sine, with};
use realfft::RealFftPlanner;
use shared_dsp::Processor;
use shared_dsp::db;
use shared_dsp::eq::section::Section;
use shared_dsp::eq::shape::full_move;
use shared_dsp::eq::{BandParams, BandType, KeyFilter, KeySource, Listen, Placement};

const RATE: f64 = 48_000.0;

fn above_dbfs(signal: &[f32], from_hz: f64) -> f64 {
    crate::support::residue::above_dbfs(signal, from_hz, RATE)
}

/// The anchors' bell, keyed as a whole.
const BELL: BandParams = BandParams {
    frequency_hz: 2830.0,
    q: 1.41,
    range_db: -12.0,
    threshold_db: -40.0,
    ratio: f64::INFINITY,
    knee_db: 0.0,
    key_source: KeySource::External,
    key_filter: KeyFilter::Off,
    ..ON
};

/// A key that is there for half of every period.
fn square_key(length: usize, hz: f64) -> Vec<f32> {
    (0..length).map(|n| if (n as f64 * hz / RATE).fract() < 0.5 { 0.0 } else { 0.5 }).collect()
}

#[test]
fn a_duck_leaves_no_more_behind_than_its_time_allows() {
    let length = 1 << 16;
    let tone = sine(RATE, 100.0, 1.0, length);
    // Switched every 250 ms, both ways.
    let key = square_key(length, 2.0);
    for (ms, bound) in [(1.0, -60.0), (10.0, -78.0)] {
        let band = BandParams { attack_ms: ms, release_ms: 5f64.max(ms), ..BELL };
        let mut eq = prepared(RATE, &with(&[band]));
        let output = run(&mut eq, &[tone.clone(), tone.clone()], std::slice::from_ref(&key));
        let residue = above_dbfs(&output[0], 1000.0);
        println!("{ms} ms: {residue:.1} dBFS");
        assert!(residue <= bound, "{residue} dBFS at {ms} ms");
        assert!(output[0] != tone);
    }
}

#[test]
fn the_unit_of_a_move_leaves_no_more_behind_than_the_anchors() {
    // x + w·M(x) as it stands in the paper, its w through one pole of the time itself: the attack and
    // the release of the equaliser are longer than 1 ms one way.
    let length = 1 << 16;
    let tone = sine(RATE, 100.0, 1.0, length);
    let key = square_key(length, 2.0);
    let ((section, second), unit) = full_move(BandType::Bell, 2830.0, -12.0, 1.41, RATE);
    assert!(second.is_none());
    let Section { g, k, hp, bp, lp } = section;
    let a1 = 1.0 / (1.0 + g * (g + k));
    for (ms, bound) in [(1.0, -60.0), (10.0, -78.0)] {
        let pole = (-1.0 / (ms * 1e-3 * RATE)).exp();
        let (mut s1, mut s2, mut w) = (0.0, 0.0, 0.0);
        let output: Vec<f32> = tone
            .iter()
            .zip(&key)
            .map(|(x, key)| {
                let x = f64::from(*x);
                // Zavalishin's state-variable filter, from which M = (H − 1)/unit is mixed.
                let v1 = a1 * (s1 + g * (x - s2));
                let v2 = s2 + g * v1;
                (s1, s2) = (2.0 * v1 - s1, 2.0 * v2 - s2);
                let high = x - k * v1 - v2;
                let moved = (hp * high + bp * v1 + lp * v2 - x) / unit;
                w += (1.0 - pole) * (if *key > 0.0 { unit } else { 0.0 } - w);
                (x + w * moved) as f32
            })
            .collect();
        let residue = above_dbfs(&output, 1000.0);
        println!("{ms} ms both ways: {residue:.1} dBFS");
        assert!(residue <= bound, "{residue} dBFS at {ms} ms");
    }
}

#[test]
fn a_new_lookahead_does_not_click() {
    // What the detector hears of a sine, while the lookahead jumps to and fro.
    let length = 1 << 15;
    let tone = sine(RATE, 100.0, 0.5, length);
    let mut params = with(&[BandParams { range_db: -6.0, ..BELL }]);
    params.listen = Some(Listen::Key(0));
    let mut run_in = |step: usize| {
        params.lookahead_ms = 5.0;
        let mut eq = prepared(RATE, &params);
        eq.set_lookahead(true);
        let silence = [vec![0.0; length], vec![0.0; length]];
        run_with(&mut eq, &silence, std::slice::from_ref(&tone), step, |eq, at| {
            if at >= 8192 && at % 4096 == 0 {
                params.lookahead_ms = [0.0, 18.0, 5.3][at / 4096 % 3];
                eq.set_params(&params);
            }
        })
    };
    let output = run_in(512);
    let residue = above_dbfs(&output[0], 1000.0);
    println!("lookahead: {residue:.1} dBFS");
    assert!(residue <= -70.0, "{residue} dBFS");
    assert_eq!(run_in(64), output);
    assert!(output[0].iter().any(|x| x.abs() > 0.4));
}

#[test]
fn a_keyed_tone_has_no_aliases() {
    // 15 007 Hz, moved by 6 dB with a square of 20 Hz. Sidebands lie at 7 Hz above multiples of 20 Hz,
    // what has folded at Nyquist at 13 Hz above them; one second holds whole periods of both.
    let second = RATE as usize;
    let tone = sine(RATE, 15_007.0, 0.5, 3 * second);
    let key = square_key(3 * second, 20.0);
    let band = BandParams {
        frequency_hz: 15_000.0,
        range_db: -6.0,
        attack_ms: 1.0,
        release_ms: 5.0,
        ..BELL
    };
    let mut eq = prepared(RATE, &with(&[band]));
    let output = run(&mut eq, &[tone.clone(), tone], &[key]);
    let mut time: Vec<f64> = output[0][2 * second..].iter().map(|&x| x.into()).collect();
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(second);
    let mut bins = fft.make_output_vec();
    fft.process(&mut time, &mut bins).unwrap();
    let lines = |rest: usize| {
        bins.iter().enumerate().filter(move |(f, _)| f % 20 == rest).map(|(_, bin)| bin.norm_sqr())
    };
    let carrier = bins[15_007].norm_sqr();
    let largest_dbc = db::from_power(lines(13).fold(0.0, f64::max) / carrier);
    let all_dbc = db::from_power(lines(13).sum::<f64>() / carrier);
    println!("largest alias {largest_dbc:.1} dBc, all together {all_dbc:.1}");
    assert!(all_dbc <= -80.0, "{all_dbc} dBc");
    // The sidebands are there: the key did move it.
    assert!(db::from_power(lines(7).sum::<f64>() / carrier - 1.0) > -30.0);
}

#[test]
fn automation_does_not_zip() {
    let length = 1 << 15;
    let tone = sine(RATE, 100.0, 1.0, length);
    let sweep = |of: &dyn Fn(f64) -> BandParams| {
        let mut eq = prepared(RATE, &with(&[of(0.0)]));
        let output = run_with(&mut eq, &[tone.clone(), tone.clone()], &[], 512, |eq, from| {
            // 50 ms from sample 8192 on.
            let part = ((from as f64 - 8192.0) / (0.05 * RATE)).clamp(0.0, 1.0);
            eq.set_params(&with(&[of(part)]));
        });
        above_dbfs(&output[0], 1000.0)
    };
    for (name, residue) in [
        ("gain", sweep(&|part| BandParams { gain_db: -12.0 * part, frequency_hz: 100.0, ..ON })),
        (
            "low shelf",
            sweep(&|part| BandParams {
                gain_db: -12.0 * part,
                band_type: BandType::LowShelf,
                frequency_hz: 300.0,
                ..ON
            }),
        ),
        (
            "frequency",
            sweep(&|part| BandParams { gain_db: -12.0, frequency_hz: 100.0 + 200.0 * part, ..ON }),
        ),
        (
            "Q",
            sweep(&|part| BandParams {
                gain_db: -12.0,
                frequency_hz: 150.0,
                q: 0.7 + 3.0 * part,
                ..ON
            }),
        ),
    ] {
        println!("{name}: {residue:.1} dBFS");
        assert!(residue <= -70.0, "{name}: {residue} dBFS");
    }
}

#[test]
fn switches_do_not_click() {
    let length = 1 << 15;
    let tone = sine(RATE, 100.0, 0.5, length);
    let before = BandParams { gain_db: -12.0, frequency_hz: 100.0, ..ON };
    for (name, after) in [
        ("off", BandParams { on: false, ..before }),
        ("type", BandParams { band_type: BandType::LowShelf, ..before }),
        ("to a cut", BandParams { band_type: BandType::LowCut, ..before }),
        ("to a notch", BandParams { band_type: BandType::Notch, ..before }),
        ("placement", BandParams { placement: Placement::Left, ..before }),
        ("to side", BandParams { placement: Placement::Side, ..before }),
    ] {
        for (from, to) in [(before, after), (after, before)] {
            let mut eq = prepared(RATE, &with(&[from]));
            let stem = [tone.clone(), tone.clone()];
            let output = run_with(&mut eq, &stem, &[], 512, |eq, at| {
                eq.set_params(&with(&[if at < 8192 { from } else { to }]));
            });
            let residue = above_dbfs(&output[0], 1000.0);
            println!("{name}: {residue:.1} dBFS");
            assert!(residue <= -70.0, "{name}: {residue} dBFS");
        }
    }
}
