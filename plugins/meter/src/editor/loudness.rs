//! The panel of loudness: the one number of the page, where it stands, and what else is loud.

use super::{MeterStage, clock, shown, titled, view};
use crate::dsp::{ALL, Shown, Waiting};
use egui::{Align2, Color32, Rect, Sense, StrokeKind, WidgetInfo, pos2, vec2};
use report::model::Target;
use shared_dsp::targets::Standing;
use support::editor::theme::{self, size};
use support::editor::widgets::{Tone, button, label, number};

/// What the zone's scale spans on either side of the target, in LU.
const SPAN_LU: f32 = 9.0;
/// The largest figures, at 100 %.
const FIGURES: f32 = 62.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let target = stage.params.target();
    let gated = target.dialogue_gated;
    let title = if gated { "Integrated, dialogue" } else { "Integrated" };
    let (line, inside) = titled(stage, rect, title);
    buttons(stage, line);
    let look = stage.look;
    // In a larger panel everything is as much larger: it is there to be read from afar.
    let grown = (inside.height() / look.px(176.0)).max(0.5);
    let grow = |length: f32| look.px(length) * grown;
    let row = |top: f32, height: f32| {
        let corner = pos2(inside.left(), inside.top() + grow(top));
        Rect::from_min_size(corner, vec2(inside.width(), grow(height)))
    };
    let lufs = shown(stage, if gated { Shown::Dialogue } else { Shown::Integrated });
    let (colour, word) = standing(&target, lufs);
    let hero = row(0.0, 66.0);
    let font = egui::FontId::new(grow(FIGURES), look.bold(1.0).family);
    let drawn = label(stage.ui, hero, Align2::LEFT_CENTER, &number(lufs, 1), font, theme::TEXT);
    let foot = hero.with_min_x(drawn.right() + look.px(8.0)).with_max_y(hero.bottom() - grow(9.0));
    label(stage.ui, foot, Align2::LEFT_BOTTOM, "LUFS", look.font(size::BODY), theme::LABEL);
    let says = hero.with_max_y(hero.bottom() - grow(26.0));
    let bold = look.bold(size::BODY);
    label(stage.ui, says, Align2::RIGHT_BOTTOM, &word, bold, colour);
    let small = look.font(size::SMALL + 1.0);
    let (text, waits) = since(stage);
    let waiting = if waits { theme::GAIN } else { theme::LABEL };
    label(stage.ui, foot, Align2::RIGHT_BOTTOM, &text, small.clone(), waiting);
    zone(stage, row(72.0, 12.0), &target, lufs);
    let caption = row(87.0, 16.0);
    label(stage.ui, caption, Align2::LEFT_CENTER, &wanted(&target), small.clone(), theme::LABEL);
    let share = shown(stage, Shown::DialogueShare);
    if gated && share > 0.0 {
        let text = format!("dialogue {} % of the time", number(100.0 * share, 0));
        label(stage.ui, caption, Align2::RIGHT_CENTER, &text, small, theme::LABEL);
    }
    figures(stage, row(110.0, 66.0), grown);
}

/// Short-term and momentary loudness with their maxima, and the range.
fn figures(stage: &mut MeterStage<'_, '_>, rect: Rect, grown: f32) {
    let look = stage.look;
    let stable = shown(stage, Shown::RangeStable) > 0.0;
    let range = shown(stage, Shown::Range);
    let maximum = |stage: &MeterStage<'_, '_>, level: Shown, at: Shown| {
        let level = shown(stage, level);
        if level.is_finite() {
            format!("max {} at {}", number(level, 1), clock(shown(stage, at), false))
        } else {
            "max \u{2013}".to_owned()
        }
    };
    let shortterm = maximum(stage, Shown::ShortTermMaximum, Shown::ShortTermMaximumAt);
    let momentary = maximum(stage, Shown::MomentaryMaximum, Shown::MomentaryMaximumAt);
    let under_range = match (range.is_finite(), stable) {
        (false, _) => "none yet".to_owned(),
        (true, false) => "unstable: under 60 s".to_owned(),
        (true, true) => "stable".to_owned(),
    };
    let cells = [
        ("Short-term", shown(stage, Shown::ShortTerm), "LUFS", shortterm),
        ("Momentary", shown(stage, Shown::Momentary), "LUFS", momentary),
        ("Range", range, "LU", under_range),
    ];
    let width = rect.width() / cells.len() as f32;
    for (n, (name, value, unit, under)) in cells.into_iter().enumerate() {
        let corner = pos2(rect.left() + width * n as f32, rect.top());
        let cell = Rect::from_min_size(corner, vec2(width, rect.height()));
        let [top, middle, foot] = [0.0, 0.27, 0.72].map(|share| rect.top() + share * rect.height());
        let place = |top: f32, bottom: f32| cell.with_min_y(top).with_max_y(bottom);
        let small = look.font(size::SMALL);
        let named = place(top, middle).left_center();
        let painter = stage.ui.painter();
        painter.text(named, Align2::LEFT_CENTER, name, small.clone(), theme::LABEL);
        let font = egui::FontId::new(look.px(22.0) * grown, look.bold(1.0).family);
        let text = number(value, 1);
        let line = place(middle, foot);
        let painter = stage.ui.painter();
        let drawn = painter.text(line.left_center(), Align2::LEFT_CENTER, &text, font, theme::TEXT);
        let at = pos2(drawn.right() + look.px(5.0), drawn.bottom() - look.px(3.0) * grown);
        painter.text(at, Align2::LEFT_BOTTOM, unit, small.clone(), theme::LABEL);
        let colour = if name == "Range" && value.is_finite() && !stable {
            theme::GAIN
        } else {
            theme::LABEL
        };
        let below = place(foot, rect.bottom());
        label(stage.ui, below, Align2::LEFT_CENTER, &under, small, colour);
        let id = stage.ui.scope_id().with(("figure", name));
        let response = stage.ui.interact(cell, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, name));
        let spoken = format!("{text} {unit}");
        stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
    }
}

/// How the number stands against what was ordered: a colour, and a word that says the same.
fn standing(target: &Target, lufs: f32) -> (Color32, String) {
    if !lufs.is_finite() {
        let word = if target.dialogue_gated { "not dialogue-gated" } else { "" };
        return (theme::GAIN, word.to_owned());
    }
    match target.standing(f64::from(lufs)) {
        None => (theme::LABEL, String::new()),
        Some(Standing::OnTarget) => (theme::SIGNAL, "on target".to_owned()),
        Some(Standing::Under(by)) => (theme::GAIN, format!("{} LU under", number(by as f32, 1))),
        Some(Standing::Over(by)) => (theme::OVER, format!("{} LU over", number(by as f32, 1))),
    }
}

/// What was ordered, in words.
fn wanted(target: &Target) -> String {
    let Some(lufs) = target.lufs else { return "no loudness asked for".to_owned() };
    let [below, above] = target.tolerance_lu.map(|lu| number(lu as f32, 1));
    let tolerance =
        if below == above { format!("\u{b1}{below}") } else { format!("\u{2212}{below} +{above}") };
    let what = if target.dialogue_gated { "of the dialogue" } else { "" };
    format!("{} {tolerance} LUFS {what}", number(lufs as f32, 1)).trim_end().to_owned()
}

/// How long was measured, and whether it waits.
fn since(stage: &MeterStage<'_, '_>) -> (String, bool) {
    let elapsed = shown(stage, Shown::Elapsed);
    let text = clock(elapsed, false);
    let waits = shown(stage, Shown::Waits);
    let is = |waiting: Waiting| waits == f32::from(waiting as u8);
    if is(Waiting::Held) {
        (format!("on hold at {text}"), true)
    } else if is(Waiting::Bypassed) {
        ("bypassed: not measuring".to_owned(), true)
    } else if elapsed.is_nan() {
        ("not measured yet".to_owned(), false)
    } else if is(Waiting::Stopped) {
        (format!("{text}, stopped"), true)
    } else {
        (format!("measured {text}"), false)
    }
}

/// The buttons that hold the measurement and start it over.
fn buttons(stage: &mut MeterStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let height = look.px(24.0);
    let place = |right: f32, width: f32| {
        let right = line.right() - look.px(right);
        Rect::from_center_size(
            pos2(right - 0.5 * look.px(width), line.center().y),
            vec2(look.px(width), height),
        )
    };
    let paused = stage.readings.is_paused(ALL);
    let tone = if paused { Tone::Lit(theme::GAIN) } else { Tone::Ready };
    let hint = if paused {
        "On hold: goes on measuring."
    } else {
        "Holds what is measured; the bars go on."
    };
    if button(stage.ui, look, stage.desk, place(62.0, 60.0), "Pause", tone, hint) {
        stage.readings.pause(ALL, !paused);
    }
    let hint = "Starts every measurement and the history over.";
    if button(stage.ui, look, stage.desk, place(0.0, 56.0), "Reset", Tone::Ready, hint) {
        stage.readings.restart(ALL);
        view::show_all(stage);
    }
}

/// The target's zone on a line of loudness, and the mark that should stand in it.
fn zone(stage: &MeterStage<'_, '_>, rect: Rect, target: &Target, lufs: f32) {
    let look = stage.look;
    let painter = stage.ui.painter();
    let edge = look.stroke(1.0, theme::LINE);
    painter.rect(rect, look.corner(3.0), theme::WELL, edge, StrokeKind::Inside);
    let Some(wanted) = target.lufs else { return };
    let x = |off: f32| {
        let share = (off / SPAN_LU).clamp(-1.0, 1.0);
        rect.center().x + 0.5 * (rect.width() - look.px(6.0)) * share
    };
    let [below, above] = target.tolerance_lu.map(|lu| lu as f32);
    let inner = rect.shrink(look.px(1.0));
    let good = Rect::from_x_y_ranges(x(-below)..=x(above), inner.y_range());
    painter.rect_filled(good, 0, theme::SIGNAL_BEFORE);
    painter.vline(x(0.0), inner.y_range(), look.stroke(1.0, theme::SIGNAL));
    if lufs.is_finite() {
        let at = x(lufs - wanted as f32);
        let size = vec2(look.px(4.0), rect.height() + look.px(8.0));
        let mark = Rect::from_center_size(pos2(at, rect.center().y), size);
        let edge = look.stroke(1.0, theme::PANEL);
        painter.rect(mark, look.corner(2.0), theme::TEXT, edge, StrokeKind::Outside);
    }
}
