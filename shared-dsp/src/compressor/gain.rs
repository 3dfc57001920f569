//! From factors to audio.
//!
//! ```text
//! L/R   l′ = f₁·l,  r′ = f₂·r
//! M/S   l′ = a·l + b·r,  r′ = b·l + a·r         a = (f₁ + f₂)/2,  b = (f₁ − f₂)/2
//! ```
//!
//! f is the mean of two samples of the factors: that takes away what an attack of a millisecond has near
//! Nyquist, and would fold. A loop, which is several times as fast as it is set, takes the mean of four.
//! What cannot glide (character, detector, key, stereo mode)
//! fades: from the matrix of the last sample before the change, which is kept, to what follows from
//! then on.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::control::{both, load_two, lower, store_two};
use super::params::StereoMode;
use crate::crossfade::{Crossfade, DEFAULT_FADE_MS};
use crate::delay::SEGMENT;
use crate::eq::frame::Frame;
use crate::four::{Four, Quad, Work, run};
use pulp::Arch;

/// Factors of the segment before that are remembered.
const PAST: usize = 3;
/// Room for those, and for the factors of a segment in pairs.
const ROOM: usize = PAST + SEGMENT + 1;

/// What comes of itself and what comes of the other channel: nothing is changed.
const AS_IT_IS: [Frame; 2] = [[1.0; 2], [0.0; 2]];

/// Applies factors.
#[derive(Debug, Clone)]
pub(super) struct Gain {
    factors: [Frame; ROOM],
    stereo_mode: StereoMode,
    /// Whether factors are the mean of four.
    is_wide: bool,
    /// The matrix of the last sample, and the one that is faded from.
    matrix: [Frame; 2],
    held: [Frame; 2],
    fade: Crossfade,
}

impl Gain {
    /// Leaves audio alone.
    pub(super) fn new() -> Self {
        let mut fade = Crossfade::new();
        fade.jump_to(true);
        Self {
            factors: [[1.0; 2]; ROOM],
            stereo_mode: StereoMode::LeftRight,
            is_wide: false,
            matrix: AS_IT_IS,
            held: AS_IT_IS,
            fade,
        }
    }

    /// Sets the sample rate.
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.fade.prepare(sample_rate_hz, DEFAULT_FADE_MS);
    }

    /// Forgets the past: the next sample finds the factors as if they had always been `factor`.
    pub(super) fn reset(&mut self, factor: f64) {
        self.factors[..PAST].fill([factor; 2]);
        self.matrix = [[factor; 2], [0.0; 2]];
        self.fade.jump_to(true);
    }

    /// Sets what the factors are those of, and whether they come of a loop, from the next sample on.
    pub(super) fn set(&mut self, stereo_mode: StereoMode, is_loop: bool) {
        (self.stereo_mode, self.is_wide) = (stereo_mode, is_loop);
    }

    /// What follows is another signal: fades there from where it is.
    pub(super) fn fade(&mut self) {
        self.held = self.matrix;
        self.fade.jump_to(false);
        self.fade.fade_to(true);
    }

    /// Whether a segment with factors of 1 stays as it is.
    pub(super) fn is_idle(&self) -> bool {
        self.fade.is_second() && self.factors[..PAST] == [[1.0; 2]; PAST]
    }

    /// Passes an idle segment.
    pub(super) fn pass(&mut self) {
        self.matrix = AS_IT_IS;
    }

    /// Where the factors of a segment go.
    pub(super) fn factors(&mut self, length: usize) -> &mut [Frame] {
        &mut self.factors[PAST..PAST + length.next_multiple_of(2)]
    }

    /// Applies the factors to a segment `from` one place to another, both of which have room for another
    /// frame where its length is odd.
    pub(super) fn apply(&mut self, arch: Arch, from: &[Frame], to: &mut [Frame], length: usize) {
        let fading =
            if self.fade.is_second() { 0 } else { self.fade.remaining_samples().min(length) };
        let whole = length.next_multiple_of(2);
        let (from, to) = (&from[..whole], &mut to[..whole]);
        if self.is_wide {
            run(arch, Apply::<'_, true> { gain: self, from, to, length, fading });
        } else {
            run(arch, Apply::<'_, false> { gain: self, from, to, length, fading });
        }
        self.factors.copy_within(length..length + PAST, 0);
    }
}

struct Apply<'a, const WIDE: bool> {
    gain: &'a mut Gain,
    from: &'a [Frame],
    to: &'a mut [Frame],
    length: usize,
    fading: usize,
}

/// The matrix in lanes.
struct Mixing<F> {
    part: F,
    same: F,
    crossed: F,
    other: F,
}

impl<F: Four> Mixing<F> {
    #[inline(always)]
    fn new(zero: F, stereo_mode: StereoMode, part: f64) -> Self {
        let [same, crossed, other] = match stereo_mode {
            StereoMode::LeftRight => [1.0, 0.0, 0.0],
            StereoMode::MidSide => [0.5, 0.5, 0.5],
        };
        Self {
            part: zero.splat(part),
            same: zero.splat(same),
            crossed: zero.splat(crossed),
            other: zero.load(Quad([other, -other, other, -other])),
        }
    }

    /// What comes of itself and what of the other channel, from the sum of the factors at some samples.
    #[inline(always)]
    fn matrix(&self, sum: F) -> [F; 2] {
        let factors = self.part * sum;
        let others = factors.swapped();
        [self.same * factors + self.crossed * others, self.other * (factors - others)]
    }

    /// The matrix at sample `n`, whose own factors are at n + PAST.
    #[inline(always)]
    fn at<const WIDE: bool>(&self, zero: F, factors: &[Frame; ROOM], n: usize) -> [F; 2] {
        self.matrix(sum::<F, WIDE>([
            both(zero, factors[n]),
            both(zero, factors[n + 1]),
            both(zero, factors[n + 2]),
            both(zero, factors[n + PAST]),
        ]))
    }
}

/// The sum of the factors that a sample is given a mean of, from those up to its own.
#[inline(always)]
fn sum<F: Four, const WIDE: bool>([a, b, c, d]: [F; PAST + 1]) -> F {
    if WIDE { (a + b) + (c + d) } else { c + d }
}

/// What a matrix makes of a frame.
#[inline(always)]
fn wet<F: Four>([own, other]: [F; 2], x: F) -> F {
    own * x + other * x.swapped()
}

impl<const WIDE: bool> Work for Apply<'_, WIDE> {
    type Output = ();

    #[inline(always)]
    fn run<F: Four>(self, zero: F) {
        let Self { gain, from, to, length, fading } = self;
        let Gain { factors, stereo_mode, matrix, held, fade, .. } = gain;
        let mixing = Mixing::new(zero, *stereo_mode, if WIDE { 0.25 } else { 0.5 });
        if fading == 0 {
            let pairs = from.as_chunks::<2>().0.iter().zip(to.as_chunks_mut::<2>().0);
            for ((from, to), n) in pairs.zip((0..).step_by(2)) {
                let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|k| factors[n + k]);
                let now = [&[a, b], &[b, c], &[c, d], &[d, e]].map(
                    #[inline(always)]
                    |frames| load_two(zero, frames),
                );
                let now = mixing.matrix(sum::<F, WIDE>(now));
                store_two(wet(now, load_two(zero, from)), to);
            }
            *matrix = {
                let [own, other] = mixing.at::<WIDE>(zero, factors, length - 1);
                [lower(own), lower(other)]
            };
            return;
        }
        let [held_own, held_other] = held.map(|frame| both(zero, frame));
        for (n, (from, to)) in from.iter().zip(to).take(length).enumerate() {
            let mut now = mixing.at::<WIDE>(zero, factors, n);
            if n < fading {
                let weight = zero.splat(fade.next());
                let [own, other] = now;
                now = [
                    held_own + weight * (own - held_own),
                    held_other + weight * (other - held_other),
                ];
            }
            *to = lower(wet(now, both(zero, *from)));
            *matrix = [lower(now[0]), lower(now[1])];
        }
    }
}
