//! Bad input gets one sentence that names the file and the mend, exit status 2, and nothing left
//! behind. All through the command itself.

mod common;

use common::{Folder, RATE, signal, write_wav};
use std::process::{Command, Output};

const FRAMES: usize = 4000;

fn stemwright(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stemwright")).args(arguments).output().unwrap()
}

/// Renders the folder (with more arguments), which must be refused; the sentence.
fn refused(folder: &Folder, more: &[&str]) -> String {
    let before = folder.contents();
    let path = folder.path().display().to_string();
    let output = stemwright(&[&["render", &path], more].concat());
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{sentence}");
    assert_eq!(output.stdout, b"", "{sentence}");
    assert_eq!(sentence.trim_end().lines().count(), 1, "one sentence: {sentence}");
    assert!(sentence.starts_with("stemwright: "), "{sentence}");
    assert_eq!(folder.contents(), before, "nothing is left behind: {sentence}");
    sentence
}

/// The sentence has all of these in it.
fn says(sentence: &str, parts: &[&str]) {
    for part in parts {
        assert!(sentence.contains(part), "\"{part}\" is missing: {sentence}");
    }
}

/// Two good stems and a session without plugins.
fn good() -> Folder {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    folder.stem("Song_Stem_02_Bass.wav", 2, FRAMES);
    folder.session("[[stem]]\nfile = \"*\"\n");
    folder
}

#[test]
fn the_good_session_is_rendered() {
    let folder = good();
    let output = stemwright(&["render", &folder.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let contents = folder.contents();
    assert!(contents.contains(&"renders/Song_Master_48k24.wav".to_owned()), "{contents:?}");
    assert!(contents.contains(&"renders/report.json".to_owned()), "{contents:?}");
    assert_eq!(contents.len(), 8, "{contents:?}");
    let table = String::from_utf8(output.stdout).unwrap();
    says(&table, &["Master", "Sum", "Drums", "Bass", "Integrated", "(ebur128)", "Headroom"]);

    let json = std::fs::read(folder.join("renders/report.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(report["schema"]["version"], 4);
    // Two opinions of what is delivered, one of what goes in.
    assert!(report["prints"][0]["ebur128"].is_object() && report["stems"][0]["ours"].is_object());
    assert!(report["stems"][0].get("ebur128").is_none());
    assert_eq!(report["song"], "Song");
    assert_eq!(report["frames"], FRAMES);
    assert_eq!(report["stems"][0]["role"], "Drums");
    assert!(report["master"]["ours"]["true_peak_dbtp"].is_f64());
    // Again, into the same folder: nothing is replaced, the next version is written.
    let master = folder.join("renders/Song_Master_48k24.wav");
    let before = std::fs::read(&master).unwrap();
    let path = folder.path().display().to_string();
    let output = stemwright(&["render", &path]);
    assert_eq!(output.status.code(), Some(0));
    says(&String::from_utf8(output.stdout).unwrap(), &["Song_Master_48k24_v02.wav", "version 2"]);
    assert!(std::fs::read(&master).unwrap() == before);
    assert!(folder.contents().contains(&"renders/report_v02.json".to_owned()));
    // Elsewhere, and in other blocks: the same to the byte.
    let output = stemwright(&["render", &path, "--block", "77", "--out", &format!("{path}/again")]);
    assert_eq!(output.status.code(), Some(0));
    assert!(std::fs::read(folder.join("again/Song_Master_48k24.wav")).unwrap() == before);
}

#[test]
fn mixed_rates() {
    let folder = good();
    write_wav(&folder.join("Song_Stem_03_Vox.wav"), 2, 44_100, &signal(3, 2 * FRAMES));
    says(&refused(&folder, &[]), &["Song_Stem_03_Vox.wav", "44100", "48000", "convert"]);
}

#[test]
fn unequal_lengths() {
    let folder = good();
    folder.stem("Song_Stem_03_Vox.wav", 3, FRAMES - 1);
    says(&refused(&folder, &[]), &["Song_Stem_03_Vox.wav", "3999", "4000", "export"]);
}

#[test]
fn truncated_headers_and_data() {
    let folder = good();
    let path = folder.join("Song_Stem_02_Bass.wav");
    let whole = std::fs::read(&path).unwrap();
    for length in [0, 3, 11, 20, 43, 60] {
        std::fs::write(&path, &whole[..length]).unwrap();
        says(&refused(&folder, &[]), &["Song_Stem_02_Bass.wav", "export it again"]);
    }
    std::fs::write(&path, &whole[..whole.len() - 1000]).unwrap();
    says(
        &refused(&folder, &[]),
        &["Song_Stem_02_Bass.wav", "cut short", "copy or export it again"],
    );
    std::fs::write(&path, b"this is no audio at all, whatever its name says").unwrap();
    says(&refused(&folder, &[]), &["Song_Stem_02_Bass.wav", "RIFF"]);
}

#[test]
fn headers_that_promise_the_moon() {
    let folder = good();
    let path = folder.join("Song_Stem_02_Bass.wav");
    let mut bytes = std::fs::read(&path).unwrap();
    let data = bytes.windows(4).position(|w| w == b"data").unwrap();
    bytes[data + 4..data + 8].copy_from_slice(&0xFFFF_FFF0u32.to_le_bytes());
    std::fs::write(&path, &bytes).unwrap();
    says(&refused(&folder, &[]), &["Song_Stem_02_Bass.wav", "4294967280", "cut short"]);
}

#[test]
fn a_sample_that_is_no_number() {
    let folder = good();
    let mut samples = signal(3, 2 * FRAMES);
    samples[2 * 2400] = f32::NAN;
    write_wav(&folder.join("Song_Stem_03_Vox.wav"), 2, RATE, &samples);
    says(&refused(&folder, &[]), &["Song_Stem_03_Vox.wav", "0.050 s", "repair"]);
}

#[test]
fn more_than_two_channels() {
    let folder = good();
    write_wav(&folder.join("Song_Stem_03_Vox.wav"), 6, RATE, &signal(3, 6 * FRAMES));
    says(&refused(&folder, &[]), &["Song_Stem_03_Vox.wav", "6 channels", "split"]);
}

#[test]
fn a_stem_without_audio() {
    let folder = good();
    write_wav(&folder.join("Song_Stem_03_Vox.wav"), 2, RATE, &[]);
    says(&refused(&folder, &[]), &["Song_Stem_03_Vox.wav", "no audio"]);
}

#[test]
fn an_empty_folder_and_one_of_mixes() {
    let folder = Folder::new();
    says(&refused(&folder, &[]), &[&folder.path().display().to_string(), "no stems"]);
    folder.stem("Song_Mix_Main.wav", 1, FRAMES);
    folder.stem("Song_Master.wav", 1, FRAMES);
    says(&refused(&folder, &[]), &["no stems", "mixes"]);
}

#[test]
fn paths_that_are_nothing() {
    let output = stemwright(&["render", "/nowhere/at/all"]);
    assert_eq!(output.status.code(), Some(2));
    says(&String::from_utf8_lossy(&output.stderr), &["/nowhere/at/all", "does not exist"]);
    let output = stemwright(&["render"]);
    assert_eq!(output.status.code(), Some(2));
    let output = stemwright(&["render", "x", "--depth", "12"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stemwright(&["--help"]).status.code(), Some(0));
}

#[test]
fn a_bundle_that_is_not_there() {
    let folder = good();
    folder.session("[[stem]]\nfile = \"*\"\ninsert = [{ plugin = \"org.nobody.nothing\" }]\n");
    says(
        &refused(&folder, &[]),
        &["org.nobody.nothing", "cargo xtask bundle --release", "--plugins"],
    );
    says(&refused(&folder, &["--plugins", "/nowhere/at/all"]), &["/nowhere/at/all", "--plugins"]);
}

#[test]
fn sessions_with_mistakes() {
    let folder = good();
    folder.session("[[stem]]\nfile = \"*\"\ngian = 1\n");
    says(&refused(&folder, &[]), &["session.toml", "line 4", "gian"]);
    folder.session("[[stem]]\nfile = \"Gone.wav\"\n");
    says(&refused(&folder, &[]), &["Gone.wav", "does not exist"]);
    std::fs::write(folder.join("session.toml"), "schema = 9\n").unwrap();
    says(&refused(&folder, &[]), &["session.toml", "schema 9"]);
    folder.session(
        "[[stem]]\nfile = \"Song_Stem_01_Drums.wav\"\nname = \"X\"\n\
         [[stem]]\nfile = \"Song_Stem_02_Bass.wav\"\nname = \"x\"\n",
    );
    says(&refused(&folder, &[]), &["'x'", "name"]);
    folder.session("[[stem]]\nfile = \"*\"\nto = \"elsewhere\"\n");
    says(&refused(&folder, &[]), &["elsewhere", "[[bus]]"]);
}

#[test]
fn keys_from_nowhere_and_in_circles() {
    let folder = good();
    let session = |drums: &str, bass: &str| {
        folder.session(&format!(
            "[[stem]]\nfile = \"Song_Stem_01_Drums.wav\"\ninsert = [{{ plugin = \"a.b\", key = \"{drums}\" }}]\n\
             [[stem]]\nfile = \"Song_Stem_02_Bass.wav\"\ninsert = [{{ plugin = \"a.b\", key = \"{bass}\" }}]\n"
        ));
    };
    session("Ghost", "Drums");
    says(&refused(&folder, &[]), &["Ghost", "Drums", "key"]);
    session("Bass", "Drums");
    says(&refused(&folder, &[]), &["circle", "Drums", "Bass"]);
}

#[test]
fn options_that_make_no_sense() {
    let folder = good();
    says(&refused(&folder, &["--block", "0"]), &["--block 0"]);
    says(&refused(&folder, &["--block", "99999999"]), &["--block 99999999"]);
    says(&refused(&folder, &["--target", "14"]), &["--target 14", "-14"]);
    says(&refused(&folder, &["--target", "nan"]), &["--target NaN"]);
    says(&refused(&folder, &["--ceiling", "3"]), &["--ceiling 3"]);
    says(&refused(&folder, &["--vocal-step", "9"]), &["--vocal-step 9"]);
    says(&refused(&folder, &["--headroom", "60"]), &["--headroom 60"]);
    says(&refused(&folder, &["--version", "0"]), &["--version 0"]);
    says(&refused(&folder, &["--date", "yesterday"]), &["--date yesterday", "2026-05-12"]);
    // No limiter on the mix to set.
    says(
        &refused(&folder, &["--target", "-14"]),
        &["--target", "Stem Limiter", "org.stemwright.limiter"],
    );
    says(&refused(&folder, &["--ceiling", "-1"]), &["--ceiling", "Stem Limiter"]);
}

#[test]
fn nothing_is_printed_among_the_stems() {
    let folder = good();
    let here = folder.path().display().to_string();
    says(&refused(&folder, &["--out", &here]), &[&here, "--out", "next render"]);
}

#[test]
fn folders_that_cannot_be_written_to() {
    let folder = good();
    // A file stands where the folder should be: refused for everybody, root included.
    let out = folder.join("Song_Stem_01_Drums.wav/out");
    says(&refused(&folder, &["--out", &out.display().to_string()]), &["cannot write", "--out"]);
}
