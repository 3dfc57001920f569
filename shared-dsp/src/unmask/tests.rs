//! Unmask as a block.

use super::*;

/// Settings that, for n from 0 to 3, meet every placement and switch.
fn setting(n: usize) -> StandaloneParams {
    let unmask = UnmaskParams {
        on: n != 2,
        depth_db: [6.0, 3.0, 12.0, 0.0][n],
        focus_low_hz: [200.0, 60.0, 900.0, 500.0][n],
        focus_high_hz: [8000.0, 16_000.0, 2000.0, 1000.0][n],
        speed_ms: [20.0, 5.0, 100.0, 10.0][n],
        placement: UnmaskPlacement::ALL[n % 3],
    };
    StandaloneParams { unmask, key_level_lufs: [-24.0, -12.0, -60.0, f64::NAN][n] }
}

fn observe(unmask: &StandaloneUnmask, out: &mut Vec<f64>) {
    let readings = unmask.readings();
    out.extend(readings.duck_db);
    out.push(readings.activity);
    let outcome = readings.outcome;
    out.extend(
        [outcome.voice_to_music_before_db, outcome.voice_to_music_after_db]
            .map(|db| db.unwrap_or(-999.0)),
    );
    out.extend([outcome.mean_duck_db, outcome.ducked, outcome.active_seconds]);
}

crate::contract! {
    mod contract_of_unmask;
    new: StandaloneUnmask::new,
    settings: [StandaloneParams::DEFAULT, setting(0), setting(1), setting(2), setting(3)],
    observe: observe,
}
