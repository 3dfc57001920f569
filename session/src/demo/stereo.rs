//! A stem while it is being made: two channels of f64, and how sounds are put into it.

use std::f64::consts::FRAC_PI_4;

use super::song::FRAMES;

/// Two channels of the song's length.
#[derive(Debug, Clone)]
pub(super) struct Stereo {
    pub(super) left: Vec<f64>,
    pub(super) right: Vec<f64>,
}

impl Stereo {
    pub(super) fn silent() -> Self {
        Self { left: vec![0.0; FRAMES], right: vec![0.0; FRAMES] }
    }

    /// Adds a mono sound from `start` on at `gain`; `pan` from −1 (left) to 1 (right), at equal
    /// power. What reaches beyond the song's end is left out.
    pub(super) fn place(&mut self, start: usize, sound: &[f64], gain: f64, pan: f64) {
        let angle = (pan + 1.0) * FRAC_PI_4;
        add(&mut self.left, start, sound, gain * angle.cos());
        add(&mut self.right, start, sound, gain * angle.sin());
    }

    /// Adds a sound that is stereo already.
    pub(super) fn place_stereo(&mut self, start: usize, sound: &[[f64; 2]], gain: f64) {
        for (frame, pair) in (start..FRAMES).zip(sound) {
            self.left[frame] += gain * pair[0];
            self.right[frame] += gain * pair[1];
        }
    }

    /// Adds another stem.
    pub(super) fn mix(&mut self, other: &Self, gain: f64) {
        add(&mut self.left, 0, &other.left, gain);
        add(&mut self.right, 0, &other.right, gain);
    }

    /// Applies one gain to both channels, sample by sample.
    pub(super) fn shape(&mut self, mut gain_at: impl FnMut(usize) -> f64) {
        for (frame, (left, right)) in self.left.iter_mut().zip(&mut self.right).enumerate() {
            let gain = gain_at(frame);
            *left *= gain;
            *right *= gain;
        }
    }

    /// The largest magnitude in either channel.
    pub(super) fn peak(&self) -> f64 {
        let magnitudes = self.left.iter().chain(&self.right).map(|value| value.abs());
        magnitudes.fold(0.0, f64::max)
    }
}

fn add(channel: &mut [f64], start: usize, sound: &[f64], gain: f64) {
    for (target, value) in channel.iter_mut().skip(start).zip(sound) {
        *target += gain * value;
    }
}
