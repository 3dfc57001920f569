//! A colour that changes is seen, whichever it is: shown on the committed pictures themselves.

use gallery::SCENES;
use gallery::compare::{Difference, STEPS, difference};
use image::{Rgba, RgbaImage};
use std::collections::HashMap;
use std::path::Path;

/// How many of a picture's colours, the most frequent ones, are tried.
const COLOURS: usize = 10;

#[test]
fn a_changed_colour_is_seen() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/images");
    for scene in SCENES {
        for suffix in ["", "@2x"] {
            let path = folder.join(format!("{}{suffix}.png", scene.name));
            let picture = image::open(&path).expect("a committed picture").into_rgba8();
            for colour in most_frequent(&picture) {
                let found = difference(&picture, &recoloured(&picture, colour));
                let seen = found.is_some_and(|found| !Difference::is_tolerable(found));
                assert!(seen, "{}: {colour:?} is not seen: {found:?}", path.display());
            }
        }
    }
}

fn most_frequent(picture: &RgbaImage) -> Vec<Rgba<u8>> {
    let mut counts = HashMap::<[u8; 4], usize>::new();
    for pixel in picture.pixels() {
        *counts.entry(pixel.0).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    counts.into_iter().take(COLOURS).map(|(colour, _)| Rgba(colour)).collect()
}

/// The picture with one colour a little greener or less green.
fn recoloured(picture: &RgbaImage, colour: Rgba<u8>) -> RgbaImage {
    let by = STEPS + 1;
    let green = colour.0[1].checked_add(by).unwrap_or_else(|| colour.0[1] - by);
    let mut other = picture.clone();
    for pixel in other.pixels_mut().filter(|pixel| **pixel == colour) {
        pixel.0[1] = green;
    }
    other
}
