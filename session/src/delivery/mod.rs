//! `stemwright report`: any audio file by the meter that sits on a mix bus, held against a delivery.
//!
//! Each file is read once, as fast as it can be measured, several at a time; what is kept of it is its
//! history in steps of 100 ms, 3 MB in four hours. The figures are those of `shared_dsp::mix_meter`, so
//! Stem Meter shows the same; what is said of them is the `report` crate's.

mod command;
mod files;
mod outputs;
mod programme;
mod text;

pub use command::{Arguments, run};
pub use programme::{Options, Programme, measure};
