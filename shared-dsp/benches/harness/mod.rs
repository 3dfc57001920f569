//! A small bench: every row timed in turns with a memory copy of the same audio, medians printed.
//!
//! Rows take turns, a second of audio each, so that a busy machine slows all of them alike; ratios
//! are what to compare. Nothing here passes or fails.

#![allow(dead_code, unreachable_pub, reason = "each bench uses what it needs")]

use std::hint::black_box;
use std::time::Instant;

use shared_dsp::random::Random;

/// Where blocks are timed.
pub const SAMPLE_RATE_HZ: f64 = 48_000.0;
/// The block length of a tight session.
pub const BLOCK: usize = 64;
const BLOCKS: usize = 750;
const ROUNDS: usize = 41;

/// One second of stereo audio.
pub struct Audio {
    /// Both channels.
    pub channels: [Vec<f32>; 2],
}

impl Audio {
    /// White noise with −6 dBFS peaks: the worst case of whoever skips the predictable.
    pub fn noise() -> Self {
        let mut random = Random::new(1);
        let mut channel = || (0..BLOCK * BLOCKS).map(|_| 0.5 * random.bipolar() as f32).collect();
        Self { channels: [channel(), channel()] }
    }

    /// Something like music: a bass, a chord, strokes of noise four times a second.
    pub fn music() -> Self {
        let mut random = Random::new(2);
        let mut stroke = 0.0;
        let mut channels = [Vec::new(), Vec::new()];
        for n in 0..BLOCK * BLOCKS {
            let t = n as f64 / SAMPLE_RATE_HZ;
            let tone = |hz: f64, gain: f64| gain * (std::f64::consts::TAU * hz * t).sin();
            let age = t % 0.25;
            stroke = 0.6 * stroke + 0.4 * random.bipolar();
            let drum = stroke * 0.6 * (-age * 25.0).exp();
            let chord = tone(220.0, 0.08) + tone(277.2, 0.08) + tone(2637.0, 0.02);
            for (channel, pan) in channels.iter_mut().zip([1.0, -1.0]) {
                let side = pan * (tone(1318.5, 0.03) + 0.1 * drum);
                channel.push((tone(55.0, 0.25) + chord + drum + side) as f32);
            }
        }
        Self { channels }
    }

    /// A loud master: the music driven hard into its ceiling, at −0.1 dBFS all the time.
    pub fn dense() -> Self {
        let drive = |x: &f32| 0.99 * (6.0 * x).tanh();
        Self { channels: Self::music().channels.map(|c| c.iter().map(drive).collect()) }
    }

    /// The audio in blocks of [`BLOCK`], as views.
    pub fn each_block(&self, mut each: impl FnMut([&[f32]; 2])) {
        let [left, right] = &self.channels;
        for (l, r) in left.chunks_exact(BLOCK).zip(right.chunks_exact(BLOCK)) {
            each([black_box(l), black_box(r)]);
        }
    }

    /// The frames of one run.
    pub fn frames(&self) -> usize {
        self.channels[0].len()
    }
}

/// A named thing to time.
pub struct Row<'a> {
    name: String,
    run: Box<dyn FnMut() + 'a>,
    times_ns: Vec<f64>,
}

/// One second of `audio` through something that works in place.
pub fn in_place<'a>(
    audio: &'a Audio,
    mut process: impl FnMut(&mut [&mut [f32]]) + 'a,
) -> impl FnMut() + 'a {
    move || {
        let mut block = [[0f32; BLOCK]; 2];
        audio.each_block(|input| {
            for (to, from) in block.iter_mut().zip(input) {
                to.copy_from_slice(from);
            }
            let [left, right] = &mut block;
            process(&mut [left, right]);
            black_box(&mut block);
        });
    }
}

/// Times rows against each other and prints a table.
#[derive(Default)]
pub struct Bench<'a> {
    rows: Vec<Row<'a>>,
    peer: Option<(&'static str, usize)>,
}

impl<'a> Bench<'a> {
    /// A bench whose first row is a memory copy of `audio`, block by block.
    pub fn new(audio: &'a Audio) -> Self {
        let mut bench = Self::default();
        let mut copy = [[0f32; BLOCK]; 2];
        bench.row("memory copy", move || {
            audio.each_block(|block| {
                for (to, from) in copy.iter_mut().zip(block) {
                    to.copy_from_slice(from);
                }
                black_box(&mut copy);
            });
        });
        bench
    }

    /// Adds a row: `run` handles one second of audio.
    pub fn row(&mut self, name: &str, run: impl FnMut() + 'a) {
        self.rows.push(Row { name: name.into(), run: Box::new(run), times_ns: Vec::new() });
    }

    /// Adds a row for something that works in place: each block is filled from `audio` first, so
    /// every such row includes the memory copy.
    pub fn row_in_place(
        &mut self,
        name: &str,
        audio: &'a Audio,
        process: impl FnMut(&mut [&mut [f32]]) + 'a,
    ) {
        self.row(name, in_place(audio, process));
    }

    /// Also gives the ratio to the row added last, under a short name.
    pub fn compare_with_last(&mut self, name: &'static str) {
        self.peer = Some((name, self.rows.len() - 1));
    }

    /// Runs everything, and prints ns a stereo frame, the ratio to the copy, and percent of a core.
    pub fn report(mut self, title: &str, audio: &Audio) {
        for round in 0..ROUNDS + 2 {
            for row in &mut self.rows {
                let start = Instant::now();
                (row.run)();
                let ns = start.elapsed().as_nanos() as f64;
                // The first rounds warm the caches.
                if round >= 2 {
                    row.times_ns.push(ns / audio.frames() as f64);
                }
            }
        }
        let medians: Vec<f64> = self
            .rows
            .iter_mut()
            .map(|row| {
                row.times_ns.sort_by(f64::total_cmp);
                row.times_ns[row.times_ns.len() / 2]
            })
            .collect();
        let peer = self.peer.map_or(String::new(), |(name, _)| format!("{name:>10}"));
        println!("\n{title}\n{:<38}{:>10}{:>10}{:>10}{peer}", "", "ns/frame", "x copy", "% core");
        for (row, ns) in self.rows.iter().zip(&medians) {
            let peer =
                self.peer.map_or(String::new(), |(_, at)| format!("{:>10.2}", ns / medians[at]));
            println!(
                "{:<38}{ns:>10.2}{:>10.1}{:>10.4}{peer}",
                row.name,
                ns / medians[0],
                ns * SAMPLE_RATE_HZ * 1e-7
            );
        }
    }
}
