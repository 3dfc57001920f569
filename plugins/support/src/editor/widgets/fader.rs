//! A fader: up is more, with a scale beside it and, if wanted, a zone drawn on it.

use super::value::open;
use crate::editor::desk::Desk;
use crate::editor::handle::{Way, handle};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Color32, Key, Modifiers, Rect, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// How a fader looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fader<'a> {
    /// The colour of its way from `from`: what it changes.
    pub colour: Color32,
    /// Where its way starts, in the parameter's unit: 0 for what goes both ways.
    pub from: f32,
    /// Where its scale has lines and numbers, in the parameter's unit.
    pub marks: &'a [f32],
    /// A stretch that is marked as good, in the parameter's unit.
    pub zone: Option<[f32; 2]>,
}

/// Width of the numbers, and of the cap and its height, at 100 %.
const NUMBERS: f32 = 30.0;
const CAP: [f32; 2] = [40.0, 20.0];

/// A fader for the parameter at `index` in `rect`.
pub fn fader(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    index: usize,
    rect: Rect,
    fader: &Fader<'_>,
) {
    let cap = look.size(CAP[0], CAP[1]);
    let centre = (rect.left() + look.px(NUMBERS) + rect.right()) * 0.5;
    let way = Rect::from_center_size(
        pos2(centre, rect.center().y),
        vec2(look.px(4.0), rect.height() - cap.y),
    );
    let hand = Rect::from_center_size(way.center(), vec2(cap.x, rect.height()));
    let id = ui.scope_id().with(("fader", index));
    let response = ui.interact(hand, id, Sense::click_and_drag());
    let name = desk.control(index).name().to_owned();
    // The cap stays under the pointer.
    handle(ui, look, desk, index, &response, Way::Up(Some(way.height() / look.scale)));
    if response.has_focus() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Enter)) {
        open(desk, index);
    }

    let control = desk.control(index);
    let y_of = |normalized: f32| way.bottom() - way.height() * normalized;
    let y = |plain: f32| y_of(control.normalized_of(plain));
    let at = desk.value(index);
    let painter = ui.painter();
    if let Some([from, to]) = fader.zone {
        let band =
            Rect::from_x_y_ranges(hand.x_range(), y(to)..=y(from)).expand2(look.size(3.0, 0.0));
        painter.rect_filled(band, 0, theme::ZONE);
        for edge in [band.top(), band.bottom()] {
            painter.hline(band.x_range(), edge, look.stroke(1.5, theme::SIGNAL));
        }
    }
    for mark in fader.marks {
        let y = y(*mark);
        painter.hline(
            way.left() - look.px(14.0)..=way.left() - look.px(6.0),
            y,
            look.stroke(1.0, theme::TRACK),
        );
        painter.hline(
            way.right() + look.px(6.0)..=way.right() + look.px(14.0),
            y,
            look.stroke(1.0, theme::TRACK),
        );
        let text = super::number(*mark, 0);
        let text = if *mark > 0.0 { format!("+{text}") } else { text };
        let place = pos2(hand.left() - look.px(8.0), y);
        painter.text(place, Align2::RIGHT_CENTER, text, look.font(size::SMALL), theme::LABEL);
    }
    painter.rect(
        way,
        look.corner(2.0),
        theme::WELL,
        look.stroke(1.0, theme::TRACK),
        StrokeKind::Outside,
    );
    let moved = Rect::from_x_y_ranges(
        way.x_range(),
        egui::Rangef::new(y_of(at), y(fader.from)).as_positive(),
    );
    painter.rect_filled(moved, 0, fader.colour);
    let cap = Rect::from_center_size(pos2(centre, y_of(at)), cap);
    let lit = response.hovered() || response.dragged();
    let face = if lit { theme::LINE } else { theme::RAISED };
    let edge = if response.has_focus() { theme::TEXT } else { theme::TRACK };
    let width = if response.has_focus() { 2.0 } else { 1.0 };
    painter.rect(cap, look.corner(4.0), face, look.stroke(width, edge), StrokeKind::Inside);
    let grip = cap.shrink2(look.size(6.0, 0.0));
    painter.hline(grip.x_range(), cap.center().y, look.stroke(2.0, theme::TEXT));

    let text = desk.text(index);
    response.widget_info(|| WidgetInfo::slider(true, f64::from(at), &name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
    let tooltip = desk.tooltip(index);
    if !response.dragged() {
        response.on_hover_text(tooltip);
    }
}
