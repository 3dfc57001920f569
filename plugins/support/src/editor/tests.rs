//! Hands on the real page: real widgets, real parameters, and a host that writes down what it hears.

use super::desk::Session;
use super::page::{Facts, Shown, page};
use super::{About, Face};
use crate::param_view::views;
use crate::params;
use crate::readings::Readings;
use crate::trace::Trace;
use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::plugin::PluginState;
use nice_plug::prelude::{BoolParam, Enum, EnumParam, FloatParam, ParamPtr, Params};
use std::sync::{Arc, Mutex};

#[derive(Debug, PartialEq, Eq, Enum)]
enum Mode {
    #[id = "standard"]
    Standard,
    #[id = "strict"]
    Strict,
    #[id = "sample"]
    Sample,
}

#[derive(Params)]
struct Hands {
    #[id = "gain"]
    gain: FloatParam,
    #[id = "release"]
    release: FloatParam,
    #[id = "mode"]
    mode: EnumParam<Mode>,
    #[id = "delta"]
    delta: BoolParam,
    #[id = "bypass"]
    bypass: BoolParam,
}

impl Default for Hands {
    fn default() -> Self {
        Self {
            gain: params::decibels("Gain", 0.0, -24.0, 24.0),
            release: params::milliseconds("Release", 50.0, 1.0, 1000.0),
            mode: EnumParam::new("Mode", Mode::Standard),
            delta: params::monitor("Delta"),
            bypass: params::bypass(),
        }
    }
}

impl Face for Hands {
    type Params = Self;
    const PAGE: [f32; 2] = [900.0, 500.0];
    const ABOUT: &'static [About] = &[About { id: "gain", what: "Gain.", step: 0.5, fine: 0.05 }];

    fn body(stage: &mut super::Stage<'_, '_, Self>, body: egui::Rect) {
        use super::widgets::{Knob, choice, knob};
        let look = stage.look;
        let style = Knob { colour: super::theme::GAIN, from: 0.5 };
        for (column, id) in ["gain", "release"].into_iter().enumerate() {
            let corner = body.min + vec2(look.px(160.0) * column as f32, 0.0);
            let place = egui::Rect::from_min_size(corner, look.size(140.0, 120.0));
            let index = stage.desk.index(id);
            knob(stage.ui, look, stage.desk, index, place, style);
        }
        let corner = body.min + look.size(0.0, 200.0);
        let place = egui::Rect::from_min_size(corner, look.size(300.0, 32.0));
        let index = stage.desk.index("mode");
        choice(stage.ui, look, stage.desk, index, place);
    }
}

/// What the host is told, and what it does: it sets the value, as hosts do.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Begin(String),
    Set(String, f32),
    End(String),
}

#[derive(Default)]
struct Recorder {
    told: Mutex<Vec<Told>>,
    params: Arc<Hands>,
    /// A host that keeps what it is told to itself for a while.
    is_slow: std::sync::atomic::AtomicBool,
}

impl Recorder {
    fn id(&self, ptr: ParamPtr) -> String {
        let map = self.params.param_map();
        map.into_iter().find(|(_, other, _)| *other == ptr).expect("a parameter of ours").0
    }

    fn tell(&self, told: Told) {
        self.told.lock().expect("one thread").push(told);
    }
}

#[allow(unsafe_code, reason = "the host's side of nice-plug's interface is unsafe")]
impl GuiContextInner for Recorder {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    unsafe fn raw_begin_set_parameter(&self, param: ParamPtr) {
        self.tell(Told::Begin(self.id(param)));
    }
    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        let id = self.id(param);
        if self.is_slow.load(std::sync::atomic::Ordering::Relaxed) {
            self.tell(Told::Set(id, normalized));
            return;
        }
        let views = views(&*self.params);
        views.iter().find(|view| view.id == id).expect("ours").set_detached(normalized);
        self.tell(Told::Set(id, normalized));
    }
    unsafe fn raw_end_set_parameter(&self, param: ParamPtr) {
        self.tell(Told::End(self.id(param)));
    }
    fn get_state(&self) -> PluginState {
        unreachable!("the page asks for no state")
    }
    fn set_state(&self, _state: PluginState) {
        unreachable!("the page sets no state")
    }
    fn request_restart(&self) {}
}

/// A page under test.
struct Bench {
    harness: Harness<'static>,
    host: Arc<Recorder>,
}

impl Bench {
    fn new() -> Self {
        Self::at_scale(1.0)
    }

    fn at_scale(scale: f32) -> Self {
        let host = Arc::new(Recorder::default());
        let context = GuiContext::new(host.clone());
        let params = host.params.clone();
        let (readings, trace, facts) = (Readings::new(&[]), Trace::new(0), Facts::default());
        let mut session = Session::default();
        let mut fonts = false;
        let size = Vec2::from(Hands::PAGE) * scale;
        let harness =
            Harness::builder().with_size(size).with_step_dt(1.0 / 60.0).build_ui(move |ui| {
                // The typefaces arrive with the next frame, as in a window.
                if !std::mem::replace(&mut fonts, true) {
                    super::theme::install_fonts(ui.ctx());
                    return;
                }
                let window = ui.ctx().viewport_rect();
                let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(window));
                let shown = Shown {
                    name: "Hands",
                    monitors: &["delta"],
                    readings: &readings,
                    trace: &trace,
                    facts: &facts,
                };
                page::<Hands>(&mut ui, &shown, &params, &mut session, &context);
            });
        let mut bench = Self { harness, host };
        bench.steps(4);
        bench
    }

    fn steps(&mut self, count: usize) {
        self.harness.run_steps(count);
    }

    fn gain(&self) -> f32 {
        self.host.params.gain.value()
    }

    fn centre(&self, label: &str) -> Pos2 {
        self.harness.get_by_label(label).rect().center()
    }

    fn told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.host.told.lock().expect("one thread"))
    }

    /// All gestures since the last look: each begun and ended once, nothing set outside. Gives how
    /// many there were.
    fn gestures(&self) -> usize {
        let (mut open, mut count) = (None, 0);
        for told in self.told() {
            match told {
                Told::Begin(id) => {
                    assert_eq!(open.replace(id), None, "a gesture within a gesture");
                    count += 1;
                }
                Told::Set(id, _) => assert_eq!(open.as_ref(), Some(&id), "set outside a gesture"),
                Told::End(id) => assert_eq!(open.take(), Some(id), "ended what was not begun"),
            }
        }
        assert_eq!(open, None, "a gesture was left open");
        count
    }

    fn press(&mut self, at: Pos2, pressed: bool, modifiers: Modifiers) {
        let button = egui::PointerButton::Primary;
        self.harness.event(Event::PointerMoved(at));
        self.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        self.steps(1);
    }

    fn click(&mut self, at: Pos2, modifiers: Modifiers) {
        self.press(at, true, modifiers);
        self.press(at, false, modifiers);
    }

    fn drag(&mut self, label: &str, up: f32, modifiers: Modifiers) {
        let at = self.centre(label);
        self.harness.event(Event::ModifiersChanged(modifiers));
        self.press(at, true, modifiers);
        // Sideways first, until it counts as a drag and not as a click.
        let aside = at.x + 12.0;
        self.harness.event(Event::PointerMoved(pos2(aside, at.y)));
        self.steps(1);
        for step in 1..=20 {
            let to = pos2(aside, at.y - up * step as f32 / 20.0);
            self.harness.event(Event::PointerMoved(to));
            self.steps(1);
        }
        self.press(pos2(aside, at.y - up), false, modifiers);
        self.harness.event(Event::ModifiersChanged(NONE));
        self.steps(1);
    }

    fn wheel(&mut self, label: &str, notches: f32, modifiers: Modifiers) {
        let at = self.centre(label);
        self.harness.event(Event::PointerMoved(at));
        self.steps(2);
        self.harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Line,
            delta: vec2(0.0, notches),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers,
        });
        self.steps(2);
    }

    fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.harness.key_press_modifiers(modifiers, key);
        self.steps(3);
    }

    /// Replaces the text being typed.
    fn type_over(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.steps(2);
    }

    fn hint(&self) -> String {
        let node = self.harness.get_by_label("Hint");
        node.accesskit_node().value().unwrap_or_default()
    }
}

const NONE: Modifiers = Modifiers::NONE;
const SHIFT: Modifiers = Modifiers::SHIFT;
const COMMAND: Modifiers = Modifiers::COMMAND;

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
