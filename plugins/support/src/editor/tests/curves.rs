//! Nodes on a curve, a fader, a menu and a stepper, and what hands make of them.

use crate::editor::bench::{ALT, Bench, COMMAND, NONE, SHIFT};
use crate::editor::widgets::curve::{Axes, Node, nodes, plot, select};
use crate::editor::widgets::{Fader, Stepper, fader, menu, stepper, value};
use crate::editor::{About, Face, Stage, about, theme};
use crate::params;
use egui::{Event, Key, PointerButton, Pos2, Rect, pos2, vec2};
use nice_plug::prelude::{Enum, EnumParam, FloatParam, FloatRange, Params};
use std::sync::Mutex;

#[derive(Debug, PartialEq, Eq, Enum)]
enum Kind {
    #[id = "bell"]
    Bell,
    #[id = "shelf"]
    Shelf,
    #[id = "cut"]
    Cut,
}

#[derive(Params)]
struct Band {
    #[id = "frequency"]
    frequency: FloatParam,
    #[id = "gain"]
    gain: FloatParam,
    #[id = "range"]
    range: FloatParam,
    #[id = "q"]
    q: FloatParam,
}

impl Band {
    fn new(number: usize, hz: f32) -> Self {
        let span = FloatRange::Skewed { min: 20.0, max: 20_000.0, factor: 0.2 };
        Self {
            frequency: FloatParam::new(format!("Band {number} Frequency"), hz, span),
            gain: params::decibels(&format!("Band {number} Gain"), 0.0, -24.0, 24.0),
            range: params::decibels(&format!("Band {number} Range"), 0.0, -24.0, 24.0),
            q: params::percent(&format!("Band {number} Q"), 50.0, 0.0, 100.0),
        }
    }
}

#[derive(Params)]
struct Bands {
    #[nested(id_prefix = "1")]
    one: Band,
    #[nested(id_prefix = "2")]
    two: Band,
    #[id = "kind"]
    kind: EnumParam<Kind>,
    #[id = "output"]
    output: FloatParam,
    /// What the page saw: the nodes selected, the menu asked for, the place to add one, the number.
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    selected: Vec<usize>,
    menu: Option<(Option<usize>, Pos2)>,
    added: Option<[f32; 2]>,
    /// What the stepper stands at, and what the page selects at the next frame.
    number: i32,
    select: Option<Vec<usize>>,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            one: Band::new(1, 200.0),
            two: Band::new(2, 2000.0),
            kind: EnumParam::new("Kind", Kind::Bell),
            output: params::decibels("Output", 0.0, -24.0, 24.0),
            seen: Mutex::default(),
        }
    }
}

const PLOT: Rect = Rect { min: pos2(30.0, 80.0), max: pos2(630.0, 380.0) };
const STEPS: Stepper<'static> =
    Stepper { name: "Number", unit: "dB", what: "A number.", range: [-3, 3], default: 0 };

impl Face for Bands {
    type Params = Self;
    const PAGE: [f32; 2] = [900.0, 500.0];
    const ABOUT: &'static [About] = &[
        about("1_gain", "Gain.", 0.5, 0.1),
        about("2_gain", "Gain.", 0.5, 0.1),
        about("1_range", "Range.", 0.5, 0.1),
        about("output", "Output.", 0.5, 0.1),
    ];

    fn body(stage: &mut Stage<'_, '_, Self>, _body: Rect) {
        let look = stage.look;
        let mut seen = stage.params.seen.lock().expect("one thread");
        // The plot itself without its numbers, so that a decade is 200 points wide.
        let around = Rect::from_min_max(PLOT.min - vec2(30.0, 0.0), PLOT.max + vec2(0.0, 18.0));
        let plot = plot(stage.ui, look, around, Axes::audible(12.0, 6.0));
        let index = |id: &str| stage.desk.index(id);
        let band = |number: usize| Node {
            name: ["Band 1", "Band 2"][number],
            mark: ["1", "2"][number],
            frequency: index(["1_frequency", "2_frequency"][number]),
            gain: Some(index(["1_gain", "2_gain"][number])),
            rest_db: 0.0,
            alt: Some(index(["1_range", "2_range"][number])),
            wheel: Some(index(["1_q", "2_q"][number])),
            enter: Some(index(["1_gain", "2_gain"][number])),
            colour: theme::GAIN,
            on: true,
            hidden: false,
        };
        let bands = [band(0), band(1)];
        if let Some(wanted) = seen.select.take() {
            select(stage.ui, "bands", &wanted);
        }
        let hands = nodes(stage.ui, look, stage.desk, &plot, "bands", &bands);
        seen.selected = hands.selected;
        seen.menu = hands.menu.or(seen.menu);
        seen.added = hands.added.or(seen.added);
        let place = |left: f32, top: f32, width: f32, height: f32| {
            Rect::from_min_size(pos2(left, top), vec2(width, height))
        };
        let gain = stage.desk.index("1_gain");
        value(stage.ui, look, stage.desk, gain, place(30.0, 410.0, 120.0, 24.0));
        let output = stage.desk.index("output");
        let style =
            Fader { colour: theme::GAIN, from: 0.0, marks: &[-24.0, 0.0, 24.0], zone: None };
        fader(stage.ui, look, stage.desk, output, place(700.0, 80.0, 90.0, 320.0), &style);
        let kind = stage.desk.index("kind");
        menu(stage.ui, look, stage.desk, kind, place(200.0, 410.0, 120.0, 30.0));
        let steps = place(400.0, 410.0, 120.0, 30.0);
        seen.number = stepper(stage.ui, look, stage.desk, steps, &STEPS, seen.number);
    }
}

fn bench() -> Bench<Bands> {
    Bench::open("Bands", &[], &[], 1.0)
}

/// Frequency in Hz, gain and range in dB, Q in percent.
fn band(bench: &Bench<Bands>, number: usize) -> [f32; 4] {
    let params = &bench.host.params;
    let band = [&params.one, &params.two][number];
    [&band.frequency, &band.gain, &band.range, &band.q].map(FloatParam::value)
}

#[test]
fn a_drag_moves_frequency_and_gain_as_one_gesture_and_one_step_of_undo() {
    let mut bench = bench();
    let before = bench.centre("Band 1");
    bench.drag_by(before, vec2(200.0, -75.0), NONE);
    let [hz, gain_db, range_db, _] = band(&bench, 0);
    // A decade to the right and 6 dB up, less what went into being a drag.
    assert!((1700.0..=2001.0).contains(&hz) && (5.0..=6.01).contains(&gain_db), "{hz} {gain_db}");
    assert_eq!(range_db, 0.0);
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    let [hz, gain_db, ..] = band(&bench, 0);
    assert!((hz - 200.0).abs() < 0.01 && gain_db == 0.0, "{hz} {gain_db}");
    assert!((bench.centre("Band 1") - before).length() < 0.1);
    bench.key(Key::Z, COMMAND | SHIFT);
    assert!(band(&bench, 0)[1] > 5.0, "redo brings both back");
}

#[test]
fn with_shift_a_drag_is_ten_times_finer() {
    let mut bench = bench();
    bench.drag_by(bench.centre("Band 1"), vec2(0.0, -100.0), SHIFT);
    let gain_db = band(&bench, 0)[1];
    assert!((0.6..=0.81).contains(&gain_db), "{gain_db}");
}

#[test]
fn alt_drag_moves_the_third_parameter_alone() {
    let mut bench = bench();
    bench.drag_by(bench.centre("Band 1"), vec2(40.0, 100.0), ALT);
    let [hz, gain_db, range_db, _] = band(&bench, 0);
    assert!((hz - 200.0).abs() < 0.01 && gain_db == 0.0, "{hz} {gain_db}");
    assert!((-8.01..=-6.5).contains(&range_db), "{range_db}");
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    assert_eq!(band(&bench, 0)[2], 0.0);
}

#[test]
fn the_wheel_moves_the_fourth() {
    let mut bench = bench();
    bench.wheel("Band 2", 3.0, NONE);
    assert!((band(&bench, 1)[3] - 53.0).abs() < 1e-3, "{:?}", band(&bench, 1));
    bench.wheel("Band 2", -1.0, SHIFT);
    assert!((band(&bench, 1)[3] - 52.9).abs() < 1e-3, "{:?}", band(&bench, 1));
    bench.gestures();
}

#[test]
fn a_double_click_and_a_ctrl_click_reset_without_a_move_on_the_way() {
    for modifiers in [NONE, COMMAND] {
        let mut bench = bench();
        bench.drag_by(bench.centre("Band 1"), vec2(100.0, -60.0), NONE);
        bench.gestures();
        let moved = band(&bench, 0);
        let at = bench.centre("Band 1");
        bench.harness.event(Event::ModifiersChanged(modifiers));
        bench.steps(40);
        bench.click(at, modifiers);
        if modifiers == NONE {
            assert_eq!(band(&bench, 0), moved, "the first click moved it");
            bench.click(at, modifiers);
        }
        let [hz, gain_db, ..] = band(&bench, 0);
        assert!((hz - 200.0).abs() < 0.01 && gain_db == 0.0, "{hz} {gain_db}");
        assert_eq!(bench.gestures(), 1);
    }
}

#[test]
fn the_keyboard_moves_a_node() {
    let mut bench = bench();
    bench.tab_to("Band 1");
    bench.key(Key::ArrowUp, NONE);
    bench.key(Key::ArrowUp, SHIFT);
    assert!((band(&bench, 0)[1] - 0.6).abs() < 1e-3, "{:?}", band(&bench, 0));
    bench.key(Key::ArrowRight, NONE);
    assert!(band(&bench, 0)[0] > 205.0);
    bench.key(Key::ArrowUp, ALT);
    assert!((band(&bench, 0)[2] - 0.5).abs() < 1e-3, "{:?}", band(&bench, 0));
    assert!((band(&bench, 0)[1] - 0.6).abs() < 1e-3, "Alt leaves the gain alone");
    bench.key(Key::PageUp, NONE);
    assert!((band(&bench, 0)[3] - 51.0).abs() < 1e-3);
    bench.key(Key::Enter, NONE);
    bench.type_over("-4.5");
    bench.key(Key::Enter, NONE);
    assert!((band(&bench, 0)[1] + 4.5).abs() < 1e-3, "{:?}", band(&bench, 0));
    bench.tab_to("Band 1");
    bench.key(Key::Delete, NONE);
    assert_eq!(band(&bench, 0)[1], 0.0);
    bench.key(Key::Tab, NONE);
    assert!(bench.is_focused("Band 2"));
    bench.gestures();
}

#[test]
fn nodes_selected_move_together() {
    let mut bench = bench();
    bench.click(bench.centre("Band 1"), NONE);
    bench.steps(40);
    bench.harness.event(Event::ModifiersChanged(SHIFT));
    bench.click(bench.centre("Band 2"), SHIFT);
    bench.harness.event(Event::ModifiersChanged(NONE));
    bench.steps(40);
    assert_eq!(bench.host.params.seen.lock().expect("one thread").selected, [0, 1]);
    bench.drag_by(bench.centre("Band 2"), vec2(0.0, -50.0), NONE);
    let (one, two) = (band(&bench, 0)[1], band(&bench, 1)[1]);
    assert!(one > 3.0 && one == two, "{one} {two}");
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    assert_eq!((band(&bench, 0)[1], band(&bench, 1)[1]), (0.0, 0.0));
    bench.steps(40);
    bench.click(pos2(400.0, 350.0), NONE);
    assert!(bench.host.params.seen.lock().expect("one thread").selected.is_empty());
    bench.host.params.seen.lock().expect("one thread").select = Some(vec![1]);
    bench.steps(2);
    assert_eq!(bench.host.params.seen.lock().expect("one thread").selected, [1]);
}

#[test]
fn a_double_click_beside_adds_and_a_right_click_asks_for_a_menu() {
    let mut bench = bench();
    let at = pos2(PLOT.left() + 100.0, PLOT.top() + 75.0);
    bench.click(at, NONE);
    bench.click(at, NONE);
    let [hz, db] = bench.host.params.seen.lock().expect("one thread").added.expect("added");
    assert!((hz - 20.0 * 10f32.sqrt()).abs() < 0.1 && (db - 6.0).abs() < 0.01, "{hz} {db}");
    for (place, expected) in [(bench.centre("Band 2"), Some(1)), (at, None)] {
        for pressed in [true, false] {
            bench.harness.event(Event::PointerMoved(place));
            bench.harness.event(Event::PointerButton {
                pos: place,
                button: PointerButton::Secondary,
                pressed,
                modifiers: NONE,
            });
            bench.steps(1);
        }
        let menu = bench.host.params.seen.lock().expect("one thread").menu.expect("asked for");
        assert_eq!(menu, (expected, place));
    }
    assert_eq!(bench.gestures(), 0);
}

#[test]
fn a_node_says_what_hands_can_do() {
    let mut bench = bench();
    bench.harness.event(Event::PointerMoved(bench.centre("Band 1")));
    bench.steps(2);
    let hint = bench.hint();
    assert!(hint.starts_with("Band 1: 200, 0.00 dB. Drag for Band 1 Frequency"), "{hint}");
    assert!(hint.contains("wheel for Band 1 Q, Alt-drag for Band 1 Range"), "{hint}");
}

#[test]
fn a_faders_cap_stays_under_the_pointer() {
    let mut bench = bench();
    let at = bench.centre("Output");
    bench.drag("Output", 75.0, NONE);
    // 300 points are 48 dB.
    let output_db = bench.host.params.output.value();
    assert!((output_db - 12.0).abs() < 0.11, "{output_db}");
    assert_eq!(bench.gestures(), 1);
    bench.wheel("Output", -1.0, NONE);
    assert!((bench.host.params.output.value() - output_db + 0.5).abs() < 1e-3);
    bench.steps(40);
    bench.click(at, NONE);
    bench.click(at, NONE);
    assert_eq!(bench.host.params.output.value(), 0.0);
    bench.tab_to("Output");
    bench.key(Key::End, NONE);
    assert_eq!(bench.host.params.output.value(), 24.0);
    bench.gestures();
}

#[test]
fn a_menu_is_opened_and_chosen_from_or_stepped_through() {
    let mut bench = bench();
    bench.click(bench.centre("Kind"), NONE);
    bench.steps(3);
    bench.click(bench.centre("Cut"), NONE);
    bench.steps(3);
    assert_eq!(bench.host.params.kind.value(), Kind::Cut);
    bench.wheel("Kind", -1.0, NONE);
    assert_eq!(bench.host.params.kind.value(), Kind::Shelf);
    bench.tab_to("Kind");
    bench.key(Key::ArrowDown, NONE);
    assert_eq!(bench.host.params.kind.value(), Kind::Bell);
    assert_eq!(bench.gestures(), 3);
}

#[test]
fn a_stepper_steps_within_its_range_and_resets() {
    let mut bench = bench();
    let number = |bench: &Bench<Bands>| bench.host.params.seen.lock().expect("one thread").number;
    bench.click(bench.centre("Number: more"), NONE);
    assert_eq!(number(&bench), 1);
    bench.wheel("Number", -2.0, NONE);
    assert_eq!(number(&bench), -1);
    bench.wheel("Number", -9.0, NONE);
    assert_eq!(number(&bench), -3);
    bench.tab_to("Number");
    bench.key(Key::ArrowUp, NONE);
    assert_eq!(number(&bench), -2);
    bench.key(Key::Delete, NONE);
    assert_eq!(number(&bench), 0);
    assert_eq!(bench.value_of("Number"), "0 dB");
    assert_eq!(bench.gestures(), 0, "it is no parameter");
}
