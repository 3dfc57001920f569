//! Delays too long for the windows of a fit: generalised cross-correlation with phase transform
//! (Knapp & Carter, IEEE Trans. ASSP 24, 1976) over windows of ten seconds. Their median counts,
//! if they agree.

use super::fit::Who;
use super::track::Track;
use crate::error::Result;
use rayon::prelude::*;
use realfft::RealFftPlanner;
use realfft::num_complex::Complex64;

/// Ten seconds, as a power of two.
const WINDOW_SECONDS: f64 = 10.0;
const MOST_WINDOWS: u64 = 3;
const BLOCK: usize = 1 << 14;
/// Where music, speech and effects have something to say.
const BAND_HZ: [f64; 2] = [60.0, 8000.0];
/// A peak this many times the root mean square of all lags is no accident: of a million normal
/// numbers, the largest is about 5.
const SURE: f64 = 10.0;
/// Windows agree within this (a drifting delay moves from one to the next).
const AGREEMENT_SECONDS: f64 = 0.02;

/// What is looked for in one window: the regressor, and what the others leave of the mix.
struct Pair {
    own: [Vec<f64>; 2],
    target: [Vec<f64>; 2],
}

/// The delay of each of `who` against the mix, in samples, if there is a clear one. `tracks` are
/// the stems and, last, the mix, fresh at their beginning; `copies` is how often each counts.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn find(
    tracks: &mut [Track],
    copies: &[f64],
    who: &[Who],
    frames: u64,
) -> Result<Vec<Option<i64>>> {
    let rate = f64::from(tracks[0].format().sample_rate_hz);
    let longest = ((rate * WINDOW_SECONDS) as u64).next_power_of_two();
    let length = longest.min(frames.next_power_of_two());
    let windows = (frames / length).clamp(1, MOST_WINDOWS);
    let mut lags: Vec<Vec<i64>> = vec![Vec::new(); who.len()];
    let mut position = 0;
    for window in 0..windows {
        // Spread over the whole length, the first at the start.
        let start = window * frames.saturating_sub(length) / (windows - 1).max(1);
        tracks.par_iter_mut().try_for_each(|t| t.skip(start - position))?;
        let pairs = gather(tracks, copies, who, length as usize)?;
        position = start + length;
        let found: Vec<Option<i64>> = pairs.par_iter().map(|pair| lag(pair, rate)).collect();
        for (lags, lag) in lags.iter_mut().zip(found) {
            lags.extend(lag);
        }
    }
    let agree = (rate * AGREEMENT_SECONDS) as i64;
    Ok(lags
        .into_iter()
        .map(|mut lags| {
            lags.sort_unstable();
            let median = *lags.get(lags.len() / 2)?;
            let agreeing = lags.iter().filter(|lag| (**lag - median).abs() <= agree).count();
            // A stem may be silent in some windows, but those that hear it must agree.
            (agreeing == lags.len()).then_some(median)
        })
        .collect())
}

/// Reads the next `length` samples.
fn gather(tracks: &mut [Track], copies: &[f64], who: &[Who], length: usize) -> Result<Vec<Pair>> {
    let empty = || [Vec::with_capacity(length), Vec::with_capacity(length)];
    let mut pairs: Vec<Pair> = who.iter().map(|_| Pair { own: empty(), target: empty() }).collect();
    let mut done = 0;
    while done < length {
        let count = BLOCK.min(length - done);
        tracks.par_iter_mut().try_for_each(|t| t.fill_clean(count))?;
        let Some((mix, stems)) = tracks.split_last() else { break };
        for side in 0..2 {
            let mut sum = vec![0.0; count];
            for (stem, copies) in stems.iter().zip(copies) {
                for (s, x) in sum.iter_mut().zip(&stem.sides[side]) {
                    *s += copies * x;
                }
            }
            let mix = &mix.sides[side];
            for (pair, who) in pairs.iter_mut().zip(who) {
                match who {
                    Who::Stem(i) => {
                        let own = &stems[*i].sides[side];
                        let rest = mix.iter().zip(&sum).zip(own);
                        pair.target[side].extend(rest.map(|((m, s), x)| m - s + copies[*i] * x));
                        pair.own[side].extend_from_slice(own);
                    }
                    Who::Whole => {
                        pair.target[side].extend_from_slice(mix);
                        pair.own[side].extend_from_slice(&sum);
                    }
                }
            }
        }
        done += count;
    }
    Ok(pairs)
}

/// The lag of the target behind the regressor, if there is a clear one.
fn lag(pair: &Pair, rate: f64) -> Option<i64> {
    let size = 2 * pair.own[0].len();
    let mut planner = RealFftPlanner::<f64>::new();
    let (forward, backward) = (planner.plan_fft_forward(size), planner.plan_fft_inverse(size));
    let spectrum = |samples: &[f64]| {
        let (mut padded, mut out) = (forward.make_input_vec(), forward.make_output_vec());
        padded[..samples.len()].copy_from_slice(samples);
        // The lengths are those the transform was made for, so it cannot refuse.
        let _ = forward.process(&mut padded, &mut out);
        out
    };
    let mut cross = backward.make_input_vec();
    for side in 0..2 {
        let (own, target) = (spectrum(&pair.own[side]), spectrum(&pair.target[side]));
        for ((c, x), y) in cross.iter_mut().zip(own).zip(target) {
            *c += x.conj() * y;
        }
    }
    let bin = |hz: f64| (hz / rate * size as f64) as usize;
    let band = bin(BAND_HZ[0])..bin(BAND_HZ[1].min(0.45 * rate));
    for (index, c) in cross.iter_mut().enumerate() {
        let size = c.norm();
        *c = if band.contains(&index) && size > 0.0 { *c / size } else { Complex64::default() };
    }
    let mut lags = backward.make_output_vec();
    let _ = backward.process(&mut cross, &mut lags);
    let rms = (lags.iter().map(|x| x * x).sum::<f64>() / size as f64).sqrt();
    // The last tenth of the reach rests on too little of the window.
    let reach = size / 2 / 10 * 9;
    let near = lags[..reach].iter().enumerate().map(|(n, x)| (n as i64, x.abs()));
    let behind = lags[size - reach..].iter().enumerate();
    let early = behind.map(|(n, x)| (n as i64 - reach as i64, x.abs()));
    let (lag, peak) = near.chain(early).max_by(|a, b| a.1.total_cmp(&b.1))?;
    (rms > 0.0 && peak > SURE * rms).then_some(lag)
}
