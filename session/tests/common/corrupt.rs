//! Sets of stems in memory, and ways to spoil them: a test's own signal processing, which shares
//! nothing with what it tests.

#![allow(dead_code, unreachable_pub, reason = "every test takes what it needs")]

use realfft::RealFftPlanner;
use realfft::num_complex::Complex64;
use shared_dsp::random::Random;
use std::path::{Path, PathBuf};

const FULL: f64 = 8_388_608.0;

/// A file of a set: 24-bit integers by channel.
#[derive(Clone)]
pub struct File {
    pub name: String,
    pub rate: u32,
    pub channels: Vec<Vec<i32>>,
}

/// A set of stems and their mix.
#[derive(Clone)]
pub struct Set {
    pub title: String,
    pub files: Vec<File>,
}

impl Set {
    /// Reads a folder of 24-bit WAV files.
    pub fn read(title: &str, folder: &Path) -> Self {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "wav"))
            .collect();
        paths.sort();
        let read = |path: &PathBuf| {
            let mut reader = hound::WavReader::open(path).unwrap();
            let spec = reader.spec();
            assert_eq!(spec.bits_per_sample, 24);
            let count = usize::from(spec.channels);
            let mut channels = vec![Vec::new(); count];
            for (i, sample) in reader.samples::<i32>().enumerate() {
                channels[i % count].push(sample.unwrap());
            }
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            File { name, rate: spec.sample_rate, channels }
        };
        Self { title: title.to_owned(), files: paths.iter().map(read).collect() }
    }

    /// Six seconds of four noises with beats and spectra of their own, and their sum.
    pub fn synthetic() -> Self {
        let frames = 6 * 48_000;
        let mut files = Vec::new();
        let mut mix = vec![vec![0i32; frames]; 2];
        for (seed, (label, low_pass, beat)) in [
            ("Drums", 0.9, 12_000),
            ("Bass", 0.03, 24_000),
            ("Keys", 0.3, 30_000),
            ("Vox", 0.5, 9_000),
        ]
        .into_iter()
        .enumerate()
        {
            let mut random = Random::new(100 + seed as u64);
            let mut state = [0.0; 2];
            let mut channels = vec![Vec::new(); 2];
            #[expect(clippy::needless_range_loop, reason = "both sides of the mix grow together")]
            for n in 0..frames {
                let level = 0.1 + 0.9 * (1.0 - (n % beat) as f64 / beat as f64).powi(3);
                let fade = ((frames - n) as f64 / 24_000.0).min(1.0).powi(2);
                let centre = random.bipolar();
                for (side, state) in state.iter_mut().enumerate() {
                    let noise = centre + 0.5 * random.bipolar();
                    *state += low_pass * (noise - *state);
                    let loud = 0.05 / f64::sqrt(low_pass / (2.0 - low_pass));
                    let sample = (loud * level * fade * *state * FULL).round() as i32;
                    channels[side].push(sample);
                    mix[side][n] += sample;
                }
            }
            let name = format!("Test_Stem_{:02}_{label}_48k24.wav", seed + 1);
            files.push(File { name, rate: 48_000, channels });
        }
        files.insert(
            0,
            File { name: "Test_Mix_Main_48k24.wav".to_owned(), rate: 48_000, channels: mix },
        );
        Self { title: "synthetic".to_owned(), files }
    }

    /// Writes the set into `folder`.
    pub fn write(&self, folder: &Path) {
        for file in &self.files {
            let spec = hound::WavSpec {
                channels: file.channels.len() as u16,
                sample_rate: file.rate,
                bits_per_sample: 24,
                sample_format: hound::SampleFormat::Int,
            };
            let mut writer = hound::WavWriter::create(folder.join(&file.name), spec).unwrap();
            for n in 0..file.channels[0].len() {
                for channel in &file.channels {
                    writer.write_sample(channel[n]).unwrap();
                }
            }
            writer.finalize().unwrap();
        }
    }

    /// The file whose name has this in it.
    pub fn file(&mut self, part: &str) -> &mut File {
        self.files.iter_mut().find(|f| f.name.contains(part)).unwrap()
    }

    /// The whole name of the file whose name has this in it.
    pub fn name(&self, part: &str) -> String {
        self.files.iter().find(|f| f.name.contains(part)).unwrap().name.clone()
    }
}

fn grid(value: f64) -> i32 {
    (value * FULL).round().clamp(-FULL, FULL - 1.0) as i32
}

impl File {
    /// Does this to every channel, on a scale of ±1.
    pub fn each(&mut self, process: impl Fn(&[f64]) -> Vec<f64>) {
        for channel in &mut self.channels {
            let samples: Vec<f64> = channel.iter().map(|s| f64::from(*s) / FULL).collect();
            *channel = process(&samples).into_iter().map(grid).collect();
        }
    }

    pub fn gain(&mut self, db: f64) {
        let gain = 10f64.powf(db / 20.0);
        self.each(|x| x.iter().map(|s| s * gain).collect());
    }

    pub fn invert(&mut self) {
        self.each(|x| x.iter().map(|s| -s).collect());
    }

    /// Later by whole samples, of the same length.
    pub fn late(&mut self, samples: usize) {
        for channel in &mut self.channels {
            let length = channel.len();
            channel.splice(0..0, std::iter::repeat_n(0, samples));
            channel.truncate(length);
        }
    }

    /// Later by any amount: a turn of the phase of one transform over the whole file.
    pub fn later_by(&mut self, samples: f64) {
        self.each(|x| shift(x, samples));
    }

    pub fn cut(&mut self, samples: usize) {
        for channel in &mut self.channels {
            channel.truncate(channel.len() - samples);
        }
    }

    /// Through a limiter with lookahead: `db` below the file's peak, both sides alike.
    pub fn limit(&mut self, db: f64) {
        let frames = self.channels[0].len();
        let level: Vec<f64> = (0..frames)
            .map(|n| self.channels.iter().map(|c| f64::from(c[n]).abs() / FULL).fold(0.0, f64::max))
            .collect();
        let ceiling = level.iter().fold(0.0, |a: f64, b| a.max(*b)) * 10f64.powf(-db / 20.0);
        let gain = limiter_gain(&level, ceiling, f64::from(self.rate));
        for channel in &mut self.channels {
            for (sample, gain) in channel.iter_mut().zip(&gain) {
                *sample = (f64::from(*sample) * gain).round() as i32;
            }
        }
    }

    /// A first-order shelf: `db` more at high frequencies than at low ones.
    pub fn tilt(&mut self, db: f64) {
        let gain = 10f64.powf(db / 20.0) - 1.0;
        self.each(|x| {
            let mut low = 0.0;
            x.iter()
                .map(|s| {
                    low += 0.12 * (s - low);
                    s + gain * (s - low)
                })
                .collect()
        });
    }

    /// Longer by so many parts in a million: played on a slower clock.
    pub fn stretch(&mut self, ppm: f64) {
        self.each(|x| {
            (0..x.len())
                .map(|n| {
                    let at = n as f64 * (1.0 - ppm * 1e-6);
                    let first = at.floor() as i64;
                    (first - 31..=first + 32)
                        .filter_map(|k| {
                            let t = at - k as f64;
                            let window = (std::f64::consts::PI * t / 64.0).cos().powi(2);
                            let t = std::f64::consts::PI * t;
                            let sinc = if t == 0.0 { 1.0 } else { t.sin() / t };
                            Some(x.get(usize::try_from(k).ok()?)? * sinc * window)
                        })
                        .sum()
                })
                .collect()
        });
    }
}

/// The lowest gain within the lookahead, released over 80 ms, smoothed over the lookahead.
fn limiter_gain(level: &[f64], ceiling: f64, rate: f64) -> Vec<f64> {
    let ahead = (0.002 * rate) as usize;
    let release = 1.0 / (0.08 * rate);
    let wanted: Vec<f64> = level.iter().map(|l| (ceiling / l.max(1e-12)).min(1.0)).collect();
    let mut held = 1.0f64;
    let mut gain: Vec<f64> = (0..level.len())
        .map(|n| {
            let end = (n + ahead).min(level.len());
            let lowest = wanted[n..end].iter().fold(1.0f64, |a, b| a.min(*b));
            held = (held + release * (1.0 - held)).min(lowest);
            held
        })
        .collect();
    // The mean over the time looked ahead keeps the ceiling and has no steps.
    let mut sum = ahead as f64;
    let raw = gain.clone();
    for (n, out) in gain.iter_mut().enumerate() {
        sum += raw[n] - if n >= ahead { raw[n - ahead] } else { 1.0 };
        *out = sum / ahead as f64;
    }
    gain
}

fn shift(x: &[f64], samples: f64) -> Vec<f64> {
    let size = (x.len() + 4096).next_power_of_two();
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, inverse) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
    let mut padded = x.to_vec();
    padded.resize(size, 0.0);
    let mut spectrum = forward.make_output_vec();
    forward.process(&mut padded, &mut spectrum).unwrap();
    for (k, bin) in spectrum.iter_mut().enumerate() {
        let phase = -std::f64::consts::TAU * k as f64 / size as f64 * samples;
        *bin *= Complex64::from_polar(1.0 / size as f64, phase);
    }
    let last = spectrum.len() - 1;
    spectrum[0].im = 0.0;
    spectrum[last].im = 0.0;
    inverse.process(&mut spectrum, &mut padded).unwrap();
    padded.truncate(x.len());
    padded
}
