//! The equaliser as a whole.

use super::*;
use crate::dynamics::gain_computer::Action;
use crate::unmask::{UnmaskParams, UnmaskPlacement};

/// Settings that, for n from 0 to 7, meet every type, placement, source, key filter and switch.
fn setting(n: usize) -> DynamicEqParams {
    let mut params = DynamicEqParams::DEFAULT;
    for (b, band) in params.bands.iter_mut().enumerate() {
        let turn = n + b;
        *band = BandParams {
            on: turn % 5 != 4,
            band_type: if b == 0 { BandType::ALL[n] } else { BandType::ALL[turn % 8] },
            frequency_hz: 60.0 * 2f64.powi(b as i32) + 7.0 * n as f64,
            gain_db: [6.0, 0.0, -9.0, 3.0][turn % 4],
            q: [0.7, 2.0, 0.3, 9.0][n % 4],
            slope: Slope::ALL[(3 * n + b) % 8],
            placement: Placement::ALL[turn % 5],
            range_db: [-12.0, 0.0, 6.0, -3.0, -24.0][turn % 5],
            threshold_db: [-30.0, -20.0, -6.0][turn % 3],
            ratio: [2.0, 8.0, f64::INFINITY][n % 3],
            knee_db: [0.0, 6.0, 24.0][b % 3],
            attack_ms: [0.1, 3.0, 40.0][turn % 3],
            hold_ms: [0.0, 10.0][b % 2],
            release_ms: [5.0, 60.0, 900.0][n % 3],
            action: [Action::Above, Action::Above, Action::Below][turn % 3],
            key_source: KeySource::ALL[(turn + n) % 4],
            key_filter: KeyFilter::ALL[(n + 2 * b) % 5],
            key_frequency_hz: 400.0,
            key_q: 1.0,
        };
    }
    params.scale = [1.0, 2.0, 0.5][n % 3];
    params.mix = [1.0, 1.0, 0.4, 1.0][n % 4];
    params.output_db = [0.0, -3.0][n % 2];
    params.auto_gain = n == 3;
    params.lookahead_ms = 3.0 * n as f64;
    params.unmask = UnmaskParams {
        on: n % 3 != 1,
        depth_db: [3.0, 12.0, 6.0][n % 3],
        focus_low_hz: [200.0, 500.0][n % 2],
        focus_high_hz: 8000.0,
        speed_ms: [5.0, 20.0, 60.0][n % 3],
        placement: UnmaskPlacement::ALL[n / 2 % 3],
    };
    params.key_level_lufs = -10.0 - 5.0 * n as f64;
    params.listen = [None, Some(Listen::Solo(2)), None, Some(Listen::Key(1))][n % 4];
    params
}

fn observe(eq: &DynamicEq, out: &mut Vec<f64>) {
    let readings = eq.readings();
    out.extend(readings.move_db);
    out.extend(readings.level_db);
    out.push(f64::from(u8::from(readings.key_is_fed)));
    out.extend([readings.voice_activity, readings.voice_reference_lufs]);
    out.extend(readings.unmask.duck_db);
    out.extend([readings.unmask.outcome.mean_duck_db, readings.unmask.outcome.ducked]);
}

crate::contract! {
    mod contract_of_the_dynamic_eq;
    new: DynamicEq::new,
    settings: [
        DynamicEqParams::DEFAULT, setting(0), setting(1), setting(2), setting(3), setting(4),
        setting(5), setting(6), setting(7),
    ],
    observe: observe,
}

crate::contract! {
    mod contract_with_lookahead;
    new: || {
        let mut eq = DynamicEq::new();
        eq.set_lookahead(true);
        eq
    },
    settings: [
        DynamicEqParams::DEFAULT, setting(0), setting(1), setting(2), setting(3), setting(4),
        setting(5), setting(6), setting(7),
    ],
    observe: observe,
}
