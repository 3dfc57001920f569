//! The real page on the bench: what hands do, and what the parameters make of it.

use super::*;
use crate::dsp::READINGS;
use crate::set_level::{BALANCE_WARNING, TRIM_WARNING};
use crate::version::{Role, Version};
use egui::{Event, Key, vec2};
use egui_kittest::kittest::Queryable as _;
use support::editor::bench::{Bench, COMMAND, NONE, SHIFT};

fn bench() -> Bench<StemTrim> {
    Bench::open("Stem Trim", &[], READINGS, 1.0)
}

fn show(bench: &mut Bench<StemTrim>, values: &[(Shown, f32)]) {
    for (reading, value) in values {
        bench.readings.set(*reading as usize, *value);
    }
    bench.steps(2);
}

fn gain_db(bench: &Bench<StemTrim>) -> f32 {
    bench.host.params.trim.gain.value()
}

fn has(bench: &Bench<StemTrim>, label: &str) -> bool {
    bench.harness.query_by_label(label).is_some()
}

#[test]
fn the_gain_is_dragged_finely_dragged_turned_and_reset() {
    let mut bench = bench();
    let at = bench.centre("Gain");
    bench.drag("Gain", 62.0, NONE);
    let coarse = gain_db(&bench);
    // 248 points are 48 dB.
    assert!((coarse - 12.0).abs() < 0.11, "{coarse}");
    bench.drag("Gain", 62.0, SHIFT);
    assert!((gain_db(&bench) - coarse - 1.2).abs() < 0.11, "{}", gain_db(&bench));
    bench.wheel("Gain", -2.0, NONE);
    assert!((gain_db(&bench) - coarse - 0.2).abs() < 0.11, "{}", gain_db(&bench));
    assert_eq!(bench.gestures(), 3);
    bench.steps(40);
    bench.click(at, NONE);
    bench.click(at, NONE);
    assert_eq!(gain_db(&bench), 0.0);
}

#[test]
fn the_gain_is_typed_well_and_badly() {
    let mut bench = bench();
    bench.click(bench.centre("Gain value"), NONE);
    bench.steps(2);
    bench.type_over("\u{2212}2,5");
    bench.key(Key::Enter, NONE);
    assert!((gain_db(&bench) + 2.5).abs() < 1e-3, "{}", gain_db(&bench));
    bench.click(bench.centre("Gain value"), NONE);
    bench.steps(2);
    bench.type_over("a bit");
    bench.key(Key::Enter, NONE);
    assert!((gain_db(&bench) + 2.5).abs() < 1e-3);
    assert!(bench.hint().contains("is no value of Gain"), "{}", bench.hint());
}

#[test]
fn beyond_three_decibels_it_says_so() {
    let mut bench = bench();
    assert!(has(&bench, "within a trim's \u{b1}3 dB") && !has(&bench, TRIM_WARNING));
    bench.wheel("Gain", 7.0, NONE);
    assert!(!has(&bench, "within a trim's \u{b1}3 dB") && has(&bench, TRIM_WARNING));
    bench.wheel("Gain", -1.0, NONE);
    assert!(
        has(&bench, "within a trim's \u{b1}3 dB"),
        "3 dB are still within: {}",
        gain_db(&bench)
    );
}

const MEASURED: &[(Shown, f32)] = &[
    (Shown::VuLeft, -21.0),
    (Shown::VuRight, -24.0),
    (Shown::PeakMaximum, -4.0),
    (Shown::Integrated, -26.5),
];

#[test]
fn set_level_is_one_step_that_undo_takes_back() {
    for (target, expected_db) in
        [("0 VU", 3.0), ("Peak \u{2212}6 dBFS", -2.0), ("\u{2212}23 LUFS", 3.5)]
    {
        let mut bench = bench();
        bench.click(bench.centre(target), NONE);
        assert_eq!(gain_db(&bench), 0.0, "nothing has been measured yet");
        show(&mut bench, MEASURED);
        bench.steps(40);
        bench.click(bench.centre(target), NONE);
        assert!((gain_db(&bench) - expected_db).abs() < 1e-3, "{target}: {}", gain_db(&bench));
        assert_eq!(bench.gestures(), 1);
        bench.key(Key::Z, COMMAND);
        assert_eq!(gain_db(&bench), 0.0);
    }
    assert!(has(&bench(), BALANCE_WARNING), "the warning is on the page");
}

#[test]
fn the_vu_reference_moves_the_needle_and_set_level_but_no_parameter() {
    let mut bench = bench();
    show(&mut bench, MEASURED);
    assert_eq!(bench.value_of("VU L"), "\u{2212}3.0 VU");
    bench.click(bench.centre("VU reference: more"), NONE);
    bench.wheel("VU reference", 3.0, NONE);
    assert_eq!(vu_view::reference_dbfs(&bench.choices), -14);
    assert_eq!(bench.value_of("VU L"), "\u{2212}7.0 VU");
    assert_eq!(bench.gestures(), 0);
    bench.wheel("VU reference", 9.0, NONE);
    assert_eq!(vu_view::reference_dbfs(&bench.choices), -12);
    bench.click(bench.centre("0 VU"), NONE);
    assert!((gain_db(&bench) - 9.0).abs() < 1e-3, "{}", gain_db(&bench));
}

#[test]
fn needles_and_bars_show_the_same() {
    let mut bench = bench();
    show(&mut bench, MEASURED);
    bench.click(bench.centre("Bars"), NONE);
    bench.steps(2);
    assert!(vu_view::bars(&bench.choices));
    assert_eq!(bench.value_of("VU R"), "\u{2212}6.0 VU");
    bench.click(bench.centre("Needle"), NONE);
    bench.steps(2);
    assert!(!vu_view::bars(&bench.choices));
    assert_eq!(bench.value_of("VU R"), "\u{2212}6.0 VU");
}

#[test]
fn one_channel_has_one_needle() {
    let mut bench = bench();
    show(&mut bench, &[(Shown::Channels, 1.0), (Shown::VuLeft, -18.0)]);
    assert_eq!(bench.value_of("VU"), "0.0 VU");
    assert!(!has(&bench, "VU R"));
}

#[test]
fn the_lamp_is_lit_when_the_processor_says_so() {
    let mut bench = bench();
    assert!(has(&bench, "not bit-exact"), "nothing is known yet");
    show(&mut bench, &[(Shown::BitExact, 1.0)]);
    assert!(has(&bench, "bit-exact") && !has(&bench, "not bit-exact"));
    show(&mut bench, &[(Shown::BitExact, 0.0)]);
    assert!(has(&bench, "not bit-exact"));
}

#[test]
fn measurements_start_over_one_by_one() {
    let mut bench = bench();
    let [loudness, peaks, correlation] = Part::ALL.map(Part::group);
    for (label, part) in [
        ("Reset", loudness),
        ("Reset peaks", peaks),
        ("True peak", peaks),
        ("Sample peak", peaks),
        ("Correlation", correlation),
    ] {
        bench.steps(40);
        bench.click(bench.centre(label), NONE);
        assert_eq!(bench.restarted(), part, "{label}");
    }
}

#[test]
fn the_corner_is_dragged_from_off_and_back() {
    let mut bench = bench();
    let corner = |bench: &Bench<StemTrim>| bench.host.params.settings().high_pass_hz;
    assert_eq!(corner(&bench), None);
    let from = bench.centre("High-Pass corner");
    bench.drag_by(from, vec2(110.0, 0.0), NONE);
    let hz = corner(&bench).expect("on");
    assert!((hz - hz.round()).abs() < 1e-3, "{hz}");
    let moved = bench.centre("High-Pass corner") - from;
    assert!((moved.x - 110.0).abs() < 1.0, "it stays under the pointer: {moved:?}, {hz} Hz");
    assert_eq!(bench.gestures(), 1);
    bench.drag_by(bench.centre("High-Pass corner"), vec2(-200.0, 0.0), NONE);
    assert_eq!(corner(&bench), None, "dragged to its end it is off");
    bench.key(Key::Z, COMMAND);
    assert_eq!(corner(&bench), Some(hz));
}

#[test]
fn the_keyboard_alone_works_the_page() {
    let mut bench = bench();
    bench.tab_to("Gain");
    bench.key(Key::ArrowUp, NONE);
    assert!((gain_db(&bench) - 0.5).abs() < 1e-4);
    bench.key(Key::Enter, NONE);
    bench.type_over("1.25");
    bench.key(Key::Enter, NONE);
    assert!((gain_db(&bench) - 1.25).abs() < 1e-3);
    let params = bench.host.params.clone();
    bench.tab_to("Role");
    bench.key(Key::ArrowUp, NONE);
    assert_eq!(params.print.role.value(), Role::Other, "there is none after the last");
    bench.key(Key::PageDown, NONE);
    assert_eq!(params.print.role.value(), Role::Guitars);
    bench.tab_to("Version");
    bench.key(Key::ArrowRight, NONE);
    assert_eq!(params.print.version.value(), Version::Instrumental);
    bench.tab_to("Channels");
    bench.key(Key::End, NONE);
    assert_eq!(bench.value_of("Channels"), "Side");
    bench.tab_to("Polarity L");
    bench.key(Key::Space, NONE);
    assert!(params.routing.polarity_left.value());
    for (label, id) in [("Balance", "balance"), ("Width", "width")] {
        bench.tab_to(label);
        bench.key(Key::ArrowDown, NONE);
        let told = bench.told();
        assert!(told.iter().any(|told| format!("{told:?}").contains(id)), "{label}: {told:?}");
    }
    bench.tab_to("High-Pass corner");
    bench.key(Key::ArrowRight, NONE);
    let hz = params.settings().high_pass_hz.expect("on");
    assert!((hz - 14.0).abs() < 1e-3, "{hz}");
    bench.tab_to("High-Pass Slope");
    bench.key(Key::ArrowRight, NONE);
    assert_eq!(bench.value_of("High-Pass Slope"), "24 dB/oct");
    bench.tab_to("Delay");
    bench.key(Key::ArrowUp, NONE);
    assert!((params.trim.delay.value() - 0.1).abs() < 1e-4);
    bench.tab_to("Vocal Step");
    bench.key(Key::Enter, NONE);
    bench.type_over("1.5 dB");
    bench.key(Key::Enter, NONE);
    assert!((params.print.vocal_step.value() - 1.5).abs() < 1e-4);
    bench.tab_to("VU reference");
    bench.key(Key::ArrowDown, NONE);
    assert_eq!(vu_view::reference_dbfs(&bench.choices), -19);
}

#[test]
fn the_delay_is_typed_in_samples() {
    let mut bench = bench();
    bench.host.params.sample_rate.set_hz(48_000.0);
    bench.click(bench.centre("Delay"), NONE);
    bench.steps(2);
    bench.type_over("48 samples");
    bench.key(Key::Enter, NONE);
    assert!((bench.host.params.trim.delay.value() - 1.0).abs() < 1e-4);
    assert_eq!(bench.value_of("Delay"), "1.000 ms (48.00 samples)");
}

#[test]
fn a_field_is_dragged_turned_and_reset() {
    let mut bench = bench();
    let delay = |bench: &Bench<StemTrim>| bench.host.params.trim.delay.value();
    bench.drag("Delay", 22.0, NONE);
    assert!((delay(&bench) - 10.0).abs() < 0.1, "{}", delay(&bench));
    bench.wheel("Delay", 1.0, NONE);
    assert!((delay(&bench) - 10.1).abs() < 0.1, "{}", delay(&bench));
    assert_eq!(bench.gestures(), 2);
    bench.steps(40);
    let at = bench.centre("Delay");
    bench.click(at, NONE);
    bench.click(at, NONE);
    bench.steps(2);
    assert_eq!(delay(&bench), 0.0);
    assert!(!has(&bench, "Delay typed"));
}

#[test]
fn the_strip_says_what_a_version_does_to_the_stem() {
    let mut bench = bench();
    assert!(has(&bench, "Main: Other is neither muted nor moved"));
    bench.tab_to("Role");
    bench.key(Key::Home, NONE);
    bench.click(bench.centre("Version: A Cappella"), NONE);
    bench.steps(2);
    assert!(has(&bench, "A Cappella: Drums is muted"));
}

#[test]
fn everything_keeps_its_place_at_every_scale() {
    for scale in [0.75, 1.0, 2.0] {
        let bench: Bench<StemTrim> = Bench::open("Stem Trim", &[], READINGS, scale);
        let page = Rect::from_min_size(
            egui::Pos2::ZERO,
            egui::Vec2::from(<StemTrim as Face>::PAGE) * scale,
        );
        for label in ["Gain", "VU L", "VU R", "Correlation", "Vocal Step", "Width value"] {
            let place = bench.harness.get_by_label(label).rect();
            assert!(page.contains_rect(place), "{label} at {scale}: {place:?}");
        }
    }
}

#[test]
fn what_the_pointer_is_over_is_explained() {
    let mut bench = bench();
    bench.harness.event(Event::PointerMoved(bench.centre("Width")));
    bench.steps(2);
    assert!(bench.hint().starts_with("Gain of the side signal: 0 % is mono."), "{}", bench.hint());
}

#[test]
fn set_level_says_what_gain_it_would_set() {
    let mut bench = bench();
    bench.wheel("Gain", -1.0, NONE);
    show(&mut bench, MEASURED);
    // What was measured had the gain in it: what is missing is added to that.
    for gain in ["+2.5 dB", "\u{2212}2.5 dB", "+3.0 dB"] {
        assert!(has(&bench, gain), "{gain}");
    }
}

#[test]
fn headroom_is_judged_in_words_too() {
    let mut bench = bench();
    for (true_peak, name, room) in [
        (-6.0, "Headroom", "6.0 dB"),
        (-0.6, "Headroom: low", "0.6 dB"),
        (0.3, "Headroom: over", "\u{2212}0.3 dB"),
    ] {
        show(&mut bench, &[(Shown::TruePeakMaximum, true_peak)]);
        assert_eq!(bench.value_of(name), room);
    }
}
