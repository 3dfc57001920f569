//! The high-pass: its curve with the corner to drag, its slope, its value.

use super::{TrimStage, row, titled};
use crate::params::{HIGH_PASS_MIN_HZ, HighPassSlope};
use egui::Rect;
use support::editor::theme;
use support::editor::widgets::curve::{Axes, Line, Node, Ticks, nodes, plot};
use support::editor::widgets::{self, choice, panel};
use support::params::frequency_unless_off;

const AXES: Axes =
    Axes { hz: [7.5, 1000.0], db: [-33.0, 6.0], step_db: 12.0, ticks: Ticks::Decades };

/// The gain of the high-pass at a frequency, in dB: a Butterworth of second or fourth order
/// ([`shared_dsp::high_pass`]).
fn gain_db(hz: f32, corner_hz: f32, slope: HighPassSlope) -> f32 {
    let twice_order = match slope {
        HighPassSlope::TwelveDb => 4,
        HighPassSlope::TwentyFourDb => 8,
    };
    -10.0 * (1.0 + (corner_hz / hz).powi(twice_order)).log10()
}

/// Draws the panel of the high-pass.
pub(super) fn draw(stage: &mut TrimStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let index = stage.desk.index("high-pass");
    let hz = stage.desk.control(index).plain_of(stage.desk.value(index));
    let corner = frequency_unless_off(hz, HIGH_PASS_MIN_HZ).map(|hz| hz as f32);
    let slope = stage.params.filter.slope.value();

    let beside = inside.with_min_x(inside.right() - look.px(152.0));
    let curve = inside.with_max_x(beside.left() - look.px(14.0)).expand2(look.size(0.0, 4.0));
    let plot = plot(stage.ui, look, curve, AXES);
    if let Some(corner) = corner {
        let response = |hz: f32| gain_db(hz, corner, slope);
        plot.area(stage.ui, theme::GAIN_AREA, 0.0, response);
        let line = Line { colour: theme::GAIN, width: 2.0, dashed: false };
        plot.line(stage.ui, look, line, response);
    } else {
        let line = Line { colour: theme::TRACK, width: 1.5, dashed: true };
        plot.line(stage.ui, look, line, |_| 0.0);
    }
    let node = Node {
        name: "High-Pass corner",
        mark: "",
        frequency: index,
        gain: None,
        // Where the curve passes: 3 dB down at the corner.
        rest_db: if corner.is_some() { -3.01 } else { 0.0 },
        alt: None,
        wheel: Some(index),
        enter: Some(index),
        colour: if corner.is_some() { theme::GAIN } else { theme::TRACK },
        on: corner.is_some(),
        hidden: false,
    };
    nodes(stage.ui, look, stage.desk, &plot, "high-pass", &[node]);

    titled(stage.ui, look, beside, "High-pass");
    let field = row(look, beside, 24.0, 30.0);
    widgets::field(stage.ui, look, stage.desk, index, field);
    let slope = stage.desk.index("high-pass-slope");
    choice(stage.ui, look, stage.desk, slope, row(look, beside, 66.0, 30.0));
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_dsp::Processor;
    use shared_dsp::high_pass::{HighPass, HighPassParams};
    use std::f64::consts::TAU;

    /// The level of a sine after the filter that is heard, in dB.
    fn heard_db(hz: f64, corner_hz: f64, slope: HighPassSlope) -> f64 {
        let mut filter = HighPass::new();
        filter.prepare(48_000.0, 256);
        filter.set_params(&HighPassParams { cutoff_hz: Some(corner_hz), slope: slope.into() });
        let mut audio: Vec<f32> =
            (0..96_000).map(|n| (TAU * hz * f64::from(n) / 48_000.0).sin() as f32).collect();
        filter.process(&mut [&mut audio], &[]);
        let power = audio[48_000..].iter().map(|x| f64::from(x * x)).sum::<f64>() / 48_000.0;
        10.0 * (2.0 * power).log10()
    }

    #[test]
    fn the_curve_is_what_is_heard() {
        for slope in [HighPassSlope::TwelveDb, HighPassSlope::TwentyFourDb] {
            for (hz, corner) in [(80.0, 80.0), (40.0, 80.0), (200.0, 80.0), (400.0, 400.0)] {
                let drawn = f64::from(gain_db(hz as f32, corner as f32, slope));
                let heard = heard_db(hz, corner, slope);
                assert!((drawn - heard).abs() < 0.02, "{hz} Hz: {drawn} drawn, {heard} heard");
            }
        }
    }
}
