//! A level meter: a bar that moves, a line that holds, and over in red.

use crate::editor::theme::{self, Look, size};
use egui::{Align2, Color32, Rect, Sense, Ui, WidgetInfo, pos2};

/// What a level meter shows, in dB.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Level<'a> {
    /// What it measures, below the bar.
    pub name: &'a str,
    /// The bar.
    pub bar_db: f32,
    /// The line that stays for a while.
    pub held_db: f32,
    /// Above this the bar's top is red.
    pub over_db: f32,
    /// The bar's colour.
    pub colour: Color32,
    /// The ends of the scale.
    pub top_db: f32,
    /// See `top_db`.
    pub bottom_db: f32,
    /// Numbers of the scale to the left of the bar, outside the meter's rectangle.
    pub marks_db: &'a [f32],
}

/// Draws a level meter into `rect`, its name below.
pub fn level(ui: &mut Ui, look: Look, rect: Rect, level: &Level<'_>) {
    let mut well = rect;
    well.max.y -= look.px(20.0);
    let painter = ui.painter();
    painter.rect_filled(well, look.corner(3.0), theme::WELL);
    let y = |db: f32| {
        let share = (level.top_db - db) / (level.top_db - level.bottom_db);
        well.top() + well.height() * share.clamp(0.0, 1.0)
    };
    for db in level.marks_db {
        let at = pos2(well.left() - look.px(6.0), y(*db));
        let small = look.font(size::SMALL);
        painter.text(at, Align2::RIGHT_CENTER, super::number(*db, 0), small, theme::LABEL);
    }
    if level.bar_db > level.bottom_db {
        let top = y(level.bar_db);
        let part = |from: f32, to: f32| {
            Rect::from_min_max(pos2(well.left(), from), pos2(well.right(), to))
                .shrink2(egui::vec2(look.px(2.0), 0.0))
        };
        let over = y(level.over_db).max(top);
        painter.rect_filled(part(over, well.bottom()), 0, level.colour);
        if level.bar_db > level.over_db {
            painter.rect_filled(part(top, over), 0, theme::OVER);
        }
    }
    if level.held_db > level.bottom_db {
        let over = level.held_db > level.over_db;
        let colour = if over { theme::OVER } else { theme::TEXT };
        painter.hline(well.x_range(), y(level.held_db), look.stroke(2.0, colour));
    }
    let at = pos2(rect.center().x, rect.bottom());
    let small = look.font(size::SMALL);
    painter.text(at, Align2::CENTER_BOTTOM, level.name, small, theme::LABEL);
    let id = ui.scope_id().with(("level", level.name));
    let response = ui.interact(well, id, Sense::hover());
    let text = format!("{} level", level.name);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, &text));
    let value = format!("{} dB", super::number(level.held_db, 1));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
}
