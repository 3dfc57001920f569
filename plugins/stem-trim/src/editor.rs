//! The placeholder editor of Stem Trim.

use crate::StemTrim;
use crate::dsp::Shown;
use crate::params::TrimParams;
use crate::set_level::{
    BALANCE_WARNING, Measured, TRIM_WARNING, Target, is_beyond_trim, set_level,
};
use nice_plug::context::gui::GuiContext;
use nice_plug::prelude::Param;
use support::{PlaceholderUi, Readings};

const TARGETS: [(&str, Target); 3] = [
    ("0 VU at \u{2212}18 dBFS", Target::Vu { reference_dbfs: -18.0 }),
    ("peak \u{2212}6 dBFS", Target::Peak { peak_dbfs: -6.0 }),
    ("\u{2212}23 LUFS", Target::Loudness { loudness_lufs: -23.0 }),
];

impl PlaceholderUi for StemTrim {
    type Params = TrimParams;

    fn rows(ui: &mut egui::Ui, params: &TrimParams, readings: &Readings, context: &GuiContext) {
        let gain = &params.trim.gain;
        if is_beyond_trim(f64::from(gain.value())) {
            ui.label(TRIM_WARNING);
        }
        ui.horizontal(|ui| {
            ui.label("Set Level:");
            for (name, target) in TARGETS {
                let set = set_level(target, &measured(readings), f64::from(gain.value()));
                let button = ui.add_enabled(set.is_ok(), egui::Button::new(name));
                if let (true, Ok(set)) = (button.on_hover_text(BALANCE_WARNING).clicked(), set) {
                    let setter = context.param_setter();
                    setter.begin_set_parameter(gain);
                    setter.set_parameter_normalized(
                        gain,
                        gain.preview_normalized(set.gain_db as f32),
                    );
                    setter.end_set_parameter(gain);
                }
            }
        });
    }
}

/// The readings Set Level works from.
fn measured(readings: &Readings) -> Measured {
    let shown = |shown: Shown| f64::from(readings.get(shown as usize));
    Measured {
        vu_dbfs: shown(Shown::VuLeft).max(shown(Shown::VuRight)),
        peak_dbfs: shown(Shown::PeakMaximum),
        integrated_lufs: shown(Shown::Integrated),
    }
}
