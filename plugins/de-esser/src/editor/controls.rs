//! What to turn: the two large knobs, times, what is heard, and what is turned down.

use super::parts::{caption, cell, row, title};
use super::{DeEsserStage, key};
use crate::params::{Detect, Mode};
use egui::{Align2, Color32, Rect};
use shared_dsp::de_esser::{MAX_LOOKAHEAD_MS, SPLIT_MS};
use support::editor::theme;
use support::editor::widgets::{Knob, choice, choice_or, field, knob, number, panel, switch};

/// Lefts and widths at 100 %.
const LARGE: f32 = 132.0;
const TIMES: f32 = 286.0;
const KNOB: f32 = 78.0;
const HEARD: f32 = 482.0;
const HEARD_WIDTH: f32 = 296.0;
const SIDES: f32 = 814.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut DeEsserStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let knobs = [
        ("sensitivity", 0.0, LARGE, 164.0, theme::SIGNAL),
        ("range", LARGE, LARGE, 164.0, theme::GAIN),
        ("attack", TIMES, KNOB, 104.0, theme::SIGNAL),
        ("release", TIMES + KNOB, KNOB, 104.0, theme::SIGNAL),
    ];
    for (id, left, width, height, colour) in knobs {
        draw_knob(stage, cell(look, row(look, inside, -4.0, height), left, width), id, colour);
    }
    let part = |left: f32, width: f32| cell(look, row(look, inside, -6.0, 172.0), left, width);
    draw_lookahead(stage, part(TIMES, 172.0));
    draw_heard(stage, part(HEARD, HEARD_WIDTH));
    let sides = part(SIDES, 242.0);
    key::draw(stage, sides);
    draw_sides(stage, sides);
}

fn draw_knob(stage: &mut DeEsserStage<'_, '_>, place: Rect, id: &str, colour: Color32) {
    let index = stage.desk.index(id);
    let place = place.shrink2(stage.look.size(5.0, 0.0));
    knob(stage.ui, stage.look, stage.desk, index, place, Knob { colour, from: 0.0 });
}

fn draw_lookahead(stage: &mut DeEsserStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let line = row(look, place, 120.0, 28.0);
    let index = stage.desk.index("lookahead");
    switch(stage.ui, look, stage.desk, index, cell(look, line, 0.0, 92.0), theme::SIGNAL);
    let is_on = stage.desk.value(index) > 0.5;
    if is_on {
        let time = stage.desk.index("lookahead-time");
        field(stage.ui, look, stage.desk, time, cell(look, line, 98.0, 72.0));
    }
    let text = if is_on {
        format!("adds {} ms of latency", number(MAX_LOOKAHEAD_MS as f32, 0))
    } else {
        "off: no latency".to_owned()
    };
    caption(stage, row(look, place, 152.0, 16.0), Align2::LEFT_CENTER, &text);
}

/// What is taken for an s, where, and what of it is turned down.
fn draw_heard(stage: &mut DeEsserStage<'_, '_>, place: Rect) {
    let look = stage.look;
    title(stage, row(look, place, 0.0, 16.0), "Detect");
    let line = row(look, place, 18.0, 28.0);
    let index = stage.desk.index("detect");
    choice(stage.ui, look, stage.desk, index, cell(look, line, 0.0, 170.0));
    let unit = match stage.params.detection.detect.value() {
        Detect::Relative => "dB",
        Detect::Absolute => "dBFS",
    };
    let threshold_db = stage.params.settings().de_esser.threshold_db() as f32;
    let text = format!("from {} {unit} on", number(threshold_db, 1));
    caption(stage, line.with_min_x(line.left() + look.px(180.0)), Align2::LEFT_CENTER, &text);

    title(stage, row(look, place, 56.0, 16.0), "Turns down");
    let mode = stage.desk.index("mode");
    let split = stage.desk.index("split");
    let line = row(look, place, 74.0, 28.0);
    choice_or(stage.ui, look, stage.desk, mode, split, line);
    let is_split = stage.params.reduction.split.value();
    let text = match stage.params.reduction.mode.value() {
        _ if is_split => {
            format!("the band, in linear phase; adds {} ms of latency", number(SPLIT_MS as f32, 0))
        }
        Mode::Bell => "the band, with soft edges; no latency".to_owned(),
        Mode::Shelf => "all from the lower end up; no latency".to_owned(),
        Mode::Wide => "the whole voice; no latency".to_owned(),
    };
    caption(stage, row(look, place, 104.0, 16.0), Align2::LEFT_CENTER, &text);

    let line = row(look, place, 134.0, 28.0);
    let mut left = 0.0;
    for (name, id, words) in [("Low", "low", 30.0), ("High", "high", 34.0)] {
        title(stage, cell(look, line, left, words), name);
        let index = stage.desk.index(id);
        field(stage.ui, look, stage.desk, index, cell(look, line, left + words, 104.0));
        left += words + 104.0 + 16.0;
    }
}

/// Which channels, and how far together.
fn draw_sides(stage: &mut DeEsserStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let (names, line) = (row(look, place, 116.0, 16.0), row(look, place, 134.0, 28.0));
    let mut left = 0.0;
    let mut at = |width: f32| {
        let from = left;
        left += width + 14.0;
        (cell(look, names, from, width), cell(look, line, from, width))
    };
    let (name, mode) = at(108.0);
    title(stage, name, "Channels");
    let index = stage.desk.index("stereo-mode");
    choice(stage.ui, look, stage.desk, index, mode);
    let (name, link) = at(92.0);
    title(stage, name, "Link");
    let index = stage.desk.index("link");
    field(stage.ui, look, stage.desk, index, link);
}
