//! A whole number that is no parameter: a setting of the page.

use crate::editor::desk::Desk;
use crate::editor::handle::{keep_arrows, notches, pressed};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Key, Rect, Sense, StrokeKind, Ui, WidgetInfo};

/// What a stepper steps through.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stepper<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its unit.
    pub unit: &'a str,
    /// What it does, for the footer.
    pub what: &'a str,
    /// The smallest and the largest value.
    pub range: [i32; 2],
    /// Where a double click leads.
    pub default: i32,
}

/// A stepper at `value` in `rect`: the buttons at its ends, the wheel and the arrow keys step, a
/// double click resets. Gives the new value.
pub fn stepper(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    rect: Rect,
    stepper: &Stepper<'_>,
    value: i32,
) -> i32 {
    let [low, high] = stepper.range;
    let id = ui.scope_id().with(("stepper", stepper.name));
    let response = ui.interact(rect, id, Sense::click());
    let mut next = value;
    if response.contains_pointer() {
        next += notches(ui, &response).0 as i32;
    }
    if response.has_focus() {
        keep_arrows(ui, &response);
        for (key, by) in
            [(Key::ArrowUp, 1), (Key::ArrowRight, 1), (Key::ArrowDown, -1), (Key::ArrowLeft, -1)]
        {
            next += by * pressed(ui, key).0 as i32;
        }
        if pressed(ui, Key::Delete).0 + pressed(ui, Key::Backspace).0 > 0 {
            next = stepper.default;
        }
    }
    let command = ui.input(|input| input.modifiers.command);
    if response.double_clicked() || (response.clicked() && command) {
        next = stepper.default;
    }
    let corner = look.corner(6.0);
    let edge = if response.has_focus() { theme::TEXT } else { theme::TRACK };
    let painter = ui.painter().clone();
    painter.rect(rect, corner, theme::WELL, look.stroke(1.0, edge), StrokeKind::Inside);
    let end = rect.height();
    for (place, sign, by, spoken) in [
        (rect.with_max_x(rect.left() + end), "\u{2212}", -1, "less"),
        (rect.with_min_x(rect.right() - end), "+", 1, "more"),
    ] {
        let press = ui.interact(place, id.with(by), Sense::CLICK);
        if press.clicked() {
            next = value + by;
        }
        let possible = (low..=high).contains(&(value + by));
        let colour = match (possible, press.hovered()) {
            (true, true) => theme::TEXT,
            (true, false) => theme::LABEL,
            (false, _) => theme::LINE,
        };
        painter.text(
            place.center(),
            Align2::CENTER_CENTER,
            sign,
            look.bold(size::BODY + 1.0),
            colour,
        );
        let spoken = format!("{}: {spoken}", stepper.name);
        press.widget_info(|| WidgetInfo::labeled(egui::Role::Button, possible, &spoken));
    }
    let next = next.clamp(low, high);
    let text = format!("{} {}", super::number(next as f32, 0), stepper.unit);
    let font = look.font(size::BODY);
    painter.text(rect.center(), Align2::CENTER_CENTER, &text, font, theme::TEXT);
    if ui.rect_contains_pointer(rect) || response.has_focus() {
        let end = |value: i32| super::number(value as f32, 0);
        desk.hint = Some(format!(
            "{} {} to {} {}, default {}.",
            stepper.what,
            end(low),
            end(high),
            stepper.unit,
            end(stepper.default)
        ));
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::SpinButton, true, stepper.name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
    next
}
