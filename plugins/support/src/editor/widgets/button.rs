//! Buttons, and switches that stay pressed.

use crate::editor::desk::Desk;
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Color32, Rect, Response, Sense, StrokeKind, Ui, WidgetInfo};

/// How a button stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tone {
    /// It can be pressed.
    Ready,
    /// It is on: filled with this colour.
    Lit(Color32),
    /// Pressing it would do nothing.
    Idle,
}

fn draw(ui: &Ui, look: Look, rect: Rect, text: &str, tone: Tone, response: &Response) {
    let corner = look.corner(6.0);
    let (fill, edge, colour) = match tone {
        Tone::Lit(lit) => (lit, lit, theme::WELL),
        Tone::Ready if response.hovered() => (theme::LINE, theme::TRACK, theme::TEXT),
        Tone::Ready => (theme::PANEL, theme::TRACK, theme::TEXT),
        Tone::Idle => (theme::WINDOW, theme::LINE, theme::LABEL),
    };
    let painter = ui.painter();
    painter.rect(rect, corner, fill, look.stroke(1.0, edge), StrokeKind::Inside);
    let font =
        if matches!(tone, Tone::Lit(_)) { look.bold(size::BODY) } else { look.font(size::BODY) };
    painter.text(rect.center(), Align2::CENTER_CENTER, text, font, colour);
    if response.has_focus() {
        let ring = rect.expand(look.px(2.0));
        painter.rect_stroke(ring, corner, look.stroke(1.5, theme::TEXT), StrokeKind::Inside);
    }
}

/// A button in `rect`; whether it was pressed. An idle one is not, whatever happens to it.
pub fn button(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    rect: Rect,
    text: &str,
    tone: Tone,
    hint: &str,
) -> bool {
    let id = ui.scope_id().with(("button", text));
    let enabled = tone != Tone::Idle;
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(rect, id, sense);
    draw(ui, look, rect, text, tone, &response);
    if response.hovered() || response.has_focus() {
        desk.hint = Some(hint.to_owned());
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, enabled, text));
    response.clicked() && enabled
}

/// A switch for the parameter at `index` in `rect`, filled with `lit` while it is on.
pub fn switch(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    index: usize,
    rect: Rect,
    lit: Color32,
) {
    let name = desk.control(index).name().to_owned();
    switch_saying(ui, look, desk, index, rect, lit, &name);
}

/// The same switch with other words on it than its name.
pub fn switch_saying(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    index: usize,
    rect: Rect,
    lit: Color32,
    text: &str,
) {
    let name = desk.control(index).name().to_owned();
    let id = ui.scope_id().with(("switch", index));
    let response = ui.interact(rect, id, Sense::click());
    let with_command = ui.input(|input| input.modifiers.command);
    if response.clicked() && !with_command {
        response.request_focus();
        let on = desk.value(index) > 0.5;
        desk.edit(index, if on { 0.0 } else { 1.0 });
    }
    handle(ui, look, desk, index, &response, Way::None);
    let on = desk.value(index) > 0.5;
    let tone = if on { Tone::Lit(lit) } else { Tone::Ready };
    draw(ui, look, rect, text, tone, &response);
    response.widget_info(|| WidgetInfo::selected(egui::Role::Switch, true, on, &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
}
