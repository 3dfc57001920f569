//! What a reduction does to every frequency, for the drawing.

use crate::dsp::DeEsserSettings;
use shared_dsp::db;
use shared_dsp::de_esser::{Mode, response_db, split_response_db};
use std::sync::Arc;

/// Points of a curve, spaced alike in octaves.
const POINTS: usize = 320;
/// A reduction of this many dB tells F of what is split: x + w·F(x).
const PROBE_DB: f64 = 12.0;

/// What shapes it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Kind {
    mode: Option<Mode>,
    band_hz: [f64; 2],
    rate_hz: f64,
    axis_hz: [f32; 2],
}

/// The shape of the reduction at some settings; made once for as long as they stay.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reduction {
    kind: Kind,
    /// F at every point, where that is a number: of what is split and linear in phase.
    parts: Arc<[f64]>,
}

impl Reduction {
    /// The shape at settings, a sample rate in Hz, and the ends of an axis in Hz; `before` if it is that.
    pub(super) fn at(
        settings: &DeEsserSettings,
        rate_hz: f32,
        axis_hz: [f32; 2],
        before: Option<Self>,
    ) -> Self {
        let sane = settings.de_esser.sane();
        let mode = (!settings.split).then_some(sane.mode);
        let (band_hz, rate_hz) = ([sane.low_hz, sane.high_hz], f64::from(rate_hz));
        let kind = Kind { mode, band_hz, rate_hz, axis_hz };
        match before.filter(|before| before.kind == kind) {
            Some(before) => before,
            None => {
                Self { kind, parts: if mode.is_none() { parts(&kind) } else { Arc::default() } }
            }
        }
    }

    /// What a reduction of so many dB does at a frequency in Hz, in dB.
    pub(super) fn response_db(&self, reduction_db: f64, hz: f32) -> f32 {
        let Kind { mode, band_hz, rate_hz, axis_hz } = self.kind;
        // Beyond half the rate there is nothing to draw.
        let within_hz = f64::from(hz).min(0.49 * rate_hz);
        let Some(mode) = mode else {
            let share = (hz / axis_hz[0]).ln() / (axis_hz[1] / axis_hz[0]).ln();
            let place = (share * (POINTS - 1) as f32).clamp(0.0, (POINTS - 1) as f32);
            let (first, part) = (place as usize, f64::from(place.fract()));
            let next = (first + 1).min(POINTS - 1);
            let f = self.parts[first] + part * (self.parts[next] - self.parts[first]);
            let weight = db::to_gain(-reduction_db) - 1.0;
            return db::from_gain((1.0 + weight * f).max(1e-6)) as f32;
        };
        response_db(mode, band_hz, reduction_db, within_hz, rate_hz) as f32
    }
}

fn parts(kind: &Kind) -> Arc<[f64]> {
    let Kind { band_hz, rate_hz, axis_hz: [low, high], .. } = *kind;
    let weight = db::to_gain(-PROBE_DB) - 1.0;
    let part = |point: usize| {
        let share = point as f32 / (POINTS - 1) as f32;
        let hz = f64::from(low * (high / low).powf(share)).min(0.49 * rate_hz);
        (db::to_gain(split_response_db(band_hz, PROBE_DB, hz, rate_hz)) - 1.0) / weight
    };
    (0..POINTS).map(part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_split_is_drawn_as_it_is_at_every_reduction() {
        let settings = DeEsserSettings { split: true, ..DeEsserSettings::DEFAULT };
        let shape = Reduction::at(&settings, 48_000.0, [100.0, 20_000.0], None);
        for reduction_db in [0.0, 3.0, 6.0, 24.0] {
            for hz in [200.0, 2000.0, 4250.0, 5000.0, 7000.0, 9000.0, 12_000.0, 18_000.0f32] {
                let is = shape.response_db(reduction_db, hz);
                let wanted =
                    split_response_db([5000.0, 9000.0], reduction_db, hz.into(), 48_000.0) as f32;
                assert!((is - wanted).abs() < 0.15, "{is}, not {wanted} at {hz} Hz");
            }
        }
    }

    #[test]
    fn it_follows_the_settings() {
        let axis = [100.0, 20_000.0];
        let bell = Reduction::at(&DeEsserSettings::DEFAULT, 48_000.0, axis, None);
        assert!((bell.response_db(6.0, 6700.0) + 6.0).abs() < 0.1);
        assert!(bell.response_db(6.0, 300.0).abs() < 0.1);
        let mut settings = DeEsserSettings::DEFAULT;
        settings.de_esser.mode = Mode::Wide;
        let wide = Reduction::at(&settings, 48_000.0, axis, Some(bell.clone()));
        assert!((wide.response_db(6.0, 300.0) + 6.0).abs() < 1e-3);
        assert_eq!(
            Reduction::at(&DeEsserSettings::DEFAULT, 48_000.0, axis, Some(bell.clone())),
            bell
        );
    }
}
