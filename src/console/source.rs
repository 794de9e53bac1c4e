//! Texts of scripts out of files.

use std::path::Path;

use crate::error::{Error, Result};

/// Reads a text file of the user.
///
/// # Errors
/// When it cannot be read or is not UTF-8; the place of the first wrong byte is said.
pub fn read_text(path: &Path) -> Result<String> {
    let bytes = std::fs::read(path).map_err(|error| Error::file(path, error))?;
    text(bytes, &path.display().to_string())
}

/// `bytes` as text.
///
/// # Errors
/// When they are not UTF-8.
pub fn text(bytes: Vec<u8>, name: &str) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..valid].iter().filter(|byte| **byte == b'\n').count() + 1;
        Error::usage(
            format!("{name}: line {line} is not UTF-8 text"),
            format!("{name}：第 {line} 行不是 UTF-8 文本"),
        )
    })
}

/// A first line `#!…` is for the system; as a comment it keeps the line numbers. (`///` would be a doc comment.)
pub fn without_shebang(source: &str) -> String {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    source.strip_prefix("#!").map_or_else(|| source.to_owned(), |rest| format!("// {rest}"))
}
