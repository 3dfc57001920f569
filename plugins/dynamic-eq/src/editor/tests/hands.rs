//! What hands do to nodes, meter, menu and list.

use super::*;
use egui::Key;

/// The width and the height of the plot in points at 100 %, from where two nodes are.
fn spans(bench: &Bench) -> Vec2 {
    let (one, two) = (bench.centre("Band 1"), bench.centre("Band 2"));
    let decades = (2000.0f32 / 300.0).log10();
    // Band 1 is 2 dB below band 2; a decade is a third of the plot, 24 dB are its height.
    vec2((two.x - one.x) / decades * 3.0, (one.y - two.y) * 12.0)
}

#[test]
fn a_node_is_dragged_in_one_gesture_and_one_step_of_undo() {
    let mut bench = open();
    let (at, spans) = (bench.centre("Band 2"), spans(&bench));
    bench.drag_by(at, vec2(spans.x / 12.0, -spans.y / 4.0), NONE);
    let hz = 2000.0 * 10f32.powf(0.25);
    assert!(near(bench.plain("frequency_2") / hz, 1.0, 0.02), "{}", bench.plain("frequency_2"));
    assert!(near(bench.plain("gain_2"), 6.0, 0.2), "{}", bench.plain("gain_2"));
    assert_eq!(bench.plain("range_2"), -4.0);
    assert_eq!(bench.gestures(), 1);
    // It is in hand now.
    assert!(bench.says("Band 2 Gain"));
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("frequency_2"), 2000.0, 0.5) && bench.plain("gain_2") == 0.0);
    assert!((bench.centre("Band 2") - at).length() < 0.5);
}

#[test]
fn a_node_beyond_the_scale_is_not_pulled_onto_it() {
    let mut bench = open();
    bench.put(&[("gain_2", "20")]);
    bench.drag_by(bench.centre("Band 2"), vec2(40.0, 0.0), NONE);
    assert!(near(bench.plain("gain_2"), 20.0, 0.05), "{}", bench.plain("gain_2"));
    assert!(bench.plain("frequency_2") > 2100.0);
}

#[test]
fn wheel_and_alt_drag_move_q_and_range() {
    let mut bench = open();
    let q = bench.plain("q_2");
    bench.wheel("Band 2", 3.0, NONE);
    assert!(bench.plain("q_2") > q);
    let spans = spans(&bench);
    bench.drag_by(bench.centre("Band 2"), vec2(0.0, spans.y / 12.0), ALT);
    assert!(near(bench.plain("range_2"), -6.0, 0.2), "{}", bench.plain("range_2"));
    assert_eq!(bench.plain("gain_2"), 0.0);
    assert_eq!(bench.gestures(), 2);
}

#[test]
fn the_arm_of_the_range_is_dragged_and_its_end_stays_under_the_pointer() {
    let mut bench = open();
    bench.press_on("Band 2 controls");
    let (end, node, spans) =
        (bench.centre("Band 2 range arm"), bench.centre("Band 2"), spans(&bench));
    assert!(
        near(end.y - node.y, spans.y / 6.0, 1.0),
        "4 dB below: {} of {}",
        end.y - node.y,
        spans.y
    );
    bench.drag_by(end, vec2(0.0, -spans.y / 3.0), NONE);
    assert!(near(bench.plain("range_2"), 4.0, 0.2), "{}", bench.plain("range_2"));
    assert!(near(bench.centre("Band 2 range arm").y, end.y - spans.y / 3.0, 3.0));
    assert_eq!(bench.gestures(), 1);
}

#[test]
fn a_double_click_adds_the_first_free_band_as_a_bell_there() {
    let mut bench = open();
    bench.put(&[("type_3", "Notch"), ("q_3", "9")]);
    let (one, spans) = (bench.centre("Band 1"), spans(&bench));
    let at = one + vec2(spans.x / 6.0, -spans.y / 3.0);
    bench.click(at, NONE);
    bench.click(at, NONE);
    bench.steps(3);
    assert!(bench.host.params.bands[2].on.value());
    assert!(bench.host.params.bands[2].band_type.value() == Type::Bell);
    let hz = 300.0 * 10f32.sqrt();
    assert!(near(bench.plain("frequency_3") / hz, 1.0, 0.02), "{}", bench.plain("frequency_3"));
    assert!(near(bench.plain("gain_3"), 6.0, 0.15), "{}", bench.plain("gain_3"));
    assert!(near(bench.plain("q_3"), 0.707, 0.01), "a new band, not the old one");
    assert_eq!(bench.gestures(), 1);
    assert!(bench.says("Band 3 Gain"), "it is in hand");
    bench.key(Key::Z, COMMAND);
    assert!(!bench.host.params.bands[2].on.value());
    assert!(bench.host.params.bands[2].band_type.value() == Type::Notch);
}

#[test]
fn when_all_are_in_use_it_says_so() {
    let mut bench = open();
    let all: Vec<String> = (1..=8).map(|n| format!("on_{n}")).collect();
    bench.put(&all.iter().map(|id| (id.as_str(), "On")).collect::<Vec<_>>());
    let at = bench.centre("Band 1") + vec2(30.0, -100.0);
    bench.click(at, NONE);
    bench.click(at, NONE);
    bench.steps(2);
    assert!(bench.hint().starts_with("All eight bands are in use"), "{}", bench.hint());
    assert_eq!(bench.gestures(), 0);
}

#[test]
fn several_nodes_move_together() {
    let mut bench = open();
    bench.click(bench.centre("Band 1"), NONE);
    bench.wait();
    bench.harness.event(Event::ModifiersChanged(SHIFT));
    bench.click(bench.centre("Band 2"), SHIFT);
    bench.harness.event(Event::ModifiersChanged(NONE));
    bench.wait();
    let up = spans(&bench).y / 8.0;
    bench.drag_by(bench.centre("Band 1"), vec2(0.0, -up), NONE);
    let (one, two) = (bench.plain("gain_1"), bench.plain("gain_2"));
    assert!(near(one, 1.0, 0.2) && near(two, one + 2.0, 0.11), "{one} {two}");
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    assert_eq!((bench.plain("gain_1"), bench.plain("gain_2")), (-2.0, 0.0));
}

#[test]
fn values_are_typed_in_their_units_and_nonsense_is_refused() {
    let mut bench = open();
    bench.press_on("Band 2 controls");
    for (label, text, id, expected) in [
        ("Band 2 Frequency value", "2.5k", "frequency_2", 2500.0),
        ("Band 2 Gain value", "\u{2212}1,5", "gain_2", -1.5),
        ("Band 2 Q value", "1.2", "q_2", 1.2),
        ("Band 2 Range value", "-3 dB", "range_2", -3.0),
        ("Band 2 Threshold value", "-24", "threshold_2", -24.0),
        ("Band 2 Ratio value", "3:1", "ratio_2", 3.0),
        ("Band 2 Knee value", "12", "knee_2", 12.0),
        ("Band 2 Attack value", "20 ms", "attack_2", 20.0),
        ("Band 2 Hold value", "0.05 s", "hold_2", 50.0),
        ("Band 2 Release value", "0.3 s", "release_2", 300.0),
        ("Scale value", "150", "scale", 150.0),
        ("Mix value", "80 %", "mix", 80.0),
        ("Output value", "+2", "output", 2.0),
    ] {
        bench.type_into(label, text);
        assert!(near(bench.plain(id) / expected, 1.0, 1e-3), "{label}: {}", bench.plain(id));
    }
    assert_eq!(bench.gestures(), 13);
    bench.type_into("Band 2 Range value", "deep");
    assert!(
        bench.hint().contains("\u{201c}deep\u{201d} is no value of Band 2 Range"),
        "{}",
        bench.hint()
    );
    assert!(near(bench.plain("range_2"), -3.0, 1e-4));
    assert_eq!(bench.gestures(), 0);
}

#[test]
fn the_threshold_is_dragged_on_the_meter_and_stays_under_the_pointer() {
    let mut bench = open();
    bench.press_on("Band 2 controls");
    let (line, well) =
        (bench.centre("Band 2 threshold line"), bench.harness.get_by_label("Key level").rect());
    // 80 dB from foot to top: −30 lies five eighths up.
    assert!(near((well.bottom() - line.y) / well.height(), 0.625, 0.01));
    bench.drag_by(line, vec2(0.0, -well.height() / 8.0), NONE);
    assert!(near(bench.plain("threshold_2"), -20.0, 0.3), "{}", bench.plain("threshold_2"));
    let moved = bench.centre("Band 2 threshold line");
    assert!(near(moved.y, line.y - well.height() / 8.0, 1.5));
    assert_eq!(bench.gestures(), 1);
    bench.wheel("Band 2 threshold line", -1.0, NONE);
    assert!(near(bench.plain("threshold_2"), -21.0, 0.3), "{}", bench.plain("threshold_2"));
}

#[test]
fn a_number_takes_a_band_in_hand_and_a_double_click_switches_it() {
    let mut bench = open();
    bench.press_on("Band 5 controls");
    assert!(bench.says("Band 5 Gain") && !bench.says("Band 1 Gain"));
    assert_eq!(bench.value_of("Band 5 controls"), "off, 0.0 dB");
    bench.wait();
    let at = bench.centre("Band 5 controls");
    bench.click(at, NONE);
    bench.click(at, NONE);
    bench.steps(2);
    assert!(bench.host.params.bands[4].on.value());
    bench.hear(&[(shown::MOVE + 1, -2.6)]);
    assert_eq!(bench.value_of("Band 2 controls"), "on, \u{2212}2.6 dB");
}

#[test]
fn the_menu_of_a_node_changes_what_it_is() {
    let mut bench = open();
    for (entry, check) in [
        ("Type: High Shelf", ("type_2", Type::HighShelf as i32 as f32)),
        ("Placement: Side", ("placement_2", 4.0)),
        ("Moved by: Internal", ("key_2", 0.0)),
        ("Switch off", ("on_2", 0.0)),
    ] {
        bench.right_click(bench.centre("Band 2"));
        bench.press_on(entry);
        let (id, value) = check;
        assert_eq!(bench.plain(id), value, "{entry}");
        assert_eq!(bench.gestures(), 1, "{entry}");
        assert!(!bench.says(entry), "the menu is closed");
    }
}

#[test]
fn a_band_is_copied_pasted_reset_and_removed() {
    let mut bench = open();
    bench.right_click(bench.centre("Band 2"));
    bench.press_on("Copy");
    bench.right_click(bench.centre("Band 1"));
    bench.press_on("Paste");
    assert!(
        near(bench.plain("range_1"), -4.0, 1e-3) && near(bench.plain("frequency_1"), 2000.0, 0.5)
    );
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("frequency_1"), 300.0, 0.1));
    bench.gestures();
    bench.right_click(bench.centre("Band 2"));
    bench.press_on("Reset");
    assert!(bench.plain("range_2") == 0.0 && bench.plain("on_2") == 1.0);
    bench.right_click(bench.centre("Band 2"));
    bench.press_on("Remove");
    assert_eq!(bench.plain("on_2"), 0.0);
    assert_eq!(bench.gestures(), 2);
}

#[test]
fn the_menu_of_several_nodes_changes_them_all() {
    let mut bench = open();
    bench.click(bench.centre("Band 1"), NONE);
    bench.wait();
    bench.harness.event(Event::ModifiersChanged(SHIFT));
    bench.click(bench.centre("Band 2"), SHIFT);
    bench.harness.event(Event::ModifiersChanged(NONE));
    bench.right_click(bench.centre("Band 2"));
    bench.press_on("Placement: Mid");
    assert_eq!((bench.plain("placement_1"), bench.plain("placement_2")), (3.0, 3.0));
    assert_eq!(bench.gestures(), 1);
}

#[test]
fn the_menu_beside_all_adds_what_is_chosen_there() {
    let mut bench = open();
    let at = bench.centre("Band 1") + vec2(-60.0, -80.0);
    bench.right_click(at);
    bench.press_on("Add Low Cut");
    assert!(bench.host.params.bands[2].band_type.value() == Type::LowCut);
    assert!(bench.host.params.bands[2].on.value());
    assert!(bench.plain("frequency_3") < 300.0);
    assert_eq!(bench.gestures(), 1);
}

#[test]
fn solo_is_one_band_and_no_step_of_undo() {
    let mut bench = open();
    bench.press_on("Band 2 controls");
    bench.press_on("Solo");
    assert_eq!(bench.host.params.band_solo.value().index(), Some(1));
    bench.press_on("Band 1 controls");
    bench.press_on("Solo");
    assert_eq!(bench.host.params.band_solo.value().index(), Some(0));
    bench.press_on("Solo");
    assert_eq!(bench.host.params.band_solo.value().index(), None);
    bench.key(Key::Z, COMMAND);
    assert_eq!(bench.plain("gain_1"), -2.0);
    assert!(!bench.says("Band Solo"), "no switch in the header for what has nine states");
}

#[test]
fn the_list_has_every_band_and_its_values_are_typed_and_dragged() {
    let mut bench = open();
    bench.press_on("List");
    for at in 1..=8 {
        for what in
            ["On", "Type", "Frequency", "Gain", "Q", "Placement", "Range", "Threshold", "Key"]
        {
            assert!(bench.says(&format!("Band {at} {what}")), "{at} {what}");
        }
    }
    bench.type_into("Band 7 Frequency", "9 kHz");
    assert!(near(bench.plain("frequency_7"), 9000.0, 2.0), "{}", bench.plain("frequency_7"));
    bench.wait();
    bench.drag("Band 7 Gain", 55.0, NONE);
    assert!(near(bench.plain("gain_7"), 12.0, 0.2), "{}", bench.plain("gain_7"));
    bench.press_on("Band 7 On");
    assert!(bench.host.params.bands[6].on.value());
    bench.hear(&[(shown::MOVE + 1, -3.1)]);
    assert!(bench.says("\u{2212}3.1 dB"));
    bench.press_on("Band 4 Type");
    bench.press_on("High Cut");
    assert!(bench.says("Band 4 Slope") && !bench.says("Band 4 Gain"), "a cut has a slope, no gain");
    assert!(bench.says("Band 4 Range: a High Cut has none."));
    bench.press_on("Band");
    assert!(bench.says("Band 1 Ratio"));
}

#[test]
fn the_keyboard_alone_does_it() {
    let mut bench = open();
    bench.tab_to("Band 2");
    assert!(bench.says("Band 2 Gain"), "the node that has the keyboard is in hand");
    bench.key(Key::ArrowUp, NONE);
    bench.key(Key::ArrowUp, SHIFT);
    assert!(near(bench.plain("gain_2"), 0.6, 1e-3), "{}", bench.plain("gain_2"));
    bench.key(Key::ArrowRight, NONE);
    assert!(bench.plain("frequency_2") > 2000.0);
    bench.key(Key::ArrowDown, ALT);
    assert!(near(bench.plain("range_2"), -4.5, 1e-3), "{}", bench.plain("range_2"));
    bench.key(Key::Enter, NONE);
    bench.type_over("-3");
    bench.key(Key::Enter, NONE);
    assert!(near(bench.plain("gain_2"), -3.0, 1e-3), "{}", bench.plain("gain_2"));
    bench.tab_to("Band 4 controls");
    bench.key(Key::Enter, NONE);
    assert!(bench.says("Band 4 Gain"));
    bench.tab_to("Band 4 On");
    bench.key(Key::Space, NONE);
    assert!(bench.host.params.bands[3].on.value());
    bench.tab_to("Band 4 Threshold");
    bench.key(Key::ArrowDown, NONE);
    assert!(near(bench.plain("threshold_4"), -31.0, 1e-3));
    bench.tab_to("Band 4 Key");
    bench.key(Key::ArrowRight, NONE);
    assert_eq!(bench.plain("key_4"), 1.0);
    bench.tab_to("Lookahead");
    bench.key(Key::Space, NONE);
    assert!(bench.host.params.dynamics.lookahead.value());
    bench.gestures();
}
