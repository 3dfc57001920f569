//! A lamp with words: its state is never told by colour alone.

use crate::editor::theme::{self, Look, size};
use egui::{Align2, Color32, Rect, Sense, Ui, WidgetInfo, pos2};

/// How a lamp stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lamp {
    /// Dark: an empty ring.
    Off,
    /// Lit in this colour: a full disc.
    On(Color32),
    /// A warning in this colour: a full disc, and the words in its colour too.
    Alarm(Color32),
}

/// A lamp and what it says, at the left of `rect`.
pub fn lamp(ui: &mut Ui, look: Look, rect: Rect, lamp: Lamp, text: &str) {
    let radius = look.px(5.0);
    let centre = pos2(rect.left() + radius, rect.center().y);
    let painter = ui.painter();
    let colour = match lamp {
        Lamp::Off => theme::LABEL,
        Lamp::On(_) => theme::TEXT,
        Lamp::Alarm(colour) => colour,
    };
    match lamp {
        Lamp::Off => {
            painter.circle_stroke(centre, radius - look.px(0.75), look.stroke(1.5, theme::TRACK))
        }
        Lamp::On(lit) | Lamp::Alarm(lit) => painter.circle_filled(centre, radius, lit),
    };
    let at = pos2(centre.x + look.px(13.0), centre.y);
    let drawn = painter.text(at, Align2::LEFT_CENTER, text, look.font(size::BODY), colour);
    let response =
        ui.interact(drawn, ui.scope_id().with(("lamp", rect.min.y as i32)), Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, text));
}
