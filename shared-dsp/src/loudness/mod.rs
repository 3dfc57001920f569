//! The live loudness meter: momentary, short-term, integrated, loudness range, and their maxima.
//!
//! ITU-R BS.1770-5 annex 1, EBU Tech 3341 (2023) "EBU mode", EBU Tech 3342 (2016). The channels are
//! K-weighted ([`k_weighting`](crate::k_weighting)), squared, weighted (1 in front, 1.41 for the
//! surrounds) and summed over sub-blocks of 10 ms, whose ends fall on samples ⌊k·fs/100⌋ counted
//! from reset. Everything else is made of these sub-blocks:
//!
//! - momentary M over the last 400 ms, short-term S over the last 3 s, renewed every 10 ms;
//! - their maxima, over every 10 ms, with where they ended;
//! - integrated I from 400 ms blocks every 100 ms, gated at −70 LUFS and then 10 LU under the mean
//!   of what is left;
//! - range LRA from S every 100 ms (the 10 Hz Tech 3342 asks for since 2016), gated at −70 LUFS and
//!   20 LU under the mean of what is left, between the 10th and 95th percentile. Unstable in the
//!   first 60 s, and flagged so.
//!
//! I and LRA live in histograms of 0.01 LU with exact energies ([`histogram`]), so an hour
//! costs no more than a minute: the work per sample is constant, and no step does much more than
//! another. Readings are fresh at every gating hop and cost a logarithm each.
//!
//! Range: fs from 8 kHz; one to five channels in the order L, R, C, Ls, Rs (four are L, R, Ls, Rs).
//! A mono signal counts once, as BS.1770 has it: 3 LU under the same signal on two channels.
//! Known deviation: that of the K-weighting away from 48 kHz.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

pub mod histogram;
mod level;
mod range;
mod window;

use crate::clean_chunks::{CHUNK, CleanChunks, for_each_clean_chunk};
use crate::k_weighting::KWeighting;
use crate::processor::Meter;
use crate::sample_grid::SampleGrid;
use crate::vectorize::vectorize;
use histogram::Histogram;
pub use level::{energy_of, lufs_of, peak_to_loudness_lu};
use range::LoudnessRange;
pub use range::STABLE_AFTER_S;
pub(crate) use window::HOPS_PER_SECOND;
use window::{MOMENTARY_HOPS, SHORTTERM_HOPS, Windows};

/// Most channels a loudness meter takes: 5.0.
pub const MAX_LOUDNESS_CHANNELS: usize = 5;

const PAIRS: usize = MAX_LOUDNESS_CHANNELS.div_ceil(2);
/// The gate of the integrated loudness under the mean of the blocks above the absolute gate.
const RELATIVE_GATE_LU: f64 = 10.0;
/// Sub-blocks between two gating blocks: 100 ms, an overlap of 75 %.
const GATING_HOPS: u64 = 10;
const SURROUND_WEIGHT: f64 = 1.41;

/// The loudest window since reset.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LoudnessMaximum {
    /// Its loudness in LUFS; −∞ while there is none.
    pub lufs: f64,
    /// Where the window ended, in samples since reset.
    pub end_sample: u64,
    /// Where the window ended, in seconds since reset.
    pub end_s: f64,
}

/// The largest energy of a window, and the sub-block it ended with.
#[derive(Debug, Clone, Copy, Default)]
struct Loudest {
    energy: f64,
    hop: u64,
}

impl Loudest {
    #[inline]
    fn raise(&mut self, energy: f64, hop: u64) {
        if energy > self.energy {
            *self = Self { energy, hop };
        }
    }
}

/// The loudness meter.
#[derive(Debug, Clone)]
pub struct Loudness {
    sample_rate_hz: f64,
    channels: usize,
    weights: [f64; MAX_LOUDNESS_CHANNELS],
    arch: pulp::Arch,

    grid: SampleGrid,
    filters: [KWeighting; PAIRS],
    /// Energy of the sub-block under way, per channel.
    energy: [[f64; 2]; PAIRS],
    windows: Windows,

    paused: bool,
    /// The sub-block under way holds paused samples.
    tainted: bool,
    /// Whole sub-blocks measured without a pause; a window counts once it holds nothing else.
    measured_hops: u64,
    /// Windows reach into the silence before reset, but not into a pause.
    since_reset: bool,

    gating_blocks: Histogram,
    /// Whether the last sub-block ended 100 ms of measuring.
    ended_step: bool,
    integrated_energy: f64,
    range: LoudnessRange,
    max_momentary: Loudest,
    max_shortterm: Loudest,
}

impl Default for Loudness {
    fn default() -> Self {
        Self::new()
    }
}

impl Loudness {
    /// A meter; call [`prepare`](Meter::prepare) before using it.
    pub fn new() -> Self {
        Self {
            sample_rate_hz: 48_000.0,
            channels: 0,
            weights: [0.0; MAX_LOUDNESS_CHANNELS],
            arch: pulp::Arch::new(),
            grid: SampleGrid::default(),
            filters: std::array::from_fn(|_| KWeighting::default()),
            energy: [[0.0; 2]; PAIRS],
            windows: Windows::default(),
            paused: false,
            tainted: false,
            measured_hops: 0,
            since_reset: true,
            gating_blocks: Histogram::new(),
            ended_step: false,
            integrated_energy: 0.0,
            range: LoudnessRange::new(),
            max_momentary: Loudest::default(),
            max_shortterm: Loudest::default(),
        }
    }

    /// Overrides the weight of a channel's energy, from the next 10 ms on: 0 leaves it out.
    /// [`prepare`](Meter::prepare) sets the standard weights.
    pub fn set_channel_weight(&mut self, channel: usize, weight: f64) {
        if let Some(slot) = self.weights.get_mut(channel) {
            *slot = weight;
        }
    }

    /// Holds I, LRA and the maxima as they are. M and S go on. Blocks that would reach into the
    /// pause are left out afterwards, so nothing of it is ever measured.
    pub fn pause(&mut self) {
        self.paused = true;
    }

    /// Goes on measuring after [`pause`](Self::pause).
    pub fn resume(&mut self) {
        self.paused = false;
    }

    /// Whether I, LRA and the maxima are on hold.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Forgets I, LRA and the maxima: the next ones are of what is heard from now on. M and S go on, and
    /// a pause as well. Windows that reach back are left out, as after a pause.
    pub fn restart(&mut self) {
        self.gating_blocks.clear();
        self.ended_step = false;
        self.integrated_energy = 0.0;
        self.range.clear();
        self.max_momentary = Loudest::default();
        self.max_shortterm = Loudest::default();
        self.leave_out_what_was();
    }

    /// Empties the windows of M and S: both are of what is heard from now on, and silence before.
    /// Nothing measured is forgotten, and no window that reaches back is measured.
    pub fn empty_windows(&mut self) {
        self.windows = Windows::default();
        self.energy = [[0.0; 2]; PAIRS];
        self.leave_out_what_was();
    }

    fn leave_out_what_was(&mut self) {
        self.measured_hops = 0;
        self.since_reset = false;
        self.tainted |= !self.grid.is_on_tick();
    }

    /// The mean square of the 100 ms that ended with the last 10 ms, if gating blocks moved on there: nothing
    /// of it was paused.
    pub(crate) fn gating_step(&self) -> Option<f64> {
        let hops = GATING_HOPS as usize;
        self.ended_step.then(|| self.windows.newest(hops) / self.samples_of(hops))
    }

    /// Length of that in samples.
    pub(crate) fn gating_step_samples(&self) -> f64 {
        self.samples_of(GATING_HOPS as usize)
    }

    /// Loudness of the last 400 ms in LUFS; −∞ in silence.
    pub fn momentary_lufs(&self) -> f64 {
        lufs_of(self.windows.momentary_sum() / self.samples_of(MOMENTARY_HOPS))
    }

    /// Loudness of the last 3 s in LUFS; −∞ in silence.
    pub fn shortterm_lufs(&self) -> f64 {
        lufs_of(self.windows.shortterm_sum() / self.samples_of(SHORTTERM_HOPS))
    }

    /// Gated loudness since reset in LUFS, renewed every 100 ms; −∞ while nothing passed the gate.
    pub fn integrated_lufs(&self) -> f64 {
        lufs_of(self.integrated_energy)
    }

    /// Loudness range since reset in LU, renewed every 100 ms; 0 while nothing passed the gate.
    pub fn range_lu(&self) -> f64 {
        self.range.lu()
    }

    /// Whether the range rests on at least [`STABLE_AFTER_S`] seconds.
    pub fn range_is_stable(&self) -> bool {
        self.range.is_stable()
    }

    /// The 10th and 95th percentile of the short-term loudness in LUFS that the range lies between.
    pub fn range_bounds_lufs(&self) -> Option<[f64; 2]> {
        self.range.bounds_lufs()
    }

    /// The loudest 400 ms since reset.
    pub fn max_momentary(&self) -> LoudnessMaximum {
        self.maximum(self.max_momentary, MOMENTARY_HOPS)
    }

    /// The loudest 3 s since reset.
    pub fn max_shortterm(&self) -> LoudnessMaximum {
        self.maximum(self.max_shortterm, SHORTTERM_HOPS)
    }

    /// The sub-blocks, counted from reset, that the loudest 400 ms and 3 s ended with; 0 for none.
    pub(crate) fn loudest_hops(&self) -> [u64; 2] {
        [self.max_momentary.hop, self.max_shortterm.hop]
    }

    /// Peak to loudness ratio in LU: `true_peak_dbtp` (the maximum since reset) over I.
    pub fn plr_lu(&self, true_peak_dbtp: f64) -> Option<f64> {
        peak_to_loudness_lu(true_peak_dbtp, self.integrated_lufs())
    }

    /// Peak to short-term loudness ratio in LU: `true_peak_dbtp` (of the last 3 s) over S.
    pub fn psr_lu(&self, true_peak_dbtp: f64) -> Option<f64> {
        peak_to_loudness_lu(true_peak_dbtp, self.shortterm_lufs())
    }

    /// Samples since reset.
    pub fn position_samples(&self) -> u64 {
        self.grid.samples()
    }

    fn maximum(&self, loudest: Loudest, hops: usize) -> LoudnessMaximum {
        let end_sample = self.grid.sample_of(loudest.hop);
        LoudnessMaximum {
            lufs: lufs_of(loudest.energy / self.samples_of(hops)),
            end_sample,
            end_s: end_sample as f64 / self.sample_rate_hz,
        }
    }

    /// Length of a window in samples. Where it is not whole, windows differ by a sample.
    fn samples_of(&self, hops: usize) -> f64 {
        hops as f64 * self.sample_rate_hz / HOPS_PER_SECOND as f64
    }

    /// Reads a clean chunk of a meter for one or two channels.
    #[inline(always)]
    pub(crate) fn process_clean_pair(&mut self, mut channels: [&[f32]; 2]) {
        while !channels[0].is_empty() {
            let step = self.grid.left().min(channels[0].len());
            let (now, later): ([&[f32]; 2], [&[f32]; 2]) = {
                let [(l, l_rest), (r, r_rest)] = channels.map(|c| c.split_at(step));
                ([l, r], [l_rest, r_rest])
            };
            self.filters[0].add_energy(now, &mut self.energy[0]);
            self.advance(step);
            channels = later;
        }
    }

    #[inline(always)]
    fn advance(&mut self, samples: usize) {
        self.tainted |= self.paused;
        if self.grid.advance(samples) {
            self.finish_hop();
        }
    }

    #[inline(always)]
    fn finish_hop(&mut self) {
        let mut energy = 0.0;
        for (channel, weight) in self.weights.iter().enumerate() {
            energy += weight * self.energy[channel / 2][channel % 2];
        }
        self.energy = [[0.0; 2]; PAIRS];
        for filter in &mut self.filters[..self.channels.div_ceil(2)] {
            filter.snap_state();
        }
        self.windows.push(energy);
        self.ended_step = false;

        if self.tainted {
            self.tainted = false;
            self.measured_hops = 0;
            self.since_reset = false;
            return;
        }
        self.measured_hops += 1;
        let has = |hops: usize| self.measured_hops >= hops as u64;
        if self.since_reset || has(MOMENTARY_HOPS) {
            self.max_momentary.raise(self.windows.momentary_sum(), self.grid.ticks());
        }
        if self.since_reset || has(SHORTTERM_HOPS) {
            self.max_shortterm.raise(self.windows.shortterm_sum(), self.grid.ticks());
        }
        if self.measured_hops.is_multiple_of(GATING_HOPS) {
            self.ended_step = true;
            let (momentary, shortterm) = (has(MOMENTARY_HOPS), has(SHORTTERM_HOPS));
            self.gate(momentary, shortterm);
        }
    }

    /// Takes the windows that end here into I and LRA.
    #[inline(never)]
    fn gate(&mut self, momentary: bool, shortterm: bool) {
        if momentary {
            let block = self.windows.momentary_sum() / self.samples_of(MOMENTARY_HOPS);
            self.gating_blocks.add(block, ());
            self.integrated_energy = self.gating_blocks.gated_mean(RELATIVE_GATE_LU).unwrap_or(0.0);
        }
        if shortterm {
            self.range.add(self.windows.shortterm_sum() / self.samples_of(SHORTTERM_HOPS));
        }
    }
}

/// The weights of BS.1770-5, annex 1, table 3, by number of channels.
fn standard_weights(channels: usize) -> [f64; MAX_LOUDNESS_CHANNELS] {
    const S: f64 = SURROUND_WEIGHT;
    match channels {
        0 => [0.0; MAX_LOUDNESS_CHANNELS],
        1 => [1.0, 0.0, 0.0, 0.0, 0.0],
        2 => [1.0, 1.0, 0.0, 0.0, 0.0],
        3 => [1.0, 1.0, 1.0, 0.0, 0.0],
        4 => [1.0, 1.0, S, S, 0.0],
        _ => [1.0, 1.0, 1.0, S, S],
    }
}

impl Meter for Loudness {
    fn prepare(&mut self, sample_rate_hz: f64, channels: usize) {
        self.sample_rate_hz = sample_rate_hz;
        self.channels = channels.min(MAX_LOUDNESS_CHANNELS);
        self.weights = standard_weights(self.channels);
        self.grid.prepare(sample_rate_hz, HOPS_PER_SECOND as f64);
        self.filters = std::array::from_fn(|_| KWeighting::new(sample_rate_hz));
        self.reset();
    }

    /// Forgets everything heard, and ends a pause.
    fn reset(&mut self) {
        self.grid.reset();
        self.filters.iter_mut().for_each(KWeighting::reset);
        self.energy = [[0.0; 2]; PAIRS];
        self.windows = Windows::default();
        self.paused = false;
        self.tainted = false;
        self.measured_hops = 0;
        self.since_reset = true;
        self.gating_blocks.clear();
        self.ended_step = false;
        self.integrated_energy = 0.0;
        self.range.clear();
        self.max_momentary = Loudest::default();
        self.max_shortterm = Loudest::default();
    }

    fn process(&mut self, audio: &[&[f32]]) {
        let arch = self.arch;
        if self.channels <= 2 {
            vectorize(
                arch,
                #[inline(always)]
                || {
                    for_each_clean_chunk(
                        audio,
                        self.channels,
                        #[inline(always)]
                        |pair| {
                            self.process_clean_pair(pair);
                        },
                    );
                },
            );
            return;
        }
        let length = audio.first().map_or(0, |channel| channel.len());
        let mut from = 0;
        while from < length {
            let step = self.grid.left().min(length - from).min(CHUNK);
            for pair in 0..self.channels.div_ceil(2) {
                let mut room = CleanChunks::default();
                let pair_of = [2 * pair, 2 * pair + 1];
                let clean = room.pair(audio, pair_of, self.channels, from, step);
                vectorize(
                    arch,
                    #[inline(always)]
                    || self.filters[pair].add_energy(clean, &mut self.energy[pair]),
                );
            }
            self.advance(step);
            from += step;
        }
    }
}

#[cfg(test)]
mod tests;
