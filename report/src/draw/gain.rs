//! An insert's gain over time.

use super::{
    Anchor, Columns, Drawing, Ink, Scale, TEXT_SIZE, decibel_ticks, text_width, time_ticks,
};
use crate::model::GainTimeline;

/// Levels beyond these are drawn at the edge.
const FURTHEST_DB: f64 = 24.0;
/// A scale shows at least this much.
const LEAST_SPAN_DB: f64 = 1.0;

/// Free space at the right.
const MARGIN: f64 = 6.0;

/// The mean as a line within the band from the lowest to the highest gain, of a size in points, for
/// `seconds` of audio. `room` points at the right stay free.
pub fn gain_chart(
    gain: &GainTimeline,
    seconds: f64,
    [width, height]: [f64; 2],
    room: f64,
) -> Drawing {
    let mut drawing = Drawing::new(width, height);
    let (left, right, top, bottom) = (32.0, width - room.max(MARGIN), 6.0, height - 18.0);
    drawing.rectangle([left, top], [right, bottom], Ink::Well);

    let [low, high] = span(gain);
    let level = Scale { values: [low, high], places: [bottom, top] };
    for tick in decibel_ticks(low, high, 3) {
        let y = level.place(tick.value);
        drawing.rule([left, y], [right, y], Ink::Grid, false);
        drawing.text([left - 5.0, y + 0.35 * TEXT_SIZE], Anchor::End, Ink::QuietText, tick.label);
    }
    let time = Scale { values: [0.0, seconds], places: [left, right] };
    ruler(&mut drawing, time, [top, bottom], 4);

    let zero = level.place(0.0);
    drawing.rule([left, zero], [right, zero], Ink::Goal, true);
    let columns = Columns::new(gain.mean_db.len(), gain.seconds_per_point, time);
    let (low, high) = (columns.lowest(&gain.lowest_db), columns.highest(&gain.highest_db));
    drawing.areas(columns.band(&low, &high, level), Ink::FaintChange);
    drawing.lines(columns.line(&columns.mean(&gain.mean_db), level), Ink::Change, 1.5);
    drawing
}

/// A time ruler under the lanes between `top` and `bottom`.
pub(super) fn ruler(drawing: &mut Drawing, time: Scale, [top, bottom]: [f64; 2], most: usize) {
    let [left, right] = time.places;
    for tick in time_ticks(time.values[1], most) {
        let x = time.place(tick.value);
        drawing.rule([x, top], [x, bottom], Ink::Grid, false);
        // The outermost labels stay inside.
        let half = 0.5 * text_width(&tick.label);
        let (x, anchor) = if x + half > right + 4.0 {
            (right, Anchor::End)
        } else if x - half < left {
            (left, Anchor::Start)
        } else {
            (x, Anchor::Middle)
        };
        drawing.text([x, bottom + 1.2 * TEXT_SIZE], anchor, Ink::QuietText, tick.label);
    }
}

/// What the scale has to hold: all gains and 0, and a little air.
fn span(gain: &GainTimeline) -> [f64; 2] {
    let all = || gain.lowest_db.iter().chain(&gain.highest_db).chain(&gain.mean_db).flatten();
    let low = all().fold(0.0, |low: f64, v| low.min(*v)).max(-FURTHEST_DB);
    let high = all().fold(0.0, |high: f64, v| high.max(*v)).min(FURTHEST_DB);
    let air = (0.08 * (high - low)).max(0.5 * (LEAST_SPAN_DB - (high - low)));
    [low - air, high + air]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Shape;

    #[test]
    fn the_scale_holds_every_gain_and_zero() {
        let gain = |lowest: f64, highest: f64| GainTimeline {
            seconds_per_point: 1.0,
            mean_db: vec![Some(lowest), None],
            lowest_db: vec![Some(lowest), None],
            highest_db: vec![Some(highest), None],
        };
        let [low, high] = span(&gain(-6.0, -2.0));
        assert!(low < -6.0 && high > 0.0);
        let [low, high] = span(&gain(2.0, 3.0));
        assert!(low < 0.0 && high > 3.0);
        let [low, high] = span(&gain(-120.0, 0.1));
        assert!((-30.0..=-24.0).contains(&low) && high > 0.1);
        assert_eq!(span(&GainTimeline::default()), [-0.5, 0.5]);
    }

    #[test]
    fn a_chart_stays_within_its_size() {
        let gain = GainTimeline {
            seconds_per_point: 100.0,
            mean_db: vec![Some(-120.0), Some(60.0), None],
            lowest_db: vec![Some(-120.0), Some(60.0), None],
            highest_db: vec![Some(-120.0), Some(60.0), None],
        };
        for shape in gain_chart(&gain, 250.0, [340.0, 100.0], 0.0).shapes {
            let points = match shape {
                Shape::Line { points, .. } | Shape::Area { points, .. } => points,
                Shape::Text { at, .. } => vec![at],
            };
            for [x, y] in points {
                assert!((0.0..=340.0).contains(&x) && (0.0..=100.0).contains(&y), "{x} {y}");
            }
        }
    }
}
