//! Correlation and mono-fold loss, full and by band, against their closed forms.

use crate::signals::assert_near;
use crate::{ready, sine};
use shared_dsp::mix_meter::{BandReading, MixMeter, MixMeterParams};
use shared_dsp::random::Random;
use std::f64::consts::TAU;

const RATES_HZ: [f64; 3] = [44_100.0, 48_000.0, 192_000.0];
/// Well inside the bands, and whole cycles in 300 ms.
const MIDDLES_HZ: [f64; 3] = [60.0, 1000.0, 9000.0];

/// What a correlation c of two equal channels loses.
fn loss_db(c: f64) -> f64 {
    (10.0 * (1.0 + c).log10()).clamp(-60.0, 0.0)
}

#[track_caller]
fn assert_band(band: &BandReading, c: f64, tolerance: f64) {
    assert_near(band.correlation.expect("heard"), c, tolerance, "correlation");
    // A loss hangs on c the more, the less is left.
    let db = tolerance * 10.0 / 10f64.ln() / (1.0 + c).max(1e-6);
    for loss in [band.fold_loss_db, band.programme_fold_loss_db] {
        assert_near(loss.expect("heard"), loss_db(c), db.min(30.0), "loss");
    }
}

#[test]
fn sines_read_the_cosine_of_their_phase_in_their_band() {
    for rate in RATES_HZ {
        for (band, hz) in MIDDLES_HZ.into_iter().enumerate() {
            for degrees in [0.0, 60.0, 90.0, 120.0, 150.0, 180.0f64] {
                let mut meter = ready(rate, 2);
                let (left, right) =
                    (sine(hz, 0.3, 0.0, 2.0, rate), sine(hz, 0.3, degrees, 2.0, rate));
                meter.process(&[&left, &right], None);
                let (readings, c) = (meter.readings(), degrees.to_radians().cos());
                assert_near(readings.correlation.expect("heard"), c, 1e-6, "full");
                if degrees < 180.0 {
                    let loss = readings.fold_loss_db.expect("heard");
                    assert_near(loss, loss_db(c), 1e-4, "full");
                    assert_band(&readings.bands[band], c, 1e-3);
                } else {
                    // Nothing is left: the bound, or what single precision leaves.
                    assert!(readings.fold_loss_db.expect("heard") < -59.0);
                    assert!(readings.bands[band].fold_loss_db.expect("heard") < -59.0);
                }
                assert_near(readings.balance_db.expect("heard"), 0.0, 1e-3, "balance");
            }
        }
    }
}

#[test]
fn one_delay_is_another_phase_in_each_band() {
    for rate in RATES_HZ {
        for delay_s in [0.0, 40e-6, 0.3e-3, 2.3e-3] {
            let mut meter = ready(rate, 2);
            let heard = |delay_s: f64| -> Vec<f32> {
                let at = |n: usize| {
                    let t = n as f64 / rate - delay_s;
                    MIDDLES_HZ.iter().map(|hz| 0.1 * (TAU * hz * t).sin()).sum::<f64>() as f32
                };
                (0..(2.0 * rate) as usize).map(at).collect()
            };
            meter.process(&[&heard(0.0), &heard(delay_s)], None);
            let readings = meter.readings();
            let cosines = MIDDLES_HZ.map(|hz| (TAU * hz * delay_s).cos());
            for (band, c) in readings.bands.iter().zip(cosines) {
                // Neighbours leak in at −48 dB and less; the start rings for the programme's first ms.
                assert_band(band, c, 0.01);
            }
            // Three equal sines: the full band is their mean.
            let c = cosines.iter().sum::<f64>() / 3.0;
            assert_near(readings.correlation.expect("heard"), c, 1e-5, "full");
            assert_near(readings.fold_loss_db.expect("heard"), loss_db(c), 1e-3, "full");
        }
    }
}

#[test]
fn shared_and_own_noise_lose_by_their_shares() {
    let rate = 48_000.0;
    for (share, sign) in [(0.0, 1.0), (0.5, 1.0), (0.5, -1.0), (0.9, -1.0f64)] {
        let mut meter = ready(rate, 2);
        let mut random = Random::new(3);
        for _ in 0..40 {
            let [mut left, mut right] = [Vec::new(), Vec::new()];
            for _ in 0..24_000 {
                let shared = f64::sqrt(share) * random.bipolar();
                let mut own = || f64::sqrt(1.0 - share) * random.bipolar();
                left.push((shared + own()) as f32);
                right.push((sign * shared + own()) as f32);
            }
            meter.process(&[&left, &right], None);
        }
        let readings = meter.readings();
        let expected = loss_db(sign * share);
        // 20 s of 200 Hz, 3.8 kHz and 20 kHz: 1/√(2BT) of c, and what that is of what is left.
        for (band, bandwidth_hz) in readings.bands.iter().zip([200.0, 3800.0, 20_000.0]) {
            let spread = 4.0 / f64::sqrt(2.0 * bandwidth_hz * 20.0);
            let db = spread * 4.343 / (1.0 + sign * share);
            assert_near(band.programme_fold_loss_db.expect("heard"), expected, db, "band");
        }
        assert_near(readings.programme_fold_loss_db.expect("heard"), expected, 0.05, "full");
    }
}

#[test]
fn what_is_wide_high_up_alone_is_lost_there_alone() {
    // Mono bass and voice, and a turned high: only the phone's band says so.
    let rate = 48_000.0;
    let mut meter = ready(rate, 2);
    let [low, mid, high] = MIDDLES_HZ.map(|hz| sine(hz, 0.1, 0.0, 2.0, rate));
    let with = |sign: f32| -> Vec<f32> {
        low.iter().zip(&mid).zip(&high).map(|((l, m), h)| l + m + sign * h).collect()
    };
    meter.process(&[&with(1.0), &with(-1.0)], None);
    let [low, mid, high] = meter.readings().bands.map(|band| band.fold_loss_db.expect("heard"));
    assert_near(low, 0.0, 0.01, "low");
    assert_near(mid, 0.0, 0.01, "mid");
    assert!(high < -25.0, "{high}");
    // A third of the power of equal channels: 1 + c = 1 + 1/3.
    assert_near(meter.readings().fold_loss_db.expect("heard"), 0.0, 1e-6, "full");
}

#[test]
fn balance_and_width_are_those_of_the_window() {
    let rate = 48_000.0;
    let tone = sine(1000.0, 0.5, 0.0, 2.0, rate);
    let other = sine(1000.0, 0.25, 90.0, 2.0, rate);
    let read = |left: &[f32], right: &[f32]| {
        let mut meter = ready(rate, 2);
        meter.process(&[left, right], None);
        let readings = meter.readings();
        (readings.balance_db.expect("heard"), readings.width.expect("heard"))
    };
    let silent = vec![0.0; tone.len()];
    for ((left, right), balance_db, width) in [
        ((&tone, &tone), 0.0, 0.0),
        ((&tone, &other), -6.0206, 1.0),
        ((&other, &tone), 6.0206, 1.0),
        ((&silent, &tone), 60.0, 1.0),
    ] {
        let (balance, got) = read(left, right);
        assert_near(balance, balance_db, 1e-3, "balance");
        assert_near(got, width, 1e-6, "width");
    }
}

#[test]
fn the_lowest_is_kept_with_its_time() {
    let rate = 48_000.0;
    let mut meter = ready(rate, 2);
    meter.set_params(&MixMeterParams { correlation_window_ms: 100.0, ..MixMeterParams::DEFAULT });
    let turn = |meter: &mut MixMeter, hz: f64, sign: f32, seconds: f64| {
        let left = sine(hz, 0.25, 0.0, seconds, rate);
        let right: Vec<f32> = left.iter().map(|x| sign * x).collect();
        meter.process(&[&left, &right], None);
    };
    turn(&mut meter, 1000.0, 1.0, 2.0);
    turn(&mut meter, 1000.0, -1.0, 0.5);
    turn(&mut meter, 1000.0, 1.0, 2.0);
    let readings = meter.readings();
    // The first window that is turned throughout; in the band a few ms later, when the filter has rung.
    assert_near(readings.lowest.expect("heard"), -1.0, 1e-9, "lowest");
    assert_near(readings.lowest_s, 2.1, 1e-9, "when");
    assert_near(readings.bands[1].lowest.expect("heard"), -1.0, 1e-3, "lowest of the band");
    assert!((2.1..2.51).contains(&readings.bands[1].lowest_s), "{}", readings.bands[1].lowest_s);
    assert_near(readings.correlation.expect("heard"), 1.0, 1e-9, "now");
}
