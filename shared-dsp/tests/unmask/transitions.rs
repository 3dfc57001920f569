//! What a change leaves behind: rows 10 and 11 of what the best are measured by, and clicks.

use crate::support::residue::above_dbfs;
use crate::support::voices::{RATE, pink};
use crate::{ON, both, prepared, prepared_for, run_with};
use shared_dsp::unmask::{StandaloneParams, UnmaskParams, UnmaskPlacement};
use shared_dsp::{Processor, db};
use std::f64::consts::TAU;

const LENGTH: usize = 1 << 16;

fn tone() -> Vec<f32> {
    (0..LENGTH).map(|n| (TAU * 100.0 * n as f64 / RATE).sin() as f32).collect()
}

/// A voice soft enough for a low tone of full scale to cover all of it: where even what leaks of the tone
/// into the highest band is louder. On for 250 ms, off for 350.
fn soft_key() -> Vec<f32> {
    let seconds = LENGTH as f64 / RATE + 0.1;
    let gain = db::to_gain(-58.0) as f32;
    pink(seconds, 3)
        .iter()
        .take(LENGTH)
        .enumerate()
        .map(|(n, x)| if n % 28_800 >= 12_000 && n % 28_800 < 24_000 { gain * x } else { 0.0 })
        .collect()
}

fn soft(unmask: UnmaskParams) -> StandaloneParams {
    StandaloneParams { unmask, key_level_lufs: -60.0 }
}

#[test]
fn a_duck_leaves_no_more_behind_than_its_time_allows() {
    let (tone, key) = (tone(), soft_key());
    for placement in [UnmaskPlacement::Mid, UnmaskPlacement::Stereo] {
        for (speed_ms, bound) in [(5.0, -60.0), (10.0, -78.0), (20.0, -80.0)] {
            let params = UnmaskParams { depth_db: 12.0, speed_ms, placement, ..ON };
            let mut block = prepared_for(soft(params));
            let mut most = 0f64;
            let out =
                run_with(&mut block, &both(&tone), std::slice::from_ref(&key), 64, |block, _| {
                    most = block.readings().duck_db.iter().fold(most, |a, b| a.max(*b));
                });
            let residue = above_dbfs(&out[0], 1000.0, RATE);
            let moved = out[0].iter().zip(&tone).fold(0f32, |a, (x, y)| a.max((x - y).abs()));
            println!(
                "{placement:?}, {speed_ms} ms: {residue:.1} dBFS, ducked by {most:.1} dB, moved by {moved:.3}"
            );
            assert!(residue <= bound, "{residue} dBFS at {speed_ms} ms");
            assert!(most > 11.0 && moved > 0.1);
        }
    }
}

/// The residue above 1 kHz of a low tone while settings go from part 0 to part 1 within 50 ms, every 512
/// samples.
fn swept(of: &dyn Fn(f64) -> UnmaskParams) -> f64 {
    let (tone, gain) = (tone(), db::to_gain(-58.0) as f32);
    let key: Vec<f32> = pink(2.0, 3).iter().take(LENGTH).map(|x| gain * x).collect();
    let mut block = prepared_for(soft(of(0.0)));
    // The duck is there before the sweep, and the voice's beginning is not measured.
    run_with(&mut block, &both(&tone), std::slice::from_ref(&key), 512, |_, _| {});
    let out = run_with(&mut block, &both(&tone), &[key], 512, |block, from| {
        let part = ((from as f64 - 8192.0) / (0.05 * RATE)).clamp(0.0, 1.0);
        block.set_params(&soft(of(part)));
    });
    above_dbfs(&out[0], 1000.0, RATE)
}

#[test]
fn automation_does_not_zip() {
    let still = swept(&|_| UnmaskParams { depth_db: 12.0, ..ON });
    println!("standing still: {still:.1} dBFS");
    let full = UnmaskParams { depth_db: 12.0, speed_ms: 5.0, ..ON };
    for (name, residue) in [
        ("depth up", swept(&|part| UnmaskParams { depth_db: 12.0 * part, ..full })),
        ("depth down", swept(&|part| UnmaskParams { depth_db: 12.0 - 12.0 * part, ..full })),
        ("focus low", swept(&|part| UnmaskParams { focus_low_hz: 60.0 + 1940.0 * part, ..full })),
        (
            "focus high",
            swept(&|part| UnmaskParams { focus_high_hz: 16_000.0 - 15_000.0 * part, ..full }),
        ),
        ("speed", swept(&|part| UnmaskParams { speed_ms: 5.0 + 95.0 * part, ..full })),
    ] {
        println!("{name}: {residue:.1} dBFS");
        assert!(residue <= -70.0, "{name}: {residue} dBFS");
    }
}

#[test]
fn switches_do_not_click() {
    let full = UnmaskParams { depth_db: 12.0, ..ON };
    for (name, after) in [
        ("off", UnmaskParams { on: false, ..full }),
        ("to stereo", UnmaskParams { placement: UnmaskPlacement::Stereo, ..full }),
        ("to side", UnmaskParams { placement: UnmaskPlacement::Side, ..full }),
    ] {
        for (from, to) in [(full, after), (after, full)] {
            let residue = swept(&|part| if part > 0.0 { to } else { from });
            println!("{name}: {residue:.1} dBFS");
            assert!(residue <= -70.0, "{name}: {residue} dBFS");
        }
    }
}

#[test]
fn what_is_switched_off_is_off_and_starts_afresh() {
    let (stem, key) = (both(&pink(2.0, 1)), pink(2.0, 2));
    let on = StandaloneParams { unmask: ON, ..StandaloneParams::DEFAULT };
    let off = StandaloneParams::DEFAULT;
    let mut block = prepared(ON);
    run_with(&mut block, &stem, std::slice::from_ref(&key), 512, |_, _| {});
    block.set_params(&off);
    let out = run_with(&mut block, &stem, std::slice::from_ref(&key), 100, |_, _| {});
    assert!(out[0] != stem[0] && out[0][4800..] == stem[0][4800..]);
    block.set_params(&on);
    let again = run_with(&mut block, &stem, std::slice::from_ref(&key), 77, |_, _| {});
    // As from the beginning, but for the fade.
    let mut fresh = prepared(UnmaskParams { on: false, ..ON });
    run_with(&mut fresh, &stem, std::slice::from_ref(&key), 512, |_, _| {});
    fresh.set_params(&on);
    assert!(again == run_with(&mut fresh, &stem, &[key], 512, |_, _| {}));
}
