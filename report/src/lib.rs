//! What a render or a meter has to say: as data, as JSON, and drawn.
//!
//! [`model`] is the data, plain structs that read back what they wrote ([`json`]). Nothing here
//! reads a file, a clock or a session: whoever measures fills the model.

pub mod json;
pub mod model;

pub use model::Report;
