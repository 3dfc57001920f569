//! What is added to the audio.
//!
//! ```text
//! L/R   l′ = l + w₁·F(l),  r′ = r + w₂·F(r)
//! M/S   l′ = l + a·F(l) + b·F(r),  r′ = r + b·F(l) + a·F(r)      a = (w₁ + w₂)/2,  b = (w₁ − w₂)/2
//! ```
//!
//! w is the mean of two samples of what is asked for: that takes away what an attack of a millisecond has
//! near Nyquist, and would fold. F is `shape`'s, its two sections side by side, or the linear-phase band of
//! `split`. Where w is 0 nothing is added.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::params::{Mode, StereoMode};
use super::shape::sections;
use crate::compressor::control::{load_two, store_two};
use crate::delay::SEGMENT;
use crate::eq::frame::Frame;
use crate::eq::svf::{Gliding, output, step_four};
use crate::finite::snap;
use crate::four::{Four, Quad, WIDTH, Work, run};
use pulp::Arch;

/// How many w of the segment before are remembered.
const PAST: usize = 1;
/// Room for it, and for those of a segment in pairs.
const ROOM: usize = PAST + SEGMENT + 1;

/// Filters what is turned down, and turns it down.
#[derive(Debug, Clone)]
pub(super) struct Gain {
    /// Both channels in the first section, and in the second.
    filters: Gliding<WIDTH>,
    states: [Quad; 2],
    weights: [Frame; ROOM],
    pub(super) stereo_mode: StereoMode,
}

impl Gain {
    /// Leaves audio alone.
    pub(super) fn new() -> Self {
        Self {
            filters: Gliding::new(),
            states: Default::default(),
            weights: [[0.0; 2]; ROOM],
            stereo_mode: StereoMode::LeftRight,
        }
    }

    /// Forgets the past.
    pub(super) fn reset(&mut self) {
        self.states = Default::default();
        self.weights[0] = [0.0; 2];
    }

    /// The filters have heard nothing yet.
    pub(super) fn forget(&mut self) {
        self.states = Default::default();
    }

    /// Where the filters go until the next tick.
    pub(super) fn design(&mut self, mode: Mode, band_hz: [f64; 2], sample_rate_hz: f64) {
        for (half, section) in sections(mode, band_hz, sample_rate_hz).iter().enumerate() {
            let coefficients = output(section);
            for lane in 0..2 {
                self.filters.set_target(2 * half + lane, &coefficients);
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
        for state in &mut self.states {
            *state = Quad(state.0.map(snap));
        }
    }

    /// Whether a segment with w of 0 stays as it is.
    pub(super) fn is_idle(&self) -> bool {
        self.weights[0] == [0.0; 2]
    }

    /// Where the w of a segment go.
    pub(super) fn weights(&mut self, length: usize) -> &mut [Frame] {
        &mut self.weights[PAST..][..length.next_multiple_of(2)]
    }

    /// Whether nothing is turned down in a segment.
    pub(super) fn adds_nothing(&self, length: usize) -> bool {
        self.weights[..=length].as_flattened().iter().all(|w| *w == 0.0)
    }

    /// Filters a segment: F.
    pub(super) fn filter(
        &mut self,
        arch: Arch,
        from: &[Frame],
        to: &mut [Frame],
        is_gliding: bool,
    ) {
        if is_gliding {
            run(arch, Filter::<'_, true> { gain: self, from, to });
        } else {
            run(arch, Filter::<'_, false> { gain: self, from, to });
        }
    }

    /// Adds w·F to a segment, in the place of F; both have room for another frame where its length is odd.
    pub(super) fn add(&mut self, arch: Arch, dry: &[Frame], change: &mut [Frame], length: usize) {
        let whole = length.next_multiple_of(2);
        let (dry, change) = (&dry[..whole], &mut change[..whole]);
        match self.stereo_mode {
            StereoMode::LeftRight => run(arch, Add::<'_, false> { gain: self, dry, change }),
            StereoMode::MidSide => run(arch, Add::<'_, true> { gain: self, dry, change }),
        }
        self.pass(length);
    }

    /// A segment further, in which nothing was added.
    pub(super) fn pass(&mut self, length: usize) {
        self.weights[0] = self.weights[length];
    }
}

struct Filter<'a, const GLIDES: bool> {
    gain: &'a mut Gain,
    from: &'a [Frame],
    to: &'a mut [Frame],
}

impl<const GLIDES: bool> Work for Filter<'_, GLIDES> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { gain: Gain { filters, states, .. }, from, to } = self;
        let [mut now, steps] = filters.group(zero, 0);
        let [mut s1, mut s2] = states.map(
            #[inline(always)]
            |state| zero.load(state),
        );
        for ([left, right], to) in from.iter().zip(to) {
            let x = zero.load(Quad([*left, *right, *left, *right]));
            let [a, b, c, d] = step_four(&now, &mut s1, &mut s2, x).store().0;
            *to = [a + c, b + d];
            if GLIDES {
                for c in 0..6 {
                    now[c] = now[c] + steps[c];
                }
            }
        }
        *states = [s1.store(), s2.store()];
        if GLIDES {
            filters.keep(0, &now);
        }
    }
}

struct Add<'a, const MID_SIDE: bool> {
    gain: &'a Gain,
    dry: &'a [Frame],
    change: &'a mut [Frame],
}

impl<const MID_SIDE: bool> Work for Add<'_, MID_SIDE> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { gain: Gain { weights, .. }, dry, change } = self;
        let half = zero.splat(0.5);
        let side = zero.load(Quad([0.5, -0.5, 0.5, -0.5]));
        let pairs = dry.as_chunks::<2>().0.iter().zip(change.as_chunks_mut::<2>().0);
        for ((dry, change), n) in pairs.zip((0..).step_by(2)) {
            let [a, b, c] = [weights[n], weights[n + 1], weights[n + 2]];
            let w = half * (load_two(zero, &[a, b]) + load_two(zero, &[b, c]));
            let x = load_two(zero, change);
            let added = if MID_SIDE {
                let other = w.swapped();
                half * (w + other) * x + side * (w - other) * x.swapped()
            } else {
                w * x
            };
            store_two(load_two(zero, dry) + added, change);
        }
    }
}
