//! What several of the tests need.

#![allow(dead_code, unreachable_pub, reason = "each test file uses what it needs")]

pub mod not_run;
pub mod recordings;
pub mod residue;
pub mod voices;
