//! One of several, all of them in sight.

use crate::editor::desk::{Desk, true_minus};
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Rect, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// A choice for the parameter at `index` in `rect`: click one, or step through them with the wheel
/// or the arrow keys; Ctrl-click or Delete resets. Segments are as wide as their names ask.
pub fn choice(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect) {
    let steps = desk.control(index).step_count().unwrap_or(1);
    let name = desk.control(index).name().to_owned();
    let id = ui.scope_id().with(("choice", index));
    let response = ui.interact(rect, id, Sense::click());
    let names: Vec<String> = (0..=steps)
        .map(|step| true_minus(&desk.control(index).text_of(step as f32 / steps as f32)))
        .collect();
    handle(ui, look, desk, index, &response, Way::None);

    let corner = look.corner(6.0);
    ui.painter().rect(
        rect,
        corner,
        theme::WELL,
        look.stroke(1.0, theme::TRACK),
        StrokeKind::Inside,
    );
    let inside = rect.shrink(look.px(3.0));
    let font = look.font(size::BODY);
    let widths: Vec<f32> = names
        .iter()
        .map(|n| ui.painter().layout_no_wrap(n.clone(), font.clone(), theme::TEXT).size().x)
        .collect();
    let spare = (inside.width() - widths.iter().sum::<f32>()) / names.len() as f32;
    let mut left = inside.left();
    for (step, (variant, width)) in names.iter().zip(&widths).enumerate() {
        let segment =
            Rect::from_min_size(pos2(left, inside.top()), vec2(width + spare, inside.height()));
        left = segment.right();
        let segment_id = id.with(step);
        let press = ui.interact(segment, segment_id, Sense::CLICK);
        if press.clicked() {
            response.request_focus();
            if ui.input(|input| input.modifiers.command) {
                desk.reset(index);
            } else {
                desk.edit(index, step as f32 / steps as f32);
            }
        }
        let chosen = (desk.value(index) * steps as f32).round() as usize == step;
        if chosen {
            ui.painter().rect(
                segment,
                look.corner(4.0),
                theme::RAISED,
                look.stroke(1.0, theme::TRACK),
                StrokeKind::Inside,
            );
        }
        let bright = chosen || press.hovered();
        let colour = if bright { theme::TEXT } else { theme::LABEL };
        let font = if chosen { look.bold(size::BODY) } else { font.clone() };
        ui.painter().text(segment.center(), Align2::CENTER_CENTER, variant, font, colour);
        let spoken = format!("{name}: {variant}");
        press.widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, true, chosen, &spoken));
    }
    if response.has_focus() {
        let ring = rect.expand(look.px(2.0));
        ui.painter().rect_stroke(ring, corner, look.stroke(1.5, theme::TEXT), StrokeKind::Inside);
    }
    let text = desk.text(index);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::RadioGroup, true, &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
    let tooltip = desk.tooltip(index);
    if ui.rect_contains_pointer(rect) {
        desk.hint = Some(tooltip);
    }
}
