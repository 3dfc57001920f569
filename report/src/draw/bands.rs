//! What an insert did by octave band over time.

use super::gain::ruler;
use super::{Anchor, Columns, Drawing, Ink, Place, Scale, TEXT_SIZE, text_width};
use crate::model::BandGains;
use crate::number::{edge, fixed, signed};

/// Gains, up or down, from which on there is one veil more, dB.
const STEPS_DB: [f64; 5] = [BandGains::LEAST_DB, 0.5, 1.5, 3.0, 6.0];
/// Height of a band.
const ROW: f64 = 12.0;
/// Columns are at least this wide.
const COLUMN: f64 = 2.0;
/// Height of the line over what is raised.
const RAISED: f64 = 1.6;
/// Below the bands: the time, and what the veils mean.
const BELOW: [f64; 2] = [18.0, 18.0];
/// Size of a sample of a veil.
const SAMPLE: [f64; 2] = [11.0, 9.0];

/// Room for a number at the right end.
pub const ROOM_FOR_NUMBER: f64 = 36.0;

/// Time from left to right, bands from the lowest at the bottom to the highest: the further a band
/// was moved the more veils, with a line above where it was raised. `width` points wide and as high
/// as the bands need, for `seconds` of audio.
pub fn band_chart(gains: &BandGains, seconds: f64, width: f64) -> Drawing {
    let (left, right, top) = (32.0, width - ROOM_FOR_NUMBER, 6.0);
    let bottom = top + ROW * gains.bands.len() as f64;
    let mut drawing = Drawing::new(width, bottom + BELOW[0] + BELOW[1]);
    drawing.rectangle([left, top], [right, bottom], Ink::Well);
    let time = Scale { values: [0.0, seconds], places: [left, right] };
    ruler(&mut drawing, time, [top, bottom], 4);

    let most = gains.moved_most();
    let mut any_raised = false;
    for (index, band) in gains.bands.iter().enumerate() {
        let low = bottom - ROW * index as f64;
        let high = low - ROW;
        let label = |drawing: &mut Drawing, y: f64, hz: f64| {
            drawing.rule([left, y], [right, y], Ink::Grid, false);
            let at = [left - 5.0, y + 0.35 * TEXT_SIZE];
            drawing.text(at, Anchor::End, Ink::QuietText, edge(hz));
        };
        if index == 0 {
            label(&mut drawing, low, band.low_hz);
        }
        label(&mut drawing, high, band.high_hz);

        let points = band.mean_db.len();
        let room = ((right - left) / COLUMN).max(1.0) as usize;
        let fold = points.div_ceil(room).max(1);
        let columns = Columns { fold, time, seconds: fold as f64 * gains.seconds_per_point };
        let values = columns.furthest(&band.mean_db);
        // Between the lines of the grid.
        let row = [low - 0.5, high + 0.5];
        for step_db in STEPS_DB {
            let is_moved = |db: f64| db.abs() >= step_db;
            drawing.areas(comb(&columns, &values, is_moved, row), Ink::Veil);
        }
        let raised = comb(&columns, &values, |db| db >= STEPS_DB[0], [row[1] + RAISED, row[1]]);
        any_raised |= !raised.is_empty();
        drawing.areas(raised, Ink::Text);
        if let (true, Some(db)) = (most == Some(band), band.mean_while_moved_db) {
            let at = [right + 4.0, 0.5 * (low + high) + 0.35 * TEXT_SIZE];
            drawing.text(at, Anchor::Start, Ink::Text, signed(db, 1));
        }
    }
    legend(&mut drawing, [left, bottom + BELOW[0]], any_raised);
    drawing
}

/// The rectangles of all columns in which `is_meant`, from the first height to the second, as one
/// area: a comb whose back has no width.
fn comb(
    columns: &Columns,
    values: &[Option<f64>],
    is_meant: impl Fn(f64) -> bool,
    [back, tip]: [f64; 2],
) -> Vec<Vec<Place>> {
    let mut comb = Vec::new();
    let mut meant = values.iter().map(|value| value.is_some_and(&is_meant)).enumerate().peekable();
    while let Some((start, is_meant)) = meant.next() {
        if is_meant {
            let mut last = start;
            while let Some((index, _)) = meant.next_if(|(_, is_meant)| *is_meant) {
                last = index;
            }
            let (left, right) = (columns.edges(start)[0], columns.edges(last)[1]);
            comb.extend([[left, back], [left, tip], [right, tip], [right, back]]);
        }
    }
    if comb.is_empty() { Vec::new() } else { vec![comb] }
}

/// What the veils mean.
fn legend(drawing: &mut Drawing, [left, top]: Place, any_raised: bool) {
    let base = top + 0.85 * TEXT_SIZE;
    let mut x = left;
    let write = |drawing: &mut Drawing, x: &mut f64, text: &str| {
        drawing.text([*x, base], Anchor::Start, Ink::QuietText, text);
        *x += text_width(text) + 5.0;
    };
    let sample = |drawing: &mut Drawing, x: &mut f64, veils: usize| {
        let (from, to) = ([*x, base - SAMPLE[1]], [*x + SAMPLE[0], base]);
        drawing.rectangle(from, to, Ink::Well);
        for _ in 0..veils {
            drawing.rectangle(from, to, Ink::Veil);
        }
        *x += SAMPLE[0] + 3.0;
        (from, to)
    };
    for (index, step_db) in STEPS_DB.iter().enumerate() {
        sample(drawing, &mut x, index + 1);
        let decimals = usize::from(step_db.fract() != 0.0);
        let unit = match index + 1 == STEPS_DB.len() {
            true if any_raised => " dB or more",
            true => " dB or more, lowered",
            false => "",
        };
        write(drawing, &mut x, &format!("{}{unit}", fixed(*step_db, decimals)));
    }
    if any_raised {
        let (from, to) = sample(drawing, &mut x, 2);
        drawing.rectangle(from, [to[0], from[1] + RAISED], Ink::Text);
        write(drawing, &mut x, "raised");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Shape;
    use crate::model::BandGain;

    const WIDTH: f64 = 340.0;

    fn gains(of: &[&[Option<f64>]]) -> BandGains {
        let band = |(index, mean_db): (usize, &&[Option<f64>])| {
            let low_hz = 31.25 * (1 << index) as f64;
            let moved = mean_db.iter().flatten().copied().filter(|db| db.abs() > 0.1);
            BandGain {
                low_hz,
                high_hz: 2.0 * low_hz,
                mean_while_moved_db: moved.reduce(f64::min),
                moved_share: 0.5,
                mean_db: mean_db.to_vec(),
                ..BandGain::default()
            }
        };
        BandGains { seconds_per_point: 1.0, bands: of.iter().enumerate().map(band).collect() }
    }

    /// Left and right edges of the teeth of every area of `ink`.
    fn teeth(drawing: &Drawing, ink: Ink) -> Vec<Vec<[f64; 2]>> {
        let area = |shape: &Shape| match shape {
            Shape::Area { points, ink: i } if *i == ink => {
                Some(points.chunks(4).map(|tooth| [tooth[0][0], tooth[2][0]]).collect())
            }
            _ => None,
        };
        drawing.shapes.iter().filter_map(area).collect()
    }

    fn words(drawing: &Drawing) -> Vec<&str> {
        fn word(shape: &Shape) -> Option<&str> {
            if let Shape::Text { text, .. } = shape { Some(text) } else { None }
        }
        drawing.shapes.iter().filter_map(word).collect()
    }

    #[test]
    fn every_step_of_gain_lays_a_veil_where_it_is() {
        let values = [Some(-0.05), Some(-0.3), Some(-2.0), None, Some(0.1)];
        let drawing = band_chart(&gains(&[&values]), 5.0, WIDTH);
        let place = |s: f64| 32.0 + (WIDTH - ROOM_FOR_NUMBER - 32.0) * s / 5.0;
        let same = |teeth: &[[f64; 2]], wanted: &[[f64; 2]]| {
            let near = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-9;
            teeth.len() == wanted.len()
                && teeth.as_flattened().iter().zip(wanted.as_flattened()).all(near)
        };
        let veils = teeth(&drawing, Ink::Veil);
        assert!(same(&veils[0], &[[place(1.0), place(3.0)], [place(4.0), place(5.0)]]));
        assert!(same(&veils[1], &[[place(2.0), place(3.0)]]));
        assert!(same(&veils[2], &[[place(2.0), place(3.0)]]));
        // The fourth belongs to the legend.
        assert!(veils[3][0][1] - veils[3][0][0] == SAMPLE[0]);
        assert!(same(&teeth(&drawing, Ink::Text)[0], &[[place(4.0), place(5.0)]]));
    }

    #[test]
    fn the_number_stands_at_the_band_moved_most_and_words_say_what_is_raised() {
        let (quiet, low, high) = ([Some(0.0)], [Some(-2.4)], [Some(1.0)]);
        let drawing = band_chart(&gains(&[&quiet, &low, &high]), 1.0, WIDTH);
        let said = words(&drawing);
        assert!(said.contains(&"\u{2212}2.4") && said.contains(&"raised"), "{said:?}");
        assert!(["31", "63", "125", "250", "0.1", "6 dB or more"].iter().all(|w| said.contains(w)));
        let at = drawing.shapes.iter().find_map(|shape| match shape {
            Shape::Text { at, text, .. } if text == "\u{2212}2.4" => Some(*at),
            _ => None,
        });
        let [x, y] = at.unwrap();
        assert!(x > WIDTH - ROOM_FOR_NUMBER && (6.0 + ROW..6.0 + 2.0 * ROW).contains(&y), "{y}");
        let lowered = band_chart(&gains(&[&low]), 1.0, WIDTH);
        let said = words(&lowered);
        assert!(!said.contains(&"raised") && said.contains(&"6 dB or more, lowered"), "{said:?}");
        assert!(teeth(&lowered, Ink::Text).is_empty());
    }

    #[test]
    fn a_short_move_survives_narrow_columns_and_everything_stays_inside() {
        let mut values = vec![Some(0.0); 1200];
        values[777] = Some(-4.0);
        let drawing = band_chart(&gains(&[&values[..]; 9]), 1200.0, WIDTH);
        assert_eq!(teeth(&drawing, Ink::Veil).iter().filter(|t| t[0][0] > 200.0).count(), 4 * 9);
        let odd = [Some(f64::NAN), Some(f64::INFINITY), Some(-1e300), None];
        for drawing in [drawing, band_chart(&gains(&[&odd]), 2.0, WIDTH)] {
            for shape in &drawing.shapes {
                let points = match shape {
                    Shape::Line { points, .. } | Shape::Area { points, .. } => points.clone(),
                    Shape::Text { at, text, anchor: Anchor::Start, .. } => {
                        vec![*at, [at[0] + text_width(text), at[1]]]
                    }
                    Shape::Text { at, .. } => vec![*at],
                };
                for [x, y] in points {
                    let inside = (0.0..=WIDTH).contains(&x) && (0.0..=drawing.height).contains(&y);
                    assert!(inside, "{x} {y} of {shape:?}");
                }
            }
        }
    }
}
