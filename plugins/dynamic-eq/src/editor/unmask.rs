//! Unmask, the bands folded away: its depth as the one large control, the voice and the duck over
//! time, and what came of it.

mod learn;

use super::curves::Curve;
use super::parts::{caption, cell, row};
use super::{EqStage, reading, strip};
use crate::dsp::{group, shown};
use egui::{Align2, Id, Rect, Sense};
use shared_dsp::unmask::bells::Bells;
use std::sync::Arc;
use support::editor::theme::{self, size};
use support::editor::widgets::curve::{Line, Plot};
use support::editor::widgets::{
    Knob, Lamp, Pane, Tone, button, choice, history, knob_saying, label, lamp, number, panel,
    switch,
};

/// Widths at 100 %: the large knob, a small one, and where what happens over time begins.
const LARGE: f32 = 148.0;
const COLUMN: f32 = 76.0;
const LANE: f32 = 476.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let top = row(look, inside, 0.0, 28.0);
    let (on, placement) = (stage.desk.index("unmask"), stage.desk.index("unmask-placement"));
    switch(stage.ui, look, stage.desk, on, cell(look, top, 0.0, 84.0), theme::GAIN);
    choice(stage.ui, look, stage.desk, placement, cell(look, top, 94.0, 200.0));
    draw_state(stage, cell(look, top, 308.0, 320.0));
    strip::ways_to_see(stage, top);

    let depth = stage.desk.index("unmask-depth");
    let large = cell(look, row(look, inside, 44.0, 188.0), 0.0, LARGE);
    let gain = Knob { colour: theme::GAIN, from: 0.0 };
    knob_saying(stage.ui, look, stage.desk, depth, large, gain, "Depth");
    let knobs = row(look, inside, 44.0, 106.0);
    for (count, (id, name, colour)) in [
        ("unmask-focus-low", "Focus from", theme::SIGNAL),
        ("unmask-focus-high", "Focus to", theme::SIGNAL),
        ("unmask-speed", "Speed", theme::SIGNAL),
        ("key-level", "Key level", theme::KEY),
    ]
    .into_iter()
    .enumerate()
    {
        let place = cell(look, knobs, LARGE + 8.0 + COLUMN * count as f32, COLUMN);
        let place = place.shrink2(look.size(2.0, 0.0));
        let index = stage.desk.index(id);
        knob_saying(stage.ui, look, stage.desk, index, place, Knob { colour, from: 0.0 }, name);
    }
    let below = row(look, inside, 162.0, 74.0).with_max_x(inside.left() + look.px(LANE - 16.0));
    draw_outcome(stage, below.with_min_x(inside.left() + look.px(LARGE + 12.0)));
    draw_lane(stage, inside.with_min_x(inside.left() + look.px(LANE)).with_min_y(knobs.top()));
}

/// Whether there is a voice, in words.
fn draw_state(stage: &mut EqStage<'_, '_>, place: Rect) {
    let on = stage.desk.value(stage.desk.index("unmask")) > 0.5;
    let fed = reading(stage, shown::KEY_FED) > 0.0;
    let speaks = reading(stage, shown::VOICE) > 0.5;
    let (state, text) = match (on, fed, speaks) {
        (false, true, _) => (Lamp::Off, "off; the key is live"),
        (false, false, _) => (Lamp::Off, "off; no key"),
        (true, false, _) => (Lamp::Alarm(theme::OVER), "no key: the music is left alone"),
        (true, true, true) => (Lamp::On(theme::KEY), "the voice is there"),
        (true, true, false) => (Lamp::Off, "the voice rests: bit for bit"),
    };
    lamp(stage.ui, stage.look, place, state, text);
}

/// What came of it: the voice against the music before and after, how deep, how long.
fn draw_outcome(stage: &mut EqStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let [before, after, mean, ducked] =
        [shown::BEFORE, shown::AFTER, shown::MEAN_DUCK, shown::DUCKED]
            .map(|index| reading(stage, index));
    let heard = before.is_finite() && after.is_finite();
    let signed = |db: f32| {
        let plus = if db >= 0.05 { "+" } else { "" };
        format!("{plus}{}", number(db, 1))
    };
    caption(
        stage,
        row(look, place, 0.0, 14.0),
        Align2::LEFT_CENTER,
        "Voice to music, 2\u{2013}4 kHz",
    );
    let line = row(look, place, 14.0, 30.0);
    let big = look.bold(size::SECTION + 4.0);
    if heard {
        let first =
            label(stage.ui, line, Align2::LEFT_CENTER, &signed(before), big.clone(), theme::TEXT);
        let rest = line.with_min_x(first.right() + look.px(8.0));
        let arrow = look.font(size::BODY);
        let arrow = label(stage.ui, rest, Align2::LEFT_CENTER, "dB to", arrow, theme::LABEL);
        let rest = line.with_min_x(arrow.right() + look.px(8.0));
        let second = label(stage.ui, rest, Align2::LEFT_CENTER, &signed(after), big, theme::SIGNAL);
        let rest = line.with_min_x(second.right() + look.px(6.0));
        label(stage.ui, rest, Align2::LEFT_CENTER, "dB", look.font(size::BODY), theme::LABEL);
    } else {
        let font = look.font(size::BODY);
        let words = "no voice over music yet";
        label(stage.ui, line, Align2::LEFT_CENTER, words, font, theme::LABEL);
    }
    let words = if heard {
        format!("duck {} dB, {} % of time", number(-mean, 1), number(ducked, 0))
    } else {
        "no duck yet".to_owned()
    };
    let foot = row(look, place, 50.0, 24.0);
    label(stage.ui, foot, Align2::LEFT_CENTER, &words, look.font(size::BODY), theme::LABEL);
    let buttons = row(look, place, 16.0, 26.0);
    let reset = buttons.with_min_x(buttons.right() - look.px(56.0));
    let hint = "What came of Unmask is counted anew.";
    if button(stage.ui, look, stage.desk, reset, "Reset", Tone::Ready, hint) {
        stage.readings.restart(group::OUTCOME);
    }
    let learn = foot.with_min_x(foot.right() - look.px(100.0));
    learn::draw(stage, learn);
    let id = stage.ui.scope_id().with("what came of it");
    let response = stage.ui.interact(place.with_max_y(line.bottom()), id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Voice to music"));
    let spoken = if heard {
        format!("{} dB before, {} dB after, {words}", signed(before), signed(after))
    } else {
        words
    };
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
}

/// The last ten seconds: when the voice was there, and the deepest duck.
fn draw_lane(stage: &mut EqStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let voice = Pane {
        top_db: 1.0,
        bottom_db: 0.0,
        marks_db: &[],
        base_db: 0.0,
        areas: &[(0, theme::KEY)],
        ruler: false,
    };
    let lane = row(look, place, 18.0, 30.0);
    caption(stage, row(look, place, 0.0, 14.0), Align2::LEFT_CENTER, "Voice there");
    history(stage.ui, look, lane, stage.trace, &voice);
    caption(stage, row(look, place, 54.0, 14.0), Align2::LEFT_CENTER, "Deepest duck, dB");
    let depth_db = stage.params.unmask.depth.value();
    let (bottom_db, marks_db): (f32, &[f32]) = match depth_db {
        depth if depth > 6.0 => (12.0, &[0.0, 4.0, 8.0, 12.0]),
        depth if depth > 3.0 => (6.0, &[0.0, 2.0, 4.0, 6.0]),
        _ => (3.0, &[0.0, 1.0, 2.0, 3.0]),
    };
    let duck = Pane {
        top_db: 0.0,
        bottom_db,
        marks_db,
        base_db: 0.0,
        areas: &[(1, theme::GAIN)],
        ruler: true,
    };
    let lane = place.with_min_y(place.top() + look.px(72.0));
    history(stage.ui, look, lane, stage.trace, &duck);
}

/// What Unmask does just now to every frequency, on the display.
pub(super) fn draw_curve(stage: &EqStage<'_, '_>, plot: &Plot) {
    if !stage.params.unmask.on.value() {
        return;
    }
    let ducks = std::array::from_fn(|bell| {
        let duck_db = reading(stage, shown::DUCK + bell);
        if duck_db.is_finite() { f64::from(duck_db) } else { 0.0 }
    });
    let bells = bells_at(stage, f64::from(stage.taps.rate_hz()));
    let weights = bells.weights(&ducks);
    let curve = Curve::of(|hz| bells.response_db(&weights, hz.min(0.49 * bells.sample_rate_hz())));
    plot.band(stage.ui, theme::GAIN.gamma_multiply(0.18), |_| 0.0, |hz| curve.at(hz));
    let line = Line { colour: theme::GAIN, width: 1.5, dashed: true };
    plot.line(stage.ui, stage.look, line, |hz| curve.at(hz));
}

/// The bells at a rate, made once.
fn bells_at(stage: &EqStage<'_, '_>, rate_hz: f64) -> Arc<Bells> {
    let id = Id::unique("bells of unmask");
    let kept: Option<Arc<Bells>> = stage.ui.data(|data| data.get_temp(id));
    kept.filter(|bells| bells.sample_rate_hz() == rate_hz).unwrap_or_else(|| {
        let made = Arc::new(Bells::new(rate_hz));
        stage.ui.data_mut(|data| data.insert_temp(id, made.clone()));
        made
    })
}
