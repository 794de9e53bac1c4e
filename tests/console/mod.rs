//! The console: its parts, and the whole of it on a terminal.

mod parts;
