//! The lanes of the history: loudness, true peak, correlation.

use super::columns::{Column, Columns};
use crate::editor::view::{self, choice};
use crate::editor::{MeterStage, mark};
use egui::{Align2, Color32, Mesh, Pos2, Rect, Shape, pos2};
use report::draw::decibel_ticks;
use report::model::Target;
use support::editor::theme::{self, size};
use support::editor::widgets::number;

/// What the lane of true peaks spans, in dB about the ceiling.
const PEAKS_DB: [f32; 2] = [-12.0, 3.0];
/// The ceiling where none is asked for, in dBTP.
const ASSUMED_CEILING_DBTP: f32 = 0.0;

/// Where the lanes lie, and what they span.
pub(super) struct Lanes {
    pub(super) loudness: Rect,
    peaks: Rect,
    correlation: Rect,
    /// Bottom and top of the lane of loudness in LUFS, and what 0 on its scale is.
    lufs: [f32; 2],
    zero_lufs: f32,
    target: Target,
}

impl Lanes {
    /// The lanes within a rectangle.
    pub(super) fn within(stage: &MeterStage<'_, '_>, plot: Rect, between: f32) -> Self {
        let lane = (plot.height() - 2.0 * between) / 5.6;
        let correlation = plot.with_min_y(plot.bottom() - 0.7 * lane);
        let peaks = Rect::from_x_y_ranges(
            plot.x_range(),
            correlation.top() - between - 0.9 * lane..=correlation.top() - between,
        );
        let loudness = plot.with_max_y(peaks.top() - between);
        let target = stage.params.target();
        let (lufs, zero_lufs) = span(stage.choices.get(choice::SCALE), &target);
        Self { loudness, peaks, correlation, lufs, zero_lufs, target }
    }

    /// Draws them.
    pub(super) fn draw(&self, stage: &MeterStage<'_, '_>, columns: &Columns) {
        let look = stage.look;
        for lane in [self.loudness, self.peaks, self.correlation] {
            stage.ui.painter().rect_filled(lane, look.corner(4.0), theme::WELL);
        }
        self.draw_scales(stage);
        self.draw_loudness(stage, columns);
        self.draw_peaks(stage, columns);
        self.draw_correlation(stage, columns);
        self.draw_markers(stage, columns);
        self.draw_names(stage);
    }

    fn y(&self, lufs: f32) -> f32 {
        let [bottom, top] = self.lufs;
        let share = ((lufs - bottom) / (top - bottom)).clamp(0.0, 1.0);
        self.loudness.bottom() - share * self.loudness.height()
    }

    fn y_of_peak(&self, dbtp: f32) -> f32 {
        let [bottom, top] = PEAKS_DB.map(|db| db + self.ceiling());
        let share = ((dbtp - bottom) / (top - bottom)).clamp(0.0, 1.0);
        self.peaks.bottom() - share * self.peaks.height()
    }

    fn ceiling(&self) -> f32 {
        self.target.ceiling_dbtp.map_or(ASSUMED_CEILING_DBTP, |ceiling| ceiling as f32)
    }

    /// Numbers, lines, and the target's zone.
    fn draw_scales(&self, stage: &MeterStage<'_, '_>) {
        let look = stage.look;
        let painter = stage.ui.painter();
        if let Some(lufs) = self.target.lufs.map(|lufs| lufs as f32) {
            let [below, above] = self.target.tolerance_lu.map(|lu| lu as f32);
            let zone = Rect::from_x_y_ranges(
                self.loudness.x_range(),
                self.y(lufs + above)..=self.y(lufs - below),
            );
            painter.rect_filled(zone, 0, theme::ZONE);
            painter.hline(zone.x_range(), self.y(lufs), look.stroke(1.0, theme::SIGNAL_BEFORE));
        }
        let font = look.font(size::SMALL);
        let beside = |y: f32, text: String, colour: Color32| {
            let at = pos2(self.loudness.left() - look.px(6.0), y);
            painter.text(at, Align2::RIGHT_CENTER, text, font.clone(), colour);
        };
        let [bottom, top] = self.lufs.map(|lufs| f64::from(lufs - self.zero_lufs));
        let most = (self.loudness.height() / look.px(20.0)).max(2.0) as usize;
        for tick in decibel_ticks(bottom, top, most) {
            let y = self.y(tick.value as f32 + self.zero_lufs);
            painter.hline(self.loudness.x_range(), y, look.stroke(1.0, theme::GRID));
            let room = look.px(6.0);
            if y > self.loudness.top() + room && y < self.loudness.bottom() - room {
                beside(y, tick.label, theme::LABEL);
            }
        }
        let ceiling = self.y_of_peak(self.ceiling());
        painter.hline(self.peaks.x_range(), ceiling, look.stroke(1.0, theme::TRACK));
        beside(ceiling, number(self.ceiling(), 1), theme::LABEL);
        let middle = self.correlation.center().y;
        painter.hline(self.correlation.x_range(), middle, look.stroke(1.0, theme::GRID));
        beside(middle, "\u{b1}1".to_owned(), theme::LABEL);
    }

    /// The lanes' names, over whatever is drawn in them.
    fn draw_names(&self, stage: &MeterStage<'_, '_>) {
        let look = stage.look;
        let painter = stage.ui.painter();
        let unit = if self.zero_lufs == 0.0 { "LUFS" } else { "LU" };
        for (lane, text) in [
            (self.loudness, unit),
            (self.peaks, "true peak, dBTP"),
            (self.correlation, "correlation"),
        ] {
            let font = look.font(size::SMALL);
            let galley = painter.layout_no_wrap(text.to_owned(), font, theme::LABEL);
            // Below the triangles.
            let down = if lane == self.loudness { 11.0 } else { 1.0 };
            let at = lane.left_top() + look.size(4.0, down);
            let behind = Rect::from_min_size(at, galley.size()).expand2(look.size(3.0, 0.0));
            let shade = theme::WELL.gamma_multiply(0.8);
            painter.rect_filled(behind, look.corner(3.0), shade);
            painter.galley(at, galley, theme::LABEL);
        }
    }

    /// M as a band behind, S as a line, I dashed.
    fn draw_loudness(&self, stage: &MeterStage<'_, '_>, columns: &Columns) {
        let look = stage.look;
        let painter = stage.ui.painter().with_clip_rect(self.loudness);
        let least = look.px(1.0);
        let band = |mesh: &mut Mesh, of: fn(&Column) -> [f32; 2], colour: Color32| {
            let width = self.loudness.width() / columns.iter().count().max(1) as f32;
            for (x, column) in placed(columns, self.loudness) {
                let [low, high] = of(column);
                if high > f32::NEG_INFINITY {
                    let (top, bottom) = (self.y(high), self.y(low).max(self.y(high) + least));
                    let place = Rect::from_min_max(
                        pos2(x - 0.5 * width, top),
                        pos2(x + 0.5 * width, bottom),
                    );
                    mesh.add_colored_rect(place, colour);
                }
            }
        };
        let mut mesh = Mesh::default();
        band(&mut mesh, |column| column.momentary, theme::SIGNAL_BEFORE.gamma_multiply(0.6));
        painter.add(Shape::mesh(mesh));
        let line = |of: fn(&Column) -> f32| self.lines(columns, of);
        for points in line(|column| column.shortterm[1]) {
            painter.add(Shape::line(points, look.stroke(1.75, theme::SIGNAL)));
        }
        for points in line(|column| column.integrated) {
            let stroke = look.stroke(1.25, theme::TEXT);
            painter.extend(Shape::dashed_line(&points, stroke, look.px(7.0), look.px(4.0)));
        }
    }

    /// A value over time, in as many lines as it has pieces.
    fn lines(&self, columns: &Columns, of: fn(&Column) -> f32) -> Vec<Vec<Pos2>> {
        let mut lines = vec![Vec::new()];
        for (share, column) in columns.iter() {
            match column.map(of).filter(|lufs| lufs.is_finite()) {
                Some(lufs) => {
                    let x = self.loudness.left() + share * self.loudness.width();
                    lines.last_mut().expect("never empty").push(pos2(x, self.y(lufs)));
                }
                None => lines.push(Vec::new()),
            }
        }
        lines.retain(|line| line.len() > 1);
        lines
    }

    fn draw_peaks(&self, stage: &MeterStage<'_, '_>, columns: &Columns) {
        let width = self.peaks.width() / columns.iter().count().max(1) as f32;
        let mut mesh = Mesh::default();
        for (x, column) in placed(columns, self.peaks) {
            let over = self.target.is_over(f64::from(column.true_peak));
            let colour = if over { theme::OVER } else { theme::TRACK };
            let top = self.y_of_peak(column.true_peak);
            let place = Rect::from_min_max(
                pos2(x - 0.5 * width, top),
                pos2(x + 0.5 * width, self.peaks.bottom()),
            );
            mesh.add_colored_rect(place, colour);
        }
        stage.ui.painter().with_clip_rect(self.peaks).add(Shape::mesh(mesh));
    }

    fn draw_correlation(&self, stage: &MeterStage<'_, '_>, columns: &Columns) {
        let width = self.correlation.width() / columns.iter().count().max(1) as f32;
        let middle = self.correlation.center().y;
        let mut mesh = Mesh::default();
        for (x, column) in placed(columns, self.correlation) {
            if column.correlation.is_nan() {
                continue;
            }
            let colour = if column.correlation < 0.0 { theme::GAIN } else { theme::SIGNAL_BEFORE };
            let y = middle - 0.5 * column.correlation * self.correlation.height();
            let place = Rect::from_min_max(
                pos2(x - 0.5 * width, y.min(middle)),
                pos2(x + 0.5 * width, y.max(middle)),
            );
            mesh.add_colored_rect(place, colour);
        }
        stage.ui.painter().with_clip_rect(self.correlation).add(Shape::mesh(mesh));
    }

    /// A triangle where something went over: true peak, short-term or momentary loudness.
    fn draw_markers(&self, stage: &MeterStage<'_, '_>, columns: &Columns) {
        let look = stage.look;
        let over = |value: f32, most: Option<f64>| most.is_some_and(|most| f64::from(value) > most);
        let is_over = |column: &Column| {
            self.target.is_over(f64::from(column.true_peak))
                || over(column.shortterm[1], self.target.max_short_term_lufs)
                || over(column.momentary[1], self.target.max_momentary_lufs)
        };
        let mut last = f32::NEG_INFINITY;
        for (x, _) in placed(columns, self.loudness).filter(|(_, column)| is_over(column)) {
            // One for a row of them.
            if x - last > look.px(9.0) {
                mark::over(stage, pos2(x, self.loudness.top() + look.px(9.0)), theme::OVER);
                last = x;
            }
        }
    }
}

/// The columns that there are, each with its place in a lane.
fn placed(columns: &Columns, lane: Rect) -> impl Iterator<Item = (f32, &Column)> {
    columns.iter().filter_map(move |(share, column)| {
        column.map(|column| (lane.left() + share * lane.width(), column))
    })
}

/// Bottom and top in LUFS, and what 0 on the scale is.
fn span(scale: usize, target: &Target) -> ([f32; 2], f32) {
    let zero = target.lufs.map_or(view::ASSUMED_LUFS, |lufs| lufs as f32);
    match scale {
        1 => ([zero - 18.0, zero + 9.0], zero),
        2 => ([zero - 36.0, zero + 18.0], zero),
        _ => {
            // Room for the target with what music does around it, in steps of 3.
            let top = (((zero + 12.0) / 3.0).ceil() * 3.0).min(0.0);
            ([top - 36.0, top], 0.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_have_the_target_in_them() {
        for lufs in [-27.0, -23.0, -14.0, -9.0] {
            let target = Target { lufs: Some(lufs), ..Target::default() };
            for scale in 0..3 {
                let ([bottom, top], zero) = span(scale, &target);
                let lufs = lufs as f32;
                assert!(bottom + 12.0 < lufs && lufs < top - 5.0, "{scale}: {bottom} {top}");
                assert!(zero == 0.0 || zero == lufs);
            }
        }
        assert_eq!(span(1, &Target::default()).0, [-32.0, -5.0]);
    }
}
