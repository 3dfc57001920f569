use super::*;
use crate::engine::CompareSink as _;
use report::model::Insert;
use shared_dsp::random::Random;
use std::f64::consts::{PI, TAU};

fn noise(seed: u64, frames: usize) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..frames).map(|_| 0.25 * random.bipolar()).collect()
}

/// What the meter says of both sides of an insert.
fn seen(rate: u32, before: [&[f64]; 2], after: [&[f64]; 2], block: usize) -> Insert {
    let frames = before[0].len();
    let mut meter = InsertMeter::new(rate, frames as u64).with_bands(rate);
    for at in (0..frames).step_by(block) {
        let end = (at + block).min(frames);
        let part = |sides: [&'_ [f64]; 2]| sides.map(|side| side[at..end].to_vec());
        let [before, after] = [part(before), part(after)];
        meter.write(before.each_ref().map(|s| &s[..]), after.each_ref().map(|s| &s[..]));
    }
    meter.insert("Music", "Equaliser", 1)
}

fn bands(rate: u32, before: &[f64], after: &[f64]) -> BandGains {
    seen(rate, [before; 2], [after; 2], 1000).bands.expect("no band was moved")
}

/// A bell: b0, b1, b2, a1, a2 (Bristow-Johnson's cookbook, a filter of the test's own).
fn bell(rate: u32, hz: f64, gain_db: f64, q: f64) -> [f64; 5] {
    let (w, a) = (TAU * hz / f64::from(rate), 10f64.powf(gain_db / 40.0));
    let (alpha, c) = (w.sin() / (2.0 * q), -2.0 * w.cos());
    let a0 = 1.0 + alpha / a;
    [1.0 + alpha * a, c, 1.0 - alpha * a, c, 1.0 - alpha / a].map(|v| v / a0)
}

fn filtered([b0, b1, b2, a1, a2]: [f64; 5], x: &[f64]) -> Vec<f64> {
    let mut s = [0.0; 2];
    let mut step = |x: &f64| {
        let y = b0 * x + s[0];
        s = [b1 * x - a1 * y + s[1], b2 * x - a2 * y];
        y
    };
    x.iter().map(&mut step).collect()
}

/// Squared magnitude of a second-order section.
fn power([b0, b1, b2, a1, a2]: [f64; 5], w: f64) -> f64 {
    let size = |c0: f64, c1: f64, c2: f64| {
        let re = c0 + c1 * w.cos() + c2 * (2.0 * w).cos();
        let im = c1 * w.sin() + c2 * (2.0 * w).sin();
        re * re + im * im
    };
    size(b0, b1, b2) / size(1.0, a1, a2)
}

/// What a section does to the power of white noise in a band, by integration over the closed form
/// of the band's filter at its own rate, dB.
fn expected_db(section: [f64; 5], rate: u32, [low, high]: [f64; 2]) -> f64 {
    let mut band_rate = f64::from(rate);
    while high <= 0.375 * 0.5 * band_rate {
        band_rate *= 0.5;
    }
    let t = |hz: f64| (PI * hz / band_rate).tan();
    let (mut input, mut output) = (0.0, 0.0);
    for step in 1..20_000 {
        let w = PI * f64::from(step) / 20_000.0;
        let hz = w * f64::from(rate) / TAU;
        if hz >= 0.5 * band_rate {
            break;
        }
        let skirts = [t(low) / t(hz), t(hz) / t(high)];
        let band = skirts.iter().map(|skirt| 1.0 / (1.0 + skirt.powi(8))).product::<f64>();
        input += band;
        output += band * power(section, w);
    }
    10.0 * (output / input).log10()
}

#[test]
fn an_equaliser_of_known_response_is_read_band_by_band() {
    for (rate, hz, gain_db, q) in
        [(48_000, 2900.0, -2.5, 1.4), (44_100, 2900.0, -6.0, 1.0), (8_000, 700.0, 4.0, 1.0)]
    {
        let section = bell(rate, hz, gain_db, q);
        let before = noise(1, 12 * rate as usize);
        let seen = bands(rate, &before, &filtered(section, &before));
        assert_eq!(seen.bands.len(), if rate == 8_000 { 6 } else { 9 });
        assert_eq!(seen.seconds_per_point, 0.1);
        for band in &seen.bands {
            let expected = expected_db(section, rate, [band.low_hz, band.high_hz]);
            let read: Vec<f64> = band.mean_db.iter().flatten().copied().collect();
            let mean = read.iter().sum::<f64>() / read.len() as f64;
            assert!(read.len() > 90, "{} readings", read.len());
            assert!((mean - expected).abs() < 0.1, "{mean} for {expected} in {band:?}");
            if expected.abs() > 0.4 {
                let moved = band.mean_while_moved_db.unwrap();
                assert!((moved - expected).abs() < 0.1, "{moved} for {expected}");
                assert!(band.moved_share > 0.95, "{}", band.moved_share);
            } else if expected.abs() < 0.03 {
                assert!(band.moved_share < 0.05, "{} in {}", band.moved_share, band.low_hz);
            }
        }
        let most = seen.moved_most().unwrap();
        assert!(most.low_hz <= hz && hz < most.high_hz);
    }
}

#[test]
fn a_gain_in_one_band_for_a_third_of_the_time_is_seen_where_it_is() {
    // Tones in the middle of their bands, of which one is lowered by 2.5 dB from 4 s to 8 s, both
    // channels alike, or on the left alone.
    let rate = 48_000;
    let lowered = 10f64.powf(-2.5 / 20.0);
    let tone = |hz: f64, i: usize| 0.1 * (TAU * hz * i as f64 / f64::from(rate)).sin();
    let signal = |gain: f64| -> Vec<f64> {
        let gain = |i: usize| if (4 * rate..8 * rate).contains(&(i as u32)) { gain } else { 1.0 };
        let tones = |i: usize| tone(88.0, i) + tone(700.0, i) + gain(i) * tone(2830.0, i);
        (0..12 * rate as usize).map(tones).collect()
    };
    let (before, after) = (signal(1.0), signal(lowered));
    let one_side = 10.0 * (0.5 + 0.5 * lowered * lowered).log10();
    for (right, expected) in [(&after, -2.5), (&before, one_side)] {
        let seen = seen(rate, [&before; 2], [&after, right], 4096).bands.unwrap();
        for band in &seen.bands {
            if band.low_hz == 2000.0 {
                assert!((band.mean_while_moved_db.unwrap() - expected).abs() < 0.05, "{band:?}");
                assert!((band.furthest_db.unwrap() - expected).abs() < 0.05, "{band:?}");
                assert!((4.0..8.0).contains(&band.furthest_at_seconds.unwrap()));
                assert!((band.moved_share - 1.0 / 3.0).abs() < 0.01, "{}", band.moved_share);
                for (point, gain) in band.mean_db.iter().enumerate() {
                    let wanted = if (40..80).contains(&point) { expected } else { 0.0 };
                    // The windows at the switch are some of each.
                    let edge = (39..=41).contains(&point) || (79..=81).contains(&point);
                    assert!(edge || (gain.unwrap() - wanted).abs() < 0.02, "{gain:?} at {point}");
                }
            } else if [62.5, 500.0].contains(&band.low_hz) {
                assert_eq!(band.mean_while_moved_db, None, "{band:?}");
                // Before anything differed, too.
                assert!(band.mean_db.iter().all(|gain| gain.unwrap().abs() < 0.02));
            }
        }
    }
}

#[test]
fn blocks_of_any_length_are_seen_alike() {
    for rate in [48_000, 11_025] {
        let frames = rate as usize * 2 + 17;
        let [left, right] = [1, 2].map(|seed| noise(seed, frames));
        let mut after = [&left, &right].map(|side| filtered(bell(rate, 900.0, -3.0, 1.0), side));
        // Nothing happens until somewhere.
        after[0][..7000].copy_from_slice(&left[..7000]);
        after[1][..9000].copy_from_slice(&right[..9000]);
        let after = after.each_ref().map(|side| &side[..]);
        let whole = seen(rate, [&left, &right], after, frames);
        assert!(whole.bands.is_some());
        for block in [1, 7, 441, 1000] {
            assert_eq!(seen(rate, [&left, &right], after, block), whole, "blocks of {block}");
        }
    }
}

#[test]
fn silence_and_one_channel_read_as_what_they_are() {
    let rate = 48_000;
    let silence = vec![0.0; 3 * rate as usize];
    assert_eq!(seen(rate, [&silence; 2], [&silence; 2], 512).bands, None);

    // Sound for a second, silence for two: the time is the audible time.
    let section = bell(rate, 2900.0, -6.0, 1.4);
    let mut before = noise(3, 3 * rate as usize);
    before[rate as usize..].fill(0.0);
    let after = filtered(section, &before);
    let both = bands(rate, &before, &after);
    let most = both.moved_most().unwrap();
    assert_eq!(most.low_hz, 2000.0);
    assert!(most.moved_share > 0.95, "{}", most.moved_share);
    assert!(most.mean_db[11..].iter().all(Option::is_none));
    // The left channel alone gives the same gains.
    let left = seen(rate, [&before, &silence], [&after, &silence], 512).bands.unwrap();
    for (left, both) in left.bands.iter().zip(&both.bands) {
        assert_eq!(left.mean_db[1..9], both.mean_db[1..9]);
    }
}

#[test]
fn an_insert_that_has_one_gain_for_everything_is_not_told_by_bands() {
    let rate = 48_000;
    let before = noise(4, 2 * rate as usize);
    let measures = |after: [&[f64]; 2]| {
        let mut meter = InsertMeter::new(rate, before.len() as u64).with_bands(rate);
        meter.write([&before; 2], after);
        let bands = meter.bands.as_ref().unwrap();
        (bands.measuring.is_some(), meter.insert("Music", "Trim", 1).bands)
    };
    // Rounded twice to single precision, as a plugin's are: with turned polarity, one side softer.
    let trimmed = |gain: f64| -> Vec<f64> {
        before.iter().map(|x| f64::from(*x as f32 * gain as f32)).collect()
    };
    let (up, turned, muted) = (trimmed(1.412_537_5), trimmed(-0.5), trimmed(0.0));
    for after in [[&before[..], &before], [&up, &up], [&up, &turned], [&muted, &muted]] {
        assert_eq!(measures(after), (false, None));
    }
    // A gain that moves is measured, and found to be that of all bands. Slowly: the bands' filters
    // ring for different times.
    let rides = |i: usize| 1.0 - 0.1 * (i as f64 / before.len() as f64);
    let ridden: Vec<f64> = before.iter().enumerate().map(|(i, x)| x * rides(i)).collect();
    assert_eq!(measures([&ridden, &ridden]), (true, None));
    // A sample that is different counts from there on.
    let mut click = before.clone();
    click[50_000] += 0.01;
    assert!(measures([&click, &click]).0);
    let mut broken = before.clone();
    broken[50_000] = f64::NAN;
    let (measured, seen) = measures([&broken, &broken]);
    assert!(measured && seen.is_none(), "{seen:?}");
}

#[test]
fn a_long_timeline_keeps_its_points() {
    // Six minutes in points of 0.3 s.
    let rate = 8_000;
    let before = noise(5, 360 * rate as usize);
    let after = filtered(bell(rate, 700.0, -3.0, 1.0), &before);
    let seen = seen(rate, [&before; 2], [&after; 2], 4096);
    let gain = seen.timeline.unwrap();
    let bands = seen.bands.unwrap();
    assert_eq!(bands.seconds_per_point, gain.seconds_per_point);
    for band in &bands.bands {
        assert_eq!(band.mean_db.len(), gain.mean_db.len());
        assert!(band.mean_db.iter().all(Option::is_some));
    }
}
