//! What a render or a meter has to say: as data, as JSON, and drawn.
//!
//! [`model`] is the data, plain structs that read back what they wrote ([`json`]). [`draw`] turns
//! measurements over time into shapes, [`delivery`] holds what was measured against what a target asks
//! for, [`verdict`] does so for a whole render, [`voice`] says what a voice gained, [`html()`] makes
//! one page of it all, and `png` (a feature) a picture of a delivery. Nothing here reads a file, a clock or a session: whoever measures fills the
//! model.

pub mod delivery;
pub mod draw;
pub mod html;
pub mod json;
pub mod markup;
pub mod model;
pub mod number;
pub mod palette;
#[cfg(feature = "png")]
pub mod png;
pub mod verdict;
pub mod voice;

pub use html::html;
pub use model::Report;
