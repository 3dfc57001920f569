//! A bench for a real page: real widgets, real parameters, and a host that writes down what it
//! hears. For tests alone.

mod hands;

pub use hands::near;

use super::desk::Session;
use super::kept::KeptPreset;
use super::page::{Facts, Shown, page};
use super::{Choices, Face};
use crate::param_view::views;
use crate::presets::library::Source;
use crate::readings::{Reading, Readings};
use crate::spectrum::Taps;
use crate::trace::Trace;
use egui::{Event, Key, Modifiers, MouseWheelUnit, Pos2, Rect, Role, Vec2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::plugin::PluginState;
use nice_plug::prelude::{ParamPtr, Params};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// No key held.
pub const NONE: Modifiers = Modifiers::NONE;
/// Shift held.
pub const SHIFT: Modifiers = Modifiers::SHIFT;
/// Ctrl held, or Command on a Mac.
pub const COMMAND: Modifiers = Modifiers::COMMAND;
/// Alt held.
pub const ALT: Modifiers = Modifiers::ALT;

/// What the host is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// The user takes hold of the parameter with this id.
    Begin(String),
    /// It moves to this value, 0 to 1.
    Set(String, f32),
    /// The user lets go of it.
    End(String),
}

/// A host: it writes down what it is told, and sets the value, as hosts do.
#[derive(Default)]
pub struct Recorder<P> {
    /// What it was told.
    pub told: Mutex<Vec<Told>>,
    /// The parameters.
    pub params: Arc<P>,
    /// Whether it keeps what it is told to itself, as a host does until its next block.
    pub is_slow: AtomicBool,
}

impl<P: Params> Recorder<P> {
    fn id(&self, ptr: ParamPtr) -> String {
        let map = self.params.param_map();
        map.into_iter().find(|(_, other, _)| *other == ptr).expect("a parameter of ours").0
    }

    fn tell(&self, told: Told) {
        self.told.lock().expect("one thread").push(told);
    }
}

#[allow(unsafe_code, reason = "the host's side of nice-plug's interface is unsafe")]
impl<P: Params> GuiContextInner for Recorder<P> {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    unsafe fn raw_begin_set_parameter(&self, param: ParamPtr) {
        self.tell(Told::Begin(self.id(param)));
    }
    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        let id = self.id(param);
        if !self.is_slow.load(Ordering::Relaxed) {
            let views = views(&*self.params);
            views.iter().find(|view| view.id == id).expect("ours").set_detached(normalized);
        }
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

/// How a page is opened.
pub struct Opening<P> {
    /// The plugin's name.
    pub name: &'static str,
    /// Ids of its monitors.
    pub monitors: &'static [&'static str],
    /// Its readings, without values yet.
    pub readings: &'static [Reading],
    /// How much larger than drawn.
    pub scale: f32,
    /// Its factory presets.
    pub factory: &'static [&'static str],
    /// Why a monitor has nothing to do.
    pub why_idle: fn(&P, &str) -> Option<&'static str>,
}

impl<P> Opening<P> {
    /// As large as drawn, without presets, its monitors always of use.
    pub fn new(
        name: &'static str,
        monitors: &'static [&'static str],
        readings: &'static [Reading],
    ) -> Self {
        Self { name, monitors, readings, scale: 1.0, factory: &[], why_idle: |_, _| None }
    }
}

/// A page under test.
pub struct Bench<F: Face> {
    /// The window.
    pub harness: Harness<'static>,
    /// The host, and the parameters.
    pub host: Arc<Recorder<F::Params>>,
    /// What the page shows.
    pub readings: Arc<Readings>,
    /// The sound it is shown.
    pub taps: Arc<Taps>,
    /// What its histories show: as many fields as there are readings.
    pub trace: Arc<Trace>,
    /// What was chosen on the page.
    pub choices: Arc<Choices>,
    /// In it, `presets` is the folder of the user's presets.
    pub folder: TempDir,
    #[cfg(test)]
    pub(crate) kept_preset: Arc<KeptPreset>,
    #[cfg(test)]
    pub(crate) facts: Arc<Facts>,
}

impl<F: Face> Bench<F> {
    /// Opens a page under a name, `scale` times as large as drawn, without readings yet.
    pub fn open(
        name: &'static str,
        monitors: &'static [&'static str],
        list: &'static [Reading],
        scale: f32,
    ) -> Self {
        Self::open_with(&Opening { scale, ..Opening::new(name, monitors, list) })
    }

    /// Opens a page.
    ///
    /// # Panics
    /// Without a place for temporary files.
    pub fn open_with(opening: &Opening<F::Params>) -> Self {
        let Opening { name, monitors, readings: list, scale, factory, why_idle } = *opening;
        let host = Arc::new(Recorder::<F::Params>::default());
        let context = GuiContext::new(host.clone());
        let params = host.params.clone();
        let readings = Arc::new(Readings::new(list));
        let shown_readings = readings.clone();
        let trace = Arc::new(Trace::new(list.len()));
        let its_trace = trace.clone();
        let taps = Arc::<Taps>::default();
        let its_taps = taps.clone();
        let (facts, kept_preset) = (Arc::<Facts>::default(), Arc::<KeptPreset>::default());
        let (its_facts, its_preset) = (facts.clone(), kept_preset.clone());
        let choices = Arc::new(Choices::new(F::CHOICES));
        let its_choices = choices.clone();
        let folder = tempfile::tempdir().expect("a folder");
        let presets = Source {
            plugin: name,
            factory,
            left_alone: monitors.to_vec(),
            folder: Some(folder.path().join("presets")),
        };
        let mut session = Session::default();
        let mut fonts = false;
        let size = Vec2::from(F::PAGE) * scale;
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
                    name,
                    monitors,
                    readings: &shown_readings,
                    trace: &its_trace,
                    taps: &its_taps,
                    facts: &its_facts,
                    choices: &its_choices,
                    presets: &presets,
                    kept_preset: &its_preset,
                    why_idle: &|id| why_idle(&params, id),
                };
                page::<F>(&mut ui, &shown, &params, &mut session, &context);
            });
        let mut bench = Self {
            harness,
            host,
            readings,
            taps,
            trace,
            choices,
            folder,
            #[cfg(test)]
            kept_preset,
            #[cfg(test)]
            facts,
        };
        bench.steps(4);
        bench
    }

    /// Lets frames pass.
    pub fn steps(&mut self, count: usize) {
        self.harness.run_steps(count);
    }

    /// The middle of what carries a label.
    pub fn centre(&self, label: &str) -> Pos2 {
        self.harness.get_by_label(label).rect().center()
    }

    /// What the host was told since the last look.
    pub fn told(&self) -> Vec<Told> {
        std::mem::take(&mut *self.host.told.lock().expect("one thread"))
    }

    /// All gestures since the last look, those on several parameters counting as one: each begun
    /// and ended once, nothing set outside. Gives how many there were.
    ///
    /// # Panics
    /// When they are not in order.
    pub fn gestures(&self) -> usize {
        let (mut open, mut count) = (Vec::new(), 0);
        for told in self.told() {
            match told {
                Told::Begin(id) => {
                    assert!(!open.contains(&id), "{id} was begun twice");
                    count += usize::from(open.is_empty());
                    open.push(id);
                }
                Told::Set(id, _) => assert!(open.contains(&id), "{id} was set outside a gesture"),
                Told::End(id) => {
                    let at = open.iter().position(|other| *other == id);
                    open.remove(at.unwrap_or_else(|| panic!("{id} was ended, not begun")));
                }
            }
        }
        assert!(open.is_empty(), "left open: {open:?}");
        count
    }

    /// Moves the pointer, then presses or lets go of its button.
    pub fn press(&mut self, at: Pos2, pressed: bool, modifiers: Modifiers) {
        let button = egui::PointerButton::Primary;
        self.harness.event(Event::PointerMoved(at));
        self.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        self.steps(1);
    }

    /// Clicks.
    pub fn click(&mut self, at: Pos2, modifiers: Modifiers) {
        self.press(at, true, modifiers);
        self.press(at, false, modifiers);
    }

    /// Drags what carries a label up by some points.
    pub fn drag(&mut self, label: &str, up: f32, modifiers: Modifiers) {
        let at = self.centre(label);
        self.harness.event(Event::ModifiersChanged(modifiers));
        self.press(at, true, modifiers);
        // Sideways first, until it counts as a drag and not as a click.
        let aside = pos2(at.x + 12.0, at.y);
        self.harness.event(Event::PointerMoved(aside));
        self.steps(1);
        self.pull(aside, vec2(0.0, -up));
        self.press(aside - vec2(0.0, up), false, modifiers);
        self.harness.event(Event::ModifiersChanged(NONE));
        self.steps(1);
    }

    /// Drags from a place, in any direction; the first few points go into being a drag.
    pub fn drag_by(&mut self, from: Pos2, by: Vec2, modifiers: Modifiers) {
        self.harness.event(Event::ModifiersChanged(modifiers));
        self.press(from, true, modifiers);
        self.pull(from, by);
        self.press(from + by, false, modifiers);
        self.harness.event(Event::ModifiersChanged(NONE));
        self.steps(1);
    }

    /// Moves the pointer in small steps.
    fn pull(&mut self, from: Pos2, by: Vec2) {
        for step in 1..=20 {
            self.harness.event(Event::PointerMoved(from + by * (step as f32 / 20.0)));
            self.steps(1);
        }
    }

    /// Turns the wheel over what carries a label.
    pub fn wheel(&mut self, label: &str, notches: f32, modifiers: Modifiers) {
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

    /// Presses a key.
    pub fn key(&mut self, key: Key, modifiers: Modifiers) {
        self.harness.key_press_modifiers(modifiers, key);
        self.steps(3);
    }

    /// Replaces the text being typed.
    pub fn type_over(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.steps(2);
    }

    /// What the footer says.
    pub fn hint(&self) -> String {
        let node = self.harness.get_by_label("Hint");
        node.accesskit_node().value().unwrap_or_default()
    }

    /// The value that assistive technology reads from what carries a label.
    pub fn value_of(&self, label: &str) -> String {
        self.harness.get_by_label(label).accesskit_node().value().unwrap_or_default()
    }

    /// Whether what carries a label has the keyboard.
    pub fn is_focused(&self, label: &str) -> bool {
        self.harness.get_by_label(label).is_focused()
    }

    /// Presses Tab until what carries a label has the keyboard.
    ///
    /// # Panics
    /// When it never gets it.
    pub fn tab_to(&mut self, label: &str) {
        for _ in 0..100 {
            if self.is_focused(label) {
                return;
            }
            self.key(Key::Tab, NONE);
        }
        panic!("Tab never reaches {label}");
    }

    /// Everything that is read or pressed on the page, `scale` times as large as drawn, at its place: no two
    /// of them share one, and none leaves the page. Controls that lie on a drawing may lie anywhere on it:
    /// `is_free` knows them by their labels, and `may_touch` those that others may touch.
    ///
    /// # Panics
    /// When something lies on something; `what` is what the page shows.
    pub fn check_places(
        &self,
        scale: f32,
        what: &str,
        is_free: impl Fn(&str) -> bool,
        may_touch: impl Fn(&str) -> bool,
    ) {
        let page = Rect::from_min_size(Pos2::ZERO, Vec2::from(F::PAGE) * scale);
        let placed = |role: Role| -> Vec<(String, Rect)> {
            self.harness
                .query_all_by_role(role)
                .map(|node| (node.accesskit_node().label().unwrap_or_default(), node.rect()))
                .collect()
        };
        let mut words = placed(Role::Label);
        words.retain(|(_, rect)| rect.width() > 0.0);
        for (n, (text, rect)) in words.iter().enumerate() {
            let leaves = !page.contains_rect(*rect);
            assert!(!leaves, "{what} at {scale}: {text} leaves the page: {rect:?}");
            for (other, place) in &words[..n] {
                let shared = rect.intersect(*place);
                assert!(
                    shared.width() < scale || shared.height() < 3.0 * scale,
                    "{what} at {scale}: {text} on {other}"
                );
            }
        }
        let roles =
            [Role::Slider, Role::Switch, Role::ComboBox, Role::Button, Role::RadioGroup, Role::Tab];
        let mut controls: Vec<_> = roles.into_iter().flat_map(placed).collect();
        controls.retain(|(text, _)| !is_free(text));
        for (n, (text, rect)) in controls.iter().enumerate() {
            let leaves = !page.contains_rect(*rect);
            assert!(!leaves, "{what} at {scale}: {text} leaves the page: {rect:?}");
            for (other, place) in controls[..n].iter().chain(&words) {
                let shared = rect.intersect(*place);
                let touches = shared.width() >= scale && shared.height() >= 2.0 * scale;
                assert!(
                    !touches || may_touch(text) || may_touch(other),
                    "{what} at {scale}: {text} on {other}: {rect:?} and {place:?}"
                );
            }
        }
    }

    /// Which groups of readings the page asked to start over since the last look: one bit a group.
    pub fn restarted(&self) -> u32 {
        self.readings.take_orders().restart
    }
}
