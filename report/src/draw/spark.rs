//! A waveform at a glance.

use super::{Columns, Drawing, Ink, Place, Scale};
use crate::model::Waveform;

/// What is under this, about −60 dBFS, is drawn as quiet as it is.
const LEAST_PEAK: f64 = 0.001;

/// The waveform drawn to its own peak, without scale or words, `width` by `height` points.
pub fn spark(waveform: &Waveform, width: f64, height: f64) -> Drawing {
    let mut drawing = Drawing::new(width, height);
    let middle = height / 2.0;
    drawing.rule([0.0, middle], [width, middle], Ink::Grid, false);
    let all = waveform.min.iter().chain(&waveform.max);
    let peak = all.fold(LEAST_PEAK, |peak, s| peak.max(s.abs()));
    let level = Scale { values: [-peak, peak], places: [height, 0.0] };
    drawing.areas(areas(waveform, [0.0, width], level), Ink::Signal);
    drawing
}

/// The waveform's area between two places.
pub(super) fn areas(waveform: &Waveform, places: [f64; 2], level: Scale) -> Vec<Vec<Place>> {
    let points = waveform.min.len().min(waveform.max.len());
    let time = Scale { values: [0.0, points as f64], places };
    let columns = Columns::new(points, 1.0, time);
    let some = |values: &[f64]| values[..points].iter().copied().map(Some).collect::<Vec<_>>();
    let (low, high) = (some(&waveform.min), some(&waveform.max));
    columns.band(&columns.lowest(&low), &columns.highest(&high), level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Shape;

    #[test]
    fn a_waveform_reaches_as_far_as_its_samples() {
        let waveform = Waveform { min: vec![-0.05, -0.1], max: vec![0.0, 0.1] };
        let drawing = spark(&waveform, 100.0, 20.0);
        let Some(Shape::Area { points, .. }) = drawing.shapes.last() else { panic!("no area") };
        let (top, bottom) =
            points.iter().fold((f64::MAX, f64::MIN), |(t, b), p| (t.min(p[1]), b.max(p[1])));
        assert_eq!((top, bottom), (0.0, 20.0));
        assert!(points.contains(&[0.0, 15.0]), "{points:?}");
    }

    #[test]
    fn noise_is_not_blown_up() {
        let waveform = Waveform { min: vec![-1e-4], max: vec![1e-4] };
        let drawing = spark(&waveform, 100.0, 20.0);
        let Some(Shape::Area { points, .. }) = drawing.shapes.last() else { panic!("no area") };
        assert!(points.iter().all(|p| (p[1] - 10.0).abs() < 1.01), "{points:?}");
    }

    #[test]
    fn nothing_is_a_line() {
        assert_eq!(spark(&Waveform::default(), 100.0, 20.0).shapes.len(), 1);
    }
}
