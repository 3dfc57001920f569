//! Eight hours: nothing drifts, nothing grows, nothing is lost.

use crate::ready;
use crate::signals::assert_near;
use shared_dsp::mix_meter::MixMeter;

const RATE: f64 = 8_000.0;
const HOURS: u64 = 8;

/// What the meter says after so many minutes of the same minute, and how many points of the history came.
fn play(meter: &mut MixMeter, minute: [&[f32]; 2], minutes: u64) -> u64 {
    let mut points = 0;
    for _ in 0..minutes {
        for (left, right) in minute[0].chunks(8_000).zip(minute[1].chunks(8_000)) {
            meter.process(&[left, right], None);
            meter.drain_history(|point| {
                assert_eq!(point.step, points, "none is missing, none comes twice");
                points += 1;
            });
        }
    }
    points
}

#[test]
fn eight_hours_end_as_the_first_ones_began() {
    // Strokes in changing levels over a tone, whole cycles in a minute; wide, and a little turned.
    let tone = |n: usize, hz: f64| (std::f64::consts::TAU * hz * n as f64 / RATE).sin();
    let level = |n: usize| [0.05, 0.2, 0.1, 0.4][n / 40_000 % 4];
    let minute: [Vec<f32>; 2] = [1.0, -0.6].map(|side| {
        let at = |n: usize| level(n) * (tone(n, 440.0) + 0.5 * side * tone(n, 1320.0));
        (0..480_000).map(|n| at(n) as f32).collect()
    });
    let minute = minute.each_ref().map(Vec::as_slice);
    let mut meter = ready(RATE, 2);
    // The meter meets a minute that starts from silence but once.
    let first = {
        let mut meter = meter.clone();
        play(&mut meter, minute, 10);
        meter.readings()
    };
    let mut points = 0;
    let allocated = allocation_counter::measure(|| points = play(&mut meter, minute, HOURS * 60));
    assert_eq!(allocated.count_total, 0, "allocations");
    let last = meter.readings();
    assert_eq!(points, HOURS * 36_000);
    assert_eq!(last.elapsed_s, (HOURS * 3600) as f64);
    assert_near(last.integrated_lufs, first.integrated_lufs, 0.01, "I");
    assert_near(last.range_lu.expect("heard"), first.range_lu.expect("heard"), 0.02, "LRA");
    let [programme, then] = [last, first].map(|r| r.programme_fold_loss_db.expect("heard"));
    assert_near(programme, then, 1e-3, "fold loss");
    // What looks back only so far reads what it would have read, to the last digits of a sum.
    assert_near(last.momentary_lufs, first.momentary_lufs, 1e-9, "M");
    assert_near(last.shortterm_lufs, first.shortterm_lufs, 1e-9, "S");
    assert_near(last.vu[0], first.vu[0], 1e-9, "VU");
    let [now, then] = [last, first].map(|r| r.correlation.expect("heard"));
    assert_near(now, then, 1e-9, "correlation");
    assert_eq!(last.true_peak[0].max_strict_dbtp, first.true_peak[0].max_strict_dbtp);
    assert!(last.range_is_stable);
}

#[test]
fn a_meter_that_met_nan_recovers() {
    let tone: Vec<f32> = (0..8_000).map(|n| (0.3 * f64::from(n)).sin() as f32).collect();
    let (mut hurt, mut calm) = (ready(RATE, 2), ready(RATE, 2));
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        hurt.process(&[&[bad; 100], &[bad; 100]], Some(&[&[bad; 100]]));
        calm.process(&[&[0.0; 100], &[0.0; 100]], None);
    }
    for _ in 0..5 {
        hurt.process(&[&tone, &tone], Some(&[&tone]));
        calm.process(&[&tone, &tone], Some(&[&tone]));
    }
    assert_eq!(format!("{:?}", hurt.readings()), format!("{:?}", calm.readings()));
}
