//! A parameter as a bar that is dragged: where a knob would take too much room.

use super::value::open;
use crate::editor::desk::Desk;
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look};
use crate::editor::tip;
use egui::{Key, Modifiers, Rect, Sense, StrokeKind, Ui, WidgetInfo};

/// A bar for the parameter at `index` in `rect`: up is more, as on a knob.
pub fn bar(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect) {
    let id = ui.scope_id().with(("bar", index));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let name = desk.control(index).name().to_owned();
    handle(ui, look, desk, index, &response, Way::Up(None));
    if response.has_focus() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter)) {
        open(desk, index);
    }
    let at = desk.value(index);
    let corner = look.corner(4.0);
    let edge = if response.has_focus() { theme::TEXT } else { theme::TRACK };
    let painter = ui.painter();
    painter.rect(rect, corner, theme::WELL, look.stroke(1.0, edge), StrokeKind::Inside);
    let inside = rect.shrink(look.px(3.0));
    let filled = inside.with_max_x(inside.left() + inside.width() * at);
    painter.rect_filled(filled, look.corner(2.0), theme::SIGNAL);
    let text = desk.text(index);
    response.widget_info(|| WidgetInfo::slider(true, f64::from(at), &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
    let tooltip = desk.tooltip(index);
    tip(look, &response, rect, &tooltip);
}
