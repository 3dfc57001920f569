//! A room: eight delay lines that feed one another through a Householder matrix
//! (Jot & Chaigne, AES 90th Convention, 1991), with a low-pass in each.

use super::song::{FRAMES, SAMPLE_RATE_HZ};
use super::stereo::Stereo;

/// Mutually prime lengths, so that their echoes do not pile up.
const LENGTHS: [usize; 8] = [1_103, 1_319, 1_511, 1_733, 1_973, 2_203, 2_441, 2_687];
/// How each line is heard. Each side hears half of its lines turned over, which keeps the two
/// sides from agreeing in the lows.
const TAPS: [f64; 8] = [0.5, 0.5, -0.5, -0.5, 0.5, 0.5, -0.5, -0.5];

/// A room's size and sound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Time until the tail is 60 dB down.
    pub(super) decay_s: f64,
    /// Factor on the delays, at most 1.
    pub(super) size: f64,
    /// How much of the highs a pass through a line keeps, 0 (dark) to 1 (bright).
    pub(super) brightness: f64,
}

impl Room {
    /// The room's answer to `dry`, without the dry sound.
    pub(super) fn answer(&self, dry: &Stereo) -> Stereo {
        let mut lines = LENGTHS.map(|length| Line::new(self, length));
        let mut wet = Stereo::silent();
        for frame in 0..FRAMES {
            let heads = lines.each_mut().map(Line::read);
            let reflected = heads.iter().sum::<f64>() * 0.25;
            // Even lines are the left side's, odd lines the right's.
            for (index, line) in lines.iter_mut().enumerate() {
                let (dry, wet) = if index % 2 == 0 {
                    (&dry.left, &mut wet.left)
                } else {
                    (&dry.right, &mut wet.right)
                };
                line.write(dry[frame] + heads[index] - reflected);
                wet[frame] += TAPS[index] * heads[index];
            }
        }
        wet
    }
}

/// A delay whose passes lose level and highs.
struct Line {
    delayed: Vec<f64>,
    place: usize,
    gain: f64,
    brightness: f64,
    smoothed: f64,
}

impl Line {
    fn new(room: &Room, length: usize) -> Self {
        let length = ((length as f64 * room.size) as usize).max(2);
        let passes = room.decay_s * f64::from(SAMPLE_RATE_HZ) / length as f64;
        Self {
            delayed: vec![0.0; length],
            place: 0,
            gain: 10f64.powf(-3.0 / passes),
            brightness: room.brightness,
            smoothed: 0.0,
        }
    }

    fn read(&mut self) -> f64 {
        let read = self.delayed[self.place] * self.gain;
        self.smoothed += self.brightness * (read - self.smoothed);
        self.smoothed
    }

    fn write(&mut self, value: f64) {
        self.delayed[self.place] = value;
        self.place = (self.place + 1) % self.delayed.len();
    }
}
