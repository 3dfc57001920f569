//! The reduction: as one large number, as a needle or as bars, on average and at most, and Set for me.

use super::parts::{caption, cell, reduction_db, row, shown, title};
use super::{CompressorStage, listen, view};
use crate::dsp::Shown;
use crate::meters::group;
use crate::params::StereoMode;
use egui::{Align2, Rect, pos2};
use support::editor::theme;
use support::editor::widgets::{
    Readout, Stepper, Tone, button, label, number, panel, readout, reduction_bars,
    reduction_needle, stepper,
};

/// Size of the page's one number at 100 %.
const HERO: f32 = 42.0;
/// A reduction smaller than this is none to speak of, in dB.
const STILL_DB: f32 = 0.05;
const AIM: Stepper<'static> = Stepper {
    name: "Set for me to",
    unit: "dB",
    what: "The average reduction that Set for me aims at.",
    range: view::WANTED_DB,
    default: view::DEFAULT_DB,
};

/// Draws the panel.
pub(super) fn draw(stage: &mut CompressorStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let top = row(look, inside, -4.0, 24.0);
    title(stage, top, "Gain reduction");
    let bars = view::bars(stage.choices);
    for (column, (name, is_bars, hint)) in [
        ("Needle", false, "Shows the reduction as a needle."),
        ("Bars", true, "Shows the reduction as bars, by channel."),
    ]
    .into_iter()
    .enumerate()
    {
        let width = look.px(60.0);
        let left = top.right() - (width + look.px(4.0)) * (2 - column) as f32 + look.px(4.0);
        let place = Rect::from_min_max(pos2(left, top.top()), pos2(left + width, top.bottom()));
        let tone = if bars == is_bars { Tone::Lit(theme::SIGNAL) } else { Tone::Ready };
        if button(stage.ui, look, stage.desk, place, name, tone, hint) {
            view::set_bars(stage.choices, is_bars);
        }
    }
    let now_db = reduction_db(stage, Shown::GainReduction);
    let dial = row(look, inside, 26.0, 114.0);
    if bars {
        reduction_bars(stage.ui, look, dial, &channels(stage));
    } else {
        reduction_needle(stage.ui, look, dial, now_db);
    }
    draw_now(stage, row(look, inside, 142.0, 46.0), now_db);
    draw_long(stage, inside);
    let foot = row(look, inside, 246.0, 28.0);
    let aim = cell(look, foot, 0.0, 96.0);
    let wanted_db = view::wanted_db(stage.choices);
    let set = stepper(stage.ui, look, stage.desk, aim, &AIM, wanted_db);
    view::set_wanted_db(stage.choices, set);
    let rest = foot.with_min_x(aim.right() + look.px(6.0));
    listen::set_for_me(stage, rest);
}

/// The channels by name, with their reductions.
fn channels(stage: &CompressorStage<'_, '_>) -> Vec<(&'static str, f32)> {
    let [first, second] =
        [Shown::ReductionFirst, Shown::ReductionSecond].map(|reading| reduction_db(stage, reading));
    if shown(stage, Shown::Channels) == 1.0 {
        return vec![("GR", first)];
    }
    match stage.params.detector.stereo_mode.value() {
        StereoMode::LeftRight => vec![("L", first), ("R", second)],
        StereoMode::MidSide => vec![("M", first), ("S", second)],
    }
}

/// The one number of the page.
fn draw_now(stage: &mut CompressorStage<'_, '_>, line: Rect, now_db: f32) {
    let look = stage.look;
    let moves = now_db >= STILL_DB;
    let colour = if moves { theme::GAIN } else { theme::TEXT };
    let text = number(if moves { -now_db } else { 0.0 }, 1);
    let drawn = label(stage.ui, line, Align2::LEFT_CENTER, &text, look.bold(HERO), colour);
    let is_off = stage.params.compressor.threshold.value() >= 0.0;
    let words = match (moves, is_off) {
        (true, _) => "dB now",
        (false, false) => "dB: at rest",
        (false, true) => "dB: threshold is off",
    };
    let unit =
        line.with_min_x(drawn.right() + look.px(6.0)).with_max_y(drawn.bottom() - look.px(5.0));
    caption(stage, unit, Align2::LEFT_BOTTOM, words);
}

/// Average and maximum, with what starts them over.
fn draw_long(stage: &mut CompressorStage<'_, '_>, inside: Rect) {
    let look = stage.look;
    let lines = [
        (190.0, "Average", Shown::ReductionAverage, group::AVERAGE),
        (213.0, "Maximum", Shown::ReductionMaximum, group::MAXIMUM),
    ];
    for (top, name, reading, group) in lines {
        let line = row(look, inside, top, 24.0);
        let line = line.with_max_x(line.right() - look.px(56.0));
        let value = shown(stage, reading);
        let number = number(if value.is_finite() { -value } else { value }, 1);
        let shown = Readout { name, number, unit: "dB", colour: theme::GAIN, large: true };
        let response = readout(stage.ui, look, line, &shown);
        if response.hovered() {
            stage.desk.hint("While there was a key; a click starts it over.");
        }
        if response.clicked() {
            stage.readings.restart(group);
        }
    }
    let place = row(look, inside, 202.0, 24.0);
    let place = place.with_min_x(place.right() - look.px(54.0));
    let hint = "Starts average and maximum over; a click on one does so alone.";
    if button(stage.ui, look, stage.desk, place, "Reset", Tone::Ready, hint) {
        stage.readings.restart(group::AVERAGE | group::MAXIMUM);
    }
}
