//! What a person sees: reading lines, judging and colouring them, and showing values and errors.

pub mod editor;
pub mod input;
pub mod problem;
pub mod render;
pub mod scan;
pub mod style;
pub mod table;
pub mod text;
