//! Loudness blocks counted by level: everything gating and percentiles need, in constant room.
//!
//! Bins are 0.01 LU wide from the absolute gate of −70 LUFS up; each keeps the exact energy of its
//! blocks, so a mean over bins is the mean over blocks, not over bin centres. Blocks may carry
//! something along, which is summed with them ([`Carried`]). A coarse layer of
//! 1 LU bins carries the same sums: a sum over all levels above a gate is at most 100 coarse and
//! 100 fine terms. Nothing is ever subtracted, so nothing drifts.
//!
//! Known deviation: a relative gate takes or leaves the one fine bin it falls into as a whole, by
//! its mean. That can only matter for blocks within 0.01 LU of the gate. Blocks above +30 LUFS
//! share the top bin.

use super::level::{energy_of, lufs_of};

/// The absolute gate of BS.1770: quieter blocks do not count.
pub const ABSOLUTE_GATE_LUFS: f64 = -70.0;

const FINE_PER_COARSE: usize = 100;
const COARSE: usize = 100;

/// What a block carries along: nothing, or the energy of something else at the same time.
pub trait Carried: Copy + Default {
    /// Sums up.
    fn add(&mut self, other: Self);
}

impl Carried for () {
    fn add(&mut self, (): Self) {}
}

impl Carried for f64 {
    fn add(&mut self, other: Self) {
        *self += other;
    }
}

#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Bin<C = ()> {
    /// Sum of the mean squares of the blocks in it.
    energy: f64,
    /// How many there are.
    pub(crate) count: u64,
    /// The sum of what they carry.
    pub(crate) carried: C,
}

impl<C: Carried> Bin<C> {
    fn add(&mut self, other: Self) {
        self.energy += other.energy;
        self.count += other.count;
        self.carried.add(other.carried);
    }

    fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| self.energy / self.count as f64)
    }
}

/// Counts of blocks by level.
#[derive(Debug, Clone)]
pub(crate) struct Histogram<C = ()> {
    fine: Vec<Bin<C>>,
    coarse: Vec<Bin<C>>,
}

impl<C: Carried> Histogram<C> {
    pub(crate) fn new() -> Self {
        Self {
            fine: vec![Bin::default(); COARSE * FINE_PER_COARSE],
            coarse: vec![Bin::default(); COARSE],
        }
    }

    pub(crate) fn clear(&mut self) {
        self.fine.fill(Bin::default());
        self.coarse.fill(Bin::default());
    }

    /// Counts a block of mean square `energy`, if it is above the absolute gate.
    pub(crate) fn add(&mut self, energy: f64, carried: C) {
        let above = lufs_of(energy) - ABSOLUTE_GATE_LUFS;
        if above > 0.0 {
            let fine = ((above * FINE_PER_COARSE as f64) as usize).min(self.fine.len() - 1);
            let block = Bin { energy, count: 1, carried };
            self.fine[fine].add(block);
            self.coarse[fine / FINE_PER_COARSE].add(block);
        }
    }

    /// Everything above the absolute gate.
    fn all(&self) -> Bin<C> {
        let mut sum = Bin::default();
        for bin in &self.coarse {
            sum.add(*bin);
        }
        sum
    }

    /// The first fine bin above a gate `below_lu` under the mean of all blocks.
    fn relative_gate(&self, below_lu: f64) -> Option<usize> {
        let gate = self.all().mean()? * energy_ratio(-below_lu);
        let position = (lufs_of(gate) - ABSOLUTE_GATE_LUFS) * FINE_PER_COARSE as f64;
        // A negative position, a gate under the absolute one, saturates to bin 0. The level of a
        // block and that of the gate round differently, so the bin is looked up by its content.
        let bin = (position as usize).min(self.fine.len() - 1);
        let passes = position < 0.0 || self.fine[bin].mean().is_some_and(|mean| mean > gate);
        Some(if passes { bin } else { bin + 1 })
    }

    /// Sum of all bins from fine bin `first` on.
    fn sum_from(&self, first: usize) -> Bin<C> {
        let next_coarse = first.div_ceil(FINE_PER_COARSE);
        let mut sum = Bin::default();
        for bin in &self.fine[first..next_coarse * FINE_PER_COARSE] {
            sum.add(*bin);
        }
        for bin in &self.coarse[next_coarse..] {
            sum.add(*bin);
        }
        sum
    }

    /// The mean square of the blocks above a gate `below_lu` under the mean of all.
    pub(crate) fn gated_mean(&self, below_lu: f64) -> Option<f64> {
        self.gated(below_lu)?.mean()
    }

    /// The blocks above a gate `below_lu` under the mean of all, summed up.
    pub(crate) fn gated(&self, below_lu: f64) -> Option<Bin<C>> {
        Some(self.sum_from(self.relative_gate(below_lu)?))
    }

    /// The mean squares at two fractions 0..=1 of the ordered blocks above a gate `below_lu` under
    /// the mean of all (nearest rank, as in the reference of Tech 3342).
    pub(super) fn gated_percentiles(&self, below_lu: f64, fractions: [f64; 2]) -> Option<[f64; 2]> {
        let first = self.relative_gate(below_lu)?;
        let count = self.sum_from(first).count;
        if count == 0 {
            return None;
        }
        Some(fractions.map(|fraction| {
            let rank = ((count - 1) as f64 * fraction).round() as u64;
            self.energy_at(first, rank)
        }))
    }

    /// The mean of the fine bin that holds the block of `rank` (from 0), counted from bin `first`.
    fn energy_at(&self, first: usize, mut rank: u64) -> f64 {
        let mut bin = first;
        while bin < self.fine.len() {
            let (step, held) = if bin.is_multiple_of(FINE_PER_COARSE)
                && self.coarse[bin / FINE_PER_COARSE].count <= rank
            {
                (FINE_PER_COARSE, self.coarse[bin / FINE_PER_COARSE].count)
            } else {
                (1, self.fine[bin].count)
            };
            if rank < held {
                break;
            }
            rank -= held;
            bin += step;
        }
        self.fine.get(bin).copied().and_then(Bin::mean).unwrap_or(0.0)
    }
}

/// The factor on a mean square that moves its level by `lu`.
fn energy_ratio(lu: f64) -> f64 {
    energy_of(lu) / energy_of(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    /// The definition, with sorting.
    fn reference(energies: &[f64], below_lu: f64) -> Vec<f64> {
        let above: Vec<f64> =
            energies.iter().copied().filter(|e| lufs_of(*e) > ABSOLUTE_GATE_LUFS).collect();
        let mean = above.iter().sum::<f64>() / above.len() as f64;
        let gate = lufs_of(mean) - below_lu;
        let mut kept: Vec<f64> = above.into_iter().filter(|e| lufs_of(*e) > gate).collect();
        kept.sort_by(f64::total_cmp);
        kept
    }

    #[test]
    fn agrees_with_sorting_to_a_hundredth() {
        let mut random = Random::new(3);
        for spread in [0.0, 0.3, 5.0, 25.0, 80.0] {
            let energies: Vec<f64> =
                (0..3000).map(|_| energy_of(-10.0 - spread * random.unit())).collect();
            let mut histogram = Histogram::new();
            for energy in &energies {
                histogram.add(*energy, ());
            }
            for below_lu in [10.0, 20.0] {
                let kept = reference(&energies, below_lu);
                let mean = kept.iter().sum::<f64>() / kept.len() as f64;
                let ours = histogram.gated_mean(below_lu).unwrap();
                // At worst a block or two on the wrong side of the gate.
                assert!((lufs_of(ours) - lufs_of(mean)).abs() < 5e-3, "spread {spread}");
                let ours = histogram.gated_percentiles(below_lu, [0.1, 0.95]).unwrap();
                for (ours, fraction) in ours.into_iter().zip([0.1, 0.95]) {
                    let exact = kept[((kept.len() - 1) as f64 * fraction).round() as usize];
                    let error = lufs_of(ours) - lufs_of(exact);
                    assert!(error.abs() < 0.03, "spread {spread}: {error}");
                }
            }
        }
    }

    #[test]
    fn a_mean_is_exact_inside_one_bin() {
        let mut histogram = Histogram::new();
        let energies = [-23.004, -23.006, -23.009].map(energy_of);
        for energy in energies {
            histogram.add(energy, ());
        }
        let mean = energies.iter().sum::<f64>() / 3.0;
        assert!((histogram.gated_mean(10.0).unwrap() / mean - 1.0).abs() < 1e-15);
    }

    #[test]
    fn what_is_carried_is_gated_by_what_carries_it() {
        let mut histogram = Histogram::new();
        for (lufs, carried) in [(-20.0, 1.0), (-25.0, 2.0), (-60.0, 40.0), (-80.0, 500.0)] {
            histogram.add(energy_of(lufs), carried);
        }
        let gated = histogram.gated(10.0).unwrap();
        assert_eq!((gated.count, gated.carried), (2, 3.0));
        let gated = histogram.gated(60.0).unwrap();
        assert_eq!((gated.count, gated.carried), (3, 43.0));
    }

    #[test]
    fn what_is_under_the_absolute_gate_does_not_count() {
        let mut histogram = Histogram::new();
        histogram.add(energy_of(-70.001), ());
        histogram.add(0.0, ());
        assert_eq!(histogram.gated_mean(10.0), None);
        assert_eq!(histogram.gated_percentiles(20.0, [0.1, 0.95]), None);
        histogram.add(energy_of(-69.999), ());
        assert!((lufs_of(histogram.gated_mean(10.0).unwrap()) + 69.999).abs() < 1e-9);
    }

    #[test]
    fn levels_beyond_the_top_keep_their_energy() {
        let mut histogram = Histogram::new();
        histogram.add(1e70, ());
        histogram.add(3e70, ());
        assert!((histogram.gated_mean(10.0).unwrap() / 2e70 - 1.0).abs() < 1e-12);
    }
}
