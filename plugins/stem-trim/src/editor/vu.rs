//! The VU meters: as needles or as bars, against a reference.

use super::vu_view::{self, DEFAULT_REFERENCE_DBFS, REFERENCE_RANGE_DBFS};
use super::{TrimStage, is_mono, shown, titled};
use crate::dsp::Shown;
use egui::{Rect, pos2, vec2};
use support::editor::theme;
use support::editor::widgets::{Stepper, Tone, button, panel, stepper, vu_bars, vu_needle};

const REFERENCE: Stepper<'static> = Stepper {
    name: "VU reference",
    unit: "dBFS",
    what: "The level of a sine that reads 0 VU; changes no sample.",
    range: [*REFERENCE_RANGE_DBFS.start(), *REFERENCE_RANGE_DBFS.end()],
    default: DEFAULT_REFERENCE_DBFS,
};

/// Draws the VU panel.
pub(super) fn draw(stage: &mut TrimStage<'_, '_>, rect: Rect) {
    let look = stage.look;
    let choices = stage.choices;
    let inside = panel(stage.ui, look, rect);
    let (line, below) = titled(stage.ui, look, inside, "VU, where 0 is a sine at");
    let field = Rect::from_min_size(
        pos2(line.left() + look.px(142.0), line.top() - look.px(2.0)),
        look.size(118.0, 26.0),
    );
    let set =
        stepper(stage.ui, look, stage.desk, field, &REFERENCE, vu_view::reference_dbfs(choices));
    vu_view::set_reference_dbfs(choices, set);
    let bars = vu_view::bars(choices);
    for (column, (name, is_bars, hint)) in [
        ("Needle", false, "Shows the VU meters as needles."),
        ("Bars", true, "Shows the VU meters as bars."),
    ]
    .into_iter()
    .enumerate()
    {
        let width = look.px(66.0);
        let left = line.right() - (width + look.px(4.0)) * (2 - column) as f32 + look.px(4.0);
        let place = Rect::from_min_size(pos2(left, field.top()), vec2(width, field.height()));
        let tone = if bars == is_bars { Tone::Lit(theme::SIGNAL) } else { Tone::Ready };
        if button(stage.ui, look, stage.desk, place, name, tone, hint) {
            vu_view::set_bars(choices, is_bars);
        }
    }
    let below = below.with_min_y(below.top() + look.px(6.0));
    let reference = vu_view::reference_dbfs(choices) as f32;
    let left = shown(stage, Shown::VuLeft) - reference;
    let right = shown(stage, Shown::VuRight) - reference;
    let stereo = [("VU L", left), ("VU R", right)];
    let mono = [("VU", left)];
    let meters: &[(&str, f32)] = if is_mono(stage) { &mono } else { &stereo };
    if bars {
        vu_bars(stage.ui, look, below, meters);
        return;
    }
    let gap = look.px(10.0);
    let count = meters.len() as f32;
    let width = (below.width() - gap * (count - 1.0)) / count;
    for (column, (name, vu)) in meters.iter().enumerate() {
        let left = below.left() + (width + gap) * column as f32;
        let dial = Rect::from_min_size(pos2(left, below.top()), vec2(width, below.height()));
        vu_needle(stage.ui, look, dial, name, *vu);
    }
}
