//! What is quiet: a whisper has an s, a room has none.

use crate::singer::{S_HZ, SINGERS, Sound, louder, phrase};
use crate::{RATE, WAYS, Way, by, energy, processed};
use shared_dsp::db;
use shared_dsp::de_esser::{DeEsserParams, Mode};
use shared_dsp::random::Random;

#[test]
fn a_whisper_after_a_shout_is_treated_alike() {
    let mut least = f64::INFINITY;
    for (seed, singer) in SINGERS.into_iter().enumerate() {
        for s_hz in S_HZ {
            let (shout, _) = phrase(singer, s_hz, 90 + seed as u64);
            let (whisper, labels) = phrase(singer, s_hz, 100 + seed as u64);
            let mut voice = louder(&shout, 6.0);
            let at = voice.len();
            voice.extend(louder(&whisper, -18.0));
            let output =
                processed(&mut by(Way::Of(Mode::Bell), RATE, &DeEsserParams::DEFAULT), &voice);
            // From a second on.
            let s = labels.iter().filter(|label| matches!(label.sound, Sound::S(_))).skip(1);
            for label in s {
                let range = at + label.from..at + label.to;
                let [before, after] = [&voice, &output].map(|audio| energy(&audio[range.clone()]));
                let lost_db = db::from_power(before / after);
                least = least.min(lost_db);
                assert!(lost_db >= 4.0, "{lost_db}: {singer:?}, {s_hz}");
            }
        }
    }
    println!("24 dB below what was before, an s loses at least {least:.2} dB");
}

#[test]
fn the_room_is_left_alone_however_loud_it_was_recorded() {
    let (voice, labels) = phrase(SINGERS[1], 6500.0, 110);
    let end = voice.len();
    let mut random = Random::new(7);
    // White, 45 dB below the vowels: by its ratio alone it is sibilant.
    let noise: Vec<f32> = (0..end + 96_000)
        .map(|_| (0.1 * 3f64.sqrt() * db::to_gain(-45.0) * random.bipolar()) as f32)
        .collect();
    let room: Vec<f32> = noise
        .iter()
        .enumerate()
        .map(|(n, noise)| voice.get(n).copied().unwrap_or(0.0) + noise)
        .collect();
    for gain_db in [-15.0, 0.0, 18.0, 30.0] {
        let room = louder(&room, gain_db);
        for way in WAYS {
            let output = processed(&mut by(way, RATE, &DeEsserParams::DEFAULT), &room);
            let pause = end + 9600..;
            assert!(output[pause.clone()] == room[pause], "{gain_db}, {way:?}");
            let label = labels[3];
            assert!(output[label.from..label.to] != room[label.from..label.to]);
        }
    }
}
