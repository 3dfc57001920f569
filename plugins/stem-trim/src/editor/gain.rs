//! The gain: a fader with the zone a trim should stay in, Set Level, and whether it is bit-exact.

use super::{TrimStage, measured, row, shown, titled, vu_view};
use crate::dsp::Shown;
use crate::set_level::{
    BALANCE_WARNING, Measured, TRIM_WARNING, Target, WARN_BEYOND_DB, is_beyond_trim, set_level,
};
use egui::{Align2, Color32, Rect, vec2};
use support::editor::theme::{self, size};
use support::editor::widgets::{
    Fader, Figures, Lamp, Tone, button, fader, label, lamp, number, panel, value_in,
};

const MARKS_DB: &[f32] = &[24.0, 18.0, 12.0, 6.0, 3.0, 0.0, -3.0, -6.0, -12.0, -18.0, -24.0];
const GOOD_DB: f32 = WARN_BEYOND_DB as f32;
/// Size of the page's one number at 100 %.
const HERO: f32 = 40.0;

/// Draws the gain panel.
pub(super) fn draw(stage: &mut TrimStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let index = stage.desk.index("gain");
    let gain_db = f64::from(stage.desk.control(index).plain_of(stage.desk.value(index)));
    let beyond = is_beyond_trim(gain_db);
    let colour = if beyond { theme::GAIN } else { theme::SIGNAL };

    let (way, words) = inside.split_left_right_at_x(inside.left() + look.px(84.0));
    let style = Fader { colour, from: 0.0, marks: MARKS_DB, zone: Some([-GOOD_DB, GOOD_DB]) };
    fader(stage.ui, look, stage.desk, index, way, &style);

    let words = words.with_min_x(words.left() + look.px(14.0));
    let (line, _) = titled(stage.ui, look, words, "Gain, dB");
    draw_lamp(stage, line.with_min_x(line.left() + look.px(58.0)));
    let hero = row(look, words, 22.0, 50.0);
    let figures = Figures { font: look.bold(HERO), colour: theme::TEXT, signed: true, unit: false };
    value_in(stage.ui, look, stage.desk, index, hero, figures);
    let verdict = row(look, words, 74.0, 34.0);
    let text = if beyond { TRIM_WARNING } else { "within a trim's \u{b1}3 dB" };
    let drawn = paragraph(stage, verdict, text, size::SMALL, colour, true);
    label_of(stage, drawn, text);
    draw_set_level(stage, words.with_min_y(words.top() + look.px(114.0)), index, gain_db);
}

/// Text in as many lines as it takes; gives where it is.
fn paragraph(
    stage: &TrimStage<'_, '_>,
    place: Rect,
    text: &str,
    font_size: f32,
    colour: Color32,
    centred: bool,
) -> Rect {
    let font = stage.look.font(font_size);
    let painter = stage.ui.painter();
    let galley = painter.layout(text.to_owned(), font, colour, place.width());
    let spare = if centred { (place.width() - galley.size().x) * 0.5 } else { 0.0 };
    let drawn = Rect::from_min_size(place.min + vec2(spare, 0.0), galley.size());
    painter.galley(drawn.min, galley, colour);
    drawn
}

/// Makes drawn text readable by assistive technology.
fn label_of(stage: &mut TrimStage<'_, '_>, drawn: Rect, text: &str) {
    let id = stage.ui.scope_id().with(("text", drawn.min.x as i32, drawn.min.y as i32));
    let response = stage.ui.interact(drawn, id, egui::Sense::empty());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, text));
}

/// Lit only while the signal really passes bit for bit: the processor says so.
fn draw_lamp(stage: &mut TrimStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let is_exact = shown(stage, Shown::BitExact) == 1.0;
    let bypassed = stage.params.bypass.value();
    let (state, text) = match (is_exact, bypassed) {
        (true, false) => (Lamp::On(theme::SIGNAL), "bit-exact"),
        (true, true) => (Lamp::On(theme::SIGNAL), "bypassed"),
        (false, _) => (Lamp::Off, "not bit-exact"),
    };
    lamp(stage.ui, look, place, state, text);
    if stage.ui.rect_contains_pointer(place) {
        let hint = "Lit while what comes out is what went in, bit for bit.";
        stage.ui.interact(place, stage.ui.scope_id().with("exact"), egui::Sense::hover());
        stage.desk.hint(hint);
    }
}

/// The targets of Set Level, by their buttons' names.
fn targets(reference_dbfs: i32) -> [(&'static str, Target); 3] {
    [
        ("0 VU", Target::Vu { reference_dbfs: f64::from(reference_dbfs) }),
        ("Peak \u{2212}6 dBFS", Target::Peak { peak_dbfs: -6.0 }),
        ("\u{2212}23 LUFS", Target::Loudness { loudness_lufs: -23.0 }),
    ]
}

/// A gain with its sign, both ways.
fn signed(gain_db: f64) -> String {
    let text = number(gain_db as f32, 1);
    if gain_db >= 0.05 { format!("+{text}") } else { text }
}

fn draw_set_level(stage: &mut TrimStage<'_, '_>, place: Rect, index: usize, gain_db: f64) {
    let look = stage.look;
    let top = place.with_max_y(place.top() + look.px(18.0));
    let small = look.font(size::SMALL + 1.0);
    label(stage.ui, top, Align2::LEFT_CENTER, "Set Level to", small.clone(), theme::LABEL);
    let tiny = look.font(size::SMALL);
    label(stage.ui, top, Align2::RIGHT_CENTER, "sets Gain to", tiny, theme::LABEL);
    let heard: Measured = measured(stage);
    for (count, (name, target)) in
        targets(vu_view::reference_dbfs(stage.choices)).into_iter().enumerate()
    {
        let line = row(look, place, 20.0 + 29.0 * count as f32, 25.0);
        let set = set_level(target, &heard, gain_db);
        let tone = if set.is_ok() { Tone::Ready } else { Tone::Idle };
        let press = line.with_max_x(line.left() + look.px(104.0));
        let hint = match set {
            Ok(set) if set.out_of_range => {
                format!("Gain ends at {} dB: the target is not reached.", signed(set.gain_db))
            }
            Ok(set) => {
                let (to, by) = (signed(set.gain_db), signed(set.gain_db - gain_db));
                format!("Sets Gain to {to} dB, once ({by} dB). {BALANCE_WARNING}")
            }
            Err(_) => "Nothing has been measured yet: play the stem.".to_owned(),
        };
        let pressed = button(stage.ui, look, stage.desk, press, name, tone, &hint);
        let Ok(set) = set else { continue };
        let short = if set.out_of_range { "!" } else { "" };
        let figures = format!("{} dB{short}", signed(set.gain_db));
        label(stage.ui, line, Align2::RIGHT_CENTER, &figures, small.clone(), theme::GAIN);
        if pressed {
            let value = stage.desk.control(index).normalized_of(set.gain_db as f32);
            stage.desk.edit(index, value);
        }
    }
    let under = row(look, place, 110.0, 42.0);
    let drawn = paragraph(stage, under, BALANCE_WARNING, size::SMALL, theme::LABEL, false);
    label_of(stage, drawn, BALANCE_WARNING);
}
