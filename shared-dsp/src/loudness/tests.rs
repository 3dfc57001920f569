use super::*;
use crate::contract;
use crate::contract::Metered;
use std::f64::consts::TAU;

const RATE: f64 = 48_000.0;

/// A 1 kHz tone whose level in one front channel is `lufs`.
fn tone(lufs: f64, seconds: f64, rate: f64) -> Vec<f32> {
    let peak = energy_of(lufs).sqrt() * std::f64::consts::SQRT_2 / k_gain(rate);
    (0..(seconds * rate).round() as usize)
        .map(|n| (peak * (TAU * 1000.0 * n as f64 / rate).sin()) as f32)
        .collect()
}

/// Gain of the K-weighting at 1 kHz.
fn k_gain(rate: f64) -> f64 {
    let mut filter = KWeighting::new(rate);
    let one_second: Vec<f32> =
        (0..rate as usize).map(|n| (TAU * 1000.0 * n as f64 / rate).sin() as f32).collect();
    let silent = vec![0.0; one_second.len()];
    filter.add_energy([&one_second, &silent], &mut [0.0; 2]);
    let mut energy = [0.0; 2];
    filter.add_energy([&one_second, &silent], &mut energy);
    (energy[0] / rate * 2.0).sqrt()
}

fn prepared(channels: usize) -> Loudness {
    let mut meter = Loudness::new();
    meter.prepare(RATE, channels);
    meter
}

fn assert_near(got: f64, expected: f64) {
    assert!((got - expected).abs() < 0.01, "{got}, not {expected}");
}

#[test]
fn reads_nothing_before_it_has_heard_anything() {
    let mut meter = prepared(2);
    for _ in 0..2 {
        assert_eq!(meter.momentary_lufs(), f64::NEG_INFINITY);
        assert_eq!(meter.shortterm_lufs(), f64::NEG_INFINITY);
        assert_eq!(meter.integrated_lufs(), f64::NEG_INFINITY);
        assert_eq!(meter.max_momentary().lufs, f64::NEG_INFINITY);
        assert_eq!(meter.max_shortterm().lufs, f64::NEG_INFINITY);
        assert_eq!(meter.range_lu(), 0.0);
        assert_eq!(meter.range_bounds_lufs(), None);
        assert!(!meter.range_is_stable());
        meter.process(&[&vec![0.0; 96_000], &vec![0.0; 96_000]]);
    }
}

#[test]
fn each_channel_has_its_weight() {
    let signal = tone(-30.0, 5.0, RATE);
    let silence = vec![0.0; signal.len()];
    for channels in 1..=5 {
        for channel in 0..channels {
            let mut meter = prepared(channels);
            let audio: Vec<&[f32]> =
                (0..channels).map(|c| if c == channel { &signal[..] } else { &silence }).collect();
            meter.process(&audio);
            let surround = (channels == 4 && channel >= 2) || (channels == 5 && channel >= 3);
            let expected = -30.0 + if surround { 10.0 * 1.41f64.log10() } else { 0.0 };
            assert_near(meter.momentary_lufs(), expected);
            assert_near(meter.shortterm_lufs(), expected);
            assert_near(meter.integrated_lufs(), expected);
        }
    }
}

#[test]
fn a_weight_can_leave_a_channel_out() {
    let signal = tone(-30.0, 1.0, RATE);
    let mut meter = prepared(2);
    meter.set_channel_weight(1, 0.0);
    meter.process(&[&signal, &signal]);
    assert_near(meter.momentary_lufs(), -30.0);
}

#[test]
fn momentary_and_shortterm_fall_to_silence_exactly() {
    let mut meter = prepared(1);
    meter.process(&[&tone(-10.0, 4.0, RATE)]);
    meter.process(&[&vec![0.0; 96_000]]);
    assert!(meter.momentary_lufs() < -150.0, "the filter's tail: {}", meter.momentary_lufs());
    meter.process(&[&vec![0.0; 480_000]]);
    assert_eq!(meter.momentary_lufs(), f64::NEG_INFINITY);
    assert_eq!(meter.shortterm_lufs(), f64::NEG_INFINITY);
    assert_near(meter.max_momentary().lufs, -10.0);
}

#[test]
fn maxima_know_where_their_windows_ended() {
    let mut meter = prepared(1);
    meter.process(&[&vec![0.0; (2.37 * RATE) as usize]]);
    meter.process(&[&tone(-20.0, 0.4, RATE)]);
    meter.process(&[&vec![0.0; 48_000]]);
    let maximum = meter.max_momentary();
    assert!((maximum.lufs + 20.0).abs() < 0.1, "{maximum:?}");
    assert!((maximum.end_s - 2.77).abs() < 0.011, "{maximum:?}");
    assert_eq!(maximum.end_sample, (maximum.end_s * RATE).round() as u64);
    assert!(meter.max_shortterm().end_s > 2.76);
    assert_eq!(meter.position_samples(), (2.37 * RATE) as u64 + 19_200 + 48_000);
}

#[test]
fn a_pause_leaves_no_trace() {
    let mut meter = prepared(1);
    // Lengths that are not whole sub-blocks.
    let quiet = tone(-30.0, 9.123_456, RATE);
    let loud = tone(-5.0, 7.654_321, RATE);
    meter.process(&[&quiet]);
    meter.pause();
    meter.process(&[&loud]);
    assert!(meter.is_paused());
    assert_near(meter.momentary_lufs(), -5.0);
    meter.resume();
    meter.process(&[&quiet]);
    assert_near(meter.integrated_lufs(), -30.0);
    assert_near(meter.max_momentary().lufs, -30.0);
    assert_near(meter.max_shortterm().lufs, -30.0);
    assert!(meter.range_lu() < 0.1, "{}", meter.range_lu());
}

#[test]
fn a_restart_measures_only_what_comes() {
    let mut meter = prepared(1);
    // Not whole sub-blocks.
    meter.process(&[&tone(-5.0, 7.654_321, RATE)]);
    meter.restart();
    assert_eq!(meter.integrated_lufs(), f64::NEG_INFINITY);
    assert_eq!(meter.range_bounds_lufs(), None);
    assert_eq!(meter.max_shortterm().lufs, f64::NEG_INFINITY);
    // M and S go on.
    assert_near(meter.momentary_lufs(), -5.0);
    assert_near(meter.shortterm_lufs(), -5.0);
    meter.process(&[&tone(-30.0, 9.0, RATE)]);
    assert_near(meter.integrated_lufs(), -30.0);
    assert_near(meter.max_momentary().lufs, -30.0);
    assert_near(meter.max_shortterm().lufs, -30.0);
    assert!(meter.range_lu() < 0.1, "{}", meter.range_lu());
}

#[test]
fn emptied_windows_fill_anew_and_forget_nothing_measured() {
    let mut meter = prepared(1);
    meter.process(&[&tone(-10.0, 5.0, RATE)]);
    let (integrated, loudest) = (meter.integrated_lufs(), meter.max_shortterm());
    meter.empty_windows();
    assert_eq!(meter.momentary_lufs(), f64::NEG_INFINITY);
    assert_eq!(meter.integrated_lufs(), integrated);
    // A tenth of the window, and nothing before it.
    meter.process(&[&tone(-20.0, 0.3, RATE)]);
    assert!((meter.shortterm_lufs() + 30.0).abs() < 0.1, "{}", meter.shortterm_lufs());
    assert_eq!(meter.integrated_lufs(), integrated);
    assert_eq!(meter.max_shortterm(), loudest);
}

#[test]
fn a_pause_of_no_length_changes_nothing() {
    let signal = tone(-23.0, 1.0, RATE);
    let (mut meter, mut other) = (prepared(1), prepared(1));
    for _ in 0..8 {
        meter.process(&[&signal[..31_415]]);
        other.process(&[&signal[..31_415]]);
        other.pause();
        other.resume();
    }
    assert_eq!(meter.integrated_lufs().to_bits(), other.integrated_lufs().to_bits());
    assert_eq!(meter.range_bounds_lufs(), other.range_bounds_lufs());
}

#[test]
fn the_range_is_stable_from_sixty_seconds_on() {
    let mut meter = prepared(1);
    let second = tone(-23.0, 1.0, RATE);
    for elapsed in 1..=61 {
        meter.process(&[&second]);
        assert_eq!(meter.range_is_stable(), elapsed >= 60, "{elapsed} s");
    }
}

#[test]
fn ratios_take_the_peak_that_is_given() {
    let mut meter = prepared(1);
    assert_eq!(meter.plr_lu(-1.0), None);
    meter.process(&[&tone(-14.0, 4.0, RATE)]);
    assert_near(meter.plr_lu(-1.0).unwrap(), 13.0);
    assert_near(meter.psr_lu(-3.0).unwrap(), 11.0);
}

#[test]
fn an_hour_is_as_exact_as_a_minute() {
    // 3600 s at 8 kHz, alternating second by second: the closed form of the gated mean.
    let rate = 8_000.0;
    let mut meter = Loudness::new();
    meter.prepare(rate, 1);
    let (loud, soft) = (tone(-20.0, 1.0, rate), tone(-26.0, 1.0, rate));
    let mut after_a_minute = 0.0;
    for second in 0..3600 {
        meter.process(&[if second % 2 == 0 { &loud } else { &soft }]);
        if second == 60 {
            after_a_minute = meter.integrated_lufs();
        }
    }
    let mean = lufs_of(f64::midpoint(energy_of(-20.0), energy_of(-26.0)));
    assert!((meter.integrated_lufs() - mean).abs() < 2e-3, "{}", meter.integrated_lufs());
    assert!((after_a_minute - mean).abs() < 0.1);
}

fn observe(block: &Metered<Loudness>, out: &mut Vec<f64>) {
    let meter = &block.meter;
    out.extend([
        meter.momentary_lufs(),
        meter.shortterm_lufs(),
        meter.integrated_lufs(),
        meter.range_lu(),
        meter.max_momentary().lufs,
        meter.max_momentary().end_s,
        meter.max_shortterm().lufs,
        meter.max_shortterm().end_s,
    ]);
}

contract! {
    mod contract_of_the_loudness_meter;
    new: || Metered::new(Loudness::new()),
    settings: [()],
    observe: observe,
}
