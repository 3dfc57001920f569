//! What the tests of every page do over and over.

use super::{Bench, NONE};
use crate::editor::Face;
use crate::param_view::views;
use egui::Key;
use egui_kittest::kittest::Queryable as _;

/// Whether two numbers are as near as that.
pub fn near(is: f32, wanted: f32, by: f32) -> bool {
    (is - wanted).abs() <= by
}

impl<F: Face> Bench<F> {
    /// Sets parameters as a host does: each id to what a text means.
    ///
    /// # Panics
    /// When there is no such parameter, or the text means nothing to it.
    pub fn put(&mut self, values: &[(&str, &str)]) {
        let params = self.host.params.clone();
        let views = views(&*params);
        for (id, text) in values {
            let view = views.iter().find(|view| view.id == *id).expect(id);
            view.set_detached(view.parse(text).expect(text));
        }
        self.steps(2);
    }

    /// The value of a parameter in its own unit.
    ///
    /// # Panics
    /// When there is no such parameter.
    pub fn plain(&self, id: &str) -> f32 {
        let views = views(&*self.host.params);
        let view = views.iter().find(|view| view.id == id).expect(id);
        view.plain_of(view.normalized())
    }

    /// Shows readings by their indices.
    pub fn show(&mut self, readings: impl IntoIterator<Item = (usize, f32)>) {
        for (index, value) in readings {
            self.readings.set(index, value);
        }
        self.steps(2);
    }

    /// Waits long enough after a click for the next one to be no double click.
    pub fn wait(&mut self) {
        self.steps(40);
    }

    /// Clicks on what carries a label.
    pub fn press_on(&mut self, label: &str) {
        self.wait();
        self.click(self.centre(label), NONE);
        self.steps(2);
    }

    /// Types into what carries a label, in the place of what stands there.
    pub fn type_into(&mut self, label: &str, text: &str) {
        self.press_on(label);
        self.type_over(text);
        self.key(Key::Enter, NONE);
    }

    /// Whether anything carries this label.
    pub fn says(&self, text: &str) -> bool {
        self.harness.query_by_label(text).is_some()
    }
}
