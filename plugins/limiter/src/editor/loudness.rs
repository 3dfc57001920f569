//! The panel of numbers: loudness against its target, and the maxima.

use super::advice::{self, Master, News, Said};
use super::peaks::{Mark, Peaks, Verdict};
use super::{LimiterStage, TARGET, shown};
use crate::dsp::Shown;
use crate::meters::group;
use crate::params::{Key, Mode};
use egui::{Align2, Color32, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, WidgetInfo, pos2, vec2};
use shared_dsp::targets::{TARGETS, Target};
use support::editor::theme::{self, size};
use support::editor::widgets::{PickOption, Tone, button, label, number, panel, pick};

/// What the zone's scale spans on either side of the target, in LU.
const SPAN_LU: f32 = 6.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let inside = panel(stage.ui, stage.look, rect);
    let look = stage.look;
    let row = |top: f32, height: f32| {
        let corner = pos2(inside.left(), inside.top() + look.px(top));
        Rect::from_min_size(corner, vec2(inside.width(), look.px(height)))
    };
    title(stage, row(0.0, 24.0));
    integrated(stage, row(26.0, 52.0));
    target(stage, row(82.0, 26.0), row(114.0, 62.0));
    line(stage, row(180.0, 1.0));
    let cell = |row: Rect, right: bool| {
        let (left, rest) = row.split_left_right_at_fraction(0.5);
        if right { rest } else { left }
    };
    let plr = shown(stage, Shown::StrictMaximum) - shown(stage, Shown::Integrated);
    for (top, right, name, value, unit) in [
        (184.0, false, "Short-term", shown(stage, Shown::ShortTerm), "LUFS"),
        (184.0, true, "Momentary", shown(stage, Shown::Momentary), "LUFS"),
        (219.0, false, "Range", shown(stage, Shown::Range), "LU"),
        (219.0, true, "Peak to loudness", plr, "dB"),
    ] {
        let place = cell(row(top, 34.0), right);
        let text = number(value, 1);
        numbers(stage, place, name, &text, unit, theme::TEXT);
    }
    line(stage, row(257.0, 1.0));
    let titles = row(261.0, 16.0);
    let small = look.font(size::SMALL);
    label(stage.ui, titles, Align2::LEFT_CENTER, "Maxima", small.clone(), theme::LABEL);
    label(stage.ui, titles, Align2::RIGHT_CENTER, "click one to reset it", small, theme::LABEL);
    let verdict = peaks(stage).verdict();
    maxima(stage, &verdict, |top, right| cell(row(278.0 + top, 34.0), right));
    let colour = match (verdict.itu, verdict.strict) {
        (Mark::Over(_), _) | (_, Mark::Over(_)) => theme::OVER,
        (Mark::Doubtful(_), _) => theme::TEXT,
        _ => theme::LABEL,
    };
    let small = look.font(size::SMALL);
    label(stage.ui, row(349.0, 15.0), Align2::LEFT_CENTER, &verdict.note, small, colour);
}

/// The output's true peaks, as they are judged.
fn peaks(stage: &LimiterStage<'_, '_>) -> Peaks {
    Peaks {
        itu_dbtp: shown(stage, Shown::OutputMaximum),
        strict_dbtp: shown(stage, Shown::StrictMaximum),
        ceiling_db: stage.params.limiter.ceiling.value(),
        sample_peak: stage.params.limiter.mode.value() == Mode::SamplePeak,
        external_key: stage.params.key.source.value() == Key::External,
    }
}

fn line(stage: &mut LimiterStage<'_, '_>, at: Rect) {
    let stroke = stage.look.stroke(1.0, theme::LINE);
    stage.ui.painter().hline(at.x_range(), at.top(), stroke);
}

/// What the number below is, and the buttons that hold it and start it over.
fn title(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let small = look.font(size::SMALL + 1.0);
    label(stage.ui, rect, Align2::LEFT_CENTER, "Integrated loudness", small, theme::LABEL);
    let reset = rect.with_min_x(rect.right() - look.px(56.0));
    let pause = Rect::from_min_max(
        pos2(reset.left() - look.px(6.0 + 60.0), rect.top()),
        pos2(reset.left() - look.px(6.0), rect.bottom()),
    );
    let paused = stage.readings.is_paused(group::LOUDNESS);
    let tone = if paused { Tone::Lit(theme::GAIN) } else { Tone::Ready };
    let hint = if paused {
        "On hold: goes on measuring integrated loudness and range."
    } else {
        "Holds integrated loudness and range; short-term and momentary go on."
    };
    if button(stage.ui, look, stage.desk, pause, "Pause", tone, hint) {
        stage.readings.pause(group::LOUDNESS, !paused);
    }
    let hint = "Starts loudness and every maximum over.";
    if button(stage.ui, look, stage.desk, reset, "Reset", Tone::Ready, hint) {
        stage.readings.restart(group::ALL);
    }
}

/// Minutes and seconds, and hours where there are any.
fn clock(seconds: f32) -> String {
    let seconds = seconds.max(0.0) as u32;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// The one number of the page, and how long it was measured.
fn integrated(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let text = number(shown(stage, Shown::Integrated), 1);
    let hero = look.bold(size::HERO);
    let drawn = label(stage.ui, rect, Align2::LEFT_CENTER, &text, hero, theme::TEXT);
    let beside = rect.with_min_x(drawn.right() + look.px(10.0));
    let foot = beside.with_max_y(drawn.bottom() - look.px(9.0));
    label(stage.ui, foot, Align2::LEFT_BOTTOM, "LUFS", look.font(size::BODY), theme::LABEL);
    let since = shown(stage, Shown::Measured);
    let (text, colour) = match (stage.readings.is_paused(group::LOUDNESS), since.is_nan()) {
        (true, _) => (format!("on hold at {}", clock(since)), theme::GAIN),
        (false, true) => ("not measured yet".to_owned(), theme::LABEL),
        (false, false) => (format!("since {}", clock(since)), theme::LABEL),
    };
    let small = look.font(size::SMALL + 1.0);
    label(stage.ui, foot, Align2::RIGHT_BOTTOM, &text, small, colour);
}

/// What is delivered, where the loudness stands in its zone, and what to turn.
fn target(stage: &mut LimiterStage<'_, '_>, choice: Rect, below: Rect) {
    let look = stage.look;
    let small = look.font(size::SMALL + 1.0);
    label(stage.ui, choice, Align2::LEFT_CENTER, "Target", small.clone(), theme::LABEL);
    let field = choice.with_min_x(choice.left() + look.px(52.0));
    let hints: Vec<String> = TARGETS.iter().map(describe).collect();
    let none = PickOption { name: "None", hint: "No delivery to hold the loudness against." };
    let named = TARGETS.iter().zip(&hints).map(|(t, hint)| PickOption { name: t.name, hint });
    let options: Vec<PickOption<'_>> = std::iter::once(none).chain(named).collect();
    let chosen = stage.choices.get(TARGET);
    if let Some(picked) =
        pick(stage.ui, look, stage.desk, field, "Loudness target", chosen, &options)
    {
        stage.choices.set(TARGET, picked);
    }
    let Some(target) = stage.choices.get(TARGET).checked_sub(1).and_then(|n| TARGETS.get(n)) else {
        let centre = below.with_max_y(below.top() + look.px(30.0));
        let text = "choose a delivery to hold this against";
        label(stage.ui, centre, Align2::LEFT_CENTER, text, small, theme::LABEL);
        return;
    };
    let master = master(stage);
    let row = |top: f32, height: f32| {
        let corner = pos2(below.left(), below.top() + look.px(top));
        Rect::from_min_size(corner, vec2(below.width(), look.px(height)))
    };
    zone(stage, row(0.0, 10.0), target, master.integrated_lufs as f32);
    let caption = row(12.0, 16.0);
    let (wanted, most) = limits(target);
    let tiny = look.font(size::SMALL);
    label(stage.ui, caption, Align2::LEFT_CENTER, &wanted, tiny.clone(), theme::LABEL);
    label(stage.ui, caption, Align2::RIGHT_CENTER, &most, tiny, theme::LABEL);
    let sentences = [advice::loudness(target, &master), advice::true_peak(target, &master)];
    for (Said { news, text }, place) in
        sentences.into_iter().zip([row(29.0, 16.0), row(45.0, 16.0)])
    {
        let colour = match news {
            News::None => theme::LABEL,
            News::Good => theme::SIGNAL,
            News::Turn => theme::GAIN,
            News::Over => theme::OVER,
        };
        label(stage.ui, place, Align2::LEFT_CENTER, &text, small.clone(), colour);
    }
}

/// What is read and set, as the sentences want it.
fn master(stage: &LimiterStage<'_, '_>) -> Master {
    let limiter = &stage.params.limiter;
    let peaks = peaks(stage);
    Master {
        integrated_lufs: shown(stage, Shown::Integrated).into(),
        true_peak_dbtp: peaks.strict_dbtp.into(),
        gain_db: limiter.gain.value().into(),
        ceiling_db: peaks.ceiling_db.into(),
        sample_peak: peaks.sample_peak,
        external_key: peaks.external_key,
    }
}

/// What a target asks for, in words: loudness with tolerance, and true peak.
fn limits(target: &Target) -> (String, String) {
    let wanted = target.integrated_lufs.map_or("any loudness".to_owned(), |lufs| {
        let [below, above] = target.tolerance_lu.map(|lu| number(lu as f32, 1));
        let tolerance = if below == above {
            format!("\u{b1}{below}")
        } else {
            format!("\u{2212}{below} +{above}")
        };
        format!("{} {tolerance} LUFS", number(lufs as f32, 1))
    });
    (wanted, format!("max {} dBTP", number(target.max_true_peak_dbtp as f32, 1)))
}

/// A target in a sentence, with its source.
fn describe(target: &Target) -> String {
    let (wanted, most) = limits(target);
    let shortterm = target.max_shortterm_lufs.map_or(String::new(), |lufs| {
        format!(", short-term {} LUFS at most", number(lufs as f32, 1))
    });
    format!("{wanted}, {most}{shortterm}. {} ({}).", target.source, target.date)
}

/// The target's zone on a line of loudness, and the mark that should stand in it.
fn zone(stage: &mut LimiterStage<'_, '_>, rect: Rect, target: &Target, integrated: f32) {
    let look = stage.look;
    let painter = stage.ui.painter();
    let corner = look.corner(3.0);
    let edge = look.stroke(1.0, theme::LINE);
    painter.rect(rect, corner, theme::WELL, edge, StrokeKind::Inside);
    let Some(wanted) = target.integrated_lufs else { return };
    let x = |off: f32| {
        let share = (off / SPAN_LU).clamp(-1.0, 1.0);
        rect.center().x + 0.5 * (rect.width() - look.px(6.0)) * share
    };
    let [below, above] = target.tolerance_lu.map(|lu| lu as f32);
    let inner = rect.shrink(look.px(1.0));
    let good = Rect::from_x_y_ranges(x(-below)..=x(above), inner.y_range());
    painter.rect_filled(good, 0, theme::SIGNAL_BEFORE);
    painter.vline(x(0.0), inner.y_range(), look.stroke(1.0, theme::SIGNAL));
    if integrated.is_finite() {
        let at = x(integrated - wanted as f32);
        let mark = Rect::from_center_size(pos2(at, rect.center().y), look.size(4.0, 18.0));
        painter.rect(
            mark,
            look.corner(2.0),
            theme::TEXT,
            look.stroke(1.0, theme::PANEL),
            StrokeKind::Outside,
        );
    }
}

/// A name, and below it a number with its unit; gives the place behind the name.
fn numbers(
    stage: &mut LimiterStage<'_, '_>,
    place: Rect,
    name: &str,
    text: &str,
    unit: &str,
    colour: Color32,
) -> Pos2 {
    let look = stage.look;
    let (above, below) = place.split_top_bottom_at_fraction(0.42);
    let small = look.font(size::SMALL);
    let named = label(stage.ui, above, Align2::LEFT_CENTER, name, small, theme::LABEL);
    let font = look.bold(size::BODY + 3.0);
    let drawn =
        stage.ui.painter().text(below.left_center(), Align2::LEFT_CENTER, text, font, colour);
    let at = pos2(drawn.right() + look.px(5.0), drawn.bottom() - look.px(1.5));
    let small = look.font(size::SMALL);
    stage.ui.painter().text(at, Align2::LEFT_BOTTOM, unit, small, theme::LABEL);
    let id = stage.ui.scope_id().with(("numbers", name));
    let response = stage.ui.interact(place, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, name));
    let value = format!("{text} {unit}");
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
    named.right_center()
}

/// By how much a reading is over, behind its name: a triangle, empty where it may be the meter's error.
fn over_mark(stage: &mut LimiterStage<'_, '_>, mark: Mark, behind: Pos2) {
    let look = stage.look;
    let (by, fill, colour) = match mark {
        Mark::Under => return,
        Mark::Doubtful(by) => (by, Color32::TRANSPARENT, theme::TEXT),
        Mark::Over(by) => (by, theme::OVER, theme::OVER),
    };
    let foot = behind + look.size(11.0, 3.0);
    let corners = [look.size(-4.0, 0.0), look.size(4.0, 0.0), look.size(0.0, -7.0)];
    let corners = corners.map(|corner| foot + corner).to_vec();
    let edge = Stroke::new(look.px(1.0), colour);
    let painter = stage.ui.painter();
    painter.add(Shape::convex_polygon(corners, fill, edge));
    let at = behind + look.size(18.0, 0.0);
    let text = format!("+{}", number(by, 2));
    painter.text(at, Align2::LEFT_CENTER, text, look.font(size::SMALL), colour);
}

/// The largest of everything; a click on one starts that one over.
fn maxima(stage: &mut LimiterStage<'_, '_>, verdict: &Verdict, place: impl Fn(f32, bool) -> Rect) {
    let out = |mark| if matches!(mark, Mark::Over(_)) { theme::OVER } else { theme::TEXT };
    let input = shown(stage, Shown::InputMaximum);
    let reduction = -shown(stage, Shown::ReductionMaximum);
    let (itu, strict) = (shown(stage, Shown::OutputMaximum), shown(stage, Shown::StrictMaximum));
    let cells = [
        (
            (0.0, false, "True peak in", group::INPUT_MAXIMUM),
            (number(input, 2), "dBTP", theme::TEXT, Mark::Under),
        ),
        (
            (0.0, true, "Reduction", group::REDUCTION_MAXIMUM),
            (number(reduction, 1), "dB", theme::GAIN, Mark::Under),
        ),
        (
            (35.0, false, "Out, ITU 4\u{d7}", group::OUTPUT_MAXIMUM),
            (number(itu, 2), "dBTP", out(verdict.itu), verdict.itu),
        ),
        (
            (35.0, true, "Out, strict 16\u{d7}", group::STRICT_MAXIMUM),
            (number(strict, 2), "dBTP", out(verdict.strict), verdict.strict),
        ),
    ];
    for ((top, right, name, group), (text, unit, colour, mark)) in cells {
        let place = place(top, right);
        maximum(stage, place, name, group, mark);
        let behind = numbers(stage, place, name, &text, unit, colour);
        over_mark(stage, mark, behind);
    }
}

/// What makes a maximum a thing to click.
fn maximum(stage: &mut LimiterStage<'_, '_>, place: Rect, name: &str, group: u32, mark: Mark) {
    let look = stage.look;
    let id = stage.ui.scope_id().with(("maximum", group));
    let response = stage.ui.interact(place, id, Sense::click());
    let around = place.expand2(look.size(4.0, 0.0)).with_max_x(place.right() - look.px(6.0));
    if response.hovered() {
        stage.ui.painter().rect_filled(around, look.corner(4.0), theme::RAISED);
    }
    if response.has_focus() {
        let ring = look.stroke(1.5, theme::TEXT);
        stage.ui.painter().rect_stroke(around, look.corner(4.0), ring, StrokeKind::Inside);
    }
    if response.hovered() || response.has_focus() {
        let doubt = match mark {
            Mark::Doubtful(_) => {
                " Whoever checks by a 4\u{d7} meter reads it too: lower Ceiling for them."
            }
            _ => "",
        };
        let hint = format!("{name}, the largest so far. A click starts it over.{doubt}");
        stage.desk.set_hint(hint);
    }
    if response.clicked() {
        stage.readings.restart(group);
    }
    let spoken = format!("Reset {name}");
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &spoken));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_has_hours_when_there_are_any() {
        assert_eq!(clock(0.0), "0:00");
        assert_eq!(clock(751.0), "12:31");
        assert_eq!(clock(3661.0), "1:01:01");
    }

    #[test]
    fn every_target_is_described_with_its_source() {
        for target in TARGETS {
            let text = describe(target);
            assert!(text.contains(target.source) && text.contains(target.date), "{text}");
        }
        assert!(
            describe(&TARGETS[0])
                .starts_with("\u{2212}14.0 \u{b1}1.0 LUFS, max \u{2212}1.0 dBTP. ")
        );
    }
}
