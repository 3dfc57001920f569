//! The voice as a key, and Unmask beside the bands.

use crate::support::voices::{RATE, phrases, pink, voice};
use crate::{ON, prepared, run, run_with, with};
use shared_dsp::Processor;
use shared_dsp::db;
use shared_dsp::eq::{BandParams, DynamicEq, DynamicEqParams, KeySource, Placement};
use shared_dsp::unmask::{BANDS, StandaloneParams, StandaloneUnmask, UnmaskParams};

/// Steps back while a voice is there.
const BAND: BandParams = BandParams {
    range_db: -6.0,
    // What means nothing to it.
    threshold_db: 120.0,
    ratio: 1.0,
    attack_ms: 5.0,
    hold_ms: 0.0,
    release_ms: 50.0,
    key_source: KeySource::Voice,
    ..ON
};

const UNMASK: UnmaskParams = UnmaskParams { on: true, depth_db: 6.0, ..UnmaskParams::DEFAULT };

fn stem(seconds: f64) -> [Vec<f32>; 2] {
    [pink(seconds, 31), pink(seconds, 32)]
}

/// The move and the activity before every 48 samples.
fn trace(params: &DynamicEqParams, stem: &[Vec<f32>; 2], key: &[f32]) -> Vec<[f64; 2]> {
    let mut eq = prepared(RATE, params);
    let mut trace = Vec::new();
    run_with(&mut eq, stem, &[key.to_vec()], 48, |eq, _| {
        let readings = eq.readings();
        trace.push([readings.move_db[0], readings.voice_activity]);
    });
    trace
}

fn louder(key: &[f32], gain_db: f64) -> Vec<f32> {
    let gain = db::to_gain(gain_db) as f32;
    key.iter().map(|x| gain * x).collect()
}

#[test]
fn the_whole_range_is_moved_while_the_voice_is_active_and_nothing_else() {
    let stem = stem(9.0);
    let key = voice(&phrases(), 9.0, 0.0);
    let trace = trace(&with(&[BAND]), &stem, &key);
    // Three attacks and more into each phrase, and twelve releases after each.
    for phrase in 0..4 {
        let at = |seconds: f64| trace[((2.0 * f64::from(phrase) + seconds) * 1000.0) as usize];
        assert!((at(0.6)[0] + 6.0).abs() < 0.01 && at(0.6)[1] == 1.0, "{:?}", at(0.6));
        assert!((at(1.5)[0] + 6.0).abs() < 0.01);
        assert_eq!(at(2.45), [0.0; 2]);
    }
    // Moves upwards as well, and a band that cannot move does not.
    let up = self::trace(&with(&[BandParams { range_db: 6.0, ..BAND }]), &stem, &key);
    assert!((up[600][0] - 6.0).abs() < 0.01);
}

#[test]
fn the_level_of_the_voice_changes_neither_depth_nor_edges() {
    let stem = stem(9.0);
    let key = voice(&phrases(), 9.0, 0.0);
    let moves = |gain_db| trace(&with(&[BAND]), &stem, &louder(&key, gain_db));
    let edges = |trace: &[[f64; 2]]| -> Vec<usize> {
        let pairs = trace.windows(2).enumerate();
        pairs.filter(|(_, w)| (w[0][0] < -3.0) != (w[1][0] < -3.0)).map(|(n, _)| n).collect()
    };
    let wanted = moves(0.0);
    for gain_db in [-12.0, 12.0] {
        let got = moves(gain_db);
        let deepest = |trace: &[[f64; 2]]| trace[2400..].iter().fold(0f64, |a, m| a.min(m[0]));
        assert!((deepest(&got) - deepest(&wanted)).abs() <= 0.5);
        let (got, wanted) = (edges(&got), edges(&wanted));
        assert_eq!(got.len(), wanted.len());
        // From the second phrase on; one step is a millisecond.
        for (got, wanted) in got[2..].iter().zip(&wanted[2..]) {
            assert!(got.abs_diff(*wanted) <= 10, "{gain_db} dB: {got} and {wanted} ms");
        }
    }
}

#[test]
fn bands_ask_different_things_of_one_key() {
    // The voice in the first band moves as it does alone, whatever the others ask.
    let stem = stem(3.0);
    let key = voice(&phrases(), 3.0, 0.0);
    // Together within the 24 dB from which on moves are held back.
    let third = BandParams { range_db: -2.0, ..BAND };
    let external =
        BandParams { key_source: KeySource::External, threshold_db: -50.0, ratio: 4.0, ..third };
    let difference =
        BandParams { key_source: KeySource::Difference, threshold_db: 0.0, ..external };
    let internal = BandParams { key_source: KeySource::Internal, ..external };
    let alone = trace(&with(&[BAND]), &stem, &key);
    let among = trace(&with(&[BAND, external, difference, internal, third]), &stem, &key);
    assert!(alone == among);
}

#[test]
fn no_voice_no_move() {
    let stem = stem(2.0);
    for keys in [vec![], vec![vec![0.0; stem[0].len()]]] {
        let mut params = with(&[BAND]);
        params.unmask = UNMASK;
        let mut eq = prepared(RATE, &params);
        let out = run(&mut eq, &stem, &keys);
        let readings = eq.readings();
        assert!(out == stem && readings.move_db[0] == 0.0 && !readings.key_is_fed);
        assert_eq!((readings.voice_activity, readings.unmask.duck_db), (0.0, [0.0; BANDS]));
    }
}

#[test]
fn unmask_in_the_equaliser_is_unmask() {
    let stem = stem(5.0);
    let key = voice(&phrases(), 5.0, 0.0);
    let params = DynamicEqParams { unmask: UNMASK, ..DynamicEqParams::DEFAULT };
    let mut eq = prepared(RATE, &params);
    let ours = run(&mut eq, &stem, std::slice::from_ref(&key));
    let mut alone = StandaloneUnmask::new();
    alone.prepare(RATE, 512);
    alone.set_params(&StandaloneParams { unmask: UNMASK, ..StandaloneParams::DEFAULT });
    let [mut left, mut right] = stem.clone();
    for from in (0..left.len()).step_by(480) {
        let to = left.len().min(from + 480);
        alone.process(&mut [&mut left[from..to], &mut right[from..to]], &[&key[from..to]]);
    }
    assert!(ours == [left, right] && ours != stem);
    assert_eq!(eq.readings().unmask, alone.readings());
    eq.reset_outcome();
    assert_eq!(eq.readings().unmask.outcome.active_seconds, 0.0);

    // It follows the bands and writes none: what they do to a stem, it ducks as it would the stem.
    let bell = BandParams { gain_db: 4.0, placement: Placement::Side, ..ON };
    let both = run(
        &mut prepared(RATE, &DynamicEqParams { unmask: UNMASK, ..with(&[bell]) }),
        &stem,
        std::slice::from_ref(&key),
    );
    let mut bell_alone = prepared(RATE, &with(&[bell]));
    let shaped = run(&mut bell_alone, &stem, &[key]);
    // The bell is all side, Unmask all mid: they add up.
    for n in (0..stem[0].len()).step_by(101) {
        for c in 0..2 {
            let sum = ours[c][n] + (shaped[c][n] - stem[c][n]);
            assert!((both[c][n] - sum).abs() < 1e-6, "{n}");
        }
    }
}

#[test]
fn a_lookahead_lets_the_music_be_gone_when_the_voice_comes() {
    let stem = stem(3.0);
    let key = voice(&phrases(), 3.0, 0.0);
    let params = DynamicEqParams { unmask: UNMASK, lookahead_ms: 20.0, ..DynamicEqParams::DEFAULT };
    let mut early = DynamicEq::new();
    early.set_lookahead(true);
    early.prepare(RATE, 512);
    early.set_params(&params);
    let ahead = run(&mut early, &stem, std::slice::from_ref(&key));
    let at_once = run(&mut prepared(RATE, &params), &stem, &[key]);
    let latency = early.latency_samples();
    assert_eq!(latency, 960);
    let first = |out: &[Vec<f32>; 2], latency: usize| {
        (latency..out[0].len()).find(|n| out[0][*n] != stem[0][n - latency]).unwrap() - latency
    };
    let (ahead, at_once) = (first(&ahead, latency), first(&at_once, 0));
    assert_eq!(at_once - ahead, latency);
}

#[test]
fn an_idle_equaliser_with_unmask_leaves_every_bit() {
    let mut stem = stem(1.0);
    (stem[0][100], stem[1][200]) = (1e-42, -0.0);
    let params = DynamicEqParams { unmask: UNMASK, ..DynamicEqParams::DEFAULT };
    let out = run(&mut prepared(RATE, &params), &stem, &[vec![0.0; stem[0].len()]]);
    let bits = |signal: &[Vec<f32>; 2]| -> Vec<u32> {
        signal.iter().flatten().map(|x| x.to_bits()).collect()
    };
    assert!(bits(&out) == bits(&stem));
}
