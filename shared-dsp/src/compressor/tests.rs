//! The compressor as a whole, held to what every processor promises.

use super::*;

/// Settings that, for n from 0 to 7, meet every character, detector, source, mode, filter and switch.
fn setting(n: usize) -> BusCompressorParams {
    BusCompressorParams {
        threshold_db: [-20.0, -40.0, -6.0, -30.0][n % 4],
        ratio: [4.0, 2.0, 20.0, 1.2][n / 2 % 4],
        knee_db: [0.0, 6.0, 36.0][n % 3],
        attack_ms: [0.05, 10.0, 250.0, 1.0][n % 4],
        release_ms: [10.0, 150.0, 2500.0][n % 3],
        auto_release: n % 3 == 1,
        hold_ms: [0.0, 20.0][n / 3 % 2],
        range_db: [60.0, 9.0][n / 4 % 2],
        makeup_db: [0.0, 6.0, -3.0][n % 3],
        auto_makeup: n % 4 == 3,
        mix: [1.0, 0.5, 1.0][n % 3],
        lookahead_ms: [5.0, 0.0, 10.0, 3.3][n % 4],
        detector: Detector::ALL[n % 2],
        rms_ms: [10.0, 1.0, 100.0][n % 3],
        character: Character::ALL[n % 3],
        key_source: KeySource::ALL[n / 2 % 2],
        key_filter: KeyFilter {
            high_pass_hz: [None, Some(100.0), Some(300.0)][n % 3],
            low_pass_hz: [None, Some(5000.0)][n / 2 % 2],
            bell_db: [0.0, 6.0, -12.0, 3.0][n % 4],
            bell_hz: 200.0 * (1.0 + n as f64),
            bell_q: [0.7, 3.0][n % 2],
            tilt_db: [0.0, 6.0, -6.0][n % 3],
        },
        link: [1.0, 0.0, 0.5][n % 3],
        stereo_mode: StereoMode::ALL[n / 3 % 2],
        key_listen: n == 5,
    }
}

fn observe(compressor: &BusCompressor, out: &mut Vec<f64>) {
    let Readings { reduction_db, level_db, slow_share } = compressor.readings();
    for pair in [reduction_db, level_db, slow_share] {
        out.extend(pair);
    }
    for hop in compressor.history().iter() {
        out.extend([f64::from(hop.level_db), f64::from(hop.slow_share)]);
    }
}

crate::contract! {
    mod contract_of_the_bus_compressor;
    new: BusCompressor::new,
    settings: [
        BusCompressorParams::DEFAULT, setting(0), setting(1), setting(2), setting(3), setting(4),
        setting(5), setting(6), setting(7),
    ],
    observe: observe,
}

crate::contract! {
    mod contract_with_lookahead;
    new: || {
        let mut compressor = BusCompressor::new();
        compressor.set_lookahead(true);
        compressor
    },
    settings: [
        BusCompressorParams::DEFAULT, setting(0), setting(1), setting(2), setting(3), setting(4),
        setting(5), setting(6), setting(7),
    ],
    observe: observe,
}

crate::contract! {
    mod contract_of_a_ratio_of_one;
    new: BusCompressor::new,
    settings: [
        BusCompressorParams { threshold_db: -40.0, ratio: 1.0, ..BusCompressorParams::DEFAULT },
        setting(2), setting(4), setting(7),
    ],
    observe: observe,
}
