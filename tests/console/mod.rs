//! The console: its parts, and the whole of it on a terminal.

#[cfg(unix)]
mod arriving;
#[cfg(unix)]
mod cache;
#[cfg(unix)]
mod commands;
mod completion;
#[cfg(unix)]
mod editing;
#[cfg(unix)]
mod errors;
#[cfg(unix)]
mod helping;
#[cfg(unix)]
mod keeping;
#[cfg(unix)]
mod locale;
mod parts;
#[cfg(unix)]
mod practising;
#[cfg(unix)]
mod profiles;
mod questions;
#[cfg(unix)]
mod session;
mod showing;
#[cfg(unix)]
mod stopping;
#[cfg(unix)]
mod tearing;
#[cfg(unix)]
mod typing;
#[cfg(unix)]
pub mod window;
