//! Hi-hats and overheads, a stress: all of it is sibilant, and much of it sudden.

use crate::singer::louder;
use crate::support::recordings::stem;
use crate::{RATE, Way, by, prepared, run};
use shared_dsp::db;
use shared_dsp::de_esser::{DeEsserParams, Detect, KeySource, Mode, StereoMode};
use shared_dsp::random::Random;

/// What one would set for them: only what is loud is turned down, and the stick is let pass.
const CYMBALS: DeEsserParams = DeEsserParams {
    detect: Detect::Absolute,
    low_hz: 6000.0,
    high_hz: 14_000.0,
    sensitivity: 0.6,
    range_db: 4.0,
    attack_ms: 6.0,
    release_ms: 90.0,
    ..DeEsserParams::DEFAULT
};

/// Hi-hats or overheads: strokes of bright noise a few ms to half a second long, over a hum.
fn hats(seed: u64, length: usize) -> Vec<f32> {
    let mut random = Random::new(seed);
    let (mut level, mut last, mut decay) = (0.0, 0.0, 0.999);
    (0..length)
        .map(|n| {
            if n % 6000 == 0 {
                level = 0.2 + 0.8 * random.unit();
                decay = 1.0 - 0.0002 * 50f64.powf(random.unit());
            }
            level *= decay;
            let x = random.bipolar();
            let bright = x - last;
            last = x;
            (0.5 * level * bright + 0.02 * (0.01 * n as f64).sin()) as f32
        })
        .collect()
}

#[test]
fn hats_and_overheads_are_turned_down_by_the_range_at_most() {
    let inputs = [Some([hats(1, 144_000), hats(2, 144_000)]), stem("song", "Drums")];
    for input in inputs.into_iter().flatten() {
        for range_db in [3.0, 6.0, 24.0] {
            for (stereo_mode, link) in [(StereoMode::LeftRight, 0.0), (StereoMode::LeftRight, 1.0)]
            {
                let params =
                    DeEsserParams { range_db, stereo_mode, link, ..DeEsserParams::DEFAULT };
                let least = db::to_gain(-range_db) * (1.0 - 1e-6);
                let wide = run(&mut by(Way::Of(Mode::Wide), RATE, &params), &input, &[]);
                let mut lowest = 1f64;
                for (x, y) in input.iter().flatten().zip(wide.iter().flatten()) {
                    let (x, y) = (f64::from(*x), f64::from(*y));
                    assert!(y.abs() <= x.abs() && y.abs() >= least * x.abs() - 1e-9, "{y} of {x}");
                    if x.abs() > 1e-3 {
                        lowest = lowest.min(y / x);
                    }
                }
                // And they are a stress indeed.
                assert!(db::from_gain(lowest) < -0.9 * range_db.min(20.0), "{lowest}");
                for way in [Way::Of(Mode::Bell), Way::Of(Mode::Shelf), Way::Split] {
                    let output = run(&mut by(way, RATE, &params), &input, &[]);
                    for (x, y) in input.iter().zip(&output) {
                        assert!(y.iter().all(|y| y.is_finite()));
                        let [before, after] = [x, y].map(|x| crate::energy(x));
                        let lost_db = db::from_power(before / after);
                        assert!((0.0..=range_db).contains(&lost_db), "{lost_db}: {way:?}");
                    }
                }
            }
        }
    }
}

/// The reduction of each sample under a key, in dB.
fn reductions_db(params: &DeEsserParams, key: &[f32]) -> Vec<f64> {
    let params = DeEsserParams { mode: Mode::Wide, key_source: KeySource::External, ..*params };
    let steady = vec![0.25; key.len()];
    let key = [key.to_vec()];
    let [output, _] = run(&mut prepared(RATE, &params), &[steady.clone(), steady], &key);
    output.iter().map(|y| -db::from_gain(f64::from(*y) / 0.25)).collect()
}

/// Where a course turns: its highest and lowest points by turns, each `swing` or more from the last.
fn turns(course: &[f64], swing: f64) -> Vec<usize> {
    let (mut turns, mut extreme, mut rises) = (Vec::new(), 0, true);
    for (n, now) in course.iter().enumerate() {
        let further = now - course[extreme];
        let ahead = if rises { further } else { -further };
        if ahead > 0.0 {
            extreme = n;
        } else if ahead <= -swing {
            turns.push(extreme);
            (extreme, rises) = (n, !rises);
        }
    }
    turns
}

#[test]
fn the_gain_follows_strokes_and_does_not_flutter() {
    let real = stem("song", "Drums").map(|[left, _]| left);
    for (name, key) in [("synthesised", Some(louder(&hats(3, 480_000), -15.0))), ("song", real)] {
        let Some(key) = key else { continue };
        let course = reductions_db(&CYMBALS, &key);
        let most = course.iter().copied().fold(0.0, f64::max);
        let little = course.iter().filter(|db| **db < 0.5).count() as f64 / course.len() as f64;
        let turns = turns(&course, 1.0);
        // Up, down and up again within 25 ms: a roughness, not a movement.
        let rough = turns.windows(3).filter(|t| t[2] - t[0] < (0.025 * RATE) as usize).count();
        let a_second = turns.len() as f64 * RATE / key.len() as f64;
        println!(
            "{name}: {a_second:.1} turns a second of a dB or more, {rough} of them rough; {most:.2} dB at \
             most, less than half a dB in {:.0} % of the time",
            100.0 * little
        );
        assert_eq!(rough, 0, "{name}");
        // Eight strokes a second, each of which turns it once down and once up.
        assert!((1.0..=16.0).contains(&a_second), "{name}: {a_second}");
        assert!((3.0..=4.001).contains(&most) && little > 0.2, "{name}: {most}, {little}");
    }
}
