//! The bands as a row of numbers: which is in hand, which are on, and how far each has moved.

use super::band::{self, What};
use super::display::{MARKS, NODES};
use super::parts::signed_db;
use super::{EqStage, Heard, band_in_hand, view};
use egui::{Align2, Rect, Sense, StrokeKind, WidgetInfo, pos2};
use support::editor::theme::{self, size};
use support::editor::widgets::curve::select;

/// The number of a band: a click takes it in hand, a double click switches it.
pub(super) fn chip(stage: &mut EqStage<'_, '_>, place: Rect, heard: &Heard, at: usize) {
    let look = stage.look;
    let id = stage.ui.scope_id().with(("chip", at));
    let response = stage.ui.interact(place, id, Sense::click());
    let switch = band::index(stage.desk, at, What::On);
    if response.double_clicked() {
        let on = stage.desk.value(switch) > 0.5;
        stage.desk.edit(switch, if on { 0.0 } else { 1.0 });
    } else if response.clicked() {
        take(stage, at);
        response.request_focus();
    }
    let on = band::is_on(stage.desk, at);
    let in_hand = band_in_hand(stage) == at;
    let (fill, edge, width) = match (in_hand, response.hovered()) {
        (true, _) => (theme::RAISED, theme::TEXT, 1.5),
        (false, true) => (theme::LINE, theme::TRACK, 1.0),
        (false, false) => (theme::WELL, if on { theme::TRACK } else { theme::LINE }, 1.0),
    };
    let painter = stage.ui.painter();
    let corner = look.corner(6.0);
    painter.rect(place, corner, fill, look.stroke(width, edge), StrokeKind::Inside);
    let (font, colour) = if on {
        (look.bold(size::BODY + 1.0), theme::TEXT)
    } else {
        (look.font(size::BODY), theme::LABEL)
    };
    let at_number = pos2(place.center().x - look.px(3.0), place.center().y);
    painter.text(at_number, Align2::CENTER_CENTER, MARKS[at], font, colour);
    // A full disc while it is on, an empty ring while not.
    let lamp = pos2(place.right() - look.px(8.0), place.top() + look.px(8.5));
    if on {
        painter.circle_filled(lamp, look.px(3.0), theme::SIGNAL);
    } else {
        painter.circle_stroke(lamp, look.px(2.5), look.stroke(1.0, theme::TRACK));
    }
    let moved = &heard.bands[at];
    if heard.moves(at) {
        let way = place.shrink2(look.size(5.0, 0.0));
        let share = (moved.move_db / moved.range_db).clamp(0.0, 1.0) as f32;
        let foot = place.bottom() - look.px(4.5);
        painter.hline(way.x_range(), foot, look.stroke(2.0, theme::TRACK.gamma_multiply(0.5)));
        let filled = way.left()..=way.left() + way.width() * share;
        painter.hline(filled, foot, look.stroke(2.0, theme::GAIN));
    }
    if response.has_focus() {
        let ring = place.expand(look.px(2.0));
        painter.rect_stroke(ring, corner, look.stroke(1.5, theme::TEXT), StrokeKind::Inside);
    }
    let state = if on { "on" } else { "off" };
    if response.hovered() || response.has_focus() {
        let [kind, hz] = [What::Type, What::Frequency]
            .map(|what| stage.desk.text(band::index(stage.desk, at, what)));
        stage.desk.set_hint(format!(
            "Band {}, {state}: {kind} at {hz}. Click for its controls, double-click to switch it.",
            at + 1
        ));
    }
    let name = format!("Band {} controls", at + 1);
    response.widget_info(|| WidgetInfo::selected(egui::Role::Tab, true, in_hand, &name));
    let value = format!("{state}, {}", signed_db(moved.move_db as f32));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
}

/// Takes a band in hand.
pub(super) fn take(stage: &EqStage<'_, '_>, at: usize) {
    view::show_band(stage.choices, at);
    if band::is_on(stage.desk, at) {
        select(stage.ui, NODES, &[at]);
    }
}

/// What may stand below the display, at the right of a row.
pub(super) fn ways_to_see(stage: &mut EqStage<'_, '_>, row: Rect) {
    use super::view::{BELOW, Below, View};
    use support::editor::widgets::{Tone, button};
    let look = stage.look;
    let now = view::below(stage.choices);
    let mut right = row.right();
    for (option, below) in BELOW.into_iter().enumerate().rev() {
        let (name, width, hint) = match below {
            Below::Band => ("Band", 48.0, "All controls of one band."),
            Below::List => ("List", 42.0, "All bands as a table."),
            Below::Unmask => ("Unmask", 66.0, "Makes room for a voice on the key input by itself."),
        };
        let place = row.with_max_x(right).with_min_x(right - look.px(width));
        right = place.left() - look.px(4.0);
        let tone = if now == below { Tone::Lit(theme::SIGNAL) } else { Tone::Ready };
        if button(stage.ui, look, stage.desk, place, name, tone, hint) {
            stage.choices.set(View::Bands as usize, option);
        }
    }
}
