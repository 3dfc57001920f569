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
//!
//! The other way is third-octave bands: see [`third_octaves`].

mod bands;
#[cfg(test)]
mod tests;
mod transform;

pub use bands::{band_edges_hz, nominal_hz};

use crate::spectrum::{Point, Taps};
use bands::Long;
use egui::Ui;
use std::sync::{Arc, Mutex, PoisonError};
use transform::Transform;

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
    analysed(ui, name, taps, analysis, points, Kind::Density)
}

/// The same in third-octave bands, 25 Hz to 20 kHz: the power in each at its exact middle, a sine of full
/// scale on both channels being 0 dB. Below 200 Hz they follow within two thirds of a second and no
/// faster. Without a slope pink noise is flat.
pub fn third_octaves<const N: usize>(
    ui: &Ui,
    name: &str,
    taps: &Taps,
    analysis: Analysis,
    points: [Point; N],
) -> [Spectrum; N] {
    analysed(ui, name, taps, analysis, points, Kind::ThirdOctaves)
}

/// What is made of a transform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
enum Kind {
    #[default]
    Density,
    ThirdOctaves,
}

fn analysed<const N: usize>(
    ui: &Ui,
    name: &str,
    taps: &Taps,
    analysis: Analysis,
    points: [Point; N],
    kind: Kind,
) -> [Spectrum; N] {
    let id = ui.scope_id().with(("spectra", name, kind));
    let kept: Arc<Mutex<Analysers>> =
        ui.data_mut(|data| data.get_temp_mut_or_default::<Arc<Mutex<Analysers>>>(id).clone());
    let mut analysers = kept.lock().unwrap_or_else(PoisonError::into_inner);
    let now_s = ui.input(|input| input.time);
    points.map(|point| {
        let analyser = &mut analysers.0[point as usize];
        analyser.kind = kind;
        if !analysis.frozen && analyser.update(taps, point, now_s, analysis.time_s) {
            ui.ctx().request_repaint_after_secs(1.0 / 30.0);
        }
        analyser.levels(analysis.slope_db)
    })
}

#[derive(Default)]
struct Analysers([Analyser; Point::ALL.len()]);

/// Plans, room and averages for one point.
#[derive(Default)]
struct Analyser {
    kind: Kind,
    transform: Option<Transform>,
    /// Where there are third-octave bands.
    long: Option<Long>,
    rate_hz: f32,
    /// Averaged power at each point: of a band, or of a twelfth of an octave at 1 kHz.
    power: Vec<f32>,
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
            let kind = self.kind;
            let long = (kind == Kind::ThirdOctaves).then(|| Long::new(length));
            let transform = Some(Transform::new(length));
            *self = Self { kind, transform, long, rate_hz, ..Self::default() };
        }
        let Some(transform) = &mut self.transform else { return false };
        let written = taps.latest(point, &mut transform.left, &mut transform.right);
        let is_new = written != self.seen;
        let is_stale = !is_new && now_s - self.heard_s > STALE_S;
        let is_silent = self.power.iter().all(|power| *power <= least());
        let fresh = written.wrapping_sub(self.seen);
        if is_new {
            (self.seen, self.heard_s) = (written, now_s);
        } else if !is_stale || is_silent {
            return !is_silent;
        }
        let elapsed = (now_s - self.updated_s).max(0.0) as f32;
        let share =
            if self.power.is_empty() { 1.0 } else { 1.0 - (-elapsed / time_s.max(1e-3)).exp() };
        self.updated_s = now_s;
        if is_new {
            transform.run();
        } else {
            transform.silence();
        }
        if let Some(long) = &mut self.long {
            if is_new { long.take_in(transform, fresh) } else { long.silence() }
        }
        let frequencies = frequencies(self.kind, rate_hz);
        self.power.resize(frequencies.len(), 0.0);
        for (power, hz) in self.power.iter_mut().zip(&frequencies) {
            let now = match &self.long {
                Some(long) => bands::power(transform, &long.transform, *hz, rate_hz) as f32,
                None => density(transform, *hz, rate_hz),
            };
            *power += share * (now - *power);
        }
        !is_new
    }

    fn levels(&self, slope_db: f32) -> Spectrum {
        let level = |power: f32, hz: f32| {
            10.0 * power.max(least()).log10() + slope_db * (hz / CENTRE_HZ).log2()
        };
        let powers = self.power.iter().copied();
        frequencies(self.kind, self.rate_hz)
            .into_iter()
            .zip(powers)
            .map(|(hz, power)| (hz, level(power, hz)))
            .collect()
    }
}

fn least() -> f32 {
    10f32.powf(FLOOR_DB / 10.0)
}

/// The frequencies drawn, in Hz.
fn frequencies(kind: Kind, rate_hz: f32) -> Vec<f32> {
    let highest = rate_hz * HIGHEST;
    if kind == Kind::ThirdOctaves {
        return bands::centres_hz(highest);
    }
    let [low, high] = RANGE_HZ;
    let count = ((high.min(highest) / low).log2() * POINTS_PER_OCTAVE).floor();
    let count = if count.is_finite() { count.max(0.0) as usize } else { 0 };
    (0..=count).map(|n| low * 2f32.powf(n as f32 / POINTS_PER_OCTAVE)).collect()
}

/// Width in Hz of a twelfth of an octave.
fn band_hz(hz: f32) -> f32 {
    hz * ((0.5 * BAND_OCTAVES).exp2() - (-0.5 * BAND_OCTAVES).exp2())
}

/// The power in a twelfth of an octave at 1 kHz, if it were as dense there as around `hz`.
fn density(transform: &Transform, hz: f32, rate_hz: f32) -> f32 {
    let bin_hz = transform.bin_hz(rate_hz);
    let half = 0.5 * (band_hz(hz) / bin_hz).max(LEAST_BINS);
    let centre = hz / bin_hz;
    let power = transform.power_between([centre - half, centre + half]);
    (power / f64::from(2.0 * half * bin_hz)) as f32 * band_hz(CENTRE_HZ)
}
