//! A drawing as inline SVG. Inks become classes, which a style sheet gives their colours.

use super::{Anchor, Drawing, Ink, Place, Shape};
use crate::markup::Markup;
use std::fmt::Write as _;

/// How a drawing takes the room it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Keeps its proportions.
    Whole,
    /// Fills the room, which words would not survive.
    Stretched,
}

/// Adds `drawing` to `markup`. `class` is ours; `title` says in words what is drawn.
pub fn write(markup: &mut Markup, drawing: &Drawing, class: &str, title: &str, fit: Fit) {
    let view = format!("0 0 {} {}", coordinate(drawing.width), coordinate(drawing.height));
    let mut attributes = vec![
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("class", class),
        ("viewBox", &view),
        ("role", "img"),
        ("aria-label", title),
    ];
    if fit == Fit::Stretched {
        attributes.push(("preserveAspectRatio", "none"));
    }
    markup.element("svg", &attributes, |m| {
        m.leaf("title", &[], title);
        for shape in &drawing.shapes {
            draw(m, shape);
        }
    });
}

fn draw(markup: &mut Markup, shape: &Shape) {
    match shape {
        Shape::Line { points, ink, width, dashed } => {
            let width = coordinate(*width);
            let data = path(points, false);
            let class = format!("line {}", class(*ink));
            let mut attributes =
                vec![("class", &class[..]), ("stroke-width", &width), ("d", &data)];
            if *dashed {
                attributes.push(("stroke-dasharray", "5 4"));
            }
            markup.void("path", &attributes);
        }
        Shape::Area { points, ink } => {
            let class = format!("area {}", class(*ink));
            markup.void("path", &[("class", &class), ("d", &path(points, true))]);
        }
        Shape::Text { at: [x, y], anchor, ink, text } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let (x, y) = (coordinate(*x), coordinate(*y));
            let attributes =
                [("class", class(*ink)), ("x", &x), ("y", &y), ("text-anchor", anchor)];
            markup.leaf("text", &attributes, text);
        }
    }
}

/// The class of an ink.
pub fn class(ink: Ink) -> &'static str {
    match ink {
        Ink::Well => "well",
        Ink::Grid => "grid",
        Ink::Signal => "signal",
        Ink::FaintSignal => "faint-signal",
        Ink::Change => "change",
        Ink::FaintChange => "faint-change",
        Ink::Veil => "veil",
        Ink::Goal => "goal",
        Ink::Over => "over",
        Ink::Text => "text",
        Ink::QuietText => "quiet",
    }
}

/// Path data through `points`.
fn path(points: &[Place], closed: bool) -> String {
    let mut data = String::with_capacity(points.len() * 12);
    for (index, [x, y]) in points.iter().enumerate() {
        let separator = match index {
            0 => "M",
            1 => "L",
            _ => " ",
        };
        let _ = write!(data, "{separator}{} {}", coordinate(*x), coordinate(*y));
    }
    if closed {
        data.push('Z');
    }
    data
}

/// A coordinate to a tenth of a point, as short as can be.
fn coordinate(value: f64) -> String {
    let tenths = if value.is_finite() { (value * 10.0).round() / 10.0 + 0.0 } else { 0.0 };
    format!("{tenths}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_data_is_short_and_finite() {
        assert_eq!(
            path(&[[0.04, 1.0], [2.55, -3.0], [f64::NAN, 1e9]], true),
            "M0 1L2.6 -3 0 1000000000Z"
        );
        assert_eq!(path(&[[-0.01, 0.0]], false), "M0 0");
        assert_eq!(path(&[], false), "");
    }

    #[test]
    fn words_are_escaped() {
        let mut drawing = Drawing::new(10.0, 10.0);
        drawing.text([1.0, 2.0], Anchor::End, Ink::Over, "<b>&");
        let mut markup = Markup::new();
        write(&mut markup, &drawing, "x", "\"t\"", Fit::Whole);
        let text = markup.finish();
        assert!(text.contains("text-anchor=\"end\">&lt;b&gt;&amp;</text>"), "{text}");
        assert!(text.contains("aria-label=\"&quot;t&quot;\""), "{text}");
    }
}
