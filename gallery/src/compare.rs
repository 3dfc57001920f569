//! Whether two pictures are the same to the eye, drawn by whatever graphics card.
//!
//! Cards differ in the last steps of a colour and in how they cover a pixel at an edge: a smoothed
//! edge moves by some steps of 255, never from one colour to another. So a pixel counts as different
//! from [`STEPS`] on, and because rounding may put a hairline on its neighbour, some may be: up to
//! one in [`ONE_IN`] of the picture.

use image::RgbaImage;

/// Steps of 255 in one channel that a pixel may differ by.
pub const STEPS: u8 = 24;
/// One pixel in so many may differ by more.
pub const ONE_IN: usize = 5_000;

/// How far two pictures differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Pixels that differ by more than [`STEPS`].
    pub pixels: usize,
    /// Pixels in the picture.
    pub of: usize,
    /// The largest difference of one channel.
    pub largest: u8,
}

impl Difference {
    /// Whether it is within what another graphics card may do.
    pub fn is_tolerable(self) -> bool {
        self.pixels * ONE_IN <= self.of
    }
}

/// How far two pictures differ; none when their sizes do.
pub fn difference(one: &RgbaImage, other: &RgbaImage) -> Option<Difference> {
    if one.dimensions() != other.dimensions() {
        return None;
    }
    let by = one.pixels().zip(other.pixels()).map(|(one, other)| {
        one.0.iter().zip(other.0).map(|(one, other)| one.abs_diff(other)).max().unwrap_or(0)
    });
    let mut found = Difference { pixels: 0, of: 0, largest: 0 };
    for by in by {
        found.of += 1;
        found.pixels += usize::from(by > STEPS);
        found.largest = found.largest.max(by);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::Rgba;

    fn plain() -> RgbaImage {
        RgbaImage::from_pixel(100, 100, Rgba([20, 24, 28, 255]))
    }

    #[test]
    fn a_smoothed_edge_that_moves_a_little_is_the_same_picture() {
        let mut other = plain();
        for pixel in other.pixels_mut().take(5_000) {
            pixel.0[1] += STEPS;
        }
        assert!(difference(&plain(), &other).is_some_and(Difference::is_tolerable));
    }

    #[test]
    fn three_pixels_in_ten_thousand_are_not() {
        let mut other = plain();
        for pixel in other.pixels_mut().take(3) {
            pixel.0[2] += STEPS + 1;
        }
        let found = difference(&plain(), &other).expect("equal sizes");
        assert_eq!(found, Difference { pixels: 3, of: 10_000, largest: STEPS + 1 });
        assert!(!found.is_tolerable());
    }

    #[test]
    fn another_size_is_another_picture() {
        assert_eq!(difference(&plain(), &RgbaImage::new(100, 101)), None);
    }
}
