//! The size of the window and what was chosen on the page, kept with the host's session.
//!
//! They ride in the state's fields beside the parameters: no parameter, nothing a host automates. A
//! state without them opens at 100 %, with the first of every choice.
#![allow(unsafe_code, reason = "nice-plug's Params is an unsafe trait; all is handed on unchanged")]

use super::choices::Choices;
use super::window::SCALES;
use nice_plug::prelude::{ParamPtr, Params};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Their names among the state's fields.
const SIZE: &str = "editor-size";
const CHOICES: &str = "editor-choices";

/// Width and height of the window in logical points.
#[derive(Debug)]
pub(crate) struct KeptSize {
    page: [f32; 2],
    packed: AtomicU64,
}

fn pack([width, height]: [f32; 2]) -> u64 {
    (u64::from(width.to_bits()) << 32) | u64::from(height.to_bits())
}

impl KeptSize {
    /// The size of a page at 100 %.
    pub(crate) fn new(page: [f32; 2]) -> Self {
        Self { page, packed: AtomicU64::new(pack(page)) }
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

/// A plugin's parameters, and what is kept of its page beside them.
pub(crate) struct WithPage<P> {
    params: Arc<P>,
    size: Arc<KeptSize>,
    choices: Arc<Choices>,
}

impl<P> WithPage<P> {
    pub(crate) fn new(params: Arc<P>, size: Arc<KeptSize>, choices: Arc<Choices>) -> Self {
        Self { params, size, choices }
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
        fields
    }

    fn deserialize_fields(&self, fields: &BTreeMap<String, String>) {
        self.params.deserialize_fields(fields);
        let size = fields.get(SIZE).and_then(|text| serde_json::from_str(text).ok());
        self.size.set(size.unwrap_or(self.size.page));
        self.choices.take_json(fields.get(CHOICES).map(String::as_str));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Params)]
    struct None {}

    fn with(size: Arc<KeptSize>) -> WithPage<None> {
        WithPage::new(Arc::new(None {}), size, Arc::new(Choices::new(&[])))
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
        assert_eq!(saved.len(), 1, "a page without choices keeps none");
    }

    #[test]
    fn a_size_that_makes_no_sense_does_no_harm() {
        assert_eq!(loaded(None), [1000.0, 500.0]);
        assert_eq!(loaded(Some("wide")), [1000.0, 500.0]);
        assert_eq!(loaded(Some("[1]")), [1000.0, 500.0]);
        assert_eq!(loaded(Some("[1e30,-5]")), [3000.0, 375.0]);
    }
}
