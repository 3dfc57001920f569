//! Unmask on the page: its controls, what it says, the lanes of the voice, and Learn.

use super::*;
use egui::{Key, Role};

/// With Unmask on and its panel below the display.
fn open_unmask() -> Bench {
    let mut bench = open_at(1.0);
    bench.press_on("Unmask");
    bench.put(&[("unmask", "On")]);
    bench
}

/// The switch, beside which stands what shows the panel.
fn switch(bench: &Bench) -> Pos2 {
    bench.harness.get_by_role_and_label(Role::Switch, "Unmask").rect().center()
}

/// A voice over music, ducked by 3 dB.
const SPEAKS: &[(usize, f32)] = &[
    (shown::KEY_FED, 1.0),
    (shown::VOICE, 1.0),
    (shown::BEFORE, -1.3),
    (shown::AFTER, 1.5),
    (shown::MEAN_DUCK, 2.9),
    (shown::DUCKED, 84.0),
    (shown::ACTIVE_SECONDS, 75.0),
];

#[test]
fn its_controls_are_dragged_typed_and_reset() {
    let mut bench = open_at(1.0);
    bench.press_on("Unmask");
    bench.wait();
    bench.click(switch(&bench), NONE);
    bench.steps(2);
    assert!(bench.host.params.unmask.on.value());
    let depth_db = bench.plain("unmask-depth");
    bench.drag("Unmask Depth", 40.0, NONE);
    assert!(bench.plain("unmask-depth") > depth_db + 1.0);
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("unmask-depth"), depth_db, 1e-4));
    for (label, id, text, wanted) in [
        ("Unmask Depth", "unmask-depth", "4.5", 4.5),
        ("Unmask Focus Low", "unmask-focus-low", "300", 300.0),
        ("Unmask Focus High", "unmask-focus-high", "5k", 5000.0),
        ("Unmask Speed", "unmask-speed", "40 ms", 40.0),
        ("Key Level", "key-level", "-30", -30.0),
    ] {
        bench.tab_to(label);
        bench.key(Key::Enter, NONE);
        bench.type_over(text);
        bench.key(Key::Enter, NONE);
        assert!(near(bench.plain(id), wanted, wanted.abs() * 1e-3), "{label}: {}", bench.plain(id));
    }
    bench.tab_to("Unmask Placement");
    bench.key(Key::End, NONE);
    assert_eq!(bench.value_of("Unmask Placement"), "Side");
}

#[test]
fn whether_there_is_a_voice_is_said_in_words() {
    let mut bench = open_unmask();
    assert!(bench.says("no key: the music is left alone"));
    bench.hear(&[(shown::KEY_FED, 1.0)]);
    assert!(bench.says("the voice rests: bit for bit"));
    bench.hear(&[(shown::VOICE, 1.0)]);
    assert!(bench.says("the voice is there"));
    bench.put(&[("unmask", "Off")]);
    assert!(bench.says("off; the key is live"));
    bench.hear(&[(shown::KEY_FED, 0.0)]);
    assert!(bench.says("off; no key"));
}

#[test]
fn what_came_of_it_is_told_and_counted_anew() {
    let mut bench = open_unmask();
    assert_eq!(bench.value_of("Voice to music"), "no voice over music yet");
    bench.hear(&[(shown::BEFORE, f32::NAN), (shown::AFTER, f32::NAN)]);
    assert!(bench.says("no voice over music yet"));
    bench.hear(SPEAKS);
    for text in ["\u{2212}1.3", "+1.5", "+2.8 dB", "\u{2212}2.9 dB", "84 %", "1:15"] {
        assert!(bench.says(text), "{text}");
    }
    assert!(bench.value_of("Voice to music").ends_with("84 % of the time"));
    bench.press_on("Reset");
    assert_eq!(bench.restarted(), crate::dsp::group::OUTCOME);
}

#[test]
fn the_voice_has_its_lane_under_every_view_while_something_listens() {
    let mut bench = open();
    assert!(!bench.says("voice") && !bench.says("duck"));
    let high = bench.centre("Band 1").y;
    bench.put(&[("unmask", "On")]);
    assert!(bench.says("voice") && bench.says("duck"));
    assert!(bench.centre("Band 1").y < high - 5.0, "the display makes room");
    for view in [1, 2] {
        bench.choices.set(view::View::Bands as usize, view);
        bench.steps(3);
        assert!(bench.says("voice") && bench.says("duck"));
    }
    bench.put(&[("unmask", "Off"), ("key_2", "Voice")]);
    assert!(bench.says("voice"), "a band listens");
    bench.put(&[("on_2", "Off")]);
    assert!(!bench.says("voice"));
}

#[test]
fn its_duck_is_in_the_curve_and_in_the_largest_move() {
    let mut bench = open_unmask();
    bench.hear(&[(shown::KEY_FED, 1.0), (shown::VOICE, 1.0)]);
    assert!(bench.says("dB: at rest"));
    let ducks: Vec<_> = (0..shared_dsp::unmask::BANDS).map(|b| (shown::DUCK + b, 3.0)).collect();
    bench.hear(&ducks);
    let by_unmask = bench.harness.query_by_label_contains(", Unmask").is_some();
    assert!(by_unmask && !bench.says("dB: at rest"));
    // A band that moves more, elsewhere, is what is told then.
    bench.put(&[("on_1", "On"), ("frequency_1", "40"), ("range_1", "-12"), ("key_1", "External")]);
    bench.hear(&[(shown::MOVE, -9.0)]);
    let is_told = |text| bench.harness.query_all_by_label_contains(text).next().is_some();
    assert!(is_told("\u{2212}9.") && is_told("dB at 4") && !is_told(", Unmask"));
}

#[test]
fn learn_takes_the_loudest_it_heard_in_one_gesture() {
    let mut bench = open_unmask();
    let before = bench.plain("key-level");
    bench.hear(&[(shown::VOICE_LEVEL, -70.0)]);
    bench.press_on("Learn level");
    assert!(bench.says("listening 10"));
    bench.hear(&[(shown::VOICE_LEVEL, -31.26)]);
    bench.hear(&[(shown::VOICE_LEVEL, -44.0)]);
    bench.steps(10 * 60);
    assert!(bench.says("Learn level"), "ten seconds are over");
    assert!(near(bench.plain("key-level"), -31.3, 0.01), "{}", bench.plain("key-level"));
    assert_eq!(bench.gestures(), 1);
    bench.key(Key::Z, COMMAND);
    assert!(near(bench.plain("key-level"), before, 1e-3));
}

#[test]
fn learn_is_ended_by_a_second_press_and_takes_nothing_from_silence() {
    let mut bench = open_unmask();
    let before = bench.plain("key-level");
    bench.hear(&[(shown::VOICE_LEVEL, -200.0)]);
    bench.press_on("Learn level");
    bench.press_on("listening 10");
    assert_eq!((bench.gestures(), bench.plain("key-level")), (0, before));
    bench.hear(&[(shown::VOICE_LEVEL, -20.0)]);
    bench.press_on("Learn level");
    bench.press_on("listening 10");
    assert!(near(bench.plain("key-level"), -20.0, 0.01));
}
