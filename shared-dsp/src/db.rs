//! Decibels and factors. Amplitude throughout: 20·log10.

/// The factor of `db` decibels. 0 dB is exactly 1, −∞ dB is exactly 0.
pub fn to_gain(db: f64) -> f64 {
    if db == 0.0 { 1.0 } else { 10f64.powf(db / 20.0) }
}

/// The level of an amplitude `gain` ≥ 0 in decibels; 0 gives −∞.
pub fn from_gain(gain: f64) -> f64 {
    20.0 * gain.log10()
}

/// The level of a power `power` ≥ 0 in decibels; 0 gives −∞.
pub fn from_power(power: f64) -> f64 {
    10.0 * power.log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_db_is_exactly_one_and_minus_infinity_exactly_zero() {
        assert_eq!(to_gain(0.0), 1.0);
        assert_eq!(to_gain(f64::NEG_INFINITY), 0.0);
        assert_eq!(from_gain(0.0), f64::NEG_INFINITY);
    }

    #[test]
    fn decibels_round_trip() {
        for tenth in -1200..=480 {
            let db = f64::from(tenth) / 10.0;
            assert!((from_gain(to_gain(db)) - db).abs() < 1e-12);
        }
        assert!((from_power(100.0) - 20.0).abs() < 1e-12);
    }
}
