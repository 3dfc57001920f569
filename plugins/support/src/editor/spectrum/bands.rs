//! Third-octave bands: the power of the sound in each, and nothing of its neighbours'.
//!
//! The bands are those of IEC 61260-1 in base 10, with exact mid-band frequencies and edges
//!
//! ```text
//! f = 1000·10^(n/10) Hz,  n = −16 … 13        edges f·10^(±1/20)
//! ```
//!
//! called 25 Hz to 20 kHz. A band's level is the sum of the transform's power between its edges, so the
//! bands together have the power of the sound: pink noise is flat, white rises by 1 dB a band. They are
//! not the standard's filters: edges are as steep as the window lets them be.
//!
//! Below 200 Hz a transform four times as long is made, of two thirds of a second, in steps of 43 ms: the
//! 25 Hz band is 5.8 Hz wide, which a sixth of a second cannot tell from its neighbours. So these bands
//! follow more slowly, whatever the average.

use super::transform::Transform;

/// The lowest and the highest band, counted from 1 kHz.
const BANDS: std::ops::RangeInclusive<i32> = -16..=13;
/// Below this the long transform is used, in Hz.
const LONG_BELOW_HZ: f32 = 200.0;
/// How many times as long it is.
const LONGER: usize = 4;
/// How often it is made, in parts of its length.
const STEPS: usize = 16;

/// What a band's edges are from its middle, as a ratio.
fn half_band() -> f32 {
    10f32.powf(0.05)
}

/// The edges in Hz of the third-octave band around `hz`.
pub fn band_edges_hz(hz: f32) -> [f32; 2] {
    [hz / half_band(), hz * half_band()]
}

/// The nominal frequency of the band around an exact one, both in Hz: 31.5 for 31.62.
pub fn nominal_hz(hz: f32) -> f32 {
    const DECADE: [f32; 10] = [1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0];
    if !(hz.is_finite() && hz > 0.0) {
        return hz;
    }
    let band = (10.0 * hz.log10()).round() as i32;
    DECADE[band.rem_euclid(10) as usize] * 10f32.powi(band.div_euclid(10))
}

/// The bands' exact frequencies in Hz: those whose middle lies below `highest_hz`.
pub(super) fn centres_hz(highest_hz: f32) -> Vec<f32> {
    let centre = |n: i32| (1000.0 * 10f64.powf(f64::from(n) / 10.0)) as f32;
    BANDS.map(centre).filter(|hz| *hz < highest_hz).collect()
}

/// The power in the band around `hz`, where a sine of full scale has 1.
pub(super) fn power(short: &Transform, long: &Transform, hz: f32, rate_hz: f32) -> f64 {
    let transform = if hz < LONG_BELOW_HZ { long } else { short };
    let bin_hz = transform.bin_hz(rate_hz);
    transform.power_between(band_edges_hz(hz).map(|edge| edge / bin_hz))
}

/// The long transform: it has a past of its own, longer than what is tapped.
pub(super) struct Long {
    pub(super) transform: Transform,
    /// Samples that came since it was last made.
    fresh: usize,
}

impl Long {
    /// For a short one of so many samples.
    pub(super) fn new(length: usize) -> Self {
        Self { transform: Transform::new(length * LONGER), fresh: 0 }
    }

    /// Takes in the last `count` samples, of which the short one has the newest.
    pub(super) fn take_in(&mut self, short: &Transform, count: u64) {
        let count = usize::try_from(count).unwrap_or(usize::MAX).min(short.len());
        let Transform { left, right, .. } = &mut self.transform;
        for (past, new) in [(left, &short.left), (right, &short.right)] {
            let kept = past.len() - count;
            past.copy_within(count.., 0);
            past[kept..].copy_from_slice(&new[new.len() - count..]);
        }
        self.fresh += count;
        if self.fresh >= self.transform.len() / STEPS {
            self.fresh = 0;
            self.transform.run();
        }
    }

    /// Nothing has come for long.
    pub(super) fn silence(&mut self) {
        self.transform.left.fill(0.0);
        self.transform.right.fill(0.0);
        self.transform.silence();
    }
}
