//! What a mix meter says.

use super::bands::BANDS;
use crate::correlation::DEFAULT_WINDOW_MS;
use crate::loudness::LoudnessMaximum;
use crate::processor::MAX_CHANNELS;

/// What can be set of a mix meter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixMeterParams {
    /// The window of correlation, fold loss, balance and width in ms, 50 to 1000, in steps of 10. What
    /// lies in a new one counts at once.
    pub correlation_window_ms: f64,
    /// Mono programme that will be heard on two loudspeakers: loudness reads 3.01 LU more. For a mono
    /// layout; two channels are what they are. A change starts the measurement over.
    pub dual_mono: bool,
}

impl MixMeterParams {
    /// As loudness and correlation meters come.
    pub const DEFAULT: Self = Self { correlation_window_ms: DEFAULT_WINDOW_MS, dual_mono: false };
}

impl Default for MixMeterParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// The peaks of a channel between its samples. Times count what was measured: from reset or restart,
/// without pauses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PeakReading {
    /// The falling bar in dBTP, ITU 4x; −∞ in silence.
    pub now_dbtp: f64,
    /// The held line in dBTP, ITU 4x; −∞ in silence.
    pub held_dbtp: f64,
    /// The maximum in dBTP by the filter of BS.1770; −∞ while there is none.
    pub max_itu_dbtp: f64,
    /// When that was, in seconds; 0 while there is none.
    pub max_itu_s: f64,
    /// The maximum in dBTP by sixteenfold interpolation: the honest value; −∞ while there is none.
    pub max_strict_dbtp: f64,
    /// When that was, in seconds; 0 while there is none.
    pub max_strict_s: f64,
}

/// A band of the mix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandReading {
    /// Correlation of left and right, −1 to 1; none where one is silent.
    pub correlation: Option<f64>,
    /// The lowest correlation measured; none while there was none.
    pub lowest: Option<f64>,
    /// When that was, in seconds; 0 while there was none.
    pub lowest_s: f64,
    /// What mono loses now, beyond the 3 dB of unrelated channels, in dB, −60 to 0; none in silence.
    pub fold_loss_db: Option<f64>,
    /// The same over everything measured, by energy.
    pub programme_fold_loss_db: Option<f64>,
    /// Correlation over everything measured, −1 to 1; none where one is silent.
    pub programme_correlation: Option<f64>,
}

/// Everything a mix meter reads. Times count what was measured: from reset or restart, without pauses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixReadings {
    /// Loudness of the last 400 ms in LUFS; −∞ in silence.
    pub momentary_lufs: f64,
    /// Loudness of the last 3 s in LUFS; −∞ in silence.
    pub shortterm_lufs: f64,
    /// Gated loudness of what was measured in LUFS; −∞ while nothing passed the gate.
    pub integrated_lufs: f64,
    /// Loudness range in LU; none while nothing passed the gate.
    pub range_lu: Option<f64>,
    /// The short-term loudness in LUFS that the range begins and ends at: 10th and 95th percentile.
    pub range_bounds_lufs: Option<[f64; 2]>,
    /// Whether the range rests on 60 s or more, as Tech 3342 asks.
    pub range_is_stable: bool,
    /// The loudest 400 ms, and when they ended.
    pub max_momentary: LoudnessMaximum,
    /// The loudest 3 s, and when they ended.
    pub max_shortterm: LoudnessMaximum,
    /// True peaks per channel.
    pub true_peak: [PeakReading; MAX_CHANNELS],
    /// The largest sample per channel in dBFS; −∞ while there is none.
    pub sample_peak_dbfs: [f64; MAX_CHANNELS],
    /// Peak to loudness ratio in LU: the highest true peak (ITU) over the integrated loudness.
    pub plr_lu: Option<f64>,
    /// Peak to short-term loudness ratio in LU: the highest true peak (ITU) of the last 3 s over the
    /// short-term loudness, renewed every 100 ms measured; none before 3 s in one piece, and under
    /// −70 LUFS.
    pub psr_lu: Option<f64>,
    /// The lowest PSR measured: the densest 3 s.
    pub lowest_psr_lu: Option<f64>,
    /// When they ended, in seconds; 0 while there are none.
    pub lowest_psr_s: f64,
    /// Crest factor per channel over the last second in dB; none in silence.
    pub crest_db: [Option<f64>; MAX_CHANNELS],
    /// Volume indicator per channel in VU (IEC 60268-17): 0 is a sine of −18 dBFS; −∞ in silence.
    pub vu: [f64; MAX_CHANNELS],
    /// Programme meter per channel in dBFS (IEC 60268-10, type I): a sine reads its peak; −∞ in silence.
    pub ppm_dbfs: [f64; MAX_CHANNELS],
    /// K-System level per channel in dBFS: RMS of the last 600 ms, 3.01 dB up, so that a sine reads its
    /// peak (AES17). 0 on the scale is −12, −14 or −20 dBFS. −∞ in silence.
    pub k_rms_dbfs: [f64; MAX_CHANNELS],
    /// The falling sample-peak bar per channel in dBFS; −∞ in silence.
    pub peak_dbfs: [f64; MAX_CHANNELS],
    /// The held line of that bar in dBFS; −∞ in silence.
    pub peak_held_dbfs: [f64; MAX_CHANNELS],
    /// Correlation of left and right, −1 to 1; none where one is silent.
    pub correlation: Option<f64>,
    /// The lowest correlation measured, of full windows; none while there was none.
    pub lowest: Option<f64>,
    /// When that was, in seconds; 0 while there was none.
    pub lowest_s: f64,
    /// Low, mid and high: [`CROSSOVERS_HZ`](super::CROSSOVERS_HZ).
    pub bands: [BandReading; BANDS],
    /// What mono loses now, beyond the 3 dB of unrelated channels, in dB, −60 to 0; none in silence.
    pub fold_loss_db: Option<f64>,
    /// The same over everything measured, by energy.
    pub programme_fold_loss_db: Option<f64>,
    /// Correlation over everything measured, −1 to 1; none where one is silent.
    pub programme_correlation: Option<f64>,
    /// RMS of everything measured per channel in dBFS; −∞ in silence.
    pub programme_rms_dbfs: [f64; MAX_CHANNELS],
    /// Right over left in dB, −60 to 60; none in silence.
    pub balance_db: Option<f64>,
    /// 0 mono, 1 unrelated or one channel alone, 2 side alone; none in silence.
    pub width: Option<f64>,
    /// Loudness of the mix where the key has dialogue, in LUFS; none while it has had none.
    pub dialogue_lufs: Option<f64>,
    /// The share of the mix that has dialogue, 0 to 1.
    pub dialogue_share: f64,
    /// How long was measured, in seconds.
    pub elapsed_s: f64,
}
