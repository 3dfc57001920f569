//! The static curve: what goes out for every level of the key, with the level riding on it, and the
//! threshold to be dragged.

use super::CompressorStage;
use super::parts::{caption, reduction_db, row, shown};
use crate::dsp::Shown;
use crate::params::Key;
use egui::{Align2, Rect, Sense, Shape, pos2, vec2};
use shared_dsp::compressor::BusCompressorParams;
use shared_dsp::db;
use support::editor::theme::{self, size};
use support::editor::widgets::{number, panel};
use support::editor::{Way, handle};

/// Both axes go from here to 0 dB, from line to line.
const LOWEST_DB: f32 = -60.0;
const STEP_DB: f32 = 12.0;
/// Room for the numbers left and below, at 100 %.
const BESIDE: f32 = 26.0;
const BELOW: f32 = 18.0;

/// What goes out for a level of the key in dB, reduced by so much: makeup and mix included.
fn output_db(params: &BusCompressorParams, level_db: f64, reduction_db: f64) -> f64 {
    let auto_db = if params.auto_makeup { params.auto_makeup_db() } else { 0.0 };
    let wet = db::to_gain(params.makeup_db + auto_db - reduction_db);
    level_db + db::from_gain(params.mix * wet + (1.0 - params.mix))
}

/// Draws the panel.
pub(super) fn draw(stage: &mut CompressorStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let is_external = stage.params.key.source.value() == Key::External;
    let params = stage.params.settings().compressor;
    let line = row(look, inside, -2.0, 18.0);
    let across = if is_external { "Out over key, dB" } else { "Out over in, dB" };
    caption(stage, line, Align2::LEFT_CENTER, across);

    let plot = inside
        .with_min_x(inside.left() + look.px(BESIDE))
        .with_min_y(line.bottom() + look.px(6.0))
        .with_max_y(inside.bottom() - look.px(BELOW));
    draw_axes(stage, plot);
    let at = |level_db: f64, out_db: f64| {
        let share = |db: f64| 1.0 - db as f32 / LOWEST_DB;
        pos2(
            plot.left() + plot.width() * share(level_db),
            plot.bottom() - plot.height() * share(out_db),
        )
    };
    let places = |of: &dyn Fn(f64) -> f64| -> Vec<egui::Pos2> {
        (0..=240)
            .map(|step| f64::from(LOWEST_DB) * (1.0 - f64::from(step) / 240.0))
            .map(|level_db| at(level_db, of(level_db)))
            .collect()
    };
    let painter = stage.ui.painter().with_clip_rect(plot);
    let unchanged = [at(LOWEST_DB.into(), LOWEST_DB.into()), at(0.0, 0.0)];
    let dashes =
        Shape::dashed_line(&unchanged, look.stroke(1.25, theme::TRACK), look.px(4.0), look.px(4.0));
    painter.extend(dashes);
    let curve = places(&|level_db| output_db(&params, level_db, params.reduction_db(level_db)));
    painter.add(Shape::line(curve, look.stroke(2.5, theme::GAIN)));
    let (level_db, taken_db) =
        (shown(stage, Shown::KeyLevel), reduction_db(stage, Shown::GainReduction));
    let is_heard = level_db > LOWEST_DB;
    let spoken = if is_heard {
        let out_db = output_db(&params, level_db.into(), taken_db.into());
        let dot = at(level_db.into(), out_db);
        let colour = if is_external { theme::KEY } else { theme::SIGNAL };
        painter.circle(dot, look.px(6.0), colour, look.stroke(2.0, theme::WELL));
        format!("{} dB in, {} dB out", number(level_db, 1), number(out_db as f32, 1))
    } else {
        "nothing".to_owned()
    };
    let words = if is_heard { format!("{} dB", number(level_db, 1)) } else { "silence".to_owned() };
    caption(stage, line, Align2::RIGHT_CENTER, &words);
    let id = stage.ui.scope_id().with("curve");
    let response = stage.ui.interact(plot, id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Level on curve"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
    draw_threshold(stage, plot);
}

fn draw_axes(stage: &CompressorStage<'_, '_>, plot: Rect) {
    let look = stage.look;
    let painter = stage.ui.painter();
    painter.rect_filled(plot, look.corner(4.0), theme::WELL);
    let small = look.font(size::SMALL);
    let steps = (LOWEST_DB / -STEP_DB) as usize;
    for step in 0..=steps {
        let level_db = -STEP_DB * step as f32;
        let share = 1.0 - level_db / LOWEST_DB;
        let (x, y) = (plot.left() + plot.width() * share, plot.bottom() - plot.height() * share);
        painter.vline(x, plot.y_range(), look.stroke(1.0, theme::GRID));
        painter.hline(plot.x_range(), y, look.stroke(1.0, theme::GRID));
        let text = number(level_db, 0);
        let beside = pos2(plot.left() - look.px(5.0), y);
        painter.text(beside, Align2::RIGHT_CENTER, &text, small.clone(), theme::LABEL);
        let align = if step == 0 { Align2::RIGHT_TOP } else { Align2::CENTER_TOP };
        // The lowest is written once, at the other axis.
        if step < steps {
            let below = pos2(x, plot.bottom() + look.px(4.0));
            painter.text(below, align, &text, small.clone(), theme::LABEL);
        }
    }
}

/// The threshold as a line that can be dragged sideways.
fn draw_threshold(stage: &mut CompressorStage<'_, '_>, plot: Rect) {
    let look = stage.look;
    let index = stage.desk.index("threshold");
    let control = stage.desk.control(index);
    let share = |plain: f32| 1.0 - plain / LOWEST_DB;
    let threshold = control.plain_of(stage.desk.value(index));
    let x = plot.left() + plot.width() * share(threshold).clamp(0.0, 1.0);
    let hand = Rect::from_x_y_ranges(x - look.px(8.0)..=x + look.px(8.0), plot.y_range());
    let id = stage.ui.scope_id().with("threshold line");
    let response = stage.ui.interact(hand, id, Sense::click_and_drag());
    // One dB of drag is one dB of the drawing.
    let way = plot.width() * (share(control.plain_of(1.0)) - share(control.plain_of(0.0)));
    handle(stage.ui, look, stage.desk, index, &response, Way::Across(way / look.scale));
    let lit = response.hovered() || response.dragged();
    if lit {
        stage.ui.set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
    }
    let painter = stage.ui.painter();
    let stroke = look.stroke(if lit { 2.5 } else { 1.5 }, theme::TEXT);
    let ends = [pos2(x, plot.top()), pos2(x, plot.bottom())];
    painter.extend(Shape::dashed_line(&ends, stroke, look.px(5.0), look.px(3.0)));
    let tip = pos2(x, plot.bottom());
    let corners = [tip, tip + look.size(-5.0, 7.0), tip + look.size(5.0, 7.0)];
    painter.add(Shape::convex_polygon(corners.to_vec(), theme::TEXT, egui::Stroke::NONE));
    if response.has_focus() {
        let ring = hand.shrink2(vec2(look.px(3.0), 0.0));
        let stroke = look.stroke(1.5, theme::TEXT);
        painter.rect_stroke(ring, look.corner(3.0), stroke, egui::StrokeKind::Inside);
    }
    let is_off = threshold >= 0.0;
    let text = if is_off { "off".to_owned() } else { stage.desk.text(index) };
    let width = if is_off { 30.0 } else { 74.0 };
    let left = (x + look.px(6.0)).min(plot.right() - look.px(width));
    // Above the line where it would lie on the curve.
    let tag = Rect::from_min_size(
        pos2(if x > plot.center().x { x - look.px(width + 6.0) } else { left }, {
            plot.bottom() - look.px(26.0)
        }),
        look.size(width, 20.0),
    );
    painter.rect_filled(tag, look.corner(4.0), theme::TEXT);
    let bold = look.bold(size::SMALL + 1.0);
    painter.text(tag.center(), Align2::CENTER_CENTER, &text, bold, theme::WELL);
    let spoken = stage.desk.text(index);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, "Threshold line"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_is_what_is_left_with_makeup_and_mix() {
        let params = BusCompressorParams {
            threshold_db: -20.0,
            ratio: 4.0,
            knee_db: 0.0,
            ..BusCompressorParams::DEFAULT
        };
        let out = |params: &BusCompressorParams, level_db: f64| {
            output_db(params, level_db, params.reduction_db(level_db))
        };
        assert!((out(&params, -30.0) + 30.0).abs() < 1e-9);
        assert!((out(&params, -10.0) + 17.5).abs() < 1e-9);
        let louder = BusCompressorParams { makeup_db: 2.0, ..params };
        assert!((out(&louder, -10.0) + 15.5).abs() < 1e-9);
        // Half of the 15 dB that are taken off at 0 dBFS.
        let auto = BusCompressorParams { auto_makeup: true, ..params };
        assert!((out(&auto, 0.0) + 7.5).abs() < 1e-9);
        let half = BusCompressorParams { mix: 0.5, ..params };
        let wanted = db::from_gain(0.5 * db::to_gain(-7.5) + 0.5) - 10.0;
        assert!((out(&half, -10.0) - wanted).abs() < 1e-9);
    }
}
