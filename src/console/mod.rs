//! What a person sees: reading lines, judging and colouring them, and showing values and errors.

pub mod ascii;
pub mod cache_view;
pub mod command;
pub mod complete;
pub mod definitions;
pub mod editor;
pub mod explain;
pub mod help;
pub mod host;
pub mod input;
pub mod interrupt;
pub mod memory;
pub mod pager;
pub mod problem;
pub mod progress;
pub mod render;
pub mod repl;
pub mod results;
pub mod run;
pub mod scan;
pub mod screen;
pub mod show;
pub mod source;
pub mod style;
pub mod terminal;
pub mod text;
