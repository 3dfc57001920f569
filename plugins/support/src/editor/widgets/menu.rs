//! One of many: a field that shows the chosen one and opens a list of all.

use crate::editor::desk::{Desk, true_minus};
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Popup, Rect, Sense, Shape, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// A menu for the parameter at `index` in `rect`: click for the list, or step with the wheel or the
/// arrow keys; Ctrl-click or Delete resets.
pub fn menu(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect) {
    let name = desk.control(index).name().to_owned();
    let steps = desk.control(index).step_count().unwrap_or(1);
    let id = ui.scope_id().with(("menu", index));
    let response = ui.interact(rect, id, Sense::click());
    handle(ui, look, desk, index, &response, Way::None);
    let corner = look.corner(6.0);
    let edge = if response.hovered() { theme::TEXT } else { theme::TRACK };
    let painter = ui.painter();
    painter.rect(rect, corner, theme::WELL, look.stroke(1.0, edge), StrokeKind::Inside);
    let inside = rect.shrink2(look.size(10.0, 0.0));
    let text = desk.text(index);
    let font = look.font(size::BODY);
    painter.text(inside.left_center(), Align2::LEFT_CENTER, &text, font, theme::TEXT);
    let tip = pos2(inside.right() - look.px(4.0), rect.center().y + look.px(2.5));
    let up = look.px(5.0);
    let arrow = vec![tip, tip - vec2(up, up), tip - vec2(-up, up)];
    painter.add(Shape::convex_polygon(arrow, theme::LABEL, egui::Stroke::NONE));
    if response.has_focus() {
        let ring = rect.expand(look.px(2.0));
        painter.rect_stroke(ring, corner, look.stroke(1.5, theme::TEXT), StrokeKind::Inside);
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
    Popup::menu(&response).width(rect.width()).show(|ui| {
        for step in 0..=steps {
            let at = step as f32 / steps as f32;
            let chosen = (desk.value(index) * steps as f32).round() as usize == step;
            let variant = true_minus(&desk.control(index).text_of(at));
            // The mark says which one is chosen to those who cannot see the colour.
            let line = if chosen { format!("\u{2022} {variant}") } else { variant };
            if ui.selectable_label(chosen, line).clicked() {
                desk.edit(index, at);
            }
        }
    });
}
