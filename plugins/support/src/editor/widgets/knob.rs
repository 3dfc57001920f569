//! A knob: an arc that shows the value, its name and its text below.

use super::value::{open, value};
use crate::editor::desk::Desk;
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look, size};
use crate::editor::tip;
use egui::{Align2, Color32, Key, Modifiers, Pos2, Rect, Sense, Shape, Ui, WidgetInfo, pos2, vec2};
use std::f32::consts::TAU;

/// From the lower left over the top to the lower right, clockwise from the right.
const START: f32 = 0.375 * TAU;
const SWEEP: f32 = 0.75 * TAU;

/// How a knob looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Knob {
    /// The colour of its arc: what it changes.
    pub colour: Color32,
    /// Where its arc starts, 0 to 1: the middle for what goes both ways.
    pub from: f32,
}

fn on_circle(centre: Pos2, radius: f32, at: f32) -> Pos2 {
    let angle = START + SWEEP * at;
    centre + radius * vec2(angle.cos(), angle.sin())
}

fn arc(centre: Pos2, radius: f32, from: f32, to: f32) -> Vec<Pos2> {
    let steps = ((to - from).abs() * 64.0).ceil().max(1.0) as usize;
    let at = |step| from + (to - from) * step as f32 / steps as f32;
    (0..=steps).map(|step| on_circle(centre, radius, at(step))).collect()
}

/// A knob for the parameter at `index` in `rect`, with its name and its value below it.
pub fn knob(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect, knob: Knob) {
    let name = desk.control(index).name().to_owned();
    knob_saying(ui, look, desk, index, rect, knob, &name);
}

/// The same knob with other words below it than its name.
pub fn knob_saying(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    index: usize,
    rect: Rect,
    knob: Knob,
    words: &str,
) {
    let text_height = look.px(20.0);
    let radius = ((rect.height() - 2.0 * text_height) * 0.5).min(rect.width() * 0.5);
    let centre = pos2(rect.center().x, rect.top() + radius);
    let body = Rect::from_center_size(centre, vec2(2.0 * radius, 2.0 * radius));
    let id = ui.scope_id().with(("knob", index));
    let response = ui.interact(body, id, Sense::click_and_drag());
    let name = desk.control(index).name().to_owned();
    handle(ui, look, desk, index, &response, Way::Up(None));
    if response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Enter))
    {
        open(desk, index);
    }

    let at = desk.value(index);
    let painter = ui.painter();
    let ring = radius - look.px(3.0);
    let track = look.stroke(4.0, theme::LINE);
    painter.add(Shape::line(arc(centre, ring, 0.0, 1.0), track));
    for end in [0.0, 1.0] {
        let tick = [on_circle(centre, ring - look.px(2.0), end), on_circle(centre, radius, end)];
        painter.line_segment(tick, look.stroke(1.5, theme::TRACK));
    }
    painter.add(Shape::line(arc(centre, ring, knob.from, at), look.stroke(4.0, knob.colour)));
    let lit = response.hovered() || response.dragged();
    let face = if lit { theme::LINE } else { theme::RAISED };
    painter.circle(centre, ring - look.px(7.0), face, look.stroke(1.0, theme::TRACK));
    let pointer = [
        on_circle(centre, (ring - look.px(7.0)) * 0.45, at),
        on_circle(centre, ring - look.px(10.0), at),
    ];
    painter.line_segment(pointer, look.stroke(2.5, theme::TEXT));
    if response.has_focus() {
        painter.circle_stroke(centre, radius + look.px(2.0), look.stroke(1.5, theme::TEXT));
    }
    let label = pos2(rect.center().x, body.bottom() + text_height * 0.5);
    painter.text(label, Align2::CENTER_CENTER, words, look.font(size::SMALL + 1.0), theme::LABEL);

    let text = desk.text(index);
    response.widget_info(|| WidgetInfo::slider(true, f64::from(at), &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
    let tooltip = desk.tooltip(index);
    tip(look, &response, rect, &tooltip);
    let below = Rect::from_center_size(
        pos2(rect.center().x, body.bottom() + text_height * 1.5),
        vec2(rect.width(), text_height),
    );
    value(ui, look, desk, index, below);
}
