//! The console: its parts, and the whole of it on a terminal.

mod completion;
#[cfg(unix)]
mod editing;
mod parts;
#[cfg(unix)]
mod questions;
#[cfg(unix)]
mod stopping;
#[cfg(unix)]
mod typing;
#[cfg(unix)]
mod window;
