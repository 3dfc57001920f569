//! The cross spectra of stems and mix: everything a least-squares fit of them needs, whatever the
//! length of the audio.
//!
//! Welch's method (IEEE Trans. Audio Electroacoust. 15, 1967): Hann windows of about 0.17 s with
//! half overlap; the two sides count as two observations of one transfer. Kept for several
//! stretches of time apart, because what moves between them (a drift, an edit) is a finding too.

use super::track::Track;
use crate::error::Result;
use rayon::prelude::*;
use realfft::num_complex::Complex64;
use realfft::{RealFftPlanner, RealToComplex};
use std::f64::consts::TAU;
use std::sync::Arc;

/// Stretches of time that are kept apart.
pub(super) const STRETCHES: usize = 8;
/// Windows transformed between two reads.
const BATCH: usize = 4;
const WINDOW_SECONDS: f64 = 0.17;
const LOWEST_HZ: f64 = 40.0;
const HIGHEST_HZ: f64 = 16_000.0;
/// No higher than this share of the sample rate: converters roll off above.
const HIGHEST_SHARE: f64 = 0.45;
/// What the cross spectra of very many stems may take, in complex numbers.
const MOST_NUMBERS: usize = 6 << 20;

/// Where spectra are taken: the same for all stretches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    pub(super) fft_len: usize,
    pub(super) first_bin: usize,
    pub(super) bins: usize,
}

impl Grid {
    /// The grid for a rate, coarser when there are very many stems.
    pub(super) fn new(sample_rate_hz: u32, stems: usize) -> Self {
        let rate = f64::from(sample_rate_hz);
        let mut fft_len = ((rate * WINDOW_SECONDS) as usize).next_power_of_two();
        let pairs = (stems + 1) * (stems + 2) / 2;
        while fft_len > 512 && pairs * STRETCHES * fft_len / 3 > MOST_NUMBERS {
            fft_len /= 2;
        }
        let bin_hz = rate / fft_len as f64;
        let first_bin = ((LOWEST_HZ / bin_hz).ceil() as usize).max(1);
        let last = (HIGHEST_HZ.min(HIGHEST_SHARE * rate) / bin_hz) as usize;
        Self { fft_len, first_bin, bins: last - first_bin + 1 }
    }

    /// Angular frequency of a bin, radians per sample.
    pub(super) fn omega(&self, bin: usize) -> f64 {
        TAU * (self.first_bin + bin) as f64 / self.fft_len as f64
    }
}

/// Sums over windows and sides of products of spectra.
#[derive(Debug, Clone)]
pub(super) struct Spectra {
    pub(super) grid: Grid,
    pub(super) stems: usize,
    pub(super) windows: usize,
    /// Σ conj(Xᵢ)·Xⱼ by [`pair`] and bin.
    cross: Vec<Vec<Complex64>>,
    /// Σ conj(Xᵢ)·M by stem and bin.
    pub(super) with_mix: Vec<Vec<Complex64>>,
    /// Σ |M|² by bin.
    pub(super) mix: Vec<f64>,
}

/// Where the pair i ≤ j is kept.
fn pair(i: usize, j: usize) -> usize {
    j * (j + 1) / 2 + i
}

impl Spectra {
    fn new(grid: Grid, stems: usize) -> Self {
        let row = || vec![Complex64::default(); grid.bins];
        Self {
            grid,
            stems,
            windows: 0,
            cross: (0..stems * (stems + 1) / 2).map(|_| row()).collect(),
            with_mix: (0..stems).map(|_| row()).collect(),
            mix: vec![0.0; grid.bins],
        }
    }

    /// Σ conj(Xᵢ)·Xⱼ of a bin.
    pub(super) fn cross(&self, i: usize, j: usize, bin: usize) -> Complex64 {
        if i <= j { self.cross[pair(i, j)][bin] } else { self.cross[pair(j, i)][bin].conj() }
    }

    /// Σ |Xᵢ|² by bin.
    pub(super) fn power(&self, i: usize) -> impl Iterator<Item = f64> + '_ {
        self.cross[pair(i, i)].iter().map(|c| c.re)
    }

    /// All stretches together.
    pub(super) fn total(stretches: &[Self]) -> Self {
        let mut total = Self::new(stretches[0].grid, stretches[0].stems);
        for part in stretches {
            total.windows += part.windows;
            let rows = total.cross.iter_mut().chain(&mut total.with_mix);
            for (sum, row) in rows.zip(part.cross.iter().chain(&part.with_mix)) {
                for (s, x) in sum.iter_mut().zip(row) {
                    *s += x;
                }
            }
            for (s, x) in total.mix.iter_mut().zip(&part.mix) {
                *s += x;
            }
        }
        total
    }

    /// Adds a batch of windows. `lanes` are the stems and, last, the mix.
    fn add(&mut self, lanes: &[Lane<'_>], windows: usize) {
        self.windows += windows;
        let stems = self.stems;
        let mix = &lanes[stems];
        let bins = self.grid.bins;
        let indices: Vec<(usize, usize)> =
            (0..stems).flat_map(|j| (0..=j).map(move |i| (i, j))).collect();
        let products = self
            .cross
            .par_iter_mut()
            .zip(indices.par_iter())
            .map(|(row, &(i, j))| (row, &lanes[i], &lanes[j]))
            .chain(
                self.with_mix.par_iter_mut().zip(lanes.par_iter()).map(|(row, x)| (row, x, mix)),
            );
        products.with_min_len(4).for_each(|(row, x, y)| {
            for (x, y) in x.spectra(windows, bins).zip(y.spectra(windows, bins)) {
                for ((sum, x), y) in row.iter_mut().zip(x).zip(y) {
                    sum.re += x.re * y.re + x.im * y.im;
                    sum.im += x.re * y.im - x.im * y.re;
                }
            }
        });
        for m in mix.spectra(windows, bins) {
            for (sum, m) in self.mix.iter_mut().zip(m) {
                *sum += m.norm_sqr();
            }
        }
    }
}

/// A file on its way to spectra.
struct Lane<'a> {
    track: &'a mut Track,
    fft: Arc<dyn RealToComplex<f64>>,
    window: Arc<[f64]>,
    /// What the windows of a batch look at, by side.
    past: [Vec<f64>; 2],
    scratch: Vec<Complex64>,
    windowed: Vec<f64>,
    whole: Vec<Complex64>,
    /// Spectra of the batch, window by window and side by side.
    out: Vec<Complex64>,
}

impl Lane<'_> {
    fn spectra(&self, windows: usize, bins: usize) -> impl Iterator<Item = &[Complex64]> {
        self.out.chunks(bins).take(2 * windows)
    }

    /// Reads on by `windows` hops and transforms the windows that end there.
    fn advance(&mut self, grid: Grid, windows: usize) -> Result<()> {
        let hop = grid.fft_len / 2;
        self.track.fill_clean(windows * hop)?;
        self.out.clear();
        for (past, side) in self.past.iter_mut().zip(&self.track.sides) {
            past.drain(..past.len() - hop);
            past.extend_from_slice(side);
        }
        let twins = self.track.format().channels == 1;
        for window in 0..windows {
            for (side, past) in self.past.iter().enumerate() {
                if side == 1 && twins {
                    self.out.extend_from_within(self.out.len() - grid.bins..);
                    continue;
                }
                let seen = &past[window * hop..][..grid.fft_len];
                for ((to, x), w) in self.windowed.iter_mut().zip(seen).zip(&*self.window) {
                    *to = x * w;
                }
                // The lengths are those the transform was made for, so it cannot refuse.
                let _ = self.fft.process_with_scratch(
                    &mut self.windowed,
                    &mut self.whole,
                    &mut self.scratch,
                );
                self.out.extend_from_slice(&self.whole[grid.first_bin..][..grid.bins]);
            }
        }
        Ok(())
    }
}

/// Takes the spectra of `tracks` (the stems, and last the mix) over `frames` samples, by stretch.
///
/// # Errors
/// If a file cannot be read.
pub(super) fn take(
    tracks: &mut [Track],
    frames: u64,
    grid: Grid,
    progress: &mut dyn FnMut(u64),
) -> Result<Vec<Spectra>> {
    let hop = grid.fft_len / 2;
    let fft = RealFftPlanner::<f64>::new().plan_fft_forward(grid.fft_len);
    let window: Arc<[f64]> = (0..grid.fft_len)
        .map(|n| 0.5 - 0.5 * (TAU * n as f64 / grid.fft_len as f64).cos())
        .collect();
    let stems = tracks.len() - 1;
    let mut lanes: Vec<Lane<'_>> = tracks
        .iter_mut()
        .map(|track| Lane {
            track,
            fft: fft.clone(),
            window: window.clone(),
            past: [vec![0.0; hop], vec![0.0; hop]],
            scratch: fft.make_scratch_vec(),
            windowed: fft.make_input_vec(),
            whole: fft.make_output_vec(),
            out: Vec::new(),
        })
        .collect();
    // The first window begins half before the start; the last ends after the end.
    let windows = frames.div_ceil(hop as u64) as usize;
    let mut stretches: Vec<Spectra> = (0..STRETCHES).map(|_| Spectra::new(grid, stems)).collect();
    let mut done = 0;
    while done < windows {
        let stretch = done * STRETCHES / windows;
        let batch = BATCH.min(windows - done);
        lanes.par_iter_mut().try_for_each(|lane| lane.advance(grid, batch))?;
        stretches[stretch].add(&lanes, batch);
        done += batch;
        progress((done * hop) as u64);
    }
    stretches.retain(|s| s.windows > 0);
    Ok(stretches)
}
