//! The size of the window, what was chosen on the page and the name of the preset, kept with the
//! host's session.
//!
//! They ride in the state's fields beside the parameters: no parameter, nothing a host automates. A
//! state without them opens at 100 %, with the first of every choice and no preset.
#![allow(unsafe_code, reason = "nice-plug's Params is an unsafe trait; all is handed on unchanged")]

use super::choices::Choices;
use super::window::SCALES;
use crate::presets::library::Key;
use crate::presets::valid_name;
use nice_plug::prelude::{ParamPtr, Params};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Their names among the state's fields.
const SIZE: &str = "editor-size";
const CHOICES: &str = "editor-choices";
const PRESET: &str = "preset";

/// Width and height of the window in logical points.
#[derive(Debug)]
pub(crate) struct KeptSize {
    page: [f32; 2],
    packed: AtomicU64,
    /// Whether it came out of a state since it was last asked.
    restored: AtomicBool,
}

fn pack([width, height]: [f32; 2]) -> u64 {
    (u64::from(width.to_bits()) << 32) | u64::from(height.to_bits())
}

impl KeptSize {
    /// The size of a page at 100 %.
    pub(crate) fn new(page: [f32; 2]) -> Self {
        Self { page, packed: AtomicU64::new(pack(page)), restored: AtomicBool::new(false) }
    }

    /// The size.
    pub(crate) fn get(&self) -> [f32; 2] {
        let packed = self.packed.load(Ordering::Relaxed);
        [(packed >> 32) as u32, packed as u32].map(f32::from_bits)
    }

    /// Keeps a size, within 75 to 300 % of the page; one that is no number counts as 100 %.
    pub(crate) fn set(&self, size: [f32; 2]) {
        let within = |i: usize| {
            let page = self.page[i];
            let size = if size[i].is_finite() { size[i] } else { page };
            size.clamp(page * SCALES[0], page * SCALES[1]).round()
        };
        self.packed.store(pack([within(0), within(1)]), Ordering::Relaxed);
    }
}

impl KeptSize {
    /// The size a state asked for since the last call.
    pub(crate) fn take_restored(&self) -> Option<[f32; 2]> {
        self.restored.swap(false, Ordering::Relaxed).then(|| self.get())
    }
}

/// The name of the preset that is heard. Editor and state meet here; the audio thread never does.
#[derive(Debug, Default)]
pub(crate) struct KeptPreset {
    key: Mutex<Option<Key>>,
    /// Whether it came out of a state since it was last asked.
    restored: AtomicBool,
}

impl KeptPreset {
    /// The preset.
    pub(crate) fn get(&self) -> Option<Key> {
        self.key.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps a preset.
    pub(crate) fn set(&self, key: Option<&Key>) {
        let mut kept = self.key.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref() != key {
            *kept = key.cloned();
        }
    }

    /// Whether a state has set it since the last call.
    pub(crate) fn take_restored(&self) -> bool {
        self.restored.swap(false, Ordering::Acquire)
    }

    /// Takes over what a state says.
    pub(super) fn restore(&self, key: Option<&Key>) {
        self.set(key);
        self.restored.store(true, Ordering::Release);
    }
}

/// A plugin's parameters, and what is kept of its page beside them.
pub(crate) struct WithPage<P> {
    params: Arc<P>,
    size: Arc<KeptSize>,
    choices: Arc<Choices>,
    preset: Arc<KeptPreset>,
}

impl<P> WithPage<P> {
    pub(crate) fn new(
        params: Arc<P>,
        size: Arc<KeptSize>,
        choices: Arc<Choices>,
        preset: Arc<KeptPreset>,
    ) -> Self {
        Self { params, size, choices, preset }
    }
}

// SAFETY: the pointers are those of `params`, which lives as long as this.
unsafe impl<P: Params> Params for WithPage<P> {
    fn param_map(&self) -> Vec<(String, ParamPtr, String)> {
        self.params.param_map()
    }

    fn serialize_fields(&self) -> BTreeMap<String, String> {
        let mut fields = self.params.serialize_fields();
        let [width, height] = self.size.get();
        fields.insert(SIZE.to_owned(), format!("[{width},{height}]"));
        if let Some(text) = self.choices.to_json() {
            fields.insert(CHOICES.to_owned(), text);
        }
        if let Some(text) = self.preset.get().and_then(|key| serde_json::to_string(&key).ok()) {
            fields.insert(PRESET.to_owned(), text);
        }
        fields
    }

    fn deserialize_fields(&self, fields: &BTreeMap<String, String>) {
        self.params.deserialize_fields(fields);
        let size = fields.get(SIZE).and_then(|text| serde_json::from_str(text).ok());
        self.size.set(size.unwrap_or(self.size.page));
        self.choices.take_json(fields.get(CHOICES).map(String::as_str));
        self.size.restored.store(true, Ordering::Relaxed);
        let key: Option<Key> = fields.get(PRESET).and_then(|text| serde_json::from_str(text).ok());
        let key = key.filter(|key| valid_name(&key.name).as_ref() == Some(&key.name));
        self.preset.restore(key.as_ref());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Params)]
    struct None {}

    fn with(size: Arc<KeptSize>) -> WithPage<None> {
        with_preset(size, Arc::default())
    }

    fn with_preset(size: Arc<KeptSize>, preset: Arc<KeptPreset>) -> WithPage<None> {
        WithPage::new(Arc::new(None {}), size, Arc::new(Choices::new(&[])), preset)
    }

    fn loaded(text: Option<&str>) -> [f32; 2] {
        let size = Arc::new(KeptSize::new([1000.0, 500.0]));
        size.set([2000.0, 1000.0]);
        let params = with(size.clone());
        let field = text.map(|text| (SIZE.to_owned(), text.to_owned()));
        params.deserialize_fields(&field.into_iter().collect());
        size.get()
    }

    #[test]
    fn a_size_comes_back_as_it_was_saved() {
        let size = Arc::new(KeptSize::new([1000.0, 500.0]));
        size.set([1500.0, 640.0]);
        let saved = with(size).serialize_fields();
        assert_eq!(loaded(Some(&saved[SIZE])), [1500.0, 640.0]);
        assert_eq!(saved.len(), 1, "no choices, no preset, no field");
    }

    /// What is kept of a preset's name after a state with this field, and what the field then is.
    fn preset_after(text: Option<&str>) -> (Option<Key>, Option<String>) {
        let (size, preset) =
            (Arc::new(KeptSize::new([1000.0, 500.0])), Arc::new(KeptPreset::default()));
        preset.set(Some(&Key { name: "Before".to_owned(), own: false }));
        let params = with_preset(size, preset.clone());
        assert!(!preset.take_restored());
        let field = text.map(|text| (PRESET.to_owned(), text.to_owned()));
        params.deserialize_fields(&field.into_iter().collect());
        assert!(preset.take_restored() && !preset.take_restored());
        (preset.get(), params.serialize_fields().remove(PRESET))
    }

    #[test]
    fn a_presets_name_comes_back_and_a_state_without_one_has_none() {
        let own = Key { name: "My \u{201c}loud\u{201d} one".to_owned(), own: true };
        let text = serde_json::to_string(&own).expect("text");
        assert_eq!(preset_after(Some(&text)), (Some(own), Some(text)));
        for odd in [Option::None, Some("loud"), Some("{}"), Some(r#"{"name":"a\nb"}"#), Some("[]")]
        {
            assert_eq!(preset_after(odd), (Option::None, Option::None), "{odd:?}");
        }
    }

    #[test]
    fn a_size_out_of_a_state_is_told_once_to_a_window_that_is_open() {
        let size = Arc::new(KeptSize::new([1000.0, 500.0]));
        size.set([1500.0, 640.0]);
        assert_eq!(size.take_restored(), Option::None, "a window's own size is no news to it");
        let params = with(size.clone());
        params.deserialize_fields(&BTreeMap::from([(SIZE.to_owned(), "[1200,600]".to_owned())]));
        assert_eq!(size.take_restored(), Some([1200.0, 600.0]));
        assert_eq!(size.take_restored(), Option::None);
    }

    #[test]
    fn a_size_that_makes_no_sense_does_no_harm() {
        assert_eq!(loaded(None), [1000.0, 500.0]);
        assert_eq!(loaded(Some("wide")), [1000.0, 500.0]);
        assert_eq!(loaded(Some("[1]")), [1000.0, 500.0]);
        assert_eq!(loaded(Some("[1e30,-5]")), [3000.0, 375.0]);
    }
}
