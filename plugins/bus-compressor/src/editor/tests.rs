//! The page, with real widgets and parameters, and readings that a test plays.

mod hands;
mod places;

use super::*;
use crate::dsp::Shown;
use egui::{Key, vec2};
use egui_kittest::kittest::Queryable as _;
use shared_dsp::compressor::BusCompressorParams;
use shared_dsp::compressor::aim::{Hop, LevelHistory};
use support::StemPlugin as _;
use support::editor::bench::{self, COMMAND, NONE, Opening, SHIFT, near};
use support::param_view::views;

type Bench = bench::Bench<StemBusCompressor>;

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
        why_idle: StemBusCompressor::why_idle,
        ..Opening::new(
            StemBusCompressor::NAME,
            StemBusCompressor::MONITORS,
            StemBusCompressor::READINGS,
        )
    })
}

fn open() -> Bench {
    open_at(1.0)
}

/// What these tests do over and over.
trait Hands {
    fn hear(&mut self, readings: &[(Shown, f32)]);
    fn play(&mut self, level_db: f32, seconds: f32);
}

impl Hands for Bench {
    fn hear(&mut self, readings: &[(Shown, f32)]) {
        self.show(readings.iter().map(|(shown, value)| (*shown as usize, *value)));
    }

    /// A key of a steady level for some seconds.
    fn play(&mut self, level_db: f32, seconds: f32) {
        let hops = 6.0;
        self.readings.set(Shown::HopSeconds as usize, 1.0 / 60.0 / hops);
        for _ in 0..(seconds * 60.0).round() as usize {
            self.trace.push(|field| match field {
                field if field == Shown::Hops as usize => hops,
                field if field >= Shown::FirstHop as usize => level_db,
                _ => 0.0,
            });
        }
        self.steps(2);
    }
}

/// What a steady key of this level loses on average at the page's settings.
fn average_db(bench: &Bench, level_db: f32) -> f32 {
    let mut history = LevelHistory::new(1.0 / 360.0);
    (0..3600).for_each(|_| history.push(Hop { level_db, slow_share: 0.0 }));
    let params: BusCompressorParams = bench.host.params.settings().compressor;
    history.average_reduction_db(&params).expect("a key") as f32
}
