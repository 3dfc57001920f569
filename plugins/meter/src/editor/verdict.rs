//! The verdict: what was ordered against what is, line by line, and the sentence that says what to do.

use super::mark::{colour_of, mark};
use super::measured::delivery;
use super::{MeterStage, titled};
use crate::export::Exporter;
use egui::{Align2, Rect, Sense, WidgetInfo, pos2, vec2};
use report::delivery::{Delivery, Line, Outcome};
use std::sync::Arc;
use support::editor::theme::{self, size};
use support::editor::widgets::{Tone, button, label, switch};

/// Height of a line at 100 %.
const LINE: f32 = 22.0;
/// Shares of the width at which a line's columns begin: what, measured, limits.
const COLUMNS: [f32; 2] = [0.36, 0.66];

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let (title, inside) = titled(stage, rect, "Verdict");
    let look = stage.look;
    let delivery = delivery(stage);
    let verdict = &delivery.verdict;
    let word = title.with_min_x(title.left() + look.px(76.0));
    let colour = colour_of(verdict.outcome);
    mark(stage, word.left_center() - vec2(look.px(12.0), 0.0), verdict.outcome);
    let says = verdict.outcome.word();
    label(stage.ui, word, Align2::LEFT_CENTER, says, look.bold(size::BODY), colour);
    exports(stage, title, &delivery);

    let sentence = inside.with_min_y(inside.bottom() - look.px(34.0));
    let lines = inside.with_max_y(sentence.top() - look.px(2.0));
    let each = look.px(LINE).min(lines.height() / verdict.lines.len().max(1) as f32);
    for (n, line) in verdict.lines.iter().enumerate() {
        let corner = pos2(lines.left(), lines.top() + each * n as f32);
        draw_line(stage, Rect::from_min_size(corner, vec2(lines.width(), each)), line);
    }
    let text = format!("{}.", verdict.sentence);
    let font = look.font(size::BODY);
    let painter = stage.ui.painter();
    let galley = painter.layout(text.clone(), font, colour, sentence.width());
    let at = pos2(sentence.left(), sentence.bottom() - galley.size().y);
    painter.galley(at, galley, colour);
    let id = stage.ui.scope_id().with("verdict sentence");
    let response = stage.ui.interact(sentence, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &text));
    if response.hovered() {
        let target = &verdict.target;
        if !target.source.is_empty() {
            stage.desk.hint(&format!("{} ({})", target.source, target.date));
        }
    }
}

/// A mark, what was checked, what was measured, and within what it is to lie.
fn draw_line(stage: &mut MeterStage<'_, '_>, place: Rect, line: &Line) {
    let look = stage.look;
    mark(stage, place.left_center() + vec2(look.px(6.0), 0.0), line.outcome);
    let painter = stage.ui.painter().with_clip_rect(place.expand2(vec2(0.0, look.px(2.0))));
    let y = place.center().y;
    let column = |share: f32| pos2(place.left() + share * place.width(), y);
    let small = look.font(size::SMALL + 1.0);
    let what = place.left_center() + vec2(look.px(20.0), 0.0);
    painter.text(what, Align2::LEFT_CENTER, &line.what, small.clone(), theme::LABEL);
    let [measured, limits] = COLUMNS.map(column);
    let bold = look.bold(size::SMALL + 1.0);
    let read = if line.outcome == Outcome::Failed { theme::OVER } else { theme::TEXT };
    painter.text(measured, Align2::LEFT_CENTER, &line.measured, bold, read);
    // What was measured may be long, and then there is no limit beside it.
    if !line.limits.is_empty() {
        painter.text(limits, Align2::LEFT_CENTER, &line.limits, small, theme::LABEL);
    }
    let id = stage.ui.scope_id().with(("verdict", &line.what));
    let response = stage.ui.interact(place, id, Sense::hover());
    let name = format!("{}: {}", line.what, line.outcome.word());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, &name));
    let spoken = format!("{} {}", line.measured, line.limits);
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken.trim().to_owned()));
    if response.hovered() && !line.advice.is_empty() {
        stage.desk.hint(&format!("{}.", line.advice));
    }
}

/// Whether the history is kept, and what is written to files.
fn exports(stage: &mut MeterStage<'_, '_>, title: Rect, delivery: &Delivery) {
    let look = stage.look;
    let place = |right: f32, width: f32| {
        let centre = pos2(title.right() - look.px(right + 0.5 * width), title.center().y);
        Rect::from_center_size(centre, look.size(width, 24.0))
    };
    let keep = stage.desk.index("keep-history");
    switch(stage.ui, look, stage.desk, keep, place(72.0, 104.0), theme::SIGNAL);
    let hint = "Writes the verdict and the history as PNG, JSON and CSV into Documents/Stemwright.";
    let id = stage.ui.scope_id().with("exporter");
    let exporter: Arc<Exporter> =
        stage.ui.data_mut(|data| data.get_temp_mut_or_default::<Arc<Exporter>>(id).clone());
    let tone = if exporter.is_busy() { Tone::Idle } else { Tone::Ready };
    if button(stage.ui, look, stage.desk, place(0.0, 66.0), "Export", tone, hint) {
        let steps = stage.params.history.steps();
        exporter.begin(delivery.clone(), steps, stage.ui.ctx().clone());
    }
    if let Some(news) = exporter.take_news() {
        stage.desk.say(stage.ui, &news);
    }
}
