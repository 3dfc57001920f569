//! The page, with real widgets and parameters, and readings that a test plays.

use super::*;
use crate::meters::group;
use crate::params::Mode;
use egui::{Pos2, Vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use nice_plug::context::PluginApi;
use nice_plug::context::gui::{GuiContext, GuiContextInner};
use nice_plug::plugin::PluginState;
use nice_plug::prelude::{ParamPtr, Params};
use shared_dsp::targets::Target;
use std::sync::Arc;
use support::Readings;
use support::editor::desk::{Desk, Session};
use support::editor::{Choices, Look};
use support::param_view::views;
use support::trace::Trace;

#[test]
fn every_parameter_is_explained_and_nothing_else() {
    let params = Parameters::default();
    let mut ids: Vec<String> = params.param_map().into_iter().map(|(id, ..)| id).collect();
    let mut explained: Vec<&str> = ABOUT.iter().map(|about| about.id).collect();
    ids.sort_unstable();
    explained.sort_unstable();
    assert_eq!(ids, explained);
}

/// A host that takes every value, as hosts do.
struct Host(Arc<Parameters>);

#[allow(unsafe_code, reason = "the host's side of nice-plug's interface is unsafe")]
impl GuiContextInner for Host {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }
    unsafe fn raw_begin_set_parameter(&self, _param: ParamPtr) {}
    unsafe fn raw_set_parameter_normalized(&self, param: ParamPtr, normalized: f32) {
        let map = self.0.param_map();
        let id = map.into_iter().find(|(_, ptr, _)| *ptr == param).expect("a parameter of ours").0;
        let views = views(&*self.0);
        views.iter().find(|view| view.id == id).expect("ours").set_detached(normalized);
    }
    unsafe fn raw_end_set_parameter(&self, _param: ParamPtr) {}
    fn get_state(&self) -> PluginState {
        unreachable!("the page asks for no state")
    }
    fn set_state(&self, _state: PluginState) {
        unreachable!("the page sets no state")
    }
    fn request_restart(&self) {}
}

struct Bench {
    harness: Harness<'static>,
    params: Arc<Parameters>,
    readings: Arc<Readings>,
    choices: Arc<Choices>,
}

impl Bench {
    fn new() -> Self {
        let params = Arc::new(Parameters::default());
        let readings = Arc::new(Readings::new(crate::dsp::READINGS));
        let choices = Arc::new(Choices::new(StemLimiter::CHOICES));
        let context = GuiContext::new(Arc::new(Host(params.clone())));
        let trace = Trace::new(crate::dsp::TRACED.len());
        let mut session = Session::default();
        let mut fonts = false;
        let shared = (params.clone(), readings.clone(), choices.clone());
        let size = Vec2::from(StemLimiter::PAGE);
        let harness = Harness::builder().with_size(size).build_ui(move |ui| {
            // The typefaces arrive with the next frame, as in a window.
            if !std::mem::replace(&mut fonts, true) {
                theme::install_fonts(ui.ctx());
                return;
            }
            let window = ui.ctx().viewport_rect();
            let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(window));
            let (params, readings, choices) = &shared;
            let mut desk = Desk::new(views(&**params), ABOUT, &["delta"], &context, &mut session);
            let mut stage = Stage {
                ui: &mut ui,
                look: Look { scale: 1.0 },
                desk: &mut desk,
                params: &**params,
                readings,
                trace: &trace,
                choices,
            };
            // As much as header and footer leave.
            let body = window.with_min_y(68.0).with_max_y(window.bottom() - 48.0);
            StemLimiter::body(&mut stage, body.shrink2(vec2(16.0, 0.0)));
        });
        let mut bench = Self { harness, params, readings, choices };
        bench.harness.run_steps(4);
        bench
    }

    fn set(&mut self, shown: &[(Shown, f32)]) {
        for (shown, value) in shown {
            self.readings.set(*shown as usize, *value);
        }
        self.harness.run_steps(2);
    }

    fn click(&mut self, label: &str) {
        let at = self.at(label);
        for pressed in [true, false] {
            self.harness.event(egui::Event::PointerMoved(at));
            self.harness.event(egui::Event::PointerButton {
                pos: at,
                button: egui::PointerButton::Primary,
                pressed,
                modifiers: egui::Modifiers::NONE,
            });
            self.harness.run_steps(2);
        }
    }

    fn at(&self, label: &str) -> Pos2 {
        self.harness.get_by_label(label).rect().center()
    }

    fn says(&self, text: &str) -> bool {
        self.harness.query_by_label(text).is_some()
    }

    fn value(&self, label: &str) -> String {
        self.harness.get_by_label(label).accesskit_node().value().unwrap_or_default()
    }
}

#[test]
fn a_target_is_picked_from_the_list_and_says_what_to_turn() {
    let mut bench = Bench::new();
    assert!(bench.says("choose a delivery to hold this against"));
    bench.set(&[
        (Shown::Integrated, -16.3),
        (Shown::OutputMaximum, -1.2),
        (Shown::StrictMaximum, -1.1),
    ]);
    assert_eq!(bench.value("Loudness target"), "None");
    bench.click("Loudness target");
    bench.click("Loudness target: Streaming, Spotify");
    assert_eq!(bench.value("Loudness target"), "Streaming, Spotify");
    assert!(bench.says("2.3 LU under: raise Gain by 2.3 dB"));
    assert!(bench.says("true peak within \u{2212}1.0 dBTP"));
    assert!(bench.says("\u{2212}14.0 \u{b1}1.0 LUFS"));
    bench.set(&[(Shown::Integrated, -14.4)]);
    assert!(bench.says("on target"));
    bench.click("Loudness target");
    bench.click("Loudness target: ATSC A/85");
    let index = TARGETS.iter().position(|target| target.id == "atsc-a85").expect("known");
    assert_eq!(bench.choices.get(TARGET), index + 1);
    assert!(bench.says("9.6 LU over: lower Gain by 9.6 dB"));
    assert!(bench.says("peak 0.90 dB over: set Ceiling to \u{2212}2.0 dBTP"));
}

#[test]
fn a_target_is_picked_by_the_keyboard_alone() {
    let mut bench = Bench::new();
    let mut presses = 0;
    while !bench.harness.get_by_label("Loudness target").is_focused() {
        bench.harness.key_press(egui::Key::Tab);
        bench.harness.run_steps(2);
        presses += 1;
        assert!(presses < 60, "Tab never reaches the target");
    }
    for _ in 0..2 {
        bench.harness.key_press(egui::Key::ArrowDown);
        bench.harness.run_steps(2);
    }
    assert_eq!(bench.value("Loudness target"), TARGETS[1].name);
    bench.harness.key_press(egui::Key::ArrowUp);
    bench.harness.run_steps(2);
    assert_eq!(bench.value("Loudness target"), TARGETS[0].name);
}

#[test]
fn targets_are_kept_by_their_ids() {
    assert_eq!(TARGET_IDS[0], "none");
    for (id, target) in TARGET_IDS[1..].iter().zip(TARGETS) {
        assert_eq!(Target::by_id(id), Some(target));
    }
}

#[test]
fn a_click_on_a_maximum_starts_it_over_alone() {
    let mut bench = Bench::new();
    for (name, group) in [
        ("Reset True peak in", group::INPUT_MAXIMUM),
        ("Reset Reduction", group::REDUCTION_MAXIMUM),
        ("Reset Out, ITU 4\u{d7}", group::OUTPUT_MAXIMUM),
        ("Reset Out, strict 16\u{d7}", group::STRICT_MAXIMUM),
        ("Reset", group::ALL),
    ] {
        bench.click(name);
        assert_eq!(bench.readings.take_orders().restart, group, "{name}");
    }
}

#[test]
fn loudness_is_held_and_goes_on() {
    let mut bench = Bench::new();
    bench.set(&[(Shown::Measured, 151.0)]);
    assert!(bench.says("since 2:31"));
    bench.click("Pause");
    assert_eq!(bench.readings.take_orders().pause, group::LOUDNESS);
    assert!(bench.says("on hold at 2:31"));
    bench.click("Pause");
    assert_eq!(bench.readings.take_orders().pause, 0);
}

#[test]
fn the_key_tells_whether_it_is_alive() {
    let mut bench = Bench::new();
    assert!(bench.says("limits by its own signal"));
    bench.click("Key: External");
    assert!(bench.params.key.source.value() == Key::External);
    assert!(bench.says("not limiting: no key"));
    bench.set(&[(Shown::KeyFed, 1.0)]);
    assert!(bench.says("limits by the key"));
    bench.click("Key: Internal");
    assert!(bench.says("key connected, not used"));
}

#[test]
fn the_release_tells_where_it_is() {
    let mut bench = Bench::new();
    bench.set(&[
        (Shown::ReleaseNow, 600.0),
        (Shown::SlowShare, 100.0),
        (Shown::GainReduction, 0.02),
    ]);
    assert_eq!(bench.value("Release now"), "600 ms, at rest");
    bench.set(&[(Shown::ReleaseNow, 52.0), (Shown::SlowShare, 8.0), (Shown::GainReduction, 3.0)]);
    assert_eq!(bench.value("Release now"), "52 ms, like a transient");
    bench.set(&[(Shown::ReleaseNow, 540.0), (Shown::SlowShare, 90.0)]);
    assert_eq!(bench.value("Release now"), "540 ms, sustained");
    bench.click("Auto Release");
    bench.set(&[(Shown::ReleaseNow, 50.0), (Shown::SlowShare, 0.0)]);
    assert_eq!(bench.value("Release now"), "50 ms, fixed");
}

#[test]
fn both_true_peaks_stand_side_by_side_and_every_choice_is_there() {
    let mut bench = Bench::new();
    let [itu, strict] =
        ["Reset Out, ITU 4\u{d7}", "Reset Out, strict 16\u{d7}"].map(|label| bench.at(label));
    assert!(itu.y == strict.y && itu.x < strict.x);
    for label in ["Link", "Lookahead", "Noise Shaping", "Dither: Off", "Dither: 16 bit"] {
        assert!(bench.says(label), "{label}");
    }
    bench.click("Dither: 20 bit");
    assert!(bench.params.output.dither.value() == crate::params::DitherDepth::Bits20);
    bench.click("Mode: Strict");
    assert!(bench.params.limiter.mode.value() == Mode::Strict);
}

#[test]
fn no_word_runs_into_its_neighbour() {
    let mut bench = Bench::new();
    bench.set(&[
        (Shown::Integrated, -23.4),
        (Shown::Measured, 35_999.0),
        (Shown::OutputMaximum, -0.4),
        (Shown::StrictMaximum, -12.34),
        (Shown::InputMaximum, -12.34),
        (Shown::ReductionMaximum, 12.3),
        (Shown::ReleaseNow, 1000.0),
    ]);
    let page = Rect::from_min_size(Pos2::ZERO, Vec2::from(StemLimiter::PAGE));
    for choice in 0..=TARGETS.len() {
        bench.choices.set(TARGET, choice);
        bench.harness.run_steps(2);
        let labels = bench.harness.query_all_by_role(egui::Role::Label);
        let rects: Vec<Rect> = labels.map(|node| node.rect()).filter(|r| r.width() > 0.0).collect();
        for (n, rect) in rects.iter().enumerate() {
            assert!(page.contains_rect(*rect), "{rect:?} leaves the page");
            for other in &rects[..n] {
                let shared = rect.intersect(*other);
                assert!(
                    shared.width() < 1.0 || shared.height() < 4.0,
                    "{rect:?} on {other:?} with target {choice}"
                );
            }
        }
    }
}
