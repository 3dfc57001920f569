//! Least squares of all stems against the mix, in the frequency domain: gains and delays.
//!
//! The model is M = G·e^(−jωD) · Σ mᵢ·gᵢ·e^(−jωdᵢ)·Xᵢ, where mᵢ is how often the folder holds the
//! stem, gᵢ and dᵢ are what is wrong with it, and G and D what is wrong with the mix as a whole.
//! The squared error of every bin is weighted by the inverse of what is left there
//! (maximum likelihood in coloured noise, reweighted as the fit improves), so that a stem is
//! judged where nothing else hides it. Starting values come from the whole weighted cross
//! correlation, the rest is Gauss–Newton.

use super::spectra::{Grid, Spectra};
use realfft::RealFftPlanner;
use realfft::num_complex::Complex64;

/// Nothing is weighed as if less were left than this share of the mix's power in a band (−90 dB).
const LEAST_LEFT: f64 = 1e-9;
/// Power a sample that rounding to 24 bits leaves (TPDF dithered), the least that is ever left.
const LEAST_POWER: f64 = 3.55e-15;
const BANDS_PER_OCTAVE: f64 = 3.0;
/// Windows overlap, the two sides are alike, and a Hann window joins neighbouring bins: how many
/// independent observations a window of both sides is worth at the least.
const OBSERVATIONS_PER_WINDOW: f64 = 0.33;

/// A gain and a delay, in samples.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Change {
    pub(super) gain: f64,
    pub(super) delay: f64,
}

impl Change {
    pub(super) const NONE: Self = Self { gain: 1.0, delay: 0.0 };

    fn at(self, omega: f64) -> Complex64 {
        Complex64::from_polar(self.gain.abs(), -omega * self.delay) * self.gain.signum()
    }
}

/// What the mix is taken to be made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Model {
    /// How often each stem is in the folder's sum.
    pub(super) copies: Vec<f64>,
    pub(super) stems: Vec<Change>,
    pub(super) whole: Change,
}

impl Model {
    pub(super) fn neutral(copies: Vec<f64>) -> Self {
        Self { stems: vec![Change::NONE; copies.len()], copies, whole: Change::NONE }
    }

    fn transfer(&self, stem: usize, omega: f64) -> Complex64 {
        self.copies[stem] * self.stems[stem].at(omega) * self.whole.at(omega)
    }
}

/// Who is changed: a stem, or the mix as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Stem(usize),
    Whole,
}

/// A change that would explain some of what is left.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) who: Who,
    pub(super) change: Change,
    /// Power left by band, as a share of what was left before.
    pub(super) left: Vec<f64>,
    /// The same over all bands together.
    pub(super) left_in_all: f64,
    /// How surely it is there: the improvement in units of its own uncertainty.
    pub(super) sigmas: f64,
}

/// What a fixed filter explains.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    /// Power left, as a share of what was left before.
    pub(super) left_in_all: f64,
    /// From the least to the most of its gains, dB.
    pub(super) tilt_db: f64,
    /// Middle of a band in cycles per sample, and gain there in dB.
    pub(super) curve: Vec<(f64, f64)>,
}

/// A stem, or the sum, and what the mix holds of it.
struct Regressor {
    /// Its power by bin.
    own: Vec<f64>,
    /// Its product with what all others leave of the mix, by bin.
    seen: Vec<Complex64>,
    /// Its change in the model, by bin.
    now: Vec<Complex64>,
}

/// Spectra with the bands they are weighed in.
pub(super) struct Fit<'a> {
    spectra: &'a Spectra,
    /// The band of each bin.
    band: Vec<usize>,
    bands: usize,
    /// Bins by band.
    size: Vec<f64>,
    floor: Vec<f64>,
}

/// What is left of the mix once the model is taken away.
pub(super) struct Left {
    transfers: Vec<Vec<Complex64>>,
    /// Σ conj(Xᵢ)·(M − model) by stem and bin.
    with_stem: Vec<Vec<Complex64>>,
    pub(super) power: Vec<f64>,
    pub(super) by_band: Vec<f64>,
    weight: Vec<f64>,
}

impl<'a> Fit<'a> {
    pub(super) fn new(spectra: &'a Spectra) -> Self {
        let grid = spectra.grid;
        let of = |bin: usize| {
            let octaves = ((grid.first_bin + bin) as f64 / grid.first_bin as f64).log2();
            (octaves * BANDS_PER_OCTAVE) as usize
        };
        let band: Vec<usize> = (0..grid.bins).map(of).collect();
        let bands = band.last().map_or(0, |b| b + 1);
        let mut size = vec![0.0; bands];
        let mut mix = vec![0.0; bands];
        for (bin, &b) in band.iter().enumerate() {
            size[b] += 1.0;
            mix[b] += spectra.mix[bin];
        }
        // A Hann window's power is 3/8 of its length, and both sides count.
        let least = LEAST_POWER * 2.0 * 0.375 * (grid.fft_len * spectra.windows) as f64;
        let floor = mix
            .iter()
            .zip(&size)
            .map(|(m, n)| LEAST_LEFT * m / f64::max(*n, 1.0) + least)
            .collect();
        Self { spectra, band, bands, size, floor }
    }

    pub(super) fn grid(&self) -> Grid {
        self.spectra.grid
    }

    /// Sums bins into bands.
    fn in_bands(&self, bins: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut sums = vec![0.0; self.bands];
        for (&band, x) in self.band.iter().zip(bins) {
            sums[band] += x;
        }
        sums
    }

    /// Middle frequency of a band, cycles per sample.
    pub(super) fn band_centre(&self, band: usize) -> f64 {
        let grid = self.grid();
        grid.first_bin as f64 * ((band as f64 + 0.5) / BANDS_PER_OCTAVE).exp2()
            / grid.fft_len as f64
    }

    /// What the model leaves.
    pub(super) fn left(&self, model: &Model) -> Left {
        let (s, grid) = (self.spectra, self.grid());
        let transfers: Vec<Vec<Complex64>> = (0..s.stems)
            .map(|i| (0..grid.bins).map(|bin| model.transfer(i, grid.omega(bin))).collect())
            .collect();
        let mut with_stem = s.with_mix.clone();
        for (i, row) in with_stem.iter_mut().enumerate() {
            for (j, transfer) in transfers.iter().enumerate() {
                for (bin, c) in row.iter_mut().enumerate() {
                    *c -= s.cross(i, j, bin) * transfer[bin];
                }
            }
        }
        // |M − Σ H·X|² = |M|² − Re Σ conj(H)·(b + c), with b the products with the mix.
        let power: Vec<f64> = (0..grid.bins)
            .map(|bin| {
                let taken: f64 = (0..s.stems)
                    .map(|i| {
                        let both = s.with_mix[i][bin] + with_stem[i][bin];
                        (transfers[i][bin].conj() * both).re
                    })
                    .sum();
                (s.mix[bin] - taken).max(0.0)
            })
            .collect();
        let by_band = self.in_bands(power.iter().copied());
        let weight = self
            .band
            .iter()
            .map(|&b| 1.0 / (by_band[b] / self.size[b].max(1.0) + self.floor[b]))
            .collect();
        Left { transfers, with_stem, power, by_band, weight }
    }

    /// Band power that counts as nothing.
    pub(super) fn nothing(&self, band: usize) -> f64 {
        self.floor[band] * self.size[band].max(1.0)
    }

    fn regressor(&self, model: &Model, left: &Left, who: Who) -> Regressor {
        let (s, grid) = (self.spectra, self.grid());
        match who {
            Who::Stem(i) => {
                let whole = |bin| model.whole.at(grid.omega(bin)) * model.copies[i];
                let own: Vec<f64> =
                    s.power(i).enumerate().map(|(bin, p)| p * whole(bin).norm_sqr()).collect();
                let now: Vec<Complex64> =
                    (0..grid.bins).map(|bin| model.stems[i].at(grid.omega(bin))).collect();
                let seen = (0..grid.bins)
                    .map(|bin| left.with_stem[i][bin] * whole(bin).conj() + own[bin] * now[bin])
                    .collect();
                Regressor { own, seen, now }
            }
            Who::Whole => {
                let now: Vec<Complex64> =
                    (0..grid.bins).map(|bin| model.whole.at(grid.omega(bin))).collect();
                let mut own = vec![0.0; grid.bins];
                let mut seen = vec![Complex64::default(); grid.bins];
                for bin in 0..grid.bins {
                    for i in 0..s.stems {
                        let h = left.transfers[i][bin] / now[bin];
                        seen[bin] += h.conj() * s.with_mix[i][bin];
                        // conj(H)·S·H = conj(H)·(b − c) over the whole's own change.
                        let modelled = (s.with_mix[i][bin] - left.with_stem[i][bin]) / now[bin];
                        own[bin] += (h.conj() * modelled).re;
                    }
                }
                Regressor { own, seen, now }
            }
        }
    }

    /// The best change of one stem, or of the whole, with everything else as it is.
    pub(super) fn candidate(&self, model: &Model, left: &Left, who: Who) -> Option<Candidate> {
        let (s, grid) = (self.spectra, self.grid());
        let Regressor { own, seen, now } = self.regressor(model, left, who);
        let weighted: Vec<Complex64> = seen.iter().zip(&left.weight).map(|(c, w)| c * *w).collect();
        let energy: f64 = own.iter().zip(&left.weight).map(|(p, w)| p * w).sum();
        if energy <= 0.0 {
            return None;
        }
        let delay = self.best_delay(&weighted);
        let change = Change { gain: correlation(grid, &weighted, delay)[0] / energy, delay };

        let mut after = vec![0.0; grid.bins];
        let mut improvement = 0.0;
        for bin in 0..grid.bins {
            let h = change.at(grid.omega(bin));
            let with = |h: Complex64| h.norm_sqr() * own[bin] - 2.0 * (h.conj() * seen[bin]).re;
            let step = with(h) - with(now[bin]);
            after[bin] = (left.power[bin] + step).max(0.0);
            improvement -= step * left.weight[bin];
        }
        let after = self.in_bands(after.into_iter());
        let shares = after.iter().zip(&left.by_band).enumerate().map(|(band, (after, before))| {
            let nothing = self.nothing(band);
            (after + nothing) / (before + nothing)
        });
        let observations = s.windows as f64 * OBSERVATIONS_PER_WINDOW;
        Some(Candidate {
            who,
            change,
            left: shares.collect(),
            left_in_all: after.iter().sum::<f64>() / left.by_band.iter().sum::<f64>(),
            sigmas: (improvement.max(0.0) * observations).sqrt(),
        })
    }

    /// What a fixed filter on one stem, or on the whole, would explain: a gain and a phase of its
    /// own in every band.
    pub(super) fn filter(&self, model: &Model, left: &Left, who: Who) -> Option<Filter> {
        let Regressor { own, seen, now } = self.regressor(model, left, who);
        let powers = self.in_bands(own.iter().zip(&now).map(|(p, h)| p * h.norm_sqr()));
        let mut products = vec![Complex64::default(); self.bands];
        let mut before = vec![0.0; self.bands];
        for (bin, &band) in self.band.iter().enumerate() {
            products[band] += seen[bin] * now[bin].conj();
            let with = now[bin].norm_sqr() * own[bin] - 2.0 * (now[bin].conj() * seen[bin]).re;
            before[band] += left.power[bin] - with;
        }
        let all: f64 = left.by_band.iter().sum();
        let mut after = 0.0;
        let mut curve = Vec::new();
        let loudest = powers.iter().fold(0f64, |a, b| a.max(*b));
        for band in 0..self.bands {
            if powers[band] <= 0.0 {
                after += left.by_band[band];
                continue;
            }
            let gain = products[band] / powers[band];
            after += (before[band] - products[band].norm_sqr() / powers[band]).max(0.0);
            if powers[band] > 1e-5 * loudest {
                curve.push((self.band_centre(band), 20.0 * gain.norm().max(1e-6).log10()));
            }
        }
        let sizes = curve.iter().map(|(_, db)| *db);
        let tilt_db = sizes.clone().fold(f64::MIN, f64::max) - sizes.fold(f64::MAX, f64::min);
        (all > 0.0 && !curve.is_empty()).then_some(Filter {
            left_in_all: after / all,
            tilt_db,
            curve,
        })
    }

    /// The delay at which the weighted cross correlation is largest, whatever its sign.
    fn best_delay(&self, weighted: &[Complex64]) -> f64 {
        let grid = self.grid();
        let ifft = RealFftPlanner::<f64>::new().plan_fft_inverse(grid.fft_len);
        let mut spectrum = ifft.make_input_vec();
        spectrum[grid.first_bin..][..grid.bins].copy_from_slice(weighted);
        let mut lags = ifft.make_output_vec();
        // The lengths are those the transform was made for, so it cannot refuse.
        let _ = ifft.process(&mut spectrum, &mut lags);
        let reach = grid.fft_len as i64 / 4;
        let value = |lag: i64| lags[lag.rem_euclid(grid.fft_len as i64) as usize].abs();
        let mut peaks: Vec<i64> = (-reach..=reach)
            .filter(|&lag| value(lag) >= value(lag - 1) && value(lag) > value(lag + 1))
            .collect();
        peaks.sort_by(|a, b| value(*b).total_cmp(&value(*a)));
        peaks.truncate(4);
        let refined = peaks.into_iter().map(|lag| {
            let mut delay = lag as f64;
            for _ in 0..12 {
                let [_, slope, curve] = correlation(grid, weighted, delay);
                let step = if curve == 0.0 { 0.0 } else { -slope / curve };
                let next =
                    (delay + step.clamp(-0.5, 0.5)).clamp(lag as f64 - 1.0, lag as f64 + 1.0);
                let moved = (next - delay).abs();
                delay = next;
                if moved < 1e-9 {
                    break;
                }
            }
            (correlation(grid, weighted, delay)[0].abs(), delay)
        });
        refined.max_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |(_, delay)| delay)
    }

    /// Gauss–Newton over the gains and delays of all in `set` together. Returns the standard
    /// deviations of each, from what is left.
    pub(super) fn refine(&self, model: &mut Model, set: &[Who]) -> Vec<Change> {
        let mut deviations = Vec::new();
        for _ in 0..8 {
            let left = self.left(model);
            let (matrix, right) = self.normal_equations(model, &left, set);
            let Some(step) = solve(matrix.clone(), right) else { break };
            let mut largest = 0f64;
            for (k, who) in set.iter().enumerate() {
                let change = match who {
                    Who::Stem(i) => &mut model.stems[*i],
                    Who::Whole => &mut model.whole,
                };
                change.gain += step[2 * k];
                change.delay += step[2 * k + 1].clamp(-0.5, 0.5);
                largest = largest.max(step[2 * k].abs()).max(step[2 * k + 1].abs());
            }
            let observations = 2.0 * self.spectra.windows as f64 * OBSERVATIONS_PER_WINDOW;
            deviations = (0..set.len())
                .map(|k| {
                    let deviation = |p: usize| {
                        let mut unit = vec![0.0; 2 * set.len()];
                        unit[p] = 1.0;
                        solve(matrix.clone(), unit)
                            .map_or(f64::INFINITY, |x| (x[p].max(0.0) / observations).sqrt())
                    };
                    Change { gain: deviation(2 * k), delay: deviation(2 * k + 1) }
                })
                .collect();
            if largest < 1e-8 {
                break;
            }
        }
        deviations
    }

    fn normal_equations(
        &self,
        model: &Model,
        left: &Left,
        set: &[Who],
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        let (s, grid) = (self.spectra, self.grid());
        let size = 2 * set.len();
        let mut matrix = vec![vec![0.0; size]; size];
        let mut right = vec![0.0; size];
        // Derivatives of the transfers, by parameter: of which stems, and how much.
        let mut slopes: Vec<Vec<(usize, Complex64)>> = vec![Vec::new(); size];
        for bin in 0..grid.bins {
            let omega = grid.omega(bin);
            for (k, who) in set.iter().enumerate() {
                let (gain, of): (f64, std::ops::Range<usize>) = match who {
                    Who::Stem(i) => (model.stems[*i].gain, *i..*i + 1),
                    Who::Whole => (model.whole.gain, 0..s.stems),
                };
                slopes[2 * k].clear();
                slopes[2 * k + 1].clear();
                for i in of {
                    let h = left.transfers[i][bin];
                    slopes[2 * k].push((i, h / gain));
                    slopes[2 * k + 1].push((i, h * Complex64::new(0.0, -omega)));
                }
            }
            let weight = left.weight[bin];
            for p in 0..size {
                for &(i, u) in &slopes[p] {
                    right[p] += weight * (u.conj() * left.with_stem[i][bin]).re;
                    for (q, other) in slopes.iter().enumerate().take(p + 1) {
                        for &(j, v) in other {
                            matrix[p][q] += weight * (u.conj() * s.cross(i, j, bin) * v).re;
                        }
                    }
                }
            }
        }
        // The other half, by symmetry.
        for p in 1..size {
            let (above, below) = matrix.split_at_mut(p);
            for (row, &mirrored) in above.iter_mut().zip(&below[0]) {
                row[p] = mirrored;
            }
        }
        (matrix, right)
    }
}

/// Re Σ C·e^(jωd) and its first two derivatives by d.
fn correlation(grid: Grid, weighted: &[Complex64], delay: f64) -> [f64; 3] {
    let mut sums = [0.0; 3];
    let turn = Complex64::from_polar(1.0, grid.omega(1) * delay - grid.omega(0) * delay);
    let mut phase = Complex64::from_polar(1.0, grid.omega(0) * delay);
    for (bin, c) in weighted.iter().enumerate() {
        let omega = grid.omega(bin);
        let x = c * phase;
        sums[0] += x.re;
        sums[1] -= omega * x.im;
        sums[2] -= omega * omega * x.re;
        phase *= turn;
    }
    sums
}

/// Solves a positive definite system; `None` where the parameters cannot be told apart.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let size = right.len();
    let scale: Vec<f64> = (0..size).map(|p| matrix[p][p].max(0.0).sqrt()).collect();
    if scale.contains(&0.0) {
        return None;
    }
    for p in 0..size {
        right[p] /= scale[p];
        for q in 0..size {
            matrix[p][q] /= scale[p] * scale[q];
        }
    }
    // Cholesky, in place.
    for p in 0..size {
        for q in 0..=p {
            let dot: f64 = (0..q).map(|k| matrix[p][k] * matrix[q][k]).sum();
            if p == q {
                let rest = matrix[p][p] - dot;
                if rest < 1e-10 {
                    return None;
                }
                matrix[p][p] = rest.sqrt();
            } else {
                matrix[p][q] = (matrix[p][q] - dot) / matrix[q][q];
            }
        }
    }
    for p in 0..size {
        let dot: f64 = (0..p).map(|k| matrix[p][k] * right[k]).sum();
        right[p] = (right[p] - dot) / matrix[p][p];
    }
    for p in (0..size).rev() {
        let dot: f64 = (p + 1..size).map(|k| matrix[k][p] * right[k]).sum();
        right[p] = (right[p] - dot) / matrix[p][p];
    }
    Some(right.into_iter().zip(scale).map(|(x, s)| x / s).collect())
}
