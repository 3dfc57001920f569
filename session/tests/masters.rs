//! From stems to a master through the built bundles, Stem Trim and Stem Limiter.
//!
//! These need the bundles: `cargo xtask bundle --release` first, or name their folder in
//! `STEMWRIGHT_PLUGINS`. Without them they fail and say so.

mod common;

use common::{
    Folder, LIMITER, RATE, TRIM, built_bundles, float_options, peak_dbfs, read, render_options,
    write_wav,
};
use ebur128::{EbuR128, Mode};
use session::Error;
use session::error::ParameterProblem;
use session::render::{Options, Rendered};
use std::fmt::Write as _;
use std::path::Path;

const FRAMES: usize = 48_000 * 6;

fn render(options: &Options) -> session::Result<Rendered> {
    render_options(options, &mut built_bundles())
}

/// A song of noise bursts over a bed, with one mono stem: 6 s, some 12 dB below full scale.
fn song() -> Folder {
    let folder = Folder::new();
    for (index, name) in ["Drums", "Bass", "Music", "VoxLead"].into_iter().enumerate() {
        folder.stem(&format!("Song_Stem_{:02}_{name}.wav", index + 1), index as u64, FRAMES);
    }
    let mono = common::signal(9, FRAMES);
    write_wav(&folder.join("Song_Stem_05_DX.wav"), 1, RATE, &mono);
    folder
}

/// Integrated loudness by the second opinion, from the file.
fn loudness_lufs(path: &Path) -> f64 {
    let mut meter = EbuR128::new(2, RATE, Mode::I).unwrap();
    let [left, right] = read(path);
    meter.add_frames_planar_f64(&[&left, &right]).unwrap();
    meter.loudness_global().unwrap()
}

/// `a - b`, in dBFS.
fn difference_dbfs(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    peak_dbfs(&a.iter().zip(b).map(|(x, y)| x - y).collect::<Vec<_>>())
}

#[test]
fn the_template_sets_roles_and_leaves_the_sound_alone() {
    let folder = song();
    // Far below the ceiling, all together.
    for file in folder.contents() {
        let [left, right] = read(&folder.join(&file));
        let pairs = left.iter().zip(&right).flat_map(|(l, r)| [*l as f32, *r as f32]);
        let mono = file.contains("DX");
        let quiet: Vec<f32> = pairs.step_by(if mono { 2 } else { 1 }).map(|s| 0.4 * s).collect();
        write_wav(&folder.join(&file), if mono { 1 } else { 2 }, RATE, &quiet);
    }
    let rendered = render(&float_options(folder.path())).unwrap();
    let roles: Vec<(&str, &str)> = rendered
        .report
        .plugins
        .iter()
        .filter(|p| p.id == TRIM)
        .map(|p| {
            let role = p.parameters.iter().find(|q| q.name == "Role").unwrap();
            (p.channel.as_str(), role.text.as_str())
        })
        .collect();
    assert_eq!(
        roles,
        [
            ("Drums", "Drums"),
            ("Bass", "Bass"),
            ("Music", "Music"),
            ("VoxLead", "Lead Vocal"),
            ("DX", "Dialogue")
        ]
    );
    // The master is the sum, delayed and brought back, bit for bit.
    let mut sum = [vec![0.0; FRAMES], vec![0.0; FRAMES]];
    for file in &rendered.report.files.read {
        for (to, from) in sum.iter_mut().zip(read(Path::new(&file.path))) {
            for (t, f) in to.iter_mut().zip(from) {
                *t += f;
            }
        }
    }
    let master = read(rendered.master());
    assert!(peak_dbfs(&sum[0]) < -1.5, "the test's own sum would limit");
    for (got, wanted) in master.iter().zip(&sum) {
        for (g, w) in got.iter().zip(wanted) {
            assert_eq!(*g as f32, *w as f32);
        }
    }
    assert!(rendered.report.latency_samples > 0);
    let limiter = rendered.report.limiter.unwrap();
    assert_eq!(limiter.gain_reduction.maximum_db, 0.0);
}

#[test]
fn a_target_is_met_and_its_cost_is_said() {
    let folder = song();
    for (target_lufs, ceiling_dbtp) in [(-14.0, None), (-9.0, Some(-2.0)), (-30.0, None)] {
        let options =
            Options { target_lufs: Some(target_lufs), ceiling_dbtp, ..Options::new(folder.path()) };
        let rendered = render(&options).unwrap();
        let loudness = loudness_lufs(rendered.master());
        assert!((loudness - target_lufs).abs() < 0.05, "{target_lufs}: {loudness}");
        let master = rendered.report.master.measurement;
        assert!((master.ours.integrated_lufs.unwrap() - loudness).abs() < 0.02);
        let ceiling = ceiling_dbtp.unwrap_or(-1.0);
        // Full-band noise and naive edges: up to 0.6 dB over is what Standard promises there.
        assert!(master.ours.true_peak_dbtp.unwrap() < ceiling + 0.6);
        let limiter = rendered.report.limiter.unwrap();
        assert!((limiter.solve.unwrap().reached_lufs - target_lufs).abs() <= 0.1);
        let cost = limiter.gain_reduction;
        if target_lufs < -20.0 {
            assert_eq!(cost.maximum_db, 0.0, "{cost:?}");
        }
        if target_lufs > -10.0 {
            assert!(cost.maximum_db > 1.0 && cost.maximum_db < 24.0, "{cost:?}");
            assert!(cost.average_while_limiting_db <= cost.maximum_db);
            assert!(cost.limiting_share > 0.0 && cost.limiting_share <= 1.0);
        }
    }
}

#[test]
fn the_gain_found_gives_the_same_master_when_set_by_hand() {
    let folder = song();
    let options = Options { target_lufs: Some(-12.0), ..float_options(folder.path()) };
    let solved = render(&options).unwrap();
    let gain_db = solved.report.limiter.as_ref().unwrap().gain_db;
    let by_search = std::fs::read(solved.master()).unwrap();
    folder.session(&format!(
        "[[stem]]\nfile = \"*\"\ninsert = [{{ plugin = \"{TRIM}\", params = {{ Role = \"{{role}}\" }} }}]\n\
         [mix]\ninsert = [{{ plugin = \"{LIMITER}\", params = {{ Gain = \"{gain_db:.4} dB\" }} }}]\n"
    ));
    let set = render(&float_options(folder.path())).unwrap();
    assert!(std::fs::read(set.master()).unwrap() == by_search);
    // The cost is the same measured in one pass, to what the shown gain has of digits.
    let cost = |r: &Rendered| r.report.limiter.clone().unwrap().gain_reduction.maximum_db;
    assert!((cost(&set) - cost(&solved)).abs() < 0.06);
}

#[test]
fn the_length_of_a_block_changes_nothing() {
    let folder = song();
    let mut first: Option<Vec<u8>> = None;
    for block_len in [1024, 64, 777] {
        let options =
            Options { target_lufs: Some(-12.0), block_len, ..Options::new(folder.path()) };
        let rendered = render(&options).unwrap();
        let bytes = std::fs::read(rendered.master()).unwrap();
        assert!(*first.get_or_insert_with(|| bytes.clone()) == bytes, "block length {block_len}");
    }
}

#[test]
fn a_target_out_of_reach_is_refused_with_the_closest() {
    let folder = Folder::new();
    let quiet: Vec<f32> = common::signal(1, 2 * FRAMES).iter().map(|s| s * 1e-3).collect();
    write_wav(&folder.join("Song_Stem_01_Drums.wav"), 2, RATE, &quiet);
    let before = folder.contents();
    let options = Options { target_lufs: Some(-14.0), ..Options::new(folder.path()) };
    let error = render(&options).unwrap_err();
    assert!(matches!(error, Error::TargetOutOfReach { gain_db: 24.0, .. }), "{error}");
    assert!(error.to_string().contains("+24.00 dB"), "{error}");
    assert_eq!(folder.contents(), before);

    let folder = Folder::new();
    write_wav(&folder.join("Song_Stem_01_Drums.wav"), 2, RATE, &vec![0.0; 2 * FRAMES]);
    let options = Options { target_lufs: Some(-14.0), ..Options::new(folder.path()) };
    let error = render(&options).unwrap_err();
    assert!(matches!(error, Error::SilentMix { .. }), "{error}");
}

#[test]
fn values_beyond_the_range_are_refused() {
    let folder = song();
    let problem = |insert: &str| {
        folder.session(&format!("[[stem]]\nfile = \"*\"\n[mix]\ninsert = [{{ {insert} }}]\n"));
        match render(&float_options(folder.path())) {
            Err(Error::Parameter(e)) => e.problem,
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{insert} was taken"),
        }
    };
    let limiter =
        |params: &str| problem(&format!("plugin = \"{LIMITER}\", params = {{ {params} }}"));
    assert!(matches!(limiter("Gain = \"30 dB\""), ParameterProblem::NotKept { .. }));
    assert!(matches!(limiter("Gain = \"-30 dB\""), ParameterProblem::NotKept { .. }));
    assert!(matches!(limiter("Ceiling = 1"), ParameterProblem::NotKept { .. }));
    assert!(matches!(limiter("Mode = \"Gentle\""), ParameterProblem::NotUnderstood { .. }));
    assert!(matches!(limiter("Treble = 3"), ParameterProblem::Unknown { .. }));
    let trim = |params: &str| problem(&format!("plugin = \"{TRIM}\", params = {{ {params} }}"));
    assert!(matches!(trim("Width = \"300 %\""), ParameterProblem::NotKept { .. }));
    assert!(matches!(trim("Role = \"Kazoo\""), ParameterProblem::NotUnderstood { .. }));
    assert!(matches!(trim("\"High-Pass\" = \"9000 Hz\""), ParameterProblem::NotKept { .. }));
    // The low end has a name, "Off", which is not what was asked for.
    assert!(matches!(trim("\"High-Pass\" = \"5 Hz\""), ParameterProblem::NotKept { .. }));
}

#[test]
fn a_limiter_that_plays_only_what_it_takes_away_is_refused() {
    let folder = song();
    folder.session(&format!(
        "[[stem]]\nfile = \"*\"\n\
         [mix]\ninsert = [{{ plugin = \"{LIMITER}\", params = {{ Delta = \"On\" }} }}]\n"
    ));
    let before = folder.contents();
    let error = render(&float_options(folder.path())).unwrap_err();
    let sentence = error.to_string();
    for part in ["Stem Limiter", "'mix'", "'Delta'", "leave it at \"Off\""] {
        assert!(sentence.contains(part), "{sentence}");
    }
    assert!(
        matches!(error, Error::Parameter(e) if matches!(e.problem, ParameterProblem::Monitor { .. }))
    );
    assert_eq!(folder.contents(), before);
}

#[test]
fn a_trim_moves_as_it_is_told() {
    const WINDOW: usize = 480;
    // 6 dB down between the second and the fourth second, behind a limiter's latency.
    let folder = Folder::new();
    folder.stem("Song_Stem_01_Drums.wav", 1, FRAMES);
    folder.session(&format!(
        "[[stem]]\nfile = \"*\"\n\
         [[stem.insert]]\nplugin = \"{LIMITER}\"\n\
         [[stem.insert]]\nplugin = \"{TRIM}\"\n\
         automation = [{{ param = \"Gain\", points = [[2.0, \"0 dB\"], [4, -6]] }}]\n"
    ));
    let rendered = render(&float_options(folder.path())).unwrap();
    assert!(rendered.report.latency_samples > 0);
    let before = read(&folder.join("Song_Stem_01_Drums.wav"));
    let after = read(rendered.master());
    // The gain from outside, in windows of 10 ms: the least-squares fit of one to the other.
    for (index, (x, y)) in before[0].chunks(WINDOW).zip(after[0].chunks(WINDOW)).enumerate() {
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let gain_db = 20.0 * (product(x, y) / product(x, x)).log10();
        let seconds = (index as f64 + 0.5) * WINDOW as f64 / f64::from(RATE);
        let wanted_db = -3.0 * (seconds - 2.0).clamp(0.0, 2.0);
        // The plugin's own glide lags by its time constant, some hundredths of a dB here.
        assert!((gain_db - wanted_db).abs() < 0.1, "{seconds} s: {gain_db} for {wanted_db}");
    }

    // Automated and asked for by an option: two masters cannot be served.
    folder.session(&format!(
        "[[stem]]\nfile = \"*\"\n[[mix.insert]]\nplugin = \"{LIMITER}\"\n\
         automation = [{{ param = \"Gain\", points = [[0, 0], [1, 6]] }}]\n"
    ));
    let options = Options { target_lufs: Some(-14.0), ..float_options(folder.path()) };
    let sentence = render(&options).unwrap_err().to_string();
    assert!(sentence.contains("'Gain'") && sentence.contains("automation"), "{sentence}");
}

#[test]
fn values_as_people_write_them_are_understood() {
    let folder = song();
    folder.session(&format!(
        "[[stem]]\nfile = \"*\"\n[[stem.insert]]\nplugin = \"{TRIM}\"\n[stem.insert.params]\n\
         Gain = -1.5\nDelay = \"480 samples\"\nWidth = 80\nBalance = -30\n\"High-Pass\" = \"80 Hz\"\n\
         \"Polarity L\" = true\nBypass = false\nVersion = \"Main\"\n\
         [[mix.insert]]\nplugin = \"{LIMITER}\"\n[mix.insert.params]\n\
         Ceiling = -1\nLookahead = \"5 ms\"\nLink = \"50 %\"\nMode = \"Strict\"\n"
    ));
    let rendered = render(&float_options(folder.path())).unwrap();
    let text = |name: &str| {
        let trim = &rendered.report.plugins[0];
        trim.parameters.iter().find(|p| p.name == name).unwrap().text.clone()
    };
    assert!(text("Gain").starts_with("-1.5"), "{}", text("Gain"));
    assert!(text("Delay").starts_with("10.000 ms"), "{}", text("Delay"));
}

#[test]
fn stems_keyed_by_their_sum_add_up_to_the_limited_mix() {
    let folder = song();
    // Only the stems are there yet.
    let files = folder.contents();
    // Every stem 18 dB up into its own limiter, whose gain comes from the sum of all.
    for (mode, link) in [("Standard", 100), ("Standard", 0), ("Strict", 50), ("Sample Peak", 100)] {
        let settings = format!("Gain = \"18 dB\", Mode = \"{mode}\", Link = {link}");
        folder.session(&format!(
            "[[stem]]\nfile = \"*\"\n\
             [mix]\ninsert = [{{ plugin = \"{LIMITER}\", params = {{ {settings} }} }}]\n"
        ));
        let mix = render(&float_options(folder.path())).unwrap();
        let cost = mix.report.limiter.as_ref().unwrap().gain_reduction;
        assert!(cost.maximum_db > 6.0, "{cost:?}");

        let mut text = String::new();
        for file in &files {
            let _ = write!(
                text,
                "[[stem]]\nfile = \"{file}\"\nsend = [{{ to = \"sum\", tap = \"pre\" }}]\n\
                 insert = [{{ plugin = \"{LIMITER}\", key = \"sum\", params = {{ Key = \"External\", {settings} }} }}]\n"
            );
        }
        folder.session(&format!("{text}[[bus]]\nname = \"sum\"\nto = \"none\"\n"));
        let stems = render(&float_options(folder.path())).unwrap();
        for (a, b) in read(mix.master()).iter().zip(&read(stems.master())) {
            let residual = difference_dbfs(a, b);
            assert!(residual <= -120.0, "{mode}, link {link}: {residual:.1} dBFS");
        }
    }
}

#[test]
fn the_real_stems_meet_their_targets() {
    let audio = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/audio");
    if !audio.is_dir() {
        println!("not run: the stems of {} are absent", audio.display());
        return;
    }
    for (folder, song, target_lufs) in [("song", "Harbor", -14.0), ("podcast", "Almanac", -16.0)] {
        let out = tempfile::tempdir().unwrap();
        let options = Options {
            target_lufs: Some(target_lufs),
            out: Some(out.path().to_owned()),
            ..Options::new(audio.join(folder))
        };
        let rendered = render(&options).unwrap();
        assert_eq!(rendered.master(), out.path().join(format!("{song}_Master_48k24.wav")));
        let loudness = loudness_lufs(rendered.master());
        assert!((loudness - target_lufs).abs() < 0.05, "{folder}: {loudness}");
        let peak = rendered.report.master.measurement.ours.strict_true_peak_dbtp.unwrap();
        assert!(peak <= -1.0 + 0.01, "{folder}: {peak}");
    }
}

#[test]
fn a_thread_that_has_hosted_may_end() {
    // Plugins register destructors with the threads they run on, and leave workers behind that end
    // after their last instance: a library unmapped under either takes the process down.
    std::thread::scope(|scope| {
        for seed in 0..3 {
            scope.spawn(move || {
                let folder = Folder::new();
                folder.stem("Song_Stem_01_Drums.wav", seed, 2000);
                for _ in 0..60 {
                    std::thread::scope(|inner| {
                        inner.spawn(|| render(&float_options(folder.path())).unwrap());
                    });
                }
            });
        }
    });
}
