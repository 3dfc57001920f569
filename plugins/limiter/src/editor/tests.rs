//! The page, with real widgets and parameters, and readings that a test plays.

use super::*;
use crate::meters::group;
use crate::params::Mode;
use egui::{Pos2, Vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use nice_plug::prelude::Params;
use shared_dsp::targets::Target;
use support::StemPlugin as _;
use support::editor::bench;

type Bench = bench::Bench<StemLimiter>;

#[test]
fn every_parameter_is_explained_and_nothing_else() {
    let params = Parameters::default();
    let mut ids: Vec<String> = params.param_map().into_iter().map(|(id, ..)| id).collect();
    let mut explained: Vec<&str> = ABOUT.iter().map(|about| about.id).collect();
    ids.sort_unstable();
    explained.sort_unstable();
    assert_eq!(ids, explained);
}

/// What these tests do over and over.
trait Hands {
    fn set(&mut self, shown: &[(Shown, f32)]);
    fn value_at(&self, label: &str) -> String;
}

impl Hands for Bench {
    fn set(&mut self, shown: &[(Shown, f32)]) {
        self.show(shown.iter().map(|(shown, value)| (*shown as usize, *value)));
    }

    fn value_at(&self, label: &str) -> String {
        self.harness.get_by_label(label).accesskit_node().value().unwrap_or_default()
    }
}

fn open() -> Bench {
    Bench::open(StemLimiter::NAME, StemLimiter::MONITORS, StemLimiter::READINGS, 1.0)
}

#[test]
fn a_target_is_picked_from_the_list_and_says_what_to_turn() {
    let mut bench = open();
    assert!(bench.says("choose a delivery to hold this against"));
    bench.set(&[
        (Shown::Integrated, -16.3),
        (Shown::OutputMaximum, -1.2),
        (Shown::StrictMaximum, -1.1),
    ]);
    assert_eq!(bench.value_at("Loudness target"), "None");
    bench.press_on("Loudness target");
    bench.press_on("Loudness target: Streaming, Spotify");
    assert_eq!(bench.value_at("Loudness target"), "Streaming, Spotify");
    assert!(bench.says("2.3 LU under: raise Gain by 2.3 dB"));
    assert!(bench.says("true peak within \u{2212}1.0 dBTP (strict 16\u{d7})"));
    assert!(bench.says("\u{2212}14.0 \u{b1}1.0 LUFS"));
    bench.set(&[(Shown::Integrated, -14.4)]);
    assert!(bench.says("on target"));
    bench.press_on("Loudness target");
    bench.press_on("Loudness target: ATSC A/85");
    let index = TARGETS.iter().position(|target| target.id == "atsc-a85").expect("known");
    assert_eq!(bench.choices.get(TARGET), index + 1);
    assert!(bench.says("9.6 LU over: lower Gain by 9.6 dB"));
    assert!(bench.says("peak 0.90 dB over: set Ceiling to \u{2212}2.0 dBTP"));
}

#[test]
fn a_target_is_picked_by_the_keyboard_alone() {
    let mut bench = open();
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
    assert_eq!(bench.value_at("Loudness target"), TARGETS[1].name);
    bench.harness.key_press(egui::Key::ArrowUp);
    bench.harness.run_steps(2);
    assert_eq!(bench.value_at("Loudness target"), TARGETS[0].name);
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
    let mut bench = open();
    for (name, group) in [
        ("Reset True peak in", group::INPUT_MAXIMUM),
        ("Reset Reduction", group::REDUCTION_MAXIMUM),
        ("Reset Out, ITU 4\u{d7}", group::OUTPUT_MAXIMUM),
        ("Reset Out, strict 16\u{d7}", group::STRICT_MAXIMUM),
        ("Reset", group::ALL),
    ] {
        bench.press_on(name);
        assert_eq!(bench.readings.take_orders().restart, group, "{name}");
    }
}

#[test]
fn loudness_is_held_and_goes_on() {
    let mut bench = open();
    bench.set(&[(Shown::Measured, 151.0)]);
    assert!(bench.says("since 2:31"));
    bench.press_on("Pause");
    assert_eq!(bench.readings.take_orders().pause, group::LOUDNESS);
    assert!(bench.says("on hold at 2:31"));
    bench.press_on("Pause");
    assert_eq!(bench.readings.take_orders().pause, 0);
}

#[test]
fn the_key_tells_whether_it_is_alive() {
    let mut bench = open();
    assert!(bench.says("limits by its own signal"));
    bench.press_on("Key: External");
    assert!(bench.host.params.key.source.value() == Key::External);
    assert!(bench.says("not limiting: no key"));
    bench.set(&[(Shown::KeyFed, 1.0)]);
    assert!(bench.says("limits by the key"));
    bench.press_on("Key: Internal");
    assert!(bench.says("key connected, not used"));
}

#[test]
fn the_release_tells_where_it_is() {
    let mut bench = open();
    bench.set(&[
        (Shown::ReleaseNow, 600.0),
        (Shown::SlowShare, 100.0),
        (Shown::GainReduction, 0.02),
    ]);
    assert_eq!(bench.value_at("Release now"), "600 ms, at rest");
    bench.set(&[(Shown::ReleaseNow, 52.0), (Shown::SlowShare, 8.0), (Shown::GainReduction, 3.0)]);
    assert_eq!(bench.value_at("Release now"), "52 ms, like a transient");
    bench.set(&[(Shown::ReleaseNow, 540.0), (Shown::SlowShare, 90.0)]);
    assert_eq!(bench.value_at("Release now"), "540 ms, sustained");
    bench.press_on("Auto Release");
    bench.set(&[(Shown::ReleaseNow, 50.0), (Shown::SlowShare, 0.0)]);
    assert_eq!(bench.value_at("Release now"), "50 ms, fixed");
}

#[test]
fn both_true_peaks_stand_side_by_side_and_every_choice_is_there() {
    let mut bench = open();
    let [itu, strict] =
        ["Reset Out, ITU 4\u{d7}", "Reset Out, strict 16\u{d7}"].map(|label| bench.centre(label));
    assert!(itu.y == strict.y && itu.x < strict.x);
    for label in ["Link", "Lookahead", "Noise Shaping", "Dither: Off", "Dither: 16 bit"] {
        assert!(bench.says(label), "{label}");
    }
    bench.press_on("Dither: 20 bit");
    assert!(bench.host.params.output.dither.value() == crate::params::DitherDepth::Bits20);
    bench.press_on("Mode: Strict");
    assert!(bench.host.params.limiter.mode.value() == Mode::Strict);
}

#[test]
fn no_word_runs_into_its_neighbour() {
    let mut bench = open();
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

#[test]
fn the_pair_of_true_peaks_says_which_to_believe() {
    let mut bench = open();
    bench.set(&[(Shown::OutputMaximum, -0.96), (Shown::StrictMaximum, -1.05)]);
    assert!(bench.says("ceiling holds: ITU 4\u{d7} errs by up to 0.2 dB"));
    bench.set(&[(Shown::StrictMaximum, -0.9)]);
    assert!(bench.says("over the ceiling by 0.10 dB (strict 16\u{d7})"));
    bench.set(&[(Shown::OutputMaximum, -1.1), (Shown::StrictMaximum, -1.05)]);
    assert!(bench.says("ceiling holds: both are under it"));
}

#[test]
fn the_release_tells_both_times_of_auto_release() {
    let mut bench = open();
    assert!(bench.says("50 ms") && bench.says("600 ms"));
    bench.press_on("Auto Release");
    assert!(!bench.says("600 ms") && bench.says("as set, always"));
}
