//! EBU Tech 3342 (2016), table 1: every synthetic case, at every rate, within ±1 LU. Cases 5 and 6
//! are recordings.

mod signals;

use signals::{RATES_HZ, Tone, assert_near};

#[test]
fn cases_1_to_4_steps_of_20_seconds() {
    for rate in RATES_HZ {
        let tone = Tone::new(rate);
        for (levels, expected_lu) in [
            (&[-20.0, -30.0][..], 10.0),
            (&[-20.0, -15.0], 5.0),
            (&[-40.0, -20.0], 20.0),
            (&[-50.0, -35.0, -20.0, -35.0, -50.0], 15.0),
        ] {
            let stretches: Vec<_> = levels.iter().map(|level| (*level, 20.0)).collect();
            let meter = tone.stereo(&stretches);
            assert_near(meter.range_lu(), expected_lu, 1.0, "LRA");
            // For steps this long the range is known better than the standard asks.
            assert_near(meter.range_lu(), expected_lu, 0.1, "LRA");
            assert_eq!(meter.range_is_stable(), levels.len() > 2);
        }
    }
}

#[test]
fn the_block_length_changes_no_bit() {
    let tone = Tone::new(48_000.0);
    let readings = [1, 64, 1000].map(|block| {
        let mut meter = tone.meter(2);
        let stretches = [(-20.0, 8.0), (-33.0, 8.0), (-27.0, 5.0)];
        tone.play(&mut meter, &[0.0, 0.0], &stretches, block, |_, _| {});
        meter.range_bounds_lufs().map(|bounds| bounds.map(f64::to_bits))
    });
    assert!(readings[0].is_some());
    assert_eq!(readings[0], readings[1]);
    assert_eq!(readings[0], readings[2]);
}
