//! From the reduction each peak asks for to a curve that gives it in time, and smoothly.
//!
//! Hold → release → smoothing (the composition of Signalsmith's limiter). A peak that asks for e at
//! position m is held for `lookahead + FLAT + 2` positions and smoothed over `lookahead + 1 − FLAT`,
//! so the curve, applied `lookahead` samples late, has reached e at m − FLAT and does not move before
//! m + FLAT + 1: the samples that shape the peak between m and m + 1 all get one gain.

use super::RECOVERED;
use super::release::{Release, ReleaseState, ReleaseTimes};
use super::smoothing::Smoothing;
use crate::crossfade::Crossfade;
use crate::moving_maximum::MovingMaximum;

/// Samples on either side of a peak over which the gain stands still.
const FLAT: usize = 6;
/// How long the curves of two lookaheads take over from each other.
const LOOKAHEAD_FADE_MS: f64 = 10.0;

/// The curve of one lookahead, delayed to that of the longest.
#[derive(Debug, Default)]
struct Curve {
    /// The requests of the samples by which this lookahead is shorter than the longest.
    waiting: Vec<f64>,
    wait: usize,
    at: usize,
    hold: MovingMaximum,
    release: Release,
    smoothing: Smoothing,
    /// Requests of 0 in a row.
    quiet: usize,
}

impl Curve {
    fn prepare(&mut self, longest: usize) {
        self.waiting = vec![0.0; longest + 1];
        self.hold.prepare(longest + 2 * FLAT + 2);
        self.smoothing.prepare(longest + 1);
        self.set_lookahead(longest, longest);
    }

    fn set_lookahead(&mut self, lookahead: usize, longest: usize) {
        self.wait = longest - lookahead;
        self.waiting.fill(0.0);
        self.at = 0;
        self.quiet = usize::MAX;
        self.hold.set_window(lookahead + FLAT + 2);
        self.smoothing.set_length((lookahead + 1).saturating_sub(FLAT).max(1));
        self.release = Release::default();
    }

    fn reset(&mut self) {
        self.waiting.fill(0.0);
        self.at = 0;
        self.quiet = usize::MAX;
        self.hold.reset();
        self.release = Release::default();
        self.smoothing.reset();
    }

    fn copy_from(&mut self, other: &Self) {
        self.waiting.copy_from_slice(&other.waiting);
        (self.wait, self.at, self.quiet) = (other.wait, other.at, other.quiet);
        self.hold.copy_from(&other.hold);
        self.release = other.release;
        self.smoothing.copy_from(&other.smoothing);
    }

    /// Whether the curve is 0 and stays so until the next request.
    #[inline]
    fn is_idle(&self) -> bool {
        self.quiet >= self.wait
            && self.hold.is_empty()
            && self.smoothing.is_empty()
            && self.release.is_idle()
    }

    #[inline]
    fn next(&mut self, request: f64, times: &ReleaseTimes) -> f64 {
        self.quiet = if request == 0.0 { self.quiet.saturating_add(1) } else { 0 };
        let due = if self.wait == 0 {
            request
        } else {
            let due = std::mem::replace(&mut self.waiting[self.at], request);
            self.at = if self.at + 1 == self.wait { 0 } else { self.at + 1 };
            due
        };
        let reduction = self.smoothing.next(self.release.next(self.hold.next(due), times));
        if reduction < RECOVERED { 0.0 } else { reduction }
    }
}

/// The reduction curve of one channel.
#[derive(Debug, Default)]
pub(super) struct Envelope {
    /// The curve in use, and the one that takes over when the lookahead changes.
    curves: [Curve; 2],
    lookaheads: [usize; 2],
    current: usize,
    longest: usize,
    /// Samples until the new curve knows everything it must, while it warms up.
    warming: Option<usize>,
    fade: Crossfade,
}

impl Envelope {
    pub(super) fn prepare(&mut self, sample_rate_hz: f64, longest: usize) {
        self.longest = longest;
        for curve in &mut self.curves {
            curve.prepare(longest);
        }
        self.fade.prepare(sample_rate_hz, LOOKAHEAD_FADE_MS);
        self.lookaheads = [longest; 2];
        self.current = 0;
        self.warming = None;
        self.fade.jump_to(false);
    }

    /// Takes a lookahead at once.
    pub(super) fn jump_to_lookahead(&mut self, lookahead: usize) {
        self.lookaheads[self.current] = lookahead;
        self.curves[self.current].set_lookahead(lookahead, self.longest);
        self.warming = None;
        self.fade.jump_to(false);
    }

    pub(super) fn reset(&mut self) {
        self.curves.iter_mut().for_each(Curve::reset);
        self.warming = None;
        self.fade.jump_to(false);
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        for (to, from) in self.curves.iter_mut().zip(&other.curves) {
            to.copy_from(from);
        }
        (self.lookaheads, self.current) = (other.lookaheads, other.current);
        self.warming = other.warming;
        self.fade = other.fade.clone();
    }

    /// Whether the curve is 0 and stays so until the next request.
    #[inline]
    pub(super) fn is_idle(&self) -> bool {
        self.warming.is_none() && self.curves[self.current].is_idle()
    }

    /// How the curve in use would recover now.
    pub(super) fn release_state(&self, times: &ReleaseTimes) -> ReleaseState {
        self.curves[self.current].release.state(times)
    }

    /// Whether both do the same for ever on the same requests.
    pub(super) fn is_twin_of(&self, other: &Self) -> bool {
        self.warming.is_none()
            && other.warming.is_none()
            && self.is_idle()
            && other.is_idle()
            && self.lookaheads[self.current] == other.lookaheads[other.current]
    }

    /// Takes the reductions asked for at the newest positions and gives those to apply `longest`
    /// samples late. A new `lookahead` gets a curve of its own, which takes over by a crossfade once
    /// it has heard all that can still ask for something; both keep every peak down.
    pub(super) fn process(
        &mut self,
        requests: &[f64],
        lookahead: usize,
        times: &ReleaseTimes,
        reductions: &mut [f64],
    ) {
        for (request, reduction) in requests.iter().zip(reductions) {
            // At every sample, for a takeover may end at any.
            if lookahead != self.lookaheads[self.current] && self.warming.is_none() {
                self.change_lookahead(lookahead);
            }
            *reduction = self.curves[self.current].next(*request, times);
            if let Some(left) = self.warming {
                *reduction = self.take_over(left, *reduction, *request, times);
            }
        }
    }

    fn change_lookahead(&mut self, lookahead: usize) {
        if self.is_idle() {
            // Nothing to take over. An idle envelope is not called at all, so it has to make no
            // difference when it learns of the new lookahead.
            self.jump_to_lookahead(lookahead);
        } else {
            self.start_takeover(lookahead);
        }
    }

    fn start_takeover(&mut self, lookahead: usize) {
        let (old, new) = if self.current == 0 {
            let [old, new] = &mut self.curves;
            (old, new)
        } else {
            let [new, old] = &mut self.curves;
            (old, new)
        };
        new.set_lookahead(lookahead, self.longest);
        new.release = old.release;
        self.lookaheads[1 - self.current] = lookahead;
        self.warming = Some(2 * (self.longest + FLAT) + 2);
    }

    fn take_over(&mut self, left: usize, old: f64, request: f64, times: &ReleaseTimes) -> f64 {
        let new = self.curves[1 - self.current].next(request, times);
        self.warming = Some(left.saturating_sub(1));
        if left > 0 {
            return old;
        }
        self.fade.fade_to(true);
        let weight = self.fade.next();
        if self.fade.is_second() {
            self.current = 1 - self.current;
            self.warming = None;
            self.fade.jump_to(false);
        }
        old + weight * (new - old)
    }
}
