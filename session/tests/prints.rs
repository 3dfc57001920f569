//! What is ordered is what is printed: versions, stems, names, depths, trims, through the built
//! bundles.

mod common;

use common::{Folder, LIMITER, RATE, TRIM, built_bundles, peak_dbfs, read, write_wav};
use session::Error;
use session::audio_file::{AudioReader, Broadcast, Depth, WavOptions, WavWriter};
use session::render::{Options, Rendered, StemPrints};
use shared_dsp::versions::Version;
use std::path::{Path, PathBuf};

const FRAMES: usize = 48_000 * 3;

fn render(options: &Options) -> session::Result<Rendered> {
    // Unlike the other tests', these renders meet what earlier ones have left.
    session::render::render(options, &mut built_bundles(), &mut |_, _, _| {})
}

/// A song of noise bursts: three instruments, two voices, one of them mono.
fn song() -> Folder {
    let folder = Folder::new();
    for (index, name) in ["Drums", "Music", "FX", "VoxLead"].into_iter().enumerate() {
        folder.stem(&format!("Song_Stem_{:02}_{name}.wav", index + 1), index as u64, FRAMES);
    }
    let mono = common::signal(9, FRAMES);
    write_wav(&folder.join("Song_Stem_05_BGV.wav"), 1, RATE, &mono);
    folder
}

fn loud(folder: &Folder) -> Options {
    Options {
        target_lufs: Some(-9.0),
        depth: Depth::Float32,
        stem_depth: Some(Depth::Float32),
        ..Options::new(folder.path())
    }
}

fn of<'a>(rendered: &'a Rendered, part: &str) -> &'a Path {
    let named = |path: &&PathBuf| path.file_name().unwrap().to_string_lossy().contains(part);
    rendered.prints.iter().find(named).unwrap()
}

fn sum(paths: &[&Path]) -> [Vec<f64>; 2] {
    let mut sum = [vec![0.0; FRAMES], vec![0.0; FRAMES]];
    for path in paths {
        for (to, from) in sum.iter_mut().zip(read(path)) {
            to.iter_mut().zip(from).for_each(|(t, f)| *t += f);
        }
    }
    sum
}

fn residual_dbfs(a: &[Vec<f64>; 2], b: &[Vec<f64>; 2]) -> f64 {
    let rest: Vec<f64> = a.iter().flatten().zip(b.iter().flatten()).map(|(x, y)| x - y).collect();
    peak_dbfs(&rest)
}

#[test]
fn versions_share_one_gain_and_cancel() {
    let folder = song();
    let options = Options {
        versions: vec![Version::Main, Version::Instrumental, Version::ACappella, Version::VocalUp],
        ..loud(&folder)
    };
    let rendered = render(&options).unwrap();
    let cost = rendered.report.limiter.as_ref().unwrap().gain_reduction;
    assert!(cost.maximum_db > 3.0, "{cost:?}");
    let parts = sum(&[of(&rendered, "Instrumental"), of(&rendered, "Acappella")]);
    let main = sum(&[of(&rendered, "Master")]);
    assert!(residual_dbfs(&parts, &main) <= -120.0);
    // A voice 1 dB up is Main and a little more of the voice, at the same gain.
    let step = 10f64.powf(1.0 / 20.0) - 1.0;
    let mut up = sum(&[of(&rendered, "Acappella")]);
    up.iter_mut().flatten().for_each(|s| *s *= step);
    up.iter_mut().flatten().zip(main.iter().flatten()).for_each(|(u, m)| *u += m);
    assert!(residual_dbfs(&up, &sum(&[of(&rendered, "VocalUp")])) <= -120.0);
    // And the report says what numbers say.
    let null = &rendered.report.nulls[0];
    assert!(null.passed && null.residual_rms_dbfs.is_none_or(|r| r < -120.0), "{null:?}");
    assert_eq!(rendered.report.prints.len(), 5);
}

#[test]
fn mastered_stems_sum_to_the_master_and_pre_stems_to_the_mix() {
    let folder = song();
    for (stems, whole) in [(StemPrints::Mastered, "Master"), (StemPrints::Pre, "Mix_NoMaster")] {
        let out = folder.join(whole);
        let options = Options { stems: Some(stems), out: Some(out), ..loud(&folder) };
        let rendered = render(&options).unwrap();
        let printed: Vec<&Path> = rendered
            .prints
            .iter()
            .filter(|p| p.display().to_string().contains("_Stem_"))
            .map(PathBuf::as_path)
            .collect();
        assert_eq!(printed.len(), 5);
        assert!(residual_dbfs(&sum(&printed), &sum(&[of(&rendered, whole)])) <= -120.0);
        assert!(rendered.report.nulls.iter().all(|null| null.passed));
    }
}

#[test]
fn untouched_stems_are_printed_bit_for_bit() {
    let folder = Folder::new();
    let names = ["Song_Stem_01_Drums_48k24.wav", "Song_Stem_02_Vox_48k24.wav"];
    let hour = 3600 * u64::from(RATE);
    for (seed, name) in names.iter().enumerate() {
        // 24 bits, with a time reference.
        let broadcast = Broadcast { time_reference_samples: hour, date: None, time: None };
        let mut writer = WavWriter::create(
            &folder.join(name),
            WavOptions { broadcast: Some(broadcast), ..WavOptions::new(Depth::Int24, RATE) },
        )
        .unwrap();
        let samples: Vec<f64> =
            common::signal(seed as u64, FRAMES).iter().map(|s| f64::from(*s)).collect();
        writer.write(&samples, &samples).unwrap();
        writer.finish().unwrap().commit().unwrap();
    }
    let options = Options {
        stems: Some(StemPrints::Pre),
        date: Some("2026-05-12".to_owned()),
        version: Some(2),
        ..Options::new(folder.path())
    };
    let rendered = render(&options).unwrap();
    for name in names {
        let printed = name.replace(".wav", "_v02_2026-05-12.wav");
        assert_eq!(read(&folder.join(name)), read(of(&rendered, &printed)), "{name}");
        let reader = AudioReader::open(of(&rendered, &printed)).unwrap();
        assert_eq!(reader.time_reference_samples(), Some(hour));
    }
    // The same order again takes the next version.
    let again = render(&options).unwrap();
    assert!(again.report_file.ends_with("report_v03_2026-05-12.json"), "{:?}", again.report_file);
    assert!(again.report.warnings.iter().any(|w| w.contains("version 3")));
}

#[test]
fn stems_that_would_clip_are_lowered_together() {
    let folder = song();
    // A voice and its opposite: the mix is tame, each alone is not.
    let hot: Vec<f32> = common::signal(20, 2 * FRAMES).iter().map(|s| 6.0 * s).collect();
    let opposite: Vec<f32> = hot.iter().map(|s| -s).collect();
    write_wav(&folder.join("Song_Stem_06_Keys.wav"), 2, RATE, &hot);
    write_wav(&folder.join("Song_Stem_07_Synth.wav"), 2, RATE, &opposite);
    let options = Options {
        stems: Some(StemPrints::Pre),
        stem_depth: Some(Depth::Int24),
        ..Options::new(folder.path())
    };
    let rendered = render(&options).unwrap();
    let trim_db = rendered.report.stem_trim_db.unwrap();
    let wanted = -20.0 * hot.iter().fold(0.0f32, |p, s| p.max(s.abs())).log10();
    assert!((trim_db - f64::from(wanted)).abs() < 0.011, "{trim_db} {wanted}");
    assert!(rendered.report.prints.iter().all(|p| p.clipped_samples == 0));
    let lowered: Vec<f64> = rendered.report.prints.iter().map(|p| p.trim_db).collect();
    assert_eq!((lowered[0], lowered[1]), (0.0, trim_db));
    assert!(rendered.report.warnings.iter().any(|w| w.contains("lowered by")));
    assert!(rendered.report.nulls.iter().all(|n| n.passed), "{:?}", rendered.report.nulls);
    // At 32f they are printed as they are.
    let options =
        Options { stem_depth: Some(Depth::Float32), out: Some(folder.join("f")), ..options };
    assert_eq!(render(&options).unwrap().report.stem_trim_db, None);
}

#[test]
fn headroom_is_left_by_one_trim() {
    let folder = song();
    let options = Options { headroom_db: Some(6.0), ..loud(&folder) };
    let rendered = render(&Options { target_lufs: None, ..options }).unwrap();
    let headroom = rendered.report.sum.ours.headroom_db.unwrap();
    assert!((6.04..6.06).contains(&headroom), "{headroom}");
    let trim_db = rendered.report.headroom_trim_db.unwrap();
    let gain = 10f64.powf(trim_db / 20.0);
    let mut sum = sum(&(1..=5)
        .map(|n| rendered.report.files.read[n - 1].path.as_ref())
        .collect::<Vec<&Path>>());
    sum.iter_mut().flatten().for_each(|s| *s *= gain);
    assert!(residual_dbfs(&sum, &read(of(&rendered, "NoMaster"))) < -130.0);
}

#[test]
fn unequal_stems_are_padded_when_asked() {
    let folder = song();
    let short = common::signal(3, 2 * FRAMES - 20_000);
    write_wav(&folder.join("Song_Stem_03_FX.wav"), 2, RATE, &short);
    let refused = render(&Options::new(folder.path())).unwrap_err();
    assert!(refused.to_string().contains("--pad"), "{refused}");
    let rendered = render(&Options { pad: true, ..loud(&folder) }).unwrap();
    assert_eq!(rendered.report.frames, FRAMES as u64);
    assert!(rendered.report.warnings.iter().any(|w| w.contains("FX.wav") && w.contains("0.208 s")));
    let read = read(of(&rendered, "NoMaster"));
    assert_eq!(read[0].len(), FRAMES);
}

#[test]
fn a_late_stem_is_put_where_its_time_reference_says() {
    let folder = Folder::new();
    let samples: Vec<f64> = common::signal(1, 4000).iter().map(|s| f64::from(*s)).collect();
    for (name, at) in [("a_Drums.wav", 10_000), ("a_Vox.wav", 10_777)] {
        let broadcast = Broadcast { time_reference_samples: at, date: None, time: None };
        let options =
            WavOptions { broadcast: Some(broadcast), ..WavOptions::new(Depth::Float32, RATE) };
        let mut writer = WavWriter::create(&folder.join(name), options).unwrap();
        writer.write(&samples, &samples).unwrap();
        writer.finish().unwrap().commit().unwrap();
    }
    folder.session("[[stem]]\nfile = \"*\"\n");
    let refused = render(&Options::new(folder.path())).unwrap_err();
    assert!(matches!(refused, Error::UnequalStarts { .. }), "{refused}");
    let rendered =
        render(&Options { pad: true, depth: Depth::Float32, ..Options::new(folder.path()) })
            .unwrap();
    let [left, _] = read(rendered.master());
    assert_eq!(left.len(), 4777);
    for (i, sample) in left.iter().enumerate() {
        let of = |at: Option<usize>| at.and_then(|at| samples.get(at)).copied().unwrap_or(0.0);
        assert_eq!(*sample as f32, (of(Some(i)) + of(i.checked_sub(777))) as f32);
    }
    let reader = AudioReader::open(rendered.master()).unwrap();
    assert_eq!(reader.time_reference_samples(), Some(10_000));
}

#[test]
fn a_mono_master_is_one_channel_and_three_lu_lower() {
    let folder = song();
    let options = Options { target_lufs: Some(-16.0), mono: true, ..Options::new(folder.path()) };
    let rendered = render(&options).unwrap();
    let reader = AudioReader::open(rendered.master()).unwrap();
    assert_eq!(reader.format().channels, 1);
    let measured = rendered.report.master.measurement;
    // The verdict holds the file against what one channel should measure.
    let asked = rendered.report.target.unwrap().lufs.unwrap();
    assert!((asked + 19.01).abs() < 0.01, "{asked}");
    for loudness in [measured.ours, measured.ebur128.unwrap()].map(|m| m.integrated_lufs.unwrap()) {
        assert!((loudness + 16.0 + 10.0 * 2f64.log10()).abs() < 0.05, "{loudness}");
    }
}

#[test]
fn what_would_not_be_main_is_refused() {
    let folder = song();
    folder.session(&format!(
        "[[stem]]\nfile = \"*\"\ninsert = [{{ plugin = \"{TRIM}\", params = {{ Role = \"{{role}}\", \
         Version = \"Instrumental\" }} }}]\n[mix]\ninsert = [{{ plugin = \"{LIMITER}\" }}]\n"
    ));
    let versions = vec![Version::Main, Version::VocalUp];
    let refused = render(&Options { versions, ..Options::new(folder.path()) }).unwrap_err();
    assert!(matches!(refused, Error::VersionSet { .. }), "{refused}");
    assert!(refused.to_string().contains("Instrumental"), "{refused}");
    assert!(!folder.join("renders").exists());
}

#[test]
fn a_voice_printed_into_the_effects_is_told() {
    let folder = song();
    let versions = vec![Version::Main, Version::Instrumental];
    let options = Options { versions, ..loud(&folder) };
    let survives = |rendered: &Rendered| {
        rendered.report.warnings.iter().any(|w| w.contains("survives") && w.contains("'FX'"))
    };
    assert!(!survives(&render(&options).unwrap()));
    // The lead, 40 ms late and 20 dB down, under the effects.
    let (fx, vox) = (folder.join("Song_Stem_03_FX.wav"), folder.join("Song_Stem_04_VoxLead.wav"));
    let [[fl, fr], [vl, vr]] = [read(&fx), read(&vox)];
    let wet = |dry: &[f64], vox: &[f64], i: usize| {
        (dry[i] + i.checked_sub(1920).map_or(0.0, |j| 0.1 * vox[j])) as f32
    };
    let both: Vec<f32> = (0..FRAMES).flat_map(|i| [wet(&fl, &vl, i), wet(&fr, &vr, i)]).collect();
    write_wav(&fx, 2, RATE, &both);
    let rendered = render(&Options { out: Some(folder.join("wet")), ..options }).unwrap();
    assert!(survives(&rendered), "{:?}", rendered.report.warnings);
    assert!(rendered.report.warnings.iter().any(|w| w.contains("40 ms")));
}
