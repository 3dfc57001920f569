//! The volume indicator on the screen, as a needle and as bars.
//!
//! The scale is laid out after IEC 60268-17: the deflection is proportional to the voltage, so 0 VU
//! lies at 71 % of the way to +3. The ballistics belong to the reading
//! ([`shared_dsp::vu`]); what is drawn here only points at it.

use crate::editor::theme::{self, Look, size};
use egui::{Align2, Color32, Pos2, Rect, Sense, Shape, Ui, WidgetInfo, pos2, vec2};

/// The end of the scale, in VU.
const END_VU: f32 = 3.0;
/// How far beyond the end the needle may go before it meets its stop, as a share of the scale.
const STOP: f32 = 1.03;
/// What has a number on the scale of a volume indicator, in VU.
pub const MARKS_VU: [f32; 11] = [-20.0, -10.0, -7.0, -5.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0];
/// Half the angle the needle sweeps, in radians.
const HALF_ANGLE: f32 = 0.64;

/// Where a reading in VU lies on the scale: 0 at rest, 1 at +3 VU, and a little more at its stop.
pub fn vu_share(vu: f32) -> f32 {
    let share = 10f32.powf((vu - END_VU) / 20.0);
    if share.is_nan() { 0.0 } else { share.min(STOP) }
}

/// The scale's numbers have their signs at its ends, as on the instrument: there is no room for more.
fn mark_text(vu: f32) -> String {
    match vu {
        vu if vu == MARKS_VU[0] => super::number(vu, 0),
        vu if vu == END_VU => format!("+{vu:.0}"),
        vu => format!("{:.0}", vu.abs()),
    }
}

fn colour_of(vu: f32) -> Color32 {
    if vu > 0.0 { theme::OVER } else { theme::LABEL }
}

fn tell(ui: &mut Ui, rect: Rect, name: &str, vu: f32) {
    let id = ui.scope_id().with(("vu", name));
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, name));
    let value = format!("{} VU", super::number(vu, 1));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
}

/// The number under a meter. Over 0 VU it has a sign, and no red: nothing is over there, and what is
/// (a peak) has to be seen beside it.
fn figure(vu: f32) -> String {
    let text = super::number(vu, 1);
    if vu >= 0.05 { format!("+{text}") } else { text }
}

/// What has a place on a dial: a tick with a number.
pub(super) struct Mark {
    /// Where, 0 at the left end and 1 at the right one.
    pub(super) share: f32,
    pub(super) text: String,
    pub(super) colour: Color32,
    /// Whether it is the one that is read first.
    pub(super) is_main: bool,
}

/// A stretch of a dial's edge.
pub(super) struct Arc {
    /// From and to, as shares.
    pub(super) from_to: [f32; 2],
    /// How far outside the edge, and how wide, at 100 %.
    pub(super) outside: f32,
    pub(super) width: f32,
    pub(super) colour: Color32,
}

/// What is on a dial.
pub(super) struct Dial<'a> {
    /// Half the angle the needle sweeps, in radians.
    pub(super) half_angle: f32,
    /// Where the needle is, as a share of the way, and its colour.
    pub(super) needle: (f32, Color32),
    pub(super) marks: &'a [Mark],
    pub(super) arcs: &'a [Arc],
}

/// Draws a dial into `rect`.
pub(super) fn dial(ui: &Ui, look: Look, rect: Rect, shown: &Dial<'_>) {
    let Dial { half_angle, needle, marks, arcs } = *shown;
    let painter = ui.painter();
    let dial = rect.shrink(look.px(6.0));
    // As large as the numbers around it allow.
    let numbers = look.px(20.0);
    let radius =
        ((dial.width() * 0.5 - numbers * 0.6) / half_angle.sin()).min(dial.height() - numbers);
    let spare = (dial.height() - numbers - radius) * 0.5;
    let pivot = pos2(dial.center().x, dial.top() + numbers + spare + radius);
    let on = |share: f32, radius: f32| -> Pos2 {
        let angle = half_angle * (2.0 * share - 1.0);
        pivot + radius * vec2(angle.sin(), -angle.cos())
    };
    for Arc { from_to: [from, to], outside, width, colour } in arcs {
        let radius = radius + look.px(*outside);
        let places = (0..=32).map(|step| on(from + (to - from) * step as f32 / 32.0, radius));
        painter.add(Shape::line(places.collect(), look.stroke(*width, *colour)));
    }
    for Mark { share, text, colour, is_main } in marks {
        let long = if *is_main { 12.0 } else { 8.0 };
        let tick = [on(*share, radius - look.px(long)), on(*share, radius)];
        painter.line_segment(tick, look.stroke(1.5, *colour));
        let font = if *is_main { look.bold(size::BODY) } else { look.font(size::SMALL) };
        let colour = if *is_main { theme::TEXT } else { *colour };
        let place = on(*share, radius + numbers * 0.62);
        painter.text(place, Align2::CENTER_CENTER, text, font, colour);
    }
    let (share, colour) = needle;
    let tip = on(share, radius - look.px(3.0));
    painter.line_segment([pivot, tip], look.stroke(2.5, colour));
    painter.circle(pivot, look.px(8.0), theme::RAISED, look.stroke(1.0, theme::TRACK));
}

/// A needle at `vu` over its scale in `rect`, with the meter's name and the number below.
pub fn vu_needle(ui: &mut Ui, look: Look, rect: Rect, name: &str, vu: f32) {
    ui.painter().rect_filled(rect, look.corner(6.0), theme::WELL);
    let foot = rect.with_min_y(rect.bottom() - look.px(34.0));
    let zero = vu_share(0.0);
    let marks = MARKS_VU.map(|mark| Mark {
        share: vu_share(mark),
        text: mark_text(mark),
        colour: colour_of(mark),
        is_main: mark == 0.0,
    });
    let arcs = [
        Arc { from_to: [0.0, zero], outside: 0.0, width: 1.5, colour: theme::LABEL },
        Arc { from_to: [zero, 1.0], outside: 1.5, width: 4.5, colour: theme::OVER },
    ];
    let above = rect.with_max_y(foot.top() - look.px(8.0));
    let needle = (vu_share(vu), theme::SIGNAL);
    let shown = Dial { half_angle: HALF_ANGLE, needle, marks: &marks, arcs: &arcs };
    dial(ui, look, above, &shown);
    let painter = ui.painter().with_clip_rect(rect);
    painter.hline(rect.x_range(), foot.top(), look.stroke(1.0, theme::LINE));
    let inside = foot.shrink2(look.size(12.0, 0.0));
    let text = figure(vu);
    painter.text(
        inside.left_center(),
        Align2::LEFT_CENTER,
        name,
        look.bold(size::BODY),
        theme::LABEL,
    );
    let unit = painter.text(
        inside.right_center(),
        Align2::RIGHT_CENTER,
        "VU",
        look.font(size::SMALL),
        theme::LABEL,
    );
    let beside = pos2(unit.left() - look.px(5.0), inside.center().y);
    painter.text(beside, Align2::RIGHT_CENTER, text, look.bold(size::SECTION), theme::TEXT);
    tell(ui, rect, name, vu);
}

/// The same readings as bars, one below the other, on one scale.
pub fn vu_bars(ui: &mut Ui, look: Look, rect: Rect, meters: &[(&str, f32)]) {
    let names = look.px(44.0);
    let figures = look.px(78.0);
    let mut bars = rect;
    bars.min.x += names;
    bars.max.x -= figures;
    let scale = look.px(28.0);
    let gap = look.px(size::GAP);
    let count = meters.len().max(1) as f32;
    let height = ((rect.height() - scale - gap * count) / count).min(look.px(64.0));
    let whole = (height + gap) * count + scale;
    let mut top = rect.center().y - whole * 0.5;
    let x = |vu: f32| bars.left() + bars.width() * vu_share(vu).min(1.0);
    let zero = x(0.0);
    for (name, vu) in meters {
        let well = Rect::from_x_y_ranges(bars.x_range(), top..=top + height);
        let painter = ui.painter();
        painter.rect_filled(well, look.corner(3.0), theme::WELL);
        let end = x(*vu);
        let inside = well.shrink2(look.size(0.0, 4.0));
        painter.rect_filled(inside.with_max_x(end.min(zero)), 0, theme::SIGNAL);
        if end > zero {
            let over = inside.with_min_x(zero + look.px(2.0)).with_max_x(end.max(zero));
            painter.rect_filled(over, 0, theme::OVER);
        }
        painter.vline(zero, well.y_range(), look.stroke(1.5, theme::TEXT));
        let left = pos2(rect.left(), well.center().y);
        painter.text(left, Align2::LEFT_CENTER, name, look.bold(size::BODY), theme::LABEL);
        let text = figure(*vu);
        let right = pos2(rect.right(), well.center().y);
        let small = look.font(size::SMALL);
        let unit = painter.text(right, Align2::RIGHT_CENTER, "VU", small, theme::LABEL);
        let beside = pos2(unit.left() - look.px(5.0), well.center().y);
        painter.text(beside, Align2::RIGHT_CENTER, text, look.bold(size::SECTION), theme::TEXT);
        tell(ui, well, name, *vu);
        top += height + gap;
    }
    let painter = ui.painter();
    for mark in MARKS_VU {
        let tick = [pos2(x(mark), top - gap * 0.5), pos2(x(mark), top + look.px(2.0))];
        painter.line_segment(tick, look.stroke(1.0, colour_of(mark)));
        let font = if mark == 0.0 { look.bold(size::BODY) } else { look.font(size::SMALL) };
        let colour = if mark == 0.0 { theme::TEXT } else { colour_of(mark) };
        let place = pos2(x(mark), top + look.px(5.0));
        painter.text(place, Align2::CENTER_TOP, mark_text(mark), font, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_that_of_the_standard() {
        // IEC 60268-17: 0 VU at 71 % of the way to +3, -20 VU at 7 %.
        assert!((vu_share(0.0) - 0.708).abs() < 0.001);
        assert!((vu_share(-20.0) - 0.0708).abs() < 0.0001);
        assert_eq!(vu_share(3.0), 1.0);
    }

    #[test]
    fn silence_rests_and_what_is_too_loud_stops() {
        assert_eq!(vu_share(f32::NEG_INFINITY), 0.0);
        assert_eq!(vu_share(f32::NAN), 0.0);
        assert_eq!(vu_share(40.0), STOP);
    }

    #[test]
    fn above_zero_is_told_by_its_sign_too() {
        assert_eq!(figure(1.24), "+1.2");
        assert_eq!(figure(-2.4), "\u{2212}2.4");
        assert_eq!(figure(0.0), "0.0");
    }
}
