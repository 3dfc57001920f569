//! A waveform at a glance.

use super::{Columns, Drawing, Ink, Scale};
use crate::model::Waveform;

/// The waveform without scale or words, `width` by `height` points.
pub fn spark(waveform: &Waveform, width: f64, height: f64) -> Drawing {
    let mut drawing = Drawing::new(width, height);
    let points = waveform.min.len().min(waveform.max.len());
    let middle = height / 2.0;
    drawing.rule([0.0, middle], [width, middle], Ink::Grid, false);
    drawing.areas(areas(waveform, points, [0.0, width], [height, 0.0]), Ink::Signal);
    drawing
}

/// The waveform's area between `left` and `right`, full scale from `bottom` to `top`.
pub(super) fn areas(
    waveform: &Waveform,
    points: usize,
    places: [f64; 2],
    levels: [f64; 2],
) -> Vec<Vec<super::Place>> {
    let time = Scale { values: [0.0, points as f64], places };
    let columns = Columns::new(points, 1.0, time);
    let level = Scale { values: [-1.0, 1.0], places: levels };
    let some = |values: &[f64]| values[..points].iter().copied().map(Some).collect::<Vec<_>>();
    columns.band(&some(&waveform.min), &some(&waveform.max), level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Shape;

    #[test]
    fn a_waveform_reaches_as_far_as_its_samples() {
        let waveform = Waveform { min: vec![-0.5, -1.0], max: vec![0.0, 1.5] };
        let drawing = spark(&waveform, 100.0, 20.0);
        let Some(Shape::Area { points, .. }) = drawing.shapes.last() else { panic!("no area") };
        let (top, bottom) =
            points.iter().fold((f64::MAX, f64::MIN), |(t, b), p| (t.min(p[1]), b.max(p[1])));
        assert_eq!((top, bottom), (0.0, 20.0));
        assert!(points.contains(&[0.0, 15.0]), "{points:?}");
    }

    #[test]
    fn nothing_is_a_line() {
        assert_eq!(spark(&Waveform::default(), 100.0, 20.0).shapes.len(), 1);
    }
}
