//! A low or high cut: up to four sections in a row, which are not parallel to anything.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::frame::Frame;
use super::section::Section;
use super::shape::MAX_SECTIONS;
use super::svf::{Gliding, change, step};
use crate::finite::snap;
use crate::vectorize::vectorize;
use pulp::Arch;

/// The integrators of a section: both channels are the lanes.
type States = [[f64; 2]; 2];

/// A cut on both channels of its placement.
#[derive(Debug, Clone)]
pub(super) struct Cut {
    sections: [Gliding<2>; MAX_SECTIONS],
    count: usize,
    states: [States; MAX_SECTIONS],
    weight: f64,
    weight_target: f64,
    weight_step: f64,
    take: [f64; 4],
    put: [f64; 4],
}

impl Cut {
    /// A cut that does nothing.
    pub(super) fn new() -> Self {
        Self {
            sections: [Gliding::new(); MAX_SECTIONS],
            count: 0,
            states: Default::default(),
            weight: 0.0,
            weight_target: 0.0,
            weight_step: 0.0,
            take: [0.0; 4],
            put: [0.0; 4],
        }
    }

    /// Whether it has sections at all.
    pub(super) fn is_none(&self) -> bool {
        self.count == 0
    }

    /// Becomes nothing, and forgets.
    pub(super) fn clear(&mut self) {
        *self = Self::new();
    }

    /// Forgets the signal.
    pub(super) fn reset(&mut self) {
        self.states = Default::default();
    }

    /// What it takes from the stereo signal and where it puts its change; it must not be heard.
    pub(super) fn place(&mut self, (take, put): ([f64; 4], [f64; 4])) {
        (self.take, self.put) = (take, put);
    }

    /// Where it goes until the next tick: its sections, and how much of it is heard.
    pub(super) fn set_target(&mut self, sections: &[Section], weight: f64) {
        self.count = sections.len();
        for (gliding, section) in self.sections.iter_mut().zip(sections) {
            for lane in 0..2 {
                gliding.set_target(lane, &change(section, 1.0));
            }
        }
        self.weight_target = weight;
    }

    /// Is at its target.
    pub(super) fn arrive(&mut self) {
        self.sections.iter_mut().for_each(Gliding::arrive);
        (self.weight, self.weight_step) = (self.weight_target, 0.0);
    }

    /// Goes there within `samples`.
    pub(super) fn depart(&mut self, samples: usize) {
        self.sections.iter_mut().for_each(|section| section.depart(samples));
        self.weight_step = (self.weight_target - self.weight) / samples as f64;
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        self.states.iter_mut().flatten().flatten().for_each(|state| *state = snap(*state));
    }

    /// Works on a stereo segment.
    pub(super) fn process(&mut self, arch: Arch, frames: &mut [Frame], is_gliding: bool) {
        vectorize(
            arch,
            #[inline(always)]
            || self.run(frames, is_gliding),
        );
    }

    #[inline(always)]
    fn run(&mut self, frames: &mut [Frame], is_gliding: bool) {
        let (p, q) = (self.take, self.put);
        for [left, right] in frames {
            let taken = [p[0] * *left + p[1] * *right, p[2] * *left + p[3] * *right];
            let mut x = taken;
            for (section, [s1, s2]) in
                self.sections.iter_mut().zip(&mut self.states).take(self.count)
            {
                let d = step(&section.now, s1, s2, &x);
                x = [x[0] + d[0], x[1] + d[1]];
                if is_gliding {
                    section.advance();
                }
            }
            let d = [self.weight * (x[0] - taken[0]), self.weight * (x[1] - taken[1])];
            self.weight += self.weight_step;
            *left += q[0] * d[0] + q[1] * d[1];
            *right += q[2] * d[0] + q[3] * d[1];
        }
    }
}

impl Default for Cut {
    fn default() -> Self {
        Self::new()
    }
}
