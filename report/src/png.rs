//! A delivery's page as a PNG: the drawing as SVG, painted with the fonts that lie beside the editors'.

use crate::delivery::Delivery;
use crate::draw::{Drawing, page, svg};
use crate::palette::{DARK, Palette};
use resvg::usvg::{self, fontdb};
use resvg::{render, tiny_skia};
use std::fmt;
use std::sync::{Arc, LazyLock};

/// Pixels a point: sharp on any screen, and on paper.
const SCALE: f32 = 2.0;

/// Nothing of the system: the same picture everywhere.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    for font in [
        &include_bytes!("../../fonts/Inter-Regular-tabular.otf")[..],
        include_bytes!("../../fonts/Inter-SemiBold-tabular.otf"),
    ] {
        fonts.load_font_data(font.to_vec());
    }
    fonts.set_sans_serif_family("Inter");
    Arc::new(fonts)
});

/// The page of a delivery.
///
/// # Errors
/// [`NotPainted`], which no page is known to cause.
pub fn delivery(delivery: &Delivery) -> Result<Vec<u8>, NotPainted> {
    drawing(&page(delivery), &DARK, &delivery.programme)
}

/// Any drawing in the colours of `palette`.
///
/// # Errors
/// [`NotPainted`], if it has no size, or one that does not fit into memory.
pub fn drawing(drawing: &Drawing, palette: &Palette, title: &str) -> Result<Vec<u8>, NotPainted> {
    let source = svg::document(drawing, palette, title);
    let options = usvg::Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::clone(&FONTS),
        ..usvg::Options::default()
    };
    let fail = |why: &dyn fmt::Display| NotPainted(why.to_string());
    let tree = usvg::Tree::from_str(&source, &options).map_err(|e| fail(&e))?;
    let size = tree.size().to_int_size().scale_by(SCALE).ok_or_else(|| fail(&"no size"))?;
    let mut pixels =
        tiny_skia::Pixmap::new(size.width(), size.height()).ok_or_else(|| fail(&"too large"))?;
    render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| fail(&e))
}

/// Why a drawing could not be painted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotPainted(String);

impl fmt::Display for NotPainted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the picture could not be painted: {}", self.0)
    }
}

impl std::error::Error for NotPainted {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Anchor, Font, Ink};

    fn pixels(drawn: &Drawing) -> tiny_skia::Pixmap {
        let bytes = drawing(drawn, &DARK, "x").unwrap();
        tiny_skia::Pixmap::decode_png(&bytes).unwrap()
    }

    fn count(pixmap: &tiny_skia::Pixmap, colour: u32) -> usize {
        let [_, red, green, blue] = colour.to_be_bytes();
        let is = |p: &&tiny_skia::PremultipliedColorU8| {
            (p.red(), p.green(), p.blue()) == (red, green, blue)
        };
        pixmap.pixels().iter().filter(is).count()
    }

    #[test]
    fn areas_lie_where_they_were_drawn_in_their_colours() {
        let mut drawn = Drawing::new(40.0, 20.0);
        drawn.rectangle([10.0, 5.0], [20.0, 10.0], Ink::Over);
        let pixmap = pixels(&drawn);
        assert_eq!((pixmap.width(), pixmap.height()), (80, 40));
        assert_eq!(count(&pixmap, DARK.over), 20 * 10);
        assert_eq!(count(&pixmap, DARK.window), 80 * 40 - 20 * 10);
    }

    /// With a font that is missing nothing would be painted.
    #[test]
    fn words_are_painted_in_both_weights_and_as_wide_as_was_reckoned() {
        let text = "\u{2212}16.3 LUFS, 4\u{d7} \u{b1}1.0 within 60 s";
        let mut inked = Vec::new();
        for strong in [false, true] {
            let font = Font { size: 13.0, strong };
            let mut drawn = Drawing::new(2.0 * font.width(text), 20.0);
            drawn.words([0.0, 15.0], Anchor::Start, Ink::Text, font, text);
            let pixmap = pixels(&drawn);
            let wide = pixmap.width() as usize;
            let painted = |x: usize| {
                (0..pixmap.height() as usize).any(|y| pixmap.pixels()[y * wide + x].red() > 0x80)
            };
            let right = (0..wide).rev().find(|x| painted(*x)).expect("nothing is painted");
            let reckoned = font.width(text) * f64::from(SCALE);
            assert!((right as f64) <= reckoned, "{right} of {reckoned}");
            assert!((right as f64) > 0.75 * reckoned, "{right} of {reckoned}");
            inked.push(pixmap.pixels().iter().filter(|p| p.red() > 0x80).count());
        }
        assert!(inked[1] > inked[0] * 11 / 10, "the weights do not differ: {inked:?}");
    }

    #[test]
    fn a_page_is_a_picture_twice_its_size_and_the_same_each_time() {
        let programme = "<b>&\u{0}\u{202e} \u{6b4c}.wav".to_owned();
        let made = Delivery { programme, ..Delivery::default() };
        let bytes = delivery(&made).unwrap();
        let pixmap = tiny_skia::Pixmap::decode_png(&bytes).unwrap();
        assert_eq!(f64::from(pixmap.width()), 2.0 * page(&made).width);
        assert_eq!(bytes, delivery(&made).unwrap());
    }

    #[test]
    fn what_has_no_size_is_refused_in_a_sentence() {
        let said = drawing(&Drawing::new(0.0, 0.0), &DARK, "").unwrap_err().to_string();
        assert!(said.contains("could not be painted"), "{said}");
    }
}
