//! A stem session as data.
