//! A programme at a glance: what there is of gain reduction, loudness, correlation and waveform, above
//! one time ruler.

use super::gain::ruler;
use super::lanes::{self, Frame, HEAD, ROW};
use super::{Drawing, Ink, Scale, Shape, TEXT_SIZE};
use crate::model::{GainTimeline, Target, Timeline};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overview<'a> {
    /// The programme over time.
    pub timeline: &'a Timeline,
    /// What the limiter did beyond its constant gain.
    pub reduction: Option<&'a GainTimeline>,
    /// What is asked for.
    pub target: &'a Target,
    /// Length in seconds.
    pub seconds: f64,
}

/// How large it is drawn. Words are of one size in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For a picture of its own.
    Page,
    /// For a screen.
    Wide,
    /// For paper and tablets.
    Medium,
    /// For a phone.
    Narrow,
}

/// The drawing.
pub fn overview(what: &Overview<'_>, size: Size) -> Drawing {
    let (width, [reduction, loudness, correlation, waveform], most_times) = match size {
        Size::Page => (1208.0, [84.0, 200.0, 56.0, 96.0], 10),
        Size::Wide => (1120.0, [84.0, 190.0, 48.0, 96.0], 10),
        Size::Medium => (720.0, [76.0, 170.0, 44.0, 84.0], 7),
        Size::Narrow => (360.0, [64.0, 150.0, 40.0, 70.0], 4),
    };
    let frame = Frame { left: 34.0, right: width - 8.0, most_times, most_levels: 5 };
    let time = Scale { values: [0.0, what.seconds], places: [frame.left, frame.right] };
    let mut drawing = Drawing::new(width, 0.0);
    let mut all = Vec::new();
    let mut top = 0.0;
    let mut lane = |head: f64, height: f64| {
        let lane = [top + head, top + head + height];
        top = lane[1] + 10.0;
        all.push(lane);
        lane
    };
    let reduction = what.reduction.map(|gain| (gain, lane(HEAD, reduction)));
    // Where it is narrow, the names of its lines need rows of their own.
    let rows = match size {
        Size::Page | Size::Wide => 0.0,
        Size::Medium => 1.0,
        Size::Narrow => 2.0,
    };
    let loudness = lane(HEAD + rows * ROW, loudness);
    let correlated = what.timeline.correlation.as_ref();
    let correlation = correlated.map(|values| (values, lane(HEAD, correlation)));
    let waved = Some(&what.timeline.waveform).filter(|waveform| !waveform.is_empty());
    let waveform = waved.map(|waves| (waves, lane(HEAD, waveform)));
    drawing.height = top - 10.0 + 1.7 * TEXT_SIZE;

    for [top, bottom] in &all {
        drawing.rectangle([frame.left, *top], [frame.right, *bottom], Ink::Well);
    }
    for (index, [top, bottom]) in all.iter().enumerate() {
        // Numbers under the last alone.
        let mut ruled = Drawing::default();
        ruler(&mut ruled, time, [*top, *bottom], frame.most_times);
        let last = index + 1 == all.len();
        let keep = |shape: &Shape| last || !matches!(shape, Shape::Text { .. });
        drawing.shapes.extend(ruled.shapes.into_iter().filter(keep));
    }
    if let Some((gain, lane)) = reduction {
        lanes::reduction(&mut drawing, &frame, gain, time, lane);
    }
    lanes::loudness(&mut drawing, &frame, what, time, loudness);
    let seconds_per_point = what.timeline.seconds_per_point;
    if let Some((values, lane)) = correlation {
        lanes::correlation(&mut drawing, &frame, (values, seconds_per_point), time, lane);
    }
    if let Some((waves, lane)) = waveform {
        lanes::waveform(&mut drawing, &frame, (waves, seconds_per_point), time, lane);
    }
    drawing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::history::{self, HistoryPoint};
    use crate::model::Waveform;
    use std::sync::LazyLock;

    static TARGET: LazyLock<Target> = LazyLock::new(|| Target::own(Some(-14.0), 1.0, Some(-1.0)));
    static NONE: LazyLock<Target> = LazyLock::new(Target::default);

    fn timeline() -> Timeline {
        Timeline {
            seconds_per_point: 1.0,
            waveform: Waveform { min: vec![-0.5; 100], max: vec![0.5; 100] },
            momentary_lufs: vec![Some(-13.0); 100],
            short_term_lufs: vec![Some(-14.0); 100],
            true_peak_dbtp: Some(
                (0..100).map(|i| Some(if i == 50 { 0.2 } else { -3.0 })).collect(),
            ),
            ..Timeline::default()
        }
    }

    fn all<'a>(timeline: &'a Timeline, reduction: Option<&'a GainTimeline>) -> Overview<'a> {
        Overview { timeline, reduction, target: &TARGET, seconds: 100.0 }
    }

    fn count(drawing: &Drawing, wanted: Ink) -> usize {
        let is = |shape: &&Shape| match shape {
            Shape::Line { ink, .. } | Shape::Area { ink, .. } | Shape::Text { ink, .. } => {
                *ink == wanted
            }
        };
        drawing.shapes.iter().filter(is).count()
    }

    #[test]
    fn every_shape_lies_inside() {
        let timeline = timeline();
        let gain = GainTimeline {
            seconds_per_point: 0.5,
            mean_db: vec![Some(-1.0); 200],
            lowest_db: vec![Some(-90.0); 200],
            highest_db: vec![Some(2.0); 200],
        };
        for size in [Size::Wide, Size::Medium, Size::Narrow] {
            let drawing = overview(&all(&timeline, Some(&gain)), size);
            for shape in &drawing.shapes {
                let points = match shape {
                    Shape::Line { points, .. } | Shape::Area { points, .. } => points.clone(),
                    Shape::Text { at, .. } => vec![*at],
                };
                for [x, y] in points {
                    assert!((0.0..=drawing.width).contains(&x), "{shape:?}");
                    assert!((0.0..=drawing.height).contains(&y), "{shape:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_over_is_marked_once() {
        let timeline = timeline();
        let drawing = overview(&all(&timeline, None), Size::Wide);
        // The mark and its name's sample.
        assert_eq!(count(&drawing, Ink::Over), 2);
        let unlimited = Overview { target: &NONE, ..all(&timeline, None) };
        assert_eq!(count(&overview(&unlimited, Size::Wide), Ink::Over), 0);
    }

    #[test]
    fn a_history_has_the_lanes_that_it_has_values_for() {
        let step = HistoryPoint {
            shortterm_lufs: -14.0,
            integrated_lufs: -14.5,
            correlation: 0.5,
            ..HistoryPoint::NONE
        };
        let history = history::timeline(&vec![step; 1000]);
        let drawing = overview(&all(&history, None), Size::Page);
        let said = |wanted: &str| {
            let is = |s: &Shape| matches!(s, Shape::Text { text, .. } if text == wanted);
            drawing.shapes.iter().filter(|s| is(s)).count()
        };
        for (name, count) in [
            ("Loudness, LUFS", 1),
            ("integrated", 1),
            ("target \u{2212}15.0 to \u{2212}13.0", 1),
            ("Correlation", 1),
            ("Waveform, dBFS", 0),
            ("Gain reduction, dB", 0),
        ] {
            assert_eq!(said(name), count, "{name}");
        }
        let all = overview(&all(&timeline(), None), Size::Page);
        assert!(all.height > drawing.height);
    }

    #[test]
    fn silence_is_drawn_without_a_loudness() {
        let silent = Timeline {
            seconds_per_point: 1.0,
            waveform: Waveform { min: vec![0.0; 9], max: vec![0.0; 9] },
            momentary_lufs: vec![None; 9],
            short_term_lufs: vec![None; 9],
            ..Timeline::default()
        };
        let what = Overview { target: &NONE, ..all(&silent, None) };
        let drawing = overview(&what, Size::Narrow);
        // Its name's sample alone, and the flat waveform.
        assert_eq!(count(&drawing, Ink::FaintSignal), 1);
        assert_eq!(count(&drawing, Ink::Signal), 2);
    }
}
