use super::*;
use shared_dsp::random::Random;
use shared_dsp::voice::DEFAULT_KEY_LEVEL_LUFS;
use std::f64::consts::TAU;

const RATE: u32 = 48_000;

/// A tone in the middle of the band whose amplitude follows `level`, over time in seconds.
fn tone(seconds: f64, level: impl Fn(f64) -> f64) -> Vec<f64> {
    let at = |n: usize| n as f64 / f64::from(RATE);
    let sample = |n: usize| level(at(n)) * (TAU * 2830.0 * at(n)).sin();
    (0..(seconds * f64::from(RATE)) as usize).map(sample).collect()
}

fn noise(seed: u64, seconds: f64, level: f64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..(seconds * f64::from(RATE)) as usize).map(|_| level * random.bipolar()).collect()
}

fn scaled(signal: &[f64], db: f64) -> Vec<f64> {
    signal.iter().map(|x| x * db::to_gain(db)).collect()
}

/// What is read of a key, and of both channels of the music before and after.
fn read(key: &[f64], before: [&[f64]; 2], after: [&[f64]; 2], block: usize) -> VoiceToMusic {
    let mut meter = VoiceMeter::new(RATE, DEFAULT_KEY_LEVEL_LUFS);
    for from in (0..key.len()).step_by(block) {
        let part = from..key.len().min(from + block);
        let key = &key[part.clone()];
        let of = |sides: [&'_ [f64]; 2]| sides.map(|side| side[part.clone()].to_vec());
        let [before, after] = [of(before), of(after)];
        meter.write(
            [key; 2],
            before.each_ref().map(|side| &side[..]),
            after.each_ref().map(|side| &side[..]),
        );
    }
    meter.reading("VoxLead")
}

fn near(read: Option<f64>, wanted: f64, within: f64, what: &str) {
    let value = read.unwrap_or(f64::NAN);
    assert!((value - wanted).abs() <= within, "{what}: {read:?} instead of {wanted}");
}

#[test]
fn a_duck_of_known_depth_in_part_of_the_time_is_read() {
    // Two seconds of voice in every four of eight; the music goes on, and is ducked by 4 dB under the
    // second voice and for the second after it that ends at 8 s.
    let (voice, music, duck_db) = (db::to_gain(-20.0), db::to_gain(-26.0), 4.0);
    let speaks = |t: f64| (1.0..3.0).contains(&(t % 4.0));
    let key = tone(8.0, |t| if speaks(t) { voice } else { 0.0 });
    let before = tone(8.0, |_| music);
    let after = tone(8.0, |t| if t < 5.0 { music } else { music * db::to_gain(-duck_db) });
    let seen = read(&key, [&before; 2], [&after; 2], 4096);
    // Its hold of 200 ms and window of 20 ms belong to the voice.
    let there: f64 = 2.0 * 2.22;
    near(Some(seen.voice_share), there / 8.0, 0.002, "voice");
    let before_db = 6.0 + 10.0 * (4.0 / there).log10();
    near(seen.before_db, before_db, 0.03, "before");
    let left = 0.5 + 0.5 * db::to_gain(-duck_db).powi(2);
    near(seen.gained_db, -10.0 * left.log10(), 0.03, "gained");
    near(seen.after_db, before_db - 10.0 * left.log10(), 0.03, "after");
    near(seen.mean_duck_db, duck_db / 2.0, 0.03, "duck");
    // Windows of 100 ms, and the switch lies between two.
    near(Some(seen.ducked_share), 3.0 / 8.0, 0.001, "ducked");
    near(seen.key_level_dbfs, -20.0 + 20.0 * 0.5f64.log10(), 0.01, "key");
    assert_eq!(seen.key, "VoxLead");
}

#[test]
fn noises_of_known_levels_read_their_difference_and_every_channel_counts() {
    let key = noise(1, 20.0, 0.2);
    let [left, right] = [2, 3].map(|seed| noise(seed, 20.0, 0.1));
    let ducked = scaled(&left, -6.0);
    let seen = read(&key, [&left, &right], [&ducked, &right], 1000);
    near(seen.before_db, 6.02, 0.15, "before");
    let one_side_db = -10.0 * (0.5 + 0.5 * db::to_gain(-12.0)).log10();
    near(seen.gained_db, one_side_db, 0.05, "gained");
    near(seen.mean_duck_db, one_side_db, 0.05, "duck");
    near(Some(seen.ducked_share), 1.0, 0.0, "ducked");
    near(Some(seen.voice_share), 1.0, 0.005, "voice");
    // Lifted instead of ducked.
    let lifted = [&left, &right].map(|side| scaled(side, 2.0));
    let seen = read(&key, [&left, &right], lifted.each_ref().map(|side| &side[..]), 1000);
    near(seen.gained_db, -2.0, 0.01, "gained");
    near(seen.mean_duck_db, -2.0, 0.01, "duck");
    assert_eq!(seen.ducked_share, 0.0);
}

#[test]
fn a_key_that_says_nothing_and_music_that_is_not_there_have_no_ratio() {
    let (sound, silence) = (tone(2.0, |_| 0.1), vec![0.0; 2 * RATE as usize]);
    let silent = read(&silence, [&sound; 2], [&sound; 2], 512);
    assert_eq!(silent, VoiceToMusic { key: "VoxLead".to_owned(), ..VoiceToMusic::default() });
    // Too faint for a voice, but not silent.
    let faint = read(&scaled(&sound, -50.0), [&sound; 2], [&sound; 2], 512);
    near(faint.key_level_dbfs, -73.01, 0.01, "key");
    assert_eq!((faint.voice_share, faint.before_db, faint.mean_duck_db), (0.0, None, None));
    let alone = read(&sound, [&silence; 2], [&silence; 2], 512);
    assert!(alone.voice_share > 0.99, "{alone:?}");
    assert_eq!((alone.before_db, alone.mean_duck_db, alone.ducked_share), (None, None, 0.0));
    let gone = read(&sound, [&sound; 2], [&silence; 2], 512);
    near(gone.before_db, 0.0, 0.01, "before");
    assert_eq!((gone.after_db, gone.gained_db), (None, None));
    near(gone.mean_duck_db, DEEPEST_DB, 0.0, "duck");
    let nothing = read(&[], [&[]; 2], [&[]; 2], 512);
    assert_eq!(nothing, VoiceToMusic { key: "VoxLead".to_owned(), ..VoiceToMusic::default() });
}

#[test]
fn blocks_of_any_length_are_seen_alike() {
    let speaks = |t: f64| t % 1.0 < 0.4;
    let key = tone(3.03, |t| if speaks(t) { 0.2 } else { 0.0 });
    let before = noise(7, 3.03, 0.1);
    let after: Vec<f64> =
        before.iter().zip(&key).map(|(x, k)| if *k == 0.0 { *x } else { 0.7 * x }).collect();
    let whole = read(&key, [&before; 2], [&after; 2], key.len());
    assert!(whole.gained_db.is_some_and(|db| db > 1.0), "{whole:?}");
    for block in [1, 7, 441, 4096] {
        // The key's own level is a sum that blocks take part by part.
        let seen = read(&key, [&before; 2], [&after; 2], block);
        assert_eq!(seen, whole, "blocks of {block}");
    }
}
