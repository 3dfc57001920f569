//! The limiter gain that brings the master to a loudness.
//!
//! Loudness rises with gain, one for one until the limiter works and by less after: a secant step
//! inside a bracket that only ever shrinks (the Illinois variant of regula falsi; Dowell &
//! Jarratt, BIT 1971) finds it in a handful of passes, and cannot run away where gating makes a
//! small step.

use crate::error::{Error, Result};

/// Close enough to stop searching, in LU.
pub const AIM_LU: f64 = 0.02;
/// Close enough to deliver, in LU.
pub const TOLERANCE_LU: f64 = 0.1;
/// Passes before the search settles for its best.
const MOST_PASSES: usize = 24;
/// A step that is worth another pass.
const SMALLEST_STEP_DB: f64 = 0.02;
/// A bracket narrower than this holds a jump, not a slope.
const NARROWEST_DB: f64 = 1e-4;

/// A gain that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Solved {
    /// The gain, in dB.
    pub gain_db: f64,
    /// The loudness it gives, in LUFS.
    pub loudness_lufs: f64,
    /// How often the loudness was measured.
    pub passes: usize,
}

/// Finds the gain within `range_db` at which `measure` (gain in dB to loudness in LUFS, never
/// falling; `None` for silence) gives `target_lufs`, starting from `start_db`.
///
/// # Errors
/// [`Error::SilentMix`], [`Error::TargetOutOfReach`], [`Error::TargetUnstable`], or what
/// `measure` says.
pub fn solve(
    target_lufs: f64,
    range_db: (f64, f64),
    start_db: f64,
    mut measure: impl FnMut(f64) -> Result<Option<f64>>,
) -> Result<Solved> {
    let (lowest, highest) = range_db;
    let mut best: Option<Solved> = None;
    // The bracket: gain and error (loudness above the target) on either side of the target.
    let mut low: Option<(f64, f64)> = None;
    let mut high: Option<(f64, f64)> = None;
    let mut last_was_low = None;
    let mut before: Option<(f64, f64)> = None;
    let mut gain = start_db.clamp(lowest, highest);
    let mut passes = 0;
    while passes < MOST_PASSES {
        passes += 1;
        let Some(loudness_lufs) = measure(gain)? else {
            // A very low gain can sink below the meter's gate; above it there may be sound.
            if gain >= highest {
                return Err(Error::SilentMix { target_lufs });
            }
            gain = (gain + 24.0).min(highest);
            continue;
        };
        let error = loudness_lufs - target_lufs;
        if best.is_none_or(|b| error.abs() < (b.loudness_lufs - target_lufs).abs()) {
            best = Some(Solved { gain_db: gain, loudness_lufs, passes });
        }
        if error.abs() <= AIM_LU {
            break;
        }
        // Illinois: an end that stays twice counts half, or the secant creeps.
        let is_low = error < 0.0;
        let stays = last_was_low == Some(is_low);
        let (moved, other) = if is_low { (&mut low, &mut high) } else { (&mut high, &mut low) };
        *moved = Some((gain, error));
        if let Some((_, other_error)) = other.as_mut().filter(|_| stays) {
            *other_error *= 0.5;
        }
        last_was_low = Some(is_low);

        let next = match (low, high) {
            (Some((low_gain, low_error)), Some((high_gain, high_error))) => {
                let width = high_gain - low_gain;
                if width < NARROWEST_DB {
                    break;
                }
                let secant = low_gain - low_error * width / (high_error - low_error);
                // Never so close to an end that the bracket hardly shrinks.
                secant.clamp(low_gain + 0.01 * width, high_gain - 0.01 * width)
            }
            _ if is_low && gain >= highest || !is_low && gain <= lowest => break,
            // A dB for a dB is exact where nothing limits; where it fell short, the limiter eats
            // some of each dB: reach further, by what the last two told.
            _ => {
                let slope = before.map_or(1.0, |(gain_before, error_before)| {
                    (error - error_before) / (gain - gain_before)
                });
                // Noise and gating steps may say anything: never less than a dB for a dB, never
                // more than four for one, and never nothing.
                let reach = (1.0 / slope).clamp(1.0, 4.0);
                let reach = if reach.is_nan() { 1.5 } else { reach };
                let step = error.abs() * reach;
                let step = if passes == 1 { step } else { step.max(SMALLEST_STEP_DB) };
                gain - step.copysign(error)
            }
        }
        .clamp(lowest, highest);
        before = Some((gain, error));
        gain = next;
    }

    let Some(solved) = best.map(|b| Solved { passes, ..b }) else {
        return Err(Error::SilentMix { target_lufs });
    };
    if (solved.loudness_lufs - target_lufs).abs() <= TOLERANCE_LU {
        return Ok(solved);
    }
    match (low, high) {
        (Some((gain_low_db, _)), Some((gain_high_db, _))) => Err(Error::TargetUnstable {
            target_lufs,
            closest_lufs: solved.loudness_lufs,
            gain_low_db,
            gain_high_db,
        }),
        _ => Err(Error::TargetOutOfReach {
            target_lufs,
            closest_lufs: solved.loudness_lufs,
            gain_db: solved.gain_db,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: (f64, f64) = (-24.0, 24.0);

    /// A limiter: linear at first, then bending towards a loudness it never passes.
    fn limited(gain_db: f64) -> f64 {
        let x = -30.0 + gain_db;
        if x < -16.0 { x } else { -16.0 + 8.0 * (1.0 - (-(x + 16.0) / 8.0).exp()) }
    }

    #[test]
    fn a_linear_gain_takes_two_passes() {
        let solved = solve(-23.0, RANGE, 0.0, |g| Ok(Some(-30.0 + g))).unwrap();
        assert_eq!(solved.passes, 2);
        assert!((solved.gain_db - 7.0).abs() < AIM_LU);
    }

    #[test]
    fn a_limiting_gain_is_found_in_few_passes() {
        for target in [-20.0, -16.0, -14.0, -12.0, -10.5] {
            let solved = solve(target, RANGE, 0.0, |g| Ok(Some(limited(g)))).unwrap();
            assert!((solved.loudness_lufs - target).abs() <= AIM_LU, "{target}: {solved:?}");
            assert!((limited(solved.gain_db) - solved.loudness_lufs).abs() < 1e-12);
            assert!(solved.passes <= 10, "{target}: {solved:?}");
        }
    }

    #[test]
    fn gating_steps_do_not_mislead_it() {
        // A step of 0.05 LU where a block passes the gate.
        let stepped = |g: f64| Ok(Some(limited(g) + if g > 13.0 { 0.05 } else { 0.0 }));
        for target in [-17.0, -16.97, -16.9, -15.0] {
            let solved = solve(target, RANGE, 0.0, stepped).unwrap();
            assert!((solved.loudness_lufs - target).abs() <= TOLERANCE_LU, "{target}");
        }
    }

    #[test]
    fn out_of_reach_says_how_close_it_came() {
        match solve(-5.0, RANGE, 0.0, |g| Ok(Some(limited(g)))) {
            Err(Error::TargetOutOfReach { closest_lufs, gain_db, .. }) => {
                assert_eq!(gain_db, 24.0);
                assert_eq!(closest_lufs, limited(24.0));
            }
            other => panic!("{other:?}"),
        }
        let low = solve(-60.0, RANGE, 0.0, |g| Ok(Some(-20.0 + g)));
        assert!(matches!(low, Err(Error::TargetOutOfReach { gain_db: -24.0, .. })), "{low:?}");
    }

    #[test]
    fn silence_and_jumps_are_told_apart() {
        let silent = solve(-14.0, RANGE, 0.0, |_| Ok(None));
        assert!(matches!(silent, Err(Error::SilentMix { .. })), "{silent:?}");
        let jump = solve(-14.0, RANGE, 0.0, |g| Ok(Some(if g < 3.0 { -20.0 } else { -10.0 })));
        assert!(matches!(jump, Err(Error::TargetUnstable { .. })), "{jump:?}");
        // Below the gate at first, then not.
        let faint = |g: f64| Ok((g > 10.0).then_some(-80.0 + g));
        let solved = solve(-60.0, RANGE, 0.0, faint).unwrap();
        assert!((solved.gain_db - 20.0).abs() < AIM_LU);
    }
}
