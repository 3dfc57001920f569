//! What the release is at now: its time, between the fast path's and the slow one's.

use super::{LimiterStage, shown};
use crate::dsp::Shown;
use egui::{Align2, Rect, Sense, pos2, vec2};
use shared_dsp::limiter::AUTO_SLOW_RELEASE_MS;
use support::editor::theme::{self, size};
use support::editor::widgets::{label, number};

/// A reduction below this is at the end of its recovery, which is slow by nature and inaudible: it says
/// nothing about the material.
const AT_REST_DB: f32 = 0.1;

/// Draws it: under Auto Release the knob is the time after transients alone, so both ends have theirs.
pub(super) fn draw(stage: &mut LimiterStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let auto = stage.params.limiter.auto_release.value();
    let fast_ms = stage.params.limiter.release.value();
    let (now, slow) = (shown(stage, Shown::ReleaseNow), shown(stage, Shown::SlowShare));
    let moving = shown(stage, Shown::GainReduction) >= AT_REST_DB;
    let row = |top: f32, height: f32| {
        Rect::from_min_size(
            pos2(rect.left(), rect.top() + look.px(top)),
            vec2(rect.width(), look.px(height)),
        )
    };
    let small = look.font(size::SMALL);
    let (left, right) = (Align2::LEFT_CENTER, Align2::RIGHT_CENTER);
    label(stage.ui, row(2.0, 14.0), left, "recovers in", small.clone(), theme::LABEL);
    let time = if now.is_finite() { format!("{} ms", number(now, 0)) } else { number(now, 0) };
    let large = look.bold(size::BODY + 3.0);
    let colour = if moving { theme::GAIN } else { theme::LABEL };
    label(stage.ui, row(17.0, 20.0), left, &time, large, colour);
    let share =
        if auto && moving && slow.is_finite() { (slow / 100.0).clamp(0.0, 1.0) } else { 0.0 };
    let (spoken, short) = match (auto, share) {
        (false, _) => ("fixed", "fixed"),
        _ if !moving => ("at rest", "at rest"),
        (true, 0.0..0.25) => ("like a transient", "transient"),
        (true, 0.25..0.75) => ("in between", "in between"),
        (true, _) => ("sustained", "sustained"),
    };
    if auto {
        let bar = row(44.0, 8.0);
        let painter = stage.ui.painter();
        painter.rect_filled(bar, look.corner(3.0), theme::WELL);
        let filled = bar.with_max_x(bar.left() + bar.width() * share);
        painter.rect_filled(filled, look.corner(3.0), theme::GAIN);
        let ends = [(left, "fast", fast_ms), (right, "slow", AUTO_SLOW_RELEASE_MS as f32)];
        for (side, name, ms) in ends {
            label(stage.ui, row(55.0, 14.0), side, name, small.clone(), theme::LABEL);
            let decimals = usize::from(ms < 9.95);
            let text = format!("{} ms", number(ms, decimals));
            label(stage.ui, row(69.0, 14.0), side, &text, small.clone(), theme::LABEL);
        }
    }
    let state = if auto { format!("Auto: {short}") } else { "as set, always".to_owned() };
    let state_row = if auto { row(90.0, 14.0) } else { row(40.0, 14.0) };
    label(stage.ui, state_row, left, &state, small, theme::LABEL);
    let id = stage.ui.scope_id().with("release now");
    let response =
        stage.ui.interact(rect.with_max_y(rect.top() + look.px(104.0)), id, Sense::hover());
    if response.hovered() {
        let text = if auto {
            "Where the reduction would shrink to 37 % if the level fell now: at the knob's time after \
             transients, at the slow one under sustained level."
        } else {
            "The time in which the reduction would shrink to 37 % if the level fell now."
        };
        stage.desk.set_hint(text);
    }
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Meter, true, "Release now"));
    let spoken = format!("{time}, {spoken}");
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(spoken));
}
