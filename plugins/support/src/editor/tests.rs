//! A page of a few widgets on the bench.

mod browsing;
mod curves;
mod hands;
mod monitors;

use super::bench::{COMMAND, NONE, Opening, SHIFT, Told};
use super::{About, Face};
use crate::param_view::views;
use crate::params;
use crate::presets::library::Key as PresetKey;
use egui::{Event, Key, Modifiers, Pos2, Vec2, pos2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use nice_plug::prelude::{BoolParam, Enum, EnumParam, FloatParam, Params};

type Bench = super::bench::Bench<Hands>;

/// Presets of this page.
const PRESETS: &[&str] = &[
    r#"{"plugin":"Hands","name":"Plain","note":"All as it comes.","values":{}}"#,
    r#"{"plugin":"Hands","name":"Loud","note":"Six up.","values":{"gain":"6 dB","mode":"Strict"}}"#,
    r#"{"plugin":"Hands","name":"Soft","note":"Six down.","values":{"gain":"-6 dB"}}"#,
];

impl Bench {
    fn new() -> Self {
        Self::at_scale(1.0)
    }

    fn at_scale(scale: f32) -> Self {
        Self::open_with(&Opening {
            scale,
            factory: PRESETS,
            why_idle: |hands, id| {
                let is_idle = id == "match" && hands.mode.value() == Mode::Sample;
                is_idle.then_some("Not while samples count.")
            },
            ..Opening::new("Hands", &["match", "delta"], &[])
        })
    }

    fn gain(&self) -> f32 {
        self.host.params.gain.value()
    }
}

#[derive(Debug, PartialEq, Eq, Enum)]
enum Mode {
    #[id = "standard"]
    Standard,
    #[id = "strict"]
    Strict,
    #[id = "sample"]
    Sample,
}

#[derive(Params)]
struct Hands {
    #[id = "gain"]
    gain: FloatParam,
    #[id = "release"]
    release: FloatParam,
    #[id = "mode"]
    mode: EnumParam<Mode>,
    #[id = "match"]
    matched: BoolParam,
    #[id = "delta"]
    delta: BoolParam,
    #[id = "bypass"]
    bypass: BoolParam,
}

impl Default for Hands {
    fn default() -> Self {
        Self {
            gain: params::decibels("Gain", 0.0, -24.0, 24.0),
            release: params::milliseconds("Release", 50.0, 1.0, 1000.0),
            mode: EnumParam::new("Mode", Mode::Standard),
            matched: params::monitor("Match"),
            delta: params::monitor("Delta"),
            bypass: params::bypass(),
        }
    }
}

impl Face for Hands {
    type Params = Self;
    const PAGE: [f32; 2] = [900.0, 500.0];
    const ABOUT: &'static [About] = &[super::about("gain", "Gain.", 0.5, 0.05)];

    fn body(stage: &mut super::Stage<'_, '_, Self>, body: egui::Rect) {
        use super::widgets::{Knob, choice, knob};
        let look = stage.look;
        let style = Knob { colour: super::theme::GAIN, from: 0.5 };
        for (column, id) in ["gain", "release"].into_iter().enumerate() {
            let corner = body.min + vec2(look.px(160.0) * column as f32, 0.0);
            let place = egui::Rect::from_min_size(corner, look.size(140.0, 120.0));
            let index = stage.desk.index(id);
            knob(stage.ui, look, stage.desk, index, place, style);
        }
        let corner = body.min + look.size(0.0, 200.0);
        let place = egui::Rect::from_min_size(corner, look.size(300.0, 32.0));
        let index = stage.desk.index("mode");
        choice(stage.ui, look, stage.desk, index, place);
    }
}
