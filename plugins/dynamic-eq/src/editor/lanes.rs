//! The last ten seconds under the display: when the voice was there, and the duck beneath it.

use super::EqStage;
use super::parts::{caption, row};
use egui::{Align2, Rect};
use shared_dsp::eq::KeySource;
use support::editor::theme;
use support::editor::widgets::{Pane, history};

/// Heights at 100 %: of everything, of the voice, and where the duck begins.
pub(super) const HEIGHT: f32 = 78.0;
const VOICE: f32 = 10.0;
const DUCK: f32 = 14.0;
/// Room for the names at the right, at 100 %.
const NAMES: f32 = 38.0;

/// Whether anything listens to the voice.
pub(super) fn are_shown(stage: &EqStage<'_, '_>) -> bool {
    let settings = stage.params.settings().eq;
    let follows = |source| source == KeySource::Voice;
    settings.unmask.on || settings.bands.iter().any(|band| band.on && follows(band.key_source))
}

/// Draws both lanes.
pub(super) fn draw(stage: &mut EqStage<'_, '_>, place: Rect) {
    let look = stage.look;
    let lanes = place.with_max_x(place.right() - look.px(NAMES));
    let voice = Pane {
        top_db: 1.0,
        bottom_db: 0.0,
        marks_db: &[],
        base_db: 0.0,
        areas: &[(0, theme::KEY)],
        ruler: false,
    };
    history(stage.ui, look, row(look, lanes, 0.0, VOICE), stage.trace, &voice);
    let depth_db = stage.params.unmask.depth.value();
    let (bottom_db, marks_db): (f32, &[f32]) = match depth_db {
        depth if depth > 6.0 => (12.0, &[0.0, 6.0, 12.0]),
        depth if depth > 3.0 => (6.0, &[0.0, 3.0, 6.0]),
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
    let lane = lanes.with_min_y(lanes.top() + look.px(DUCK));
    let plot = history(stage.ui, look, lane, stage.trace, &duck);
    let names = place.with_min_x(lanes.right() + look.px(6.0));
    caption(stage, row(look, names, 0.0, VOICE), Align2::LEFT_CENTER, "voice");
    let middle = plot.center().y - place.top();
    let above = middle / look.scale;
    caption(stage, row(look, names, above - 13.0, 12.0), Align2::LEFT_CENTER, "duck");
    caption(stage, row(look, names, above + 1.0, 12.0), Align2::LEFT_CENTER, "dB");
}
