//! The de-esser as a whole, held to what every processor promises.

use super::*;

/// Settings that, for n from 0 to 7, meet every mode, detection, source and switch.
fn setting(n: usize) -> DeEsserParams {
    DeEsserParams {
        detect: Detect::ALL[n / 3 % 2],
        low_hz: [5000.0, 2000.0, 7000.0, 16_000.0][n % 4],
        high_hz: [9000.0, 16_000.0, 8000.0][n % 3],
        sensitivity: [0.5, 1.0, 0.7][n % 3],
        range_db: [6.0, 24.0, 12.0, 3.0][n / 2 % 4],
        attack_ms: [1.0, 0.05, 50.0][n % 3],
        release_ms: [40.0, 5.0, 500.0, 20.0][n % 4],
        lookahead_ms: [2.5, 0.0, 5.0, 3.3][n % 4],
        mode: Mode::ALL[n % 3],
        key_source: KeySource::ALL[n / 2 % 2],
        link: [1.0, 0.0, 0.5][n % 3],
        stereo_mode: StereoMode::ALL[n / 3 % 2],
        key_listen: n == 5,
    }
}

const OFF: DeEsserParams = DeEsserParams { range_db: 0.0, ..DeEsserParams::DEFAULT };

fn observe(de_esser: &DeEsser, out: &mut Vec<f64>) {
    let Readings { reduction_db, sibilance_db, sureness } = de_esser.readings();
    out.extend(reduction_db);
    out.extend([sibilance_db, sureness]);
}

fn with(lookahead: bool, split: bool) -> DeEsser {
    let mut de_esser = DeEsser::new();
    de_esser.set_lookahead(lookahead);
    de_esser.set_split(split);
    de_esser
}

crate::contract! {
    mod contract_of_the_de_esser;
    new: DeEsser::new,
    settings: [
        OFF, setting(0), setting(1), setting(2), setting(3), setting(4), setting(5), setting(6),
        setting(7),
    ],
    observe: observe,
}

crate::contract! {
    mod contract_with_lookahead;
    new: || with(true, false),
    settings: [
        OFF, setting(0), setting(1), setting(2), setting(3), setting(4), setting(5), setting(6),
        setting(7),
    ],
    observe: observe,
}

crate::contract! {
    mod contract_of_split;
    new: || with(false, true),
    settings: [
        OFF, setting(0), setting(1), setting(2), setting(3), setting(4), setting(5), setting(6),
        setting(7),
    ],
    observe: observe,
}

crate::contract! {
    mod contract_of_split_with_lookahead;
    new: || with(true, true),
    settings: [OFF, setting(1), setting(6), setting(4), setting(7), setting(5)],
    observe: observe,
}
