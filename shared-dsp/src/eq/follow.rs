//! From the changes bands ask for to their moves: ballistics, held within the range as it glides.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]
#![allow(clippy::needless_range_loop, reason = "one index for the groups of many arrays")]

use super::group::Group;
use crate::dynamics::ballistics::Ballistics;
use crate::four::{Four, Quad};

/// From the changes asked for to the moves in dB, in their place.
#[inline(always)]
pub(super) fn follow<F: Four, const GLIDES: bool, const N: usize>(
    zero: F,
    groups: [&mut Group; N],
    moves: [&mut [Quad]; N],
) {
    if GLIDES || groups.iter().any(|group| group.ballistics.holds()) {
        follow_in::<F, true, GLIDES, N>(zero, groups, moves);
    } else {
        follow_in::<F, false, GLIDES, N>(zero, groups, moves);
    }
}

#[inline(always)]
#[allow(clippy::needless_pass_by_value, reason = "mutable borrows, handed on")]
fn follow_in<F: Four, const HOLDS: bool, const GLIDES: bool, const N: usize>(
    zero: F,
    groups: [&mut Group; N],
    moves: [&mut [Quad]; N],
) {
    let mut lanes = std::array::from_fn::<_, N, _>(
        #[inline(always)]
        |g| Following::load(zero, groups[g]),
    );
    let length = moves.iter().map(|moves| moves.len()).min().unwrap_or(0);
    for n in 0..length {
        for g in 0..N {
            let asked = zero.load(moves[g][n]);
            moves[g][n] = lanes[g].next::<HOLDS, GLIDES>(asked).store();
        }
    }
    for g in 0..N {
        groups[g].ballistics.keep(&lanes[g].ballistics);
        groups[g].range_db = lanes[g].range.store();
    }
}

/// Four bands that follow what is asked.
struct Following<F> {
    ballistics: Ballistics<F>,
    range: F,
    step: F,
    /// The size of the range, and its sign.
    most: F,
    sign: F,
}

impl<F: Four> Following<F> {
    #[inline(always)]
    fn load(zero: F, group: &Group) -> Self {
        let mut lanes = Self {
            ballistics: group.ballistics.load(zero),
            range: zero.load(group.range_db),
            step: zero.load(group.range_step),
            most: zero,
            sign: zero,
        };
        lanes.measure();
        lanes
    }

    #[inline(always)]
    fn measure(&mut self) {
        let zero = self.range.splat(0.0);
        self.most = self.range.larger(zero - self.range);
        self.sign = self.range.pick_above(zero, zero.splat(1.0), zero.splat(-1.0));
    }

    #[inline(always)]
    fn next<const HOLDS: bool, const GLIDES: bool>(&mut self, asked: F) -> F {
        let size = self.ballistics.next::<HOLDS>(asked).smaller(self.most);
        let moved = self.sign * size;
        if GLIDES {
            self.range = self.range + self.step;
            self.measure();
        }
        moved
    }
}
