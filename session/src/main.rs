//! The `stemwright` command.

fn main() {}
