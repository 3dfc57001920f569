//! `stemwright check` on sets that are right, and on copies with one thing wrong: each is found,
//! under its own name, and nobody else is blamed.

#[path = "common/corrupt.rs"]
mod corrupt;

use corrupt::Set;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a check said.
struct Checked {
    status: i32,
    report: Value,
}

fn check(path: &Path) -> Checked {
    let output = Command::new(env!("CARGO_BIN_EXE_stemwright"))
        .args(["check", "--json"])
        .arg(path)
        .output()
        .unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|e| {
        panic!("{e}: {}", String::from_utf8_lossy(&output.stderr));
    });
    Checked { status: output.status.code().unwrap(), report }
}

impl Checked {
    /// Code and file of everything but notes, the verdict itself, and the headroom (what is doubled
    /// takes some), in order of code.
    fn accused(&self) -> Vec<(String, String)> {
        let mut found: Vec<(String, String)> = self.report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["severity"] != "note")
            .filter(|f| f["code"] != "null-review" && f["code"] != "null-fail")
            .filter(|f| f["code"] != "headroom-hot")
            .map(|f| {
                (
                    f["code"].as_str().unwrap().to_owned(),
                    f["file"].as_str().unwrap_or("").to_owned(),
                )
            })
            .collect();
        found.sort();
        found
    }

    fn change(&self, file: &str) -> &Value {
        let changes = self.report["null_test"]["changes"].as_array().unwrap();
        changes.iter().find(|c| c["file"] == file).unwrap_or_else(|| panic!("{changes:?}"))
    }

    fn findings(&self) -> String {
        serde_json::to_string_pretty(&serde_json::json!({
            "findings": self.report["findings"],
            "null": self.report["null_test"],
        }))
        .unwrap()
    }
}

fn check_set(set: &Set) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    set.write(folder.path());
    check(folder.path())
}

/// Spoils a copy of each set and wants exactly these accusations.
fn expect(set: &Set, what: &str, wanted: &[(&str, &str)], spoil: impl FnOnce(&mut Set)) -> Checked {
    let mut copy = set.clone();
    spoil(&mut copy);
    let checked = check_set(&copy);
    let mut wanted: Vec<(String, String)> =
        wanted.iter().map(|(c, f)| ((*c).to_owned(), (*f).to_owned())).collect();
    wanted.sort();
    assert_eq!(checked.accused(), wanted, "{}, {what}: {}", set.title, checked.findings());
    assert_eq!(checked.status, i32::from(!wanted.is_empty()), "{}, {what}", set.title);
    checked
}

fn near(value: &Value, wanted: f64, within: f64, what: &str) {
    let value = value.as_f64().unwrap_or(f64::NAN);
    assert!((value - wanted).abs() < within, "{what}: {value} instead of {wanted}");
}

/// The real sessions, where they are.
fn real(name: &str) -> Option<Set> {
    let folder: PathBuf =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/audio").join(name);
    let there = folder.is_dir();
    if !there {
        println!("../shared/audio/{name} is not here: not tested on it");
    }
    there.then(|| Set::read(name, &folder))
}

/// Every set with the stems to spoil in it.
fn sets() -> Vec<(Set, Vec<&'static str>)> {
    let synthetic = (Set::synthetic(), vec!["_Drums", "_Vox"]);
    let song = real("song").map(|s| (s, vec!["_Drums", "_VoxLead", "_BGV"]));
    let podcast = real("podcast").map(|s| (s, vec!["_DX", "_MX", "_FX"]));
    [Some(synthetic), song, podcast].into_iter().flatten().collect()
}

/// Spoils every stem of every set in turn.
fn every(
    what: &str,
    code: &str,
    spoil: impl Fn(&mut corrupt::File),
    also: impl Fn(&Checked, &str),
) {
    for (set, stems) in sets() {
        for stem in stems {
            let file = set.name(stem);
            let checked =
                expect(&set, &format!("{file} {what}"), &[(code, &file)], |s| spoil(s.file(stem)));
            also(&checked, &file);
        }
    }
}

#[test]
fn clean_sets_pass() {
    for (set, _) in sets() {
        let checked = expect(&set, "clean", &[], |_| {});
        assert_eq!(checked.report["null_test"]["verdict"], "identical", "{}", checked.findings());
        assert_eq!(checked.report["null_test"]["changes"], serde_json::json!([]));
        assert!(checked.report["null_test"]["residual"]["rms_dbfs"].is_null());
    }
}

#[test]
fn late_by_37_samples() {
    every(
        "37 samples late",
        "stem-delay",
        |f| f.late(37),
        |checked, file| {
            near(&checked.change(file)["delay_samples"], 37.0, 0.001, file);
            near(&checked.change(file)["gain_error_db"], 0.0, 0.01, file);
        },
    );
}

#[test]
fn late_by_half_a_sample() {
    every(
        "half a sample late",
        "stem-delay",
        |f| f.later_by(0.5),
        |checked, file| {
            near(&checked.change(file)["delay_samples"], 0.5, 0.001, file);
            near(&checked.change(file)["gain_error_db"], 0.0, 0.01, file);
        },
    );
}

#[test]
fn early_by_little() {
    every(
        "0.02 samples early",
        "stem-delay",
        |f| f.later_by(-0.02),
        |checked, file| {
            near(&checked.change(file)["delay_samples"], -0.02, 0.001, file);
        },
    );
}

#[test]
fn inverted() {
    every("inverted", "stem-inverted", corrupt::File::invert, |checked, file| {
        near(&checked.change(file)["delay_samples"], 0.0, 0.001, file);
    });
}

#[test]
fn louder_by_little() {
    every(
        "0.3 dB up",
        "stem-gain",
        |f| f.gain(0.3),
        |checked, file| {
            near(&checked.change(file)["gain_error_db"], 0.3, 0.005, file);
            near(&checked.change(file)["delay_samples"], 0.0, 0.001, file);
        },
    );
    every(
        "0.06 dB down",
        "stem-gain",
        |f| f.gain(-0.06),
        |checked, file| {
            near(&checked.change(file)["gain_error_db"], -0.06, 0.005, file);
        },
    );
}

#[test]
fn twice_as_loud() {
    every("doubled", "stem-doubled", |f| f.gain(6.0206), |_, _| {});
}

#[test]
fn there_twice() {
    for (set, stems) in sets() {
        for stem in stems {
            let copy = set.name(stem).replace("_Stem_0", "_Stem_1");
            let what = format!("{copy} beside {stem}");
            expect(&set, &what, &[("stem-doubled", &copy)], |s| {
                let mut twin = s.file(stem).clone();
                twin.name.clone_from(&copy);
                s.files.push(twin);
            });
        }
    }
}

#[test]
fn missing() {
    for (set, stems) in sets() {
        for stem in stems {
            let name = set.name(stem);
            let checked = expect(&set, &format!("{name} missing"), &[("missing-stem", "")], |s| {
                s.files.retain(|f| f.name != name);
            });
            let number = &name[name.find("Stem_").unwrap() + 5..][..2];
            let last = set.files.last().unwrap().name == name;
            let message = checked.report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .find(|f| f["code"] == "missing-stem")
                .unwrap()["message"]
                .clone();
            let says = message.as_str().unwrap().starts_with(&format!("{number} is missing"));
            assert_eq!(says, !last, "{message}");
        }
    }
}

#[test]
fn at_another_rate() {
    for (set, stems) in sets() {
        for stem in stems {
            let file = set.name(stem);
            let wanted = [("name-tag", &file[..]), ("rate-differs", &file)];
            let checked = expect(&set, &format!("{file} at 44.1 kHz"), &wanted, |s| {
                s.file(stem).rate = 44_100;
            });
            assert!(checked.report["null_test"].is_null());
            assert!(checked.report["no_null_test"].as_str().unwrap().contains(&file));
        }
    }
}

#[test]
fn cut_short() {
    every(
        "cut short",
        "cut-short",
        |f| f.cut(96_000),
        |checked, file| {
            let finding = &checked.report["findings"][0];
            assert_eq!((&finding["code"], &finding["file"]), (&"cut-short".into(), &file.into()));
            assert!(finding["message"].as_str().unwrap().contains("96000 samples (2.000 s)"));
        },
    );
}

#[test]
fn through_a_limiter() {
    every("through a limiter", "stem-limited", |f| f.limit(6.0), |_, _| {});
    every("through a limiter, a little", "stem-limited", |f| f.limit(3.0), |_, _| {});
}

#[test]
fn the_mix_through_a_limiter() {
    for (set, _) in sets() {
        let mix = set.name("_Mix_");
        for db in [3.0, 6.0] {
            expect(&set, "mix limited", &[("mix-limited", &mix)], |s| s.file("_Mix_").limit(db));
        }
    }
}

#[test]
fn the_mix_moved() {
    for (set, _) in sets() {
        let mix = set.name("_Mix_");
        expect(&set, "mix down", &[("mix-gain", &mix)], |s| s.file("_Mix_").gain(-0.5));
        let checked =
            expect(&set, "mix late", &[("mix-delay", &mix)], |s| s.file("_Mix_").later_by(11.25));
        near(&checked.change(&mix)["delay_samples"], 11.25, 0.001, "the mix");
        expect(&set, "mix inverted", &[("mix-inverted", &mix)], |s| s.file("_Mix_").invert());
        expect(&set, "mix tilted", &[("mix-eq", &mix)], |s| s.file("_Mix_").tilt(3.0));
        let checked =
            expect(&set, "mix drifts", &[("drift", &mix)], |s| s.file("_Mix_").stretch(20.0));
        let said = checked.findings();
        let ppm: f64 = said
            .split_once("drifts by ")
            .and_then(|(_, rest)| rest.split_once(" ppm"))
            .and_then(|(number, _)| number.parse().ok())
            .unwrap_or_else(|| panic!("no drift is told: {said}"));
        // Stretches of some seconds, each at the time of its middle and not of its loudest part.
        assert!((ppm - 20.0).abs() < 0.5, "{ppm}");
    }
}

#[test]
fn far_from_its_place() {
    for late in [5000, 100_000] {
        for (set, stems) in sets() {
            for stem in stems {
                let file = set.name(stem);
                let what = format!("{file} {late} samples late");
                let checked =
                    expect(&set, &what, &[("stem-delay", &file)], |s| s.file(stem).late(late));
                near(&checked.change(&file)["delay_samples"], late as f64, 0.001, &file);
            }
        }
    }
}

#[test]
fn two_at_once() {
    for (set, stems) in sets() {
        let (one, other) = (set.name(stems[0]), set.name(stems[1]));
        let wanted = [("stem-delay", &one[..]), ("stem-gain", &other)];
        let checked = expect(&set, "two at once", &wanted, |s| {
            s.file(stems[0]).late(12);
            s.file(stems[1]).gain(-0.3);
        });
        near(&checked.change(&one)["delay_samples"], 12.0, 0.001, &one);
        near(&checked.change(&other)["gain_error_db"], -0.3, 0.005, &other);
    }
}
