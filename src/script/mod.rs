//! What a script sees.

pub mod view;
