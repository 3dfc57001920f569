//! Made-up reports: a song as it should be, and everything that can be awkward at once.

use report::model::{
    BandGain, BandGains, File, Files, GainReduction, GainTimeline, Insert, Limiter, MOST_POINTS,
    Master, Measurement, Null, Opinions, Parameter, PluginReport, Print, PrintKind, Report, Solve,
    Stem, Target, Timeline, VoiceToMusic, Waveform, rounded_correlation, rounded_decibels,
    rounded_sample,
};
use std::f64::consts::TAU;

const RATE_HZ: u32 = 48_000;

/// Noise from 0 to 1 that is the same every time.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn width(seconds: f64, tick: f64) -> (f64, usize) {
    let ticks = (seconds / tick).floor().max(1.0) as usize;
    let per_point = ticks.div_ceil(MOST_POINTS);
    (per_point as f64 * tick, ticks.div_ceil(per_point))
}

/// Verses and choruses around a loudness.
fn timeline(seconds: f64, lufs: f64, seed: u64, from: f64) -> Timeline {
    let mut noise = Noise(seed);
    let (seconds_per_point, points) = width(seconds, 0.01);
    let mut made = Timeline { seconds_per_point, ..Timeline::default() };
    let mut slow = 0.0;
    for index in 0..points {
        let at = (index as f64 + 0.5) / points as f64;
        let chorus = if (at * 4.0 + 0.35).fract() > 0.55 { 2.2 } else { -1.5 };
        slow += 0.08 * (chorus - slow);
        let fade = ((1.0 - at) / 0.05).min(1.0) * (at / 0.01).min(1.0);
        if at < from || fade < 0.02 {
            made.waveform.min.push(0.0);
            made.waveform.max.push(0.0);
            made.momentary_lufs.push(None);
            made.short_term_lufs.push(None);
            continue;
        }
        let gain = 20.0 * fade.log10();
        let short = lufs + slow + 0.6 * (TAU * 23.0 * at).sin() + gain;
        let peak = 10f64.powf((lufs + slow + 9.0 + gain) / 20.0);
        let mut side = || rounded_sample((peak * (0.6 + 0.4 * noise.next())).min(0.89));
        made.waveform.max.push(side());
        made.waveform.min.push(-side());
        made.momentary_lufs.push(rounded_decibels(short + 3.0 * (noise.next() - 0.4)));
        made.short_term_lufs.push(rounded_decibels(short));
    }
    let settled = |index: usize| rounded_decibels(lufs - 2.0 / (1.0 + index as f64 / 60.0));
    made.integrated_lufs = Some((0..points).map(settled).collect());
    let wide = |index: usize| rounded_correlation(0.5 + 0.6 * (0.05 * index as f64).sin());
    made.correlation = Some((0..points).map(wide).collect());
    made
}

fn gain(
    seconds: f64,
    tick: f64,
    seed: u64,
    deepest: impl Fn(f64, f64) -> [f64; 3],
) -> GainTimeline {
    let mut noise = Noise(seed);
    let (seconds_per_point, points) = width(seconds, tick);
    let mut made = GainTimeline { seconds_per_point, ..GainTimeline::default() };
    for index in 0..points {
        let at = (index as f64 + 0.5) / points as f64;
        let [low, mean, high] =
            deepest(at, noise.next()).map(|v| rounded_decibels(v).filter(|v| *v > -90.0));
        made.lowest_db.push(low);
        made.mean_db.push(mean);
        made.highest_db.push(high);
    }
    made
}

fn opinions(lufs: f64, dbtp: f64) -> Opinions {
    let ours = Measurement {
        integrated_lufs: Some(lufs),
        loudness_range_lu: 5.4,
        true_peak_dbtp: Some(dbtp - 0.02),
        strict_true_peak_dbtp: Some(dbtp),
        sample_peak_dbfs: Some(dbtp - 0.11),
        headroom_db: Some(-dbtp),
    };
    let ebur128 = Measurement {
        integrated_lufs: Some(lufs + 0.01),
        true_peak_dbtp: Some(dbtp - 0.05),
        strict_true_peak_dbtp: None,
        loudness_range_lu: 5.5,
        ..ours
    };
    Opinions { ours, ebur128: Some(ebur128) }
}

fn hash(seed: u64) -> String {
    let mut noise = Noise(seed);
    (0..64).map(|_| char::from_digit((noise.next() * 16.0) as u32, 16).unwrap_or('0')).collect()
}

fn print(
    kind: PrintKind,
    label: &str,
    file: &str,
    measured: Opinions,
    seconds: f64,
    seed: u64,
) -> Print {
    let lufs = measured.ours.integrated_lufs.unwrap_or(-60.0);
    Print {
        kind,
        version: Some("Main".to_owned()),
        label: label.to_owned(),
        file: file.to_owned(),
        depth: "24".to_owned(),
        channels: 2,
        dithered: kind == PrintKind::Master,
        peak_dbfs: measured.ours.sample_peak_dbfs,
        measurement: measured,
        timeline: Some(timeline(
            seconds,
            lufs,
            seed,
            if kind == PrintKind::StemPre { 0.1 } else { 0.0 },
        )),
        sha256: Some(hash(seed)),
        bytes: Some((seconds * 288_000.0) as u64 + 680),
        ..Print::default()
    }
}

fn parameter(id: u32, module: &str, name: &str, text: &str) -> Parameter {
    Parameter {
        id,
        name: name.to_owned(),
        module: module.to_owned(),
        text: text.to_owned(),
        value: f64::from(id),
        normalised: 0.5,
    }
}

fn plugin(channel: &str, name: &str, parameters: &[(&str, &str, &str)]) -> PluginReport {
    PluginReport {
        channel: channel.to_owned(),
        id: format!("org.stemwright.{}", name.to_lowercase().replace(' ', "-")),
        name: name.to_owned(),
        vendor: "Stemwright".to_owned(),
        version: "0.1.0".to_owned(),
        key: None,
        latency_samples: 96,
        parameters: parameters
            .iter()
            .zip(1..)
            .map(|((m, n, t), id)| parameter(id, m, n, t))
            .collect(),
    }
}

fn insert(channel: &str, plugin: &str, identical: bool, timeline: GainTimeline) -> Insert {
    Insert {
        channel: channel.to_owned(),
        plugin: plugin.to_owned(),
        place: 1,
        identical,
        level_in_dbfs: Some(-22.4),
        level_out_dbfs: Some(-24.1),
        timeline: Some(timeline),
        bands: None,
        voice_to_music: None,
    }
}

/// Nine octave bands, of which number `band` is moved by what `gain_db` says, from 0 to 1, and its
/// neighbours by some of it.
fn bands(seconds: f64, band: usize, gain_db: impl Fn(f64) -> f64) -> BandGains {
    let (seconds_per_point, points) = width(seconds, 0.1);
    let made = (0..9).map(|number| {
        let part = [1.0, 0.21, 0.03].get(band.abs_diff(number)).copied().unwrap_or(0.0);
        let gain = |index: usize| part * gain_db((index as f64 + 0.5) / points as f64);
        let gains = (0..points).map(gain);
        let moved: Vec<f64> = gains.clone().filter(|db| db.abs() > BandGains::LEAST_DB).collect();
        let furthest =
            gains.clone().enumerate().reduce(|a, b| if b.1.abs() > a.1.abs() { b } else { a });
        let low_hz = 31.25 * f64::from(1 << number);
        BandGain {
            low_hz,
            high_hz: 2.0 * low_hz,
            mean_while_moved_db: (!moved.is_empty())
                .then(|| moved.iter().sum::<f64>() / moved.len() as f64)
                .and_then(rounded_decibels),
            furthest_db: furthest.and_then(|(_, db)| rounded_decibels(db)),
            furthest_at_seconds: furthest.map(|(index, _)| index as f64 * seconds_per_point),
            moved_share: moved.len() as f64 / points as f64,
            mean_db: gains.map(rounded_decibels).collect(),
        }
    });
    BandGains { seconds_per_point, bands: made.collect() }
}

fn null(what: &str, residual: Option<f64>, passed: bool) -> Null {
    Null {
        what: what.to_owned(),
        residual_rms_dbfs: residual,
        residual_peak_dbfs: residual.map(|r| r + 11.0),
        limit_dbfs: -120.0,
        passed,
        note: None,
    }
}

#[expect(clippy::too_many_lines, reason = "a report has many parts")]
/// Three and a half minutes, six stems, four versions, all as ordered.
pub(crate) fn song() -> Report {
    const SECONDS: f64 = 211.3;
    let names = ["Drums", "Bass", "Music", "Lead Vocal", "Backing Vocals", "Effects"];
    let loudness = [-19.2, -22.4, -20.8, -18.9, -26.1, -31.0];
    let mut prints = vec![
        print(
            PrintKind::Master,
            "Main",
            "Harbor_Main_48k24.wav",
            opinions(-14.03, -1.0),
            SECONDS,
            1,
        ),
        print(
            PrintKind::NoMaster,
            "Mix, no master",
            "Harbor_Mix_NoMaster_48k24.wav",
            opinions(-20.6, -4.31),
            SECONDS,
            2,
        ),
        print(
            PrintKind::Version,
            "Instrumental",
            "Harbor_Instrumental_48k24.wav",
            opinions(-15.2, -1.42),
            SECONDS,
            3,
        ),
        print(
            PrintKind::Version,
            "A Cappella",
            "Harbor_ACappella_48k24.wav",
            opinions(-18.7, -2.9),
            SECONDS,
            4,
        ),
        print(PrintKind::Version, "TV", "Harbor_TV_48k24.wav", opinions(-14.9, -1.31), SECONDS, 5),
    ];
    let mut stems = Vec::new();
    for (index, (name, lufs)) in names.into_iter().zip(loudness).enumerate() {
        let file = format!("Harbor_Stem_{:02}_{}_48k24.wav", index + 1, name.replace(' ', ""));
        let measured = opinions(lufs, -6.2 - index as f64);
        let seed = 20 + index as u64;
        let mut made = print(
            PrintKind::StemPre,
            &format!("{:02} {name}", index + 1),
            &file,
            measured,
            SECONDS,
            seed,
        );
        made.dithered = false;
        stems.push(Stem {
            name: name.to_owned(),
            role: name.to_owned(),
            file: format!("{:02}_{}.wav", index + 1, name.replace(' ', "")),
            channels: if name == "Bass" { 1 } else { 2 },
            depth: "24".to_owned(),
            time_reference: Some(172_800_000),
            sha256: Some(hash(100 + seed)),
            measurement: Opinions { ebur128: None, ..measured },
            timeline: made.timeline.clone(),
        });
        prints.push(made);
    }
    let limited = gain(SECONDS, 0.01, 9, |at, noise| {
        let loud = if (at * 4.0 + 0.35).fract() > 0.55 { 3.4 } else { 0.8 };
        let low = -loud * noise * noise;
        [low, 0.25 * low, 0.0]
    });
    let ride = gain(SECONDS, 0.1, 10, |at, noise| {
        let mean = -2.5 * (TAU * 7.0 * at).sin().max(0.0);
        [mean - 0.8 * noise, mean, mean + 0.3 * noise]
    });
    let under_the_voice = bands(SECONDS, 6, |at| {
        -2.5 * (3.0 * (TAU * 7.0 * at).sin() + (TAU * 61.0 * at).sin()).clamp(0.0, 1.0)
    });
    let steady = |db: f64| gain(SECONDS, 0.1, 11, move |_, _| [db; 3]);
    let file = |path: &str, seed| File {
        path: path.to_owned(),
        bytes: Some(60_854_480),
        sha256: Some(hash(seed)),
    };
    let mut written: Vec<File> =
        prints.iter().zip(1..).map(|(p, seed)| file(&p.file, seed)).collect();
    written.push(File { path: "report.json".to_owned(), ..File::default() });
    Report {
        stemwright: "0.1.0".to_owned(),
        created: "2026-05-12T14:03:00Z".to_owned(),
        song: "Harbor".to_owned(),
        sample_rate_hz: RATE_HZ,
        frames: (SECONDS * f64::from(RATE_HZ)) as u64,
        seconds: SECONDS,
        latency_samples: 877,
        target: Some(Target::own(Some(-14.0), Target::TOLERANCE_LU, Some(-1.0))),
        master: Master {
            file: "Harbor_Main_48k24.wav".to_owned(),
            depth: "24".to_owned(),
            clipped_samples: 0,
            measurement: opinions(-14.03, -1.0),
        },
        sum: opinions(-20.6, -4.31),
        limiter: Some(Limiter {
            gain_db: 6.72,
            gain_reduction: GainReduction {
                maximum_db: 3.4,
                average_while_limiting_db: 0.9,
                limiting_share: 0.31,
            },
            timeline: Some(limited),
            solve: Some(Solve { target_lufs: -14.0, reached_lufs: -14.03, passes: 4 }),
        }),
        nulls: vec![
            null("Instrumental + A Cappella \u{2212} Main", Some(-148.2), true),
            null("Sum of the mastered stems \u{2212} Main", None, true),
        ],
        inserts: vec![
            Insert {
                bands: Some(under_the_voice),
                voice_to_music: Some(VoiceToMusic {
                    key: "Lead Vocal".to_owned(),
                    key_level_dbfs: Some(-21.73),
                    voice_share: 0.463,
                    before_db: Some(-1.34),
                    after_db: Some(0.86),
                    gained_db: Some(2.2),
                    mean_duck_db: Some(1.84),
                    ducked_share: 0.512,
                }),
                ..insert("Music", "Stem Dynamic EQ", false, ride)
            },
            insert("Bass", "Stem Trim", false, steady(1.5)),
            insert("Drums", "Stem Trim", true, steady(0.0)),
            insert("Lead Vocal", "Stem Trim", true, steady(0.0)),
        ],
        plugins: vec![
            plugin(
                "Drums",
                "Stem Trim",
                &[("", "Gain", "0.0 dB"), ("", "Polarity", "normal"), ("", "Pan", "centre")],
            ),
            PluginReport {
                key: Some("Lead Vocal".to_owned()),
                ..plugin(
                    "Music",
                    "Stem Dynamic EQ",
                    &[
                        ("Band 1", "Band 1 Frequency", "320 Hz"),
                        ("Band 1", "Band 1 Range", "\u{2212}4.0 dB"),
                        ("Band 2", "Band 2 Frequency", "2.5 kHz"),
                        ("Band 2", "Band 2 Range", "\u{2212}3.0 dB"),
                    ],
                )
            },
            plugin(
                "mix",
                "Stem Limiter",
                &[
                    ("", "Gain", "+6.72 dB"),
                    ("", "Ceiling", "\u{2212}1.0 dBTP"),
                    ("", "Release", "Auto"),
                    ("", "Mode", "Strict"),
                ],
            ),
        ],
        files: Files {
            read: stems.iter().zip(50..).map(|(s, seed)| file(&s.file, seed)).collect(),
            written,
        },
        prints,
        stems,
        ..Report::default()
    }
}

/// Two hours, forty prints, hostile and endless names, silence, a failed null, and over.
pub(crate) fn awkward() -> Report {
    const SECONDS: f64 = 7204.5;
    let hostile = "</title><script>alert(\"1\")</script> & 'quotes' \u{202e}gnp.exe\0";
    let endless = "Endless_".repeat(24);
    let mut report = song();
    report.song = format!("{hostile} {}", "A very long title that does not end ".repeat(3));
    report.seconds = SECONDS;
    report.frames = (SECONDS * 44_100.0) as u64;
    report.sample_rate_hz = 44_100;
    report.mono = true;
    report.headroom_trim_db = Some(-2.31);
    report.stem_trim_db = Some(-1.07);
    report.warnings = vec![
        format!("{hostile} stays in the Instrumental: effects printed from the vocal."),
        format!("{endless}.wav starts 37 samples late: move it."),
    ];
    report.master.measurement = opinions(-13.62, -0.41);
    report.prints = (0..40)
        .map(|index| {
            let kind = match index {
                0 => PrintKind::Master,
                1 => PrintKind::NoMaster,
                2..12 => PrintKind::Version,
                _ => PrintKind::StemMastered,
            };
            let file = format!("{endless}{index:02}_44k24.wav");
            let measured = if index == 0 {
                report.master.measurement
            } else {
                opinions(-16.0 - f64::from(index) / 4.0, -1.3)
            };
            print(
                kind,
                &format!("{index:02} {hostile}"),
                &file,
                measured,
                SECONDS,
                1 + index as u64,
            )
        })
        .collect();
    if let Some(timeline) = &mut report.prints[0].timeline {
        let points = timeline.waveform.max.len();
        timeline.true_peak_dbtp =
            Some((0..points).map(|i| Some(if i % 331 == 200 { -0.41 } else { -1.2 })).collect());
    }
    let silent = &mut report.prints[39];
    silent.measurement = Opinions::default();
    silent.peak_dbfs = None;
    "32f".clone_into(&mut silent.depth);
    silent.trim_db = -1.07;
    if let Some(timeline) = &mut silent.timeline {
        let points = timeline.waveform.max.len();
        timeline.waveform = Waveform { min: vec![0.0; points], max: vec![0.0; points] };
        timeline.momentary_lufs = vec![None; points];
        timeline.short_term_lufs = vec![None; points];
    }
    report.prints[5].clipped_samples = 12_345;
    report.prints[5].measurement = opinions(-12.0, 1.62);
    report.stems[5].measurement = Opinions::default();
    report.stems[5].timeline = None;
    report.stems[5].name.clone_from(&endless);
    report.nulls.push(Null {
        note: Some(format!("{hostile} goes through an effect that differs from run to run.")),
        ..null("Instrumental + A Cappella \u{2212} Main", Some(-58.3), false)
    });
    if let Some(limiter) = &mut report.limiter {
        limiter.gain_reduction.maximum_db = 14.2;
        limiter.timeline = Some(gain(SECONDS, 0.01, 3, |at, noise| {
            if at < 0.2 {
                return [-200.0; 3];
            }
            [-14.2 * noise.powi(6), -4.0 * noise.powi(6), 0.0]
        }));
    }
    report.inserts[0].timeline = Some(gain(SECONDS, 0.1, 4, |at, noise| {
        if (0.4..0.6).contains(&at) { [-200.0; 3] } else { [-80.0 * noise.powi(20), -0.5, 0.5] }
    }));
    // Up and down by everything there is, and without a gain of the whole.
    report.inserts[0].bands =
        Some(bands(SECONDS, 2, |at| 40.0 * (TAU * 200.0 * at).sin().powi(3) * (at - 0.5)));
    report.inserts[2].identical = false;
    report.inserts[2].bands = Some(bands(SECONDS, 8, |at| if at > 0.999 { -0.4 } else { 0.0 }));
    report.inserts[2].timeline = None;
    report.inserts[1].plugin.clone_from(&endless);
    let silent = VoiceToMusic { key: endless.clone(), ..VoiceToMusic::default() };
    report.inserts[1].voice_to_music = Some(silent);
    // One that changed nothing, for a voice that was hardly there.
    report.inserts[3].voice_to_music = Some(VoiceToMusic {
        key: hostile.to_owned(),
        key_level_dbfs: Some(-61.2),
        voice_share: 0.0004,
        before_db: Some(-31.0),
        after_db: Some(-31.0),
        gained_db: Some(0.0),
        mean_duck_db: Some(0.0),
        ducked_share: 0.0,
    });
    report.inserts[1].level_out_dbfs = None;
    report.plugins[0].name = endless;
    report.plugins[0].parameters[0].text = hostile.repeat(3);
    hostile.clone_into(&mut report.files.read[0].path);
    report
}
