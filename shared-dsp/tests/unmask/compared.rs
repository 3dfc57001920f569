//! Against a plain duck of the whole band.
//!
//! The plain duck lowers all of the stem, at every moment by the mean of what Unmask takes off its bands
//! in focus: the same mean depth, with the same timing. What of the music is lost outside 1–6 kHz, where
//! words are understood, is lost for nothing.

use crate::support::recordings::stem;
use crate::support::residue::energies;
use crate::support::voices::{RATE, phrases, pink, voice};
use crate::{ON, both, prepared, run_with};
use shared_dsp::db;
use shared_dsp::unmask::scale::centres_hz;
use shared_dsp::unmask::{UnmaskParams, UnmaskPlacement};

const EDGES_HZ: [f64; 4] = [20.0, 1000.0, 6000.0, 20_000.0];

/// What is lost of each part of the spectrum, both channels together, in dB ≥ 0.
fn lost_db(before: &[Vec<f32>; 2], after: &[Vec<f32>; 2]) -> [f64; 3] {
    let of = |signal: &[Vec<f32>; 2]| {
        let mut sum = [0.0; 3];
        for channel in signal {
            let channel = channel.iter().map(|x| f64::from(*x)).collect();
            let energies = energies(channel, &EDGES_HZ, RATE);
            sum.iter_mut().zip(energies).for_each(|(sum, energy)| *sum += energy);
        }
        // Outside is what is below and above.
        [sum[0], sum[1], sum[0] + sum[2]]
    };
    let (before, after) = (of(before), of(after));
    std::array::from_fn(|n| db::from_power(before[n] / after[n]))
}

fn compare(name: &str, music: &[Vec<f32>; 2], key: &[Vec<f32>]) {
    for placement in [UnmaskPlacement::Mid, UnmaskPlacement::Stereo] {
        let params = UnmaskParams { placement, ..ON };
        let in_focus: Vec<usize> = (0..centres_hz().len())
            .filter(|band| {
                (params.focus_low_hz..params.focus_high_hz).contains(&centres_hz()[*band])
            })
            .collect();
        let mut block = prepared(params);
        let mut means_db = Vec::new();
        let out = run_with(&mut block, music, key, 48, |block, _| {
            let ducks = block.readings().duck_db;
            let sum: f64 = in_focus.iter().map(|band| ducks[*band]).sum();
            means_db.push(sum / in_focus.len() as f64);
        });
        let plain = music.each_ref().map(|channel| {
            let mut out = channel.clone();
            for (part, mean_db) in out.chunks_mut(48).zip(&means_db) {
                for x in part {
                    *x *= db::to_gain(-mean_db) as f32;
                }
            }
            out
        });
        let (ours, theirs) = (lost_db(music, &out), lost_db(music, &plain));
        let outcome = block.readings().outcome;
        println!(
            "{name}, {placement:?}: lost outside 1–6 kHz {:.2} dB, by a plain duck {:.2} dB; inside {:.2} and {:.2} dB",
            ours[2], theirs[2], ours[1], theirs[1],
        );
        println!(
            "    voice to music {:.1} dB, then {:.1} dB; mean duck {:.2} dB, ducked {:.0} % of the time, active {:.1} s",
            outcome.voice_to_music_before_db.unwrap_or(f64::NAN),
            outcome.voice_to_music_after_db.unwrap_or(f64::NAN),
            outcome.mean_duck_db,
            100.0 * outcome.ducked,
            outcome.active_seconds,
        );
        assert!(
            theirs[2] > 0.0 && ours[2] < 0.8 * theirs[2],
            "{name}: {} of {}",
            ours[2],
            theirs[2]
        );
        assert!(
            outcome.voice_to_music_after_db.unwrap() > outcome.voice_to_music_before_db.unwrap(),
            "{name}"
        );
    }
}

#[test]
fn less_is_lost_where_it_would_be_for_nothing() {
    let key = voice(&phrases(), 9.0, 0.0);
    compare("synthetic", &[pink(9.0, 21), pink(9.0, 22)], &both(&key));
}

#[test]
fn less_is_lost_of_a_song() {
    let (Some(music), Some(key)) = (stem("song", "Music"), stem("song", "VoxLead")) else { return };
    compare("song", &music, &key);
}

#[test]
fn less_is_lost_of_a_podcast() {
    let (Some(music), Some(key)) = (stem("podcast", "MX"), stem("podcast", "DX")) else { return };
    compare("podcast", &music, &key);
}
