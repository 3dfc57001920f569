//! Match: the gain that makes the processed signal as loud as the unprocessed one.
//!
//! ```text
//! g = √(E_dry / E_wet)        E = mean square, K-weighted (ITU-R BS.1770-5), gated
//! ```
//!
//! Both signals are measured all the time, side by side and aligned, in sub-blocks of 100 ms; the
//! last [`WINDOW_S`] seconds of them are kept. When Match goes on, g is taken once over those and
//! held: a constant gain, however long it stays on and whatever is turned meanwhile, so a louder
//! setting cannot win by being louder. While fewer than [`LEAST_S`] seconds above the gate are known
//! (Match switched on right after the start), the gain is 1 and g is taken on the sub-block that
//! completes them.
//!
//! The gate is that of the loudness standard, applied to the dry signal so that both are judged over
//! the same moments: sub-blocks over −70 LUFS, and of those the ones less than 10 LU under their
//! mean; the wet one has to be over −70 LUFS too. Range: ±[`LARGEST_DB`] dB. The gain glides in and
//! out over a [`Ramp`] and is exactly 1 while off.
//!
//! Known deviation from the standard: sub-blocks of 100 ms that do not overlap, where it has 400 ms
//! that do. Both signals are cut alike, so of the difference, which is all that is used, nothing is
//! lost.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::clean_chunks::{CHUNK, CleanChunks};
use crate::db;
use crate::k_weighting::{KWeighting, OFFSET_LU};
use crate::processor::MAX_CHANNELS;
use crate::ramp::{DEFAULT_TIME_CONSTANT_MS, Ramp};
use crate::sample_grid::SampleGrid;
use crate::vectorize::vectorize;

/// How far back the measurement reaches, in seconds.
pub const WINDOW_S: f64 = 10.0;
/// How much it needs above the gate, in seconds.
pub const LEAST_S: f64 = 1.0;
/// Largest gain either way, in dB.
pub const LARGEST_DB: f64 = 24.0;

const HOPS_PER_SECOND: f64 = 100.0;
const HOPS_PER_SUB_BLOCK: u64 = 10;
const SUB_BLOCKS_PER_SECOND: f64 = HOPS_PER_SECOND / HOPS_PER_SUB_BLOCK as f64;
const SUB_BLOCKS: usize = (WINDOW_S * SUB_BLOCKS_PER_SECOND) as usize;
const LEAST: usize = (LEAST_S * SUB_BLOCKS_PER_SECOND) as usize;
const GATE_LUFS: f64 = -70.0;
const RELATIVE_GATE: f64 = 0.1;

/// Mean squares of one sub-block, K-weighted, both channels added.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    dry: f64,
    wet: f64,
}

/// Measures both signals, and holds the gain between them.
#[derive(Debug, Clone)]
pub struct LoudnessMatch {
    arch: pulp::Arch,
    grid: SampleGrid,
    dry: KWeighting,
    wet: KWeighting,
    /// Energy of the sub-block under way, by channel.
    dry_energy: [f64; 2],
    wet_energy: [f64; 2],
    /// Where the sub-block under way began.
    began: u64,
    /// The last sub-blocks, as a ring.
    ring: [Pair; SUB_BLOCKS],
    at: usize,
    is_on: bool,
    /// Whether nothing is measured just now, and whether that was so in the sub-block under way.
    is_paused: bool,
    was_paused: bool,
    held: Option<f64>,
    gain: Ramp,
}

impl LoudnessMatch {
    /// A match at rest; call [`prepare`](Self::prepare) before using it.
    pub fn new() -> Self {
        Self {
            arch: pulp::Arch::new(),
            grid: SampleGrid::default(),
            dry: KWeighting::default(),
            wet: KWeighting::default(),
            dry_energy: [0.0; 2],
            wet_energy: [0.0; 2],
            began: 0,
            ring: [Pair::default(); SUB_BLOCKS],
            at: 0,
            is_on: false,
            is_paused: false,
            was_paused: false,
            held: None,
            gain: Ramp::new(1.0),
        }
    }

    /// Sets the sample rate. Leaves the match reset.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.grid.prepare(sample_rate_hz, HOPS_PER_SECOND);
        self.dry = KWeighting::new(sample_rate_hz);
        self.wet = KWeighting::new(sample_rate_hz);
        self.gain.prepare(sample_rate_hz, DEFAULT_TIME_CONSTANT_MS);
        self.reset();
    }

    /// Forgets what was measured and what was held.
    pub fn reset(&mut self) {
        self.grid.reset();
        self.dry.reset();
        self.wet.reset();
        (self.dry_energy, self.wet_energy) = ([0.0; 2], [0.0; 2]);
        self.began = 0;
        self.ring = [Pair::default(); SUB_BLOCKS];
        self.at = 0;
        (self.is_paused, self.was_paused) = (false, false);
        self.held = None;
        self.gain.jump_to(1.0);
    }

    /// Switches it, from the next sample on. Going on takes the gain, going off lets go of it.
    pub fn set_on(&mut self, on: bool) {
        if on && !self.is_on {
            self.held = self.measured_gain();
        } else if !on {
            self.held = None;
        }
        self.is_on = on;
        self.gain.set_target(self.held.unwrap_or(1.0));
    }

    /// Measures nothing from the next sample on, or goes on: for when what is heard is not the processed
    /// signal. Sub-blocks with a pause in them count for nothing.
    pub fn pause(&mut self, is_paused: bool) {
        self.is_paused = is_paused;
        self.was_paused |= is_paused;
    }

    /// The gain held, in dB; none while it is off or has nothing to hold yet.
    pub fn held_db(&self) -> Option<f64> {
        self.held.map(db::from_gain)
    }

    /// Whether the gain stands still for the samples up to [`left`](Self::left).
    #[inline]
    pub fn is_settled(&self) -> bool {
        self.gain.is_settled()
    }

    /// Whether it stands still at exactly 1.
    #[inline]
    pub fn is_idle(&self) -> bool {
        self.is_settled() && self.gain() == 1.0
    }

    /// The gain of the last sample.
    #[inline]
    pub fn gain(&self) -> f64 {
        self.gain.value()
    }

    /// The gain of the next sample. It moves by the sample, so call it once for each.
    #[inline]
    pub fn next_gain(&mut self) -> f64 {
        self.gain.next()
    }

    /// Samples that can be measured in one go. The gain may be taken after them.
    #[inline]
    pub fn left(&self) -> usize {
        self.grid.left().min(CHUNK)
    }

    /// Measures the next samples of both signals, aligned: one or two channels of equal length, at
    /// most [`left`](Self::left).
    pub fn measure(&mut self, dry: &[&[f32]], wet: &[&[f32]]) {
        let length = wet.first().map_or(0, |channel| channel.len());
        let (mut dry_room, mut wet_room) = (CleanChunks::default(), CleanChunks::default());
        let dry = dry_room.pair(dry, [0, 1], MAX_CHANNELS, 0, length);
        let wet = wet_room.pair(wet, [0, 1], MAX_CHANNELS, 0, length);
        vectorize(
            self.arch,
            #[inline(always)]
            || {
                self.dry.add_energy(dry, &mut self.dry_energy);
                self.wet.add_energy(wet, &mut self.wet_energy);
            },
        );
    }

    /// Moves on by what was measured.
    pub fn advance(&mut self, samples: usize) {
        if !self.grid.advance(samples) {
            return;
        }
        self.dry.snap_state();
        self.wet.snap_state();
        if !self.grid.ticks().is_multiple_of(HOPS_PER_SUB_BLOCK) {
            return;
        }
        let length = (self.grid.samples() - self.began) as f64;
        self.began = self.grid.samples();
        let mean = |energy: [f64; 2]| (energy[0] + energy[1]) / length;
        if !std::mem::replace(&mut self.was_paused, self.is_paused) {
            self.ring[self.at] = Pair { dry: mean(self.dry_energy), wet: mean(self.wet_energy) };
            self.at = (self.at + 1) % SUB_BLOCKS;
        }
        (self.dry_energy, self.wet_energy) = ([0.0; 2], [0.0; 2]);
        if self.is_on && self.held.is_none() {
            self.held = self.measured_gain();
            self.gain.set_target(self.held.unwrap_or(1.0));
        }
    }

    /// The root of the dry energy over the wet one, of what passes the gate, if that is enough.
    fn measured_gain(&self) -> Option<f64> {
        let gate = db::to_gain(GATE_LUFS - OFFSET_LU).powi(2);
        let loud = || self.ring.iter().filter(move |pair| pair.dry > gate && pair.wet > gate);
        let count = loud().count();
        let mean = loud().map(|pair| pair.dry).sum::<f64>() / count.max(1) as f64;
        let (mut sum, mut passed) = (Pair::default(), 0);
        for pair in loud().filter(|pair| pair.dry > mean * RELATIVE_GATE) {
            sum.dry += pair.dry;
            sum.wet += pair.wet;
            passed += 1;
        }
        let gain = (sum.dry / sum.wet).sqrt();
        let limit = db::to_gain(LARGEST_DB);
        (passed >= LEAST).then(|| gain.clamp(1.0 / limit, limit))
    }
}

impl Default for LoudnessMatch {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor::Processor;
    use std::f64::consts::TAU;

    const RATE: f64 = 48_000.0;

    /// Runs `seconds` of a tone of 997 Hz, dry at `dry_db` and wet at `wet_db`.
    fn hear(matching: &mut LoudnessMatch, seconds: f64, dry_db: f64, wet_db: f64) {
        let length = (seconds * RATE) as usize;
        let tone = |level_db: f64, n: usize| {
            (db::to_gain(level_db) * (TAU * 997.0 * n as f64 / RATE).sin()) as f32
        };
        let mut at = 0;
        while at < length {
            let run = matching.left().min(length - at);
            let dry: Vec<f32> = (at..at + run).map(|n| tone(dry_db, n)).collect();
            let wet: Vec<f32> = (at..at + run).map(|n| tone(wet_db, n)).collect();
            matching.measure(&[&dry, &dry], &[&wet, &wet]);
            for _ in 0..run {
                matching.next_gain();
            }
            matching.advance(run);
            at += run;
        }
    }

    fn prepared() -> LoudnessMatch {
        let mut matching = LoudnessMatch::new();
        matching.prepare(RATE);
        matching
    }

    fn near(held: Option<f64>, expected: f64) {
        let held = held.expect("a gain is held");
        assert!((held - expected).abs() < 1e-3, "{held} dB, not {expected}");
    }

    #[test]
    fn holds_what_it_had_measured_when_it_went_on() {
        let mut matching = prepared();
        hear(&mut matching, 3.0, -20.0, -14.0);
        assert!(matching.is_idle() && matching.held_db().is_none());
        matching.set_on(true);
        near(matching.held_db(), -6.0);
        hear(&mut matching, 5.0, -20.0, -8.0);
        matching.set_on(true);
        near(matching.held_db(), -6.0);
        assert!((db::from_gain(matching.gain()) + 6.0).abs() < 1e-3);
        matching.set_on(false);
        hear(&mut matching, 10.0, -20.0, -8.0);
        assert!(matching.is_idle());
        matching.set_on(true);
        near(matching.held_db(), -12.0);
    }

    #[test]
    fn without_enough_it_waits_at_unity_for_the_first_second() {
        let mut matching = prepared();
        matching.set_on(true);
        hear(&mut matching, 0.95, -20.0, -14.0);
        assert!(matching.is_idle() && matching.held_db().is_none());
        hear(&mut matching, 0.1, -20.0, -14.0);
        near(matching.held_db(), -6.0);
        // The first sub-block holds the filters' settling, which is the same for both.
        hear(&mut matching, 1.0, -20.0, -30.0);
        near(matching.held_db(), -6.0);
    }

    #[test]
    fn silence_and_quiet_passages_do_not_count() {
        let mut matching = prepared();
        hear(&mut matching, 2.0, -20.0, -17.0);
        // Pauses, where the wet side has other things to say.
        hear(&mut matching, 2.0, -90.0, -40.0);
        hear(&mut matching, 2.0, -20.0, -100.0);
        hear(&mut matching, 2.0, -45.0, -20.0);
        matching.set_on(true);
        near(matching.held_db(), -3.0);
    }

    #[test]
    fn forgets_what_is_older_than_its_window() {
        let mut matching = prepared();
        hear(&mut matching, 5.0, -20.0, -2.0);
        hear(&mut matching, 10.0, -20.0, -19.0);
        matching.set_on(true);
        near(matching.held_db(), -1.0);
    }

    #[test]
    fn what_is_heard_in_a_pause_does_not_count() {
        let mut matching = prepared();
        hear(&mut matching, 2.03, -20.0, -14.0);
        matching.pause(true);
        hear(&mut matching, 9.0, -20.0, -40.0);
        matching.set_on(true);
        near(matching.held_db(), -6.0);
        matching.set_on(false);
        matching.pause(false);
        hear(&mut matching, 12.0, -20.0, -17.0);
        matching.set_on(true);
        near(matching.held_db(), -3.0);
    }

    #[test]
    fn ends_at_its_range() {
        for (wet_db, expected) in [(20.0, -LARGEST_DB), (-60.0, LARGEST_DB)] {
            let mut matching = prepared();
            hear(&mut matching, 2.0, -20.0, wet_db);
            matching.set_on(true);
            near(matching.held_db(), expected);
        }
    }

    #[test]
    fn glides_without_a_step() {
        let mut matching = prepared();
        hear(&mut matching, 2.0, -20.0, 4.0);
        matching.set_on(true);
        let mut last = 1.0;
        for _ in 0..RATE as usize {
            let gain = matching.next_gain();
            assert!(gain <= last && last - gain < 0.01, "{last} to {gain}");
            last = gain;
        }
        assert!(matching.is_settled());
    }

    /// A gain that is matched to its input: the block as a processor.
    struct Matched {
        matching: LoudnessMatch,
        settings: (f32, bool),
    }

    impl Processor for Matched {
        type Params = (f32, bool);

        fn prepare(&mut self, sample_rate_hz: f64, _max_block_len: usize) {
            self.matching.prepare(sample_rate_hz);
        }

        fn set_params(&mut self, settings: &Self::Params) {
            self.settings = *settings;
        }

        fn reset(&mut self) {
            self.matching.reset();
        }

        fn process(&mut self, audio: &mut [&mut [f32]], _key: &[&[f32]]) {
            self.matching.set_on(self.settings.1);
            let length = audio.first().map_or(0, |channel| channel.len());
            let mut from = 0;
            while from < length {
                let run = self.matching.left().min(length - from);
                let mut room = [[[0.0; CHUNK]; 2]; 2];
                for (c, channel) in audio.iter().enumerate() {
                    for n in 0..run {
                        let dry = crate::finite::or_silence(channel[from + n]);
                        room[0][c][n] = dry;
                        room[1][c][n] = crate::finite::to_f32(f64::from(self.settings.0 * dry));
                    }
                }
                let [dry, wet] = &room;
                let [dry, wet] = [dry, wet].map(|pair| [&pair[0][..run], &pair[1][..run]]);
                self.matching.measure(&dry[..audio.len()], &wet[..audio.len()]);
                for n in 0..run {
                    let gain = self.matching.next_gain();
                    for (channel, wet) in audio.iter_mut().zip(wet) {
                        channel[from + n] = crate::finite::to_f32(gain * f64::from(wet[n]));
                    }
                }
                self.matching.advance(run);
                from += run;
            }
        }
    }

    crate::contract! {
        mod contract_of_the_match;
        new: || Matched { matching: LoudnessMatch::new(), settings: (1.0, false) },
        settings: [(1.0, false), (0.5, false), (0.5, true), (2.0, true), (2.0, false), (0.25, true)],
        observe: |block, out| out.push(block.matching.held_db().unwrap_or(99.0)),
    }
}
