//! Speech of espeak-ng, timed by its own phonemes.

use crate::support::not_run::not_run;
use crate::{activity, edges, louder};
use std::path::Path;
use std::process::Command;

/// What there is of a spoken text.
struct Spoken {
    rate: f64,
    samples: Vec<f32>,
    /// Start in seconds and name of each phoneme, the end last.
    phonemes: Vec<(f64, String)>,
}

/// Where phonemes are, from a pause to the next: the first phoneme's start, the first vowel's start, and
/// the last phoneme's end, in seconds.
type Phrase = [f64; 3];

const TEXT: &str = "Room for the voice is made only where it is covered. \
    Nobody should notice that anything moved at all! \
    When the singer breathes, does the music come back? \
    Seven soft whispers followed, and then everything stopped.";

/// Speaks with 600 ms of silence more in every pause; none, and said so, without espeak-ng.
fn speak(voice: &str) -> Option<Spoken> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/voice/espeak.py");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("spoken-{voice}.raw"));
    let output = Command::new("python3").arg(script).args([voice, TEXT]).arg(&path).output();
    let output = match output {
        Ok(output) if output.status.code() != Some(3) => output,
        _ => {
            not_run("the voice's activity on speech: espeak-ng is missing (apt install espeak-ng)");
            return None;
        }
    };
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{complaint}");
    let told = String::from_utf8(output.stdout).expect("text");
    let mut lines = told.lines();
    let rate: f64 = lines.next().and_then(|line| line.parse().ok()).expect("a rate");
    let raw = std::fs::read(&path).expect("samples");
    let spoken: Vec<f32> = raw
        .chunks_exact(2)
        .map(|pair| f32::from(i16::from_ne_bytes([pair[0], pair[1]])) / 32_768.0)
        .collect();
    let (mut samples, mut phonemes, mut taken, mut added) = (Vec::new(), Vec::new(), 0, 0.0);
    for line in lines {
        let (ms, name) = line.split_once(' ').expect("a time and a name");
        let at = 1e-3 * ms.parse::<f64>().expect("a time");
        let upto = ((at * rate) as usize).min(spoken.len());
        if name == "_" {
            // A pause's second half, if it comes in two; else its beginning.
            samples.extend_from_slice(&spoken[taken..upto]);
            samples.extend(std::iter::repeat_n(0.0, (0.6 * rate) as usize));
            (taken, added) = (upto, added + 0.6);
        }
        phonemes.push((at + added, name.to_owned()));
    }
    samples.extend_from_slice(&spoken[taken..]);
    samples.extend(std::iter::repeat_n(0.0, (0.6 * rate) as usize));
    Some(Spoken { rate, samples, phonemes })
}

fn is_pause(name: &str) -> bool {
    name == "end" || name.starts_with('_')
}

fn phrases(spoken: &Spoken) -> Vec<Phrase> {
    let mut all: Vec<Phrase> = Vec::new();
    let (mut is_silent, mut now): (bool, Option<Phrase>) = (true, None);
    for (at, name) in &spoken.phonemes {
        if is_pause(name) {
            if let Some([_, _, end]) = now.as_mut().filter(|_| !is_silent) {
                *end = *at;
            }
            is_silent = true;
            continue;
        }
        // A pause the hold bridges ends no phrase.
        all.extend(now.take_if(|[_, _, end]| is_silent && *at > *end + 0.4));
        is_silent = false;
        let [_, vowel, _] = now.get_or_insert([*at, f64::NAN, f64::NAN]);
        if vowel.is_nan() && name.starts_with(|c| "@aeiouAEIOUV03Q".contains(c)) {
            *vowel = *at;
        }
    }
    all.extend(now);
    all
}

#[test]
fn speech_is_active_where_its_phonemes_are() {
    for voice in ["en", "de", "en+f3"] {
        let Some(spoken) = speak(voice) else { return };
        let phrases = phrases(&spoken);
        assert!(phrases.len() >= 4, "{phrases:?}");
        let rate = spoken.rate;
        for gain_db in [-12.0, 0.0, 12.0] {
            let activity = activity(&louder(&spoken.samples, gain_db), rate);
            let mut found = edges(&activity, rate).into_iter();
            for [start, vowel, end] in &phrases {
                let (opens, is_open) = found.next().expect("it opens");
                let (closes, stays_open) = found.next().expect("it closes");
                assert!(is_open && !stays_open);
                println!(
                    "{voice} {gain_db:+} dB: opens {:+.0} ms from the first phoneme, {:+.0} ms from the \
                     first vowel, closes {:+.0} ms from the end",
                    1e3 * (opens - start),
                    1e3 * (opens - vowel),
                    1e3 * (closes - end),
                );
                // Breathy consonants in front may be too soft; the vowel is not.
                assert!(opens > start - 0.02 && opens < vowel + 0.03);
                // The hold, and however much the last phoneme's tail differs from its label.
                assert!(closes > end + 0.1 && closes < end + 0.3);
            }
            assert_eq!(found.next(), None, "nothing else opens it");
        }
    }
}

#[test]
fn the_level_of_speech_moves_no_edge() {
    let Some(spoken) = speak("en") else { return };
    crate::assert_level_moves_no_edge("espeak-ng", &spoken.samples, spoken.rate);
}
