//! Spectra against what is known of sines and noise.

use super::*;
use shared_dsp::random::Random;
use std::f64::consts::TAU;

/// The spectrum of some seconds of sound at a rate, averaged over a time in seconds.
fn spectrum_of(
    rate_hz: f32,
    time_s: f32,
    slope_db: f32,
    seconds: f64,
    sound: impl FnMut(usize) -> [f32; 2],
) -> Spectrum {
    analysis_of(Kind::Density, rate_hz, time_s, seconds, sound).levels(slope_db)
}

/// The same in third-octave bands without a slope.
fn bands_of(
    rate_hz: f32,
    time_s: f32,
    seconds: f64,
    sound: impl FnMut(usize) -> [f32; 2],
) -> Spectrum {
    analysis_of(Kind::ThirdOctaves, rate_hz, time_s, seconds, sound).levels(0.0)
}

fn analysis_of(
    kind: Kind,
    rate_hz: f32,
    time_s: f32,
    seconds: f64,
    mut sound: impl FnMut(usize) -> [f32; 2],
) -> Analyser {
    let taps = Taps::default();
    taps.set_rate_hz(rate_hz);
    let mut analyser = Analyser { kind, ..Analyser::default() };
    analyser.update(&taps, Point::Input, 0.0, time_s);
    let block = (rate_hz / 60.0) as usize;
    let blocks = (seconds * 60.0) as usize;
    for n in 0..blocks {
        let frames: Vec<[f32; 2]> = (n * block..(n + 1) * block).map(&mut sound).collect();
        let channel = |c: usize| frames.iter().map(|frame| frame[c]).collect::<Vec<f32>>();
        taps.push(Point::Input, &[&channel(0), &channel(1)]);
        analyser.update(&taps, Point::Input, (n + 1) as f64 / 60.0, time_s);
    }
    analyser
}

fn sine(rate_hz: f32, hz: f64, db: f64) -> impl Fn(usize) -> f32 {
    let amplitude = 10f64.powf(db / 20.0);
    move |n| (amplitude * (TAU * hz * n as f64 / f64::from(rate_hz)).sin()) as f32
}

fn highest(spectrum: &Spectrum) -> (f32, f32) {
    spectrum.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)).expect("points")
}

#[test]
fn a_sine_has_its_level_at_its_frequency() {
    for rate_hz in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
        let wave = sine(rate_hz, 1000.0, -12.0);
        let spectrum = spectrum_of(rate_hz, 0.1, 0.0, 1.0, |n| [wave(n); 2]);
        let (hz, db) = highest(&spectrum);
        assert!((hz / 1000.0).log2().abs() < 1.0 / 20.0, "{hz} Hz at {rate_hz}");
        assert!((db + 12.0).abs() < 0.1, "{db} dB at {rate_hz}");
    }
    for (hz, below) in [(10_000.0, 0.0), (2500.0, 0.0), (600.0, 0.0), (300.0, 0.2)] {
        let wave = sine(48_000.0, hz, -12.0);
        let spectrum = spectrum_of(48_000.0, 0.1, 3.0, 1.0, |n| [wave(n); 2]);
        let db = highest(&spectrum).1;
        assert!((db + 12.0 + below).abs() < 0.1, "{db} dB at {hz} Hz");
    }
}

#[test]
fn what_is_on_one_side_or_out_of_phase_shows() {
    let wave = sine(48_000.0, 1000.0, -12.0);
    for (sides, expected) in [([1.0, 0.0], -15.01), ([0.0, 1.0], -15.01), ([1.0, -1.0], -12.0)] {
        let sound = |n| sides.map(|side| side * wave(n));
        let db = highest(&spectrum_of(48_000.0, 0.1, 0.0, 1.0, sound)).1;
        assert!((db - expected).abs() < 0.1, "{sides:?}: {db}");
    }
}

/// White noise of a level in dB: that of a sine with its power.
fn white(random: &mut Random, db: f64) -> f32 {
    // A uniform value has a third of its square as its power, a sine a half.
    (10f64.powf(db / 20.0) * 1.5f64.sqrt() * random.bipolar()) as f32
}

/// The means of a spectrum over octaves, in dB, from 31.25 Hz on.
fn octaves(spectrum: &Spectrum) -> Vec<f32> {
    let octave = |n: i32| {
        let low = 31.25 / 2f32.sqrt() * 2f32.powi(n);
        let within: Vec<f32> = spectrum
            .iter()
            .filter(|(hz, _)| (low..low * 2.0).contains(hz))
            .map(|(_, db)| *db)
            .collect();
        within.iter().sum::<f32>() / within.len() as f32
    };
    (0..10).map(octave).collect()
}

#[test]
fn white_noise_is_flat_without_a_slope_and_as_dense_as_it_is() {
    let mut random = Random::new(5);
    let spectrum = spectrum_of(48_000.0, 8.0, 0.0, 20.0, |_| {
        [white(&mut random, -10.0), white(&mut random, -10.0)]
    });
    // −10 dB over 24 kHz is so much in 57.8 Hz.
    let expected = -10.0 + 10.0 * (57.78f32 / 24_000.0).log10();
    for (octave, db) in octaves(&spectrum).into_iter().enumerate() {
        assert!((db - expected).abs() < 1.0, "octave {octave}: {db}, not {expected}");
    }
}

/// Poles and zeros of a filter that makes white noise pink at 48 kHz: eight poles 1.7 octaves apart, zeros
/// between: 1/f within 0.3 dB from 20 Hz to 10 kHz (a row of shelving filters, as resistors and capacitors
/// would be laid out).
fn pinking() -> Vec<[f64; 2]> {
    let section = |n: i32| {
        let pole = 6.0 * 2f64.powf(1.7 * f64::from(n));
        let decay = |hz: f64| (-TAU * hz / 48_000.0).exp();
        [decay(pole), decay(pole * 2f64.powf(0.85))]
    };
    (0..8).map(section).collect()
}

/// What the samples of [`pink`] are scaled by.
const PINK: f64 = 0.05;

/// Pink noise on two channels that have nothing in common, at 48 kHz.
fn pink(seed: u64) -> impl FnMut(usize) -> [f32; 2] {
    let mut random = Random::new(seed);
    let sections = pinking();
    let mut state = [[[0.0f64; 2]; 8]; 2];
    move |_| {
        std::array::from_fn(|channel| {
            let mut x = random.bipolar();
            for ([pole, zero], [last_in, last_out]) in sections.iter().zip(&mut state[channel]) {
                let y = x - zero * *last_in + pole * *last_out;
                (*last_in, *last_out) = (x, y);
                x = y;
            }
            (PINK * x) as f32
        })
    }
}

/// The level of [`pink`] in a band by what its filter does there.
fn pink_in_band_db(hz: f32) -> f64 {
    let [low, high] = band_edges_hz(hz).map(f64::from);
    let step = (high - low) / 200.0;
    let gain = |hz: f64| {
        let (cos, square) = ((TAU * hz / 48_000.0).cos(), |a: f64| a * a);
        let part = |[pole, zero]: &[f64; 2]| {
            (1.0 - 2.0 * zero * cos + square(*zero)) / (1.0 - 2.0 * pole * cos + square(*pole))
        };
        pinking().iter().map(part).product::<f64>()
    };
    let sum: f64 = (0..200).map(|n| step * gain(low + (f64::from(n) + 0.5) * step)).sum();
    // A uniform value has a third of its square as its power, over half the rate; a sine a half.
    10.0 * (2.0 * PINK * PINK * sum / 3.0 / 24_000.0).log10()
}

#[test]
fn pink_noise_is_flat_at_3_db_an_octave() {
    let spectrum = spectrum_of(48_000.0, 8.0, 3.0103, 20.0, pink(6));
    let octaves = octaves(&spectrum);
    let mean = octaves.iter().sum::<f32>() / octaves.len() as f32;
    for (octave, db) in octaves.iter().enumerate() {
        assert!((db - mean).abs() < 1.0, "octave {octave}: {db}, mean {mean}");
    }
}

#[test]
fn silence_and_what_is_no_number_are_the_floor() {
    for sound in [0.0, f32::NAN, f32::INFINITY] {
        let spectrum = spectrum_of(48_000.0, 0.1, 0.0, 0.5, |_| [sound; 2]);
        assert!(!spectrum.is_empty());
        assert!(spectrum.iter().all(|(_, db)| *db == FLOOR_DB), "{sound}");
    }
    for rate_hz in [0.0, f32::NAN, 8000.0, 768_000.0] {
        let spectrum = spectrum_of(rate_hz, 0.1, 4.5, 0.1, |_| [0.5; 2]);
        assert!(spectrum.iter().all(|(hz, db)| hz.is_finite() && db.is_finite()), "{rate_hz}");
    }
}

#[test]
fn it_falls_as_slowly_as_asked_whatever_the_frame_rate() {
    for frames_per_second in [20.0, 60.0, 144.0] {
        let taps = Taps::default();
        let mut analyser = Analyser::default();
        let wave = sine(48_000.0, 1000.0, 0.0);
        analyser.update(&taps, Point::Key, 0.0, 0.3);
        let tone: Vec<f32> = (0..48_000).map(wave).collect();
        taps.push(Point::Key, &[&tone]);
        analyser.update(&taps, Point::Key, 100.0, 0.3);
        let before = highest(&analyser.levels(0.0)).1;
        // Longer than the transform, then half a second of silence in frames.
        taps.push(Point::Key, &[&vec![0.0; 8192]]);
        let frames = (0.6 * frames_per_second) as usize;
        for frame in 1..=frames {
            taps.push(Point::Key, &[&[0.0; 8]]);
            let now_s = 100.0 + frame as f64 / frames_per_second;
            analyser.update(&taps, Point::Key, now_s, 0.3);
        }
        // Two time constants: 8.7 dB.
        let fallen = before - highest(&analyser.levels(0.0)).1;
        assert!((fallen - 8.686).abs() < 0.1, "{fallen} dB at {frames_per_second}");
    }
}

#[test]
fn what_comes_no_more_falls_away_and_then_rests() {
    let taps = Taps::default();
    let mut analyser = Analyser::default();
    analyser.update(&taps, Point::Output, 0.0, 0.1);
    let tone: Vec<f32> = (0..20_000).map(sine(48_000.0, 1000.0, -6.0)).collect();
    taps.push(Point::Output, &[&tone]);
    analyser.update(&taps, Point::Output, 1.0, 0.1);
    let before = highest(&analyser.levels(0.0)).1;
    // A short wait is no silence: hosts call in bursts.
    assert!(analyser.update(&taps, Point::Output, 1.5, 0.1));
    assert_eq!(highest(&analyser.levels(0.0)).1, before);
    let mut now_s = 2.1;
    while analyser.update(&taps, Point::Output, now_s, 0.1) {
        now_s += 0.05;
        assert!(now_s < 10.0, "it never rests");
    }
    assert_eq!(highest(&analyser.levels(0.0)).1, FLOOR_DB);
}

#[test]
fn a_sine_has_its_level_in_its_band_and_little_in_others() {
    for rate_hz in [44_100.0, 48_000.0, 50_000.0, 96_000.0, 192_000.0] {
        let all = frequencies(Kind::ThirdOctaves, rate_hz);
        assert_eq!(all.len(), 30, "{rate_hz}");
        let step = if rate_hz == 48_000.0 { 1 } else { 4 };
        for (at, centre) in all.iter().enumerate().step_by(step) {
            let wave = sine(rate_hz, f64::from(*centre), -12.0);
            let bands = bands_of(rate_hz, 0.05, 1.2, |n| [wave(n); 2]);
            for (other, (hz, db)) in bands.iter().enumerate() {
                let what = format!("{centre} Hz at {rate_hz}: {db} dB at {hz} Hz");
                match at.abs_diff(other) {
                    0 => assert!((db + 12.0).abs() < 0.05, "{what}"),
                    1 => assert!(*db < -12.0 - 12.0, "{what}"),
                    _ => assert!(*db < -12.0 - 40.0, "{what}"),
                }
            }
        }
    }
}

#[test]
fn the_bands_together_have_the_power_of_the_sound() {
    let mut random = Random::new(11);
    let bands = bands_of(48_000.0, 4.0, 16.0, |_| [white(&mut random, -10.0); 2]);
    let power: f32 = bands.iter().map(|(_, db)| 10f32.powf(db / 10.0)).sum();
    // From 22.4 Hz to 22.4 kHz of 24.
    let [low, high] = [band_edges_hz(bands[0].0)[0], band_edges_hz(bands[29].0)[1]];
    let expected = -10.0 + 10.0 * ((high - low) / 24_000.0).log10();
    assert!((10.0 * power.log10() - expected).abs() < 0.1, "{} dB", 10.0 * power.log10());
    // One decibel more from band to band; the lowest rest on few bins.
    for pair in bands[9..].windows(2) {
        let rise = pair[1].1 - pair[0].1;
        assert!((rise - 1.0).abs() < 0.8, "{rise} dB at {} Hz", pair[1].0);
    }
    let decade = (bands[27].1 - bands[17].1, bands[17].1 - bands[7].1);
    assert!((decade.0 - 10.0).abs() < 0.5 && (decade.1 - 10.0).abs() < 0.9, "{decade:?}");
}

#[test]
fn pink_noise_is_flat_in_the_bands() {
    let bands = bands_of(48_000.0, 20.0, 60.0, pink(8));
    let mean = bands.iter().map(|(_, db)| db).sum::<f32>() / bands.len() as f32;
    for (hz, db) in &bands {
        let expected = pink_in_band_db(*hz);
        assert!((f64::from(*db) - expected).abs() < 0.6, "{db} dB at {hz} Hz, not {expected}");
        // Where the noise is pink.
        assert!((db - mean).abs() < 1.0 || *hz > 11_000.0, "{db} dB at {hz} Hz, mean {mean}");
    }
}

#[test]
fn bands_have_the_names_and_edges_of_the_standard() {
    let names: Vec<f32> =
        frequencies(Kind::ThirdOctaves, 48_000.0).into_iter().map(nominal_hz).collect();
    assert_eq!(names[..7], [25.0, 31.5, 40.0, 50.0, 63.0, 80.0, 100.0]);
    assert_eq!(names[15..18], [800.0, 1000.0, 1250.0]);
    assert_eq!(names[27..], [12_500.0, 16_000.0, 20_000.0]);
    let [low, high] = band_edges_hz(1000.0);
    assert!((low - 891.25).abs() < 0.01 && (high - 1122.02).abs() < 0.01, "{low} to {high}");
    // What lies above the middle of what a rate can hold has no band.
    assert_eq!(frequencies(Kind::ThirdOctaves, 32_000.0).len(), 28);
    assert!(frequencies(Kind::ThirdOctaves, f32::NAN).is_empty());
}

#[test]
fn bands_fall_away_in_silence_and_then_rest() {
    let taps = Taps::default();
    let mut analyser = Analyser { kind: Kind::ThirdOctaves, ..Analyser::default() };
    analyser.update(&taps, Point::Key, 0.0, 0.1);
    let wave = sine(48_000.0, 50.0, -6.0);
    let mut now_s = 0.0;
    for n in 0..90 {
        let block: Vec<f32> = (n * 800..(n + 1) * 800).map(&wave).collect();
        taps.push(Point::Key, &[&block]);
        now_s += 1.0 / 60.0;
        analyser.update(&taps, Point::Key, now_s, 0.1);
    }
    assert!((highest(&analyser.levels(0.0)).1 + 6.0).abs() < 0.05);
    // The host goes on with silence, or stops calling.
    let mut other = 0;
    for is_called in [true, false] {
        while analyser.update(&taps, Point::Key, now_s, 0.1) || is_called && other < 300 {
            if is_called && other < 300 {
                taps.push(Point::Key, &[&[0.0; 800]]);
            }
            (now_s, other) = (now_s + 1.0 / 60.0, other + 1);
            assert!(other < 600, "it never rests");
        }
    }
    assert_eq!(highest(&analyser.levels(0.0)).1, FLOOR_DB);
}
