use super::*;
use std::f64::consts::TAU;

fn tone(rate: u32, frames: usize, level: impl Fn(f64) -> f64) -> Vec<f64> {
    let at = |i: usize| i as f64 / f64::from(rate);
    (0..frames).map(|i| level(at(i)) * (TAU * 997.0 * at(i)).sin()).collect()
}

fn watch(rate: u32, frames: u64, signal: &[f64], block: usize) -> Timeline {
    let mut meter = TimelineMeter::new(rate, frames);
    for block in signal.chunks(block) {
        meter.write(block, block).unwrap();
    }
    meter.timeline()
}

fn insert(rate: u32, before: &[f64], after: &[f64], block: usize, limiter: Option<f64>) -> Insert {
    let frames = before.len() as u64;
    let mut meter = match limiter {
        Some(gain_db) => InsertMeter::limiter(rate, frames, gain_db),
        None => InsertMeter::new(rate, frames),
    };
    for (before, after) in before.chunks(block).zip(after.chunks(block)) {
        meter.write([before; 2], [after; 2]);
    }
    meter.insert("Drums", "Tool", 1)
}

#[test]
fn a_tone_of_known_level_reads_it() {
    // −23 dBFS on both sides for 8 s: −23 LUFS, from 0.4 s on in M and from 3 s on in S.
    let level = 10f64.powf(-23.0 / 20.0);
    let signal = tone(48_000, 8 * 48_000, |_| level);
    let seen = watch(48_000, signal.len() as u64, &signal, 1024);
    assert_eq!(seen.seconds_per_point, 0.01);
    assert_eq!(seen.momentary_lufs.len(), 800);
    for (point, loudness) in seen.momentary_lufs.iter().enumerate().skip(41) {
        assert!((loudness.unwrap() + 23.0).abs() < 0.05, "M {loudness:?} at {point}");
    }
    for (point, loudness) in seen.short_term_lufs.iter().enumerate().skip(301) {
        assert!((loudness.unwrap() + 23.0).abs() < 0.05, "S {loudness:?} at {point}");
    }
    // Half the energy of the window: 3 dB less.
    let half = seen.momentary_lufs[19].unwrap();
    assert!((half + 23.0 + 10.0 * 2f64.log10()).abs() < 0.1, "{half}");
    assert!(seen.waveform.max.iter().all(|s| (s - level).abs() < 1e-3));
    assert!(seen.waveform.min.iter().all(|s| (s + level).abs() < 1e-3));
}

#[test]
fn a_meter_keeps_integrated_loudness_peaks_and_correlation() {
    // Half as loud and turned in the second half: 4 s each.
    let rate = 48_000;
    let half = 4 * rate as usize;
    let left = tone(rate, 2 * half, |t| if t < 4.0 { 0.5 } else { 0.25 });
    let right: Vec<f64> =
        left.iter().enumerate().map(|(n, x)| if n < half { *x } else { -x }).collect();
    let whole = |block: usize| {
        let mut meter = crate::measure::Meter::new(rate, 2).with_timeline(rate, left.len() as u64);
        for (left, right) in left.chunks(block).zip(right.chunks(block)) {
            meter.write(left, right).unwrap();
        }
        meter.timeline().unwrap()
    };
    let seen = whole(1000);
    let (peaks, correlations) =
        (seen.true_peak_dbtp.clone().unwrap(), seen.correlation.clone().unwrap());
    for (point, dbtp) in [(100, -6.02), (399, -6.02), (700, -12.04)] {
        assert!((peaks[point].unwrap() - dbtp).abs() < 0.3, "{:?} at {point}", peaks[point]);
    }
    assert!((correlations[300].unwrap() - 1.0).abs() < 1e-3);
    assert!((correlations[700].unwrap() + 1.0).abs() < 1e-3);
    let integrated = seen.integrated_lufs.as_ref().unwrap();
    assert!((integrated[390].unwrap() + 6.02).abs() < 0.05, "{:?}", integrated[390]);
    // Half the time a quarter of the power.
    let mean = -6.02 + 10.0 * 0.625f64.log10();
    assert!((integrated[799].unwrap() - mean).abs() < 0.15, "{:?}", integrated[799]);
    for block in [7, 480, 5000] {
        assert_eq!(whole(block), seen, "blocks of {block}");
    }
}

#[test]
fn silence_has_no_loudness_and_a_flat_waveform() {
    let seen = watch(44_100, 44_100, &vec![0.0; 44_100], 500);
    assert!(seen.momentary_lufs.iter().chain(&seen.short_term_lufs).all(Option::is_none));
    assert!(seen.waveform.min.iter().chain(&seen.waveform.max).all(|s| *s == 0.0));
}

#[test]
fn blocks_of_any_length_are_seen_alike() {
    for rate in [44_100, 11_025] {
        let frames = rate as usize * 2 + 17;
        let signal = tone(rate, frames, |t| 0.3 + 0.2 * (9.0 * t).sin());
        let louder: Vec<f64> = signal
            .iter()
            .enumerate()
            .map(|(i, x)| x * (1.0 + (i % 7000) as f64 / 7000.0))
            .collect();
        let whole = watch(rate, frames as u64, &signal, frames);
        let gain = insert(rate, &signal, &louder, frames, None);
        let limited = insert(rate, &signal, &louder, frames, Some(3.0));
        for block in [1, 7, 441, 1000] {
            assert_eq!(watch(rate, frames as u64, &signal, block), whole, "blocks of {block}");
            assert_eq!(insert(rate, &signal, &louder, block, None), gain, "blocks of {block}");
            assert_eq!(insert(rate, &signal, &louder, block, Some(3.0)), limited, "{block}");
        }
    }
}

#[test]
fn points_are_bounded_and_cover_the_length() {
    for rate in [8_000, 11_025, 44_100, 48_000, 192_000] {
        for seconds in [0.0, 0.004, 0.2, 12.0, 211.3, 7200.0, 100_000.0] {
            let frames = (f64::from(rate) * seconds) as u64;
            let seconds = frames as f64 / f64::from(rate);
            for ticks in [TICKS_PER_SECOND, INSERT_TICKS_PER_SECOND] {
                let points = Points::new(rate, frames, ticks);
                let tick = 1.0 / ticks;
                assert!((1..=MOST_POINTS).contains(&points.count));
                let covered = points.count as f64 * points.seconds_per_point();
                assert!(covered > seconds - tick, "{rate} Hz, {seconds} s: {covered} s");
                assert!(covered - seconds < points.seconds_per_point().max(tick) + 1e-6);
                // Long enough, it uses what it has.
                assert!(seconds < 1000.0 || points.count > MOST_POINTS / 2);
            }
        }
    }
}

#[test]
fn what_comes_after_the_end_foretold_belongs_to_the_last_point() {
    let seen = watch(48_000, 960, &tone(48_000, 9600, |t| if t < 0.1 { 0.1 } else { 0.8 }), 64);
    assert_eq!(seen.waveform.max.len(), 2);
    assert!(seen.waveform.max[0] < 0.11 && seen.waveform.max[1] > 0.79, "{:?}", seen.waveform);
    let mut meter = InsertMeter::new(48_000, 0);
    let (before, after) = (vec![0.5; 9600], vec![0.25; 9600]);
    meter.write([&before; 2], [&after; 2]);
    assert_eq!(meter.timeline().mean_db, [Some(-6.02)]);
}

#[test]
fn a_step_of_gain_is_seen_where_it_is() {
    // −6 dB from 1 s to 2 s.
    let before = tone(48_000, 3 * 48_000, |_| 0.5);
    let reduced = 10f64.powf(-6.0 / 20.0);
    let step = |i: usize| if (48_000..96_000).contains(&i) { reduced } else { 1.0 };
    let after: Vec<f64> = before.iter().enumerate().map(|(i, x)| x * step(i)).collect();
    let seen = insert(48_000, &before, &after, 1024, None);
    let gain = seen.timeline.as_ref().unwrap();
    assert_eq!(gain.seconds_per_point, 0.1);
    let expected: Vec<Option<f64>> =
        (0..30).map(|point| Some(if (10..20).contains(&point) { -6.0 } else { 0.0 })).collect();
    assert_eq!(gain.mean_db, expected);
    assert_eq!(gain.lowest_db, expected);
    assert_eq!(gain.highest_db, expected);
    assert!(!seen.identical);
    // A tone of 0.5 has −9.03 dBFS RMS; a third of the energy less three quarters.
    assert_eq!(seen.level_in_dbfs, Some(-9.03));
    let expected = -9.03 + 10.0 * ((2.0 + reduced * reduced) / 3.0).log10();
    assert!((seen.level_out_dbfs.unwrap() - expected).abs() < 0.01, "{seen:?}");
}

#[test]
fn a_limiter_is_seen_against_its_own_gain() {
    // +6 dB, of which 4 dB are taken back for 3 ms.
    let before = tone(48_000, 48_000, |_| 0.5);
    let (gain, cut) = (10f64.powf(6.0 / 20.0), 10f64.powf(-4.0 / 20.0));
    let cut = |i: usize| if (24_096..24_240).contains(&i) { cut } else { 1.0 };
    let after: Vec<f64> = before.iter().enumerate().map(|(i, x)| x * gain * cut(i)).collect();
    let seen = insert(48_000, &before, &after, 333, Some(6.0));
    let timeline = seen.timeline.unwrap();
    assert_eq!(timeline.seconds_per_point, 0.01);
    for point in 0..100 {
        let deepest = if point == 50 { -4.0 } else { 0.0 };
        assert_eq!(timeline.lowest_db[point], Some(deepest), "{point}");
        assert_eq!(timeline.highest_db[point], Some(0.0), "{point}");
    }
    // Six of the twenty windows of half a millisecond.
    assert_eq!(timeline.mean_db[50], Some(-1.2));
    assert_eq!(seen.level_in_dbfs, Some(-9.03));
}

#[test]
fn what_changed_nothing_is_identical_and_silence_has_no_gain() {
    let signal = tone(48_000, 48_000, |t| if t < 0.5 { 0.5 } else { 0.0 });
    let seen = insert(48_000, &signal, &signal, 100, None);
    assert!(seen.identical);
    let gain = seen.timeline.unwrap().mean_db;
    assert_eq!(gain[..5], [Some(0.0); 5]);
    assert_eq!(gain[5..], [None; 5]);
    let silent = insert(48_000, &vec![0.0; 4800], &vec![0.0; 4800], 100, None);
    assert_eq!((silent.level_in_dbfs, silent.level_out_dbfs), (None, None));
}

#[test]
fn a_meter_that_keeps_time_reads_the_same() {
    let signal = tone(44_100, 5 * 44_100, |t| 0.1 + 0.1 * t);
    let frames = signal.len() as u64;
    let mut plain = crate::measure::Meter::new(44_100, 2).with_second_opinion(44_100).unwrap();
    let mut keeping = crate::measure::Meter::new(44_100, 2)
        .with_second_opinion(44_100)
        .unwrap()
        .with_timeline(44_100, frames);
    for block in signal.chunks(1000) {
        plain.write(block, block).unwrap();
        keeping.write(block, block).unwrap();
    }
    assert_eq!(plain.opinions().unwrap(), keeping.opinions().unwrap());
    assert_eq!(plain.timeline(), None);
    let kept = keeping.timeline().unwrap();
    // The meter alone has ears for true peaks.
    let heard = kept.true_peak_dbtp.as_ref().unwrap().iter().flatten();
    let highest = heard.copied().fold(f64::NEG_INFINITY, f64::max);
    let whole = keeping.opinions().unwrap().ours.true_peak_dbtp.unwrap();
    assert!((highest - whole).abs() <= 0.005, "{highest}, not {whole}");
    let others = Timeline { true_peak_dbtp: None, ..kept };
    assert!(others == watch(44_100, frames, &signal, 64), "the rest differs");
}

#[test]
fn the_loudest_moment_is_never_between_two_points() {
    // Bursts at odd places, over more ticks than there are points.
    let rate = 48_000;
    let burst = |t: f64| if (t * 1.37).fract() < 0.3 { 0.02 + 0.03 * t } else { 0.01 };
    let signal = tone(rate, 20 * rate as usize, burst);
    let seen = watch(rate, signal.len() as u64, &signal, 777);
    assert_eq!(seen.seconds_per_point, 0.02);
    let single: Vec<f32> = signal.iter().map(|s| *s as f32).collect();
    let mut meter = Loudness::new();
    meter.prepare(f64::from(rate), 2);
    meter.process(&[&single, &single]);
    for (values, loudest) in [
        (seen.momentary_lufs, meter.max_momentary()),
        (seen.short_term_lufs, meter.max_shortterm()),
    ] {
        let point = ((loudest.end_s - 1e-9) / seen.seconds_per_point) as usize;
        let highest = values.iter().flatten().copied().fold(f64::MIN, f64::max);
        assert!((highest - loudest.lufs).abs() < 0.006, "{highest} {loudest:?}");
        assert_eq!(values[point], Some(highest), "{loudest:?}");
    }
}
