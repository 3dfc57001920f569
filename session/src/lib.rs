//! A stem session as data, and the `stemwright` command on it.
//!
//! A session ([`model`]) is expanded from a folder ([`template`]), becomes a graph of signals
//! ([`graph`]), and is run by the [`engine`] through the very `.clap` bundles a DAW would load
//! ([`bundle`], [`host`]). [`render`] ties these together and measures the result from outside.

pub mod audio_file;
pub mod bundle;
pub mod check;
pub mod cli;
pub mod clock;
pub mod columns;
pub mod delay;
pub mod delivery;
pub mod demo;
pub mod engine;
pub mod error;
pub mod gain_change;
pub mod graph;
pub mod hash;
pub mod host;
pub mod measure;
pub mod model;
pub mod names;
pub mod output;
pub mod render;
pub mod report;
pub mod role;
pub mod second_opinion;
pub mod solve;
pub mod spool;
pub mod stop;
pub mod table;
pub mod template;
pub mod timeline;

pub use error::{Error, Result};
