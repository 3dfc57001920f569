//! The page of Stem Limiter: what it does to the sound, how loud it is, and what to turn.

mod advice;
mod loudness;
mod peaks;
mod release;
#[cfg(test)]
mod tests;

use crate::StemLimiter;
use crate::dsp::Shown;
use crate::params::{Key, Parameters};
use egui::{Align2, Rect, Sense, pos2, vec2};
use shared_dsp::targets::TARGETS;
use support::Face;
use support::editor::theme::{self, size};
use support::editor::widgets::{
    Knob, Lamp, Level, Pane, choice, history, knob, knob_saying, label, lamp, level, number,
    overlay, panel, reduction_on, switch,
};
use support::editor::{About, PageChoice, Stage, Way, about, handle};

type LimiterStage<'a, 'd> = Stage<'a, 'd, Parameters>;

impl Face for StemLimiter {
    type Params = Parameters;

    const PAGE: [f32; 2] = [1120.0, 704.0];
    const ABOUT: &'static [About] = ABOUT;
    const CHOICES: &'static [PageChoice] = &[PageChoice { id: "target", options: &TARGET_IDS }];

    fn body(stage: &mut LimiterStage<'_, '_>, body: Rect) {
        let gap = stage.look.px(size::MARGIN);
        let controls = body.with_min_y(body.bottom() - stage.look.px(176.0));
        let above = body.with_max_y(controls.top() - gap);
        let loudness_panel = above.with_min_x(above.right() - stage.look.px(290.0));
        let meters = Rect::from_min_max(
            pos2(loudness_panel.left() - gap - stage.look.px(176.0), above.top()),
            pos2(loudness_panel.left() - gap, above.bottom()),
        );
        let scrolling = above.with_max_x(meters.left() - gap);
        draw_history(stage, scrolling);
        draw_meters(stage, meters);
        loudness::draw(stage, loudness_panel);
        draw_controls(stage, controls);
    }
}

/// The loudness target among the page's choices: none, or one of the table's.
const TARGET: usize = 0;
const TARGET_IDS: [&str; TARGETS.len() + 1] = {
    let mut ids = ["none"; TARGETS.len() + 1];
    let mut target = 0;
    while target < TARGETS.len() {
        ids[target + 1] = TARGETS[target].id;
        target += 1;
    }
    ids
};

const ABOUT: &[About] = &[
    about("gain", "Gain before the limiter, on input and key alike.", 0.5, 0.05),
    about("ceiling", "No true peak passes it (no sample, in Sample Peak).", 0.1, 0.01),
    about(
        "lookahead",
        "How long before a peak the gain starts to move; adds no latency.",
        0.1,
        0.01,
    ),
    about("release", "Time constant of the recovery: 63 % of the way back in dB.", 0.0, 0.0),
    about("auto-release", "Slow recovery under sustained level, fast after transients.", 0.0, 0.0),
    about("link", "How far the channels share one gain: 100 % keeps the image still.", 5.0, 0.5),
    about(
        "mode",
        "What counts as a peak: true peaks, all up to Nyquist checked twice, or samples.",
        0.0,
        0.0,
    ),
    about(
        "key",
        "What the gain is computed from. With one external key, stems get one gain.",
        0.0,
        0.0,
    ),
    about(
        "dither",
        "Requantises the output with triangular dither; off under an external key.",
        0.0,
        0.0,
    ),
    about(
        "noise-shaping",
        "Moves the dither's noise to where the ear is less sensitive.",
        0.0,
        0.0,
    ),
    about(
        "key-listen",
        "Listen to the external key, delayed by the latency, instead of the output.",
        0.0,
        0.0,
    ),
    about(
        "match",
        "Listen as loud as bypassed: one gain, measured when it goes on, then held.",
        0.0,
        0.0,
    ),
    about("delta", "Listen to what the limiter takes away, alone.", 0.0, 0.0),
    about("bypass", "The unprocessed signal, delayed alike.", 0.0, 0.0),
];

const TOP_DB: f32 = 6.0;
const BOTTOM_DB: f32 = -30.0;
const MARKS_DB: &[f32] = &[6.0, 0.0, -6.0, -12.0, -18.0, -24.0, -30.0];
/// The reduction has as many pixels a dB as the levels have, in the history and beside it: what is taken
/// away is as long as what is left, and one scale is read for both.
const REDUCTION_DB: f32 = TOP_DB - BOTTOM_DB;
const REDUCTION_MARKS_DB: &[f32] = &[0.0, 3.0, 6.0, 9.0, 12.0, 18.0, 24.0];
/// What stands over a drawing: its legend, or its numbers. At 100 %.
const TITLES: f32 = 18.0;
const UNDER_TITLES: f32 = 8.0;

fn shown(stage: &LimiterStage<'_, '_>, reading: Shown) -> f32 {
    stage.readings.get(reading as usize)
}

/// Levels with the ceiling in them, and the gain reduction hanging from the top, on one time axis.
fn draw_history(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let titles = inside.with_max_y(inside.top() + look.px(TITLES));
    let below = inside.with_min_y(titles.bottom() + look.px(UNDER_TITLES));
    let levels = Pane {
        top_db: TOP_DB,
        bottom_db: BOTTOM_DB,
        marks_db: MARKS_DB,
        base_db: BOTTOM_DB,
        areas: &[(0, theme::SIGNAL_BEFORE), (1, theme::SIGNAL)],
        ruler: true,
    };
    let left = below.with_max_x(below.right() - look.px(34.0));
    let plot = history(stage.ui, look, left, stage.trace, &levels);
    let gain = Pane {
        top_db: 0.0,
        bottom_db: REDUCTION_DB,
        marks_db: REDUCTION_MARKS_DB,
        base_db: 0.0,
        areas: &[(2, theme::GAIN)],
        ruler: false,
    };
    overlay(stage.ui, plot, stage.trace, &gain);
    let painter = stage.ui.painter();
    for mark in gain.marks_db {
        let y = gain.y(plot, *mark);
        let tick = [pos2(plot.right(), y), pos2(plot.right() + look.px(4.0), y)];
        painter.line_segment(tick, look.stroke(1.0, theme::GAIN));
        let at = pos2(plot.right() + look.px(7.0), y);
        let small = look.font(size::SMALL);
        painter.text(at, Align2::LEFT_CENTER, number(-mark, 0), small, theme::GAIN);
    }
    legend(stage, titles);
    draw_ceiling(stage, plot, &levels);
}

fn legend(stage: &mut LimiterStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let small = look.font(size::SMALL + 1.0);
    label(stage.ui, line, Align2::LEFT_CENTER, "Level, dBFS", small.clone(), theme::LABEL);
    let mut right = line.right();
    for (text, colour) in [
        ("gain reduction, dB (right)", theme::GAIN),
        ("out", theme::SIGNAL),
        ("in, after gain", theme::SIGNAL_BEFORE),
    ] {
        let place = line.with_max_x(right);
        let drawn = label(stage.ui, place, Align2::RIGHT_CENTER, text, small.clone(), theme::LABEL);
        let mark = pos2(drawn.left() - look.px(11.0), line.center().y);
        let square = Rect::from_center_size(mark, look.size(9.0, 9.0));
        stage.ui.painter().rect_filled(square, look.corner(2.0), colour);
        right = square.left() - look.px(16.0);
    }
}

/// The ceiling as a line that can be dragged.
fn draw_ceiling(stage: &mut LimiterStage<'_, '_>, plot: Rect, pane: &Pane<'_>) {
    let look = stage.look;
    let index = stage.desk.index("ceiling");
    let control = stage.desk.control(index);
    let (low, high) = (control.plain_of(0.0), control.plain_of(1.0));
    let y = pane.y(plot, control.plain_of(stage.desk.value(index)));
    let line = Rect::from_x_y_ranges(plot.x_range(), y - look.px(7.0)..=y + look.px(7.0));
    let id = stage.ui.scope_id().with("ceiling line");
    let response = stage.ui.interact(line, id, Sense::CLICK | Sense::DRAG);
    // One dB of drag is one dB of the drawing.
    let way = plot.height() * (high - low) / (pane.top_db - pane.bottom_db) / look.scale;
    handle(stage.ui, look, stage.desk, index, &response, Way::Up(Some(way)));
    let lit = response.hovered() || response.dragged();
    if lit {
        stage.ui.set_cursor_icon(egui::CursorIcon::ResizeVertical);
    }
    let stroke = look.stroke(if lit { 2.0 } else { 1.25 }, theme::TEXT);
    let ends = [pos2(plot.left(), y), pos2(plot.right(), y)];
    let dashes = egui::Shape::dashed_line(&ends, stroke, look.px(6.0), look.px(4.0));
    stage.ui.painter().extend(dashes);
    let text = stage.desk.text(index);
    let tag_size = look.size(82.0, 20.0);
    let tag = Rect::from_min_size(
        pos2(plot.right() - tag_size.x - look.px(4.0), y - tag_size.y - look.px(2.0)),
        tag_size,
    );
    let painter = stage.ui.painter();
    painter.rect_filled(tag, look.corner(4.0), theme::TEXT);
    painter.text(
        tag.center(),
        Align2::CENTER_CENTER,
        &text,
        look.bold(size::SMALL + 1.0),
        theme::WELL,
    );
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Slider, true, "Ceiling line"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
}

/// Levels in and out and the reduction between them, on the scales of the history beside them, each with
/// its number above: levels as they are held, the reduction as it is.
fn draw_meters(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let ceiling_db = stage.params.limiter.ceiling.value();
    let meter = |name, bar: f32, held: f32, over_db, colour| Level {
        name,
        bar_db: bar,
        held_db: held,
        over_db,
        colour,
        top_db: TOP_DB,
        bottom_db: BOTTOM_DB,
        marks_db: if name == "In" { MARKS_DB } else { &[] },
    };
    let input = (shown(stage, Shown::InputLevel), shown(stage, Shown::InputHeld));
    let output = (shown(stage, Shown::OutputLevel), shown(stage, Shown::OutputHeld));
    let gain_reduction = shown(stage, Shown::GainReduction);
    let width = look.px(26.0);
    let scale = look.px(30.0);
    let titles = inside.with_max_y(inside.top() + look.px(TITLES));
    let below = inside.with_min_y(titles.bottom() + look.px(UNDER_TITLES));
    let at = |left: f32, width: f32| {
        Rect::from_min_size(pos2(below.left() + left, below.top()), vec2(width, below.height()))
    };
    let step = width + look.px(6.0);
    let meters = &mut *stage.ui;
    level(
        meters,
        look,
        at(scale, width),
        &meter("In", input.0, input.1, f32::MAX, theme::SIGNAL_BEFORE),
    );
    // It reads by BS.1770's filter: what that may err by is not over.
    let over = ceiling_db + peaks::ITU_READS_HIGH_DB;
    level(
        meters,
        look,
        at(scale + step, width),
        &meter("Out", output.0, output.1, over, theme::SIGNAL),
    );
    let rest = inside.width() - scale - 2.0 * step;
    let shown_db = if gain_reduction.is_finite() { gain_reduction } else { 0.0 };
    let place = at(scale + 2.0 * step, rest);
    reduction_on(meters, look, place, shown_db, REDUCTION_DB, REDUCTION_MARKS_DB);
    let names = titles.with_max_x(titles.left() + scale);
    label(stage.ui, names, Align2::LEFT_CENTER, "hold", look.font(size::SMALL), theme::LABEL);
    let beside = titles.with_min_x(below.left() + scale + 3.0 * step);
    label(stage.ui, beside, Align2::LEFT_CENTER, "now", look.font(size::SMALL), theme::LABEL);
    let meters = &mut *stage.ui;
    let over_colour = if output.1 > over { theme::OVER } else { theme::TEXT };
    for (column, value, colour) in
        [(0.0, input.1, theme::TEXT), (1.0, output.1, over_colour), (2.0, -shown_db, theme::GAIN)]
    {
        let centre = inside.left() + scale + step * column + width * 0.5;
        let font = look.bold(size::SMALL);
        let at = pos2(centre, titles.center().y);
        meters.painter().text(at, Align2::CENTER_CENTER, number(value, 1), font, colour);
    }
}

/// Width of a knob's column, and of what stands beside the release, at 100 %.
const COLUMN: f32 = 96.0;
const BESIDE_RELEASE: f32 = 100.0;

fn draw_controls(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let middle = stage.desk.control(stage.desk.index("gain")).normalized_of(0.0);
    let mut left = inside.left();
    for (id, colour, from) in [
        ("gain", theme::GAIN, middle),
        ("ceiling", theme::SIGNAL, 0.0),
        ("lookahead", theme::SIGNAL, 0.0),
        ("link", theme::SIGNAL, 0.0),
        ("release", theme::SIGNAL, 0.0),
    ] {
        let place = Rect::from_min_size(pos2(left, inside.top()), look.size(COLUMN, 114.0));
        let index = stage.desk.index(id);
        // Under Auto Release the knob is the time after transients alone.
        let is_fast_end = id == "release" && stage.params.limiter.auto_release.value();
        let style = Knob { colour, from };
        if is_fast_end {
            knob_saying(stage.ui, look, stage.desk, index, place, style, "Fast release");
        } else {
            knob(stage.ui, look, stage.desk, index, place, style);
        }
        left = place.right();
        if id == "release" {
            let under = Rect::from_center_size(
                pos2(place.center().x, inside.bottom() - look.px(12.0)),
                look.size(102.0, 24.0),
            );
            let auto = stage.desk.index("auto-release");
            switch(stage.ui, look, stage.desk, auto, under, theme::SIGNAL);
            let beside = Rect::from_min_size(
                pos2(left + look.px(4.0), inside.top()),
                vec2(look.px(BESIDE_RELEASE), inside.height()),
            );
            release::draw(stage, beside);
            left = beside.right();
        }
    }
    let right = inside.with_min_x(left + look.px(size::MARGIN));
    draw_choices(stage, right);
}

fn draw_choices(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let row_height = rect.height() / 3.0;
    let row = |row: usize| {
        let top = rect.top() + row_height * row as f32;
        let row = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), row_height));
        Rect::from_center_size(row.center(), vec2(row.width(), look.px(32.0)))
    };
    let named = look.px(56.0);
    for (place, id, width) in
        [(row(0), "mode", 270.0), (row(1), "dither", 270.0), (row(2), "key", 180.0)]
    {
        let index = stage.desk.index(id);
        let name = stage.desk.control(index).name().to_owned();
        let font = look.font(size::SMALL + 1.0);
        label(stage.ui, place, Align2::LEFT_CENTER, &name, font, theme::LABEL);
        let field = place
            .with_min_x(place.left() + named)
            .with_max_x((place.left() + named + look.px(width)).min(place.right()));
        choice(stage.ui, look, stage.desk, index, field);
        let beside = place.with_min_x(field.right() + look.px(12.0));
        match id {
            "dither" => {
                let shaping = stage.desk.index("noise-shaping");
                let place = beside.with_max_x(beside.left() + look.px(112.0));
                switch(stage.ui, look, stage.desk, shaping, place, theme::SIGNAL);
            }
            "key" => draw_key(stage, beside),
            _ => {}
        }
    }
}

fn draw_key(stage: &mut LimiterStage<'_, '_>, place: Rect) {
    let fed = shown(stage, Shown::KeyFed) > 0.0;
    let (state, text) = match (stage.params.key.source.value(), fed) {
        (Key::Internal, false) => (Lamp::Off, "limits by its own signal"),
        (Key::Internal, true) => (Lamp::Off, "key connected, not used"),
        (Key::External, true) => (Lamp::On(theme::KEY), "limits by the key"),
        (Key::External, false) => (Lamp::Alarm(theme::OVER), "not limiting: no key"),
    };
    lamp(stage.ui, stage.look, place, state, text);
}
