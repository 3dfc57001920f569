//! A bench for the real page: real widgets, real parameters, and a host that writes down what it
//! hears.

mod browsing;
mod hands;
mod monitors;

use super::desk::Session;
use super::kept::KeptPreset;
use super::page::{Facts, Shown, page};
use super::{About, Face};
use crate::param_view::views;
use crate::params;
use crate::presets::library::{Key as PresetKey, Source};
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
    #[id = "match"]
    matched: BoolParam,
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
            matched: params::monitor("Match"),
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

/// Presets of this page, and where the user's are.
const PRESETS: &[&str] = &[
    r#"{"plugin":"Hands","name":"Plain","note":"All as it comes.","values":{}}"#,
    r#"{"plugin":"Hands","name":"Loud","note":"Six up.","values":{"gain":"6 dB","mode":"Strict"}}"#,
    r#"{"plugin":"Hands","name":"Soft","note":"Six down.","values":{"gain":"-6 dB"}}"#,
];

/// A page under test.
struct Bench {
    harness: Harness<'static>,
    host: Arc<Recorder>,
    kept_preset: Arc<KeptPreset>,
    facts: Arc<Facts>,
    /// The user's presets.
    folder: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        Self::at_scale(1.0)
    }

    fn at_scale(scale: f32) -> Self {
        let host = Arc::new(Recorder::default());
        let context = GuiContext::new(host.clone());
        let params = host.params.clone();
        let (readings, trace) = (Readings::new(&[]), Trace::new(0));
        let (facts, kept_preset) = (Arc::<Facts>::default(), Arc::<KeptPreset>::default());
        let (its_facts, its_preset) = (facts.clone(), kept_preset.clone());
        let folder = tempfile::tempdir().expect("a folder");
        let presets = Source {
            plugin: "Hands",
            factory: PRESETS,
            left_alone: vec!["delta", "match"],
            folder: Some(folder.path().join("presets")),
        };
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
                    monitors: &["match", "delta"],
                    readings: &readings,
                    trace: &trace,
                    facts: &its_facts,
                    presets: &presets,
                    kept_preset: &its_preset,
                    why_idle: &|id| {
                        let is_idle = id == "match" && params.mode.value() == Mode::Sample;
                        is_idle.then_some("Not while samples count.")
                    },
                };
                page::<Hands>(&mut ui, &shown, &params, &mut session, &context);
            });
        let mut bench = Self { harness, host, kept_preset, facts, folder };
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
