//! Curves over frequency: axes, drawings on them, and nodes that hands can move.
//!
//! [`plot`] draws the axes and gives a [`Plot`], on which come, in this order, spectra, areas, curves
//! and last the [`nodes`] or a [`span`], which have the hands.

mod axes;
mod drawing;
mod nodes;
mod span;

pub use axes::{Axes, Plot, Ticks, plot};
pub use drawing::{Line, Spectrum};
pub use nodes::{Hands, Node, nodes, select};
pub use span::{Span, span};
