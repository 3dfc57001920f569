//! The page, with real widgets and parameters, and readings that a test plays.

mod hands;
mod places;

use super::*;
use crate::dsp::Shown;
use egui::{Key, vec2};
use egui_kittest::kittest::Queryable as _;
use support::StemPlugin as _;
use support::editor::bench::{self, COMMAND, NONE, Opening, SHIFT};
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
    fn put(&mut self, values: &[(&str, &str)]);
    fn hear(&mut self, readings: &[(Shown, f32)]);
    fn play(&mut self, column: Column, columns: usize);
    fn press_on(&mut self, label: &str);
    fn says(&self, text: &str) -> bool;
    fn plain(&self, id: &str) -> f32;
    fn type_into(&mut self, label: &str, text: &str);
}

impl Hands for Bench {
    /// Sets parameters as a host does.
    fn put(&mut self, values: &[(&str, &str)]) {
        let params = self.host.params.clone();
        let views = views(&*params);
        for (id, text) in values {
            let view = views.iter().find(|view| view.id == *id).expect(id);
            view.set_detached(view.parse(text).expect(text));
        }
        self.steps(2);
    }

    fn hear(&mut self, readings: &[(Shown, f32)]) {
        for (shown, value) in readings {
            self.readings.set(*shown as usize, *value);
        }
        self.steps(2);
    }

    fn play(&mut self, column: Column, columns: usize) {
        for _ in 0..columns {
            self.trace.push(|field| column.get(field).copied().unwrap_or(f32::NAN));
        }
        self.steps(2);
    }

    fn press_on(&mut self, label: &str) {
        // Long enough after the last click to be no double click.
        self.steps(40);
        self.click(self.centre(label), NONE);
        self.steps(2);
    }

    fn says(&self, text: &str) -> bool {
        self.harness.query_by_label(text).is_some()
    }

    fn plain(&self, id: &str) -> f32 {
        let views = views(&*self.host.params);
        let view = views.iter().find(|view| view.id == id).expect(id);
        view.plain_of(view.normalized())
    }

    fn type_into(&mut self, label: &str, text: &str) {
        self.press_on(label);
        self.type_over(text);
        self.key(Key::Enter, NONE);
    }
}

fn near(is: f32, wanted: f32, by: f32) -> bool {
    (is - wanted).abs() <= by
}
