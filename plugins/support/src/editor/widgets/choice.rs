//! One of several, all of them in sight.

use crate::editor::desk::{Desk, true_minus};
use crate::editor::handle::{Way, handle, keep_arrows, notches, pressed};
use crate::editor::theme::{self, Look, size};
use egui::{Align2, Key, Rect, Response, Sense, StrokeKind, Ui, WidgetInfo, pos2, vec2};

/// A choice for the parameter at `index` in `rect`: click one, or step through them with the wheel
/// or the arrow keys; Ctrl-click or Delete resets. Segments are as wide as their names ask.
pub fn choice(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, index: usize, rect: Rect) {
    let names = names(desk, index);
    let last = names.len() - 1;
    let name = desk.control(index).name().to_owned();
    let response = ui.interact(rect, ui.scope_id().with(("choice", index)), Sense::click());
    handle(ui, look, desk, index, &response, Way::None);
    let chosen = (desk.value(index) * last as f32).round() as usize;
    let Segments { pressed, .. } = segments(ui, look, rect, &response, &name, &names, chosen);
    if let Some(step) = pressed {
        if ui.input(|input| input.modifiers.command) {
            desk.reset(index);
        } else {
            desk.edit(index, step as f32 / last as f32);
        }
    }
    let text = desk.text(index);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(text));
    let tooltip = desk.tooltip(index);
    if ui.rect_contains_pointer(rect) {
        desk.hint = Some(tooltip);
    }
}

/// The same with one more at its end, which is the switch at `switch`: what belongs among the others but
/// adds latency, and so cannot be automated with them. On, it stands in the place of the choice; whatever
/// is chosen of both is one gesture.
pub fn choice_or(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    index: usize,
    switch: usize,
    rect: Rect,
) {
    let mut names = names(desk, index);
    let last = names.len() - 1;
    names.push(desk.control(switch).name().to_owned());
    let name = desk.control(index).name().to_owned();
    let response = ui.interact(rect, ui.scope_id().with(("choice", index)), Sense::click());
    let chosen = |desk: &Desk<'_>| {
        let own = (desk.value(index) * last as f32).round() as usize;
        if desk.value(switch) > 0.5 { last + 1 } else { own }
    };
    let changes = |option: usize| {
        let own = (option <= last).then(|| (index, option as f32 / last as f32));
        [Some((switch, if option > last { 1.0 } else { 0.0 })), own]
    };
    let defaults = [index, switch].map(|at| Some((at, desk.control(at).default_normalized())));
    let wanted = asked(ui, &response, chosen(desk), last + 1);
    let (now, under) = (chosen(desk), response.id);
    let Segments { pressed, hovered } = segments(ui, look, rect, &response, &name, &names, now);
    let wanted = match pressed {
        Some(_) if ui.input(|input| input.modifiers.command) => Some(Asked::Default),
        Some(option) => Some(Asked::Option(option)),
        None => wanted,
    };
    let changes = match wanted {
        Some(Asked::Option(option)) => changes(option),
        Some(Asked::Default) => defaults,
        None => [None, None],
    };
    let changes: Vec<_> =
        changes.into_iter().flatten().filter(|(at, value)| desk.value(*at) != *value).collect();
    if !changes.is_empty() {
        desk.edit_all(&changes);
    }
    let text = names[chosen(desk)].clone();
    ui.ctx().accesskit_node_builder(under, |node| node.set_value(text));
    if ui.rect_contains_pointer(rect) || (response.has_focus() && desk.hint.is_none()) {
        let spoken_of = hovered.unwrap_or_else(|| chosen(desk));
        desk.hint = Some(desk.tooltip(if spoken_of > last { switch } else { index }));
    }
}

/// What wheel and keys ask of a choice.
enum Asked {
    Option(usize),
    Default,
}

fn asked(ui: &Ui, response: &Response, now: usize, last: usize) -> Option<Asked> {
    let mut steps = 0;
    if response.contains_pointer() {
        steps += notches(ui, response).0 as isize;
    }
    let mut wanted = None;
    if response.has_focus() {
        keep_arrows(ui, response);
        let ways =
            [(Key::ArrowUp, 1), (Key::ArrowRight, 1), (Key::ArrowDown, -1), (Key::ArrowLeft, -1)];
        for (key, way) in ways {
            steps += way * pressed(ui, key).0 as isize;
        }
        for (key, option) in [(Key::Home, 0), (Key::End, last)] {
            if pressed(ui, key).0 > 0 {
                wanted = Some(Asked::Option(option));
            }
        }
        if pressed(ui, Key::Delete).0 + pressed(ui, Key::Backspace).0 > 0 {
            wanted = Some(Asked::Default);
        }
    }
    let stepped = now.saturating_add_signed(steps).min(last);
    wanted.or((stepped != now).then_some(Asked::Option(stepped)))
}

fn names(desk: &Desk<'_>, index: usize) -> Vec<String> {
    let steps = desk.control(index).step_count().unwrap_or(1);
    (0..=steps)
        .map(|step| true_minus(&desk.control(index).text_of(step as f32 / steps as f32)))
        .collect()
}

/// What the pointer did to the segments.
struct Segments {
    pressed: Option<usize>,
    hovered: Option<usize>,
}

/// Draws the options side by side, one of them chosen.
fn segments(
    ui: &mut Ui,
    look: Look,
    rect: Rect,
    response: &Response,
    name: &str,
    names: &[String],
    chosen: usize,
) -> Segments {
    let corner = look.corner(6.0);
    ui.painter().rect(
        rect,
        corner,
        theme::WELL,
        look.stroke(1.0, theme::TRACK),
        StrokeKind::Inside,
    );
    let inside = rect.shrink(look.px(3.0));
    let font = look.font(size::BODY);
    let widths: Vec<f32> = names
        .iter()
        .map(|n| ui.painter().layout_no_wrap(n.clone(), font.clone(), theme::TEXT).size().x)
        .collect();
    let spare = (inside.width() - widths.iter().sum::<f32>()) / names.len() as f32;
    let mut left = inside.left();
    let mut done = Segments { pressed: None, hovered: None };
    for (step, (variant, width)) in names.iter().zip(&widths).enumerate() {
        let segment =
            Rect::from_min_size(pos2(left, inside.top()), vec2(width + spare, inside.height()));
        left = segment.right();
        let press = ui.interact(segment, response.id.with(step), Sense::CLICK);
        if press.clicked() {
            response.request_focus();
            done.pressed = Some(step);
        }
        if press.hovered() {
            done.hovered = Some(step);
        }
        let is_chosen = chosen == step;
        if is_chosen {
            ui.painter().rect(
                segment,
                look.corner(4.0),
                theme::RAISED,
                look.stroke(1.0, theme::TRACK),
                StrokeKind::Inside,
            );
        }
        let bright = is_chosen || press.hovered();
        let colour = if bright { theme::TEXT } else { theme::LABEL };
        let font = if is_chosen { look.bold(size::BODY) } else { font.clone() };
        ui.painter().text(segment.center(), Align2::CENTER_CENTER, variant, font, colour);
        let spoken = format!("{name}: {variant}");
        press.widget_info(|| {
            WidgetInfo::selected(egui::Role::RadioButton, true, is_chosen, &spoken)
        });
    }
    if response.has_focus() {
        let ring = rect.expand(look.px(2.0));
        ui.painter().rect_stroke(ring, corner, look.stroke(1.5, theme::TEXT), StrokeKind::Inside);
    }
    response.widget_info(|| WidgetInfo::labeled(egui::Role::RadioGroup, true, name));
    done
}
