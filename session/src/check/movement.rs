//! Whether a gain moved with the level: was a stem, or the mix, printed through a limiter or a
//! compressor?
//!
//! In windows of a few milliseconds, the gain that takes the stem (or the sum) to what the mix
//! holds of it is 1 + ⟨r, x⟩ / ⟨x, x⟩, with r what is left of the mix. Whoever was limited explains
//! nearly all of r this way, because a limiter's gain hardly moves within a window; others explain
//! what chance allows. Gathered by the level of x, the gain of a limited stem rises with it (the
//! mix holds the peaks that the stem lost), and that of a limited mix falls. The level is that of the
//! loudest window in the last tenth of a second, since a gain that recovers is still low where the
//! signal is quiet again. Where the peaks are so rare that no share of the levels catches them, the
//! mean gain, weighed by power, still lies on their side of the usual one.

const WINDOW_SECONDS: f64 = 0.002_5;
/// Windows in which a peak still counts: 0.12 s.
const MEMORY: usize = 48;
/// Shares of the power that count as quiet and as loud: for gains that are hardly ever at rest, and
/// for gains that mostly are.
const SHARES: [(f64, f64); 2] = [(0.005, 0.2), (0.05, 0.3)];
/// The usual gain is read to a hundredth of a dB within ±24 dB, of windows above −60 dBFS.
const GAINS: usize = 4800;
const GAINS_PER_DB: f64 = 100.0;
const USUAL: f64 = 1e-6;
/// One entry a dB of the window's level, from this one up.
const LOWEST_DB: f64 = -80.0;
const LEVELS: usize = 90;
/// Windows below this power (−100 dBFS) say nothing.
const FAINTEST: f64 = 1e-10;

/// Gathers the windows of one regressor.
#[derive(Debug, Clone)]
struct Gathered {
    /// ⟨r, x⟩ and ⟨x, x⟩ of the window under way.
    window: [f64; 2],
    /// The levels of the last windows, dBFS.
    recent_db: [f64; MEMORY],
    /// ⟨r, x⟩ and ⟨x, x⟩ by level.
    levels: Vec<[f64; 2]>,
    explained: f64,
    /// How many windows had which gain.
    gains: Vec<u32>,
    /// Gain in dB, weighed by power, and the power.
    weighed: [f64; 2],
}

impl Gathered {
    /// Gain towards the mix over the quietest `share` of the power, dB.
    fn quiet_db(&self, share: f64) -> f64 {
        self.gain_db(self.levels.iter(), share)
    }

    /// Gain towards the mix over the loudest `share` of the power, dB.
    fn loud_db(&self, share: f64) -> f64 {
        self.gain_db(self.levels.iter().rev(), share)
    }

    fn gain_db<'a>(&self, levels: impl Iterator<Item = &'a [f64; 2]>, share: f64) -> f64 {
        let whole: f64 = self.levels.iter().map(|l| l[1]).sum();
        let mut sums = [0.0; 2];
        for level in levels {
            sums[0] += level[0];
            sums[1] += level[1];
            if sums[1] > share * whole {
                break;
            }
        }
        if sums[1] > 0.0 { decibels(1.0 + sums[0] / sums[1]) } else { 0.0 }
    }

    /// The mean gain, weighed by power, against the usual one, dB.
    fn leaning_db(&self) -> f64 {
        let all: u32 = self.gains.iter().sum();
        if all == 0 || self.weighed[1] <= 0.0 {
            return 0.0;
        }
        let mut seen = 0;
        let median = self
            .gains
            .iter()
            .position(|count| {
                seen += count;
                2 * seen >= all
            })
            .unwrap_or(GAINS / 2);
        let usual_db = (median as f64 + 0.5 - GAINS as f64 / 2.0) / GAINS_PER_DB;
        self.weighed[0] / self.weighed[1] - usual_db
    }
}

fn decibels(gain: f64) -> f64 {
    20.0 * gain.abs().max(1e-6).log10()
}

/// What one regressor explains.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Movement {
    /// Share of what is left that a moving gain of this regressor does not explain.
    pub(super) unexplained: f64,
    /// Gain towards the mix at high levels against that at low ones, dB.
    pub(super) moved_db: f64,
}

/// Gathers windows of all regressors.
#[derive(Debug, Clone)]
pub(super) struct MovementMeter {
    window: usize,
    filled: usize,
    windows: usize,
    left: f64,
    left_in_all: f64,
    gathered: Vec<Gathered>,
}

impl MovementMeter {
    pub(super) fn new(sample_rate_hz: u32, regressors: usize) -> Self {
        let empty = Gathered {
            window: [0.0; 2],
            recent_db: [f64::NEG_INFINITY; MEMORY],
            levels: vec![[0.0; 2]; LEVELS],
            explained: 0.0,
            gains: vec![0; GAINS],
            weighed: [0.0; 2],
        };
        Self {
            window: ((f64::from(sample_rate_hz) * WINDOW_SECONDS) as usize).max(16),
            filled: 0,
            windows: 0,
            left: 0.0,
            left_in_all: 0.0,
            gathered: vec![empty; regressors],
        }
    }

    /// Takes a block: what is left, and every regressor, both sides.
    pub(super) fn write(&mut self, left: [&[f64]; 2], regressors: &[[&[f64]; 2]]) {
        let length = left[0].len();
        let mut at = 0;
        while at < length {
            let end = (at + self.window - self.filled).min(length);
            for side in 0..2 {
                let r = &left[side][at..end];
                self.left += r.iter().map(|r| r * r).sum::<f64>();
                for (g, x) in self.gathered.iter_mut().zip(regressors) {
                    for (x, r) in x[side][at..end].iter().zip(r) {
                        g.window[0] += r * x;
                        g.window[1] += x * x;
                    }
                }
            }
            self.filled += end - at;
            at = end;
            if self.filled == self.window {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let now = self.windows % MEMORY;
        for g in &mut self.gathered {
            let [rx, xx] = std::mem::take(&mut g.window);
            let power = xx / (2 * self.window) as f64;
            g.recent_db[now] = 10.0 * power.log10();
            if power > FAINTEST {
                g.explained += rx * rx / xx;
                let loudest_db = g.recent_db.iter().copied().fold(LOWEST_DB, f64::max);
                let level = loudest_db - LOWEST_DB;
                let slot = &mut g.levels[(level as usize).min(LEVELS - 1)];
                slot[0] += rx;
                slot[1] += xx;
                let gain_db = decibels(1.0 + rx / xx);
                g.weighed[0] += xx * gain_db;
                g.weighed[1] += xx;
                if power > USUAL {
                    let place = gain_db * GAINS_PER_DB + GAINS as f64 / 2.0;
                    g.gains[(place.max(0.0) as usize).min(GAINS - 1)] += 1;
                }
            }
        }
        self.windows += 1;
        self.left_in_all += std::mem::take(&mut self.left);
        self.filled = 0;
    }

    /// What each regressor explains.
    pub(super) fn readings(&self) -> Vec<Movement> {
        self.gathered
            .iter()
            .map(|g| {
                let unexplained = if self.left_in_all > 0.0 {
                    1.0 - (g.explained / self.left_in_all).min(1.0)
                } else {
                    1.0
                };
                let by_level = SHARES.map(|(quiet, loud)| g.loud_db(loud) - g.quiet_db(quiet));
                let moved_db = by_level
                    .into_iter()
                    .chain([g.leaning_db()])
                    .max_by(|a, b| a.abs().total_cmp(&b.abs()))
                    .unwrap_or_default();
                Movement { unexplained, moved_db }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::random::Random;

    /// A stem and another, noise of moving level.
    fn noise(seed: u64) -> Vec<f64> {
        let mut random = Random::new(seed);
        (0..96_000)
            .map(|n| {
                let beat = (1.0 - f64::from(n % 9600) / 9600.0).powi(3);
                beat * random.bipolar()
            })
            .collect()
    }

    /// A gain that falls at once and recovers slowly.
    fn limit(signal: &[f64], ceiling: f64) -> Vec<f64> {
        let mut gain = 1.0f64;
        signal
            .iter()
            .map(|x| {
                gain = (gain + (1.0 - gain) * 0.0005).min(ceiling / x.abs().max(1e-9)).min(1.0);
                gain * x
            })
            .collect()
    }

    fn read(left: &[f64], regressors: [&[f64]; 2]) -> Vec<Movement> {
        let mut meter = MovementMeter::new(48_000, 2);
        for at in (0..left.len()).step_by(1000) {
            let cut = |x: &'_ [f64]| -> Vec<f64> { x[at..at + 1000].to_vec() };
            let (r, a, b) = (cut(left), cut(regressors[0]), cut(regressors[1]));
            meter.write([&r, &r], &[[&a, &a], [&b, &b]]);
        }
        meter.readings()
    }

    #[test]
    fn a_limited_stem_explains_what_is_left_and_another_does_not() {
        let (a, b) = (noise(1), noise(2));
        let print = limit(&a, 0.5);
        let left: Vec<f64> = a.iter().zip(&print).map(|(a, p)| a - p).collect();
        let [limited, other] = read(&left, [&print, &b])[..] else { panic!() };
        assert!(limited.unexplained < 0.1, "{limited:?}");
        assert!(limited.moved_db > 2.0, "{limited:?}");
        assert!(other.unexplained > 0.95, "{other:?}");
    }

    #[test]
    fn a_rare_peak_is_seen_in_what_is_mostly_at_rest() {
        // One peak in two seconds of even noise.
        let mut a = noise(1);
        for (n, s) in a.iter_mut().enumerate() {
            *s *= if (50_000..50_200).contains(&n) { 1.6 } else { 0.2 };
        }
        let print = limit(&a, 0.4);
        let left: Vec<f64> = a.iter().zip(&print).map(|(a, p)| a - p).collect();
        let forth = read(&left, [&print, &a])[0];
        assert!(forth.moved_db > 0.1, "{forth:?}");
        let back: Vec<f64> = left.iter().map(|l| -l).collect();
        let back = read(&back, [&a, &print])[0];
        assert!(back.moved_db < -0.1, "{back:?}");
    }

    #[test]
    fn a_limited_sum_falls_with_level() {
        let (a, b) = (noise(1), noise(2));
        let sum: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        let left: Vec<f64> = limit(&sum, 0.7).iter().zip(&sum).map(|(m, s)| m - s).collect();
        let [whole, one] = read(&left, [&sum, &a])[..] else { panic!() };
        assert!(whole.unexplained < 0.1, "{whole:?}");
        assert!(whole.moved_db < -1.0, "{whole:?}");
        assert!(one.unexplained > 2.0 * whole.unexplained, "{one:?}");
    }
}
