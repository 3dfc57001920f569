//! What the trim's blocks cost, on 48 kHz stereo in blocks of 64: `cargo bench --bench trim_blocks`.
//!
//! Blocks work in place, so every row includes the memory copy that fills the block. A name after
//! `--` runs only that row, for a profiler.
#![allow(missing_docs, reason = "a program")]

mod harness;

use harness::{Audio, BLOCK, Bench, SAMPLE_RATE_HZ, in_place};
use shared_dsp::dither::{BitDepth, Dither, DitherParams};
use shared_dsp::dry_path::{DryPath, Monitor};
use shared_dsp::fractional_delay::{DelayParams, FractionalDelay};
use shared_dsp::high_pass::{HighPass, HighPassParams, HighPassSlope};
use shared_dsp::matrix_mixer::MatrixMixer;
use shared_dsp::stem_readings::StemReadings;
use shared_dsp::stereo_matrix::StereoMatrix;
use shared_dsp::{Meter, Processor};

/// The audio path of the trim: everything but its readings.
struct TrimPath {
    dry: DryPath,
    matrix: MatrixMixer,
    high_pass: HighPass,
    delay: FractionalDelay,
}

impl TrimPath {
    fn process(&mut self, audio: &mut [&mut [f32]]) {
        self.dry.capture(audio);
        self.matrix.process(audio, &[]);
        self.high_pass.process(audio, &[]);
        self.delay.process(audio, &[]);
        self.dry.finish(audio, Monitor::default());
    }
}

fn ready<P: Processor>(mut block: P, params: &P::Params) -> P {
    block.prepare(SAMPLE_RATE_HZ, BLOCK);
    block.set_params(params);
    block
}

fn dry_path(latency_samples: usize) -> DryPath {
    let mut dry = DryPath::new();
    dry.prepare(SAMPLE_RATE_HZ, BLOCK, latency_samples);
    dry
}

fn in_samples(samples: f64) -> DelayParams {
    DelayParams { delay_ms: samples * 1000.0 / SAMPLE_RATE_HZ }
}

fn cut(cutoff_hz: f64, slope: HighPassSlope) -> HighPassParams {
    HighPassParams { cutoff_hz: Some(cutoff_hz), slope }
}

/// Rows of a bench, or the one that was asked for.
struct Rows<'a> {
    bench: Bench<'a>,
    audio: &'a Audio,
    only: Option<String>,
}

impl<'a> Rows<'a> {
    fn row(&mut self, name: &str, process: impl FnMut(&mut [&mut [f32]]) + 'a) {
        match &self.only {
            None => self.bench.row_in_place(name, self.audio, process),
            Some(only) if only == name => {
                let mut run = in_place(self.audio, process);
                (0..20).for_each(|_| run());
            }
            Some(_) => {}
        }
    }

    fn block<P: Processor + 'a>(&mut self, name: &str, block: P, params: &P::Params) {
        let mut block = ready(block, params);
        self.row(name, move |audio| block.process(audio, &[]));
    }

    /// New parameters at every block: it never comes to rest.
    fn moving<P: Processor + 'a>(&mut self, name: &str, block: P, params: [P::Params; 2]) {
        let mut block = ready(block, &params[0]);
        let mut turn = 0;
        self.row(name, move |audio| {
            turn ^= 1;
            block.set_params(&params[turn]);
            block.process(audio, &[]);
        });
    }

    fn path(
        &mut self,
        name: &str,
        matrix: StereoMatrix,
        high_pass: HighPassParams,
        delay: DelayParams,
    ) {
        let mut path = TrimPath {
            dry: dry_path(0),
            matrix: ready(MatrixMixer::new(), &matrix),
            high_pass: ready(HighPass::new(), &high_pass),
            delay: ready(FractionalDelay::new(), &delay),
        };
        self.row(name, move |audio| path.process(audio));
    }

    /// The whole plugin at its defaults: the audio path, and what it shows.
    fn with_readings(&mut self, name: &str) {
        let mut path = TrimPath {
            dry: dry_path(0),
            matrix: ready(MatrixMixer::new(), &StereoMatrix::IDENTITY),
            high_pass: ready(HighPass::new(), &HighPassParams::default()),
            delay: ready(FractionalDelay::new(), &DelayParams::default()),
        };
        let mut readings = StemReadings::new();
        readings.prepare(SAMPLE_RATE_HZ, 2);
        self.row(name, move |audio| {
            path.process(audio);
            if let [left, right] = audio {
                readings.process(&[left, right]);
            }
        });
    }

    fn dry(&mut self, name: &str, latency_samples: usize, bypass: bool, delta: bool) {
        let mut dry = dry_path(latency_samples);
        self.row(name, move |audio| {
            dry.capture(audio);
            dry.finish(audio, Monitor { bypass, delta, ..Monitor::default() });
        });
    }
}

fn main() {
    let audio = Audio::music();
    let only = std::env::args().skip(1).find(|a| !a.starts_with('-'));
    let mut rows = Rows { bench: Bench::new(&audio), audio: &audio, only };

    let (still, off, at_once) =
        (StereoMatrix::IDENTITY, HighPassParams::default(), DelayParams::default());
    let gain = StereoMatrix::gain_db(-3.0);
    let wide = StereoMatrix::width(1.5).then(gain);
    let (gentle, steep) = (cut(80.0, HighPassSlope::Db12), cut(80.0, HighPassSlope::Db24));

    rows.path("trim, neutral", still, off, at_once);
    rows.with_readings("trim, neutral, with readings");
    rows.path("trim, gain", gain, off, at_once);
    rows.path("trim, gain and width", wide, off, at_once);
    rows.path("trim, and high-pass 12", wide, gentle, at_once);
    rows.path("trim, and high-pass 24", wide, steep, at_once);
    rows.path("trim, everything", wide, steep, in_samples(480.5));

    rows.block("matrix, identity", MatrixMixer::new(), &still);
    rows.block("matrix, gain", MatrixMixer::new(), &gain);
    rows.block("matrix, width", MatrixMixer::new(), &wide);
    rows.moving("matrix, gliding", MatrixMixer::new(), [gain, wide]);
    rows.block("high-pass, off", HighPass::new(), &off);
    rows.block("high-pass, 12 dB/oct", HighPass::new(), &gentle);
    rows.block("high-pass, 24 dB/oct", HighPass::new(), &steep);
    rows.moving("high-pass, gliding", HighPass::new(), [steep, cut(90.0, HighPassSlope::Db24)]);
    rows.block("delay, none", FractionalDelay::new(), &at_once);
    rows.block("delay, 480 samples", FractionalDelay::new(), &in_samples(480.0));
    rows.block("delay, 480.5 samples", FractionalDelay::new(), &in_samples(480.5));
    rows.dry("dry path, wet", 0, false, false);
    rows.dry("dry path, wet, 300 samples", 300, false, false);
    rows.dry("dry path, bypassed, 300 samples", 300, true, false);
    rows.dry("dry path, delta, 300 samples", 300, false, true);
    for (name, depth, noise_shaping) in [
        ("dither, off", BitDepth::Off, false),
        ("dither, 24 bit", BitDepth::Bits24, false),
        ("dither, 16 bit, shaped", BitDepth::Bits16, true),
    ] {
        rows.block(name, Dither::new(), &DitherParams { depth, noise_shaping });
    }

    if rows.only.is_none() {
        rows.bench.report("Trim blocks on music", &audio);
    }
}
