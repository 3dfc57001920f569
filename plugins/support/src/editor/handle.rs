//! What a hand can do to a control, the same for every widget.
//!
//! Drag up and down, or along a scale that lies, finer with Shift; wheel and arrow keys step, finer with Shift; page keys take
//! ten steps, Home and End go to the ends; a double click, Ctrl-click or Delete resets; Enter types.
//! Nothing moves before the pointer has: the first click of a double click leaves the value alone.

use super::desk::Desk;
use super::theme::Look;
use egui::{Event, EventFilter, Key, Modifiers, MouseWheelUnit, Pos2, Response, Ui};

/// Points, at 100 %, that a drag takes for the whole way of a parameter.
const WHOLE_WAY: f32 = 220.0;
/// How much slower a drag is with Shift.
pub(crate) const FINE: f32 = 0.1;
/// Points of a touchpad's scroll that count as one notch of a wheel.
const NOTCH: f32 = 40.0;

/// Where a drag is.
#[derive(Debug, Clone, Copy, Default)]
struct Drag {
    /// Its value before it is put on its grid.
    value: f32,
    /// The pointer's place against the way of the drag, as far as it has been followed.
    place: f32,
}

/// Which way a drag moves a value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Way {
    /// Up is more; over this many points at 100 %, or the usual ones.
    Up(Option<f32>),
    /// To the right is more; over this many points at 100 %.
    Across(f32),
    /// Not at all: choices and switches are clicked.
    None,
}

/// Lets the hand on `response` move the parameter at `index`.
pub fn handle(
    ui: &Ui,
    look: Look,
    desk: &mut Desk<'_>,
    index: usize,
    response: &Response,
    way: Way,
) {
    // The pointer says more than the focus about what the user looks at.
    let focused = response.has_focus() && desk.hint.is_none();
    if response.hovered() || response.dragged() || focused {
        desk.hint = Some(desk.tooltip(index));
    }
    if way != Way::None {
        drag(ui, look, desk, index, response, way);
        if response.double_clicked() {
            desk.reset(index);
        }
    }
    // egui also calls Enter and Space a click; those have no pointer.
    let by_pointer = response.clicked() && response.interact_pointer_pos().is_some();
    if by_pointer && ui.input(|input| input.modifiers.command) {
        desk.reset(index);
    }
    if response.contains_pointer() && !response.dragged() {
        let (notches, fine) = notches(ui, response);
        if notches != 0.0 {
            desk.nudge(index, desk.stepped(index, desk.value(index), notches, fine));
        }
    }
    if response.has_focus() {
        keys(ui, desk, index, response);
    }
}

fn drag(ui: &Ui, look: Look, desk: &mut Desk<'_>, index: usize, response: &Response, way: Way) {
    let length = match way {
        Way::Up(length) => length.unwrap_or(WHOLE_WAY),
        Way::Across(length) => length,
        Way::None => return,
    };
    // Down the screen, or to the left, is less.
    let place = |at: Pos2| if matches!(way, Way::Across(_)) { -at.x } else { at.y };
    if response.drag_started() {
        desk.begin(index);
        response.request_focus();
        // egui calls it a drag once the pointer has gone a few points: those count as well.
        let from = ui.input(|input| input.pointer.press_origin().or(input.pointer.latest_pos()));
        let drag = Drag { value: desk.value(index), place: place(from.unwrap_or_default()) };
        ui.data_mut(|data| data.insert_temp(response.id, drag));
    }
    if !desk.is_moving(index) {
        return;
    }
    // A release in the same frame as the last movement does not swallow it.
    if response.dragged() || response.drag_stopped() {
        let fine = if ui.input(|input| input.modifiers.shift) { FINE } else { 1.0 };
        let mut at: Drag = ui.data(|data| data.get_temp(response.id)).unwrap_or_default();
        let pointer = ui.input(|input| input.pointer.latest_pos()).map_or(at.place, place);
        // It may go on past the ends a little, so that turning back answers soon.
        at.value = (at.value + (at.place - pointer) / look.px(length) * fine).clamp(-0.02, 1.02);
        if pointer != at.place {
            desk.set(index, desk.gridded(index, at.value));
        }
        at.place = pointer;
        ui.data_mut(|data| data.insert_temp(response.id, at));
    }
    if response.drag_stopped() {
        desk.end();
    }
}

/// How many whole notches the wheel over `response` was turned in this frame, up positive, and whether
/// finely. What is left of a notch counts towards the next.
pub(crate) fn notches(ui: &Ui, response: &Response) -> (f32, bool) {
    let (mut notches, mut fine) = (0.0, false);
    ui.input(|input| {
        for event in &input.events {
            if let Event::MouseWheel { unit, delta, modifiers, .. } = event {
                // Some systems turn the wheel sideways while Shift is down.
                let turned = if delta.y == 0.0 { delta.x } else { delta.y };
                notches += match unit {
                    MouseWheelUnit::Point => turned / NOTCH,
                    MouseWheelUnit::Line => turned,
                    MouseWheelUnit::Page => turned * 10.0,
                };
                fine |= modifiers.shift || input.modifiers.shift;
            }
        }
    });
    if notches == 0.0 {
        return (0.0, fine);
    }
    let key = response.id.with("wheel");
    let left: f32 = ui.data(|data| data.get_temp(key)).unwrap_or_default();
    let whole = (left + notches).trunc();
    ui.data_mut(|data| data.insert_temp(key, left + notches - whole));
    (whole, fine)
}

/// Keeps the arrow keys from moving the focus while `response` has it.
pub(crate) fn keep_arrows(ui: &Ui, response: &Response) {
    let arrows =
        EventFilter { horizontal_arrows: true, vertical_arrows: true, tab: false, escape: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
}

/// How often a key was pressed in this frame, and whether Shift was down.
pub(crate) fn pressed(ui: &Ui, key: Key) -> (usize, bool) {
    ui.input_mut(|input| {
        // The shifted ones first: asked for without modifiers, egui gives those with Shift too.
        let shifted = input.count_and_consume_key(Modifiers::SHIFT, key);
        let plain = input.count_and_consume_key(Modifiers::NONE, key);
        (plain + shifted, shifted > 0)
    })
}

fn keys(ui: &Ui, desk: &mut Desk<'_>, index: usize, response: &Response) {
    keep_arrows(ui, response);
    let ways = [
        (Key::ArrowUp, 1.0),
        (Key::ArrowRight, 1.0),
        (Key::ArrowDown, -1.0),
        (Key::ArrowLeft, -1.0),
        (Key::PageUp, 10.0),
        (Key::PageDown, -10.0),
    ];
    for (key, steps) in ways {
        let (times, fine) = pressed(ui, key);
        if times > 0 {
            let steps = steps * times as f32;
            desk.nudge(index, desk.stepped(index, desk.value(index), steps, fine));
        }
    }
    for (key, value) in [(Key::Home, 0.0), (Key::End, 1.0)] {
        if pressed(ui, key).0 > 0 {
            desk.edit(index, value);
        }
    }
    if pressed(ui, Key::Delete).0 + pressed(ui, Key::Backspace).0 > 0 {
        desk.reset(index);
    }
}
