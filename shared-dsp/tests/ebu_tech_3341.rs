//! EBU Tech 3341 (2023), table 1: every synthetic case, at every rate, at the standard's tolerances.
//! Cases 7 and 8 are recordings. The tone is 1 kHz in both channels unless a case says otherwise.

mod signals;

use shared_dsp::Meter;
use shared_dsp::true_peak::TruePeak;
use signals::{RATES_HZ, Tone, assert_near, burst, silence, sine, staircase};

const LU: f64 = 0.1;

fn at_every_rate(check: impl Fn(&Tone)) {
    for rate in RATES_HZ {
        check(&Tone::new(rate));
    }
}

#[test]
fn cases_1_and_2_steady_tones() {
    at_every_rate(|tone| {
        for level in [-23.0, -33.0] {
            let meter = tone.stereo(&[(level, 20.0)]);
            assert_near(meter.momentary_lufs(), level, LU, "M");
            assert_near(meter.shortterm_lufs(), level, LU, "S");
            assert_near(meter.integrated_lufs(), level, LU, "I");
        }
    });
}

#[test]
fn case_3_the_relative_gate() {
    at_every_rate(|tone| {
        let meter = tone.stereo(&[(-36.0, 10.0), (-23.0, 60.0), (-36.0, 10.0)]);
        assert_near(meter.integrated_lufs(), -23.0, LU, "I");
    });
}

#[test]
fn case_4_both_gates() {
    at_every_rate(|tone| {
        let (quiet, soft) = ((-72.0, 10.0), (-36.0, 10.0));
        let meter = tone.stereo(&[quiet, soft, (-23.0, 60.0), soft, quiet]);
        assert_near(meter.integrated_lufs(), -23.0, LU, "I");
    });
}

#[test]
fn case_5_levels_within_the_gate() {
    at_every_rate(|tone| {
        let meter = tone.stereo(&[(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)]);
        assert_near(meter.integrated_lufs(), -23.0, LU, "I");
    });
}

#[test]
fn case_6_five_channels() {
    at_every_rate(|tone| {
        let mut meter = tone.meter(5);
        let levels = [-28.0, -28.0, -24.0, -30.0, -30.0];
        tone.play(&mut meter, &levels, &[(0.0, 20.0)], 1000, |_, _| {});
        assert_near(meter.integrated_lufs(), -23.0, LU, "I");
    });
}

#[test]
fn case_9_shortterm_of_a_pattern_that_fills_its_window() {
    at_every_rate(|tone| {
        let pattern = [(-20.0, 1.34), (-30.0, 1.66)].repeat(5);
        let mut readings = 0;
        tone.play(&mut tone.meter(2), &[0.0; 2], &pattern, 441, |meter, time| {
            if time >= 3.0 {
                readings += 1;
                assert_near(meter.shortterm_lufs(), -23.0, LU, "S");
            }
        });
        assert!(readings > 1000);
    });
}

#[test]
fn case_10_maximum_shortterm_wherever_the_tone_starts() {
    at_every_rate(|tone| {
        for i in 0..20 {
            let start = f64::from(i) * 0.15;
            let meter = tone.stereo(&[silence(start), (-23.0, 3.0), silence(1.0)]);
            assert_near(meter.max_shortterm().lufs, -23.0, LU, "max S");
        }
    });
}

#[test]
fn case_11_successive_maxima_of_shortterm() {
    at_every_rate(|tone| {
        let mut meter = tone.meter(2);
        for (level, segment) in staircase(3.0, 0.15) {
            tone.play(&mut meter, &[0.0; 2], &segment, 1000, |_, _| {});
            assert_near(meter.max_shortterm().lufs, level, LU, "max S");
        }
    });
}

#[test]
fn case_12_momentary_of_a_pattern_that_fills_its_window() {
    at_every_rate(|tone| {
        let pattern = [(-20.0, 0.18), (-30.0, 0.22)].repeat(25);
        let mut readings = 0;
        tone.play(&mut tone.meter(2), &[0.0; 2], &pattern, 441, |meter, time| {
            if time >= 1.0 {
                readings += 1;
                assert_near(meter.momentary_lufs(), -23.0, LU, "M");
            }
        });
        assert!(readings > 800);
    });
}

#[test]
fn case_13_maximum_momentary_wherever_the_tone_starts() {
    at_every_rate(|tone| {
        for i in 0..20 {
            let start = f64::from(i) * 0.02;
            let meter = tone.stereo(&[silence(start), (-23.0, 0.4), silence(1.0)]);
            assert_near(meter.max_momentary().lufs, -23.0, LU, "max M");
        }
    });
}

#[test]
fn case_14_successive_maxima_of_momentary() {
    at_every_rate(|tone| {
        let mut meter = tone.meter(2);
        for (level, segment) in staircase(0.4, 0.02) {
            tone.play(&mut meter, &[0.0; 2], &segment, 1000, |_, _| {});
            assert_near(meter.max_momentary().lufs, level, LU, "max M");
        }
    });
}

#[test]
fn the_block_length_changes_no_bit() {
    let tone = Tone::new(44_100.0);
    let readings = [1, 64, 1000].map(|block| {
        let mut meter = tone.meter(2);
        let stretches = [(-36.0, 2.0), (-23.0, 9.0), silence(0.33), (-30.0, 5.0)];
        tone.play(&mut meter, &[0.0, -2.0], &stretches, block, |_, _| {});
        [
            meter.integrated_lufs(),
            meter.shortterm_lufs(),
            meter.momentary_lufs(),
            meter.range_lu(),
            meter.max_momentary().lufs,
            meter.max_shortterm().end_s,
        ]
        .map(f64::to_bits)
    });
    assert_eq!(readings[0], readings[1]);
    assert_eq!(readings[0], readings[2]);
}

/// Both true-peak meters after `left` in one channel and its negative in the other.
fn true_peaks(signal: &[f32], rate: f64) -> [f64; 4] {
    let turned: Vec<f32> = signal.iter().map(|x| -x).collect();
    let mut readings = [0.0; 4];
    for (pair, mut meter) in
        readings.chunks_mut(2).zip([TruePeak::itu_4x(), TruePeak::strict_16x()])
    {
        meter.prepare(rate, 2);
        for (left, right) in signal.chunks(64).zip(turned.chunks(64)) {
            meter.process(&[left, right]);
        }
        meter.process(&[&[0.0; 24], &[0.0; 24]]);
        pair.copy_from_slice(&[meter.max_dbtp(0), meter.max_dbtp(1)]);
    }
    readings
}

#[track_caller]
fn assert_true_peak(signal: &[f32], rate: f64, expected_dbtp: f64) {
    for got in true_peaks(signal, rate) {
        let error_db = got - expected_dbtp;
        assert!((-0.4..=0.2).contains(&error_db), "{got} dBTP, not {expected_dbtp}, at {rate} Hz");
    }
}

#[test]
fn cases_15_to_19_true_peaks_of_sines() {
    for rate in RATES_HZ {
        for (divisor, degrees) in [(4.0, 0.0), (4.0, 45.0), (6.0, 60.0), (8.0, 67.5)] {
            assert_true_peak(&sine(divisor, degrees, 0.5, rate), rate, -6.0);
        }
        assert_true_peak(&sine(4.0, 45.0, 1.41, rate), rate, 3.0);
    }
}

#[test]
fn cases_20_to_23_true_peaks_between_samples() {
    for rate in RATES_HZ {
        for divisor in [4.0, 6.0] {
            for offset in 0..4 {
                let signal = burst(divisor, offset, rate);
                let sample_peak = signal.iter().fold(0f32, |max, x| max.max(x.abs()));
                // The samples alone would not do.
                assert!(offset == 0 || sample_peak < 0.98);
                assert_true_peak(&signal, rate, 0.0);
            }
        }
    }
}
