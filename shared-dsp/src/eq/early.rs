//! What the detectors hear ahead of the output: stem and key, delayed by 20 ms less the lookahead.
//!
//! A new lookahead fades in from the old one within 20 ms, so that neither who listens to the key nor
//! a key filter meets a step. One that comes during a fade waits for its end. Fades begin and end on
//! their samples, wherever blocks and segments are cut.

use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::delay::{Delay, SEGMENT};

/// Left and right of the stem, then of the key.
const LINES: usize = 4;

/// The delays of all lines.
#[derive(Debug)]
pub(crate) struct Early {
    /// Each line twice: as it is delayed, and as it will be.
    lines: [[Delay; 2]; LINES],
    /// Which of the two is heard.
    heard: usize,
    samples: usize,
    wanted: usize,
    fade: Crossfade,
}

impl Early {
    /// Delays without room.
    pub(crate) fn new() -> Self {
        Self { lines: Default::default(), heard: 0, samples: 0, wanted: 0, fade: Crossfade::new() }
    }

    /// Allocates for up to `longest` samples, and empties all lines.
    pub(crate) fn prepare(&mut self, sample_rate_hz: f64, longest: usize) {
        for delay in self.lines.as_flattened_mut() {
            delay.prepare(longest);
        }
        self.fade.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        self.reset();
    }

    /// Empties all lines, and is where it was going.
    pub(crate) fn reset(&mut self) {
        self.lines.as_flattened_mut().iter_mut().for_each(Delay::reset);
        self.arrive();
    }

    /// Is where it was going.
    pub(crate) fn arrive(&mut self) {
        self.samples = self.wanted;
        for delay in self.lines.as_flattened_mut() {
            delay.set_samples(self.samples);
        }
        self.fade.jump_to(false);
    }

    /// Sets the delay in samples, from the next one on.
    pub(crate) fn set_samples(&mut self, samples: usize) {
        self.wanted = samples;
    }

    /// Delays a segment of all lines: left and right of the stem, then of the key.
    pub(crate) fn process(&mut self, mut lines: [&mut [f32]; LINES]) {
        let length = lines[0].len();
        let mut from = 0;
        while from < length {
            if self.fade.is_first() && self.samples != self.wanted {
                self.samples = self.wanted;
                for line in &mut self.lines {
                    line[1 - self.heard].set_samples(self.samples);
                }
                self.fade.fade_to(true);
            }
            let is_fading = !self.fade.is_settled();
            let step = if is_fading { self.fade.remaining_samples() } else { usize::MAX };
            let step = step.min(length - from).min(SEGMENT);
            let mut weights = [0.0; SEGMENT];
            if is_fading {
                weights[..step].fill_with(|| self.fade.next());
            }
            for (delays, line) in self.lines.iter_mut().zip(&mut lines) {
                let line = &mut line[from..from + step];
                let mut room = [0f32; SEGMENT];
                let other = &mut room[..step];
                other.copy_from_slice(line);
                delays[self.heard].process(line);
                delays[1 - self.heard].process(other);
                if is_fading {
                    for ((line, other), weight) in line.iter_mut().zip(other).zip(weights) {
                        let (old, new) = (f64::from(*line), f64::from(*other));
                        *line = (old + weight * (new - old)) as f32;
                    }
                }
            }
            if self.fade.is_second() {
                self.heard = 1 - self.heard;
                self.fade.jump_to(false);
            }
            from += step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(samples: usize) -> Early {
        let mut early = Early::new();
        early.prepare(8000.0, 400);
        early.set_samples(samples);
        early.arrive();
        early
    }

    /// All lines of a ramp, with the delays set at these samples, in segments of `segment`.
    fn run(early: &mut Early, changes: &[(usize, usize)], segment: usize) -> Vec<f32> {
        let mut output: Vec<f32> = (0..2000u16).map(f32::from).collect();
        let mut from = 0;
        while from < output.len() {
            for (_, samples) in changes.iter().filter(|(at, _)| *at == from) {
                early.set_samples(*samples);
            }
            let next = changes.iter().map(|(at, _)| *at).filter(|at| *at > from).min();
            let to = output.len().min(from + segment).min(next.unwrap_or(usize::MAX));
            let mut lines = [[0f32; SEGMENT]; LINES];
            for line in &mut lines {
                line[..to - from].copy_from_slice(&output[from..to]);
            }
            early.process(lines.each_mut().map(|line| &mut line[..to - from]));
            assert!(lines.iter().all(|line| line == &lines[0]));
            output[from..to].copy_from_slice(&lines[0][..to - from]);
            from = to;
        }
        output
    }

    #[test]
    fn a_new_delay_fades_in_and_one_that_comes_meanwhile_waits() {
        // Fades take 160 samples at 8 kHz.
        let changes = [(600, 100), (650, 300)];
        let output = run(&mut prepared(20), &changes, 64);
        for (n, x) in output.iter().enumerate().skip(400) {
            let delay = n as f32 - x;
            match n {
                0..600 => assert_eq!(delay, 20.0, "{n}"),
                759 => assert_eq!(delay, 100.0, "{n}"),
                600..760 => assert!((20.0..100.0).contains(&delay), "{delay} at {n}"),
                919.. => assert_eq!(delay, 300.0, "{n}"),
                _ => assert!((100.0..300.0).contains(&delay), "{delay} at {n}"),
            }
        }
        for segment in [1, 7, 63] {
            assert_eq!(run(&mut prepared(20), &changes, segment), output, "in {segment}s");
        }
    }
}
