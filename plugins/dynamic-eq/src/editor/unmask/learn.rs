//! Learn: ten seconds of listening to the voice, then the key level in one gesture that can be undone.
//!
//! The reference of the voice's detector rises to the loudest 200 ms within a moment and falls slowly:
//! the loudest is what it starts from best.

use super::super::{EqStage, reading};
use crate::dsp::shown;
use egui::{Id, Rect};
use support::editor::theme;
use support::editor::widgets::{Tone, button, number};

/// How long it listens, in seconds.
const LISTENS_S: f64 = 10.0;
/// A key that is softer than this is no voice, in LUFS: the lowest key level there is.
const FAINTEST_LUFS: f32 = -60.0;

/// A measurement under way.
#[derive(Debug, Clone, Copy)]
struct Listening {
    since_s: f64,
    loudest_lufs: f32,
}

/// The button: starts, and ends before its time.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, place: Rect) {
    let id = Id::unique("learn key level");
    let now_s = stage.ui.input(|input| input.time);
    let mut listening: Option<Listening> = stage.ui.data(|data| data.get_temp(id)).flatten();
    if let Some(measured) = &mut listening {
        let level = reading(stage, shown::VOICE_LEVEL);
        measured.loudest_lufs = measured.loudest_lufs.max(level);
    }
    let left_s = listening.map(|measured| LISTENS_S - (now_s - measured.since_s));
    let words = match left_s {
        Some(left_s) => format!("listening {}", number(left_s.max(0.0).ceil() as f32, 0)),
        None => "Learn level".to_owned(),
    };
    let tone = if listening.is_some() { Tone::Lit(theme::KEY) } else { Tone::Ready };
    let hint = "Listens to the voice for ten seconds, or until pressed again, and sets Key Level.";
    let pressed = button(stage.ui, stage.look, stage.desk, place, &words, tone, hint);
    let ends = pressed || left_s.is_some_and(|left_s| left_s <= 0.0);
    listening = match listening {
        Some(measured) if ends => {
            take(stage, measured.loudest_lufs);
            None
        }
        None if pressed => Some(Listening { since_s: now_s, loudest_lufs: f32::NEG_INFINITY }),
        going_on => going_on,
    };
    if listening.is_some() {
        stage.ui.ctx().request_repaint_after(std::time::Duration::from_millis(100));
    }
    stage.ui.data_mut(|data| data.insert_temp(id, listening));
}

/// Sets the key level to what was heard.
fn take(stage: &mut EqStage<'_, '_>, loudest_lufs: f32) {
    if loudest_lufs <= FAINTEST_LUFS {
        stage.desk.say(stage.ui, "Nothing learned: no voice came in on the key input.");
        return;
    }
    let index = stage.desk.index("key-level");
    let tenths = (loudest_lufs * 10.0).round() / 10.0;
    let value = stage.desk.control(index).normalized_of(tenths);
    stage.desk.edit(index, value);
}
