//! What the page says and where: states in words, nothing on top of anything, at every size.

use super::*;

#[test]
fn the_numbers_stand_against_what_was_ordered() {
    let mut bench = open();
    assert!(bench.says("not measured yet"));
    bench.hear(A_MIX);
    assert!(bench.says("\u{2212}16.3") && bench.says("2.3 LU under"));
    assert!(bench.says("over by 0.40 at 0:12.4"));
    assert_eq!(bench.value_of("Short-term"), "\u{2212}15.4 LUFS");
    assert!(bench.says("max \u{2212}13.5 at 1:03"));
    bench.put(&[("target", "Podcast, stereo")]);
    assert!(bench.says("on target"));
    bench.hear(&[
        (Shown::ItuMaximumLeft, -1.5),
        (Shown::StrictMaximumLeft, -1.4),
        (Shown::RangeStable, 0.0),
    ]);
    assert!(bench.says("0.40 dB under \u{2212}1.0, at 0:12.4"));
    assert!(bench.says("unstable: under 60 s"));
}

#[test]
fn the_verdict_says_line_by_line_and_what_to_do() {
    let mut bench = open();
    bench.hear(A_MIX);
    assert!(bench.value_of("True peak: fail").contains("\u{2212}1.0"));
    assert!(bench.says("fail"));
    bench.put(&[("target", "Netflix")]);
    assert!(bench.says("not dialogue-gated"), "without a dialogue stem it never passes");
    bench.hear(&[
        (Shown::KeyFed, 1.0),
        (Shown::Dialogue, -27.4),
        (Shown::DialogueShare, 0.61),
        (Shown::ItuMaximumLeft, -3.0),
        (Shown::StrictMaximumLeft, -3.0),
        (Shown::StrictMaximumRight, -3.0),
        (Shown::ItuMaximumRight, -3.0),
    ]);
    assert!(bench.says("\u{2212}27.4") && bench.says("dialogue 61 % of the time"));
    assert!(bench.says("pass"));
}

#[test]
fn waiting_is_told() {
    let mut bench = open();
    bench.hear(A_MIX);
    bench.hear(&[(Shown::Waits, 2.0)]);
    assert!(bench.says("2:00, stopped"));
    bench.hear(&[(Shown::Waits, 3.0)]);
    assert!(bench.says("bypassed: not measuring"));
}

#[test]
fn the_history_names_its_lines() {
    let mut bench = open();
    bench.measure(30.0, steady);
    assert!(bench.says("S \u{2212}16.0") && bench.says("I \u{2212}16.3 LUFS"));
    assert!(bench.says("true peak \u{2212}3.0 dBTP") && bench.says("correlation 0.60"));
}

#[test]
fn listening_is_lit_while_it_is_not_the_mix() {
    let mut bench = open();
    assert!(!bench.says("\u{25cf} Listen"));
    bench.put(&[("listen", "Small Speaker")]);
    assert!(bench.says("\u{25cf} Listen"));
}

#[test]
fn nothing_lies_on_anything_at_any_size() {
    for (scale, layout) in [(0.75, 0), (0.75, 1), (1.0, 1), (1.0, 2), (2.0, 0), (3.0, 1)] {
        for target in ["Streaming, Spotify", "Own", "Netflix"] {
            let mut bench = open_at(scale);
            bench.choices.set(view::choice::LAYOUT, layout);
            bench.put(&[("target", target)]);
            bench.hear(A_MIX);
            bench.measure(60.0, steady);
            let what = format!("{target} at {scale}, layout {layout}");
            bench.check_places(scale, &what, |_| false, |_| false);
        }
    }
}
