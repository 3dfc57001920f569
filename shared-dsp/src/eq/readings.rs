//! What the equaliser has to say about itself.

use super::DynamicEq;
use super::params::BANDS;
use crate::unmask::UnmaskReadings;

/// What an editor shows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readings {
    /// The move of each band in dB, at the last sample.
    pub move_db: [f64; BANDS],
    /// The highest level each band's static curve read in the last sixtieth of a second, in dB:
    /// dBFS, or the difference between stem and key. −200 where nothing listens.
    pub level_db: [f64; BANDS],
    /// Whether the key input has been above −80 dBFS within the last two seconds.
    pub key_is_fed: bool,
    /// How active the voice on the key input is, 0 to 1; 0 while neither a band nor Unmask asks.
    pub voice_activity: f64,
    /// Where the voice is as a whole, in LUFS: the key level, and what becomes of it while anybody asks.
    pub voice_reference_lufs: f64,
    /// How loud the voice is now, over 200 ms, in LUFS; −∞ while nobody asks.
    pub voice_level_lufs: f64,
    /// What Unmask does, and what came of it.
    pub unmask: UnmaskReadings,
}

impl DynamicEq {
    /// What an editor shows.
    pub fn readings(&self) -> Readings {
        let [voice_activity, voice_reference_lufs, voice_level_lufs] = if self.hears_voice() {
            [self.voice.activity(), self.voice.reference_lufs(), self.voice.level_lufs()]
        } else {
            [0.0, self.voice.key_level_lufs(), f64::NEG_INFINITY]
        };
        Readings {
            move_db: std::array::from_fn(|b| self.control.gain_db(b)),
            level_db: self.levels_db,
            key_is_fed: self.key_watch.is_fed(),
            voice_activity,
            voice_reference_lufs,
            voice_level_lufs,
            unmask: self.unmask.readings(),
        }
    }

    /// How active the voice is, 0 to 1, and the deepest duck of Unmask in dB ≥ 0: of the readings, what
    /// a history keeps.
    pub fn voice_and_duck(&self) -> [f64; 2] {
        if !self.hears_voice() {
            return [0.0; 2];
        }
        [self.voice.activity(), self.unmask.deepest_duck_db()]
    }

    /// What came of Unmask is counted anew.
    pub fn reset_outcome(&mut self) {
        self.unmask.reset_outcome();
    }
}
