//! A value in a box: where there is no room for a knob, and a number says more.

use super::value::{open, value};
use crate::editor::desk::Desk;
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Key, Modifiers, Rect, Sense, StrokeKind, Ui, WidgetInfo};

/// A field for the parameter at `index` in `rect`: drag, wheel and keys as on a knob, a click or
/// Enter opens it for typing.
pub fn field(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect) {
    if desk.session.typing.as_ref().is_some_and(|typing| typing.index == index) {
        value(ui, look, desk, index, rect);
        return;
    }
    let name = desk.control(index).name().to_owned();
    let id = ui.scope_id().with(("field", index));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    handle(ui, look, desk, index, &response, Way::Up(None));
    let by_pointer = response.clicked() && response.interact_pointer_pos().is_some();
    let with_command = ui.input(|input| input.modifiers.command);
    let enter = response.has_focus()
        && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter));
    if enter || (by_pointer && !with_command) {
        open(desk, index);
    }
    let corner = look.corner(6.0);
    let lit = response.hovered() || response.dragged();
    let edge = if lit { theme::TEXT } else { theme::TRACK };
    let painter = ui.painter();
    painter.rect(rect, corner, theme::WELL, look.stroke(1.0, edge), StrokeKind::Inside);
    let text = desk.text(index);
    let font = look.font(size::BODY);
    painter.text(rect.center(), Align2::CENTER_CENTER, &text, font, theme::TEXT);
    if response.has_focus() {
        let ring = rect.expand(look.px(2.0));
        painter.rect_stroke(ring, corner, look.stroke(1.5, theme::TEXT), StrokeKind::Inside);
    }
    let at = f64::from(desk.value(index));
    response.widget_info(|| WidgetInfo::slider(true, at, &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
    let tooltip = desk.tooltip(index);
    if !response.dragged() {
        response.on_hover_text(tooltip);
    }
}
