//! What an insert did to the level by octave band.
//!
//! Both sides of the insert go through the same filters ([`OctaveBands`]), and in windows of 100 ms
//! the power of a band that came out, both channels together, is held against the power that went
//! in. A window counts for a band in which there is something to hear ([`FAINTEST_POWER`]). Of the
//! edges of a sound ([`EDGE`]) only the mean is taken: what a filter of the insert delays by a
//! millisecond looks like a gain there, now one way, now the other.
//!
//! As long as each channel comes out as it went in times one number, there is nothing to tell bands
//! apart by, and nothing is filtered: an insert that passes its input or a trim pays for a
//! comparison.

use super::{FAINTEST_POWER, Gains, InsertMeter};
use crate::gain_change::WindowSums;
use report::model::{BandGain, BandGains, rounded_decibels};
use shared_dsp::octave_bands::{MOST_BANDS, OctaveBands, edges_hz};

/// A window with less than this part of the power of its louder neighbour is an edge.
const EDGE: f64 = 0.1;
/// And with less than this it holds nothing but what rings on in the filters.
const RINGING: f64 = 0.001;
/// What rounding in single precision, twice, may move a sample by, as a part of it.
const ROUNDING: f64 = 2.5e-7;
/// What single precision cannot hold.
const NOTHING: f64 = 1e-37;
/// No gain is told from a lower one than this, dB.
const LOWEST_DB: f64 = -120.0;

/// Keeps what an insert does to the bands.
#[derive(Debug, Clone)]
pub(super) struct BandMeter {
    sample_rate_hz: f64,
    points: usize,
    /// What each channel was multiplied by, as far as is known.
    factors: [Option<f64>; 2],
    /// What was true of all bands as long as that was all.
    plain: Moves,
    windows: u64,
    audible: u64,
    measuring: Option<Measuring>,
}

/// How far and how often a gain was moved.
#[derive(Debug, Clone, Copy, Default)]
struct Moves {
    sum_db: f64,
    count: u64,
    furthest_db: f64,
    furthest_window: Option<u64>,
}

impl Moves {
    fn add(&mut self, gain_db: f64) {
        if gain_db.abs() > BandGains::LEAST_DB {
            self.sum_db += gain_db;
            self.count += 1;
        }
    }

    fn reach(&mut self, gain_db: f64, window: u64) {
        if self.furthest_window.is_none() || gain_db.abs() > self.furthest_db.abs() {
            (self.furthest_db, self.furthest_window) = (gain_db, Some(window));
        }
    }
}

/// The filters at work.
#[derive(Debug, Clone)]
struct Measuring {
    filters: OctaveBands<4>,
    bands: Vec<Band>,
    /// The point that measuring began in.
    since: usize,
    /// The window that waits for its successor, and its point.
    waiting: Option<(u64, usize)>,
}

#[derive(Debug, Clone)]
struct Band {
    edges_hz: [f64; 2],
    moves: Moves,
    /// Whether it was moved beyond the others.
    apart: bool,
    /// Sum and number of the gains of each point, dB.
    kept: Vec<(f64, u32)>,
    /// What went in, and what came out, in the last window.
    waiting: [f64; 2],
    /// What had gone in in the window before.
    before: f64,
}

impl BandMeter {
    /// A meter that keeps `points` points.
    pub(super) fn new(sample_rate_hz: u32, points: usize) -> Self {
        Self {
            sample_rate_hz: sample_rate_hz.into(),
            points,
            factors: [None; 2],
            plain: Moves::default(),
            windows: 0,
            audible: 0,
            measuring: None,
        }
    }

    /// Takes the next samples, which belong to one window and to point `point`.
    pub(super) fn hear(&mut self, before: [&[f64]; 2], after: [&[f64]; 2], point: usize) {
        let mut from = 0;
        if self.measuring.is_none() {
            let length = before[0].len();
            from = (0..2).fold(length, |until, side| {
                multiplied(&mut self.factors[side], &before[side][..until], &after[side][..until])
            });
            if from < length {
                self.measuring = Some(self.start(point));
            }
        }
        if let Some(measuring) = &mut self.measuring {
            let [left, right] = before.map(|side| &side[from..]);
            let [left_out, right_out] = after.map(|side| &side[from..]);
            measuring.filters.process([left, right, left_out, right_out]);
        }
    }

    fn start(&self, point: usize) -> Measuring {
        let mut filters = OctaveBands::default();
        filters.prepare(self.sample_rate_hz);
        let band = |edges_hz| Band {
            edges_hz,
            moves: self.plain,
            apart: false,
            kept: vec![(0.0, 0); self.points],
            waiting: [0.0; 2],
            before: 0.0,
        };
        let bands = edges_hz(self.sample_rate_hz).map(band).collect();
        Measuring { filters, bands, since: point, waiting: None }
    }

    /// The window under way is complete. It belongs to point `point`.
    pub(super) fn complete(&mut self, window: &WindowSums, point: usize) {
        let is_audible = window.gains_db().next().is_some();
        self.audible += u64::from(is_audible);
        match &mut self.measuring {
            Some(measuring) => measuring.complete(self.windows, window.samples(), point),
            None if is_audible => {
                let [input, output] = [window.input, window.output].map(|p| p.iter().sum());
                let gain_db = gain_db(input, output);
                self.plain.add(gain_db);
                self.plain.reach(gain_db, self.windows);
            }
            None => {}
        }
        self.windows += 1;
    }

    /// What was seen in windows of `window_samples`, if any band was moved by itself. `gains` are
    /// those of the whole signal, which were the bands' until these were told apart.
    pub(super) fn gains(
        &self,
        window_samples: usize,
        gains: &[Gains],
        seconds_per_point: f64,
    ) -> Option<BandGains> {
        let mut measuring = self.measuring.clone()?;
        measuring.judge(None, window_samples);
        if measuring.bands.iter().all(|band| !band.apart) {
            return None;
        }
        let window_seconds = window_samples as f64 / self.sample_rate_hz;
        let bands = measuring.bands.iter().map(|band| {
            let Moves { sum_db, count, furthest_db, furthest_window } = band.moves;
            let mean = |(point, (sum, count)): (usize, &(f64, u32))| {
                let plain = || gains[point].mean_db().filter(|_| point < measuring.since);
                let mean = (*count > 0).then(|| sum / f64::from(*count)).or_else(plain);
                mean.and_then(rounded_decibels)
            };
            BandGain {
                low_hz: band.edges_hz[0],
                high_hz: band.edges_hz[1],
                mean_while_moved_db: (count > 0)
                    .then(|| sum_db / count as f64)
                    .and_then(rounded_decibels),
                furthest_db: furthest_window.and_then(|_| rounded_decibels(furthest_db)),
                furthest_at_seconds: furthest_window.map(|window| window as f64 * window_seconds),
                moved_share: (count as f64 / self.audible.max(1) as f64).min(1.0),
                mean_db: band.kept.iter().enumerate().map(mean).collect(),
            }
        });
        Some(BandGains { seconds_per_point, bands: bands.collect() })
    }
}

impl Measuring {
    fn complete(&mut self, window: u64, samples: usize, point: usize) {
        let mut powers = [[0.0; 2]; MOST_BANDS];
        self.filters.take(|band, [left, right, left_out, right_out]| {
            powers[band] = [left + right, left_out + right_out];
        });
        self.judge(Some(&powers), samples);
        for (band, powers) in self.bands.iter_mut().zip(powers) {
            band.before = std::mem::replace(&mut band.waiting, powers)[0];
        }
        self.waiting = Some((window, point));
    }

    /// Takes in the window of so many samples that waits, now that its successor is known, or that
    /// there is none.
    fn judge(&mut self, next: Option<&[[f64; 2]]>, samples: usize) {
        let Some((window, point)) = self.waiting else { return };
        let faintest = FAINTEST_POWER * (2 * samples) as f64;
        let all = |side: usize| self.bands.iter().map(|band| band.waiting[side]).sum();
        let all_db = gain_db(all(0), all(1));
        for (number, band) in self.bands.iter_mut().enumerate() {
            let [input, output] = band.waiting;
            let next = next.map_or(0.0, |powers| powers[number][0]);
            let beside = band.before.max(next);
            let is_heard = input > faintest.max(RINGING * beside);
            if !(is_heard && input.is_finite() && output.is_finite()) {
                continue;
            }
            let gain_db = gain_db(input, output);
            band.moves.add(gain_db);
            if input > EDGE * beside {
                band.moves.reach(gain_db, window);
                band.apart |= (gain_db - all_db).abs() > BandGains::LEAST_DB;
            }
            let (sum, count) = &mut band.kept[point];
            *sum += gain_db;
            *count += 1;
        }
    }
}

/// The gain from one power to another, dB.
fn gain_db(input: f64, output: f64) -> f64 {
    (10.0 * (output / input).log10()).max(LOWEST_DB)
}

/// How many of the samples `y` are those of `x` times one number, `factor`, which is found where it
/// is not known yet.
fn multiplied(factor: &mut Option<f64>, x: &[f64], y: &[f64]) -> usize {
    let mut from = 0;
    if factor.is_none() {
        let silent = |(x, y): (&f64, &f64)| *x == 0.0 && *y == 0.0;
        from = x.iter().zip(y).take_while(|&both| silent(both)).count();
        if from == x.len() {
            return from;
        }
        // Infinite where there was nothing: then the next sample is another's.
        *factor = Some(y[from] / x[from]);
    }
    let factor = factor.unwrap_or(1.0);
    let strays = |x: f64, y: f64| {
        let off = (y - factor * x).abs();
        // What is no number strays as well.
        off > ROUNDING * y.abs() + NOTHING || off.is_nan()
    };
    // Eight at once, which needs no branch between them.
    let (x, y) = (&x[from..], &y[from..]);
    let chunks = x.chunks(8).zip(y.chunks(8));
    let stray =
        |(x, y): (&[f64], &[f64])| x.iter().zip(y).fold(false, |any, (x, y)| any | strays(*x, *y));
    let clean = chunks.take_while(|&both| !stray(both)).count();
    let at = (8 * clean).min(x.len());
    let rest = x[at..].iter().zip(&y[at..]).take_while(|(x, y)| !strays(**x, **y)).count();
    from + at + rest
}

impl InsertMeter {
    /// Keeps what the insert does by octave band, too.
    #[must_use]
    pub fn with_bands(mut self, sample_rate_hz: u32) -> Self {
        self.bands = Some(BandMeter::new(sample_rate_hz, self.points.count));
        self
    }
}

#[cfg(test)]
mod tests;
