//! The last ten seconds of the stem as a waveform, with the s-sounds found in it and how much each lost.

use super::DeEsserStage;
use super::found::Sibilant;
use super::parts::{caption, row};
use crate::dsp::Shown;
use egui::epaint::{Mesh, Vertex};
use egui::{Align2, Color32, Rangef, Rect, Sense, Shape, pos2};
use shared_dsp::db;
use support::editor::theme::{self, size};
use support::editor::widgets::{Pane, history, label, number, panel};
use support::trace::{COLUMNS, Trace};

/// Room above the waveform for the numbers, at 100 %, and of a number.
const NUMBERS: f32 = 32.0;
const NUMBER_ROW: f32 = 13.0;
/// The tops the waveform is drawn to, in dBFS: from step to step, and the lowest.
const STEP_DB: f32 = 3.0;
const LOWEST_DB: f32 = -48.0;

/// A plot with lines in time and none in level.
const PANE: Pane<'static> =
    Pane { top_db: 1.0, bottom_db: -1.0, marks_db: &[], base_db: 0.0, areas: &[], ruler: true };

/// The lowest top that holds the last ten seconds, in dBFS.
fn top_db(trace: &Trace) -> f32 {
    let written = trace.written();
    let columns = written.saturating_sub(COLUMNS as u64)..written;
    let peaks = columns.map(|column| trace.get(column, Shown::InputPeak as usize));
    let largest_db = peaks.filter(|db| db.is_finite()).fold(LOWEST_DB, f32::max);
    ((largest_db / STEP_DB).ceil() * STEP_DB).min(24.0)
}

/// Where the columns of the trace lie in a plot.
struct Columns {
    plot: Rect,
    written: u64,
}

impl Columns {
    fn width(&self) -> f32 {
        self.plot.width() / COLUMNS as f32
    }

    /// The left end of a column.
    fn x(&self, column: u64) -> f32 {
        (self.plot.right() - self.width() * (self.written - column.min(self.written)) as f32)
            .max(self.plot.left())
    }
}

/// Draws the panel.
pub(super) fn draw(stage: &mut DeEsserStage<'_, '_>, rect: Rect, found: &[Sibilant]) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let titles = row(look, inside, -4.0, 18.0);
    caption(
        stage,
        titles,
        Align2::LEFT_CENTER,
        "In, with the s-sounds found and what each lost, dB",
    );
    legend(stage, titles);
    let place = inside
        .with_min_y(titles.bottom() + look.px(4.0))
        .with_max_y(inside.bottom() + look.px(6.0));
    let plot = history(stage.ui, look, place, stage.trace, &PANE);
    let columns = Columns { plot, written: stage.trace.written() };
    let top_db = top_db(stage.trace);
    let wave = plot.with_min_y(plot.top() + look.px(NUMBERS));
    draw_wave(stage, &columns, wave, top_db, found);
    draw_marks(stage, &columns, wave, found);
    let painter = stage.ui.painter();
    let small = look.font(size::SMALL);
    let beside = plot.left() - look.px(6.0);
    for (y, text) in [
        (wave.top() + look.px(2.0), number(top_db, 0)),
        (wave.center().y, "dBFS".to_owned()),
        (wave.bottom() - look.px(4.0), number(top_db, 0)),
    ] {
        painter.text(pos2(beside, y), Align2::RIGHT_CENTER, text, small.clone(), theme::LABEL);
    }
    tell(stage, plot, found);
}

fn colour_of(sibilant: &Sibilant) -> Color32 {
    // What is found but loses nothing is no change of gain.
    if sibilant.lost_db > 0.0 { theme::GAIN } else { theme::TEXT }
}

fn draw_wave(
    stage: &DeEsserStage<'_, '_>,
    columns: &Columns,
    wave: Rect,
    top_db: f32,
    found: &[Sibilant],
) {
    let look = stage.look;
    let half = 0.5 * wave.height() - look.px(2.0);
    let middle = wave.center().y;
    let mut mesh = Mesh::default();
    let mut found = found.iter().peekable();
    let oldest = columns.written.saturating_sub(COLUMNS as u64);
    for column in oldest..columns.written {
        while found.peek().is_some_and(|sibilant| sibilant.to <= column) {
            found.next();
        }
        let is_one = found.peek().filter(|sibilant| sibilant.from <= column);
        let colour = is_one.map_or(theme::SIGNAL, |sibilant| colour_of(sibilant));
        let peak_db = stage.trace.get(column, Shown::InputPeak as usize);
        if peak_db.is_nan() {
            continue;
        }
        let share = db::to_gain(f64::from(peak_db - top_db)).min(1.0) as f32;
        let height = (half * share).max(0.5);
        let left = columns.x(column);
        let place = Rect::from_min_max(
            pos2(left, middle - height),
            pos2(left + columns.width(), middle + height),
        );
        let first = mesh.vertices.len() as u32;
        let corners =
            [place.left_top(), place.right_top(), place.right_bottom(), place.left_bottom()];
        let vertex = |pos| Vertex { pos, uv: egui::epaint::WHITE_UV, color: colour };
        mesh.vertices.extend(corners.map(vertex));
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first, first + 2, first + 3);
    }
    stage.ui.painter().with_clip_rect(columns.plot).add(Shape::mesh(mesh));
}

/// A bracket over each s, and its number above, in the first of two rows where there is room: the larger
/// ones come first.
fn draw_marks(stage: &DeEsserStage<'_, '_>, columns: &Columns, wave: Rect, found: &[Sibilant]) {
    let look = stage.look;
    let painter = stage.ui.painter().with_clip_rect(columns.plot);
    let font = look.bold(size::SMALL + 1.0);
    let y = wave.top() - look.px(2.0);
    let mut by_size: Vec<&Sibilant> = found.iter().collect();
    by_size.sort_by(|a, b| b.lost_db.total_cmp(&a.lost_db));
    let mut rows: [Vec<Rangef>; 2] = Default::default();
    for sibilant in by_size {
        let colour = colour_of(sibilant);
        let (left, right) = (columns.x(sibilant.from), columns.x(sibilant.to));
        let (left, right) = (left, right.max(left + look.px(3.0)));
        let stroke = look.stroke(1.75, colour);
        painter.hline(left..=right, y, stroke);
        for end in [left, right] {
            painter.vline(end, y..=y + look.px(4.0), stroke);
        }
        let text = number(-sibilant.lost_db, 1);
        let words = painter.layout_no_wrap(text, font.clone(), colour);
        let width = words.size().x;
        // What is only now coming in stays whole.
        let from =
            (0.5 * (left + right - width)).clamp(columns.plot.left(), columns.plot.right() - width);
        let around = Rangef::new(from, from + width).expand(look.px(2.0));
        let free = rows.iter().position(|row| row.iter().all(|other| !other.intersects(around)));
        if let Some(row) = free {
            rows[row].push(around);
            let top = y - look.px(NUMBER_ROW * (row + 1) as f32 + 2.0);
            painter.galley(pos2(from, top), words, colour);
        }
    }
}

fn legend(stage: &mut DeEsserStage<'_, '_>, line: Rect) {
    let look = stage.look;
    let mut right = line.right();
    for (text, colour) in [("s-sound", theme::GAIN), ("voice", theme::SIGNAL)] {
        let font = look.font(size::SMALL + 1.0);
        let place = line.with_max_x(right);
        let drawn = label(stage.ui, place, Align2::RIGHT_CENTER, text, font, theme::LABEL);
        let mark = pos2(drawn.left() - look.px(11.0), line.center().y);
        let square = Rect::from_center_size(mark, look.size(12.0, 9.0));
        stage.ui.painter().rect_filled(square, look.corner(2.0), colour);
        right = square.left() - look.px(14.0);
    }
}

/// What is on it, in words.
fn tell(stage: &mut DeEsserStage<'_, '_>, plot: Rect, found: &[Sibilant]) {
    let id = stage.ui.scope_id().with("s-sounds");
    let response = stage.ui.interact(plot, id, Sense::hover());
    let lost: Vec<String> = found.iter().map(|s| number(-s.lost_db, 1)).collect();
    let spoken = if lost.is_empty() { "none".to_owned() } else { lost.join(", ") };
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "S-sounds"));
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
    if response.hovered() {
        stage.desk.hint(
            "What came in, ten seconds of it: s-sounds are bracketed, with the most each lost.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::TRACED;

    #[test]
    fn the_top_is_the_lowest_step_that_holds_all() {
        let trace = Trace::new(TRACED.len());
        assert_eq!(top_db(&trace), LOWEST_DB);
        for (peak_db, wanted) in
            [(f32::NEG_INFINITY, -48.0), (-47.0, -45.0), (-13.0, -12.0), (-0.5, 0.0), (2.0, 3.0)]
        {
            trace.push(|_| peak_db);
            assert_eq!(top_db(&trace), wanted, "{peak_db}");
        }
    }

    #[test]
    fn columns_end_at_now_and_begin_ten_seconds_ago() {
        let plot = Rect::from_min_max(pos2(100.0, 0.0), pos2(700.0, 50.0));
        let columns = Columns { plot, written: 900 };
        assert_eq!([columns.x(900), columns.x(899), columns.x(300)], [700.0, 699.0, 100.0]);
        assert_eq!((columns.x(5), columns.x(2000)), (100.0, 700.0));
    }
}
