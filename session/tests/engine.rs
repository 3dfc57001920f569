//! The host and engine against plugins whose every sample is known.

mod common;

use ::report::model::VoiceToMusic;
use common::{Folder, RATE, peak_dbfs, read, render_options, render_with_tools, tools, write_wav};
use session::Error;
use session::audio_file::Depth;
use session::error::ParameterProblem;

const FRAMES: usize = 30_000;

#[test]
fn parallel_paths_of_different_latency_sum_in_line() {
    let folder = Folder::new();
    let a = folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    let b = folder.stem("Song_Stem_02_Bass.wav", 2, FRAMES);
    folder.session(
        r#"
        [[stem]]
        file = "Song_Stem_01_Drums.wav"
        insert = [{ plugin = "test.tool", params = { Delay = 777 } }]
        [[stem]]
        file = "Song_Stem_02_Bass.wav"
        to = "bus"
        [[bus]]
        name = "bus"
        insert = [{ plugin = "test.tool", params = { Delay = 64 } }]
        [mix]
        insert = [{ plugin = "test.tool", params = { Delay = 100 } }]
        "#,
    );
    let rendered = render_with_tools(&folder).unwrap();
    assert_eq!(rendered.report.latency_samples, 877);
    let [left, right] = read(rendered.master());
    assert_eq!(left.len(), FRAMES);
    for i in 0..FRAMES {
        assert_eq!(left[i] as f32, (f64::from(a[2 * i]) + f64::from(b[2 * i])) as f32);
        assert_eq!(right[i] as f32, (f64::from(a[2 * i + 1]) + f64::from(b[2 * i + 1])) as f32);
    }
}

#[test]
fn keys_arrive_with_the_signal_they_control() {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    // The same signal as key, by another way of another latency: the difference is silence.
    folder.session(
        r#"
        [[stem]]
        file = "Song_Stem_01_Drums.wav"
        name = "Drums"
        send = [{ to = "side", tap = "pre" }]
        insert = [
            { plugin = "test.tool", params = { Delay = 31 } },
            { plugin = "test.tool", params = { Delay = 200, Key = true }, key = "side" },
        ]
        [[bus]]
        name = "side"
        to = "none"
        insert = [{ plugin = "test.tool", params = { Delay = 500 } }]
        "#,
    );
    let rendered = render_with_tools(&folder).unwrap();
    assert_eq!(rendered.report.latency_samples, 700);
    assert_eq!(peak_dbfs(&read(rendered.master())[0]), f64::NEG_INFINITY);
    let keyed = &rendered.report.plugins;
    assert!(keyed.iter().any(|p| p.key.as_deref() == Some("side")));

    // Without its key the plugin passes the signal.
    let text = std::fs::read_to_string(folder.join("session.toml")).unwrap();
    std::fs::write(folder.join("session.toml"), text.replace(", key = \"side\"", "")).unwrap();
    let rendered = render_with_tools(&folder).unwrap();
    assert!(peak_dbfs(&read(rendered.master())[0]) > -20.0);
}

#[test]
fn the_length_of_a_block_changes_nothing() {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    folder.stem("Song_Stem_02_Bass.wav", 2, FRAMES);
    folder.session(
        r#"
        [[stem]]
        file = "*"
        insert = [{ plugin = "test.tool", params = { Delay = 123, Gain = "-3.5 dB" } }]
        send = [{ to = "mix", level_db = -6 }]
        "#,
    );
    let mut first: Option<(Vec<u8>, session::report::Report)> = None;
    for block_len in [1024, 1, 64, 333, 65_536] {
        let options = session::render::Options {
            block_len,
            depth: Depth::Int24,
            ..session::render::Options::new(folder.path())
        };
        let mut rendered = render_options(&options, &mut tools()).unwrap();
        rendered.report.created.clear();
        let bytes = std::fs::read(rendered.master()).unwrap();
        let (before, report) =
            first.get_or_insert_with(|| (bytes.clone(), rendered.report.clone()));
        assert!(*before == bytes, "block length {block_len}");
        assert!(*report == rendered.report, "block length {block_len}");
    }
}

#[test]
fn mono_stems_feed_both_sides_at_unity() {
    let folder = Folder::new();
    let mono = common::signal(5, FRAMES);
    write_wav(&folder.join("Song_Stem_01_DX.wav"), 1, RATE, &mono);
    folder.session("[[stem]]\nfile = \"*\"\ninsert = [{ plugin = \"test.tool\" }]\n");
    let rendered = render_with_tools(&folder).unwrap();
    let [left, right] = read(rendered.master());
    let mono: Vec<f64> = mono.into_iter().map(f64::from).collect();
    assert_eq!(left, mono);
    assert_eq!(right, mono);
    assert_eq!(rendered.report.stems[0].channels, 1);
}

#[test]
fn values_are_set_by_name_or_id_and_read_back() {
    let folder = Folder::new();
    let a = folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    folder.session(
        "[[stem]]\nfile = \"*\"\n\
         insert = [{ plugin = \"test.tool\", params = { gain = \"-6 dB\", \"2\" = \"10 samples\" } }]\n",
    );
    let rendered = render_with_tools(&folder).unwrap();
    assert_eq!(rendered.report.latency_samples, 10);
    let parameters = &rendered.report.plugins[0].parameters;
    assert_eq!((parameters[0].text.as_str(), parameters[0].value), ("-6.0 dB", -6.0));
    assert_eq!(parameters[0].normalised, 18.0 / 48.0);
    assert_eq!((parameters[1].text.as_str(), parameters[1].normalised), ("10 samples", 0.01));
    assert_eq!(rendered.report.plugins[0].version, "1.2.3");
    let gain = 10f64.powf(-6.0 / 20.0) as f32;
    assert_eq!(read(rendered.master())[0][100] as f32, gain * a[200]);
}

/// The error of a session whose one insert has these parameters.
fn refusal(insert: &str) -> (Error, Folder) {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, 1000);
    folder.session(&format!("[[stem]]\nfile = \"*\"\ninsert = [{{ {insert} }}]\n"));
    let before = folder.contents();
    let error = render_with_tools(&folder).unwrap_err();
    assert_eq!(folder.contents(), before, "nothing is left behind: {error}");
    (error, folder)
}

#[test]
fn what_a_plugin_does_not_keep_is_an_error_that_names_it() {
    let problem = |params: &str| {
        let (error, _) = refusal(&format!("plugin = \"test.tool\", params = {{ {params} }}"));
        let sentence = error.to_string();
        assert!(sentence.contains("Test Tool") && sentence.contains("Drums"), "{sentence}");
        match error {
            Error::Parameter(e) => (e.problem, sentence),
            other => panic!("{other}"),
        }
    };
    let (p, sentence) = problem("Gain = \"-30 dB\"");
    assert!(matches!(p, ParameterProblem::NotKept { .. }), "{sentence}");
    assert!(sentence.contains("Gain") && sentence.contains("-30 dB"), "{sentence}");
    assert!(sentence.contains("\"-24.0 dB\""), "{sentence}");
    let (p, sentence) = problem("Gain = \"loud\"");
    assert!(matches!(p, ParameterProblem::NotUnderstood { .. }), "{sentence}");
    let (p, sentence) = problem("Key = \"maybe\"");
    assert!(matches!(p, ParameterProblem::NotUnderstood { .. }), "{sentence}");
    let (p, sentence) = problem("Deaf = 1");
    assert!(matches!(p, ParameterProblem::NotKept { .. }), "{sentence}");
    let (p, sentence) = problem("Gian = 1");
    assert!(matches!(p, ParameterProblem::Unknown { .. }), "{sentence}");
    assert!(sentence.contains("Gian") && sentence.contains("Gain"), "{sentence}");
    let (p, sentence) = problem("Twin = 1");
    assert!(matches!(p, ParameterProblem::Ambiguous { .. }), "{sentence}");
    let (p, sentence) = problem("Gain = 1, \"1\" = 2");
    assert!(matches!(p, ParameterProblem::Repeated { .. }), "{sentence}");
}

#[test]
fn plugins_that_cannot_serve_are_refused() {
    let (error, _) = refusal("plugin = \"test.mono\"");
    assert!(matches!(error, Error::PluginLayout { .. }), "{error}");
    let (error, _) = refusal("plugin = \"test.nowhere\"");
    assert!(matches!(error, Error::UnknownPlugin { .. }), "{error}");
    let (error, _) = refusal("plugin = \"test.restless\"");
    assert!(matches!(error, Error::LatencyMoved { before: 0, after: 1, .. }), "{error}");
    let (error, _) = refusal("plugin = \"test.broken\"");
    assert!(matches!(error, Error::PluginProcess { .. }), "{error}");
    let (error, _) =
        refusal("plugin = \"test.keyless\", key = { from = \"Drums\", tap = \"pre\" }");
    assert!(matches!(error, Error::NoKeyInput { .. }), "{error}");
    let (error, _) = refusal("plugin = \"test.failing\"");
    assert!(matches!(error, Error::PluginProcess { .. }), "{error}");
    assert!(error.to_string().contains("the licence has run out"), "what it logged: {error}");
    // It plays well enough without one.
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, 1000);
    folder.session("[[stem]]\nfile = \"*\"\ninsert = [{ plugin = \"test.keyless\" }]\n");
    render_with_tools(&folder).unwrap();
}

#[test]
fn a_plugin_of_several_layouts_is_asked_for_its_stereo_one() {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    folder.session("[[stem]]\nfile = \"*\"\ninsert = [{ plugin = \"test.layouts\" }]\n");
    let rendered = render_with_tools(&folder).unwrap();
    let master = read(rendered.master());
    assert_eq!(master, read(&folder.join("Song_Stem_01_Drums.wav")));
    assert_ne!(master[0], master[1]);
}

#[test]
fn sums_are_made_in_64_bits() {
    let folder = Folder::new();
    // In 32 bits the small one would be lost beside the large one before that is taken away.
    let small = vec![1e-9f32; 2000];
    write_wav(&folder.join("a.wav"), 2, RATE, &vec![0.75; 2000]);
    write_wav(&folder.join("b.wav"), 2, RATE, &small);
    write_wav(&folder.join("c.wav"), 2, RATE, &vec![-0.75; 2000]);
    folder.session("[[stem]]\nfile = \"*\"\n");
    let rendered = render_with_tools(&folder).unwrap();
    for s in &read(rendered.master())[0] {
        assert!((s - 1e-9).abs() < 1e-15, "{s}");
    }
}

#[test]
fn files_are_named_by_rate_and_depth() {
    for (rate, depth, name) in [
        (44_100, Depth::Int16, "Song_Master_44k116.wav"),
        (48_000, Depth::Int24, "Song_Master_48k24.wav"),
        (96_000, Depth::Float32, "Song_Master_96k32f.wav"),
    ] {
        let folder = Folder::new();
        let samples = common::signal(1, 2000);
        write_wav(&folder.join("Song_Stem_01_Drums.wav"), 2, rate, &samples);
        folder.session("[[stem]]\nfile = \"*\"\n");
        let options =
            session::render::Options { depth, ..session::render::Options::new(folder.path()) };
        let rendered = render_options(&options, &mut tools()).unwrap();
        assert_eq!(rendered.master(), folder.join("renders").join(name));
        assert_eq!(rendered.report.sample_rate_hz, rate);
    }
}

/// A voice in the second half of the first second of two, and music that is 20 dB louder wherever the
/// voice is certainly not.
fn voice_and_music(folder: &Folder, voice: &str) {
    let frames = 2 * RATE as usize;
    let noise = |seed| common::signal(seed, 2 * frames);
    let gated = |samples: Vec<f32>, gain: fn(usize) -> f32| -> Vec<f32> {
        samples.iter().enumerate().map(|(i, x)| gain(i / 2) * x).collect()
    };
    let speaks = |frame: usize| if (24_000..48_000).contains(&frame) { 1.0 } else { 0.0 };
    // The voice counts as there for 220 ms more.
    let plays = |frame: usize| if (23_900..59_000).contains(&frame) { 0.1 } else { 1.0 };
    write_wav(&folder.join(voice), 2, RATE, &gated(noise(1), speaks));
    write_wav(&folder.join("Song_Stem_02_Music.wav"), 2, RATE, &gated(noise(2), plays));
}

/// What was done for the voice by the insert on the music, keyed by `key`, if that is a voice; behind
/// what delays voice and music by so much.
fn done_for(
    folder: &Folder,
    voice: &str,
    key: &str,
    [late_voice, late_music, own]: [u32; 3],
) -> Option<VoiceToMusic> {
    folder.session(&format!(
        r#"
        [[stem]]
        file = "{voice}"
        name = "Voice"
        insert = [{{ plugin = "test.tool", params = {{ Delay = {late_voice} }} }}]
        [[stem]]
        file = "Song_Stem_02_Music.wav"
        name = "Music"
        insert = [
            {{ plugin = "test.tool", params = {{ Delay = {late_music} }} }},
            {{ plugin = "test.tool", params = {{ Delay = {own}, Gain = "-6 dB" }}, key = {key} }},
        ]
        "#
    ));
    let report = render_with_tools(folder).unwrap().report;
    let (keyed, rest): (Vec<_>, Vec<_>) =
        report.inserts.iter().partition(|i| i.channel == "Music" && i.place == 2);
    assert!(rest.iter().all(|insert| insert.voice_to_music.is_none()));
    let said = session::table::render(&report);
    let found = keyed[0].voice_to_music.clone();
    assert_eq!(said.contains("keyed by Voice: Voice to music, 2\u{2013}4 kHz: "), found.is_some());
    found
}

#[test]
fn what_is_done_for_a_voice_is_measured_in_line() {
    let folder = Folder::new();
    let voice = "Song_Stem_01_VoxLead.wav";
    voice_and_music(&folder, voice);
    let at_once = done_for(&folder, voice, "\"Voice\"", [0, 0, 0]).unwrap();
    assert_eq!(at_once.key, "Voice");
    // Noise of one level 20 dB above another, for 500 ms of 720.
    let wanted = 20.0 + 10.0 * (500f64 / 720.0).log10();
    assert!((at_once.before_db.unwrap() - wanted).abs() < 0.8, "{at_once:?}");
    assert_eq!((at_once.gained_db, at_once.mean_duck_db), (Some(6.0), Some(6.0)));
    assert!((at_once.voice_share - 0.36).abs() < 0.01, "{at_once:?}");
    assert_eq!(at_once.ducked_share, 1.0);
    for delays in [[900, 0, 0], [0, 1000, 0], [31, 0, 700], [500, 77, 31]] {
        let later = done_for(&folder, voice, "\"Voice\"", delays).unwrap();
        assert_eq!(later, at_once, "{delays:?}");
    }
    // Tapped before what delays it, it waits for the rest.
    let tapped = "{ from = \"Voice\", tap = \"pre\" }";
    assert_eq!(done_for(&folder, voice, tapped, [900, 0, 5]).unwrap(), at_once);
}

#[test]
fn only_a_key_that_is_a_voice_is_held_against_music() {
    let done_for = |voice: &str, key: &str| {
        let folder = Folder::new();
        voice_and_music(&folder, voice);
        done_for(&folder, voice, key, [0, 0, 0])
    };
    // No role says that it is anything else.
    assert!(done_for("Song_Stem_01_Anna.wav", "\"Voice\"").is_some());
    assert!(done_for("Song_Stem_01_DX.wav", "{ role = [\"Dialogue\"] }").is_some());
    assert_eq!(done_for("Song_Stem_01_Drums.wav", "\"Voice\""), None);
    // The music against itself.
    assert_eq!(done_for("Song_Stem_01_VoxLead.wav", "{ from = \"Music\", tap = \"pre\" }"), None);
}

#[test]
fn a_key_that_is_silent_is_said_to_be() {
    let folder = Folder::new();
    let voice = "Song_Stem_01_VoxLead.wav";
    voice_and_music(&folder, voice);
    write_wav(&folder.join(voice), 2, RATE, &vec![0.0; 4 * RATE as usize]);
    let silent = done_for(&folder, voice, "\"Voice\"", [0, 300, 0]).unwrap();
    assert_eq!((silent.key_level_dbfs, silent.before_db, silent.voice_share), (None, None, 0.0));
}
