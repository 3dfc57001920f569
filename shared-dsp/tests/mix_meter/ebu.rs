//! EBU Tech 3341 and 3342, every synthetic case for one or two channels, at every rate, in blocks of 1, 64
//! and 1000 samples by turns. (Case 6 has five channels: `ebu_tech_3341`, on the same loudness core.)

use crate::ready;
use crate::signals::{RATES_HZ, Stretch, Tone, assert_near, burst, silence, sine, staircase};
use shared_dsp::mix_meter::{MixMeter, MixReadings};

const LU: f64 = 0.1;

/// Blocks of 1, 64 and 1000 samples, a like part of the signal each but for the first, which costs most.
fn blocks() -> Vec<usize> {
    let lengths = [(1, 64), (64, 8), (1000, 1), (64, 8), (1000, 1)];
    lengths.iter().flat_map(|(length, times)| [*length].repeat(*times)).collect()
}

fn at_every_rate(check: impl Fn(f64, &Tone)) {
    for rate in RATES_HZ {
        check(rate, &Tone::new(rate));
    }
}

fn play(meter: &mut MixMeter, tone: &Tone, stretches: &[Stretch]) {
    tone.play_in_blocks(meter, &[0.0; 2], stretches, &blocks(), |_, _| {});
}

fn heard(rate: f64, tone: &Tone, stretches: &[Stretch]) -> MixReadings {
    let mut meter = ready(rate, 2);
    play(&mut meter, tone, stretches);
    meter.readings()
}

#[test]
fn cases_1_and_2_steady_tones() {
    at_every_rate(|rate, tone| {
        for level in [-23.0, -33.0] {
            let readings = heard(rate, tone, &[(level, 20.0)]);
            assert_near(readings.momentary_lufs, level, LU, "M");
            assert_near(readings.shortterm_lufs, level, LU, "S");
            assert_near(readings.integrated_lufs, level, LU, "I");
        }
    });
}

#[test]
fn cases_3_to_5_gates() {
    let (quiet, soft, loud) = ((-72.0, 10.0), (-36.0, 10.0), (-23.0, 60.0));
    at_every_rate(|rate, tone| {
        for stretches in [
            &[soft, loud, soft][..],
            &[quiet, soft, loud, soft, quiet],
            &[(-26.0, 20.0), (-20.0, 20.1), (-26.0, 20.0)],
        ] {
            assert_near(heard(rate, tone, stretches).integrated_lufs, -23.0, LU, "I");
        }
    });
}

#[test]
fn cases_9_and_12_patterns_that_fill_a_window() {
    let shortterm: fn(&MixReadings) -> f64 = |readings| readings.shortterm_lufs;
    let momentary: fn(&MixReadings) -> f64 = |readings| readings.momentary_lufs;
    at_every_rate(|rate, tone| {
        for (pattern, times, from_s, read) in [
            ([(-20.0, 1.34), (-30.0, 1.66)], 5, 3.0, shortterm),
            ([(-20.0, 0.18), (-30.0, 0.22)], 25, 1.0, momentary),
        ] {
            let mut count = 0;
            let mut next_s = from_s;
            tone.play_in_blocks(
                &mut ready(rate, 2),
                &[0.0; 2],
                &pattern.repeat(times),
                &blocks(),
                |meter, time_s| {
                    // Not at each sample, but wherever the blocks happen to end.
                    if time_s >= next_s {
                        next_s = time_s + 0.013;
                        count += 1;
                        assert_near(read(&meter.readings()), -23.0, LU, "M or S");
                    }
                },
            );
            assert!(count > 250, "{count}");
        }
    });
}

#[test]
fn cases_10_and_13_maxima_wherever_the_tone_starts() {
    at_every_rate(|rate, tone| {
        for i in 0..20 {
            let start = f64::from(i) * 0.15;
            let readings = heard(rate, tone, &[silence(start), (-23.0, 3.0), silence(1.0)]);
            assert_near(readings.max_shortterm.lufs, -23.0, LU, "max S");
            assert_near(readings.max_shortterm.end_s, start + 3.0, 0.011, "where");

            let start = f64::from(i) * 0.02;
            let readings = heard(rate, tone, &[silence(start), (-23.0, 0.4), silence(1.0)]);
            assert_near(readings.max_momentary.lufs, -23.0, LU, "max M");
            assert_near(readings.max_momentary.end_s, start + 0.4, 0.011, "where");
        }
    });
}

#[test]
fn cases_11_and_14_successive_maxima() {
    at_every_rate(|rate, tone| {
        let mut slow = ready(rate, 2);
        let mut fast = ready(rate, 2);
        for (level, segment) in staircase(3.0, 0.15) {
            play(&mut slow, tone, &segment);
            assert_near(slow.readings().max_shortterm.lufs, level, LU, "max S");
        }
        for (level, segment) in staircase(0.4, 0.02) {
            play(&mut fast, tone, &segment);
            assert_near(fast.readings().max_momentary.lufs, level, LU, "max M");
        }
    });
}

#[test]
fn loudness_range_cases_1_to_4() {
    at_every_rate(|rate, tone| {
        for (levels, expected_lu) in [
            (&[-20.0, -30.0][..], 10.0),
            (&[-20.0, -15.0], 5.0),
            (&[-40.0, -20.0], 20.0),
            (&[-50.0, -35.0, -20.0, -35.0, -50.0], 15.0),
        ] {
            let stretches: Vec<_> = levels.iter().map(|level| (*level, 20.0)).collect();
            let readings = heard(rate, tone, &stretches);
            // The standard allows 1 LU.
            assert_near(readings.range_lu.expect("above the gate"), expected_lu, LU, "LRA");
            assert_eq!(readings.range_is_stable, levels.len() > 2);
        }
    });
}

/// Both maxima after `signal` on the left and its negative on the right, and the time of the strict one.
fn assert_true_peak(signal: &[f32], rate: f64, expected_dbtp: f64, at_s: Option<f64>) {
    let turned: Vec<f32> = signal.iter().map(|x| -x).collect();
    let mut meter = ready(rate, 2);
    let (mut from, mut lengths) = (0, blocks().into_iter().cycle());
    while from < signal.len() {
        let to = signal.len().min(from + lengths.next().expect("cycled"));
        meter.process(&[&signal[from..to], &turned[from..to]], None);
        from = to;
    }
    meter.process(&[&[0.0; 24], &[0.0; 24]], None);
    for peak in meter.readings().true_peak {
        let error_db = peak.max_itu_dbtp - expected_dbtp;
        assert!((-0.4..=0.2).contains(&error_db), "ITU: {error_db} dB at {rate} Hz");
        let error_db = peak.max_strict_dbtp - expected_dbtp;
        assert!(error_db.abs() <= 0.035, "strict: {error_db} dB at {rate} Hz");
        if let Some(at_s) = at_s {
            assert_near(peak.max_itu_s, at_s, 1.0 / rate, "where, ITU");
            assert_near(peak.max_strict_s, at_s, 1.0 / rate, "where, strict");
        }
    }
}

#[test]
fn cases_15_to_19_true_peaks_of_sines() {
    let dbfs = |amplitude: f64| 20.0 * amplitude.log10();
    for rate in RATES_HZ {
        for (divisor, degrees) in [(4.0, 0.0), (4.0, 45.0), (6.0, 60.0), (8.0, 67.5)] {
            assert_true_peak(&sine(divisor, degrees, 0.5, rate), rate, dbfs(0.5), None);
        }
        assert_true_peak(&sine(4.0, 45.0, 1.41, rate), rate, dbfs(1.41), None);
    }
}

#[test]
fn cases_20_to_23_true_peaks_between_samples() {
    for rate in RATES_HZ {
        for divisor in [4.0, 6.0] {
            for offset in 0..4 {
                let at_s = ((rate as usize / 20) as f64 - offset as f64 / 4.0) / rate;
                assert_true_peak(&burst(divisor, offset, rate), rate, 0.0, Some(at_s));
            }
        }
    }
}

#[test]
fn the_block_length_changes_no_bit() {
    at_every_rate(|rate, tone| {
        let read = |block: usize| {
            let mut meter = ready(rate, 2);
            let stretches = [(-36.0, 1.0), (-23.0, 1.7), silence(0.33), (-30.0, 1.0)];
            tone.play(&mut meter, &[0.0, -2.0], &stretches, block, |_, _| {});
            let mut history = Vec::new();
            meter.drain_history(|point| history.push(point));
            // The shortest text that holds all bits.
            format!("{:?} {history:?}", meter.readings())
        };
        let whole = read(1000);
        assert_eq!(read(1), whole);
        assert_eq!(read(64), whole);
    });
}
