//! What the page says and where: states in words, nothing on top of anything, at every size.

use super::*;
use support::spectrum::Point;

#[test]
fn the_key_tells_whether_it_is_alive_and_heard() {
    let mut bench = open_at(1.0);
    assert!(bench.says("no key"));
    bench.hear(&[(shown::KEY_FED, 1.0)]);
    assert!(bench.says("key live, no band listens"));
    bench.put(&[("on_1", "On"), ("range_1", "-3"), ("key_1", "External")]);
    assert!(bench.says("key live"));
    bench.hear(&[(shown::KEY_FED, 0.0)]);
    assert!(bench.says("no key: what it keys rests") && bench.says("no key: at rest"));
}

#[test]
fn a_move_is_told_at_the_node_on_the_meter_and_for_the_whole() {
    let mut bench = open();
    bench.press_on("Band 2 controls");
    bench.hear(&[(shown::KEY_FED, 1.0), (shown::MOVE + 1, -2.6), (shown::LEVEL + 1, -18.3)]);
    assert!(bench.says("\u{2212}2.6 dB now") && bench.says("range \u{2212}4.0 dB"));
    assert_eq!(bench.value_of("Key level"), "\u{2212}18.3 dB");
    assert!(bench.says("\u{2212}2.6") && bench.says("dB at 2.0 kHz"));
    bench.put(&[("scale", "50")]);
    assert!(bench.says("range \u{2212}2.0 dB"), "what it may reach, scaled");
    bench.put(&[("scale", "0")]);
    assert!(bench.says("scale is 0: still"));
}

#[test]
fn why_a_band_stands_still_is_said() {
    let mut bench = open();
    assert!(bench.says("range is 0: still"));
    bench.press_on("Band 7 controls");
    assert!(bench.says("the band is off"));
    bench.put(&[("type_7", "Low Cut")]);
    assert!(bench.says("A Low Cut stands still: bells, shelves and tilts can move."));
    assert!(
        bench.says("Band 7 Slope") && !bench.says("Band 7 Gain") && !bench.says("Band 7 Range")
    );
    bench.put(&[("type_7", "Notch")]);
    assert!(bench.says("Gain: has none") && !bench.says("Band 7 Slope"));
}

#[test]
fn a_key_filter_of_its_own_shows_its_values() {
    let mut bench = open();
    assert!(bench.says("hears where it works") && !bench.says("Band 1 Key Frequency"));
    bench.put(&[("key-filter_1", "Low-Pass")]);
    bench.type_into("Band 1 Key Frequency", "110");
    assert!(near(bench.plain("key-frequency_1"), 110.0, 0.1));
    assert!(bench.says("Band 1 Key Q"));
    bench.put(&[("key-filter_1", "Off")]);
    assert!(bench.says("hears everything"));
}

#[test]
fn auto_gain_and_lookahead_say_what_they_cost() {
    let mut bench = open();
    bench.hear(&[(shown::AUTO_GAIN, 0.6)]);
    assert!(bench.says("would be +0.6 dB") && bench.says("off: no latency"));
    bench.press_on("Auto Gain");
    bench.press_on("Lookahead");
    assert!(bench.says("+0.6 dB") && bench.says("adds 20 ms"));
    bench.type_into("Lookahead Time", "8");
    assert!(near(bench.plain("lookahead-time"), 8.0, 1e-3));
}

#[test]
fn what_is_looked_at_is_chosen_and_kept() {
    let mut bench = open();
    let one = bench.centre("Band 1");
    bench.press_on("Display range");
    bench.press_on("Display range: \u{b1}6 dB");
    assert!(bench.centre("Band 1").y > one.y + 10.0, "the same gain lies lower");
    assert_eq!(bench.choices.get(view::View::Scale as usize), 1);
    bench.press_on("Stem spectrum");
    bench.press_on("Stem spectrum: In and out");
    bench.press_on("Spectrum slope");
    bench.press_on("Spectrum slope: 3 dB/oct");
    bench.press_on("Spectrum speed");
    bench.press_on("Spectrum speed: Slow");
    bench.press_on("Key");
    assert_eq!(view::spectra(&bench.choices), [true, true, false]);
    assert_eq!((view::slope_db(&bench.choices), view::time_s(&bench.choices)), (3.0, 1.0));
    assert_eq!(bench.gestures(), 0, "nothing that is heard changes");
}

#[test]
fn collisions_are_named_where_stem_and_key_meet() {
    let mut bench = open();
    assert!(!bench.says("both strong"));
    let tone = |hz: f32| -> Vec<f32> {
        (0..9000).map(|n| 0.2 * (std::f32::consts::TAU * hz * n as f32 / 48_000.0).sin()).collect()
    };
    let mut play = |stem: f32, key: f32| {
        for (point, hz) in [(Point::Output, stem), (Point::Key, key)] {
            // Broader than a line: five tones within a third of an octave.
            let tones = [0.9, 0.95, 1.0, 1.06, 1.12].map(|by| tone(hz * by));
            let sum: Vec<f32> =
                (0..9000).map(|n| tones.iter().map(|tone| tone[n]).sum::<f32>()).collect();
            bench.taps.push(point, &[&sum]);
        }
        bench.steps(60);
        bench.says("both strong")
    };
    assert!(!play(300.0, 3000.0));
    assert!(play(3000.0, 3000.0));
}

/// Nothing lies on anything but what lies in what.
fn check_places(bench: &Bench, scale: f32, what: &str) {
    // What lies on the plot may lie on it anywhere.
    let is_free = |text: &str| text.len() == "Band 1".len() || text.contains("range arm");
    bench.check_places(scale, what, is_free, |text| text.contains("threshold line"));
}

#[test]
fn nothing_lies_on_anything_at_any_size() {
    for scale in [0.75, 1.0, 2.0, 3.0] {
        let mut bench = open_at(scale);
        bench.put(&[
            ("on_2", "On"),
            ("range_2", "-12.34"),
            ("threshold_2", "-33.33"),
            ("gain_2", "-12.34"),
            ("frequency_2", "12345"),
            ("key_2", "Int - Ext"),
            ("key-filter_2", "Band-Pass"),
            ("key-frequency_2", "12345"),
            ("attack_2", "123.4"),
            ("release_2", "1234"),
            ("lookahead", "On"),
            ("auto-gain", "On"),
            ("placement_2", "Stereo"),
            ("type_5", "High Shelf"),
        ]);
        bench.hear(&[
            (shown::MOVE + 1, -11.9),
            (shown::LEVEL + 1, -33.0),
            (shown::AUTO_GAIN, -12.3),
            (shown::KEY_FED, 0.0),
        ]);
        for in_hand in [1, 4, 7] {
            view::show_band(&bench.choices, in_hand);
            bench.steps(3);
            check_places(&bench, scale, &format!("band {}", in_hand + 1));
        }
        bench.put(&[("type_8", "Low Cut"), ("on_8", "On")]);
        check_places(&bench, scale, "a cut");
        bench.put(&[("type_8", "Notch")]);
        check_places(&bench, scale, "a notch");
        bench.choices.set(view::View::Bands as usize, 1);
        bench.steps(3);
        check_places(&bench, scale, "the list");
        bench.put(&[("unmask", "On"), ("key-level", "-12.3")]);
        let ducks = (0..shared_dsp::unmask::BANDS).map(|bell| (shown::DUCK + bell, 11.9));
        let outcome = [
            (shown::BEFORE, -12.3),
            (shown::AFTER, -10.1),
            (shown::MEAN_DUCK, 11.9),
            (shown::DUCKED, 100.0),
            (shown::ACTIVE_SECONDS, 5999.0),
        ];
        bench.hear(&ducks.chain(outcome).collect::<Vec<_>>());
        for (view, what) in [(2, "Unmask"), (1, "the list above lanes"), (0, "a band under lanes")]
        {
            bench.choices.set(view::View::Bands as usize, view);
            bench.steps(3);
            check_places(&bench, scale, what);
        }
    }
}

#[test]
fn ids_of_the_bands_are_found_where_they_are() {
    let bench = open();
    let ids: Vec<String> = views(&*bench.host.params).into_iter().map(|view| view.id).collect();
    for band in 0..BANDS {
        for (what, id) in What::ALL {
            let at = ids.iter().position(|other| *other == format!("{id}_{}", band + 1));
            assert_eq!(at, Some(band * What::ALL.len() + what as usize));
        }
    }
    assert!(FloatParam::value(&bench.host.params.bands[0].gain) == -2.0);
}
