//! What concerns all bands: how far they move now, by how much of a key, and what comes after them.

use super::parts::{caption, cell, row, signed_db};
use super::{EqStage, Heard, reading};
use crate::dsp::shown;
use crate::hears_key;
use egui::{Align2, Rect};
use shared_dsp::eq::MAX_LOOKAHEAD_MS;
use support::editor::theme::{self, size};
use support::editor::widgets::{
    Knob, Lamp, field, knob_saying, label, lamp, number, panel, switch,
};

/// Size of the panel's one number, at 100 %.
const LARGE: f32 = 34.0;
/// A move smaller than this is none, in dB.
const STILL_DB: f32 = 0.05;

/// Draws the panel.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, rect: Rect, heard: &Heard) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    caption(stage, row(look, inside, -2.0, 14.0), Align2::LEFT_CENTER, "Largest move now");
    draw_move(stage, row(look, inside, 12.0, 40.0), heard);
    draw_key(stage, row(look, inside, 54.0, 20.0));
    let knobs = row(look, inside, 84.0, 96.0);
    let middle = stage.desk.control(stage.desk.index("output")).normalized_of(0.0);
    for (count, (id, colour, from)) in
        [("scale", theme::GAIN, 0.0), ("mix", theme::SIGNAL, 0.0), ("output", theme::GAIN, middle)]
            .into_iter()
            .enumerate()
    {
        let index = stage.desk.index(id);
        let place = cell(look, knobs, 85.0 * count as f32, 85.0);
        let words = if id == "scale" { "Move scale" } else { stage.desk.control(index).name() };
        let words = words.to_owned();
        knob_saying(stage.ui, look, stage.desk, index, place, Knob { colour, from }, &words);
    }
    draw_auto_gain(stage, row(look, inside, 186.0, 24.0));
    draw_lookahead(stage, row(look, inside, 214.0, 24.0));
}

/// The largest move of the whole curve, and where it is.
fn draw_move(stage: &mut EqStage<'_, '_>, line: Rect, heard: &Heard) {
    let look = stage.look;
    let (db, hz) = heard.largest_move();
    let moves = db.abs() >= STILL_DB;
    let colour = if moves { theme::GAIN } else { theme::TEXT };
    let text = number(if moves { db } else { 0.0 }, 1);
    let text = if moves && db > 0.0 { format!("+{text}") } else { text };
    let drawn = label(stage.ui, line, Align2::LEFT_CENTER, &text, look.bold(LARGE), colour);
    let unit =
        line.with_min_x(drawn.right() + look.px(6.0)).with_max_y(drawn.bottom() - look.px(5.0));
    let any = stage.params.unmask.on.value() || (0..heard.bands.len()).any(|at| heard.moves(at));
    let words = match (moves, any) {
        (true, _) if heard.is_by_unmask(db, hz) => format!("dB at {}, Unmask", short_hz(hz)),
        (true, _) => format!("dB at {}", short_hz(hz)),
        (false, true) => "dB: at rest".to_owned(),
        (false, false) => "dB: no band moves".to_owned(),
    };
    label(stage.ui, unit, Align2::LEFT_BOTTOM, &words, look.font(size::BODY), theme::LABEL);
}

fn short_hz(hz: f32) -> String {
    if hz >= 1000.0 {
        format!("{} kHz", number(hz / 1000.0, 1))
    } else {
        format!("{} Hz", number(hz, 0))
    }
}

/// Whether there is a key, and anybody who listens to it.
fn draw_key(stage: &mut EqStage<'_, '_>, place: Rect) {
    let fed = reading(stage, shown::KEY_FED) > 0.0;
    let (state, text, hint) = match (hears_key(stage.params), fed) {
        (true, true) => {
            (Lamp::On(theme::KEY), "key live", "The key input is heard by a band or by Unmask.")
        }
        (true, false) => (
            Lamp::Alarm(theme::OVER),
            "no key: what it keys rests",
            "Nothing has come in on the key input for two seconds; what listens to it rests.",
        ),
        (false, true) => (
            Lamp::Off,
            "key live, no band listens",
            "A signal comes in on the key input; choose External on a band, or switch on Unmask.",
        ),
        (false, false) => (Lamp::Off, "no key", "Nothing comes in on the key input."),
    };
    lamp(stage.ui, stage.look, place, state, text);
    if stage.ui.rect_contains_pointer(place) {
        stage.desk.hint(hint);
    }
}

fn draw_auto_gain(stage: &mut EqStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let index = stage.desk.index("auto-gain");
    switch(stage.ui, look, stage.desk, index, cell(look, line, 0.0, 92.0), theme::GAIN);
    let reading_db = reading(stage, shown::AUTO_GAIN);
    let by = signed_db(if reading_db.is_finite() { reading_db } else { 0.0 });
    let is_on = stage.desk.value(index) > 0.5;
    let text = if is_on { by } else { format!("would be {by}") };
    let colour = if is_on { theme::GAIN } else { theme::LABEL };
    let font = look.font(size::BODY);
    let beside = line.with_min_x(line.left() + look.px(102.0));
    label(stage.ui, beside, Align2::LEFT_CENTER, &text, font, colour);
}

fn draw_lookahead(stage: &mut EqStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let index = stage.desk.index("lookahead");
    switch(stage.ui, look, stage.desk, index, cell(look, line, 0.0, 92.0), theme::SIGNAL);
    let font = look.font(size::BODY);
    if stage.desk.value(index) > 0.5 {
        let time = stage.desk.index("lookahead-time");
        field(stage.ui, look, stage.desk, time, cell(look, line, 98.0, 76.0));
        let beside = line.with_min_x(line.left() + look.px(182.0));
        let text = format!("adds {} ms", number(MAX_LOOKAHEAD_MS as f32, 0));
        label(stage.ui, beside, Align2::LEFT_CENTER, &text, font, theme::LABEL);
    } else {
        let beside = line.with_min_x(line.left() + look.px(102.0));
        label(stage.ui, beside, Align2::LEFT_CENTER, "off: no latency", font, theme::LABEL);
    }
}
