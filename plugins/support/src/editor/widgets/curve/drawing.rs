//! What is drawn on axes: lines, areas, bands and spectra.

use super::axes::Plot;
use crate::editor::theme::Look;
use egui::epaint::{Mesh, Vertex};
use egui::{Color32, Pos2, Shape, Ui, pos2};

/// Points between two samples of a curve.
const STEP: f32 = 1.5;

/// How a curve is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Its colour.
    pub colour: Color32,
    /// Its width at 100 %.
    pub width: f32,
    /// Whether it is dashed: what tells two curves apart without their colour.
    pub dashed: bool,
}

/// How a spectrum is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spectrum {
    /// Its colour; that of a filled one should let the grid through.
    pub colour: Color32,
    /// Whether it is filled down to the bottom, or an outline.
    pub filled: bool,
    /// Whether an outline is dashed.
    pub dashed: bool,
    /// The levels at the bottom and at the top of the plot, in dB: an axis of its own.
    pub db: [f32; 2],
}

impl Plot {
    /// Where curves are sampled, from left to right.
    fn columns(&self) -> impl Iterator<Item = f32> {
        let steps = (self.rect.width() / STEP).ceil().max(1.0) as usize;
        let (left, width) = (self.rect.left(), self.rect.width());
        (0..=steps).map(move |step| left + width * step as f32 / steps as f32)
    }

    /// A curve's places from left to right; where it has no value, none.
    fn places(&self, db_of: impl Fn(f32) -> f32) -> Vec<Pos2> {
        let place = |x| pos2(x, self.y(db_of(self.hz(x))));
        self.columns().map(place).filter(|place| place.y.is_finite()).collect()
    }

    /// Draws a curve: the level in dB of every frequency in Hz.
    pub fn line(&self, ui: &Ui, look: Look, line: Line, db_of: impl Fn(f32) -> f32) {
        self.draw_line(ui, look, line, self.places(db_of));
    }

    fn draw_line(&self, ui: &Ui, look: Look, line: Line, places: Vec<Pos2>) {
        let painter = ui.painter().with_clip_rect(self.rect);
        let stroke = look.stroke(line.width, line.colour);
        if line.dashed {
            painter.extend(Shape::dashed_line(&places, stroke, look.px(5.0), look.px(3.5)));
        } else {
            painter.add(Shape::line(places, stroke));
        }
    }

    /// Fills between a curve and a level: what a filter takes away, what a band may reach.
    pub fn area(&self, ui: &Ui, colour: Color32, base_db: f32, db_of: impl Fn(f32) -> f32) {
        self.band(ui, colour, |_| base_db, db_of);
    }

    /// Fills between two curves.
    pub fn band(
        &self,
        ui: &Ui,
        colour: Color32,
        from_db: impl Fn(f32) -> f32,
        to_db: impl Fn(f32) -> f32,
    ) {
        let ends = |x| {
            let hz = self.hz(x);
            (pos2(x, self.y(from_db(hz))), pos2(x, self.y(to_db(hz))))
        };
        let both = |(from, to): &(Pos2, Pos2)| from.y.is_finite() && to.y.is_finite();
        let (from, to): (Vec<Pos2>, Vec<Pos2>) = self.columns().map(ends).filter(both).unzip();
        let painter = ui.painter().with_clip_rect(self.rect);
        painter.add(Shape::mesh(strip(colour, &from, &to)));
    }

    /// Draws a spectrum: levels in dB at frequencies in Hz, in rising order.
    pub fn spectrum(&self, ui: &Ui, look: Look, spectrum: &Spectrum, points: &[(f32, f32)]) {
        let [bottom, top] = spectrum.db;
        let y = |db: f32| {
            let share = ((db - bottom) / (top - bottom)).clamp(0.0, 1.0);
            self.rect.bottom() - self.rect.height() * share
        };
        let within = |hz: f32| hz >= self.axes.hz[0] && hz <= self.axes.hz[1];
        let places: Vec<Pos2> = points
            .iter()
            .filter(|(hz, db)| within(*hz) && !db.is_nan())
            .map(|(hz, db)| pos2(self.x(*hz), y(*db)))
            .collect();
        if spectrum.filled {
            let base: Vec<Pos2> =
                places.iter().map(|place| pos2(place.x, self.rect.bottom())).collect();
            let painter = ui.painter().with_clip_rect(self.rect);
            painter.add(Shape::mesh(strip(spectrum.colour, &base, &places)));
        } else {
            let Spectrum { colour, dashed, .. } = *spectrum;
            let line = Line { colour, width: 1.25, dashed };
            self.draw_line(ui, look, line, places);
        }
    }
}

/// The strip between two rows of places.
fn strip(colour: Color32, from: &[Pos2], to: &[Pos2]) -> Mesh {
    let mut mesh = Mesh::default();
    let vertex = |at: &Pos2| Vertex { pos: *at, uv: egui::epaint::WHITE_UV, color: colour };
    for (from, to) in from.iter().zip(to) {
        mesh.vertices.extend([vertex(from), vertex(to)]);
    }
    let pairs = mesh.vertices.len() as u32 / 2;
    for pair in 1..pairs {
        let at = pair * 2;
        mesh.add_triangle(at - 2, at - 1, at);
        mesh.add_triangle(at - 1, at, at + 1);
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::super::axes::Axes;
    use super::*;
    use egui::Rect;

    const PLOT: Plot = Plot {
        rect: Rect { min: pos2(0.0, 0.0), max: pos2(300.0, 100.0) },
        axes: Axes::audible(10.0, 5.0),
    };

    #[test]
    fn a_curve_goes_from_end_to_end_and_leaves_out_what_is_nothing() {
        let places = PLOT.places(|hz| if hz < 200.0 { f32::NEG_INFINITY } else { 0.0 });
        assert!((places[0].x - 100.0).abs() <= STEP, "{:?}", places[0]);
        assert_eq!(places.last().map(|place| place.x), Some(300.0));
        assert!(places.iter().all(|place| place.y == 50.0));
    }

    #[test]
    fn a_strip_fills_all_between() {
        let from = [pos2(0.0, 0.0), pos2(1.0, 0.0), pos2(2.0, 0.0)];
        let to = from.map(|place| place + egui::vec2(0.0, 5.0));
        let mesh = strip(Color32::WHITE, &from, &to);
        assert_eq!((mesh.vertices.len(), mesh.indices.len()), (6, 12));
        assert!(mesh.is_valid());
        assert!(strip(Color32::WHITE, &[], &[]).is_empty());
    }
}
