//! The bands as a table: every value dragged, turned or typed where it stands.

use super::band::{self, What};
use super::parts::{caption, cell, row, signed_db};
use super::{BANDS, EqStage, Heard, band_in_hand, strip};
use egui::{Align2, Rect, Sense, WidgetInfo};
use support::editor::theme::{self, size};
use support::editor::widgets::{field, label, menu, panel, switch_saying};

/// Height of a line, and from line to line, at 100 %.
const HEIGHT: f32 = 22.0;
const STEP: f32 = 24.0;

/// The columns: name, width at 100 %, and what of the band stands there.
const COLUMNS: [(&str, f32, What); 10] = [
    ("On", 44.0, What::On),
    ("Type", 106.0, What::Type),
    ("Frequency", 88.0, What::Frequency),
    ("Gain", 78.0, What::Gain),
    ("Q", 60.0, What::Q),
    ("Placement", 88.0, What::Placement),
    ("Range", 78.0, What::Range),
    ("Threshold", 84.0, What::Threshold),
    ("Moved by", 98.0, What::Key),
    ("Slope", 0.0, What::Slope),
];
const FIRST: f32 = 34.0;
const BETWEEN: f32 = 6.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, rect: Rect, heard: &Heard) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let top = row(look, inside, -4.0, 28.0);
    strip::ways_to_see(stage, top);
    let names = row(look, inside, 26.0, 14.0);
    let shown = || COLUMNS.iter().filter(|(_, width, _)| *width > 0.0);
    let mut left = FIRST + BETWEEN;
    for (name, width, _) in shown() {
        caption(stage, cell(look, names, left, *width), Align2::LEFT_CENTER, name);
        left += width + BETWEEN;
    }
    caption(stage, cell(look, names, left, 60.0), Align2::LEFT_CENTER, "Now");
    for at in 0..BANDS {
        let line = row(look, inside, 43.0 + STEP * at as f32, HEIGHT);
        if band_in_hand(stage) == at {
            let behind = line.expand2(look.size(6.0, 1.0));
            stage.ui.painter().rect_filled(behind, look.corner(4.0), theme::LINE);
        }
        strip::chip(stage, cell(look, line, 0.0, FIRST), heard, at);
        let mut left = FIRST + BETWEEN;
        for (_, width, what) in shown() {
            draw_cell(stage, cell(look, line, left, *width), heard, at, *what);
            left += width + BETWEEN;
        }
        draw_move(stage, cell(look, line, left, 62.0), heard, at);
    }
}

fn draw_cell(stage: &mut EqStage<'_, '_>, place: Rect, heard: &Heard, at: usize, what: What) {
    let look = stage.look;
    let index = band::index(stage.desk, at, what);
    let kind = heard.bands[at].band.band_type;
    let needs_gain = matches!(what, What::Gain | What::Range | What::Threshold | What::Key);
    match what {
        What::On => {
            let words = if stage.desk.value(index) > 0.5 { "On" } else { "Off" };
            switch_saying(stage.ui, look, stage.desk, index, place, theme::SIGNAL, words);
        }
        // A cut has its slope where others have their gain.
        What::Gain if kind.has_slope() => {
            let slope = band::index(stage.desk, at, What::Slope);
            field(stage.ui, look, stage.desk, slope, place);
        }
        _ if needs_gain && !kind.has_gain() => nothing(stage, place, at, what),
        What::Type | What::Placement | What::Key => {
            menu(stage.ui, look, stage.desk, index, place);
        }
        _ => field(stage.ui, look, stage.desk, index, place),
    }
}

/// A value that has no meaning for the type.
fn nothing(stage: &mut EqStage<'_, '_>, place: Rect, at: usize, what: What) {
    let look = stage.look;
    let font = look.font(size::BODY);
    let painter = stage.ui.painter();
    painter.text(place.center(), Align2::CENTER_CENTER, "\u{2013}", font, theme::LABEL);
    let index = band::index(stage.desk, at, what);
    let name = stage.desk.control(index).name().to_owned();
    let kind = stage.desk.text(band::index(stage.desk, at, What::Type));
    let why = format!("{name}: a {kind} has none.");
    let id = stage.ui.scope_id().with(("nothing", index));
    let response = stage.ui.interact(place, id, Sense::hover());
    if response.hovered() {
        stage.desk.set_hint(why.clone());
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, false, &why));
}

fn draw_move(stage: &mut EqStage<'_, '_>, place: Rect, heard: &Heard, at: usize) {
    let look = stage.look;
    let (text, font, colour) = if heard.moves(at) {
        let text = signed_db(heard.bands[at].move_db as f32);
        (text, look.bold(size::BODY), theme::GAIN)
    } else {
        let on = heard.bands[at].band.on;
        let text = if on { "still" } else { "off" };
        (text.to_owned(), look.font(size::BODY), theme::LABEL)
    };
    label(stage.ui, place, Align2::LEFT_CENTER, &text, font, colour);
}
