//! What is listened to, and whether it is there.

use super::DeEsserStage;
use super::parts::{cell, row, shown, title};
use crate::dsp::Shown;
use crate::params::Key;
use egui::Rect;
use support::editor::theme;
use support::editor::widgets::{Lamp, choice, lamp};

/// Draws the choice with its name above and its lamp below.
pub(super) fn draw(stage: &mut DeEsserStage<'_, '_>, place: Rect) {
    let look = stage.look;
    title(stage, row(look, place, 0.0, 16.0), "Key");
    let index = stage.desk.index("key");
    choice(stage.ui, look, stage.desk, index, cell(look, row(look, place, 18.0, 28.0), 0.0, 176.0));
    draw_lamp(stage, row(look, place, 50.0, 20.0));
}

/// Whether there is a key.
fn draw_lamp(stage: &mut DeEsserStage<'_, '_>, place: Rect) {
    let fed = shown(stage, Shown::KeyFed) > 0.0;
    let (state, text, hint) = match (stage.params.channels.key.value(), fed) {
        (Key::Internal, false) => (
            Lamp::Off,
            "listens to the stem itself",
            "Nothing comes in on the key input, and nothing has to.",
        ),
        (Key::Internal, true) => (
            Lamp::Off,
            "key connected, not used",
            "A signal comes in on the key input; choose External to listen to it.",
        ),
        (Key::External, true) => (
            Lamp::On(theme::KEY),
            "listens to the key",
            "The key input alone is heard: stems with one key get one gain.",
        ),
        (Key::External, false) => (
            Lamp::Alarm(theme::OVER),
            "nothing is found: no key",
            "Nothing has come in on the key input for two seconds.",
        ),
    };
    lamp(stage.ui, stage.look, place, state, text);
    if stage.ui.rect_contains_pointer(place) {
        stage.desk.hint(hint);
    }
}
