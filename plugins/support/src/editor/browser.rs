//! The preset browser: all presets in a list, searched, loaded, saved and deleted.
//!
//! It lies over the page and has the keyboard while it is open: what is typed searches, the arrow
//! keys choose, Enter loads, Esc closes. A click loads and leaves it open, to try the next one.
//! Nothing is overwritten or deleted without a question.

use super::desk::Desk;
use super::preset_bar::{elided, load};
use super::theme::{self, Look, size};
use super::widgets::{Tone, button};
use crate::presets::LONGEST_NAME;
use crate::presets::library::{Entry, Key, Library};
use egui::{
    Align2, Area, Color32, Id, Key as Press, Modifiers, Order, Rect, ScrollArea, Sense, StrokeKind,
    TextEdit, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};
use nice_plug::prelude::Params;

/// Sizes at 100 %.
const WIDTH: f32 = 460.0;
const HEIGHT: f32 = 460.0;
const ROW: f32 = 26.0;
const NOTE: f32 = 52.0;

/// What the browser is doing.
#[derive(Debug, Clone, PartialEq, Default)]
enum Task {
    /// Showing what there is.
    #[default]
    Browse,
    /// Asking for a name to save under.
    Name(String),
    /// Asking whether the preset of this name may be replaced.
    Replace(String),
    /// Asking whether this preset may be deleted.
    Delete(Key),
}

/// The browser while it is open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Browser {
    search: String,
    chosen: Option<Key>,
    task: Task,
    /// What went wrong.
    error: Option<String>,
    /// Whether it has been drawn.
    is_open: bool,
    /// Whether the list has to move to what was chosen.
    scroll: bool,
}

/// What the user did to it in this frame.
#[derive(Debug, Default)]
struct Done {
    load: Option<Key>,
    close: bool,
    task: Option<Task>,
    save: Option<String>,
    delete: Option<Key>,
}

impl Browser {
    /// A browser about to open, with this preset chosen.
    pub(crate) fn new(chosen: Option<Key>) -> Self {
        Self { chosen, scroll: true, ..Self::default() }
    }

    /// The presets that hold every word of the search in name or note.
    fn matches<'l>(&self, library: &'l Library) -> Vec<&'l Entry> {
        let search = self.search.to_lowercase();
        let words: Vec<&str> = search.split_whitespace().collect();
        let holds = |entry: &&Entry| {
            let text = format!("{} {}", entry.key.name, entry.preset.note).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        library.entries().iter().filter(holds).collect()
    }

    /// Chooses the preset `step` places on.
    fn choose_beside(&mut self, matches: &[&Entry], step: isize) {
        let at = matches.iter().position(|entry| Some(&entry.key) == self.chosen.as_ref());
        let last = matches.len() as isize - 1;
        let to = at.map_or(0, |at| (at as isize + step).clamp(0, last.max(0)));
        self.chosen = matches.get(to as usize).map(|entry| entry.key.clone());
        self.scroll = true;
    }
}

/// Draws the browser, if it is open, over `window`, below `anchor`; does what was asked of it.
pub(super) fn show<P: Params + Default>(
    ui: &Ui,
    look: Look,
    desk: &mut Desk<'_>,
    window: Rect,
    anchor: Rect,
) {
    let Some(mut browser) = desk.session.browser.take() else { return };
    let Some(mut library) = desk.session.library.take() else { return };
    if !std::mem::replace(&mut browser.is_open, true) {
        library.refresh::<P>();
    }
    let area = Area::new(Id::unique("preset browser"))
        .order(Order::Foreground)
        .fixed_pos(window.min)
        .constrain(false);
    let shown = area.show(ui.ctx(), |ui| {
        let outside = ui.interact(window, ui.scope_id().with("outside"), Sense::CLICK);
        ui.painter().rect_filled(window, 0, Color32::from_black_alpha(140));
        let rect = place(look, window, anchor);
        // The panel itself takes clicks too, so that they do not fall through to what closes it.
        ui.interact(rect, ui.scope_id().with("panel"), Sense::CLICK);
        let mut done = panel(ui, look, desk, rect, &mut browser, &library);
        done.close |= outside.clicked();
        done
    });
    ui.memory_mut(|memory| memory.set_modal_layer(shown.response.layer_id));
    desk.session.library = Some(library);
    if !act::<P>(desk, &mut browser, shown.inner) {
        desk.session.browser = Some(browser);
    }
}

/// Does what was asked; whether the browser closes.
fn act<P: Params + Default>(desk: &mut Desk<'_>, browser: &mut Browser, done: Done) -> bool {
    load(desk, done.load.as_ref());
    if let Some(task) = done.task {
        browser.task = task;
        browser.error = None;
    }
    let heard = desk.heard();
    let Some(library) = desk.session.library.as_mut() else { return true };
    if let Some(name) = done.save {
        match library.save::<P>(&name, &heard) {
            Ok(key) => {
                desk.session.set_preset(Some(key));
                return true;
            }
            Err(error) => browser.error = Some(error),
        }
    } else if let Some(key) = done.delete {
        match library.delete::<P>(&key) {
            Ok(()) if desk.session.preset() == Some(&key) => desk.session.set_preset(None),
            Ok(()) => {}
            Err(error) => browser.error = Some(error),
        }
        browser.task = Task::Browse;
    }
    done.close
}

fn place(look: Look, window: Rect, anchor: Rect) -> Rect {
    let margin = look.px(size::MARGIN);
    let top = anchor.bottom() + look.px(6.0);
    let width = look.px(WIDTH).min(window.width() - 2.0 * margin);
    let height = look.px(HEIGHT).min(window.bottom() - top - margin);
    let left = anchor.left().min(window.right() - margin - width).max(window.left() + margin);
    Rect::from_min_size(pos2(left, top), vec2(width, height))
}

fn panel(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    rect: Rect,
    browser: &mut Browser,
    library: &Library,
) -> Done {
    let mut done = Done::default();
    let edge = look.stroke(1.0, theme::TRACK);
    ui.painter().rect(rect, look.corner(size::CORNER), theme::PANEL, edge, StrokeKind::Inside);
    let inside = rect.shrink(look.px(12.0));
    let gap = look.px(size::GAP);
    let search = inside.with_max_y(inside.top() + look.px(size::BUTTON));
    let bottom = inside.with_min_y(inside.bottom() - look.px(size::BUTTON));
    let note = Rect::from_min_max(
        pos2(inside.left(), bottom.top() - gap - look.px(NOTE)),
        pos2(inside.right(), bottom.top() - gap),
    );
    let list = Rect::from_min_max(
        pos2(inside.left(), search.bottom() + gap),
        pos2(inside.right(), note.top() - gap),
    );

    let before = browser.search.clone();
    let browsing = browser.task == Task::Browse;
    let typed = field(ui, look, search, "Search presets", &mut browser.search, browsing);
    let matches = browser.matches(library);
    let is_there = matches.iter().any(|entry| Some(&entry.key) == browser.chosen.as_ref());
    if browser.search != before || (!is_there && !browser.search.is_empty()) {
        if !is_there {
            browser.chosen = matches.first().map(|entry| entry.key.clone());
        }
        browser.scroll = true;
    }
    if browsing {
        keys(browser, &matches, &typed, &mut done);
    }
    entries(ui, look, desk, list, browser, (&matches, library.faults()), &mut done);
    say_note(ui, look, note, browser, &matches);
    match browser.task.clone() {
        Task::Browse => {
            let tone = if library.can_save() { Tone::Ready } else { Tone::Idle };
            let place = bottom.with_max_x(bottom.left() + look.px(100.0));
            let hint = "Saves what is heard as a preset of your own.";
            if button(ui, look, desk, place, "Save as\u{2026}", tone, hint) {
                let own = desk.session.preset().filter(|key| key.own);
                let name = own.map_or(String::new(), |key| key.name.clone());
                done.task = Some(Task::Name(name));
            }
        }
        Task::Name(mut name) => {
            let [place, yes, no] = prompt_places(look, bottom);
            let typed = field(ui, look, place, "Preset name", &mut name, true);
            let tone = if name.trim().is_empty() { Tone::Idle } else { Tone::Ready };
            let hint = "Saves what is heard under this name.";
            let save = button(ui, look, desk, yes, "Save", tone, hint) || typed.enter;
            let twin = library.own(&name);
            if button(ui, look, desk, no, "Cancel", Tone::Ready, "Saves nothing.") || typed.escape {
                done.task = Some(Task::Browse);
            } else if save && !name.trim().is_empty() {
                match twin {
                    Some(twin) => done.task = Some(Task::Replace(twin.key.name.clone())),
                    None => done.save = Some(name.clone()),
                }
                browser.task = Task::Name(name);
            } else {
                browser.task = Task::Name(name);
            }
        }
        Task::Replace(name) => {
            let question = format!("Replace \u{201c}{name}\u{201d}?");
            match ask(ui, look, desk, bottom, &question, "Replace") {
                Some(true) => done.save = Some(name),
                Some(false) => done.task = Some(Task::Name(name)),
                None => {}
            }
        }
        Task::Delete(key) => {
            let question = format!("Delete \u{201c}{}\u{201d} and its file?", key.name);
            match ask(ui, look, desk, bottom, &question, "Delete") {
                Some(true) => done.delete = Some(key),
                Some(false) => done.task = Some(Task::Browse),
                None => {}
            }
        }
    }
    done
}

/// Where a prompt is, and its two buttons.
fn prompt_places(look: Look, line: Rect) -> [Rect; 3] {
    let gap = look.px(size::GAP);
    let no = line.with_min_x(line.right() - look.px(74.0));
    let yes = line.with_max_x(no.left() - gap);
    let yes = yes.with_min_x(yes.right() - look.px(74.0));
    [line.with_max_x(yes.left() - gap), yes, no]
}

/// A question with two answers; Esc is no. Enter alone answers nothing: it may still be meant for
/// what came before.
fn ask(
    ui: &mut Ui,
    look: Look,
    desk: &mut Desk<'_>,
    line: Rect,
    question: &str,
    yes_text: &str,
) -> Option<bool> {
    let [place, yes, no] = prompt_places(look, line);
    let galley = elided(ui, question, look.font(size::BODY), theme::GAIN, place.width());
    let corner = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), place).min;
    ui.painter().galley(corner, galley, theme::GAIN);
    let response = ui.interact(place, ui.scope_id().with("question"), Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, question));
    let escape = ui.input_mut(|input| input.consume_key(Modifiers::NONE, Press::Escape));
    let hint = "There is no way back from this.";
    if button(ui, look, desk, yes, yes_text, Tone::Lit(theme::GAIN), hint) {
        return Some(true);
    }
    let keep = button(ui, look, desk, no, "Cancel", Tone::Ready, "Leaves it as it is.");
    (keep || escape).then_some(false)
}

/// What keys a field was left with.
#[derive(Debug, Default)]
struct Typed {
    enter: bool,
    escape: bool,
    delete: bool,
    steps: isize,
}

/// A field for text; it takes the keyboard if `wants` it and nobody in the browser has it.
fn field(ui: &mut Ui, look: Look, rect: Rect, name: &str, text: &mut String, wants: bool) -> Typed {
    let id = ui.scope_id().with(name);
    let focused = ui.memory(egui::Memory::focused);
    let mut typed = Typed::default();
    if wants && focused.is_none() {
        ui.memory_mut(|memory| memory.request_focus(id));
    }
    if wants {
        let take = |press| ui.input_mut(|input| input.consume_key(Modifiers::NONE, press));
        typed.escape = take(Press::Escape);
        // With the focus on a button, Enter presses that.
        if focused == Some(id) {
            typed.enter = take(Press::Enter);
            typed.delete = text.is_empty() && take(Press::Delete);
        }
        if focused == Some(id) || focused.is_none() {
            typed.steps = isize::from(take(Press::ArrowDown)) - isize::from(take(Press::ArrowUp));
        }
    }
    let edge = if ui.memory(|m| m.has_focus(id)) { theme::SIGNAL } else { theme::TRACK };
    let corner = look.corner(6.0);
    ui.painter().rect(rect, corner, theme::WELL, look.stroke(1.0, edge), StrokeKind::Inside);
    let inside = rect.shrink2(look.size(8.0, 2.0));
    let edit = TextEdit::singleline(text)
        .id(id)
        .font(look.font(size::BODY))
        .frame(egui::Frame::NONE)
        .align(Align2::LEFT_CENTER)
        .char_limit(LONGEST_NAME)
        .margin(egui::Margin::ZERO);
    ui.put(inside, edit);
    if text.is_empty() {
        let font = look.font(size::BODY);
        let at = pos2(inside.left(), inside.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, name, font, theme::LABEL);
    }
    ui.ctx().accesskit_node_builder(id, |node| node.set_label(name));
    typed
}

fn keys(browser: &mut Browser, matches: &[&Entry], typed: &Typed, done: &mut Done) {
    if typed.steps != 0 {
        browser.choose_beside(matches, typed.steps);
    }
    let chosen = matches.iter().find(|entry| Some(&entry.key) == browser.chosen.as_ref());
    if typed.enter {
        done.load = chosen.map(|entry| entry.key.clone());
        done.close = chosen.is_some();
    }
    if typed.delete {
        let own = chosen.filter(|entry| entry.key.own);
        done.task = own.map(|entry| Task::Delete(entry.key.clone()));
    }
    done.close |= typed.escape;
}

/// The list: sections, presets, and what could not be read.
fn entries(
    ui: &mut Ui,
    look: Look,
    desk: &Desk<'_>,
    rect: Rect,
    browser: &mut Browser,
    (matches, faults): (&[&Entry], &[String]),
    done: &mut Done,
) {
    ui.painter().rect_filled(rect, look.corner(6.0), theme::WELL);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect.shrink(look.px(4.0))));
    let scroll = ScrollArea::vertical().auto_shrink(false).id_salt("presets");
    scroll.show(&mut ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for own in [false, true] {
            let mut section = matches.iter().filter(|entry| entry.key.own == own).peekable();
            if section.peek().is_some() {
                line(ui, look, if own { "YOURS" } else { "FACTORY" }, theme::LABEL);
            }
            for entry in section {
                row(ui, look, desk, browser, &entry.key, done);
            }
        }
        if matches.is_empty() {
            line(ui, look, "No preset has all these words.", theme::LABEL);
        }
        if !faults.is_empty() {
            line(ui, look, "CANNOT BE READ", theme::LABEL);
        }
        for fault in faults {
            let font = look.font(size::SMALL + 1.0);
            let width = ui.available_width() - look.px(16.0);
            let galley = ui.painter().layout(fault.clone(), font, theme::OVER, width);
            let (id, place) =
                ui.allocate_space(vec2(ui.available_width(), galley.size().y + look.px(6.0)));
            ui.painter().galley(place.min + look.size(8.0, 2.0), galley, theme::OVER);
            let response = ui.interact(place, id, Sense::empty());
            response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, fault));
        }
    });
    browser.scroll = false;
}

fn line(ui: &mut Ui, look: Look, text: &str, colour: Color32) {
    let (_, place) = ui.allocate_space(vec2(ui.available_width(), look.px(ROW)));
    let at = pos2(place.left() + look.px(8.0), place.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, text, look.font(size::SMALL), colour);
}

fn row(
    ui: &mut Ui,
    look: Look,
    desk: &Desk<'_>,
    browser: &mut Browser,
    key: &Key,
    done: &mut Done,
) {
    let (_, place) = ui.allocate_space(vec2(ui.available_width(), look.px(ROW)));
    let id = ui.scope_id().with(("preset", &key.name, key.own));
    let response = ui.interact(place, id, Sense::CLICK);
    let is_chosen = browser.chosen.as_ref() == Some(key);
    let is_heard = desk.session.preset() == Some(key);
    if is_chosen || response.hovered() {
        let fill = if is_chosen { theme::RAISED } else { theme::PANEL };
        ui.painter().rect_filled(place, look.corner(4.0), fill);
    }
    let mut inside = place.shrink2(look.size(8.0, 0.0));
    if key.own {
        let cross = Rect::from_min_max(pos2(place.right() - look.px(ROW), place.top()), place.max);
        inside.max.x = cross.left();
        let delete = ui.interact(cross, id.with("delete"), Sense::CLICK);
        let colour = if delete.hovered() { theme::TEXT } else { theme::LABEL };
        let font = look.font(size::BODY);
        ui.painter().text(cross.center(), Align2::CENTER_CENTER, "\u{00d7}", font, colour);
        let spoken = format!("Delete {}", key.name);
        delete.widget_info(|| WidgetInfo::labeled(egui::Role::Button, true, &spoken));
        if delete.clicked() {
            browser.chosen = Some(key.clone());
            done.task = Some(Task::Delete(key.clone()));
        }
    }
    let font = if is_heard { look.bold(size::BODY) } else { look.font(size::BODY) };
    let colour = if is_heard { theme::SIGNAL } else { theme::TEXT };
    let galley = elided(ui, &key.name, font, colour, inside.width());
    let corner = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), inside).min;
    ui.painter().galley(corner, galley, colour);
    if is_chosen && browser.scroll {
        ui.scroll_to_rect(place, None);
    }
    let role = egui::Role::ListBoxOption;
    response.widget_info(|| WidgetInfo::selected(role, true, is_chosen, &key.name));
    if response.clicked() {
        browser.chosen = Some(key.clone());
        done.load = Some(key.clone());
        done.task = Some(Task::Browse);
    }
    done.close |= response.double_clicked();
}

/// What the chosen preset is for, or what went wrong.
fn say_note(ui: &mut Ui, look: Look, rect: Rect, browser: &Browser, matches: &[&Entry]) {
    let chosen = matches.iter().find(|entry| Some(&entry.key) == browser.chosen.as_ref());
    let note = chosen.map_or("", |entry| entry.preset.note.as_str());
    let (text, colour) = match &browser.error {
        Some(error) => (error.as_str(), theme::OVER),
        None => (note, theme::LABEL),
    };
    let font = look.font(size::SMALL + 1.0);
    let galley = ui.painter().layout(text.to_owned(), font, colour, rect.width());
    ui.painter().with_clip_rect(rect).galley(rect.min, galley, colour);
    let id = ui.scope_id().with("note");
    let response = ui.interact(rect, id, Sense::empty());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Status, true, "Preset note"));
    ui.ctx().accesskit_node_builder(id, |node| node.set_value(text));
}
