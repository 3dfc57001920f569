//! Small things that the parts of the page share.

use super::CompressorStage;
use crate::dsp::Shown;
use egui::{Align2, Rect};
use support::editor::theme::{self, size};
use support::editor::widgets::label;
pub(super) use support::editor::{cell, row};

/// A reading.
pub(super) fn shown(stage: &CompressorStage<'_, '_>, reading: Shown) -> f32 {
    stage.readings.get(reading as usize)
}

/// A reduction to draw: none where nothing has been heard yet.
pub(super) fn reduction_db(stage: &CompressorStage<'_, '_>, reading: Shown) -> f32 {
    let db = shown(stage, reading);
    if db.is_finite() { db } else { 0.0 }
}

/// A small word above or beside something.
pub(super) fn caption(stage: &mut CompressorStage<'_, '_>, place: Rect, align: Align2, text: &str) {
    let font = stage.look.font(size::SMALL + 1.0);
    label(stage.ui, place, align, text, font, theme::LABEL);
}

/// The name above a control that says it itself: for the eye alone.
pub(super) fn title(stage: &CompressorStage<'_, '_>, place: Rect, text: &str) {
    let font = stage.look.font(size::SMALL + 1.0);
    let at = place.left_center();
    stage.ui.painter().text(at, Align2::LEFT_CENTER, text, font, theme::LABEL);
}
