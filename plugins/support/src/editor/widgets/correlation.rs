//! Correlation of left and right: a bar from the centre, with a mark where it was lowest.

use crate::editor::theme::{self, Look, size};
use egui::{Align2, Rangef, Rect, Response, Sense, Ui, WidgetInfo, pos2};

/// Below this correlation two channels are out of phase: they lose more in mono than what has nothing in
/// common does.
pub const OUT_OF_PHASE: f32 = -0.05;

/// What a correlation means for mono, in a word.
pub fn correlation_meaning(correlation: f32) -> &'static str {
    match correlation {
        c if c.is_nan() => "no stereo signal",
        c if c < OUT_OF_PHASE => "cancels in mono",
        c if c < 0.3 => "wide",
        c if c < 0.95 => "mono-safe",
        _ => "nearly mono",
    }
}

/// A correlation with its sign, either way.
pub fn correlation_text(correlation: f32) -> String {
    let text = super::number(correlation, 2);
    if correlation >= 0.005 { format!("+{text}") } else { text }
}

/// The bar alone, in all of `bar`: from the centre to `now`, a mark at the lowest.
pub fn correlation_bar(ui: &Ui, look: Look, bar: Rect, now: f32, lowest: f32) {
    let painter = ui.painter();
    painter.rect_filled(bar, look.corner(3.0), theme::WELL);
    let x = |c: f32| bar.center().x + bar.width() * 0.5 * c.clamp(-1.0, 1.0);
    if now.is_finite() {
        let colour = if now < OUT_OF_PHASE { theme::OVER } else { theme::SIGNAL };
        let from_centre = Rangef::new(x(0.0), x(now)).as_positive();
        let filled = Rect::from_x_y_ranges(from_centre, bar.shrink(look.px(3.0)).y_range());
        painter.rect_filled(filled, 0, colour);
    }
    painter.vline(x(0.0), bar.y_range(), look.stroke(1.5, theme::TRACK));
    if lowest.is_finite() {
        let colour = if lowest < OUT_OF_PHASE { theme::OVER } else { theme::TEXT };
        let mark = bar.y_range().expand(look.px(2.0));
        painter.vline(x(lowest), mark, look.stroke(2.0, colour));
    }
}

/// Draws a correlation (−1 to 1, NaN for none) and the lowest so far into `rect`; gives the response
/// to a click.
pub fn correlation(ui: &mut Ui, look: Look, rect: Rect, now: f32, lowest: f32) -> Response {
    let row = look.px(20.0);
    let words = rect.with_max_y(rect.top() + row);
    let bar = Rect::from_x_y_ranges(
        rect.x_range(),
        words.bottom() + look.px(2.0)..=words.bottom() + look.px(16.0),
    );
    let painter = ui.painter();
    let over = now < OUT_OF_PHASE;
    let small = look.font(size::SMALL);
    painter.text(
        words.left_center(),
        Align2::LEFT_CENTER,
        "Correlation",
        look.font(size::BODY),
        theme::LABEL,
    );
    painter.text(
        words.right_center(),
        Align2::RIGHT_CENTER,
        correlation_text(now),
        look.bold(size::BODY + 1.0),
        if over { theme::OVER } else { theme::TEXT },
    );
    correlation_bar(ui, look, bar, now, lowest);
    let painter = ui.painter();
    let below = bar.bottom() + look.px(3.0);
    for (at, text, align) in [
        (bar.left(), "\u{2212}1", Align2::LEFT_TOP),
        (bar.center().x, "0", Align2::CENTER_TOP),
        (bar.right(), "+1", Align2::RIGHT_TOP),
    ] {
        painter.text(pos2(at, below), align, text, small.clone(), theme::LABEL);
    }
    let last = below + look.px(15.0);
    // In the middle and as one sentence: no word of it is the name of an end of the scale.
    let colour = if over { theme::OVER } else { theme::LABEL };
    let text = format!("{}; lowest {}", correlation_meaning(now), correlation_text(lowest));
    painter.text(pos2(rect.center().x, last), Align2::CENTER_TOP, text, small, colour);
    let id = ui.scope_id().with("correlation");
    let response = ui.interact(rect, id, Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, "Correlation"));
    let value = format!("{}, lowest {}", correlation_text(now), correlation_text(lowest));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_words_follow_the_number() {
        assert_eq!(correlation_meaning(f32::NAN), "no stereo signal");
        assert_eq!(correlation_meaning(-0.4), "cancels in mono");
        assert_eq!(correlation_meaning(0.0), "wide");
        assert_eq!(correlation_meaning(0.7), "mono-safe");
        assert_eq!(correlation_meaning(1.0), "nearly mono");
    }

    #[test]
    fn signs_are_shown_both_ways() {
        assert_eq!(correlation_text(0.71), "+0.71");
        assert_eq!(correlation_text(-0.2), "\u{2212}0.20");
        assert_eq!(correlation_text(0.001), "0.00");
        assert_eq!(correlation_text(f32::NAN), "\u{2013}");
    }
}
