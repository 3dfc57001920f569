//! What every page has: the header with the name, the preset, A/B, undo and the monitors, and the footer with
//! the hint, the latency and the rate.

use super::desk::Desk;
use super::preset_bar::preset_bar;
use super::theme::{self, Look, size};
use super::widgets::{Tone, button, label, number, switch_saying};
use egui::{Align2, Color32, Key, Modifiers, Rect, Ui, pos2, vec2};

/// Heights at 100 %.
const HEADER: f32 = 52.0;
const FOOTER: f32 = 32.0;
/// Between the groups of the header, and between the buttons of one.
const GROUP: f32 = 18.0;
const BESIDE: f32 = 6.0;
/// Widest the preset's name becomes.
const PRESET: f32 = 300.0;
/// The id of the monitor that shows what it holds.
const MATCH: &str = "match";
/// How long a message stays in the footer, in seconds.
const MESSAGE_S: f64 = 6.0;

/// The parts of a window.
pub(super) struct Parts {
    pub(super) header: Rect,
    pub(super) body: Rect,
    pub(super) footer: Rect,
}

/// Cuts the window into its parts.
pub(super) fn parts(look: Look, window: Rect) -> Parts {
    let top = window.top() + look.px(HEADER);
    let bottom = window.bottom() - look.px(FOOTER);
    let row = |from: f32, to: f32| {
        Rect::from_min_max(pos2(window.left(), from), pos2(window.right(), to))
    };
    Parts {
        header: row(window.top(), top),
        body: row(top, bottom).shrink(look.px(size::MARGIN)),
        footer: row(bottom, window.bottom()),
    }
}

/// What the header shows besides the parameters.
pub(super) struct Header<'a> {
    pub(super) name: &'a str,
    /// The monitors and the bypass, each with the colour it has while on.
    pub(super) switches: &'a [(usize, Color32)],
    /// The gain Match holds, in dB.
    pub(super) match_db: Option<f32>,
    /// Why a monitor has nothing to do just now.
    pub(super) why_idle: &'a dyn Fn(&str) -> Option<&'static str>,
}

/// Draws the header: name and preset left; A/B, undo, redo and the switches right. Gives where the
/// preset's name is.
pub(super) fn header(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    rect: Rect,
    header: &Header<'_>,
) -> Rect {
    let line = look.stroke(1.0, theme::LINE);
    ui.painter().hline(rect.x_range(), rect.bottom(), line);
    let inside = rect.shrink2(look.size(size::MARGIN + 4.0, 0.0));
    let font = look.bold(size::SECTION);
    let name = label(ui, inside, Align2::LEFT_CENTER, header.name, font, theme::TEXT);

    let mut right = inside.right();
    let mut place = |width: f32, gap: f32| {
        let corner = pos2(right - width, rect.center().y - look.px(size::BUTTON * 0.5));
        right -= width + look.px(gap);
        Rect::from_min_size(corner, vec2(width, look.px(size::BUTTON)))
    };
    let switches: Vec<(Switch, Rect)> = (header.switches.iter().enumerate().rev())
        .map(|(count, (index, colour))| {
            let switch = Switch::new(ui, look, desk, *index, *colour, header);
            let place = place(switch.width, if count == 0 { GROUP } else { BESIDE });
            (switch, place)
        })
        .collect();
    let (redo, undo) = (place(look.px(52.0), BESIDE), place(look.px(52.0), GROUP));
    let (copy, compare) = (place(look.px(58.0), BESIDE), place(look.px(50.0), GROUP));
    let least = name.right() + look.px(GROUP);
    let widest = look.px(PRESET).min(right - least);
    let preset = Rect::from_min_max(pos2(least, undo.top()), pos2(least + widest, undo.bottom()));

    // Drawn from left to right, as Tab goes.
    preset_bar(ui, look, desk, preset);
    let slot = desk.slot();
    let (here, there) = (slot.letter(), slot.other().letter());
    let what = format!("{here} is heard; click for {there}, which undo can take back.");
    if ab(ui, look, desk, compare, &what) {
        desk.compare();
    }
    let tone = if desk.slots_differ() { Tone::Ready } else { Tone::Idle };
    let copy_text = format!("{here} \u{2192} {there}");
    if button(ui, look, desk, copy, &copy_text, tone, &format!("Copies {here} over {there}.")) {
        desk.copy_to_other();
    }
    undo_and_redo(ui, look, desk, undo, redo);
    for (switch, place) in switches.iter().rev() {
        switch.draw(ui, look, desk, *place);
    }
    preset
}

fn undo_and_redo(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, undo: Rect, redo: Rect) {
    let (undoable, redoable) = desk.undoable();
    let undo_hint = undoable.map(|name| format!("Takes back {name} (Ctrl+Z)."));
    let redo_hint = redoable.map(|name| format!("Brings back {name} (Ctrl+Shift+Z)."));
    for (rect, text, hint, redo) in
        [(undo, "Undo", undo_hint, false), (redo, "Redo", redo_hint, true)]
    {
        let tone = if hint.is_some() { Tone::Ready } else { Tone::Idle };
        let hint = hint.unwrap_or_else(|| format!("{text}: nothing to do."));
        if button(ui, look, desk, rect, text, tone, &hint) {
            if redo { desk.redo() } else { desk.undo() }
        }
    }
}

/// A monitor or the bypass in the header.
struct Switch {
    index: usize,
    colour: Color32,
    text: String,
    width: f32,
    idle: Option<&'static str>,
}

impl Switch {
    fn new(
        ui: &Ui,
        look: Look,
        desk: &Desk<'_>,
        index: usize,
        colour: Color32,
        header: &Header<'_>,
    ) -> Self {
        let control = desk.control(index);
        let name = control.name().to_owned();
        let idle = (header.why_idle)(&control.id);
        let on = desk.value(index) > 0.5;
        let is_match = control.id == MATCH;
        let held = header.match_db.filter(|_| is_match && on && idle.is_none());
        let text = match held {
            Some(db) => format!("{name} {} dB", signed(db)),
            None => name.clone(),
        };
        // As wide as it can become, so that nothing moves when it does.
        let widest = if is_match { format!("{name} \u{2212}24.0 dB") } else { name };
        let galley = ui.painter().layout_no_wrap(widest, look.bold(size::BODY), theme::TEXT);
        Self { index, colour, text, width: galley.size().x + look.px(20.0), idle }
    }

    fn draw(&self, ui: &mut Ui, look: Look, desk: &mut Desk<'_>, place: Rect) {
        let on = desk.value(self.index) > 0.5;
        match self.idle {
            // One that is on can still be switched off.
            Some(why) if !on => {
                button(ui, look, desk, place, &self.text, Tone::Idle, why);
            }
            idle => {
                switch_saying(ui, look, desk, self.index, place, self.colour, &self.text);
                if let Some(why) = idle.filter(|_| ui.rect_contains_pointer(place)) {
                    desk.hint = Some(why.to_owned());
                }
            }
        }
    }
}

/// A number of dB to a tenth, with its sign.
fn signed(db: f32) -> String {
    let text = number(db, 1);
    if db >= 0.05 { format!("+{text}") } else { text }
}

/// The switch between A and B: the letter heard is bright, the other dim.
fn ab(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, rect: Rect, hint: &str) -> bool {
    let pressed = button(ui, look, desk, rect, "A/B", Tone::Ready, hint);
    let slot = desk.slot();
    let inside = rect.shrink(look.px(2.0));
    ui.painter().rect_filled(inside, look.corner(4.0), theme::WELL);
    let (a, b) = inside.split_left_right_at_fraction(0.5);
    for (half, letter) in [(a, super::history::Slot::A), (b, super::history::Slot::B)] {
        let heard = letter == slot;
        if heard {
            ui.painter().rect_filled(half, look.corner(4.0), theme::RAISED);
        }
        let font = if heard { look.bold(size::BODY) } else { look.font(size::BODY) };
        let colour = if heard { theme::SIGNAL } else { theme::LABEL };
        ui.painter().text(half.center(), Align2::CENTER_CENTER, letter.letter(), font, colour);
    }
    pressed
}

/// Draws the footer: a message, or the hint for what the pointer is over, and the facts.
pub(super) fn footer(ui: &mut Ui, look: Look, desk: &mut Desk<'_>, rect: Rect, facts: &str) {
    ui.painter().hline(rect.x_range(), rect.top(), look.stroke(1.0, theme::LINE));
    let mut inside = rect.shrink2(look.size(size::MARGIN + 4.0, 0.0));
    // The window's corner has its grip.
    inside.max.x -= look.px(4.0);
    let font = look.font(size::SMALL + 1.0);
    let facts = label(ui, inside, Align2::RIGHT_CENTER, facts, font.clone(), theme::LABEL);
    let now = ui.input(|input| input.time);
    let message = desk.session.message.take().filter(|(_, since)| now - since < MESSAGE_S);
    let (text, colour) = match (&message, &desk.hint) {
        (Some((message, _)), _) => (message.clone(), theme::OVER),
        (None, Some(hint)) => (hint.clone(), theme::LABEL),
        (None, None) => {
            ("Drag, wheel or type; Shift is fine, double-click resets.".to_owned(), theme::LABEL)
        }
    };
    if let Some((_, since)) = &message {
        let left = (MESSAGE_S - (now - since)).max(0.0);
        ui.ctx().request_repaint_after_secs(left as f32);
    }
    desk.session.message = message;
    let mut place = inside;
    place.max.x = facts.left() - look.px(size::MARGIN);
    let painter = ui.painter().with_clip_rect(place);
    let at = pos2(place.left(), place.center().y);
    let drawn = painter.text(at, Align2::LEFT_CENTER, &text, font, colour);
    let response = ui.interact(drawn, ui.scope_id().with("hint"), egui::Sense::empty());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Status, true, "Hint"));
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(text));
}

/// Undo and redo from the keyboard, unless a value is being typed.
pub(super) fn shortcuts(ui: &Ui, desk: &mut Desk<'_>) {
    if desk.session.typing.is_some() || desk.session.browser.is_some() {
        return;
    }
    let redo = Modifiers::COMMAND | Modifiers::SHIFT;
    if ui.input_mut(|input| input.consume_key(redo, Key::Z)) {
        desk.redo();
    }
    if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::Z)) {
        desk.undo();
    }
}
