//! What an insert that is keyed by a voice did for it.
//!
//! The key as it is fed to the insert and the audio on either side of it are heard in line
//! ([`KeyedMeter`]): the voice against the music between 2 and 4 kHz, while the voice is there, before
//! the insert and after it. Unmask shows the same of itself, by the same meter.
//!
//! How deep the music was ducked in that band is taken in windows of 100 ms, of which those count in
//! which there is something of it to hear ([`FAINTEST_POWER`]): on average over the time the voice was
//! there, and how much of the time at all.

use super::FAINTEST_POWER;
use crate::engine::KeyedSink;
use report::model::{BandGains, VoiceToMusic, rounded_decibels};
use shared_dsp::db;
use shared_dsp::voice_to_music::{Heard, KeyedMeter};

/// Looks of a millisecond that are a window.
const WINDOW: u32 = 100;
/// No duck is told from a deeper one than this, dB.
const DEEPEST_DB: f64 = 120.0;

/// Measures what was done for a voice.
#[derive(Debug, Clone)]
pub(crate) struct VoiceMeter {
    meter: KeyedMeter,
    /// Σ of the squares of the key, both channels, and how many samples each has.
    key: f64,
    frames: u64,
    window: Window,
    seen: Seen,
}

/// A window under way.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    looks: u32,
    all: Stretch,
    /// While the voice was there.
    spoken: Stretch,
}

/// The music before and after, over some samples of each channel.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    samples: u64,
    before: f64,
    after: f64,
}

/// Samples of each channel, by what was true of them.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    spoken: u64,
    sounding: u64,
    ducked: u64,
    /// Spoken over music; and Σ of the duck at each, dB.
    met: u64,
    duck_db: f64,
}

impl Stretch {
    fn add(&mut self, heard: &Heard) {
        self.samples += heard.samples as u64;
        self.before += heard.before;
        self.after += heard.after;
    }

    /// How far the music lies lower after than before, dB, where there was any.
    fn duck_db(&self) -> Option<f64> {
        let audible = self.before > FAINTEST_POWER * (2 * self.samples) as f64;
        audible.then(|| db::from_power(self.before / self.after).min(DEEPEST_DB))
    }
}

impl Seen {
    fn add(&mut self, window: &Window) {
        let Window { all, spoken, .. } = window;
        self.spoken += spoken.samples;
        if let Some(duck_db) = all.duck_db() {
            self.sounding += all.samples;
            if duck_db > BandGains::LEAST_DB {
                self.ducked += all.samples;
            }
        }
        if let Some(duck_db) = spoken.duck_db() {
            self.met += spoken.samples;
            self.duck_db += duck_db * spoken.samples as f64;
        }
    }
}

impl VoiceMeter {
    /// A meter for a voice that is known to lie at so many LUFS.
    pub(crate) fn new(sample_rate_hz: u32, key_level_lufs: f64) -> Self {
        Self {
            meter: KeyedMeter::new(sample_rate_hz.into(), key_level_lufs),
            key: 0.0,
            frames: 0,
            window: Window::default(),
            seen: Seen::default(),
        }
    }

    /// What was seen, of a key from channel `key`.
    pub(crate) fn reading(&self, key: &str) -> VoiceToMusic {
        let mut seen = self.seen;
        seen.add(&self.window);
        let part = |of: u64, all: u64| if all == 0 { 0.0 } else { of as f64 / all as f64 };
        let [before_db, after_db] = [self.meter.before_db(), self.meter.after_db()];
        let gained_db = before_db.zip(after_db).map(|(before, after)| after - before);
        VoiceToMusic {
            key: key.to_owned(),
            key_level_dbfs: rounded_decibels(db::from_power(self.key / (2 * self.frames) as f64)),
            voice_share: part(seen.spoken, self.frames),
            before_db: before_db.and_then(rounded_decibels),
            after_db: after_db.and_then(rounded_decibels),
            gained_db: gained_db.and_then(rounded_decibels),
            mean_duck_db: (seen.met > 0)
                .then(|| seen.duck_db / seen.met as f64)
                .and_then(rounded_decibels),
            ducked_share: part(seen.ducked, seen.sounding),
        }
    }
}

impl KeyedSink for VoiceMeter {
    fn write(&mut self, key: [&[f64]; 2], before: [&[f64]; 2], after: [&[f64]; 2]) {
        self.frames += key[0].len() as u64;
        self.key += key.into_iter().map(energy).sum::<f64>();
        let Self { meter, window, seen, .. } = self;
        meter.process(key, before, after, |heard| {
            window.all.add(heard);
            if heard.active {
                window.spoken.add(heard);
            }
            window.looks += 1;
            if window.looks == WINDOW {
                seen.add(&std::mem::take(window));
            }
        });
    }
}

/// The sum of the squares of the samples that are numbers. In lanes, so that it vectorises.
fn energy(samples: &[f64]) -> f64 {
    let square = |x: f64| if x.is_finite() { x * x } else { 0.0 };
    let mut lanes = [0.0; 8];
    let (chunks, rest) = samples.as_chunks::<8>();
    for chunk in chunks {
        for (lane, sample) in lanes.iter_mut().zip(chunk) {
            *lane += square(*sample);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|sample| square(*sample)).sum::<f64>()
}

#[cfg(test)]
mod tests;
