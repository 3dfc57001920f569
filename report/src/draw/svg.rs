//! A drawing as SVG: inline, where inks become classes that a style sheet gives their colours, or as a
//! file of its own.

use super::{Anchor, Drawing, Ink, Place, Shape, TEXT_SIZE};
use crate::markup::Markup;
use crate::palette::{Colour, Palette};
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

/// `drawing` as a file, in the colours of `palette` and the font Inter. `title` says in words what is
/// drawn.
pub fn document(drawing: &Drawing, palette: &Palette, title: &str) -> String {
    let (width, height) = (coordinate(drawing.width), coordinate(drawing.height));
    let view = format!("0 0 {width} {height}");
    let size = coordinate(TEXT_SIZE);
    let window = format!("#{:06x}", palette.window);
    let mut markup = Markup::new();
    let attributes = [
        ("xmlns", "http://www.w3.org/2000/svg"),
        ("width", &*width),
        ("height", &height),
        ("viewBox", &view),
        ("font-family", "Inter, sans-serif"),
        ("font-size", &size),
    ];
    markup.element("svg", &attributes, |m| {
        m.leaf("title", &[], title);
        m.element("style", &[], |m| m.raw(&style(palette)));
        m.void("rect", &[("width", &width), ("height", &height), ("fill", &window)]);
        for shape in &drawing.shapes {
            draw(m, shape);
        }
    });
    markup.finish()
}

/// Every ink in its colour.
fn style(palette: &Palette) -> String {
    let mut style = String::from(".line{fill:none;stroke-linejoin:round}");
    for ink in Ink::ALL {
        let (class, colour) = (class(ink), colour(ink, palette));
        let opacity = match ink {
            Ink::Veil => ";fill-opacity:.25",
            Ink::Zone => ";fill-opacity:.22",
            _ => "",
        };
        let _ = write!(
            style,
            ".line.{class}{{stroke:#{colour:06x}}}.area.{class},text.{class}{{fill:#{colour:06x}{opacity}}}"
        );
    }
    style
}

/// The colour of an ink.
pub fn colour(ink: Ink, palette: &Palette) -> Colour {
    match ink {
        Ink::Well => palette.well,
        Ink::Grid => palette.grid,
        Ink::Signal | Ink::Zone => palette.signal,
        Ink::FaintSignal => palette.faint_signal,
        Ink::Change | Ink::Veil => palette.change,
        Ink::FaintChange => palette.faint_change,
        Ink::Goal | Ink::Text => palette.text,
        Ink::Panel => palette.panel,
        Ink::Border => palette.line,
        Ink::Over => palette.over,
        Ink::QuietText => palette.quiet,
    }
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
        Shape::Text { at: [x, y], anchor, ink, font, text } => {
            let anchor = match anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let (x, y) = (coordinate(*x), coordinate(*y));
            let size = coordinate(font.size);
            let mut attributes =
                vec![("class", class(*ink)), ("x", &x), ("y", &y), ("text-anchor", anchor)];
            if font.size != TEXT_SIZE {
                attributes.push(("font-size", &size));
            }
            if font.strong {
                attributes.push(("font-weight", "600"));
            }
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
        Ink::Zone => "zone",
        Ink::Panel => "panel",
        Ink::Border => "border",
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
