//! What the stem is, which version is printed, and what that does to it.

use super::{TrimStage, titled};
use egui::{Align2, Rect, vec2};
use shared_dsp::versions;
use support::editor::desk::true_minus;
use support::editor::theme::{self, size};
use support::editor::widgets::{self, choice, label, menu, number, panel};

/// Draws the strip of role and version.
pub(super) fn draw(stage: &mut TrimStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let strip = panel(stage.ui, look, rect);
    let strip = strip.expand2(look.size(0.0, 6.0));
    let place = |left: f32, width: f32| {
        Rect::from_min_size(strip.min + look.size(left, 0.0), vec2(look.px(width), strip.height()))
    };
    let index = |id: &str, stage: &TrimStage<'_, '_>| stage.desk.index(id);

    let (_, field) = titled(stage.ui, look, place(0.0, 156.0), "Role");
    let role = index("role", stage);
    menu(stage.ui, look, stage.desk, role, field.with_max_y(strip.bottom()));

    let area = place(172.0, 648.0);
    let (line, field) = titled(stage.ui, look, area, "Version");
    let version = index("version", stage);
    choice(stage.ui, look, stage.desk, version, field);
    let (text, colour) = effect(stage);
    let font = look.font(size::SMALL + 1.0);
    label(stage.ui, line, Align2::RIGHT_CENTER, &text, font, colour);

    let (_, field) = titled(stage.ui, look, place(836.0, 100.0), "Vocal step");
    let step = index("vocal-step", stage);
    widgets::field(stage.ui, look, stage.desk, step, field);
}

/// What the version does to a stem of this role.
fn effect(stage: &TrimStage<'_, '_>) -> (String, egui::Color32) {
    let print = &stage.params.print;
    let version = versions::Version::from(print.version.value());
    let role = versions::Role::from(print.role.value());
    let gain_db = version.gain_db(role, f64::from(print.vocal_step.value()));
    // It speaks of the version alone: gain and filters do what they do in all of them.
    if gain_db == 0.0 {
        return (format!("{version}: {role} is neither muted nor moved"), theme::LABEL);
    }
    if gain_db == f64::NEG_INFINITY {
        return (format!("{version}: {role} is muted"), theme::GAIN);
    }
    let sign = if gain_db > 0.0 { "+" } else { "" };
    let gain = true_minus(&number(gain_db as f32, 2));
    (format!("{version}: {role} is moved by {sign}{gain} dB"), theme::GAIN)
}
