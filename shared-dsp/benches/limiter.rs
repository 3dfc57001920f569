//! What the limiter costs, on 48 kHz stereo in blocks of 64: `cargo bench --bench limiter`.
//!
//! A name after `--` runs only that row, for a profiler.
#![allow(missing_docs, reason = "a program")]

mod harness;

use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ, in_place};
use shared_dsp::Processor;
use shared_dsp::limiter::{Detection, Limiter, LimiterParams};

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
    if only.is_none() {
        bench.report("The limiter", &music);
    }
}
