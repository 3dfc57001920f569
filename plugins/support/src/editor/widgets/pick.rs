//! One of many: the chosen one in sight, the rest in a list that opens.

use crate::editor::desk::Desk;
use crate::editor::handle::notches;
use crate::editor::theme::{self, Look, size};
use egui::{
    Align2, Key, Modifiers, Popup, Rect, Sense, Shape, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

/// One of the options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PickOption<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it is, for the tooltip and the footer.
    pub hint: &'a str,
}

/// Lets one pick of `options`, where `chosen` is picked now; gives the option picked instead. A click or
/// Enter opens the list; wheel and arrow keys step through it. No parameter: `name` says what is picked.
pub fn pick(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    rect: Rect,
    name: &str,
    chosen: usize,
    options: &[PickOption<'_>],
) -> Option<usize> {
    let id = ui.scope_id().with(("pick", name));
    let response = ui.interact(rect, id, Sense::click());
    let shown = options.get(chosen).copied().unwrap_or(PickOption { name: "", hint: "" });
    let corner = look.corner(6.0);
    let edge = if response.has_focus() { theme::TEXT } else { theme::TRACK };
    let fill = if response.hovered() { theme::LINE } else { theme::WELL };
    let painter = ui.painter().with_clip_rect(rect);
    painter.rect(rect, corner, fill, look.stroke(1.0, edge), StrokeKind::Inside);
    let at = pos2(rect.left() + look.px(10.0), rect.center().y);
    painter.text(at, Align2::LEFT_CENTER, shown.name, look.font(size::BODY), theme::TEXT);
    let arrow = pos2(rect.right() - look.px(14.0), rect.center().y);
    let corners = [look.size(-4.0, -2.0), look.size(4.0, -2.0), look.size(0.0, 3.0)];
    let triangle = corners.map(|corner| arrow + corner).to_vec();
    painter.add(Shape::convex_polygon(triangle, theme::LABEL, egui::Stroke::NONE));
    if response.hovered() || response.has_focus() {
        desk.hint = Some(shown.hint.to_owned());
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::ComboBox, true, name));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(shown.name));

    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let mut picked = if open { None } else { stepped(ui, &response, chosen, options.len()) };
    Popup::menu(&response).width(rect.width()).show(|ui| {
        for (index, option) in options.iter().enumerate() {
            let (place, row) = ui.allocate_exact_size(
                vec2(rect.width(), look.px(size::BUTTON * 0.8)),
                Sense::click(),
            );
            let lit = row.hovered() || row.has_focus();
            if lit || index == chosen {
                let fill = if lit { theme::LINE } else { theme::WELL };
                ui.painter().rect_filled(place, look.corner(4.0), fill);
            }
            let font = if index == chosen { look.bold(size::BODY) } else { look.font(size::BODY) };
            let at = pos2(place.left() + look.px(8.0), place.center().y);
            ui.painter().text(at, Align2::LEFT_CENTER, option.name, font, theme::TEXT);
            let spoken = format!("{name}: {}", option.name);
            row.widget_info(|| {
                WidgetInfo::selected(egui::Role::MenuItemRadio, true, index == chosen, &spoken)
            });
            if lit {
                desk.hint = Some(option.hint.to_owned());
            }
            if row.clicked() {
                picked = Some(index);
                ui.close();
            }
            row.on_hover_text(option.hint);
        }
    });
    if !open {
        response.on_hover_text(shown.hint);
    }
    picked.filter(|index| *index != chosen)
}

/// Where wheel and arrow keys lead from `chosen`.
fn stepped(ui: &Ui, response: &egui::Response, chosen: usize, count: usize) -> Option<usize> {
    let mut steps = 0.0;
    if response.contains_pointer() {
        steps -= notches(ui, response).0;
    }
    if response.has_focus() {
        let filter = egui::EventFilter { vertical_arrows: true, ..Default::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        ui.input_mut(|input| {
            steps += input.count_and_consume_key(Modifiers::NONE, Key::ArrowDown) as f32;
            steps -= input.count_and_consume_key(Modifiers::NONE, Key::ArrowUp) as f32;
        });
    }
    let last = count.saturating_sub(1) as f32;
    (steps != 0.0).then(|| (chosen as f32 + steps).clamp(0.0, last) as usize)
}
