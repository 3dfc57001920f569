//! The sound of Stemwright: no host, no screen, no files, no `unsafe`.
//!
//! Every block is a [`Processor`] (audio in, audio out) or a [`Meter`] (audio in, readings out) and
//! joins the contract suite in `contract` (feature of the same name) on the day it is born.
//! Audio is `f32` at the edges, state is `f64`; names carry their units.
#![forbid(unsafe_code)]

#[cfg(feature = "contract")]
pub mod contract;
pub mod crossfade;
pub mod db;
pub mod dry_path;
pub mod finite;
pub mod matrix_mixer;
pub mod processor;
pub mod ramp;
pub mod random;
pub mod stereo_matrix;

pub use processor::{Meter, Processor};
