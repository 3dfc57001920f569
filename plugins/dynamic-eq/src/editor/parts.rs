//! Small things that the parts of the page share.

use super::EqStage;
use egui::{Align2, Rect, Sense, WidgetInfo, pos2};
use support::editor::theme::{self, size};
use support::editor::widgets::{label, number};
pub(super) use support::editor::{cell, row};

/// A small word above or beside something.
pub(super) fn caption(stage: &mut EqStage<'_, '_>, place: Rect, align: Align2, text: &str) {
    let font = stage.look.font(size::SMALL);
    label(stage.ui, place, align, text, font, theme::LABEL);
}

/// dB to a tenth, with sign and unit.
pub(super) fn signed_db(db: f32) -> String {
    let text = number(db, 1);
    let plus = if db >= 0.05 { "+" } else { "" };
    format!("{plus}{text} dB")
}

/// A control that has no meaning just now: its name, and a word why.
pub(super) fn idle(stage: &mut EqStage<'_, '_>, place: Rect, name: &str, why: &str) {
    let look = stage.look;
    let inside = place.shrink(look.px(4.0));
    let painter = stage.ui.painter();
    let centre = pos2(inside.center().x, inside.top() + look.px(26.0));
    painter.circle_stroke(centre, look.px(22.0), look.stroke(1.0, theme::LINE));
    let dash = [centre - look.size(6.0, 0.0), centre + look.size(6.0, 0.0)];
    painter.line_segment(dash, look.stroke(1.5, theme::TRACK));
    let small = look.font(size::SMALL + 1.0);
    let at = |up: f32| pos2(place.center().x, place.bottom() - look.px(up));
    painter.text(at(30.0), Align2::CENTER_CENTER, name, small.clone(), theme::LABEL);
    painter.text(at(10.0), Align2::CENTER_CENTER, why, small, theme::LABEL);
    let id = stage.ui.scope_id().with(("idle", name));
    let response = stage.ui.interact(place, id, Sense::hover());
    let spoken = format!("{name}: {why}");
    if response.hovered() {
        stage.desk.set_hint(spoken.clone());
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, false, &spoken));
}
