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
/// Steps of the windows, a second.
const HOPS_PER_SECOND: f64 = 1000.0;
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
const LOWEST_REFERENCE_LUFS: f64 = -60.0;

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

    /// The reference now, in LUFS.
    pub fn reference_lufs(&self) -> f64 {
        self.reference_lufs
    }

    /// Whether a voice is heard now, or was just now.
    pub fn is_open(&self) -> bool {
        self.hold_left > 0
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
            let mut pair = [[0.0; SEGMENT]; MAX_CHANNELS];
            for (c, to) in pair.iter_mut().enumerate() {
                let channel = key.get(c).or(key.first()).copied().unwrap_or_default();
                let heard = channel.get(n * SEGMENT..).unwrap_or_default();
                for (to, from) in to.iter_mut().zip(heard).take(out.len()) {
                    *to = f64::from(or_silence(*from));
                }
            }
            let mut room = [0.0; SEGMENT];
            let [left, right] = pair.each_ref().map(|channel| &channel[..out.len()]);
            self.hear(arch, [left, right], &mut room[..out.len()]);
            for (out, activity) in out.iter_mut().zip(&room) {
                *out = *activity as f32;
            }
        }
    }

    /// The same for a stereo key of finite samples in double precision, of any length.
    pub fn hear(&mut self, arch: Arch, key: [&[f64]; MAX_CHANNELS], activity: &mut [f64]) {
        let mut from = 0;
        while from < activity.len() {
            let to = activity.len().min(from + self.grid.left());
            let (left, right) = (&key[0][from..to], &key[1][from..to]);
            let piece = &mut activity[from..to];
            vectorize(
                arch,
                #[inline(always)]
                || {
                    self.gather(left, right);
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
    fn gather(&mut self, left: &[f64], right: &[f64]) {
        let (mut states, mut energy) = (self.states, self.energy);
        for (l, r) in left.iter().zip(right) {
            let [high, low] = &mut states;
            let [s1, s2] = high;
            let filtered = step(&self.high_pass, s1, s2, &[*l, *r]);
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

    fn finish_hop(&mut self) {
        for state in self.states.iter_mut().flatten().flatten() {
            *state = snap(*state);
        }
        self.hops.push(snap(std::mem::take(&mut self.energy)));
        let lufs = |energy: f64, hops: usize| {
            let samples = hops as f64 * self.sample_rate_hz / HOPS_PER_SECOND;
            OFFSET_LU + db::from_power(energy / samples)
        };
        let above_db = lufs(self.hops.last(), WINDOW) - self.reference_lufs;
        let wanted_db = if self.is_open() { -CLOSES_BELOW_DB } else { -OPENS_BELOW_DB };
        if above_db > wanted_db {
            self.hold_left = HOLD;
        } else {
            self.hold_left = self.hold_left.saturating_sub(1);
        }
        if self.is_open() {
            let higher_db = lufs(self.hops.all(), LONG_WINDOW) - self.reference_lufs;
            if higher_db > 0.0 {
                self.reference_lufs -= higher_db * (-1.0 / RISE).exp_m1();
            } else {
                let lower = self.reference_lufs - FALL_DB_PER_S / HOPS_PER_SECOND;
                self.reference_lufs = lower.max(LOWEST_REFERENCE_LUFS);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use std::f64::consts::TAU;

    const RATE: f64 = 48_000.0;

    /// A stretch of a voice: start and end in seconds, pitch in Hz, level in dB.
    type Syllable = (f64, f64, f64, f64);

    /// Vowels with formants at 600, 1200 and 2600 Hz and edges of 8 ms. 0 dB is −24 LUFS or so, both channels alike.
    fn voice(syllables: &[Syllable], seconds: f64, gain_db: f64) -> Vec<f32> {
        let mut out = vec![0.0f32; (seconds * RATE) as usize];
        for &(from, to, pitch, level_db) in syllables {
            let gain = 0.055 * db::to_gain(level_db + gain_db);
            let (first, last) = ((from * RATE) as usize, (to * RATE) as usize);
            for (n, out) in out.iter_mut().enumerate().take(last).skip(first) {
                let t = n as f64 / RATE;
                let edge = ((t - from) / 0.008).min((to - t) / 0.008).clamp(0.0, 1.0);
                let mut x = 0.0;
                for h in 1..40 {
                    let f = pitch * f64::from(h);
                    let near =
                        |formant: f64, width: f64| 1.0 / (1.0 + ((f - formant) / width).powi(2));
                    let weight =
                        near(600.0, 120.0) + 0.5 * near(1200.0, 150.0) + 0.25 * near(2600.0, 250.0);
                    x += weight * (TAU * f * t).sin();
                }
                *out += (gain * edge * x) as f32;
            }
        }
        out
    }

    fn phrases() -> Vec<Syllable> {
        let mut all = Vec::new();
        for phrase in 0..4 {
            let start = 0.5 + 2.0 * f64::from(phrase);
            for syllable in 0..5 {
                let at = start + 0.22 * f64::from(syllable);
                let pitch = 110.0 + 15.0 * f64::from(syllable);
                all.push((at, at + 0.17, pitch, [0.0, -4.0, 2.0, -7.0, -2.0][syllable as usize]));
            }
        }
        all
    }

    fn heard(detector: &mut VoiceActivity, key: &[f32], block: usize) -> Vec<f32> {
        let mut activity = vec![0.0; key.len()];
        for (key, out) in key.chunks(block).zip(activity.chunks_mut(block)) {
            detector.process(&[key, key], out);
        }
        activity
    }

    fn detector() -> VoiceActivity {
        let mut detector = VoiceActivity::new();
        detector.prepare(RATE);
        detector
    }

    fn activity(key: &[f32]) -> Vec<f32> {
        heard(&mut detector(), key, 480)
    }

    /// The times in seconds at which the activity passes a half, upwards and downwards.
    fn edges(activity: &[f32]) -> Vec<(f64, bool)> {
        let at = |n: usize| n as f64 / RATE;
        let pairs = activity.windows(2).enumerate();
        pairs
            .filter(|(_, w)| (w[0] < 0.5) != (w[1] < 0.5))
            .map(|(n, w)| (at(n + 1), w[1] >= 0.5))
            .collect()
    }

    #[test]
    fn a_syllable_after_a_reset_opens_within_thirty_milliseconds() {
        for gain_db in [-12.0, 0.0, 12.0] {
            let activity = activity(&voice(&[(0.1, 0.3, 140.0, 0.0)], 1.0, gain_db));
            let at = |s: f64| activity[(s * RATE) as usize];
            assert_eq!(at(0.1), 0.0);
            assert_eq!(at(0.13), 1.0, "{gain_db} dB");
            assert_eq!(at(0.7), 0.0, "{gain_db} dB");
        }
    }

    #[test]
    fn phrases_are_found_where_they_are() {
        let edges = edges(&activity(&voice(&phrases(), 9.0, 0.0)));
        assert_eq!(edges.len(), 8, "{edges:?}");
        for (phrase, pair) in edges.chunks(2).enumerate() {
            let start = 0.5 + 2.0 * phrase as f64;
            let (opens, closes) = (pair[0].0 - start, pair[1].0 - (start + 0.22 * 4.0 + 0.17));
            assert!((0.0..0.02).contains(&opens), "opens {opens} s late");
            assert!((0.18..0.25).contains(&closes), "closes {closes} s late");
        }
    }

    #[test]
    fn the_level_of_the_key_moves_no_edge() {
        let at = |gain_db| edges(&activity(&voice(&phrases(), 9.0, gain_db)));
        let wanted = at(0.0);
        for gain_db in [-12.0, -6.0, 6.0, 12.0] {
            let found = at(gain_db);
            assert_eq!(found.len(), wanted.len(), "{gain_db} dB: {found:?}");
            // From the second phrase on: the first one teaches.
            for (found, wanted) in found[2..].iter().zip(&wanted[2..]) {
                assert!((found.0 - wanted.0).abs() < 0.01, "{gain_db} dB: {found:?}, {wanted:?}");
            }
        }
    }

    #[test]
    fn a_start_in_the_middle_hears_what_the_whole_heard() {
        // 30 s of phrases, and the same from 20 s on.
        let long: Vec<Syllable> = (0..15)
            .flat_map(|k| phrases().into_iter().take(5).map(move |s| (k, s)))
            .map(|(k, (from, to, pitch, level))| {
                (from + 2.0 * f64::from(k), to + 2.0 * f64::from(k), pitch, level)
            })
            .collect();
        let key = voice(&long, 31.0, 5.0);
        let late = (20.0 * RATE) as usize;
        let (whole, part) = (activity(&key), activity(&key[late..]));
        let after = (21.0 * RATE) as usize;
        let apart = whole[after..].iter().zip(&part[after - late..]);
        let longest = apart.filter(|(a, b)| (*a - *b).abs() > 0.05).count();
        assert!(longest as f64 / RATE < 0.02, "{longest} samples");
    }

    #[test]
    fn a_trembling_vowel_never_toggles() {
        let mut key = voice(&[(0.2, 6.0, 150.0, 0.0)], 6.5, 0.0);
        for (n, x) in key.iter_mut().enumerate() {
            let t = n as f64 / RATE;
            *x *= db::to_gain(3.0 * (TAU * 5.0 * t).sin()) as f32;
        }
        assert_eq!(edges(&activity(&key)).len(), 2);
    }

    #[test]
    fn silence_breath_and_bleed_never_open_it() {
        let mut random = Random::new(4);
        let mut low = 0.0;
        let breath: Vec<f32> = (0..240_000)
            .map(|n| {
                // −54 LUFS of noise that swells and falls, duller than white.
                low += 0.3 * (random.bipolar() - low);
                let swell = (TAU * 0.4 * n as f64 / RATE).sin().powi(2);
                (0.0045 * swell * low) as f32
            })
            .collect();
        let bleed = voice(&phrases(), 9.0, -30.0);
        for (what, key) in [("silence", vec![0.0; 48_000]), ("breath", breath), ("bleed", bleed)] {
            assert!(activity(&key).iter().all(|a| *a == 0.0), "{what}");
        }
        // And what is not there at all.
        let (mut detector, mut out) = (detector(), [1.0; 64]);
        detector.process(&[], &mut out);
        assert_eq!(out, [0.0; 64]);
    }

    #[test]
    fn neither_blocks_nor_rubbish_change_what_is_heard() {
        let mut key = voice(&phrases(), 9.0, 0.0);
        let wanted = activity(&key);
        for block in [1, 17, 64, 1000, 200_000] {
            assert!(heard(&mut detector(), &key, block) == wanted, "blocks of {block}");
        }
        let mut used = detector();
        heard(&mut used, &key, 333);
        used.reset();
        assert!(heard(&mut used, &key, 480) == wanted, "after a reset");
        let silent: Vec<usize> = (0..key.len()).step_by(97).collect();
        for n in &silent {
            key[*n] = 0.0;
        }
        let wanted = activity(&key);
        for n in &silent {
            key[*n] = [f32::NAN, f32::INFINITY][n % 2];
        }
        assert!(activity(&key) == wanted, "not a number");
        assert!(wanted.iter().all(|a| (0.0..=1.0).contains(a)));
    }

    #[test]
    fn every_rate_hears_the_same() {
        for rate in [8_000.0, 44_100.0, 96_000.0, 192_000.0] {
            let mut detector = VoiceActivity::new();
            detector.prepare(rate);
            let key: Vec<f32> = (0..(0.6 * rate) as usize)
                .map(|n| {
                    let t = n as f64 / rate;
                    let on = (0.1..0.3).contains(&t);
                    if on { (0.06 * (TAU * 800.0 * t).sin()) as f32 } else { 0.0 }
                })
                .collect();
            let mut out = vec![0.0; key.len()];
            detector.process(&[&key], &mut out);
            let at = |s: f64| out[(s * rate) as usize];
            assert_eq!(
                (at(0.099), at(0.125), at(0.49), at(0.55)),
                (0.0, 1.0, 1.0, 0.0),
                "{rate} Hz"
            );
        }
    }

    #[test]
    fn the_reference_rises_soon_and_falls_late() {
        let mut loud = detector();
        heard(&mut loud, &voice(&[(0.0, 0.4, 150.0, 0.0)], 0.4, 12.0), 480);
        let mut settled = loud.clone();
        heard(&mut settled, &voice(&[(0.0, 2.0, 150.0, 0.0)], 2.0, 12.0), 480);
        assert!((loud.reference_lufs() - settled.reference_lufs()).abs() < 0.5);
        assert!(settled.reference_lufs() > DEFAULT_KEY_LEVEL_LUFS + 6.0);
        // Ten seconds of a voice 12 dB lower: a dB. Ten seconds of silence: what the hold lets fall.
        let before = settled.reference_lufs();
        let mut quieter = settled.clone();
        heard(&mut quieter, &voice(&[(0.0, 10.0, 150.0, 0.0)], 10.0, 0.0), 480);
        assert!((before - quieter.reference_lufs() - 1.0).abs() < 0.05);
        heard(&mut settled, &vec![0.0; 480_000], 480);
        assert!(before - settled.reference_lufs() < 0.05);
    }
}
