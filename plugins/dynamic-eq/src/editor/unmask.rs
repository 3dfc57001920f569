//! Unmask, the bands folded away: its depth as the one large control, and what came of it.

mod learn;

use super::curves::Curve;
use super::parts::{caption, cell, row};
use super::{EqStage, reading, strip};
use crate::dsp::{group, shown};
use egui::{Align2, Id, Rect, Sense};
use shared_dsp::unmask::bells::Bells;
use std::sync::Arc;
use support::editor::theme::{self, size};
use support::editor::widgets::{
    Knob, Lamp, Tone, button, choice, knob_saying, label, lamp, number, panel, switch_saying,
};

/// Widths at 100 %: the large knob, a small one, where what came of it begins, and one figure of it.
const LARGE: f32 = 148.0;
const COLUMN: f32 = 76.0;
const OUTCOME: f32 = 496.0;
const FIGURE: f32 = 94.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let top = row(look, inside, 0.0, 28.0);
    let (on, placement) = (stage.desk.index("unmask"), stage.desk.index("unmask-placement"));
    let words = if stage.desk.value(on) > 0.5 { "Unmask on" } else { "Unmask off" };
    switch_saying(stage.ui, look, stage.desk, on, cell(look, top, 0.0, 98.0), theme::GAIN, words);
    choice(stage.ui, look, stage.desk, placement, cell(look, top, 108.0, 200.0));
    draw_state(stage, cell(look, top, 322.0, 306.0));
    strip::ways_to_see(stage, top);

    let depth = stage.desk.index("unmask-depth");
    let large = cell(look, row(look, inside, 44.0, 188.0), 0.0, LARGE);
    let gain = Knob { colour: theme::GAIN, from: 0.0 };
    knob_saying(stage.ui, look, stage.desk, depth, large, gain, "Depth");
    let knobs = row(look, inside, 62.0, 106.0);
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
    let below = row(look, inside, 188.0, 26.0);
    learn::draw(stage, cell(look, below, OUTCOME - 140.0, 112.0));
    let outcome = inside.with_min_x(inside.left() + look.px(OUTCOME));
    draw_outcome(stage, outcome.with_min_y(inside.top() + look.px(56.0)));
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
    let [before, after, mean, ducked, active] =
        [shown::BEFORE, shown::AFTER, shown::MEAN_DUCK, shown::DUCKED, shown::ACTIVE_SECONDS]
            .map(|index| reading(stage, index));
    let heard = before.is_finite() && after.is_finite();
    let name = row(look, place, 0.0, 14.0);
    caption(stage, name, Align2::LEFT_CENTER, "Voice to music, 2\u{2013}4 kHz");
    let line = row(look, place, 18.0, 40.0);
    let big = look.bold(size::SECTION + 12.0);
    let small = look.font(size::BODY);
    if heard {
        let mut rest = line;
        for (text, font, colour) in [
            (&signed(before), &big, theme::TEXT),
            (&"dB to".to_owned(), &small, theme::LABEL),
            (&signed(after), &big, theme::SIGNAL),
            (&"dB".to_owned(), &small, theme::LABEL),
        ] {
            let font = font.clone();
            let drawn = label(stage.ui, rest, Align2::LEFT_CENTER, text, font, colour);
            rest.min.x = drawn.right() + look.px(8.0);
        }
    } else {
        let words = "no voice over music yet";
        label(stage.ui, line, Align2::LEFT_CENTER, words, small, theme::LABEL);
    }
    let known = |text: String| if heard { text } else { "\u{2013}".to_owned() };
    let figures = [
        // Of the numbers as they stand there.
        (
            "Voice gains",
            known(format!("{} dB", signed(tenths(after) - tenths(before)))),
            theme::SIGNAL,
        ),
        ("Mean duck", known(format!("{} dB", number(-mean, 1))), theme::GAIN),
        ("Time ducked", known(format!("{} %", number(ducked, 0))), theme::TEXT),
        ("Voice heard", known(duration(active)), theme::TEXT),
    ];
    for (count, (name, text, colour)) in figures.iter().enumerate() {
        let left = FIGURE * count as f32;
        let (above, below) = (row(look, place, 78.0, 14.0), row(look, place, 94.0, 26.0));
        caption(stage, cell(look, above, left, FIGURE), Align2::LEFT_CENTER, name);
        let figure = cell(look, below, left, FIGURE);
        let font = look.bold(size::SECTION);
        label(stage.ui, figure, Align2::LEFT_CENTER, text, font, *colour);
    }
    let foot = row(look, place, 144.0, 26.0);
    let hint = "What came of Unmask is counted anew.";
    if button(stage.ui, look, stage.desk, cell(look, foot, 0.0, 64.0), "Reset", Tone::Ready, hint) {
        stage.readings.restart(group::OUTCOME);
    }
    let id = stage.ui.scope_id().with("what came of it");
    let response = stage.ui.interact(place.with_max_y(line.bottom()), id, Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Voice to music"));
    let spoken = if heard {
        let [_, (_, mean, _), (_, ducked, _), _] = &figures;
        let outcome = format!("{} dB before, {} dB after", signed(before), signed(after));
        format!("{outcome}, duck {mean} on the mean, {ducked} of the time")
    } else {
        "no voice over music yet".to_owned()
    };
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
}

fn tenths(db: f32) -> f32 {
    (10.0 * db).round() / 10.0
}

fn signed(db: f32) -> String {
    let plus = if db >= 0.05 { "+" } else { "" };
    format!("{plus}{}", number(db, 1))
}

/// Minutes and seconds.
fn duration(seconds: f32) -> String {
    let whole = seconds.max(0.0) as u32;
    format!("{}:{:02}", whole / 60, whole % 60)
}

/// What Unmask does just now to every frequency.
pub(super) fn curve(stage: &EqStage<'_, '_>) -> Curve {
    let ducks = std::array::from_fn(|bell| {
        let duck_db = reading(stage, shown::DUCK + bell);
        if duck_db.is_finite() { f64::from(duck_db) } else { 0.0 }
    });
    let bells = bells_at(stage, f64::from(stage.taps.rate_hz()));
    let weights = bells.weights(&ducks);
    Curve::of(|hz| bells.response_db(&weights, hz.min(0.49 * bells.sample_rate_hz())))
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
