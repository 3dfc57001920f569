//! The placeholder editor of Stem Limiter.

use crate::StemLimiter;
use crate::dsp::KEY_STATE;
use crate::params::{Key, Parameters};
use nice_plug::context::gui::GuiContext;
use support::{PlaceholderUi, Readings};

impl PlaceholderUi for StemLimiter {
    type Params = Parameters;

    fn rows(ui: &mut egui::Ui, params: &Parameters, readings: &Readings, _context: &GuiContext) {
        let fed = readings.get(KEY_STATE) > 0.0;
        let state = match (params.key.source.value(), fed) {
            (Key::Internal, _) => "key: internal",
            (Key::External, true) => "key: external, fed",
            (Key::External, false) => "not limiting: no key",
        };
        ui.label(state);
    }
}
