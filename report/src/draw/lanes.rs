//! The lanes of an overview: one measurement each, with its scale and the names of its lines.

use super::{
    Anchor, Columns, Drawing, Ink, Overview, Scale, Shape, TEXT_SIZE, decibel_ticks, spark,
    text_width,
};
use crate::model::{GainTimeline, Timeline, Waveform};
use crate::number;

/// What a loudness scale spans at least and at most, LU.
const SPAN_LU: [f64; 2] = [18.0, 36.0];
/// What a gain reduction scale spans at least, dB.
const LEAST_REDUCTION_DB: f64 = 3.0;
/// A zone is at least this high, in points.
const LEAST_ZONE: f64 = 3.0;
/// Above a lane: its name and that of its lines.
pub(super) const HEAD: f64 = 20.0;
/// Between two lines of words.
pub(super) const ROW: f64 = 15.0;

/// What all lanes share.
pub(super) struct Frame {
    /// Where time begins.
    pub(super) left: f64,
    /// Where it ends.
    pub(super) right: f64,
    /// Times on the ruler at most.
    pub(super) most_times: usize,
    /// Steps of a scale of levels at most.
    pub(super) most_levels: usize,
}

/// Gain reduction, hanging from the top.
pub(super) fn reduction(
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

/// Loudness, what is asked for, and where the true peak is over.
pub(super) fn loudness(
    drawing: &mut Drawing,
    frame: &Frame,
    what: &Overview<'_>,
    time: Scale,
    [top, bottom]: [f64; 2],
) {
    let timeline = what.timeline;
    let zone = what.target.lufs.map(|lufs| {
        let [below, above] = what.target.tolerance_lu;
        [lufs - below, lufs + above]
    });
    let level = Scale { values: span(timeline, zone), places: [bottom, top] };
    if let Some(zone) = zone {
        // As high as can be seen.
        let [low, high] = zone.map(|lufs| level.place(lufs));
        let thin = (0.5 * (LEAST_ZONE - (low - high))).max(0.0);
        drawing.rectangle([frame.left, high - thin], [frame.right, low + thin], Ink::Zone);
    }
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
    if let Some(integrated) = &timeline.integrated_lufs {
        let line = columns.line(&within(&columns.last(integrated), level), level);
        drawing.lines(line, Ink::Text, 1.5);
        names.push(("integrated", Ink::Text, 1.5));
    }
    let target = zone.map(|zone| {
        let [low, high] = zone.map(|lufs| number::fixed(lufs, 1));
        format!("target {low} to {high}")
    });
    if let Some(name) = &target {
        names.push((name, Ink::Zone, 8.0));
    }
    let over = overs(what, time);
    if !over.is_empty() {
        names.push(("true peak over", Ink::Over, 6.0));
    }
    for x in over {
        let points = vec![[x - 4.0, top], [x + 4.0, top], [x, top + 8.0]];
        drawing.shapes.push(Shape::Area { points, ink: Ink::Over });
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
fn span(timeline: &Timeline, zone: Option<[f64; 2]>) -> [f64; 2] {
    const STEP_LU: f64 = 3.0;
    let all = |of: &[Option<f64>]| of.iter().flatten().copied().collect::<Vec<f64>>();
    let loudest = all(&timeline.momentary_lufs).into_iter().chain(zone.map(|z| z[1]));
    let high = loudest.reduce(f64::max).map_or(0.0, |l| ((l + 1.0) / STEP_LU).ceil() * STEP_LU);
    let mut sorted = all(&timeline.short_term_lufs);
    sorted.sort_by(f64::total_cmp);
    let quiet = sorted.get(sorted.len() / 10).copied().into_iter().chain(zone.map(|z| z[0]));
    let low = quiet.reduce(f64::min).unwrap_or(high);
    let low = ((low - STEP_LU) / STEP_LU).floor() * STEP_LU;
    [low.max(high - SPAN_LU[1]).min(high - SPAN_LU[0]), high]
}

/// Correlation of left and right: the lowest of each point.
pub(super) fn correlation(
    drawing: &mut Drawing,
    frame: &Frame,
    (values, seconds_per_point): (&[Option<f64>], f64),
    time: Scale,
    [top, bottom]: [f64; 2],
) {
    let level = Scale { values: [-1.0, 1.0], places: [bottom, top] };
    for (label, value) in [("+1", 1.0), ("0", 0.0), ("\u{2212}1", -1.0)] {
        graduate(drawing, frame, level.place(value), label);
    }
    let columns = Columns::new(values.len(), seconds_per_point, time);
    let lowest = columns.lowest(values);
    drawing.lines(columns.line(&lowest, level), Ink::Signal, 1.5);
    // What lies under 0 cancels in mono.
    let below = |v: &Option<f64>| v.filter(|v| *v < 0.0);
    let low: Vec<Option<f64>> = lowest.iter().map(below).collect();
    let zero: Vec<Option<f64>> = low.iter().map(|v| v.map(|_| 0.0)).collect();
    drawing.areas(columns.band(&low, &zero, level), Ink::Change);
    let mut names = vec![("lowest", Ink::Signal, 2.0)];
    if low.iter().any(Option::is_some) {
        names.push(("cancels in mono", Ink::Change, 6.0));
    }
    head(drawing, frame, top, "Correlation", &names);
}

/// The waveform.
pub(super) fn waveform(
    drawing: &mut Drawing,
    frame: &Frame,
    (waveform, seconds_per_point): (&Waveform, f64),
    time: Scale,
    [top, bottom]: [f64; 2],
) {
    let middle = 0.5 * (top + bottom);
    for (label, share) in [("0", 1.0), ("\u{2212}6", 0.5)] {
        for sign in [-1.0, 1.0] {
            graduate(drawing, frame, middle + sign * share * 0.5 * (bottom - top), label);
        }
    }
    drawing.rule([frame.left, middle], [frame.right, middle], Ink::Grid, false);
    let points = waveform.min.len().min(waveform.max.len());
    let end = time.place(points as f64 * seconds_per_point);
    let amplitude = Scale { values: [-1.0, 1.0], places: [bottom, top] };
    drawing.areas(spark::areas(waveform, [frame.left, end], amplitude), Ink::Signal);
    head(drawing, frame, top, "Waveform, dBFS", &[]);
}

/// Where the true peak is over the ceiling, no closer than marks can be told apart.
fn overs(what: &Overview<'_>, time: Scale) -> Vec<f64> {
    let timeline = what.timeline;
    let peaks = timeline.true_peak_dbtp.iter().flatten().enumerate();
    let mut marks: Vec<f64> = Vec::new();
    for (index, _) in peaks.filter(|(_, p)| p.is_some_and(|p| what.target.is_over(p))) {
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
        graduate(drawing, frame, level.place(tick.value), &tick.label);
    }
}

/// A line across a lane, and its number.
fn graduate(drawing: &mut Drawing, frame: &Frame, y: f64, label: &str) {
    drawing.rule([frame.left, y], [frame.right, y], Ink::Grid, false);
    let at = [frame.left - 5.0, y + 0.35 * TEXT_SIZE];
    drawing.text(at, Anchor::End, Ink::QuietText, label);
}

/// A lane's name on the left, those of its lines on the right, each after a piece of it, in as many
/// rows as they take. Where they would meet, the name is a row higher.
fn head(drawing: &mut Drawing, frame: &Frame, top: f64, name: &str, lines: &[(&str, Ink, f64)]) {
    const PIECE: f64 = 16.0;
    const GAP: f64 = 10.0;
    let width = |name: &str| PIECE + 4.0 + text_width(name) + GAP;
    let mut y = top - 6.0;
    let mut x = frame.right + GAP;
    for (index, (name, ink, thickness)) in lines.iter().rev().enumerate() {
        if index > 0 && x - width(name) < frame.left {
            (x, y) = (frame.right + GAP, y - ROW);
        }
        x -= width(name);
        let half = 0.5 * thickness;
        drawing.rectangle([x, y - 4.0 - half], [x + PIECE, y - 4.0 + half], *ink);
        drawing.text([x + PIECE + 4.0, y], Anchor::Start, Ink::QuietText, *name);
    }
    let fits = lines.is_empty() || frame.left + text_width(name) + GAP <= x;
    let y = if fits { y } else { y - ROW };
    drawing.text([frame.left, y], Anchor::Start, Ink::Text, name);
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let mut seen = Timeline {
            momentary_lufs: vec![Some(-13.0); 100],
            short_term_lufs: vec![Some(-14.0); 100],
            ..Timeline::default()
        };
        assert_eq!(span(&seen, Some([-14.0; 2])), [-30.0, -12.0]);
        assert_eq!(span(&seen, Some([-23.0; 2])), [-30.0, -12.0]);
        assert_eq!(span(&seen, Some([-29.0, -9.0])), [-33.0, -6.0]);
        seen.short_term_lufs[..20].fill(Some(-35.0));
        assert_eq!(span(&seen, None), [-39.0, -12.0]);
        seen.short_term_lufs[..20].fill(Some(-80.0));
        assert_eq!(span(&seen, None), [-48.0, -12.0]);
        assert_eq!(span(&Timeline::default(), None), [-18.0, 0.0]);
    }
}
