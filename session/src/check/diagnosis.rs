//! Why a null test leaves something: changes of gain, delay and polarity of stems or of the mix,
//! delays that move, filters, and gains that move with the level.

use super::corrected::{self, Corrected};
use super::drift::{self, Drift};
use super::far;
use super::faults::{self, Fault};
use super::fit::{Change, Filter, Fit, Model, Who};
use super::spectra::{self, Grid, Spectra};
use super::track::Track;
use crate::error::Result;
use std::path::Path;

/// Rounds of aligning by whole samples and fitting again.
const MOST_ROUNDS: usize = 4;
/// A filter or a moving delay must leave at most this share of what changes of gain and delay leave.
const EXPLAINS: f64 = 0.15;
/// A filter must do more than this to be one, dB.
const LEAST_TILT_DB: f64 = 0.1;

/// A stem of the sum, once, however many equal files of it there are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) path: &'a Path,
    pub(super) copies: usize,
}

/// A stem of which the mix holds no more than this is not in it.
pub(super) const ABSENT_GAIN: f64 = 0.1;

/// What was found.
#[derive(Debug, Clone)]
pub(super) struct Diagnosis {
    /// What is wrong with gain and delay; delays count from the files' beginnings.
    pub(super) faults: Vec<Fault>,
    /// Whose delay moves.
    pub(super) drift: Option<(Who, Drift)>,
    /// Who has been filtered; frequencies in cycles per sample.
    pub(super) filter: Option<(Who, Filter)>,
    /// What is left once the faults are undone, and what gains that move would explain of it.
    pub(super) corrected: Corrected,
    /// How much less is left with the faults undone, within the band of the fit, dB (0 or less).
    pub(super) improvement_db: f64,
    /// Where most of what is left lies: the range of frequencies, in Hz.
    pub(super) band_hz: Option<[f64; 2]>,
}

/// Told what is done, and samples done of samples in all.
pub(super) type Progress<'a> = &'a mut dyn FnMut(&'static str, u64, u64);

/// Compares the parts with the mix over the first `frames` samples, in which all of them are.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn diagnose(
    parts: &[Part<'_>],
    mix: &Path,
    frames: u64,
    progress: Progress<'_>,
) -> Result<Diagnosis> {
    let copies: Vec<f64> = parts.iter().map(|p| p.copies as f64).collect();
    let mut shifts = vec![0i64; parts.len()];
    let mut whole_shift = 0i64;
    let mut searched_far = false;
    let mut round = 0;
    let mut before = None;
    let mut early = None;
    let (mut faults, stretches) = loop {
        round += 1;
        let mut tracks = open(parts, &shifts, mix, whole_shift)?;
        let grid = Grid::new(tracks[0].format().sample_rate_hz, parts.len());
        let mut report = |done| progress("Comparing", done, frames);
        let stretches = spectra::take(&mut tracks, frames, grid, &mut report)?;
        let total = Spectra::total(&stretches);
        let (fit, neutral) = (Fit::new(&total), Model::neutral(copies.clone()));
        // Before anything is moved: with a delay that grows, one number would fit nowhere.
        if before.is_none() {
            before = Some(fit.left(&neutral).by_band.iter().sum::<f64>());
            early = drifting(&stretches, &neutral, parts.len(), frames)
                .filter(|(_, drift)| drift.ppm.is_some());
        }
        let found = faults::search(&fit, neutral);
        if !searched_far && !found.absent.is_empty() {
            searched_far = true;
            // With the mix out of place, every stem seems to be.
            let who = if found.absent.contains(&Who::Whole) {
                vec![Who::Whole]
            } else {
                found.absent.clone()
            };
            let mut tracks = open(parts, &shifts, mix, whole_shift)?;
            let lags = far::find(&mut tracks, &copies, &who, frames)?;
            let reach = grid.fft_len as i64 / 8;
            let mut moved = false;
            for (who, lag) in who.iter().zip(lags) {
                let Some(lag) = lag.filter(|lag| lag.abs() > reach) else { continue };
                moved = true;
                match who {
                    Who::Stem(i) => shifts[*i] += lag,
                    Who::Whole => whole_shift += lag,
                }
            }
            if moved {
                continue;
            }
        }
        let moved = shift_by(&found.list, 1, &mut shifts, &mut whole_shift);
        if !moved || round >= MOST_ROUNDS {
            // What was moved last is still in the model, and not in the spectra.
            if moved {
                shift_by(&found.list, -1, &mut shifts, &mut whole_shift);
            }
            break (found, stretches);
        }
    };

    let total = Spectra::total(&stretches);
    let fit = Fit::new(&total);
    let left = fit.left(&faults.model);
    let filter = faults::everybody(parts.len())
        .filter_map(|who| Some((who, fit.filter(&faults.model, &left, who)?)))
        .filter(|(_, filter)| filter.left_in_all < EXPLAINS && filter.tilt_db > LEAST_TILT_DB)
        .min_by(|a, b| a.1.left_in_all.total_cmp(&b.1.left_in_all));
    let after: f64 = left.by_band.iter().sum();
    let before = before.unwrap_or(after);
    let mut improvement_db = 10.0 * (after / before).clamp(1e-15, 1.0).log10();
    let mut drift = drifting(&stretches, &faults.model, parts.len(), frames);
    if let Some(early) = early.filter(|(_, early)| early.left * before < after) {
        // The line explains more than all that was moved for want of it.
        drift = Some(early);
        improvement_db = 0.0;
        faults.list.clear();
        faults.model = Model::neutral(copies.clone());
        shifts.fill(0);
        whole_shift = 0;
    }
    let rate = f64::from(Track::open(mix, 0)?.format().sample_rate_hz);
    let band_hz = main_band(&left.by_band)
        .map(|[low, high]| [fit.band_centre(low) * rate, fit.band_centre(high) * rate]);

    // From the spectra's time line back to the files'.
    let shifted =
        |change: Change, shift: i64| Change { delay: change.delay + shift as f64, ..change };
    let mut model = faults.model.clone();
    for (change, shift) in model.stems.iter_mut().zip(&shifts) {
        *change = shifted(*change, *shift);
    }
    model.whole = shifted(model.whole, whole_shift);
    for change in model.stems.iter_mut().filter(|c| c.gain.abs() < ABSENT_GAIN) {
        change.delay = 0.0;
    }
    let list = collect(&faults.list, &model, &shifts, whole_shift);
    let paths: Vec<&Path> = parts.iter().map(|p| p.path).collect();
    let mut report = |done| progress("Correcting", done, frames);
    let corrected = corrected::measure(&paths, mix, &model, frames, &mut report)?;
    Ok(Diagnosis { faults: list, drift, filter, corrected, improvement_db, band_hz })
}

/// Moves everybody by the whole samples of their faults, or back. Says whether anybody moved.
fn shift_by(list: &[Fault], sign: i64, shifts: &mut [i64], whole_shift: &mut i64) -> bool {
    let mut moved = false;
    for fault in list.iter().filter(|f| f.change.gain.abs() > ABSENT_GAIN) {
        let whole_samples = sign * fault.change.delay.round() as i64;
        moved |= whole_samples != 0;
        match fault.who {
            Who::Stem(i) => shifts[i] += whole_samples,
            Who::Whole => *whole_shift += whole_samples,
        }
    }
    moved
}

/// Whose delay moves, if that explains nearly all that `model` leaves.
fn drifting(
    stretches: &[Spectra],
    model: &Model,
    parts: usize,
    frames: u64,
) -> Option<(Who, Drift)> {
    faults::everybody(parts)
        .filter_map(|who| Some((who, drift::follow(stretches, model, who, frames)?)))
        .filter(|(_, drift)| drift.left < EXPLAINS)
        .min_by(|a, b| a.1.left.total_cmp(&b.1.left))
}

fn open(parts: &[Part<'_>], shifts: &[i64], mix: &Path, whole_shift: i64) -> Result<Vec<Track>> {
    let stems = parts.iter().zip(shifts).map(|(part, shift)| Track::open(part.path, *shift));
    stems.chain([Track::open(mix, -whole_shift)]).collect()
}

/// The faults with their delays on the files' time line; who was moved and is right there counts.
fn collect(list: &[Fault], model: &Model, shifts: &[i64], whole_shift: i64) -> Vec<Fault> {
    let moved = shifts.iter().enumerate().map(|(i, s)| (Who::Stem(i), model.stems[i], *s));
    moved
        .chain([(Who::Whole, model.whole, whole_shift)])
        .filter_map(|(who, change, shift)| {
            let fault = list.iter().find(|f| f.who == who);
            let none = Change { gain: 0.0, delay: 0.0 };
            (fault.is_some() || shift != 0).then(|| Fault {
                who,
                change,
                deviation: fault.map_or(none, |f| f.deviation),
            })
        })
        .collect()
}

/// The narrowest run of bands that holds four fifths of the power.
fn main_band(by_band: &[f64]) -> Option<[usize; 2]> {
    let all: f64 = by_band.iter().sum();
    if all <= 0.0 {
        return None;
    }
    let mut best: Option<[usize; 2]> = None;
    for low in 0..by_band.len() {
        let mut sum = 0.0;
        for (high, power) in by_band.iter().enumerate().skip(low) {
            sum += power;
            if sum >= 0.8 * all {
                if best.is_none_or(|[a, b]| high - low < b - a) {
                    best = Some([low, high]);
                }
                break;
            }
        }
    }
    best
}
