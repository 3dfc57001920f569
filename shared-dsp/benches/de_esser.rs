//! What the de-esser costs, on 48 kHz stereo in blocks of 64: `cargo bench --bench de_esser`. A name after
//! `--` runs only that row, for a profiler.
//!
//! The noise is sibilant throughout, so that something is always turned down.
#![allow(missing_docs, reason = "a program")]

mod harness;

use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ, in_place};
use shared_dsp::Processor;
use shared_dsp::de_esser::{DeEsser, DeEsserParams, Detect, KeySource, Mode, StereoMode};

fn main() {
    let noise = Audio::noise();
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let mut bench = Bench::new(&noise);
    let mut row = |name: &str, [lookahead, split]: [bool; 2], params: &DeEsserParams| {
        let mut de_esser = DeEsser::new();
        de_esser.prepare(SAMPLE_RATE_HZ, BLOCK);
        de_esser.set_lookahead(lookahead);
        de_esser.set_split(split);
        de_esser.set_params(params);
        let noise = &noise;
        let mut at = 0;
        let process = move |block: &mut [&mut [f32]]| {
            let key = noise.channels.each_ref().map(|channel| &channel[at..at + BLOCK]);
            at = (at + BLOCK) % noise.frames();
            de_esser.process(block, &key);
        };
        match &only {
            None => bench.row_in_place(name, noise, process),
            Some(only) if only == name => {
                let mut run = in_place(noise, process);
                (0..5).for_each(|_| run());
            }
            Some(_) => {}
        }
    };
    let neither = [false, false];
    let bell = DeEsserParams::DEFAULT;
    row("off", neither, &DeEsserParams { range_db: 0.0, ..bell });
    row("Bell", neither, &bell);
    row("Shelf", neither, &DeEsserParams { mode: Mode::Shelf, ..bell });
    row("Wide", neither, &DeEsserParams { mode: Mode::Wide, ..bell });
    row("Bell, absolute", neither, &DeEsserParams { detect: Detect::Absolute, ..bell });
    row("Bell, M/S", neither, &DeEsserParams { stereo_mode: StereoMode::MidSide, ..bell });
    row("Bell, key", neither, &DeEsserParams { key_source: KeySource::External, ..bell });
    row("Bell, nothing sibilant", neither, &DeEsserParams { sensitivity: 0.0, ..bell });
    row("Bell, lookahead", [true, false], &bell);
    row("Split", [false, true], &bell);
    row("Split, nothing sibilant", [false, true], &DeEsserParams { sensitivity: 0.0, ..bell });
    row("Split, lookahead", [true, true], &bell);
    for (name, split) in [("Bell, band automated", false), ("Split, band automated", true)] {
        let mut de_esser = DeEsser::new();
        de_esser.prepare(SAMPLE_RATE_HZ, BLOCK);
        de_esser.set_split(split);
        let mut turn = 0;
        bench.row_in_place(name, &noise, move |block| {
            turn = (turn + 1) % 64;
            let low_hz = 5000.0 + 10.0 * f64::from(turn);
            de_esser.set_params(&DeEsserParams { low_hz, ..bell });
            de_esser.process(block, &[]);
        });
    }
    if only.is_none() {
        bench.report("The de-esser", &noise);
    }
}
