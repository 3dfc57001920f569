//! The page of Stem De-Esser: the band and what is taken out of it, how sibilant the voice is, the s-sounds
//! found, and what to turn.

mod about;
mod controls;
mod found;
mod key;
mod parts;
mod shape;
mod sibilance;
mod spectrum;
#[cfg(test)]
mod tests;
mod waveform;

use crate::StemDeEsser;
use crate::params::Parameters;
use egui::Rect;
use support::Face;
use support::editor::{About, Stage};

type DeEsserStage<'a, 'd> = Stage<'a, 'd, Parameters>;

/// Between panels, and sizes of panels, at 100 %.
const GAP: f32 = 12.0;
const CONTROLS: f32 = 192.0;
const WAVEFORM: f32 = 170.0;
const SIBILANCE: f32 = 268.0;

impl Face for StemDeEsser {
    type Params = Parameters;

    const PAGE: [f32; 2] = [1120.0, 796.0];
    const ABOUT: &'static [About] = about::ABOUT;

    fn body(stage: &mut DeEsserStage<'_, '_>, body: Rect) {
        let px = |length: f32| stage.look.px(length);
        let at_controls = body.with_min_y(body.bottom() - px(CONTROLS));
        let at_waveform = body
            .with_max_y(at_controls.top() - px(GAP))
            .with_min_y(at_controls.top() - px(GAP + WAVEFORM));
        let upper = body.with_max_y(at_waveform.top() - px(GAP));
        let at_sibilance = upper.with_min_x(upper.right() - px(SIBILANCE));
        let at_spectrum = upper.with_max_x(at_sibilance.left() - px(GAP));
        let found = found::found(stage.trace);
        spectrum::draw(stage, at_spectrum);
        sibilance::draw(stage, at_sibilance, &found);
        waveform::draw(stage, at_waveform, &found);
        controls::draw(stage, at_controls);
    }
}
