//! Match in the header, tooltips, drags to the point, Tab through everything, legible when small.

use super::*;
use egui::Rect;

fn value(bench: &Bench, label: &str) -> String {
    bench.harness.get_by_label(label).accesskit_node().value().unwrap_or_default()
}

#[test]
fn match_shows_the_gain_it_holds_while_it_is_on() {
    let mut bench = Bench::new();
    bench.facts.set_match(Some(-3.24));
    bench.steps(1);
    assert_eq!(value(&bench, "Match"), "Match");
    let before = bench.harness.get_by_label("Match").rect();
    bench.click(bench.centre("Match"), NONE);
    bench.steps(1);
    assert!(bench.host.params.matched.value());
    assert_eq!(value(&bench, "Match"), "Match \u{2212}3.2 dB");
    assert_eq!(bench.harness.get_by_label("Match").rect(), before, "nothing moves");
    bench.facts.set_match(Some(2.0));
    bench.steps(1);
    assert_eq!(value(&bench, "Match"), "Match +2.0 dB");
    bench.facts.set_match(None);
    bench.steps(1);
    assert_eq!(value(&bench, "Match"), "Match");
}

#[test]
fn a_monitor_with_nothing_to_do_says_why_and_does_nothing() {
    let mut bench = Bench::new();
    bench.click(bench.centre("Mode: Sample"), NONE);
    bench.told();
    bench.click(bench.centre("Match"), NONE);
    assert_eq!(bench.told(), []);
    assert_eq!(bench.hint(), "Not while samples count.");
    // One that is on can be switched off.
    bench.click(bench.centre("Mode: Strict"), NONE);
    bench.click(bench.centre("Match"), NONE);
    bench.click(bench.centre("Mode: Sample"), NONE);
    assert!(bench.host.params.matched.value());
    bench.steps(60);
    bench.click(bench.centre("Match"), NONE);
    assert!(!bench.host.params.matched.value());
}

#[test]
fn a_drag_counts_from_where_it_began_to_where_it_ends() {
    let mut bench = Bench::new();
    let at = bench.centre("Gain");
    bench.press(at, true, NONE);
    // Straight up: what egui needs to call it a drag is not lost.
    for step in 1..=10u8 {
        bench.harness.event(Event::PointerMoved(pos2(at.x, at.y - 5.0 * f32::from(step))));
        bench.steps(1);
    }
    // The last movement comes with the release.
    bench.press(pos2(at.x, at.y - 55.0), false, NONE);
    assert!((bench.gain() - 12.0).abs() < 0.026, "{}", bench.gain());
    assert_eq!(bench.gestures(), 1);
}

/// Where the tooltip of what is below the pointer lies.
fn tooltip_over(bench: &mut Bench, label: &str) -> Rect {
    bench.harness.event(Event::PointerMoved(bench.centre(label)));
    bench.steps(90);
    let text = bench.hint();
    // The hint in the footer has its text as a value; the tooltip is a label.
    bench.harness.get_by_label(&text).rect()
}

#[test]
fn a_tooltip_covers_neither_the_control_nor_its_value() {
    let mut bench = Bench::new();
    let tooltip = tooltip_over(&mut bench, "Gain");
    for label in ["Gain", "Gain value"] {
        let part = bench.harness.get_by_label(label).rect();
        assert!(!tooltip.intersects(part), "{tooltip} over {label} at {part}");
    }
}

/// All that Tab reaches, in order, once round.
fn tabbed(bench: &mut Bench, modifiers: Modifiers) -> Vec<String> {
    let focused = |bench: &Bench| {
        let found = bench.harness.root().children_recursive().find(egui_kittest::Node::is_focused);
        found.and_then(|node| node.accesskit_node().label())
    };
    let mut order: Vec<String> = Vec::new();
    for _ in 0..40 {
        bench.key(Key::Tab, modifiers);
        let Some(label) = focused(bench) else { continue };
        if order.first() == Some(&label) {
            return order;
        }
        order.push(label);
    }
    panic!("Tab does not come round: {order:?}");
}

#[test]
fn tab_reaches_every_control_and_shift_tab_the_same_way_back() {
    let mut bench = Bench::new();
    // Undo, redo and copy take part once they have something to do.
    bench.wheel("Gain", 1.0, NONE);
    bench.click(bench.centre("A/B"), NONE);
    bench.wheel("Gain", 1.0, NONE);
    bench.wheel("Release", 1.0, NONE);
    bench.key(Key::Z, COMMAND);
    let order = tabbed(&mut bench, NONE);
    let expected = [
        "Previous preset",
        "Preset",
        "Next preset",
        "A/B",
        "B \u{2192} A",
        "Undo",
        "Redo",
        "Match",
        "Delta",
        "Bypass",
        "Gain",
        "Release",
        "Mode",
    ];
    let start = order.iter().position(|label| label == expected[0]).expect("it is among them");
    let turned: Vec<&str> =
        order[start..].iter().chain(&order[..start]).map(String::as_str).collect();
    assert_eq!(turned, expected);
    let mut back = tabbed(&mut bench, SHIFT);
    back.reverse();
    let start = back.iter().position(|label| label == expected[0]).expect("it is among them");
    let turned: Vec<&str> =
        back[start..].iter().chain(&back[..start]).map(String::as_str).collect();
    assert_eq!(turned, expected);
}

#[test]
fn nothing_in_the_header_overlaps_at_any_scale() {
    for scale in [0.75, 1.0, 1.5, 3.0] {
        let bench = Bench::at_scale(scale);
        let labels = [
            "Hands",
            "Previous preset",
            "Preset",
            "Next preset",
            "A/B",
            "A \u{2192} B",
            "Undo",
            "Redo",
            "Match",
            "Delta",
            "Bypass",
        ];
        let rects = labels.map(|label| bench.harness.get_by_label(label).rect());
        let window = Rect::from_min_size(Pos2::ZERO, Vec2::from(Hands::PAGE) * scale);
        for (i, rect) in rects.iter().enumerate() {
            assert!(window.contains_rect(*rect), "{} leaves the window at {scale}", labels[i]);
            for other in &rects[i + 1..] {
                let both = rect.intersect(*other);
                assert!(!(both.width() > 0.5 && both.height() > 0.5), "{} at {scale}", labels[i]);
            }
        }
        let preset = bench.harness.get_by_label("Preset").rect();
        assert!(preset.width() > 100.0 * scale, "room for a name: {preset} at {scale}");
    }
}
