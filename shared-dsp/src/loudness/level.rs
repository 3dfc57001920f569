//! Loudness and energy: L = −0.691 + 10·log10 Σ G·z̄ (BS.1770-5, annex 1, equation 2).

use crate::k_weighting::OFFSET_LU;

/// The loudness in LUFS of a channel-weighted mean square; 0 gives −∞.
pub fn lufs_of(mean_square: f64) -> f64 {
    OFFSET_LU + crate::db::from_power(mean_square)
}

/// The channel-weighted mean square of a loudness in LUFS.
pub fn energy_of(lufs: f64) -> f64 {
    10f64.powf((lufs - OFFSET_LU) / 10.0)
}

/// Peak to loudness ratio in LU: how far the true peak stands above the integrated loudness.
/// Nothing while either is −∞. (AES TD1008; PSR is the same over the short-term loudness.)
pub fn peak_to_loudness_lu(true_peak_dbtp: f64, loudness_lufs: f64) -> Option<f64> {
    let ratio_lu = true_peak_dbtp - loudness_lufs;
    ratio_lu.is_finite().then_some(ratio_lu)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loudness_and_energy_are_inverse() {
        for lufs in [-70.0, -23.0, 0.0, 12.5] {
            assert!((lufs_of(energy_of(lufs)) - lufs).abs() < 1e-12);
        }
        assert_eq!(lufs_of(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn a_ratio_needs_both_a_peak_and_a_loudness() {
        assert_eq!(peak_to_loudness_lu(-1.0, -14.0), Some(13.0));
        assert_eq!(peak_to_loudness_lu(f64::NEG_INFINITY, -14.0), None);
        assert_eq!(peak_to_loudness_lu(-1.0, f64::NEG_INFINITY), None);
        assert_eq!(peak_to_loudness_lu(f64::NEG_INFINITY, f64::NEG_INFINITY), None);
    }
}
