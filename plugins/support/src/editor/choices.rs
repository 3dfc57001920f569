//! What a page lets one choose that is no parameter: how to look at the sound, not how it sounds.
//!
//! Kept with the host's session beside the parameters, by ids, so that options may come and go. No
//! undo, no A/B, no automation: changing the view changes nothing that is heard.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One thing to choose. Its ids are promises to saved sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageChoice {
    /// What is chosen.
    pub id: &'static str,
    /// Ids of the options; the first is the default.
    pub options: &'static [&'static str],
}

/// What was chosen, in the order of a page's list.
#[derive(Debug)]
pub struct Choices {
    list: &'static [PageChoice],
    chosen: Box<[AtomicUsize]>,
}

impl Choices {
    /// The first of everything in `list`.
    pub fn new(list: &'static [PageChoice]) -> Self {
        Self { list, chosen: list.iter().map(|_| AtomicUsize::new(0)).collect() }
    }

    /// The option chosen of the choice at `index`; the first where there is no such choice.
    pub fn get(&self, index: usize) -> usize {
        self.chosen.get(index).map_or(0, |chosen| chosen.load(Ordering::Relaxed))
    }

    /// Chooses an option. One that is not there is not chosen.
    pub fn set(&self, index: usize, option: usize) {
        if self.list.get(index).is_some_and(|choice| option < choice.options.len()) {
            self.chosen[index].store(option, Ordering::Relaxed);
        }
    }

    /// What was chosen, for a session; nothing for a page without choices.
    pub(crate) fn to_json(&self) -> Option<String> {
        let ids = self.list.iter().enumerate().map(|(n, c)| (c.id, c.options[self.get(n)]));
        let ids: BTreeMap<&str, &str> = ids.collect();
        (!ids.is_empty()).then(|| serde_json::to_string(&ids).unwrap_or_default())
    }

    /// Takes over what a session kept. What it does not mention, or names an option that is not there,
    /// is the first.
    pub(crate) fn take_json(&self, text: Option<&str>) {
        let kept: BTreeMap<String, serde_json::Value> =
            text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        for (index, choice) in self.list.iter().enumerate() {
            let id = kept.get(choice.id).and_then(|value| value.as_str());
            let option = choice.options.iter().position(|option| Some(*option) == id);
            self.set(index, option.unwrap_or(0));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &[PageChoice] = &[
        PageChoice { id: "target", options: &["none", "loud", "soft"] },
        PageChoice { id: "scale", options: &["db", "lu"] },
    ];

    #[test]
    fn what_was_chosen_comes_back() {
        let choices = Choices::new(LIST);
        choices.set(0, 2);
        choices.set(1, 7);
        choices.set(5, 0);
        assert_eq!([choices.get(0), choices.get(1), choices.get(5)], [2, 0, 0]);
        let loaded = Choices::new(LIST);
        loaded.set(1, 1);
        loaded.take_json(choices.to_json().as_deref());
        assert_eq!([loaded.get(0), loaded.get(1)], [2, 0]);
        assert_eq!(Choices::new(&[]).to_json(), None);
    }

    #[test]
    fn what_makes_no_sense_is_the_first() {
        for text in
            [None, Some("no"), Some("[1]"), Some(r#"{"target":3}"#), Some(r#"{"target":"x"}"#)]
        {
            let choices = Choices::new(LIST);
            choices.set(0, 1);
            choices.take_json(text);
            assert_eq!(choices.get(0), 0, "{text:?}");
        }
    }
}
