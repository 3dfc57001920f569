//! How sibilant the voice is, how sure that is, and what is taken off.

use super::DeEsserStage;
use super::found::{Sibilant, average_lost_db};
use super::parts::{caption, row, shown, title};
use crate::dsp::Shown;
use crate::meters::group;
use crate::params::{Detect, Key};
use egui::{Align2, Rangef, Rect, Sense, Shape, pos2};
use shared_dsp::de_esser::SIBILANCE_DB;
use shared_dsp::de_esser::params::RELATIVE_DB;
use support::editor::theme::{self, size};
use support::editor::widgets::{Readout, label, number, panel, readout};
use support::editor::{Way, handle};
use support::trace::Trace;

/// Sizes of the panel's numbers at 100 %.
const LARGE: f32 = 34.0;
/// Columns of the trace over which the numbers show the most: half a second, long enough to be read.
const SHOWN_FOR: u64 = 30;
/// The scale of the meter, and from number to number, in dB.
const SCALE_DB: [f32; 2] = [-36.0, 24.0];
const STEP_DB: f32 = 12.0;
/// A reduction smaller than this is none to speak of, in dB.
const STILL_DB: f32 = 0.05;

/// The most of a reading of late; no number before there was any.
fn most(trace: &Trace, reading: Shown) -> f32 {
    let written = trace.written();
    let columns = written.saturating_sub(SHOWN_FOR)..written;
    columns.map(|column| trace.get(column, reading as usize)).fold(f32::NAN, f32::max)
}

/// What a sureness is called.
fn words(sureness: f32) -> &'static str {
    match sureness {
        s if s >= 0.9 => "beyond doubt",
        s if s >= 0.5 => "clearly an s",
        s if s >= 0.25 => "just an s",
        s if s > 0.0 => "not quite an s",
        _ => "no s",
    }
}

/// Draws the panel.
pub(super) fn draw(stage: &mut DeEsserStage<'_, '_>, rect: Rect, found: &[Sibilant]) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let sibilance_db = most(stage.trace, Shown::Sibilance);
    let is_heard = f64::from(sibilance_db) > SIBILANCE_DB[0];
    let is_external = stage.params.channels.key.value() == Key::External;
    let name = if is_external { "How sibilant, of the key" } else { "How sibilant" };
    title(stage, row(look, inside, -4.0, 16.0), name);
    let line = row(look, inside, 13.0, 40.0);
    let signed = match number(sibilance_db, 1) {
        text if sibilance_db >= 0.05 => format!("+{text}"),
        text => text,
    };
    let text = if is_heard { signed } else { "\u{2013}".to_owned() };
    let drawn = label(stage.ui, line, Align2::LEFT_CENTER, &text, look.bold(LARGE), theme::TEXT);
    let beside =
        line.with_min_x(drawn.right() + look.px(7.0)).with_max_y(drawn.bottom() - look.px(4.0));
    let unit = if is_heard { "dB against the body" } else { "too quiet to tell" };
    caption(stage, beside, Align2::LEFT_BOTTOM, unit);
    draw_meter(stage, row(look, inside, 58.0, 34.0), is_heard);
    draw_sureness(stage, inside);
    draw_reduction(stage, inside, found);
}

/// The band against the body, with the threshold on it, to be dragged.
fn draw_meter(stage: &mut DeEsserStage<'_, '_>, place: Rect, is_heard: bool) {
    let look = stage.look;
    let well = place.with_max_y(place.top() + look.px(14.0));
    let [low_db, high_db] = SCALE_DB;
    let x = |db: f32| {
        let share = (db - low_db) / (high_db - low_db);
        well.left() + well.width() * share.clamp(0.0, 1.0)
    };
    let painter = stage.ui.painter();
    painter.rect_filled(well, look.corner(3.0), theme::WELL);
    let small = look.font(size::SMALL);
    let mut mark = low_db;
    while mark <= high_db {
        painter.vline(x(mark), well.y_range(), look.stroke(1.0, theme::GRID));
        let text = number(mark, 0);
        let text = if mark > 0.0 { format!("+{text}") } else { text };
        let align = match mark {
            mark if mark == low_db => Align2::LEFT_TOP,
            mark if mark == high_db => Align2::RIGHT_TOP,
            _ => Align2::CENTER_TOP,
        };
        let at = pos2(x(mark), well.bottom() + look.px(4.0));
        painter.text(at, align, text, small.clone(), theme::LABEL);
        mark += STEP_DB;
    }
    let now_db = shown(stage, Shown::Sibilance);
    if now_db > low_db {
        let across = Rangef::new(well.left(), x(now_db));
        let bar = Rect::from_x_y_ranges(across, well.shrink(look.px(3.0)).y_range());
        painter.rect_filled(bar, 0, theme::SIGNAL);
    }
    let most_db = most(stage.trace, Shown::Sibilance);
    if is_heard && most_db > low_db {
        painter.vline(x(most_db), well.y_range(), look.stroke(2.0, theme::TEXT));
    }
    let id = stage.ui.scope_id().with("sibilance");
    let response = stage.ui.interact(well, id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Sibilance"));
    let spoken =
        if is_heard { format!("{} dB", number(most_db, 1)) } else { "too quiet".to_owned() };
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
    if response.hovered() {
        stage.desk.hint(
            "The sibilant band against the voice's body, and the most of the last half second.",
        );
    }
    // By level alone the threshold has no place on this scale.
    if stage.params.detection.detect.value() == Detect::Relative {
        draw_threshold(stage, well, x(stage.params.settings().de_esser.threshold_db() as f32));
    }
}

fn draw_threshold(stage: &mut DeEsserStage<'_, '_>, well: Rect, x: f32) {
    let look = stage.look;
    let index = stage.desk.index("sensitivity");
    let hand = Rect::from_x_y_ranges(
        x - look.px(7.0)..=x + look.px(7.0),
        well.top() - look.px(4.0)..=well.bottom() + look.px(3.0),
    );
    let id = stage.ui.scope_id().with("threshold line");
    let response = stage.ui.interact(hand, id, Sense::click_and_drag());
    // One dB of drag is one dB of the scale; to the left is more sensitive.
    let [none_db, full_db] = RELATIVE_DB.map(|db| db as f32);
    let way = well.width() * (full_db - none_db) / (SCALE_DB[1] - SCALE_DB[0]);
    handle(stage.ui, look, stage.desk, index, &response, Way::Across(way / look.scale));
    let lit = response.hovered() || response.dragged();
    if lit {
        stage.ui.set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
    }
    let painter = stage.ui.painter();
    painter.vline(x, hand.y_range(), look.stroke(if lit { 3.0 } else { 2.0 }, theme::GAIN));
    let tip = pos2(x, well.top());
    let corners = [tip, tip + look.size(-5.0, -6.0), tip + look.size(5.0, -6.0)];
    painter.add(Shape::convex_polygon(corners.to_vec(), theme::GAIN, egui::Stroke::NONE));
    if response.has_focus() {
        let stroke = look.stroke(1.5, theme::TEXT);
        painter.rect_stroke(hand, look.corner(3.0), stroke, egui::StrokeKind::Inside);
    }
    let spoken = stage.desk.text(index);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, "Threshold line"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
}

/// How sure it is that what is heard is an s, in words, as a number and as a bar.
fn draw_sureness(stage: &mut DeEsserStage<'_, '_>, inside: Rect) {
    let look = stage.look;
    let most = most(stage.trace, Shown::Sureness);
    title(stage, row(look, inside, 102.0, 16.0), "How sure");
    let line = row(look, inside, 119.0, 22.0);
    let sureness = if most.is_finite() { most } else { 0.0 };
    let colour = if sureness >= 0.25 { theme::GAIN } else { theme::TEXT };
    label(stage.ui, line, Align2::LEFT_CENTER, words(sureness), look.bold(size::SECTION), colour);
    let percent = format!("{} %", number(100.0 * sureness, 0));
    let font = look.bold(size::BODY + 1.0);
    label(stage.ui, line, Align2::RIGHT_CENTER, &percent, font, theme::TEXT);
    let well = row(look, inside, 145.0, 8.0);
    let painter = stage.ui.painter();
    painter.rect_filled(well, look.corner(3.0), theme::WELL);
    let x = |sureness: f32| well.left() + well.width() * sureness.clamp(0.0, 1.0);
    let now = shown(stage, Shown::Sureness);
    if now > 0.0 {
        let bar = well.with_max_x(x(now)).shrink2(look.size(0.0, 2.0));
        painter.rect_filled(bar, 0, theme::SIGNAL);
    }
    painter.vline(x(0.25), well.y_range(), look.stroke(1.5, theme::TRACK));
    if sureness > 0.0 {
        painter.vline(x(sureness), well.y_range(), look.stroke(2.0, theme::TEXT));
    }
    let id = stage.ui.scope_id().with("sureness");
    let response = stage.ui.interact(well, id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Sureness"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(percent));
    if response.hovered() {
        stage
            .desk
            .hint("How far beyond the threshold it is: from the line on it is taken for an s.");
    }
}

/// What is taken off now, at most, and on average from an s.
fn draw_reduction(stage: &mut DeEsserStage<'_, '_>, inside: Rect, found: &[Sibilant]) {
    let look = stage.look;
    title(stage, row(look, inside, 164.0, 16.0), "Taken off");
    let now_db = most(stage.trace, Shown::GainReduction);
    let moves = now_db >= STILL_DB;
    let colour = if moves { theme::GAIN } else { theme::TEXT };
    let line = row(look, inside, 180.0, 36.0);
    let text = number(if moves { -now_db } else { 0.0 }, 1);
    let drawn = label(stage.ui, line, Align2::LEFT_CENTER, &text, look.bold(LARGE), colour);
    let is_off = stage.params.reduction.range.value() == 0.0;
    let unit = match (moves, is_off) {
        (true, _) => "dB",
        (false, false) => "dB: at rest",
        (false, true) => "dB: range is 0",
    };
    let beside =
        line.with_min_x(drawn.right() + look.px(7.0)).with_max_y(drawn.bottom() - look.px(4.0));
    caption(stage, beside, Align2::LEFT_BOTTOM, unit);
    let maximum_db = shown(stage, Shown::ReductionMaximum);
    let from_each = average_lost_db(found);
    let lines =
        [("At most", number(-maximum_db, 1), "dB"), ("From each s", number(-from_each, 1), "dB")];
    for (count, (name, number, unit)) in lines.into_iter().enumerate() {
        let line = row(look, inside, 218.0 + 20.0 * count as f32, 20.0);
        let shown = Readout { name, number, unit, colour: theme::GAIN, large: false };
        let response = readout(stage.ui, look, line, &shown);
        if count == 0 {
            if response.hovered() {
                stage.desk.hint("The largest reduction so far; a click starts it over.");
            }
            if response.clicked() {
                stage.readings.restart(group::MAXIMUM);
            }
        } else if response.hovered() {
            stage.desk.hint("What the s-sounds of the last ten seconds lost on average.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::TRACED;

    #[test]
    fn words_follow_the_sureness() {
        for (sureness, wanted) in [
            (f32::NAN, "no s"),
            (0.0, "no s"),
            (0.1, "not quite an s"),
            (0.25, "just an s"),
            (0.6, "clearly an s"),
            (1.0, "beyond doubt"),
        ] {
            assert_eq!(words(sureness), wanted);
        }
    }

    #[test]
    fn numbers_show_the_most_of_half_a_second() {
        let trace = Trace::new(TRACED.len());
        assert!(most(&trace, Shown::Sureness).is_nan());
        trace.push(|_| 0.75);
        (1..SHOWN_FOR).for_each(|_| trace.push(|_| 0.25));
        assert_eq!(most(&trace, Shown::Sureness), 0.75);
        trace.push(|_| 0.25);
        assert_eq!(most(&trace, Shown::Sureness), 0.25);
    }
}
