//! Speech that was labelled by who spoke it: espeak-ng tells when it speaks each phoneme.

use crate::support::not_run::not_run;
use crate::{Way, by, energy, processed};
use shared_dsp::db;
use shared_dsp::de_esser::{DeEsserParams, Mode};
use std::path::Path;
use std::process::Command;

const TEXT: &str = "Six sisters sat in silence beside the sea. \
    She saw a silver sunset, and so did Susan. \
    More room for a moon; no harm in a warm morning. \
    The singer chose a less hissing voice.";

/// The vowels of espeak-ng's English begin with one of these.
const VOWELS: &[char] = &['a', 'e', 'i', 'o', 'u', 'A', 'E', 'I', 'O', 'U', 'V', '0', '3', '@'];

/// Sample rate, samples, and where each phoneme is: from and to in samples.
type Spoken = (f64, Vec<f32>, Vec<([usize; 2], String)>);

fn speak(voice: &str) -> Option<Spoken> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/voice/espeak.py");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sibilant-{voice}.raw"));
    let output = Command::new("python3").arg(script).args([voice, TEXT]).arg(&path).output();
    let output = match output {
        Ok(output) if output.status.code() != Some(3) => output,
        _ => {
            not_run("the de-esser on speech: espeak-ng is missing (apt install espeak-ng)");
            return None;
        }
    };
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let told = String::from_utf8(output.stdout).expect("text");
    let mut lines = told.lines();
    let rate: f64 = lines.next().and_then(|line| line.parse().ok()).expect("a rate");
    let samples: Vec<f32> = std::fs::read(&path)
        .expect("samples")
        .chunks_exact(2)
        .map(|pair| f32::from(i16::from_ne_bytes([pair[0], pair[1]])) / 32_768.0)
        .collect();
    let starts: Vec<(usize, String)> = lines
        .map(|line| {
            let (ms, name) = line.split_once(' ').expect("a time and a name");
            let at = 1e-3 * ms.parse::<f64>().expect("a time");
            (((at * rate) as usize).min(samples.len()), name.to_owned())
        })
        .collect();
    let phonemes =
        starts.windows(2).map(|pair| ([pair[0].0, pair[1].0], pair[0].1.clone())).collect();
    Some((rate, samples, phonemes))
}

/// The energy of phonemes before and after, in dB, over all of them; and how many there are.
fn lost_db(
    spoken: &Spoken,
    output: &[f32],
    inset_s: f64,
    is_meant: impl Fn(&str) -> bool,
) -> (f64, usize) {
    let (rate, samples, phonemes) = spoken;
    let inset = (inset_s * rate) as usize;
    let (mut before, mut after, mut count) = (0.0, 0.0, 0);
    for ([from, to], _) in phonemes.iter().filter(|(_, name)| is_meant(name)) {
        if to - from > 2 * inset {
            before += energy(&samples[from + inset..to - inset]);
            after += energy(&output[from + inset..to - inset]);
            count += 1;
        }
    }
    (db::from_power(before / after), count)
}

#[test]
fn spoken_s_sounds_are_turned_down_and_vowels_are_not() {
    for voice in ["en", "en+f3", "en+m7"] {
        let Some(spoken) = speak(voice) else { return };
        for way in [Way::Of(Mode::Bell), Way::Of(Mode::Wide), Way::Split] {
            let output = processed(&mut by(way, spoken.0, &DeEsserParams::DEFAULT), &spoken.1);
            let (s_db, s) = lost_db(&spoken, &output, 0.0, |name| name == "s");
            let (vowels_db, vowels) =
                lost_db(&spoken, &output, 0.03, |name| name.starts_with(VOWELS));
            println!("{voice}, {way:?}: {s} s {s_db:.2} dB, {vowels} vowels {vowels_db:.3} dB");
            assert!(s >= 15 && vowels >= 20, "{s}, {vowels}");
            assert!((4.0..6.01).contains(&s_db), "{s_db}: {voice}, {way:?}");
            // Wide turns all of a vowel down with the end of the s before it.
            assert!(vowels_db < 0.2 || way == Way::Of(Mode::Wide), "{vowels_db}: {voice}, {way:?}");
        }
    }
}
