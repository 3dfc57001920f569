//! Gain-reduction meters, with numbers of their own: from the top down, as a needle, and as bars.

use super::vu::{Arc, Dial, Mark, dial};
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
    tell(ui, well, "Gain reduction", reduction_db);
}

fn tell(ui: &mut Ui, rect: Rect, name: &str, reduction_db: f32) {
    let id = ui.scope_id().with(("reduction", name));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, name));
    let value = format!("{} dB", super::number(-reduction_db, 1));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
}

/// What has a number on the scales of needle and bars, in dB.
const MARKS_DB: [f32; 9] = [0.0, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 20.0];

/// Half the angle the needle sweeps, in radians: wide, for a dial that is lower than it is broad.
const HALF_ANGLE: f32 = 1.0;

/// The scale's numbers have a sign at its end, as on the instrument: there is no room for more.
fn mark_text(db: f32) -> String {
    super::number(if Some(&db) == MARKS_DB.last() { -db } else { db }, 0)
}

/// Where a reduction lies on the way from the left end to rest: the gain as a voltage, as on a volume
/// indicator that has been switched to reduction. 1 dB is a tenth of the way.
fn share(reduction_db: f32) -> f32 {
    10f32.powf(-reduction_db.max(0.0) / 20.0)
}

/// A needle that rests at 0 dB, at the right, and falls to the left with a reduction of `reduction_db`
/// (0 or more).
pub fn reduction_needle(ui: &mut Ui, look: Look, rect: Rect, reduction_db: f32) {
    ui.painter().rect_filled(rect, look.corner(6.0), theme::WELL);
    let marks = MARKS_DB.map(|mark| Mark {
        share: share(mark),
        text: mark_text(mark),
        colour: theme::LABEL,
        is_main: mark == 0.0,
    });
    let at = share(reduction_db);
    let arcs = [
        Arc { from_to: [0.0, 1.0], outside: 0.0, width: 1.5, colour: theme::LABEL },
        Arc { from_to: [at, 1.0], outside: 2.0, width: 4.0, colour: theme::GAIN },
    ];
    let needle = (at, theme::GAIN);
    dial(ui, look, rect, &Dial { half_angle: HALF_ANGLE, needle, marks: &marks, arcs: &arcs });
    tell(ui, rect, "Gain reduction", reduction_db);
}

/// Reductions in dB (0 or more) by name as bars one below the other, on one scale: to the left of 0 as
/// far as the needle would be.
pub fn reduction_bars(ui: &mut Ui, look: Look, rect: Rect, meters: &[(&str, f32)]) {
    ui.painter().rect_filled(rect, look.corner(6.0), theme::WELL);
    let inside = rect.shrink2(look.size(10.0, 8.0));
    let (names, figures, scale) = (look.px(24.0), look.px(42.0), look.px(18.0));
    let bars = inside
        .with_min_x(inside.left() + names)
        .with_max_x(inside.right() - figures)
        .with_max_y(inside.bottom() - scale);
    let x = |db: f32| bars.left() + bars.width() * share(db);
    let step = bars.height() / meters.len().max(1) as f32;
    for (count, (name, db)) in meters.iter().enumerate() {
        let top = bars.top() + step * count as f32;
        let way =
            Rect::from_x_y_ranges(bars.x_range(), top..=top + step).shrink2(vec2(0.0, step * 0.2));
        let painter = ui.painter();
        painter.rect_filled(way, look.corner(3.0), theme::PANEL);
        if *db > 0.0 {
            painter.rect_filled(way.with_min_x(x(*db)), 0, theme::GAIN);
        }
        let left = pos2(inside.left(), way.center().y);
        painter.text(left, Align2::LEFT_CENTER, name, look.bold(size::BODY), theme::LABEL);
        let right = pos2(inside.right(), way.center().y);
        let text = super::number(-db, 1);
        painter.text(right, Align2::RIGHT_CENTER, text, look.bold(size::BODY), theme::TEXT);
        tell(ui, way, &format!("Gain reduction {name}"), *db);
    }
    let painter = ui.painter();
    let mut free = f32::INFINITY;
    for mark in MARKS_DB {
        let at = pos2(x(mark), bars.bottom() + look.px(4.0));
        painter.vline(at.x, bars.bottom()..=at.y, look.stroke(1.0, theme::LABEL));
        let text = mark_text(mark);
        let drawn = painter.layout_no_wrap(text, look.font(size::SMALL), theme::LABEL);
        let place = pos2(at.x - drawn.size().x * 0.5, at.y);
        // Where numbers would run into each other, every other is enough.
        if place.x + drawn.size().x <= free {
            free = place.x - look.px(4.0);
            painter.galley(place, drawn, theme::LABEL);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reduction_is_the_gain_as_a_voltage() {
        assert_eq!(share(0.0), 1.0);
        assert!((share(6.0206) - 0.5).abs() < 1e-4);
        assert!((share(20.0) - 0.1).abs() < 1e-6);
        assert_eq!(share(-1.0), 1.0, "it does not go beyond its rest");
    }
}
