//! A delivery as one picture: figures to be read across a room, the history, the verdict.

mod cards;
mod verdict;

use super::{Anchor, Drawing, Font, Ink, Overview, Place, Shape, Size, overview};
use crate::delivery::{Delivery, Outcome};
use crate::number::{clock, fixed};

/// Width of the picture, in points.
const WIDTH: f64 = 1240.0;
/// Around everything, and between its parts.
const MARGIN: f64 = 16.0;
const GAP: f64 = 12.0;
/// Height of the cards of figures.
const CARDS: f64 = 218.0;
/// Inside a card, around what it holds.
const PAD: f64 = 16.0;
/// How round a card's corners are, and in how many steps.
const ROUND: f64 = 7.0;
const ROUND_STEPS: usize = 6;

const TITLE: Font = Font { size: 20.0, strong: true };
const BODY: Font = Font { size: 13.0, strong: false };
const STRONG: Font = Font { size: 13.0, strong: true };

/// A part of the page.
#[derive(Debug, Clone, Copy)]
struct Card {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Card {
    /// What lies inside its padding, from left to right.
    fn inside(self) -> [f64; 2] {
        [self.left + PAD, self.right - PAD]
    }

    fn draw(self, drawing: &mut Drawing) {
        let corner = |[x, y]: Place, from: f64| {
            (0..=ROUND_STEPS).map(move |step| {
                let turn = from + step as f64 / ROUND_STEPS as f64;
                let (sin, cos) = (turn * std::f64::consts::FRAC_PI_2).sin_cos();
                [x + ROUND * cos, y + ROUND * sin]
            })
        };
        let [left, right] = [self.left + ROUND, self.right - ROUND];
        let [top, bottom] = [self.top + ROUND, self.bottom - ROUND];
        let mut points: Vec<Place> = corner([right, bottom], 0.0)
            .chain(corner([left, bottom], 1.0))
            .chain(corner([left, top], 2.0))
            .chain(corner([right, top], 3.0))
            .collect();
        drawing.shapes.push(Shape::Area { points: points.clone(), ink: Ink::Panel });
        points.push(points[0]);
        let border = Shape::Line { points, ink: Ink::Border, width: 1.0, dashed: false };
        drawing.shapes.push(border);
    }
}

/// The page.
pub fn page(delivery: &Delivery) -> Drawing {
    let mut drawing = Drawing::new(WIDTH, 0.0);
    let below = head(&mut drawing, delivery);
    let below = figures(&mut drawing, delivery, below);
    let below = history(&mut drawing, delivery, below);
    drawing.height = verdict::draw(&mut drawing, delivery, below) + MARGIN;
    drawing
}

/// Whose page it is; gives where it ends.
fn head(drawing: &mut Drawing, delivery: &Delivery) -> f64 {
    let target = &delivery.verdict.target;
    let made = match delivery.stemwright.as_str() {
        "" => "Stemwright".to_owned(),
        version => format!("Stemwright {version}"),
    };
    let room = WIDTH - 2.0 * MARGIN - BODY.width(&delivery.created) - 60.0;
    let name = if delivery.programme.is_empty() { "Untitled" } else { &delivery.programme };
    drawing.words([MARGIN, 36.0], Anchor::Start, Ink::Text, TITLE, fit(TITLE, name, room));
    let right = WIDTH - MARGIN;
    drawing.words([right, 34.0], Anchor::End, Ink::QuietText, BODY, delivery.created.as_str());
    drawing.words([right, 56.0], Anchor::End, Ink::QuietText, BODY, made);
    let m = &delivery.measured;
    let khz = f64::from(m.sample_rate_hz) / 1000.0;
    let decimals = usize::from(!m.sample_rate_hz.is_multiple_of(1000));
    let mut under = vec![clock(m.seconds), format!("{} kHz", fixed(khz, decimals))];
    if !delivery.format.is_empty() {
        under.push(delivery.format.clone());
    }
    if !target.name.is_empty() && (target.lufs.is_some() || target.ceiling_dbtp.is_some()) {
        under.push(format!("held against {}", target.name));
    }
    let under = fit(BODY, &under.join(" \u{b7} "), WIDTH - 2.0 * MARGIN - 160.0);
    drawing.words([MARGIN, 57.0], Anchor::Start, Ink::QuietText, BODY, under);
    72.0
}

/// The cards of figures; gives where they end.
fn figures(drawing: &mut Drawing, delivery: &Delivery, top: f64) -> f64 {
    let mut left = MARGIN;
    let mut card = |drawing: &mut Drawing, width: f64| {
        let card = Card { left, top, right: left + width, bottom: top + CARDS };
        left = card.right + GAP;
        card.draw(drawing);
        card
    };
    let place = card(drawing, 320.0);
    cards::integrated(drawing, delivery, place);
    let place = card(drawing, 280.0);
    cards::true_peak(drawing, delivery, place);
    let place = card(drawing, 258.0);
    cards::dynamics(drawing, &delivery.measured, place);
    let place = card(drawing, 314.0);
    cards::image(drawing, &delivery.measured, place);
    top + CARDS + GAP
}

/// The history, if there is one; gives where it ends.
fn history(drawing: &mut Drawing, delivery: &Delivery, top: f64) -> f64 {
    let Some(timeline) = &delivery.history else { return top };
    let what = Overview {
        timeline,
        reduction: None,
        target: &delivery.verdict.target,
        seconds: delivery.measured.seconds,
    };
    let drawn = overview(&what, Size::Page);
    let bottom = top + drawn.height + 2.0 * GAP;
    Card { left: MARGIN, top, right: WIDTH - MARGIN, bottom }.draw(drawing);
    let aside = 0.5 * (WIDTH - drawn.width);
    drawing.put(drawn, [aside, top + GAP]);
    bottom + GAP
}

/// The ink of an outcome.
fn ink(outcome: Outcome) -> Ink {
    match outcome {
        Outcome::Noted => Ink::QuietText,
        Outcome::Passed => Ink::Signal,
        Outcome::Review | Outcome::NotMeasurable => Ink::Change,
        Outcome::Failed => Ink::Over,
    }
}

/// As much of `text` as `width` has room for.
fn fit(font: Font, text: &str, width: f64) -> String {
    if font.width(text) <= width {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        let shortened = format!("{}\u{2026}", kept.trim_end());
        if font.width(&shortened) <= width {
            return shortened;
        }
    }
    String::new()
}

/// `text` in lines of at most `width`, broken at spaces.
fn wrapped(font: Font, text: &str, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if font.width(&format!("{line} {word}")) <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(fit(font, word, width)),
        }
    }
    lines
}

#[cfg(test)]
mod tests;
