//! What an insert did for the voice that keys it, in words.

use crate::model::VoiceToMusic;
use crate::number::{fixed, percent, signed};

/// A sentence without its full stop.
pub fn said(voice: &VoiceToMusic) -> String {
    format!("Voice to music, 2\u{2013}4 kHz: {}", ratio(voice))
}

fn ratio(voice: &VoiceToMusic) -> String {
    let Some(key_level_dbfs) = voice.key_level_dbfs else {
        return "the key was silent".to_owned();
    };
    let there = percent(voice.voice_share);
    let Some(before_db) = voice.before_db else {
        return if voice.voice_share > 0.0 {
            format!("the voice, there {there} of the time, never met the music")
        } else {
            let level = fixed(key_level_dbfs, 1);
            format!("no voice was heard on the key, which lay at {level} dBFS RMS")
        };
    };
    let mut said = format!("before {} dB", signed(before_db, 1));
    match (voice.after_db, voice.gained_db) {
        (Some(after_db), Some(gained_db)) => {
            let word = if gained_db > -0.05 { "gained" } else { "lost" };
            let gained = fixed(gained_db.abs(), 1);
            said = format!("{said}, after {} dB, {word} {gained} dB", signed(after_db, 1));
        }
        _ => said = format!("{said}, after it nothing was left of the music"),
    }
    if let Some(duck_db) = voice.mean_duck_db {
        let word = if duck_db > -0.05 { "duck" } else { "lift" };
        said = format!("{said}; mean {word} {} dB", fixed(duck_db.abs(), 1));
    }
    said = format!("{said} while the voice was there, {there} of the time");
    if voice.ducked_share > 0.0 {
        format!("{said}; ducked for {} of the music's time", percent(voice.ducked_share))
    } else {
        format!("{said}; the music was never ducked")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ducked() -> VoiceToMusic {
        VoiceToMusic {
            key: "VoxLead".to_owned(),
            key_level_dbfs: Some(-24.0),
            voice_share: 0.58,
            before_db: Some(-1.34),
            after_db: Some(0.86),
            gained_db: Some(2.2),
            mean_duck_db: Some(1.84),
            ducked_share: 0.61,
        }
    }

    #[test]
    fn a_duck_is_said_with_what_the_voice_gained() {
        assert_eq!(
            said(&ducked()),
            "Voice to music, 2\u{2013}4 kHz: before \u{2212}1.3 dB, after +0.9 dB, gained 2.2 dB; mean \
             duck 1.8 dB while the voice was there, 58 % of the time; ducked for 61 % of the music's \
             time"
        );
    }

    #[test]
    fn what_was_not_a_duck_is_called_what_it_was() {
        let lifted = VoiceToMusic {
            after_db: Some(-2.84),
            gained_db: Some(-1.5),
            mean_duck_db: Some(-1.5),
            ducked_share: 0.0,
            ..ducked()
        };
        let said_of = said(&lifted);
        assert!(
            said_of.contains("after \u{2212}2.8 dB, lost 1.5 dB; mean lift 1.5 dB"),
            "{said_of}"
        );
        assert!(said_of.ends_with("; the music was never ducked"), "{said_of}");
        let idle = VoiceToMusic {
            after_db: Some(-1.34),
            gained_db: Some(0.0),
            mean_duck_db: Some(0.0),
            ducked_share: 0.002,
            ..ducked()
        };
        let said_of = said(&idle);
        assert!(said_of.contains("gained 0.0 dB; mean duck 0.0 dB"), "{said_of}");
        assert!(said_of.ends_with("ducked for under 1 % of the music's time"), "{said_of}");
        let gone = VoiceToMusic { after_db: None, gained_db: None, ..ducked() };
        let said_of = said(&gone);
        assert!(said_of.contains("after it nothing was left of the music; mean duck"), "{said_of}");
    }

    #[test]
    fn why_there_is_no_ratio_is_said() {
        let none = VoiceToMusic { before_db: None, after_db: None, gained_db: None, ..ducked() };
        let met = said(&none);
        assert!(met.ends_with("the voice, there 58 % of the time, never met the music"), "{met}");
        let faint = said(&VoiceToMusic { voice_share: 0.0, ..none.clone() });
        assert!(faint.ends_with("heard on the key, which lay at \u{2212}24.0 dBFS RMS"), "{faint}");
        let silent = said(&VoiceToMusic { key_level_dbfs: None, voice_share: 0.0, ..none });
        assert_eq!(silent, "Voice to music, 2\u{2013}4 kHz: the key was silent");
    }
}
