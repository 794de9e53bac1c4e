//! What a person sees: reading lines, judging and colouring them, and showing values and errors.

pub mod arrivals;
pub mod command;
pub mod complete;
pub mod definitions;
pub mod editor;
pub mod help;
pub mod input;
pub mod interrupt;
pub mod problem;
pub mod progress;
pub mod render;
pub mod repl;
pub mod scan;
pub mod screen;
pub mod show;
pub mod style;
pub mod table;
pub mod terminal;
pub mod text;
