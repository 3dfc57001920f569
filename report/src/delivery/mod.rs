//! A delivery: what a programme measures, held against what its target asks for.
//!
//! [`Delivery`] is the whole, written by [`json`](crate::json) and, as tables, by [`csv`]. [`Measured`] is what a meter read, from whatever host or file; [`Verdict::of`] goes through it line
//! by line ([`Line`]) and says what to do. A meter on a mix bus, `stemwright report` on a file, and the
//! report of a render all make their statements here, so that they read the same.

pub mod csv;
mod document;
pub mod history;
mod line;
mod measured;
mod readings;
mod sentences;
mod verdict;

pub use document::Delivery;
pub use line::{Line, Outcome, overall};
pub use measured::{At, Band, Channel, Measured};
pub(crate) use sentences::{Peak, loudness, true_peak};
pub use verdict::Verdict;
