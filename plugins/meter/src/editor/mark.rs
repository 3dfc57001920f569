//! The sign of an outcome, drawn: what is right, over or open is told by its shape as well as its colour.

use super::MeterStage;
use egui::{Align2, Color32, Pos2, Shape, Stroke, vec2};
use report::delivery::Outcome;
use support::editor::theme::{self, size};

/// The colour of an outcome.
pub(super) fn colour_of(outcome: Outcome) -> Color32 {
    match outcome {
        Outcome::Noted => theme::LABEL,
        Outcome::Passed => theme::SIGNAL,
        Outcome::Review | Outcome::NotMeasurable => theme::GAIN,
        Outcome::Failed => theme::OVER,
    }
}

/// Draws the sign of an outcome around a place.
pub(super) fn mark(stage: &MeterStage<'_, '_>, at: Pos2, outcome: Outcome) {
    let look = stage.look;
    let painter = stage.ui.painter();
    let colour = colour_of(outcome);
    let stroke = look.stroke(1.75, colour);
    let place = |x: f32, y: f32| at + look.size(x, y);
    match outcome {
        Outcome::Noted => {
            painter.circle_filled(at, look.px(2.0), colour);
        }
        Outcome::Passed => {
            let tick = vec![place(-4.5, 0.5), place(-1.5, 3.5), place(4.5, -3.5)];
            painter.add(Shape::line(tick, stroke));
        }
        Outcome::Failed => {
            painter.line_segment([place(-3.5, -3.5), place(3.5, 3.5)], stroke);
            painter.line_segment([place(-3.5, 3.5), place(3.5, -3.5)], stroke);
        }
        Outcome::Review | Outcome::NotMeasurable => {
            let sign = if outcome == Outcome::Review { "!" } else { "?" };
            let bold = look.bold(size::BODY);
            painter.text(at, Align2::CENTER_CENTER, sign, bold, colour);
        }
    }
}

/// A triangle that stands on its point: something went over here.
pub(super) fn over(stage: &MeterStage<'_, '_>, foot: Pos2, colour: Color32) {
    let look = stage.look;
    let corners = [look.size(-5.0, -8.0), look.size(5.0, -8.0), vec2(0.0, 0.0)];
    let corners = corners.map(|corner| foot + corner).to_vec();
    stage.ui.painter().add(Shape::convex_polygon(corners, colour, Stroke::NONE));
}
