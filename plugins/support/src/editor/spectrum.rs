//! Spectra of what a plugin hears, made on the editor's thread from its [`Taps`].
//!
//! A Hann window over a sixth of a second, transformed as often as the page is drawn; the power of
//! both channels, averaged, so that what is panned or out of phase shows; averaged over a twelfth of
//! an octave, and over time.
//!
//! What is drawn is a density: the power in a band of 57.8 Hz, a twelfth of an octave at 1 kHz. So a
//! slope of 0 shows white noise flat, and one of 3 dB per octave pink noise. At 3 the density of
//! every frequency becomes the power in its twelfth of an octave: a sine has its level in dBFS
//! there, and with any slope at 1 kHz. Below 600 Hz (at 48 kHz) that band is narrower than what the
//! window spreads a sine over, which then reads lower: by 0.2 dB at 300 Hz, by some dB below 100 Hz.
//! Noise reads right everywhere.

use crate::spectrum::{Point, Taps};
use egui::Ui;
use realfft::num_complex::Complex32;
use realfft::{RealFftPlanner, RealToComplex};
use std::sync::{Arc, Mutex, PoisonError};

/// What a level in dB is when nothing is there.
pub const FLOOR_DB: f32 = -140.0;
/// Where slopes turn.
const CENTRE_HZ: f32 = 1000.0;
/// The lowest and the highest frequency drawn.
const RANGE_HZ: [f32; 2] = [20.0, 20_000.0];
/// Highest frequency as a share of the sample rate.
const HIGHEST: f32 = 0.49;
/// Points drawn in an octave, and the width of what one averages in octaves.
const POINTS_PER_OCTAVE: f32 = 36.0;
const BAND_OCTAVES: f32 = 1.0 / 12.0;
/// What a Hann window cannot tell apart, in bins: no average is narrower.
const LEAST_BINS: f32 = 1.5;
/// When nothing has come for so long, there is silence, in seconds.
const STALE_S: f64 = 1.0;

/// How spectra are made and shown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Analysis {
    /// Time constant of the average in seconds.
    pub time_s: f32,
    /// What is added to each octave above 1 kHz, and taken off each below, in dB.
    pub slope_db: f32,
    /// Whether what was seen last stays.
    pub frozen: bool,
}

/// One spectrum: frequencies in Hz, rising, and levels in dB; empty before there is any.
pub type Spectrum = Vec<(f32, f32)>;

/// The spectra at some points of a plugin, in the order of `points`. Call it once a frame: what is
/// averaged is kept with the window under `name`.
pub fn spectra<const N: usize>(
    ui: &Ui,
    name: &str,
    taps: &Taps,
    analysis: Analysis,
    points: [Point; N],
) -> [Spectrum; N] {
    let id = ui.scope_id().with(("spectra", name));
    let kept: Arc<Mutex<Analysers>> =
        ui.data_mut(|data| data.get_temp_mut_or_default::<Arc<Mutex<Analysers>>>(id).clone());
    let mut analysers = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let now_s = ui.input(|input| input.time);
    points.map(|point| {
        let analyser = &mut analysers.0[point as usize];
        if !analysis.frozen && analyser.update(taps, point, now_s, analysis.time_s) {
            ui.ctx().request_repaint_after_secs(1.0 / 30.0);
        }
        analyser.levels(analysis.slope_db)
    })
}

#[derive(Default)]
struct Analysers([Analyser; Point::ALL.len()]);

/// Plan, room and averages for one point.
#[derive(Default)]
struct Analyser {
    transform: Option<Transform>,
    rate_hz: f32,
    /// Averaged density at each point: its power in a twelfth of an octave at 1 kHz.
    density: Vec<f32>,
    seen: u64,
    /// When it was last updated, and when there was last something new, in seconds.
    updated_s: f64,
    heard_s: f64,
}

impl Analyser {
    /// Takes in what is new. Says whether it must go on without anything new: it is falling.
    fn update(&mut self, taps: &Taps, point: Point, now_s: f64, time_s: f32) -> bool {
        let (length, rate_hz) = (taps.length(), taps.rate_hz());
        if self.rate_hz != rate_hz {
            *self = Self { rate_hz, transform: Some(Transform::new(length)), ..Self::default() };
        }
        let Some(transform) = &mut self.transform else { return false };
        let written = taps.latest(point, &mut transform.left, &mut transform.right);
        let is_new = written != self.seen;
        let is_stale = !is_new && now_s - self.heard_s > STALE_S;
        let is_silent = self.density.iter().all(|density| *density <= least());
        if is_new {
            (self.seen, self.heard_s) = (written, now_s);
        } else if !is_stale || is_silent {
            return !is_silent;
        }
        let elapsed = (now_s - self.updated_s).max(0.0) as f32;
        let share =
            if self.density.is_empty() { 1.0 } else { 1.0 - (-elapsed / time_s.max(1e-3)).exp() };
        self.updated_s = now_s;
        if is_new {
            transform.run();
        } else {
            transform.power_below.fill(0.0);
        }
        let frequencies = frequencies(rate_hz);
        self.density.resize(frequencies.len(), 0.0);
        for (density, hz) in self.density.iter_mut().zip(&frequencies) {
            *density += share * (transform.density(*hz, rate_hz) - *density);
        }
        !is_new
    }

    fn levels(&self, slope_db: f32) -> Spectrum {
        let level = |density: f32, hz: f32| {
            10.0 * density.max(least()).log10() + slope_db * (hz / CENTRE_HZ).log2()
        };
        let densities = self.density.iter().copied();
        frequencies(self.rate_hz)
            .into_iter()
            .zip(densities)
            .map(|(hz, d)| (hz, level(d, hz)))
            .collect()
    }
}

fn least() -> f32 {
    10f32.powf(FLOOR_DB / 10.0)
}

/// The frequencies drawn, in Hz.
fn frequencies(rate_hz: f32) -> Vec<f32> {
    let [low, high] = RANGE_HZ;
    let high = high.min(rate_hz * HIGHEST);
    let count = ((high / low).log2() * POINTS_PER_OCTAVE).floor();
    let count = if count.is_finite() { count.max(0.0) as usize } else { 0 };
    (0..=count).map(|n| low * 2f32.powf(n as f32 / POINTS_PER_OCTAVE)).collect()
}

/// Width in Hz of a twelfth of an octave.
fn band_hz(hz: f32) -> f32 {
    hz * ((0.5 * BAND_OCTAVES).exp2() - (-0.5 * BAND_OCTAVES).exp2())
}

/// The transform of two channels, and the room for it.
struct Transform {
    plan: Arc<dyn RealToComplex<f32>>,
    window: Vec<f32>,
    left: Vec<f32>,
    right: Vec<f32>,
    windowed: Vec<f32>,
    bins: Vec<Complex32>,
    scratch: Vec<Complex32>,
    /// The power below the lower edge of each bin, where a sine of full scale has 1.
    power_below: Vec<f64>,
}

impl Transform {
    fn new(length: usize) -> Self {
        let plan = RealFftPlanner::<f32>::new().plan_fft_forward(length);
        let turn = std::f64::consts::TAU / length as f64;
        let window = (0..length).map(|n| (0.5 - 0.5 * (turn * n as f64).cos()) as f32).collect();
        let room = || vec![0.0; length];
        let (bins, scratch) = (plan.make_output_vec(), plan.make_scratch_vec());
        let power_below = vec![0.0; bins.len() + 1];
        Self {
            plan,
            window,
            left: room(),
            right: room(),
            windowed: room(),
            bins,
            scratch,
            power_below,
        }
    }

    fn run(&mut self) {
        self.power_below.fill(0.0);
        let length = self.window.len() as f64;
        // A sine of full scale has 3/32 of the length squared in the bins around it (Parseval, with
        // 3/8 as the window's mean square); half of it for each of two channels.
        let scale = 0.5 * 32.0 / (3.0 * length * length);
        for channel in [&self.left, &self.right] {
            for ((to, sample), window) in self.windowed.iter_mut().zip(channel).zip(&self.window) {
                *to = sample * window;
            }
            let done = self.plan.process_with_scratch(
                &mut self.windowed,
                &mut self.bins,
                &mut self.scratch,
            );
            if done.is_err() {
                return;
            }
            for (power, bin) in self.power_below[1..].iter_mut().zip(&self.bins) {
                *power += scale * f64::from(bin.norm_sqr());
            }
        }
        let mut below = 0.0;
        for power in &mut self.power_below {
            below += *power;
            *power = below;
        }
    }

    /// The power in a twelfth of an octave at 1 kHz, if it were as dense there as around `hz`.
    fn density(&self, hz: f32, rate_hz: f32) -> f32 {
        let bin_hz = rate_hz / self.window.len() as f32;
        let half = 0.5 * (band_hz(hz) / bin_hz).max(LEAST_BINS);
        let below = |place: f32| {
            // A bin reaches half a bin to either side.
            let place = (place + 0.5).clamp(0.0, self.bins.len() as f32);
            let bin = (place as usize).min(self.bins.len() - 1);
            let (low, high) = (self.power_below[bin], self.power_below[bin + 1]);
            low + (high - low) * f64::from(place - bin as f32)
        };
        let centre = hz / bin_hz;
        let power = (below(centre + half) - below(centre - half)).max(0.0);
        (power / f64::from(2.0 * half * bin_hz)) as f32 * band_hz(CENTRE_HZ)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::random::Random;
    use std::f64::consts::TAU;

    /// The spectrum of some seconds of sound at a rate, averaged over a time in seconds.
    fn spectrum_of(
        rate_hz: f32,
        time_s: f32,
        slope_db: f32,
        seconds: f64,
        mut sound: impl FnMut(usize) -> [f32; 2],
    ) -> Spectrum {
        let taps = Taps::default();
        taps.set_rate_hz(rate_hz);
        let mut analyser = Analyser::default();
        analyser.update(&taps, Point::Input, 0.0, time_s);
        let block = (rate_hz / 60.0) as usize;
        let blocks = (seconds * 60.0) as usize;
        for n in 0..blocks {
            let frames: Vec<[f32; 2]> = (n * block..(n + 1) * block).map(&mut sound).collect();
            let channel = |c: usize| frames.iter().map(|frame| frame[c]).collect::<Vec<f32>>();
            taps.push(Point::Input, &[&channel(0), &channel(1)]);
            analyser.update(&taps, Point::Input, (n + 1) as f64 / 60.0, time_s);
        }
        analyser.levels(slope_db)
    }

    fn sine(rate_hz: f32, hz: f64, db: f64) -> impl Fn(usize) -> f32 {
        let amplitude = 10f64.powf(db / 20.0);
        move |n| (amplitude * (TAU * hz * n as f64 / f64::from(rate_hz)).sin()) as f32
    }

    fn highest(spectrum: &Spectrum) -> (f32, f32) {
        spectrum.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1)).expect("points")
    }

    #[test]
    fn a_sine_has_its_level_at_its_frequency() {
        for rate_hz in [44_100.0, 48_000.0, 96_000.0, 192_000.0] {
            let wave = sine(rate_hz, 1000.0, -12.0);
            let spectrum = spectrum_of(rate_hz, 0.1, 0.0, 1.0, |n| [wave(n); 2]);
            let (hz, db) = highest(&spectrum);
            assert!((hz / 1000.0).log2().abs() < 1.0 / 20.0, "{hz} Hz at {rate_hz}");
            assert!((db + 12.0).abs() < 0.1, "{db} dB at {rate_hz}");
        }
        for (hz, below) in [(10_000.0, 0.0), (2500.0, 0.0), (600.0, 0.0), (300.0, 0.2)] {
            let wave = sine(48_000.0, hz, -12.0);
            let spectrum = spectrum_of(48_000.0, 0.1, 3.0, 1.0, |n| [wave(n); 2]);
            let db = highest(&spectrum).1;
            assert!((db + 12.0 + below).abs() < 0.1, "{db} dB at {hz} Hz");
        }
    }

    #[test]
    fn what_is_on_one_side_or_out_of_phase_shows() {
        let wave = sine(48_000.0, 1000.0, -12.0);
        for (sides, expected) in [([1.0, 0.0], -15.01), ([0.0, 1.0], -15.01), ([1.0, -1.0], -12.0)]
        {
            let sound = |n| sides.map(|side| side * wave(n));
            let db = highest(&spectrum_of(48_000.0, 0.1, 0.0, 1.0, sound)).1;
            assert!((db - expected).abs() < 0.1, "{sides:?}: {db}");
        }
    }

    /// White noise of a level in dB: that of a sine with its power.
    fn white(random: &mut Random, db: f64) -> f32 {
        // A uniform value has a third of its square as its power, a sine a half.
        (10f64.powf(db / 20.0) * 1.5f64.sqrt() * random.bipolar()) as f32
    }

    /// The means of a spectrum over octaves, in dB, from 31.25 Hz on.
    fn octaves(spectrum: &Spectrum) -> Vec<f32> {
        let octave = |n: i32| {
            let low = 31.25 / 2f32.sqrt() * 2f32.powi(n);
            let within: Vec<f32> = spectrum
                .iter()
                .filter(|(hz, _)| (low..low * 2.0).contains(hz))
                .map(|(_, db)| *db)
                .collect();
            within.iter().sum::<f32>() / within.len() as f32
        };
        (0..10).map(octave).collect()
    }

    #[test]
    fn white_noise_is_flat_without_a_slope_and_as_dense_as_it_is() {
        let mut random = Random::new(5);
        let spectrum = spectrum_of(48_000.0, 8.0, 0.0, 20.0, |_| {
            [white(&mut random, -10.0), white(&mut random, -10.0)]
        });
        // −10 dB over 24 kHz is so much in 57.8 Hz.
        let expected = -10.0 + 10.0 * (57.78f32 / 24_000.0).log10();
        for (octave, db) in octaves(&spectrum).into_iter().enumerate() {
            assert!((db - expected).abs() < 1.0, "octave {octave}: {db}, not {expected}");
        }
    }

    #[test]
    fn pink_noise_is_flat_at_3_db_an_octave() {
        let mut random = Random::new(6);
        // Six poles an octave and a half apart, zeros between: 1/f within 0.3 dB from 20 Hz on
        // (a row of shelving filters, as resistors and capacitors would be laid out).
        let sections: Vec<[f64; 2]> = (0..8)
            .map(|n| {
                let pole = 6.0 * 2f64.powf(1.7 * f64::from(n));
                let decay = |hz: f64| (-TAU * hz / 48_000.0).exp();
                [decay(pole), decay(pole * 2f64.powf(0.85))]
            })
            .collect();
        let mut state = [[[0.0f64; 2]; 8]; 2];
        let mut pink = |channel: usize| {
            let mut x = random.bipolar();
            for ([pole, zero], [last_in, last_out]) in sections.iter().zip(&mut state[channel]) {
                let y = x - zero * *last_in + pole * *last_out;
                (*last_in, *last_out) = (x, y);
                x = y;
            }
            0.05 * x as f32
        };
        let spectrum = spectrum_of(48_000.0, 8.0, 3.0103, 20.0, |_| [pink(0), pink(1)]);
        let octaves = octaves(&spectrum);
        let mean = octaves.iter().sum::<f32>() / octaves.len() as f32;
        for (octave, db) in octaves.iter().enumerate() {
            assert!((db - mean).abs() < 1.0, "octave {octave}: {db}, mean {mean}");
        }
    }

    #[test]
    fn silence_and_what_is_no_number_are_the_floor() {
        for sound in [0.0, f32::NAN, f32::INFINITY] {
            let spectrum = spectrum_of(48_000.0, 0.1, 0.0, 0.5, |_| [sound; 2]);
            assert!(!spectrum.is_empty());
            assert!(spectrum.iter().all(|(_, db)| *db == FLOOR_DB), "{sound}");
        }
        for rate_hz in [0.0, f32::NAN, 8000.0, 768_000.0] {
            let spectrum = spectrum_of(rate_hz, 0.1, 4.5, 0.1, |_| [0.5; 2]);
            assert!(spectrum.iter().all(|(hz, db)| hz.is_finite() && db.is_finite()), "{rate_hz}");
        }
    }

    #[test]
    fn it_falls_as_slowly_as_asked_whatever_the_frame_rate() {
        for frames_per_second in [20.0, 60.0, 144.0] {
            let taps = Taps::default();
            let mut analyser = Analyser::default();
            let wave = sine(48_000.0, 1000.0, 0.0);
            analyser.update(&taps, Point::Key, 0.0, 0.3);
            let tone: Vec<f32> = (0..48_000).map(wave).collect();
            taps.push(Point::Key, &[&tone]);
            analyser.update(&taps, Point::Key, 100.0, 0.3);
            let before = highest(&analyser.levels(0.0)).1;
            // Longer than the transform, then half a second of silence in frames.
            taps.push(Point::Key, &[&vec![0.0; 8192]]);
            let frames = (0.6 * frames_per_second) as usize;
            for frame in 1..=frames {
                taps.push(Point::Key, &[&[0.0; 8]]);
                let now_s = 100.0 + frame as f64 / frames_per_second;
                analyser.update(&taps, Point::Key, now_s, 0.3);
            }
            // Two time constants: 8.7 dB.
            let fallen = before - highest(&analyser.levels(0.0)).1;
            assert!((fallen - 8.686).abs() < 0.1, "{fallen} dB at {frames_per_second}");
        }
    }

    #[test]
    fn what_comes_no_more_falls_away_and_then_rests() {
        let taps = Taps::default();
        let mut analyser = Analyser::default();
        analyser.update(&taps, Point::Output, 0.0, 0.1);
        let tone: Vec<f32> = (0..20_000).map(sine(48_000.0, 1000.0, -6.0)).collect();
        taps.push(Point::Output, &[&tone]);
        analyser.update(&taps, Point::Output, 1.0, 0.1);
        let before = highest(&analyser.levels(0.0)).1;
        // A short wait is no silence: hosts call in bursts.
        assert!(analyser.update(&taps, Point::Output, 1.5, 0.1));
        assert_eq!(highest(&analyser.levels(0.0)).1, before);
        let mut now_s = 2.1;
        while analyser.update(&taps, Point::Output, now_s, 0.1) {
            now_s += 0.05;
            assert!(now_s < 10.0, "it never rests");
        }
        assert_eq!(highest(&analyser.levels(0.0)).1, FLOOR_DB);
    }
}
