//! The page of Stem Trim: how loud the stem is, what the trim does to it, and what is printed.

mod channels;
mod gain;
mod high_pass;
mod levels;
mod print;
#[cfg(test)]
mod tests;
mod vu;
mod vu_view;

use crate::StemTrim;
use crate::dsp::{Part, Shown};
use crate::params::TrimParams;
use crate::set_level::Measured;
use egui::{Align2, Rect, Ui};
use support::Face;
use support::editor::theme::{self, size};
use support::editor::{About, Look, PageChoice, Stage, about, row};

type TrimStage<'a, 'd> = Stage<'a, 'd, TrimParams>;

/// Between panels, at 100 %.
const GAP: f32 = 12.0;

impl Face for StemTrim {
    type Params = TrimParams;

    const PAGE: [f32; 2] = [1000.0, 660.0];
    const ABOUT: &'static [About] = ABOUT;
    const CHOICES: &'static [PageChoice] = vu_view::CHOICES;

    fn body(stage: &mut TrimStage<'_, '_>, body: Rect) {
        let look = stage.look;
        let place = |left: f32, top: f32, width: f32, height: f32| {
            Rect::from_min_size(body.min + look.size(left, top), look.size(width, height))
        };
        vu::draw(stage, place(0.0, 0.0, 438.0, 300.0));
        gain::draw(stage, place(438.0 + GAP, 0.0, 292.0, 300.0));
        levels::draw(stage, place(754.0, 0.0, 214.0, 300.0));
        print::draw(stage, place(0.0, 300.0 + GAP, 968.0, 80.0));
        channels::draw(stage, place(0.0, 404.0, 556.0, 140.0));
        high_pass::draw(stage, place(556.0 + GAP, 404.0, 400.0, 140.0));
    }
}

const ABOUT: &[About] = &[
    about("gain", "Gain of the stem.", 0.5, 0.05),
    about("balance", "Turns one side down: left is negative.", 5.0, 0.5),
    about("width", "Gain of the side signal: 0 % is mono.", 5.0, 0.5),
    about("delay", "Delays the stem; type milliseconds or samples.", 0.1, 0.01),
    about("polarity-l", "Inverts the left channel.", 0.0, 0.0),
    about("polarity-r", "Inverts the right channel.", 0.0, 0.0),
    about("channels", "Which channels pass, and where to.", 0.0, 0.0),
    about("high-pass", "Corner of the high-pass; at its lower end it is off.", 5.0, 1.0),
    about("high-pass-slope", "How steep the high-pass is.", 0.0, 0.0),
    about("role", "What the stem is: it decides what a version does to it.", 0.0, 0.0),
    about("version", "Which print is being made.", 0.0, 0.0),
    about("vocal-step", "How far Vocal Up and Vocal Down move the vocal stems.", 0.5, 0.05),
    about("bypass", "The unprocessed signal.", 0.0, 0.0),
];

fn shown(stage: &TrimStage<'_, '_>, reading: Shown) -> f32 {
    stage.readings.get(reading as usize)
}

/// Whether the host runs it on one channel.
fn is_mono(stage: &TrimStage<'_, '_>) -> bool {
    shown(stage, Shown::Channels) == 1.0
}

/// Asks the measurements to start over in one part.
fn restart(stage: &TrimStage<'_, '_>, part: Part) {
    stage.readings.restart(part.group());
}

/// What Set Level works from.
fn measured(stage: &TrimStage<'_, '_>) -> Measured {
    let shown = |reading| f64::from(shown(stage, reading));
    Measured {
        vu_dbfs: shown(Shown::VuLeft).max(shown(Shown::VuRight)),
        peak_dbfs: shown(Shown::PeakMaximum),
        integrated_lufs: shown(Shown::Integrated),
    }
}

/// The top of a panel with its title, which is drawn only: what stands below says its own name. Gives
/// the line, and what is left below.
fn titled(ui: &Ui, look: Look, inside: Rect, title: &str) -> (Rect, Rect) {
    let line = inside.with_max_y(inside.top() + look.px(22.0));
    let font = look.font(size::SMALL + 1.0);
    ui.painter().text(line.left_center(), Align2::LEFT_CENTER, title, font, theme::LABEL);
    (line, inside.with_min_y(line.bottom() + look.px(4.0)))
}
