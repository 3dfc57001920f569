//! What the limiter costs, on 48 kHz stereo in blocks of 64: `cargo bench --bench limiter`.
//!
//! A name after `--` runs only that row, for a profiler.
#![allow(missing_docs, reason = "a program")]

mod harness;

use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ, in_place};
use shared_dsp::Processor;
use shared_dsp::limiter::{Detection, Limiter, LimiterParams};
use shared_dsp::limiter_readings::LimiterReadings;
use std::hint::black_box;

/// `audio` as the limiter leaves it.
fn limited(audio: &Audio, params: &LimiterParams) -> Audio {
    let mut limiter = Limiter::new();
    limiter.prepare(SAMPLE_RATE_HZ, BLOCK);
    limiter.set_params(params);
    let mut limited = Audio { channels: audio.channels.clone() };
    let [left, right] = &mut limited.channels;
    for (l, r) in left.chunks_mut(BLOCK).zip(right.chunks_mut(BLOCK)) {
        limiter.process(&mut [l, r], &[]);
    }
    limited
}

/// The limiter's meters alone, in blocks, with somebody looking or not.
fn meters<'a>(before: &'a Audio, after: &'a Audio, watched: bool) -> impl FnMut() + 'a {
    let mut readings = LimiterReadings::new();
    readings.prepare(SAMPLE_RATE_HZ);
    readings.follow_levels(watched);
    move || {
        let blocks = |audio: &'a Audio| {
            let [left, right] = &audio.channels;
            left.chunks_exact(BLOCK).zip(right.chunks_exact(BLOCK))
        };
        for (input, output) in blocks(before).zip(blocks(after)) {
            readings.hear_input(black_box(&[input.0, input.1]));
            readings.hear_output(black_box(&[output.0, output.1]));
        }
    }
}

fn main() {
    let (music, noise) = (Audio::music(), Audio::noise());
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let standard = LimiterParams::default();
    let strict = LimiterParams { detection: Detection::Strict, ..standard };
    let samples = LimiterParams { detection: Detection::SamplePeak, ..standard };
    // The music peaks at −2 dBFS, the noise at −6.
    let rows = [
        ("music, 12 dB below the ceiling", &music, LimiterParams { gain_db: -12.0, ..standard }),
        ("music, just below the ceiling", &music, standard),
        ("music, limited by 3 dB", &music, LimiterParams { gain_db: 4.0, ..standard }),
        ("music, limited by 8 dB", &music, LimiterParams { gain_db: 9.0, ..standard }),
        ("noise, every sample read in full", &noise, LimiterParams { gain_db: 24.0, ..standard }),
        (
            "the same, channels unlinked",
            &noise,
            LimiterParams { gain_db: 24.0, link: 0.0, ..standard },
        ),
        ("music, limited by 3 dB, sample peaks", &music, LimiterParams { gain_db: 4.0, ..samples }),
        ("music, limited by 3 dB, Strict", &music, LimiterParams { gain_db: 4.0, ..strict }),
        ("noise, every sample, Strict", &noise, LimiterParams { gain_db: 24.0, ..strict }),
    ];
    let loud = LimiterParams { gain_db: 9.0, ..standard };
    let (music_out, noise_out) = (limited(&music, &loud), limited(&noise, &loud));
    let mut bench = Bench::new(&music);
    for (name, audio, params) in rows {
        let mut limiter = Limiter::new();
        limiter.prepare(SAMPLE_RATE_HZ, BLOCK);
        limiter.set_params(&params);
        let process = move |block: &mut [&mut [f32]]| limiter.process(block, &[]);
        match &only {
            None => bench.row_in_place(name, audio, process),
            Some(only) if only == name => {
                let mut run = in_place(audio, process);
                (0..20).for_each(|_| run());
            }
            Some(_) => {}
        }
    }
    for (name, before, after, watched) in [
        ("its meters, music, page open", &music, &music_out, true),
        ("its meters, music, page closed", &music, &music_out, false),
        ("its meters, noise, page open", &noise, &noise_out, true),
        ("its meters, noise, page closed", &noise, &noise_out, false),
    ] {
        match &only {
            None => bench.row(name, meters(before, after, watched)),
            Some(only) if only == name => {
                let mut run = meters(before, after, watched);
                (0..20).for_each(|_| run());
            }
            Some(_) => {}
        }
    }
    if only.is_none() {
        bench.report("The limiter", &music);
    }
}
