//! Many instances with their editors closed, or the same processors without anything that is there
//! for an editor: what `tests/closed_editors.rs` counts the instructions of.

use bus_compressor::StemBusCompressor;
use de_esser::StemDeEsser;
use dynamic_eq::StemDynamicEq;
use gallery::programme;
use limiter::StemLimiter;
use meter::StemMeter;
use shared_dsp::Processor;
use std::hint::black_box;
use stem_trim::StemTrim;
use support::instance::Instance;
use support::{Orders, StemPlugin};

/// Instances of the plugin, as in a large session.
const INSTANCES: usize = 64;
/// Frames in a host's block, and in what a plugin gives its processor at once.
const BLOCK: usize = 512;
const CHUNK: usize = 256;
/// Blocks processed: a quarter of a second, or fifteen times that readings are published.
const BLOCKS: usize = 24;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["stem-trim", "closed"] => closed::<StemTrim>(),
        ["stem-trim", "none"] => none::<StemTrim>(),
        ["dynamic-eq", "closed"] => closed::<StemDynamicEq>(),
        ["dynamic-eq", "none"] => none::<StemDynamicEq>(),
        ["bus-compressor", "closed"] => closed::<StemBusCompressor>(),
        ["bus-compressor", "none"] => none::<StemBusCompressor>(),
        ["de-esser", "closed"] => closed::<StemDeEsser>(),
        ["de-esser", "none"] => none::<StemDeEsser>(),
        ["limiter", "closed"] => closed::<StemLimiter>(),
        ["limiter", "none"] => none::<StemLimiter>(),
        ["meter", "closed"] => closed::<StemMeter>(),
        ["meter", "none"] => none::<StemMeter>(),
        _ => panic!("a plugin's crate, and closed or none"),
    }
}

/// Instances as a host has them, no editor open.
fn closed<S: StemPlugin>() {
    let mut instances: Vec<_> =
        (0..INSTANCES).map(|_| Instance::<S>::new(programme::RATE_HZ)).collect();
    play(&mut instances, |instance, left, right| instance.process(&mut [left, right], &[]));
}

/// The processors and their parameters: no readings, no history, nobody to have a window drawn.
fn none<S: StemPlugin>() {
    let bare = || {
        let params = S::Params::default();
        S::sample_rate_changed(&params, programme::RATE_HZ);
        let mut dsp = S::Dsp::default();
        dsp.prepare(f64::from(programme::RATE_HZ), CHUNK);
        dsp.set_params(&S::settings(&params));
        // Nobody looks, so nothing falls that is only there to be looked at.
        S::obey(&mut dsp, Orders::default());
        (params, dsp)
    };
    let mut instances: Vec<_> = (0..INSTANCES).map(|_| bare()).collect();
    play(&mut instances, |(params, dsp), left, right| {
        dsp.set_params(&S::settings(params));
        for (left, right) in left.chunks_mut(CHUNK).zip(right.chunks_mut(CHUNK)) {
            dsp.process(&mut [left, right], &[]);
        }
    });
}

fn play<T>(instances: &mut [T], process: impl Fn(&mut T, &mut [f32], &mut [f32])) {
    let programme = programme::stereo();
    for block in 0..BLOCKS {
        for instance in &mut *instances {
            let at = block * BLOCK..(block + 1) * BLOCK;
            let [mut left, mut right] = [0, 1].map(|c: usize| programme[c][at.clone()].to_vec());
            counted(|| process(instance, &mut left, &mut right));
            black_box((left, right));
        }
    }
}

/// What is counted: everything inside of this, by its name.
#[inline(never)]
fn counted(work: impl FnOnce()) {
    work();
}
