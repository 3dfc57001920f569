//! What the page says and where: states in words, nothing on top of anything, at every size.

use super::*;

#[test]
fn the_key_tells_whether_it_is_alive_and_used() {
    let mut bench = open();
    assert!(bench.says("compresses by its own signal"));
    bench.hear(&[(Shown::KeyFed, 1.0)]);
    assert!(bench.says("key connected, not used"));
    bench.put(&[("key", "External")]);
    assert!(bench.says("compresses by the key"));
    bench.hear(&[(Shown::KeyFed, 0.0)]);
    assert!(bench.says("not compressing: no key"));
}

#[test]
fn the_reduction_is_told_as_a_number_a_needle_and_bars() {
    let mut bench = open();
    assert!(bench.says("dB: threshold is off"));
    bench.put(&[("threshold", "-20")]);
    assert!(bench.says("dB: at rest"));
    bench.hear(&[
        (Shown::GainReduction, 3.24),
        (Shown::ReductionFirst, 3.24),
        (Shown::ReductionSecond, 1.1),
        (Shown::Channels, 2.0),
    ]);
    assert!(bench.says("\u{2212}3.2") && bench.says("dB now"));
    assert_eq!(bench.value_of("Gain reduction"), "\u{2212}3.2 dB");
    bench.press_on("Bars");
    assert!(!bench.says("Gain reduction L now"));
    assert_eq!(bench.value_of("Gain reduction L"), "\u{2212}3.2 dB");
    assert_eq!(bench.value_of("Gain reduction R"), "\u{2212}1.1 dB");
    bench.put(&[("stereo-mode", "M/S")]);
    assert_eq!(bench.value_of("Gain reduction S"), "\u{2212}1.1 dB");
    bench.hear(&[(Shown::Channels, 1.0)]);
    assert_eq!(bench.value_of("Gain reduction GR"), "\u{2212}3.2 dB");
    assert_eq!(bench.choices.get(view::View::Reduction as usize), 1);
    bench.press_on("Needle");
    assert_eq!(bench.value_of("Gain reduction"), "\u{2212}3.2 dB");
    assert_eq!(bench.gestures(), 0, "nothing that is heard changes");
}

#[test]
fn the_level_rides_on_the_curve() {
    let mut bench = open();
    assert_eq!(bench.value_of("Level on curve"), "nothing");
    bench.hear(&[(Shown::KeyLevel, -12.0), (Shown::GainReduction, 3.5)]);
    assert_eq!(bench.value_of("Level on curve"), "\u{2212}12.0 dB in, \u{2212}15.5 dB out");
    bench.put(&[("makeup", "2")]);
    assert_eq!(bench.value_of("Level on curve"), "\u{2212}12.0 dB in, \u{2212}13.5 dB out");
    assert!(bench.says("Out over in, dB"));
    bench.put(&[("key", "External")]);
    assert!(bench.says("Out over key, dB"));
    bench.hear(&[(Shown::KeyLevel, -200.0)]);
    assert_eq!(bench.value_of("Level on curve"), "nothing");
}

#[test]
fn makeup_and_lookahead_say_what_they_cost() {
    let mut bench = open();
    bench.put(&[("threshold", "-20"), ("ratio", "4"), ("knee", "0")]);
    assert!(bench.says("+7.5 dB") && bench.says("off: no latency"));
    bench.press_on("Lookahead");
    assert!(bench.says("adds 10 ms of latency") && bench.says("Lookahead Time"));
}

#[test]
fn monitors_say_when_they_have_nothing_to_do() {
    let mut bench = open();
    bench.put(&[("key", "External"), ("match", "On")]);
    bench.harness.event(egui::Event::PointerMoved(bench.centre("Match")));
    bench.steps(3);
    assert!(bench.hint().contains("Match does nothing under an external key"), "{}", bench.hint());
}

/// Nothing lies on anything but what lies on a drawing.
fn check_places(bench: &Bench, scale: f32, what: &str) {
    let is_free = |text: &str| text.ends_with(" node") || text == "Threshold line";
    bench.check_places(scale, what, is_free, |_| false);
}

#[test]
fn nothing_lies_on_anything_at_any_size() {
    for scale in [0.75, 1.0, 2.0, 3.0] {
        let mut bench = open_at(scale);
        check_places(&bench, scale, "nothing yet");
        bench.put(&[
            ("threshold", "-33.33"),
            ("ratio", "12.5"),
            ("knee", "33.33"),
            ("attack", "123.4"),
            ("release", "2345"),
            ("hold", "345.6"),
            ("range", "33.33"),
            ("makeup", "-12.34"),
            ("mix", "55.5"),
            ("rms-time", "88.8"),
            ("link", "55.5"),
            ("auto-makeup", "On"),
            ("lookahead", "On"),
            ("key", "External"),
            ("key-high-pass", "333.3"),
            ("key-low-pass", "12345"),
            ("key-bell-frequency", "12345"),
            ("key-bell-gain", "-12.34"),
            ("key-bell-q", "0.707"),
            ("key-tilt", "-12.34"),
        ]);
        bench.hear(&[
            (Shown::GainReduction, 33.3),
            (Shown::ReductionFirst, 33.3),
            (Shown::ReductionSecond, 22.2),
            (Shown::ReductionAverage, 22.2),
            (Shown::ReductionMaximum, 33.3),
            (Shown::KeyLevel, -33.3),
            (Shown::InputHeld, -33.3),
            (Shown::OutputHeld, -33.3),
            (Shown::InputLevel, -33.3),
            (Shown::OutputLevel, -33.3),
            (Shown::KeyFed, 0.0),
            (Shown::Channels, 2.0),
        ]);
        for bars in [false, true] {
            view::set_bars(&bench.choices, bars);
            bench.steps(3);
            check_places(&bench, scale, if bars { "bars" } else { "a needle" });
        }
        bench.put(&[("key", "Internal"), ("detector", "Peak"), ("lookahead", "Off")]);
        bench.hear(&[(Shown::KeyFed, 1.0), (Shown::GainReduction, 0.0)]);
        bench.press_on("Set for me");
        check_places(&bench, scale, "a peak detector, listening");
    }
}
