//! The tests: one binary, a module for each part of the program.

#![allow(clippy::disallowed_methods, reason = "tests block on their own runtimes")]
#![allow(clippy::print_stdout, reason = "measurements are printed")]
#![allow(unreachable_pub, reason = "a test binary has nobody to reach")]

mod architecture;
mod cache;
mod callback;
mod client;
mod command_line;
mod config;
mod console;
mod documents;
mod events;
mod fault;
mod fuzz;
mod method;
mod network;
mod safety;
mod sandbox;
mod script;
mod secrets;
mod stream;
mod support;
mod wire;
