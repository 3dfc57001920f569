//! The page, with real widgets and parameters, and readings that a test plays.

mod hands;
mod places;

use super::*;
use crate::dsp::Shown;
use egui::{Key, vec2};
use egui_kittest::kittest::Queryable as _;
use support::StemPlugin as _;
use support::editor::bench::{self, COMMAND, NONE, Opening, SHIFT, near};
use support::param_view::views;

type Bench = bench::Bench<StemDeEsser>;

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
        why_idle: StemDeEsser::why_idle,
        ..Opening::new(StemDeEsser::NAME, StemDeEsser::MONITORS, StemDeEsser::READINGS)
    })
}

fn open() -> Bench {
    open_at(1.0)
}

/// What the trace holds in one column: peak, reduction, sibilance and sureness.
type Column = [f32; 4];
/// A vowel, and an s that loses some dB.
const VOWEL: Column = [-12.0, 0.0, -24.0, 0.0];
const fn s(lost_db: f32) -> Column {
    [-20.0, lost_db, 8.0, 0.8]
}

/// What these tests do over and over.
trait Hands {
    fn hear(&mut self, readings: &[(Shown, f32)]);
    fn play(&mut self, column: Column, columns: usize);
}

impl Hands for Bench {
    fn hear(&mut self, readings: &[(Shown, f32)]) {
        self.show(readings.iter().map(|(shown, value)| (*shown as usize, *value)));
    }

    fn play(&mut self, column: Column, columns: usize) {
        for _ in 0..columns {
            self.trace.push(|field| column.get(field).copied().unwrap_or(f32::NAN));
        }
        self.steps(2);
    }
}
