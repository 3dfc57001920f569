//! The goniometer, the image, the levels and the spectrum: what they say of what is heard.

use super::view::choice;
use super::*;
use shared_dsp::random::Random;
use std::f64::consts::TAU;
use support::spectrum::Point;

const RATE_HZ: f64 = 48_000.0;

/// Plays some seconds to a point, drawing sixty times in each.
fn play(bench: &mut Bench, point: Point, seconds: f64, mut sound: impl FnMut(f64) -> [f32; 2]) {
    const BLOCK: usize = 800;
    for block in 0..(seconds * 60.0) as usize {
        let frames: Vec<[f32; 2]> =
            (0..BLOCK).map(|n| sound((block * BLOCK + n) as f64 / RATE_HZ)).collect();
        let channel = |c: usize| frames.iter().map(|frame| frame[c]).collect::<Vec<f32>>();
        bench.taps.push(point, &[&channel(0), &channel(1)]);
        bench.steps(1);
    }
}

fn sine(hz: f64, db: f64) -> impl Fn(f64) -> f32 {
    move |s| (10f64.powf(db / 20.0) * (TAU * hz * s).sin()) as f32
}

#[test]
fn the_goniometer_says_in_words_what_it_shows() {
    let mut bench = open();
    assert_eq!(bench.value_of("Goniometer picture"), "no stereo signal");
    bench.hear(&[(Shown::Correlation, -0.4), (Shown::Width, 1.3), (Shown::Balance, 0.0)]);
    assert_eq!(bench.value_of("Goniometer picture"), "out of phase");
    assert!(bench.says("out of phase") && bench.says("\u{2212}0.40"));
    bench.hear(&[
        (Shown::Correlation, 0.71),
        (Shown::CorrelationLowest, -0.23),
        (Shown::CorrelationLowestAt, 62.4),
    ]);
    assert_eq!(bench.value_of("Goniometer picture"), "mono-safe");
    assert!(bench.says("+0.71") && bench.says("lowest \u{2212}0.23 at 1:02"));
    bench.hear(&[(Shown::Channels, 1.0), (Shown::Correlation, f32::NAN)]);
    assert_eq!(bench.value_of("Goniometer picture"), "mono");
}

#[test]
fn the_worst_band_is_named_and_every_band_read() {
    let mut bench = open();
    assert!(bench.says("no stereo signal yet"));
    bench.hear(&[
        (Shown::CorrelationHigh, -0.31),
        (Shown::CorrelationLowestHigh, -0.9),
        (Shown::CorrelationLowestHighAt, 12.0),
        (Shown::FoldHigh, -4.2),
        (Shown::FoldProgrammeHigh, -3.6),
        (Shown::FoldProgrammeMid, -0.4),
        (Shown::FoldProgrammeLow, 0.0),
        (Shown::Width, 0.42),
        (Shown::Balance, -0.64),
    ]);
    assert!(bench.says("High band loses 3.6 dB in mono"));
    assert!(bench.says("in mono") && bench.says("so far"));
    assert!(bench.says("Width 0.42") && bench.says("Balance 0.6 dB L"));
    assert_eq!(
        bench.value_of("High band in mono"),
        "\u{2212}4.2 dB now, \u{2212}3.6 dB so far, correlation \u{2212}0.31, lowest \u{2212}0.90 at 0:12"
    );
    bench.hear(&[(Shown::FoldProgrammeHigh, -0.7)]);
    assert!(bench.says("within 1 dB in mono"));
    bench.hear(&[(Shown::Channels, 1.0)]);
    assert!(bench.says("mono: nothing to fold"));
}

#[test]
fn every_level_meter_reads_against_its_own_reference() {
    let mut bench = open();
    bench.hear(&[
        (Shown::PeakLeft, -6.2),
        (Shown::VuLeft, 1.3),
        (Shown::PpmLeft, -18.0),
        (Shown::RmsLeft, -12.5),
        (Shown::SamplePeakLeft, -0.1),
        (Shown::SamplePeakRight, -0.1),
    ]);
    for (option, name, value) in [
        (0, "Peak L", "\u{2212}6.2 dBFS"),
        (1, "VU L", "+1.3 VU"),
        (2, "PPM L", "\u{2212}9.0 dB"),
        (3, "RMS L", "\u{2212}0.5 K-12"),
        (4, "RMS L", "+1.5 K-14"),
        (5, "RMS L", "+7.5 K-20"),
    ] {
        bench.choices.set(choice::LEVELS, option);
        bench.steps(2);
        assert_eq!(bench.value_of(name), value);
    }
    assert!(bench.says("not clipped"));
    bench.hear(&[(Shown::SamplePeakRight, 0.0)]);
    assert!(bench.says("clipped: R"));
    bench.hear(&[(Shown::Channels, 1.0), (Shown::SamplePeakLeft, 0.0)]);
    assert!(bench.says("clipped"));
    assert!(bench.harness.query_by_label("RMS R").is_none());
    assert_eq!(bench.gestures(), 0, "looking changes nothing that is heard");
}

#[test]
fn the_spectrum_finds_a_tone_in_its_band_and_on_its_line() {
    let mut bench = open();
    assert_eq!(bench.value_of("Spectrum of the mix"), "silent");
    let tone = sine(1000.0, -12.0);
    play(&mut bench, Point::Input, 3.0, |s| [tone(s); 2]);
    let said = bench.value_of("Spectrum of the mix");
    assert!(said.starts_with("most at 1 kHz band") && said.ends_with("\u{2212}12.0 dB"), "{said}");
    bench.choices.set(choice::SPECTRUM, 1);
    play(&mut bench, Point::Input, 3.0, |s| [tone(s); 2]);
    let said = bench.value_of("Spectrum of the mix");
    let heard: f32 = said
        .strip_prefix("most at ")
        .and_then(|rest| rest.split_once(' '))
        .and_then(|(hz, _)| hz.parse().ok())
        .expect(&said);
    assert!((heard - 1.0).abs() < 0.04 || (heard - 1000.0).abs() < 40.0, "{said}");
    assert!(said.ends_with("\u{2212}12.0 dB"), "{said}");
}

#[test]
fn the_difference_needs_a_key() {
    let mut bench = open();
    assert!(bench.says("no key connected"));
    bench.click(bench.centre("Difference"), NONE);
    assert_eq!(bench.choices.get(choice::DIFFERENCE), 0);
    bench.hear(&[(Shown::KeyFed, 1.0)]);
    assert!(bench.says("reference") && !bench.says("no key connected"));
    bench.steps(40);
    bench.click(bench.centre("Difference"), NONE);
    bench.steps(2);
    assert_eq!(bench.choices.get(choice::DIFFERENCE), 1);
    assert!(bench.says("mix \u{2212} reference, dB") && bench.says("reference"));
    // Without the key it shows the mix alone, and comes back with it.
    bench.hear(&[(Shown::KeyFed, 0.0)]);
    assert!(bench.says("no key connected"));
    assert_eq!(bench.choices.get(choice::DIFFERENCE), 1);
}

#[test]
fn what_was_heard_fades_and_nothing_is_drawn_in_silence() {
    for kind in [0, 1] {
        let mut bench = open();
        bench.choices.set(choice::SPECTRUM, kind);
        bench.steps(2);
        let mut random = Random::new(3);
        play(&mut bench, Point::Input, 1.0, |_| {
            [0.0; 2].map(|_: f32| 0.3 * random.bipolar() as f32)
        });
        assert!(bench.harness.ctx.has_requested_repaint(), "it moves");
        let rests = |bench: &Bench| !bench.harness.ctx.has_requested_repaint();
        let frame = (0..60 * 20).find(|_| {
            bench.steps(1);
            rests(&bench)
        });
        let frame = frame.expect("it never rests");
        bench.steps(60);
        assert!(rests(&bench), "it moved again after {frame} frames");
    }
}

#[test]
fn a_pointer_on_the_spectrum_is_told_what_lies_there() {
    let mut bench = open();
    let place = bench.harness.get_by_label("Spectrum of the mix").rect();
    bench.harness.event(egui::Event::PointerMoved(place.center()));
    bench.steps(3);
    assert!(bench.hint().contains("Peak hold"), "{}", bench.hint());
    bench.harness.event(egui::Event::PointerMoved(place.min - vec2(60.0, 60.0)));
    bench.steps(3);
    assert!(!bench.hint().contains("A click on the spectrum"), "{}", bench.hint());
}

#[test]
fn nothing_lies_on_anything_at_any_size() {
    for scale in [0.75, 1.0, 2.0, 3.0] {
        let mut bench = open_at(scale);
        bench.choices.set(choice::LAYOUT, 1);
        for channels in [2.0, 1.0] {
            // The longest of everything.
            let mut all: Vec<(Shown, f32)> = vec![
                (Shown::Channels, channels),
                (Shown::Correlation, -0.55),
                (Shown::CorrelationLowest, -0.55),
                (Shown::CorrelationLowestAt, 7.0 * 3600.0 + 59.0 * 60.0 + 59.0),
                (Shown::FoldProgrammeHigh, -55.5),
                (Shown::Fold, -55.5),
                (Shown::FoldHigh, -55.5),
                (Shown::Width, 1.88),
                (Shown::Balance, -58.8),
                (Shown::KeyFed, 1.0),
                (Shown::SamplePeakLeft, 10.1),
                (Shown::SamplePeakRight, 10.1),
            ];
            for level in [
                Shown::TruePeakHeldLeft,
                Shown::TruePeakHeldRight,
                Shown::PeakHeldLeft,
                Shown::PeakHeldRight,
                Shown::PeakLeft,
                Shown::RmsLeft,
                Shown::CrestLeft,
                Shown::CrestRight,
            ] {
                all.push((level, -88.8));
            }
            bench.hear(&all);
            for (levels, difference) in [(0, 0), (5, 1)] {
                bench.choices.set(choice::LEVELS, levels);
                bench.choices.set(choice::DIFFERENCE, difference);
                bench.steps(2);
                bench.check_places(scale, "the pictures", |_| false, |_| false);
            }
        }
    }
}
