//! What meters say of a signal.

use serde::{Deserialize, Serialize};

/// What a meter says of a whole signal. Levels are `None` where there is silence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Measurement {
    /// Integrated loudness, LUFS (ITU-R BS.1770-5).
    pub integrated_lufs: Option<f64>,
    /// Loudness range, LU (EBU Tech 3342).
    pub loudness_range_lu: f64,
    /// Highest true peak of both sides, dBTP, as BS.1770 annex 2 reads it: what other meters show.
    pub true_peak_dbtp: Option<f64>,
    /// The same on a 16 times finer grid: the honest value. Our meter's alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strict_true_peak_dbtp: Option<f64>,
    /// Highest sample of both sides, dBFS.
    pub sample_peak_dbfs: Option<f64>,
    /// What is left to full scale above the highest of the peaks, dB.
    pub headroom_db: Option<f64>,
}

/// One or two meters' opinions of one signal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Opinions {
    /// Our meter.
    pub ours: Measurement,
    /// The `ebur128` crate, of what is delivered: what only goes in is measured once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ebur128: Option<Measurement>,
}

impl Opinions {
    /// The highest true peak that any of the meters reads, dBTP.
    pub fn highest_true_peak_dbtp(&self) -> Option<f64> {
        std::iter::once(&self.ours)
            .chain(&self.ebur128)
            .flat_map(|m| [m.true_peak_dbtp, m.strict_true_peak_dbtp])
            .flatten()
            .reduce(f64::max)
    }
}
