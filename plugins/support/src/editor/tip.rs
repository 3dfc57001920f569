//! Tooltips that stand beside a control, and not on it.

use super::theme::{Look, size};
use egui::{Rect, Response, Tooltip};

/// Shows `text` while the pointer rests on `response`, clear of `control`: all of the control, its
/// name and value included, of which the response may be a part.
pub fn tip(look: Look, response: &Response, control: Rect, text: &str) {
    if response.dragged() {
        return;
    }
    let mut tooltip = Tooltip::for_enabled(response).gap(look.px(size::GAP * 0.5));
    tooltip.popup = tooltip.popup.anchor(control);
    tooltip.show(|ui| ui.label(text));
}
