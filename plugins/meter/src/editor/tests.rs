//! The page, with real widgets and parameters, and readings that a test plays.

mod hands;
mod pictures;
mod places;

use super::session::OVER_TIME;
use super::*;
use egui::{Key, vec2};
use egui_kittest::kittest::Queryable as _;
use shared_dsp::mix_meter::HistoryPoint;
use support::StemPlugin as _;
use support::editor::bench::{self, COMMAND, NONE, Opening, SHIFT, near};

type Bench = bench::Bench<StemMeter>;

#[test]
fn every_parameter_is_explained_once_and_nothing_else() {
    use nice_plug::prelude::Params as _;
    let params = Parameters::default();
    let mut ids: Vec<String> = params.param_map().into_iter().map(|(id, ..)| id).collect();
    let mut explained: Vec<&str> = about::ABOUT.iter().map(|about| about.id).collect();
    ids.sort_unstable();
    explained.sort_unstable();
    assert_eq!(ids, explained);
}

fn open_at(scale: f32) -> Bench {
    Bench::open_with(&Opening {
        scale,
        ..Opening::new(StemMeter::NAME, StemMeter::MONITORS, StemMeter::READINGS)
    })
}

fn open() -> Bench {
    open_at(1.0)
}

/// What these tests do over and over.
trait Hands {
    fn hear(&mut self, readings: &[(Shown, f32)]);
    fn measure(&mut self, seconds: f32, step: impl Fn(usize) -> HistoryPoint);
}

impl Hands for Bench {
    fn hear(&mut self, readings: &[(Shown, f32)]) {
        self.show(readings.iter().map(|(shown, value)| (*shown as usize, *value)));
    }

    /// A history of some seconds.
    fn measure(&mut self, seconds: f32, step: impl Fn(usize) -> HistoryPoint) {
        let steps = (10.0 * seconds).round() as usize;
        (0..steps).for_each(|n| self.host.params.history.push(&step(n)));
        self.steps(2);
    }
}

/// A step of a steady programme.
fn steady(n: usize) -> HistoryPoint {
    HistoryPoint {
        step: n as u64,
        momentary_lufs: -15.0,
        shortterm_lufs: -16.0,
        integrated_lufs: -16.3,
        true_peak_dbtp: -3.0,
        correlation: 0.6,
        fold_loss_db: -0.5,
    }
}

/// A mix of two minutes, a little too quiet and with one peak too high.
const A_MIX: &[(Shown, f32)] = &[
    (Shown::Channels, 2.0),
    (Shown::Elapsed, 120.0),
    (Shown::Momentary, -14.9),
    (Shown::ShortTerm, -15.4),
    (Shown::Integrated, -16.3),
    (Shown::Range, 6.1),
    (Shown::RangeStable, 1.0),
    (Shown::MomentaryMaximum, -12.0),
    (Shown::MomentaryMaximumAt, 61.0),
    (Shown::ShortTermMaximum, -13.5),
    (Shown::ShortTermMaximumAt, 63.0),
    (Shown::ItuMaximumLeft, -0.7),
    (Shown::ItuMaximumRight, -2.0),
    (Shown::StrictMaximumLeft, -0.6),
    (Shown::StrictMaximumRight, -1.9),
    (Shown::ItuMaximumLeftAt, 12.4),
    (Shown::StrictMaximumLeftAt, 12.4),
    (Shown::Plr, 15.7),
    (Shown::Correlation, 0.7),
    (Shown::CorrelationLow, 1.0),
    (Shown::CorrelationMid, 0.6),
    (Shown::CorrelationHigh, 0.1),
    (Shown::Fold, -0.9),
    (Shown::FoldProgramme, -0.9),
    (Shown::FoldProgrammeLow, 0.0),
    (Shown::FoldProgrammeMid, -0.6),
    (Shown::FoldProgrammeHigh, -2.8),
    (Shown::Waits, 0.0),
];
