//! What is too quiet to be an s: by how loud the voice has been, not by full scale.
//!
//! ```text
//! V ← V + ρ·(B − V)              where the body B is louder, 20 ms
//! V ← V − 8 dB/s                 where it is up to 30 dB softer, but not below it
//! V ← V − 1 dB/s                 where it is softer still, and above −50 dBFS
//! gate = V − 35 dB               V = −20 dBFS at first, and falls by 40 dB/s until B comes up to it
//! ```
//!
//! So the gate lies at −55 dBFS until a voice is heard, and goes with the voice from then on. In recordings
//! an s lies up to 30 dB below V, breath 30 to 55 and the noise of a room 40 dB or more: a gate that stood
//! still would leave a quiet stem as it is, and take a loud one's room for an s. A whisper after a shout is
//! understood within a second or so, but not what is heard in a pause; and what never comes above −50 dBFS
//! is no voice, and moves nothing.
//!
//! Moves in stretches of 64 samples from reset. A threshold that is absolute needs no voice: its gate stays.

use crate::db;
use crate::delay::SEGMENT;
use crate::dynamics::level::{DB_PER_OCTAVE_OF_POWER, LOWEST_DB};
use crate::eq::frame::Frame;
use crate::four::Quad;

/// How far below the voice the gate lies, in dB.
const BELOW_VOICE_DB: f64 = 35.0;
/// Where it lies before a voice is heard, in dBFS.
const AT_REST_DB: f64 = -55.0;
/// What is quieter is no voice, in dBFS.
const LEAST_VOICE_DB: f64 = -50.0;
/// Time constant with which a louder voice is understood, in ms.
const RISE_MS: f64 = 20.0;
/// How fast the first one is, from where it is expected, in dB a second.
const FIRST_FALL_DB_PER_S: f64 = 40.0;
/// How fast a softer one is, in dB a second.
const FALL_DB_PER_S: f64 = 8.0;
/// How much softer something may be to be the same voice, in dB.
const SAME_VOICE_DB: f64 = 30.0;
/// How fast what is softer than that is taken for one all the same, in dB a second.
const SLOW_FALL_DB_PER_S: f64 = 1.0;

/// The gate of each channel.
#[derive(Debug, Clone)]
pub(super) struct Gate {
    rise: f64,
    /// Of the first voice, of the same, and of another, in a stretch.
    falls_db: [f64; 3],
    /// How loud the voice is, in dBFS.
    voice_db: [f64; 2],
    /// Whether one was heard that was as loud.
    is_known: [bool; 2],
}

impl Gate {
    /// Has heard nothing.
    pub(super) fn new() -> Self {
        Self {
            rise: 0.0,
            falls_db: [0.0; 3],
            voice_db: [AT_REST_DB + BELOW_VOICE_DB; 2],
            is_known: [false; 2],
        }
    }

    /// Sets the sample rate.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        let stretch_s = SEGMENT as f64 / sample_rate_hz;
        self.rise = -(-stretch_s / (1e-3 * RISE_MS)).exp_m1();
        self.falls_db = [FIRST_FALL_DB_PER_S, FALL_DB_PER_S, SLOW_FALL_DB_PER_S]
            .map(|db_per_s| db_per_s * stretch_s);
    }

    /// Forgets the voice.
    pub(super) fn reset(&mut self) {
        self.voice_db = [AT_REST_DB + BELOW_VOICE_DB; 2];
        self.is_known = [false; 2];
    }

    /// A stretch further, at whose end the body has these powers.
    pub(super) fn advance(&mut self, body: Frame) {
        let [first, same, other] = self.falls_db;
        let voices = self.voice_db.iter_mut().zip(&mut self.is_known);
        for ((voice_db, is_known), power) in voices.zip(body) {
            let body_db = db::from_power(power).max(LOWEST_DB);
            if body_db > *voice_db {
                *voice_db += self.rise * (body_db - *voice_db);
                *is_known = true;
            } else if body_db > LEAST_VOICE_DB {
                let fall_db = match *is_known {
                    false => first,
                    true if body_db > *voice_db - SAME_VOICE_DB => same,
                    true => other,
                };
                *voice_db = (*voice_db - fall_db).max(body_db);
            }
        }
    }

    /// Below what nothing is sibilant, in octaves of power.
    pub(super) fn relative(&self) -> Quad {
        let [left, right] =
            self.voice_db.map(|voice_db| (voice_db - BELOW_VOICE_DB) / DB_PER_OCTAVE_OF_POWER);
        Quad([left, right, left, right])
    }

    /// The same where a threshold is absolute.
    pub(super) fn absolute() -> Quad {
        Quad::splat(AT_REST_DB / DB_PER_OCTAVE_OF_POWER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRETCHES_PER_S: usize = 750;

    fn gate_db(gate: &Gate) -> [f64; 2] {
        let Quad([left, right, ..]) = gate.relative();
        [left, right].map(|octaves| DB_PER_OCTAVE_OF_POWER * octaves)
    }

    fn hear(gate: &mut Gate, body_db: [f64; 2], seconds: f64) {
        for _ in 0..(seconds * STRETCHES_PER_S as f64) as usize {
            gate.advance(body_db.map(|body_db| db::to_gain(body_db).powi(2)));
        }
    }

    #[test]
    fn it_goes_with_the_voice_and_waits_in_its_pauses() {
        let mut gate = Gate::new();
        gate.prepare(48_000.0);
        assert!(gate_db(&gate).iter().all(|db| (db + 55.0).abs() < 1e-9));
        // A voice of −5, and one too soft to be one.
        hear(&mut gate, [-5.0, -51.0], 0.02);
        let [left, right] = gate_db(&gate);
        assert!((left + 40.0 + 15.0 * (-1f64).exp()).abs() < 0.1 && (right + 55.0).abs() < 1e-9);
        hear(&mut gate, [-5.0; 2], 1.0);
        // A second of one at −30, and the rest of the way.
        hear(&mut gate, [-30.0; 2], 1.0);
        assert!(gate_db(&gate).iter().all(|db| (db + 48.0).abs() < 0.1), "{:?}", gate_db(&gate));
        hear(&mut gate, [-30.0; 2], 4.0);
        assert!(gate_db(&gate).iter().all(|db| (db + 65.0).abs() < 1e-6));
        // A room, and silence.
        let before = gate_db(&gate);
        hear(&mut gate, [-60.0, f64::NEG_INFINITY], 60.0);
        assert_eq!(gate_db(&gate), before);
        // More than 30 dB softer is another voice only if it goes on.
        hear(&mut gate, [0.0; 2], 1.0);
        hear(&mut gate, [-45.0; 2], 2.0);
        assert!(gate_db(&gate).iter().all(|db| (db + 37.0).abs() < 0.1), "{:?}", gate_db(&gate));
        gate.reset();
        assert!(gate_db(&gate).iter().all(|db| (db + 55.0).abs() < 1e-9));
        // A soft one from the start.
        hear(&mut gate, [-45.0; 2], 0.5);
        assert!(gate_db(&gate).iter().all(|db| (db + 75.0).abs() < 0.1), "{:?}", gate_db(&gate));
    }
}
