//! A gain-reduction meter: from the top down, with numbers of its own.

use crate::editor::theme::{self, Look, size};
use egui::{Align2, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Draws a reduction of `reduction_db` (0 or more) into `rect`, with a scale down to `range_db` at
/// its right and its name below.
pub fn reduction(ui: &mut Ui, look: Look, rect: Rect, reduction_db: f32, range_db: f32) {
    let step = if range_db > 12.0 { 6.0 } else { 3.0 };
    let marks: Vec<f32> = (0..=(range_db / step) as usize).map(|mark| mark as f32 * step).collect();
    reduction_on(ui, look, rect, reduction_db, range_db, &marks);
}

/// The same on a scale with numbers of one's own: for a meter that stands beside another drawing and is
/// read by the same numbers.
pub fn reduction_on(
    ui: &mut Ui,
    look: Look,
    rect: Rect,
    reduction_db: f32,
    range_db: f32,
    marks_db: &[f32],
) {
    let mut well = rect;
    well.max.y -= look.px(20.0);
    well.max.x -= look.px(24.0);
    let painter = ui.painter();
    painter.rect_filled(well, look.corner(3.0), theme::WELL);
    let y = |db: f32| well.top() + well.height() * (db / range_db).clamp(0.0, 1.0);
    let small = look.font(size::SMALL);
    for mark in marks_db {
        let at = pos2(well.right() + look.px(6.0), y(*mark));
        let text = super::number(-mark, 0);
        painter.text(at, Align2::LEFT_CENTER, text, small.clone(), theme::GAIN);
        painter.hline(well.x_range(), y(*mark), look.stroke(1.0, theme::GRID));
    }
    if reduction_db > 0.0 {
        let bar = Rect::from_min_max(well.min, pos2(well.right(), y(reduction_db)));
        painter.rect_filled(bar.shrink2(vec2(look.px(2.0), 0.0)), 0, theme::GAIN);
    }
    let at = pos2(well.center().x, rect.bottom());
    painter.text(at, Align2::CENTER_BOTTOM, "GR", small, theme::LABEL);
    let id = ui.scope_id().with("reduction");
    let response = ui.interact(well, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, "Gain reduction"));
    let value = format!("{} dB", super::number(-reduction_db, 1));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
}
