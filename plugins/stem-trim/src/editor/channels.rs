//! Channels, polarity, delay, balance and width.

use super::{TrimStage, is_mono, row, titled};
use egui::{Align2, Rect, pos2, vec2};
use support::editor::theme::{self, size};
use support::editor::widgets::{self, Knob, choice, knob, label, panel, switch};

/// Draws the panel of channels.
pub(super) fn draw(stage: &mut TrimStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let left = inside.with_max_x(inside.left() + look.px(364.0));
    let (line, _) = titled(stage.ui, look, left, "Channels");
    if is_mono(stage) {
        let font = look.font(size::SMALL + 1.0);
        let text = "one channel: no balance, no width";
        label(stage.ui, line, Align2::RIGHT_CENTER, text, font, theme::LABEL);
    }
    let channels = stage.desk.index("channels");
    choice(stage.ui, look, stage.desk, channels, row(look, left, 22.0, 30.0));

    let below = row(look, left, 74.0, 30.0);
    let width = look.px(78.0);
    for (column, id) in ["polarity-l", "polarity-r"].into_iter().enumerate() {
        let corner = below.min + vec2((width + look.px(6.0)) * column as f32, 0.0);
        let place = Rect::from_min_size(corner, vec2(width, below.height()));
        let index = stage.desk.index(id);
        switch(stage.ui, look, stage.desk, index, place, theme::GAIN);
    }
    let field = below.with_min_x(below.left() + (width + look.px(6.0)) * 2.0 + look.px(4.0));
    let font = look.font(size::SMALL + 1.0);
    let over = Rect::from_min_max(
        pos2(field.left(), field.top() - look.px(20.0)),
        pos2(field.right(), field.top()),
    );
    let painter = stage.ui.painter();
    painter.text(over.left_center(), Align2::LEFT_CENTER, "Delay", font, theme::LABEL);
    let delay = stage.desk.index("delay");
    widgets::field(stage.ui, look, stage.desk, delay, field);

    let knobs = inside.with_min_x(left.right() + look.px(8.0));
    let width = knobs.width() * 0.5;
    for (column, id) in ["balance", "width"].into_iter().enumerate() {
        let corner = pos2(knobs.left() + width * column as f32, knobs.top());
        let place = Rect::from_min_size(corner, vec2(width, knobs.height()));
        let index = stage.desk.index(id);
        let style = Knob { colour: theme::GAIN, from: 0.5 };
        knob(stage.ui, look, stage.desk, index, place, style);
    }
}
