//! What the page says and where: states in words, nothing on top of anything, at every size.

use super::*;

#[test]
fn the_key_tells_whether_it_is_alive_and_used() {
    let mut bench = open();
    assert!(bench.says("listens to the stem itself"));
    bench.hear(&[(Shown::KeyFed, 1.0)]);
    assert!(bench.says("key connected, not used"));
    bench.put(&[("key", "External")]);
    assert!(bench.says("listens to the key"));
    bench.hear(&[(Shown::KeyFed, 0.0)]);
    assert!(bench.says("nothing is found: no key"));
}

#[test]
fn how_sibilant_and_how_sure_are_told_as_numbers_and_in_words() {
    let mut bench = open();
    assert!(bench.says("too quiet to tell") && bench.says("no s") && bench.says("0 %"));
    bench.play([f32::NEG_INFINITY, 0.0, -60.0, 0.0], 40);
    assert!(bench.says("too quiet to tell"));
    assert_eq!(bench.value_of("Sibilance"), "too quiet");
    bench.play(VOWEL, 40);
    assert!(bench.says("\u{2212}24.0") && bench.says("dB against the body") && bench.says("no s"));
    bench.play([-20.0, 0.0, 3.2, 0.3], 1);
    assert!(bench.says("+3.2") && bench.says("just an s") && bench.says("30 %"));
    bench.play(VOWEL, 10);
    assert!(bench.says("+3.2"), "it stays for half a second");
    assert_eq!(bench.value_of("Sibilance"), "3.2 dB");
    bench.play(s(4.1), 2);
    assert!(bench.says("clearly an s") && bench.says("80 %") && bench.says("\u{2212}4.1"));
    assert_eq!(bench.value_of("Sureness"), "80 %");
    bench.put(&[("key", "External")]);
    assert_eq!(bench.gestures(), 0);
}

#[test]
fn each_s_is_told_with_what_it_lost() {
    let mut bench = open();
    assert_eq!(bench.value_of("S-sounds"), "none");
    for lost_db in [4.0, 6.0, 2.0] {
        bench.play(VOWEL, 30);
        bench.play(s(lost_db), 6);
        bench.play([-20.0, 0.5, -10.0, 0.0], 2);
    }
    assert_eq!(bench.value_of("S-sounds"), "\u{2212}4.0, \u{2212}6.0, \u{2212}2.0");
    assert_eq!(bench.value_of("From each s"), "\u{2212}4.0 dB");
    bench.play(VOWEL, 600);
    assert_eq!(bench.value_of("S-sounds"), "none");
}

#[test]
fn the_reduction_is_drawn_and_told() {
    let mut bench = open();
    assert!(bench.says("dB: at rest"));
    bench.put(&[("range", "0")]);
    assert!(bench.says("dB: range is 0"));
    bench.hear(&[
        (Shown::ReductionFirst, 3.0),
        (Shown::ReductionSecond, 4.5),
        (Shown::Channels, 2.0),
    ]);
    assert_eq!(bench.value_of("Reduction drawn"), "\u{2212}4.5 dB");
}

#[test]
fn the_threshold_and_the_latencies_are_told() {
    let mut bench = open();
    assert!(bench.says("from \u{2212}12.0 dB on") && bench.says("off: no latency"));
    bench.put(&[("detect", "Absolute"), ("lookahead", "On")]);
    assert!(bench.says("from \u{2212}30.0 dBFS on") && bench.says("adds 5 ms of latency"));
    assert!(bench.says("Lookahead Time") && bench.says("the band, with soft edges; no latency"));
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
    let is_free = |text: &str| text.starts_with("Band") || text == "Threshold line";
    bench.check_places(scale, what, is_free, |_| false);
}

#[test]
fn nothing_lies_on_anything_at_any_size() {
    for scale in [0.75, 1.0, 2.0, 3.0] {
        let mut bench = open_at(scale);
        check_places(&bench, scale, "nothing yet");
        bench.put(&[
            ("sensitivity", "77.7"),
            ("range", "22.22"),
            ("attack", "12.3"),
            ("release", "345.6"),
            ("low", "4.321k"),
            ("high", "12345"),
            ("link", "55.5"),
            ("split", "On"),
            ("lookahead", "On"),
            ("detect", "Absolute"),
            ("key", "External"),
            ("match", "On"),
        ]);
        bench.hear(&[
            (Shown::GainReduction, 22.2),
            (Shown::ReductionFirst, 22.2),
            (Shown::ReductionSecond, 11.1),
            (Shown::ReductionMaximum, 22.2),
            (Shown::Sibilance, -33.3),
            (Shown::Sureness, 1.0),
            (Shown::KeyFed, 0.0),
            (Shown::Channels, 2.0),
        ]);
        bench.play([-20.0, 22.2, -33.3, 0.2], 40);
        check_places(&bench, scale, "all in use");
        bench.put(&[("key", "Internal"), ("lookahead", "Off"), ("split", "Off"), ("range", "0")]);
        bench.hear(&[(Shown::KeyFed, 1.0)]);
        bench.play([f32::NEG_INFINITY, 0.0, -60.0, 0.0], 40);
        check_places(&bench, scale, "silence");
        bench.put(&[("mode", "Shelf"), ("detect", "Relative")]);
        check_places(&bench, scale, "a shelf");
    }
}
