//! Small things that the parts of the page share.

use super::DeEsserStage;
use crate::dsp::Shown;
use egui::{Align2, Rect, pos2, vec2};
use support::editor::Look;
use support::editor::theme::{self, size};
use support::editor::widgets::label;

/// A reading.
pub(super) fn shown(stage: &DeEsserStage<'_, '_>, reading: Shown) -> f32 {
    stage.readings.get(reading as usize)
}

/// A row of a height within a rectangle, its top at a distance from the rectangle's.
pub(super) fn row(look: Look, within: Rect, top: f32, height: f32) -> Rect {
    let corner = pos2(within.left(), within.top() + look.px(top));
    Rect::from_min_size(corner, vec2(within.width(), look.px(height)))
}

/// A part of a row of a width, its left at a distance from the row's.
pub(super) fn cell(look: Look, row: Rect, left: f32, width: f32) -> Rect {
    let corner = pos2(row.left() + look.px(left), row.top());
    Rect::from_min_size(corner, vec2(look.px(width), row.height()))
}

/// A small word above or beside something.
pub(super) fn caption(stage: &mut DeEsserStage<'_, '_>, place: Rect, align: Align2, text: &str) {
    let font = stage.look.font(size::SMALL + 1.0);
    label(stage.ui, place, align, text, font, theme::LABEL);
}

/// The name above a control that says it itself: for the eye alone.
pub(super) fn title(stage: &DeEsserStage<'_, '_>, place: Rect, text: &str) {
    let font = stage.look.font(size::SMALL + 1.0);
    let at = place.left_center();
    stage.ui.painter().text(at, Align2::LEFT_CENTER, text, font, theme::LABEL);
}
