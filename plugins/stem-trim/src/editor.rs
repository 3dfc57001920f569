//! The page of Stem Trim: every parameter and reading on a line, and Set Level.

use crate::StemTrim;
use crate::dsp::Shown;
use crate::params::TrimParams;
use crate::set_level::{
    BALANCE_WARNING, Measured, TRIM_WARNING, Target, is_beyond_trim, set_level,
};
use egui::{Align2, Rect, pos2, vec2};
use support::editor::Stage;
use support::editor::theme::{self, size};
use support::editor::widgets::{Tone, button, label};
use support::{Face, Readings};

const TARGETS: [(&str, Target); 3] = [
    ("0 VU at \u{2212}18 dBFS", Target::Vu { reference_dbfs: -18.0 }),
    ("peak \u{2212}6 dBFS", Target::Peak { peak_dbfs: -6.0 }),
    ("\u{2212}23 LUFS", Target::Loudness { loudness_lufs: -23.0 }),
];

impl Face for StemTrim {
    type Params = TrimParams;

    fn rows(stage: &mut Stage<'_, '_, TrimParams>, rows: Rect) -> f32 {
        let look = stage.look;
        let gain = stage.desk.index("gain");
        let gain_db = f64::from(stage.params.trim.gain.value());
        let line = |row: f32| {
            let top = rows.top() + look.px(34.0) * row;
            Rect::from_min_size(pos2(rows.left(), top), vec2(rows.width(), look.px(28.0)))
        };
        let font = look.font(size::BODY);
        label(stage.ui, line(0.0), Align2::LEFT_CENTER, "Set Level", font, theme::LABEL);
        for (row, (name, target)) in TARGETS.into_iter().enumerate() {
            let set = set_level(target, &measured(stage.readings), gain_db);
            let tone = if set.is_ok() { Tone::Ready } else { Tone::Idle };
            let place = line(row as f32 + 1.0);
            let pressed = button(stage.ui, look, stage.desk, place, name, tone, BALANCE_WARNING);
            if let (true, Ok(set)) = (pressed, set) {
                let value = stage.desk.control(gain).normalized_of(set.gain_db as f32);
                stage.desk.edit(gain, value);
            }
        }
        if is_beyond_trim(gain_db) {
            let place = line(TARGETS.len() as f32 + 1.0);
            let font = look.font(size::SMALL);
            let warning = stage.ui.painter().layout(
                TRIM_WARNING.to_owned(),
                font,
                theme::GAIN,
                place.width(),
            );
            stage.ui.painter().galley(place.min, warning, theme::GAIN);
        }
        look.px(34.0) * (TARGETS.len() as f32 + 2.5)
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
