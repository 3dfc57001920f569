//! What hands do: buttons, targets, and the history.

use super::*;
use crate::dsp::ALL;

#[test]
fn the_measurement_is_held_and_started_over() {
    let mut bench = open();
    bench.hear(A_MIX);
    assert!(bench.says("measured 2:00"));
    bench.press_on("Pause");
    assert!(bench.readings.is_paused(ALL));
    bench.hear(&[(Shown::Waits, 1.0)]);
    assert!(bench.says("on hold at 2:00"));
    bench.press_on("Pause");
    assert!(!bench.readings.is_paused(ALL));
    bench.press_on("Reset");
    assert_eq!(bench.restarted(), ALL);
    assert_eq!(bench.gestures(), 0, "nothing that is heard changes");
}

#[test]
fn ones_own_target_is_typed_beside_it() {
    let mut bench = open();
    assert!(!bench.says("Own Loudness"));
    bench.put(&[("target", "Own")]);
    for (label, text, id, wanted) in [
        ("Own Loudness", "\u{2212}11,5", "own-loudness", -11.5),
        ("Own Tolerance", "0.5 LU", "own-tolerance", 0.5),
        ("Own Ceiling", "-0.3 dBTP", "own-ceiling", -0.3),
    ] {
        bench.press_on(label);
        bench.type_over(text);
        bench.key(Key::Enter, NONE);
        assert!(near(bench.plain(id), wanted, 1e-3), "{label}: {}", bench.plain(id));
    }
    assert_eq!(bench.gestures(), 3);
    bench.hear(A_MIX);
    assert!(bench.says("\u{2212}11.5 \u{b1}0.5 LUFS"));
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("own-ceiling"), -1.0, 1e-3));
}

#[test]
fn a_stretch_of_the_history_is_dragged_zoomed_and_left() {
    let mut bench = open();
    bench.measure(120.0, steady);
    let place = bench.harness.get_by_label(OVER_TIME).rect();
    let shown = |bench: &Bench| bench.value_of(OVER_TIME);
    assert_eq!(shown(&bench), "0:00 to 2:00");
    let from = place.left_center() + vec2(0.25 * place.width(), 0.0);
    bench.drag_by(from, vec2(0.25 * place.width(), 0.0), NONE);
    assert_eq!(shown(&bench), "0:30 to 1:00");
    bench.drag_by(place.center(), vec2(0.25 * place.width(), 0.0), SHIFT);
    assert_ne!(shown(&bench), "0:30 to 1:00");
    bench.press_on("1 min");
    assert_eq!(shown(&bench), "1:00 to 2:00");
    bench.wheel(OVER_TIME, 2.0, NONE);
    bench.steps(20);
    assert_ne!(shown(&bench), "1:00 to 2:00");
    bench.press_on("All");
    assert_eq!(shown(&bench), "0:00 to 2:00");
    // What was looked at is gone once the measurement starts over.
    bench.press_on("Reset");
    bench.host.params.history.restart();
    bench.steps(2);
    assert_eq!(shown(&bench), "0:00 to 0:10");
    assert_eq!(bench.gestures(), 0);
}

#[test]
fn the_layout_follows_the_window_or_is_chosen() {
    let mut bench = open();
    assert!(bench.says("Correlation and mono fold"));
    let mut small = open_at(0.8);
    assert!(!small.says("Correlation and mono fold") && small.says("Verdict"));
    small.choices.set(view::choice::LAYOUT, 1);
    small.steps(2);
    assert!(small.says("Correlation and mono fold"));
    bench.choices.set(view::choice::LAYOUT, 2);
    bench.steps(2);
    assert!(!bench.says("Correlation and mono fold"));
}

#[test]
fn the_scale_and_the_window_are_chosen_where_they_matter() {
    let mut bench = open();
    bench.measure(30.0, steady);
    assert!(bench.says("LUFS"));
    bench.wheel("Loudness scale", -1.0, NONE);
    assert_eq!(bench.choices.get(view::choice::SCALE), 1);
    assert_eq!(bench.value_of("Loudness scale"), "EBU +9");
    assert_eq!(bench.gestures(), 0);
    bench.press_on("Correlation Window");
    bench.type_over("1 s");
    bench.key(Key::Enter, NONE);
    assert!(near(bench.plain("correlation-window"), 1000.0, 1e-2));
    assert_eq!(bench.gestures(), 1);
}
