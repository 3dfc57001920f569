//! K-weighting: the ear's rough frequency response, as loudness meters agree on it.
//!
//! ITU-R BS.1770-5, annex 1: a shelf for the head, then a high-pass ("RLB"), each
//! H(z) = (b0 + b1·z⁻¹ + b2·z⁻²) / (1 + a1·z⁻¹ + a2·z⁻²). The standard prints coefficients for
//! 48 kHz only. For any rate, with K = tan(π·f0/fs) and a0 = 1 + K/Q + K²:
//!
//! - shelf: f0 = 1681.974450955533 Hz, G = 3.999843853973347 dB, Q = 0.7071752369554196,
//!   Vh = 10^(G/20), Vb = Vh^0.4996667741545416,
//!   b = [Vh + Vb·K/Q + K², 2(K² − Vh), Vh − Vb·K/Q + K²] / a0;
//! - high-pass: f0 = 38.13547087602444 Hz, Q = 0.5003270373238773, b = [1, −2, 1];
//! - both: a1 = 2(K² − 1)/a0, a2 = (1 − K/Q + K²)/a0.
//!
//! These are the numbers every open meter uses; at 48 kHz they give the printed table to its last
//! digit.
//!
//! Range: fs from 8 kHz. Known deviation: the printed high-pass numerator is [1, −2, 1] and not
//! divided by a0, so its pass-band gain is a0, 0.043 dB at 48 kHz. All meters carry that over to
//! other rates, and so do we, to agree with them: relative to 48 kHz this reads +0.004 dB at
//! 44.1 kHz, −0.022 dB at 96 kHz, −0.032 dB at 192 kHz, and +0.215 dB at 8 kHz.
//!
//! Why not a filter crate: the work is one recursion after the other, and what pays is to run two
//! channels side by side in the lanes of a vector, in direct form I, where the only serial step is
//! one product and one difference per section. State and coefficients are `f64`; the poles of the
//! high-pass are so near 1 that `f32` would not do.

#![allow(clippy::inline_always, reason = "inlining is what carries the instruction set inside")]

use crate::finite::snap;

/// Added to 10·log10 of the weighted mean square to give LUFS: a 997 Hz sine at 0 dBFS in one
/// front channel reads −3.01 LUFS.
pub const OFFSET_LU: f64 = -0.691;

/// The coefficients of one second-order section, a0 = 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Section {
    /// Numerator b0, b1, b2.
    pub b: [f64; 3],
    /// Denominator a1, a2.
    pub a: [f64; 2],
}

/// The shelf for `sample_rate_hz`.
pub fn shelf(sample_rate_hz: f64) -> Section {
    const FREQUENCY_HZ: f64 = 1_681.974_450_955_533;
    const GAIN_DB: f64 = 3.999_843_853_973_347;
    const Q: f64 = 0.707_175_236_955_419_6;
    let vh = crate::db::to_gain(GAIN_DB);
    let vb = vh.powf(0.499_666_774_154_541_6);
    let (k, a0, a) = denominator(FREQUENCY_HZ, Q, sample_rate_hz);
    let (k2, slope) = (k * k, vb * k / Q);
    Section { b: [(vh + slope + k2) / a0, 2.0 * (k2 - vh) / a0, (vh - slope + k2) / a0], a }
}

/// The high-pass for `sample_rate_hz`.
pub fn high_pass(sample_rate_hz: f64) -> Section {
    const FREQUENCY_HZ: f64 = 38.135_470_876_024_44;
    const Q: f64 = 0.500_327_037_323_877_3;
    let (_, _, a) = denominator(FREQUENCY_HZ, Q, sample_rate_hz);
    Section { b: [1.0, -2.0, 1.0], a }
}

/// tan(π·f0/fs), a0, and a1 and a2 over a0, of poles at `frequency_hz` with quality `q`.
pub(crate) fn denominator(frequency_hz: f64, q: f64, sample_rate_hz: f64) -> (f64, f64, [f64; 2]) {
    let k = (std::f64::consts::PI * frequency_hz / sample_rate_hz).tan();
    let a0 = 1.0 + k / q + k * k;
    (k, a0, [2.0 * (k * k - 1.0) / a0, (1.0 - k / q + k * k) / a0])
}

type Pair = [f64; 2];

/// What one channel pair remembers.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct State {
    x1: Pair,
    x2: Pair,
    /// Output of the shelf.
    y1: Pair,
    y2: Pair,
    /// Output of the high-pass.
    u1: Pair,
    u2: Pair,
}

/// K-weights two channels at once.
#[derive(Debug, Clone)]
pub struct KWeighting {
    shelf: Section,
    high_pass: Section,
    state: State,
}

impl Default for KWeighting {
    fn default() -> Self {
        Self::new(48_000.0)
    }
}

impl KWeighting {
    /// A filter at rest for `sample_rate_hz`.
    pub fn new(sample_rate_hz: f64) -> Self {
        Self {
            shelf: shelf(sample_rate_hz),
            high_pass: high_pass(sample_rate_hz),
            state: State::default(),
        }
    }

    /// Forgets all signal history.
    pub fn reset(&mut self) {
        self.state = State::default();
    }

    /// Snaps what is too small to matter to zero. Call it every 10 ms or so on the sample grid:
    /// the poles decay so slowly that nothing can turn denormal in between.
    #[inline]
    pub fn snap_state(&mut self) {
        let State { x1, x2, y1, y2, u1, u2 } = &mut self.state;
        for value in [x1, x2, y1, y2, u1, u2].into_iter().flatten() {
            *value = snap(*value);
        }
    }

    /// Whether nothing is left of what was heard.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.state == State::default()
    }

    /// The next sample of both channels, weighted. The input has to be finite.
    #[inline(always)]
    pub fn next(&mut self, x: Pair) -> Pair {
        let (s, h, state) = (&self.shelf, &self.high_pass, &mut self.state);
        let (mut y, mut u) = ([0.0; 2], [0.0; 2]);
        for c in 0..2 {
            // The newest output enters last: it is the only term that has to be waited for.
            let feed = s.b[0] * x[c] + (s.b[1] * state.x1[c] + s.b[2] * state.x2[c]);
            y[c] = (feed - s.a[1] * state.y2[c]) - s.a[0] * state.y1[c];
        }
        for c in 0..2 {
            let feed = (y[c] - state.y1[c]) - (state.y1[c] - state.y2[c]);
            u[c] = (feed - h.a[1] * state.u2[c]) - h.a[0] * state.u1[c];
        }
        *state = State { x1: x, x2: state.x1, y1: y, y2: state.y1, u1: u, u2: state.u1 };
        u
    }

    /// Adds the sum of squares of the weighted channels to `energy`. The input has to be finite.
    #[inline(always)]
    pub fn add_energy(&mut self, channels: [&[f32]; 2], energy: &mut Pair) {
        let [left, right] = channels;
        // A local copy stays in registers.
        let (mut filter, mut sum) = (self.clone(), *energy);
        for (&l, &r) in left.iter().zip(right) {
            let u = filter.next([f64::from(l), f64::from(r)]);
            for c in 0..2 {
                sum[c] += u[c] * u[c];
            }
        }
        self.state = filter.state;
        *energy = sum;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use std::f64::consts::{PI, TAU};

    /// |H| at `frequency_hz`.
    fn gain(section: &Section, frequency_hz: f64, rate: f64) -> f64 {
        let magnitude = |c: &[f64]| {
            let w = TAU * frequency_hz / rate;
            let at = |f: fn(f64) -> f64| -> f64 {
                c.iter().enumerate().map(|(n, c)| c * f(w * n as f64)).sum()
            };
            at(f64::cos).hypot(at(f64::sin))
        };
        magnitude(&section.b) / magnitude(&[1.0, section.a[0], section.a[1]])
    }

    #[test]
    fn gives_the_published_table_at_48_khz() {
        let table = [
            (shelf(48_000.0).b[0], 1.535_124_859_586_97),
            (shelf(48_000.0).b[1], -2.691_696_189_406_38),
            (shelf(48_000.0).b[2], 1.198_392_810_852_85),
            (shelf(48_000.0).a[0], -1.690_659_293_182_41),
            (shelf(48_000.0).a[1], 0.732_480_774_215_85),
            (high_pass(48_000.0).a[0], -1.990_047_454_833_98),
            (high_pass(48_000.0).a[1], 0.990_072_250_366_21),
        ];
        for (ours, published) in table {
            assert!((ours - published).abs() < 1e-13, "{ours} {published}");
        }
        assert_eq!(high_pass(48_000.0).b, [1.0, -2.0, 1.0]);
    }

    #[test]
    fn is_the_analogue_filter_at_the_prewarped_frequency_at_every_rate() {
        for rate in [8_000.0, 44_100.0, 88_200.0, 96_000.0, 192_000.0, 384_000.0] {
            let (vh, q) = (10f64.powf(3.999_843_853_973_347 / 20.0), 0.707_175_236_955_419_6);
            let vb = vh.powf(0.499_666_774_154_541_6);
            let (k_hp, q_hp) = ((PI * 38.135_470_876_024_44 / rate).tan(), 0.500_327_037_323_877_3);
            for frequency in [20.0, 38.0, 100.0, 997.0, 1681.0, 3000.0] {
                // The bilinear transform puts the analogue response of Ω at tan(π·f/fs).
                let omega = (PI * frequency / rate).tan();
                let w = omega / (PI * 1_681.974_450_955_533 / rate).tan();
                let analogue = (1.0 - vh * w * w).hypot(vb / q * w) / (1.0 - w * w).hypot(w / q);
                let ours = gain(&shelf(rate), frequency, rate);
                assert!((ours / analogue - 1.0).abs() < 1e-9, "shelf {frequency} Hz at {rate}");

                let w = omega / k_hp;
                let unscaled = 1.0 + k_hp / q_hp + k_hp * k_hp;
                let analogue = unscaled * w * w / (1.0 - w * w).hypot(w / q_hp);
                let ours = gain(&high_pass(rate), frequency, rate);
                assert!((ours / analogue - 1.0).abs() < 1e-6, "high-pass {frequency} Hz at {rate}");
            }
        }
    }

    #[test]
    fn a_full_scale_997_hz_sine_reads_minus_3_01_lufs() {
        let rate = 48_000.0;
        let gain = gain(&shelf(rate), 997.0, rate) * gain(&high_pass(rate), 997.0, rate);
        assert!((20.0 * gain.log10() + OFFSET_LU).abs() < 0.005);
    }

    #[test]
    fn the_stated_deviation_from_48_khz_is_the_actual_one() {
        let pass_band_db = |rate: f64| 20.0 * gain(&high_pass(rate), rate / 2.0, rate).log10();
        assert!((pass_band_db(48_000.0) - 0.043).abs() < 5e-4);
        for (rate, stated_db) in
            [(44_100.0, 0.004), (96_000.0, -0.022), (192_000.0, -0.032), (8_000.0, 0.215)]
        {
            let deviation = pass_band_db(rate) - pass_band_db(48_000.0);
            assert!((deviation - stated_db).abs() < 1e-3, "{rate}: {deviation}");
        }
    }

    #[test]
    fn the_running_filter_has_the_response_of_its_coefficients() {
        for rate in [44_100.0, 96_000.0] {
            for frequency in [60.0, 1000.0, 9000.0] {
                let mut filter = KWeighting::new(rate);
                let n = rate as usize;
                let tone: Vec<f32> =
                    (0..2 * n).map(|i| (TAU * frequency * i as f64 / rate).sin() as f32).collect();
                let half: Vec<f32> = tone.iter().map(|x| x * 0.5).collect();
                filter.add_energy([&tone[..n], &half[..n]], &mut [0.0; 2]);
                let mut energy = [0.0; 2];
                filter.add_energy([&tone[n..], &half[n..]], &mut energy);
                let expected = gain(&shelf(rate), frequency, rate).powi(2)
                    * gain(&high_pass(rate), frequency, rate).powi(2)
                    * rate
                    / 2.0;
                assert!((energy[0] / expected - 1.0).abs() < 1e-5, "{frequency} Hz at {rate}");
                assert!((energy[1] / expected - 0.25).abs() < 1e-5, "{frequency} Hz at {rate}");
            }
        }
    }

    #[test]
    fn dies_away_to_exact_silence() {
        let mut filter = KWeighting::new(192_000.0);
        let mut random = Random::new(1);
        let noise: Vec<f32> = (0..1000).map(|_| random.bipolar() as f32).collect();
        filter.add_energy([&noise, &noise], &mut [0.0; 2]);
        for _ in 0..100 {
            filter.add_energy([&[0.0; 1920], &[0.0; 1920]], &mut [0.0; 2]);
            filter.snap_state();
        }
        assert_eq!(filter.state, State::default());
    }
}
