//! Pauses leave no trace, and a restart is a new beginning.

use crate::signals::assert_near;
use crate::{ready, sine};
use shared_dsp::mix_meter::{HistoryPoint, MixMeter, MixMeterParams, MixReadings};

const RATE: f64 = 48_000.0;

/// A tone in both channels, the right one at `balance`.
fn hear(meter: &mut MixMeter, amplitude: f64, balance: f32, seconds: f64) {
    let left = sine(1000.0, amplitude, 0.0, seconds, RATE);
    let right: Vec<f32> = left.iter().map(|x| balance * x).collect();
    for (left, right) in left.chunks(311).zip(right.chunks(311)) {
        meter.process(&[left, right], Some(&[left]));
    }
}

fn history(meter: &mut MixMeter) -> Vec<HistoryPoint> {
    let mut points = Vec::new();
    meter.drain_history(|point| points.push(point));
    points
}

/// Everything measured, as text that holds all bits.
fn measured(r: &MixReadings) -> String {
    let peaks =
        r.true_peak.map(|p| [p.max_itu_dbtp, p.max_itu_s, p.max_strict_dbtp, p.max_strict_s]);
    let bands = r.bands.map(|b| (b.lowest, b.lowest_s, b.programme_fold_loss_db));
    format!(
        "{:?} {peaks:?} {bands:?}",
        (
            (r.integrated_lufs, r.range_lu, r.max_momentary, r.max_shortterm),
            (r.sample_peak_dbfs, r.plr_lu, r.lowest_psr_lu, r.lowest_psr_s),
            (r.lowest, r.lowest_s, r.programme_fold_loss_db),
            (r.dialogue_lufs, r.dialogue_share, r.elapsed_s),
        )
    )
}

#[test]
fn a_pause_holds_what_is_measured_and_lets_the_bars_go_on() {
    let mut meter = ready(RATE, 2);
    hear(&mut meter, 0.1, 1.0, 4.567_8);
    meter.process(&[&[0.05; 24], &[0.05; 24]], None);
    let before = meter.readings();
    history(&mut meter);
    meter.set_paused(true);
    assert!(meter.is_paused());
    // Loud, and turned.
    hear(&mut meter, 0.9, -1.0, 3.210_1);
    let held = meter.readings();
    // Dialogue that waited is judged when the pause begins; nothing else moves.
    let settled = MixReadings {
        dialogue_lufs: held.dialogue_lufs,
        dialogue_share: held.dialogue_share,
        ..before
    };
    assert_eq!(measured(&held), measured(&settled));
    assert_near(held.dialogue_lufs.expect("heard"), -20.0, 0.1, "dialogue");
    assert!(history(&mut meter).is_empty());
    for (bar, expected) in [
        (held.momentary_lufs, -0.9),
        (held.shortterm_lufs, -0.9),
        (held.vu[0], 17.1),
        (held.ppm_dbfs[0], -0.9),
        (held.k_rms_dbfs[0], -0.9),
        (held.peak_dbfs[1], -0.9),
        (held.true_peak[0].now_dbtp, -0.9),
        (held.correlation.expect("heard"), -1.0),
        (held.fold_loss_db.expect("heard"), -60.0),
    ] {
        assert_near(bar, expected, 0.15, "a bar");
    }
    assert_eq!(held.psr_lu, None);
}

#[test]
fn a_pause_leaves_no_trace() {
    let mut meter = ready(RATE, 2);
    // Nothing ends on a grid.
    hear(&mut meter, 0.1, 1.0, 7.123_4);
    meter.set_paused(true);
    hear(&mut meter, 0.9, -1.0, 3.210_1);
    meter.set_paused(false);
    hear(&mut meter, 0.1, 1.0, 8.201_7);
    let readings = meter.readings();
    for (reading, expected) in [
        (readings.integrated_lufs, -20.0),
        (readings.max_momentary.lufs, -20.0),
        (readings.max_shortterm.lufs, -20.0),
        (readings.momentary_lufs, -20.0),
        (readings.dialogue_lufs.expect("heard"), -20.0),
        (readings.sample_peak_dbfs[0], -20.0),
        (readings.true_peak[0].max_itu_dbtp, -20.0),
        (readings.true_peak[0].max_strict_dbtp, -20.0),
        (readings.lowest.expect("heard"), 1.0),
        (readings.bands[1].lowest.expect("heard"), 1.0),
        (readings.programme_fold_loss_db.expect("heard"), 0.0),
        (readings.range_lu.expect("heard"), 0.0),
    ] {
        assert_near(reading, expected, 0.1, "measured");
    }
    assert_near(readings.elapsed_s, 15.325_1, 2e-4, "elapsed");
    // The history goes on in one piece; only the windows fill anew.
    let points = history(&mut meter);
    assert_eq!(points.last().expect("some").step, 152);
    assert!(points.windows(2).all(|two| two[0].step + 1 == two[1].step));
    assert!(points.iter().all(|point| point.momentary_lufs < -19.9));
    assert!(points.iter().all(|point| point.true_peak_dbtp < -19.8), "{points:?}");
}

#[test]
fn windows_never_hold_both_sides_of_a_seam() {
    let mut meter = ready(RATE, 2);
    hear(&mut meter, 0.1, 1.0, 4.0);
    meter.set_paused(true);
    hear(&mut meter, 0.9, 1.0, 2.0);
    meter.set_paused(false);
    // A tenth of the window: as loud as so much of it alone.
    hear(&mut meter, 0.1, 1.0, 0.3);
    let readings = meter.readings();
    assert_near(readings.shortterm_lufs, -30.0, 0.1, "S");
    assert_near(readings.momentary_lufs, -20.0 + 10.0 * 0.75f64.log10(), 0.1, "M");
    assert_near(readings.crest_db[0].expect("heard"), 3.01, 0.05, "crest");
    assert_near(readings.k_rms_dbfs[0], -20.0, 0.05, "K");
}

#[test]
fn a_pause_of_no_length_changes_nothing() {
    let (mut meter, mut other) = (ready(RATE, 2), ready(RATE, 2));
    for _ in 0..8 {
        hear(&mut meter, 0.1, 0.5, 0.654_3);
        hear(&mut other, 0.1, 0.5, 0.654_3);
        other.set_paused(true);
        other.process(&[&[], &[]], None);
        other.set_paused(false);
    }
    assert_eq!(format!("{:?}", meter.readings()), format!("{:?}", other.readings()));
}

#[test]
fn a_restart_measures_what_comes_and_leaves_the_bars() {
    let mut meter = ready(RATE, 2);
    hear(&mut meter, 0.9, -1.0, 5.432_1);
    let before = meter.readings();
    meter.restart();
    let after = meter.readings();
    assert_eq!(after.integrated_lufs, f64::NEG_INFINITY);
    assert_eq!((after.range_lu, after.plr_lu, after.lowest), (None, None, None));
    assert_eq!(after.max_momentary.lufs, f64::NEG_INFINITY);
    assert_eq!((after.dialogue_lufs, after.dialogue_share), (None, 0.0));
    assert_eq!(after.sample_peak_dbfs, [f64::NEG_INFINITY; 2]);
    assert_eq!(after.true_peak[0].max_strict_dbtp, f64::NEG_INFINITY);
    assert_eq!(after.elapsed_s, 0.0);
    let bars = |r: &MixReadings| {
        let peaks = r.true_peak.map(|p| [p.now_dbtp, p.held_dbtp]);
        let image = (r.correlation, r.fold_loss_db, r.balance_db, r.width);
        let bars = (r.vu, r.ppm_dbfs, r.k_rms_dbfs, r.peak_dbfs, r.crest_db);
        format!("{peaks:?} {image:?} {bars:?} {} {}", r.momentary_lufs, r.shortterm_lufs)
    };
    assert_eq!(bars(&after), bars(&before));
    assert!(history(&mut meter).is_empty());

    hear(&mut meter, 0.1, 1.0, 4.05);
    let readings = meter.readings();
    for (reading, expected) in [
        (readings.integrated_lufs, -20.0),
        (readings.max_momentary.lufs, -20.0),
        (readings.max_shortterm.lufs, -20.0),
        (readings.sample_peak_dbfs[0], -20.0),
        (readings.lowest.expect("heard"), 1.0),
        (readings.elapsed_s, 4.05),
    ] {
        assert_near(reading, expected, 0.1, "measured");
    }
    assert!(readings.max_momentary.end_s >= 0.4 && readings.max_momentary.end_s < 4.05);
    assert!(readings.max_shortterm.end_s >= 3.0 && readings.max_shortterm.end_s < 4.05);
    let points = history(&mut meter);
    assert_eq!(points.last().expect("some").step, 39);
}

#[test]
fn times_are_those_of_what_was_measured() {
    let mut meter = ready(RATE, 2);
    let silent = |meter: &mut MixMeter, seconds: f64| hear(meter, 0.0, 1.0, seconds);
    silent(&mut meter, 1.0);
    meter.restart();
    silent(&mut meter, 0.5);
    meter.set_paused(true);
    silent(&mut meter, 2.0);
    meter.set_paused(false);
    silent(&mut meter, 0.25);
    meter.process(&[&[0.5], &[0.25]], None);
    silent(&mut meter, 1.0);
    for peak in meter.readings().true_peak {
        assert_near(peak.max_itu_s, 0.75, 1.5 / RATE, "ITU");
        assert_near(peak.max_strict_s, 0.75, 1.5 / RATE, "strict");
    }
}

#[test]
fn a_mono_programme_for_two_loudspeakers_is_3_lu_louder() {
    let dual = MixMeterParams { dual_mono: true, ..MixMeterParams::DEFAULT };
    let tone = sine(1000.0, 0.1, 0.0, 5.0, RATE);
    let mut mono = ready(RATE, 1);
    mono.process(&[&tone], None);
    let single = mono.readings();
    // A change in the middle starts over.
    mono.set_params(&dual);
    assert_eq!(mono.readings().elapsed_s, 0.0);
    mono.process(&[&tone], None);
    let doubled = mono.readings();
    let exact = 10.0 * 2f64.log10();
    assert_near(doubled.integrated_lufs - single.integrated_lufs, exact, 1e-3, "I");
    assert_near(doubled.shortterm_lufs - single.shortterm_lufs, exact, 1e-3, "S");
    assert_near(doubled.max_momentary.lufs - single.max_momentary.lufs, exact, 1e-3, "max M");
    let [peak, was] = [doubled, single].map(|readings| readings.true_peak[0].max_strict_dbtp);
    assert_near(peak, was, 0.01, "true peak");
    // It is what two channels of a stereo layout read anyway, switch or not.
    for params in [MixMeterParams::DEFAULT, dual] {
        let mut stereo = ready(RATE, 2);
        stereo.set_params(&params);
        stereo.process(&[&tone, &tone], None);
        assert_near(stereo.readings().integrated_lufs, doubled.integrated_lufs, 1e-3, "stereo");
    }
}

#[test]
fn ratios_are_peaks_over_loudness() {
    let mut meter = ready(RATE, 2);
    hear(&mut meter, 0.1, 1.0, 2.9);
    assert_eq!(meter.readings().psr_lu, None);
    hear(&mut meter, 0.1, 1.0, 1.1);
    let readings = meter.readings();
    assert_near(readings.plr_lu.expect("heard"), 0.0, 0.05, "PLR");
    assert_near(readings.psr_lu.expect("heard"), 0.0, 0.05, "PSR");
    // A click stays in the ratio for 3 s, and no longer.
    meter.process(&[&[0.8], &[0.8]], None);
    hear(&mut meter, 0.1, 1.0, 2.9);
    let peak_dbtp = 20.0 * 0.8f64.log10();
    assert_near(meter.readings().psr_lu.expect("heard"), peak_dbtp + 20.0, 1.0, "PSR");
    assert_near(meter.readings().plr_lu.expect("heard"), peak_dbtp + 20.0, 1.0, "PLR");
    hear(&mut meter, 0.1, 1.0, 0.3);
    assert_near(meter.readings().psr_lu.expect("heard"), 0.0, 0.1, "PSR");
    assert_near(meter.readings().lowest_psr_lu.expect("heard"), 0.0, 0.1, "lowest PSR");
    assert!(meter.readings().plr_lu.expect("heard") > 17.0);
}

#[test]
fn the_time_of_a_restart_or_a_pause_is_a_sample_whatever_the_blocks() {
    let signal: Vec<f32> = (0..40_000).map(|n| (0.05 * f64::from(n)).sin() as f32).collect();
    let read = |block: usize| {
        let mut meter = ready(RATE, 2);
        let play = |meter: &mut MixMeter, range: std::ops::Range<usize>| {
            for piece in signal[range].chunks(block) {
                meter.process(&[piece, piece], None);
            }
        };
        play(&mut meter, 0..9_999);
        meter.restart();
        play(&mut meter, 9_999..15_001);
        meter.set_paused(true);
        play(&mut meter, 15_001..21_111);
        meter.set_paused(false);
        play(&mut meter, 21_111..40_000);
        format!("{:?} {:?}", meter.readings(), history(&mut meter))
    };
    let whole = read(100_000);
    for block in [1, 64, 333] {
        assert_eq!(read(block), whole, "blocks of {block}");
    }
}
