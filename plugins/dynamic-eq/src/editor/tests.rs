//! The page, with real widgets and parameters, and readings that a test plays.

mod hands;
mod places;
mod unmask;

use super::band::What;
use super::*;
use crate::params::Type;
use egui::{Event, PointerButton, Pos2, Vec2, vec2};
use egui_kittest::kittest::Queryable as _;
use nice_plug::prelude::{FloatParam, Params as _};
use support::StemPlugin as _;
use support::editor::bench::{self, ALT, COMMAND, NONE, Opening, SHIFT, near};
use support::param_view::views;

type Bench = bench::Bench<StemDynamicEq>;

#[test]
fn every_parameter_is_explained_and_nothing_else() {
    let params = Parameters::default();
    let ids: Vec<String> = params.param_map().into_iter().map(|(id, ..)| id).collect();
    let is_of = |id: &str, about: &str| {
        let number = id.strip_prefix(about).and_then(|rest| rest.strip_prefix('_'));
        id == about || number.is_some_and(|number| number.parse::<usize>().is_ok())
    };
    for id in &ids {
        let of: Vec<_> = about::ABOUT.iter().filter(|about| is_of(id, about.id)).collect();
        assert_eq!(of.len(), 1, "{id}");
    }
    for about in about::ABOUT {
        assert!(ids.iter().any(|id| is_of(id, about.id)), "{} is no parameter", about.id);
    }
}

fn open_at(scale: f32) -> Bench {
    Bench::open_with(&Opening {
        scale,
        why_idle: StemDynamicEq::why_idle,
        ..Opening::new(StemDynamicEq::NAME, StemDynamicEq::MONITORS, StemDynamicEq::READINGS)
    })
}

/// With bands 1 and 2 on: a static bell at 300 Hz, and one at 2 kHz that the key ducks.
fn open() -> Bench {
    let mut bench = open_at(1.0);
    bench.put(&[
        ("on_1", "On"),
        ("frequency_1", "300"),
        ("gain_1", "-2"),
        ("on_2", "On"),
        ("frequency_2", "2000"),
        ("range_2", "-4"),
        ("key_2", "External"),
    ]);
    bench
}

/// What these tests do over and over.
trait Hands {
    fn hear(&mut self, readings: &[(usize, f32)]);
    fn right_click(&mut self, at: Pos2);
}

impl Hands for Bench {
    fn hear(&mut self, readings: &[(usize, f32)]) {
        self.show(readings.iter().copied());
    }

    fn right_click(&mut self, at: Pos2) {
        self.wait();
        for pressed in [true, false] {
            let button = PointerButton::Secondary;
            self.harness.event(Event::PointerMoved(at));
            self.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers: NONE });
            self.steps(1);
        }
        self.steps(3);
    }
}
