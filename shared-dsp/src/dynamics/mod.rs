//! The parts every dynamic processor of the suite is made of: how loud (`level`), what that asks
//! for (`gain_computer`), and how fast it is followed (`ballistics`), in which way (`character`).
//!
//! All work on lanes: one lane a band or channel, side by side, shaped so that the compiler makes
//! vector instructions of them.

pub mod ballistics;
pub mod character;
pub mod gain_computer;
pub mod level;
