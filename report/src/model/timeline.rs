//! Measurements over time, in a bounded number of points of one width.

use serde::{Deserialize, Serialize};

/// Most points of a timeline, however long the audio.
pub const MOST_POINTS: usize = 1200;

/// The lowest and highest sample of both sides, point by point; full scale is ±1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waveform {
    /// Lowest, at most 0.
    pub min: Vec<f64>,
    /// Highest, at least 0.
    pub max: Vec<f64>,
}

impl Waveform {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.min.is_empty() && self.max.is_empty()
    }
}

/// A signal over time. All arrays are of one length.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Timeline {
    /// Width of a point in seconds. The last may reach beyond the end.
    pub seconds_per_point: f64,
    /// The waveform; empty where none was kept.
    #[serde(skip_serializing_if = "Waveform::is_empty")]
    pub waveform: Waveform,
    /// Highest momentary loudness (400 ms) that ends within the point, LUFS.
    pub momentary_lufs: Vec<Option<f64>>,
    /// Highest short-term loudness (3 s) that ends within the point, LUFS.
    pub short_term_lufs: Vec<Option<f64>>,
    /// Integrated loudness at the end of the point, LUFS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrated_lufs: Option<Vec<Option<f64>>>,
    /// Highest true peak within the point, dBTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_peak_dbtp: Option<Vec<Option<f64>>>,
    /// Lowest correlation of left and right within the point, −1 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Vec<Option<f64>>>,
}

/// A gain over time, in dB. All arrays are of one length; `None` where there is nothing to measure
/// a gain by.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GainTimeline {
    /// Width of a point in seconds. The last may reach beyond the end.
    pub seconds_per_point: f64,
    /// Mean over the point.
    pub mean_db: Vec<Option<f64>>,
    /// Deepest within the point.
    pub lowest_db: Vec<Option<f64>>,
    /// Highest within the point.
    pub highest_db: Vec<Option<f64>>,
}

/// A level as timelines hold it: hundredths of a dB, `None` where it is not a number or without
/// end.
pub fn rounded_decibels(value: f64) -> Option<f64> {
    value.is_finite().then(|| rounded(value, 100.0))
}

/// A sample as timelines hold it: in ten-thousandths of full scale; silence where it is not a
/// number or without end.
pub fn rounded_sample(value: f64) -> f64 {
    if value.is_finite() { rounded(value, 10_000.0) } else { 0.0 }
}

/// A correlation as timelines hold it: in thousandths, `None` where it is not a number.
pub fn rounded_correlation(value: f64) -> Option<f64> {
    value.is_finite().then(|| rounded(value, 1000.0))
}

fn rounded(value: f64, parts: f64) -> f64 {
    // The sum turns a negative zero into zero, which is shorter to write.
    (value * parts).round() / parts + 0.0
}
