//! Hosting CLAP plugins: one instance, its parameters, its audio.
//!
//! An instance has two halves, as CLAP has two threads: [`Plugin`] stays where it was made and
//! answers questions, [`Processor`] is `Send` and does the audio.

mod automation;
mod handlers;
mod params;
mod plugin;
mod processor;
pub mod quantity;
mod settings;
mod state;
mod thread;

pub use params::{Parameter, Setting};
pub use plugin::{Identity, Plugin};
pub use processor::Processor;
