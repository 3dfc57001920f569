//! The signals of the EBU's test sets, synthesised.

#![allow(dead_code, unreachable_pub, reason = "each test file uses what it needs")]

use shared_dsp::loudness::Loudness;
use shared_dsp::{Meter, db};
use std::f64::consts::TAU;

/// The rates every case runs at.
pub const RATES_HZ: [f64; 5] = [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0];

/// A stretch of 1 kHz tone at a level in dBFS (of its peaks), or of silence at −∞, in seconds.
pub type Stretch = (f64, f64);

/// Silence for `seconds`.
pub const fn silence(seconds: f64) -> Stretch {
    (f64::NEG_INFINITY, seconds)
}

/// One second of 1 kHz at full scale; a whole number of cycles at every rate, so it can go round.
pub struct Tone {
    rate: f64,
    second: Vec<f32>,
}

impl Tone {
    /// The tone at a sample rate.
    pub fn new(rate: f64) -> Self {
        let sample = |n: usize| (TAU * 1000.0 * n as f64 / rate).sin() as f32;
        Self { rate, second: (0..rate as usize).map(sample).collect() }
    }

    /// Plays stretches to a meter, in blocks of at most `block`. `levels_db` are those of the
    /// channels against the level of a stretch. `heard` is called after every block with the time.
    pub fn play(
        &self,
        meter: &mut Loudness,
        levels_db: &[f64],
        stretches: &[Stretch],
        block: usize,
        mut heard: impl FnMut(&Loudness, f64),
    ) {
        let gains: Vec<f64> = levels_db.iter().map(|level| db::to_gain(*level)).collect();
        let mut room = vec![vec![0f32; block]; gains.len()];
        let mut elapsed = 0;
        for (level_dbfs, seconds) in stretches {
            let level = db::to_gain(*level_dbfs);
            let mut left = (seconds * self.rate).round() as usize;
            while left > 0 {
                let at = elapsed % self.second.len();
                let length = block.min(left).min(self.second.len() - at);
                for (channel, gain) in room.iter_mut().zip(&gains) {
                    let gain = (gain * level) as f32;
                    for (y, x) in channel.iter_mut().zip(&self.second[at..at + length]) {
                        *y = gain * x;
                    }
                }
                let views: Vec<&[f32]> = room.iter().map(|channel| &channel[..length]).collect();
                meter.process(&views);
                elapsed += length;
                left -= length;
                heard(meter, elapsed as f64 / self.rate);
            }
        }
    }

    /// A fresh stereo meter that has heard `stretches` in both channels.
    pub fn stereo(&self, stretches: &[Stretch]) -> Loudness {
        let mut meter = self.meter(2);
        self.play(&mut meter, &[0.0, 0.0], stretches, 1000, |_, _| {});
        meter
    }

    /// A fresh meter.
    pub fn meter(&self, channels: usize) -> Loudness {
        let mut meter = Loudness::new();
        meter.prepare(self.rate, channels);
        meter
    }
}

/// Fails unless `got` is within `tolerance` of `expected`.
#[track_caller]
pub fn assert_near(got: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((got - expected).abs() <= tolerance, "{what}: {got}, not {expected} ±{tolerance}");
}
