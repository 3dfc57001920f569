//! What a change leaves behind: rows 9 and 10 of what the best are measured by, and clicks.

use crate::{ANCHOR, KEYED, RATE, prepared, run, run_with, sine, steady};
use realfft::RealFftPlanner;
use shared_dsp::Processor;
use shared_dsp::compressor::{
    BusCompressorParams, Character, Detector, KeyFilter, KeySource, StereoMode,
};
use shared_dsp::db;

fn above_dbfs(signal: &[f32], from_hz: f64) -> f64 {
    crate::support::residue::above_dbfs(signal, from_hz, RATE)
}

#[test]
fn a_keyed_tone_has_no_aliases() {
    // 15 007 Hz, moved by 6 dB with a square of 20 Hz. Sidebands lie at 7 Hz above multiples of 20 Hz,
    // what has folded at Nyquist at 13 Hz above them; one second holds whole periods of both.
    let second = RATE as usize;
    let tone = sine(RATE, 15_007.0, 0.5, 3 * second);
    let key: Vec<f32> =
        (0..3 * second).map(|n| if n % 2400 < 1200 { 0.0 } else { 0.251_19 }).collect();
    for character in Character::ALL {
        for detector in Detector::ALL {
            // The key is 8 dB over, of which 4:1 takes 6; read as a sine's, direct current is 3 dB more.
            let threshold_db = if detector == Detector::Peak { -20.0 } else { -17.0 };
            let params = BusCompressorParams {
                character,
                detector,
                rms_ms: 1.0,
                threshold_db,
                attack_ms: 1.0,
                release_ms: 10.0,
                ..KEYED
            };
            let mut compressor = prepared(RATE, &params);
            let output =
                run(&mut compressor, &[tone.clone(), tone.clone()], std::slice::from_ref(&key));
            let mut time: Vec<f64> = output[0][2 * second..].iter().map(|&x| x.into()).collect();
            let fft = RealFftPlanner::<f64>::new().plan_fft_forward(second);
            let mut bins = fft.make_output_vec();
            fft.process(&mut time, &mut bins).unwrap();
            let lines = |rest: usize| {
                let lines = bins.iter().enumerate().filter(move |(f, _)| f % 20 == rest);
                lines.map(|(_, bin)| bin.norm_sqr())
            };
            let carrier = bins[15_007].norm_sqr();
            let largest_dbc = db::from_power(lines(13).fold(0.0, f64::max) / carrier);
            let all_dbc = db::from_power(lines(13).sum::<f64>() / carrier);
            println!(
                "{character:?}, {detector:?}: largest alias {largest_dbc:.1} dBc, all {all_dbc:.1}"
            );
            assert!(all_dbc <= -80.0, "{character:?}: {all_dbc} dBc");
            // The sidebands are there: the key did move it.
            assert!(db::from_power(lines(7).sum::<f64>() / carrier - 1.0) > -30.0);
        }
    }
}

/// What is left above 1 kHz of a full-scale 100 Hz sine under a steady key, while the settings move.
fn residue_of(lookahead: bool, step: usize, of: impl Fn(usize) -> BusCompressorParams) -> f64 {
    let length = 1 << 15;
    let tone = sine(RATE, 100.0, 1.0, length);
    let mut compressor = prepared(RATE, &of(0));
    compressor.set_lookahead(lookahead);
    let stem = [tone.clone(), tone];
    let output =
        run_with(&mut compressor, &stem, &steady(0.5, length), step, |compressor, from| {
            compressor.set_params(&of(from));
        });
    above_dbfs(&output[0], 1000.0).max(above_dbfs(&output[1], 1000.0))
}

type Moved<'a> = &'a dyn Fn(f64) -> BusCompressorParams;

#[test]
fn automation_does_not_zip() {
    let fast = BusCompressorParams { attack_ms: 0.05, release_ms: 10.0, ..KEYED };
    let filtered = BusCompressorParams {
        key_filter: KeyFilter { low_pass_hz: Some(500.0), ..KeyFilter::DEFAULT },
        ..fast
    };
    let sweeps: [(&str, Moved<'_>); 10] = [
        ("makeup", &|part| BusCompressorParams { makeup_db: -12.0 * part, ..fast }),
        ("threshold", &|part| BusCompressorParams { threshold_db: -18.0 - 16.0 * part, ..fast }),
        ("ratio", &|part| BusCompressorParams { ratio: 1.0 + 19.0 * part, ..fast }),
        ("knee", &|part| BusCompressorParams { knee_db: 36.0 * part, ..fast }),
        ("range", &|part| BusCompressorParams { range_db: 12.0 * part, ..fast }),
        ("mix", &|part| BusCompressorParams { mix: part, threshold_db: -40.0, ..fast }),
        ("link", &|part| BusCompressorParams { link: part, ..fast }),
        ("attack", &|part| BusCompressorParams { attack_ms: 0.05 + 100.0 * part, ..fast }),
        ("bell", &|part| BusCompressorParams {
            key_filter: KeyFilter { bell_hz: 20.0, bell_db: 12.0 * part, ..KeyFilter::DEFAULT },
            ..fast
        }),
        ("tilt", &|part| BusCompressorParams {
            key_filter: KeyFilter { tilt_db: -12.0 * part, ..filtered.key_filter },
            ..filtered
        }),
    ];
    for character in Character::ALL {
        for (name, of) in &sweeps {
            let residue = residue_of(false, 512, |from| {
                // 50 ms from sample 8192 on.
                let part = ((from as f64 - 8192.0) / (0.05 * RATE)).clamp(0.0, 1.0);
                BusCompressorParams { character, ..of(part) }
            });
            println!("{character:?}, {name}: {residue:.1} dBFS");
            assert!(residue <= -70.0, "{character:?}, {name}: {residue} dBFS");
        }
    }
}

#[test]
fn switches_do_not_click() {
    let fast = BusCompressorParams { attack_ms: 0.05, release_ms: 10.0, ..KEYED };
    let of_stem = BusCompressorParams {
        key_source: KeySource::Internal,
        rms_ms: 100.0,
        detector: Detector::Rms,
        ..ANCHOR
    };
    let filter = |key_filter| BusCompressorParams { key_filter, ..fast };
    let pairs = [
        ("grab", fast, BusCompressorParams { character: Character::Grab, ..fast }),
        ("bus", fast, BusCompressorParams { character: Character::Bus, ..fast }),
        ("RMS", fast, BusCompressorParams { detector: Detector::Rms, ..fast }),
        ("source", of_stem, BusCompressorParams { key_source: KeySource::External, ..of_stem }),
        (
            "M/S",
            BusCompressorParams { link: 0.0, ..fast },
            BusCompressorParams { link: 0.0, stereo_mode: StereoMode::MidSide, ..fast },
        ),
        ("off", fast, BusCompressorParams { threshold_db: 0.0, ..fast }),
        ("auto makeup", fast, BusCompressorParams { auto_makeup: true, ..fast }),
        ("auto release", fast, BusCompressorParams { auto_release: true, ..fast }),
        ("hold", fast, BusCompressorParams { hold_ms: 100.0, ..fast }),
        ("high-pass", fast, filter(KeyFilter { high_pass_hz: Some(20.0), ..KeyFilter::DEFAULT })),
        ("low-pass", fast, filter(KeyFilter { low_pass_hz: Some(500.0), ..KeyFilter::DEFAULT })),
        ("key listen", fast, BusCompressorParams { key_listen: true, ..fast }),
    ];
    for (name, one, other) in pairs {
        for (from, to) in [(one, other), (other, one)] {
            let residue = residue_of(false, 512, |at| if at < 8192 { from } else { to });
            println!("{name}: {residue:.1} dBFS");
            assert!(residue <= -70.0, "{name}: {residue} dBFS");
        }
    }
    // One on top of the other, before the first has faded.
    let residue = residue_of(false, 256, |at| match at / 256 {
        0..32 => fast,
        32 => BusCompressorParams { character: Character::Bus, ..fast },
        33 => BusCompressorParams { detector: Detector::Rms, ..fast },
        _ => BusCompressorParams {
            character: Character::Grab,
            stereo_mode: StereoMode::MidSide,
            ..fast
        },
    });
    println!("three at once: {residue:.1} dBFS");
    assert!(residue <= -70.0, "{residue} dBFS");
}

#[test]
fn a_new_lookahead_does_not_click() {
    // What is listened to is a sine that the lookahead shifts.
    let length = 1 << 15;
    let tone = sine(RATE, 100.0, 0.5, length);
    let params = BusCompressorParams { key_listen: true, ..KEYED };
    let run_in = |step: usize| {
        let mut compressor = prepared(RATE, &params);
        compressor.set_lookahead(true);
        let key = std::slice::from_ref(&tone);
        run_with(&mut compressor, &steady(0.0, length), key, step, |compressor, at| {
            let lookahead_ms = if at < 8192 { 5.0 } else { [0.0, 9.0, 5.3][at / 4096 % 3] };
            compressor.set_params(&BusCompressorParams { lookahead_ms, ..params });
        })
    };
    let output = run_in(512);
    let residue = above_dbfs(&output[0][4096..], 1000.0);
    println!("lookahead: {residue:.1} dBFS");
    assert!(residue <= -70.0, "{residue} dBFS");
    assert_eq!(run_in(64), output);
    assert!(output[0].iter().any(|x| x.abs() > 0.4));
}
