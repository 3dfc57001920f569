//! The page of Stem Bus Compressor: the curve, what happened, how much is taken off, and what to turn.

mod about;
mod controls;
mod curve;
mod key;
mod levels;
mod listen;
mod parts;
mod reduction;
#[cfg(test)]
mod tests;
mod view;

use crate::StemBusCompressor;
use crate::params::Parameters;
use egui::Rect;
use support::Face;
use support::editor::{About, PageChoice, Stage};

type CompressorStage<'a, 'd> = Stage<'a, 'd, Parameters>;

/// Between panels, and sizes of panels, at 100 %.
const GAP: f32 = 12.0;
const LOWER: f32 = 270.0;
const CURVE: f32 = 300.0;
const REDUCTION: f32 = 252.0;
const KEY: f32 = 376.0;

impl Face for StemBusCompressor {
    type Params = Parameters;

    const PAGE: [f32; 2] = [1120.0, 704.0];
    const ABOUT: &'static [About] = about::ABOUT;
    const CHOICES: &'static [PageChoice] = view::CHOICES;

    fn body(stage: &mut CompressorStage<'_, '_>, body: Rect) {
        listen::hold_reduction(stage);
        let px = |length: f32| stage.look.px(length);
        let lower = body.with_min_y(body.bottom() - px(LOWER));
        let upper = body.with_max_y(lower.top() - px(GAP));
        let at_curve = upper.with_max_x(upper.left() + px(CURVE));
        let at_reduction = upper.with_min_x(upper.right() - px(REDUCTION));
        let between =
            upper.with_min_x(at_curve.right() + px(GAP)).with_max_x(at_reduction.left() - px(GAP));
        let at_key = lower.with_min_x(lower.right() - px(KEY));
        let at_controls = lower.with_max_x(at_key.left() - px(GAP));
        curve::draw(stage, at_curve);
        levels::draw(stage, between);
        reduction::draw(stage, at_reduction);
        controls::draw(stage, at_controls);
        key::draw(stage, at_key);
    }
}
