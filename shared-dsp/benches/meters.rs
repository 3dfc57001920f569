//! What the meters cost, on 48 kHz stereo in blocks of 64: `cargo bench --bench meters`.
//!
//! A name after `--` runs only that meter, a hundred seconds of it, for a profiler.
#![allow(missing_docs, reason = "a program")]

mod harness;

use ebur128::{EbuR128, Mode};
use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ};
use shared_dsp::Meter;
use shared_dsp::correlation::{Correlation, CorrelationMeter};
use shared_dsp::crest::{Crest, CrestMeter};
use shared_dsp::loudness::Loudness;
use shared_dsp::mix_meter::MixMeter;
use shared_dsp::octave_bands::OctaveBands;
use shared_dsp::peak::{Peak, PeakMeter};
use shared_dsp::stem_readings::StemReadings;
use shared_dsp::true_peak::TruePeak;
use shared_dsp::voice::DEFAULT_KEY_LEVEL_LUFS;
use shared_dsp::voice_to_music::KeyedMeter;
use shared_dsp::vu::{Vu, VuMeter};
use std::hint::black_box;

/// Samples between two looks at a reading: 10 Hz.
const POLL: usize = 4800;

fn ready<M: Meter>(mut meter: M) -> M {
    meter.prepare(SAMPLE_RATE_HZ, 2);
    meter
}

fn plain<'a, M: Meter + 'a>(bench: &mut Bench<'a>, name: &str, meter: M, audio: &'a Audio) {
    let mut meter = ready(meter);
    bench.row(name, move || audio.each_block(|block| meter.process(black_box(&block))));
}

fn polled_loudness(audio: &Audio) -> impl FnMut() + '_ {
    let mut meter = ready(Loudness::new());
    let mut since = 0;
    move || {
        audio.each_block(|block| {
            meter.process(&block);
            since += BLOCK;
            if since >= POLL {
                since -= POLL;
                black_box((meter.momentary_lufs(), meter.shortterm_lufs()));
                black_box((meter.integrated_lufs(), meter.range_lu()));
            }
        });
    }
}

fn polled_ebur128(audio: &Audio, mode: Mode) -> impl FnMut() + '_ {
    let mut meter = EbuR128::new(2, SAMPLE_RATE_HZ as u32, mode).unwrap();
    let mut since = 0;
    move || {
        audio.each_block(|block| {
            meter.add_frames_planar_f32(&block).unwrap();
            since += BLOCK;
            if since >= POLL {
                since -= POLL;
                black_box((
                    meter.loudness_momentary().unwrap(),
                    meter.loudness_shortterm().unwrap(),
                ));
                black_box((meter.loudness_global().unwrap(), meter.loudness_range().unwrap()));
            }
        });
    }
}

fn polled_with_true_peak(audio: &Audio) -> impl FnMut() + '_ {
    let (mut loudness, mut peak) = (polled_loudness(audio), ready(TruePeak::itu_4x()));
    move || {
        loudness();
        audio.each_block(|block| peak.process(&block));
        black_box((peak.max_dbtp(0), peak.max_dbtp(1)));
    }
}

/// The whole mix meter, its history fetched and everything read at 10 Hz; with or without its dialogue.
fn mix_meter(audio: &Audio, has_key: bool) -> impl FnMut() + '_ {
    let mut meter = MixMeter::new();
    meter.prepare(SAMPLE_RATE_HZ, 2);
    let mut since = 0;
    move || {
        audio.each_block(|block| {
            meter.process(&block, has_key.then_some(&block[..]));
            since += BLOCK;
            if since >= POLL {
                since -= POLL;
                meter.drain_history(|point| {
                    black_box(point);
                });
                black_box(meter.readings());
            }
        });
    }
}

/// The bands of what goes into an insert and what comes out of it, in blocks of the session's size.
fn octave_bands(audio: &Audio) -> impl FnMut() {
    let wide = || audio.channels.each_ref().map(|c| c.iter().map(|s| f64::from(*s)).collect());
    let [left, right]: [Vec<f64>; 2] = wide();
    let mut bands = OctaveBands::<4>::default();
    bands.prepare(SAMPLE_RATE_HZ);
    move || {
        for (l, r) in left.chunks(POLL).zip(right.chunks(POLL)) {
            bands.process(black_box([l, r, l, r]));
            bands.take(|_, energy| {
                black_box(energy);
            });
        }
    }
}

/// What is measured of an insert that a voice keys, in blocks of the session's size.
fn voice_to_music(audio: &Audio) -> impl FnMut() {
    let wide = || audio.channels.each_ref().map(|c| c.iter().map(|s| f64::from(*s)).collect());
    let [left, right]: [Vec<f64>; 2] = wide();
    let mut meter = KeyedMeter::new(SAMPLE_RATE_HZ, DEFAULT_KEY_LEVEL_LUFS);
    move || {
        for (l, r) in left.chunks(POLL).zip(right.chunks(POLL)) {
            meter.process(black_box([l, r]), [r, l], [l, r], |heard| {
                black_box(heard);
            });
        }
    }
}

fn main() {
    let loudness_modes = Mode::M | Mode::S | Mode::I | Mode::LRA | Mode::HISTOGRAM;
    if let Some(name) = std::env::args().skip(1).find(|a| !a.starts_with('-')) {
        let audio = match name.split('-').next_back() {
            Some("noise") => Audio::noise(),
            Some("dense") => Audio::dense(),
            _ => Audio::music(),
        };
        let mut run: Box<dyn FnMut()> = match name.split('-').next().unwrap() {
            "stem" => {
                let mut meter = ready(StemReadings::new());
                let audio = &audio;
                Box::new(move || audio.each_block(|block| meter.process(&block)))
            }
            "loudness" => Box::new(polled_loudness(&audio)),
            "mix" => Box::new(mix_meter(&audio, false)),
            other => panic!("no meter named {other}"),
        };
        (0..100).for_each(|_| run());
        return;
    }
    let takes =
        [("music", Audio::music()), ("dense", Audio::dense()), ("white noise", Audio::noise())];
    for (title, audio) in takes {
        let mut bench = Bench::new(&audio);
        plain(&mut bench, "VU", VuMeter::new(Vu::default()), &audio);
        plain(&mut bench, "sample peak", PeakMeter::new(Peak::default()), &audio);
        plain(&mut bench, "crest", CrestMeter::new(Crest::default()), &audio);
        plain(&mut bench, "correlation", CorrelationMeter::new(Correlation::default()), &audio);
        plain(&mut bench, "true peak, ITU 4x", TruePeak::itu_4x(), &audio);
        plain(&mut bench, "true peak, strict 16x", TruePeak::strict_16x(), &audio);
        plain(&mut bench, "stem readings (without strict)", StemReadings::new(), &audio);
        bench.row("octave bands of two stereo signals", octave_bands(&audio));
        bench.row("a voice against music before and after", voice_to_music(&audio));
        bench.row("mix meter, read at 10 Hz", mix_meter(&audio, false));
        bench.row("  and its dialogue", mix_meter(&audio, true));
        bench.row("loudness M S I LRA, read at 10 Hz", polled_loudness(&audio));
        bench.row("  the same by ebur128", polled_ebur128(&audio, loudness_modes));
        bench.row("  and true peak", polled_with_true_peak(&audio));
        bench
            .row("  the same by ebur128", polled_ebur128(&audio, loudness_modes | Mode::TRUE_PEAK));
        bench.report(title, &audio);
    }
}
