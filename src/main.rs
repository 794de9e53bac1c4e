//! The `dingraia` program: flags in, exit code out.

fn main() {}
