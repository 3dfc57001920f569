//! What moves, how far, and what never does.

use crate::support::residue::energies;
use crate::support::voices::{RATE, phrases, pink, voice};
use crate::{ON, both, prepared, prepared_for, run, run_with};
use shared_dsp::db;
use shared_dsp::random::Random;
use shared_dsp::unmask::bells::Bells;
use shared_dsp::unmask::{BANDS, StandaloneParams, UnmaskParams, UnmaskPlacement};
use std::f64::consts::TAU;

const SECOND: usize = RATE as usize;

/// The change of the last second in dB between each two neighbours of `edges_hz`.
fn change_db(before: &[f32], after: &[f32], edges_hz: &[f64]) -> Vec<f64> {
    let of = |signal: &[f32]| {
        let last: Vec<f64> =
            signal[signal.len() - SECOND..].iter().map(|x| f64::from(*x)).collect();
        energies(last, edges_hz, RATE)
    };
    let (before, after) = (of(before), of(after));
    before.iter().zip(&after).map(|(b, a)| db::from_power(a / b)).collect()
}

/// Sines of `amplitude`, a third of an octave apart, between two frequencies.
fn cluster(low_hz: f64, high_hz: f64, amplitude: f64, seconds: f64) -> Vec<f32> {
    let mut out = vec![0.0; (seconds * RATE) as usize];
    let mut frequency_hz = low_hz;
    while frequency_hz < high_hz {
        for (n, out) in out.iter_mut().enumerate() {
            *out += amplitude * (TAU * frequency_hz * n as f64 / RATE).sin();
        }
        frequency_hz *= 1.26;
    }
    out.iter().map(|x| *x as f32).collect()
}

#[test]
fn disjoint_spectra_move_nothing() {
    // A dark pad, 20 dB louder than the bright voice over it; and the other way round.
    let (dark, bright) = ([70.0, 420.0], [1900.0, 7000.0]);
    for ([low, high], [from, to]) in [(dark, bright), (bright, dark)] {
        for placement in UnmaskPlacement::ALL {
            let stem = cluster(low, high, 0.08, 3.0);
            // Out of phase, so that there is a side as well.
            let stem = [stem.clone(), stem.iter().map(|x| -0.5 * x).collect()];
            let key = cluster(from, to, 0.012, 3.0);
            let params = UnmaskParams { depth_db: 12.0, placement, focus_low_hz: 60.0, ..ON };
            let (out, readings) = run(params, &stem, &[key]);
            assert_eq!(readings.activity, 1.0);
            for (before, after) in stem.iter().zip(&out) {
                let moved = change_db(before, after, &[0.9 * low, 1.1 * high])[0];
                assert!(moved.abs() < 0.1, "{moved} dB of a stem from {low} Hz, {readings:?}");
            }
        }
    }
}

#[test]
fn coincident_spectra_reach_depth() {
    let stem = both(&pink(3.0, 5));
    for (depth_db, least_db) in [(1.0, 0.93), (3.0, 2.8), (6.0, 5.4), (12.0, 10.0)] {
        let params = UnmaskParams { depth_db, focus_low_hz: 60.0, focus_high_hz: 16_000.0, ..ON };
        let (out, readings) = run(params, &stem, &stem);
        let thirds: Vec<f64> = (0..15).map(|n| 200.0 * 2f64.powf(f64::from(n) / 3.0)).collect();
        let changes = change_db(&stem[0], &out[0], &thirds);
        println!("{depth_db} dB: {changes:.2?} in thirds of an octave from 200 Hz");
        for change in &changes[1..13] {
            assert!(-change > least_db && -change < depth_db + 0.5, "{change} of {depth_db}");
        }
        let deepest = readings.duck_db.iter().fold(0f64, |a, b| a.max(*b));
        assert!((deepest - depth_db).abs() < 0.01, "{deepest}");
    }
    // A chord's width of both, in one place.
    for depth_db in [3.0, 12.0] {
        let stem = both(&cluster(1400.0, 1500.0, 0.1, 3.0));
        let (out, _) = run(UnmaskParams { depth_db, ..ON }, &stem, &stem);
        let change = change_db(&stem[0], &out[0], &[1000.0, 2000.0])[0];
        assert!((change + depth_db).abs() < 0.25, "{change} of {depth_db}");
    }
}

#[test]
fn the_bells_together_never_pass_depth() {
    // Whatever is asked for on a voice over music, at every millisecond.
    let bells = Bells::new(RATE);
    let key = voice(&phrases(), 9.0, 3.0);
    let mut random = Random::new(8);
    let stem = [3, 4].map(|seed| {
        let noise = pink(9.0, seed);
        let mut level = 0.0;
        noise
            .iter()
            .enumerate()
            .map(|(n, x)| {
                // Strokes of music at all levels.
                if n % 7000 == 0 {
                    level = 2.0 * random.unit();
                }
                (f64::from(*x) * level) as f32
            })
            .collect()
    });
    for depth_db in [3.0, 12.0] {
        let mut worst = f64::NEG_INFINITY;
        let mut block = prepared(UnmaskParams {
            depth_db,
            focus_low_hz: 60.0,
            focus_high_hz: 16_000.0,
            speed_ms: 5.0,
            ..ON
        });
        run_with(&mut block, &stem, std::slice::from_ref(&key), 480, |block, _| {
            let weights = bells.weights(&block.readings().duck_db);
            for n in 0..96 {
                let frequency_hz = 40.0 * 2f64.powf(f64::from(n) / 11.0);
                worst = worst.max(-bells.response_db(&weights, frequency_hz));
            }
        });
        println!("{depth_db} dB: {worst:.3} dB at most");
        assert!(worst > 0.8 * depth_db && worst < depth_db + 0.5, "{worst} of {depth_db}");
    }
}

#[test]
fn mid_leaves_the_side_alone_and_side_the_mid() {
    let stem = [pink(3.0, 11), pink(3.0, 12)];
    let key = voice(&phrases(), 3.0, 6.0);
    for (placement, kept, moved) in
        [(UnmaskPlacement::Mid, -1.0, 1.0), (UnmaskPlacement::Side, 1.0, -1.0)]
    {
        let (out, _) = run(
            UnmaskParams { depth_db: 12.0, placement, ..ON },
            &stem,
            std::slice::from_ref(&key),
        );
        let largest = |sign: f64| {
            (0..stem[0].len())
                .map(|n| {
                    let of = |s: &[Vec<f32>; 2]| f64::from(s[0][n]) + sign * f64::from(s[1][n]);
                    (of(&out) - of(&stem)).abs()
                })
                .fold(0.0, f64::max)
        };
        // Two samples of `f32`, rounded.
        assert!(largest(kept) < 3e-8, "{placement:?}: {}", largest(kept));
        assert!(largest(moved) > 0.01, "{placement:?}: {}", largest(moved));
    }
}

#[test]
fn a_resting_voice_leaves_every_bit() {
    let mut stem = [pink(12.0, 1), pink(12.0, 2)];
    // What `f32` can hardly hold passes as well.
    (stem[0][SECOND], stem[1][11 * SECOND]) = (1e-42, -0.0);
    let mut key = voice(&phrases(), 12.0, 0.0);
    key[..2 * SECOND].fill(0.0);
    key[5 * SECOND..].fill(0.0);
    let (out, readings) = run(UnmaskParams { depth_db: 12.0, ..ON }, &stem, &[key]);
    let is_same = |n: usize| (0..2).all(|c| out[c][n].to_bits() == stem[c][n].to_bits());
    assert!((0..2 * SECOND).all(is_same), "before");
    assert!(!(3 * SECOND..4 * SECOND).all(is_same), "during");
    let rests = (0..12 * SECOND).rposition(|n| !is_same(n)).unwrap();
    println!("at rest {:.2} s after the key", (rests as f64 / RATE) - 5.0);
    assert!((rests as f64) < 8.0 * RATE);
    assert_eq!(readings.duck_db, [0.0; BANDS]);
}

#[test]
fn no_key_a_silent_one_and_half_a_one() {
    let stem = [pink(3.0, 1), pink(3.0, 2)];
    let silent = vec![0.0; 3 * SECOND];
    for key in [vec![], vec![silent.clone()], vec![silent.clone(), silent]] {
        let (out, readings) = run(UnmaskParams { depth_db: 12.0, ..ON }, &stem, &key);
        assert!(out == stem && readings.activity == 0.0);
        assert_eq!(readings.outcome.voice_to_music_before_db, None);
        assert_eq!((readings.outcome.mean_duck_db, readings.outcome.ducked), (0.0, 0.0));
    }
    // A mono key counts as both channels of a stereo one, and silence ducks for nobody.
    let key = voice(&phrases(), 3.0, 0.0);
    let mono = run(ON, &stem, std::slice::from_ref(&key));
    assert!(mono == run(ON, &stem, &both(&key)) && mono.0 != stem);
    let nothing = both(&vec![0.0; 3 * SECOND]);
    assert!(run(ON, &nothing, &[key]).0 == nothing);
}

#[test]
fn the_focus_keeps_what_is_outside() {
    let stem = both(&pink(3.0, 5));
    let params = UnmaskParams { depth_db: 6.0, focus_low_hz: 1000.0, focus_high_hz: 4000.0, ..ON };
    let (out, _) = run(params, &stem, &stem);
    let changes = change_db(&stem[0], &out[0], &[60.0, 350.0, 1400.0, 2800.0, 9000.0, 15_000.0]);
    println!("below, inside, above: {changes:.2?}");
    assert!(changes[0] > -0.3 && changes[2] < -5.0 && changes[4] > -0.5, "{changes:?}");
}

#[test]
fn two_starts_duck_alike_and_no_less_for_a_softer_voice() {
    let (seconds, late) = (29.0, 20 * SECOND);
    let long: Vec<_> = (0..14)
        .flat_map(|turn| {
            let later = 2.0 * f64::from(turn);
            phrases()
                .into_iter()
                .take(5)
                .map(move |(a, b, pitch, level)| (a + later, b + later, pitch, level))
        })
        .collect();
    let key = voice(&long, seconds, 5.0);
    let stem = both(&pink(seconds, 9));
    let trace = |from: usize, gain_db: f64| {
        let params = StandaloneParams {
            unmask: UnmaskParams { depth_db: 6.0, ..ON },
            ..StandaloneParams::DEFAULT
        };
        let mut ducks = Vec::new();
        let gain = db::to_gain(gain_db) as f32;
        let part = |of: &[f32]| of[from..].iter().map(|x| gain * x).collect::<Vec<f32>>();
        run_with(
            &mut prepared_for(params),
            &[part(&stem[0]), part(&stem[1])],
            &[part(&key)],
            480,
            |block, _| {
                ducks.push(block.readings().duck_db);
            },
        );
        ducks
    };
    let apart = |a: &[[f64; BANDS]], b: &[[f64; BANDS]]| {
        a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0f64, f64::max)
    };
    let whole = trace(0, 0.0);
    let difference = apart(&whole[2100..], &trace(late, 0.0)[100..]);
    println!("a start 20 s later: {difference:.3} dB apart from a second on");
    assert!(difference <= 0.5);
    // Voice and music 12 dB softer or louder together: what covers what is the same.
    for gain_db in [-12.0, 12.0] {
        let difference = apart(&whole[250..], &trace(0, gain_db)[250..]);
        println!("{gain_db:+} dB: {difference:.3} dB apart from the second phrase on");
        assert!(difference <= 0.5);
    }
}

#[test]
fn the_outcome_adds_up() {
    let stem = both(&pink(9.0, 5));
    let key = voice(&phrases(), 9.0, 0.0);
    let mut block = prepared(UnmaskParams { depth_db: 6.0, ..ON });
    let out = run_with(&mut block, &stem, std::slice::from_ref(&key), 512, |_, _| {});
    let outcome = block.readings().outcome;
    println!("{outcome:?}");
    let (before, after) =
        (outcome.voice_to_music_before_db.unwrap(), outcome.voice_to_music_after_db.unwrap());
    assert!(after > before + 1.0 && after < before + 6.5);
    assert!(outcome.mean_duck_db > 2.0 && outcome.mean_duck_db <= 6.0);
    // Four phrases of 1.05 s and the hold of each.
    assert!((outcome.active_seconds - 4.0 * 1.26).abs() < 0.15);
    assert!(outcome.ducked > outcome.active_seconds / 9.0 && outcome.ducked < 1.0);
    // The figures are those of the signals: by an FFT, through the edges of the meter, while the voice
    // was active.
    let edges: Vec<f64> = (0..=72).map(|n| 300.0 * 2f64.powf(f64::from(n) / 12.0)).collect();
    let through = |signal: &[f32]| -> f64 {
        let mut held = vec![0.0; signal.len()];
        for phrase in 0..4 {
            let active = [0.52, 1.77].map(|at| ((at + 2.0 * f64::from(phrase)) * RATE) as usize);
            let range = active[0]..active[1];
            let pairs = held[range.clone()].iter_mut().zip(&signal[range]);
            pairs.for_each(|(to, x)| *to = f64::from(*x));
        }
        let energies = energies(held, &edges, RATE);
        energies
            .iter()
            .zip(edges.windows(2))
            .map(|(energy, edges)| {
                let frequency_hz = (edges[0] * edges[1]).sqrt();
                let (high, low) =
                    ((frequency_hz / 2000.0).powi(4), (frequency_hz / 4000.0).powi(4));
                energy * high / ((1.0 + high) * (1.0 + low))
            })
            .sum()
    };
    let [voiced, music, ducked] = [&key, &stem[0], &out[0]].map(|signal| through(signal));
    let wanted = [music, ducked].map(|music| db::from_power(voiced / music));
    println!("by an FFT: {wanted:.2?}");
    assert!((before - wanted[0]).abs() < 0.3 && (after - wanted[1]).abs() < 0.3, "{wanted:?}");
    block.reset_outcome();
    assert_eq!(block.readings().outcome.active_seconds, 0.0);
}
