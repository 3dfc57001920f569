//! The voices of two real sessions. No one labelled them; what is loud is speech, what is all but silent
//! is none, and what the level does to the result needs no label.

use crate::support::recordings::stem;
use crate::{activity, edges, heard, level_lufs, louder};
use shared_dsp::voice::VoiceActivity;

const RATE: f64 = 48_000.0;

fn voices() -> Vec<(&'static str, Vec<f32>)> {
    let both = [("song", "VoxLead"), ("podcast", "DX")];
    both.into_iter()
        .filter_map(|(folder, part)| Some((folder, stem(folder, part)?[0].clone())))
        .collect()
}

/// The level of each 10 ms in dB.
fn levels_db(key: &[f32]) -> Vec<f64> {
    key.chunks(480)
        .map(|part| {
            let power: f64 = part.iter().map(|x| f64::from(*x).powi(2)).sum();
            shared_dsp::db::from_power((power / part.len() as f64).max(1e-12))
        })
        .collect()
}

#[test]
fn what_is_loud_is_active_and_what_is_silent_is_not() {
    for (name, key) in voices() {
        let (levels, activity) = (levels_db(&key), activity(&key, RATE));
        let loudest = levels.iter().fold(f64::NEG_INFINITY, |a, b| a.max(*b));
        let (mut loud, mut missed, mut silent, mut wrong) = (0, 0, 0, 0);
        for n in 40..levels.len() {
            let now = activity[n * 480];
            // Speech for 30 ms at least, and none for 400.
            if levels[n - 3..n].iter().all(|level| *level > loudest - 20.0) {
                loud += 1;
                missed += usize::from(now < 0.99);
            }
            if levels[n - 40..n].iter().all(|level| *level < loudest - 45.0) {
                silent += 1;
                wrong += usize::from(now > 0.0);
            }
        }
        let active = activity.iter().filter(|a| **a > 0.5).count() as f64 / activity.len() as f64;
        println!(
            "{name}: active {:.0} % of the time; {missed} of {loud} loud and {wrong} of {silent} silent \
             hundredths of a second missed",
            100.0 * active,
        );
        assert!(loud > 100 && missed == 0, "{name}: {missed} of {loud}");
        assert_eq!(wrong, 0, "{name}, of {silent}");
    }
}

#[test]
fn the_level_moves_no_edge() {
    for (name, key) in voices() {
        crate::assert_level_moves_no_edge(name, &key, RATE);
    }
}

/// The key level as it is learned: the loudest 200 ms of the first ten seconds, in LUFS.
fn learned_lufs(key: &[f32]) -> f64 {
    let mut detector = VoiceActivity::new();
    detector.prepare(RATE);
    let hops = key[..(10.0 * RATE) as usize].chunks(480);
    hops.map(|hop| {
        heard(&mut detector, hop, 480);
        detector.level_lufs()
    })
    .fold(f64::NEG_INFINITY, f64::max)
}

#[test]
fn a_start_in_the_middle_hears_what_the_whole_heard() {
    for (name, key) in voices() {
        let from = 10.0;
        let key_level_lufs = learned_lufs(&key);
        let activity = |key: &[f32]| {
            let mut detector = VoiceActivity::new();
            detector.set_key_level_lufs(key_level_lufs);
            detector.prepare(RATE);
            heard(&mut detector, key, 480)
        };
        let late = |activity: &[f32], shift: f64| -> Vec<(f64, bool)> {
            let edges = edges(activity, RATE).into_iter();
            edges
                .map(|(at, opens)| (at + shift, opens))
                .filter(|(at, _)| *at > from + 1.0)
                .collect()
        };
        let whole = late(&activity(&key), 0.0);
        let part = late(&activity(&key[(from * RATE) as usize..]), from);
        let furthest = whole.iter().zip(&part).map(|(a, b)| (a.0 - b.0).abs()).fold(0.0, f64::max);
        println!(
            "{name}, learned at {key_level_lufs:.1} LUFS: {} edges, {:.1} ms apart at most",
            whole.len(),
            1e3 * furthest
        );
        assert!(whole.len() == part.len() && whole.len() > 2, "{name}: {whole:?}, {part:?}");
        // A dB of reference is a soft syllable sooner or later, and the same duck for all the rest.
        let apart: f64 = whole.iter().zip(&part).map(|(a, b)| (a.0 - b.0).abs()).sum();
        let heard = key.len() as f64 / RATE - from - 1.0;
        assert!(furthest < 0.1 && apart < 0.01 * heard, "{name}: {furthest} s, {apart} s in all");
    }
}

#[test]
fn bleed_from_a_cold_start_never_opens_it() {
    for (name, key) in voices() {
        // 30 dB below where the reference starts.
        let gain_db = shared_dsp::voice::DEFAULT_KEY_LEVEL_LUFS - 30.0 - level_lufs(&key, RATE);
        let bleed = louder(&key, gain_db);
        let mut detector = VoiceActivity::new();
        detector.prepare(RATE);
        assert!(heard(&mut detector, &bleed, 480).iter().all(|a| *a == 0.0), "{name}");
    }
}
