//! What hands do: knobs, fields, the curve, Set for me, and what goes with Ratio.

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
    assert_eq!(ids.len(), 18);
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
        ("Threshold value", "\u{2212}18,5", "threshold", -18.5),
        ("Ratio value", "3:1", "ratio", 3.0),
        ("Knee value", "9 dB", "knee", 9.0),
        ("Attack value", "0.012 s", "attack", 12.0),
        ("Release value", "220", "release", 220.0),
        ("Hold value", "25 ms", "hold", 25.0),
        ("Range value", "8", "range", 8.0),
        ("Makeup value", "+2.5 dB", "makeup", 2.5),
        ("Mix value", "65 %", "mix", 65.0),
        ("RMS Time", "20", "rms-time", 20.0),
        ("Link", "70", "link", 70.0),
        ("Lookahead Time", "3 ms", "lookahead-time", 3.0),
        ("Key High-Pass", "95", "key-high-pass", 95.0),
        ("Key Low-Pass", "7k", "key-low-pass", 7000.0),
        ("Key Tilt", "-3", "key-tilt", -3.0),
        ("Key Bell Frequency", "2.5 kHz", "key-bell-frequency", 2500.0),
        ("Key Bell Gain", "-6", "key-bell-gain", -6.0),
        ("Key Bell Q", "1.5", "key-bell-q", 1.5),
    ];
    for (label, text, id, wanted) in typed {
        bench.type_into(label, text);
        assert!(near(bench.plain(id) / wanted, 1.0, 1e-3), "{label}: {}", bench.plain(id));
    }
    assert_eq!(bench.gestures(), typed.len());
    bench.type_into("Ratio value", "much");
    assert!(bench.hint().contains("\u{201c}much\u{201d} is no value of Ratio"), "{}", bench.hint());
    assert!(bench.gestures() == 0 && near(bench.plain("ratio"), 3.0, 1e-5));
}

#[test]
fn switches_and_choices_are_pressed() {
    let mut bench = open();
    for (label, id, wanted) in [
        ("Auto Release", "auto-release", 1.0),
        ("Auto Makeup", "auto-makeup", 1.0),
        ("Lookahead", "lookahead", 1.0),
        ("Character: Bus", "character", 2.0),
        ("Detector: Peak", "detector", 0.0),
        ("Stereo Mode: M/S", "stereo-mode", 1.0),
        ("Key: External", "key", 1.0),
    ] {
        bench.press_on(label);
        assert_eq!(bench.plain(id), wanted, "{label}");
        assert_eq!(bench.gestures(), 1, "{label}");
    }
    assert!(bench.says("every sample") && !bench.says("RMS Time"));
}

#[test]
fn the_threshold_is_dragged_on_the_curve_and_stays_under_the_pointer() {
    let mut bench = open();
    bench.put(&[("threshold", "-30")]);
    let line = bench.centre("Threshold line");
    let plot = bench.harness.get_by_label("Level on curve").rect();
    // 60 dB from side to side.
    assert!(near((line.x - plot.left()) / plot.width(), 0.5, 0.01));
    bench.drag_by(line, vec2(plot.width() / 6.0, 0.0), NONE);
    assert!(near(bench.plain("threshold"), -20.0, 0.3), "{}", bench.plain("threshold"));
    assert!(near(bench.centre("Threshold line").x, line.x + plot.width() / 6.0, 1.5));
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("threshold"), -30.0, 1e-3));
    bench.wheel("Threshold line", -2.0, NONE);
    assert!(near(bench.plain("threshold"), -32.0, 1e-3), "{}", bench.plain("threshold"));
    // Up and down is not its way.
    let at = bench.centre("Threshold line");
    bench.drag_by(at, vec2(0.0, 40.0), NONE);
    assert!(near(bench.plain("threshold"), -32.0, 0.11), "{}", bench.plain("threshold"));
}

#[test]
fn the_filters_of_the_key_are_dragged_on_their_curve() {
    let mut bench = open();
    let bell = bench.centre("Key bell node");
    bench.drag_by(bell, vec2(20.0, -15.0), NONE);
    assert!(bench.plain("key-bell-frequency") > 1200.0 && bench.plain("key-bell-gain") > 3.0);
    assert_eq!(bench.gestures(), 1);
    for (node, id, by) in [
        ("Key high-pass node", "key-high-pass", 60.0),
        ("Key low-pass node", "key-low-pass", -60.0),
    ] {
        assert!(
            views(&*bench.host.params)
                .iter()
                .any(|v| v.id == id && v.text_of(v.normalized()) == "Off")
        );
        bench.steps(40);
        bench.drag_by(bench.centre(node), vec2(by, 0.0), NONE);
        let hz = bench.plain(id);
        assert!((30.0..15_000.0).contains(&hz), "{node}: {hz}");
    }
    assert_eq!(bench.gestures(), 2);
}

#[test]
fn the_keyboard_alone_does_it() {
    let mut bench = open();
    bench.tab_to("Threshold line");
    bench.key(Key::ArrowLeft, NONE);
    bench.key(Key::ArrowDown, SHIFT);
    assert!(near(bench.plain("threshold"), -1.1, 1e-3), "{}", bench.plain("threshold"));
    bench.tab_to("Bars");
    bench.key(Key::Enter, NONE);
    assert!(view::bars(&bench.choices));
    bench.tab_to("Set for me to");
    bench.key(Key::ArrowUp, NONE);
    assert_eq!(view::wanted_db(&bench.choices), 3);
    bench.tab_to("Set for me");
    bench.key(Key::Enter, NONE);
    assert!(bench.says("listening 10"));
    bench.tab_to("Ratio");
    bench.key(Key::Enter, NONE);
    bench.type_over("4");
    bench.key(Key::Enter, NONE);
    assert!(near(bench.plain("ratio"), 4.0, 1e-3));
    bench.tab_to("Hold reduction");
    bench.key(Key::Space, NONE);
    assert!(!view::holds(&bench.choices));
    bench.tab_to("Auto Release");
    bench.key(Key::Space, NONE);
    assert_eq!(bench.plain("auto-release"), 1.0);
    bench.tab_to("Character");
    bench.key(Key::End, NONE);
    assert_eq!(bench.plain("character"), 2.0);
    bench.tab_to("Link");
    bench.key(Key::ArrowDown, NONE);
    assert!(near(bench.plain("link"), 95.0, 1e-3));
    bench.tab_to("Key");
    bench.key(Key::ArrowRight, NONE);
    assert_eq!(bench.plain("key"), 1.0);
    bench.tab_to("Key Tilt");
    bench.key(Key::ArrowUp, NONE);
    assert!(near(bench.plain("key-tilt"), 0.5, 1e-3));
    bench.gestures();
}

#[test]
fn set_for_me_finds_the_threshold_in_one_gesture_that_is_undone() {
    let mut bench = open();
    bench.put(&[("ratio", "4"), ("threshold", "-3")]);
    // What was heard before it was pressed does not count.
    bench.play(-50.0, 4.0);
    bench.press_on("Set for me");
    assert!(bench.says("listening 10"));
    bench.play(-16.0, 4.0);
    assert!(bench.says("listening 6"));
    assert_eq!(bench.gestures(), 0);
    bench.play(-16.0, 6.0);
    assert!(bench.says("Set for me"), "ten seconds are over");
    assert_eq!(bench.gestures(), 1);
    // 2 dB at 4:1 are two and two thirds over, and a knee of 6 dB is left by then only just not.
    let found = bench.plain("threshold");
    assert!((-19.5..-18.0).contains(&found), "{found}");
    assert!(near(average_db(&bench, -16.0), 2.0, 0.02), "{}", average_db(&bench, -16.0));
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("threshold"), -3.0, 1e-3));
}

#[test]
fn set_for_me_aims_at_what_is_asked_and_ends_at_a_second_press() {
    let mut bench = open();
    bench.put(&[("ratio", "4")]);
    bench.press_on("Set for me to: more");
    bench.press_on("Set for me to: more");
    assert_eq!(view::wanted_db(&bench.choices), 4);
    bench.press_on("Set for me");
    bench.play(-20.0, 2.0);
    bench.press_on("listening 8");
    assert!(near(average_db(&bench, -20.0), 4.0, 0.02), "{}", average_db(&bench, -20.0));
    assert_eq!(bench.gestures(), 1);
}

#[test]
fn set_for_me_says_why_nothing_or_less_was_set() {
    let mut bench = open();
    bench.press_on("Set for me");
    bench.press_on("listening 10");
    assert_eq!(bench.hint(), "Nothing set: no key was heard.");
    bench.press_on("Set for me");
    bench.play(-120.0, 10.0);
    assert_eq!(bench.hint(), "Nothing set: no key was heard.");
    assert_eq!((bench.gestures(), bench.plain("threshold")), (0, 0.0));
    // A ratio that cannot take off so much.
    bench.put(&[("ratio", "1.02")]);
    bench.press_on("Set for me");
    bench.play(-20.0, 10.0);
    assert_eq!(bench.plain("threshold"), -60.0);
    assert!(
        bench.hint().starts_with("Threshold ends here: it takes off 0.8 dB on average, not 2."),
        "{}",
        bench.hint()
    );
}

/// A page with a key of −16 dBFS that loses 3.9 dB.
fn compressing() -> Bench {
    let mut bench = open();
    bench.put(&[("threshold", "-24"), ("ratio", "2")]);
    bench.play(-16.0, 10.0);
    bench
}

#[test]
fn ratio_holds_the_average_reduction_by_the_threshold_in_one_gesture() {
    let mut bench = compressing();
    let before = average_db(&bench, -16.0);
    assert!(near(before, 4.0, 0.1), "{before}");
    bench.drag("Ratio", 40.0, NONE);
    let (ratio, threshold) = (bench.plain("ratio"), bench.plain("threshold"));
    assert!(ratio > 2.5 && threshold > -23.0, "{ratio}, {threshold}");
    assert!(near(average_db(&bench, -16.0), before, 0.02), "{}", average_db(&bench, -16.0));
    assert_eq!(bench.gestures(), 1, "one gesture for both");
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("ratio"), 2.0, 1e-4) && near(bench.plain("threshold"), -24.0, 1e-4));
    bench.gestures();
    // Typed, turned and reset it is the same.
    bench.type_into("Ratio value", "8");
    assert!(near(average_db(&bench, -16.0), before, 0.02));
    assert_eq!(bench.gestures(), 1);
    bench.wheel("Ratio", -3.0, NONE);
    assert!(bench.plain("ratio") < 8.0);
    assert!(near(average_db(&bench, -16.0), before, 0.03));
    // A drag that comes back leaves both as they were.
    bench.put(&[("threshold", "-24"), ("ratio", "2")]);
    bench.steps(60);
    bench.drag_by(bench.centre("Ratio"), vec2(0.0, -30.0), NONE);
    assert!(bench.plain("threshold") > -23.5);
}

#[test]
fn without_hold_without_a_key_or_off_the_threshold_stays() {
    let mut bench = compressing();
    bench.press_on("Hold reduction");
    bench.drag("Ratio", 40.0, NONE);
    assert!(bench.plain("ratio") > 2.5 && bench.plain("threshold") == -24.0);
    bench.press_on("Hold reduction");
    bench.put(&[("threshold", "0")]);
    bench.drag("Ratio", 20.0, NONE);
    assert_eq!(bench.plain("threshold"), 0.0);
    // Nothing was heard yet.
    let mut bench = open();
    bench.put(&[("threshold", "-24")]);
    bench.drag("Ratio", 20.0, NONE);
    assert!(bench.plain("ratio") > 2.0 && bench.plain("threshold") == -24.0);
}

#[test]
fn average_and_maximum_start_over_together_or_alone() {
    use crate::meters::group;
    let mut bench = open();
    bench.hear(&[(Shown::ReductionAverage, 2.13), (Shown::ReductionMaximum, 6.0)]);
    assert_eq!(bench.value_of("Average"), "\u{2212}2.1 dB");
    assert_eq!(bench.value_of("Maximum"), "\u{2212}6.0 dB");
    for (label, groups) in [
        ("Average", group::AVERAGE),
        ("Maximum", group::MAXIMUM),
        ("Reset", group::AVERAGE | group::MAXIMUM),
    ] {
        bench.press_on(label);
        assert_eq!(bench.restarted(), groups, "{label}");
    }
}

#[test]
fn ratio_stops_where_it_is_set_most() {
    let mut bench = open();
    bench.put(&[("ratio", "2")]);
    for (key, ratio) in [
        (Key::ArrowUp, 3.0),
        (Key::ArrowUp, 4.0),
        (Key::ArrowUp, 10.0),
        (Key::ArrowUp, 20.0),
        (Key::ArrowDown, 10.0),
    ] {
        bench.tab_to("Ratio");
        bench.key(key, NONE);
        assert!(near(bench.plain("ratio"), ratio, 1e-3), "{}", bench.plain("ratio"));
    }
    bench.put(&[("ratio", "2.5")]);
    bench.wheel("Ratio", -2.0, NONE);
    assert!(near(bench.plain("ratio"), 1.5, 1e-3), "{}", bench.plain("ratio"));
    // A fine step goes between them, and so does what is typed.
    bench.wheel("Ratio", 1.0, SHIFT);
    assert!(bench.plain("ratio") > 1.5 && bench.plain("ratio") < 1.6, "{}", bench.plain("ratio"));
    bench.type_into("Ratio value", "1.9");
    assert!(near(bench.plain("ratio"), 1.9, 1e-3), "{}", bench.plain("ratio"));
}
