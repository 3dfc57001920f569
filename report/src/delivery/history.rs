//! The history of a programme in steps of 100 ms, and folded to what can be drawn.

use crate::model::{MOST_POINTS, Timeline, Waveform, rounded_correlation, rounded_decibels};
pub use shared_dsp::mix_meter::HistoryPoint;

/// Seconds a step.
pub const STEP_SECONDS: f64 = 0.1;
/// Where a programme counts as silent, LUFS: the absolute gate of BS.1770 and a good deal more.
pub const SILENT_LUFS: f64 = -100.0;

/// A loudness as timelines hold it; `None` in silence.
pub fn loudness(lufs: f32) -> Option<f64> {
    Some(f64::from(lufs)).filter(|lufs| *lufs > SILENT_LUFS).and_then(rounded_decibels)
}

/// The steps of a programme of any length as a timeline of at most [`MOST_POINTS`] points: the highest
/// loudness and peak of each, the last integrated loudness, the lowest correlation. It has no waveform.
pub fn timeline(steps: &[HistoryPoint]) -> Timeline {
    let fold = steps.len().div_ceil(MOST_POINTS).max(1);
    let points = || steps.chunks(fold);
    let highest = |of: fn(&HistoryPoint) -> f32| {
        points().map(move |steps| steps.iter().map(of).fold(f32::NEG_INFINITY, f32::max))
    };
    let lowest =
        |steps: &[HistoryPoint]| steps.iter().map(|s| s.correlation).fold(f32::NAN, f32::min);
    let last =
        |steps: &[HistoryPoint]| steps.last().map_or(f32::NEG_INFINITY, |s| s.integrated_lufs);
    let peaks = highest(|s| s.true_peak_dbtp).map(|peak| rounded_decibels(peak.into()));
    Timeline {
        seconds_per_point: fold as f64 * STEP_SECONDS,
        waveform: Waveform::default(),
        momentary_lufs: highest(|s| s.momentary_lufs).map(loudness).collect(),
        short_term_lufs: highest(|s| s.shortterm_lufs).map(loudness).collect(),
        integrated_lufs: Some(points().map(last).map(loudness).collect()),
        true_peak_dbtp: Some(peaks.collect()),
        correlation: Some(points().map(lowest).map(|r| rounded_correlation(r.into())).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(count: usize) -> Vec<HistoryPoint> {
        let step = |n: usize| HistoryPoint {
            step: n as u64,
            momentary_lufs: -20.0 - (n % 7) as f32,
            shortterm_lufs: -23.0,
            integrated_lufs: -30.0 + n as f32 / count as f32,
            true_peak_dbtp: if n == count / 2 { 0.5 } else { -6.0 },
            correlation: if n == count / 3 { -0.25 } else { 0.5 },
            fold_loss_db: 0.0,
        };
        (0..count).map(step).collect()
    }

    #[test]
    fn no_length_has_more_points_than_can_be_drawn_and_no_peak_is_lost() {
        // To eight hours and more.
        for count in [0, 1, 1199, 1200, 1201, 288_000, 300_001] {
            let made = timeline(&steps(count));
            let points = made.momentary_lufs.len();
            assert!(points <= MOST_POINTS && (points > 0) == (count > 0), "{count}");
            let long = points as f64 * made.seconds_per_point;
            assert!(long >= count as f64 * STEP_SECONDS - 1e-6, "{count}");
            let (peaks, integrated) = (made.true_peak_dbtp.unwrap(), made.integrated_lufs.unwrap());
            assert_eq!((peaks.len(), integrated.len()), (points, points));
            if count > 0 {
                assert_eq!(peaks.iter().flatten().filter(|p| **p == 0.5).count(), 1, "{count}");
                let lows = made.correlation.unwrap();
                assert_eq!(lows.iter().flatten().filter(|r| **r == -0.25).count(), 1, "{count}");
                assert!(integrated.last().unwrap().unwrap() >= -29.01 - 1.0 / count as f64);
            }
        }
    }

    #[test]
    fn silence_is_nothing() {
        let made = timeline(&[
            HistoryPoint::NONE,
            HistoryPoint { momentary_lufs: -120.0, ..HistoryPoint::NONE },
        ]);
        assert_eq!(made.momentary_lufs, [None, None]);
        assert_eq!(made.correlation, Some(vec![None, None]));
        assert_eq!(made.true_peak_dbtp, Some(vec![None, None]));
    }
}
