//! What hands do: knobs, fields, the band on its spectrum, the threshold, and the row of four.

use super::*;

#[test]
fn every_continuous_parameter_is_dragged_in_one_gesture_and_undone() {
    let mut bench = open();
    bench.put(&[("lookahead", "On")]);
    let ids: Vec<(String, String)> = views(&*bench.host.params)
        .iter()
        .filter(|view| view.step_count().is_none())
        .map(|view| (view.id.clone(), view.name().to_owned()))
        .collect();
    assert_eq!(ids.len(), 8);
    for (id, name) in ids {
        let before = bench.plain(&id);
        let is_at_top =
            views(&*bench.host.params).iter().any(|view| view.id == id && view.normalized() > 0.6);
        bench.steps(40);
        bench.drag(&name, if is_at_top { -40.0 } else { 40.0 }, NONE);
        assert!(bench.plain(&id) != before, "{name} stands still");
        assert_eq!(bench.gestures(), 1, "{name}");
        bench.key(Key::Z, COMMAND);
        assert!(near(bench.plain(&id), before, before.abs() * 1e-5), "{name}");
        bench.gestures();
    }
}

#[test]
fn values_are_typed_in_their_units_and_nonsense_is_refused() {
    let mut bench = open();
    bench.put(&[("lookahead", "On")]);
    let typed = [
        ("Sensitivity value", "62,5 %", "sensitivity", 62.5),
        ("Range value", "8 dB", "range", 8.0),
        ("Attack value", "0.002 s", "attack", 2.0),
        ("Release value", "75", "release", 75.0),
        ("Low", "4.5k", "low", 4500.0),
        ("High", "11 kHz", "high", 11_000.0),
        ("Link", "70", "link", 70.0),
        ("Lookahead Time", "3 ms", "lookahead-time", 3.0),
    ];
    for (label, text, id, wanted) in typed {
        bench.type_into(label, text);
        assert!(near(bench.plain(id) / wanted, 1.0, 1e-3), "{label}: {}", bench.plain(id));
    }
    assert_eq!(bench.gestures(), typed.len());
    bench.type_into("Range value", "much");
    assert!(bench.hint().contains("\u{201c}much\u{201d} is no value of Range"), "{}", bench.hint());
    assert!(bench.gestures() == 0 && near(bench.plain("range"), 8.0, 1e-5));
}

#[test]
fn switches_and_choices_are_pressed() {
    let mut bench = open();
    for (label, id, wanted) in [
        ("Lookahead", "lookahead", 1.0),
        ("Detect: Absolute", "detect", 1.0),
        ("Stereo Mode: M/S", "stereo-mode", 1.0),
        ("Key: External", "key", 1.0),
        ("Mode: Shelf", "mode", 1.0),
        ("Mode: Wide", "mode", 2.0),
    ] {
        bench.press_on(label);
        assert_eq!(bench.plain(id), wanted, "{label}");
        assert_eq!(bench.gestures(), 1, "{label}");
    }
}

#[test]
fn split_stands_in_one_row_with_the_modes_and_each_is_one_gesture() {
    let mut bench = open();
    bench.press_on("Mode: Shelf");
    bench.press_on("Mode: Split");
    assert_eq!((bench.plain("split"), bench.plain("mode")), (1.0, 1.0));
    assert_eq!(bench.value_of("Mode"), "Split");
    assert!(bench.says("the band, in linear phase; adds 2 ms of latency"));
    assert_eq!(bench.gestures(), 2);
    // Both at once, and back with one step.
    bench.press_on("Mode: Wide");
    assert_eq!((bench.plain("split"), bench.plain("mode")), (0.0, 2.0));
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    assert_eq!((bench.plain("split"), bench.plain("mode")), (1.0, 1.0));
    bench.gestures();
    // What is chosen already moves nothing.
    bench.press_on("Mode: Split");
    assert_eq!(bench.gestures(), 0);
    bench.tab_to("Mode");
    bench.key(Key::ArrowLeft, NONE);
    assert_eq!(bench.value_of("Mode"), "Wide");
    bench.key(Key::Home, NONE);
    assert_eq!(bench.value_of("Mode"), "Bell");
    bench.key(Key::End, NONE);
    assert_eq!(bench.value_of("Mode"), "Split");
    bench.key(Key::ArrowRight, NONE);
    assert_eq!(bench.value_of("Mode"), "Split");
    bench.wheel("Mode", -2.0, NONE);
    assert_eq!(bench.value_of("Mode"), "Shelf");
    bench.press_on("Mode: Split");
    bench.key(Key::Delete, NONE);
    assert_eq!((bench.plain("split"), bench.plain("mode")), (0.0, 0.0));
    bench.put(&[("split", "On"), ("mode", "Wide")]);
    bench.steps(40);
    bench.harness.event(egui::Event::ModifiersChanged(COMMAND));
    bench.click(bench.centre("Mode: Shelf"), COMMAND);
    bench.harness.event(egui::Event::ModifiersChanged(NONE));
    bench.steps(2);
    assert_eq!((bench.plain("split"), bench.plain("mode")), (0.0, 0.0));
    bench.gestures();
}

#[test]
fn the_ends_of_the_band_stay_under_the_pointer() {
    let mut bench = open();
    for (end, id, by) in [("Band low end", "low", -60.0), ("Band high end", "high", 50.0)] {
        let (at, before) = (bench.centre(end), bench.plain(id));
        bench.steps(40);
        bench.drag_by(at, vec2(by, 0.0), NONE);
        assert!(near(bench.centre(end).x, at.x + by, 1.0), "{end} at {}", bench.centre(end).x);
        assert!(bench.plain(id) / before != 1.0);
        assert_eq!(bench.gestures(), 1, "{end}");
        bench.key(Key::Z, COMMAND);
        assert!(near(bench.plain(id) / before, 1.0, 1e-5));
        bench.gestures();
    }
    // Neither passes the other.
    bench.steps(40);
    bench.drag_by(bench.centre("Band low end"), vec2(400.0, 0.0), NONE);
    assert!(near(bench.plain("low"), 9000.0 / 1.25, 10.0), "{}", bench.plain("low"));
    bench.steps(40);
    bench.drag_by(bench.centre("Band high end"), vec2(-400.0, 0.0), NONE);
    assert!(near(bench.plain("high"), 9000.0, 10.0), "{}", bench.plain("high"));
}

#[test]
fn the_whole_band_is_dragged_and_keeps_its_width() {
    let mut bench = open();
    let at = bench.centre("Band");
    bench.drag_by(at, vec2(-50.0, 0.0), NONE);
    assert_eq!(bench.gestures(), 1, "one gesture for both");
    let ratio = bench.plain("high") / bench.plain("low");
    assert!(bench.plain("low") < 4500.0 && near(ratio, 1.8, 1e-3), "{ratio}");
    assert!(near(bench.centre("Band").x, at.x - 50.0, 1.0));
    // At the end of the range it stops, whole.
    bench.steps(40);
    bench.drag_by(bench.centre("Band"), vec2(-500.0, 0.0), NONE);
    assert!(near(bench.plain("low"), 2000.0, 0.1) && near(bench.plain("high"), 3600.0, 5.0));
    bench.key(Key::Z, COMMAND);
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("low"), 5000.0, 0.1) && near(bench.plain("high"), 9000.0, 0.1));
    bench.gestures();
    bench.wheel("Band", 12.0, NONE);
    assert!(near(bench.plain("high"), 16_000.0, 0.5), "{}", bench.plain("high"));
    bench.steps(40);
    let at = bench.centre("Band");
    bench.click(at, NONE);
    bench.click(at, NONE);
    bench.steps(2);
    assert!(near(bench.plain("low"), 5000.0, 0.1) && near(bench.plain("high"), 9000.0, 0.1));
}

#[test]
fn the_threshold_on_the_meter_is_the_sensitivity() {
    let mut bench = open();
    let (at, meter) =
        (bench.centre("Threshold line"), bench.harness.get_by_label("Sibilance").rect());
    // 60 dB from side to side, from -36 on; -12 in the middle of the range.
    assert!(near((at.x - meter.left()) / meter.width(), 24.0 / 60.0, 0.01));
    bench.drag_by(at, vec2(meter.width() / 10.0, 0.0), NONE);
    // 6 of 48 dB less sensitive.
    assert!(near(bench.plain("sensitivity"), 37.5, 0.5), "{}", bench.plain("sensitivity"));
    assert!(near(bench.centre("Threshold line").x, at.x + meter.width() / 10.0, 1.0));
    assert_eq!(bench.gestures(), 1);
    bench.put(&[("detect", "Absolute")]);
    assert!(!bench.says("Threshold line"));
}

#[test]
fn times_stop_where_they_are_set_most() {
    let mut bench = open();
    bench.tab_to("Attack");
    bench.key(Key::ArrowUp, NONE);
    assert!(near(bench.plain("attack"), 1.0, 1e-3), "{}", bench.plain("attack"));
    bench.tab_to("Release");
    bench.key(Key::ArrowUp, NONE);
    assert!(near(bench.plain("release"), 20.0, 1e-2), "{}", bench.plain("release"));
    bench.wheel("Release", 2.0, NONE);
    assert!(near(bench.plain("release"), 40.0, 1e-2), "{}", bench.plain("release"));
    // A fine step goes between them.
    bench.wheel("Release", 1.0, SHIFT);
    assert!(bench.plain("release") > 40.0 && bench.plain("release") < 42.0);
}

#[test]
fn the_keyboard_alone_does_it() {
    let mut bench = open();
    bench.tab_to("Band low end");
    bench.key(Key::ArrowLeft, NONE);
    assert!(bench.plain("low") < 4900.0, "{}", bench.plain("low"));
    bench.key(Key::Enter, NONE);
    bench.type_over("6k");
    bench.key(Key::Enter, NONE);
    assert!(near(bench.plain("low"), 6000.0, 0.1), "{}", bench.plain("low"));
    bench.tab_to("Band");
    bench.key(Key::ArrowRight, SHIFT);
    assert!(bench.plain("low") > 6010.0 && bench.plain("low") < 6060.0);
    bench.key(Key::Delete, NONE);
    assert!(near(bench.plain("low"), 5000.0, 0.1));
    bench.tab_to("Threshold line");
    bench.key(Key::ArrowUp, NONE);
    assert!(near(bench.plain("sensitivity"), 51.0, 1e-3));
    bench.tab_to("Range");
    bench.key(Key::ArrowUp, NONE);
    assert!(near(bench.plain("range"), 6.5, 1e-3));
    bench.tab_to("Lookahead");
    bench.key(Key::Space, NONE);
    assert_eq!(bench.plain("lookahead"), 1.0);
    bench.tab_to("Detect");
    bench.key(Key::End, NONE);
    assert_eq!(bench.plain("detect"), 1.0);
    bench.tab_to("Key");
    bench.key(Key::ArrowRight, NONE);
    assert_eq!(bench.plain("key"), 1.0);
    bench.gestures();
}

#[test]
fn the_largest_reduction_starts_over_at_a_click() {
    use crate::meters::group;
    let mut bench = open();
    bench.hear(&[(Shown::ReductionMaximum, 5.25)]);
    assert_eq!(bench.value_of("At most"), "\u{2212}5.2 dB");
    bench.press_on("At most");
    assert_eq!(bench.restarted(), group::MAXIMUM);
}
