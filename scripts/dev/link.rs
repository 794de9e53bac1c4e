//! How the program is linked.

#![allow(clippy::print_stdout, reason = "so a build script speaks to Cargo")]

use std::env::var;

fn main() {
    println!("cargo::rerun-if-changed=scripts/dev/link.rs");
    let target = |key: &str| var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    // For a fixed address: 30,000 pointers in tables need not be moved at each start, which took 0.7 of 4.2 ms, half a MiB of
    // memory and 0.8 MiB of the file. Heap, stacks and libraries stay at addresses that nobody can guess.
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
