//! A parameter's value as text: click it to type another.

use crate::editor::desk::{Desk, Typing, true_minus};
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Color32, FontId, Key, Rect, Sense, StrokeKind, TextEdit, Ui, WidgetInfo};

/// The value of the parameter at `index`, in the middle of `rect`. A click opens it for typing:
/// Enter takes the text, Esc drops it; a text that means nothing leaves the value as it was and
/// says so. A double click resets.
pub fn value(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect) {
    let font = look.font(size::BODY);
    let figures = Figures { font, colour: theme::TEXT, signed: false, unit: true };
    value_in(ui, look, desk, index, rect, figures);
}

/// How the figures of a value look.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Their typeface and size.
    pub font: FontId,
    /// Their colour.
    pub colour: Color32,
    /// Whether more than nothing has a plus sign.
    pub signed: bool,
    /// Whether the unit stands behind them: if not, it stands elsewhere on the page.
    pub unit: bool,
}

/// The same as [`value`], in figures of its own: for the one number of a page.
pub fn value_in(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    index: usize,
    rect: Rect,
    figures: Figures,
) {
    if desk.session.typing.as_ref().is_some_and(|typing| typing.index == index) {
        type_in(ui, look, desk, index, rect);
        return;
    }
    let name = format!("{} value", desk.control(index).name());
    let text = desk.text(index);
    let id = ui.scope_id().with(("value", index));
    let response = ui.interact(rect, id, Sense::CLICK);
    if response.hovered() {
        let corner = look.corner(4.0);
        ui.painter().rect_stroke(rect, corner, look.stroke(1.0, theme::TRACK), StrokeKind::Inside);
        ui.set_cursor_icon(egui::CursorIcon::Text);
    }
    let centre = Align2::CENTER_CENTER;
    let above = figures.signed && desk.control(index).plain_of(desk.value(index)) > 0.0;
    let number = if figures.unit { &text } else { text.split(' ').next().unwrap_or(&text) };
    let shown = if above { format!("+{number}") } else { number.to_owned() };
    ui.painter().text(rect.center(), centre, shown, figures.font, figures.colour);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text.clone()));
    handle(ui, look, desk, index, &response, Way::None);
    if response.clicked() && !ui.input(|input| input.modifiers.command) {
        open(desk, index);
    }
    response.on_hover_text("Click to type, double-click to reset.");
}

/// Opens the parameter's value for typing.
pub(crate) fn open(desk: &mut Desk<'_>, index: usize) {
    let text = desk.text(index);
    desk.session.typing = Some(Typing { index, text, refused: false, focused: false });
}

fn type_in(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect) {
    let Some(mut typing) = desk.session.typing.take() else { return };
    let id = ui.scope_id().with(("typing", index));
    if !typing.focused {
        ui.memory_mut(|memory| memory.request_focus(id));
        select_all(ui, id, &typing.text);
    }
    let edge = if typing.refused { theme::OVER } else { theme::SIGNAL };
    let corner = look.corner(4.0);
    ui.painter().rect(rect, corner, theme::WELL, look.stroke(1.0, edge), StrokeKind::Inside);
    let edit = TextEdit::singleline(&mut typing.text)
        .id(id)
        .font(look.font(size::BODY))
        .frame(egui::Frame::NONE)
        .align(egui::Align2::CENTER_CENTER)
        .margin(egui::Margin::ZERO);
    let response = ui.put(rect.shrink2(look.size(4.0, 1.0)), edit);
    let name = format!("{} typed", desk.control(index).name());
    ui.ctx().accesskit_node_builder(id, |node| node.set_label(name));
    let first = !std::mem::replace(&mut typing.focused, true);
    if response.changed() {
        typing.refused = false;
    }
    if response.double_clicked() {
        desk.reset(index);
        return;
    }
    if first || !response.lost_focus() {
        desk.session.typing = Some(typing);
        return;
    }
    if ui.input(|input| input.key_pressed(Key::Escape)) {
        return;
    }
    if let Some(value) = desk.parse(index, &typing.text) {
        // What was opened and left as it was is no edit: its text may be rounded.
        if typing.text != desk.text(index) {
            desk.edit(index, value);
        }
        return;
    }
    let example =
        true_minus(&desk.control(index).text_of(desk.control(index).default_normalized()));
    let said = format!(
        "\u{201c}{}\u{201d} is no value of {}: type something like {example}.",
        typing.text.trim(),
        desk.control(index).name(),
    );
    desk.session.message = Some((said, ui.input(|input| input.time)));
    // Enter stays here to mend it; going elsewhere keeps the old value.
    if ui.input(|input| input.key_pressed(Key::Enter)) {
        ui.memory_mut(|memory| memory.request_focus(id));
        desk.session.typing = Some(Typing { refused: true, ..typing });
    }
}

fn select_all(ui: &Ui, id: egui::Id, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let mut state = TextEdit::load_state(ui.ctx(), id).unwrap_or_default();
    let end = CCursor::new(text.chars().count());
    state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), end)));
    state.store(ui.ctx(), id);
}
