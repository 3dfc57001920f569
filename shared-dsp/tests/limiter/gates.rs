//! The ceiling, read by a meter of the tests' own.

use crate::meter::true_peak;
use crate::signals::{self, Signal};
use crate::{DRIVEN, limit};
use shared_dsp::limiter::{Detection, LimiterParams};

const RATES_HZ: [f64; 3] = [44_100.0, 48_000.0, 96_000.0];

/// Corners of the ranges of lookahead, release and auto release.
const TIMINGS: [(f64, f64, bool); 6] = [
    (1.5, 50.0, true),
    (1.5, 50.0, false),
    (0.5, 1.0, false),
    (0.5, 1.0, true),
    (5.0, 1.0, false),
    (5.0, 1000.0, false),
];

/// The worst overshoot in dB over signals, timings and links, and where it was.
fn worst_overshoot(rate: f64, detection: Detection, signals: &[Signal]) -> (f64, String) {
    let mut worst = (f64::NEG_INFINITY, String::new());
    for (i, (lookahead_ms, release_ms, auto_release)) in TIMINGS.into_iter().enumerate() {
        let link = [1.0, 0.0, 0.5][i % 3];
        let params =
            LimiterParams { lookahead_ms, release_ms, auto_release, link, detection, ..DRIVEN };
        for signal in signals {
            let [left, right] = &signal.channels;
            for channel in limit(rate, params, [left, right], None) {
                let over_db = 20.0 * true_peak(&channel).log10() - params.ceiling_db;
                if over_db > worst.0 {
                    worst = (over_db, format!("{} with {params:?}", signal.name));
                }
            }
        }
    }
    println!("{rate} Hz {detection:?}: {:+.3} dB, {}", worst.0, worst.1);
    worst
}

#[test]
fn standard_never_passes_the_ceiling_on_band_limited_material() {
    for rate in RATES_HZ {
        let (over_db, what) =
            worst_overshoot(rate, Detection::Standard, &signals::within_band(rate));
        assert!(over_db <= 0.0, "{over_db:+.3} dB at {rate} Hz on {what}");
    }
}

#[test]
fn standard_passes_it_by_six_tenths_at_most_on_full_band_material() {
    for rate in RATES_HZ {
        let (over_db, what) = worst_overshoot(rate, Detection::Standard, &signals::full_band(rate));
        assert!(over_db <= 0.6, "{over_db:+.3} dB at {rate} Hz on {what}");
        assert!(over_db > 0.0, "then Standard would be Strict, and its documentation wrong");
    }
}

#[test]
fn strict_holds_it_on_everything() {
    for rate in RATES_HZ {
        for signals in [signals::within_band(rate), signals::full_band(rate)] {
            let (over_db, what) = worst_overshoot(rate, Detection::Strict, &signals);
            assert!(over_db <= 0.05, "{over_db:+.3} dB at {rate} Hz on {what}");
        }
    }
}

#[test]
fn sample_peak_holds_every_sample_and_only_those() {
    for rate in RATES_HZ {
        let params = LimiterParams { detection: Detection::SamplePeak, link: 0.5, ..DRIVEN };
        let ceiling = 10f64.powf(params.ceiling_db / 20.0);
        let mut between = 0f64;
        for signal in signals::full_band(rate).iter().chain(&signals::within_band(rate)) {
            let [left, right] = &signal.channels;
            for channel in limit(rate, params, [left, right], None) {
                let peak = channel.iter().fold(0f64, |max, x| max.max(f64::from(x.abs())));
                assert!(peak <= ceiling, "{peak} on {}", signal.name);
                between = between.max(true_peak(&channel));
            }
        }
        assert!(between > ceiling * 1.1, "true peaks are said to pass");
    }
}

#[test]
fn what_is_reserved_stays_free() {
    let params = LimiterParams { reserved: 0.01, ..DRIVEN };
    for signal in signals::within_band(48_000.0) {
        let [left, right] = &signal.channels;
        for channel in limit(48_000.0, params, [left, right], None) {
            assert!(true_peak(&channel) <= 10f64.powf(-1.0 / 20.0) - 0.01, "{}", signal.name);
        }
    }
}
