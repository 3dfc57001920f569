//! Values that move while a session is rendered, and monitors that may not be on.

mod common;

use common::{
    Folder, RATE, float_options, read, render_options, render_with_tools, tools, write_wav,
};
use session::Error;
use session::error::ParameterProblem;

const FRAMES: usize = 30_000;

/// Seconds of a sample.
fn seconds(sample: f64) -> f64 {
    sample / f64::from(RATE)
}

/// What an automation gives at a sample: a straight line, sampled every 32 samples and at its
/// points.
fn line(points: &[(usize, f64)], sample: usize) -> f64 {
    let before = points.iter().rposition(|p| p.0 <= sample);
    let Some(before) = before else { return points[0].1 };
    let (from_at, from) = points[before];
    let Some(&(to_at, to)) = points.get(before + 1) else { return from };
    let on_grid = (sample / 32 * 32).max(from_at);
    from + (to - from) * (on_grid - from_at) as f64 / (to_at - from_at) as f64
}

fn points_text(points: &[(usize, f64)]) -> String {
    let points: Vec<String> = points
        .iter()
        .map(|(at, value)| format!("[{:?}, {value:?}]", seconds(*at as f64)))
        .collect();
    format!("[{}]", points.join(", "))
}

#[test]
fn a_moving_value_meets_its_closed_form_at_every_sample() {
    let points = [(100, -0.5), (5000, 0.25), (5001, 1.0), (20_000, 1.0), (25_007, -1.0)];
    for latency in [0, 777] {
        let folder = Folder::new();
        write_wav(&folder.join("Song_Stem_01_Drums.wav"), 2, RATE, &vec![0.0; 2 * FRAMES]);
        folder.session(&format!(
            "[[stem]]\nfile = \"*\"\n\
             [[stem.insert]]\nplugin = \"test.tool\"\nparams = {{ Delay = {latency} }}\n\
             [[stem.insert]]\nplugin = \"test.tool\"\n\
             automation = [{{ param = \"Offset\", points = {} }}]\n",
            points_text(&points)
        ));
        let mut first = None;
        for block_len in [1024, 1, 17, 65_536] {
            let options = session::render::Options { block_len, ..float_options(folder.path()) };
            let rendered = render_options(&options, &mut tools()).unwrap();
            assert_eq!(rendered.report.latency_samples, latency);
            let [left, right] = read(rendered.master());
            for (n, value) in left.iter().enumerate() {
                // The session's own time, however late the audio arrives at the insert.
                let wanted = f64::from(line(&points, n) as f32);
                assert!((value - wanted).abs() < 1e-6, "sample {n}: {value} for {wanted}");
            }
            assert_eq!(left, right);
            let first = first.get_or_insert_with(|| left.clone());
            assert!(*first == left, "block length {block_len}");
        }
    }
}

#[test]
fn a_gain_moves_over_the_audio_it_was_drawn_over() {
    let folder = Folder::new();
    let audio = folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    // One move before a delay, one behind it, and behind a delay inside the plugin itself.
    folder.session(
        r#"
        [[stem]]
        file = "*"
        [[stem.insert]]
        plugin = "test.tool"
        params = { Delay = 500 }
        [[stem.insert]]
        plugin = "test.tool"
        automation = [
            { param = "Gain", points = [[0, "0 dB"], [0.25, "-6 dB"], [0.5, "-20 dB"]], shape = "step" },
            { param = "3", points = [[0, "Off"]] },
        ]
        "#,
    );
    let rendered = render_with_tools(&folder).unwrap();
    let settings = &rendered.report.plugins[1].parameters;
    assert!(settings.iter().any(|p| p.text.ends_with("automated from there")), "{settings:?}");
    let [left, _] = read(rendered.master());
    for (n, value) in left.iter().enumerate() {
        let gain_db = [0.0, -6.0, -20.0][(n / 12_000).min(2)];
        let wanted = 10f64.powf(gain_db / 20.0) as f32 * audio[2 * n];
        assert_eq!(*value as f32, wanted, "sample {n}");
    }
}

#[test]
fn stepped_values_step_even_on_a_line() {
    let folder = Folder::new();
    let audio = folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    // With itself as key the plugin is silent while Key is on.
    folder.session(
        r#"
        [[stem]]
        file = "*"
        name = "Drums"
        [[stem.insert]]
        plugin = "test.tool"
        key = { from = "Drums", tap = "pre" }
        automation = [{ param = "key", points = [[0.1, false], [0.25, true], [0.5, "Off"]] }]
        "#,
    );
    let rendered = render_with_tools(&folder).unwrap();
    let [left, _] = read(rendered.master());
    for (n, value) in left.iter().enumerate() {
        let wanted = if (12_000..24_000).contains(&n) { 0.0 } else { audio[2 * n] };
        assert_eq!(*value as f32, wanted, "sample {n}");
    }
}

/// Why a session with this insert of the tool is refused, and how that is said.
fn problem(insert: &str) -> (ParameterProblem, String) {
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, 1000);
    folder.session(&format!(
        "[[stem]]\nfile = \"*\"\ninsert = [{{ plugin = \"test.tool\", {insert} }}]\n"
    ));
    let before = folder.contents();
    let error = render_with_tools(&folder).unwrap_err();
    assert_eq!(folder.contents(), before, "nothing is left behind: {error}");
    let sentence = error.to_string();
    assert!(sentence.contains("Test Tool") && sentence.contains("Drums"), "{sentence}");
    match error {
        Error::Parameter(e) => (e.problem, sentence),
        other => panic!("{other}"),
    }
}

#[test]
fn automation_that_cannot_be_played_is_refused() {
    let automation = |inner: &str| problem(&format!("automation = [{{ {inner} }}]"));
    let (p, sentence) = automation("param = \"Gian\", points = [[0, 1]]");
    assert!(matches!(p, ParameterProblem::Unknown { .. }), "{sentence}");
    for points in [
        "[[1, 1], [0.5, 2]]",
        "[[1, 1], [1, 2]]",
        "[[-1, 1]]",
        "[[nan, 1]]",
        "[[0, 1], [nan, 1]]",
        "[[0, 1], [inf, 1]]",
    ] {
        let (p, sentence) = automation(&format!("param = \"Gain\", points = {points}"));
        assert!(matches!(p, ParameterProblem::PointTime { .. }), "{points}: {sentence}");
        assert!(sentence.contains("Gain") && sentence.contains("in order of time"), "{sentence}");
    }
    let (p, sentence) = automation("param = \"Gain\", points = []");
    assert!(matches!(p, ParameterProblem::NoPoints { .. }), "{sentence}");
    let (p, sentence) = automation("param = \"Gain\", points = [[0, 0], [1, \"-30 dB\"]]");
    assert!(matches!(p, ParameterProblem::NotKept { .. }), "{sentence}");
    let (p, sentence) = automation("param = \"Gain\", points = [[0, 0], [1, \"loud\"]]");
    assert!(matches!(p, ParameterProblem::NotUnderstood { .. }), "{sentence}");
    let (p, sentence) = automation("param = \"Deaf\", points = [[0, 0], [1, 1]]");
    assert!(matches!(p, ParameterProblem::NotKept { .. }), "{sentence}");
    let (p, sentence) = automation("param = \"Delay\", points = [[0, 0], [1, 10]]");
    assert!(matches!(p, ParameterProblem::NotAutomatable { .. }), "{sentence}");
    assert!(sentence.contains("Delay") && sentence.contains("in params"), "{sentence}");
    let (p, sentence) = automation("param = \"Key Listen\", points = [[0, false], [1, true]]");
    assert!(matches!(p, ParameterProblem::Monitor { .. }), "{sentence}");

    let (p, sentence) =
        problem("params = { Gain = 1 }, automation = [{ param = \"1\", points = [[0, 0]] }]");
    assert!(matches!(p, ParameterProblem::SetAndAutomated { .. }), "{sentence}");
    assert!(sentence.contains("keep one of them"), "{sentence}");
    let (p, sentence) = problem(
        "automation = [{ param = \"1\", points = [[0, 0]] }, { param = \"Gain\", points = [[0, 0]] }]",
    );
    assert!(matches!(p, ParameterProblem::Repeated { .. }), "{sentence}");
}

#[test]
fn a_monitor_that_is_on_is_refused() {
    let (p, sentence) = problem("params = { \"Key Listen\" = true }");
    assert_eq!(
        p,
        ParameterProblem::Monitor {
            parameter: "Key Listen".to_owned(),
            value: "On".to_owned(),
            default: "Off".to_owned(),
        },
        "{sentence}"
    );
    assert!(sentence.contains("leave it at \"Off\""), "{sentence}");
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, 1000);
    folder.session(
        "[[stem]]\nfile = \"*\"\n\
         insert = [{ plugin = \"test.tool\", params = { \"Key Listen\" = \"Off\" } }]\n",
    );
    render_with_tools(&folder).unwrap();
}
