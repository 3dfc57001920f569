//! The placeholder editor of Stem Trim.

use crate::StemTrim;
use crate::params::TrimParams;
use crate::set_level::{TRIM_WARNING, is_beyond_trim};
use nice_plug::context::gui::GuiContext;
use support::{PlaceholderUi, Readings};

impl PlaceholderUi for StemTrim {
    type Params = TrimParams;

    fn rows(ui: &mut egui::Ui, params: &TrimParams, _readings: &Readings, _context: &GuiContext) {
        if is_beyond_trim(f64::from(params.trim.gain.value())) {
            ui.label(TRIM_WARNING);
        }
    }
}
