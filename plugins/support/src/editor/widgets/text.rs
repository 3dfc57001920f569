//! Panels, labels and numbers.

use crate::editor::theme::{self, Look, size};
use egui::{Align2, Color32, FontId, Rect, Sense, StrokeKind, Ui, WidgetInfo, pos2};

/// A panel on the window; gives the rectangle inside its margin.
pub fn panel(ui: &Ui, look: Look, rect: Rect) -> Rect {
    let corner = look.corner(size::CORNER);
    ui.painter().rect(
        rect,
        corner,
        theme::PANEL,
        look.stroke(1.0, theme::LINE),
        StrokeKind::Inside,
    );
    rect.shrink(look.px(size::MARGIN))
}

/// A line of text at a corner or side of `rect`, readable by assistive technology.
pub fn label(
    ui: &mut Ui,
    rect: Rect,
    align: Align2,
    text: &str,
    font: FontId,
    colour: Color32,
) -> Rect {
    let drawn = ui.painter().text(align.pos_in_rect(&rect), align, text, font, colour);
    let id = ui.scope_id().with(("label", text, rect.min.x as i32, rect.min.y as i32));
    let response = ui.interact(drawn, id, Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, text));
    drawn
}

/// A number with a fixed count of decimals and a true minus sign; a dash when there is none.
pub fn number(value: f32, decimals: usize) -> String {
    if !value.is_finite() {
        return "\u{2013}".to_owned();
    }
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.to_owned(),
        Some(digits) => format!("\u{2212}{digits}"),
        None => text,
    }
}

/// One reading on a line of its own: name left, number and unit right.
#[derive(Debug, Clone)]
pub struct Readout<'a> {
    /// What it is.
    pub name: &'a str,
    /// Its number.
    pub number: String,
    /// Its unit.
    pub unit: &'a str,
    /// The number's colour.
    pub colour: Color32,
    /// Whether it counts among the page's larger numbers.
    pub large: bool,
}

/// Draws a reading into a line; gives the line's response to a click.
pub fn readout(ui: &mut Ui, look: Look, line: Rect, readout: &Readout<'_>) -> egui::Response {
    let Readout { name, number, unit, colour, large } = readout;
    let id = ui.scope_id().with(("readout", *name, line.min.y as i32));
    let response = ui.interact(line, id, Sense::CLICK);
    let baseline = line.center().y;
    let painter = ui.painter();
    painter.text(
        pos2(line.left(), baseline),
        Align2::LEFT_CENTER,
        name,
        look.font(size::BODY),
        theme::LABEL,
    );
    let unit_width = look.px(40.0);
    painter.text(
        pos2(line.right() - unit_width + look.px(6.0), baseline),
        Align2::LEFT_CENTER,
        unit,
        look.font(size::SMALL),
        theme::LABEL,
    );
    let font = if *large { look.bold(size::SECTION) } else { look.bold(size::BODY + 1.0) };
    painter.text(
        pos2(line.right() - unit_width, baseline),
        Align2::RIGHT_CENTER,
        number,
        font,
        *colour,
    );
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(format!("{number} {unit}")));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_true_signs_and_zero_has_none() {
        assert_eq!(number(-14.06, 1), "\u{2212}14.1");
        assert_eq!(number(-0.01, 1), "0.0");
        assert_eq!(number(3.0, 2), "3.00");
        assert_eq!(number(f32::NEG_INFINITY, 1), "\u{2013}");
        assert_eq!(number(f32::NAN, 1), "\u{2013}");
    }
}
