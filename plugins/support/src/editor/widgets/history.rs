//! What happened in the last ten seconds: levels or a gain, scrolling, with scale and time ruler.

use crate::editor::theme::{self, Look, size};
use crate::trace::{COLUMNS, COLUMNS_PER_SECOND, Trace};
use egui::epaint::{Mesh, Vertex};
use egui::{Align2, Color32, Pos2, Rect, Shape, Ui, pos2, vec2};

/// One pane of a history: a scale, and areas drawn on it.
#[derive(Debug, Clone, Copy)]
pub struct Pane<'a> {
    /// The values at the top and at the bottom, in dB. A bottom above the top makes a reduction: it
    /// grows downwards, and its scale has minus signs.
    pub top_db: f32,
    /// See `top_db`.
    pub bottom_db: f32,
    /// Where the scale has lines and numbers, in dB.
    pub marks_db: &'a [f32],
    /// The value areas are filled from, in dB: the bottom for levels, 0 for a gain.
    pub base_db: f32,
    /// Fields of the trace and their colours, the hindmost first.
    pub areas: &'a [(usize, Color32)],
    /// Whether the time ruler stands below.
    pub ruler: bool,
}

impl Pane<'_> {
    /// The height of a value in a plot, in points.
    pub fn y(&self, plot: Rect, db: f32) -> f32 {
        let share = (self.top_db - db) / (self.top_db - self.bottom_db);
        plot.top() + plot.height() * share.clamp(0.0, 1.0)
    }
}

/// Width of the scale beside a plot, and height of the ruler below, at 100 %.
const SCALE: f32 = 34.0;
const RULER: f32 = 20.0;

/// Draws a pane into `rect`; gives the rectangle of the plot itself.
pub fn history(ui: &Ui, look: Look, rect: Rect, trace: &Trace, pane: &Pane<'_>) -> Rect {
    let mut plot = rect;
    plot.min.x += look.px(SCALE);
    if pane.ruler {
        plot.max.y -= look.px(RULER);
    }
    let painter = ui.painter();
    painter.rect_filled(plot, look.corner(4.0), theme::WELL);
    let small = look.font(size::SMALL);
    let is_reduction = pane.bottom_db > pane.top_db;
    for db in pane.marks_db {
        let y = pane.y(plot, *db);
        painter.hline(plot.x_range(), y, look.stroke(1.0, theme::GRID));
        let text = super::number(if is_reduction { -*db } else { *db }, 0);
        let at = pos2(plot.left() - look.px(6.0), y);
        painter.text(at, Align2::RIGHT_CENTER, text, small.clone(), theme::LABEL);
    }
    let seconds = COLUMNS as f32 / COLUMNS_PER_SECOND as f32;
    for back in (0..=seconds as usize).step_by(2) {
        let x = plot.right() - plot.width() * back as f32 / seconds;
        painter.vline(x, plot.y_range(), look.stroke(1.0, theme::GRID));
        if pane.ruler {
            let (text, align) = match back {
                0 => ("now".to_owned(), Align2::RIGHT_TOP),
                _ => (format!("\u{2212}{back} s"), Align2::CENTER_TOP),
            };
            let at = pos2(x, plot.bottom() + look.px(4.0));
            if back as f32 != seconds {
                painter.text(at, align, text, small.clone(), theme::LABEL);
                let tick = plot.bottom()..=plot.bottom() + look.px(3.0);
                painter.vline(x, tick, look.stroke(1.0, theme::TRACK));
            }
        }
    }
    overlay(ui, plot, trace, pane);
    plot
}

/// Draws a pane's areas alone over the plot of another, each by its own scale.
pub fn overlay(ui: &Ui, plot: Rect, trace: &Trace, pane: &Pane<'_>) {
    let clipped = ui.painter().with_clip_rect(plot);
    for (field, colour) in pane.areas {
        clipped.add(Shape::mesh(area(plot, trace, pane, *field, *colour)));
    }
}

/// The area between the base and a field's values; where there is no value, nothing.
fn area(plot: Rect, trace: &Trace, pane: &Pane<'_>, field: usize, colour: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    let width = plot.width() / COLUMNS as f32;
    let written = trace.written();
    let base = pane.y(plot, pane.base_db);
    let vertex = |at: Pos2| Vertex { pos: at, uv: egui::epaint::WHITE_UV, color: colour };
    for back in 0..COLUMNS as u64 {
        let Some(column) = written.checked_sub(back + 1) else { break };
        let value = trace.get(column, field);
        if value.is_nan() {
            continue;
        }
        let y = pane.y(plot, value);
        if (y - base).abs() < 0.25 {
            continue;
        }
        let right = plot.right() - width * back as f32;
        let bar = Rect::from_two_pos(pos2(right, base), pos2(right, y) - vec2(width, 0.0));
        let first = mesh.vertices.len() as u32;
        mesh.vertices.extend(
            [bar.left_top(), bar.right_top(), bar.right_bottom(), bar.left_bottom()].map(vertex),
        );
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first, first + 2, first + 3);
    }
    mesh
}
