//! What hands do, and what the parameters and the host make of it.

use super::*;

#[test]
fn a_drag_is_one_gesture_and_ten_times_finer_with_shift() {
    let mut bench = Bench::new();
    bench.drag("Gain", 55.0, NONE);
    let coarse = bench.gain();
    assert!((coarse - 12.0).abs() < 0.11, "{coarse}");
    assert_eq!(bench.gestures(), 1);
    bench.drag("Gain", 55.0, SHIFT);
    let fine = bench.gain() - coarse;
    assert!((fine - 1.2).abs() < 0.11, "{fine}");
    assert_eq!(bench.gestures(), 1);
    let grid = bench.gain() / 0.05;
    assert!((grid - grid.round()).abs() < 1e-3, "{} is off the grid", bench.gain());
}

#[test]
fn a_drag_is_as_long_at_any_scale() {
    let mut bench = Bench::at_scale(2.0);
    bench.drag("Gain", 110.0, NONE);
    assert!((bench.gain() - 12.0).abs() < 0.11, "{}", bench.gain());
}

#[test]
fn the_wheel_steps_and_makes_one_step_of_undo() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 1.0, NONE);
    bench.wheel("Gain", 2.0, NONE);
    assert!((bench.gain() - 1.5).abs() < 1e-4, "{}", bench.gain());
    bench.wheel("Gain", -1.0, SHIFT);
    assert!((bench.gain() - 1.45).abs() < 1e-4, "{}", bench.gain());
    assert_eq!(bench.gestures(), 3);
    bench.key(Key::Z, COMMAND);
    assert_eq!(bench.gain(), 0.0);
}

#[test]
fn no_step_is_lost_on_a_slow_host() {
    let mut bench = Bench::new();
    bench.host.is_slow.store(true, std::sync::atomic::Ordering::Relaxed);
    bench.wheel("Gain", 1.0, NONE);
    bench.wheel("Gain", 1.0, NONE);
    let told = bench.told();
    let set: Vec<f32> =
        told.iter().filter_map(|t| if let Told::Set(_, v) = t { Some(*v) } else { None }).collect();
    let expected = [0.5, 1.0].map(|db| (db + 24.0) / 48.0);
    assert_eq!(set.len(), 2);
    assert!(set.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{set:?}");
    let shown = bench.harness.get_by_label("Gain").accesskit_node().value();
    assert_eq!(shown.as_deref(), Some("1.00 dB"));
}

#[test]
fn a_double_click_resets_and_moves_nothing_on_the_way() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 6.0, NONE);
    bench.told();
    let at = bench.centre("Gain");
    bench.click(at, NONE);
    assert!((bench.gain() - 3.0).abs() < 1e-4, "the first click moved it");
    assert_eq!(bench.told(), []);
    bench.click(at, NONE);
    assert_eq!(bench.gain(), 0.0);
    assert!(bench.host.told.lock().expect("one thread").iter().all(|told| match told {
        Told::Set(_, value) => *value == 0.5,
        _ => true,
    }));
    assert_eq!(bench.gestures(), 1);
}

#[test]
fn a_ctrl_click_resets() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 6.0, NONE);
    let at = bench.centre("Gain");
    bench.harness.event(Event::ModifiersChanged(COMMAND));
    bench.click(at, COMMAND);
    assert_eq!(bench.gain(), 0.0);
    assert_eq!(bench.gestures(), 2);
}

#[test]
fn a_value_is_typed_in_any_of_its_units() {
    let mut bench = Bench::new();
    for (knob, text, expected) in [("Gain", "-14", -14.0), ("Gain", "\u{2212}3,5 dB", -3.5)] {
        bench.click(bench.centre(&format!("{knob} value")), NONE);
        bench.steps(2);
        bench.type_over(text);
        bench.key(Key::Enter, NONE);
        assert!((bench.gain() - expected).abs() < 1e-3, "{text}: {}", bench.gain());
    }
    bench.click(bench.centre("Release value"), NONE);
    bench.steps(2);
    bench.type_over("0.03 s");
    bench.key(Key::Enter, NONE);
    assert!((bench.host.params.release.value() - 30.0).abs() < 1e-2);
    assert_eq!(bench.gestures(), 3);
}

#[test]
fn a_typed_value_beyond_the_range_ends_there() {
    let mut bench = Bench::new();
    bench.click(bench.centre("Gain value"), NONE);
    bench.steps(2);
    bench.type_over("900");
    bench.key(Key::Enter, NONE);
    assert_eq!(bench.gain(), 24.0);
}

#[test]
fn bad_text_keeps_the_value_and_says_so() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 2.0, NONE);
    bench.told();
    bench.click(bench.centre("Gain value"), NONE);
    bench.steps(2);
    bench.type_over("loud");
    bench.key(Key::Enter, NONE);
    assert!((bench.gain() - 1.0).abs() < 1e-4);
    assert_eq!(bench.told(), []);
    assert!(bench.hint().contains("\u{201c}loud\u{201d} is no value of Gain"), "{}", bench.hint());
    // It stays open to be mended.
    bench.key(Key::A, COMMAND);
    bench.type_over("2");
    bench.key(Key::Enter, NONE);
    assert!((bench.gain() - 2.0).abs() < 1e-3, "{}", bench.gain());
}

#[test]
fn escape_drops_what_was_typed() {
    let mut bench = Bench::new();
    bench.click(bench.centre("Gain value"), NONE);
    bench.steps(2);
    bench.type_over("12");
    bench.key(Key::Escape, NONE);
    assert_eq!(bench.gain(), 0.0);
    assert_eq!(bench.told(), []);
    assert!(bench.harness.query_by_label("Gain typed").is_none());
}

#[test]
fn opening_a_value_and_leaving_it_is_no_edit() {
    let mut bench = Bench::new();
    bench.click(bench.centre("Release value"), NONE);
    bench.steps(2);
    bench.key(Key::Enter, NONE);
    assert_eq!(bench.told(), []);
}

#[test]
fn the_keyboard_alone_does_everything() {
    let mut bench = Bench::new();
    let focused = |bench: &Bench, label: &str| bench.harness.get_by_label(label).is_focused();
    let mut presses = 0;
    while !focused(&bench, "Gain") {
        bench.key(Key::Tab, NONE);
        presses += 1;
        assert!(presses < 20, "Tab never reaches the knob");
    }
    bench.key(Key::ArrowUp, NONE);
    assert!((bench.gain() - 0.5).abs() < 1e-4, "{}", bench.gain());
    bench.key(Key::ArrowDown, SHIFT);
    assert!((bench.gain() - 0.45).abs() < 1e-4, "{}", bench.gain());
    bench.key(Key::PageUp, NONE);
    assert!((bench.gain() - 5.45).abs() < 1e-3, "{}", bench.gain());
    bench.key(Key::End, NONE);
    assert_eq!(bench.gain(), 24.0);
    bench.key(Key::Home, NONE);
    assert_eq!(bench.gain(), -24.0);
    bench.key(Key::Delete, NONE);
    assert_eq!(bench.gain(), 0.0);
    bench.key(Key::Enter, NONE);
    bench.type_over("-6");
    bench.key(Key::Enter, NONE);
    assert!((bench.gain() + 6.0).abs() < 1e-3, "{}", bench.gain());
    presses = 0;
    while !focused(&bench, "Mode") {
        bench.key(Key::Tab, NONE);
        presses += 1;
        assert!(presses < 20, "Tab never reaches the choice");
    }
    bench.key(Key::ArrowRight, NONE);
    assert_eq!(bench.host.params.mode.value(), Mode::Strict);
    bench.key(Key::Tab, SHIFT);
    assert!(focused(&bench, "Release"), "Shift-Tab goes back");
    bench.gestures();
}

#[test]
fn a_choice_is_clicked() {
    let mut bench = Bench::new();
    bench.click(bench.centre("Mode: Sample"), NONE);
    assert_eq!(bench.host.params.mode.value(), Mode::Sample);
    assert_eq!(bench.gestures(), 1);
}

#[test]
fn undo_and_redo_by_button_and_by_key() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 4.0, NONE);
    bench.click(bench.centre("Mode: Strict"), NONE);
    bench.click(bench.centre("Undo"), NONE);
    assert_eq!(bench.host.params.mode.value(), Mode::Standard);
    bench.key(Key::Z, COMMAND);
    assert_eq!(bench.gain(), 0.0);
    bench.key(Key::Z, COMMAND | SHIFT);
    assert!((bench.gain() - 2.0).abs() < 1e-4);
    bench.steps(60);
    bench.click(bench.centre("Redo"), NONE);
    assert_eq!(bench.host.params.mode.value(), Mode::Strict);
    bench.gestures();
}

#[test]
fn a_and_b_are_compared_copied_and_undone() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 4.0, NONE);
    bench.click(bench.centre("A/B"), NONE);
    assert!((bench.gain() - 2.0).abs() < 1e-4, "an unused B begins as a copy of A");
    bench.wheel("Gain", 4.0, NONE);
    bench.steps(60);
    bench.click(bench.centre("A/B"), NONE);
    assert!((bench.gain() - 2.0).abs() < 1e-4, "A is as it was");
    bench.key(Key::Z, COMMAND);
    assert!((bench.gain() - 4.0).abs() < 1e-4, "undo goes back to B");
    bench.click(bench.centre("B \u{2192} A"), NONE);
    bench.steps(60);
    bench.click(bench.centre("A/B"), NONE);
    assert!((bench.gain() - 4.0).abs() < 1e-4, "A is now a copy of B");
    bench.gestures();
}

#[test]
fn monitors_and_bypass_stay_out_of_undo_and_a_b() {
    let mut bench = Bench::new();
    bench.click(bench.centre("Delta"), NONE);
    bench.click(bench.centre("Bypass"), NONE);
    assert!(bench.host.params.delta.value() && bench.host.params.bypass.value());
    bench.key(Key::Z, COMMAND);
    bench.click(bench.centre("A/B"), NONE);
    assert!(bench.host.params.delta.value() && bench.host.params.bypass.value());
    assert_eq!(bench.gestures(), 2);
}

#[test]
fn automation_is_shown_as_it_happens() {
    let mut bench = Bench::new();
    let gain = |bench: &Bench| {
        bench.harness.get_by_label("Gain").accesskit_node().value().unwrap_or_default()
    };
    assert_eq!(gain(&bench), "0.00 dB");
    views(&*bench.host.params)[0].set_detached(0.25);
    bench.steps(1);
    assert_eq!(gain(&bench), "\u{2212}12.00 dB");
}

#[test]
fn the_footer_says_what_the_pointer_is_over() {
    let mut bench = Bench::new();
    bench.harness.event(Event::PointerMoved(bench.centre("Gain")));
    bench.steps(2);
    assert_eq!(bench.hint(), "Gain. \u{2212}24.00 dB to 24.00 dB, default 0.00 dB.");
}
