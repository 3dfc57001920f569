//! The strip under the header: what was ordered, when the measurement starts over, what is heard, and how
//! much of the page there is.

use super::MeterStage;
use super::view::{self, choice};
use crate::params::{Delivery, Listen};
use egui::{Align2, Rect, pos2, vec2};
use support::editor::theme::{self, size};
use support::editor::widgets::{PickOption, field, label, menu, pick, switch};

/// Draws the strip from left to right.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let mut left = rect.left();
    let narrow = view::is_compact(stage);
    named(stage, rect, &mut left, "Target");
    let place = take(stage, rect, &mut left, 196.0);
    let index = stage.desk.index("target");
    menu(stage.ui, stage.look, stage.desk, index, place);
    if stage.params.target.delivery.value() == Delivery::Own {
        own(stage, rect, &mut left);
    }
    space(stage, &mut left);
    named(stage, rect, &mut left, "Auto reset");
    let place = take(stage, rect, &mut left, 96.0);
    let index = stage.desk.index("auto-reset");
    menu(stage.ui, stage.look, stage.desk, index, place);
    let place = take(stage, rect, &mut left, 166.0);
    let index = stage.desk.index("freeze-when-stopped");
    switch(stage.ui, stage.look, stage.desk, index, place, theme::SIGNAL);
    if super::is_mono(stage) {
        let place = take(stage, rect, &mut left, 90.0);
        let index = stage.desk.index("dual-mono");
        switch(stage.ui, stage.look, stage.desk, index, place, theme::SIGNAL);
    }
    let mut right = rect.right();
    layout(stage, rect, &mut right);
    if !narrow || right - left > stage.look.px(220.0) {
        listen(stage, rect, left, right);
    }
}

/// A place of a width at 100 % from `left` on, which moves behind it.
fn take(stage: &MeterStage<'_, '_>, rect: Rect, left: &mut f32, width: f32) -> Rect {
    let look = stage.look;
    let place = Rect::from_min_size(pos2(*left, rect.top()), vec2(look.px(width), rect.height()));
    *left = place.right() + look.px(6.0);
    place.shrink2(vec2(0.0, look.px(1.0)))
}

fn space(stage: &MeterStage<'_, '_>, left: &mut f32) {
    *left += stage.look.px(10.0);
}

/// What the next control is.
fn named(stage: &mut MeterStage<'_, '_>, rect: Rect, left: &mut f32, name: &str) {
    let small = stage.look.font(size::SMALL + 1.0);
    let place = rect.with_min_x(*left);
    let drawn = label(stage.ui, place, Align2::LEFT_CENTER, name, small, theme::LABEL);
    *left = drawn.right() + stage.look.px(6.0);
}

/// One's own loudness, tolerance and ceiling.
fn own(stage: &mut MeterStage<'_, '_>, rect: Rect, left: &mut f32) {
    for (id, width) in [("own-loudness", 92.0), ("own-tolerance", 64.0), ("own-ceiling", 92.0)] {
        let place = take(stage, rect, left, width);
        let index = stage.desk.index(id);
        field(stage.ui, stage.look, stage.desk, index, place);
    }
}

/// What is heard: lit while it is not the mix.
fn listen(stage: &mut MeterStage<'_, '_>, rect: Rect, left: f32, right: f32) {
    let look = stage.look;
    let index = stage.desk.index("listen");
    let width = look.px(132.0);
    if right - width - look.px(56.0) < left {
        return;
    }
    let place = Rect::from_min_max(
        pos2(right - width, rect.top() + look.px(1.0)),
        pos2(right, rect.bottom() - look.px(1.0)),
    );
    let lit = stage.params.listen.value() != Listen::Stereo;
    let small = look.font(size::SMALL + 1.0);
    let before = rect.with_max_x(place.left() - look.px(8.0));
    let (text, colour) =
        if lit { ("\u{25cf} Listen", theme::SIGNAL) } else { ("Listen", theme::LABEL) };
    label(stage.ui, before, Align2::RIGHT_CENTER, text, small, colour);
    menu(stage.ui, look, stage.desk, index, place);
    if lit {
        let ring = place.expand(look.px(1.0));
        let stroke = look.stroke(2.0, theme::SIGNAL);
        stage.ui.painter().rect_stroke(ring, look.corner(6.0), stroke, egui::StrokeKind::Outside);
    }
}

/// How much of the page there is, at the right end.
fn layout(stage: &mut MeterStage<'_, '_>, rect: Rect, right: &mut f32) {
    const OPTIONS: [PickOption<'_>; 3] = [
        PickOption { name: "Auto", hint: "Shows less and larger in small windows." },
        PickOption { name: "Full", hint: "Shows everything." },
        PickOption { name: "Compact", hint: "Shows the numbers, the history and the verdict." },
    ];
    let look = stage.look;
    let place = Rect::from_min_max(
        pos2(*right - look.px(92.0), rect.top() + look.px(1.0)),
        pos2(*right, rect.bottom() - look.px(1.0)),
    );
    let small = look.font(size::SMALL + 1.0);
    let before = rect.with_max_x(place.left() - look.px(8.0));
    let named = label(stage.ui, before, Align2::RIGHT_CENTER, "Layout", small, theme::LABEL);
    *right = named.left() - look.px(14.0);
    let chosen = stage.choices.get(choice::LAYOUT);
    if let Some(picked) =
        pick(stage.ui, look, stage.desk, place, "How much is shown", chosen, &OPTIONS)
    {
        stage.choices.set(choice::LAYOUT, picked);
    }
}
