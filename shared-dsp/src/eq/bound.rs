//! What keeps overlapping moves from adding up.
//!
//! Moves of overlapping bands add up in dB, since bands work one after the other. Where their sum at
//! the frequency of any band, or at either end of the spectrum, passes 24 dB, the most one band alone
//! may do, all are scaled back alike so that it does not.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use super::params::{BANDS, MAX_GAIN_DB};

/// Where the sum of moves is watched: at the frequency of each band and, for each band's placement,
/// at both ends of the spectrum.
pub(super) const POINTS: usize = 3 * BANDS;
/// What part of each band's move is felt at each point.
pub(super) type Overlaps = [[f64; POINTS]; BANDS];

/// The bound on the sum of all moves.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    overlaps: Overlaps,
    /// Whether the sum of all moves can pass the bound at all.
    is_needed: bool,
}

impl Bound {
    /// No bound, because nothing moves.
    pub(super) const fn new() -> Self {
        Self { overlaps: [[0.0; POINTS]; BANDS], is_needed: false }
    }

    /// Takes how the bands overlap; none if they need not be watched. They need not either where the
    /// `largest` moves in dB stay within the bound everywhere.
    pub(super) fn set(&mut self, overlaps: Option<&Overlaps>, largest: &[f64; BANDS]) {
        self.is_needed = false;
        let Some(overlaps) = overlaps else { return };
        self.overlaps = *overlaps;
        let mut sums = [0.0; POINTS];
        for (parts, most) in overlaps.iter().zip(largest) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part.abs() * most.abs();
            }
        }
        self.is_needed = sums.iter().any(|sum| *sum > MAX_GAIN_DB);
    }

    /// Whether [`part`](Self::part) can be less than 1.
    pub(super) fn is_needed(&self) -> bool {
        self.is_needed
    }

    /// By what all moves are multiplied so that none of their sums passes the bound.
    #[inline(always)]
    pub(super) fn part(&self, moves_db: &[f64; BANDS]) -> f64 {
        if crate::lanes::total(moves_db.map(f64::abs)) <= MAX_GAIN_DB {
            return 1.0;
        }
        let mut sums = [0.0; POINTS];
        for (parts, gain) in self.overlaps.iter().zip(moves_db) {
            for (sum, part) in sums.iter_mut().zip(parts) {
                *sum += part * gain;
            }
        }
        let largest = sums.iter().fold(MAX_GAIN_DB, |largest, sum| {
            let size = sum.abs();
            if size > largest { size } else { largest }
        });
        MAX_GAIN_DB / largest
    }
}
