//! Presets: stepped through, searched, loaded, saved, deleted, undone.

use super::*;
use std::fs;

impl Bench {
    /// What the header says about the preset.
    fn preset(&self) -> String {
        let node = self.harness.get_by_label("Preset");
        node.accesskit_node().value().unwrap_or_default()
    }

    fn press_button(&mut self, label: &str) {
        let at = self.centre(label);
        // Long enough after the last click to be no double click.
        self.steps(60);
        self.click(at, NONE);
        self.steps(2);
    }

    fn open_browser(&mut self) {
        self.press_button("Preset");
        assert!(self.is_open());
    }

    fn is_open(&self) -> bool {
        self.harness.query_by_label("Search presets").is_some()
    }

    fn shows(&self, label: &str) -> bool {
        self.harness.query_by_label(label).is_some()
    }

    fn note(&self) -> String {
        let node = self.harness.get_by_label("Preset note");
        node.accesskit_node().value().unwrap_or_default()
    }

    fn mode(&self) -> Mode {
        self.host.params.mode.value()
    }

    /// Saves what is heard under a name.
    fn save(&mut self, name: &str) {
        self.open_browser();
        self.press_button("Save as\u{2026}");
        self.key(Key::A, COMMAND);
        self.type_over(name);
        self.key(Key::Enter, NONE);
    }

    fn files(&self) -> usize {
        fs::read_dir(self.folder.path().join("presets")).map_or(0, Iterator::count)
    }
}

#[test]
fn the_arrows_step_through_all_presets_and_round_the_ends() {
    let mut bench = Bench::new();
    assert_eq!(bench.preset(), "Presets");
    for (button, name, gain) in [
        ("Next preset", "Plain", 0.0),
        ("Next preset", "Loud", 6.0),
        ("Next preset", "Soft", -6.0),
        ("Next preset", "Plain", 0.0),
        ("Previous preset", "Soft", -6.0),
        ("Previous preset", "Loud", 6.0),
    ] {
        bench.press_button(button);
        assert_eq!(bench.preset(), name);
        assert!((bench.gain() - gain).abs() < 1e-4, "{name}: {}", bench.gain());
        assert_eq!(bench.mode(), if name == "Loud" { Mode::Strict } else { Mode::Standard });
    }
    bench.gestures();
}

#[test]
fn a_preset_is_a_whole_setting_but_no_monitor_and_one_step_of_undo() {
    let mut bench = Bench::new();
    bench.press_button("Next preset");
    bench.wheel("Release", 3.0, NONE);
    let release = bench.host.params.release.value();
    bench.press_button("Bypass");
    bench.press_button("Delta");
    bench.told();
    bench.press_button("Next preset");
    assert_eq!(bench.gestures(), 3, "gain, release and mode move, and nothing else");
    assert!((bench.host.params.release.value() - 50.0).abs() < 1e-3, "back at its default");
    assert!(bench.host.params.bypass.value() && bench.host.params.delta.value());
    bench.key(Key::Z, COMMAND);
    assert_eq!((bench.gain(), bench.mode()), (0.0, Mode::Standard));
    assert_eq!(bench.host.params.release.value(), release);
    assert_eq!(bench.preset(), "Plain, changed");
    bench.key(Key::Z, COMMAND | SHIFT);
    assert_eq!(bench.preset(), "Loud");
    assert!((bench.gain() - 6.0).abs() < 1e-4);
}

#[test]
fn a_preset_says_when_it_was_changed_since() {
    let mut bench = Bench::new();
    bench.press_button("Next preset");
    bench.press_button("Next preset");
    assert_eq!(bench.preset(), "Loud");
    bench.wheel("Gain", 1.0, NONE);
    assert_eq!(bench.preset(), "Loud, changed");
    bench.wheel("Gain", -1.0, NONE);
    assert_eq!(bench.preset(), "Loud");
    // By automation too.
    views(&*bench.host.params)[0].set_detached(0.25);
    bench.steps(1);
    assert_eq!(bench.preset(), "Loud, changed");
}

#[test]
fn a_and_b_each_remember_their_preset() {
    let mut bench = Bench::new();
    bench.press_button("Next preset");
    bench.press_button("Next preset");
    bench.press_button("A/B");
    assert_eq!(bench.preset(), "Loud", "an unused B begins as a copy of A");
    bench.press_button("Next preset");
    assert_eq!(bench.preset(), "Soft");
    bench.press_button("A/B");
    assert_eq!(bench.preset(), "Loud");
    assert!((bench.gain() - 6.0).abs() < 1e-4);
    bench.press_button("A/B");
    assert_eq!(bench.preset(), "Soft");
    bench.key(Key::Z, COMMAND);
    assert_eq!(bench.preset(), "Loud");
}

#[test]
fn the_browser_searches_and_loads_by_keyboard_alone() {
    let mut bench = Bench::new();
    bench.open_browser();
    assert!(bench.harness.get_by_label("Search presets").is_focused());
    // Words of name and note, in any order and case.
    bench.type_over("DOWN six");
    assert!(bench.shows("Soft") && !bench.shows("Loud") && !bench.shows("Plain"));
    assert_eq!(bench.note(), "Six down.");
    bench.key(Key::Enter, NONE);
    assert!(!bench.is_open());
    assert_eq!(bench.preset(), "Soft");
    assert!((bench.gain() + 6.0).abs() < 1e-4);
    // It opens at what is heard; the arrow keys choose from there, and load nothing yet.
    bench.open_browser();
    assert_eq!(bench.note(), "Six down.");
    bench.key(Key::ArrowUp, NONE);
    assert_eq!(bench.note(), "Six up.");
    bench.key(Key::ArrowUp, NONE);
    bench.key(Key::ArrowUp, NONE);
    assert_eq!(bench.note(), "All as it comes.");
    bench.key(Key::ArrowDown, NONE);
    assert!((bench.gain() + 6.0).abs() < 1e-4);
    bench.key(Key::Enter, NONE);
    assert_eq!(bench.preset(), "Loud");
}

#[test]
fn escape_and_a_click_beside_it_close_the_browser_and_load_nothing() {
    let mut bench = Bench::new();
    bench.open_browser();
    bench.key(Key::ArrowDown, NONE);
    bench.key(Key::Escape, NONE);
    assert!(!bench.is_open());
    bench.open_browser();
    bench.click(pos2(880.0, 480.0), NONE);
    bench.steps(2);
    assert!(!bench.is_open());
    assert_eq!((bench.preset().as_str(), bench.told()), ("Presets", vec![]));
}

#[test]
fn the_page_below_the_browser_gets_nothing() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 2.0, NONE);
    bench.told();
    let knob = bench.centre("Gain");
    bench.open_browser();
    bench.key(Key::Z, COMMAND);
    bench.key(Key::Tab, NONE);
    bench.key(Key::ArrowUp, NONE);
    bench.click(knob, NONE);
    assert_eq!(bench.told(), []);
    assert!((bench.gain() - 1.0).abs() < 1e-4);
}

#[test]
fn a_click_loads_and_leaves_the_browser_open() {
    let mut bench = Bench::new();
    bench.open_browser();
    bench.press_button("Loud");
    assert!((bench.gain() - 6.0).abs() < 1e-4 && bench.is_open());
    bench.press_button("Soft");
    assert!((bench.gain() + 6.0).abs() < 1e-4 && bench.is_open());
    let at = bench.centre("Loud");
    bench.steps(60);
    bench.click(at, NONE);
    bench.click(at, NONE);
    bench.steps(2);
    assert_eq!(bench.preset(), "Loud");
    assert!(!bench.is_open(), "a double click is done");
}

#[test]
fn saving_keeps_what_is_heard_under_a_name() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 5.0, NONE);
    bench.save("Mine: 2.5 up");
    assert!(!bench.is_open());
    assert_eq!((bench.preset().as_str(), bench.files()), ("Mine: 2.5 up", 1));
    bench.wheel("Gain", 5.0, NONE);
    assert_eq!(bench.preset(), "Mine: 2.5 up, changed");
    bench.press_button("Next preset");
    assert_eq!(bench.preset(), "Plain", "round the end");
    bench.press_button("Previous preset");
    assert_eq!(bench.preset(), "Mine: 2.5 up");
    assert!((bench.gain() - 2.5).abs() < 1e-4);
}

#[test]
fn nothing_is_overwritten_without_a_question() {
    let mut bench = Bench::new();
    bench.wheel("Gain", 5.0, NONE);
    bench.save("Mine");
    bench.wheel("Gain", 5.0, NONE);
    bench.save("mine");
    assert!(bench.shows("Replace \u{201c}Mine\u{201d}?"), "the names mean one file");
    // Enter once more is not an answer.
    bench.key(Key::Enter, NONE);
    assert!(bench.shows("Replace \u{201c}Mine\u{201d}?"));
    bench.key(Key::Escape, NONE);
    assert!(bench.shows("Preset name"), "back at the name");
    bench.key(Key::Escape, NONE);
    bench.key(Key::Escape, NONE);
    assert!(!bench.is_open());
    assert_eq!(bench.preset(), "Mine, changed");
    bench.save("Mine");
    bench.press_button("Replace");
    assert_eq!((bench.preset().as_str(), bench.files()), ("Mine", 1));
    bench.press_button("Next preset");
    bench.press_button("Previous preset");
    assert!((bench.gain() - 5.0).abs() < 1e-4);
}

#[test]
fn nothing_is_deleted_without_a_question() {
    let mut bench = Bench::new();
    bench.save("Mine");
    bench.open_browser();
    bench.press_button("Delete Mine");
    assert!(bench.shows("Delete \u{201c}Mine\u{201d} and its file?"));
    bench.press_button("Cancel");
    assert_eq!(bench.files(), 1);
    // By keyboard: on what is chosen, once the search is empty.
    bench.key(Key::Delete, NONE);
    assert!(bench.shows("Delete \u{201c}Mine\u{201d} and its file?"));
    bench.press_button("Delete");
    assert_eq!(bench.files(), 0);
    assert!(bench.is_open() && !bench.shows("Mine"));
    assert!(!bench.shows("Delete Plain"), "the factory's stay");
    bench.key(Key::Escape, NONE);
    assert_eq!(bench.preset(), "Presets");
}

#[test]
fn a_broken_file_is_named_with_its_fault_and_hides_no_other() {
    let mut bench = Bench::new();
    bench.save("Mine");
    let file = bench.folder.path().join("presets/broken.json");
    fs::write(file, r#"{"plugin":"Hands","name":"B","values":{"gain":"99 dB"}}"#).expect("written");
    bench.open_browser();
    assert!(bench.shows("Mine"));
    let fault = "broken.json sets \u{201c}gain\u{201d} to \"99 dB\", which it cannot be.";
    assert!(bench.shows(fault));
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said_and_the_name_is_not_lost() {
    let mut bench = Bench::new();
    fs::write(bench.folder.path().join("presets"), "in the way").expect("written");
    bench.save("Mine");
    assert!(bench.is_open() && bench.shows("Preset name"));
    assert!(bench.note().starts_with("Cannot save \u{201c}Mine\u{201d}"), "{}", bench.note());
    assert_eq!(bench.preset(), "Presets");
}

#[test]
fn the_presets_name_goes_into_the_hosts_session_and_comes_out_of_it() {
    let mut bench = Bench::new();
    bench.press_button("Next preset");
    bench.press_button("Next preset");
    let loud = PresetKey { name: "Loud".to_owned(), own: false };
    assert_eq!(bench.kept_preset.get(), Some(loud.clone()));
    bench.kept_preset.restore(Some(&PresetKey { name: "Soft".to_owned(), own: false }));
    bench.steps(2);
    assert_eq!(bench.preset(), "Soft, changed", "the name alone changes nothing that is heard");
    bench.kept_preset.restore(None);
    bench.steps(2);
    assert_eq!(bench.preset(), "Presets");
    // One that is not here any more.
    bench.kept_preset.restore(Some(&PresetKey { name: "Loud".to_owned(), own: true }));
    bench.steps(2);
    assert_eq!(bench.preset(), "Loud, changed");
    bench.press_button("Undo");
    assert_eq!(bench.kept_preset.get().expect("a preset").name, "Plain");
}
