//! The level of a band's key against its threshold, and what the band makes of it.
//!
//! Levels stand upright. Beside the meter lies the band's static curve on its side: the farther to
//! the right, the more it moves at that level; its bend is the knee. The threshold is a line through
//! both that can be dragged.

use super::band::{self, What};
use super::parts::{caption, row, signed_db};
use super::{EqStage, Heard, reading};
use crate::dsp::shown;
use crate::params::KeySource;
use egui::epaint::{Mesh, Vertex};
use egui::{Align2, Rect, Sense, Shape, pos2, vec2};
use shared_dsp::dynamics::gain_computer::GainComputers;
use shared_dsp::eq::BandParams;
use support::editor::theme::{self, size};
use support::editor::widgets::{label, number};
use support::editor::{Way, handle};

/// Widths at 100 %: the scale's numbers, and the meter.
const NUMBERS: f32 = 28.0;
const METER: f32 = 20.0;

/// The scale for a source: bottom, top and from line to line, in dB.
fn scale_db(source: KeySource) -> [f32; 3] {
    match source {
        KeySource::Difference => [-36.0, 24.0, 12.0],
        KeySource::Internal | KeySource::External | KeySource::Voice => [-80.0, 0.0, 20.0],
    }
}

/// Why a band does not move, if it cannot.
fn why_still(stage: &EqStage<'_, '_>, heard: &Heard, at: usize) -> Option<&'static str> {
    let band = &stage.params.bands[at];
    let hears_key = band.key.value() != KeySource::Internal;
    if !heard.bands[at].band.on {
        Some("the band is off")
    } else if band.range.value() == 0.0 {
        Some("range is 0: still")
    } else if heard.bands[at].range_db == 0.0 {
        Some("scale is 0: still")
    } else if hears_key && reading(stage, shown::KEY_FED) <= 0.0 {
        Some("no key: at rest")
    } else {
        None
    }
}

/// Draws the meter of a band.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, rect: Rect, heard: &Heard, at: usize) {
    let look = stage.look;
    let source = stage.params.bands[at].key.value();
    let name = match source {
        KeySource::Internal => "Stem, dBFS",
        KeySource::External | KeySource::Voice => "Key, dBFS",
        KeySource::Difference => "Stem \u{2212} key, dB",
    };
    caption(stage, row(look, rect, 0.0, 14.0), Align2::LEFT_CENTER, name);
    let still = why_still(stage, heard, at);
    let foot = row(look, rect, 0.0, 22.0).translate(vec2(0.0, rect.height() - look.px(22.0)));
    let moved = heard.bands[at].move_db as f32;
    let (text, font, colour) = match still {
        Some(why) => (why.to_owned(), look.font(size::SMALL + 1.0), theme::LABEL),
        None => (signed_db(moved), look.bold(size::SECTION), theme::GAIN),
    };
    let words = foot.with_min_x(foot.left() + look.px(if still.is_some() { 0.0 } else { NUMBERS }));
    label(stage.ui, words, Align2::LEFT_CENTER, &text, font, colour);

    let [bottom_db, top_db, step_db] = scale_db(source);
    let well = rect
        .with_min_x(rect.left() + look.px(NUMBERS))
        .with_min_y(rect.top() + look.px(20.0))
        .with_max_y(foot.top() - look.px(6.0));
    let y = |db: f32| {
        let share = (db - bottom_db) / (top_db - bottom_db);
        well.bottom() - well.height() * share.clamp(0.0, 1.0)
    };
    let painter = stage.ui.painter();
    painter.rect_filled(well, look.corner(4.0), theme::WELL);
    let mut level = bottom_db;
    while level <= top_db {
        painter.hline(well.x_range(), y(level), look.stroke(1.0, theme::GRID));
        let place = pos2(well.left() - look.px(5.0), y(level));
        let text = number(level, 0);
        let text = if level > 0.0 { format!("+{text}") } else { text };
        painter.text(place, Align2::RIGHT_CENTER, text, look.font(size::SMALL), theme::LABEL);
        level += step_db;
    }
    let curve = well.with_min_x(well.left() + look.px(METER + 4.0));
    draw_curve(stage, curve, &heard.bands[at].band, [bottom_db, top_db]);
    let heard_db = reading(stage, shown::LEVEL + at);
    let listens = still.is_none() && heard_db.is_finite() && heard_db > -199.0;
    if listens {
        let colour = if source == KeySource::Internal { theme::SIGNAL } else { theme::KEY };
        let from = if source == KeySource::Difference { y(0.0) } else { well.bottom() };
        let across = well.left() + look.px(2.0)..=well.left() + look.px(METER);
        let bar = egui::Rangef::new(from, y(heard_db)).as_positive();
        painter.rect_filled(Rect::from_x_y_ranges(across, bar), 0, colour);
        let range_db = heard.bands[at].range_db;
        let share = if range_db == 0.0 { 0.0 } else { (f64::from(moved) / range_db) as f32 };
        let dot = pos2(curve.left() + curve.width() * share.clamp(0.0, 1.0), y(heard_db));
        painter.circle(dot, look.px(4.0), theme::GAIN, look.stroke(1.5, theme::WELL));
    }
    let spoken = if listens { format!("{} dB", number(heard_db, 1)) } else { "nothing".to_owned() };
    let id = stage.ui.scope_id().with("key meter");
    let response = stage.ui.interact(well, id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Key level"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
    draw_threshold(stage, well, at, [bottom_db, top_db]);
}

/// How much of its range a band takes at a level, 0 to 1.
fn share_of(band: &BandParams) -> impl Fn(f32) -> f32 + use<> {
    let mut computer = GainComputers::default();
    let range_db = band.range_db.abs();
    computer.set(0, band.action, band.threshold_db, band.ratio, band.knee_db, range_db);
    move |level_db| {
        if range_db == 0.0 {
            return 0.0;
        }
        (computer.change_db(0, f64::from(level_db)) / range_db) as f32
    }
}

/// The static curve on its side: an area as wide as the band moves.
fn draw_curve(stage: &EqStage<'_, '_>, place: Rect, band: &BandParams, [bottom, top]: [f32; 2]) {
    const STEPS: usize = 96;
    let look = stage.look;
    let share = share_of(band);
    let edge: Vec<_> = (0..=STEPS)
        .map(|step| {
            let up = step as f32 / STEPS as f32;
            let x = place.left() + place.width() * share(bottom + (top - bottom) * up);
            pos2(x, place.bottom() - place.height() * up)
        })
        .collect();
    let mut mesh = Mesh::default();
    let colour = theme::GAIN.gamma_multiply(0.2);
    for at in &edge {
        for pos in [pos2(place.left(), at.y), *at] {
            mesh.vertices.push(Vertex { pos, uv: egui::epaint::WHITE_UV, color: colour });
        }
    }
    for pair in 1..=STEPS as u32 {
        mesh.add_triangle(2 * pair - 2, 2 * pair - 1, 2 * pair);
        mesh.add_triangle(2 * pair - 1, 2 * pair, 2 * pair + 1);
    }
    let painter = stage.ui.painter().with_clip_rect(place.expand(look.px(1.0)));
    painter.add(Shape::mesh(mesh));
    painter.add(Shape::line(edge, look.stroke(1.5, theme::GAIN)));
}

/// The threshold as a line that can be dragged.
fn draw_threshold(stage: &mut EqStage<'_, '_>, well: Rect, at: usize, [bottom, top]: [f32; 2]) {
    let look = stage.look;
    let index = band::index(stage.desk, at, What::Threshold);
    let control = stage.desk.control(index);
    let (low, high) = (control.plain_of(0.0), control.plain_of(1.0));
    let threshold = band::plain(stage.desk, at, What::Threshold);
    let share = ((threshold - bottom) / (top - bottom)).clamp(0.0, 1.0);
    let y = well.bottom() - well.height() * share;
    let hand = Rect::from_x_y_ranges(well.x_range(), y - look.px(7.0)..=y + look.px(7.0));
    let id = stage.ui.scope_id().with("threshold line");
    let response = stage.ui.interact(hand, id, Sense::CLICK | Sense::DRAG);
    // One dB of drag is one dB of the drawing.
    let way = well.height() * (high - low) / (top - bottom) / look.scale;
    handle(stage.ui, look, stage.desk, index, &response, Way::Up(Some(way)));
    let lit = response.hovered() || response.dragged();
    if lit {
        stage.ui.set_cursor_icon(egui::CursorIcon::ResizeVertical);
    }
    let painter = stage.ui.painter();
    let stroke = look.stroke(if lit { 2.5 } else { 1.5 }, theme::TEXT);
    let ends = [pos2(well.left(), y), pos2(well.right(), y)];
    painter.extend(Shape::dashed_line(&ends, stroke, look.px(5.0), look.px(3.0)));
    let tip = pos2(well.right(), y);
    let corners = [tip, tip + look.size(7.0, -5.0), tip + look.size(7.0, 5.0)];
    painter.add(Shape::convex_polygon(corners.to_vec(), theme::TEXT, egui::Stroke::NONE));
    let text = stage.desk.text(index);
    let name = format!("Band {} threshold line", at + 1);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, &name));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::dynamics::gain_computer::Action;

    #[test]
    fn the_curve_is_that_of_the_detector() {
        let band = BandParams {
            range_db: -6.0,
            threshold_db: -30.0,
            ratio: 2.0,
            knee_db: 0.0,
            ..BandParams::DEFAULT
        };
        let share = share_of(&band);
        // Half of what lies above the threshold, of 6 dB.
        for (level, expected) in
            [(-40.0, 0.0), (-30.0, 0.0), (-24.0, 0.5), (-18.0, 1.0), (0.0, 1.0)]
        {
            assert!((share(level) - expected).abs() < 1e-6, "{level}: {}", share(level));
        }
        let below = share_of(&BandParams { action: Action::Below, ..band });
        assert!((below(-36.0) - 0.5).abs() < 1e-6 && below(-20.0) == 0.0);
        assert_eq!(share_of(&BandParams::DEFAULT)(0.0), 0.0);
    }
}
