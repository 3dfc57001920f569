//! Whether a stem that stays carries the voice that goes: a reverb or a delay printed into it, or
//! plain bleed, which an Instrumental would keep.
//!
//! The phase transform of the cross-spectrum (Knapp & Carter, IEEE Trans. ASSP 1976), averaged over
//! the windows in which the voice sounds, becomes a correlation over lags. What shares a key or a
//! beat with the voice leaves noise there, whose height follows from the number of windows; what
//! was made of the voice stands out at its delay.

use super::order::Ordered;
use super::stems::Stems;
use crate::engine::Source;
use crate::error::{Error, Result};
use crate::model::Session;
use crate::role::Role;
use crate::stop::Stop;
use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};
use std::sync::Arc;

/// Length of a window in seconds, before it becomes a power of two: twice the longest delay
/// looked for.
const WINDOW_SECONDS: f64 = 1.0;
/// Windows that are enough.
const MOST_WINDOWS: usize = 120;
/// Below this the voice does not sound, dBFS (RMS).
const SILENT_DBFS: f64 = -50.0;
/// Where voices are, in Hz.
const BAND_HZ: (f64, f64) = (200.0, 6000.0);
/// How far above the noise (its RMS) a peak tells.
const TELLING: f64 = 9.0;

/// A stem that carries the voice.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trace {
    /// Index of the stem.
    pub(super) stem: usize,
    /// How late the strongest trace is, in seconds.
    pub(super) late_seconds: f64,
}

/// A sentence for every stem that carries a voice which one of the prints mutes.
///
/// # Errors
/// If a file cannot be read; [`Error::Interrupted`].
pub(super) fn warnings(
    ordered: &[Ordered],
    session: &Session,
    stems: &Stems,
    stop: &Stop,
) -> Result<Vec<String>> {
    let is_voice = |index: &usize| session.stems[*index].role.is_some_and(Role::is_voice);
    // A stem may carry the voice into several prints: one sentence tells of all of them.
    let mut found: Vec<(Trace, Vec<&str>)> = Vec::new();
    for print in ordered.iter().filter(|p| p.version.is_some()) {
        let indices = || 0..session.stems.len();
        let gone: Vec<usize> =
            indices().filter(|i| is_voice(i) && print.stem_gains[*i] == 0.0).collect();
        let stays: Vec<usize> =
            indices().filter(|i| !is_voice(i) && print.stem_gains[*i] != 0.0).collect();
        if gone.is_empty() || stays.is_empty() {
            continue;
        }
        for trace in traces(&gone, &stays, stems, stop)? {
            match found.iter_mut().find(|(known, _)| known.stem == trace.stem) {
                Some((_, prints)) => prints.push(&print.label),
                None => found.push((trace, vec![&print.label])),
            }
        }
    }
    let sentence = |(trace, prints): &(Trace, Vec<&str>)| {
        format!(
            "the voice survives in {}: '{}' carries it, {:.0} ms late (an effect printed from it, \
             or bleed); print the voice's effects as a stem of their own",
            prints.join(" and "),
            session.stems[trace.stem].name.as_deref().unwrap_or_default(),
            1000.0 * trace.late_seconds
        )
    };
    Ok(found.iter().map(sentence).collect())
}

/// Which of the stems that stay carry what goes.
fn traces(gone: &[usize], stays: &[usize], stems: &Stems, stop: &Stop) -> Result<Vec<Trace>> {
    let rate = f64::from(stems.sample_rate_hz);
    let length = ((WINDOW_SECONDS * rate) as usize).next_power_of_two();
    let mut voices = gone.iter().map(|i| stems.source(*i)).collect::<Result<Vec<_>>>()?;
    let mut others = stays.iter().map(|i| stems.source(*i)).collect::<Result<Vec<_>>>()?;
    let spectra = Spectra::new(length, rate);
    let mut correlations: Vec<Vec<Complex<f64>>> =
        stays.iter().map(|_| vec![Complex::default(); length / 2 + 1]).collect();
    let mut windows = 0;
    let mut at = 0;
    while at < stems.frames && windows < MOST_WINDOWS {
        if stop.requested() {
            return Err(Error::Interrupted);
        }
        at += length as u64;
        let voice = mono(&mut voices, length)?;
        let power = voice.iter().map(|s| s * s).sum::<f64>() / length as f64;
        let sounds = 10.0 * power.log10() > SILENT_DBFS;
        let voice = sounds.then(|| spectra.of(voice));
        for (other, sum) in others.iter_mut().zip(&mut correlations) {
            let signal = mono(std::slice::from_mut(other), length)?;
            let Some(voice) = &voice else { continue };
            let other = spectra.of(signal);
            for bin in spectra.bins.clone() {
                let cross = other[bin] * voice[bin].conj();
                let size = cross.norm();
                if size > 1e-12 {
                    sum[bin] += cross / size;
                }
            }
        }
        windows += usize::from(sounds);
    }
    let found = stays.iter().zip(&mut correlations).filter_map(|(stem, sum)| {
        let late = spectra.peak(sum)?;
        Some(Trace { stem: *stem, late_seconds: late as f64 / rate })
    });
    Ok(found.collect())
}

/// The sum of sources, both sides together.
fn mono(sources: &mut [Box<dyn Source>], length: usize) -> Result<Vec<f64>> {
    let (mut left, mut right) = (vec![0.0; length], vec![0.0; length]);
    let mut sum = vec![0.0; length];
    for source in sources {
        source.fill(&mut left, &mut right)?;
        for ((to, l), r) in sum.iter_mut().zip(&left).zip(&right) {
            *to += 0.5 * (l + r);
        }
    }
    Ok(sum)
}

/// Transforms of windows, and back to lags.
struct Spectra {
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    taper: Vec<f64>,
    bins: std::ops::Range<usize>,
}

impl Spectra {
    fn new(length: usize, rate_hz: f64) -> Self {
        let mut planner = RealFftPlanner::new();
        let bin = |hz: f64| ((hz * length as f64 / rate_hz) as usize).clamp(1, length / 2);
        let turn = std::f64::consts::TAU / length as f64;
        Self {
            forward: planner.plan_fft_forward(length),
            inverse: planner.plan_fft_inverse(length),
            taper: (0..length).map(|i| 0.5 - 0.5 * (turn * i as f64).cos()).collect(),
            bins: bin(BAND_HZ.0)..bin(BAND_HZ.1),
        }
    }

    fn of(&self, mut signal: Vec<f64>) -> Vec<Complex<f64>> {
        signal.iter_mut().zip(&self.taper).for_each(|(s, w)| *s *= w);
        let mut spectrum = self.forward.make_output_vec();
        // The lengths are the plan's own: it has nothing to refuse.
        let _ = self.forward.process(&mut signal, &mut spectrum);
        spectrum
    }

    /// The lag of the correlation's peak, 0 to half a window, if it tells.
    fn peak(&self, spectrum: &mut [Complex<f64>]) -> Option<usize> {
        let mut lags = self.inverse.make_output_vec();
        let _ = self.inverse.process(spectrum, &mut lags);
        let noise = (lags.iter().map(|r| r * r).sum::<f64>() / lags.len() as f64).sqrt();
        let causal = &lags[..lags.len() / 2];
        let (lag, peak) =
            causal.iter().map(|r| r.abs()).enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
        (peak > TELLING * noise && noise > 0.0).then_some(lag)
    }
}
