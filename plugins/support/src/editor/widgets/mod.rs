//! What the editors are made of. Each widget is drawn into a rectangle it is given.

mod bar;
mod button;
mod choice;
mod correlation;
pub mod curve;
mod fader;
mod field;
mod history;
mod knob;
mod lamp;
mod level;
mod menu;
mod pick;
mod reduction;
mod stepper;
mod text;
mod value;
mod vu;

pub use bar::bar;
pub use button::{Tone, button, switch, switch_saying};
pub use choice::{choice, choice_or};
pub use correlation::{
    OUT_OF_PHASE, correlation, correlation_bar, correlation_meaning, correlation_text,
};
pub use fader::{Fader, fader};
pub use field::field;
pub use history::{Pane, history, overlay};
pub use knob::{Knob, knob, knob_saying};
pub use lamp::{Lamp, lamp};
pub use level::{Level, level};
pub use menu::menu;
pub use pick::{PickOption, pick};
pub use reduction::{reduction, reduction_bars, reduction_needle, reduction_on};
pub use stepper::{Stepper, stepper};
pub use text::{Readout, label, number, panel, readout};
pub use value::{Figures, value, value_in};
pub use vu::{MARKS_VU, vu_bars, vu_needle, vu_share};
