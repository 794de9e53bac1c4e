//! A piece of what stands behind or under the line, with its role.

use crate::console::ascii::ascii;
use crate::console::style::{Palette, Role};

/// Text in one colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    role: Option<Role>,
    text: String,
}

impl Part {
    pub(super) fn new(role: Option<Role>, text: impl Into<String>) -> Self {
        Self { role, text: text.into() }
    }
}

/// Takes away the line break that the parts begin with.
pub(super) fn below(parts: &mut [Part]) {
    if let Some(first) = parts.first_mut()
        && first.text.starts_with('\n')
    {
        first.text.remove(0);
    }
}

/// The parts with their dots in ASCII.
pub(super) fn in_ascii(parts: Vec<Part>) -> Vec<Part> {
    parts.into_iter().map(|part| Part { text: ascii(&part.text).into_owned(), ..part }).collect()
}

/// The text alone.
pub(super) fn plain(parts: &[Part]) -> String {
    parts.iter().map(|part| part.text.as_str()).collect()
}

/// The text in colours; it takes the same columns.
pub(super) fn painted(parts: &[Part], palette: Palette) -> String {
    let paint =
        |part: &Part| part.role.map_or_else(|| part.text.clone(), |role| palette.paint(role, &part.text));
    parts.iter().map(paint).collect()
}
