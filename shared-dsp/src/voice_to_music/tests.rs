use super::*;
use crate::Processor;
use crate::random::Random;
use crate::unmask::{StandaloneParams, StandaloneUnmask, UnmaskParams};
use crate::voice::DEFAULT_KEY_LEVEL_LUFS;
use std::f64::consts::{PI, TAU};

type Stereo = [Vec<f64>; 2];

/// What the filters leave of the power of a tone, by the closed form of both.
fn power(rate: f64, hz: f64) -> f64 {
    let t = |hz: f64| (PI * hz / rate).tan();
    let [low, high] = BAND_HZ.map(|edge| t(edge.min(0.4 * rate)));
    1.0 / (1.0 + (low / t(hz)).powi(4)) / (1.0 + (t(hz) / high).powi(4))
}

fn tone(rate: f64, seconds: f64, hz: f64, level: impl Fn(f64) -> f64) -> Vec<f64> {
    let at = |n: usize| n as f64 / rate;
    (0..(seconds * rate) as usize).map(|n| level(at(n)) * (TAU * hz * at(n)).sin()).collect()
}

fn both(signal: &[f64]) -> Stereo {
    [signal.to_vec(), signal.to_vec()]
}

fn scaled(signal: &[f64], db: f64) -> Vec<f64> {
    signal.iter().map(|x| x * db::to_gain(db)).collect()
}

/// Everything heard, in blocks of `block`.
fn heard(
    rate: f64,
    [key, before, after]: [&Stereo; 3],
    block: usize,
) -> (Vec<Heard>, [Option<f64>; 2]) {
    let mut meter = KeyedMeter::new(rate, DEFAULT_KEY_LEVEL_LUFS);
    let mut looks = Vec::new();
    let length = key[0].len();
    for from in (0..length).step_by(block) {
        let part = from..length.min(from + block);
        let [key, before, after] =
            [key, before, after].map(|s| s.each_ref().map(|side| &side[part.clone()]));
        meter.process(key, before, after, |heard| looks.push(*heard));
    }
    (looks, [meter.before_db(), meter.after_db()])
}

#[test]
fn tones_of_known_levels_read_what_they_are() {
    // A key of −18 dBFS over a stem of −20 dBFS, of which 3 dB are taken back.
    for rate in [8_000.0, 44_100.0, 48_000.0, 192_000.0] {
        for hz in [2300.0, 2830.0, 3700.0] {
            let key = tone(rate, 4.0, 2500.0, |_| db::to_gain(-18.0));
            let stem = tone(rate, 4.0, hz, |_| db::to_gain(-20.0));
            let after = both(&scaled(&stem, -3.0));
            let (looks, [before_db, after_db]) =
                heard(rate, [&both(&key), &both(&stem), &after], 1000);
            let wanted = 2.0 + db::from_power(power(rate, 2500.0) / power(rate, hz));
            let [before_db, after_db] = [before_db, after_db].map(Option::unwrap);
            assert!((before_db - wanted).abs() < 0.01, "{before_db}, {wanted} at {hz}, {rate}");
            assert!((after_db - before_db - 3.0).abs() < 1e-6, "{after_db}");
            // A millisecond each, of all samples but those after the last whole one.
            assert_eq!(looks.len(), 4000);
            assert_eq!(looks.iter().map(|look| look.samples).sum::<usize>(), 4 * rate as usize);
            // The mean square of a tone in both channels, once the filters have settled.
            let settled = &looks[100..];
            let samples: usize = settled.iter().map(|look| look.samples).sum();
            let energy: f64 = settled.iter().map(|look| look.before).sum();
            let level_db = db::from_power(energy / samples as f64);
            let wanted = -20.0 + db::from_power(power(rate, hz));
            assert!((level_db - wanted).abs() < 0.01, "{level_db}, {wanted} at {hz}, {rate}");
        }
    }
}

#[test]
fn a_channel_alone_is_half_of_both() {
    let rate = 48_000.0;
    let key = tone(rate, 3.0, 2830.0, |_| 0.1);
    let silent = vec![0.0; key.len()];
    let one = [key.clone(), silent];
    let read = |key: &Stereo, stem: &Stereo, after: &Stereo| {
        let [before, after] = heard(rate, [key, stem, after], 480).1;
        [before.unwrap(), after.unwrap()]
    };
    let half_db = db::from_power(0.5);
    let [before, after] = read(&one, &both(&key), &[key.clone(), scaled(&key, -200.0)]);
    assert!((before - half_db).abs() < 1e-3, "{before}");
    // What only the right channel gave up counts for half.
    assert!(after.abs() < 1e-3, "{after}");
}

#[test]
fn what_sounds_in_the_voices_pauses_or_beside_the_band_counts_for_nothing() {
    // A second of voice every two; in the pauses, once the voice has been let go, music 30 dB louder,
    // which is not ducked. And a bass.
    let rate = 48_000.0;
    let speaks = |t: f64| t % 2.0 < 1.0;
    let pause = |t: f64| (1.3..1.95).contains(&(t % 2.0));
    let key = tone(rate, 8.0, 2830.0, |t| if speaks(t) { 0.1 } else { 0.0 });
    let music = |duck_db: f64| {
        let level = |t: f64| if pause(t) { 0.9 } else { 0.03 * db::to_gain(duck_db) };
        let bass = tone(rate, 8.0, 60.0, |_| 0.5);
        let mut music = tone(rate, 8.0, 2830.0, level);
        music.iter_mut().zip(bass).for_each(|(m, b)| *m += b);
        music
    };
    let (looks, [before_db, after_db]) =
        heard(rate, [&both(&key), &both(&music(0.0)), &both(&music(-6.0))], 4096);
    // The voice stays active for its 200 ms of hold and the 20 ms of its window, and of the 10 ms it
    // takes either way half are on this side.
    let active = looks.iter().filter(|look| look.active).count();
    assert!((active as f64 / 4.0 - 1220.0).abs() < 10.0, "{active} ms");
    let spoken: f64 = 4.0 * 0.1 * 0.1;
    let played = 1e-3 * active as f64 * 0.03 * 0.03;
    let wanted = db::from_power(spoken / played);
    let [before_db, after_db] = [before_db, after_db].map(Option::unwrap);
    assert!((before_db - wanted).abs() < 0.05, "{before_db} for {wanted}");
    assert!((after_db - before_db - 6.0).abs() < 0.05, "{after_db}");
}

#[test]
fn without_a_voice_or_without_music_there_is_no_ratio() {
    let rate = 48_000.0;
    let (sound, silence) = (both(&tone(rate, 1.0, 2830.0, |_| 0.1)), both(&vec![0.0; 48_000]));
    let faint = both(&tone(rate, 1.0, 2830.0, |_| 1e-3));
    for (key, before, after, wanted) in [
        (&silence, &sound, &sound, [false, false]),
        // A noise is no voice.
        (&faint, &sound, &sound, [false, false]),
        (&sound, &silence, &silence, [false, false]),
        (&sound, &sound, &silence, [true, false]),
        (&sound, &sound, &sound, [true, true]),
    ] {
        let read = heard(rate, [key, before, after], 64).1;
        assert_eq!(read.map(|db| db.is_some()), wanted);
    }
    // Unless it was said that the voice is as quiet as that.
    let mut meter = KeyedMeter::new(rate, -60.0);
    let [key, stem] = [&faint, &sound].map(|s| s.each_ref().map(|side| &side[..]));
    meter.process(key, stem, stem, |_| {});
    assert!((meter.before_db().unwrap() + 40.0).abs() < 0.2, "{:?}", meter.before_db());
}

fn noise(seed: u64, frames: usize) -> Vec<f64> {
    let mut random = Random::new(seed);
    let beat = |n: usize| if n % 20_000 < 9000 { 0.3 } else { 1e-4 };
    (0..frames).map(|n| beat(n) * random.bipolar()).collect()
}

#[test]
fn every_cut_gives_the_same_and_what_is_no_number_is_silence() {
    for rate in [44_100.0, 11_025.0] {
        let signal = |seed| [noise(seed, 30_011), noise(seed + 1, 30_011)];
        let [mut key, mut before, after] = [1, 3, 5].map(signal);
        let whole = heard(rate, [&key, &before, &after], 30_011);
        assert!(whole.0.iter().any(|look| look.active) && whole.0.iter().any(|look| !look.active));
        for block in [1, 7, 64, 441, 5000] {
            assert_eq!(heard(rate, [&key, &before, &after], block), whole, "blocks of {block}");
        }
        for n in [700, 12_345] {
            (key[0][n], before[1][n + 1]) = (0.0, 0.0);
        }
        let silenced = heard(rate, [&key, &before, &after], 512);
        for (n, odd) in [(700, f64::NAN), (12_345, f64::INFINITY)] {
            (key[0][n], before[1][n + 1]) = (odd, odd);
        }
        assert_eq!(heard(rate, [&key, &before, &after], 512), silenced);
    }
}

#[test]
fn from_outside_it_is_what_unmask_shows_of_itself() {
    let rate = 48_000.0;
    let frames = 4 * 48_000;
    let single = |seed| -> [Vec<f32>; 2] {
        [seed, seed + 1].map(|seed| noise(seed, frames).iter().map(|x| *x as f32).collect())
    };
    let key = single(1);
    // Music that does not stop.
    let mut random = Random::new(9);
    let stem: [Vec<f32>; 2] =
        std::array::from_fn(|_| (0..frames).map(|_| (0.2 * random.bipolar()) as f32).collect());
    for key_level_lufs in [DEFAULT_KEY_LEVEL_LUFS, -40.0] {
        let mut unmask = StandaloneUnmask::new();
        unmask.prepare(rate, 512);
        let on = UnmaskParams { on: true, depth_db: 6.0, ..UnmaskParams::DEFAULT };
        unmask.set_params(&StandaloneParams { unmask: on, key_level_lufs });
        let mut out = stem.clone();
        let [left, right] = &mut out;
        for from in (0..frames).step_by(480) {
            let part = from..from + 480;
            unmask.process(
                &mut [&mut left[part.clone()], &mut right[part.clone()]],
                &[&key[0][part.clone()], &key[1][part]],
            );
        }
        let shown = unmask.readings().outcome;
        let wide = |signal: &[Vec<f32>; 2]| -> Stereo {
            signal.each_ref().map(|side| side.iter().map(|x| f64::from(*x)).collect())
        };
        let mut meter = KeyedMeter::new(rate, key_level_lufs);
        let mut active = 0;
        let signals = [&key, &stem, &out].map(wide);
        let [key, before, after] = signals.each_ref().map(|s| s.each_ref().map(|side| &side[..]));
        meter.process(key, before, after, |heard| active += u64::from(heard.active));
        assert_eq!(meter.before_db(), shown.voice_to_music_before_db);
        let [read, shown_db] =
            [meter.after_db(), shown.voice_to_music_after_db].map(Option::unwrap);
        // What leaves is rounded to single precision.
        assert!((read - shown_db).abs() < 1e-5, "{read} and {shown_db}");
        assert!(read - meter.before_db().unwrap() > 1.0, "{read}");
        assert_eq!(active as f64 / 1000.0, shown.active_seconds);
    }
}
