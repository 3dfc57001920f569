//! What every page has: the header with the name, A/B, undo and the monitors, and the footer with
//! the hint, the latency and the rate.

use super::desk::Desk;
use super::theme::{self, Look, size};
use super::widgets::{Tone, button, label, switch};
use egui::{Align2, Color32, Key, Modifiers, Rect, Ui, pos2, vec2};

/// Heights at 100 %.
const HEADER: f32 = 52.0;
const FOOTER: f32 = 32.0;
/// How long a message stays in the footer, in seconds.
const MESSAGE_S: f64 = 6.0;

/// The parts of a window.
pub(super) struct Parts {
    pub(super) header: Rect,
    pub(super) body: Rect,
    pub(super) footer: Rect,
}

/// Cuts the window into its parts.
pub(super) fn parts(look: Look, window: Rect) -> Parts {
    let top = window.top() + look.px(HEADER);
    let bottom = window.bottom() - look.px(FOOTER);
    let row = |from: f32, to: f32| {
        Rect::from_min_max(pos2(window.left(), from), pos2(window.right(), to))
    };
    Parts {
        header: row(window.top(), top),
        body: row(top, bottom).shrink(look.px(size::MARGIN)),
        footer: row(bottom, window.bottom()),
    }
}

/// Draws the header: name left; A/B, undo, redo and what `switches` names right.
pub(super) fn header(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    rect: Rect,
    name: &str,
    switches: &[(usize, Color32)],
) {
    let line = look.stroke(1.0, theme::LINE);
    ui.painter().hline(rect.x_range(), rect.bottom(), line);
    let inside = rect.shrink2(look.size(size::MARGIN + 4.0, 0.0));
    label(ui, inside, Align2::LEFT_CENTER, name, look.bold(size::SECTION), theme::TEXT);

    let mut right = inside.right();
    let mut place = |width: f32, gap: f32| {
        let width = look.px(width);
        let corner = pos2(right - width, rect.center().y - look.px(size::BUTTON * 0.5));
        right -= width + look.px(gap);
        Rect::from_min_size(corner, vec2(width, look.px(size::BUTTON)))
    };
    for (count, (index, colour)) in switches.iter().rev().enumerate() {
        let last = count + 1 == switches.len();
        let place = place(74.0, if last { 24.0 } else { size::GAP });
        switch(ui, look, desk, *index, place, *colour);
    }
    let (redo, undo) = (place(58.0, size::GAP), place(58.0, 24.0));
    let (undoable, redoable) = desk.undoable();
    let undo_hint = undoable.map(|name| format!("Takes back {name} (Ctrl+Z)."));
    let redo_hint = redoable.map(|name| format!("Brings back {name} (Ctrl+Shift+Z)."));
    let (copy, compare) = (place(66.0, size::GAP), place(54.0, 0.0));

    let slot = desk.slot();
    let (here, there) = (slot.letter(), slot.other().letter());
    let what = format!("{here} is heard; click for {there}, which undo can take back.");
    if ab(ui, look, desk, compare, &what) {
        desk.compare();
    }
    let tone = if desk.slots_differ() { Tone::Ready } else { Tone::Idle };
    let copy_text = format!("{here} \u{2192} {there}");
    if button(ui, look, desk, copy, &copy_text, tone, &format!("Copies {here} over {there}.")) {
        desk.copy_to_other();
    }
    for (rect, text, hint, redo) in
        [(undo, "Undo", undo_hint, false), (redo, "Redo", redo_hint, true)]
    {
        let tone = if hint.is_some() { Tone::Ready } else { Tone::Idle };
        let hint = hint.unwrap_or_else(|| format!("{text}: nothing to do."));
        if button(ui, look, desk, rect, text, tone, &hint) {
            if redo { desk.redo() } else { desk.undo() }
        }
    }
}

/// The switch between A and B: the letter heard is bright, the other dim.
fn ab(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, rect: Rect, hint: &str) -> bool {
    let pressed = button(ui, look, desk, rect, "A/B", Tone::Ready, hint);
    let slot = desk.slot();
    let inside = rect.shrink(look.px(2.0));
    ui.painter().rect_filled(inside, look.corner(4.0), theme::WELL);
    let (a, b) = inside.split_left_right_at_fraction(0.5);
    for (half, letter) in [(a, super::history::Slot::A), (b, super::history::Slot::B)] {
        let heard = letter == slot;
        if heard {
            ui.painter().rect_filled(half, look.corner(4.0), theme::RAISED);
        }
        let font = if heard { look.bold(size::BODY) } else { look.font(size::BODY) };
        let colour = if heard { theme::SIGNAL } else { theme::LABEL };
        ui.painter().text(half.center(), Align2::CENTER_CENTER, letter.letter(), font, colour);
    }
    pressed
}

/// Draws the footer: a message, or the hint for what the pointer is over, and the facts.
pub(super) fn footer(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, rect: Rect, facts: &str) {
    ui.painter().hline(rect.x_range(), rect.top(), look.stroke(1.0, theme::LINE));
    let inside = rect.shrink2(look.size(size::MARGIN + 4.0, 0.0));
    let font = look.font(size::SMALL + 1.0);
    let facts = label(ui, inside, Align2::RIGHT_CENTER, facts, font.clone(), theme::LABEL);
    let now = ui.input(|input| input.time);
    let message = desk.session.message.take().filter(|(_, since)| now - since < MESSAGE_S);
    let (text, colour) = match (&message, &desk.hint) {
        (Some((message, _)), _) => (message.clone(), theme::OVER),
        (None, Some(hint)) => (hint.clone(), theme::LABEL),
        (None, None) => {
            ("Drag, wheel or type; Shift is fine, double-click resets.".to_owned(), theme::LABEL)
        }
    };
    if let Some((_, since)) = &message {
        let left = (MESSAGE_S - (now - since)).max(0.0);
        ui.ctx().request_repaint_after_secs(left as f32);
    }
    desk.session.message = message;
    let mut place = inside;
    place.max.x = facts.left() - look.px(size::MARGIN);
    let painter = ui.painter().with_clip_rect(place);
    let at = pos2(place.left(), place.center().y);
    let drawn = painter.text(at, Align2::LEFT_CENTER, &text, font, colour);
    let response = ui.interact(drawn, ui.scope_id().with("hint"), egui::Sense::empty());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, "Hint"));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(text));
}

/// Undo and redo from the keyboard, unless a value is being typed.
pub(super) fn shortcuts(ui: &Ui, desk: &mut Desk<'_>) {
    if desk.session.typing.is_some() {
        return;
    }
    let redo = Modifiers::COMMAND | Modifiers::SHIFT;
    if ui.input_mut(|input| input.consume_key(redo, Key::Z)) {
        desk.redo();
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Z)) {
        desk.undo();
    }
}
