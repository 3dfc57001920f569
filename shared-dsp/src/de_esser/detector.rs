//! What is heard of the key: the power of the sibilant band, and that of the voice's body.
//!
//! ```text
//! key ──▶ high-pass 24, low-pass 12 dB/oct ──▶ (M/S) ──▶ x² ──▶ 1 ms ──▶ band
//!   └───▶ high-pass 12, low-pass 24 dB/oct ──▶ (M/S) ──▶ x² ──▶ 2 ms ──▶ body
//! ```
//!
//! The band is the user's, from 0.9 of its lower end on; the body is 300 Hz to 4 kHz, or to 0.6 of the lower
//! end of the band where that is less. Both steep sides lie between the two, so that a bright vowel is not
//! heard in the band, nor a low s in the body. Butterworth, by the bilinear transform. Times are fixed, and
//! the body's is the longer one: between the pulses of a low voice its body outlasts its breath.
//!
//! Both channels of both are lanes of one register.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::params::StereoMode;
use super::shape::possible;
use crate::delay::SEGMENT;
use crate::dynamics::level::{Levels, Reading};
use crate::eq::frame::{Frame, Frames};
use crate::eq::section::Section;
use crate::eq::svf::{Filters, Gliding, output, step_four};
use crate::finite::snap;
use crate::four::{Four, Quad, WIDTH, Work, run};
use pulp::Arch;
use std::f64::consts::FRAC_1_SQRT_2;

/// Sections in a row, for each lane.
const SECTIONS: usize = 3;
/// Where the band begins to be heard, in lower ends.
const BAND_FROM: f64 = 0.9;
/// Where the body ends, in lower ends of the band, and in Hz.
const BODY_TO: f64 = 0.6;
const BODY_HZ: [f64; 2] = [300.0, 4000.0];
/// Time constants of the powers of band and body, in ms.
const BAND_MS: f64 = 1.0;
const BODY_MS: f64 = 2.0;
/// Q of both sections of a Butterworth filter of fourth order.
const FOURTH: [f64; 2] = [0.541_196_100_146_197, 1.306_562_964_876_376_5];

/// The sections of band and body.
fn sections(band_hz: [f64; 2], sample_rate_hz: f64) -> [[Section; SECTIONS]; 2] {
    let [low, high] = possible(band_hz, sample_rate_hz);
    let high_pass = |q, hz| Section::second_order([0.0, 0.0, 1.0], q, hz, sample_rate_hz);
    let low_pass = |q, hz| Section::second_order([1.0, 0.0, 0.0], q, hz, sample_rate_hz);
    let [first, second] = FOURTH;
    let from = BAND_FROM * low;
    let [body_from, body_to] = [BODY_HZ[0], BODY_HZ[1].min(BODY_TO * low)];
    [
        [high_pass(first, from), high_pass(second, from), low_pass(FRAC_1_SQRT_2, high)],
        [high_pass(FRAC_1_SQRT_2, body_from), low_pass(first, body_to), low_pass(second, body_to)],
    ]
}

/// Ears for both.
#[derive(Debug, Clone)]
pub(super) struct Detector {
    filters: Gliding<{ SECTIONS * WIDTH }>,
    states: [[Quad; 2]; SECTIONS],
    levels: Levels,
    stereo_mode: StereoMode,
    /// The powers of the last segment, as those of sines at their peaks.
    pub(super) band: Frames,
    pub(super) body: Frames,
}

impl Detector {
    /// Hears nothing.
    pub(super) fn new() -> Self {
        Self {
            filters: Gliding::new(),
            states: Default::default(),
            levels: Levels::new(),
            stereo_mode: StereoMode::LeftRight,
            band: [[0.0; 2]; SEGMENT],
            body: [[0.0; 2]; SEGMENT],
        }
    }

    /// Sets the sample rate.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        for (lane, ms) in [BAND_MS, BAND_MS, BODY_MS, BODY_MS].into_iter().enumerate() {
            self.levels.set(lane, sample_rate_hz, Reading::Power(ms));
        }
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        self.states = Default::default();
        self.forget_levels();
    }

    fn forget_levels(&mut self) {
        (0..WIDTH).for_each(|lane| self.levels.reset_lane(lane));
    }

    /// Which two channels are heard, from the next sample on.
    pub(super) fn place(&mut self, stereo_mode: StereoMode) {
        if self.stereo_mode != stereo_mode {
            self.stereo_mode = stereo_mode;
            self.forget_levels();
        }
    }

    /// Where the filters go until the next tick.
    pub(super) fn design(&mut self, band_hz: [f64; 2], sample_rate_hz: f64) {
        let both = sections(band_hz, sample_rate_hz);
        for (half, sections) in both.iter().enumerate() {
            for (n, section) in sections.iter().enumerate() {
                let coefficients = output(section);
                for lane in 0..2 {
                    self.filters.set_target(WIDTH * n + 2 * half + lane, &coefficients);
                }
            }
        }
    }

    /// Is where it was going by this tick.
    pub(super) fn arrive(&mut self) {
        self.filters.arrive();
    }

    /// Goes there within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        self.filters.depart(samples);
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        for state in self.states.as_flattened_mut() {
            *state = Quad(state.0.map(snap));
        }
        self.levels.snap();
    }

    /// Hears a segment of the key; leaves what it hears in the band in its place if `listens`.
    pub(super) fn hear(&mut self, arch: Arch, key: &mut [Frame], is_gliding: bool, listens: bool) {
        if let (Some(band), Some(body)) =
            (self.band.get_mut(key.len()), self.body.get_mut(key.len()))
        {
            // Who takes two samples at once finds silence behind the last.
            (*band, *body) = ([0.0; 2], [0.0; 2]);
        }
        match (is_gliding, listens) {
            (false, false) => run(arch, Hear::<'_, false, false>(self, key)),
            (false, true) => run(arch, Hear::<'_, false, true>(self, key)),
            (true, false) => run(arch, Hear::<'_, true, false>(self, key)),
            (true, true) => run(arch, Hear::<'_, true, true>(self, key)),
        }
    }
}

struct Hear<'a, const GLIDES: bool, const LISTENS: bool>(&'a mut Detector, &'a mut [Frame]);

impl<const GLIDES: bool, const LISTENS: bool> Work for Hear<'_, GLIDES, LISTENS> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self(detector, key) = self;
        let Detector { filters, states, levels, stereo_mode, band, body } = detector;
        let mut now: [Filters<F>; SECTIONS] = [filters.group(zero, 0)[0]; SECTIONS];
        let mut steps = now;
        for n in 0..SECTIONS {
            [now[n], steps[n]] = filters.group(zero, n);
        }
        let mut held = states.map(
            #[inline(always)]
            |states| {
                states.map(
                    #[inline(always)]
                    |state| zero.load(state),
                )
            },
        );
        let mut powers = levels.load(zero);
        let [own, other] = match stereo_mode {
            StereoMode::LeftRight => [[1.0, 1.0], [0.0, 0.0]],
            StereoMode::MidSide => [[0.5, -0.5], [0.5, 0.5]],
        }
        .map(
            #[inline(always)]
            |[a, b]: [f64; 2]| zero.load(Quad([a, b, a, b])),
        );
        for ((frame, band), body) in key.iter_mut().zip(band).zip(body) {
            let [left, right] = *frame;
            let mut x = zero.load(Quad([left, right, left, right]));
            for n in 0..SECTIONS {
                let [s1, s2] = &mut held[n];
                x = step_four(&now[n], s1, s2, x);
                if GLIDES {
                    for c in 0..6 {
                        now[n][c] = now[n][c] + steps[n][c];
                    }
                }
            }
            if LISTENS {
                let [left, right, ..] = x.store().0;
                *frame = [left, right];
            }
            let x = own * x + other * x.swapped();
            let [a, b, c, d] = powers.next(x * x).store().0;
            (*band, *body) = ([a, b], [c, d]);
        }
        levels.keep(&powers);
        *states = held.map(
            #[inline(always)]
            |held| held.map(F::store),
        );
        if GLIDES {
            for (n, now) in now.iter().enumerate() {
                filters.keep(n, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db;
    use std::f64::consts::TAU;

    /// The level of a sine of 0 dBFS in band and body.
    fn levels_db(band_hz: [f64; 2], hz: f64, rate: f64) -> [f64; 2] {
        let mut detector = Detector::new();
        detector.prepare(rate);
        detector.design(band_hz, rate);
        detector.arrive();
        let mut sums = [0.0; 2];
        for n in 0..400 {
            let mut key: [Frame; SEGMENT] = std::array::from_fn(|k| {
                let x = (TAU * hz * (n * SEGMENT + k) as f64 / rate).sin();
                [x, -x]
            });
            detector.hear(Arch::new(), &mut key, false, false);
            if n >= 200 {
                for (sum, of) in sums.iter_mut().zip([&detector.band, &detector.body]) {
                    *sum += of.iter().map(|[left, _]| left).sum::<f64>();
                }
            }
        }
        sums.map(|sum| db::from_power(sum / (200 * SEGMENT) as f64))
    }

    #[test]
    fn band_and_body_are_heard_apart() {
        for rate in [44_100.0, 48_000.0, 192_000.0] {
            let [band, body] = levels_db([5000.0, 9000.0], 6500.0, rate);
            assert!((-2.0..=0.1).contains(&band) && body < -25.0, "{band}, {body}");
            let [band, body] = levels_db([5000.0, 9000.0], 1000.0, rate);
            assert!(band < -50.0 && (-0.2..=0.1).contains(&body), "{band}, {body}");
            let [band, body] = levels_db([2000.0, 16_000.0], 600.0, rate);
            assert!(band < -35.0 && (-1.0..=0.1).contains(&body), "{band}, {body}");
        }
    }
}
