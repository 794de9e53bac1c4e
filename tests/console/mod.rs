//! The console: its parts, and the whole of it on a terminal.

#[cfg(unix)]
mod cache;
mod parts;
#[cfg(unix)]
mod questions;
#[cfg(unix)]
mod stopping;
#[cfg(unix)]
mod typing;
#[cfg(unix)]
mod window;
