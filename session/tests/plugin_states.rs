//! Saved states of the plugins: what a session keeps of them comes back as it was, from every
//! version there has been.
//!
//! These need the bundles: `cargo xtask bundle --release` first, or name their folder in
//! `STEMWRIGHT_PLUGINS`. Without them they fail and say so.
//!
//! `plugins/*/tests/states` holds one file for each released version, kept for ever: the JSON of a
//! state that version saved with every parameter off its default. To write those of a new version,
//! run these tests with `STEMWRIGHT_KEEP_STATES=1`; a file that is there is never overwritten.

mod common;

use common::{COMPRESSOR, DE_ESSER, EQ, LIMITER, METER, RATE, TRIM, built_bundles};
use serde_json::{Map, Value as Json, json};
use session::Error;
use session::bundle::Bundles;
use session::host::Plugin;
use session::model::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A plugin, and how it looks with nothing left at its default.
struct Subject {
    id: &'static str,
    /// Its folder in `plugins`.
    folder: &'static str,
    /// Every parameter as it is shown, away from its default; `{n}` stands for each of eight bands.
    all_moved: &'static [(&'static str, &'static str)],
    /// Parameters that load as off, by name and by id.
    monitors: &'static [(&'static str, &'static str)],
    /// What its monitors show when they are off.
    off: &'static str,
}

const SUBJECTS: [Subject; 6] = [
    Subject {
        id: TRIM,
        folder: "stem-trim",
        all_moved: &[
            ("Gain", "-3.70 dB"),
            ("Balance", "20.0 % L"),
            ("Width", "140.0 %"),
            ("Delay", "7.300 ms (350.40 samples)"),
            ("Polarity L", "On"),
            ("Polarity R", "On"),
            ("Channels", "Swap"),
            ("High-Pass", "85.0 Hz"),
            ("High-Pass Slope", "24 dB/oct"),
            ("Role", "Lead Vocal"),
            ("Version", "M&E"),
            ("Vocal Step", "1.50 dB"),
            ("Bypass", "On"),
        ],
        monitors: &[],
        off: "Off",
    },
    Subject {
        id: EQ,
        folder: "dynamic-eq",
        all_moved: &[
            ("Band {n} On", "On"),
            ("Band {n} Type", "High Cut"),
            ("Band {n} Frequency", "440.0 Hz"),
            ("Band {n} Gain", "-3.50 dB"),
            ("Band {n} Q", "1.410"),
            ("Band {n} Slope", "36 dB/oct"),
            ("Band {n} Placement", "Side"),
            ("Band {n} Range", "-6.00 dB"),
            ("Band {n} Threshold", "-41.50 dB"),
            ("Band {n} Ratio", "2.50:1"),
            ("Band {n} Knee", "12.00 dB"),
            ("Band {n} Attack", "25.0 ms"),
            ("Band {n} Hold", "40.0 ms"),
            ("Band {n} Release", "320.0 ms"),
            ("Band {n} Action", "Below"),
            ("Band {n} Key", "Voice"),
            ("Band {n} Key Filter", "High-Pass"),
            ("Band {n} Key Frequency", "2.500 kHz"),
            ("Band {n} Key Q", "3.000"),
            ("Unmask", "On"),
            ("Unmask Depth", "4.50 dB"),
            ("Unmask Focus Low", "300.0 Hz"),
            ("Unmask Focus High", "5.000 kHz"),
            ("Unmask Speed", "40.0 ms"),
            ("Unmask Placement", "Stereo"),
            ("Key Level", "-30.0 LUFS"),
            ("Scale", "150.0 %"),
            ("Lookahead", "On"),
            ("Lookahead Time", "7.50 ms"),
            ("Mix", "80.0 %"),
            ("Output", "-1.50 dB"),
            ("Auto Gain", "On"),
            ("Band Solo", "Band 3"),
            ("Key Listen", "On"),
            ("Match", "On"),
            ("Delta", "On"),
            ("Bypass", "On"),
        ],
        monitors: &[
            ("Band Solo", "band-solo"),
            ("Key Listen", "key-listen"),
            ("Match", "match"),
            ("Delta", "delta"),
        ],
        off: "Off",
    },
    Subject {
        id: COMPRESSOR,
        folder: "bus-compressor",
        all_moved: &[
            ("Threshold", "-24.50 dB"),
            ("Ratio", "3.00:1"),
            ("Knee", "12.00 dB"),
            ("Attack", "12.0 ms"),
            ("Release", "320.0 ms"),
            ("Auto Release", "On"),
            ("Hold", "40.0 ms"),
            ("Range", "9.00 dB"),
            ("Character", "Bus"),
            ("Detector", "Peak"),
            ("RMS Time", "25.0 ms"),
            ("Link", "65.0 %"),
            ("Stereo Mode", "M/S"),
            ("Lookahead", "On"),
            ("Lookahead Time", "7.50 ms"),
            ("Key", "External"),
            ("Key High-Pass", "85.0 Hz"),
            ("Key Low-Pass", "8.000 kHz"),
            ("Key Bell Frequency", "2.500 kHz"),
            ("Key Bell Gain", "3.50 dB"),
            ("Key Bell Q", "1.410"),
            ("Key Tilt", "6.00 dB"),
            ("Makeup", "2.50 dB"),
            ("Auto Makeup", "On"),
            ("Mix", "80.0 %"),
            ("Key Listen", "On"),
            ("Match", "On"),
            ("Delta", "On"),
            ("Bypass", "On"),
        ],
        monitors: &[("Key Listen", "key-listen"), ("Match", "match"), ("Delta", "delta")],
        off: "Off",
    },
    Subject {
        id: DE_ESSER,
        folder: "de-esser",
        all_moved: &[
            ("Detect", "Absolute"),
            ("Low", "4.200 kHz"),
            ("High", "11.00 kHz"),
            ("Sensitivity", "62.5 %"),
            ("Range", "8.50 dB"),
            ("Mode", "Shelf"),
            ("Split", "On"),
            ("Attack", "2.00 ms"),
            ("Release", "80.0 ms"),
            ("Lookahead", "On"),
            ("Lookahead Time", "4.00 ms"),
            ("Link", "65.0 %"),
            ("Stereo Mode", "M/S"),
            ("Key", "External"),
            ("Key Listen", "On"),
            ("Match", "On"),
            ("Delta", "On"),
            ("Bypass", "On"),
        ],
        monitors: &[("Key Listen", "key-listen"), ("Match", "match"), ("Delta", "delta")],
        off: "Off",
    },
    Subject {
        id: LIMITER,
        folder: "limiter",
        all_moved: &[
            ("Gain", "6.25 dB"),
            ("Ceiling", "-0.30 dBTP"),
            ("Lookahead", "3.20 ms"),
            ("Release", "120.0 ms"),
            ("Auto Release", "Off"),
            ("Link", "65.0 %"),
            ("Mode", "Sample Peak"),
            ("Key", "External"),
            ("Dither", "20 bit"),
            ("Noise Shaping", "On"),
            ("Key Listen", "On"),
            ("Match", "On"),
            ("Delta", "On"),
            ("Bypass", "On"),
        ],
        monitors: &[("Key Listen", "key-listen"), ("Match", "match"), ("Delta", "delta")],
        off: "Off",
    },
    Subject {
        id: METER,
        folder: "meter",
        all_moved: &[
            ("Target", "Own"),
            ("Own Loudness", "-11.5 LUFS"),
            ("Own Tolerance", "0.5 LU"),
            ("Own Ceiling", "-0.30 dBTP"),
            ("Auto Reset", "Never"),
            ("Freeze When Stopped", "Off"),
            ("Dual Mono", "On"),
            ("Correlation Window", "500.0 ms"),
            ("Keep History", "On"),
            ("Listen", "Small Speaker"),
            ("Bypass", "On"),
        ],
        monitors: &[("Listen", "listen")],
        off: "Stereo",
    },
];

/// What each parameter shows, by name.
type Texts = BTreeMap<String, String>;

impl Subject {
    /// Every parameter as it is shown, away from its default.
    fn moved(&self) -> Vec<(String, String)> {
        let each = |(name, text): &(&str, &str)| -> Vec<(String, String)> {
            let bands = if name.contains("{n}") { 8 } else { 1 };
            let named = |n: usize| (name.replace("{n}", &n.to_string()), (*text).to_owned());
            (1..=bands).map(named).collect()
        };
        self.all_moved.iter().flat_map(each).collect()
    }

    /// A new instance.
    fn fresh(&self, bundles: &mut Bundles) -> Plugin {
        let found = bundles.find(self.id).unwrap();
        Plugin::new(&found, self.id, "Mix", false, RATE, 512).unwrap()
    }

    /// An instance with every parameter away from its default.
    fn used(&self, bundles: &mut Bundles) -> Plugin {
        let mut plugin = self.fresh(bundles);
        for (name, text) in self.moved() {
            plugin.set(&name, &Value::Text(text)).unwrap();
        }
        plugin
    }

    /// What an instance shows that has loaded a state with everything moved.
    fn moved_and_loaded(&self) -> Texts {
        let shown = |(name, text): (String, String)| {
            let off = self.monitors.iter().any(|(monitor, _)| *monitor == name);
            (name, if off { self.off.to_owned() } else { text })
        };
        self.moved().into_iter().map(shown).collect()
    }

    /// A state as it reads once loaded: the monitors it holds are off. Those it does not hold yet are
    /// left out here as well.
    fn with_monitors_off(&self, state: &Json) -> Json {
        let mut state = state.clone();
        for (_, id) in self.monitors {
            if let Some(value) = state["params"].get_mut(*id) {
                let is_switch = value.get("bool").is_some();
                let off = self.off.to_lowercase();
                *value =
                    if is_switch { json!({ "bool": false }) } else { json!({ "string": off }) };
            }
        }
        state
    }

    /// Where its states are kept.
    fn states(&self) -> PathBuf {
        let session = Path::new(env!("CARGO_MANIFEST_DIR"));
        session.parent().unwrap().join("plugins").join(self.folder).join("tests/states")
    }

    /// The kept state of one version.
    fn kept(&self, version: &str) -> PathBuf {
        self.states().join(format!("{version}.json"))
    }
}

/// What an instance shows.
fn texts(plugin: &mut Plugin) -> Texts {
    let parameters = plugin.parameters().to_vec();
    let shown = parameters.iter().map(|parameter| {
        let value = plugin.value(parameter.id).unwrap();
        (parameter.name.clone(), plugin.text(parameter, value))
    });
    shown.collect()
}

/// The id of the parameter with a name: `key-q_3` for `Band 3 Key Q`.
fn id_of(name: &str) -> String {
    let id = |name: &str| name.to_lowercase().replace(' ', "-");
    let band = name.strip_prefix("Band ").and_then(|rest| rest.split_once(' '));
    match band {
        Some((n, name)) if n.parse::<usize>().is_ok() => format!("{}_{n}", id(name)),
        _ => id(name),
    }
}

/// The JSON in a state: the framework puts its length before it, since a CLAP stream has no end.
fn json_of(state: &[u8]) -> &[u8] {
    let (length, json) = state.split_at(8);
    assert_eq!(u64::from_le_bytes(length.try_into().unwrap()), json.len() as u64);
    json
}

/// A state with this JSON in it, or what should be JSON.
fn state_of(json: &[u8]) -> Vec<u8> {
    [&(json.len() as u64).to_le_bytes(), json].concat()
}

fn load(plugin: &mut Plugin, state: &Json) {
    plugin.load_state(&state_of(state.to_string().as_bytes())).unwrap();
}

fn save(plugin: &mut Plugin) -> Json {
    serde_json::from_slice(json_of(&plugin.save_state().unwrap())).unwrap()
}

fn params(state: &Json) -> &Map<String, Json> {
    state["params"].as_object().unwrap()
}

#[test]
fn every_parameter_comes_back_and_is_saved_again_to_the_byte() {
    let mut bundles = built_bundles();
    for subject in &SUBJECTS {
        let defaults = texts(&mut subject.fresh(&mut bundles));
        let mut used = subject.used(&mut bundles);
        let moved = texts(&mut used);
        assert_eq!(moved.len(), subject.moved().len(), "{}: all of them are moved", subject.id);
        for (name, text) in &moved {
            assert_ne!(text, &defaults[name], "{}: {name} was left at its default", subject.id);
        }
        let state = used.save_state().unwrap();

        let mut restored = subject.fresh(&mut bundles);
        restored.load_state(&state).unwrap();
        assert_eq!(texts(&mut restored), subject.moved_and_loaded());
        let again = restored.save_state().unwrap();
        restored.load_state(&again).unwrap();
        assert_eq!(restored.save_state().unwrap(), again);
        if subject.monitors.is_empty() {
            assert_eq!(again, state);
        }
        let state: Json = serde_json::from_slice(json_of(&state)).unwrap();
        assert_eq!(save(&mut restored), subject.with_monitors_off(&state));
        assert_eq!(params(&state).len(), subject.moved().len());
    }
}

/// A state sounds, and is not merely shown: what was set before it does not come back with the
/// first block.
#[test]
fn a_loaded_state_is_what_is_heard() {
    let mut bundles = built_bundles();
    let subject = &SUBJECTS[0];
    let mut plugin = subject.fresh(&mut bundles);
    let neutral = plugin.save_state().unwrap();
    plugin.set("Gain", &Value::Text("-12 dB".to_owned())).unwrap();
    plugin.load_state(&neutral).unwrap();
    let mut processor = plugin.activate().unwrap();
    let input: Vec<f64> = common::signal(5, 512).into_iter().map(f64::from).collect();
    let (mut left, mut right) = (vec![0.0; 512], vec![0.0; 512]);
    processor.process([&input, &input], None, [&mut left, &mut right]).unwrap();
    assert_eq!(left, input);
    assert_eq!(right, input);
    assert_eq!(texts(&mut plugin)["Gain"], "0.00 dB");
}

#[test]
fn the_states_of_every_version_load_alike_into_new_and_used_instances() {
    let mut bundles = built_bundles();
    for subject in &SUBJECTS {
        let mut versions = 0;
        for entry in std::fs::read_dir(subject.states()).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|e| e != "json") {
                continue;
            }
            versions += 1;
            let file = path.display();
            let kept: Json = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();

            let mut fresh = subject.fresh(&mut bundles);
            let defaults = save(&mut fresh);
            load(&mut fresh, &kept);
            let mut used = subject.used(&mut bundles);
            load(&mut used, &kept);
            assert_eq!(texts(&mut fresh), texts(&mut used), "{file}");

            let now = save(&mut used);
            let expected = subject.with_monitors_off(&kept);
            for (id, value) in params(&expected) {
                assert_eq!(&now["params"][id], value, "{file}: {id}");
            }
            // What that version did not have yet.
            for (id, value) in params(&now) {
                if !params(&kept).contains_key(id) {
                    assert_eq!(value, &defaults["params"][id], "{file}: {id}");
                }
            }
            // Every value differs from its default, or the file would prove nothing.
            for (id, value) in params(&kept) {
                assert_ne!(value, &defaults["params"][id], "{file}: {id} is at its default");
            }
        }
        assert!(versions > 0, "{} keeps no state", subject.folder);
    }
}

#[test]
fn this_version_has_its_state_kept() {
    let mut bundles = built_bundles();
    for subject in &SUBJECTS {
        let mut used = subject.used(&mut bundles);
        let version = used.identity().version.clone();
        let path = subject.kept(&version);
        if !path.exists() && std::env::var_os("STEMWRIGHT_KEEP_STATES").is_some() {
            let mut text = serde_json::to_string_pretty(&save(&mut used)).unwrap();
            text.push('\n');
            std::fs::write(&path, text).unwrap();
        }
        let file = path.display();
        let kept = std::fs::read(&path).unwrap_or_else(|e| {
            panic!("cannot read {file} ({e}): run this test with STEMWRIGHT_KEEP_STATES=1 once")
        });
        let kept: Json = serde_json::from_slice(&kept).unwrap();
        let stale = "is not what this version saves: as long as the version is not released, \
                     remove the file and run this test with STEMWRIGHT_KEEP_STATES=1";
        // Numbers are compared as they are shown, since their last bit is the processor's affair.
        let ids = |state: &Json| params(state).keys().cloned().collect::<Vec<_>>();
        let now = save(&mut used);
        assert_eq!(ids(&now), ids(&kept), "{file} {stale}");
        assert_eq!(now["version"], kept["version"], "{file} {stale}");
        let mut fresh = subject.fresh(&mut bundles);
        load(&mut fresh, &kept);
        assert_eq!(texts(&mut fresh), subject.moved_and_loaded(), "{file} {stale}");
    }
}

#[test]
fn what_a_state_leaves_out_is_at_its_default_and_what_is_unknown_is_ignored() {
    let mut bundles = built_bundles();
    for subject in &SUBJECTS {
        let mut fresh = subject.fresh(&mut bundles);
        let (defaults, default_texts) = (save(&mut fresh), texts(&mut fresh));
        let mut used = subject.used(&mut bundles);
        let full = save(&mut used);

        for id in params(&full).keys() {
            // Away from the default again, the monitors included.
            for (name, text) in subject.moved() {
                used.set(&name, &Value::Text(text)).unwrap();
            }
            let mut without = full.clone();
            without["params"].as_object_mut().unwrap().remove(id).unwrap();
            load(&mut used, &without);
            let mut expected = subject.with_monitors_off(&full);
            expected["params"][id] = defaults["params"][id].clone();
            assert_eq!(save(&mut used), expected, "{} without {id}", subject.id);
        }

        load(&mut used, &full);
        let mut none = full.clone();
        none["params"] = json!({});
        load(&mut used, &none);
        assert_eq!(texts(&mut used), default_texts);

        let mut newer = full.clone();
        newer["version"] = json!("99.0.0");
        newer["params"]["shine"] = json!({ "f32": 0.5 });
        newer["params"]["mood"] = json!({ "string": "sunny" });
        newer["fields"]["window"] = json!("{}");
        load(&mut used, &newer);
        assert_eq!(texts(&mut used), subject.moved_and_loaded());
        let saved = save(&mut used);
        assert_eq!(saved["params"], subject.with_monitors_off(&full)["params"]);
        assert_eq!(saved["version"], full["version"]);
    }
}

/// How one listens is not part of a session.
#[test]
fn a_monitor_loads_as_off() {
    let mut bundles = built_bundles();
    for subject in &SUBJECTS {
        for (name, id) in subject.monitors {
            let mut used = subject.used(&mut bundles);
            let on = save(&mut used);
            let off = subject.with_monitors_off(&on);
            assert_ne!(on["params"][id], off["params"][id]);
            let mut fresh = subject.fresh(&mut bundles);
            for plugin in [&mut used, &mut fresh] {
                load(plugin, &on);
                assert_eq!(texts(plugin)[*name], subject.off);
            }
        }
    }
}

#[test]
fn garbage_is_refused_and_leaves_everything_alone() {
    let mut bundles = built_bundles();
    for subject in &SUBJECTS {
        let mut used = subject.used(&mut bundles);
        let before = texts(&mut used);
        let state = used.save_state().unwrap();
        let json = json_of(&state);

        let mut garbage: Vec<Vec<u8>> = (0..state.len()).map(|end| state[..end].to_vec()).collect();
        // The length lies.
        for length in [0, 1, json.len() as u64 - 1, json.len() as u64 / 2, u64::MAX, 1 << 62] {
            garbage.push([&length.to_le_bytes(), json].concat());
        }
        for text in [
            "",
            " ",
            "null",
            "[]",
            "{}",
            "42",
            "gain = 3",
            r#"{"version":"0.1.0"}"#,
            r#"{"version":"0.1.0","params":{},"fields":7}"#,
            r#"{"version":"0.1.0","params":{"gain":3},"fields":{}}"#,
            r#"{"version":"0.1.0","params":{"gain":{"f32":1e999}},"fields":{}}"#,
            r#"{"version":"0.1.0","params":{"gain":{"f32":null}},"fields":{}}"#,
            r#"{"version":"0.1.0","params":{"gain":{"f64":3.0}},"fields":{}}"#,
        ] {
            garbage.push(state_of(text.as_bytes()));
        }
        garbage.push(state_of(&[0xff; 300]));
        garbage.push(state_of(&[0; 300]));
        garbage.push(state_of("[".repeat(100_000).as_bytes()));
        garbage.push(json.to_vec());

        for bytes in garbage {
            let result = used.load_state(&bytes);
            let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned();
            assert!(matches!(result, Err(Error::PluginState { .. })), "accepted: {shown:?}");
            assert_eq!(texts(&mut used), before, "changed by {shown:?}");
        }
        used.load_state(&state).unwrap();
        assert_eq!(texts(&mut used), subject.moved_and_loaded());
    }
}

/// A state may come from a newer version, or have been edited by hand: what of it cannot be read is
/// as if it were missing, and nothing beyond a range gets in.
#[test]
fn values_that_cannot_be_read_are_at_their_default_whatever_the_instance_held() {
    let mut bundles = built_bundles();
    for subject in &SUBJECTS {
        let defaults = save(&mut subject.fresh(&mut bundles));
        let full = save(&mut subject.used(&mut bundles));
        for (id, value) in params(&full) {
            let kind = value.as_object().unwrap().keys().next().unwrap().as_str();
            let mut odd = vec![json!({ "i32": 999 }), json!({ "i32": -5 })];
            match kind {
                // Finite where it is written, infinite once it is a sample's number.
                "f32" => odd.extend([json!({ "f32": 1e300 }), json!({ "bool": true })]),
                "bool" => odd.extend([json!({ "f32": 1.0 }), json!({ "string": "on" })]),
                _ => odd.extend([json!({ "string": "no-such" }), json!({ "bool": true })]),
            }
            for odd in odd {
                let mut state = full.clone();
                state["params"][id] = odd.clone();
                let mut expected = subject.with_monitors_off(&full);
                expected["params"][id] = defaults["params"][id].clone();
                for mut plugin in [subject.fresh(&mut bundles), subject.used(&mut bundles)] {
                    load(&mut plugin, &state);
                    assert_eq!(save(&mut plugin), expected, "{} with {id} = {odd}", subject.id);
                }
            }
            if kind == "f32" {
                for beyond in [1e30, -1e30] {
                    let mut state = full.clone();
                    state["params"][id] = json!({ "f32": beyond });
                    let mut plugin = subject.used(&mut bundles);
                    load(&mut plugin, &state);
                    let parameter = plugin.parameters().iter().find(|p| id_of(&p.name) == *id);
                    let parameter = parameter.unwrap().clone();
                    let end = if beyond > 0.0 { parameter.maximum } else { parameter.minimum };
                    assert_eq!(plugin.value(parameter.id), Some(end));
                    let value = save(&mut plugin)["params"][id]["f32"].as_f64().unwrap();
                    assert!(value.abs() < 1e6, "{id} was let in as {value}");
                }
            }
        }
    }
}
