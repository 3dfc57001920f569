//! The preset in the header: its name, whether it was changed since, and the ones beside it.

use super::browser::Browser;
use super::desk::Desk;
use super::theme::{self, Look, size};
use crate::presets::library::{Entry, Key};
use egui::text::{LayoutJob, TextFormat};
use egui::{Align2, Color32, FontId, Rect, Sense, StrokeKind, Ui, WidgetInfo, pos2};

/// Width of each arrow at 100 %.
const ARROW: f32 = 26.0;

/// Draws the bar into `rect`: an arrow to either side, the name between them. A click on the name
/// opens the browser.
pub(super) fn preset_bar(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, rect: Rect) {
    let (left, rest) = rect.split_left_right_at_x(rect.left() + look.px(ARROW));
    let (name, right) = rest.split_left_right_at_x(rest.right() - look.px(ARROW));
    ui.painter().rect(
        rect,
        look.corner(6.0),
        theme::WELL,
        look.stroke(1.0, theme::TRACK),
        StrokeKind::Inside,
    );
    // Drawn from left to right, as Tab goes.
    step(ui, look, desk, left, -1);
    if shown_name(ui, look, desk, name) {
        let chosen = desk.session.preset().cloned();
        desk.session.browser = Some(Browser::new(chosen));
    }
    step(ui, look, desk, right, 1);
}

/// An arrow that loads the preset beside.
fn step(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, rect: Rect, step: isize) {
    let beside = beside(desk, step).map(|entry| entry.key.clone());
    if arrow(ui, look, desk, rect, step, beside.as_ref()) {
        load(desk, beside.as_ref());
    }
}

/// Loads the preset with this key, if it is there.
pub(super) fn load(desk: &mut Desk<'_>, key: Option<&Key>) {
    let library = desk.session.library.as_ref();
    let entry = key.and_then(|key| library.and_then(|library| library.find(key))).cloned();
    if let Some(entry) = entry {
        desk.load(&entry.key, &entry.preset);
    }
}

/// The preset `step` places on from the one that is heard, round the ends; without one, from the ends.
fn beside<'d>(desk: &'d Desk<'_>, step: isize) -> Option<&'d Entry> {
    let entries = desk.session.library.as_ref()?.entries();
    let at = desk.session.preset().and_then(|key| entries.iter().position(|e| e.key == *key));
    let count = entries.len() as isize;
    let at = match at {
        Some(at) => at as isize + step,
        None if step > 0 => 0,
        None => count - 1,
    };
    entries.get(at.rem_euclid(count.max(1)) as usize)
}

fn arrow(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    rect: Rect,
    step: isize,
    beside: Option<&Key>,
) -> bool {
    let (which, sign) =
        if step < 0 { ("Previous preset", "\u{2039}") } else { ("Next preset", "\u{203a}") };
    let response = ui.interact(rect, ui.scope_id().with(which), Sense::click());
    let colour = match beside {
        None => theme::TRACK,
        Some(_) if response.hovered() => theme::TEXT,
        Some(_) => theme::LABEL,
    };
    let font = look.font(size::SECTION);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, sign, font, colour);
    ring(ui, look, rect, &response);
    if response.hovered() || response.has_focus() {
        desk.hint = Some(match beside {
            Some(key) => format!("{which}: {}.", key.name),
            None => "There are no presets.".to_owned(),
        });
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, beside.is_some(), which));
    response.clicked()
}

fn shown_name(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, rect: Rect) -> bool {
    let id = ui.scope_id().with("preset");
    let response = ui.interact(rect, id, Sense::click());
    let key = desk.session.preset().cloned();
    let found = key.as_ref().and_then(|key| desk.session.library.as_ref()?.find(key)).cloned();
    // One that is not there any more cannot be what is heard.
    let changed = key.is_some() && found.as_ref().is_none_or(|e| desk.differs(&e.preset));
    let name = key.as_ref().map_or("Presets", |key| &key.name);
    let bright = key.is_some() || response.hovered();
    let colour = if bright { theme::TEXT } else { theme::LABEL };

    let small = look.font(size::SMALL);
    let mut inside = rect.shrink2(look.size(4.0, 0.0));
    let middle = rect.center().y;
    let painter = ui.painter();
    let down = pos2(inside.right(), middle);
    let drawn = painter.text(down, Align2::RIGHT_CENTER, "\u{25bc}", look.font(8.0), theme::LABEL);
    inside.max.x = drawn.left() - look.px(6.0);
    if changed {
        let at = pos2(inside.left(), middle);
        let dot = painter.text(at, Align2::LEFT_CENTER, "\u{25cf}", small, theme::GAIN);
        inside.min.x = dot.right() + look.px(5.0);
    }
    let galley = elided(ui, name, look.font(size::BODY), colour, inside.width());
    let corner = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), inside).min;
    ui.painter().galley(corner, galley, colour);
    ring(ui, look, rect, &response);

    if response.hovered() || response.has_focus() {
        desk.hint = Some(match (&key, &found) {
            (None, _) => "Presets: click to choose or save one.".to_owned(),
            (Some(key), None) => format!("{} is not among the presets here.", key.name),
            (Some(key), Some(_)) if changed => {
                format!("{}, changed since. Click for all presets, and to save.", key.name)
            }
            (Some(_), Some(entry)) if !entry.preset.note.is_empty() => entry.preset.note.clone(),
            (Some(key), Some(_)) => format!("{}, as it was saved.", key.name),
        });
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, "Preset"));
    let value = if changed { format!("{name}, changed") } else { name.to_owned() };
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(value));
    response.clicked()
}

fn ring(ui: &Ui, look: Look, rect: Rect, response: &egui::Response) {
    if response.has_focus() {
        let stroke = look.stroke(1.5, theme::TEXT);
        ui.painter().rect_stroke(rect, look.corner(6.0), stroke, StrokeKind::Inside);
    }
}

/// A text on one line, cut short with an ellipsis where it is wider than `width`.
pub(super) fn elided(
    ui: &Ui,
    text: &str,
    font: FontId,
    colour: Color32,
    width: f32,
) -> std::sync::Arc<egui::Galley> {
    let mut job = LayoutJob::single_section(text.to_owned(), TextFormat::simple(font, colour));
    job.wrap = egui::text::TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}
