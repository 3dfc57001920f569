//! What came of it, in numbers: the voice against the music where words are understood, before and
//! after ([`VoiceToMusic`]), how deep the duck was, and for how much of the time.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::ask::LOOKS_PER_SECOND;
use crate::four::Four;
use crate::voice_to_music::VoiceToMusic;

/// A duck of less is none, in dB.
const DUCKED_DB: f64 = 0.1;
/// A stem below this mean square is silent: −80 dBFS.
const SOUNDING: f64 = 1e-8;

/// Energies and times since the last reset.
#[derive(Debug, Clone)]
pub(super) struct Outcome {
    voice_to_music: VoiceToMusic,
    /// How many looks: with the voice active, with the stem sounding, and of those, ducked.
    active: u64,
    sounding: u64,
    ducked: u64,
    /// Σ of the deepest duck while the voice was active.
    duck_db: f64,
}

/// What came of it since the last reset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OutcomeReadings {
    /// The voice against the music between 2 and 4 kHz while the voice was active, as the stem came,
    /// in dB. None before a voice was heard over music.
    pub voice_to_music_before_db: Option<f64>,
    /// The same as the stem left.
    pub voice_to_music_after_db: Option<f64>,
    /// The mean of the deepest bell's duck while the voice was active, in dB ≥ 0.
    pub mean_duck_db: f64,
    /// The part of the time the stem sounded in which any bell ducked by more than 0.1 dB, 0 to 1.
    pub ducked: f64,
    /// How long the voice was active, in seconds.
    pub active_seconds: f64,
}

impl Outcome {
    /// Has heard nothing.
    pub(super) fn new() -> Self {
        let voice_to_music = VoiceToMusic::new();
        Self { voice_to_music, active: 0, sounding: 0, ducked: 0, duck_db: 0.0 }
    }

    /// Sets the sample rate in Hz.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.voice_to_music.prepare(sample_rate_hz);
        self.start_over();
    }

    /// Forgets signals and readings.
    pub(super) fn reset(&mut self) {
        self.voice_to_music.reset();
        self.start_over();
    }

    /// Forgets the readings.
    pub(super) fn start_over(&mut self) {
        self.voice_to_music.start_over();
        (self.active, self.sounding, self.ducked, self.duck_db) = (0, 0, 0, 0.0);
    }

    /// Hears a piece: the key, the stem before, the stem after.
    #[inline(always)]
    pub(super) fn hear<F: Four>(
        &mut self,
        zero: F,
        key: &[[f64; 2]],
        before: &[[f64; 2]],
        after: &[[f64; 2]],
    ) {
        self.voice_to_music.hear(zero, key, before, after);
    }

    /// A look further: the deepest duck in dB, how active the voice is, and the mean square of the stem
    /// over all bands.
    #[inline(always)]
    pub(super) fn look(&mut self, deepest_db: f64, activity: f64, stem: f64) {
        if stem > SOUNDING {
            self.sounding += 1;
            self.ducked += u64::from(deepest_db > DUCKED_DB);
        }
        if self.voice_to_music.look(activity).active {
            self.active += 1;
            self.duck_db += deepest_db;
        }
    }

    /// What came of it.
    pub(super) fn readings(&self) -> OutcomeReadings {
        let part = |of: f64, all: u64| if all == 0 { 0.0 } else { of / all as f64 };
        OutcomeReadings {
            voice_to_music_before_db: self.voice_to_music.before_db(),
            voice_to_music_after_db: self.voice_to_music.after_db(),
            mean_duck_db: part(self.duck_db, self.active),
            ducked: part(self.ducked as f64, self.sounding),
            active_seconds: self.active as f64 / LOOKS_PER_SECOND,
        }
    }
}
