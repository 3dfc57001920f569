//! What lies under the pointer, and what the spectrum is to those who do not see it.

use super::{AXES, HOLD, View, signed, words};
use crate::editor::MeterStage;
use egui::{Rect, Sense, WidgetInfo};
use support::editor::spectrum::{FLOOR_DB, Spectrum, band_edges_hz, nominal_hz};
use support::editor::theme::{self, size};
use support::editor::widgets::curve::Plot;
use support::editor::widgets::number;

/// What lies under the pointer, in words.
pub(super) fn point(
    stage: &mut MeterStage<'_, '_>,
    plot: &Plot,
    view: &View,
    [mix, reference, differs]: [&Spectrum; 3],
) {
    let look = stage.look;
    let id = stage.ui.scope_id().with("spectrum");
    let response = stage.ui.interact(plot.rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Meter, true, "Spectrum of the mix"));
    let loudest = mix.iter().filter(|(_, db)| *db > AXES.db[0]).max_by(|a, b| a.1.total_cmp(&b.1));
    let value = match loudest {
        Some((hz, db)) => format!("most at {}, {}", frequency(view, *hz), level(*db)),
        None => "silent".to_owned(),
    };
    stage.ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
    let Some(pointer) = response.hover_pos() else { return };
    stage.desk.set_hint(HOLD);
    let wanted = plot.hz(pointer.x);
    let distance = |hz: f32| (hz / wanted).ln().abs();
    let nearest = |a: &(usize, &(f32, f32)), b: &(usize, &(f32, f32))| {
        distance(a.1.0).total_cmp(&distance(b.1.0))
    };
    let Some((at, (hz, db))) = mix.iter().enumerate().min_by(nearest) else { return };
    let named = if view.is_line { wanted } else { *hz };
    let mut text = format!("{}   {}", frequency(view, named), level(*db));
    if view.is_line {
        text = format!("{}   {}   {}", frequency(view, named), words::note(named), level(*db));
    }
    if let Some((_, db)) = reference.get(at) {
        text = format!("{text}   reference {}", level(*db));
    }
    if let Some((_, db)) = differs.get(at).filter(|(_, db)| db.is_finite()) {
        text = format!("{text}   difference {} dB", signed(*db, 1));
    }
    let painter = stage.ui.painter().with_clip_rect(plot.rect);
    let x = plot.x(named);
    painter.vline(x, plot.rect.y_range(), look.stroke(1.0, theme::LABEL));
    let at = plot.rect.left_top() + look.size(8.0, 4.0);
    let galley = painter.layout_no_wrap(text, look.font(size::SMALL + 1.0), theme::TEXT);
    let behind = Rect::from_min_size(at, galley.size()).expand2(look.size(4.0, 2.0));
    painter.rect_filled(behind, look.corner(3.0), theme::RAISED);
    painter.galley(at, galley, theme::TEXT);
}

/// A place on the axis in words: a band by its nominal frequency and what notes it holds.
fn frequency(view: &View, hz: f32) -> String {
    if view.is_line {
        return words::hertz(hz);
    }
    let [low, high] = band_edges_hz(hz);
    let notes = format!("{} to {}", words::hertz(low), words::hertz(high));
    format!("{} band, {notes}, around {}", words::nominal(nominal_hz(hz)), words::note(hz))
}

fn level(db: f32) -> String {
    if db > FLOOR_DB + 20.0 { format!("{} dB", number(db, 1)) } else { "silent".to_owned() }
}
