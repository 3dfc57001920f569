//! Listening to one band: to what of the stem it works on, or to what its detector hears.
//!
//! The filter is the plain one of the detectors, not the matched one: this is for the ear. A change
//! of what is listened to fades back to the output and out again.

use super::frame::Frame;
use super::params::Placement;
use super::section::Section;
use super::svf::{self, Gliding, step};
use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::finite::snap;

/// What is listened to, resolved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Target {
    /// The filter.
    pub(super) section: Section,
    /// What is taken of the signal, and where it is heard.
    pub(super) placement: Placement,
    /// Whether the signal is the key.
    pub(super) is_key: bool,
    /// Whether the signal is what the detector has, before the lookahead's delay.
    pub(super) is_early: bool,
}

/// The monitor of one band.
#[derive(Debug, Clone)]
pub(super) struct BandListen {
    fade: Crossfade,
    wanted: Option<Target>,
    current: Option<Target>,
    filter: Gliding<2>,
    states: [[f64; 2]; 2],
}

impl BandListen {
    /// Listening to nothing.
    pub(super) fn new() -> Self {
        Self {
            fade: Crossfade::new(),
            wanted: None,
            current: None,
            filter: Gliding::new(),
            states: [[0.0; 2]; 2],
        }
    }

    /// Sets the sample rate.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.fade.prepare(sample_rate_hz, DEFAULT_FADE_MS);
        self.reset();
    }

    /// Forgets the signal and is where it was going.
    pub(super) fn reset(&mut self) {
        self.take();
        self.fade.finish();
    }

    /// Listens to something else, or to nothing.
    pub(super) fn set(&mut self, wanted: Option<Target>, at_once: bool) {
        self.wanted = wanted;
        if at_once {
            self.take();
            self.fade.finish();
        } else if self.fade.is_first() {
            // Nothing is heard: whether a segment's end has let go of the last target must not matter.
            self.take();
        }
    }

    /// Whether the output is left alone.
    pub(super) fn is_off(&self) -> bool {
        // What is still held is let go of by the sample after its fade.
        self.fade.is_first() && self.wanted.is_none() && self.current.is_none()
    }

    /// Whether the key is listened to.
    pub(super) fn hears_key(&self) -> bool {
        [self.wanted, self.current].into_iter().flatten().any(|target| target.is_key)
    }

    fn take(&mut self) {
        self.current = self.wanted;
        self.states = [[0.0; 2]; 2];
        if let Some(target) = self.current {
            for lane in 0..2 {
                self.filter.set_target(lane, &svf::output(&target.section));
            }
            self.filter.arrive();
        }
        self.fade.fade_to(self.current.is_some());
    }

    /// States too small to matter become 0.
    pub(super) fn snap(&mut self) {
        self.states.iter_mut().flatten().for_each(|state| *state = snap(*state));
    }

    /// Puts what is listened to in the place of the output. The signals are the stem as it is put
    /// out, the stem as the detectors have it, and the key.
    pub(super) fn process(&mut self, frames: &mut [Frame], [late, early, key]: [&[Frame]; 3]) {
        for (i, [left, right]) in frames.iter_mut().enumerate() {
            if self.wanted != self.current {
                self.fade.fade_to(false);
                if self.fade.is_first() {
                    self.take();
                }
            }
            let Some(target) = self.current else { continue };
            let signal = match target {
                Target { is_key: true, .. } => key,
                Target { is_early: true, .. } => early,
                _ => late,
            };
            let [l, r] = signal[i];
            let (p, q) = super::chain::placement(target.placement);
            let taken = [p[0] * l + p[1] * r, p[2] * l + p[3] * r];
            let [s1, s2] = &mut self.states;
            let heard = step(&self.filter.now, s1, s2, &taken);
            let weight = self.fade.next();
            *left += weight * (q[0] * heard[0] + q[1] * heard[1] - *left);
            *right += weight * (q[2] * heard[0] + q[3] * heard[1] - *right);
        }
    }
}

impl Default for BandListen {
    fn default() -> Self {
        Self::new()
    }
}
