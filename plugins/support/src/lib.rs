//! What every Stemwright plugin needs from host and screen.
//!
//! A plugin is a [`StemPlugin`]: metadata, parameters, a processor that knows no host, and the
//! readings it shows. [`Shell`] makes of it what nice-plug exports as CLAP and VST3. Workarounds for
//! defects of the framework live here, each with the file it answers.

pub mod editor;
#[cfg(feature = "testing")]
pub mod instance;
mod motion;
pub mod param_view;
pub mod params;
pub mod presets;
pub mod readings;
mod shell;
pub mod snapshot;
pub mod spectrum;
mod state;
pub mod trace;
mod transport;

pub use editor::Face;
pub use readings::{Orders, Reading, Readings};
pub use shell::{Shell, StemPlugin};
pub use spectrum::Taps;
pub use transport::Transport;

/// What plugin crates need of nice-plug, so that they depend on one thing.
pub use nice_plug;
