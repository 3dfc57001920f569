//! A band of frequencies on a plot, whose ends can be dragged, and the whole between them.
//!
//! Drag an end, or what lies between to move both; the wheel and the arrow keys step, Shift is fine; a
//! double click, Ctrl-click or Delete resets; Enter on an end types. Whatever a hand does is one gesture
//! and one step of undo.

use super::axes::Plot;
use crate::editor::desk::Desk;
use crate::editor::handle::{FINE, keep_arrows, notches, pressed};
use crate::editor::theme::{self, Look, size};
use crate::editor::widgets::value::open;
use egui::{Align2, Color32, CursorIcon, Key, Rect, Response, Sense, StrokeKind, Ui, WidgetInfo};
use egui::{pos2, vec2};

/// From an end to how far a hand still takes hold of it, at 100 %.
const REACH: f32 = 8.0;
/// Height of the words at the ends, at 100 %.
const TAG: f32 = 20.0;
/// How far the wheel and the arrow keys move the whole, in octaves.
const STEP_OCTAVES: f32 = 1.0 / 12.0;

/// A band: what it is called and what it moves. Parameters by their indices.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span<'a> {
    /// What it is, for hints and assistive technology: `Band`.
    pub name: &'a str,
    /// The lower and the upper end, in Hz. Their values stand on the same page, to be typed.
    pub ends: [usize; 2],
    /// How many times as high the upper end at least is.
    pub least: f32,
    /// Its colour, behind the curves.
    pub colour: Color32,
}

/// What of a band is in the hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Low,
    High,
}

/// A drag under way: the pointer's place, as far as it has been followed, and where the ends are before
/// they are put on their grids, in octaves of 1 Hz.
#[derive(Debug, Clone, Copy, Default)]
struct Drag {
    x: f32,
    at: [f32; 2],
}

/// Where the ends go by so many octaves: within `limits` and never closer than `least`, all in octaves.
fn moved(part: Part, [low, high]: [f32; 2], by: f32, limits: [f32; 2], least: f32) -> [f32; 2] {
    let [bottom, top] = limits;
    match part {
        Part::Whole => {
            let by = by.max(bottom - low).min(top - high);
            [low + by, high + by]
        }
        Part::Low => [(low + by).min(high - least).max(bottom), high],
        Part::High => [low, (high + by).max(low + least).min(top)],
    }
}

impl Span<'_> {
    fn plain(&self, desk: &Desk<'_>, end: usize) -> f32 {
        let index = self.ends[end];
        desk.control(index).plain_of(desk.value(index))
    }

    /// Where the ends count as being, in octaves.
    fn octaves(&self, desk: &Desk<'_>) -> [f32; 2] {
        let low = self.plain(desk, 0).log2();
        [low, self.plain(desk, 1).log2().max(low + self.least.log2())]
    }

    fn limits(&self, desk: &Desk<'_>) -> [f32; 2] {
        [0.0, 1.0].map(|end| desk.control(self.ends[0]).plain_of(end).log2())
    }

    fn parameters(&self, part: Part) -> &[usize] {
        match part {
            Part::Whole => &self.ends,
            Part::Low => &self.ends[..1],
            Part::High => &self.ends[1..],
        }
    }

    fn set(&self, desk: &mut Desk<'_>, part: Part, octaves: [f32; 2]) {
        for index in self.parameters(part) {
            desk.set(*index, self.value(desk, *index, octaves));
        }
    }

    /// The value of one of the ends that lies at these octaves, on its grid.
    fn value(&self, desk: &Desk<'_>, index: usize, octaves: [f32; 2]) -> f32 {
        let hz = octaves[usize::from(index == self.ends[1])].exp2();
        desk.gridded(index, desk.control(index).normalized_of(hz))
    }

    /// Moves by steps of the wheel or the keys.
    fn step(&self, desk: &mut Desk<'_>, part: Part, steps: f32, fine: bool) {
        let (at, limits, least) = (self.octaves(desk), self.limits(desk), self.least.log2());
        let by = match part {
            Part::Whole => steps * STEP_OCTAVES * if fine { FINE } else { 1.0 },
            Part::Low | Part::High => {
                let index = self.parameters(part)[0];
                let to = desk.stepped(index, desk.value(index), steps, fine);
                desk.control(index).plain_of(to).log2() - at[usize::from(part == Part::High)]
            }
        };
        let to = moved(part, at, by, limits, least);
        let changes: Vec<_> = self
            .parameters(part)
            .iter()
            .map(|index| {
                (
                    *index,
                    desk.control(*index)
                        .normalized_of(to[usize::from(*index == self.ends[1])].exp2()),
                )
            })
            .collect();
        match changes[..] {
            [(index, value)] => desk.nudge(index, value),
            _ => desk.edit_all(&changes),
        }
    }

    fn reset(&self, desk: &mut Desk<'_>, part: Part) {
        let defaults: Vec<_> = self
            .parameters(part)
            .iter()
            .map(|index| (*index, desk.control(*index).default_normalized()))
            .collect();
        desk.edit_all(&defaults);
    }

    fn text(&self, desk: &Desk<'_>, part: Part) -> String {
        let texts: Vec<String> =
            self.parameters(part).iter().map(|index| desk.text(*index)).collect();
        texts.join(" to ")
    }
}

/// A band on a plot, for hands to move: its area behind, its ends as lines with their values.
pub fn span(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, plot: &Plot, span: &Span<'_>) {
    let id = ui.scope_id().with(("span", span.name));
    let x = span
        .octaves(desk)
        .map(|octaves| plot.x(octaves.exp2()).clamp(plot.rect.left(), plot.rect.right()));
    let between = Rect::from_x_y_ranges(x[0]..=x[1], plot.rect.y_range());
    let end = |x: f32| {
        Rect::from_x_y_ranges(x - look.px(REACH)..=x + look.px(REACH), plot.rect.y_range())
    };
    let parts = [
        (Part::Whole, between, span.name.to_owned()),
        (Part::Low, end(x[0]), format!("{} low end", span.name)),
        (Part::High, end(x[1]), format!("{} high end", span.name)),
    ];
    let mut lit = [false; 3];
    for (count, (part, place, name)) in parts.into_iter().enumerate() {
        let response = ui.interact(place, id.with(count), Sense::click_and_drag());
        hold(ui, desk, plot, span, part, &response);
        lit[count] = response.hovered() || response.dragged();
        let focused = response.has_focus() && desk.hint.is_none();
        if lit[count] || focused {
            let text = span.text(desk, part);
            let what = if part == Part::Whole { "to move both ends" } else { "along the axis" };
            desk.hint = Some(format!("{name}: {text}. Drag {what}; double-click resets."));
        }
        if lit[count] {
            let cursor =
                if part == Part::Whole { CursorIcon::Grab } else { CursorIcon::ResizeHorizontal };
            ui.set_cursor_icon(cursor);
        }
        if response.has_focus() {
            let ring = place.shrink2(vec2(look.px(3.0), look.px(1.0)));
            let stroke = look.stroke(1.5, theme::TEXT);
            ui.painter().rect_stroke(ring, look.corner(3.0), stroke, StrokeKind::Inside);
        }
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Slider, true, &name));
        let text = span.text(desk, part);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(text));
    }
    draw(ui, look, desk, plot, span, lit);
}

/// Lets the hand on `response` move a part.
fn hold(
    ui: &Ui,
    desk: &mut Desk<'_>,
    plot: &Plot,
    span: &Span<'_>,
    part: Part,
    response: &Response,
) {
    let by_pointer = response.clicked() && response.interact_pointer_pos().is_some();
    if by_pointer {
        response.request_focus();
    }
    let with_command = ui.input(|input| input.modifiers.command);
    if response.double_clicked() || (by_pointer && with_command) {
        span.reset(desk, part);
    }
    drag(ui, desk, plot, span, part, response);
    if response.contains_pointer() && !response.dragged() {
        let (turned, fine) = notches(ui, response);
        if turned != 0.0 {
            span.step(desk, part, turned, fine);
        }
    }
    if response.has_focus() {
        keep_arrows(ui, response);
        let ways = [
            (Key::ArrowUp, 1.0),
            (Key::ArrowRight, 1.0),
            (Key::ArrowDown, -1.0),
            (Key::ArrowLeft, -1.0),
        ];
        for (key, way) in ways {
            let (times, fine) = pressed(ui, key);
            if times > 0 {
                span.step(desk, part, way * times as f32, fine);
            }
        }
        if pressed(ui, Key::Delete).0 + pressed(ui, Key::Backspace).0 > 0 {
            span.reset(desk, part);
        }
        if part != Part::Whole && pressed(ui, Key::Enter).0 > 0 {
            open(desk, span.parameters(part)[0]);
        }
    }
}

fn drag(
    ui: &Ui,
    desk: &mut Desk<'_>,
    plot: &Plot,
    span: &Span<'_>,
    part: Part,
    response: &Response,
) {
    let moving = span.parameters(part)[0];
    if response.drag_started() {
        response.request_focus();
        desk.begin_all(span.parameters(part));
        // egui calls it a drag once the pointer has gone a few points: those count as well.
        let from = ui.input(|input| input.pointer.press_origin().or(input.pointer.latest_pos()));
        let drag = Drag { x: from.unwrap_or_default().x, at: span.octaves(desk) };
        ui.data_mut(|data| data.insert_temp(response.id, drag));
    }
    // A release in the same frame as the last movement does not swallow it.
    if (response.dragged() || response.drag_stopped()) && desk.is_moving(moving) {
        let fine = if ui.input(|input| input.modifiers.shift) { FINE } else { 1.0 };
        let mut drag: Drag = ui.data(|data| data.get_temp(response.id)).unwrap_or_default();
        let pointer = ui.input(|input| input.pointer.latest_pos()).map_or(drag.x, |at| at.x);
        if pointer != drag.x {
            let by = (plot.hz(pointer) / plot.hz(drag.x)).log2() * fine;
            drag.at = moved(part, drag.at, by, span.limits(desk), span.least.log2());
            drag.x = pointer;
            span.set(desk, part, drag.at);
            ui.data_mut(|data| data.insert_temp(response.id, drag));
        }
    }
    if response.drag_stopped() && desk.is_moving(moving) {
        desk.end();
    }
}

fn draw(ui: &Ui, look: Look, desk: &Desk<'_>, plot: &Plot, span: &Span<'_>, lit: [bool; 3]) {
    let painter = ui.painter();
    let [low, high] = span
        .octaves(desk)
        .map(|octaves| plot.x(octaves.exp2()).clamp(plot.rect.left(), plot.rect.right()));
    let strength = if lit[0] { 0.16 } else { 0.09 };
    let between = Rect::from_x_y_ranges(low..=high, plot.rect.y_range());
    painter.rect_filled(between, 0, span.colour.gamma_multiply(strength));
    let words = [span.text(desk, Part::Low), span.text(desk, Part::High)]
        .map(|text| painter.layout_no_wrap(text, look.bold(size::SMALL + 1.0), theme::WELL));
    let (pad, height) = (look.px(6.0), look.px(TAG));
    for (count, (x, words)) in [low, high].into_iter().zip(words).enumerate() {
        let is_lit = lit[count + 1];
        let stroke = look.stroke(if is_lit { 2.5 } else { 1.5 }, theme::TEXT);
        painter.vline(x, plot.rect.y_range(), stroke);
        // Outside of the band, where there is room.
        let width = words.size().x + 2.0 * pad;
        let left = if count == 0 { x - width } else { x };
        let left = left.clamp(plot.rect.left(), plot.rect.right() - width);
        let tag = Rect::from_min_size(pos2(left, plot.rect.bottom() - height), vec2(width, height));
        painter.rect_filled(tag, look.corner(3.0), theme::TEXT);
        let at = Align2::CENTER_CENTER.align_size_within_rect(words.size(), tag).min;
        painter.galley(at, words, theme::WELL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 to 16 kHz, and a third of an octave.
    const LIMITS: [f32; 2] = [11.0, 14.0];
    const LEAST: f32 = 1.0 / 3.0;

    #[test]
    fn ends_stay_within_their_range_and_apart() {
        let go = |part, by| moved(part, [12.0, 13.0], by, LIMITS, LEAST);
        assert_eq!(go(Part::Low, 0.5), [12.5, 13.0]);
        assert_eq!(go(Part::Low, 2.0), [13.0 - LEAST, 13.0]);
        assert_eq!(go(Part::Low, -5.0), [11.0, 13.0]);
        assert_eq!(go(Part::High, -2.0), [12.0, 12.0 + LEAST]);
        assert_eq!(go(Part::High, 9.0), [12.0, 14.0]);
    }

    #[test]
    fn the_whole_keeps_its_width() {
        let go = |by| moved(Part::Whole, [12.0, 13.0], by, LIMITS, LEAST);
        assert_eq!(go(0.25), [12.25, 13.25]);
        assert_eq!(go(4.0), [13.0, 14.0]);
        assert_eq!(go(-4.0), [11.0, 12.0]);
    }
}
