//! The loudness of a mix while its dialogue speaks.
//!
//! The dialogue comes on its own, as a stem. Mix and dialogue are K-weighted and cut into the steps of
//! 100 ms that gating blocks move by. With q the loudness of the dialogue in a step,
//!
//! ```text
//! p[n] = min over i = 0 … 3 of max(q[n−i] … q[n−i+3])
//! ```
//!
//! (the morphological closing) is that with the pauses filled that are no longer than 300 ms: for whatever
//! threshold, p is above it where q is, and in every gap of up to three steps in between. A step counts where p is above −70 LUFS and
//! above [`RELATIVE_GATE_LU`] under the mean of the steps that are; the mean of the mix over those steps is
//! the dialogue-gated loudness, as BS.1770-1 has it and as deliveries that ask for dialogue mean it: words
//! and the gaps between them count, what comes before and after does not, however loud.
//!
//! Which steps those are is only known at the end, so each is kept by its p, with the energy of the mix
//! carried along ([`Carried`](crate::loudness::histogram::Carried)): the gate is exact at any time, no
//! matter in which order things were said. It is as wide as that of the loudness range: whispers count as
//! shouts do.
//!
//! A mono stem counts as one channel; a missing one is silent. A step is judged 300 ms after it ended.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::k_weighting::KWeighting;
use crate::loudness::histogram::Histogram;
use crate::loudness::lufs_of;

/// How far under its mean the dialogue still counts as dialogue, in LU.
pub const RELATIVE_GATE_LU: f64 = 20.0;

/// Hops of 10 ms in a step.
const HOPS: usize = 10;
/// The longest pause that is filled, in steps.
const PAUSE: usize = 3;
/// Steps looked at to judge the one in the middle.
const STEPS: usize = 2 * PAUSE + 1;

/// A step of 100 ms.
#[derive(Debug, Clone, Copy, Default)]
struct Step {
    /// Mean square of the dialogue.
    dialogue: f64,
    /// Mean square of the mix; none where nothing was measured.
    mix: Option<f64>,
}

/// Hears the dialogue beside a mix.
#[derive(Debug, Clone)]
pub(super) struct Dialogue {
    filter: KWeighting,
    /// Nothing was heard that the filter could still ring from.
    at_rest: bool,
    energy: [f64; 2],
    hops: [f64; HOPS],
    hop: usize,
    /// The oldest first.
    steps: [Step; STEPS],
    judged: Histogram<f64>,
    /// Steps of the mix.
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
            hops: [0.0; HOPS],
            hop: 0,
            steps: [Step::default(); STEPS],
            judged: Histogram::new(),
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
        self.hops = [0.0; HOPS];
        self.hop = 0;
        self.restart();
    }

    /// Forgets what was measured.
    pub(super) fn restart(&mut self) {
        self.steps = [Step::default(); STEPS];
        self.judged.clear();
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

    /// Ends 10 ms of `samples` samples. `mix` is the mean square of the mix over the step that ended with
    /// them, if one did.
    pub(super) fn finish_hop(&mut self, mix: Option<f64>, step_samples: f64) {
        let [left, right] = std::mem::take(&mut self.energy);
        self.hops[self.hop] = left + right;
        self.hop = (self.hop + 1) % HOPS;
        if !self.at_rest {
            self.filter.snap_state();
            self.at_rest = self.filter.is_at_rest();
        }
        if mix.is_some() {
            self.push(Step { dialogue: self.hops.iter().sum::<f64>() / step_samples, mix });
        }
    }

    /// Judges what waits: nothing of what comes next belongs to it.
    pub(super) fn flush(&mut self) {
        (0..STEPS).for_each(|_| self.push(Step::default()));
    }

    fn push(&mut self, step: Step) {
        self.steps.copy_within(1.., 0);
        self.steps[STEPS - 1] = step;
        let Some(mix) = self.steps[PAUSE].mix else { return };
        self.measured += 1;
        let highest = |steps: &[Step]| steps.iter().fold(0.0, |max: f64, s| max.max(s.dialogue));
        let level = self.steps.windows(PAUSE + 1).map(highest).fold(f64::INFINITY, f64::min);
        if level > 0.0 {
            self.take(level, mix);
        }
    }

    fn take(&mut self, level: f64, mix: f64) {
        self.judged.add(level, mix);
        if let Some(gated) = self.judged.gated(RELATIVE_GATE_LU) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::loudness::energy_of;

    /// Judges steps of dialogue and mix in LUFS.
    fn judged(steps: &[(f64, f64)]) -> (Option<f64>, f64) {
        let mut dialogue = Dialogue::default();
        for (key, mix) in steps {
            dialogue.push(Step { dialogue: energy_of(*key), mix: Some(energy_of(*mix)) });
        }
        dialogue.flush();
        (dialogue.lufs(), dialogue.share())
    }

    #[test]
    fn pauses_are_filled_up_to_300_ms() {
        const NO: f64 = f64::NEG_INFINITY;
        for pause in 0..8 {
            let mut steps = vec![(NO, -10.0); 20];
            steps.extend([(-25.0, -20.0); 5]);
            steps.extend(vec![(NO, -30.0); pause]);
            steps.extend([(-25.0, -20.0); 5]);
            steps.extend([(NO, -10.0); 20]);
            let filled = if pause <= 3 { pause } else { 0 };
            let mean =
                (10.0 * energy_of(-20.0) + filled as f64 * energy_of(-30.0)) / (10 + filled) as f64;
            let (lufs, share) = judged(&steps);
            assert!((lufs.unwrap() - lufs_of(mean)).abs() < 1e-9, "{lufs:?} with {pause}");
            assert_eq!(share, (10 + filled) as f64 / steps.len() as f64);
        }
    }

    #[test]
    fn the_gate_is_that_of_the_dialogue_whatever_comes_first() {
        // Bleed 30 LU down and hiss under −70 LUFS do not count, a whisper does.
        let mut steps = Vec::new();
        for (key, mix) in [(-20.0, -18.0), (-50.0, -8.0), (-35.0, -28.0), (-75.0, -9.0)] {
            steps.extend([(key, mix); 40]);
            steps.extend([(f64::NEG_INFINITY, -12.0); 4]);
        }
        let expected = lufs_of(f64::midpoint(energy_of(-18.0), energy_of(-28.0)));
        for _ in 0..2 {
            let (lufs, share) = judged(&steps);
            assert!((lufs.unwrap() - expected).abs() < 1e-9, "{lufs:?}");
            assert_eq!(share, 80.0 / 176.0);
            steps.reverse();
        }
    }

    #[test]
    fn without_dialogue_there_is_none() {
        assert_eq!(judged(&[]), (None, 0.0));
        assert_eq!(judged(&[(f64::NEG_INFINITY, -20.0); 50]), (None, 0.0));
        assert_eq!(judged(&[(-71.0, -20.0); 50]), (None, 0.0));
    }
}
