//! Drawings: shapes in ink, for whoever can paint lines, areas and words.
//!
//! A [`Drawing`] is made of measurements over time alone. It knows its size in points and what a
//! shape means ([`Ink`]), but neither colours nor files: [`svg`] writes it down, and an editor may
//! paint the same shapes itself.

mod bands;
mod gain;
mod lanes;
mod overview;
mod page;
mod scale;
mod series;
mod spark;
pub mod svg;

pub use bands::{ROOM_FOR_NUMBER, band_chart};
pub use gain::gain_chart;
pub use overview::{Overview, Size, overview};
pub use page::page;
pub use scale::{Scale, Tick, decibel_ticks, nice_step, time_ticks};
pub use series::Columns;
pub use spark::spark;

/// A place: right and down, in points.
pub type Place = [f64; 2];

/// What a shape means. One meaning each, in the report as in the editors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// Where drawings lie.
    Well,
    /// Lines of scales.
    Grid,
    /// Signal: waveform and loudness.
    Signal,
    /// Signal that stays behind another.
    FaintSignal,
    /// Every change of gain.
    Change,
    /// A change of gain that stays behind another.
    FaintChange,
    /// A thin layer of change: the more of them lie on each other, the further.
    Veil,
    /// What was asked for.
    Goal,
    /// Where it should lie, behind what is measured.
    Zone,
    /// What a part of a page lies on.
    Panel,
    /// Around such a part.
    Border,
    /// Over a limit.
    Over,
    /// Words and numbers to read first.
    Text,
    /// Words and numbers of scales.
    QuietText,
}

impl Ink {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Well,
        Self::Grid,
        Self::Signal,
        Self::FaintSignal,
        Self::Change,
        Self::FaintChange,
        Self::Veil,
        Self::Goal,
        Self::Zone,
        Self::Panel,
        Self::Border,
        Self::Over,
        Self::Text,
        Self::QuietText,
    ];
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Its beginning.
    Start,
    /// Its middle.
    Middle,
    /// Its end.
    End,
}

/// How words are set.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Font {
    /// Height of the letters, in points.
    pub size: f64,
    /// Whether they are semi-bold.
    pub strong: bool,
}

impl Font {
    /// That of scales and charts.
    pub const SMALL: Self = Self { size: TEXT_SIZE, strong: false };

    /// About how wide `text` is.
    pub fn width(self, text: &str) -> f64 {
        let heavier = if self.strong { 1.05 } else { 1.0 };
        heavier * self.size / TEXT_SIZE * text_width(text)
    }
}

/// A part of a drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// An open line.
    Line {
        /// Its corners.
        points: Vec<Place>,
        /// Its meaning.
        ink: Ink,
        /// Its width in points.
        width: f64,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A filled area.
    Area {
        /// Its corners.
        points: Vec<Place>,
        /// Its meaning.
        ink: Ink,
    },
    /// Words on one line.
    Text {
        /// Where they stand: the anchor, on the base line.
        at: Place,
        /// What of them stands there.
        anchor: Anchor,
        /// Their meaning.
        ink: Ink,
        /// How they are set.
        font: Font,
        /// The words.
        text: String,
    },
}

/// Shapes, from the lowest to the topmost.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Drawing {
    /// Width in points.
    pub width: f64,
    /// Height in points.
    pub height: f64,
    /// What is drawn.
    pub shapes: Vec<Shape>,
}

/// Height of the letters of a drawing, in points.
pub const TEXT_SIZE: f64 = 11.0;

/// About how wide `text` is in a font without serifs, in points; rather too much than too little,
/// as fonts differ.
fn text_width(text: &str) -> f64 {
    let wide = |character: char| match character {
        'i' | 'j' | 'l' | 'f' | 't' | 'r' | ' ' | '.' | ',' | ':' | '-' => 0.4,
        'm' | 'w' | 'M' | 'W' | '\u{2212}' => 0.95,
        'A'..='Z' => 0.72,
        _ => 0.63,
    };
    TEXT_SIZE * text.chars().map(wide).sum::<f64>()
}

impl Drawing {
    /// An empty one.
    pub fn new(width: f64, height: f64) -> Self {
        Self { width, height, shapes: Vec::new() }
    }

    /// Adds a straight line.
    pub fn rule(&mut self, from: Place, to: Place, ink: Ink, dashed: bool) {
        self.shapes.push(Shape::Line { points: vec![from, to], ink, width: 1.0, dashed });
    }

    /// Adds a rectangle.
    pub fn rectangle(&mut self, [left, top]: Place, [right, bottom]: Place, ink: Ink) {
        let points = vec![[left, top], [right, top], [right, bottom], [left, bottom]];
        self.shapes.push(Shape::Area { points, ink });
    }

    /// Adds words.
    pub fn text(&mut self, at: Place, anchor: Anchor, ink: Ink, text: impl Into<String>) {
        self.words(at, anchor, ink, Font::SMALL, text);
    }

    /// Adds words in a font of their own.
    pub fn words(
        &mut self,
        at: Place,
        anchor: Anchor,
        ink: Ink,
        font: Font,
        text: impl Into<String>,
    ) {
        self.shapes.push(Shape::Text { at, anchor, ink, font, text: text.into() });
    }

    /// Adds another drawing, its corner at a place.
    pub fn put(&mut self, other: Self, [right, down]: Place) {
        let moved = |[x, y]: Place| [x + right, y + down];
        self.shapes.extend(other.shapes.into_iter().map(|mut shape| {
            match &mut shape {
                Shape::Line { points, .. } | Shape::Area { points, .. } => {
                    *points = points.iter().copied().map(moved).collect();
                }
                Shape::Text { at, .. } => *at = moved(*at),
            }
            shape
        }));
    }

    /// Adds lines of measurements.
    pub fn lines(&mut self, lines: Vec<Vec<Place>>, ink: Ink, width: f64) {
        let line = |points| Shape::Line { points, ink, width, dashed: false };
        self.shapes.extend(lines.into_iter().map(line));
    }

    /// Adds areas of measurements.
    pub fn areas(&mut self, areas: Vec<Vec<Place>>, ink: Ink) {
        self.shapes.extend(areas.into_iter().map(|points| Shape::Area { points, ink }));
    }
}
