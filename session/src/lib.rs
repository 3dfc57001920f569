//! A stem session as data.

pub mod demo;
