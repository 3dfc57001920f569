//! What the bus compressor costs, on 48 kHz stereo in blocks of 64: `cargo bench --bench
//! bus_compressor`. A name after `--` runs only that row, for a profiler.
#![allow(missing_docs, reason = "a program")]

mod harness;

use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ, in_place};
use shared_dsp::Processor;
use shared_dsp::compressor::{
    BusCompressor, BusCompressorParams, Character, Detector, KeyFilter, KeySource, StereoMode,
};

const WORKING: BusCompressorParams =
    BusCompressorParams { threshold_db: -24.0, ..BusCompressorParams::DEFAULT };

fn main() {
    let (music, noise) = (Audio::music(), Audio::noise());
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let mut bench = Bench::new(&music);
    let mut row = |name: &str, lookahead: bool, params: &BusCompressorParams| {
        let mut compressor = BusCompressor::new();
        compressor.prepare(SAMPLE_RATE_HZ, BLOCK);
        compressor.set_lookahead(lookahead);
        compressor.set_params(params);
        let noise = &noise;
        let mut at = 0;
        let process = move |block: &mut [&mut [f32]]| {
            let key = noise.channels.each_ref().map(|channel| &channel[at..at + BLOCK]);
            at = (at + BLOCK) % noise.frames();
            compressor.process(block, &key);
        };
        match &only {
            None => bench.row_in_place(name, &music, process),
            Some(only) if only == name => {
                let mut run = in_place(&music, process);
                (0..5).for_each(|_| run());
            }
            Some(_) => {}
        }
    };
    let high_pass = KeyFilter { high_pass_hz: Some(100.0), ..KeyFilter::DEFAULT };
    let all_filters =
        KeyFilter { low_pass_hz: Some(8000.0), bell_db: 6.0, tilt_db: 3.0, ..high_pass };
    row("off", false, &BusCompressorParams::DEFAULT);
    row("Clean, RMS", false, &WORKING);
    row("Clean, Peak", false, &BusCompressorParams { detector: Detector::Peak, ..WORKING });
    row(
        "Grab, Peak",
        false,
        &BusCompressorParams { detector: Detector::Peak, character: Character::Grab, ..WORKING },
    );
    let bus = BusCompressorParams { character: Character::Bus, ..WORKING };
    row("Bus, RMS", false, &bus);
    row("Bus, Peak", false, &BusCompressorParams { detector: Detector::Peak, ..bus });
    let external = BusCompressorParams { key_source: KeySource::External, ..bus };
    row("Bus, RMS, key", false, &external);
    row("Bus, RMS, M/S", false, &BusCompressorParams { stereo_mode: StereoMode::MidSide, ..bus });
    row("Bus, RMS, high-pass", false, &BusCompressorParams { key_filter: high_pass, ..bus });
    row("Bus, RMS, all filters", false, &BusCompressorParams { key_filter: all_filters, ..bus });
    row("Bus, RMS, auto release", false, &BusCompressorParams { auto_release: true, ..bus });
    row("Bus, RMS, lookahead", true, &bus);
    row(
        "all there is",
        true,
        &BusCompressorParams {
            key_filter: all_filters,
            auto_release: true,
            hold_ms: 10.0,
            stereo_mode: StereoMode::MidSide,
            mix: 0.5,
            ..external
        },
    );
    {
        let mut compressor = BusCompressor::new();
        compressor.prepare(SAMPLE_RATE_HZ, BLOCK);
        let automated = BusCompressorParams { key_filter: high_pass, ..bus };
        let mut turn = 0;
        bench.row_in_place("Bus, RMS, high-pass, threshold automated", &music, move |block| {
            turn = (turn + 1) % 64;
            let threshold_db = -24.0 + 0.1 * f64::from(turn);
            compressor.set_params(&BusCompressorParams { threshold_db, ..automated });
            compressor.process(block, &[]);
        });
    }
    if only.is_none() {
        bench.report("The bus compressor", &music);
    }
}
