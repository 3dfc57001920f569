//! What Unmask costs, on 48 kHz stereo in blocks of 64: `cargo bench --bench unmask`. A name after `--`
//! runs only that row, for a profiler.
#![allow(missing_docs, reason = "a program")]

mod harness;

use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ, in_place};
use pulp::Arch;
use shared_dsp::Processor;
use shared_dsp::unmask::{StandaloneParams, StandaloneUnmask, UnmaskParams, UnmaskPlacement};
use shared_dsp::voice::VoiceActivity;

fn main() {
    let (music, noise) = (Audio::music(), Audio::noise());
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let mut bench = Bench::new(&music);
    let mut row = |name: &str, params: UnmaskParams, is_keyed: bool| {
        let mut unmask = StandaloneUnmask::new();
        unmask.prepare(SAMPLE_RATE_HZ, BLOCK);
        unmask.set_params(&StandaloneParams { unmask: params, ..StandaloneParams::DEFAULT });
        let noise = &noise;
        let mut at = 0;
        let process = move |block: &mut [&mut [f32]]| {
            let key = noise.channels.each_ref().map(|channel| &channel[at..at + BLOCK]);
            at = (at + BLOCK) % noise.frames();
            unmask.process(block, if is_keyed { &key } else { &[] });
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
    let on = UnmaskParams {
        on: true,
        depth_db: 12.0,
        focus_low_hz: 60.0,
        focus_high_hz: 16_000.0,
        ..UnmaskParams::DEFAULT
    };
    row("off", UnmaskParams::DEFAULT, true);
    row("twelve bands, mid", on, true);
    row("twelve bands, stereo", UnmaskParams { placement: UnmaskPlacement::Stereo, ..on }, true);
    row("twelve bands, no voice", on, false);
    if only.is_none() {
        let mut voice = VoiceActivity::new();
        voice.prepare(SAMPLE_RATE_HZ);
        let noise = &noise;
        bench.row("the voice's activity alone", move || {
            let mut activity = [0.0; BLOCK];
            noise.each_block(|block| {
                let frames: [[f64; 2]; BLOCK] =
                    std::array::from_fn(|n| block.map(|channel| f64::from(channel[n])));
                voice.hear(Arch::new(), &frames, &mut activity);
            });
            std::hint::black_box(activity);
        });
        bench.report("Unmask", &music);
    }
}
