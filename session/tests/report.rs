//! `stemwright report` on files whose figures follow from how they were made.

use report::delivery::{Delivery, Line, Outcome};
use std::f64::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const RATE_HZ: u32 = 48_000;

/// A stretch of a 997 Hz sine: level in dBFS, seconds, phase of the right channel in turns.
type Stretch = (f64, f64, f64);

/// Writes stretches after each other as 24-bit WAV of one or two channels.
fn write(path: &Path, channels: u16, rate_hz: u32, stretches: &[Stretch]) {
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate_hz,
        bits_per_sample: 24,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    let mut n = 0u32;
    for (level_dbfs, seconds, turn) in stretches {
        let gain = 8_388_607.0 * 10f64.powf(level_dbfs / 20.0);
        for _ in 0..(seconds * f64::from(rate_hz)) as u32 {
            for side in 0..channels {
                let turns = 997.0 * f64::from(n) / f64::from(rate_hz) + f64::from(side) * turn;
                writer.write_sample((gain * (TAU * turns).sin()).round() as i32).unwrap();
            }
            n += 1;
        }
    }
    writer.finalize().unwrap();
}

fn run(arguments: &[&str], paths: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stemwright"))
        .arg("report")
        .args(paths)
        .args(arguments)
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    let [out, err] =
        [&output.stdout, &output.stderr].map(|s| String::from_utf8_lossy(s).into_owned());
    out + &err
}

fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// What `--json` prints.
fn deliveries(output: &Output) -> Vec<Delivery> {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {}", said(output)))
}

fn line<'a>(delivery: &'a Delivery, what: &str) -> &'a Line {
    delivery
        .verdict
        .lines
        .iter()
        .find(|line| line.what == what)
        .unwrap_or_else(|| panic!("{delivery:?}"))
}

fn folder() -> (tempfile::TempDir, impl Fn(&str) -> PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    (folder, move |name: &str| path.join(name))
}

#[test]
fn figures_follow_from_the_signal_at_every_rate() {
    let (_kept, path) = folder();
    for rate_hz in [44_100, 48_000, 96_000] {
        let file = path(&format!("tone{rate_hz}.wav"));
        // EBU Tech 3342: steps of −20 and −30 have a range of 10 LU.
        write(&file, 2, rate_hz, &[(-20.0, 20.0, 0.0), (-30.0, 20.0, 0.0)]);
        let output = run(&["--json"], &[&file]);
        assert_eq!(status(&output), 0, "{}", said(&output));
        let [delivery] = &deliveries(&output)[..] else { panic!("{}", said(&output)) };
        let m = &delivery.measured;
        let near = |value: f64, wanted: f64, within: f64, what: &str| {
            assert!((value - wanted).abs() <= within, "{what}: {value}, not {wanted} at {rate_hz}");
        };
        near(m.seconds, 40.0, 1e-9, "duration");
        // The mean of both halves: the quiet one lies above the relative gate.
        near(m.integrated_lufs.unwrap(), -20.0 + 10.0 * 0.55f64.log10(), 0.1, "I");
        near(m.range_lu.unwrap(), 10.0, 1.0, "range");
        assert!(!m.range_is_stable);
        near(m.max_momentary_lufs.unwrap().value, -20.0, 0.1, "M");
        near(m.max_short_term_lufs.unwrap().value, -20.0, 0.1, "S");
        near(m.strict_dbtp().unwrap().value, -20.0, 0.05, "strict true peak");
        near(m.itu_dbtp().unwrap().value, -20.0, 0.3, "true peak");
        near(m.correlation.unwrap(), 1.0, 1e-6, "correlation");
        near(m.fold_loss_db.unwrap(), 0.0, 1e-6, "mono fold");
        assert!(m.alike);
        let history = delivery.history.as_ref().unwrap();
        assert_eq!(history.momentary_lufs.len(), 400);
        near(history.momentary_lufs[350].unwrap(), -30.0, 0.1, "M late");
    }
}

#[test]
fn what_cancels_in_mono_reads_its_closed_form() {
    let (_kept, path) = folder();
    // cos 150° = −0.866: a fold loss of 10·log10(1 − 0.866).
    let (file, wanted) = (path("wide.wav"), 10.0 * (1.0 - 3f64.sqrt() / 2.0).log10());
    write(&file, 2, RATE_HZ, &[(-20.0, 10.0, 150.0 / 360.0)]);
    let output = run(&["--json", "--target", "streaming-14", "--tolerance", "10"], &[&file]);
    let delivery = &deliveries(&output)[0];
    let m = &delivery.measured;
    assert!((m.fold_loss_db.unwrap() - wanted).abs() < 0.05, "{m:?}");
    assert!((m.bands[1].fold_loss_db.unwrap() - wanted).abs() < 0.05, "{m:?}");
    assert!((m.correlation.unwrap() + 3f64.sqrt() / 2.0).abs() < 0.01, "{m:?}");
    // Worth a look, and no failure.
    assert_eq!((status(&output), delivery.verdict.outcome), (0, Outcome::Review));
}

#[test]
fn a_delivery_passes_or_says_what_to_do() {
    let (_kept, path) = folder();
    let (good, quiet, hot) = (path("good.wav"), path("quiet.wav"), path("hot.wav"));
    write(&good, 2, RATE_HZ, &[(-23.0, 20.0, 0.0)]);
    write(&quiet, 2, RATE_HZ, &[(-26.0, 20.0, 0.0)]);
    // One loud moment in a programme that is on target by its long rest.
    write(&hot, 2, RATE_HZ, &[(-23.1, 60.0, 0.0), (-0.4, 0.01, 0.0), (-23.1, 60.0, 0.0)]);
    let of = |file: &Path| run(&["--target", "ebu-r128", "--json"], &[file]);
    assert_eq!(status(&of(&good)), 0, "{}", said(&of(&good)));
    let output = of(&quiet);
    assert_eq!(status(&output), 1);
    assert_eq!(deliveries(&output)[0].verdict.sentence, "3.0 LU under: raise by 3.0 dB");
    let output = of(&hot);
    let delivery = &deliveries(&output)[0];
    let peak = line(delivery, "True peak");
    assert_eq!((status(&output), peak.outcome), (1, Outcome::Failed), "{}", said(&output));
    assert!((peak.at_seconds.unwrap() - 60.0).abs() < 0.02, "{peak:?}");
    assert!(
        peak.advice.contains("at 1:00.0") && peak.advice.contains("more reduction"),
        "{peak:?}"
    );
    // As people read it, all of them, in the order in which they were named.
    let output = run(&["--target", "ebu-r128"], &[&quiet, &good, &hot]);
    let text = said(&output);
    assert_eq!(status(&output), 1);
    let places = ["quiet.wav", "good.wav", "hot.wav"].map(|name| text.find(name).unwrap());
    assert!(places.is_sorted(), "{text}");
    assert!(text.contains("\u{2212}23.2 to \u{2212}22.8 LUFS"), "{text}");
    assert!(text.contains("raise by 3.0 dB."), "{text}");
}

#[test]
fn mono_counts_as_it_is_told_to() {
    let (_kept, path) = folder();
    let (one, two) = (path("mono.wav"), path("stereo.wav"));
    write(&one, 1, RATE_HZ, &[(-16.0, 10.0, 0.0)]);
    write(&two, 2, RATE_HZ, &[(-16.0, 10.0, 0.25)]);
    let lufs = |arguments: &[&str], file: &Path| {
        let output = run(&[arguments, &["--json"]].concat(), &[file]);
        let delivery = deliveries(&output).remove(0);
        (status(&output), delivery.measured.integrated_lufs.unwrap(), delivery)
    };
    // A sine of −16 dBFS in one channel: −19.01 LUFS.
    let (passed, once, _) = lufs(&["--target", "podcast-19-mono"], &one);
    assert!(passed == 0 && (once + 19.01).abs() < 0.05, "{once}");
    let (passed, twice, _) = lufs(&["--target", "podcast-16", "--dual-mono"], &one);
    assert!(passed == 0 && (twice - once - 3.0103).abs() < 1e-3, "{twice}");
    // The mono delivery is judged as one channel however it was counted.
    assert_eq!(lufs(&["--target", "podcast-19-mono", "--dual-mono"], &one).0, 0);
    let (status, _, delivery) = lufs(&["--target", "podcast-19-mono"], &two);
    assert_eq!((status, line(&delivery, "Channels").outcome), (1, Outcome::Failed));
}

#[test]
fn dialogue_is_judged_with_its_stem_and_never_passes_without() {
    let (_kept, path) = folder();
    let (mix, dialogue) = (path("mix.wav"), path("dialogue.wav"));
    // Loud music, then speech at −27; the dialogue is there in the second half alone.
    write(&mix, 2, RATE_HZ, &[(-17.0, 20.0, 0.0), (-27.0, 20.0, 0.0)]);
    write(&dialogue, 1, RATE_HZ, &[(-120.0, 21.0, 0.0), (-30.0, 18.0, 0.0)]);
    let output = run(&["--target", "netflix-27", "--json"], &[&mix]);
    let delivery = &deliveries(&output)[0];
    let loudness = line(delivery, "Dialogue loudness");
    assert_eq!((status(&output), loudness.outcome), (1, Outcome::NotMeasurable));
    assert!(loudness.measured.ends_with("not dialogue-gated"), "{loudness:?}");
    let key = dialogue.to_str().unwrap();
    let output = run(&["--target", "netflix-27", "--json", "--dialogue", key], &[&mix]);
    let m = &deliveries(&output)[0].measured;
    assert_eq!(status(&output), 0, "{}", said(&output));
    assert!((m.dialogue_lufs.unwrap() + 27.0).abs() < 0.1, "{m:?}");
    assert!((m.dialogue_share.unwrap() - 18.0 / 40.0).abs() < 0.03, "{m:?}");
    assert!(m.integrated_lufs.unwrap() > -20.5, "{m:?}");
    // It belongs to one file, at its rate.
    let output = run(&["--dialogue", key], &[&mix, &dialogue]);
    assert!(
        status(&output) == 2 && said(&output).contains("one file at a time"),
        "{}",
        said(&output)
    );
    let other = path("other.wav");
    write(&other, 1, 44_100, &[(-30.0, 1.0, 0.0)]);
    let output = run(&["--dialogue", other.to_str().unwrap()], &[&mix]);
    assert!(status(&output) == 2 && said(&output).contains("44100 Hz"), "{}", said(&output));
}

#[test]
fn files_are_written_and_none_is_overwritten() {
    let (kept, path) = folder();
    let (file, out) = (path("Song_Master_48k24.wav"), path("reports/deep"));
    write(&file, 2, RATE_HZ, &[(-14.0, 5.0, 0.1)]);
    let folder = out.to_str().unwrap();
    let all = ["--target", "-14", "--json", "--csv", "--png", "--out", folder];
    let names = |suffix: &str| {
        ["figures", "history", "report", "report"]
            .iter()
            .zip(["csv", "csv", "json", "png"])
            .map(move |(what, kind)| format!("Song_Master_48k24_{what}{suffix}.{kind}"))
            .collect::<Vec<_>>()
    };
    let listed = || {
        let mut names: Vec<String> = std::fs::read_dir(&out)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    let output = run(&all, &[&file]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    assert_eq!(listed(), names(""));
    for name in names("") {
        assert!(said(&output).contains(&name), "{}", said(&output));
    }
    let read = |name: &str| std::fs::read(out.join(name)).unwrap();
    let first = read("Song_Master_48k24_report.png");
    assert!(first.starts_with(b"\x89PNG\r\n\x1a\n") && first.len() > 20_000, "{}", first.len());
    let history = String::from_utf8(read("Song_Master_48k24_history.csv")).unwrap();
    let rows: Vec<&str> = history.lines().collect();
    assert_eq!(rows.len(), 51);
    assert!(rows[0].starts_with("time s,momentary LUFS,"), "{}", rows[0]);
    // The first window of 400 ms is full at the fourth step: cos 36° between the channels.
    let cells: Vec<f64> = rows[50].split(',').map(|cell| cell.parse().unwrap()).collect();
    assert_eq!(cells[0], 5.0);
    assert!((cells[1] + 14.0).abs() < 0.1 && (cells[5] - 0.809).abs() < 0.002, "{cells:?}");
    let figures = String::from_utf8(read("Song_Master_48k24_figures.csv")).unwrap();
    assert!(figures.contains("\r\nverdict,pass,,\r\n"), "{figures}");
    let written: Delivery = report::json::read(&read("Song_Master_48k24_report.json")).unwrap();
    assert_eq!(written.programme, "Song_Master_48k24.wav");

    // Again: the same as the second version, and the first untouched.
    assert_eq!(status(&run(&all, &[&file])), 0);
    let mut both = [names(""), names("_v02")].concat();
    both.sort();
    assert_eq!(listed(), both);
    assert_eq!(read("Song_Master_48k24_report.png"), first);
    // Without a folder, beside the file; two of one name in a row do not meet either.
    let twin = path("twin");
    std::fs::create_dir(&twin).unwrap();
    let other = twin.join("Song_Master_48k24.wav");
    std::fs::copy(&file, &other).unwrap();
    assert_eq!(status(&run(&["--csv"], &[&other])), 0);
    assert!(twin.join("Song_Master_48k24_history.csv").exists());
    let shared = path("shared");
    let output = run(&["--png", "--out", shared.to_str().unwrap()], &[&file, &other]);
    assert_eq!(status(&output), 0, "{}", said(&output));
    assert_eq!(std::fs::read_dir(&shared).unwrap().count(), 2);
    drop(kept);
}

#[test]
fn what_cannot_be_measured_is_named_and_the_rest_is_measured() {
    let (_kept, path) = folder();
    let (good, text, empty) = (path("good.wav"), path("text.wav"), path("empty.wav"));
    write(&good, 2, RATE_HZ, &[(-20.0, 4.0, 0.0)]);
    std::fs::write(&text, b"this is no audio").unwrap();
    write(&empty, 2, RATE_HZ, &[]);
    let gone = path("gone.wav");
    let output = run(&["--json"], &[&gone, &good, &text, &empty]);
    assert_eq!(status(&output), 2);
    let errors = String::from_utf8_lossy(&output.stderr);
    for name in ["gone.wav", "text.wav", "empty.wav"] {
        let sentence =
            errors.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{errors}"));
        assert!(sentence.starts_with("stemwright: ") && sentence.contains(": "), "{sentence}");
    }
    assert_eq!(deliveries(&output).len(), 1);
    for arguments in [&["--target", "nobody"][..], &["--ceiling", "nan"], &["--tolerance", "-1"]] {
        let output = run(arguments, &[&good]);
        assert!(status(&output) == 2 && output.stdout.is_empty(), "{}", said(&output));
    }
    assert_eq!(status(&run(&[], &[])), 2);
}

#[test]
fn silence_and_a_moment_are_never_a_pass() {
    let (_kept, path) = folder();
    let (silent, brief) = (path("silent.wav"), path("brief.wav"));
    write(&silent, 2, RATE_HZ, &[(-200.0, 10.0, 0.0)]);
    write(&brief, 2, RATE_HZ, &[(-14.0, 2.0, 0.0)]);
    for (file, outcome) in [(&silent, Outcome::Failed), (&brief, Outcome::NotMeasurable)] {
        let output = run(&["--target", "streaming-14", "--json"], &[file]);
        assert_eq!((status(&output), deliveries(&output)[0].verdict.outcome), (1, outcome));
    }
    let text = said(&run(&["--target", "streaming-14"], &[&silent]));
    assert!(text.contains("silent") && !text.contains("inf") && !text.contains("NaN"), "{text}");
}

#[test]
fn every_delivery_is_listed_with_its_source() {
    let output = run(&["--list-targets"], &[]);
    let text = said(&output);
    assert_eq!(status(&output), 0);
    for target in shared_dsp::targets::TARGETS {
        assert!(text.contains(target.id) && text.contains(target.source), "{}: {text}", target.id);
    }
}

#[test]
fn a_folder_is_all_its_files_and_their_order_is_that_of_their_names() {
    let (kept, path) = folder();
    for (index, name) in ["c.wav", "a.wav", "b.wav"].into_iter().enumerate() {
        write(&path(name), 1, RATE_HZ, &[(-20.0 - index as f64, 4.0, 0.0)]);
    }
    let output = run(&["--json"], &[kept.path()]);
    let names: Vec<String> = deliveries(&output).into_iter().map(|d| d.programme).collect();
    assert_eq!(names, ["a.wav", "b.wav", "c.wav"]);
}
