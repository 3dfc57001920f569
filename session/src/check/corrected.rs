//! What is left once the changes that were found are undone, and whether a gain that moves would
//! explain that.

use super::fit::{Change, Model};
use super::fractional::{Fraction, REACH};
use super::movement::{Movement, MovementMeter};
use super::residual::{Residual, ResidualMeter};
use super::track::Track;
use crate::error::Result;
use rayon::prelude::*;
use std::ops::Range;
use std::path::Path;

const BLOCK: usize = 1 << 14;

/// The corrected residual.
#[derive(Debug, Clone)]
pub(super) struct Corrected {
    pub(super) residual: Residual,
    /// What the stems, and last their sum, explain of it with a gain that moves.
    pub(super) movements: Vec<Movement>,
}

/// A signal moved by samples and parts of them, and scaled.
struct Mover {
    gain: f64,
    fraction: Option<[Fraction; 2]>,
}

impl Mover {
    /// For a change, and by how many samples its track has to be moved to fit.
    fn new(change: Change, copies: f64) -> (Self, i64) {
        let whole = change.delay.round();
        let part = change.delay - whole;
        let fraction = (part.abs() > 1e-6).then(|| [Fraction::new(part), Fraction::new(part)]);
        let shift = whole as i64 - if fraction.is_some() { REACH as i64 } else { 0 };
        (Self { gain: copies * change.gain, fraction }, shift)
    }

    fn apply(&mut self, sides: [&mut [f64]; 2]) {
        for (index, side) in sides.into_iter().enumerate() {
            if let Some(fraction) = &mut self.fraction {
                fraction[index].process(side);
            }
            if self.gain != 1.0 {
                for sample in side {
                    *sample *= self.gain;
                }
            }
        }
    }
}

/// Where all files have something to say once they are moved: a file that is printed late has lost
/// its end.
fn span(model: &Model, frames: u64) -> Range<u64> {
    let changes = model.stems.iter().chain([&model.whole]);
    let (mut first, mut last) = (0f64, 0f64);
    for change in changes.filter(|c| c.delay != 0.0) {
        first = first.max(change.delay.ceil() + REACH as f64);
        last = last.max(REACH as f64 - change.delay.floor());
    }
    let end = frames.saturating_sub(last as u64);
    (first as u64).min(end)..end
}

/// Measures over `frames` samples what `model`, with delays counted from the files' beginnings,
/// leaves of the mix.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn measure(
    stems: &[&Path],
    mix: &Path,
    model: &Model,
    frames: u64,
    progress: &mut dyn FnMut(u64),
) -> Result<Corrected> {
    // The whole moves last, so the mix waits for it.
    let (mut whole, shift) = Mover::new(model.whole, 1.0);
    let mut mix = Track::open(mix, -shift)?;
    let mut lanes = Vec::new();
    for ((path, change), copies) in stems.iter().zip(&model.stems).zip(&model.copies) {
        let (mover, shift) = Mover::new(*change, *copies);
        lanes.push((Track::open(path, shift)?, mover));
    }
    let rate = mix.format().sample_rate_hz;
    let mut residual = ResidualMeter::new(rate);
    let mut movement = MovementMeter::new(rate, lanes.len() + 1);
    let mut sum = [vec![0.0; BLOCK], vec![0.0; BLOCK]];
    let span = span(model, frames);
    let mut done = 0;
    while done < span.end {
        let upto = if done < span.start { span.start } else { span.end };
        let count = (upto - done).min(BLOCK as u64) as usize;
        mix.fill_clean(count)?;
        lanes.par_iter_mut().try_for_each(|(track, mover)| {
            track.fill_clean(count)?;
            let [left, right] = &mut track.sides;
            mover.apply([left, right]);
            Ok(())
        })?;
        for (side, sum) in sum.iter_mut().enumerate() {
            sum[..count].fill(0.0);
            for (track, _) in &lanes {
                for (s, x) in sum.iter_mut().zip(&track.sides[side]) {
                    *s += x;
                }
            }
        }
        let [left, right] = &mut sum;
        whole.apply([&mut left[..count], &mut right[..count]]);
        done += count as u64;
        progress(done);
        if done <= span.start {
            continue;
        }
        let sums = [&sum[0][..count], &sum[1][..count]];
        let [left, right] = &mut mix.sides;
        residual.write_against([left, right], sums);
        let mut regressors: Vec<[&[f64]; 2]> =
            lanes.iter().map(|(track, _)| [&track.sides[0][..], &track.sides[1][..]]).collect();
        regressors.push(sums);
        movement.write([&mix.sides[0], &mix.sides[1]], &regressors);
    }
    Ok(Corrected { residual: residual.reading(), movements: movement.readings() })
}
