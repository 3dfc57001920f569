//! A page of lines: every parameter and every reading. For a plugin whose page is not drawn yet.

use super::theme::{self, size};
use super::widgets::{Readout, choice, label, number, panel, readout, switch, value};
use super::{Face, Stage};
use crate::param_view::Kind;
use egui::{Align2, Rect, pos2, vec2};

/// Height of a line at 100 %.
const LINE: f32 = 32.0;

pub(super) fn body<F: Face>(stage: &mut Stage<'_, '_, F::Params>, body: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, body);
    let (left, right) = inside.split_left_right_at_fraction(0.62);
    let left = left.with_max_x(left.right() - look.px(size::MARGIN));
    let line = |within: Rect, row: usize| {
        let top = within.top() + look.px(LINE) * row as f32;
        Rect::from_min_size(pos2(within.left(), top), vec2(within.width(), look.px(LINE - 4.0)))
    };
    let mut row = 0;
    for index in 0..stage.desk.controls().len() {
        let control = stage.desk.control(index);
        let (name, kind) = (control.name().to_owned(), control.kind());
        if control.is_bypass() {
            continue;
        }
        let place = line(left, row);
        row += 1;
        let (text, field) = place.split_left_right_at_fraction(0.28);
        if kind == Kind::Switch {
            switch(
                stage.ui,
                look,
                stage.desk,
                index,
                field.with_max_x(field.left() + look.px(120.0)),
                theme::SIGNAL,
            );
            continue;
        }
        let font = look.font(size::BODY);
        label(stage.ui, text, Align2::LEFT_CENTER, &name, font, theme::LABEL);
        let middle = field.left() + field.width() * 0.42;
        let few = stage.desk.control(index).step_count().is_some_and(|steps| steps < 4);
        if kind == Kind::Choice && few {
            choice(stage.ui, look, stage.desk, index, field);
        } else {
            super::widgets::bar(stage.ui, look, stage.desk, index, field.with_max_x(middle));
            value(stage.ui, look, stage.desk, index, field.with_min_x(middle + look.px(4.0)));
        }
    }
    let mut under = right;
    let height = F::rows(stage, under);
    under.min.y += height;
    for (row, (reading, value)) in stage.readings.iter().enumerate() {
        let line = line(under, row).with_max_y(line(under, row).top() + look.px(24.0));
        let number = number(value, 1);
        let shown = Readout {
            name: reading.name,
            number,
            unit: reading.unit,
            colour: theme::TEXT,
            large: false,
        };
        readout(stage.ui, look, line, &shown);
    }
}
