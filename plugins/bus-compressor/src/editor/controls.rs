//! What to turn: the compressor, how it reads the level, and what comes after.

use super::parts::{caption, cell, row, title};
use super::{CompressorStage, view};
use crate::params::{Character, Detector};
use egui::{Align2, Color32, Rect};
use shared_dsp::compressor::MAX_LOOKAHEAD_MS;
use support::editor::theme::{self, size};
use support::editor::widgets::{
    Knob, Tone, button, choice, field, knob, label, number, panel, switch, switch_saying,
};

/// Width of a knob's column, and the height of a knob, at 100 %.
const COLUMN: f32 = 74.0;
const KNOB: f32 = 106.0;

const KNOBS: [(&str, Color32); 9] = [
    ("threshold", theme::SIGNAL),
    ("ratio", theme::GAIN),
    ("knee", theme::SIGNAL),
    ("attack", theme::SIGNAL),
    ("release", theme::SIGNAL),
    ("hold", theme::SIGNAL),
    ("range", theme::GAIN),
    ("makeup", theme::GAIN),
    ("mix", theme::SIGNAL),
];

/// Where a parameter's knob is.
fn column(id: &str) -> f32 {
    KNOBS.iter().position(|(knob, _)| *knob == id).unwrap_or(0) as f32 * COLUMN
}

/// Draws the panel.
pub(super) fn draw(stage: &mut CompressorStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let knobs = row(look, inside, -4.0, KNOB);
    for (id, colour) in KNOBS {
        let index = stage.desk.index(id);
        // What goes both ways starts in the middle.
        let control = stage.desk.control(index);
        let from = if id == "makeup" { control.normalized_of(0.0) } else { 0.0 };
        let place = cell(look, knobs, column(id), COLUMN).shrink2(look.size(3.0, 0.0));
        knob(stage.ui, look, stage.desk, index, place, Knob { colour, from });
    }
    draw_under_knobs(stage, row(look, inside, 110.0, 24.0));
    draw_detector(stage, row(look, inside, 144.0, 16.0), row(look, inside, 162.0, 28.0));
    draw_lookahead(stage, row(look, inside, 206.0, 28.0));
}

fn draw_under_knobs(stage: &mut CompressorStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let holds = view::holds(stage.choices);
    let place = cell(look, line, column("threshold") + 8.0, 2.0 * COLUMN - 16.0);
    let tone = if holds { Tone::Lit(theme::GAIN) } else { Tone::Ready };
    let hint = "Whether Threshold goes with Ratio, so that the average reduction of the last ten \
                seconds stays.";
    if button(stage.ui, look, stage.desk, place, "Hold reduction", tone, hint) {
        view::set_holds(stage.choices, !holds);
    }
    for (id, under, lit) in
        [("auto-release", "release", theme::SIGNAL), ("auto-makeup", "makeup", theme::GAIN)]
    {
        let index = stage.desk.index(id);
        let place = cell(look, line, column(under) + 9.0, COLUMN - 18.0);
        switch_saying(stage.ui, look, stage.desk, index, place, lit, "Auto");
    }
    let auto_db = stage.params.settings().compressor.auto_makeup_db();
    let is_on = stage.params.output.auto_makeup.value();
    let text = format!("+{} dB", number(auto_db as f32, 1));
    let place = cell(look, line, column("mix") - 2.0, COLUMN);
    let colour = if is_on { theme::GAIN } else { theme::LABEL };
    let font = look.font(size::BODY);
    label(stage.ui, place, Align2::LEFT_CENTER, &text, font, colour);
    if stage.ui.rect_contains_pointer(place) {
        stage.desk.hint("What Auto Makeup gives back, or would.");
    }
}

/// How the level is read and followed.
fn draw_detector(stage: &mut CompressorStage<'_, '_>, names: Rect, fields: Rect) {
    let look = stage.look;
    let mut left = 0.0;
    let mut place = |width: f32| {
        let at = left;
        left += width + 14.0;
        (cell(look, names, at, width), cell(look, fields, at, width))
    };
    for (name, id, width) in [("Character", "character", 186.0), ("Detector", "detector", 122.0)] {
        let (name_at, place) = place(width);
        title(stage, name_at, name);
        let index = stage.desk.index(id);
        choice(stage.ui, look, stage.desk, index, place);
    }
    let (name, time) = place(84.0);
    title(stage, name, "RMS time");
    let index = stage.desk.index("rms-time");
    if stage.params.detector.detector.value() == Detector::Rms {
        field(stage.ui, look, stage.desk, index, time);
    } else {
        caption(stage, time, Align2::LEFT_CENTER, "every sample");
    }
    let (name, mode) = place(104.0);
    title(stage, name, "Compresses");
    let index = stage.desk.index("stereo-mode");
    choice(stage.ui, look, stage.desk, index, mode);
    let (name, link) = place(84.0);
    title(stage, name, "Link");
    let index = stage.desk.index("link");
    field(stage.ui, look, stage.desk, index, link);
}

fn draw_lookahead(stage: &mut CompressorStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let index = stage.desk.index("lookahead");
    switch(stage.ui, look, stage.desk, index, cell(look, line, 0.0, 96.0), theme::SIGNAL);
    let font = look.font(size::BODY);
    let (left, text) = if stage.desk.value(index) > 0.5 {
        let time = stage.desk.index("lookahead-time");
        field(stage.ui, look, stage.desk, time, cell(look, line, 104.0, 84.0));
        (198.0, format!("adds {} ms of latency", number(MAX_LOOKAHEAD_MS as f32, 0)))
    } else {
        (106.0, "off: no latency".to_owned())
    };
    let beside = line.with_min_x(line.left() + look.px(left));
    label(stage.ui, beside, Align2::LEFT_CENTER, &text, font.clone(), theme::LABEL);
    let words = match stage.params.compressor.character.value() {
        Character::Clean => "Clean: smooth, in the times as set",
        Character::Grab => "Grab: one capacitor, charged by peaks",
        Character::Bus => "Bus: a loop, faster the more there is to do",
    };
    label(stage.ui, line, Align2::RIGHT_CENTER, words, font, theme::LABEL);
}
