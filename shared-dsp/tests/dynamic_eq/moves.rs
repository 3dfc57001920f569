//! What moves a band, how far and how fast.

use crate::{ON, prepared, run, run_with, sine, with};
use shared_dsp::Processor;
use shared_dsp::contract::programme;
use shared_dsp::dynamics::gain_computer::Action;
use shared_dsp::eq::{
    BANDS, BandParams, BandShape, BandType, DynamicEq, DynamicEqParams, KeyFilter, KeySource,
    Listen, Placement, Slope, band_magnitude_db,
};
use shared_dsp::random::Random;
use shared_dsp::unmask::{UnmaskParams, UnmaskPlacement};

const RATE: f64 = 48_000.0;

/// Ducks a bell by the key, heard as a whole.
const DUCK: BandParams = BandParams {
    range_db: -24.0,
    threshold_db: -30.0,
    ratio: 4.0,
    knee_db: 10.0,
    attack_ms: 5.0,
    release_ms: 200.0,
    key_source: KeySource::External,
    key_filter: KeyFilter::Off,
    ..ON
};

fn silence(length: usize) -> [Vec<f32>; 2] {
    [vec![0.0; length], vec![0.0; length]]
}

/// The move of the first band at the end of `key`.
fn move_of(band: BandParams, stem: &[Vec<f32>; 2], key: &[Vec<f32>]) -> f64 {
    let mut eq = prepared(RATE, &with(&[band]));
    run(&mut eq, stem, key);
    eq.readings().move_db[0]
}

#[test]
fn the_static_curve_is_that_of_the_gain_computer() {
    let length = 48_000;
    for (ratio, knee_db) in [(4.0, 10.0), (2.0, 0.0), (f64::INFINITY, 24.0)] {
        for level in [-45.0, -34.0, -31.0, -28.0, -26.0, -20.0, -10.0] {
            let key = sine(RATE, 1000.0, 10f64.powf(level / 20.0), length);
            let band = BandParams { ratio, knee_db, ..DUCK };
            let got = move_of(band, &silence(length), &[key.clone(), key]);
            let over: f64 = level + 30.0;
            let soft = if over <= -0.5 * knee_db {
                0.0
            } else if over < 0.5 * knee_db {
                (over + 0.5 * knee_db).powi(2) / (2.0 * knee_db)
            } else {
                over
            };
            let truth = -((1.0 - 1.0 / ratio) * soft).min(24.0);
            assert!(
                (got - truth).abs() < 0.1,
                "{level} dB at {ratio}:1, {knee_db}: {got}, {truth}"
            );
        }
    }
}

#[test]
fn attack_and_release_are_times_to_63_percent() {
    // A step of 20 dB on direct current, which has no phase.
    for (attack_ms, release_ms) in [(0.1, 50.0), (1.0, 5.0), (20.0, 200.0), (100.0, 30.0)] {
        let band = BandParams { attack_ms, release_ms, knee_db: 0.0, ..DUCK };
        let mut eq = prepared(RATE, &with(&[band]));
        let on = (RATE * 3.0) as usize;
        let key: Vec<f32> = (0..2 * on).map(|n| if n < on { 0.1 } else { 0.01 }).collect();
        let mut moves = Vec::new();
        run_with(&mut eq, &silence(2 * on), &[key.clone(), key], 1, |eq, _| {
            moves.push(eq.readings().move_db[0]);
        });
        let part = 1.0 - (-1f64).exp();
        let full = moves[on];
        assert!((full + 7.5).abs() < 0.01, "{full}");
        let attack = moves.iter().position(|m| *m <= part * full).unwrap() as f64 / RATE;
        let release =
            moves[on..].iter().position(|m| *m >= (1.0 - part) * full).unwrap() as f64 / RATE;
        for (got, ms) in [(attack, attack_ms), (release, release_ms)] {
            let wanted = ms * 1e-3;
            let error = (got - wanted).abs();
            assert!(error <= (0.05 * wanted).max(1.01 / RATE), "{got} s where {ms} ms was set");
        }
    }
}

#[test]
fn the_full_move_is_the_static_shape_of_its_range() {
    for band_type in [BandType::Bell, BandType::LowShelf, BandType::HighShelf, BandType::Tilt] {
        for range_db in [-12.0, 9.0] {
            let moving = BandParams { band_type, range_db, frequency_hz: 3000.0, ..ON };
            let still = BandParams { gain_db: range_db, range_db: 0.0, ..moving };
            for f in [30.0, 300.0, 2000.0, 3000.0, 5000.0, 15_000.0] {
                let got = band_magnitude_db(&moving, range_db, range_db, f, RATE);
                let wanted = band_magnitude_db(&still, 0.0, 0.0, f, RATE);
                assert!((got - wanted).abs() < 1e-6, "{band_type:?} at {f}: {got}, {wanted}");
            }
        }
    }
    // And it is what is heard.
    let length = 96_000;
    let key = sine(RATE, 1000.0, 1.0, length);
    let tone = sine(RATE, 3000.0, 0.1, length);
    let band = BandParams {
        frequency_hz: 3000.0,
        range_db: -12.0,
        ratio: f64::INFINITY,
        threshold_db: -40.0,
        ..DUCK
    };
    let output =
        run(&mut prepared(RATE, &with(&[band])), &[tone.clone(), tone], &[key.clone(), key]);
    let peak = output[0][length / 2..].iter().fold(0f32, |a, b| a.max(b.abs()));
    let db = 20.0 * f64::from(peak).log10() + 20.0;
    assert!((db + 12.0).abs() < 0.05, "{db}");
}

#[test]
fn without_a_move_nothing_changes_and_after_one_everything_returns() {
    let noise = programme(3, 2, RATE);
    let length = noise[0].len();
    let stem = [noise[0].clone(), noise[1].clone()];
    // One band of each placement, none of which the key reaches.
    let mut bands = [DUCK; 5];
    for (band, placement) in bands.iter_mut().zip(Placement::ALL) {
        (band.placement, band.threshold_db, band.knee_db) = (placement, -10.0, 0.0);
    }
    let quiet = sine(RATE, 500.0, 0.2, length);
    for key in [vec![], vec![vec![0.0; length]; 2], vec![quiet.clone()], vec![quiet.clone(), quiet]]
    {
        assert_eq!(run(&mut prepared(RATE, &with(&bands)), &stem, &key), stem);
    }
    // A burst moves them; some release times later the output is the input again.
    for band in &mut bands {
        band.release_ms = 10.0;
    }
    let mut burst = vec![0.0; length];
    burst[..480].copy_from_slice(&sine(RATE, 500.0, 1.0, 480));
    let output = run(&mut prepared(RATE, &with(&bands)), &stem, &[burst]);
    assert_ne!(output[0][..960], stem[0][..960]);
    assert_eq!(output[0][9600..], stem[0][9600..]);
    assert_eq!(output[1][9600..], stem[1][9600..]);
}

#[test]
fn silence_on_the_key_moves_nothing_whichever_way_a_band_acts() {
    let length = 24_000;
    let tone = sine(RATE, 1000.0, 0.5, length);
    let stem = [tone.clone(), tone];
    for key_source in [KeySource::External, KeySource::Difference] {
        for action in [Action::Above, Action::Below] {
            let band = BandParams { key_source, action, threshold_db: -60.0, ..DUCK };
            for key in [vec![], vec![vec![0.0; length]], vec![vec![0.0; length]; 2]] {
                let mut eq = prepared(RATE, &with(&[band]));
                assert_eq!(run(&mut eq, &stem, &key), stem);
                assert_eq!(eq.readings().move_db[0], 0.0);
                assert!(!eq.readings().key_is_fed);
            }
        }
    }
}

#[test]
fn a_difference_follows_the_ratio_and_not_the_level() {
    let length = 48_000;
    let tones = |gain: f64| sine(RATE, 1000.0, gain, length);
    let band = BandParams {
        key_source: KeySource::Difference,
        key_filter: KeyFilter::Follow,
        threshold_db: 0.0,
        ratio: 2.0,
        knee_db: 0.0,
        ..DUCK
    };
    for level in [0.02, 0.2] {
        // The stem 6 dB louder than the key, then 6 dB softer.
        let (louder, softer) = (tones(2.0 * level), tones(level));
        let over = move_of(band, &[louder.clone(), louder.clone()], std::slice::from_ref(&softer));
        assert!((over + 3.01).abs() < 0.1, "{over}");
        let under = move_of(band, &[softer.clone(), softer.clone()], std::slice::from_ref(&louder));
        assert_eq!(under, 0.0);
        let turned = BandParams { action: Action::Below, ..band };
        let under = move_of(turned, &[softer.clone(), softer], &[louder]);
        assert!((under + 3.01).abs() < 0.1, "{under}");
    }
}

#[test]
fn stacked_moves_stay_within_what_one_band_may_do() {
    let length = 48_000;
    let key = sine(RATE, 700.0, 1.0, length);
    let mut random = Random::new(8);
    let mut worst = 0f64;
    for _ in 0..30 {
        let up = random.unit() < 0.5;
        let mut bands = [DUCK; BANDS];
        for (n, band) in bands.iter_mut().enumerate() {
            band.threshold_db = -60.0;
            band.ratio = f64::INFINITY;
            band.range_db = (6.0 + 18.0 * random.unit()) * if up { 1.0 } else { -1.0 };
            band.frequency_hz = 1000.0 * 2f64.powf(2.0 * random.bipolar());
            band.band_type = [BandType::Bell, BandType::Bell, BandType::LowShelf][n % 3];
            // A shelf that rings passes its own range already.
            let is_bell = band.band_type == BandType::Bell;
            band.q = if is_bell { 0.5 + 3.0 * random.unit() } else { 0.707 };
        }
        let mut eq = prepared(RATE, &with(&bands));
        run(&mut eq, &silence(length), std::slice::from_ref(&key));
        let moves = eq.readings().move_db;
        let shapes = bands.map(|band| BandShape::new(&band, band.range_db, RATE));
        let mut largest = 0f64;
        for n in 0..200 {
            let f = 20.0 * 1000f64.powf(f64::from(n) / 200.0);
            let sum: f64 =
                shapes.iter().zip(moves).map(|(shape, moved)| shape.magnitude_db(moved, f)).sum();
            largest = largest.max(sum.abs());
        }
        // Between the watched frequencies, and on the way to a full move, shapes differ a little.
        assert!(largest < 24.5, "{largest} dB");
        worst = worst.max(largest);
        assert!(moves.iter().any(|m| m.abs() > 1.0));
    }
    println!("sum of moves at most {worst:.2} dB");
}

fn random_params(random: &mut Random) -> DynamicEqParams {
    let mut pick = |n: usize| (random.unit() * n as f64) as usize;
    let mut params = DynamicEqParams::DEFAULT;
    for band in &mut params.bands {
        let mut within = |low: f64, high: f64| low + (high - low) * pick(1001) as f64 / 1000.0;
        *band = BandParams {
            on: within(0.0, 1.0) < 0.8,
            frequency_hz: 20.0 * 1000f64.powf(within(0.0, 1.0)),
            gain_db: within(-24.0, 24.0),
            q: 0.1 * 240f64.powf(within(0.0, 1.0)),
            range_db: within(-24.0, 24.0),
            threshold_db: within(-80.0, 0.0),
            ratio: 1.0 + within(0.0, 20.0),
            knee_db: within(0.0, 24.0),
            attack_ms: 0.1 * 5000f64.powf(within(0.0, 1.0)),
            hold_ms: within(0.0, 50.0),
            release_ms: 5.0 * 1000f64.powf(within(0.0, 1.0)),
            key_frequency_hz: 20.0 * 1000f64.powf(within(0.0, 1.0)),
            key_q: 0.1 * 240f64.powf(within(0.0, 1.0)),
            ..ON
        };
        band.band_type = BandType::ALL[pick(8)];
        band.slope = Slope::ALL[pick(8)];
        band.placement = Placement::ALL[pick(5)];
        band.action = [Action::Above, Action::Below][pick(2)];
        band.key_source = KeySource::ALL[pick(4)];
        band.key_filter = KeyFilter::ALL[pick(5)];
    }
    params.scale = pick(201) as f64 / 100.0;
    params.mix = [1.0, 0.5][pick(2)];
    params.auto_gain = pick(2) == 1;
    params.lookahead_ms = pick(21) as f64;
    params.listen = [None, None, Some(Listen::Solo(3)), Some(Listen::Key(5))][pick(4)];
    params.key_level_lufs = -60.0 + pick(61) as f64;
    params.unmask = UnmaskParams {
        on: pick(2) == 1,
        depth_db: 0.5 * pick(25) as f64,
        focus_low_hz: 20.0 * 1000f64.powf(pick(101) as f64 / 100.0),
        focus_high_hz: 20.0 * 1000f64.powf(pick(101) as f64 / 100.0),
        speed_ms: 5.0 + pick(96) as f64,
        placement: UnmaskPlacement::ALL[pick(3)],
    };
    params
}

#[test]
fn a_thousand_random_settings_under_automation_stay_finite_and_in_range() {
    let mut random = Random::new(2);
    let rates = [8_000.0, 44_100.0, 48_000.0, 96_000.0, 192_000.0, 384_000.0];
    for n in 0..125 {
        let rate = rates[n % rates.len()];
        let noise = programme(n as u64, 2, rate);
        let key = programme(n as u64 + 1000, 1 + n % 2, rate);
        let mut current = random_params(&mut random);
        let mut eq = prepared(rate, &current);
        eq.set_lookahead(n % 3 == 0);
        let stem = [noise[0].clone(), noise[1].clone()];
        // Eight settings a run, one every 1500 samples; the last one until all has come to rest. A move
        // is never wider than the widest range there has been, and in the end than the last.
        let mut widest = [0f64; BANDS];
        let mut deepest = 0f64;
        let mut widen = |params: &DynamicEqParams| {
            for (widest, band) in widest.iter_mut().zip(&params.bands) {
                *widest = widest.max(band.scaled_range_db(params.scale).abs());
            }
            deepest = deepest.max(params.unmask.depth_db);
            (widest, deepest)
        };
        let within = |eq: &DynamicEq, (widest, deepest): ([f64; BANDS], f64), slack_db: f64| {
            let readings = eq.readings();
            for (moved, widest) in readings.move_db.iter().zip(widest) {
                assert!(moved.abs() <= widest + slack_db, "{moved} of {widest} dB in run {n}");
            }
            for duck in readings.unmask.duck_db {
                assert!((0.0..=deepest + slack_db).contains(&duck), "{duck} of {deepest} dB");
            }
            assert!((0.0..=1.0).contains(&readings.voice_activity));
        };
        let mut bounds = widen(&current);
        let mut output = run_with(&mut eq, &stem, &key, 500, |eq, from| {
            within(eq, bounds, 1e-9);
            if from % 1500 == 0 {
                current = random_params(&mut random);
                eq.set_params(&current);
                bounds = widen(&current);
            }
        });
        for _ in 0..=(0.2 * rate / stem[0].len() as f64) as usize {
            let more = run(&mut eq, &stem, &key);
            output.iter_mut().zip(more).for_each(|(all, more)| all.extend(more));
        }
        let last = current.bands.map(|band| band.scaled_range_db(current.scale).abs());
        within(&eq, (last, current.unmask.depth_db), 1e-3);
        for x in output.iter().flatten() {
            // Eight bands of 24 dB, resonances and all: wide, but a bound.
            assert!(x.abs() < 1e12, "{x} in run {n} at {rate} Hz");
        }
    }
}

#[test]
fn lookahead_moves_the_gain_ahead_of_the_key() {
    let length = 9600;
    let tone = sine(RATE, 1000.0, 0.5, length);
    let key: Vec<f32> = (0..length).map(|n| if n < 4800 { 0.0 } else { 0.5 }).collect();
    for (lookahead_ms, ahead) in [(0.0, 0), (5.0, 240), (20.0, 960)] {
        let mut params = with(&[BandParams { attack_ms: 0.1, ..DUCK }]);
        params.lookahead_ms = lookahead_ms;
        let mut eq = prepared(RATE, &params);
        eq.set_lookahead(true);
        assert_eq!(eq.latency_samples(), 960);
        let output = run(&mut eq, &[tone.clone(), tone.clone()], std::slice::from_ref(&key));
        let first = (960..length).find(|&n| output[0][n] != tone[n - 960]).unwrap();
        // The key reaches the output's time 960 samples late.
        let expected = 4800 + 960 - ahead;
        assert!(first.abs_diff(expected) <= 2, "{first} where {expected} was due");
    }
}
