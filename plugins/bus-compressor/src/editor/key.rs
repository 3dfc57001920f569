//! What is listened to: the source and whether it is there, and what of it is heard.

use super::CompressorStage;
use super::parts::{caption, cell, row, shown, title};
use crate::dsp::Shown;
use crate::params::Key;
use egui::{Align2, Rect};
use shared_dsp::compressor::{KeyFilter, key_response_db};
use support::editor::theme;
use support::editor::widgets::curve::{Axes, Line, Node, Ticks, nodes, plot};
use support::editor::widgets::{Lamp, choice, field, lamp, panel};

/// The axes of what is heard: all that is, and from here to here in dB.
const AXES: Axes =
    Axes { hz: [20.0, 20_000.0], db: [-24.0, 24.0], step_db: 12.0, ticks: Ticks::Decades };

/// Draws the panel.
pub(super) fn draw(stage: &mut CompressorStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let inside = panel(stage.ui, look, rect);
    let top = row(look, inside, -4.0, 28.0);
    title(stage, top, "Key");
    let source = stage.desk.index("key");
    choice(stage.ui, look, stage.desk, source, cell(look, top, 32.0, 170.0));
    draw_lamp(stage, row(look, inside, 30.0, 20.0));
    draw_response(stage, row(look, inside, 56.0, 96.0));
    let rows = [
        [("High-pass", "key-high-pass"), ("Low-pass", "key-low-pass"), ("Tilt", "key-tilt")],
        [
            ("Bell at", "key-bell-frequency"),
            ("Bell gain", "key-bell-gain"),
            ("Bell Q", "key-bell-q"),
        ],
    ];
    for (count, fields) in rows.into_iter().enumerate() {
        let top = 156.0 + 42.0 * count as f32;
        for (column, (name, id)) in fields.into_iter().enumerate() {
            let left = 117.0 * column as f32;
            let name_at = cell(look, row(look, inside, top, 14.0), left, 108.0);
            caption(stage, name_at, Align2::LEFT_CENTER, name);
            let place = cell(look, row(look, inside, top + 15.0, 25.0), left, 108.0);
            let index = stage.desk.index(id);
            field(stage.ui, look, stage.desk, index, place);
        }
    }
}

/// Whether there is a key.
fn draw_lamp(stage: &mut CompressorStage<'_, '_>, place: Rect) {
    let fed = shown(stage, Shown::KeyFed) > 0.0;
    let (state, text, hint) = match (stage.params.key.source.value(), fed) {
        (Key::Internal, false) => (
            Lamp::Off,
            "compresses by its own signal",
            "Nothing comes in on the key input, and nothing has to.",
        ),
        (Key::Internal, true) => (
            Lamp::Off,
            "key connected, not used",
            "A signal comes in on the key input; choose External to compress by it.",
        ),
        (Key::External, true) => (
            Lamp::On(theme::KEY),
            "compresses by the key",
            "The key input alone is heard: stems with one key get one gain.",
        ),
        (Key::External, false) => (
            Lamp::Alarm(theme::OVER),
            "not compressing: no key",
            "Nothing has come in on the key input for two seconds.",
        ),
    };
    lamp(stage.ui, stage.look, place, state, text);
    if stage.ui.rect_contains_pointer(place) {
        stage.desk.hint(hint);
    }
}

/// What of the key is heard, with nodes to move its filters.
fn draw_response(stage: &mut CompressorStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let filter = stage.params.key.filter();
    let rate_hz = f64::from(stage.taps.rate_hz());
    let plot = plot(stage.ui, look, place, AXES);
    let line = Line { colour: theme::KEY, width: 1.75, dashed: true };
    plot.line(stage.ui, look, line, |hz| {
        key_response_db(&filter, f64::from(hz).min(0.49 * rate_hz), rate_hz) as f32
    });
    let [high, bell, gain, q, low] =
        ["key-high-pass", "key-bell-frequency", "key-bell-gain", "key-bell-q", "key-low-pass"]
            .map(|id| stage.desk.index(id));
    let KeyFilter { high_pass_hz, low_pass_hz, bell_db, .. } = filter;
    let node = |name, mark, frequency, on| Node {
        name,
        mark,
        frequency,
        gain: None,
        rest_db: 0.0,
        alt: None,
        wheel: None,
        enter: Some(frequency),
        colour: if on { theme::KEY } else { theme::TRACK },
        on,
        hidden: false,
    };
    let list = [
        node("Key high-pass node", "H", high, high_pass_hz.is_some()),
        Node {
            gain: Some(gain),
            wheel: Some(q),
            ..node("Key bell node", "B", bell, bell_db != 0.0)
        },
        node("Key low-pass node", "L", low, low_pass_hz.is_some()),
    ];
    nodes(stage.ui, look, stage.desk, &plot, "key filter", &list);
}
