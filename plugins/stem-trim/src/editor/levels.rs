//! The numbers: loudness, peaks, headroom and correlation.

use super::{TrimStage, restart, row, shown, titled};
use crate::dsp::{Part, Shown};
use egui::{Color32, Rect, pos2};
use support::editor::theme;
use support::editor::widgets::{Readout, Tone, button, correlation, number, panel, readout};

/// Less headroom than this is little: what deliveries and lossy encoders want left.
const LOW_HEADROOM_DB: f32 = 1.0;

/// Draws the panel of numbers.
pub(super) fn draw(stage: &mut TrimStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    titled(stage.ui, look, inside, "Loudness");
    reset(stage, row(look, inside, -2.0, 24.0), "Reset", Part::Loudness);
    let white = theme::TEXT;
    line(stage, row(look, inside, 24.0, 25.0), "Short-term", Shown::ShortTerm, "LUFS", white);
    line(stage, row(look, inside, 49.0, 25.0), "Integrated", Shown::Integrated, "LUFS", white);

    let peaks = row(look, inside, 82.0, 100.0);
    titled(stage.ui, look, peaks, "Peaks, max");
    reset(stage, row(look, peaks, -2.0, 24.0), "Reset peaks", Part::Peaks);
    let true_peak = shown(stage, Shown::TruePeakMaximum);
    let over = |value: f32, limit: f32| if value > limit { theme::OVER } else { theme::TEXT };
    let sample = over(shown(stage, Shown::PeakMaximum), -1e-6);
    let lines = [
        ("Sample peak", Shown::PeakMaximum, "dBFS", sample),
        ("True peak", Shown::TruePeakMaximum, "dBTP", over(true_peak, 0.0)),
    ];
    for (count, (name, reading, unit, colour)) in lines.into_iter().enumerate() {
        let place = row(look, peaks, 24.0 + 23.0 * count as f32, 23.0);
        if line(stage, place, name, reading, unit, colour) {
            restart(stage, Part::Peaks);
        }
    }
    let headroom = -true_peak;
    let (name, colour) = match headroom {
        room if room < 0.0 => ("Headroom: over", theme::OVER),
        room if room < LOW_HEADROOM_DB => ("Headroom: low", theme::GAIN),
        _ => ("Headroom", theme::SIGNAL),
    };
    let number = number(headroom, 1);
    let shown_room = Readout { name, number, unit: "dB", colour, large: false };
    readout(stage.ui, look, row(look, peaks, 70.0, 23.0), &shown_room);

    let place = row(look, inside, 190.0, 78.0);
    let (now, lowest) = (shown(stage, Shown::Correlation), shown(stage, Shown::CorrelationLowest));
    let response = correlation(stage.ui, look, place, now, lowest);
    if response.hovered() {
        stage.desk.hint("Left against right over 300 ms; click to forget the lowest.");
    }
    if response.clicked() {
        restart(stage, Part::Correlation);
    }
}

/// One reading; whether it was clicked.
fn line(
    stage: &mut TrimStage<'_, '_>,
    place: Rect,
    name: &str,
    reading: Shown,
    unit: &str,
    colour: Color32,
) -> bool {
    let number = number(shown(stage, reading), 1);
    let shown = Readout { name, number, unit, colour, large: unit == "LUFS" };
    readout(stage.ui, stage.look, place, &shown).clicked()
}

/// The button at the end of a title.
fn reset(stage: &mut TrimStage<'_, '_>, line: Rect, name: &str, part: Part) {
    let look = stage.look;
    let width = look.px(if part == Part::Peaks { 88.0 } else { 54.0 });
    let place = Rect::from_min_max(pos2(line.right() - width, line.top()), line.max);
    let hint = match part {
        Part::Loudness => "Starts the loudness over.",
        Part::Peaks => "Starts the maxima over; a click on one does the same.",
        Part::Correlation => "Forgets the lowest correlation.",
    };
    if button(stage.ui, look, stage.desk, place, name, Tone::Ready, hint) {
        restart(stage, part);
    }
}
