//! The loudness of a mix while its dialogue speaks.
//!
//! The dialogue comes on its own, as a stem. A gating block of the mix (400 ms, every 100) counts where the
//! same 400 ms of the dialogue count for the dialogue's own gated loudness: they are above −70 LUFS, and
//! above [`RELATIVE_GATE_LU`] under the mean of those. The mean of the mix over its blocks is the
//! dialogue-gated loudness.
//!
//! Which blocks that are is only known at the end, so each is kept by the level of the dialogue, with the
//! energy of the mix carried along ([`Carried`](crate::loudness::histogram::Carried)): the gate is exact at
//! any time, and no matter in which order things were said. It is as wide as that of the loudness range,
//! for whispers count as much as shouts do; what lies between the words and under them does not.
//!
//! A mono stem counts as one channel. A missing one is silent.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::k_weighting::KWeighting;
use crate::loudness::histogram::Histogram;
use crate::loudness::{MOMENTARY_HOPS, lufs_of};

/// How far under its mean the dialogue still counts as dialogue, in LU.
pub const RELATIVE_GATE_LU: f64 = 20.0;

/// Hears the dialogue beside a mix.
#[derive(Debug, Clone)]
pub(super) struct Dialogue {
    filter: KWeighting,
    /// Nothing was heard that the filter could still ring from.
    at_rest: bool,
    energy: [f64; 2],
    ring: [f64; MOMENTARY_HOPS],
    at: usize,
    blocks: Histogram<f64>,
    /// Gating blocks of the mix.
    measured: u64,
    /// Those with dialogue, and the mean square of the mix over them.
    spoken: u64,
    mean_square: f64,
}

impl Default for Dialogue {
    fn default() -> Self {
        Self {
            filter: KWeighting::default(),
            at_rest: true,
            energy: [0.0; 2],
            ring: [0.0; MOMENTARY_HOPS],
            at: 0,
            blocks: Histogram::new(),
            measured: 0,
            spoken: 0,
            mean_square: 0.0,
        }
    }
}

impl Dialogue {
    pub(super) fn prepare(&mut self, sample_rate_hz: f64) {
        self.filter = KWeighting::new(sample_rate_hz);
        self.reset();
    }

    pub(super) fn reset(&mut self) {
        self.filter.reset();
        self.at_rest = true;
        self.energy = [0.0; 2];
        self.ring = [0.0; MOMENTARY_HOPS];
        self.at = 0;
        self.restart();
    }

    /// Forgets what was measured.
    pub(super) fn restart(&mut self) {
        if self.measured > 0 {
            self.blocks.clear();
        }
        (self.measured, self.spoken, self.mean_square) = (0, 0, 0.0);
    }

    /// Hears a clean piece of the dialogue, as long as that of the mix.
    #[inline(always)]
    pub(super) fn hear(&mut self, dialogue: [&[f32]; 2], is_silent: bool) {
        if is_silent && self.at_rest {
            return;
        }
        self.at_rest = false;
        self.filter.add_energy(dialogue, &mut self.energy);
    }

    /// Ends 10 ms; `block` is the mean square of the gating block of the mix that ended with them, if one
    /// did, and `samples` its length.
    pub(super) fn finish_hop(&mut self, block: Option<f64>, samples: f64) {
        let [left, right] = std::mem::take(&mut self.energy);
        self.ring[self.at] = left + right;
        self.at = (self.at + 1) % MOMENTARY_HOPS;
        if !self.at_rest {
            self.filter.snap_state();
            self.at_rest = self.filter.is_at_rest();
        }
        if let Some(mix) = block {
            self.measured += 1;
            let key = self.ring.iter().sum::<f64>() / samples;
            if key > 0.0 {
                self.take(key, mix);
            }
        }
    }

    #[inline(never)]
    fn take(&mut self, key: f64, mix: f64) {
        self.blocks.add(key, mix);
        if let Some(gated) = self.blocks.gated(RELATIVE_GATE_LU) {
            self.spoken = gated.count;
            self.mean_square = gated.carried / gated.count as f64;
        }
    }

    /// The loudness of the mix where there is dialogue, in LUFS; none before there was any.
    pub(super) fn lufs(&self) -> Option<f64> {
        (self.spoken > 0).then(|| lufs_of(self.mean_square))
    }

    /// The share of the mix that has dialogue, 0 to 1.
    pub(super) fn share(&self) -> f64 {
        if self.measured == 0 { 0.0 } else { self.spoken as f64 / self.measured as f64 }
    }
}
