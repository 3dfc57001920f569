//! A master at a glance: gain reduction, loudness and waveform above one time ruler.

use super::gain::ruler;
use super::{
    Anchor, Columns, Drawing, Ink, Place, Scale, Shape, TEXT_SIZE, decibel_ticks, spark, text_width,
};
use crate::model::{GainTimeline, Timeline};
use crate::number;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Overview<'a> {
    /// The master over time.
    pub timeline: &'a Timeline,
    /// What the limiter did beyond its constant gain.
    pub reduction: Option<&'a GainTimeline>,
    /// The loudness that was ordered, LUFS.
    pub target_lufs: Option<f64>,
    /// The true peak that was ordered, dBTP.
    pub ceiling_dbtp: Option<f64>,
    /// Length in seconds.
    pub seconds: f64,
}

/// How large it is drawn. Words are of one size in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// For a screen.
    Wide,
    /// For paper and tablets.
    Medium,
    /// For a phone.
    Narrow,
}

/// What a loudness scale spans at least and at most, LU.
const SPAN_LU: [f64; 2] = [18.0, 36.0];
/// What a gain reduction scale spans at least, dB.
const LEAST_REDUCTION_DB: f64 = 3.0;
/// Above a lane: its name and that of its lines.
const HEAD: f64 = 20.0;
/// Between two lines of words.
const ROW: f64 = 15.0;

struct Frame {
    left: f64,
    right: f64,
    most_times: usize,
    most_levels: usize,
}

/// The drawing.
pub fn overview(what: &Overview<'_>, size: Size) -> Drawing {
    let (width, [reduction, loudness, waveform], most_times) = match size {
        Size::Wide => (1120.0, [84.0, 190.0, 96.0], 10),
        Size::Medium => (720.0, [76.0, 170.0, 84.0], 7),
        Size::Narrow => (360.0, [64.0, 150.0, 70.0], 4),
    };
    let frame = Frame { left: 34.0, right: width - 8.0, most_times, most_levels: 5 };
    let time = Scale { values: [0.0, what.seconds], places: [frame.left, frame.right] };
    let mut drawing = Drawing::new(width, 0.0);
    let mut lanes = Vec::new();
    let mut top = 0.0;
    let mut lane = |head: f64, height: f64| {
        let lane = [top + head, top + head + height];
        top = lane[1] + 10.0;
        lanes.push(lane);
        lane
    };
    let reduction = what.reduction.map(|gain| (gain, lane(HEAD, reduction)));
    // On a phone, the names of its lines need a line of their own.
    let names = if size == Size::Narrow { ROW } else { 0.0 };
    let loudness = lane(HEAD + names, loudness);
    let waveform = lane(HEAD, waveform);
    drawing.height = waveform[1] + 1.7 * TEXT_SIZE;

    for [top, bottom] in &lanes {
        drawing.rectangle([frame.left, *top], [frame.right, *bottom], Ink::Well);
    }
    for (index, [top, bottom]) in lanes.iter().enumerate() {
        // Numbers under the last alone.
        let mut ruled = Drawing::default();
        ruler(&mut ruled, time, [*top, *bottom], frame.most_times);
        let last = index + 1 == lanes.len();
        let keep = |shape: &Shape| last || !matches!(shape, Shape::Text { .. });
        drawing.shapes.extend(ruled.shapes.into_iter().filter(keep));
    }
    if let Some((gain, lane)) = reduction {
        draw_reduction(&mut drawing, &frame, gain, time, lane);
    }
    draw_loudness(&mut drawing, &frame, what, time, loudness);
    draw_waveform(&mut drawing, &frame, what, time, waveform);
    drawing
}

/// Gain reduction, hanging from the top.
fn draw_reduction(
    drawing: &mut Drawing,
    frame: &Frame,
    gain: &GainTimeline,
    time: Scale,
    [top, bottom]: [f64; 2],
) {
    let deepest = gain.lowest_db.iter().flatten().fold(0.0, |low: f64, v| low.min(*v));
    let depth = (-deepest).max(LEAST_REDUCTION_DB).ceil().min(60.0);
    let level = Scale { values: [-depth, 0.0], places: [bottom, top] };
    levels(drawing, frame, level, 3);
    let columns = Columns::new(gain.lowest_db.len(), gain.seconds_per_point, time);
    // Hanging from 0: a gain above it is none here.
    let below = |values: Vec<Option<f64>>| -> Vec<Option<f64>> {
        values.into_iter().map(|v| v.map(|v| v.min(0.0))).collect()
    };
    let deepest = below(columns.lowest(&gain.lowest_db));
    let mean = below(columns.mean(&gain.mean_db));
    let none = vec![Some(0.0); deepest.len().max(mean.len())];
    drawing.areas(columns.band(&deepest, &none, level), Ink::FaintChange);
    drawing.areas(columns.band(&mean, &none, level), Ink::Change);
    head(
        drawing,
        frame,
        top,
        "Gain reduction, dB",
        &[("deepest", Ink::FaintChange, 6.0), ("mean", Ink::Change, 6.0)],
    );
}

/// Momentary and short-term loudness, and what was ordered.
fn draw_loudness(
    drawing: &mut Drawing,
    frame: &Frame,
    what: &Overview<'_>,
    time: Scale,
    [top, bottom]: [f64; 2],
) {
    let timeline = what.timeline;
    let level = Scale { values: span(timeline, what.target_lufs), places: [bottom, top] };
    levels(drawing, frame, level, frame.most_levels);
    let points = timeline.momentary_lufs.len().max(timeline.short_term_lufs.len());
    let columns = Columns::new(points, timeline.seconds_per_point, time);
    drawing.lines(
        columns.line(&within(&columns.highest(&timeline.momentary_lufs), level), level),
        Ink::FaintSignal,
        1.0,
    );
    drawing.lines(
        columns.line(&within(&columns.highest(&timeline.short_term_lufs), level), level),
        Ink::Signal,
        2.0,
    );
    let mut names = vec![("momentary", Ink::FaintSignal, 1.5), ("short-term", Ink::Signal, 2.5)];
    let target = what.target_lufs.map(|lufs| (lufs, format!("target {}", number::fixed(lufs, 1))));
    if let Some((lufs, name)) = &target {
        let y = level.place(*lufs);
        drawing.rule([frame.left, y], [frame.right, y], Ink::Goal, true);
        names.push((name, Ink::Goal, 0.0));
    }
    head(drawing, frame, top, "Loudness, LUFS", &names);
}

/// `values` without those that lie under the scale, except where a line comes from there or goes
/// there.
fn within(values: &[Option<f64>], level: Scale) -> Vec<Option<f64>> {
    let shown =
        |index: usize| values.get(index).is_some_and(|v| v.is_some_and(|v| v >= level.values[0]));
    let beside = |index: usize| shown(index + 1) || index.checked_sub(1).is_some_and(shown);
    let keep =
        |(index, value): (usize, &Option<f64>)| value.filter(|_| shown(index) || beside(index));
    values.iter().enumerate().map(keep).collect()
}

/// The levels of a loudness scale: from under all but the quietest tenth to over the loudest.
fn span(timeline: &Timeline, target_lufs: Option<f64>) -> [f64; 2] {
    const STEP_LU: f64 = 3.0;
    let loudest = timeline.momentary_lufs.iter().flatten().copied().chain(target_lufs);
    let high = loudest.reduce(f64::max).map_or(0.0, |l| ((l + 1.0) / STEP_LU).ceil() * STEP_LU);
    let mut sorted: Vec<f64> = timeline.short_term_lufs.iter().flatten().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let quiet = sorted.get(sorted.len() / 10).copied().into_iter().chain(target_lufs);
    let low = quiet.reduce(f64::min).unwrap_or(high);
    let low = ((low - STEP_LU) / STEP_LU).floor() * STEP_LU;
    [low.max(high - SPAN_LU[1]).min(high - SPAN_LU[0]), high]
}

/// The waveform, and where it is over the ceiling.
fn draw_waveform(
    drawing: &mut Drawing,
    frame: &Frame,
    what: &Overview<'_>,
    time: Scale,
    [top, bottom]: [f64; 2],
) {
    let waveform = &what.timeline.waveform;
    let middle = 0.5 * (top + bottom);
    for (label, share) in [("0", 1.0), ("\u{2212}6", 0.5)] {
        for sign in [-1.0, 1.0] {
            let y = middle + sign * share * 0.5 * (bottom - top);
            drawing.rule([frame.left, y], [frame.right, y], Ink::Grid, false);
            let y = y + 0.35 * TEXT_SIZE;
            drawing.text([frame.left - 5.0, y], Anchor::End, Ink::QuietText, label);
        }
    }
    drawing.rule([frame.left, middle], [frame.right, middle], Ink::Grid, false);
    let points = waveform.min.len().min(waveform.max.len());
    let end = time.place(points as f64 * what.timeline.seconds_per_point);
    let amplitude = Scale { values: [-1.0, 1.0], places: [bottom, top] };
    drawing.areas(spark::areas(waveform, [frame.left, end], amplitude), Ink::Signal);
    let over = overs(what, time);
    let mut names = Vec::new();
    if !over.is_empty() {
        names.push(("over the ceiling", Ink::Over, 6.0));
    }
    for x in over {
        let points = vec![[x - 4.0, top], [x + 4.0, top], [x, top + 8.0]];
        drawing.shapes.push(Shape::Area { points, ink: Ink::Over });
    }
    head(drawing, frame, top, "Waveform, dBFS", &names);
}

/// Where the true peak is over the ceiling, no closer than marks can be told apart.
fn overs(what: &Overview<'_>, time: Scale) -> Vec<f64> {
    let timeline = what.timeline;
    let (Some(peaks), Some(ceiling)) = (&timeline.true_peak_dbtp, what.ceiling_dbtp) else {
        return Vec::new();
    };
    let limit = ceiling + crate::model::Target::TOLERANCE_DB;
    let mut marks: Vec<f64> = Vec::new();
    for (index, _) in peaks.iter().enumerate().filter(|(_, p)| p.is_some_and(|p| p > limit)) {
        let x = time.place((index as f64 + 0.5) * timeline.seconds_per_point);
        if marks.last().is_none_or(|last| x - last > 9.0) {
            marks.push(x);
        }
    }
    marks
}

/// Lines and numbers of a lane's levels.
fn levels(drawing: &mut Drawing, frame: &Frame, level: Scale, most: usize) {
    let [low, high] = level.values;
    for tick in decibel_ticks(low, high, most) {
        let y = level.place(tick.value);
        drawing.rule([frame.left, y], [frame.right, y], Ink::Grid, false);
        let at = [frame.left - 5.0, y + 0.35 * TEXT_SIZE];
        drawing.text(at, Anchor::End, Ink::QuietText, tick.label);
    }
}

/// A lane's name on the left, those of its lines on the right, each after a piece of it. Where they
/// would meet, the name is a row higher.
fn head(drawing: &mut Drawing, frame: &Frame, top: f64, name: &str, lines: &[(&str, Ink, f64)]) {
    const PIECE: f64 = 16.0;
    let y = top - 6.0;
    let mut x = frame.right;
    for (name, ink, thickness) in lines.iter().rev() {
        x -= text_width(name);
        drawing.text([x, y], Anchor::Start, Ink::QuietText, *name);
        x -= 4.0;
        let (from, to): (Place, Place) = ([x - PIECE, y - 4.0], [x, y - 4.0]);
        if *ink == Ink::Goal {
            drawing.rule(from, to, *ink, true);
        } else {
            let half = 0.5 * thickness;
            drawing.rectangle([from[0], from[1] - half], [to[0], to[1] + half], *ink);
        }
        x -= PIECE + 10.0;
    }
    let fits = lines.is_empty() || frame.left + text_width(name) <= x;
    let y = if fits { y } else { y - ROW };
    drawing.text([frame.left, y], Anchor::Start, Ink::Text, name);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Waveform;

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
        Overview {
            timeline,
            reduction,
            target_lufs: Some(-14.0),
            ceiling_dbtp: Some(-1.0),
            seconds: 100.0,
        }
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
    fn a_line_leaves_the_scale_and_does_not_lie_on_its_edge() {
        let level = Scale { values: [-30.0, 0.0], places: [100.0, 0.0] };
        let values = [-80.0, -40.0, -20.0, -31.0, -32.0, -33.0, -10.0].map(Some);
        let kept = [None, Some(-40.0), Some(-20.0), Some(-31.0), None, Some(-33.0), Some(-10.0)];
        assert_eq!(within(&values, level), kept);
        assert_eq!(within(&[None, Some(-50.0)], level), [None, None]);
    }

    #[test]
    fn the_loudness_scale_holds_what_matters() {
        let mut seen = timeline();
        assert_eq!(span(&seen, Some(-14.0)), [-30.0, -12.0]);
        assert_eq!(span(&seen, Some(-23.0)), [-30.0, -12.0]);
        seen.short_term_lufs[..20].fill(Some(-35.0));
        assert_eq!(span(&seen, None), [-39.0, -12.0]);
        seen.short_term_lufs[..20].fill(Some(-80.0));
        assert_eq!(span(&seen, None), [-48.0, -12.0]);
        assert_eq!(span(&Timeline::default(), None), [-18.0, 0.0]);
    }

    #[test]
    fn what_is_over_is_marked_once() {
        let timeline = timeline();
        let drawing = overview(&all(&timeline, None), Size::Wide);
        // The mark and its name's sample.
        assert_eq!(count(&drawing, Ink::Over), 2);
        let unlimited = Overview { ceiling_dbtp: None, ..all(&timeline, None) };
        assert_eq!(count(&overview(&unlimited, Size::Wide), Ink::Over), 0);
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
        let what = Overview { target_lufs: None, ..all(&silent, None) };
        let drawing = overview(&what, Size::Narrow);
        // Its name's sample alone, and the flat waveform.
        assert_eq!(count(&drawing, Ink::FaintSignal), 1);
        assert_eq!(count(&drawing, Ink::Signal), 2);
    }
}
