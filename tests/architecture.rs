//! The layers and habits of the source, held by reading it.

mod habits;
mod layers;

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the package.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below `folder`, with its text; files that are no text are left out.
pub fn files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut found);
    found
}

fn walk(path: &Path, found: &mut Vec<(PathBuf, String)>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            walk(&entry.unwrap().path(), found);
        }
    } else if let Ok(text) = fs::read_to_string(path) {
        found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
    }
}

/// The source without comments and texts: what is left is code.
pub fn code(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let skip = match letter {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '"' => text_end(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#") => raw_end(rest),
            '\'' if rest.starts_with("'\"'") => 3,
            _ => 0,
        };
        if skip > 0 {
            rest = &rest[skip..];
            continue;
        }
        out.push(letter);
        rest = &rest[letter.len_utf8()..];
    }
    out
}

/// The length of a text that begins with `"`.
fn text_end(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '"' if !escaped => return at + 1,
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    rest.len()
}

/// The length of a raw text that begins with `r"` or `r#"`; 0 for a raw name.
fn raw_end(rest: &str) -> usize {
    let marks = rest[1..].chars().take_while(|letter| *letter == '#').count();
    let begin = 1 + marks;
    if !rest[begin..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(marks));
    rest[begin + 1..].find(&end).map_or(rest.len(), |at| begin + 1 + at + end.len())
}

#[test]
fn comments_and_texts_are_no_code() {
    let source = "a // crate::x\nb \"crate::\\\"y\" c r#\"crate::\"z\"# d '\"' e";
    assert_eq!(code(source).split_whitespace().collect::<Vec<_>>(), ["a", "b", "c", "d", "e"]);
}
