//! The axes of a curve: frequency, logarithmic, and dB.

use crate::editor::theme::{self, Look, size};
use crate::editor::widgets::number;
use egui::{Align2, Rangef, Rect, Ui, pos2};

/// Which frequencies have numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ticks {
    /// 1, 2 and 5 of every decade.
    #[default]
    Decades,
    /// The octaves around 1 kHz: 31.5, 63, 125 and so on.
    Octaves,
}

/// What the axes of a plot show.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axes {
    /// The lowest and the highest frequency in Hz.
    pub hz: [f32; 2],
    /// The lowest and the highest level in dB.
    pub db: [f32; 2],
    /// From line to line, in dB.
    pub step_db: f32,
    /// Which frequencies have numbers.
    pub ticks: Ticks,
}

impl Axes {
    /// All that is heard, with ±`db`.
    pub const fn audible(db: f32, step_db: f32) -> Self {
        Self { hz: [20.0, 20_000.0], db: [-db, db], step_db, ticks: Ticks::Decades }
    }

    /// Where a frequency lies from left to right, 0 to 1 within the axes.
    pub fn share_of_hz(&self, hz: f32) -> f32 {
        (hz / self.hz[0]).ln() / (self.hz[1] / self.hz[0]).ln()
    }

    /// The frequency at a share of the way, in Hz.
    pub fn hz_at(&self, share: f32) -> f32 {
        self.hz[0] * (self.hz[1] / self.hz[0]).powf(share)
    }

    /// Where a level lies from bottom to top, 0 to 1 within the axes.
    pub fn share_of_db(&self, db: f32) -> f32 {
        (db - self.db[0]) / (self.db[1] - self.db[0])
    }

    /// The level at a share of the way, in dB.
    pub fn db_at(&self, share: f32) -> f32 {
        self.db[0] + (self.db[1] - self.db[0]) * share
    }

    /// The frequencies with numbers, in Hz.
    fn numbers_hz(&self) -> Vec<f32> {
        let within = |hz: &f32| *hz >= self.hz[0] * 0.999 && *hz <= self.hz[1] * 1.001;
        match self.ticks {
            Ticks::Decades => (0..6)
                .flat_map(|decade| [1.0, 2.0, 5.0].map(|m| m * 10f32.powi(decade)))
                .filter(within)
                .collect(),
            Ticks::Octaves => {
                (-7..=5).map(|octave| 1000.0 * 2f32.powi(octave)).filter(within).collect()
            }
        }
    }

    /// The frequencies with lines, in Hz: every whole one of a decade, or every octave.
    fn lines_hz(&self) -> Vec<f32> {
        let within = |hz: &f32| *hz > self.hz[0] && *hz < self.hz[1];
        match self.ticks {
            Ticks::Decades => (0..5)
                .flat_map(|decade| (1..10).map(move |m| m as f32 * 10f32.powi(decade)))
                .filter(within)
                .collect(),
            Ticks::Octaves => self.numbers_hz().into_iter().filter(within).collect(),
        }
    }
}

/// A frequency as a scale has it: 31.5, 200, 5k.
fn short(hz: f32) -> String {
    match hz {
        hz if hz >= 1000.0 => format!("{}k", (hz / 100.0).round() / 10.0),
        // The octaves' nominal frequencies, as everybody knows them.
        hz if (hz - 31.25).abs() < 0.01 => "31.5".to_owned(),
        hz if (hz - 62.5).abs() < 0.01 => "63".to_owned(),
        hz => format!("{hz:.0}"),
    }
}

/// Axes in their place on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plot {
    /// Where curves are drawn.
    pub rect: Rect,
    /// What is where.
    pub axes: Axes,
}

impl Plot {
    /// The place of a frequency from left to right, in points.
    pub fn x(&self, hz: f32) -> f32 {
        self.rect.left() + self.rect.width() * self.axes.share_of_hz(hz)
    }

    /// The height of a level, in points.
    pub fn y(&self, db: f32) -> f32 {
        self.rect.bottom() - self.rect.height() * self.axes.share_of_db(db)
    }

    /// The frequency at a place, in Hz.
    pub fn hz(&self, x: f32) -> f32 {
        self.axes.hz_at((x - self.rect.left()) / self.rect.width())
    }

    /// The level at a height, in dB.
    pub fn db(&self, y: f32) -> f32 {
        self.axes.db_at((self.rect.bottom() - y) / self.rect.height())
    }
}

/// Width of the numbers beside a plot, and height of those below, at 100 %.
const BESIDE: f32 = 30.0;
const BELOW: f32 = 18.0;

/// Draws axes into `rect`, with their numbers left and below.
pub fn plot(ui: &Ui, look: Look, rect: Rect, axes: Axes) -> Plot {
    let mut inside = rect;
    inside.min.x += look.px(BESIDE);
    inside.max.y -= look.px(BELOW);
    let plot = Plot { rect: inside, axes };
    let painter = ui.painter();
    painter.rect_filled(inside, look.corner(4.0), theme::WELL);
    let small = look.font(size::SMALL);
    for hz in axes.lines_hz() {
        painter.vline(plot.x(hz), inside.y_range(), look.stroke(1.0, theme::GRID));
    }
    let under = inside.bottom() + look.px(3.0);
    // Where there is no room for all numbers, those of whole decades come first.
    let (whole, others): (Vec<f32>, Vec<f32>) = axes
        .numbers_hz()
        .into_iter()
        .partition(|hz| (hz.log10() - hz.log10().round()).abs() < 1e-4);
    let mut taken: Vec<Rangef> = Vec::new();
    for hz in whole.into_iter().chain(others) {
        let text = painter.layout_no_wrap(short(hz), small.clone(), theme::LABEL);
        let width = text.size().x;
        let left = (plot.x(hz) - width * 0.5).min(inside.right() - width);
        let place = Rangef::new(left, left + width);
        let around = place.expand(look.px(5.0));
        if taken.iter().all(|other| !other.intersects(around)) {
            taken.push(place);
            painter.galley(pos2(left, under), text, theme::LABEL);
        }
    }
    let first = (axes.db[0] / axes.step_db).ceil() as i32;
    let last = (axes.db[1] / axes.step_db).floor() as i32;
    for step in first..=last {
        let db = step as f32 * axes.step_db;
        let y = plot.y(db);
        let line = if db == 0.0 { theme::LINE } else { theme::GRID };
        painter.hline(inside.x_range(), y, look.stroke(1.0, line));
        let text = number(db, 0);
        let text = if db > 0.0 { format!("+{text}") } else { text };
        let place = pos2(inside.left() - look.px(5.0), y);
        painter.text(place, Align2::RIGHT_CENTER, text, small.clone(), theme::LABEL);
    }
    plot
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    const PLOT: Plot = Plot {
        rect: Rect { min: pos2(100.0, 50.0), max: pos2(400.0, 250.0) },
        axes: Axes::audible(12.0, 6.0),
    };

    #[test]
    fn a_decade_is_as_wide_as_any_other() {
        assert!((PLOT.x(20.0) - 100.0).abs() < 1e-3 && (PLOT.x(20_000.0) - 400.0).abs() < 1e-3);
        assert!((PLOT.x(200.0) - 200.0).abs() < 1e-3 && (PLOT.x(2000.0) - 300.0).abs() < 1e-3);
    }

    #[test]
    fn places_lead_back_to_what_lies_there() {
        for hz in [20.0, 31.5, 440.0, 12_345.0] {
            assert!((PLOT.hz(PLOT.x(hz)) / hz - 1.0).abs() < 1e-4, "{hz}");
        }
        for db in [-12.0, -3.0, 0.0, 7.5] {
            assert!((PLOT.db(PLOT.y(db)) - db).abs() < 1e-4, "{db}");
        }
        assert_eq!(PLOT.y(12.0), PLOT.rect.top());
        assert_eq!(PLOT.rect.size(), vec2(300.0, 200.0));
    }

    #[test]
    fn numbers_are_those_people_know() {
        let texts =
            |axes: Axes| -> Vec<String> { axes.numbers_hz().into_iter().map(short).collect() };
        let decades = texts(Axes::audible(12.0, 6.0));
        assert_eq!(decades, ["20", "50", "100", "200", "500", "1k", "2k", "5k", "10k", "20k"]);
        let octaves = texts(Axes { ticks: Ticks::Octaves, ..Axes::audible(12.0, 6.0) });
        assert_eq!(octaves, ["31.5", "63", "125", "250", "500", "1k", "2k", "4k", "8k", "16k"]);
    }
}
