//! The screen all plugins share: theme, widgets, scaffold, undo. A plugin's [`Face`] says what is on
//! its page, not how a knob works.

#[cfg(any(test, feature = "testing"))]
pub mod bench;
mod browser;
pub mod choices;
pub mod desk;
pub(crate) mod generic;
mod grip;
mod handle;
pub mod history;
mod host_keys;
pub(crate) mod kept;
mod layout;
pub(crate) mod page;
mod preset_bar;
mod scaffold;
pub mod spectrum;
#[cfg(test)]
mod tests;
pub mod theme;
mod tip;
pub mod widgets;
pub(crate) mod window;

pub use choices::{Choices, PageChoice};
pub use desk::{About, Desk, about};
pub use handle::{Way, handle};
pub use layout::{cell, row};
pub use theme::Look;
pub use tip::tip;

use crate::readings::Readings;
use crate::spectrum::Taps;
use crate::trace::Trace;
use egui::Rect;
use nice_plug::prelude::Params;

/// What a plugin puts on its page.
pub trait Face: Sized + Send + Sync + 'static {
    /// Its parameters.
    type Params: Params + Default;

    /// Width and height of its page at 100 %, in points.
    const PAGE: [f32; 2] = [800.0, 760.0];
    /// What it says about its parameters.
    const ABOUT: &'static [About] = &[];
    /// What it lets one choose that is no parameter.
    const CHOICES: &'static [PageChoice] = &[];

    /// Draws the page between header and footer into `body`. Unless a plugin says otherwise: every
    /// parameter and every reading on a line.
    fn body(stage: &mut Stage<'_, '_, Self::Params>, body: Rect) {
        generic::body::<Self>(stage, body);
    }

    /// What the page of lines has between parameters and readings; gives its height.
    fn rows(_stage: &mut Stage<'_, '_, Self::Params>, _rows: Rect) -> f32 {
        0.0
    }
}

/// What a page is drawn with, for one frame.
pub struct Stage<'a, 'd, P> {
    /// Where to draw.
    pub ui: &'a mut egui::Ui,
    /// The theme at the window's size.
    pub look: Look,
    /// The parameters, to show and to move.
    pub desk: &'a mut Desk<'d>,
    /// The parameters themselves.
    pub params: &'a P,
    /// The latest readings.
    pub readings: &'a Readings,
    /// The last seconds of some of them.
    pub trace: &'a Trace,
    /// The sound itself, where a plugin has it tapped.
    pub taps: &'a Taps,
    /// What was chosen on the page, in the order of [`Face::CHOICES`].
    pub choices: &'a Choices,
}
