//! What the static curve adds to the loudness, estimated.

use super::params::{BANDS, BandParams, Placement};
use super::shape::BandShape;
use crate::db;

/// What the static curve adds to the loudness of a stem with equal power in every octave (pink noise)
/// from 50 Hz to 14 kHz, times −1. A band on one channel, on mid or on side counts half.
pub fn auto_gain_db(bands: &[BandParams; BANDS], sample_rate_hz: f64) -> f64 {
    const POINTS: usize = 33;
    let shapes = bands.each_ref().map(|band| BandShape::new(band, 0.0, sample_rate_hz));
    let mut sum = 0.0;
    for n in 0..POINTS {
        let frequency_hz = (50.0 * 2f64.powf(n as f64 * 0.25)).min(0.45 * sample_rate_hz);
        sum += bands
            .iter()
            .zip(&shapes)
            .map(|(band, shape)| {
                let [real, imaginary] = shape.response(0.0, frequency_hz);
                let power = real * real + imaginary * imaginary;
                if band.placement == Placement::Stereo { power } else { 0.5 + 0.5 * power }
            })
            .product::<f64>();
    }
    -db::from_power((sum / POINTS as f64).max(1e-6))
}
