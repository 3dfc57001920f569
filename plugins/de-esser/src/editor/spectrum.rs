//! The spectrum of the stem with the sibilant band on it, to be dragged, and the reduction drawn in it.

use super::DeEsserStage;
use super::parts::{caption, cell, row, shown};
use super::shape::Reduction;
use crate::dsp::Shown;
use crate::params::Key;
use egui::{Align2, Color32, Id, Rect, Sense, Shape, pos2};
use shared_dsp::de_esser::params::LEAST_WIDTH;
use support::editor::spectrum::{Analysis, spectra};
use support::editor::theme::{self, size};
use support::editor::widgets::curve::{Axes, Line, Plot, Span, Spectrum, Ticks, plot, span};
use support::editor::widgets::{label, number, panel};
use support::spectrum::Point;

const AXIS_HZ: [f32; 2] = [100.0, 20_000.0];
/// The axis of the reduction, for ranges up to 12 dB and for larger ones: top, bottom and from line to
/// line, in dB.
const SCALES: [[f32; 3]; 2] = [[3.0, -12.0, 3.0], [6.0, -24.0, 6.0]];
/// The axis of the spectra: bottom and top in dBFS, and from line to line.
const SPECTRUM_DB: [f32; 2] = [-96.0, -21.0];
const SPECTRUM_STEP_DB: f32 = 15.0;
/// Width of its numbers at 100 %.
const BESIDE: f32 = 34.0;
/// Flat for most voices, and how fast it follows.
const ANALYSIS: Analysis = Analysis { time_s: 0.12, slope_db: 4.5, frozen: false };
/// A reduction smaller than this is none to speak of, in dB.
const STILL_DB: f32 = 0.05;

fn signal_area() -> Color32 {
    theme::SIGNAL.gamma_multiply(0.30)
}
fn input_line() -> Color32 {
    theme::TEXT.gamma_multiply(0.55)
}
fn reach_area() -> Color32 {
    theme::GAIN.gamma_multiply(0.20)
}

/// Draws the panel.
pub(super) fn draw(stage: &mut DeEsserStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let top = row(look, inside, -4.0, 18.0);
    let is_external = stage.params.channels.key.value() == Key::External;
    caption(stage, top, Align2::LEFT_CENTER, "Reduction, dB");
    legend(stage, top, is_external);
    let around = inside
        .with_min_y(top.bottom() + look.px(4.0))
        .with_max_x(inside.right() - look.px(BESIDE))
        .with_max_y(inside.bottom() + look.px(6.0));
    let settings = stage.params.settings();
    let range_db = settings.de_esser.range_db;
    let [top_db, bottom_db, step_db] = SCALES[usize::from(range_db > 12.0)];
    let axes = Axes { hz: AXIS_HZ, db: [bottom_db, top_db], step_db, ticks: Ticks::Decades };
    let plot = plot(stage.ui, look, around, axes);
    draw_spectra(stage, &plot, is_external);
    let id = Id::unique("shape of the reduction");
    let before = stage.ui.data(|data| data.get_temp::<Reduction>(id));
    let shape = Reduction::at(&settings, stage.taps.rate_hz(), AXIS_HZ, before);
    draw_reduction(stage, &plot, &shape, range_db);
    stage.ui.data_mut(|data| data.insert_temp(id, shape));
    let ends = ["low", "high"].map(|id| stage.desk.index(id));
    let band = Span { name: "Band", ends, least: LEAST_WIDTH as f32, colour: theme::TEXT };
    span(stage.ui, look, stage.desk, &plot, &band);
}

fn draw_spectra(stage: &mut DeEsserStage<'_, '_>, plot: &Plot, is_external: bool) {
    let look = stage.look;
    let [input, output] =
        spectra(stage.ui, "stem", stage.taps, ANALYSIS, [Point::Input, Point::Output]);
    let style = |colour, filled, dashed| Spectrum { colour, filled, dashed, db: SPECTRUM_DB };
    let ui = &*stage.ui;
    plot.spectrum(ui, look, &style(signal_area(), true, false), &output);
    plot.spectrum(ui, look, &style(input_line(), false, false), &input);
    plot.spectrum(ui, look, &style(theme::SIGNAL.gamma_multiply(0.75), false, false), &output);
    if is_external {
        let [key] = spectra(stage.ui, "key", stage.taps, ANALYSIS, [Point::Key]);
        plot.spectrum(stage.ui, look, &style(theme::KEY, false, true), &key);
    }
    let painter = stage.ui.painter();
    let [bottom_db, top_db] = SPECTRUM_DB;
    let mut level = bottom_db + SPECTRUM_STEP_DB;
    while level < top_db {
        let share = (level - bottom_db) / (top_db - bottom_db);
        let y = plot.rect.bottom() - plot.rect.height() * share;
        let tick = [pos2(plot.rect.right(), y), pos2(plot.rect.right() + look.px(4.0), y)];
        painter.line_segment(tick, look.stroke(1.0, theme::SIGNAL_BEFORE));
        let at = pos2(plot.rect.right() + look.px(7.0), y);
        let small = look.font(size::SMALL);
        painter.text(at, Align2::LEFT_CENTER, number(level, 0), small, theme::LABEL);
        level += SPECTRUM_STEP_DB;
    }
    let at = pos2(plot.rect.right() + look.px(5.0), plot.rect.top() - look.px(2.0));
    painter.text(at, Align2::LEFT_TOP, "dBFS", look.font(size::SMALL), theme::LABEL);
}

/// What may be taken off, and what is just now.
fn draw_reduction(stage: &mut DeEsserStage<'_, '_>, plot: &Plot, shape: &Reduction, range_db: f64) {
    let look = stage.look;
    if range_db > 0.0 {
        plot.area(stage.ui, reach_area(), 0.0, |hz| shape.response_db(range_db, hz));
    }
    let channels = [Shown::ReductionFirst, Shown::ReductionSecond].map(|reading| {
        let db = shown(stage, reading);
        if db.is_finite() { db } else { 0.0 }
    });
    let now_db = channels[0].max(channels[1]);
    let other_db = channels[0].min(channels[1]);
    let is_stereo = shown(stage, Shown::Channels) > 1.0;
    if is_stereo && now_db - other_db > STILL_DB {
        let line = Line { colour: theme::GAIN, width: 1.25, dashed: false };
        plot.line(stage.ui, look, line, |hz| shape.response_db(other_db.into(), hz));
    }
    let line = Line { colour: theme::GAIN, width: 3.0, dashed: false };
    plot.line(stage.ui, look, line, |hz| shape.response_db(now_db.into(), hz));
    let id = stage.ui.scope_id().with("reduction drawn");
    let response = stage.ui.interact(plot.rect, id, Sense::hover());
    let spoken = format!("{} dB", number(-now_db, 1));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Reduction drawn"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
}

/// What is drawn how, in the row above the plot.
fn legend(stage: &mut DeEsserStage<'_, '_>, line: Rect, is_external: bool) {
    let look = stage.look;
    let mut right = line.right() - look.px(BESIDE);
    let mut item = |stage: &mut DeEsserStage<'_, '_>, text: &str| {
        let font = look.font(size::SMALL + 1.0);
        let place = line.with_max_x(right);
        let drawn = label(stage.ui, place, Align2::RIGHT_CENTER, text, font, theme::LABEL);
        let mark = cell(look, line, 0.0, 20.0).shrink2(look.size(0.0, 4.0));
        let mark = mark.translate(egui::vec2(drawn.left() - look.px(27.0) - mark.left(), 0.0));
        right = mark.left() - look.px(14.0);
        mark
    };
    let mark = item(stage, "taken off now");
    stage.ui.painter().hline(mark.x_range(), mark.center().y, look.stroke(3.0, theme::GAIN));
    let mark = item(stage, "at most");
    stage.ui.painter().rect_filled(mark, look.corner(2.0), reach_area());
    if is_external {
        let mark = item(stage, "key");
        let ends = [mark.left_center(), mark.right_center()];
        let stroke = look.stroke(1.5, theme::KEY);
        let dashes = Shape::dashed_line(&ends, stroke, look.px(5.0), look.px(3.5));
        stage.ui.painter().extend(dashes);
    }
    let mark = item(stage, "in");
    stage.ui.painter().hline(mark.x_range(), mark.center().y, look.stroke(1.25, input_line()));
    let mark = item(stage, "out");
    stage.ui.painter().rect_filled(mark, look.corner(2.0), signal_area());
    stage.ui.painter().hline(mark.x_range(), mark.top(), look.stroke(1.25, theme::SIGNAL));
}
