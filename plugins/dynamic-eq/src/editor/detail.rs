//! All controls of the band in hand, those with a meaning for its type.

use super::band::{self, What};
use super::parts::{caption, cell, idle, row};
use super::{BANDS, EqStage, Heard, band_in_hand, key_meter, strip};
use crate::params::{BandSolo, KeyFilter, KeySource};
use egui::{Align2, Color32, Rect};
use support::editor::theme::{self, size};
use support::editor::widgets::{
    Knob, Tone, button, choice, field, knob_saying, label, menu, panel, switch_saying,
};

/// Widths at 100 %: a band's number, a knob, and the meter of the key.
const CHIP: f32 = 34.0;
const COLUMN: f32 = 74.0;
const METER: f32 = 124.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, rect: Rect, heard: &Heard) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    draw_top(stage, row(look, inside, 0.0, 28.0), heard);
    // The click of this frame counts in it.
    let at = band_in_hand(stage);
    let kind = heard.bands[at].band.band_type;
    let knobs = row(look, inside, 46.0, 112.0);
    draw_static(stage, knobs, heard, at);
    let left = 3.0 * COLUMN + 12.0;
    let line = inside.left() + look.px(left - 6.0);
    let stroke = look.stroke(1.0, theme::LINE);
    stage.ui.painter().vline(line, knobs.y_range(), stroke);
    let dynamic = knobs.with_min_x(inside.left() + look.px(left));
    if !kind.has_gain() {
        let name = stage.desk.text(band::index(stage.desk, at, What::Type));
        let text = format!("A {name} stands still: bells, shelves and tilts can move.");
        let font = look.font(size::BODY);
        let place = row(look, dynamic, 0.0, 72.0);
        label(stage.ui, place, Align2::CENTER_CENTER, &text, font, theme::LABEL);
        return;
    }
    let beside = inside.with_min_x(inside.right() - look.px(METER)).with_min_y(knobs.top());
    // A voice needs no threshold: it is there or it is not, whatever its level.
    let by_voice = stage.params.bands[at].key.value() == KeySource::Voice;
    for (count, (what, name)) in [
        (What::Range, "Range"),
        (What::Threshold, "Threshold"),
        (What::Ratio, "Ratio"),
        (What::Knee, "Knee"),
        (What::Attack, "Attack"),
        (What::Hold, "Hold"),
        (What::Release, "Release"),
    ]
    .into_iter()
    .enumerate()
    {
        let place = cell(look, dynamic, COLUMN * count as f32, COLUMN);
        let (colour, from) = match what {
            What::Range => (theme::GAIN, 0.5),
            What::Threshold => (theme::KEY, 0.0),
            _ => (theme::SIGNAL, 0.0),
        };
        if by_voice && matches!(what, What::Threshold | What::Ratio | What::Knee) {
            idle(stage, place, name, "by voice");
            continue;
        }
        draw_knob(stage, place, at, (what, name), colour, from);
    }
    draw_key(stage, row(look, inside, 174.0, 16.0), row(look, inside, 192.0, 28.0), at);
    key_meter::draw(stage, beside, heard, at);
}

fn draw_knob(
    stage: &mut EqStage<'_, '_>,
    place: Rect,
    at: usize,
    (what, name): (What, &str),
    colour: Color32,
    from: f32,
) {
    let index = band::index(stage.desk, at, what);
    let place = place.shrink2(stage.look.size(2.0, 0.0));
    knob_saying(stage.ui, stage.look, stage.desk, index, place, Knob { colour, from }, name);
}

/// Numbers, switch, type, placement, solo, and the ways to see the bands.
fn draw_top(stage: &mut EqStage<'_, '_>, top: Rect, heard: &Heard) {
    let look = stage.look;
    for at in 0..BANDS {
        strip::chip(stage, cell(look, top, (CHIP + 4.0) * at as f32, CHIP), heard, at);
    }
    let at = band_in_hand(stage);
    let mut left = (CHIP + 4.0) * BANDS as f32 + 12.0;
    let mut place = |width: f32| {
        let place = cell(look, top, left, width);
        left += width + 6.0;
        place
    };
    let on = band::index(stage.desk, at, What::On);
    let words = if stage.desk.value(on) > 0.5 { "On" } else { "Off" };
    switch_saying(stage.ui, look, stage.desk, on, place(46.0), theme::SIGNAL, words);
    for (what, width) in [(What::Type, 112.0), (What::Placement, 92.0)] {
        let index = band::index(stage.desk, at, what);
        menu(stage.ui, look, stage.desk, index, place(width));
    }
    let solo = stage.desk.index("band-solo");
    let is_soloed = stage.params.band_solo.value().index() == Some(at);
    let tone = if is_soloed { Tone::Lit(theme::SIGNAL) } else { Tone::Ready };
    let hint = "Listen to what of the stem this band works on, alone; with Key Listen, to its key.";
    if button(stage.ui, look, stage.desk, place(54.0), "Solo", tone, hint) {
        toggle_solo(stage, solo, at);
    }
    strip::ways_to_see(stage, top);
}

/// Solos a band, or stops.
pub(super) fn toggle_solo(stage: &mut EqStage<'_, '_>, index: usize, at: usize) {
    let is_soloed = stage.params.band_solo.value().index() == Some(at);
    let variant = if is_soloed { BandSolo::Off as usize } else { at + 1 };
    let value = stage.desk.control(index).normalized_of(variant as f32);
    stage.desk.edit(index, value);
}

/// Frequency, gain or slope, and Q.
fn draw_static(stage: &mut EqStage<'_, '_>, knobs: Rect, heard: &Heard, at: usize) {
    let look = stage.look;
    let kind = heard.bands[at].band.band_type;
    let column = |count: usize| cell(look, knobs, COLUMN * count as f32, COLUMN);
    draw_knob(stage, column(0), at, (What::Frequency, "Frequency"), theme::SIGNAL, 0.0);
    if kind.has_gain() {
        draw_knob(stage, column(1), at, (What::Gain, "Gain"), theme::GAIN, 0.5);
    } else if kind.has_slope() {
        draw_knob(stage, column(1), at, (What::Slope, "Slope"), theme::SIGNAL, 0.0);
    } else {
        idle(stage, column(1), "Gain", "has none");
    }
    draw_knob(stage, column(2), at, (What::Q, "Q"), theme::SIGNAL, 0.0);
}

/// What moves the band: its source, the side of the threshold, and what of it is heard.
fn draw_key(stage: &mut EqStage<'_, '_>, names: Rect, fields: Rect, at: usize) {
    let look = stage.look;
    let index = |what| band::index(stage.desk, at, what);
    let (key, action, filter) = (index(What::Key), index(What::Action), index(What::KeyFilter));
    let (hz, q) = (index(What::KeyFrequency), index(What::KeyQ));
    let has_own =
        !matches!(stage.params.bands[at].key_filter.value(), KeyFilter::Follow | KeyFilter::Off);
    let mut left = 0.0;
    let mut place = |width: f32| {
        let at = left;
        left += width + 10.0;
        (cell(look, names, at, width), cell(look, fields, at, width))
    };
    let (name, keys) = place(300.0);
    caption(stage, name, Align2::LEFT_CENTER, "Moved by");
    choice(stage.ui, look, stage.desk, key, keys);
    let (name, sides) = place(120.0);
    caption(stage, name, Align2::LEFT_CENTER, "Acts");
    choice(stage.ui, look, stage.desk, action, sides);
    let (name, filters) = place(110.0);
    caption(stage, name, Align2::LEFT_CENTER, "Key filter");
    menu(stage.ui, look, stage.desk, filter, filters);
    if has_own {
        let (name, its_hz) = place(92.0);
        caption(stage, name, Align2::LEFT_CENTER, "Key frequency");
        field(stage.ui, look, stage.desk, hz, its_hz);
        let (name, its_q) = place(62.0);
        caption(stage, name, Align2::LEFT_CENTER, "Key Q");
        field(stage.ui, look, stage.desk, q, its_q);
    } else {
        let words = match stage.params.bands[at].key_filter.value() {
            KeyFilter::Follow => "hears where it works",
            _ => "hears everything",
        };
        caption(stage, place(160.0).1, Align2::LEFT_CENTER, words);
    }
}
