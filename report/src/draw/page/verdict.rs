//! The verdict, line by line with its limits and what to do, and whose limits they are.

use super::{BODY, Card, MARGIN, PAD, STRONG, WIDTH, fit, ink, wrapped};
use crate::delivery::{Delivery, Outcome};
use crate::draw::{Anchor, Drawing, Font, Ink, Place, Shape};

/// Between two lines of words.
const LINE: f64 = 18.0;
/// Between two lines of the verdict.
const ROW: f64 = 25.0;
/// Where what, measured, limits and advice begin.
const COLUMNS: [f64; 4] = [24.0, 172.0, 424.0, 612.0];
const HEADING: Font = Font { size: 18.0, strong: true };
const SOURCE: Font = Font { size: 12.0, strong: false };

/// Draws it from `top` on; gives where it ends.
pub(super) fn draw(drawing: &mut Drawing, delivery: &Delivery, top: f64) -> f64 {
    let verdict = &delivery.verdict;
    let (left, right) = (MARGIN + PAD, WIDTH - MARGIN - PAD);
    let [what, measured, limits, advice] = COLUMNS.map(|x| left + x);
    // What it holds comes first, to know how high it is.
    let mut inside = Drawing::new(WIDTH, 0.0);
    let mut y = top + 30.0;
    inside.words([left, y], Anchor::Start, Ink::QuietText, BODY, "Verdict");
    let word = verdict.outcome.word();
    inside.words([what + 50.0, y], Anchor::Start, ink(verdict.outcome), HEADING, word);
    let said = verdict.sentence.as_str();
    let from = what + 50.0 + HEADING.width(word) + 20.0;
    for (index, line) in wrapped(STRONG, said, right - from).into_iter().enumerate() {
        let at = [from, y + LINE * index as f64];
        inside.words(at, Anchor::Start, Ink::Text, STRONG, line);
    }
    y += LINE * wrapped(STRONG, said, right - from).len().saturating_sub(1) as f64 + 10.0;
    for line in &verdict.lines {
        y += ROW;
        mark(&mut inside, [left + 5.0, y - 4.5], line.outcome);
        let cell =
            |inside: &mut Drawing, [from, to]: [f64; 2], ink: Ink, font: Font, text: &str| {
                let text = fit(font, text, to - from - 8.0);
                inside.words([from, y], Anchor::Start, ink, font, text);
            };
        cell(&mut inside, [what, measured], Ink::Text, BODY, &line.what);
        let figure = if line.outcome.keeps_limits() { Ink::Text } else { ink(line.outcome) };
        cell(&mut inside, [measured, limits], figure, STRONG, &line.measured);
        cell(&mut inside, [limits, advice], Ink::QuietText, BODY, &line.limits);
        let advised = wrapped(BODY, &line.advice, right - advice);
        let rows = advised.len();
        for (index, text) in advised.into_iter().enumerate() {
            let at = [advice, y + LINE * index as f64];
            inside.words(at, Anchor::Start, Ink::Change, BODY, text);
        }
        y += LINE * rows.saturating_sub(1) as f64;
    }
    let target = &verdict.target;
    if !target.source.is_empty() {
        let said = format!("{}: {} ({})", target.name, target.source, target.date);
        y += 12.0;
        for line in wrapped(SOURCE, &said, right - left) {
            y += LINE;
            inside.words([left, y], Anchor::Start, Ink::QuietText, SOURCE, line);
        }
    }
    let bottom = y + 18.0;
    Card { left: MARGIN, top, right: WIDTH - MARGIN, bottom }.draw(drawing);
    drawing.put(inside, [0.0, 0.0]);
    bottom
}

/// The sign of an outcome: never the colour alone.
fn mark(drawing: &mut Drawing, [x, y]: Place, outcome: Outcome) {
    let ink = ink(outcome);
    let mut stroke = |points: &[Place]| {
        let points = points.iter().map(|[right, down]| [x + right, y + down]).collect();
        drawing.shapes.push(Shape::Line { points, ink, width: 2.0, dashed: false });
    };
    match outcome {
        Outcome::Passed => stroke(&[[-4.5, 0.0], [-1.0, 3.5], [5.0, -4.0]]),
        Outcome::Failed => {
            stroke(&[[-4.0, -4.0], [4.0, 4.0]]);
            stroke(&[[-4.0, 4.0], [4.0, -4.0]]);
        }
        Outcome::Review | Outcome::NotMeasurable => {
            let sign = if outcome == Outcome::Review { "!" } else { "?" };
            let font = Font { size: 15.0, strong: true };
            drawing.words([x, y + 5.0], Anchor::Middle, ink, font, sign);
        }
        Outcome::Noted => drawing.rectangle([x - 2.0, y - 2.0], [x + 2.0, y + 2.0], ink),
    }
}
