//! What the editors are made of. Each widget is drawn into a rectangle it is given.

mod bar;
mod button;
mod choice;
mod history;
mod knob;
mod lamp;
mod level;
mod reduction;
mod text;
mod value;

pub use bar::bar;
pub use button::{Tone, button, switch, switch_saying};
pub use choice::choice;
pub use history::{Pane, history};
pub use knob::{Knob, knob};
pub use lamp::{Lamp, lamp};
pub use level::{Level, level};
pub use reduction::reduction;
pub use text::{Readout, label, number, panel, readout};
pub use value::value;
