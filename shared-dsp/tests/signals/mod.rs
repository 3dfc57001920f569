//! The signals of the EBU's test sets, synthesised.

#![allow(dead_code, unreachable_pub, reason = "each test file uses what it needs")]

use shared_dsp::loudness::Loudness;
use shared_dsp::mix_meter::MixMeter;
use shared_dsp::{Meter, db};
use std::f64::consts::{PI, TAU};

/// The rates every case runs at.
pub const RATES_HZ: [f64; 5] = [44_100.0, 48_000.0, 88_200.0, 96_000.0, 192_000.0];

/// A stretch of 1 kHz tone at a level in dBFS (of its peaks), or of silence at −∞, in seconds.
pub type Stretch = (f64, f64);

/// What a tone can be played to.
pub trait Listener {
    /// Hears a block.
    fn hear(&mut self, audio: &[&[f32]]);
}

impl Listener for Loudness {
    fn hear(&mut self, audio: &[&[f32]]) {
        self.process(audio);
    }
}

impl Listener for MixMeter {
    fn hear(&mut self, audio: &[&[f32]]) {
        self.process(audio, None);
    }
}

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
    pub fn play<M: Listener>(
        &self,
        meter: &mut M,
        levels_db: &[f64],
        stretches: &[Stretch],
        block: usize,
        heard: impl FnMut(&M, f64),
    ) {
        self.play_in_blocks(meter, levels_db, stretches, &[block], heard);
    }

    /// The same in blocks of the lengths `blocks`, by turns.
    pub fn play_in_blocks<M: Listener>(
        &self,
        meter: &mut M,
        levels_db: &[f64],
        stretches: &[Stretch],
        blocks: &[usize],
        mut heard: impl FnMut(&M, f64),
    ) {
        let mut blocks = blocks.iter().copied().cycle();
        let gains: Vec<f64> = levels_db.iter().map(|level| db::to_gain(*level)).collect();
        let mut room = vec![vec![0f32; self.second.len()]; gains.len()];
        let mut elapsed = 0;
        for (level_dbfs, seconds) in stretches {
            let level = db::to_gain(*level_dbfs);
            let mut left = (seconds * self.rate).round() as usize;
            while left > 0 {
                let at = elapsed % self.second.len();
                let block = blocks.next().unwrap_or(left);
                let length = block.min(left).min(self.second.len() - at);
                for (channel, gain) in room.iter_mut().zip(&gains) {
                    let gain = (gain * level) as f32;
                    for (y, x) in channel.iter_mut().zip(&self.second[at..at + length]) {
                        *y = gain * x;
                    }
                }
                let views: Vec<&[f32]> = room.iter().map(|channel| &channel[..length]).collect();
                meter.hear(&views);
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

/// Cases 11 and 14: twenty tones, each 1 dB louder and starting a little later than the one before.
pub fn staircase(length: f64, step: f64) -> impl Iterator<Item = (f64, [Stretch; 3])> {
    (0..20).map(move |i| {
        let (level, start) = (f64::from(i) - 38.0, f64::from(i) * step);
        (level, [silence(start), (level, length), silence(length - start)])
    })
}

/// Cases 15 to 19: fs/`divisor` at a phase, with 10 ms fades, as in the EBU's own files: a sine cut
/// off is not band-limited, and rightly reads more.
pub fn sine(divisor: f64, degrees: f64, amplitude: f64, rate: f64) -> Vec<f32> {
    let (length, fade) = (rate as usize / 2, rate * 0.01);
    (0..length)
        .map(|n| {
            let edge = (n.min(length - n) as f64 / fade).min(1.0);
            let envelope = 0.5 - 0.5 * (PI * edge).cos();
            let phase = n as f64 / divisor + degrees / 360.0;
            (amplitude * envelope * (TAU * phase).sin()) as f32
        })
        .collect()
}

/// Cases 20 to 23: a burst made at 4·fs and thinned out to fs from each of its four samples on, so
/// that its peak of exactly 0 dBTP falls 0, ¼, ½ and ¾ of a sample after a sample. The EBU gives
/// these as files; here the burst is a cosine under a Gaussian, which is band-limited (−120 dB at
/// fs/2) and known in closed form.
pub fn burst(divisor: f64, offset: usize, rate: f64) -> Vec<f32> {
    let (length, centre, width) = (rate as usize / 10, rate as usize / 20, 8.0);
    let oversampled: Vec<f64> = (0..4 * length)
        .map(|n| {
            let t = (n as f64 - 4.0 * centre as f64) / 4.0;
            (-(t / width).powi(2)).exp() * (TAU * t / divisor).cos()
        })
        .collect();
    oversampled[offset..].iter().step_by(4).map(|x| *x as f32).collect()
}
