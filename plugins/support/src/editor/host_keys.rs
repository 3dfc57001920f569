//! Keys that a host sends through the plugin API, on their way to egui.
//!
//! Some hosts take keys (arrows, Backspace, Space, Esc) before the plugin's window sees them and hand
//! them to the plugin instead: VST3's `IPlugView::onKeyDown`; CLAP has no such call. nice-plug gives
//! them to the editor's handle, and its egui adapter drops them there (nice-plug-egui editor.rs:362).
//! So the handle is ours: it puts them into a queue, and egui takes them from it before each frame.
//!
//! A key counts as taken only while something of the page has the keyboard, and only if the page can
//! make anything of it; all others stay the host's, so that Space still starts its transport.

use egui::{Event, Key, Modifiers, RawInput};
use nice_plug::editor::{Modifiers as HostModifiers, VirtualKeyCode};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Who has the keyboard.
const NOBODY: u8 = 0;
const CONTROL: u8 = 1;
const TEXT: u8 = 2;

/// The queue between a host's keys and a page.
#[derive(Debug, Default)]
pub(super) struct HostKeys {
    waiting: Mutex<Vec<Event>>,
    keyboard: AtomicU8,
}

impl HostKeys {
    /// Takes a key from the host; whether the page will use it.
    pub(super) fn take(&self, code: VirtualKeyCode, is_down: bool, held: HostModifiers) -> bool {
        let keyboard = self.keyboard.load(Ordering::Relaxed);
        let Some((key, text)) = key_of(code) else { return false };
        let is_ours = match keyboard {
            NOBODY => false,
            CONTROL => text.is_none(),
            _ => true,
        };
        if !is_ours {
            return false;
        }
        let modifiers = modifiers_of(held);
        let event =
            Event::Key { key, physical_key: None, pressed: is_down, repeat: false, modifiers };
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(event);
        // Characters of keys that hosts keep to themselves have no other way in.
        if let Some(text) = text.filter(|_| is_down && keyboard == TEXT && !modifiers.command) {
            waiting.push(Event::Text(text.to_owned()));
        }
        true
    }

    /// Remembers who has the keyboard, after a frame.
    fn watch(&self, context: &egui::Context) {
        let keyboard = if context.text_edit_focused() {
            TEXT
        } else if context.memory(|memory| memory.focused().is_some()) {
            CONTROL
        } else {
            NOBODY
        };
        self.keyboard.store(keyboard, Ordering::Relaxed);
    }
}

/// What hands the queue to egui.
pub(super) struct Forwarder(pub(super) Arc<HostKeys>);

impl egui::Plugin for Forwarder {
    fn debug_name(&self) -> &'static str {
        "keys from the host"
    }

    fn input_hook(&mut self, _context: &egui::Context, input: &mut RawInput) {
        let mut waiting = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        input.events.append(&mut waiting);
    }

    fn output_hook(&mut self, context: &egui::Context, _output: &mut egui::FullOutput) {
        self.0.watch(context);
    }
}

fn modifiers_of(held: HostModifiers) -> Modifiers {
    let command = held.contains(HostModifiers::COMMAND);
    let is_mac = cfg!(target_os = "macos");
    Modifiers {
        alt: held.contains(HostModifiers::ALT),
        ctrl: if is_mac { held.contains(HostModifiers::CONTROL) } else { command },
        shift: held.contains(HostModifiers::SHIFT),
        mac_cmd: is_mac && command,
        command,
    }
}

/// egui's name for a host's key, and the character it types, if the page has a use for it.
fn key_of(code: VirtualKeyCode) -> Option<(Key, Option<&'static str>)> {
    use VirtualKeyCode as Code;
    let plain = |key| Some((key, None));
    let typing = |key, text| Some((key, Some(text)));
    match code {
        Code::Backspace => plain(Key::Backspace),
        Code::Tab => plain(Key::Tab),
        Code::Return | Code::NumpadEnter => plain(Key::Enter),
        Code::Escape => plain(Key::Escape),
        Code::End => plain(Key::End),
        Code::Home => plain(Key::Home),
        Code::ArrowLeft => plain(Key::ArrowLeft),
        Code::ArrowUp => plain(Key::ArrowUp),
        Code::ArrowRight => plain(Key::ArrowRight),
        Code::ArrowDown => plain(Key::ArrowDown),
        Code::PageUp => plain(Key::PageUp),
        Code::PageDown => plain(Key::PageDown),
        Code::Delete => plain(Key::Delete),
        Code::Space => typing(Key::Space, " "),
        Code::Numpad0 => typing(Key::Num0, "0"),
        Code::Numpad1 => typing(Key::Num1, "1"),
        Code::Numpad2 => typing(Key::Num2, "2"),
        Code::Numpad3 => typing(Key::Num3, "3"),
        Code::Numpad4 => typing(Key::Num4, "4"),
        Code::Numpad5 => typing(Key::Num5, "5"),
        Code::Numpad6 => typing(Key::Num6, "6"),
        Code::Numpad7 => typing(Key::Num7, "7"),
        Code::Numpad8 => typing(Key::Num8, "8"),
        Code::Numpad9 => typing(Key::Num9, "9"),
        Code::NumpadAdd => typing(Key::Plus, "+"),
        Code::NumpadSubtract => typing(Key::Minus, "-"),
        Code::NumpadDecimal => typing(Key::Period, "."),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame with a text field, a button or nothing that has the keyboard; what the field holds
    /// after it.
    struct Page {
        context: egui::Context,
        keys: Arc<HostKeys>,
        text: String,
    }

    impl Page {
        fn new() -> Self {
            let (context, keys) = (egui::Context::default(), Arc::new(HostKeys::default()));
            context.add_plugin(Forwarder(keys.clone()));
            Self { context, keys, text: "ab".to_owned() }
        }

        fn frame(&mut self, focus: Option<&str>) {
            let text = &mut self.text;
            let output = self.context.run_ui(RawInput::default(), |ui| {
                let field = ui.text_edit_singleline(text);
                let button = ui.button("one");
                match focus {
                    Some("field") => field.request_focus(),
                    Some(_) => button.request_focus(),
                    None => {}
                }
            });
            output.drop_without_applying_deltas();
        }

        fn press(&mut self, code: VirtualKeyCode) -> bool {
            let none = HostModifiers::empty();
            let taken = self.keys.take(code, true, none);
            assert_eq!(self.keys.take(code, false, none), taken);
            self.frame(None);
            taken
        }
    }

    #[test]
    fn a_field_gets_the_keys_the_host_had_taken() {
        let mut page = Page::new();
        page.frame(Some("field"));
        page.frame(None);
        assert!(page.press(VirtualKeyCode::End));
        assert!(page.press(VirtualKeyCode::Backspace));
        assert_eq!(page.text, "a");
        assert!(page.press(VirtualKeyCode::Space) && page.press(VirtualKeyCode::Numpad7));
        assert_eq!(page.text, "a 7");
        assert!(!page.press(VirtualKeyCode::F1), "the page has no use for it");
        // Leaving the field gives them back to the host.
        assert!(page.press(VirtualKeyCode::Escape));
        assert!(!page.press(VirtualKeyCode::Backspace));
        assert_eq!(page.text, "a 7");
    }

    #[test]
    fn a_control_leaves_space_to_the_transport() {
        let mut page = Page::new();
        page.frame(Some("button"));
        page.frame(None);
        assert!(!page.press(VirtualKeyCode::Space));
        assert!(page.press(VirtualKeyCode::ArrowUp));
    }

    #[test]
    fn without_a_focus_all_keys_are_the_hosts() {
        let mut page = Page::new();
        page.frame(None);
        for code in [VirtualKeyCode::Space, VirtualKeyCode::Tab, VirtualKeyCode::Return] {
            assert!(!page.press(code));
        }
        assert!(page.keys.waiting.lock().expect("one thread").is_empty());
    }
}
