//! The corner by which a window is resized.
//!
//! It follows the pointer's events themselves, in their order, and not what a frame makes of them: a
//! window that draws slowly, or has not drawn yet, gets the press, the way and the end of a pull in one
//! frame, where a widget would not know of the press, or would be let go before it has arrived.

use super::theme;
use egui::{CursorIcon, Event, PointerButton, Pos2, Rect, Sense, Ui, Vec2, ViewportCommand, vec2};

/// Side of the corner at 100 %.
const SIDE: f32 = 16.0;
/// From the pointer to the window's edge while it is pulled.
const INSET: Vec2 = vec2(4.0, 4.0);

/// Draws the corner of a window that is `scale` times as large as drawn, and resizes it between two sizes.
pub(super) fn grip(ui: &mut Ui, scale: f32, [smallest, largest]: [Vec2; 2]) {
    let window = ui.max_rect();
    let side = SIDE * scale;
    let corner = Rect::from_min_max(window.max - Vec2::splat(side), window.max);
    let id = ui.scope_id().with("grip");
    let response = ui.interact(corner, id, Sense::DRAG);
    let is_held = ui.data(|data| data.get_temp(id)).unwrap_or(false);
    let (to, stays_held) = ui.input(|input| follow(&input.events, corner, is_held));
    ui.data_mut(|data| data.insert_temp(id, stays_held));

    let is_lit = response.hovered() || stays_held;
    let colour = if is_lit { theme::TEXT } else { theme::TRACK };
    for inset in [0.25, 0.5, 0.75].map(|share| share * side) {
        let edge = side * 0.125;
        let ends = [window.max - vec2(inset, edge), window.max - vec2(edge, inset)];
        ui.painter().line_segment(ends, egui::Stroke::new(scale, colour));
    }
    if is_lit {
        ui.set_cursor_icon(CursorIcon::ResizeNwSe);
    }
    if let Some(pointer) = to {
        let size = (pointer - window.min + INSET).max(smallest).min(largest).round();
        if size != window.size() {
            ui.ctx().send_viewport_cmd(ViewportCommand::InnerSize(size));
        }
    }
}

/// Where the events of a frame pull the corner to, and whether it is still held after them.
fn follow(events: &[Event], corner: Rect, mut is_held: bool) -> (Option<Pos2>, bool) {
    let mut to = None;
    for event in events {
        match *event {
            Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, .. } => {
                is_held = corner.contains(pos);
            }
            Event::PointerMoved(pos) if is_held => to = Some(pos),
            Event::PointerButton {
                pos, button: PointerButton::Primary, pressed: false, ..
            } if is_held => {
                // A press that goes nowhere is no pull.
                to = to.map(|_| pos);
                is_held = false;
            }
            _ => {}
        }
    }
    (to, is_held)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Context, Modifiers, RawInput, pos2};

    const SIZES: [Vec2; 2] = [vec2(300.0, 200.0), vec2(1200.0, 800.0)];
    const WINDOW: Vec2 = vec2(400.0, 300.0);

    fn button(pos: Pos2, pressed: bool) -> Event {
        let modifiers = Modifiers::NONE;
        Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers }
    }

    /// The size a frame asks for.
    fn frame(context: &Context, events: Vec<Event>) -> Option<Vec2> {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, WINDOW));
        let input = RawInput { screen_rect, events, ..RawInput::default() };
        let mut output = context.run_ui(input, |ui| {
            let window = ui.ctx().viewport_rect();
            grip(&mut ui.new_child(egui::UiBuilder::new().max_rect(window)), 1.0, SIZES);
        });
        output.textures_delta.clear();
        let viewports = output.viewport_output.values();
        let commands = viewports.flat_map(|viewport| viewport.commands.clone());
        let mut sizes = commands.filter_map(|command| match command {
            ViewportCommand::InnerSize(size) => Some(size),
            _ => None,
        });
        let size = sizes.next();
        assert_eq!(sizes.next(), None, "one size a frame");
        size
    }

    const CORNER: Pos2 = pos2(395.0, 295.0);

    #[test]
    fn a_pull_within_the_first_frame_arrives() {
        let to = pos2(495.0, 345.0);
        let pull = vec![
            Event::PointerMoved(CORNER),
            button(CORNER, true),
            Event::PointerMoved(pos2(450.0, 320.0)),
            Event::PointerMoved(to),
            button(to, false),
        ];
        let context = Context::default();
        assert_eq!(frame(&context, pull), Some(vec2(499.0, 349.0)));
        assert_eq!(frame(&context, vec![Event::PointerMoved(pos2(10.0, 10.0))]), None);
    }

    #[test]
    fn a_pull_over_several_frames_ends_where_it_is_let_go() {
        let context = Context::default();
        assert_eq!(frame(&context, vec![]), None);
        assert_eq!(frame(&context, vec![Event::PointerMoved(CORNER), button(CORNER, true)]), None);
        let half = frame(&context, vec![Event::PointerMoved(pos2(450.0, 320.0))]);
        assert_eq!(half, Some(vec2(454.0, 324.0)));
        let to = pos2(595.0, 395.0);
        let end = frame(&context, vec![Event::PointerMoved(to), button(to, false)]);
        assert_eq!(end, Some(vec2(599.0, 399.0)));
    }

    #[test]
    fn it_stays_within_its_sizes() {
        let context = Context::default();
        let far = [pos2(9e3, 9e3), pos2(1.0, 1.0)];
        for (to, size) in far.into_iter().zip([SIZES[1], SIZES[0]]) {
            let pull = vec![button(CORNER, true), Event::PointerMoved(to), button(to, false)];
            assert_eq!(frame(&context, pull), Some(size));
        }
    }

    #[test]
    fn a_press_elsewhere_or_without_a_way_pulls_nothing() {
        let context = Context::default();
        let at = pos2(100.0, 100.0);
        for (from, to) in [(at, pos2(200.0, 200.0)), (CORNER, CORNER)] {
            let mut events = vec![button(from, true)];
            events.extend((from != to).then_some(Event::PointerMoved(to)));
            events.push(button(to, false));
            assert_eq!(frame(&context, events), None);
        }
    }
}
