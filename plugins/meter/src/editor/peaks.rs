//! The panel of true peaks: how high, where, and what there is to spare.

use super::{MeterStage, clock, mark, shown, titled};
use crate::dsp::Shown;
use egui::{Align2, Rect, StrokeKind, pos2, vec2};
use report::delivery::At;
use report::number::signed;
use support::editor::theme::{self, size};
use support::editor::widgets::{Readout, label, number, readout};

/// The largest figures, at 100 %.
const FIGURES: f32 = 44.0;

/// Draws the panel.
pub(super) fn draw(stage: &mut MeterStage<'_, '_>, rect: Rect) {
    let measured = super::measured::measured(stage);
    let target = stage.params.target();
    let (_, inside) = titled(stage, rect, "True peak, highest");
    let look = stage.look;
    let grown = (inside.height() / look.px(176.0)).max(0.5);
    let grow = |length: f32| look.px(length) * grown;
    let row = |top: f32, height: f32| {
        let corner = pos2(inside.left(), inside.top() + grow(top));
        Rect::from_min_size(corner, vec2(inside.width(), grow(height)))
    };
    let highest = measured.highest_true_peak_dbtp();
    let over = highest.is_some_and(|peak| target.is_over(peak.value));
    let colour = if over { theme::OVER } else { theme::TEXT };
    let text = highest.map_or("\u{2013}".to_owned(), |peak| signed(peak.value, 2));
    let hero = row(0.0, 50.0);
    let font = egui::FontId::new(grow(FIGURES), look.bold(1.0).family);
    let drawn = label(stage.ui, hero, Align2::LEFT_CENTER, &text, font, colour);
    let foot = hero.with_min_x(drawn.right() + look.px(6.0)).with_max_y(hero.bottom() - grow(6.0));
    label(stage.ui, foot, Align2::LEFT_BOTTOM, "dBTP", look.font(size::BODY), theme::LABEL);
    banner(stage, row(52.0, 24.0), highest, over);
    let spare = |reading: Shown| number(shown(stage, reading), 1);
    let lines = [
        ("ITU 4\u{d7}", by(measured.itu_dbtp()), "dBTP"),
        ("Strict 16\u{d7}", by(measured.strict_dbtp()), "dBTP"),
        ("PLR", spare(Shown::Plr), "LU"),
        ("PSR, lowest", spare(Shown::PsrLowest), "LU"),
    ];
    for (n, (name, number, unit)) in lines.into_iter().enumerate() {
        let line = row(80.0 + 24.0 * n as f32, 24.0);
        let shown = Readout { name, number, unit, colour: theme::TEXT, large: false };
        let response = readout(stage.ui, look, line, &shown);
        if response.hovered() {
            stage.desk.hint(said(name));
        }
    }
}

fn by(peak: Option<At>) -> String {
    peak.map_or("\u{2013}".to_owned(), |peak| signed(peak.value, 2))
}

/// What a line means.
fn said(name: &str) -> &'static str {
    match name {
        "ITU 4\u{d7}" => "Highest true peak by the filter of BS.1770: what other meters show.",
        "Strict 16\u{d7}" => "The same on a grid sixteen times finer: the honest value.",
        "PLR" => "Highest true peak over integrated loudness: PLR.",
        _ => "True peak over short-term loudness where it was densest: lowest PSR.",
    }
}

/// Whether it is over, by how much, and where; or what there is to spare.
fn banner(stage: &mut MeterStage<'_, '_>, rect: Rect, highest: Option<At>, over: bool) {
    let look = stage.look;
    let ceiling = stage.params.target().ceiling_dbtp;
    let (Some(peak), Some(ceiling)) = (highest, ceiling) else {
        let text = if highest.is_some() { "no ceiling asked for" } else { "nothing measured yet" };
        let small = look.font(size::SMALL + 1.0);
        label(stage.ui, rect, Align2::LEFT_CENTER, text, small, theme::LABEL);
        return;
    };
    let off = (peak.value - ceiling) as f32;
    let at = clock(peak.seconds as f32, true);
    let font = look.bold(size::BODY);
    if over {
        let corner = look.corner(4.0);
        stage.ui.painter().rect(
            rect,
            corner,
            theme::OVER,
            look.stroke(1.0, theme::OVER),
            StrokeKind::Inside,
        );
        let text = format!("over by {} at {at}", number(off, 2));
        let drawn = label(stage.ui, rect, Align2::CENTER_CENTER, &text, font, theme::WELL);
        mark::over(stage, drawn.left_center() + look.size(-10.0, 4.0), theme::WELL);
    } else {
        let most = number(ceiling as f32, 1);
        let text = format!("{} dB under {most}, at {at}", number(-off, 2));
        let font = look.font(size::BODY);
        label(stage.ui, rect, Align2::LEFT_CENTER, &text, font, theme::SIGNAL);
    }
}
