//! The last ten seconds: levels in and out, and below them the reduction on a scale of its own.

use super::CompressorStage;
use super::parts::{caption, row, shown};
use crate::dsp::Shown;
use egui::{Align2, Rect, Shape, pos2};
use support::editor::theme::{self, size};
use support::editor::widgets::{Level, Pane, history, label, level, number, panel};
use support::trace::{COLUMNS, Trace};

const TOP_DB: f32 = 0.0;
const BOTTOM_DB: f32 = -48.0;
const MARKS_DB: &[f32] = &[0.0, -12.0, -24.0, -36.0, -48.0];
/// The scales of the reduction, each with its numbers, in dB.
const SCALES: [(f32, &[f32]); 3] =
    [(6.0, &[0.0, 2.0, 4.0, 6.0]), (12.0, &[0.0, 4.0, 8.0, 12.0]), (24.0, &[0.0, 8.0, 16.0, 24.0])];
/// Heights and widths at 100 %.
const LEVELS: f32 = 142.0;
const BETWEEN: f32 = 34.0;
const METERS: f32 = 84.0;
const METER: f32 = 24.0;

/// The scale on which the largest reduction of the last ten seconds can be read.
fn scale(trace: &Trace) -> (f32, &'static [f32]) {
    let first = trace.written().saturating_sub(COLUMNS as u64);
    let columns =
        (first..trace.written()).map(|column| trace.get(column, Shown::GainReduction as usize));
    let largest = columns.filter(|db| db.is_finite()).fold(0.0, f32::max);
    *SCALES.iter().find(|(most, _)| largest <= *most).unwrap_or(&SCALES[2])
}

/// Draws the panel.
pub(super) fn draw(stage: &mut CompressorStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let lanes = inside.with_max_x(inside.right() - look.px(METERS));
    let titles = row(look, inside, -2.0, 18.0);
    caption(stage, titles, Align2::LEFT_CENTER, "Level, dBFS");
    legend(stage, titles.with_max_x(lanes.right()));
    let above = row(look, lanes, 22.0, LEVELS);
    let levels = Pane {
        top_db: TOP_DB,
        bottom_db: BOTTOM_DB,
        marks_db: MARKS_DB,
        base_db: BOTTOM_DB,
        areas: &[(Shown::OutputPeak as usize, theme::SIGNAL_BEFORE)],
        ruler: false,
    };
    let plot = history(stage.ui, look, above, stage.trace, &levels);
    draw_input(stage, plot, &levels);
    let (bottom_db, marks_db) = scale(stage.trace);
    let reduction = Pane {
        top_db: 0.0,
        bottom_db,
        marks_db,
        base_db: 0.0,
        areas: &[(Shown::GainReduction as usize, theme::GAIN)],
        ruler: true,
    };
    let title = Rect::from_min_max(
        pos2(lanes.left(), above.bottom() + look.px(10.0)),
        pos2(lanes.right(), above.bottom() + look.px(BETWEEN - 4.0)),
    );
    caption(stage, title, Align2::LEFT_CENTER, "Gain reduction, dB");
    let below = lanes.with_min_y(above.bottom() + look.px(BETWEEN));
    history(stage.ui, look, below, stage.trace, &reduction);
    draw_meters(stage, inside.with_min_x(lanes.right()), above);
}

/// What came in as a line over what went out: makeup may have made that louder.
fn draw_input(stage: &CompressorStage<'_, '_>, plot: Rect, pane: &Pane<'_>) {
    let (look, trace) = (stage.look, stage.trace);
    let written = trace.written();
    let width = plot.width() / COLUMNS as f32;
    let columns = written.saturating_sub(COLUMNS as u64)..written;
    let places = columns.filter_map(|column| {
        let db = trace.get(column, Shown::InputPeak as usize);
        let x = plot.right() - width * ((written - column) as f32 - 0.5);
        // Silence lies at the bottom.
        (!db.is_nan()).then(|| pos2(x, pane.y(plot, db.max(BOTTOM_DB))))
    });
    let painter = stage.ui.painter().with_clip_rect(plot);
    painter.add(Shape::line(places.collect(), look.stroke(1.0, theme::TEXT)));
}

fn legend(stage: &mut CompressorStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let mut right = line.right();
    for (text, colour) in [("out", theme::SIGNAL_BEFORE), ("in", theme::TEXT)] {
        let font = look.font(size::SMALL + 1.0);
        let place = line.with_max_x(right);
        let drawn = label(stage.ui, place, Align2::RIGHT_CENTER, text, font, theme::LABEL);
        let mark = pos2(drawn.left() - look.px(11.0), line.center().y);
        // A line for what is drawn as one.
        let height = if text == "in" { 1.5 } else { 9.0 };
        let square = Rect::from_center_size(mark, look.size(12.0, height));
        stage.ui.painter().rect_filled(square, look.corner(2.0), colour);
        right = square.left() - look.px(14.0);
    }
}

/// Levels in and out on the history's scale, each with its held level below.
fn draw_meters(stage: &mut CompressorStage<'_, '_>, place: Rect, lane: Rect) {
    let look = stage.look;
    let meters = [
        ("In", Shown::InputLevel, Shown::InputHeld, theme::LABEL),
        ("Out", Shown::OutputLevel, Shown::OutputHeld, theme::SIGNAL),
    ];
    for (count, (name, bar, held, colour)) in meters.into_iter().enumerate() {
        let left = place.left() + look.px(16.0 + 36.0 * count as f32);
        let well = Rect::from_min_max(
            pos2(left, lane.top()),
            pos2(left + look.px(METER), lane.bottom() + look.px(20.0)),
        );
        let meter = Level {
            name,
            bar_db: shown(stage, bar),
            held_db: shown(stage, held),
            over_db: 0.0,
            colour,
            top_db: TOP_DB,
            bottom_db: BOTTOM_DB,
            marks_db: &[],
        };
        level(stage.ui, look, well, &meter);
        let held_db = shown(stage, held);
        let colour = if held_db > 0.0 { theme::OVER } else { theme::TEXT };
        let figure = Rect::from_min_max(
            pos2(well.center().x - look.px(18.0), well.bottom()),
            pos2(well.center().x + look.px(18.0), well.bottom() + look.px(18.0)),
        );
        let text = number(held_db, 1);
        let font = look.font(size::SMALL);
        label(stage.ui, figure, Align2::CENTER_CENTER, &text, font, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::TRACED;

    #[test]
    fn the_scale_is_the_smallest_that_holds_what_was_taken_off() {
        let trace = Trace::new(TRACED.len());
        assert_eq!(scale(&trace).0, 6.0);
        for (db, wanted) in [(5.9, 6.0), (6.1, 12.0), (13.0, 24.0), (40.0, 24.0), (1.0, 24.0)] {
            trace.push(|_| db);
            assert_eq!(scale(&trace).0, wanted, "{db}");
        }
        for _ in 0..COLUMNS {
            trace.push(|_| 1.0);
        }
        assert_eq!(scale(&trace).0, 6.0, "what was larger has scrolled out");
    }
}
