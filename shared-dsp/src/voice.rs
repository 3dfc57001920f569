//! How active a voice is, heard on a key: 0 at rest, 1 while it speaks.
//!
//! ```text
//! L = level of the key between 200 Hz and 5 kHz in the last 20 ms, in LUFS
//! R = reference: where the voice is as a whole
//!
//! opens when L > R − 20 dB, stays open for 200 ms after L was last above R − 26 dB
//! activity travels between 0 and 1 in 10 ms
//! ```
//!
//! The window is rectangular, so that what ends ends at once, however loud it was: the edges hardly
//! depend on the level. It moves on a grid of 1 ms counted from reset, so nothing depends on the
//! host's block.
//!
//! R starts from the level the user learned. While the voice is open, R follows the level of the
//! last 200 ms upwards with a time constant of 50 ms (a voice louder than learned is understood
//! within 400 ms) and falls by 0.1 dB a second. It does not fall in pauses, and so slowly while the
//! voice speaks that playback from anywhere in a song ducks as the bounce from its first bar does.
//!
//! Range: any rate from 8 kHz; the low-pass is held below 0.4 of the rate. Levels are those of the
//! filtered key summed over its channels on the scale of BS.1770, without its shelf: a voice reads
//! within 1.5 dB of its loudness. Known deviation: an edge is late by at most the 1 ms of the grid.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::db;
use crate::delay::SEGMENT;
use crate::eq::section::Section;
use crate::eq::svf::{Coefficients, output, step};
use crate::finite::{or_silence, snap};
use crate::k_weighting::OFFSET_LU;
use crate::lanes::{LANES, total};
use crate::processor::MAX_CHANNELS;
use crate::sample_grid::SampleGrid;
use crate::vectorize::vectorize;
use pulp::Arch;
use std::f64::consts::FRAC_1_SQRT_2;

/// Where a voice is taken to be until it is learned, in LUFS.
pub const DEFAULT_KEY_LEVEL_LUFS: f64 = -24.0;

/// The band a voice is understood by, in Hz.
const BAND_HZ: [f64; 2] = [200.0, 5000.0];
/// Steps of the windows, a second: what is heard is decided on anew at each.
pub const HOPS_PER_SECOND: f64 = 1000.0;
/// The window of the gate, in hops.
const WINDOW: usize = 20;
/// The window of the reference, in hops.
const LONG_WINDOW: usize = 200;
/// How far below the reference a voice is heard, and heard no more, in dB.
const OPENS_BELOW_DB: f64 = 20.0;
const CLOSES_BELOW_DB: f64 = 26.0;
/// How long it stays open after it was last heard, in hops.
const HOLD: u32 = 200;
/// Time constant of the rising reference, in hops.
const RISE: f64 = 50.0;
/// Fall of the reference while a voice speaks, in dB a second.
const FALL_DB_PER_S: f64 = 0.1;
/// How long the activity takes from end to end, in ms.
const TRAVEL_MS: f64 = 10.0;
/// No reference lies lower, in LUFS: what is quieter is no voice.
pub const LOWEST_REFERENCE_LUFS: f64 = -60.0;

/// The energies of the last hops, and their sums over both windows.
#[derive(Debug, Clone)]
struct Hops {
    ring: [f64; LONG_WINDOW],
    at: usize,
}

impl Hops {
    const EMPTY: Self = Self { ring: [0.0; LONG_WINDOW], at: 0 };

    #[inline]
    fn push(&mut self, energy: f64) {
        self.ring[self.at] = energy;
        self.at = (self.at + 1) % LONG_WINDOW;
    }

    /// The energy of the last [`WINDOW`], added up anew: nothing drifts.
    #[inline]
    fn last(&self) -> f64 {
        let newest = self.at + LONG_WINDOW;
        (1..=WINDOW).map(|back| self.ring[(newest - back) % LONG_WINDOW]).sum()
    }

    /// The energy of all, likewise; in lanes, which do not wait for each other.
    #[inline]
    fn all(&self) -> f64 {
        let mut lanes = [0.0; LANES];
        for energies in self.ring.chunks_exact(LANES) {
            for (lane, energy) in lanes.iter_mut().zip(energies) {
                *lane += energy;
            }
        }
        total(lanes)
    }
}

/// Hears whether a voice is there.
#[derive(Debug, Clone)]
pub struct VoiceActivity {
    sample_rate_hz: f64,
    key_level_lufs: f64,
    high_pass: [[f64; MAX_CHANNELS]; 6],
    low_pass: [[f64; MAX_CHANNELS]; 6],
    states: [[[f64; MAX_CHANNELS]; 2]; 2],
    grid: SampleGrid,
    energy: f64,
    hops: Hops,
    reference_lufs: f64,
    hold_left: u32,
    activity: f64,
    travel: f64,
}

impl Default for VoiceActivity {
    fn default() -> Self {
        Self::new()
    }
}

fn both(coefficients: Coefficients) -> [[f64; MAX_CHANNELS]; 6] {
    coefficients.map(|c| [c; MAX_CHANNELS])
}

impl VoiceActivity {
    /// A detector; call [`prepare`](Self::prepare) before using it.
    pub fn new() -> Self {
        Self {
            sample_rate_hz: 48_000.0,
            key_level_lufs: DEFAULT_KEY_LEVEL_LUFS,
            high_pass: [[0.0; MAX_CHANNELS]; 6],
            low_pass: [[0.0; MAX_CHANNELS]; 6],
            states: [[[0.0; MAX_CHANNELS]; 2]; 2],
            grid: SampleGrid::default(),
            energy: 0.0,
            hops: Hops::EMPTY,
            reference_lufs: DEFAULT_KEY_LEVEL_LUFS,
            hold_left: 0,
            activity: 0.0,
            travel: 0.0,
        }
    }

    /// Sets the sample rate in Hz. Leaves the detector reset, the key level kept.
    pub fn prepare(&mut self, sample_rate_hz: f64) {
        self.sample_rate_hz = sample_rate_hz;
        let section = |numerator, frequency_hz: f64| {
            let highest = 0.4 * sample_rate_hz;
            let frequency_hz = frequency_hz.min(highest);
            both(output(&Section::second_order(
                numerator,
                FRAC_1_SQRT_2,
                frequency_hz,
                sample_rate_hz,
            )))
        };
        self.high_pass = section([0.0, 0.0, 1.0], BAND_HZ[0]);
        self.low_pass = section([1.0, 0.0, 0.0], BAND_HZ[1]);
        self.grid.prepare(sample_rate_hz, HOPS_PER_SECOND);
        self.travel = 1.0 / (TRAVEL_MS * 1e-3 * sample_rate_hz);
        self.reset();
    }

    /// Sets the loudness of the voice in LUFS, −60 to 0, as learned: where the reference starts at
    /// every reset. Before the first sample after one it holds at once.
    pub fn set_key_level_lufs(&mut self, key_level_lufs: f64) {
        let sane = if key_level_lufs.is_nan() { DEFAULT_KEY_LEVEL_LUFS } else { key_level_lufs };
        self.key_level_lufs = sane.clamp(LOWEST_REFERENCE_LUFS, 0.0);
        if self.grid.samples() == 0 {
            self.reference_lufs = self.key_level_lufs;
        }
    }

    /// Forgets everything heard; the reference is the key level again.
    pub fn reset(&mut self) {
        self.states = [[[0.0; MAX_CHANNELS]; 2]; 2];
        self.grid.reset();
        self.energy = 0.0;
        self.hops = Hops::EMPTY;
        self.reference_lufs = self.key_level_lufs;
        self.hold_left = 0;
        self.activity = 0.0;
    }

    /// Where the reference starts, in LUFS.
    pub fn key_level_lufs(&self) -> f64 {
        self.key_level_lufs
    }

    /// The reference now, in LUFS.
    pub fn reference_lufs(&self) -> f64 {
        self.reference_lufs
    }

    /// Whether a voice is heard now, or was just now.
    pub fn is_open(&self) -> bool {
        self.hold_left > 0
    }

    /// The level of the key between 200 Hz and 5 kHz in the last 200 ms, in LUFS.
    pub fn level_lufs(&self) -> f64 {
        self.lufs(self.hops.all(), LONG_WINDOW)
    }

    /// The activity at the last sample, 0 to 1.
    pub fn activity(&self) -> f64 {
        self.activity
    }

    /// Reads a block of the key (no channels, one or two, of any length) and hands out the activity
    /// at each sample of `activity`; beyond the key's end it is silent. A mono key counts as both
    /// channels of a stereo one.
    pub fn process(&mut self, key: &[&[f32]], activity: &mut [f32]) {
        let arch = Arch::new();
        for (n, out) in activity.chunks_mut(SEGMENT).enumerate() {
            let mut frames = [[0.0; MAX_CHANNELS]; SEGMENT];
            for c in 0..MAX_CHANNELS {
                let channel = key.get(c).or(key.first()).copied().unwrap_or_default();
                let heard = channel.get(n * SEGMENT..).unwrap_or_default();
                for (to, from) in frames.iter_mut().zip(heard).take(out.len()) {
                    to[c] = f64::from(or_silence(*from));
                }
            }
            let mut room = [0.0; SEGMENT];
            self.hear(arch, &frames[..out.len()], &mut room[..out.len()]);
            for (out, activity) in out.iter_mut().zip(&room) {
                *out = *activity as f32;
            }
        }
    }

    /// The same for finite frames in double precision, as many as `activity` has samples.
    pub fn hear(&mut self, arch: Arch, key: &[[f64; MAX_CHANNELS]], activity: &mut [f64]) {
        let mut from = 0;
        while from < activity.len() {
            let to = activity.len().min(from + self.grid.left());
            let (frames, piece) = (&key[from..to], &mut activity[from..to]);
            vectorize(
                arch,
                #[inline(always)]
                || {
                    self.gather(frames);
                    self.travel(piece);
                },
            );
            if self.grid.advance(to - from) {
                self.finish_hop();
            }
            from = to;
        }
    }

    /// The energy of a piece of a hop.
    #[inline(always)]
    fn gather(&mut self, frames: &[[f64; MAX_CHANNELS]]) {
        let (mut states, mut energy) = (self.states, self.energy);
        for frame in frames {
            let [high, low] = &mut states;
            let [s1, s2] = high;
            let filtered = step(&self.high_pass, s1, s2, frame);
            let [s1, s2] = low;
            let filtered = step(&self.low_pass, s1, s2, &filtered);
            energy += filtered[0] * filtered[0] + filtered[1] * filtered[1];
        }
        (self.states, self.energy) = (states, energy);
    }

    /// The activity during a piece of a hop: one way, until it is there.
    #[inline(always)]
    fn travel(&mut self, piece: &mut [f64]) {
        let travel = if self.hold_left > 0 { self.travel } else { -self.travel };
        let end = if self.hold_left > 0 { 1.0 } else { 0.0 };
        if self.activity == end {
            piece.fill(end);
            return;
        }
        for out in piece {
            self.activity = (self.activity + travel).clamp(0.0, 1.0);
            *out = self.activity;
        }
    }

    /// The loudness of an energy gathered in so many hops, in LUFS.
    fn lufs(&self, energy: f64, hops: usize) -> f64 {
        let samples = hops as f64 * self.sample_rate_hz / HOPS_PER_SECOND;
        OFFSET_LU + db::from_power(energy / samples)
    }

    fn finish_hop(&mut self) {
        for state in self.states.iter_mut().flatten().flatten() {
            *state = snap(*state);
        }
        self.hops.push(snap(std::mem::take(&mut self.energy)));
        let above_db = self.lufs(self.hops.last(), WINDOW) - self.reference_lufs;
        let wanted_db = if self.is_open() { -CLOSES_BELOW_DB } else { -OPENS_BELOW_DB };
        if above_db > wanted_db {
            self.hold_left = HOLD;
        } else {
            self.hold_left = self.hold_left.saturating_sub(1);
        }
        if self.is_open() {
            let higher_db = self.level_lufs() - self.reference_lufs;
            if higher_db > 0.0 {
                self.reference_lufs -= higher_db * (-1.0 / RISE).exp_m1();
            } else {
                let lower = self.reference_lufs - FALL_DB_PER_S / HOPS_PER_SECOND;
                self.reference_lufs = lower.max(LOWEST_REFERENCE_LUFS);
            }
        }
    }
}
