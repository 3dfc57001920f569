//! Where the twelve bands lie: evenly on the scale of the ear's own filters.
//!
//! ```text
//! E(f) = 21.4·log10(1 + 0.00437·f)
//! ```
//!
//! Glasberg and Moore, "Derivation of auditory filter shapes from notched-noise data", Hearing
//! Research 47, 1990: the number of equivalent rectangular bandwidths below f Hz. From 100 Hz to 12
//! kHz there are 34 of them, so a band here is three wide: a fifth of an octave would be one, half an
//! octave are three, above 500 Hz.

use crate::four::{Quad, WIDTH};

/// Number of bands.
pub const BANDS: usize = 12;
/// Groups of bands that are worked on at once.
pub(super) const GROUPS: usize = BANDS / WIDTH;
/// The centres of the first band and of the last, in Hz.
const ENDS_HZ: [f64; 2] = [100.0, 12_000.0];
/// A band whose centre lies above this part of the sample rate is left out.
const HIGHEST: f64 = 0.45;

/// The place of a frequency in Hz on the scale.
pub fn erb_number(frequency_hz: f64) -> f64 {
    21.4 * (1.0 + 0.004_37 * frequency_hz).log10()
}

/// The frequency in Hz at a place on the scale.
fn frequency_at(erb_number: f64) -> f64 {
    (10f64.powf(erb_number / 21.4) - 1.0) / 0.004_37
}

/// The place of a frequency in Hz, counted in bands: 0 at the centre of the first, 11 of the last.
pub fn band_number(frequency_hz: f64) -> f64 {
    let [low, high] = ENDS_HZ.map(erb_number);
    (erb_number(frequency_hz) - low) / (high - low) * (BANDS - 1) as f64
}

/// The frequency in Hz at a place counted in bands.
pub fn frequency_hz(band_number: f64) -> f64 {
    let [low, high] = ENDS_HZ.map(erb_number);
    frequency_at(low + band_number / (BANDS - 1) as f64 * (high - low))
}

/// The centres of all bands in Hz.
pub fn centres_hz() -> [f64; BANDS] {
    std::array::from_fn(|band| frequency_hz(band as f64))
}

/// The width of a band in Hz, from halfway to its neighbour below to halfway to the one above.
pub(super) fn width_hz(band: usize) -> f64 {
    frequency_hz(band as f64 + 0.5) - frequency_hz(band as f64 - 0.5)
}

/// What each band has, in groups.
pub(super) fn grouped(lanes: &[f64; BANDS]) -> [Quad; GROUPS] {
    let mut groups = [Quad::splat(0.0); GROUPS];
    for (group, lanes) in groups.iter_mut().zip(lanes.chunks_exact(WIDTH)) {
        group.0.copy_from_slice(lanes);
    }
    groups
}

/// How many bands there are at a sample rate: what lies above Nyquist is left out.
pub(super) fn count(sample_rate_hz: f64) -> usize {
    centres_hz().iter().filter(|centre| **centre < HIGHEST * sample_rate_hz).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_that_of_the_paper_and_bands_are_even_on_it() {
        // Figures of the paper's formula: 1 kHz is 15.6 bandwidths up, 24.7·(4.37·f + 1) wide.
        assert!((erb_number(1000.0) - 15.62).abs() < 0.01);
        let erb_hz = 24.7 * (4.37 + 1.0);
        assert!(
            (erb_number(1000.0 + erb_hz / 2.0) - erb_number(1000.0 - erb_hz / 2.0) - 1.0).abs()
                < 0.01
        );
        let centres = centres_hz();
        assert!((centres[0] - 100.0).abs() < 1e-9 && (centres[11] - 12_000.0).abs() < 1e-6);
        for (band, pair) in centres.windows(2).enumerate() {
            assert!((erb_number(pair[1]) - erb_number(pair[0]) - 3.055).abs() < 0.01);
            assert!((band_number(pair[1]) - band as f64 - 1.0).abs() < 1e-9);
        }
        assert_eq!([8000.0, 44_100.0, 48_000.0].map(count), [8, 12, 12]);
    }
}
